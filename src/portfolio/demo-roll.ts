// How delinquency moves from month to month in the demo: a Markov chain whose rates are those measured in the public
// credit_record panel (1,048,575 account months; status 0 = 1 to 29 days past due, 1 = 30 to 59, … 5 = 150 and more).
// Only two things are the demo's own, because status 0 of that panel holds nearly every line that borrows: how often a
// line in order falls behind, and how long it stays below 30 days. A shock changes the chain; the anchors do not.

import type { Random } from "./demo-random.ts";

/** null: nothing past due · 0 to 5: the panel's status. */
export type RollState = 0 | 1 | 2 | 3 | 4 | 5 | null;

/** Counts of the panel: from status (row) to status 0, 1, 2, 3, 4, 5, then paid off or nothing due. */
export const measuredTransitions: readonly (readonly number[])[] = [
  [319_132, 7_057, 103, 16, 1, 44, 46_220],
  [5_363, 3_412, 559, 6, 0, 2, 1_395],
  [210, 137, 138, 257, 7, 0, 100],
  [26, 14, 22, 28, 185, 3, 36],
  [11, 0, 3, 2, 22, 145, 35],
  [23, 4, 7, 5, 0, 1_457, 115],
];

/** Share of lines below 30 days past due that are still so a month later. */
const staysBelow30 = 0.52;

/** Rates out of each status: to 0, 1, … 5, then to nothing past due. */
const rates: readonly (readonly number[])[] = measuredTransitions.map((counts, from) => {
  const all = counts.reduce((sum, count) => sum + count, 0);
  const measured = counts.map((count) => count / all);
  if (from !== 0) return measured;
  const worse = measured.slice(1, 6);
  const rest = 1 - staysBelow30 - worse.reduce((sum, rate) => sum + rate, 0);
  return [staysBelow30, ...worse, rest];
});

/** What a shock of full strength adds to the monthly rate of getting one status worse, from null, 0, 1, 2 … */
const shockAdds: readonly number[] = [0.2, 0.3, 0.35, 0.3, 0.15, 0.1];

/**
 * The state a month later.
 * @param entry monthly rate of falling behind while nothing is past due
 * @param shock 0 (none) to 1 (full strength)
 */
export function nextRoll(
  random: Random,
  state: RollState,
  entry: number,
  shock: number,
): RollState {
  const draw = random.next();
  const added = (shockAdds[state === null ? 0 : state + 1] ?? 0) * shock;
  if (state === null) return draw < entry + added ? 0 : null;
  if (added > 0 && random.chance(added)) return Math.min(5, state + 1) as RollState;
  let left = draw;
  const row = rates[state]!;
  for (let to = 0; to < 6; to += 1) {
    left -= row[to]!;
    if (left < 0) return to as RollState;
  }
  return null;
}

/** Days past due at a month end: inside the status, and inside the buckets 1–30, 31–60, … as well. */
export function daysOf(random: Random, state: RollState, monthsInWorst: number): number {
  if (state === null) return 0;
  if (state === 0) return random.between(1, 29);
  const most = state === 5 ? Math.min(monthsInWorst, 60) * 30 : 0;
  return state * 30 + most + random.between(1, 29);
}
