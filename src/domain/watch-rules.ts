// What a lender wants watched without any decision: when borrowers are reminded of what is due, and which look at behaviour
// becomes an alert for whom. Rules are data, read from the watch document; without one nobody is reminded or alerted.

import type { Role } from "./actor.ts";
import type { BehaviourLook } from "./behaviour.ts";
import type { ReminderChannel } from "./reminder.ts";
import type { Severity } from "./severity.ts";

/** How borrowers are reminded of the least that they have to pay. */
export type ReminderRules = Readonly<{
  /** days before the due date, each of them one reminder */
  daysBefore: readonly number[];
  /** time of day in the lender's time zone, HH:MM */
  at: string;
  /** in the order in which they are tried */
  channels: readonly ReminderChannel[];
  /** of one customer, over all lines: so many in so many days and no more */
  cap: Readonly<{ most: number; days: number }>;
  /** facts of a line that is left alone while one of them is true, or above 0 */
  leaveAlone: readonly string[];
}>;

/** Which unusual behaviour becomes an alert, and whose it is until when. */
export type LookRule = Readonly<{
  look: BehaviourLook;
  severity: Severity;
  role: Role;
  /** until it is due */
  hours: number;
  /** so long after an alert the same look at the same line raises no other */
  coolDownDays: number;
}>;

export type WatchRules = Readonly<{
  /** null: nobody is reminded */
  reminders: ReminderRules | null;
  alerts: Readonly<{
    /** who has an alert that no rule gives to somebody, and to whom an overdue one goes: always to the next */
    roles: readonly Role[];
    looks: readonly LookRule[];
  }>;
}>;

/** Reminds nobody and raises no alert about behaviour. */
export const noWatch: WatchRules = {
  reminders: null,
  alerts: { roles: ["reviewer", "approver", "compliance"], looks: [] },
};
