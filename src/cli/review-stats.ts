// `tidemark review stats`: how often reviewers agree with what is proposed, how long they take, how often they
// change it, and how often what they decided is overturned on appeal.

import { wireStatistics } from "../adapters/http/wire/review-desk.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import { addDays, parseAskedDate, type BusinessDate } from "../domain/calendar.ts";
import { isRefusal, refuse, type Refusal } from "../domain/refusal.ts";
import { fewVerdicts, type ReviewFigures } from "../domain/review-statistics.ts";
import type { Text } from "../domain/text.ts";
import { statisticsRoles } from "../flow/review-ports.ts";
import { statisticsOf } from "../flow/review-record.ts";
import { roleRefusal } from "../flow/role-refusal.ts";
import { note, printJson, printRefusal, type Frame } from "./frame.ts";
import type { Program } from "./program.ts";
import { withSession, type Session } from "./session.ts";
import { scopeOf } from "./subject.ts";
import { tableText } from "./table.ts";

type Noun = ReturnType<Program["noun"]>;
type Options = Readonly<Record<string, unknown>>;

const usualDays = 90;

export function registerReviewStats(program: Program, noun: Noun): void {
  const stats = program.add(
    noun,
    "stats",
    {
      en: "Agreement, time, overrides and appeals, by reviewer and by month",
      zh: "按复核人和月份统计一致率、用时、改判率与申诉",
    },
    ["review stats", "review stats --from 2026-01-01 --to 2026-03-31 --json"],
  );
  stats
    .option(
      "--from <date>",
      program.text({ en: "resolved on or after (90 days ago)", zh: "办结日期起（90 天前）" }),
    )
    .option(
      "--to <date>",
      program.text({ en: "resolved on or before (today)", zh: "办结日期止（今天）" }),
    );
  program.action(stats, (frame, _args, options) =>
    withSession(frame, (session) => showStats(frame, session, options)),
  );
}

async function showStats(frame: Frame, session: Session, options: Options): Promise<number> {
  const { tidemark, actor } = session;
  const what = { en: "Review statistics", zh: "复核统计" };
  const refusal = roleRefusal(actor, statisticsRoles, what);
  if (refusal !== null) return printRefusal(frame, refusal);
  const { clock } = tidemark.world;
  const to = dateOf(options, "to", clock.dateOf(await clock.now()));
  if (isRefusal(to)) return printRefusal(frame, to);
  const from = dateOf(options, "from", addDays(to, -usualDays));
  if (isRefusal(from)) return printRefusal(frame, from);
  const period = { from, before: addDays(to, 1) };
  const statistics = await statisticsOf(tidemark.world, scopeOf(actor), period);
  printJson(frame, { from, to, ...wireStatistics(statistics) });
  if (frame.json) return exitCodes.success;
  const all = frame.language === "zh" ? "合计" : "all";
  const rows = [
    ...statistics.byReviewer.map(({ reviewer, figures }) => [reviewer, figures] as const),
    ...statistics.byMonth.map(({ month, figures }) => [month, figures] as const),
    [all, statistics.total] as const,
  ];
  frame.terminal.out(
    tableText(
      frame,
      columns,
      rows.map(([name, figures]) => cells(name, figures)),
    ),
  );
  if (rows.some(([, { few }]) => few)) {
    note(frame, {
      en: `* fewer than ${fewVerdicts} verdicts: says little`,
      zh: `* 不足 ${fewVerdicts} 次，仅供参考`,
    });
  }
  return exitCodes.success;
}

function dateOf(options: Options, name: string, usual: BusinessDate): BusinessDate | Refusal {
  const text = options[name];
  if (text === undefined) return usual;
  return (
    parseAskedDate(text) ??
    refuse("invalid", {
      en: `--${name}: found ${JSON.stringify(text)}, expected a date such as 2026-03-31`,
      zh: `--${name}：为 ${JSON.stringify(text)}，应为日期，如 2026-03-31`,
    })
  );
}

const figure = (label: Text) => ({ label, right: true });

const columns = [
  { label: { en: "reviewer or month", zh: "复核人或月份" } },
  figure({ en: "verdicts", zh: "次数" }),
  figure({ en: "agreement", zh: "一致率" }),
  figure({ en: "overrides", zh: "改判率" }),
  figure({ en: "median", zh: "用时中位数" }),
  figure({ en: "p90", zh: "用时 P90" }),
  figure({ en: "opinions", zh: "第二意见" }),
  figure({ en: "borne out", zh: "意见应验率" }),
  figure({ en: "appeals", zh: "申诉" }),
  figure({ en: "overturned", zh: "推翻" }),
];

function cells(name: string, figures: ReviewFigures): readonly string[] {
  return [
    figures.few ? `${name} *` : name,
    String(figures.verdicts),
    percent(figures.agreementBp),
    percent(figures.overrideBp),
    hours(figures.medianMs),
    hours(figures.p90Ms),
    String(figures.opinions),
    percent(figures.opinionsTrueBp),
    String(figures.appeals),
    figures.appeals === 0 ? "–" : `${figures.overturned} (${percent(figures.overturnedBp)})`,
  ];
}

function percent(bp: number | null): string {
  return bp === null ? "–" : `${(bp / 100).toFixed(1)} %`;
}

function hours(ms: number | null): string {
  return ms === null ? "–" : `${(ms / 3_600_000).toFixed(1)} h`;
}
