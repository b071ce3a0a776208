// Effective dates of rows: a row that is in force for a time tests the as-of date like any other value, so that evaluation,
// check and explanation need no rule of their own for it.

import { dayNumber, parseBusinessDate } from "../domain/calendar.ts";
import { interval } from "./integer-set.ts";
import type { Test } from "./ir.ts";
import { asOfName, findOperand, type Lowering, testOf } from "./lowering.ts";
import { domainOf } from "./operand.ts";
import type { TableRow } from "./strategy.ts";

/** The days on which a row is in force, both ends included; null for a row that always is. */
export function lowerDates(
  lowering: Lowering,
  { id, effectiveFrom, effectiveTo }: TableRow,
  path: string,
): Test | null {
  if (effectiveFrom === undefined && effectiveTo === undefined) return null;
  const operand = findOperand(lowering, asOfName, path);
  if (operand === null) return null;
  const [first = 0, last = 0] = domainOf(operand.type, false).bounds;
  const day = (text: string | undefined, otherwise: number): number | null => {
    if (text === undefined) return otherwise;
    const date = parseBusinessDate(text);
    return date === null ? null : dayNumber(date);
  };
  const [from, to] = [day(effectiveFrom, first), day(effectiveTo, last)];
  const ends = [effectiveFrom, effectiveTo].map((text) => (text === undefined ? "" : text));
  const cell = `[${ends.join("..")}]`;
  if (from !== null && to !== null && from <= to)
    return testOf(interval(from, to), operand, cell, -1);
  lowering.problems.add(
    "out-of-range",
    path,
    `Cannot use row "${id}": found dates ${cell}, expected dates as 2026-01-31, the earlier one first`,
    `无法使用行“${id}”：生效日期为 ${cell}，应形如 2026-01-31，且先写较早的日期`,
  );
  return null;
}
