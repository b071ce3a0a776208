// `tidemark notice`: what customers were told, word for word.

import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { faultIn } from "../adapters/fault.ts";
import { wireNotice } from "../adapters/http/wire/notice.ts";
import { sha256 } from "../adapters/notices/channels.ts";
import { letterPdf } from "../adapters/notices/letter.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import { noticeStates, type Notice } from "../domain/notice.ts";
import { isRefusal, notFound, type Refusal } from "../domain/refusal.ts";
import { print, printJson, printRefusal, say, type Frame } from "./frame.ts";
import { addListFilter, listFilter } from "./list-filter.ts";
import { pageOf, printPage } from "./page.ts";
import type { Program } from "./program.ts";
import { withSession, type Session } from "./session.ts";
import { findSubject, reaches } from "./subject.ts";
import { detailsText, tableText } from "./table.ts";
import { deliveryStateWords, noticeStateWords, nouns } from "./words.ts";

export function registerNotices(program: Program): void {
  const noun = program.noun(nouns.notice.noun, nouns.notice.label);
  const list = program.add(noun, "list", { en: "List notices", zh: "通知列表" }, [
    "notice list --state bounced",
  ]);
  addListFilter(program, list, noticeStates);
  program.action(list, (frame, _args, options) =>
    withSession(frame, (session) => listNotices(frame, session, options)),
  );
  const show = program.add(
    noun,
    "show",
    { en: "Show a notice as it was sent", zh: "查看通知原文" },
    ["notice show ID"],
  );
  show.argument("<id>", program.text(nouns.notice.one));
  program.action(show, (frame, [text]) =>
    withSession(frame, (session) => showNotice(frame, session, String(text))),
  );
  const letter = program.add(
    noun,
    "letter",
    {
      en: "Write a notice as a letter without its address (PDF, the same bytes each time)",
      zh: "将通知写成不含地址的信函（PDF，每次字节相同）",
    },
    ["notice letter ID --out notice.pdf", "notice letter ID --out notice.pdf --lang zh"],
  );
  letter
    .argument("<id>", program.text(nouns.notice.one))
    .requiredOption("--out <file>", program.text({ en: "file to write", zh: "输出文件" }));
  program.action(letter, (frame, [text], options) =>
    withSession(frame, (session) =>
      writeLetter(frame, session, String(text), String(options["out"])),
    ),
  );
}

const words = {
  id: { en: "id", zh: "编号" },
  decision: { en: "decision", zh: "决定" },
  state: { en: "state", zh: "状态" },
  channel: { en: "channel", zh: "渠道" },
  reasons: { en: "reasons", zh: "理由" },
  issued: { en: "issued", zh: "发出日" },
  effective: { en: "effective", zh: "生效日" },
  delivered: { en: "delivered", zh: "送达时间" },
  pack: { en: "compliance pack", zh: "合规规则包" },
  texts: { en: "version of the texts", zh: "文本版本" },
  sent: { en: "sent", zh: "发出时间" },
  settled: { en: "settled", zh: "结果时间" },
  because: { en: "because", zh: "原因" },
} as const;

async function listNotices(
  frame: Frame,
  session: Session,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const page = pageOf(options);
  if (isRefusal(page)) return printRefusal(frame, page);
  const filter = await listFilter(session, options);
  if (isRefusal(filter)) return printRefusal(frame, filter);
  const found = await session.tidemark.world.store.reads.notices(page, filter);
  const columns = [
    words.id,
    words.state,
    words.channel,
    words.reasons,
    words.issued,
    words.effective,
  ];
  printPage(
    frame,
    found,
    (notice) => wireNotice(notice, frame.language),
    columns.map((label) => ({ label })),
    (notice) => [
      notice.id,
      say(frame, noticeStateWords[notice.state]),
      notice.channel,
      notice.reasons.join(" "),
      notice.issuedOn,
      notice.effectiveOn,
    ],
  );
  return exitCodes.success;
}

async function findNotice(session: Session, text: string): Promise<Notice | Refusal> {
  const { reads } = session.tidemark.world.store;
  const subject = await findSubject(reads, "notice", text);
  if (isRefusal(subject)) return subject;
  const notice = reaches(session.actor, subject.line) ? await reads.notice(subject.id) : null;
  return notice ?? notFound({ en: "notice", zh: "通知" }, text);
}

async function writeLetter(
  frame: Frame,
  session: Session,
  text: string,
  out: string,
): Promise<number> {
  const notice = await findNotice(session, text);
  if (isRefusal(notice)) return printRefusal(frame, notice);
  const { language } = frame;
  const lender = session.tidemark.contact.lender[language];
  const bytes = await letterPdf({ notice, language, lender, recipient: [] });
  const file = resolve(out);
  try {
    writeFileSync(file, bytes);
  } catch (cause) {
    const state = (cause as NodeJS.ErrnoException).code ?? "unknown";
    const said = { en: `Cannot write ${file}: ${state}`, zh: `无法写入 ${file}：${state}` };
    throw faultIn(said, { cause, retryable: false });
  }
  const hash = sha256(bytes);
  printJson(frame, { noticeId: notice.id, file, sha256: hash });
  print(frame, { en: `Written: ${file}, SHA-256 ${hash}`, zh: `已写入：${file}，SHA-256 ${hash}` });
  return exitCodes.success;
}

async function showNotice(frame: Frame, session: Session, text: string): Promise<number> {
  const notice = await findNotice(session, text);
  if (isRefusal(notice)) return printRefusal(frame, notice);
  printJson(frame, wireNotice(notice, frame.language));
  if (frame.json) return exitCodes.success;
  const details = detailsText(frame, [
    [words.id, notice.id],
    [words.decision, notice.decisionId],
    [words.state, say(frame, noticeStateWords[notice.state])],
    [words.channel, notice.channel],
    [words.issued, notice.issuedOn],
    [words.delivered, notice.deliveredAt ?? "–"],
    [words.effective, notice.effectiveOn],
    [words.pack, `${notice.pack.id} ${notice.pack.version}`],
    [words.texts, String(notice.textsVersion)],
  ]);
  const attempts = tableText(
    frame,
    [words.channel, words.state, words.sent, words.settled, words.because].map((label) => ({
      label,
    })),
    notice.deliveries.map((one) => [
      one.channel,
      say(frame, deliveryStateWords[one.state]),
      one.sentAt ?? "–",
      one.settledAt ?? "–",
      one.because ?? "–",
    ]),
  );
  const texts = (["zh", "en"] as const).map(
    (language) =>
      `--- ${language} ---\n${notice.subject[language]}\n\n${notice.short[language]}\n\n${notice.body[language]}\n`,
  );
  frame.terminal.out(`${details}\n${attempts}\n${texts.join("\n")}`);
  return exitCodes.success;
}
