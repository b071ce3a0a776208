// `tidemark alert`: news that wants a person. Taking and closing are verbs of the pipeline.

import { Option } from "commander";
import { wireAlert } from "../adapters/http/wire/alert.ts";
import { subjectNames } from "../adapters/read-subject.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import { type AlertKind, type AlertState, alertStates } from "../domain/alert.ts";
import { isRefusal, notFound } from "../domain/refusal.ts";
import { severities, type Severity } from "../domain/severity.ts";
import type { Text } from "../domain/text.ts";
import { chosen } from "./chosen.ts";
import { printJson, printRefusal, say, type Frame } from "./frame.ts";
import { addPaging, pageOf, printPage } from "./page.ts";
import type { Program } from "./program.ts";
import { withSession, type Session } from "./session.ts";
import { findLine, findSubject, reaches, scopeOf } from "./subject.ts";
import { detailsText } from "./table.ts";
import { nouns } from "./words.ts";

export function registerAlerts(program: Program): void {
  const noun = program.noun(nouns.alert.noun, nouns.alert.label);
  const list = program.add(noun, "list", { en: "List alerts", zh: "预警列表" }, [
    "alert list --state open --severity high",
    "alert list --overdue --json",
    "alert list --line L-1001",
  ]);
  const state = new Option("--state <state>", program.text({ en: "in one state", zh: "指定状态" }));
  const severity = new Option(
    "--severity <severity>",
    program.text({ en: "of one severity", zh: "指定严重程度" }),
  );
  list
    .addOption(state.choices(alertStates))
    .addOption(severity.choices(severities))
    .option("--owner <account>", program.text({ en: "taken by somebody", zh: "指定负责人" }))
    .option("--line <line>", program.text({ en: "about one line", zh: "指定授信" }))
    .option("--overdue", program.text({ en: "neither closed nor in time", zh: "已超期且未关闭" }));
  addPaging(program, list);
  program.action(list, (frame, _args, options) =>
    withSession(frame, (session) => listAlerts(frame, session, options)),
  );
  const show = program.add(noun, "show", { en: "Show an alert", zh: "查看预警" }, [
    "alert show ID",
  ]);
  show.argument("<id>", program.text(nouns.alert.one));
  program.action(show, (frame, [text]) =>
    withSession(frame, (session) => showAlert(frame, session, String(text))),
  );
}

const words = {
  id: { en: "id", zh: "编号" },
  line: { en: "line", zh: "授信" },
  kind: { en: "kind", zh: "类别" },
  severity: { en: "severity", zh: "严重程度" },
  state: { en: "state", zh: "状态" },
  owner: { en: "owner", zh: "负责人" },
  raised: { en: "raised at", zh: "产生时间" },
  due: { en: "due at", zh: "期限" },
  closed: { en: "closed at", zh: "关闭时间" },
  about: { en: "about", zh: "数据" },
} as const satisfies Readonly<Record<string, Text>>;

const kindWords: Readonly<Record<AlertKind, Text>> = {
  trigger: { en: "severe trigger", zh: "严重触发" },
  "linked-beyond": { en: "linked customers left out", zh: "关联客户超出上限" },
};

const severityWords: Readonly<Record<Severity, Text>> = {
  low: { en: "low", zh: "低" },
  medium: { en: "medium", zh: "中" },
  high: { en: "high", zh: "高" },
};

const stateWords: Readonly<Record<AlertState, Text>> = {
  open: { en: "open", zh: "待处理" },
  taken: { en: "taken", zh: "处理中" },
  closed: { en: "closed", zh: "已关闭" },
};

async function listAlerts(
  frame: Frame,
  session: Session,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const { world } = session.tidemark;
  const { reads } = world.store;
  const page = pageOf(options);
  if (isRefusal(page)) return printRefusal(frame, page);
  const line = typeof options["line"] === "string" ? await findLine(reads, options["line"]) : null;
  if (isRefusal(line)) return printRefusal(frame, line);
  const found = await reads.alerts(page, {
    ...scopeOf(session.actor),
    ...chosen(options, ["state", "severity", "owner"]),
    ...(line === null ? {} : { lineId: line.id }),
    ...(options["overdue"] === true ? { overdueAt: await world.clock.now() } : {}),
  });
  const columns = [words.id, words.kind, words.severity, words.state, words.owner, words.due];
  printPage(
    frame,
    found,
    wireAlert,
    columns.map((label) => ({ label })),
    ({ id, kind, severity, state, owner, dueAt }) => [
      ...[id, say(frame, kindWords[kind]), say(frame, severityWords[severity])],
      ...[say(frame, stateWords[state]), owner ?? "–", dueAt],
    ],
  );
  return exitCodes.success;
}

async function showAlert(frame: Frame, session: Session, text: string): Promise<number> {
  const { reads } = session.tidemark.world.store;
  const subject = await findSubject(reads, "alert", text);
  if (isRefusal(subject)) return printRefusal(frame, subject);
  const alert = reaches(session.actor, subject.line) ? await reads.alert(subject.id) : null;
  if (alert === null) return printRefusal(frame, notFound(subjectNames.alert, text));
  printJson(frame, wireAlert(alert));
  if (frame.json) return exitCodes.success;
  const { id, kind, severity, state, owner, raisedAt, dueAt, closedAt, about } = alert;
  const details: readonly (readonly [Text, string])[] = [
    [words.id, id],
    [words.line, subject.line.reference],
    [words.kind, say(frame, kindWords[kind])],
    [words.severity, say(frame, severityWords[severity])],
    [words.state, say(frame, stateWords[state])],
    [words.owner, owner ?? "–"],
    [words.raised, raisedAt],
    [words.due, dueAt],
    [words.closed, closedAt ?? "–"],
    [words.about, JSON.stringify(about)],
  ];
  frame.terminal.out(`${detailsText(frame, details)}\n`);
  return exitCodes.success;
}
