// `tidemark connector`: sources of external data, how each stands, asking one, and what asking cost.

import { Option } from "commander";
import { wireAsk, wireAsked, wireConnector, wireCost } from "../adapters/http/wire/connector.ts";
import { exitCodes, refusalTable } from "../adapters/refusal-table.ts";
import {
  askFailures,
  dataPurposes,
  purposeTexts,
  type AskOutcome,
  type ConnectorAsk,
} from "../domain/connector.ts";
import { moneyText } from "../domain/money.ts";
import { isRefusal } from "../domain/refusal.ts";
import type { Text } from "../domain/text.ts";
import { connectorDesk } from "../flow/connector-desk.ts";
import type { ConnectorDesk, SourceStanding } from "../flow/connector-ports.ts";
import { dateOption } from "./date-option.ts";
import { print, printJson, printRefusal, say, type Frame } from "./frame.ts";
import { addPaging, pageOf, printPage } from "./page.ts";
import type { Program } from "./program.ts";
import { withSession, type Session } from "./session.ts";
import { findLine } from "./subject.ts";
import { detailsText, tableText, type Column } from "./table.ts";

const words = {
  source: { en: "source", zh: "来源" },
  signal: { en: "signal", zh: "信号" },
  breaker: { en: "breaker", zh: "熔断" },
  last: { en: "last ask", zh: "最近查询" },
  answered: { en: "last answer", zh: "最近答复" },
  asks: { en: "asks", zh: "查询数" },
  calls: { en: "requests", zh: "请求数" },
  cost: { en: "cost today", zh: "今日费用" },
  ceiling: { en: "ceiling", zh: "当日上限" },
  purposes: { en: "purposes", zh: "用途" },
  consent: { en: "consent", zh: "客户授权" },
  fresh: { en: "fresh / usable", zh: "新鲜 / 可用" },
  day: { en: "day", zh: "日期" },
  spent: { en: "cost", zh: "费用" },
  outcome: { en: "outcome", zh: "结果" },
  because: { en: "why", zh: "原因" },
  answer: { en: "answer", zh: "答复" },
  at: { en: "at", zh: "时间" },
  by: { en: "by", zh: "查询人" },
  purpose: { en: "purpose", zh: "用途" },
} as const satisfies Readonly<Record<string, Text>>;

const outcomeWords: Readonly<Record<AskOutcome, Text>> = {
  asking: { en: "under way", zh: "查询中" },
  answered: { en: "answered", zh: "已答复" },
  cached: { en: "known and fresh", zh: "已知且新鲜" },
  stale: { en: "known and old", zh: "已知但较旧" },
  none: { en: "no answer", zh: "无答复" },
};

const breakerWords = {
  closed: { en: "closed", zh: "正常" },
  open: { en: "open", zh: "已熔断" },
  "half-open": { en: "half-open", zh: "试探中" },
} as const satisfies Readonly<Record<string, Text>>;

const sourceLabel: Text = { en: "name of a source", zh: "来源代码" };

export function registerConnectors(program: Program): void {
  const noun = program.noun("connector", {
    en: "Sources of external data",
    zh: "外部数据来源",
  });
  const list = program.add(
    noun,
    "list",
    { en: "List sources and how they stand", zh: "数据来源及其状态" },
    ["connector list", "connector list --json"],
  );
  program.action(list, (frame) => withSession(frame, (session) => listSources(frame, session)));
  const show = program.add(
    noun,
    "show",
    { en: "Show one source and what was asked of it", zh: "查看数据来源及其查询记录" },
    ["connector show bureau", "connector show bureau --limit 5 --json"],
  );
  show.argument("<source>", program.text(sourceLabel));
  addPaging(program, show);
  program.action(show, (frame, [source], options) =>
    withSession(frame, (session) => showSource(frame, session, String(source), options)),
  );
  registerAsk(program, noun);
  const costs = program.add(
    noun,
    "costs",
    { en: "What asking cost, by day and source", zh: "按日、按来源的查询费用" },
    ["connector costs", "connector costs --from 2026-03-01 --to 2026-03-31 --json"],
  );
  costs
    .option(
      "--from <date>",
      program.text({ en: "first day (30 days back)", zh: "首日（缺省 30 天前）" }),
    )
    .option("--to <date>", program.text({ en: "last day (today)", zh: "末日（缺省今日）" }));
  program.action(costs, (frame, _args, options) =>
    withSession(frame, (session) => showCosts(frame, session, options)),
  );
}

function registerAsk(program: Program, noun: ReturnType<Program["noun"]>): void {
  const ask = program.add(
    noun,
    "ask",
    {
      en: "Ask a source about the customer of a line; the answer comes in as a signal",
      zh: "就授信客户查询数据来源，答复作为信号接入",
    },
    [
      "connector ask bureau L-000001 --purpose account-review",
      "connector ask bureau L-000001 --purpose account-review --dry-run --json",
    ],
  );
  const purpose = new Option("--purpose <purpose>", program.text({ en: "what for", zh: "用途" }));
  ask
    .argument("<source>", program.text(sourceLabel))
    .argument("<line>", program.text({ en: "id or reference of a line", zh: "授信编号或授信号" }))
    .addOption(purpose.choices(dataPurposes).makeOptionMandatory());
  program.changesData(ask);
  program.action(ask, (frame, [source, line], options) =>
    withSession(frame, (session) =>
      askOne(frame, session, {
        source: String(source),
        name: String(line),
        purpose: String(options["purpose"]),
      }),
    ),
  );
}

function deskOf({ tidemark }: Session): ConnectorDesk {
  return connectorDesk(tidemark.world, tidemark.sources);
}

async function listSources(frame: Frame, session: Session): Promise<number> {
  const standings = await deskOf(session).standings();
  printJson(frame, { data: standings.map(wireConnector) });
  if (frame.json) return exitCodes.success;
  if (standings.length === 0) {
    print(frame, {
      en: "No sources: TIDEMARK_CONNECTORS names none",
      zh: "没有数据来源：未设置 TIDEMARK_CONNECTORS",
    });
    return exitCodes.success;
  }
  const columns: readonly Column[] = [
    ...[words.source, words.signal, words.breaker, words.last, words.answered].map((label) => ({
      label,
    })),
    ...[words.asks, words.cost, words.ceiling].map((label) => ({ label, right: true })),
  ];
  frame.terminal.out(
    tableText(
      frame,
      columns,
      standings.map((one) => cellsOf(frame, one)),
    ),
  );
  return exitCodes.success;
}

function cellsOf(frame: Frame, { spec, breaker, last, lastAnswered, today }: SourceStanding) {
  const { cost } = spec;
  return [
    ...[spec.id, spec.signal, say(frame, breakerWords[breaker.state])],
    ...[last === null ? "–" : cameText(frame, last), lastAnswered?.at ?? "–"],
    ...[String(today.asks), amountText(today.costMinor, cost.currency)],
    amountText(cost.dailyCeilingMinor, cost.currency),
  ];
}

const amountText = (amountMinor: number, currency: ConnectorAsk["currency"]): string =>
  moneyText({ amountMinor, currency });

/** What came of an ask, in words. */
function cameText(frame: Frame, { outcome, because }: ConnectorAsk): string {
  const came = say(frame, outcomeWords[outcome]);
  return because === null ? came : `${came}: ${say(frame, askFailures[because])}`;
}

async function showSource(
  frame: Frame,
  session: Session,
  source: string,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const page = pageOf(options);
  if (isRefusal(page)) return printRefusal(frame, page);
  const desk = deskOf(session);
  const found = await desk.standing(source);
  if (isRefusal(found)) return printRefusal(frame, found);
  const read = desk.asks(session.actor, { source });
  if (isRefusal(read)) return printRefusal(frame, read);
  const asks = await read({ ...page, newestFirst: true });
  const { rows, next } = asks;
  printJson(frame, { ...wireConnector(found), asks: { data: rows.map(wireAsk), next } });
  if (frame.json) return exitCodes.success;
  frame.terminal.out(standingText(frame, found));
  const columns: readonly Column[] = [
    ...[words.at, words.by, words.purpose, words.outcome].map((label) => ({ label })),
    ...[words.calls, words.spent].map((label) => ({ label, right: true })),
  ];
  printPage(frame, asks, wireAsk, columns, (ask) => [
    ...[ask.at, ask.by, say(frame, purposeTexts[ask.purpose]), cameText(frame, ask)],
    ...[String(ask.calls), amountText(ask.costMinor, ask.currency)],
  ]);
  return exitCodes.success;
}

function standingText(frame: Frame, standing: SourceStanding): string {
  const { spec, breaker, lastAnswered, today } = standing;
  const { cache, cost } = spec;
  const until = breaker.state === "closed" ? "" : ` (${new Date(breaker.untilMs).toISOString()})`;
  const needed: Text = spec.personal
    ? { en: "needed", zh: "须有" }
    : { en: "not needed", zh: "无须" };
  return detailsText(frame, [
    [words.source, `${spec.id} (${say(frame, spec.label)})`],
    [words.signal, spec.signal],
    [words.purposes, spec.purposes.map((one) => say(frame, purposeTexts[one])).join(", ")],
    [words.consent, say(frame, needed)],
    [words.fresh, `${cache.freshHours} h / ${cache.staleHours} h`],
    [words.breaker, say(frame, breakerWords[breaker.state]) + until],
    [words.answered, lastAnswered?.at ?? "–"],
    [words.cost, amountText(today.costMinor, cost.currency)],
    [words.ceiling, amountText(cost.dailyCeilingMinor, cost.currency)],
  ]);
}

/** The exit code where there is no answer to rely on: what was asked is not there. */
const { exitCode: nothingFound } = refusalTable["not-found"];

async function askOne(
  frame: Frame,
  session: Session,
  { source, name, purpose }: Readonly<{ source: string; name: string; purpose: string }>,
): Promise<number> {
  const { actor, tidemark } = session;
  const line = await findLine(tidemark.world.store.reads, name);
  if (isRefusal(line)) return printRefusal(frame, line);
  const { dryRun } = frame;
  const asked = await deskOf(session).ask({ source, line, purpose, actor, dryRun });
  if (isRefusal(asked)) return printRefusal(frame, asked);
  const wired = wireAsked(asked, actor, dryRun);
  printJson(frame, wired);
  const { ask, answer } = asked;
  const { detail } = wired;
  if (dryRun) print(frame, { en: "Dry run: nothing was asked", zh: "试运行：未发出查询" });
  if (!frame.json) {
    const values = wired.answer?.data ?? null;
    frame.terminal.out(
      detailsText(frame, [
        [words.outcome, cameText(frame, ask)],
        ...(detail === null ? [] : [[words.because, say(frame, detail)] as const]),
        ...(answer === null ? [] : [[words.at, answer.at] as const]),
        ...(values === null ? [] : [[words.answer, JSON.stringify(values)] as const]),
        [words.calls, String(ask.calls)],
        [words.spent, amountText(ask.costMinor, ask.currency)],
      ]),
    );
  }
  return ask.outcome === "none" ? nothingFound : exitCodes.success;
}

async function showCosts(
  frame: Frame,
  session: Session,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const { from: typedFrom, to: typedTo } = options;
  const from = typedFrom === undefined ? null : dateOption(typedFrom, "--from");
  const to = typedTo === undefined ? null : dateOption(typedTo, "--to");
  if (isRefusal(from)) return printRefusal(frame, from);
  if (isRefusal(to)) return printRefusal(frame, to);
  const found = await deskOf(session).costs(from, to);
  if (isRefusal(found)) return printRefusal(frame, found);
  const columns: readonly Column[] = [
    ...[words.day, words.source].map((label) => ({ label })),
    ...[words.asks, words.calls, words.spent].map((label) => ({ label, right: true })),
  ];
  printPage(frame, { rows: found, next: null }, wireCost, columns, (one) => [
    ...[one.on, one.source, String(one.asks), String(one.calls)],
    amountText(one.costMinor, one.currency),
  ]);
  return exitCodes.success;
}
