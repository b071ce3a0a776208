// `tidemark strategy diff` and `export`: stored versions and files are the same documents, so they are compared with each
// other and written as files that version control can hold.

import type { Command } from "commander";
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { readStrategyFile, strategyYaml } from "../adapters/files/strategy-file.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import { isRefusal, notFound, type Refusal, refuse } from "../domain/refusal.ts";
import type { Text } from "../domain/text.ts";
import type { StoredStrategy } from "../flow/ports.ts";
import { readStored } from "../flow/strategy-laws.ts";
import { diffStrategies } from "../policy/diff/diff-strategies.ts";
import type { Strategy } from "../policy/strategy.ts";
import { print, printJson, printRefusal, say, type Frame } from "./frame.ts";
import { printProblems } from "./import.ts";
import type { Program } from "./program.ts";
import { withSession, type Session } from "./session.ts";
import { strategyPath } from "./strategy-check.ts";

export function registerStrategyDocuments(program: Program, noun: Command): void {
  const diff = program.add(
    noun,
    "diff",
    { en: "Tell in words what changed between two strategies", zh: "以文字说明两份策略之间的变化" },
    [
      "strategy diff consumer-cn@1 consumer-cn@2",
      "strategy diff consumer-cn@1 strategies/consumer-cn --json",
    ],
  );
  diff
    .argument("<before>", program.text(documentLabel))
    .argument("<after>", program.text(documentLabel));
  program.action(diff, (frame, [before, after]) => {
    const named = [String(before), String(after)] as const;
    return named.some((name) => storedName.test(name))
      ? withSession(frame, (session) => tellDiff(frame, named, session))
      : tellDiff(frame, named, null);
  });
  const exporting = program.add(
    noun,
    "export",
    {
      en: "Write a stored version as a YAML file; comments are not kept",
      zh: "将已存版本写成 YAML 文件（不含注释）",
    },
    ["strategy export consumer-cn@1 --out consumer-cn.yaml"],
  );
  exporting
    .argument("<name>", program.text(nameLabel))
    .requiredOption("--out <file>", program.text({ en: "file to write", zh: "写入的文件" }));
  program.action(exporting, (frame, [name], { out }) =>
    withSession(frame, (session) => exportVersion(frame, session, String(name), String(out))),
  );
}

export const documentLabel: Text = {
  en: "ID@VERSION, or a strategy file or folder",
  zh: "编号@版本，或策略文件、文件夹",
};
const nameLabel: Text = {
  en: "ID@VERSION; of an ID alone the version in force, else the newest",
  zh: "编号@版本；仅有编号时取生效版本，否则取最新版本",
};

export const storedName = /^([A-Za-z0-9][A-Za-z0-9._-]{0,99})@([1-9]\d{0,8})$/;

async function tellDiff(
  frame: Frame,
  names: readonly [string, string],
  session: Session | null,
): Promise<number> {
  const found: Strategy[] = [];
  for (const name of names) {
    const strategy = await namedDocument(frame, name, session);
    if (Array.isArray(strategy)) return printProblems(frame, strategy);
    if (isRefusal(strategy)) return printRefusal(frame, strategy);
    found.push(strategy as Strategy);
  }
  const changes = diffStrategies(found[0]!, found[1]!);
  printJson(frame, { data: changes });
  if (frame.json) return exitCodes.success;
  if (changes.length === 0) {
    print(frame, { en: "Both say the same", zh: "两者内容一致" });
  } else frame.terminal.out(changes.map(({ text }) => `${say(frame, text)}\n`).join(""));
  return exitCodes.success;
}

/** A strategy by its stored name or from its file; a refusal, or what is wrong with the file. */
export async function namedDocument(
  frame: Frame,
  name: string,
  session: Session | null,
): Promise<Strategy | Refusal | readonly Text[]> {
  if (session !== null && storedName.test(name)) {
    const stored = await namedVersion(session, name);
    return isRefusal(stored) ? stored : readStored(stored);
  }
  const path = await strategyPath(resolve(frame.terminal.workingFolder, name));
  const file = await readStrategyFile(path);
  return file.strategy ?? file.problems.map(({ message }) => message);
}

async function namedVersion(
  { tidemark }: Session,
  name: string,
): Promise<StoredStrategy | Refusal> {
  const { strategies } = tidemark.world.store;
  const [, id, version] = storedName.exec(name) ?? [];
  const found =
    id === undefined
      ? ((await strategies.active(name)) ?? (await strategies.find(name)))
      : await strategies.find(id, Number(version));
  return found ?? notFound({ en: "strategy", zh: "策略" }, name);
}

async function exportVersion(
  frame: Frame,
  session: Session,
  name: string,
  out: string,
): Promise<number> {
  const stored = await namedVersion(session, name);
  if (isRefusal(stored)) return printRefusal(frame, stored);
  const strategy = readStored(stored);
  if (isRefusal(strategy)) return printRefusal(frame, strategy);
  const path = resolve(frame.terminal.workingFolder, out);
  const failed = await writeFile(path, strategyYaml(strategy)).then(
    () => null,
    (error: unknown) => unwritable(path, error),
  );
  if (failed !== null) return printRefusal(frame, failed);
  const { id, version, hash } = stored;
  printJson(frame, { id, version, hash, file: path });
  print(frame, {
    en: `Strategy ${id} version ${version}: written to ${path} (hash ${hash})`,
    zh: `策略 ${id} 第 ${version} 版：已写入 ${path}（哈希 ${hash}）`,
  });
  return exitCodes.success;
}

export function unwritable(path: string, error: unknown): Refusal {
  const why = error instanceof Error ? error.message : String(error);
  return refuse("invalid", {
    en: `Cannot write ${path}: ${why}`,
    zh: `无法写入 ${path}：${why}`,
  });
}
