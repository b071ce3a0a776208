// What is published about few customers can point at one of them. A table of counts is published with its small cells left
// out, and with so many others left out beside them that neither the total nor the rule itself gives a small one away.

/** A count as it is published; null: left out. */
export type Cell = number | null;

/** Counts of one total, in the order in which they were given. */
export type PublishedTable = Readonly<{ total: Cell; cells: readonly Cell[] }>;

/** The least `k`: under it two cells of one each could be told from their sum. */
export const leastCell = 3;

/**
 * Leaves out every count from 1 to `k` − 1, and beside them the next larger ones until at least two are missing that
 * together make at least 2k, and k more than there are of them, and that make another sum than k − 1
 * each. Zeros stay, except where a table is too small for that: then
 * all of its cells are left out. A total under `k` is left out with everything else. Throws for a `k` under {@link leastCell}.
 */
export function publishCells(counts: readonly number[], k: number): PublishedTable {
  if (k < leastCell) throw new RangeError(`Small cells: found ${k}, expected ${leastCell} or more`);
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return { total, cells: counts };
  const nothing = counts.map(() => null);
  if (total < k) return { total: null, cells: nothing };
  const missing = new Set(counts.keys().filter((at) => isSmall(counts[at]!, k)));
  if (missing.size === 0) return { total, cells: counts };
  const larger = [...new Set(counts.filter((count) => count >= k))].toSorted(
    (left, right) => left - right,
  );
  for (const next of larger) {
    if (isVague(counts, missing, k)) break;
    // Equal ones go together: which of them was taken would tell where the small one is.
    for (const [at, count] of counts.entries()) if (count === next) missing.add(at);
  }
  const cells = counts.map((count, at) => (missing.has(at) ? null : count));
  return { total, cells: isVague(counts, missing, k) ? cells : nothing };
}

function isSmall(count: number, k: number): boolean {
  return count > 0 && count < k;
}

/** True where the missing cells could be many other counts with the same sum. */
function isVague(counts: readonly number[], missing: ReadonlySet<number>, k: number): boolean {
  const sum = [...missing].reduce((total, at) => total + counts[at]!, 0);
  // Each of them could be larger by one, or smaller by one: neither end of what is possible is reached.
  const isMost = sum === missing.size * (k - 1);
  return missing.size >= 2 && sum >= 2 * k && sum >= missing.size + k && !isMost;
}

/** One count that belongs to no table: left out where it is small. */
export function publishCount(count: number, k: number): Cell {
  return isSmall(count, k) ? null : count;
}
