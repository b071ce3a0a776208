// `tidemark signal dead-letters`, `show`, `repair`, `resend` and `discard`: signals that were refused, and what people do
// with them.

import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Option } from "commander";
import { wireLetter, wireLetterRow } from "../adapters/http/routes/dead-letter-routes.ts";
import { exitCodes, refusalTable } from "../adapters/refusal-table.ts";
import { deadLetterStates, type DeadLetter, type DeadLetterState } from "../domain/dead-letter.ts";
import type { Id } from "../domain/id.ts";
import { isRefusal, refuse, type Refusal } from "../domain/refusal.ts";
import type { Text } from "../domain/text.ts";
import { chosen } from "./chosen.ts";
import { note, print, printJson, printRefusal, say, type Frame } from "./frame.ts";
import { addPaging, pageOf, printPage } from "./page.ts";
import type { Program } from "./program.ts";
import { withSession, type Session } from "./session.ts";
import { deskOf, refusalWord, signalNoun } from "./signals.ts";
import { idOf } from "./subject.ts";
import { detailsText } from "./table.ts";

const stateWords: Readonly<Record<DeadLetterState, Text>> = {
  open: { en: "open", zh: "待处理" },
  sent: { en: "sent", zh: "已重发" },
  discarded: { en: "discarded", zh: "已作废" },
};

const idLabel: Text = { en: "id of a dead letter", zh: "死信编号" };
const reasonLabel: Text = { en: "why", zh: "理由" };

export function registerDeadLetters(program: Program): void {
  const noun = program.noun("signal", signalNoun);
  const list = program.add(
    noun,
    "dead-letters",
    { en: "List signals that were refused, newest first", zh: "被拒绝的信号（由新到旧）" },
    ["signal dead-letters --state open", "signal dead-letters --type bureau-report --json"],
  );
  const state = new Option("--state <state>", program.text({ en: "in one state", zh: "指定状态" }));
  list
    .addOption(state.choices(deadLetterStates))
    .option("--source <source>", program.text({ en: "of one source", zh: "指定来源" }))
    .option("--type <type>", program.text({ en: "of one type", zh: "指定类型" }));
  addPaging(program, list);
  program.action(list, (frame, _args, options) =>
    withSession(frame, (session) => listLetters(frame, session, options)),
  );
  const show = program.add(
    noun,
    "show",
    { en: "Show a refused signal with its contents", zh: "查看死信及其内容" },
    ["signal show ID"],
  );
  show.argument("<id>", program.text(idLabel));
  program.action(show, (frame, [id]) =>
    withSession(frame, (session) => showLetter(frame, session, String(id))),
  );
  registerActs(program, noun);
}

function registerActs(program: Program, noun: ReturnType<Program["noun"]>): void {
  const repair = program.add(
    noun,
    "repair",
    { en: "Put other contents in the place of a refused signal", zh: "修复死信内容" },
    ['signal repair ID --event fixed.json --reason "reference misspelt"'],
  );
  repair
    .argument("<id>", program.text(idLabel))
    .requiredOption(
      "--event <file>",
      program.text({ en: "file with the whole CloudEvent", zh: "完整 CloudEvent 文件" }),
    )
    .requiredOption("--reason <text>", program.text(reasonLabel));
  program.changesData(repair);
  program.action(repair, (frame, [id], options) =>
    withSession(frame, (session) => repairOne(frame, session, String(id), options)),
  );
  const resend = program.add(
    noun,
    "resend",
    { en: "Send refused signals again", zh: "重新发送死信" },
    ["signal resend ID", "signal resend --all --dry-run"],
  );
  resend
    .argument("[id...]", program.text(idLabel))
    .option("--all", program.text({ en: "all that are open", zh: "全部待处理" }));
  program.changesData(resend);
  program.action(resend, (frame, [ids], options) =>
    withSession(frame, (session) =>
      resendSome(frame, session, ids as readonly string[], options["all"] === true),
    ),
  );
  const discard = program.add(
    noun,
    "discard",
    { en: "End a refused signal for good; its contents are destroyed", zh: "作废死信并销毁内容" },
    ['signal discard ID --reason "sent by a test"'],
  );
  discard
    .argument("<id>", program.text(idLabel))
    .requiredOption("--reason <text>", program.text(reasonLabel));
  program.changesData(discard);
  program.action(discard, (frame, [text], options) =>
    withSession(frame, async (session) => {
      const id = idOf(String(text));
      if (isRefusal(id)) return printRefusal(frame, id);
      const because = String(options["reason"]);
      return told(frame, await deskOf(session).discard({ ...asked(frame, session, id), because }));
    }),
  );
}

function asked({ dryRun }: Frame, { actor }: Session, id: Id) {
  return { id, actor, dryRun };
}

async function listLetters(
  frame: Frame,
  session: Session,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const page = pageOf(options);
  if (isRefusal(page)) return printRefusal(frame, page);
  const filter = chosen(options, ["state", "source", "type"]);
  const read = deskOf(session).letters(session.actor, filter);
  if (isRefusal(read)) return printRefusal(frame, read);
  const found = await read({ ...page, newestFirst: true });
  const columns = [
    { label: { en: "id", zh: "编号" } },
    { label: { en: "state", zh: "状态" } },
    { label: { en: "type", zh: "类型" } },
    { label: { en: "source", zh: "来源" } },
    { label: { en: "received", zh: "接收时间" } },
    { label: { en: "why", zh: "原因" } },
  ];
  printPage(
    frame,
    found,
    (letter) => wireLetterRow(letter, frame.language),
    columns,
    ({ id, state, type, source, receivedAt, reason }) => [
      ...[id, say(frame, stateWords[state]), type ?? "–", source ?? "–", receivedAt],
      refusalWord(frame, reason.refused),
    ],
  );
  return exitCodes.success;
}

async function showLetter(frame: Frame, session: Session, text: string): Promise<number> {
  const id = idOf(text);
  if (isRefusal(id)) return printRefusal(frame, id);
  const letter = await deskOf(session).letter(id, session.actor);
  if (isRefusal(letter)) return printRefusal(frame, letter);
  printJson(frame, wireLetter(letter, frame.language));
  if (!frame.json) frame.terminal.out(letterText(frame, letter));
  return exitCodes.success;
}

function letterText(frame: Frame, letter: DeadLetter): string {
  const { reason, acts } = letter;
  return detailsText(frame, [
    [{ en: "id", zh: "编号" }, letter.id],
    [{ en: "state", zh: "状态" }, say(frame, stateWords[letter.state])],
    [{ en: "type", zh: "类型" }, letter.type ?? "–"],
    [{ en: "source", zh: "来源" }, letter.source ?? "–"],
    [{ en: "id at the source", zh: "来源编号" }, letter.eventId ?? "–"],
    [{ en: "received", zh: "接收" }, `${letter.receivedAt} ${letter.receivedFrom}`],
    [
      { en: "why", zh: "原因" },
      `${refusalWord(frame, reason.refused)}: ${say(frame, reason.detail)}`,
    ],
    [
      { en: "since then", zh: "处理" },
      acts.map(({ at, by, did, because }) => `${at} ${by} ${did} ${because ?? ""}`).join("\n") ||
        "–",
    ],
    [{ en: "contents", zh: "内容" }, letter.content ?? "–"],
  ]);
}

async function repairOne(
  frame: Frame,
  session: Session,
  text: string,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const id = idOf(text);
  if (isRefusal(id)) return printRefusal(frame, id);
  const event = await readEvent(frame, String(options["event"]));
  if (isRefusal(event)) return printRefusal(frame, event);
  const because = String(options["reason"]);
  return told(
    frame,
    await deskOf(session).repair({ ...asked(frame, session, id), event, because }),
  );
}

async function readEvent(frame: Frame, file: string): Promise<object | Refusal> {
  const path = resolve(frame.terminal.workingFolder, file);
  const value = await readFile(path, "utf8").then(
    (text) => parsed(text),
    () => null,
  );
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  return refuse("invalid", {
    en: `--event: found no JSON object in ${file}, expected one CloudEvent`,
    zh: `--event：${file} 中没有 JSON 对象，应为一个 CloudEvent`,
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function told(frame: Frame, letter: DeadLetter | Refusal): number {
  if (isRefusal(letter)) return printRefusal(frame, letter);
  printJson(frame, { dryRun: frame.dryRun, ...wireLetterRow(letter, frame.language) });
  const state = stateWords[letter.state];
  print(frame, {
    en: `${letter.id}: ${frame.dryRun ? "would be " : ""}${state.en}`,
    zh: `${letter.id}：${frame.dryRun ? "将为" : ""}${state.zh}`,
  });
  return exitCodes.success;
}

async function resendSome(
  frame: Frame,
  session: Session,
  typed: readonly string[],
  all: boolean,
): Promise<number> {
  const desk = deskOf(session);
  const ids = all ? await desk.openLetters(session.actor) : typed.map(idOf);
  if (isRefusal(ids)) return printRefusal(frame, ids);
  const wrong = ids.find(isRefusal);
  if (wrong !== undefined) return printRefusal(frame, wrong);
  if (ids.length === 0 && !all) return printRefusal(frame, noIds);
  const counts = { sent: 0, open: 0 };
  let last: Refusal | null = null;
  for (const id of ids as readonly Id[]) {
    if (session.stopped()) break;
    const letter = await desk.resend(asked(frame, session, id));
    if (isRefusal(letter)) return printRefusal(frame, letter);
    if (letter.state === "sent") counts.sent += 1;
    else {
      counts.open += 1;
      last = letter.reason;
      const { detail } = letter.reason;
      note(frame, { en: `${id}: ${detail.en}`, zh: `${id}：${detail.zh}` });
    }
  }
  printJson(frame, { dryRun: frame.dryRun, ...counts });
  print(frame, {
    en: `${frame.dryRun ? "Would be sent" : "Sent"}: ${counts.sent}, refused again: ${counts.open}`,
    zh: `${frame.dryRun ? "将重发" : "已重发"}：${counts.sent}，再次被拒：${counts.open}`,
  });
  return last === null ? exitCodes.success : refusalTable[last.refused].exitCode;
}

const noIds = refuse("invalid", {
  en: "Found no id, expected one or more, or --all",
  zh: "未给出编号，应给出一个或多个编号，或使用 --all",
});
