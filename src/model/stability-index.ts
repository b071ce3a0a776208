// The population stability index (PSI): how far a distribution moved away from an earlier one. It says that people
// changed, not that a score became worse; the bands are a habit of the trade and not a law.

import { sum } from "../domain/sum.ts";
import { coarsened, countsBetween, quantile, type Histogram } from "./histogram.ts";

/** One bin: values up to and with `upTo` (null: all above), lines before and now, its part of the index in ten-thousandths. */
export type StabilityBin = Readonly<{
  upTo: number | null;
  before: number;
  now: number;
  partE4: number;
}>;

export const stabilityBands = ["stable", "moved", "shifted"] as const;

/** stable: below 0.10 · moved: from 0.10 on, look into it · shifted: from 0.25 on, act. */
export type StabilityBand = (typeof stabilityBands)[number];

/** `indexE4` is the index in ten-thousandths. */
export type Stability = Readonly<{
  indexE4: number;
  band: StabilityBand;
  bins: readonly StabilityBin[];
}>;

/** A share of nothing has no logarithm: empty bins count as one in ten thousand. */
const leastShare = 1e-4;

/**
 * PSI = Σ (now − before) × ln(now ÷ before) over shares of bins (Lewis, An Introduction to Credit Scoring, 1994;
 * Siddiqi, Credit Risk Scorecards, 2006): the symmetric form of the Kullback–Leibler divergence.
 * @param before counts by bin, not all 0
 * @param now counts of the same bins, not all 0
 * @returns the unrounded index and the part of each bin
 */
export function stabilityIndex(
  before: readonly number[],
  now: readonly number[],
): Readonly<{ index: number; parts: readonly number[] }> {
  const [earlier, later] = [sharesOf(before), sharesOf(now)];
  const parts = earlier.map((share, place) => {
    const other = later[place] ?? leastShare;
    return (other - share) * Math.log(other / share);
  });
  return { index: sum(parts), parts };
}

/** The usual bands: below 0.10, below 0.25, from there on. */
export function stabilityBand(indexE4: number): StabilityBand {
  return indexE4 < 1_000 ? "stable" : indexE4 < 2_500 ? "moved" : "shifted";
}

/**
 * PSI over bins that each held about the same share before (deciles; fewer where values tie).
 * @returns null where either distribution is empty
 */
export function stability(before: Histogram, now: Histogram, bins = 10): Stability | null {
  if (before.total === 0 || now.total === 0) return null;
  const width = Math.max(before.width, now.width);
  const [earlier, later] = [coarsened(before, width), coarsened(now, width)];
  const edges = quantileEdges(earlier, bins);
  const [beforeCounts, nowCounts] = [countsBetween(earlier, edges), countsBetween(later, edges)];
  const { index, parts } = stabilityIndex(beforeCounts, nowCounts);
  const indexE4 = tenThousandths(index);
  return {
    indexE4,
    band: stabilityBand(indexE4),
    bins: parts.map((part, place) => ({
      upTo: edges[place] ?? null,
      before: beforeCounts[place] ?? 0,
      now: nowCounts[place] ?? 0,
      partE4: tenThousandths(part),
    })),
  };
}

/** Upper ends of bins of about equal share; the last bin has none. */
function quantileEdges(histogram: Histogram, bins: number): readonly number[] {
  const highest = quantile(histogram, 1);
  const edges = Array.from({ length: bins - 1 }, (_, place) =>
    quantile(histogram, (place + 1) / bins),
  );
  return [...new Set(edges)].filter((edge) => edge !== null && edge !== highest) as number[];
}

function sharesOf(counts: readonly number[]): readonly number[] {
  const total = sum(counts);
  return counts.map((count) => Math.max(leastShare, count / total));
}

function tenThousandths(value: number): number {
  const rounded = Math.round(value * 10_000);
  return rounded === 0 ? 0 : rounded;
}
