// What is said of a source that Tidemark asks: for what purpose, what came of it, and why nothing did. The lists are closed
// and short because strategies, notices to staff and the cost book all speak in them.

import type { BusinessDate, Instant } from "./calendar.ts";
import type { Id } from "./id.ts";
import type { Currency } from "./money.ts";
import type { Text } from "./text.ts";

/** What a customer's data may be asked for; a customer consents to each on its own. */
export const dataPurposes = ["account-review", "fraud-check", "collection"] as const;

export type DataPurpose = (typeof dataPurposes)[number];

/** In words. */
export const purposeTexts: Readonly<Record<DataPurpose, Text>> = {
  "account-review": { en: "account review", zh: "贷后管理" },
  "fraud-check": { en: "fraud check", zh: "反欺诈核验" },
  collection: { en: "collection", zh: "催收" },
};

/** Why a source gave nothing new, in words. */
export const askFailures = {
  down: { en: "no connection, or a fault at the source", zh: "连接失败或来源故障" },
  slow: { en: "no answer in time", zh: "超时未答复" },
  declined: { en: "the source declined the request", zh: "来源拒绝该请求" },
  malformed: { en: "the answer does not have the agreed form", zh: "答复格式不符约定" },
  implausible: { en: "the answer is not plausible and was parked", zh: "答复不合常理，已搁置" },
  rejected: { en: "the answer was refused and is a dead letter", zh: "答复被拒绝，已列为死信" },
  "no-consent": { en: "the customer has not consented", zh: "客户未授权" },
  ceiling: { en: "the day's costs have reached their ceiling", zh: "当日费用已达上限" },
  "breaker-open": { en: "the source is left alone after failures", zh: "来源连续失败，暂停访问" },
  "not-told": { en: "nothing was delivered by file", zh: "尚无文件送达" },
  lost: { en: "asking ended before it was kept what came of it", zh: "查询中断，结果未留存" },
} as const satisfies Readonly<Record<string, Text>>;

export type AskFailure = keyof typeof askFailures;

/** What a source-state signal may say: that the source answered, or why it did not. Whoever was lost says nothing. */
export type SourceState = "answered" | Exclude<AskFailure, "lost">;

export const sourceStates: readonly SourceState[] = [
  "answered",
  ...(Object.keys(askFailures) as AskFailure[]).filter((failure) => failure !== "lost"),
];

/**
 * asking: under way, with the requests and costs so far · answered: the source said something new · cached: what it said
 * before is fresh enough · stale: it gave nothing new and what it said before is still usable · none: there is no answer.
 */
export const askOutcomes = ["asking", "answered", "cached", "stale", "none"] as const;

export type AskOutcome = (typeof askOutcomes)[number];

/** One ask as it is kept: who asked what for, what it cost and what came of it. No word of the answer, no person. */
export type ConnectorAsk = Readonly<{
  id: Id;
  source: string;
  lineId: Id;
  purpose: DataPurpose;
  at: Instant;
  /** business date that the cost counts on */
  on: BusinessDate;
  by: string;
  outcome: AskOutcome;
  /** null: the source answered, or what it said before was fresh enough */
  because: AskFailure | null;
  /** requests that left the house */
  calls: number;
  costMinor: number;
  currency: Currency;
  /** real time from the first request to the last answer */
  tookMs: number;
}>;

/** What one source cost on one day. */
export type ConnectorCost = Readonly<{
  source: string;
  on: BusinessDate;
  currency: Currency;
  asks: number;
  calls: number;
  costMinor: number;
}>;
