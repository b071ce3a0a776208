// What a lender tells the public of its cuts in a period: how many, of which kind, why, where, how fast, and how often they
// were wrong. Everything is counted first and published through one rule for small cells, and whatever is worked out of
// numbers here is worked out of published ones, so that the report says nothing that its tables do not.

import { reachesPortfolio, type Actor } from "../domain/actor.ts";
import { addDays, type BusinessDate, type Instant } from "../domain/calendar.ts";
import { causes, decisionStates, hasEnded, type DecisionState } from "../domain/decision.ts";
import { complaintTopics } from "../domain/complaint.ts";
import { portfolioRefusal } from "../domain/known-portfolio.ts";
import { mulDiv } from "../domain/money.ts";
import { firstRefusal, refuse, type Refusal } from "../domain/refusal.ts";
import { reasonCodes } from "../domain/reason-code.ts";
import { leastCell, publishCells, publishCount, type Cell } from "../domain/small-cells.ts";
import { gatedActions } from "../compliance/pack.ts";
import type { World } from "../flow/ports.ts";
import { roleRefusal } from "../flow/role-refusal.ts";
import type { PortfolioStore } from "./ports.ts";
import { reportRoles } from "./report-make.ts";
import {
  appealVerdicts,
  reviewVerdicts,
  transparencySchema,
  type TransparencyReport,
  type TransparencySums,
  type TransparencyTable,
  type TransparencyTableName,
  type TransparencyTimes,
  type Waited,
} from "./transparency-ports.ts";

const largestCell = 1_000;

/** A period is at most so long: two years and a day. */
const longestDays = 731;

export type TransparencyRequest = Readonly<{
  from: BusinessDate;
  to: BusinessDate;
  portfolio: string | null;
  smallestCell: number;
  actor: Actor;
}>;

/** Roles that may have a report made for the public, and so see counts of the whole lender. */
export const transparencyRoles = reportRoles;

/** Makes the report of a period. Refused: a wrong role or scope, an unknown portfolio, a period or a bound out of range. */
export async function transparencyReport(
  world: World,
  { transparency }: Pick<PortfolioStore, "transparency">,
  { actor, ...asked }: TransparencyRequest,
): Promise<TransparencyReport | Refusal> {
  const madeAt = await world.clock.now();
  const { from, to, portfolio } = asked;
  const refusal = firstRefusal([
    roleRefusal(actor, transparencyRoles, { en: "Transparency report", zh: "透明度报告" }),
    reachesPortfolio(actor.scope, portfolio)
      ? null
      : refuse("out-of-scope", {
          en: `Transparency report of ${portfolio ?? "every portfolio"}: outside the scope of ${actor.id}`,
          zh: `${portfolio ?? "全部组合"}的透明度报告：不在 ${actor.id} 的管辖范围内`,
        }),
    await portfolioRefusal(world.store.reads.portfolios, portfolio, actor.scope),
    periodRefusal(asked, world.clock.dateOf(madeAt)),
    cellRefusal(asked.smallestCell),
  ]);
  if (refusal !== null) return refusal;
  const sums = await transparency({
    start: world.clock.startOf(from),
    end: world.clock.startOf(addDays(to, 1)),
    portfolio,
  });
  return publish(sums, { ...asked, madeAt, jurisdictions: world.jurisdictions });
}

function periodRefusal(
  { from, to }: Pick<TransparencyRequest, "from" | "to">,
  today: BusinessDate,
): Refusal | null {
  if (to > today) {
    return refuse(
      "future-date",
      {
        en: `Transparency report: found a last day ${to}, expected ${today} or earlier`,
        zh: `透明度报告：截止日为 ${to}，不应晚于 ${today}`,
      },
      "/to",
    );
  }
  return from <= to && addDays(from, longestDays) > to
    ? null
    : refuse(
        "invalid",
        {
          en: `Transparency report: found ${from} to ${to}, expected a period of 1 to ${longestDays} days`,
          zh: `透明度报告：期间为 ${from} 至 ${to}，应为 1 至 ${longestDays} 天`,
        },
        "/from",
      );
}

function cellRefusal(smallestCell: number): Refusal | null {
  return smallestCell >= leastCell && smallestCell <= largestCell
    ? null
    : refuse(
        "invalid",
        {
          en: `Smallest count published: found ${smallestCell}, expected ${leastCell} to ${largestCell}`,
          zh: `公布的最小计数：为 ${smallestCell}，应为 ${leastCell} 至 ${largestCell}`,
        },
        "/smallestCell",
      );
}

type Published = Omit<TransparencyRequest, "actor"> &
  Readonly<{ madeAt: Instant; jurisdictions: readonly string[] }>;

/** The report that sums give. Pure: the same sums give the same report. */
export function publish(sums: TransparencySums, about: Published): TransparencyReport {
  const k = about.smallestCell;
  const tables = countsOf(sums, about.jurisdictions).map(([name, counts]) =>
    tableOf(name, counts, k),
  );
  const notices = publishCount(sums.notices, k);
  const inquiries = publishCount(sums.inquiries, k);
  const totalOf = (name: TransparencyTableName): Cell =>
    tables.find((table) => table.name === name)!.total;
  const { from, to, portfolio, madeAt } = about;
  return {
    schema: transparencySchema,
    ...{ from, to, portfolio, madeAt, smallestCell: k, tables, notices, inquiries },
    complaintsPer10k: per10k(totalOf("complaints"), notices),
    inquiriesPer10k: per10k(inquiries, notices),
    overturnedPer10k: per10k(sumIn(tables, "reviews", ["changed", "rejected"]), totalOf("reviews")),
    appealsOverturnedPer10k: per10k(sumIn(tables, "appeals", ["overturned"]), totalOf("appeals")),
    toNotice: timesOf(sums.toNotice, k),
    toExecution: timesOf(sums.toExecution, k),
  };
}

type Counts = ReadonlyMap<string, number>;

/** Every row that a table can have is there, also with 0: which rows are missing would tell something too. */
function countsOf(
  sums: TransparencySums,
  jurisdictions: readonly string[],
): readonly (readonly [TransparencyTableName, Counts])[] {
  const { decisions, reasons, reviews, appeals, complaints, undone } = sums;
  return [
    ["actions", tally(gatedActions, decisions, ({ action }) => action)],
    ["causes", tally(causes, decisions, ({ cause }) => cause)],
    ["jurisdictions", tally(jurisdictions, decisions, ({ jurisdiction }) => jurisdiction)],
    ["reasons", tally(Object.keys(reasonCodes), reasons, ({ code }) => code)],
    ["standing", tally(standings, decisions, ({ state }) => standingOf(state))],
    ["reviews", tally(reviewVerdicts, reviews, ({ verdict }) => verdict)],
    ["appeals", tally(appealVerdicts, appeals, ({ verdict }) => verdict)],
    ["complaints", tally(complaintTopics, complaints, ({ topic }) => topic)],
    ["undone", new Map(Object.entries(undone))],
  ];
}

const standings = ["waiting", ...decisionStates.filter(hasEnded)];

function standingOf(state: DecisionState): string {
  return hasEnded(state) ? state : "waiting";
}

function tally<Row extends Readonly<{ count: number }>>(
  keys: readonly string[],
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): Counts {
  const counts = new Map(keys.map((key) => [key, 0]));
  for (const row of rows) {
    const key = keyOf(row);
    counts.set(key, (counts.get(key) ?? 0) + row.count);
  }
  return counts;
}

function tableOf(name: TransparencyTableName, counts: Counts, k: number): TransparencyTable {
  const { total, cells } = publishCells([...counts.values()], k);
  const rows = [...counts.keys()].map((key, at) => ({ key, count: cells[at]! }));
  return { name, total, rows };
}

/** Of published cells only: where one is left out, so is their sum. */
function sumIn(
  tables: readonly TransparencyTable[],
  table: TransparencyTableName,
  keys: readonly string[],
): Cell {
  const { rows } = tables.find(({ name }) => name === table)!;
  const cells = rows.filter(({ key }) => keys.includes(key));
  return cells.reduce<Cell>(
    (sum, { count }) => (sum === null || count === null ? null : sum + count),
    0,
  );
}

function per10k(part: Cell, whole: Cell): number | null {
  if (part === null || whole === null || whole === 0) return null;
  return mulDiv(part, 10_000, whole, "half-even");
}

const hourSeconds = 3_600;

function timesOf(waited: Waited | null, k: number): TransparencyTimes {
  if (waited === null || waited.count < k) return null;
  const hours = (seconds: number): number => Math.floor(seconds / hourSeconds);
  return { medianHours: hours(waited.medianSeconds), p90Hours: hours(waited.p90Seconds) };
}
