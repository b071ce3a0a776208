// A report of a handful of lines whose every number can be checked by hand: what the forms and the golden texts are
// tried on.

import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { businessTime } from "../../src/adapters/business-time.ts";
import { createIds } from "../../src/adapters/ids.ts";
import type { BusinessDate, Instant } from "../../src/domain/calendar.ts";
import type { CreditLine } from "../../src/domain/credit-line.ts";
import type { FactValues } from "../../src/domain/facts.ts";
import { compileStrategy, type CompiledStrategy } from "../../src/policy/compile.ts";
import type { Strategy } from "../../src/policy/strategy.ts";
import { dailyReport } from "../../src/portfolio/report.ts";
import { reportWindow } from "../../src/portfolio/report-dates.ts";
import type { Activity, DailyReport } from "../../src/portfolio/report-document.ts";
import type { ReportedLine } from "../../src/portfolio/report-ports.ts";
import { repositoryRoot } from "./documents.ts";
import { consumerFacts } from "./reported-lines.ts";

const ids = createIds();

/** strategies/consumer-cn, compiled. */
export async function consumerStrategy(): Promise<CompiledStrategy> {
  const path = `${repositoryRoot}/strategies/consumer-cn/strategy.yaml`;
  return compileStrategy(parse(await readFile(path, "utf8")) as Strategy, (bytes) =>
    ids.sha256(Buffer.from(bytes).toString("utf8")),
  );
}

/** A line of ¥10,000, ¥4,000 drawn, with what a test wants to be otherwise. */
export function reportedLine(
  reference: string,
  facts: Partial<Record<"facts" | "dayBefore" | "monthBefore", FactValues | null>>,
  change: Partial<CreditLine> = {},
): ReportedLine {
  const line: CreditLine = {
    ...{ bucket: 0, id: ids.derive(0, reference), customerId: ids.derive(0, "c", reference) },
    ...{ reference, customerReference: reference, portfolio: "cards", currency: "CNY", ver: 1 },
    ...{ product: "revolving-credit-line", jurisdiction: "cn", status: "active" },
    ...{ limitMinor: 1_000_000, drawnMinor: 400_000, pendingMinor: 0 },
    ...{
      openedOn: null,
      lastDecreaseOn: null,
      decidedOn: null,
      balanceAsOf: null,
      movements: null,
    },
    ...change,
  };
  const { facts: now = null, dayBefore = now, monthBefore = dayBefore } = facts;
  return { line, facts: now, dayBefore, monthBefore, decreasedLast12MonthsMinor: 0 };
}

/** Six lines: calm, late, cured, new, without facts, closed; one of them in another currency. */
export const smallPortfolio: readonly ReportedLine[] = [
  reportedLine("L-calm", { facts: consumerFacts() }),
  reportedLine(
    "L-late",
    {
      facts: consumerFacts({ behaviourScore: 610, daysPastDue: 31, utilisation: 9_500 }),
      dayBefore: consumerFacts({ behaviourScore: 640, daysPastDue: 30, utilisation: 9_000 }),
      monthBefore: consumerFacts({ behaviourScore: 690, daysPastDue: 0, utilisation: 5_000 }),
    },
    { limitMinor: 2_000_000, drawnMinor: 1_900_000 },
  ),
  reportedLine("L-cured", {
    facts: consumerFacts({ region: "north", behaviourScore: 655 }),
    dayBefore: consumerFacts({ region: "north", behaviourScore: 640, daysPastDue: 62 }),
  }),
  reportedLine("L-new", {
    facts: consumerFacts({ region: "north", industry: null, behaviourScore: 805 }),
    monthBefore: null,
  }),
  reportedLine("L-bare", {}, { currency: "USD", limitMinor: 50_000, drawnMinor: 0 }),
  reportedLine("L-gone", { facts: consumerFacts() }, { status: "closed", drawnMinor: 0 }),
];

export const smallActivity: Activity = {
  decisions: [
    { action: "decrease", currency: "CNY", day: 2, month: 5, removedMinor: 2_350_000 },
    { action: "freeze", currency: "CNY", day: 0, month: 1, removedMinor: 10_000 },
  ],
  reasons: [
    { code: "R01", day: 1, month: 4 },
    { code: "R10", day: 2, month: 3 },
  ],
  cuts: [
    { fromBp: 1_000, toBp: 3_000, currency: "CNY", count: 3, removedMinor: 850_000 },
    { fromBp: 3_000, toBp: 5_000, currency: "CNY", count: 2, removedMinor: 1_500_000 },
  ],
  pipeline: [
    { state: "in-review", fromDays: 0, count: 2 },
    { state: "in-review", fromDays: 7, count: 1 },
    { state: "noticed", fromDays: 3, count: 3 },
  ],
  reviews: [
    {
      ...{ queue: "reviewer", route: "review", open: 3, overdue: 1 },
      oldestAt: "2026-02-20T01:00:00.000Z" as Instant,
    },
  ],
  deliveries: [
    { channel: "in-app", state: "delivered", count: 3 },
    { channel: "mail", state: "bounced", count: 1 },
  ],
  outbox: { waiting: 2, failed: 1 },
  complaints: [
    {
      ...{ topic: "limit-decrease", open: 2 },
      ...{ openedDay: 1, openedMonth: 4, resolvedDay: 0, resolvedMonth: 3 },
    },
    {
      ...{ topic: "fees", open: 1 },
      ...{ openedDay: 0, openedMonth: 1, resolvedDay: 1, resolvedMonth: 1 },
    },
  ],
};

/** The report of these lines. */
export async function smallReport(
  lines: readonly ReportedLine[] = smallPortfolio,
  portions = 1,
): Promise<DailyReport> {
  const window = reportWindow(
    businessTime("Asia/Shanghai"),
    "2026-02-28" as BusinessDate,
    "2026-03-01T02:00:00.000Z" as Instant,
    null,
  );
  const parts = {
    ...{ window, maker: "ann", strategies: [await consumerStrategy()] },
    earlier: { day: null, month: null },
    activity: smallActivity,
  };
  return dailyReport(parts, inPortions(lines, portions));
}

async function* inPortions(
  lines: readonly ReportedLine[],
  portions: number,
): AsyncGenerator<readonly ReportedLine[]> {
  const size = Math.ceil(lines.length / portions);
  for (let from = 0; from < lines.length; from += size) yield lines.slice(from, from + size);
}
