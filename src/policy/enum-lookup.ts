// From the text of an enum's value to its position, by two characters and the length instead of by hashing the whole text
// once more for every line. The text found is compared in full, so that nothing else than a declared value is accepted.

/** Where the position of a value is found: `places[key]` for the key that {@link lookupKey} gives. */
export type EnumLookup = Readonly<{
  shortest: number;
  longest: number;
  /** two characters that tell the values apart, counted from the end where negative */
  first: number;
  second: number;
  spread: number;
  mask: number;
  places: Int16Array;
  values: readonly string[];
}>;

type Key = Omit<EnumLookup, "places" | "values">;

/** The key of a text that is at least as long as the shortest value. */
export function lookupKey({ first, second, spread, mask }: Key, text: string): number {
  const mixed = characterAt(text, first) * spread + characterAt(text, second);
  return (mixed + text.length * 7) & mask;
}

function characterAt(text: string, place: number): number {
  return text.charCodeAt(place < 0 ? text.length + place : place);
}

const spreads = [1, 3, 5, 11, 17, 31];
const largest = 4_096;
const mostValues = 256;

/** A lookup for these values; null when no two characters tell them apart, or there are too many. */
export function enumLookup(values: readonly string[]): EnumLookup | null {
  const shortest = Math.min(...values.map((value) => value.length));
  const longest = Math.max(...values.map((value) => value.length));
  if (shortest === 0 || values.length > mostValues) return null;
  const smallest = 2 ** Math.ceil(Math.log2(values.length * 2));
  for (let size = smallest; size <= Math.min(largest, smallest * 16); size *= 2) {
    for (const chosen of choices(Math.min(shortest, 8))) {
      const key = { ...chosen, shortest, longest, mask: size - 1 };
      const places = placesOf(values, key);
      if (places !== null) return { ...key, places, values: shared(values) };
    }
  }
  return null;
}

function* choices(reach: number): Generator<Pick<Key, "first" | "second" | "spread">> {
  for (let first = -reach; first < reach; first++) {
    for (let second = -reach; second < reach; second++) {
      for (const spread of spreads) yield { first, second, spread };
    }
  }
}

function placesOf(values: readonly string[], lookup: Key): Int16Array | null {
  const places = new Int16Array(lookup.mask + 1).fill(-1);
  for (const [at, value] of values.entries()) {
    const key = lookupKey(lookup, value);
    if (places[key] !== -1) return null;
    places[key] = at;
  }
  return places.map((place) => Math.max(0, place));
}

/** The same texts as names of properties are kept: of each there is one, and comparing it is comparing places. */
function shared(values: readonly string[]): readonly string[] {
  return values.map((value) => Object.keys({ [value]: 0 })[0]!);
}
