// `tidemark review notes`, `attach`, `attachments` and `open-attachment`: what lies beside a review case.

import { createHash } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { wireAttachment } from "../adapters/http/wire/review-desk.ts";
import { faultIn } from "../adapters/fault.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import { attachmentBounds } from "../domain/attachment.ts";
import { isRefusal, notFound, refuse, type Refusal } from "../domain/refusal.ts";
import { reviewQueues, type ReviewCase } from "../domain/review-case.ts";
import { attachFile, openFile, reviewNotes } from "../flow/review-record.ts";
import { roleRefusal } from "../flow/role-refusal.ts";
import { print, printJson, printRefusal, type Frame } from "./frame.ts";
import type { Program } from "./program.ts";
import { withSession, type Session } from "./session.ts";
import { findSubject, reaches } from "./subject.ts";
import { tableText } from "./table.ts";
import { nouns } from "./words.ts";

type Noun = ReturnType<Program["noun"]>;

export function registerReviewFiles(program: Program, noun: Noun): void {
  const one = program.text(nouns["review-case"].one);
  const notes = program.add(noun, "notes", { en: "Notes of a review case", zh: "复核件备注" }, [
    "review notes ID",
  ]);
  notes.argument("<id>", one);
  program.action(notes, (frame, [id]) =>
    onCase(frame, id, (session, review) => listNotes(frame, session, review)),
  );
  const attach = program.add(
    noun,
    "attach",
    {
      en: "Lay a file beside a review case: PDF, JPEG, PNG or plain text, at most 5 MiB",
      zh: "为复核件添加附件：PDF、JPEG、PNG 或纯文本，最大 5 MiB",
    },
    ["review attach ID income.pdf"],
  );
  attach.argument("<id>", one).argument("<file>", program.text({ en: "file", zh: "文件" }));
  program.changesData(attach);
  program.action(attach, (frame, [id, file]) =>
    onCase(frame, id, (session, review) => attachOne(frame, session, review, String(file))),
  );
  const list = program.add(
    noun,
    "attachments",
    { en: "Files of a review case", zh: "复核件附件列表" },
    ["review attachments ID"],
  );
  list.argument("<id>", one);
  program.action(list, (frame, [id]) =>
    onCase(frame, id, (session, review) => listFiles(frame, session, review)),
  );
  const open = program.add(
    noun,
    "open-attachment",
    {
      en: "Write one file of a review case to a path; that it was opened is written down",
      zh: "导出复核件附件；查看会被记录",
    },
    ["review open-attachment ID ATTACHMENT_ID --out income.pdf"],
  );
  open
    .argument("<id>", one)
    .argument("<attachment>", program.text({ en: "id of the file", zh: "附件编号" }))
    .requiredOption("--out <file>", program.text({ en: "where to", zh: "写入的文件" }));
  program.action(open, (frame, [id, attachment], options) =>
    onCase(frame, id, (session, review) =>
      openOne(frame, session, {
        review,
        attachmentId: String(attachment),
        out: String(options["out"]),
      }),
    ),
  );
}

/** Does something with a case that the actor reaches. */
function onCase(
  frame: Frame,
  text: unknown,
  work: (session: Session, review: ReviewCase) => Promise<number>,
): Promise<number> {
  return withSession(frame, async (session) => {
    const { reads } = session.tidemark.world.store;
    const subject = await findSubject(reads, "review-case", String(text));
    if (isRefusal(subject)) return printRefusal(frame, subject);
    const review = reaches(session.actor, subject.line) ? await reads.review(subject.id) : null;
    return review === null
      ? printRefusal(frame, notFound({ en: "review case", zh: "复核件" }, String(text)))
      : work(session, review);
  });
}

async function listNotes(frame: Frame, session: Session, review: ReviewCase): Promise<number> {
  const notes = await reviewNotes(session.tidemark.world.store.reads, review);
  printJson(frame, { data: notes });
  if (frame.json) return exitCodes.success;
  if (notes.length === 0) print(frame, { en: "No notes", zh: "暂无备注" });
  const columns = [
    { label: { en: "at", zh: "时间" } },
    { label: { en: "by", zh: "记录人" } },
    { label: { en: "note", zh: "备注" } },
  ];
  frame.terminal.out(
    tableText(
      frame,
      columns,
      notes.map(({ at, by, text }) => [at, by, text]),
    ),
  );
  return exitCodes.success;
}

async function attachOne(
  frame: Frame,
  { tidemark, actor }: Session,
  review: ReviewCase,
  file: string,
): Promise<number> {
  const bytes = readFileBytes(file);
  if (isRefusal(bytes)) return printRefusal(frame, bytes);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const asked = { reviewId: review.id, name: basename(file), bytes, sha256, actor };
  const added = await attachFile(tidemark.world, asked, { dryRun: frame.dryRun });
  if (isRefusal(added)) return printRefusal(frame, added);
  printJson(frame, { dryRun: frame.dryRun, ...added, sha256 });
  print(frame, {
    en: `Attachment ${added.attachmentId}: ${frame.dryRun ? "could be added" : "added"} (${bytes.length} bytes, SHA-256 ${sha256})`,
    zh: `附件 ${added.attachmentId}：${frame.dryRun ? "可添加" : "已添加"}（${bytes.length} 字节，SHA-256 ${sha256}）`,
  });
  return exitCodes.success;
}

function readFileBytes(file: string): Uint8Array | Refusal {
  try {
    // What is far too large is not even read.
    if (statSync(file).size <= attachmentBounds.bytes) return new Uint8Array(readFileSync(file));
  } catch (cause) {
    const said = {
      en: `Cannot read ${file}: ${stateOf(cause)}`,
      zh: `无法读取 ${file}：${stateOf(cause)}`,
    };
    throw faultIn(said, { cause, retryable: false });
  }
  return refuse("invalid", {
    en: `Attachment: found ${statSync(file).size} bytes in ${file}, expected at most ${attachmentBounds.bytes}`,
    zh: `附件：${file} 大小为 ${statSync(file).size} 字节，最大 ${attachmentBounds.bytes}`,
  });
}

function stateOf(cause: unknown): string {
  return (cause as NodeJS.ErrnoException).code ?? "unknown";
}

async function listFiles(
  frame: Frame,
  { tidemark, actor }: Session,
  review: ReviewCase,
): Promise<number> {
  const refusal = roleRefusal(actor, reviewQueues, { en: "Attachments", zh: "附件" });
  if (refusal !== null) return printRefusal(frame, refusal);
  const files = await tidemark.world.store.attachments.list(review.id);
  printJson(frame, { data: files.map(wireAttachment) });
  if (frame.json) return exitCodes.success;
  if (files.length === 0) print(frame, { en: "No files", zh: "暂无附件" });
  const columns = [
    { label: { en: "id", zh: "编号" } },
    { label: { en: "name", zh: "文件名" } },
    { label: { en: "type", zh: "类型" } },
    { label: { en: "bytes", zh: "字节" }, right: true },
    { label: { en: "added", zh: "添加" } },
  ];
  frame.terminal.out(
    tableText(
      frame,
      columns,
      files.map((one) => [
        one.id,
        one.name ?? "–",
        one.type,
        String(one.sizeBytes),
        `${one.addedAt} ${one.addedBy}`,
      ]),
    ),
  );
  return exitCodes.success;
}

async function openOne(
  frame: Frame,
  { tidemark, actor }: Session,
  {
    review,
    attachmentId,
    out,
  }: Readonly<{ review: ReviewCase; attachmentId: string; out: string }>,
): Promise<number> {
  const file = await openFile(tidemark.world, { reviewId: review.id, attachmentId, actor });
  if (isRefusal(file)) return printRefusal(frame, file);
  try {
    writeFileSync(resolve(out), file.bytes, { flag: "wx", mode: 0o600 });
  } catch (cause) {
    const said = {
      en: `Cannot write ${out}: ${stateOf(cause)}`,
      zh: `无法写入 ${out}：${stateOf(cause)}`,
    };
    throw faultIn(said, { cause, retryable: false });
  }
  printJson(frame, { attachmentId, name: file.name, sha256: file.sha256, out });
  print(frame, {
    en: `Attachment ${file.name}: written to ${out}`,
    zh: `附件 ${file.name}：已写入 ${out}`,
  });
  return exitCodes.success;
}
