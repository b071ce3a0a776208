// Sets of integers as closed intervals, plus whether the unknown value belongs to them. Every fact, grade,
// segment and output is an integer of a known finite range once compiled, so a cell is such a set and
// overlaps, gaps and ranges are set algebra instead of sampling.

/** Bounds lo0, hi0, lo1, hi1, … ascending, disjoint and not adjacent; both ends belong. */
export type IntegerSet = Readonly<{ bounds: readonly number[]; unknown: boolean }>;

/** A value that belongs to a set: an integer, or null for unknown. */
export type Member = number | null;

export const emptySet: IntegerSet = { bounds: [], unknown: false };

/** The integers from `low` to `high`; empty when low > high. */
export function interval(low: number, high: number, unknown = false): IntegerSet {
  return { bounds: low > high ? [] : [low, high], unknown };
}

/** What belongs to any of the sets. */
export function union(sets: readonly IntegerSet[]): IntegerSet {
  const pairs: [number, number][] = [];
  for (const { bounds } of sets) {
    for (let at = 0; at < bounds.length; at += 2) pairs.push([bounds[at]!, bounds[at + 1]!]);
  }
  pairs.sort((left, right) => left[0] - right[0]);
  const merged: number[] = [];
  for (const [low, high] of pairs) {
    const last = merged.length - 1;
    if (last > 0 && low <= merged[last]! + 1) merged[last] = Math.max(merged[last]!, high);
    else merged.push(low, high);
  }
  return { bounds: merged, unknown: sets.some((set) => set.unknown) };
}

/** What belongs to both sets. */
export function intersection(left: IntegerSet, right: IntegerSet): IntegerSet {
  const bounds: number[] = [];
  let a = 0;
  let b = 0;
  while (a < left.bounds.length && b < right.bounds.length) {
    const low = Math.max(left.bounds[a]!, right.bounds[b]!);
    const high = Math.min(left.bounds[a + 1]!, right.bounds[b + 1]!);
    if (low <= high) bounds.push(low, high);
    if (left.bounds[a + 1]! < right.bounds[b + 1]!) a += 2;
    else b += 2;
  }
  return { bounds, unknown: left.unknown && right.unknown };
}

/** What belongs to `domain` but not to `set`. */
export function difference(domain: IntegerSet, set: IntegerSet): IntegerSet {
  const bounds: number[] = [];
  for (let at = 0; at < domain.bounds.length; at += 2) {
    let low = domain.bounds[at]!;
    const high = domain.bounds[at + 1]!;
    for (let hole = 0; hole < set.bounds.length && low <= high; hole += 2) {
      const from = set.bounds[hole]!;
      const to = set.bounds[hole + 1]!;
      if (to < low || from > high) continue;
      if (from > low) bounds.push(low, from - 1);
      low = to + 1;
    }
    if (low <= high) bounds.push(low, high);
  }
  return { bounds, unknown: domain.unknown && !set.unknown };
}

/** Whether two sets share a member. */
export function meets(left: IntegerSet, right: IntegerSet): boolean {
  if (left.unknown && right.unknown) return true;
  let a = 0;
  let b = 0;
  while (a < left.bounds.length && b < right.bounds.length) {
    if (left.bounds[a + 1]! < right.bounds[b]!) a += 2;
    else if (right.bounds[b + 1]! < left.bounds[a]!) b += 2;
    else return true;
  }
  return false;
}

export function isEmpty(set: IntegerSet): boolean {
  return set.bounds.length === 0 && !set.unknown;
}

/** Whether a value belongs to the set. */
export function contains(set: IntegerSet, value: Member): boolean {
  if (value === null) return set.unknown;
  for (let at = 0; at < set.bounds.length; at += 2) {
    if (value < set.bounds[at]!) return false;
    if (value <= set.bounds[at + 1]!) return true;
  }
  return false;
}

/** Some member of a set, the smallest integer if there is one; undefined when the set is empty. */
export function example(set: IntegerSet): Member | undefined {
  return set.bounds.length > 0 ? set.bounds[0] : set.unknown ? null : undefined;
}
