// A comparison of a strategy in the shadow of a sweep with the live one, on the wire: counts and money by who changes, by
// segment and by reason, and the lines behind them.

import { z } from "zod";
import type { StrategyRef } from "../../../domain/assessment.ts";
import type { Currency } from "../../../domain/money.ts";
import { reasonCodes } from "../../../domain/reason-code.ts";
import type { Language } from "../../../domain/text.ts";
import {
  saidActions,
  swaps,
  type ComparedLine,
  type ComparedSum,
  type Comparison,
  type Said,
  type SaidAction,
  type Swap,
} from "../../../portfolio/comparison.ts";
import type { Sweep } from "../../../portfolio/ports.ts";
import { bilingual } from "../bilingual.ts";
import { moneyWire, wireMoney } from "./money.ts";
import { idWire } from "./text.ts";

const strategyWire = z.object({ id: z.string(), version: z.int(), hash: z.string() });

/** What a strategy said about a line. */
export const saidActionWire = z.enum(saidActions as [SaidAction, ...SaidAction[]]);

/** How a line changes sides. */
export const swapWire = z
  .enum(swaps as [Swap, ...Swap[]])
  .describe(
    bilingual(
      "in: only the strategy in the shadow acts; out: only the live one; harsher, milder: both act, differently",
      "in：仅陪跑策略处置；out：仅现行策略处置；harsher、milder：均处置，陪跑更重或更轻",
    ),
  );

const sumFields = {
  lines: z.int(),
  liveRemoved: moneyWire.describe(bilingual("Exposure removed, live", "现行策略压降的敞口")),
  shadowRemoved: moneyWire.describe(
    bilingual("Exposure removed, in the shadow", "陪跑策略压降的敞口"),
  ),
};

const sumWire = z.object(sumFields);

export const comparisonWire = z
  .object({
    sweepId: idWire,
    live: strategyWire.describe(
      bilingual("Of the sweep; arms may differ", "扫描所用；各实验组可不同"),
    ),
    shadow: strategyWire,
    lines: z.int().describe(bilingual("Lines compared", "参与比较的笔数")),
    heldOut: z
      .int()
      .describe(
        bilingual("Lines of customers held out, not compared", "留存对照组客户的笔数，不参与比较"),
      ),
    matrix: z.array(z.object({ live: saidActionWire, shadow: saidActionWire, ...sumFields })),
    swaps: z.object({
      ...{ in: sumWire, out: sumWire, harsher: sumWire, milder: sumWire, same: sumWire },
    }),
    segments: z.array(
      z.object({
        segment: z.string(),
        ...sumFields,
        ...{ in: z.int(), out: z.int(), harsher: z.int(), milder: z.int() },
      }),
    ),
    reasons: z.array(
      z.object({ code: z.string(), text: z.string(), live: z.int(), shadow: z.int() }),
    ),
  })
  .meta({ id: "SweepComparison" });

const saidWire = z.object({
  action: saidActionWire,
  to: moneyWire.nullable().describe(bilingual("Limit after a decrease", "降额后的额度")),
  removed: moneyWire,
  reasons: z.array(z.string()),
});

export const comparedLineWire = z
  .object({ lineId: idWire, segment: z.string(), live: saidWire, shadow: saidWire })
  .meta({ id: "ComparedLine" });

/** `currency` is that of the sweep's strategy. */
export function wireComparison(
  { id, strategy }: Sweep,
  shadow: StrategyRef,
  comparison: Comparison,
  currency: Currency,
  language: Language,
): z.output<typeof comparisonWire> {
  const sum = ({ lines, liveRemovedMinor, shadowRemovedMinor }: ComparedSum) => ({
    lines,
    liveRemoved: wireMoney(liveRemovedMinor, currency),
    shadowRemoved: wireMoney(shadowRemovedMinor, currency),
  });
  const { lines, heldOut, matrix, segments, reasons } = comparison;
  const { in: gained, out, harsher, milder, same } = comparison.swaps;
  return {
    sweepId: id,
    live: { ...strategy },
    shadow: { ...shadow },
    ...{ lines, heldOut },
    matrix: matrix.map((cell) => ({ live: cell.live, shadow: cell.shadow, ...sum(cell) })),
    swaps: {
      ...{ in: sum(gained), out: sum(out), harsher: sum(harsher), milder: sum(milder) },
      same: sum(same),
    },
    segments: segments.map((one) => ({
      ...{ segment: one.segment, ...sum(one) },
      ...{ in: one.in, out: one.out, harsher: one.harsher, milder: one.milder },
    })),
    reasons: reasons.map((one) => ({ ...one, text: reasonCodes[one.code][language] })),
  };
}

/** One line of a comparison. */
export function wireComparedLine(
  { lineId, segment, live, shadow }: ComparedLine,
  currency: Currency,
): z.output<typeof comparedLineWire> {
  const said = ({ action, toMinor, removedMinor, reasons }: Said) => ({
    action,
    to: toMinor === null ? null : wireMoney(toMinor, currency),
    removed: wireMoney(removedMinor, currency),
    reasons: [...reasons],
  });
  return { lineId, segment, live: said(live), shadow: said(shadow) };
}
