// What a transaction works on and what it leaves behind: the rows, the events that change them in the
// gap-free order of their bucket, and the messages to the world.

import type { Alert } from "../domain/alert.ts";
import type { NewAttachment } from "../domain/attachment.ts";
import type { BusinessDate, Instant } from "../domain/calendar.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import type { Customer, CustomerLink } from "../domain/customer.ts";
import type { Decision } from "../domain/decision.ts";
import type { FactValues } from "../domain/facts.ts";
import type { Bucket, Id } from "../domain/id.ts";
import type { Notice } from "../domain/notice.ts";
import type { PaneRow } from "../domain/pane.ts";
import type { Offer } from "../domain/offer.ts";
import type { Reminder } from "../domain/reminder.ts";
import type { ReviewCase } from "../domain/review-case.ts";
import type { Timer } from "../domain/timer.ts";

/** Something that happened, before it has its place in the bucket's order. */
export type NewEvent = Readonly<{
  kind: string;
  lineId: Id;
  customerId: Id;
  subject: Id;
  body: Readonly<Record<string, unknown>>;
  /** what `evolve` needs but the event does not keep, because a row keeps it: a record, a text */
  attached?: unknown;
}>;

/** Something that happened, in the gap-free order of its bucket. */
export type Event = NewEvent &
  Readonly<{ bucket: Bucket; seq: number; at: Instant; actor: string; cause: Id }>;

export type OutboxKind =
  | "notice.deliver"
  | "reminder.deliver"
  | "core.apply"
  | "budget.release"
  | "report.mail"
  | "related.tell";

/** A message to the world, written with its cause and sent at least once under its derived id. */
export type OutboxEntry = Readonly<{
  bucket: Bucket;
  id: Id;
  kind: OutboxKind;
  subject: Id;
  body: Readonly<Record<string, unknown>>;
}>;

/** Facts of one line as of one date, known since one instant. Rows are only ever added. */
export type FactsRow = Readonly<{
  bucket: Bucket;
  lineId: Id;
  asOf: BusinessDate;
  knownAt: Instant;
  hash: string;
  facts: FactValues;
}>;

/**
 * The rows that one transaction works on. `evolve` puts new values in; what it put is what is written.
 * Reading a row that was not loaded gives undefined.
 */
export type State = Readonly<{
  customers: Map<Id, Customer>;
  lines: Map<Id, CreditLine>;
  decisions: Map<Id, Decision>;
  reviews: Map<Id, ReviewCase>;
  notices: Map<Id, Notice>;
  offers: Map<Id, Offer>;
  alerts: Map<Id, Alert>;
  reminders: Map<Id, Reminder>;
  timers: Map<Id, Timer>;
  /** newest facts row per line */
  facts: Map<Id, FactsRow>;
  /** sum of decreases that took effect in the 365 days before today, of the lines that it was asked of; minor units */
  decreased: Map<Id, number>;
  /** signals already recorded: by their key (see `signalKey`) the hash of their contents */
  signals: Map<string, string>;
  /** newest version of the panes that were asked for, by their key (see `paneKey`) */
  panes: Map<string, PaneRow>;
  outbox: OutboxEntry[];
  /** encrypted personal data to store with a registration */
  identities: { customerId: Id; fields: Readonly<Record<string, string>> }[];
  /** files to store beside review cases */
  attachments: NewAttachment[];
  /** ties of customers to store with a registration; a tie that is stored already stays as it is */
  links: CustomerLink[];
}>;
