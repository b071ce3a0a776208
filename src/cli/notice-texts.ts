// `tidemark notice-text`: the words of notices, versioned, looked at on real decisions and approved by somebody else.

import { readTexts } from "../adapters/notices/catalogue.ts";
import { wireNoticeTextsSummary, wireShippedTexts } from "../adapters/http/wire/notice-texts.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import { canonicalJson } from "../domain/canonical-json.ts";
import { isRefusal, type Refusal } from "../domain/refusal.ts";
import { languages, type Text } from "../domain/text.ts";
import { addTexts, approveTexts, previewNotice } from "../flow/notice-texts.ts";
import { printJson, printRefusal, print, say, type Frame } from "./frame.ts";
import { wholeNumber } from "./page.ts";
import type { Program } from "./program.ts";
import { withSession, type Session } from "./session.ts";
import { idOf } from "./subject.ts";
import { tableText } from "./table.ts";

export function registerNoticeTexts(program: Program): void {
  const noun = program.noun("notice-text", { en: "Words of notices", zh: "通知文本" });
  const list = program.add(noun, "list", { en: "List versions of the words", zh: "文本版本列表" }, [
    "notice-text list",
    "notice-text list --json",
  ]);
  program.action(list, (frame) => withSession(frame, (session) => listVersions(frame, session)));
  const add = program.add(
    noun,
    "add",
    { en: "Check texts and store them as a draft", zh: "检查文本并存为草稿" },
    ["notice-text add ./my-texts --as compliance"],
  );
  add.argument(
    "<folder>",
    program.text({
      en: "folder with notices.zh.json and notices.en.json",
      zh: "含 notices.zh.json 与 notices.en.json 的文件夹",
    }),
  );
  program.changesData(add);
  program.action(add, (frame, [folder]) =>
    withSession(frame, (session) => addFolder(frame, session, String(folder))),
  );
  registerPreview(program, noun);
  registerApproval(program, noun);
}

const versionLabel: Text = {
  en: "version of the texts, 0: as shipped",
  zh: "文本版本，0 为随附文本",
};

function registerPreview(program: Program, noun: ReturnType<Program["noun"]>): void {
  const preview = program.add(
    noun,
    "preview",
    {
      en: "Show the notice of a real decision in some texts; nothing is stored or sent",
      zh: "以指定文本预览真实决定的通知，不保存、不发送",
    },
    ["notice-text preview DECISION_ID", "notice-text preview DECISION_ID --version 2"],
  );
  preview
    .argument("<decision>", program.text({ en: "id of a decision", zh: "决定编号" }))
    .option("--version <version>", program.text(versionLabel));
  program.action(preview, (frame, [decision], options) =>
    withSession(frame, (session) =>
      showPreview(frame, session, String(decision), options["version"]),
    ),
  );
}

function registerApproval(program: Program, noun: ReturnType<Program["noun"]>): void {
  const approve = program.add(
    noun,
    "approve",
    {
      en: "Approve a draft; who wrote it may not. Notices are written with it from now on",
      zh: "批准草稿（编写人不得批准），此后的通知使用该版本",
    },
    ["notice-text approve 1 --as compliance"],
  );
  approve
    .argument("<version>", program.text(versionLabel))
    .option(
      "--hash <hash>",
      program.text({ en: "refuse other texts than these", zh: "内容哈希不一致时拒绝" }),
    );
  program.changesData(approve);
  program.action(approve, (frame, [version], options) =>
    withSession(frame, (session) => approveVersion(frame, session, version, options["hash"])),
  );
}

const stateWords: Readonly<Record<"shipped" | "draft" | "approved", Text>> = {
  shipped: { en: "shipped", zh: "随附" },
  draft: { en: "draft", zh: "草稿" },
  approved: { en: "approved", zh: "已批准" },
};

const columns = [
  { en: "version", zh: "版本" },
  { en: "state", zh: "状态" },
  { en: "in force", zh: "使用中" },
  { en: "author", zh: "编写人" },
  { en: "approved by", zh: "批准人" },
  { en: "hash", zh: "哈希" },
] as const;

async function listVersions(frame: Frame, { tidemark }: Session): Promise<number> {
  const { store, wordings, ids } = tidemark.world;
  const inForce = await store.noticeTexts.inForce();
  const stored = await store.noticeTexts.list();
  const rows = [
    wireShippedTexts(ids.sha256(canonicalJson(wordings.shipped)), inForce),
    ...stored.map((one) => wireNoticeTextsSummary(one, inForce)),
  ];
  printJson(frame, { data: rows });
  if (frame.json) return exitCodes.success;
  const cells = rows.map((row) => [
    String(row.version),
    say(frame, stateWords[row.state]),
    row.inForce ? "✓" : "",
    row.author ?? "–",
    row.approvedBy ?? "–",
    row.hash.slice(0, 12),
  ]);
  frame.terminal.out(
    tableText(
      frame,
      columns.map((label) => ({ label })),
      cells,
    ),
  );
  return exitCodes.success;
}

async function addFolder(frame: Frame, session: Session, folder: string): Promise<number> {
  const { tidemark, actor } = session;
  const added = await addTexts(tidemark.world, readTexts(folder), actor, { dryRun: frame.dryRun });
  if (isRefusal(added)) return printRefusal(frame, added);
  printJson(frame, wireNoticeTextsSummary(added, 0));
  print(frame, {
    en: `Notice texts version ${added.version}: ${added.state}, hash ${added.hash}`,
    zh: `通知文本第 ${added.version} 版：${stateWords[added.state].zh}，哈希 ${added.hash}`,
  });
  return exitCodes.success;
}

async function approveVersion(
  frame: Frame,
  { tidemark, actor }: Session,
  given: unknown,
  hash: unknown,
): Promise<number> {
  const version = wholeNumber(given, 1, "VERSION");
  if (typeof version !== "number") return printRefusal(frame, version);
  const expected = typeof hash === "string" ? hash : null;
  const options = { dryRun: frame.dryRun };
  const done = await approveTexts(tidemark.world, version, actor, expected, options);
  if (isRefusal(done)) return printRefusal(frame, done);
  printJson(frame, wireNoticeTextsSummary(done, frame.dryRun ? 0 : version));
  print(frame, {
    en: `Notice texts version ${version}: approved by ${actor.id}`,
    zh: `通知文本第 ${version} 版：已由 ${actor.id} 批准`,
  });
  return exitCodes.success;
}

/** The texts that ship are version 0. */
function previewedVersion(given: unknown): number | Refusal {
  return given === "0" ? 0 : wholeNumber(given, 1, "--version");
}

async function showPreview(
  frame: Frame,
  { tidemark, actor }: Session,
  text: string,
  given: unknown,
): Promise<number> {
  const id = idOf(text);
  if (isRefusal(id)) return printRefusal(frame, id);
  const version = given === undefined ? null : previewedVersion(given);
  if (isRefusal(version)) return printRefusal(frame, version);
  const made = await previewNotice(tidemark.world, id, version, actor);
  if (isRefusal(made)) return printRefusal(frame, made);
  printJson(frame, made);
  if (frame.json) return exitCodes.success;
  const texts = languages.map(
    (language) =>
      `--- ${language} ---\n${made.subject[language]}\n\n${made.short[language]}\n\n${made.body[language]}\n`,
  );
  frame.terminal.out(texts.join("\n"));
  return exitCodes.success;
}
