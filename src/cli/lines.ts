// `tidemark line`: credit lines as they stand, and everything that happened to one of them.

import { wireBehaviour } from "../adapters/http/wire/behaviour.ts";
import { wireDecision } from "../adapters/http/wire/decision.ts";
import { wireEvent } from "../adapters/http/wire/event.ts";
import { wireLine } from "../adapters/http/wire/line.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import { availableCreditMinor, lineStatuses, type CreditLine } from "../domain/credit-line.ts";
import type { Decision } from "../domain/decision.ts";
import { portfolioRefusal } from "../domain/known-portfolio.ts";
import { reasonCodes } from "../domain/reason-code.ts";
import { isRefusal, notFound } from "../domain/refusal.ts";
import type { Text } from "../domain/text.ts";
import { behaviourOf } from "../flow/known-facts.ts";
import { Option } from "commander";
import { amountText } from "./amount.ts";
import { chosen } from "./chosen.ts";
import { addWhen, whenOf } from "./date-option.ts";
import { printJson, printRefusal, say, type Frame } from "./frame.ts";
import { addPaging, pageOf, printPage } from "./page.ts";
import type { Program } from "./program.ts";
import { withheldFrom, withSession, type Session } from "./session.ts";
import { findLine, reaches, scopeOf } from "./subject.ts";
import { detailsText, tableText } from "./table.ts";
import { causeWords, decisionStateWords, lineStatusWords, nouns, outcomeText } from "./words.ts";

export function registerLines(program: Program): void {
  const line = program.noun(nouns.line.noun, nouns.line.label);
  const list = program.add(line, "list", { en: "List lines", zh: "授信列表" }, [
    "line list --portfolio demo",
  ]);
  list
    .option("--portfolio <name>", program.text({ en: "of one portfolio", zh: "指定组合" }))
    .addOption(
      new Option(
        "--status <status>",
        program.text({ en: "in one status", zh: "指定状态" }),
      ).choices(lineStatuses),
    )
    .option(
      "--reference <text>",
      program.text({ en: "with the lender's reference", zh: "指定引用号" }),
    );
  addPaging(program, list);
  program.action(list, (frame, _args, options) =>
    withSession(frame, (session) => listLines(frame, session, options)),
  );
  const show = program.add(line, "show", { en: "Show one line", zh: "查看授信" }, [
    "line show L-1001",
  ]);
  show.argument("<line>", program.text(nouns.line.one));
  program.action(show, (frame, [text]) =>
    withLine(frame, String(text), async (session, found) => showLine(frame, session, found)),
  );
  const behaviour = program.add(
    line,
    "behaviour",
    {
      en: "Show how a line is used against how it was used before",
      zh: "查看授信用款行为与其自身历史的比较",
    },
    ["line behaviour L-1001", "line behaviour L-1001 --as-of 2026-03-31 --json"],
  );
  addWhen(program, behaviour.argument("<line>", program.text(nouns.line.one)));
  program.action(behaviour, (frame, [text], options) =>
    withLine(frame, String(text), (session, found) =>
      showBehaviour(frame, session, found, options),
    ),
  );
  const timeline = program.add(
    line,
    "timeline",
    { en: "Show all that happened to a line", zh: "查看授信的全部事件" },
    ["line timeline L-1001"],
  );
  timeline.argument("<line>", program.text(nouns.line.one));
  program.action(timeline, (frame, [text]) =>
    withLine(frame, String(text), (session, found) => showTimeline(frame, session, found)),
  );
}

async function withLine(
  frame: Frame,
  text: string,
  work: (session: Session, line: CreditLine) => Promise<number>,
): Promise<number> {
  return withSession(frame, async (session) => {
    const line = await findLine(session.tidemark.world.store.reads, text);
    if (isRefusal(line)) return printRefusal(frame, line);
    if (!reaches(session.actor, line))
      return printRefusal(frame, notFound({ en: "line", zh: "授信" }, text));
    return work(session, line);
  });
}

async function listLines(
  frame: Frame,
  session: Session,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const page = pageOf(options);
  if (isRefusal(page)) return printRefusal(frame, page);
  const asked: Readonly<{ portfolio?: string }> = chosen(options, [
    ...["portfolio", "status", "reference"],
  ]);
  const filter = { ...scopeOf(session.actor), ...asked };
  const { reads } = session.tidemark.world.store;
  const unknown = await portfolioRefusal(reads.portfolios, asked.portfolio, session.actor.scope);
  if (unknown !== null) return printRefusal(frame, unknown);
  const found = await reads.lines(page, filter);
  const withheld = await withheldFrom(session);
  printPage(
    frame,
    found,
    (line) => wireLine(line, null, withheld),
    listColumns,
    (line) => [
      line.reference,
      line.portfolio,
      say(frame, lineStatusWords[line.status]),
      amountText(line.limitMinor, line.currency),
      amountText(line.drawnMinor, line.currency),
      amountText(availableCreditMinor(line), line.currency),
      line.id,
    ],
  );
  return exitCodes.success;
}

const words = {
  reference: { en: "reference", zh: "引用号" },
  portfolio: { en: "portfolio", zh: "组合" },
  state: { en: "status", zh: "状态" },
  limit: { en: "limit", zh: "额度" },
  drawn: { en: "drawn", zh: "已用" },
  pending: { en: "pending", zh: "在途" },
  available: { en: "available", zh: "可用" },
  id: { en: "id", zh: "编号" },
  customer: { en: "customer", zh: "客户" },
  product: { en: "product", zh: "产品" },
  jurisdiction: { en: "jurisdiction", zh: "法域" },
  opened: { en: "opened", zh: "开立日" },
  decreased: { en: "last decrease", zh: "上次降额" },
  ver: { en: "version", zh: "版本" },
  decision: { en: "decision", zh: "决定" },
  made: { en: "made", zh: "作出时间" },
  cause: { en: "cause", zh: "起因" },
  outcome: { en: "outcome", zh: "结果" },
  reasons: { en: "reasons", zh: "理由" },
  seq: { en: "seq", zh: "序号" },
  kind: { en: "event", zh: "事件" },
  at: { en: "at", zh: "时间" },
  actor: { en: "by", zh: "操作人" },
} as const satisfies Readonly<Record<string, Text>>;

const listColumns = [
  { label: words.reference },
  { label: words.portfolio },
  { label: words.state },
  { label: words.limit, right: true },
  { label: words.drawn, right: true },
  { label: words.available, right: true },
  { label: words.id },
];

async function showLine(frame: Frame, session: Session, line: CreditLine): Promise<number> {
  const withheld = await withheldFrom(session);
  const page = { after: null, limit: decisionsShown, newestFirst: true };
  const { reads } = session.tidemark.world.store;
  const { rows: decisions } = await reads.decisions(page, { lineId: line.id });
  printJson(frame, {
    ...wireLine(line, null, withheld),
    decisions: decisions.map((one) => wireDecision(one, frame.language, withheld)),
  });
  if (frame.json) return exitCodes.success;
  const { currency } = line;
  frame.terminal.out(
    detailsText(frame, [
      [words.id, line.id],
      [words.reference, line.reference],
      [words.customer, line.customerReference],
      [words.portfolio, line.portfolio],
      [words.product, line.product],
      [words.jurisdiction, line.jurisdiction],
      [words.state, say(frame, lineStatusWords[line.status])],
      [words.limit, amountText(line.limitMinor, currency)],
      [words.drawn, amountText(line.drawnMinor, currency)],
      [words.pending, amountText(line.pendingMinor, currency)],
      [words.available, amountText(availableCreditMinor(line), currency)],
      [words.opened, line.openedOn ?? "–"],
      [words.decreased, line.lastDecreaseOn ?? "–"],
      [words.ver, String(line.ver)],
    ]),
  );
  frame.terminal.out(decisionsText(frame, decisions));
  return exitCodes.success;
}

const decisionsShown = 5;

/** The newest decisions about a line, with why it was looked at and why it was decided so. */
function decisionsText(frame: Frame, decisions: readonly Decision[]): string {
  const columns = [
    words.decision,
    words.made,
    words.cause,
    words.outcome,
    words.state,
    words.reasons,
  ];
  const rows = decisions.map(({ id, madeAt, record, outcome, state }) => [
    ...[id, madeAt, say(frame, causeWords[record.cause])],
    say(frame, outcomeText(outcome, record.assessment.currency)),
    say(frame, decisionStateWords[state]),
    record.assessment.reasons.map(({ code }) => say(frame, reasonCodes[code])).join("; "),
  ]);
  const table = tableText(
    frame,
    columns.map((label) => ({ label })),
    rows,
  );
  return table === "" ? "" : `\n${table}`;
}

async function showTimeline(frame: Frame, session: Session, line: CreditLine): Promise<number> {
  const events = await session.tidemark.world.store.reads.timeline(line.id);
  const withheld = await withheldFrom(session);
  printJson(frame, { data: events.map((event) => wireEvent(event, line.currency, withheld)) });
  if (frame.json) return exitCodes.success;
  const columns = [
    { label: words.seq, right: true },
    { label: words.at },
    { label: words.kind },
    { label: words.actor },
  ];
  const rows = events.map((event) => [String(event.seq), event.at, event.kind, event.actor]);
  frame.terminal.out(tableText(frame, columns, rows));
  return exitCodes.success;
}

async function showBehaviour(
  frame: Frame,
  { tidemark: { world } }: Session,
  line: CreditLine,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const when = whenOf(options);
  if (isRefusal(when)) return printRefusal(frame, when);
  const found = await behaviourOf(world, line, when);
  printJson(frame, { line: line.reference, ...wireBehaviour(found) });
  if (frame.json) return exitCodes.success;
  const columns = [behaviourWords.look, behaviourWords.found, behaviourWords.why];
  const rows = found.findings.map(({ look, isUnusual, text }) => [
    look,
    say(frame, behaviourWords[isUnusual === null ? "unknown" : isUnusual ? "unusual" : "usual"]),
    say(frame, text),
  ]);
  frame.terminal.out(
    tableText(
      frame,
      columns.map((label) => ({ label })),
      rows,
    ),
  );
  return exitCodes.success;
}

const behaviourWords = {
  look: { en: "look", zh: "观察项" },
  found: { en: "found", zh: "结果" },
  why: { en: "why", zh: "依据" },
  unusual: { en: "unusual", zh: "异常" },
  usual: { en: "usual", zh: "正常" },
  unknown: { en: "unknown", zh: "未知" },
} as const satisfies Readonly<Record<string, Text>>;
