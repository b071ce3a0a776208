// What was told of one measure of one line on one day, small enough to be merged and rewritten by itself. Merging is the
// same in any order and grouping, so that signals lead to the same panes however late or shuffled they arrive.

import type { BusinessDate, Instant } from "./calendar.ts";
import type { Bucket, Id } from "./id.ts";

/**
 * Of numbers and amounts: sum, smallest, largest and last value. Of codes: the values seen, in order and at most as many
 * as the measure keeps, and the last one. Of a measure that only counts: the count. What does not apply is null.
 */
export type Pane = Readonly<{
  count: number;
  sum: number | null;
  low: number | null;
  high: number | null;
  last: number | null;
  seen: readonly string[] | null;
  lastSeen: string | null;
  /** when the last value happened, where its source said so to the moment */
  lastAt: Instant | null;
}>;

/** Which pane: one measure of one line on one day. */
export type PaneKey = Readonly<{ lineId: Id; measure: string; onDate: BusinessDate }>;

/** One version of a pane. Versions are only ever added; the newest one that was known counts. */
export type PaneRow = Pane & PaneKey & Readonly<{ bucket: Bucket; knownAt: Instant }>;

/** One value that was told; null for a measure that only counts. */
export type ToldValue = Readonly<{ value: number | string | null; at: Instant | null }>;

/** Key of a pane among those of a transaction. */
export function paneKey({ lineId, measure, onDate }: PaneKey): string {
  return `${lineId} ${onDate} ${measure}`;
}

/** True where both say the same. */
export function equalPanes(one: Pane, other: Pane): boolean {
  return (
    one.count === other.count &&
    one.sum === other.sum &&
    one.low === other.low &&
    one.high === other.high &&
    one.last === other.last &&
    one.lastSeen === other.lastSeen &&
    one.lastAt === other.lastAt &&
    (one.seen === other.seen || JSON.stringify(one.seen) === JSON.stringify(other.seen))
  );
}

/** The pane of a day on which nothing was told. */
export const emptyPane: Pane = {
  ...{ count: 0, sum: null, low: null, high: null, last: null },
  ...{ seen: null, lastSeen: null, lastAt: null },
};

/** The pane of one value. */
export function paneOf({ value, at: lastAt }: ToldValue): Pane {
  if (value === null) return { ...emptyPane, count: 1, lastAt };
  if (typeof value === "string") {
    return { ...emptyPane, count: 1, seen: [value], lastSeen: value, lastAt };
  }
  return { ...emptyPane, count: 1, sum: value, low: value, high: value, last: value, lastAt };
}

/**
 * Both panes as one. The last value is the one that happened last; one without a moment comes before those with one, and
 * of one moment the greatest counts. Of more than `atMost` codes the first in order are kept; a sum stays within the safe
 * integers, which no line's amounts of a day come near.
 */
export function mergePanes(one: Pane, other: Pane, atMost = 0): Pane {
  if (one.count === 0) return other;
  if (other.count === 0) return one;
  const later = isLater(one, other) ? one : other;
  return {
    count: one.count + other.count,
    sum: both(one.sum, other.sum, (left, right) => withinSafe(left + right)),
    low: both(one.low, other.low, Math.min),
    high: both(one.high, other.high, Math.max),
    last: later.last,
    seen: both(one.seen, other.seen, (left, right) => firstCodes([...left, ...right], atMost)),
    lastSeen: later.lastSeen,
    lastAt: later.lastAt,
  };
}

/** The different codes in order, at most so many. */
export function firstCodes(codes: readonly string[], atMost: number): readonly string[] {
  return [...new Set(codes)].toSorted().slice(0, atMost);
}

function both<T>(one: T | null, other: T | null, merge: (one: T, other: T) => T): T | null {
  return one === null || other === null ? (one ?? other) : merge(one, other);
}

function withinSafe(sum: number): number {
  return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, sum));
}

function isLater(one: Pane, other: Pane): boolean {
  const [left, right] = [one.lastAt ?? "", other.lastAt ?? ""];
  if (left !== right) return left > right;
  if (one.last !== other.last) return (one.last ?? 0) > (other.last ?? 0);
  return (one.lastSeen ?? "") > (other.lastSeen ?? "");
}
