// `tidemark notice`: what customers were told, word for word.

import { wireNotice } from "../adapters/http/wire/notice.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import { noticeStates } from "../domain/notice.ts";
import { isRefusal, notFound } from "../domain/refusal.ts";
import { printJson, printRefusal, say, type Frame } from "./frame.ts";
import { addListFilter, listFilter } from "./list-filter.ts";
import { pageOf, printPage } from "./page.ts";
import type { Program } from "./program.ts";
import { withSession, type Session } from "./session.ts";
import { findSubject, reaches } from "./subject.ts";
import { detailsText } from "./table.ts";
import { noticeStateWords, nouns } from "./words.ts";

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

async function showNotice(frame: Frame, session: Session, text: string): Promise<number> {
  const { reads } = session.tidemark.world.store;
  const subject = await findSubject(reads, "notice", text);
  if (isRefusal(subject)) return printRefusal(frame, subject);
  const notice = reaches(session.actor, subject.line) ? await reads.notice(subject.id) : null;
  if (notice === null) return printRefusal(frame, notFound({ en: "notice", zh: "通知" }, text));
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
  ]);
  const texts = (["zh", "en"] as const).map(
    (language) => `--- ${language} ---\n${notice.subject[language]}\n\n${notice.body[language]}\n`,
  );
  frame.terminal.out(`${details}\n${texts.join("\n")}`);
  return exitCodes.success;
}
