// Roll rates: of the lines that were in one delinquency bucket, which share is in which bucket later. Counts come first
// and rates are read from them, so that the rates of parts can be added up again.

import { delinquencyBuckets, type DelinquencyBucket } from "../domain/line-profile.ts";
import { sum } from "../domain/sum.ts";

/** `counts[from][to]`: lines in bucket number `from` before and `to` after, in the order of the buckets. */
export type RollCounts = readonly (readonly number[])[];

/** Counts that can be added to. */
export type RollCounter = Readonly<{
  add: (before: DelinquencyBucket, after: DelinquencyBucket) => void;
  counts: () => RollCounts;
}>;

const places: ReadonlyMap<DelinquencyBucket, number> = new Map(
  delinquencyBuckets.map((bucket, place) => [bucket, place]),
);

/** Counts nothing yet. */
export function rollCounter(): RollCounter {
  const counts = delinquencyBuckets.map(() => delinquencyBuckets.map(() => 0));
  return {
    add: (before, after) => {
      counts[places.get(before)!]![places.get(after)!]! += 1;
    },
    counts: () => counts.map((row) => [...row]),
  };
}

/** What became of the lines of one bucket: shares in ten-thousandths, each rounded half up; null without lines. */
export type RollRates = Readonly<{
  from: DelinquencyBucket;
  lines: number;
  /** in a less severe bucket now */
  betterE4: number | null;
  sameE4: number | null;
  /** in a more severe bucket now: the roll rate, or flow rate (滚动率) */
  worseE4: number | null;
  /** share in each bucket now */
  toE4: readonly (number | null)[];
}>;

/** The roll rates of each bucket. Source: the transition (Markov) view of arrears, Cyert, Davidson and Thompson 1962. */
export function rollRates(counts: RollCounts): readonly RollRates[] {
  return delinquencyBuckets.map((from, place) => {
    const row = counts[place] ?? [];
    const lines = sum(row);
    const share = (count: number): number | null =>
      lines === 0 ? null : Math.floor((count * 20_000 + lines) / (2 * lines));
    return {
      from,
      lines,
      betterE4: share(sum(row.slice(0, place))),
      sameE4: share(row[place] ?? 0),
      worseE4: share(sum(row.slice(place + 1))),
      toE4: row.map(share),
    };
  });
}
