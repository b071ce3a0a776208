// The events that benches of signals send: about lines at random, of types that move money or are kept.

import { mixed } from "./sweep-lines.ts";

const types = ["drawdown", "repayment", "authorisation", "fee"] as const;

/** The n-th event, about one of the first `lines` lines. */
export function eventOf(
  number: number,
  lines: number,
  at: string,
): Readonly<Record<string, unknown>> {
  const amount = { amount: 100 + (mixed(number, 31) % 90_000), currency: "CNY" };
  const type = types[mixed(number, 32) % types.length]!;
  const more = {
    drawdown: {},
    repayment: {},
    authorisation: { result: "approved" },
    fee: { kind: "interest" },
  };
  return {
    ...{ specversion: "1.0", id: `e-${number}`, source: "/bench", time: at },
    ...{ type: `tidemark.signal.${type}`, subject: referenceOf(mixed(number, 33) % lines) },
    data: { amount, ...more[type] },
  };
}

/** The lender's own name of the line. */
export function referenceOf(index: number): string {
  return `BL${String(index).padStart(9, "0")}`;
}
