// `tidemark export tables`: the tables of the installation as CSV or Parquet, for people who analyse. Personal data never
// leave this way; whoever may read everything may export.

import { resolve } from "node:path";
import { StoppedByPerson } from "../adapters/postgres/export-folder.ts";
import {
  exportTables,
  rehearseTables,
  tableForms,
  type TablesManifest,
} from "../adapters/postgres/export-tables.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import { version } from "../adapters/version.ts";
import type { Role } from "../domain/actor.ts";
import { isRefusal } from "../domain/refusal.ts";
import type { Text } from "../domain/text.ts";
import { wholeLenderRefusal } from "../flow/whole-lender.ts";
import { interrupted, note, print, printJson, printRefusal, type Frame } from "./frame.ts";
import { startProgress } from "./progress.ts";
import type { Program } from "./program.ts";
import { withSession, type Session } from "./session.ts";
import { detailsText } from "./table.ts";

type Asked = Readonly<{
  folder: string;
  form: (typeof tableForms)[number];
  tables: readonly string[];
  spreadsheet: boolean;
  replace: boolean;
}>;

export function registerExport(program: Program): void {
  const parent = program.noun("export", { en: "Take data out", zh: "导出数据" });
  const tables = program.add(
    parent,
    "tables",
    { en: "Write tables for analysis", zh: "导出供分析的数据表" },
    [
      "export tables ./tables --format parquet",
      "export tables ./decisions --format csv --table decision --table credit_line",
      "export tables ./tables --dry-run",
    ],
  );
  tables
    .argument("<folder>", program.text({ en: "a new or an empty folder", zh: "新目录或空目录" }))
    .option("--format <form>", program.text(formatLabel), "csv")
    .option("--table <name...>", program.text({ en: "only these tables", zh: "仅导出这些数据表" }))
    .option("--no-spreadsheet", program.text(plainLabel))
    .option("--force", program.text(forceLabel));
  program.changesData(tables);
  program.action(tables, async (frame, [folder], options) => {
    const form = tableForms.find((one) => one === options["format"]);
    if (form === undefined) return refuseForm(frame, String(options["format"]));
    const names = options["table"];
    const asked: Asked = {
      folder: resolve(frame.terminal.workingFolder, String(folder)),
      form,
      tables: Array.isArray(names) ? names.map(String) : [],
      spreadsheet: options["spreadsheet"] !== false,
      replace: options["force"] === true,
    };
    return withSession(frame, (session) => exportFor(frame, session, asked));
  });
}

const formatLabel: Text = { en: "csv or parquet", zh: "csv 或 parquet" };
const plainLabel: Text = {
  en: "CSV for programs: no byte order mark, text as it is; by default spreadsheets open it safely",
  zh: "供程序读取的 CSV：无 BOM、原样输出文本；缺省输出可由电子表格安全打开",
};
const forceLabel: Text = {
  en: "replace an earlier export of tables in the folder",
  zh: "替换目录中此前导出的数据表",
};

function refuseForm(frame: Frame, found: string): number {
  const problem = {
    en: `Cannot use --format: found ${found}, expected ${tableForms.join(" or ")}`,
    zh: `无法使用 --format：发现 ${found}，应为 ${tableForms.join(" 或 ")}`,
  };
  printJson(frame, { problems: [problem[frame.language]] });
  note(frame, problem);
  return exitCodes.usage;
}

/** Roles that export the tables of everybody. */
export const tableExportRoles: readonly Role[] = ["administrator", "analyst", "auditor"];

async function exportFor(frame: Frame, session: Session, asked: Asked): Promise<number> {
  const refusal = wholeLenderRefusal(session.actor, tableExportRoles, { en: "Export", zh: "导出" });
  if (refusal !== null) return printRefusal(frame, refusal);
  if (frame.dryRun) return rehearse(frame, session, asked);
  try {
    return await write(frame, session, asked);
  } catch (error) {
    if (!(error instanceof StoppedByPerson)) throw error;
    note(frame, {
      en: "Stopped: nothing was changed or kept",
      zh: "已停止：未作任何更改，未保留任何文件",
    });
    return interrupted;
  }
}

async function rehearse(frame: Frame, { tidemark }: Session, asked: Asked): Promise<number> {
  const { folder } = asked;
  const tables = await rehearseTables(tidemark.database, folder, asked);
  if (isRefusal(tables)) return printRefusal(frame, tables);
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  printJson(frame, { folder, dryRun: true, form: asked.form, rows, tables });
  print(frame, {
    en: `Dry run: ${tables.length} tables with ${rows} rows could be written into ${folder}`,
    zh: `试运行：可将 ${tables.length} 张表共 ${rows} 行导出到 ${folder}`,
  });
  if (!frame.json) frame.terminal.out(tableList(frame, tables));
  return exitCodes.success;
}

function tableList(
  frame: Frame,
  tables: readonly Readonly<{ name: string; rows: number }>[],
): string {
  return detailsText(
    frame,
    tables.map(({ name, rows }) => [{ en: name, zh: name }, String(rows)] as const),
  );
}

async function write(frame: Frame, { tidemark, stopped }: Session, asked: Asked): Promise<number> {
  const started = performance.now();
  const bar = startProgress(frame, { en: "Exporting", zh: "导出中" }, { en: "rows", zh: "行" });
  const done = await exportTables(tidemark.database, asked.folder, {
    ...asked,
    program: version,
    createdAt: new Date().toISOString(),
    onProgress: bar.update,
    stopped,
  }).finally(bar.stop);
  if (isRefusal(done)) return printRefusal(frame, done);
  report(frame, asked.folder, done, Math.round((performance.now() - started) / 100) / 10);
  return exitCodes.success;
}

function report(frame: Frame, folder: string, manifest: TablesManifest, seconds: number): void {
  const { tables, withheld, spreadsheet, form } = manifest;
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const bytes = tables.reduce((sum, table) => sum + table.bytes, 0);
  const shown = tables.map(({ columns, ...table }) => ({ ...table, columns: columns.length }));
  printJson(frame, { folder, form, spreadsheet, rows, bytes, seconds, tables: shown, withheld });
  print(frame, {
    en: `Tables ${folder}: ${tables.length} tables, ${rows} rows, ${Math.round(bytes / 100_000) / 10} MB, ${seconds} s`,
    zh: `数据表 ${folder}：${tables.length} 张表，${rows} 行，${Math.round(bytes / 100_000) / 10} MB，用时 ${seconds} 秒`,
  });
  if (!spreadsheet) return;
  note(frame, {
    en: "Text that starts with = + - @ has an apostrophe before it, so that spreadsheets do not run it; programs read --no-spreadsheet or Parquet",
    zh: "以 = + - @ 开头的文本前加了撇号，以免电子表格将其作为公式执行；供程序读取请用 --no-spreadsheet 或 Parquet",
  });
}
