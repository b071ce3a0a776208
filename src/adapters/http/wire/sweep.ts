// A sweep on the wire: what it was started with and what it has counted so far.

import { z } from "zod";
import type { Currency } from "../../../domain/money.ts";
import {
  sweepStates,
  type AskPlan,
  type Sweep,
  type SweepPreview,
} from "../../../portfolio/ports.ts";
import { moneyWire, wireMoney } from "./money.ts";
import { dateWire, idWire, instantWire } from "./text.ts";
import { bilingual } from "../bilingual.ts";

const countsWire = z
  .object({
    planned: z.int(),
    evaluated: z.int(),
    unchanged: z.int(),
    proposed: z.int(),
    paced: z.int(),
    toReview: z.int(),
    straightThrough: z.int(),
    held: z
      .int()
      .describe(
        bilingual(
          "Of those straight through: notices that wait for the end of a blackout window",
          "直接通过中：通知须待禁止窗口结束的决定数",
        ),
      ),
    refused: z
      .record(z.string(), z.int())
      .describe(bilingual("By refusal code or exclusion", "按拒绝代码或排除规则")),
    removedBySegment: z
      .record(z.string(), moneyWire)
      .describe(bilingual("Exposure removed by the proposals", "拟调减的风险敞口")),
  })
  .meta({ id: "SweepCounts" });

export const sweepWire = z
  .object({
    id: idWire,
    strategy: z.object({ id: z.string(), version: z.int(), hash: z.string() }),
    asOf: dateWire,
    knownAt: instantWire,
    portfolio: z
      .string()
      .nullable()
      .describe(bilingual("null: every portfolio", "null 表示全部组合")),
    dailyCap: moneyWire.nullable().describe(bilingual("null: unlimited", "null 表示不限")),
    state: z.enum(sweepStates),
    pausedBy: z
      .string()
      .nullable()
      .describe(bilingual("null while it may go on", "null 表示未暂停")),
    experiment: z
      .string()
      .nullable()
      .describe(bilingual("Whose arms its customers are in", "所适用的实验，null 表示无")),
    shadows: z
      .array(z.object({ id: z.string(), version: z.int(), hash: z.string() }))
      .describe(bilingual("Strategies in its shadow, without effect", "陪跑策略，不产生效果")),
    emergency: z
      .object({ profileId: idWire, reason: z.string() })
      .nullable()
      .describe(
        bilingual(
          "The emergency profile that started it, and why; null: an ordinary sweep",
          "启动该扫描的应急方案及理由；null 表示普通扫描",
        ),
      ),
    maker: z.string(),
    startedAt: instantWire,
    finishedAt: instantWire.nullable(),
    counts: countsWire,
    asks: z
      .array(
        z.object({
          source: z.string(),
          asks: z
            .int()
            .describe(
              bilingual("Customers without an answer that is fresh", "答复缺失或过旧的客户数"),
            ),
          cost: moneyWire.describe(bilingual("One request each", "按每位客户一次请求计")),
          left: moneyWire.describe(bilingual("Under today's ceiling", "当日上限内的余额")),
        }),
      )
      .optional()
      .describe(
        bilingual("Of a dry run: what would be asked first", "试运行：扫描前将查询的数据来源"),
      ),
    dryRun: z.boolean().describe(bilingual("true: nothing was stored", "true 表示未保存任何内容")),
  })
  .meta({ id: "Sweep" });

const progressFields = {
  phase: z
    .enum(["ask", "assess", "rank", "decide"])
    .describe(bilingual("The pass at work, or the last one", "当前或最后的阶段")),
  bucketsDone: z
    .int()
    .describe(bilingual("Buckets that the pass has behind it", "本阶段已完成的分桶")),
  buckets: z.int(),
  rate: z
    .number()
    .nullable()
    .describe(
      bilingual(
        "Lines per second of late; null when this process does not work on it",
        "近期每秒处理的授信数；本进程未参与时为 null",
      ),
    ),
};

export const sweepDetailWire = z
  .object({ ...sweepWire.shape, ...progressFields })
  .meta({ id: "SweepDetail" });

export type SweepProgressWire = Pick<z.output<typeof sweepDetailWire>, keyof typeof progressFields>;

/** `currency` is that of the strategy. */
export function wireSweep(
  sweep: Sweep | SweepPreview,
  currency: Currency,
  dryRun = false,
): z.output<typeof sweepWire> {
  const { counts, strategy, dailyCapMinor } = sweep;
  return {
    id: sweep.id,
    strategy: { id: strategy.id, version: strategy.version, hash: strategy.hash },
    asOf: sweep.asOf,
    knownAt: sweep.knownAt,
    portfolio: sweep.portfolio,
    dailyCap: dailyCapMinor === null ? null : wireMoney(dailyCapMinor, currency),
    state: sweep.state,
    pausedBy: sweep.pausedBy,
    experiment: sweep.experiment?.id ?? null,
    shadows: sweep.shadows.map((shadow) => ({ ...shadow })),
    emergency:
      sweep.emergency === null
        ? null
        : { profileId: sweep.emergency.profileId, reason: sweep.emergency.reason },
    maker: sweep.maker,
    startedAt: sweep.startedAt,
    finishedAt: sweep.finishedAt,
    counts: {
      ...counts,
      refused: { ...counts.refused },
      removedBySegment: Object.fromEntries(
        Object.entries(counts.removedBySegment).map(([segment, amountMinor]) => [
          segment,
          wireMoney(amountMinor, currency),
        ]),
      ),
    },
    ...("asks" in sweep ? { asks: sweep.asks.map(wireAskPlan) } : {}),
    dryRun,
  };
}

function wireAskPlan({ source, asks, costMinor, leftMinor, currency }: AskPlan) {
  return {
    ...{ source, asks, cost: wireMoney(costMinor, currency) },
    left: wireMoney(leftMinor, currency),
  };
}
