// `tidemark reminder`: what borrowers were or will be told of what is due, and why a reminder was not sent.

import { wirePreview, wireReminder } from "../adapters/http/wire/reminder.ts";
import { subjectNames } from "../adapters/read-subject.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import { isRefusal, notFound } from "../domain/refusal.ts";
import { type ReminderEnd, reminderStates, type ReminderState } from "../domain/reminder.ts";
import type { Text } from "../domain/text.ts";
import { previewReminder } from "../flow/reminder-standing.ts";
import { amountText } from "./amount.ts";
import { printJson, printRefusal, say, type Frame } from "./frame.ts";
import { addListFilter, listFilter } from "./list-filter.ts";
import { pageOf, printPage } from "./page.ts";
import type { Program } from "./program.ts";
import { withSession, type Session } from "./session.ts";
import { findSubject, reaches } from "./subject.ts";
import { detailsText } from "./table.ts";
import { nouns } from "./words.ts";

export function registerReminders(program: Program): void {
  const noun = program.noun(nouns.reminder.noun, nouns.reminder.label);
  const list = program.add(noun, "list", { en: "List reminders", zh: "还款提醒列表" }, [
    "reminder list --line L-1001",
    "reminder list --state dropped --json",
  ]);
  addListFilter(program, list, reminderStates);
  program.action(list, (frame, _args, options) =>
    withSession(frame, (session) => listReminders(frame, session, options)),
  );
  const preview = program.add(
    noun,
    "preview",
    {
      en: "What a reminder says, or would say now, and whether it would be sent; sends nothing",
      zh: "查看提醒内容（或现在将写成的内容）以及是否会发送；不会实际发送",
    },
    ["reminder preview ID", "reminder preview ID --json"],
  );
  preview.argument("<id>", program.text(nouns.reminder.one));
  program.action(preview, (frame, [text]) =>
    withSession(frame, (session) => showPreview(frame, session, String(text))),
  );
}

const words = {
  id: { en: "id", zh: "编号" },
  dueOn: { en: "due on", zh: "到期还款日" },
  daysBefore: { en: "days before", zh: "提前天数" },
  state: { en: "state", zh: "状态" },
  because: { en: "not sent because", zh: "未发送原因" },
  planned: { en: "planned at", zh: "计划时间" },
  sent: { en: "sent at", zh: "发送时间" },
  line: { en: "line", zh: "授信" },
  minimumDue: { en: "least to pay", zh: "最低还款额" },
  leaves: { en: "leaves at", zh: "发出时间" },
  stop: { en: "would not be sent because", zh: "现在不会发送的原因" },
} as const satisfies Readonly<Record<string, Text>>;

const stateWords: Readonly<Record<ReminderState, Text>> = {
  planned: { en: "planned", zh: "已安排" },
  waiting: { en: "on its way", zh: "待发送" },
  sent: { en: "sent", zh: "已发送" },
  delivered: { en: "delivered", zh: "已送达" },
  dropped: { en: "dropped", zh: "已取消" },
  failed: { en: "failed", zh: "发送失败" },
};

const endWords: Readonly<Record<ReminderEnd, Text>> = {
  paid: { en: "paid", zh: "已还款" },
  superseded: { en: "another statement took its place", zh: "已被新账单取代" },
  "left-alone": { en: "the line is left alone", zh: "该授信免于提醒" },
  cap: { en: "the customer had as many as allowed", zh: "已达客户提醒次数上限" },
  "too-late": { en: "the due date is over", zh: "已过到期还款日" },
  undeliverable: { en: "every channel failed", zh: "所有渠道均失败" },
};

function endText(frame: Frame, because: ReminderEnd | null): string {
  return because === null ? "–" : say(frame, endWords[because]);
}

async function listReminders(
  frame: Frame,
  session: Session,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const page = pageOf(options);
  if (isRefusal(page)) return printRefusal(frame, page);
  const filter = await listFilter(session, options);
  if (isRefusal(filter)) return printRefusal(frame, filter);
  const found = await session.tidemark.world.store.reads.reminders(page, filter);
  const columns = [words.id, words.dueOn, words.daysBefore, words.state, words.because];
  printPage(
    frame,
    found,
    wireReminder,
    [...columns, words.planned, words.sent].map((label) => ({ label })),
    ({ id, dueOn, daysBefore, state, because, plannedAt, sentAt }) => [
      ...[id, dueOn, String(daysBefore), say(frame, stateWords[state])],
      ...[endText(frame, because), plannedAt, sentAt ?? "–"],
    ],
  );
  return exitCodes.success;
}

async function showPreview(frame: Frame, session: Session, text: string): Promise<number> {
  const { world } = session.tidemark;
  const subject = await findSubject(world.store.reads, "reminder", text);
  if (isRefusal(subject)) return printRefusal(frame, subject);
  const { line } = subject;
  const reminder = reaches(session.actor, line)
    ? await world.store.reads.reminder(subject.id)
    : null;
  if (reminder === null) return printRefusal(frame, notFound(subjectNames.reminder, text));
  const preview = await previewReminder(world, reminder);
  printJson(frame, wirePreview(preview));
  if (frame.json) return exitCodes.success;
  const { subject: title, body } = preview.words;
  const details: readonly (readonly [Text, string])[] = [
    [words.id, reminder.id],
    [words.line, line.reference],
    [words.dueOn, reminder.dueOn],
    [words.minimumDue, amountText(reminder.minimumDueMinor, line.currency)],
    [words.state, say(frame, stateWords[reminder.state])],
    [words.leaves, preview.leavesAt ?? "–"],
    [words.stop, endText(frame, preview.stop)],
  ];
  frame.terminal.out(
    `${detailsText(frame, details)}\n\n${say(frame, title)}\n\n${say(frame, body)}\n`,
  );
  return exitCodes.success;
}
