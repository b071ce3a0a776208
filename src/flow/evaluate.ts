// From a line and its facts to an assessment. Pure: live, sweep, simulation and replay all come through
// here, so that there is no second way to reach a decision.

import type { Assessment } from "../domain/assessment.ts";
import { daysBetween, type BusinessDate } from "../domain/calendar.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import type { FactValues } from "../domain/facts.ts";
import type { CompiledStrategy } from "../policy/compile.ts";
import { evaluate, type Unevaluable } from "../policy/evaluate.ts";

/** What a strategy may ask of the line itself. */
export type AssessedLine = Readonly<
  Pick<
    CreditLine,
    "limitMinor" | "drawnMinor" | "pendingMinor" | "status" | "openedOn" | "lastDecreaseOn"
  >
>;

/**
 * The facts that Tidemark itself keeps about a line (see `lineFacts`), as of a date.
 * @param decreasedMinor sum of decreases in the 365 days up to `asOf`, minor units
 */
export function lineFactsOf(
  line: AssessedLine,
  decreasedMinor: number,
  asOf: BusinessDate,
): FactValues {
  return {
    limit: line.limitMinor,
    drawn: line.drawnMinor,
    pending: line.pendingMinor,
    lineStatus: line.status,
    monthsOnBook: line.openedOn === null ? null : monthsBetween(line.openedOn, asOf),
    // A decrease after the date counts as of that day, so that a look back never lifts the cool-down.
    daysSinceDecrease:
      line.lastDecreaseOn === null ? null : Math.max(0, daysBetween(line.lastDecreaseOn, asOf)),
    decreasedLast12Months: decreasedMinor,
  };
}

/** Whole months from one date to another; 0 when the second is earlier. */
function monthsBetween(from: BusinessDate, to: BusinessDate): number {
  const [fromYear, fromMonth, fromDay] = parts(from);
  const [toYear, toMonth, toDay] = parts(to);
  const months = (toYear - fromYear) * 12 + (toMonth - fromMonth) - (toDay < fromDay ? 1 : 0);
  return Math.max(0, months);
}

function parts(date: BusinessDate): [number, number, number] {
  return [Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8, 10))];
}

/** What the strategy says about the line; Tidemark's own facts win over imported ones of the same name. */
export function assess(
  strategy: CompiledStrategy,
  line: AssessedLine,
  facts: FactValues,
  decreasedMinor: number,
  asOf: BusinessDate,
): Assessment | Unevaluable {
  return evaluate(strategy, { ...facts, ...lineFactsOf(line, decreasedMinor, asOf) }, asOf);
}
