// `tidemark import macro`: a file of a macro series becomes signals about the environment.

import { resolve } from "node:path";
import { readMappingFile } from "../adapters/files/mapping-file.ts";
import type { LinesFormat } from "../adapters/files/lines-format.ts";
import { openLines } from "../adapters/files/open-lines.ts";
import { exitCodes, refusalTable } from "../adapters/refusal-table.ts";
import { isRefusal } from "../domain/refusal.ts";
import type { Text } from "../domain/text.ts";
import { importMacro, type MacroSummary } from "../portfolio/import-macro.ts";
import { parseMacroMapping, type MacroMapping } from "../portfolio/macro-mapping.ts";
import { note, print, printJson, printRefusal, type Frame } from "./frame.ts";
import { importNoun, printProblems } from "./import.ts";
import type { Program } from "./program.ts";
import { withSession, type Session } from "./session.ts";
import { detailsText } from "./table.ts";

export function registerImportMacro(program: Program): void {
  const macro = program.add(
    program.noun("import", importNoun),
    "macro",
    { en: "Import a file of a macro series", zh: "导入宏观指标文件" },
    [
      "import macro UNRATE.csv --mapping examples/macro/fred-unemployment.yaml --dry-run",
      "import macro inflation.csv --mapping examples/macro/world-bank-inflation.yaml --json",
    ],
  );
  macro
    .argument("<file>", program.text({ en: "file with a header row", zh: "含表头的文件" }))
    .requiredOption(
      "--mapping <file>",
      program.text({ en: "how its columns become values", zh: "列与取值的映射文件" }),
    );
  program.changesData(macro);
  program.action(macro, async (frame, [file], options) => {
    const read = await readMappingFile(String(options["mapping"]), parseMacroMapping);
    if ("problems" in read) return printProblems(frame, read.problems);
    return withSession(frame, (session) => runImport(frame, session, String(file), read.mapping));
  });
}

const format: LinesFormat = {
  ...{ encoding: "auto", delimiter: ",", quote: '"' },
  ...{ decimal: ".", grouping: "none", dates: "YYYY-MM-DD" },
};

async function runImport(
  frame: Frame,
  { tidemark, actor }: Session,
  name: string,
  mapping: MacroMapping,
): Promise<number> {
  const file = await openLines(resolve(frame.terminal.workingFolder, name), { format });
  const { dryRun } = frame;
  const summary = await importMacro(tidemark.world, file, mapping, { actor, dryRun });
  if (isRefusal(summary)) return printRefusal(frame, summary);
  const { problems, ...counts } = summary;
  printJson(frame, {
    ...counts,
    problems: problems.map(({ line, refusal }) => ({
      ...{ line, code: refusal.refused, detail: refusal.detail[frame.language] },
    })),
  });
  for (const { line, refusal } of problems) {
    const { en, zh } = refusal.detail;
    note(frame, { en: `${name}:${line} ${en}`, zh: `${name}:${line} ${zh}` });
  }
  if (dryRun) print(frame, { en: "Dry run: nothing was stored", zh: "试运行：未写入任何数据" });
  if (!frame.json) frame.terminal.out(summaryText(frame, summary));
  return problems.length === 0
    ? exitCodes.success
    : refusalTable[problems[0]!.refusal.refused].exitCode;
}

const words = {
  rows: { en: "rows", zh: "行数" },
  added: { en: "new periods", zh: "新增期间" },
  revised: { en: "revised", zh: "修订" },
  unchanged: { en: "unchanged", zh: "无变化" },
  leftOut: { en: "left out", zh: "未采用" },
  rejected: { en: "rejected", zh: "拒绝" },
} as const satisfies Readonly<Record<string, Text>>;

function summaryText(frame: Frame, summary: MacroSummary): string {
  const names = ["rows", "added", "revised", "unchanged", "leftOut", "rejected"] as const;
  return detailsText(
    frame,
    names.map((name) => [words[name], String(summary[name])] as const),
  );
}
