// `tidemark strategy`: checking, adding and reading strategy versions. Checking needs no database.

import { resolve } from "node:path";
import { wireStrategy, wireStrategySummary } from "../adapters/http/wire/strategy.ts";
import { readStrategyFile, readYamlFile } from "../adapters/files/strategy-file.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import { isRefusal, notFound } from "../domain/refusal.ts";
import type { Text } from "../domain/text.ts";
import { addStrategy, strategyStateNames } from "../flow/strategy-life.ts";
import type { StoredStrategy } from "../flow/ports.ts";
import { lawKey, undecidedLaws } from "../policy/check/finding.ts";
import { note, print, printJson, printRefusal, say, type Frame } from "./frame.ts";
import { printProblems } from "./import.ts";
import { wholeNumber } from "./page.ts";
import type { Program } from "./program.ts";
import { withSession, type Session } from "./session.ts";
import { checkFile } from "./strategy-check.ts";
import { registerStrategyDocuments } from "./strategy-documents.ts";
import { idLabel, registerStrategySteps, versionLabel } from "./strategy-steps.ts";
import { tableText } from "./table.ts";

export function registerStrategies(program: Program): void {
  const noun = program.noun("strategy", { en: "Strategies", zh: "策略" });
  const check = program.add(
    noun,
    "check",
    {
      en: "Check a strategy: gaps, overlaps, rows never reached, and laws proved for every line",
      zh: "检查策略：空隙、重叠、不可达的行，并对一切额度证明方向定律",
    },
    ["strategy check strategies/consumer-cn", "strategy check strategies/consumer-cn --json"],
  );
  check.argument(
    "<file>",
    program.text({
      en: "strategy file (YAML or JSON), or a folder with strategy.yaml",
      zh: "策略文件（YAML 或 JSON），或含 strategy.yaml 的文件夹",
    }),
  );
  program.action(check, (frame, [file]) => checkFile(frame, String(file)));
  const add = program.add(
    noun,
    "add",
    {
      en: "Check a strategy file and store it, submitted for approval",
      zh: "检查策略文件，存入并提交批准",
    },
    ["strategy add strategies/consumer-cn/strategy.yaml"],
  );
  add
    .argument("<file>", program.text(fileLabel))
    .option(
      "--draft",
      program.text({ en: "keep it as a draft, not submitted", zh: "仅存为草稿，不提交" }),
    );
  program.changesData(add);
  program.action(add, (frame, [file], options) =>
    withSession(frame, (session) =>
      addFile(frame, session, String(file), options["draft"] === true),
    ),
  );
  registerStrategySteps(program, noun);
  registerStrategyDocuments(program, noun);
  registerReads(program, noun);
}

const fileLabel: Text = { en: "strategy file (YAML or JSON)", zh: "策略文件（YAML 或 JSON）" };

function registerReads(program: Program, noun: ReturnType<Program["noun"]>): void {
  const list = program.add(noun, "list", { en: "List strategy versions", zh: "策略版本列表" }, [
    "strategy list",
    "strategy list --json",
  ]);
  program.action(list, (frame) =>
    withSession(frame, async ({ tidemark }) => {
      const all = await tidemark.world.store.strategies.list();
      printJson(frame, { data: all.map(wireStrategySummary) });
      if (!frame.json) frame.terminal.out(listText(frame, all));
      return exitCodes.success;
    }),
  );
  const show = program.add(
    noun,
    "show",
    { en: "Show a strategy version as stored", zh: "查看已存策略版本" },
    ["strategy show consumer-cn 1"],
  );
  show.argument("<id>", program.text(idLabel)).argument("[version]", program.text(versionLabel));
  program.action(show, (frame, [id, version]) =>
    withSession(frame, (session) => showVersion(frame, session, String(id), version)),
  );
}

async function addFile(
  frame: Frame,
  { tidemark, actor }: Session,
  file: string,
  draft: boolean,
): Promise<number> {
  const path = resolve(frame.terminal.workingFolder, file);
  const checked = await readStrategyFile(path);
  if (checked.strategy === null)
    return printProblems(
      frame,
      checked.problems.map(({ message }) => message),
    );
  const read = await readYamlFile(path);
  if ("problems" in read)
    return printProblems(
      frame,
      read.problems.map(({ message }) => message),
    );
  const added = await addStrategy(tidemark.world, read.value, actor, {
    locate: read.locate,
    dryRun: frame.dryRun,
    draft,
  });
  if (isRefusal(added)) return printRefusal(frame, added);
  if ("problems" in added)
    return printProblems(
      frame,
      added.problems.map(({ message }) => message),
    );
  const { strategy, was, report } = added;
  const undecided = undecidedLaws(report);
  printJson(frame, { ...wireStrategySummary(strategy), was, undecided: undecided.map(lawKey) });
  print(frame, saidOf(strategy, was));
  for (const law of undecided) {
    note(frame, {
      en: `Undecided law ${lawKey(law)}, to be signed off at approval: ${law.text.en}`,
      zh: `未决定律 ${lawKey(law)}，批准时须具名承担：${law.text.zh}`,
    });
  }
  return exitCodes.success;
}

function saidOf(
  { id, version, hash, state }: StoredStrategy,
  was: "added" | "exists" | "checked",
): Text {
  const name = { en: `Strategy ${id} version ${version}`, zh: `策略 ${id} 第 ${version} 版` };
  switch (was) {
    case "added":
      return {
        en: `${name.en}: added, ${state} (hash ${hash})`,
        zh: `${name.zh}：已存入，${strategyStateNames[state].zh}（哈希 ${hash}）`,
      };
    case "exists":
      return {
        en: `${name.en}: already stored, ${state} (hash ${hash})`,
        zh: `${name.zh}：已存在，${strategyStateNames[state].zh}（哈希 ${hash}）`,
      };
    case "checked":
      return {
        en: `${name.en}: no problems, dry run, nothing was stored`,
        zh: `${name.zh}：未发现问题；试运行，未写入`,
      };
  }
}

async function showVersion(
  frame: Frame,
  { tidemark }: Session,
  id: string,
  version: unknown,
): Promise<number> {
  const number = version === undefined ? undefined : wholeNumber(version, 1, "VERSION");
  if (typeof number === "object") return printRefusal(frame, number);
  const { strategies } = tidemark.world.store;
  const found =
    number === undefined
      ? ((await strategies.active(id)) ?? (await strategies.find(id)))
      : await strategies.find(id, number);
  if (found === null) {
    return printRefusal(
      frame,
      notFound({ en: "strategy", zh: "策略" }, `${id} ${number ?? ""}`.trim()),
    );
  }
  printJson(frame, wireStrategy(found));
  if (!frame.json) {
    frame.terminal.out(listText(frame, [found]));
    frame.terminal.out(`${JSON.stringify(JSON.parse(found.document), null, 2)}\n`);
  }
  return exitCodes.success;
}

function listText(frame: Frame, all: readonly StoredStrategy[]): string {
  const columns = [
    { label: { en: "id", zh: "编号" } },
    { label: { en: "version", zh: "版本" }, right: true },
    { label: { en: "state", zh: "状态" } },
    { label: { en: "author", zh: "编写人" } },
    { label: { en: "approved by", zh: "批准人" } },
    { label: { en: "hash", zh: "哈希" } },
  ];
  const rows = all.map((one) => [
    one.id,
    String(one.version),
    say(frame, strategyStateNames[one.state]),
    one.author,
    one.approvedBy ?? "–",
    one.hash.slice(0, 16),
  ]);
  return tableText(frame, columns, rows);
}
