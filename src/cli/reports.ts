// `tidemark report`: the daily risk report, made now or shown again from the shelf.

import { resolve } from "node:path";
import { Option } from "commander";
import { exitCodes } from "../adapters/refusal-table.ts";
import {
  reportFormats,
  reportRenderer,
  type ReportFormat,
} from "../adapters/reports/render-report.ts";
import type { BusinessDate } from "../domain/calendar.ts";
import { reachesPortfolio } from "../domain/actor.ts";
import { isRefusal, notFound, type Refusal, refuse } from "../domain/refusal.ts";
import type { Text } from "../domain/text.ts";
import { draftDailyReport, makeDailyReport } from "../portfolio/report-make.ts";
import type { KeptReport } from "../portfolio/report-ports.ts";
import { dateOption } from "./date-option.ts";
import { interrupted, note, printRefusal, type Frame } from "./frame.ts";
import { addPaging, pageOf, printPage } from "./page.ts";
import type { Program } from "./program.ts";
import { startProgress } from "./progress.ts";
import { withSession, type Session } from "./session.ts";
import { registerTransparency } from "./transparency.ts";
import { writeTo } from "./write-report.ts";

type Options = Readonly<Record<string, unknown>>;

export function registerReports(program: Program): void {
  const noun = program.noun("report", { en: "Reports", zh: "报告" });
  const daily = program.add(
    noun,
    "daily",
    { en: "Make and keep the daily risk report", zh: "生成并留存每日风险报告" },
    [
      "report daily --format html --out report.html",
      "report daily --as-of 2025-06-30 --portfolio demo --format pdf --out report.pdf",
    ],
  );
  daily
    .option(
      "--as-of <date>",
      program.text({ en: "date of the facts (today)", zh: "数据日期（今日）" }),
    )
    .option(
      "--portfolio <portfolio>",
      program.text({ en: "one portfolio (all)", zh: "指定组合（全部）" }),
    );
  addForm(program, daily);
  program.changesData(daily);
  program.action(daily, (frame, _args, options) =>
    withSession(frame, (session) => makeDaily(frame, session, options)),
  );
  const list = program.add(
    noun,
    "list",
    {
      en: "List kept reports, newest first",
      zh: "留存报告列表（由新到旧）",
    },
    ["report list --limit 5"],
  );
  addPaging(program, list);
  program.action(list, (frame, _args, options) =>
    withSession(frame, (session) => listReports(frame, session, options)),
  );
  registerTransparency(program, noun);
  const show = program.add(noun, "show", { en: "Show a kept report", zh: "查看留存的报告" }, [
    "report show ID --format md --lang zh",
  ]);
  show.argument("<id>", program.text({ en: "id of a report", zh: "报告编号" }));
  addForm(program, show);
  program.action(show, (frame, [id], options) =>
    withSession(frame, (session) => showReport(frame, session, String(id), options)),
  );
}

function addForm(program: Program, command: ReturnType<Program["add"]>): void {
  command
    .addOption(
      new Option("--format <format>", program.text({ en: "form of the report", zh: "报告形式" }))
        .choices(reportFormats)
        .default("md"),
    )
    .option(
      "--out <file>",
      program.text({ en: "file to write (standard output)", zh: "输出文件（缺省为标准输出）" }),
    );
}

async function makeDaily(frame: Frame, session: Session, options: Options): Promise<number> {
  const { world, reports } = session.tidemark;
  const unwritable = formRefusal(frame, options);
  if (unwritable !== null) return printRefusal(frame, unwritable);
  const asOf = await dateOf(session, options["asOf"]);
  if (isRefusal(asOf)) return printRefusal(frame, asOf);
  const portfolio = typeof options["portfolio"] === "string" ? options["portfolio"] : null;
  const bar = startProgress(frame, reading, { en: "buckets", zh: "分桶" });
  const make = frame.dryRun ? draftDailyReport : makeDailyReport;
  const made = await make(
    world,
    reports,
    { asOf, portfolio, actor: session.actor },
    { stop: session.stopped, onProgress: (done, all) => bar.update(done, all, "") },
  ).finally(() => bar.stop());
  if (made === null) return interrupted;
  if (isRefusal(made)) return printRefusal(frame, made);
  return write(frame, made.kept, options);
}

const reading: Text = { en: "Reading lines", zh: "正在读取授信" };

async function dateOf({ tidemark }: Session, given: unknown): Promise<BusinessDate | Refusal> {
  const { clock } = tidemark.world;
  if (given === undefined) return clock.dateOf(await clock.now());
  return dateOption(given, "--as-of");
}

const render = reportRenderer();

/** With --json the document. */
function formatOf(frame: Frame, options: Options): ReportFormat {
  return frame.json ? "json" : (options["format"] as ReportFormat);
}

/** Asked before any work: a PDF needs a file. */
function formRefusal(frame: Frame, options: Options): Refusal | null {
  if (formatOf(frame, options) !== "pdf" || typeof options["out"] === "string") return null;
  return refuse("invalid", {
    en: "--format pdf: found no --out, expected a file to write to",
    zh: "--format pdf：未指定 --out，应给出输出文件",
  });
}

async function write(frame: Frame, kept: KeptReport, options: Options): Promise<number> {
  const format = formatOf(frame, options);
  const out = options["out"];
  const bytes = await render(kept, format, frame.language);
  if (typeof out !== "string") {
    frame.terminal.out(format === "json" ? `${bytes.toString("utf8")}\n` : bytes.toString("utf8"));
    return exitCodes.success;
  }
  const path = resolve(out);
  writeTo(path, bytes);
  note(frame, {
    en: `Report ${kept.id} as of ${kept.asOf}: written to ${path}`,
    zh: `报告 ${kept.id}（${kept.asOf}）：已写入 ${path}`,
  });
  return exitCodes.success;
}

async function listReports(frame: Frame, session: Session, options: Options): Promise<number> {
  const page = pageOf(options);
  if (isRefusal(page)) return printRefusal(frame, page);
  const { scope, id } = session.actor;
  const own = scope.kind === "portfolios" ? { portfolios: scope.portfolios } : {};
  const found = await session.tidemark.reports.list(page, { ...own, accountId: id });
  printPage(
    frame,
    found,
    (entry) => entry,
    [
      { label: { en: "id", zh: "编号" } },
      { label: { en: "as of", zh: "数据日期" } },
      { label: { en: "portfolio", zh: "组合" } },
      { label: { en: "made", zh: "生成时间" } },
      { label: { en: "made by", zh: "生成人" } },
    ],
    ({ id, asOf, portfolio, madeAt, maker }) => [id, asOf, portfolio ?? "–", madeAt, maker],
  );
  return exitCodes.success;
}

async function showReport(
  frame: Frame,
  session: Session,
  id: string,
  options: Options,
): Promise<number> {
  const { reports } = session.tidemark;
  const unwritable = formRefusal(frame, options);
  if (unwritable !== null) return printRefusal(frame, unwritable);
  const kept = await reports.find(id);
  if (kept === null || !reachesPortfolio(session.actor.scope, kept.portfolio)) {
    return printRefusal(frame, notFound({ en: "report", zh: "报告" }, id));
  }
  await reports.markRead(kept.id, session.actor.id);
  return write(frame, kept, options);
}
