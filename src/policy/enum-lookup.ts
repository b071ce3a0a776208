// From the text of an enum's value to its position, by two characters and the length instead of by hashing the whole text
// once more for every line. The text found is compared in full, so that nothing else than a declared value is accepted.

/** Where the position of a value is found: `places[key]` for the key that {@link lookupKey} gives. */
export type EnumLookup = Readonly<{
  shortest: number;
  longest: number;
  /** character from the start, and from the end, that tell the values apart */
  first: number;
  last: number;
  spread: number;
  mask: number;
  places: Int16Array;
  values: readonly string[];
}>;

/** The key of a text that is at least as long as the shortest value. */
export function lookupKey(lookup: Omit<EnumLookup, "places" | "values">, text: string): number {
  const { first, last, spread, mask } = lookup;
  const mixed = text.charCodeAt(first) * spread + text.charCodeAt(text.length - 1 - last);
  return (mixed + text.length * 7) & mask;
}

const spreads = [1, 3, 5, 11, 17, 31];
const largest = 4_096;

/** A lookup for these values; null when no two characters tell them apart, or there are too many. */
export function enumLookup(values: readonly string[]): EnumLookup | null {
  const shortest = Math.min(...values.map((value) => value.length));
  const longest = Math.max(...values.map((value) => value.length));
  if (shortest === 0 || values.length * 4 > largest) return null;
  const smallest = 2 ** Math.ceil(Math.log2(values.length * 2));
  const reach = Math.min(shortest, 8);
  for (let size = smallest; size <= Math.min(largest, smallest * 16); size *= 2) {
    for (let first = 0; first < reach; first++) {
      for (let last = 0; last < reach; last++) {
        for (const spread of spreads) {
          const mask = size - 1;
          const places = placesOf(values, { shortest, longest, first, last, spread, mask });
          if (places !== null) {
            return { shortest, longest, first, last, spread, mask, places, values: shared(values) };
          }
        }
      }
    }
  }
  return null;
}

function placesOf(
  values: readonly string[],
  lookup: Omit<EnumLookup, "places" | "values">,
): Int16Array | null {
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
