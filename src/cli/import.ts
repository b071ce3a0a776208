// `tidemark import lines`: a lender's file becomes lines and facts; what does not fit is told row by row.

import { join, resolve } from "node:path";
import type { Encoding, FileForm } from "../adapters/files/lines-format.ts";
import { readMappingFile } from "../adapters/files/mapping-file.ts";
import { openLines, type OpenedLines } from "../adapters/files/open-lines.ts";
import { openRejects } from "../adapters/files/rejects-file.ts";
import { StoppedByPerson } from "../adapters/postgres/export-folder.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import { moneyText, type Currency } from "../domain/money.ts";
import type { Text } from "../domain/text.ts";
import { importLines, type ImportOutcome, type ImportSummary } from "../portfolio/import-lines.ts";
import type { Mapping } from "../portfolio/mapping.ts";
import { encodings } from "../portfolio/mapping-document.ts";
import { parseMapping } from "../portfolio/parse-mapping.ts";
import { interrupted, note, print, printJson, printRefusal, type Frame } from "./frame.ts";
import { startProgress } from "./progress.ts";
import type { Program } from "./program.ts";
import { withSession, type Session } from "./session.ts";
import { detailsText } from "./table.ts";

/** What the noun is called. */
export const importNoun: Text = { en: "Bring data in", zh: "导入数据" };

export function registerImport(program: Program): void {
  const parent = program.noun("import", importNoun);
  const lines = program.add(parent, "lines", { en: "Import a file of lines", zh: "导入授信文件" }, [
    "import lines lines.csv --mapping mapping.yaml --dry-run",
    "import lines lines.parquet --mapping mapping.yaml",
    "import lines book.xlsx --mapping mapping.yaml --sheet 2026-03",
    "import lines lines.csv.gz --mapping mapping.yaml --rejects ./rejects --json",
  ]);
  lines.argument("<file>", program.text(fileLabel)).requiredOption(
    "--mapping <file>",
    program.text({
      en: "how its columns become lines and facts",
      zh: "列与授信、事实的映射文件",
    }),
  );
  addFileOptions(program, lines);
  program.changesData(lines);
  program.action(lines, async (frame, [file], options) => {
    const stated = statedEncoding(frame, options["encoding"]);
    if (stated === null) return exitCodes.usage;
    const mapping = await readMappingFile(String(options["mapping"]), parseMapping);
    if ("problems" in mapping) return printProblems(frame, mapping.problems);
    return withSession(frame, (session) =>
      runImport(frame, session, {
        file: String(file),
        mapping: mapping.mapping,
        encoding: stated,
        sheet: textOf(options["sheet"]),
        rejects: textOf(options["rejects"]),
      }),
    );
  });
}

const fileLabel: Text = {
  en: "CSV (plain, .gz or .zip), Parquet or Excel (.xlsx) file; its content tells which",
  zh: "CSV（可为 .gz 或 .zip）、Parquet 或 Excel（.xlsx）文件，按内容识别",
};

function addFileOptions(program: Program, lines: ReturnType<Program["add"]>): void {
  lines
    .option(
      "--encoding <name>",
      program.text({
        en: `encoding of a CSV file: ${encodings.join(", ")} (the mapping's, else told from the file)`,
        zh: `CSV 文件的编码：${encodings.join("、")}（缺省按映射声明，否则自动识别）`,
      }),
    )
    .option(
      "--sheet <name>",
      program.text({
        en: "sheet of a workbook (its only visible one)",
        zh: "工作簿中的工作表（缺省为唯一可见的工作表）",
      }),
    )
    .option(
      "--rejects <folder>",
      program.text({
        en: "where refused rows are written (rejects/ in the data folder)",
        zh: "被拒行的输出目录（缺省为数据目录下 rejects/）",
      }),
    );
}

function textOf(option: unknown): string | null {
  return typeof option === "string" ? option : null;
}

/** undefined: not stated; null: not one that exists, which was said. */
function statedEncoding(frame: Frame, option: unknown): Encoding | undefined | null {
  if (option === undefined) return undefined;
  const stated = textOf(option) ?? "";
  const found = encodings.find((one) => one === stated.toLowerCase());
  if (found !== undefined) return found;
  printProblems(frame, [
    {
      en: `Cannot use --encoding: found ${stated}, expected one of ${encodings.join(", ")}`,
      zh: `无法使用 --encoding：发现 ${stated}，应为 ${encodings.join("、")} 之一`,
    },
  ]);
  return null;
}

/** Everything that is wrong with a document, one problem a line. */
export function printProblems(frame: Frame, problems: readonly Text[]): number {
  printJson(frame, { problems: problems.map((one) => one[frame.language]) });
  for (const problem of problems) note(frame, problem);
  return exitCodes.usage;
}

type Asked = Readonly<{
  file: string;
  mapping: Mapping;
  encoding: Encoding | undefined;
  sheet: string | null;
  rejects: string | null;
}>;

async function runImport(frame: Frame, session: Session, asked: Asked): Promise<number> {
  const { file } = asked;
  const path = resolve(frame.terminal.workingFolder, file);
  try {
    const opened = await openWatched(frame, path, asked, session.stopped);
    const { encoding } = asked;
    if (encoding !== undefined && opened.form.kind !== "csv") {
      return printProblems(frame, [notText(file, encoding, opened.form)]);
    }
    const outcome = await importOpened(frame, session, opened, asked);
    if ("summary" in outcome) return reportImport(frame, outcome.summary, opened.form);
    return printProblems(
      frame,
      outcome.problems.map(({ line, column, why, found, expected }) => ({
        en: `${file}:${line} ${column}: ${why.en}: found ${found || "nothing"}, expected ${expected.en}`,
        zh: `${file}:${line} ${column}：${why.zh}：发现${found || "空"}，应为${expected.zh}`,
      })),
    );
  } catch (error) {
    if (!(error instanceof StoppedByPerson)) throw error;
    note(frame, { en: "Stopped: nothing was stored", zh: "已停止：未写入任何数据" });
    return interrupted;
  }
}

/** Parquet and Excel files say themselves how their text is written. */
function notText(file: string, encoding: Encoding, { kind }: FileForm): Text {
  const found = kindNames[kind];
  return {
    en: `Cannot use --encoding ${encoding}: ${file} is a ${found} file, expected a CSV file`,
    zh: `无法使用 --encoding ${encoding}：${file} 是 ${found} 文件，应为 CSV 文件`,
  };
}

/** Imports an open file. The import is named after the moment it was started. */
async function importOpened(
  frame: Frame,
  { tidemark, actor, stopped: stop }: Session,
  file: OpenedLines,
  { mapping, rejects: folder }: Asked,
): Promise<ImportOutcome> {
  const { terminal, config, dryRun } = frame;
  const { world, identityMark } = tidemark;
  const importId = world.ids.fresh();
  const bar = startProgress(frame, { en: "Importing", zh: "导入中" }, { en: "rows", zh: "行" });
  return importLines(world, file, mapping, {
    ...{ actor, importId, dryRun, stop, identityMark },
    rejects: openRejects(
      resolve(terminal.workingFolder, folder ?? join(config.dataFolder, "rejects")),
      importId,
    ),
    onProgress: ({ stored, rows, total }) => bar.update(stored, Math.max(rows, total ?? 0)),
  }).finally(bar.stop);
}

/** Opens the file with a bar over its bytes while it is checked. Throws StoppedByPerson. */
async function openWatched(
  frame: Frame,
  path: string,
  { mapping, encoding, sheet }: Asked,
  stopped: () => boolean,
): Promise<OpenedLines> {
  const bar = startProgress(frame, { en: "Checking", zh: "校验中" }, { en: "MB", zh: "MB" });
  const megabytes = (bytes: number): number => Math.round(bytes / 100_000) / 10;
  return openLines(path, {
    format: encoding === undefined ? mapping.format : { ...mapping.format, encoding },
    columns: mapping.columns,
    ...(sheet === null ? {} : { sheet }),
    onChecked: (bytes, total) => {
      bar.update(megabytes(bytes), megabytes(total));
      if (stopped()) throw new StoppedByPerson();
    },
  }).finally(bar.stop);
}

const words = {
  readAs: { en: "read as", zh: "读取方式" },
  rows: { en: "rows", zh: "行数" },
  accepted: { en: "accepted", zh: "接受" },
  added: { en: "  new lines", zh: "  新增授信" },
  changed: { en: "  changed", zh: "  变更" },
  unchanged: { en: "  unchanged", zh: "  无变化" },
  rejected: { en: "rejected", zh: "拒绝" },
  limit: { en: "total limit", zh: "额度合计" },
  rejectsFile: { en: "rejects", zh: "被拒行文件" },
} as const satisfies Readonly<Record<string, Text>>;

function reportImport(frame: Frame, summary: ImportSummary, form: FileForm): number {
  const { stoppedBy, limitMinorByCurrency, added, changed } = summary;
  if (stoppedBy !== null) return printRefusal(frame, stoppedBy);
  const totalLimit = Object.entries(limitMinorByCurrency).map(([currency, amount]) => ({
    ...{ amount, currency: currency as Currency },
  }));
  const { limitMinorByCurrency: _, stoppedBy: __, ...counts } = summary;
  printJson(frame, { file: form, ...counts, changes: added + changed, totalLimit });
  if (summary.dryRun) {
    print(frame, { en: "Dry run: nothing was stored", zh: "试运行：未写入任何数据" });
  }
  if (!frame.json) frame.terminal.out(summaryText(frame, summary, form, totalLimit));
  if (!summary.interrupted) return exitCodes.success;
  note(frame, {
    en: "Stopped: run the same command to go on, what is stored changes nothing again",
    zh: "已停止：再次运行同一命令可继续，已入库的行不会重复",
  });
  return interrupted;
}

const kindNames = { csv: "CSV", parquet: "Parquet", xlsx: "Excel" } as const;
const encodingNames = {
  "utf-8": "UTF-8",
  "utf-16le": "UTF-16",
  "utf-16be": "UTF-16",
  gb18030: "GB18030",
} as const;

/** `CSV, GB18030, gzip`. */
function formText({ kind, encoding, packed, sheet }: FileForm): string {
  const parts = [
    kindNames[kind],
    encoding === null ? null : encodingNames[encoding],
    packed === "none" ? null : packed,
    sheet,
  ];
  return parts.filter((part) => part !== null).join(", ");
}

function summaryText(
  frame: Frame,
  summary: ImportSummary,
  form: FileForm,
  totalLimit: readonly Readonly<{ amount: number; currency: Currency }>[],
): string {
  const names = ["rows", "accepted", "added", "changed", "unchanged", "rejected"] as const;
  const limits = totalLimit.map(({ amount: amountMinor, currency }) =>
    moneyText({ amountMinor, currency }),
  );
  return detailsText(frame, [
    [words.readAs, formText(form)],
    ...names.map((name) => [words[name], String(summary[name])] as const),
    ...limits.map((limit) => [words.limit, limit] as const),
    ...(summary.rejectsFile === null ? [] : [[words.rejectsFile, summary.rejectsFile] as const]),
  ]);
}
