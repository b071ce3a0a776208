// Sums of a report while lines stream by: amounts per currency, and groups of lines that share a value. Memory is
// bounded whatever a file brought: values beyond a number that no person reads are counted together.

import { availableCreditMinor, usedMinor, type CreditLine } from "../domain/credit-line.ts";
import { basisPointsPerOne, mulDiv, type Currency } from "../domain/money.ts";
import type { Text } from "../domain/text.ts";
import type { Amounts, ReportGroup } from "./report-document.ts";

/** What one line adds. */
export type LineAmounts = Readonly<{
  currency: Currency;
  limitMinor: number;
  drawnMinor: number;
  exposureMinor: number;
}>;

/** Used plus the part of the available credit that is expected to be drawn, rounded half to even. */
export function lineAmounts(line: CreditLine, ccfBp: number): LineAmounts {
  const { currency, limitMinor, drawnMinor } = line;
  const expected = mulDiv(availableCreditMinor(line), ccfBp, basisPointsPerOne, "half-even");
  return { currency, limitMinor, drawnMinor, exposureMinor: usedMinor(line) + expected };
}

/** Sums per currency. */
export type AmountTally = Readonly<{
  add: (amounts: LineAmounts) => void;
  lines: () => number;
  /** by currency code */
  amounts: () => readonly Amounts[];
}>;

export function amountTally(): AmountTally {
  const sums = new Map<Currency, { -readonly [Key in keyof Amounts]: Amounts[Key] }>();
  return {
    add: ({ currency, limitMinor, drawnMinor, exposureMinor }) => {
      let sum = sums.get(currency);
      if (sum === undefined) {
        sum = { currency, lines: 0, limitMinor: 0, drawnMinor: 0, exposureMinor: 0 };
        sums.set(currency, sum);
      }
      sum.lines += 1;
      sum.limitMinor += limitMinor;
      sum.drawnMinor += drawnMinor;
      sum.exposureMinor += exposureMinor;
    },
    lines: () => [...sums.values()].reduce((total, { lines }) => total + lines, 0),
    amounts: () =>
      [...sums.values()]
        .map((sum) => ({ ...sum }))
        .toSorted((one, other) => (one.currency < other.currency ? -1 : 1)),
  };
}

/** More different values than this are one group, "*". */
const mostGroups = 500;
export const otherGroup = "*";

/** Groups of lines by a key; "" is unknown. */
export type GroupTally = Readonly<{
  add: (key: string, amounts: LineAmounts) => void;
  /** true once a line had a known value */
  known: () => boolean;
  /** in the order of `order`, then by key; unknown last */
  groups: (
    label: (key: string) => Text | null,
    order?: readonly string[],
  ) => readonly ReportGroup[];
}>;

export function groupTally(): GroupTally {
  const tallies = new Map<string, AmountTally>();
  return {
    add: (key, amounts) => {
      const place = tallies.has(key) || tallies.size < mostGroups ? key : otherGroup;
      let tally = tallies.get(place);
      if (tally === undefined) tallies.set(place, (tally = amountTally()));
      tally.add(amounts);
    },
    known: () => [...tallies.keys()].some((key) => key !== ""),
    groups: (label, order = []) =>
      [...tallies]
        .toSorted(([one], [other]) => compareKeys(one, other, order))
        .map(([key, tally]) => ({
          key,
          label: key === "" || key === otherGroup ? null : label(key),
          lines: tally.lines(),
          amounts: tally.amounts(),
        })),
  };
}

function compareKeys(one: string, other: string, order: readonly string[]): number {
  return rank(one, order) - rank(other, order) || (one < other ? -1 : 1);
}

function rank(key: string, order: readonly string[]): number {
  if (key === "") return order.length + 2;
  if (key === otherGroup) return order.length + 1;
  const place = order.indexOf(key);
  return place === -1 ? order.length : place;
}

/** The first `size` of all rows in an order, while they stream by. */
export function topOf<Row>(
  size: number,
  compare: (one: Row, other: Row) => number,
): Readonly<{ add: (row: Row) => void; rows: () => readonly Row[] }> {
  const kept: Row[] = [];
  return {
    add: (row) => {
      if (kept.length === size && compare(row, kept[size - 1]!) >= 0) return;
      const place = kept.findIndex((one) => compare(row, one) < 0);
      kept.splice(place === -1 ? kept.length : place, 0, row);
      if (kept.length > size) kept.pop();
    },
    rows: () => [...kept],
  };
}
