// A signal is something the outside world says about a line; an event is ours. A signal counts once per
// (source, id), however often and in whatever order it arrives.

import type { BusinessDate } from "./calendar.ts";
import type { ComplaintChannel, ComplaintState, ComplaintTopic } from "./complaint.ts";
import type { FactValues } from "./facts.ts";
import type { Money } from "./money.ts";

/** Every signal type. */
export const signalTypes = ["balance", "drawdown", "repayment", "facts", "complaint"] as const;

export type SignalType = (typeof signalTypes)[number];

/**
 * balance: drawn and pending as the core system sees them, pending 0 where it is left out · drawdown / repayment: one
 * movement · facts: new values of declared facts · complaint: one was opened or resolved. Money is in the line's own
 * currency.
 */
export type Signal = Readonly<{
  source: string;
  id: string;
  type: SignalType;
  asOf: BusinessDate;
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
}>;

/** Key of a signal among those recorded: JSON of the pair, so that no two pairs share it. */
export function signalKey(source: string, id: string): string {
  return JSON.stringify([source, id]);
}
