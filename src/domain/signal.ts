// A signal is something the outside world says about a line; an event is ours. A signal counts once per
// (source, id), however often and in whatever order it arrives.

import type { BusinessDate } from "./calendar.ts";
import type { FactValues } from "./facts.ts";
import type { Money } from "./money.ts";

/** Every signal type. */
export const signalTypes = ["balance", "drawdown", "repayment", "facts"] as const;

export type SignalType = (typeof signalTypes)[number];

/**
 * balance: drawn and pending as the core system sees them, pending 0 where it is left out · drawdown / repayment: one
 * movement · facts: new values of declared facts. Money is in the line's own currency.
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
}>;

/** Key of a signal among those recorded: JSON of the pair, so that no two pairs share it. */
export function signalKey(source: string, id: string): string {
  return JSON.stringify([source, id]);
}
