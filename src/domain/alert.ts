// News that wants a person. An alert is open until somebody takes it, and taken until its owner closes it with a reason;
// how soon that has to be follows from how severe it is.

import type { Role } from "./actor.ts";
import type { Instant } from "./calendar.ts";
import type { Bucket, Id } from "./id.ts";
import { basisPointsPerOne } from "./money.ts";
import type { Severity } from "./severity.ts";

/**
 * trigger: a severe trigger led to a decision · linked-beyond: linked customers were left out at the cap · behaviour: a line
 * is used otherwise than before.
 */
export const alertKinds = ["trigger", "linked-beyond", "behaviour"] as const;

export type AlertKind = (typeof alertKinds)[number];

/** Roles of staff who work on alerts. */
export const alertDesk: readonly Role[] = ["reviewer", "approver", "operator", "compliance"];

export const alertStates = ["open", "taken", "closed"] as const;

export type AlertState = (typeof alertStates)[number];

/** What whoever closes an alert found: there was something to it, or not. */
export const alertFindings = ["confirmed", "false-alarm"] as const;

export type AlertFinding = (typeof alertFindings)[number];

/** Hours until an alert is due, where no rule says otherwise. */
export const hoursToAct: Readonly<Record<Severity, number>> = { high: 24, medium: 72, low: 168 };

/**
 * `about`: figures by name, as of when it was raised; of behaviour `look`, `text` in both languages and `figures`. `role`:
 * whose it is. `owner`: whoever took it; null: nobody yet. `escalatedAt`: when it went up because it was late, once.
 */
export type Alert = Readonly<{
  bucket: Bucket;
  id: Id;
  lineId: Id;
  customerId: Id;
  kind: AlertKind;
  severity: Severity;
  about: Readonly<Record<string, unknown>>;
  state: AlertState;
  role: Role;
  owner: string | null;
  raisedAt: Instant;
  dueAt: Instant;
  escalatedAt: Instant | null;
  closedAt: Instant | null;
  finding: AlertFinding | null;
  ver: number;
}>;

/** What a list of alerts may be narrowed by. `overdueAt`: neither closed nor in time then. */
export type AlertFilter = Readonly<{
  lineId?: Id;
  kind?: string;
  /** of alerts about behaviour */
  look?: string;
  state?: string;
  severity?: string;
  role?: string;
  owner?: string;
  overdueAt?: Instant;
}>;

/** How often alerts of one kind were raised, and what was found of those that are closed. `look`: of behaviour. */
export type AlertCount = Readonly<{
  kind: AlertKind;
  look: string | null;
  raised: number;
  confirmed: number;
  falseAlarms: number;
}>;

/** Of the alerts that somebody looked into those that had something to them, basis points; null where nobody did. */
export function precisionBp({
  confirmed,
  falseAlarms,
}: Pick<AlertCount, "confirmed" | "falseAlarms">): number | null {
  const found = confirmed + falseAlarms;
  return found === 0 ? null : Math.floor((confirmed * basisPointsPerOne) / found);
}
