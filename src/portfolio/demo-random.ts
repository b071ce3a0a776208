// Chance for the demo portfolio: a small generator seeded by numbers, so that every line and customer can be made on
// its own, in any order, the same on every machine. Only additions and products: no function that differs by engine.

/** A stream of chance. Every call moves it on. */
export type Random = Readonly<{
  /** in [0, 1) */
  next: () => number;
  /** a whole number from `low` to `high`, both included */
  between: (low: number, high: number) => number;
  /** in [low, high) */
  share: (low: number, high: number) => number;
  chance: (probability: number) => boolean;
  pick: <Item>(list: readonly Item[]) => Item;
  /** bell-shaped around 0 with deviation 1, never beyond ±3.5 (the sum of four even ones) */
  bell: () => number;
}>;

/** Items with how often they come, in any unit. */
export type Weighted<Item> = readonly (readonly [Item, number])[];

/** The stream that belongs to a key; different keys give unrelated streams (sfc32, seeded by a mix of the key). */
export function randomOf(...key: readonly number[]): Random {
  const next = sfc32(...seedOf(key));
  return {
    next,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    share: (low, high) => low + next() * (high - low),
    chance: (probability) => next() < probability,
    pick: (list) => list[Math.floor(next() * list.length)]!,
    bell: () => (next() + next() + next() + next() - 2) * 1.7320508,
  };
}

/** One item, as often as its weight says. */
export function pickWeighted<Item>(random: Random, weighted: Weighted<Item>): Item {
  let left = random.next() * weighted.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [item, weight] of weighted) {
    left -= weight;
    if (left < 0) return item;
  }
  return weighted.at(-1)![0];
}

type Seed = [number, number, number, number];

function seedOf(key: readonly number[]): Seed {
  const seed: Seed = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x2545f491];
  for (const part of key) {
    for (let at = 0; at < 4; at += 1) {
      let mixed = seed[at]! ^ Math.imul(part + at + 1, 0x85ebca6b);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
      mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
      seed[at] = (mixed ^ (mixed >>> 15)) >>> 0;
    }
  }
  return seed;
}

function sfc32(a: number, b: number, c: number, d: number): () => number {
  const step = (): number => {
    const sum = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  };
  for (let warm = 0; warm < 12; warm += 1) step();
  return step;
}
