// What a customer owes and could draw over all open lines, as facts of each of those lines. One definition serves a single
// line, a bucket and the customer's page: open is open, and amounts of different currencies are never added up.

import { availableCreditMinor, type CreditLine, isOpenLine } from "./credit-line.ts";
import type { FactForm, FactValue, FactValues, SensitivityClass } from "./facts.ts";
import type { Id } from "./id.ts";
import { mulDiv } from "./money.ts";
import type { Text } from "./text.ts";

/** limit, drawn, available: sums · lines: how many · daysPastDue: the most that is told of any of them. */
export const exposureTotals = ["limit", "drawn", "available", "lines", "daysPastDue"] as const;

export type ExposureTotal = (typeof exposureTotals)[number];

/** A fact over the customer's open lines in the currency of the line. `over`: a ratio of two sums. */
export type ExposureFact = Readonly<{
  name: string;
  label: Text;
  total: ExposureTotal;
  over?: ExposureTotal;
  sensitivity: SensitivityClass;
}>;

/** Source of these facts in the dictionary of a strategy. */
export const exposureSource = "customer";

/** What exposure needs of a line. `daysPastDue` as its newest facts say; null: they say nothing of it. */
export type ExposedLine = Readonly<
  Pick<CreditLine, "currency" | "status" | "limitMinor" | "drawnMinor" | "pendingMinor">
> &
  Readonly<{ id: Id; customerId: Id; daysPastDue: number | null }>;

/** Totals that are amounts, and so can be divided by each other. */
export function isAmount(total: ExposureTotal): boolean {
  return total === "limit" || total === "drawn" || total === "available";
}

/** Type, scale and unit, as a strategy has to declare them. */
export function exposureForm({ total, over }: Pick<ExposureFact, "total" | "over">): FactForm {
  if (over !== undefined) return { type: "number", scale: 4, unit: "ratio" };
  if (isAmount(total)) return { type: "money" };
  return { type: "number", scale: 0, unit: total === "lines" ? "count" : "days" };
}

/**
 * Values of such facts for one line of a customer, from all lines of that customer.
 * @returns nothing where the line is not among them
 */
export function exposureFacts(
  facts: Iterable<ExposureFact>,
  lineId: Id,
  lines: readonly ExposedLine[],
): FactValues {
  const own = lines.find(({ id }) => id === lineId);
  if (own === undefined) return {};
  const counted = lines.filter(
    ({ status, currency }) => isOpenLine(status) && currency === own.currency,
  );
  return Object.fromEntries(Array.from(facts, (fact) => [fact.name, valueOf(fact, counted)]));
}

function valueOf({ total, over }: ExposureFact, lines: readonly ExposedLine[]): FactValue {
  const value = totalOf(total, lines);
  if (over === undefined || value === null) return value;
  const divisor = totalOf(over, lines);
  if (divisor === null || divisor <= 0) return null;
  const isSafe = (Math.abs(value) / divisor) * 10 ** 4 < 2 ** 53;
  return isSafe ? mulDiv(value, 10 ** 4, divisor, "half-even") : null;
}

function totalOf(total: ExposureTotal, lines: readonly ExposedLine[]): number | null {
  switch (total) {
    case "limit":
      return sumOf(lines, ({ limitMinor }) => limitMinor);
    case "drawn":
      return sumOf(lines, ({ drawnMinor }) => drawnMinor);
    case "available":
      return sumOf(lines, availableCreditMinor);
    case "lines":
      return lines.length;
    case "daysPastDue": {
      const told = lines.flatMap(({ daysPastDue }) => daysPastDue ?? []);
      return told.length === 0 ? null : Math.max(...told);
    }
  }
}

function sumOf(lines: readonly ExposedLine[], of: (line: ExposedLine) => number): number | null {
  const sum = lines.reduce((all, line) => all + of(line), 0);
  return Number.isSafeInteger(sum) ? sum : null;
}
