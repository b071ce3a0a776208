// Making and keeping a daily report: whoever asks (a person, the schedule, the demo) comes through here, so that every
// report was made the same way from one instant's knowledge and is found again under the hash of its bytes.

import { reachesPortfolio, staffRoles, type Actor, type Role } from "../domain/actor.ts";
import type { BusinessDate } from "../domain/calendar.ts";
import { canonicalJson } from "../domain/canonical-json.ts";
import { bucketCount } from "../domain/id.ts";
import { portfolioRefusal } from "../domain/known-portfolio.ts";
import { firstRefusal, refuse, type Refusal } from "../domain/refusal.ts";
import type { World } from "../flow/ports.ts";
import { roleRefusal } from "../flow/role-refusal.ts";
import { dailyReport } from "./report.ts";
import { reportWindow } from "./report-dates.ts";
import type { DailyReport, Earlier } from "./report-document.ts";
import type { KeptReport, ReportedLine, Reports, ReportWindow } from "./report-ports.ts";

/** Roles that may read reports. */
export const reportRoles = staffRoles;

/** Roles that may have a report made and kept: an auditor only reads. */
export const reportMakerRoles: readonly Role[] = reportRoles.filter((role) => role !== "auditor");

const what = { en: "Report", zh: "报告" };

export type ReportRequest = Readonly<{
  asOf: BusinessDate;
  /** null: every portfolio */
  portfolio: string | null;
  actor: Actor;
}>;

export type ReportRun = Readonly<{
  /** buckets read so far, of all */
  onProgress?: (done: number, all: number) => void;
  /** asked between buckets; true ends early with nothing kept */
  stop?: () => boolean;
}>;

/** A report with the document that is kept. `kept` is false where nothing was to be stored. */
export type MadeReport = Readonly<{ report: DailyReport; kept: KeptReport }>;

/**
 * Makes the report of a date as known now, and keeps it. Refuses a role that may not, a portfolio out of scope or
 * unknown, and a future date.
 * @returns the report, a refusal, or null when it was stopped
 */
export async function makeDailyReport(
  world: World,
  reports: Reports,
  request: ReportRequest,
  run: ReportRun = {},
): Promise<MadeReport | Refusal | null> {
  const forbidden = roleRefusal(request.actor, reportMakerRoles, what);
  if (forbidden !== null) return forbidden;
  const made = await draftDailyReport(world, reports, request, run);
  if (made === null || "refused" in made) return made;
  await reports.keep(made.kept, { messages: [] });
  return made;
}

/** The same with nothing kept. */
export async function draftDailyReport(
  world: World,
  reports: Reports,
  request: ReportRequest,
  run: ReportRun = {},
): Promise<MadeReport | Refusal | null> {
  const knownAt = await world.clock.now();
  const { asOf, portfolio, actor } = request;
  const refusal =
    refusalOf(request, world.clock.dateOf(knownAt)) ??
    (await portfolioRefusal(world.store.reads.portfolios, portfolio, actor.scope));
  if (refusal !== null) return refusal;
  const window = reportWindow(world.clock, asOf, knownAt, portfolio);
  const strategies = (await world.store.strategies.list()).filter(
    ({ state }) => state === "active",
  );
  const parts = {
    window,
    maker: actor.id,
    strategies: await Promise.all(strategies.map(({ hash }) => world.loadStrategy(hash))),
    earlier: {
      day: await earlier(reports, window.dayBefore, portfolio),
      month: await earlier(reports, window.monthBefore, portfolio),
    },
    activity: await reports.activity(window),
  };
  const stopped = (): boolean => run.stop?.() === true;
  const report = await dailyReport(parts, streamed(reports, window, run, stopped));
  return stopped() ? null : { report, kept: keptReport(world, report) };
}

/** Reads ahead: the next buckets are asked for while the present one is counted. */
async function* streamed(
  reports: Reports,
  window: ReportWindow,
  { onProgress }: ReportRun,
  stopped: () => boolean,
): AsyncGenerator<readonly ReportedLine[]> {
  const ahead: Promise<readonly ReportedLine[]>[] = [];
  for (let bucket = 0; bucket < bucketCount + bucketsAhead; bucket += 1) {
    if (stopped()) break;
    if (bucket < bucketCount) {
      const read = reports.read(bucket, window);
      // Whoever waits for it hears of a failure; until then it must not count as unhandled.
      read.catch(() => undefined);
      ahead.push(read);
    }
    if (bucket < bucketsAhead) continue;
    yield await ahead.shift()!;
    onProgress?.(bucket - bucketsAhead + 1, bucketCount);
  }
  await Promise.allSettled(ahead);
}

const bucketsAhead = 3;

async function earlier(
  reports: Reports,
  asOf: BusinessDate,
  portfolio: string | null,
): Promise<Earlier | null> {
  const kept = await reports.newest("daily", asOf, portfolio);
  if (kept === null) return null;
  const { lines, amounts } = JSON.parse(kept.document) as DailyReport;
  return { reportId: kept.id, asOf, lines, amounts };
}

/** The id follows from the bytes: the same report kept twice is one. */
function keptReport({ ids }: World, report: DailyReport): KeptReport {
  const document = canonicalJson(report);
  const hash = ids.sha256(document);
  const { kind, asOf, portfolio, knownAt, maker } = report;
  return {
    ...{ kind, asOf, portfolio, maker, hash, document },
    id: ids.derive(0, "report", hash),
    madeAt: knownAt,
  };
}

function refusalOf(request: ReportRequest, today: BusinessDate): Refusal | null {
  const { actor, asOf, portfolio } = request;
  return firstRefusal([
    roleRefusal(actor, reportRoles, what),
    reachesPortfolio(actor.scope, portfolio)
      ? null
      : refuse("out-of-scope", {
          en: `Report of ${portfolio ?? "every portfolio"}: outside the scope of ${actor.id}`,
          zh: `${portfolio === null ? "全部组合" : `组合 ${portfolio}`}的报告：不在 ${actor.id} 的管辖范围内`,
        }),
    asOf <= today
      ? null
      : refuse("future-date", {
          en: `Report date: found ${asOf}, expected ${today} or earlier`,
          zh: `报告日期：为 ${asOf}，不应晚于 ${today}`,
        }),
  ]);
}
