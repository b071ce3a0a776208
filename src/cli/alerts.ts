// `tidemark alert`: news that wants a person. Taking and closing are verbs of the pipeline.

import { Option } from "commander";
import { wireAlert, wireAlertCount } from "../adapters/http/wire/alert.ts";
import { subjectNames } from "../adapters/read-subject.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import {
  type Alert,
  type AlertFinding,
  type AlertKind,
  alertKinds,
  type AlertState,
  alertStates,
  precisionBp,
} from "../domain/alert.ts";
import { roles } from "../domain/actor.ts";
import { isRefusal, notFound } from "../domain/refusal.ts";
import { severities, type Severity } from "../domain/severity.ts";
import type { Text } from "../domain/text.ts";
import { chosen } from "./chosen.ts";
import { printJson, printRefusal, say, type Frame } from "./frame.ts";
import { addPaging, pageOf, printPage } from "./page.ts";
import type { Program } from "./program.ts";
import { withSession, type Session } from "./session.ts";
import { findLine, findSubject, reaches, scopeOf } from "./subject.ts";
import { detailsText, tableText } from "./table.ts";
import { nouns } from "./words.ts";

export function registerAlerts(program: Program): void {
  const noun = program.noun(nouns.alert.noun, nouns.alert.label);
  const list = program.add(noun, "list", { en: "List alerts", zh: "预警列表" }, [
    "alert list --state open --severity high",
    "alert list --overdue --json",
    "alert list --line L-1001 --kind behaviour",
    "alert list --role approver",
  ]);
  const state = new Option("--state <state>", program.text({ en: "in one state", zh: "指定状态" }));
  const severity = new Option(
    "--severity <severity>",
    program.text({ en: "of one severity", zh: "指定严重程度" }),
  );
  list
    .addOption(state.choices(alertStates))
    .addOption(severity.choices(severities))
    .addOption(
      new Option("--kind <kind>", program.text({ en: "of one kind", zh: "指定类别" })).choices(
        alertKinds,
      ),
    )
    .addOption(
      new Option("--role <role>", program.text({ en: "of one role", zh: "指定归属角色" })).choices(
        roles,
      ),
    )
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
  const stats = program.add(
    noun,
    "stats",
    {
      en: "How many alerts were raised by kind and look, and how many had something to them",
      zh: "按类别与观察项统计预警数量与属实比例",
    },
    ["alert stats", "alert stats --json"],
  );
  program.action(stats, (frame) => withSession(frame, (session) => showStats(frame, session)));
}

const words = {
  id: { en: "id", zh: "编号" },
  line: { en: "line", zh: "授信" },
  kind: { en: "kind", zh: "类别" },
  severity: { en: "severity", zh: "严重程度" },
  state: { en: "state", zh: "状态" },
  role: { en: "role", zh: "归属角色" },
  owner: { en: "owner", zh: "负责人" },
  raised: { en: "raised at", zh: "产生时间" },
  due: { en: "due at", zh: "期限" },
  escalated: { en: "passed up at", zh: "上报时间" },
  closed: { en: "closed at", zh: "关闭时间" },
  finding: { en: "finding", zh: "核查结论" },
  look: { en: "look", zh: "观察项" },
  raisedCount: { en: "raised", zh: "产生" },
  confirmed: { en: "confirmed", zh: "属实" },
  falseAlarms: { en: "false alarms", zh: "误报" },
  precision: { en: "precision", zh: "属实比例" },
  about: { en: "about", zh: "数据" },
} as const satisfies Readonly<Record<string, Text>>;

const kindWords: Readonly<Record<AlertKind, Text>> = {
  trigger: { en: "severe trigger", zh: "严重触发" },
  "linked-beyond": { en: "linked customers left out", zh: "关联客户超出上限" },
  behaviour: { en: "unusual use", zh: "用款异常" },
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

const findingWords: Readonly<Record<AlertFinding, Text>> = {
  confirmed: { en: "confirmed", zh: "属实" },
  "false-alarm": { en: "false alarm", zh: "误报" },
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
    ...chosen(options, ["kind", "state", "severity", "role", "owner"]),
    ...(line === null ? {} : { lineId: line.id }),
    ...(options["overdue"] === true ? { overdueAt: await world.clock.now() } : {}),
  });
  const columns = [
    words.id,
    words.kind,
    words.severity,
    words.state,
    words.role,
    words.owner,
    words.due,
  ];
  printPage(
    frame,
    found,
    wireAlert,
    columns.map((label) => ({ label })),
    ({ id, kind, severity, state, role, owner, dueAt }) => [
      ...[id, say(frame, kindWords[kind]), say(frame, severityWords[severity])],
      ...[say(frame, stateWords[state]), role, owner ?? "–", dueAt],
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
  const { id, kind, severity, state, role, owner, raisedAt, dueAt, closedAt } = alert;
  const details: readonly (readonly [Text, string])[] = [
    [words.id, id],
    [words.line, subject.line.reference],
    [words.kind, say(frame, kindWords[kind])],
    [words.severity, say(frame, severityWords[severity])],
    [words.state, say(frame, stateWords[state])],
    [words.role, role],
    [words.owner, owner ?? "–"],
    [words.raised, raisedAt],
    [words.due, dueAt],
    [words.escalated, alert.escalatedAt ?? "–"],
    [words.closed, closedAt ?? "–"],
    [words.finding, alert.finding === null ? "–" : say(frame, findingWords[alert.finding])],
    [words.about, aboutText(frame, alert)],
  ];
  frame.terminal.out(`${detailsText(frame, details)}\n`);
  return exitCodes.success;
}

/** Behaviour says in words what it found; other alerts their figures. */
function aboutText(frame: Frame, { kind, about }: Alert): string {
  if (kind !== "behaviour") return JSON.stringify(about);
  return `${String(about["look"])}: ${say(frame, about["text"] as Text)}`;
}

async function showStats(frame: Frame, session: Session): Promise<number> {
  const { reads } = session.tidemark.world.store;
  const counts = await reads.alertCounts(scopeOf(session.actor));
  printJson(frame, { data: counts.map(wireAlertCount) });
  if (frame.json) return exitCodes.success;
  const columns = [words.kind, words.look, words.raisedCount, words.confirmed, words.falseAlarms];
  const rows = counts.map((count) => {
    const share = precisionBp(count);
    return [
      ...[say(frame, kindWords[count.kind]), count.look ?? "–", String(count.raised)],
      ...[String(count.confirmed), String(count.falseAlarms)],
      share === null ? "–" : `${(share / 100).toFixed(1)} %`,
    ];
  });
  const labels = [...columns, words.precision].map((label) => ({ label }));
  frame.terminal.out(tableText(frame, labels, rows));
  return exitCodes.success;
}
