// Counts of whole numbers in bounded memory: when there are too many different values, neighbouring ones are counted
// together. The width doubles and bins stay aligned, so the result never depends on the order in which values came.

/** `counts` by the lower end of each bin; a bin holds `width` whole numbers from there on. */
export type Histogram = Readonly<{
  width: number;
  total: number;
  counts: ReadonlyMap<number, number>;
}>;

/** A histogram that can be added to. */
export type HistogramCounter = Readonly<{
  add: (value: number) => void;
  histogram: () => Histogram;
}>;

const mostBins = 4_096;

/** Counts nothing yet. @param most bins kept; more different values are counted together */
export function histogramCounter(most: number = mostBins): HistogramCounter {
  let width = 1;
  let total = 0;
  let counts = new Map<number, number>();
  return {
    add: (value) => {
      const bin = binOf(value, width);
      counts.set(bin, (counts.get(bin) ?? 0) + 1);
      total += 1;
      while (counts.size > most) {
        width *= 2;
        counts = merged(counts, width);
      }
    },
    histogram: () => ({ width, total, counts: new Map(counts) }),
  };
}

/** The same counts in bins of at least `width`; widths are powers of two. */
export function coarsened(histogram: Histogram, width: number): Histogram {
  if (histogram.width >= width) return histogram;
  return { ...histogram, width, counts: merged(histogram.counts, width) };
}

/** Bins in rising order. */
export function ascending({ counts }: Histogram): readonly (readonly [number, number])[] {
  return [...counts].toSorted(([left], [right]) => left - right);
}

/**
 * The smallest bin at which at least `share` (0 to 1) of all values lie in it or below; null for none.
 */
export function quantile(histogram: Histogram, share: number): number | null {
  let below = 0;
  for (const [value, count] of ascending(histogram)) {
    below += count;
    if (below >= share * histogram.total) return value;
  }
  return null;
}

/** Counts between edges: up to and with the first edge, …, above the last one. */
export function countsBetween(histogram: Histogram, edges: readonly number[]): readonly number[] {
  const counts = Array.from({ length: edges.length + 1 }, () => 0);
  for (const [value, count] of histogram.counts) {
    const place = edges.findIndex((edge) => value <= edge);
    counts[place === -1 ? edges.length : place]! += count;
  }
  return counts;
}

function binOf(value: number, width: number): number {
  return Math.floor(value / width) * width;
}

function merged(counts: ReadonlyMap<number, number>, width: number): Map<number, number> {
  const wider = new Map<number, number>();
  for (const [value, count] of counts) {
    const bin = binOf(value, width);
    wider.set(bin, (wider.get(bin) ?? 0) + count);
  }
  return wider;
}
