// Counting what a sweep did. Counts of a sweep are the sums of the counts of its buckets, key by key; nothing
// else is ever stored as a total while a sweep runs, so that an interrupted bucket cannot be counted twice.

import type { SweepCounts } from "./ports.ts";

export const noCounts: SweepCounts = {
  planned: 0,
  evaluated: 0,
  unchanged: 0,
  proposed: 0,
  paced: 0,
  toReview: 0,
  straightThrough: 0,
  held: 0,
  refused: {},
  removedBySegment: {},
};

/** Sums counts; the keys of the two maps come out in code unit order. */
export function sumCounts(parts: Iterable<SweepCounts | null>): SweepCounts {
  const sum = { ...noCounts };
  const refused = new Map<string, number>();
  const removed = new Map<string, number>();
  for (const part of parts) {
    if (part === null) continue;
    sum.planned += part.planned;
    sum.evaluated += part.evaluated;
    sum.unchanged += part.unchanged;
    sum.proposed += part.proposed;
    sum.paced += part.paced;
    sum.toReview += part.toReview;
    sum.straightThrough += part.straightThrough;
    sum.held += part.held;
    addTo(refused, part.refused);
    addTo(removed, part.removedBySegment);
  }
  return { ...sum, refused: sorted(refused), removedBySegment: sorted(removed) };
}

function addTo(sums: Map<string, number>, part: Readonly<Record<string, number>>): void {
  for (const [key, value] of Object.entries(part)) sums.set(key, (sums.get(key) ?? 0) + value);
}

function sorted(sums: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  return Object.fromEntries([...sums].toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

/** The sum of two counts. */
export function addCounts(left: SweepCounts, right: SweepCounts): SweepCounts {
  return sumCounts([left, right]);
}

/** One more refusal of a kind. */
export function countRefusal(counts: SweepCounts, kind: string): SweepCounts {
  return addCounts(counts, { ...noCounts, refused: { [kind]: 1 } });
}
