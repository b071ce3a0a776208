// `tidemark dmn export` and `import`: strategies as models for other tools, and tables of models as parts of strategies.
// Whatever does not go over is listed, so that nobody takes a part for the whole.

import type { Command } from "commander";
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { writeDmn } from "../adapters/dmn/write-dmn.ts";
import { yamlText } from "../adapters/files/strategy-file.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import { isRefusal } from "../domain/refusal.ts";
import { modelOfStrategy, type Unsaid } from "../policy/dmn/model-of-strategy.ts";
import { importableNames, strategyPart } from "../policy/dmn/strategy-part.ts";
import { loadModel, usageFault } from "./dmn-model.ts";
import { note, print, printJson, printRefusal, say, type Frame } from "./frame.ts";
import { printProblems } from "./import.ts";
import type { Program } from "./program.ts";
import { withSession, type Session } from "./session.ts";
import { documentLabel, namedDocument, storedName, unwritable } from "./strategy-documents.ts";

export function registerDmnFiles(program: Program, noun: Command): void {
  const exporting = program.add(
    noun,
    "export",
    {
      en: "Write a strategy as a DMN 1.5 model: tables, expressions, scorecards and what they require",
      zh: "将策略写成 DMN 1.5 模型：决策表、表达式、评分卡及其依赖",
    },
    ["dmn export strategies/consumer-cn --out consumer-cn.dmn", "dmn export consumer-cn@1"],
  );
  exporting
    .argument("<strategy>", program.text(documentLabel))
    .option(
      "--out <file>",
      program.text({ en: "file to write; else stdout", zh: "写入的文件，否则为标准输出" }),
    );
  program.changesData(exporting);
  program.action(exporting, (frame, [name], { out }) => {
    const strategy = String(name);
    const file = fileOf(out);
    return storedName.test(strategy)
      ? withSession(frame, (session) => exportStrategy(frame, strategy, file, session))
      : exportStrategy(frame, strategy, file, null);
  });
  const importing = program.add(
    noun,
    "import",
    {
      en: "Read one table or literal expression of a model as a part of a strategy, in YAML",
      zh: "将模型中的一张决策表或文字表达式读作策略的一部分（YAML）",
    },
    [
      "dmn import model.dmn --table Discount",
      "dmn import model.dmn --table Discount --out part.yaml",
    ],
  );
  importing
    .argument("<model>", program.text({ en: "a .dmn file", zh: ".dmn 文件" }))
    .requiredOption(
      "--table <name>",
      program.text({ en: "name or id of the decision", zh: "决策的名称或标识" }),
    )
    .option(
      "--out <file>",
      program.text({ en: "file to write; else stdout", zh: "写入的文件，否则为标准输出" }),
    );
  program.changesData(importing);
  program.action(importing, (frame, [model], { table, out }) =>
    importTable(frame, String(model), String(table), fileOf(out)),
  );
}

function fileOf(out: unknown): string | null {
  return typeof out === "string" ? out : null;
}

async function exportStrategy(
  frame: Frame,
  name: string,
  out: string | null,
  session: Session | null,
): Promise<number> {
  const strategy = await namedDocument(frame, name, session);
  if (Array.isArray(strategy)) return printProblems(frame, strategy);
  if (isRefusal(strategy)) return printRefusal(frame, strategy);
  const { model, unsaid } = modelOfStrategy(strategy as never, frame.language);
  const decisions = model.decisions.map((one) => one.name);
  return handOver(frame, { decisions }, "xml", writeDmn(model), unsaid, out);
}

async function importTable(
  frame: Frame,
  file: string,
  name: string,
  out: string | null,
): Promise<number> {
  const ready = loadModel(frame, file);
  if (ready === null) return exitCodes.usage;
  const imported = strategyPart(ready.model, name);
  if (imported === null) {
    const known = importableNames(ready.model);
    throw usageFault({
      en: `Cannot import ${name}: expected a table or literal expression: ${known.join(", ") || "none"}`,
      zh: `无法导入 ${name}：应为决策表或文字表达式：${known.join("、") || "无"}`,
    });
  }
  const { part, unsaid } = imported;
  return handOver(frame, { part }, "yaml", yamlText(part), unsaid, out);
}

/** Writes what goes over, and lists what does not. */
async function handOver(
  frame: Frame,
  result: object,
  kind: "xml" | "yaml",
  text: string,
  unsaid: readonly Unsaid[],
  out: string | null,
): Promise<number> {
  const path = out === null ? null : resolve(frame.terminal.workingFolder, out);
  if (path !== null && !frame.dryRun) {
    const failed = await writeFile(path, text).then(
      () => null,
      (error: unknown) => unwritable(path, error),
    );
    if (failed !== null) return printRefusal(frame, failed);
  }
  const left = unsaid.map((one) => ({ path: one.path, text: say(frame, one.text) }));
  printJson(frame, { ...result, [kind]: text, unsaid: left, file: path, dryRun: frame.dryRun });
  if (path === null && !frame.json) frame.terminal.out(text);
  if (path !== null) tellWritten(frame, path);
  for (const one of unsaid) {
    note(frame, {
      en: `Not in it: ${one.path} ${one.text.en}`,
      zh: `未包含：${one.path} ${one.text.zh}`,
    });
  }
  return exitCodes.success;
}

function tellWritten(frame: Frame, path: string): void {
  print(
    frame,
    frame.dryRun
      ? { en: `Would write ${path}`, zh: `将写入 ${path}` }
      : { en: `Written to ${path}`, zh: `已写入 ${path}` },
  );
}
