// Scores of a report: their spread on each date, bins for a chart, and how far the distribution moved. Only counts per
// score are kept, never the scores of lines.

import type { BusinessDate } from "../domain/calendar.ts";
import type { Text } from "../domain/text.ts";
import {
  ascending,
  histogramCounter,
  quantile,
  type Histogram,
  type HistogramCounter,
} from "../model/histogram.ts";
import { stability } from "../model/stability-index.ts";
import type { ReportScore, ScoreSpread, Since } from "./report-document.ts";
import type { ReportWindow } from "./report-ports.ts";

type When = "now" | Since;

/** One score of one line on one date; null: it has none. */
export type ScoreTally = Readonly<{
  add: (when: When, value: number | null) => void;
  /** null where no line ever had the score */
  score: (
    id: string,
    label: Text | null,
    scale: number,
    window: ReportWindow,
  ) => ReportScore | null;
}>;

type Dated = Readonly<{ counter: HistogramCounter; tell: { sum: number; missing: number } }>;

/** @param dates on which the score is known at all */
export function scoreTally(dates: readonly When[]): ScoreTally {
  const held = new Map<When, Dated>(
    dates.map((when) => [when, { counter: histogramCounter(), tell: { sum: 0, missing: 0 } }]),
  );
  return {
    add: (when, value) => {
      const dated = held.get(when)!;
      if (value === null) dated.tell.missing += 1;
      else {
        dated.counter.add(value);
        dated.tell.sum += value;
      }
    },
    score: (id, label, scale, window) => {
      const found = [...held].map(([when, { counter, tell }]) => ({
        ...{ when, tell },
        histogram: counter.histogram(),
      }));
      if (found.every(({ histogram }) => histogram.total === 0)) return null;
      const of = (when: When): Histogram | undefined =>
        found.find((one) => one.when === when)?.histogram;
      const now = of("now")!;
      return {
        ...{ id, label, scale },
        spreads: found.map(({ when, tell, histogram }) =>
          spread(dateOf(when, window), tell, histogram),
        ),
        bins: binsOf(now, of("month") ?? histogramCounter().histogram()),
        drift: (["day", "month"] as const).flatMap((since) => {
          const before = of(since);
          return before === undefined ? [] : [{ since, stability: stability(before, now) }];
        }),
      };
    },
  };
}

function dateOf(when: When, window: ReportWindow): BusinessDate {
  return { now: window.asOf, day: window.dayBefore, month: window.monthBefore }[when];
}

function spread(
  on: BusinessDate,
  { sum, missing }: Dated["tell"],
  histogram: Histogram,
): ScoreSpread {
  const { total } = histogram;
  const [lower, middle, upper] = [0.25, 0.5, 0.75].map((share) => quantile(histogram, share));
  return {
    ...{ on, missing },
    lines: total,
    meanTenths: total === 0 ? null : Math.floor((sum * 10) / total),
    quartiles: total === 0 ? null : [lower!, middle!, upper!],
  };
}

const mostBins = 20;

/** At most twenty bins of one round width over all that was seen. */
function binsOf(now: Histogram, month: Histogram): ReportScore["bins"] {
  const seen = [now, month].flatMap(ascending);
  if (seen.length === 0) return [];
  const values = seen.map(([value]) => value);
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const width = Math.max(roundWidth((highest - lowest + 1) / mostBins), now.width, month.width);
  const first = Math.floor(lowest / width) * width;
  const bins = Array.from({ length: Math.floor((highest - first) / width) + 1 }, (_, place) => ({
    from: first + place * width,
    to: first + (place + 1) * width,
    now: 0,
    month: 0,
  }));
  for (const [value, count] of now.counts) bins[Math.floor((value - first) / width)]!.now += count;
  for (const [value, count] of month.counts)
    bins[Math.floor((value - first) / width)]!.month += count;
  return bins;
}

/** The next of 1, 2, 5, 10, 20, 50 … */
function roundWidth(width: number): number {
  for (let power = 1; ; power *= 10) {
    for (const step of [1, 2, 5]) if (step * power >= width) return step * power;
  }
}
