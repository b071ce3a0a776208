// A signal is something the outside world says about a line; an event is ours. A signal counts once per
// (source, id), however often and in whatever order it arrives; the same pair never stands for two contents.

import type { BusinessDate, Instant } from "./calendar.ts";
import type { ComplaintChannel, ComplaintState, ComplaintTopic } from "./complaint.ts";
import type { FactValues } from "./facts.ts";
import type { Id } from "./id.ts";
import type { Money } from "./money.ts";
import type { Refusal } from "./refusal.ts";
import { signalCatalogue, type SignalType } from "./signal-catalogue.ts";

/**
 * balance: drawn and pending as the core system sees them, pending 0 where it is left out · drawdown / repayment: one
 * movement · facts: new values of declared facts · complaint: one was opened or resolved · every other type: `data`
 * with the fields of the catalogue. Money is in the line's own currency.
 */
export type Signal = Readonly<{
  source: string;
  id: string;
  type: SignalType;
  asOf: BusinessDate;
  /** when it happened, where the source says so to the moment */
  happenedAt?: Instant;
  drawn?: Money;
  pending?: Money;
  amount?: Money;
  facts?: FactValues;
  /** number of the complaint at the source: what is resolved is what was opened under it */
  complaint?: string;
  state?: ComplaintState;
  /** of a complaint that is opened */
  channel?: ComplaintChannel;
  topic?: ComplaintTopic;
  /** the fields of the catalogue, money as `{amount, currency}` in minor units */
  data?: SignalData;
}>;

export type SignalData = Readonly<Record<string, unknown>>;

/** Types of signals about a line or its customer: those that are recorded with a line. */
export const lineSignalTypes = (Object.keys(signalCatalogue) as SignalType[]).filter(
  (type) => signalCatalogue[type].about !== "environment",
);

/** Key of a signal among those recorded: JSON of the pair, so that no two pairs share it. */
export function signalKey(source: string, id: string): string {
  return JSON.stringify([source, id]);
}

/** One event as it came in: what its JSON says, or the text that is no JSON. */
export type IncomingSignal = Readonly<{ event: unknown }> | Readonly<{ unreadable: string }>;

/**
 * recorded: it counts from now on · duplicate: it did already · rejected: a rule refused the event and it is kept as a
 * dead letter · refused: nothing is kept, the sender may try again.
 */
export type TakenSignal =
  | Readonly<{ outcome: "recorded" | "duplicate"; lineIds: readonly Id[] }>
  | Readonly<{ outcome: "rejected"; refusal: Refusal; deadLetterId: Id }>
  | Readonly<{ outcome: "refused"; refusal: Refusal }>;
