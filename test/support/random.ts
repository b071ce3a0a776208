// A small random source that depends on its seed alone, for tests that build large things and name only the seed.

export type Random = Readonly<{
  /** an integer from `low` to `high`, both included */
  integer: (low: number, high: number) => number;
  chance: (probability: number) => boolean;
  pick: <Item>(items: readonly Item[]) => Item;
  /** some of the items, each at most once, in random order */
  some: <Item>(items: readonly Item[], count: number) => Item[];
}>;

/** A source that gives the same numbers for the same seed. */
export function randomFrom(seed: number): Random {
  let state = seed | 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (low: number, high: number): number => {
    const value = low + Math.floor(fraction() * (high - low + 1));
    return Math.min(high, Math.max(low, value));
  };
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[integer(0, items.length - 1)];
    if (item === undefined) throw new Error("Cannot pick: found no items");
    return item;
  };
  const some = <Item>(items: readonly Item[], count: number): Item[] => {
    const left = [...items];
    return Array.from({ length: Math.min(count, items.length) }, () =>
      left.splice(integer(0, left.length - 1), 1),
    ).flat();
  };
  return { integer, chance: (probability) => fraction() < probability, pick, some };
}
