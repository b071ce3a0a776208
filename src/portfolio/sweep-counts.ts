// Counting what a sweep did. Counts of buckets add up to the counts of the sweep, in any order.

import type { SweepCounts } from "./ports.ts";

export const noCounts: SweepCounts = {
  planned: 0,
  evaluated: 0,
  unchanged: 0,
  proposed: 0,
  paced: 0,
  toReview: 0,
  straightThrough: 0,
  refused: {},
  removedBySegment: {},
};

/** The sum of two counts. */
export function addCounts(left: SweepCounts, right: SweepCounts): SweepCounts {
  return {
    planned: left.planned + right.planned,
    evaluated: left.evaluated + right.evaluated,
    unchanged: left.unchanged + right.unchanged,
    proposed: left.proposed + right.proposed,
    paced: left.paced + right.paced,
    toReview: left.toReview + right.toReview,
    straightThrough: left.straightThrough + right.straightThrough,
    refused: addRecords(left.refused, right.refused),
    removedBySegment: addRecords(left.removedBySegment, right.removedBySegment),
  };
}

/** Counts with `amount` added under one key of `refused` or `removedBySegment`. */
export function tally(
  record: Readonly<Record<string, number>>,
  key: string,
  amount: number,
): Readonly<Record<string, number>> {
  return addRecords(record, { [key]: amount });
}

function addRecords(
  left: Readonly<Record<string, number>>,
  right: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])].toSorted();
  return Object.fromEntries(keys.map((key) => [key, (left[key] ?? 0) + (right[key] ?? 0)]));
}
