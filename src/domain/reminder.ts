// A reminder tells a borrower what is due before it is: one for each line, due date and number of days before it, whatever
// is told twice. It changes nothing about the line, so it may be dropped at any moment until it leaves.

import type { BusinessDate, Instant } from "./calendar.ts";
import type { Bucket, Id } from "./id.ts";
import type { NoticeChannel, NoticeDelivery } from "./notice.ts";
import type { Currency } from "./money.ts";
import type { Text } from "./text.ts";

/** Ways of reminding: a letter would come too late. */
export const reminderChannels = [
  "in-app",
  "email",
  "sms",
  "push",
] as const satisfies readonly NoticeChannel[];

export type ReminderChannel = (typeof reminderChannels)[number];

export const reminderStates = [
  ...(["planned", "waiting", "sent", "delivered", "dropped", "failed"] as const),
] as const;

/**
 * planned: for its day · waiting: on its way out, or for its hour · sent: a provider took it · delivered: it arrived ·
 * dropped: it was not to be sent any more · failed: every channel failed.
 */
export type ReminderState = (typeof reminderStates)[number];

/**
 * Why a reminder ended without having been sent. paid: nothing of the least to pay is left · superseded: another statement
 * took its place · left-alone: a fact of the rules held, a blackout window covered the line, or there are no rules any more · cap: the customer had as many as the rules allow · too-late: the
 * due date is over · undeliverable: every channel failed.
 */
export const reminderEnds = [
  ...(["paid", "superseded", "left-alone", "cap", "too-late", "undeliverable"] as const),
] as const;

export type ReminderEnd = (typeof reminderEnds)[number];

/** What a customer reads, in both languages; `version` of the texts, 0: those that ship with Tidemark. */
export type ReminderWords = Readonly<{ subject: Text; short: Text; body: Text; version: number }>;

export type Reminder = Readonly<{
  bucket: Bucket;
  id: Id;
  lineId: Id;
  customerId: Id;
  /** of the statement that it reminds of */
  statementOn: BusinessDate;
  dueOn: BusinessDate;
  daysBefore: number;
  /** least to pay by the statement, minor units */
  minimumDueMinor: number;
  currency: Currency;
  state: ReminderState;
  because: ReminderEnd | null;
  /** when it is planned for */
  plannedAt: Instant;
  /** when the attempt left that was made last; null: none did */
  sentAt: Instant | null;
  /** null until it is written, when it is to leave */
  words: ReminderWords | null;
  /** every attempt, oldest first */
  deliveries: readonly NoticeDelivery[];
  ver: number;
}>;

/** What a list of reminders may be narrowed by. */
export type ReminderFilter = Readonly<{ lineId?: Id; state?: string }>;

/** True where a reminder counts against the cap it is about to leave, or left after `since`. */
export function countsAgainstCap(
  { state, sentAt }: Pick<Reminder, "state" | "sentAt">,
  since: Instant,
): boolean {
  if (state === "waiting") return true;
  return (state === "sent" || state === "delivered") && sentAt !== null && sentAt > since;
}

/** Days after its due date during which a reminder still matters to anybody who decides about others. */
export const reminderReachDays = 62;
