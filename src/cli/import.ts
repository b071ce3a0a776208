// `tidemark import lines`: a lender's file becomes lines and facts; what does not fit is told row by row.

import { join, resolve } from "node:path";
import { openCsv } from "../adapters/files/csv-rows.ts";
import { readMappingFile } from "../adapters/files/mapping-file.ts";
import { openRejects } from "../adapters/files/rejects-file.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import { moneyText, type Currency } from "../domain/money.ts";
import type { Text } from "../domain/text.ts";
import type { Actor } from "../domain/actor.ts";
import type { Tidemark } from "../compose.ts";
import {
  importLines,
  type ImportOutcome,
  type ImportProgress,
  type ImportSummary,
} from "../portfolio/import-lines.ts";
import type { Mapping } from "../portfolio/mapping.ts";
import { parseMapping } from "../portfolio/parse-mapping.ts";
import { interrupted, note, print, printJson, printRefusal, type Frame } from "./frame.ts";
import { startProgress } from "./progress.ts";
import type { Program } from "./program.ts";
import { withSession, type Session } from "./session.ts";
import { detailsText } from "./table.ts";

export function registerImport(program: Program): void {
  const parent = program.noun("import", { en: "Bring data in", zh: "导入数据" });
  const lines = program.add(parent, "lines", { en: "Import a file of lines", zh: "导入授信文件" }, [
    "import lines lines.csv --mapping mapping.yaml --dry-run",
    "import lines lines.csv.gz --mapping mapping.yaml --rejects ./rejects --json",
  ]);
  lines
    .argument("<file>", program.text({ en: "CSV file, plain or gzip", zh: "CSV 文件，可为 gzip" }))
    .requiredOption(
      "--mapping <file>",
      program.text({
        en: "how its columns become lines and facts",
        zh: "列与授信、事实的映射文件",
      }),
    )
    .option(
      "--rejects <folder>",
      program.text({
        en: "where refused rows are written (rejects/ in the data folder)",
        zh: "被拒行的输出目录（缺省为数据目录下 rejects/）",
      }),
    );
  program.changesData(lines);
  program.action(lines, async (frame, [file], options) => {
    const mapping = await readMappingFile(String(options["mapping"]), parseMapping);
    if ("problems" in mapping) return printProblems(frame, mapping.problems);
    const rejects = typeof options["rejects"] === "string" ? options["rejects"] : null;
    return withSession(frame, (session) =>
      runImport(frame, session, String(file), mapping.mapping, rejects),
    );
  });
}

/** Everything that is wrong with a document, one problem a line. */
export function printProblems(frame: Frame, problems: readonly Text[]): number {
  printJson(frame, { problems: problems.map((one) => one[frame.language]) });
  for (const problem of problems) note(frame, problem);
  return exitCodes.usage;
}

async function runImport(
  frame: Frame,
  session: Session,
  file: string,
  mapping: Mapping,
  rejects: string | null,
): Promise<number> {
  const { terminal, config, dryRun } = frame;
  const bar = startProgress(frame, { en: "Importing", zh: "导入中" }, { en: "rows", zh: "行" });
  const outcome = await importFile(session.tidemark, {
    ...{ mapping, dryRun },
    path: resolve(terminal.workingFolder, file),
    actor: session.actor,
    rejectsFolder: resolve(terminal.workingFolder, rejects ?? join(config.dataFolder, "rejects")),
    stop: session.stopped,
    onProgress: ({ stored, rows, total }) => bar.update(stored, Math.max(rows, total ?? 0)),
  }).finally(bar.stop);
  if ("problems" in outcome) {
    return printProblems(
      frame,
      outcome.problems.map(({ line, column, why, found, expected }) => ({
        en: `${file}:${line} ${column}: ${why.en}: found ${found || "nothing"}, expected ${expected.en}`,
        zh: `${file}:${line} ${column}：${why.zh}：发现${found || "空"}，应为${expected.zh}`,
      })),
    );
  }
  return reportImport(frame, outcome.summary);
}

export type FileImport = Readonly<{
  path: string;
  mapping: Mapping;
  actor: Actor;
  dryRun: boolean;
  rejectsFolder: string;
  stop: () => boolean;
  onProgress: (progress: ImportProgress) => void;
}>;

/** Imports one file. The import is named after the moment it was started. */
export async function importFile(
  { world, identityMark }: Pick<Tidemark, "world" | "identityMark">,
  { path, mapping, rejectsFolder, ...options }: FileImport,
): Promise<ImportOutcome> {
  const importId = world.ids.fresh();
  const file = await openCsv(path, mapping.format);
  const rejects = openRejects(rejectsFolder, importId);
  return importLines(world, file, mapping, { ...options, importId, rejects, identityMark });
}

const words = {
  rows: { en: "rows", zh: "行数" },
  accepted: { en: "accepted", zh: "接受" },
  added: { en: "  new lines", zh: "  新增授信" },
  changed: { en: "  changed", zh: "  变更" },
  unchanged: { en: "  unchanged", zh: "  无变化" },
  rejected: { en: "rejected", zh: "拒绝" },
  limit: { en: "total limit", zh: "额度合计" },
  rejectsFile: { en: "rejects", zh: "被拒行文件" },
} as const satisfies Readonly<Record<string, Text>>;

function reportImport(frame: Frame, summary: ImportSummary): number {
  const { stoppedBy, limitMinorByCurrency, added, changed } = summary;
  if (stoppedBy !== null) return printRefusal(frame, stoppedBy);
  const totalLimit = Object.entries(limitMinorByCurrency).map(([currency, amount]) => ({
    ...{ amount, currency: currency as Currency },
  }));
  const { limitMinorByCurrency: _, stoppedBy: __, ...counts } = summary;
  printJson(frame, { ...counts, changes: added + changed, totalLimit });
  if (summary.dryRun) {
    print(frame, { en: "Dry run: nothing was stored", zh: "试运行：未写入任何数据" });
  }
  if (!frame.json) frame.terminal.out(summaryText(frame, summary, totalLimit));
  if (!summary.interrupted) return exitCodes.success;
  note(frame, {
    en: "Stopped: run the same command to go on, what is stored changes nothing again",
    zh: "已停止：再次运行同一命令可继续，已入库的行不会重复",
  });
  return interrupted;
}

function summaryText(
  frame: Frame,
  summary: ImportSummary,
  totalLimit: readonly Readonly<{ amount: number; currency: Currency }>[],
): string {
  const names = ["rows", "accepted", "added", "changed", "unchanged", "rejected"] as const;
  const limits = totalLimit.map(({ amount: amountMinor, currency }) =>
    moneyText({ amountMinor, currency }),
  );
  return detailsText(frame, [
    ...names.map((name) => [words[name], String(summary[name])] as const),
    ...limits.map((limit) => [words.limit, limit] as const),
    ...(summary.rejectsFile === null ? [] : [[words.rejectsFile, summary.rejectsFile] as const]),
  ]);
}
