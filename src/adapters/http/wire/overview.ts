// A portfolio in view on the wire: every group with its key, by which the lists can be narrowed to its rows, and its
// label in both languages.

import { z } from "zod";
import { reasonCodes } from "../../../domain/reason-code.ts";
import type { Exposure, Overview, OverviewDimension } from "../../../portfolio/view-ports.ts";
import { bilingual } from "../bilingual.ts";
import { labelOf, type FactDictionary } from "../fact-dictionary.ts";
import { moneyWire, wireMoney } from "./money.ts";
import { dateWire, idWire, instantWire, textWire } from "./text.ts";

const totalWire = z.object({
  currency: z.string(),
  lines: z.int(),
  limit: moneyWire,
  drawn: moneyWire,
});

const sliceWire = z
  .object({
    key: z
      .string()
      .describe(
        bilingual(
          "Value of the filter that lists the rows; unknown: the newest facts say nothing of it",
          "列出相应行的筛选值；unknown 表示最新事实中没有该项",
        ),
      ),
    label: textWire,
    lines: z.int(),
    limit: moneyWire,
    drawn: moneyWire,
  })
  .meta({ id: "Slice" });

const slices = z
  .array(sliceWire)
  .describe(bilingual("One entry per value and currency", "每个取值与币种一项"));

const countedWire = z.object({ key: z.string(), count: z.int() });

export const overviewWire = z
  .object({
    asOf: dateWire.describe(bilingual("Present business date", "当前业务日期")),
    demo: z.boolean(),
    totals: z.array(totalWire),
    byStatus: slices,
    byRegion: slices,
    byIndustry: slices,
    byPurpose: slices,
    byTier: slices,
    byDelinquency: slices,
    byProduct: slices,
    scores: z
      .array(z.object({ from: z.int(), to: z.int(), lines: z.int() }))
      .describe(
        bilingual("Bands of the behaviour score, both ends included", "行为评分分段，含两端"),
      ),
    decisions: z.object({
      byState: z.array(countedWire),
      byAction: z.array(
        z.object({
          ...countedWire.shape,
          removed: z
            .array(moneyWire)
            .describe(bilingual("Exposure taken away, by currency", "调减的风险敞口，按币种")),
        }),
      ),
      byReason: z.array(z.object({ ...countedWire.shape, label: textWire })),
    }),
    openReviews: z.int(),
    overdueReviews: z.int(),
    noticesByState: z.array(countedWire),
    sweeps: z.object({
      running: z.int().describe(bilingual("Neither done nor cancelled", "尚未完成且未取消")),
      lastDone: z
        .object({
          id: idWire,
          strategy: z.object({ id: z.string(), version: z.int() }),
          asOf: dateWire,
          finishedAt: instantWire.nullable(),
        })
        .nullable(),
    }),
  })
  .meta({ id: "Overview" });

export type OverviewWire = z.output<typeof overviewWire>;

/** What stands beside the counts of rows. */
export type OverviewFrame = Pick<OverviewWire, "asOf" | "demo" | "sweeps">;

export function wireOverview(
  overview: Overview,
  dictionary: FactDictionary,
  frame: OverviewFrame,
): OverviewWire {
  const by = (dimension: OverviewDimension): OverviewWire["byStatus"] =>
    overview.groups
      .filter((group) => group.dimension === dimension)
      .map(({ key, ...sum }) => {
        const { currency: _, ...amounts } = wireExposure(sum);
        return { key, label: { ...labelOf(dictionary, dimension, key) }, ...amounts };
      });
  return {
    ...frame,
    totals: overview.totals.map(wireExposure),
    byStatus: by("status"),
    byRegion: by("region"),
    byIndustry: by("industry"),
    byPurpose: by("purpose"),
    byTier: by("tier"),
    byDelinquency: by("delinquency"),
    byProduct: by("product"),
    scores: overview.scores.map(({ from, lines }) => ({
      ...{ from, to: from + overview.scoreWidth - 1, lines },
    })),
    decisions: wireDecisions(overview),
    openReviews: overview.openReviews,
    overdueReviews: overview.overdueReviews,
    noticesByState: overview.noticesByState.map((one) => ({ ...one })),
  };
}

/** Sums in one currency. */
export function wireExposure(sum: Exposure): z.output<typeof totalWire> {
  const { currency, lines, limitMinor, drawnMinor } = sum;
  return {
    ...{ currency, lines },
    limit: wireMoney(limitMinor, currency),
    drawn: wireMoney(drawnMinor, currency),
  };
}

function wireDecisions(overview: Overview): OverviewWire["decisions"] {
  const actions = Map.groupBy(overview.decisionsByAction, ({ key }) => key);
  return {
    byState: overview.decisionsByState.map((one) => ({ ...one })),
    byAction: Array.from(actions, ([key, found]) => ({
      key,
      count: found.reduce((sum, { count }) => sum + count, 0),
      removed: found.map(({ removedMinor, currency }) => wireMoney(removedMinor, currency)),
    })),
    byReason: overview.decisionsByReason.map(({ key, count }) => ({
      ...{ key, count, label: { ...reasonCodes[key] } },
    })),
  };
}
