// Tables for people who analyse: one file each, of one snapshot, with a manifest that says what they are. Personal data,
// keys, accounts and sessions never leave this way (see exported-tables.ts); a backup is another thing (export-backup.ts).

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { refuse, type Refusal } from "../../domain/refusal.ts";
import { openCsvTable } from "../files/csv-table.ts";
import type { ExportColumn, ExportedFile, ExportRow, TableWriter } from "../files/export-column.ts";
import { quoted } from "./backup-tables.ts";
import { decodeCopyRow } from "./copy.ts";
import { folderRefusal, StoppedByPerson, writeFolder } from "./export-folder.ts";
import { copyOut, exportTablesOf, withheldTables, type ExportTable } from "./exported-tables.ts";
import type { Database, Transaction } from "./pool.ts";

export const tableForms = ["csv", "parquet"] as const;

/**
 * `tables`: the names wanted, all open ones where it is empty. `spreadsheet`: CSV that spreadsheets open safely. `replace`: an
 * earlier table export in the folder gives way. `onProgress` counts rows; `stopped` is asked between portions.
 */
export type TableExportOptions = Readonly<{
  form: (typeof tableForms)[number];
  tables: readonly string[];
  spreadsheet: boolean;
  replace: boolean;
  program: string;
  createdAt: string;
  onProgress: (rows: number, total: number, table: string) => void;
  stopped: () => boolean;
}>;

/** One exported table; `bytes` and `sha256` are of its file. */
export type TableEntry = ExportedFile &
  Readonly<{ name: string; file: string; columns: readonly ExportColumn[] }>;

/** What an export of tables says about itself. */
export type TablesManifest = Readonly<{
  format: "tidemark: tables/1";
  createdAt: string;
  program: string;
  server: string;
  form: TableExportOptions["form"];
  /** true: byte order mark, and an apostrophe before text that a spreadsheet would run */
  spreadsheet: boolean;
  tables: readonly TableEntry[];
  /** tables that are never exported */
  withheld: readonly string[];
}>;

/** The file name of the manifest. */
export const tablesManifestFile = "manifest.json";

/**
 * Writes the tables into `folder` and returns the manifest. Refuses a folder with anything in it, unless it is an earlier
 * export and `replace` is given, and a table that does not exist or never leaves. On a fault or `StoppedByPerson` nothing
 * stays and nothing is replaced.
 */
export async function exportTables(
  database: Database,
  folder: string,
  options: TableExportOptions,
): Promise<TablesManifest | Refusal> {
  const refusal = tablesFolderRefusal(folder, options.replace);
  if (refusal !== null) return refusal;
  const chosen = await chosenTables(database, options.tables);
  if ("refused" in chosen) return chosen;
  return writeFolder(folder, options.replace, async (partial) => {
    const manifest = await writeSnapshot(database, partial, chosen.tables, options);
    await writeFile(join(partial, tablesManifestFile), `${JSON.stringify(manifest, null, 2)}\n`, {
      mode: 0o600,
      flush: true,
    });
    return manifest;
  });
}

/** The tables that would be written, with their rows as of now. */
export async function rehearseTables(
  database: Database,
  folder: string,
  { tables, replace }: Pick<TableExportOptions, "tables" | "replace">,
): Promise<readonly Readonly<{ name: string; rows: number }>[] | Refusal> {
  const refusal = tablesFolderRefusal(folder, replace);
  if (refusal !== null) return refusal;
  const chosen = await chosenTables(database, tables);
  if ("refused" in chosen) return chosen;
  return Promise.all(
    chosen.tables.map(async ({ name }) => ({ name, rows: await countOf(database, name) })),
  );
}

/** An earlier export may be replaced only where nothing else lies beside its files. */
function tablesFolderRefusal(folder: string, replace: boolean): Refusal | null {
  const refusal = folderRefusal(folder);
  if (refusal?.refused !== "already-exists" || !replace) return refusal;
  const own = filesOfExport(folder);
  const foreign = readdirSync(folder).find((name) => !own.has(name));
  if (foreign === undefined) return null;
  return refuse("already-exists", {
    en: `Cannot replace ${folder}: found ${foreign}, expected nothing but an earlier export of tables`,
    zh: `无法替换 ${folder}：发现 ${foreign}，目录中只能有此前导出的数据表`,
  });
}

function filesOfExport(folder: string): ReadonlySet<string> {
  const path = join(folder, tablesManifestFile);
  if (!existsSync(path)) return new Set();
  try {
    const { format, tables } = JSON.parse(readFileSync(path, "utf8")) as Partial<TablesManifest>;
    if (format !== "tidemark: tables/1") return new Set();
    return new Set([tablesManifestFile, ...(tables ?? []).map(({ file }) => file)]);
  } catch {
    return new Set();
  }
}

async function chosenTables(
  database: Database,
  names: readonly string[],
): Promise<Readonly<{ tables: readonly ExportTable[] }> | Refusal> {
  const open = await exportTablesOf(database);
  const unknown = names.find((name) => !open.some((table) => table.name === name));
  if (unknown === undefined) {
    return { tables: names.length === 0 ? open : open.filter(({ name }) => names.includes(name)) };
  }
  const listed = open.map(({ name }) => name);
  const withheld = Object.hasOwn(withheldTables, unknown);
  return refuse(withheld ? "forbidden" : "not-found", {
    en: `Table ${unknown}: ${withheld ? "is never exported" : "no such table"}, expected some of ${listed.join(", ")}`,
    zh: `数据表 ${unknown}：${withheld ? "不允许导出" : "不存在"}，可选 ${listed.join("、")}`,
  });
}

async function countOf(database: Pick<Transaction, "query">, name: string): Promise<number> {
  const [row] = await database.query<Readonly<{ rows: number }>>(
    `select count(*) as rows from ${quoted(name)}`,
  );
  return row!.rows;
}

/** The forms that the writers of table files read, whatever the server is set to. */
const settled = `set transaction isolation level repeatable read;
set local datestyle to 'ISO, YMD'; set local timezone to 'UTC'; set local bytea_output to 'hex'`;

function writeSnapshot(
  database: Database,
  folder: string,
  tables: readonly ExportTable[],
  options: TableExportOptions,
): Promise<TablesManifest> {
  const { form, spreadsheet, program, createdAt } = options;
  return database.transaction(
    async (tx) => {
      await tx.runScript(settled);
      const [row] = await tx.query<Readonly<{ server: string; pid: number }>>(
        "select current_setting('server_version') as server, pg_backend_pid() as pid",
      );
      const { server, pid } = row!;
      const cancel = () => database.query("select pg_cancel_backend($1)", [pid]);
      const written = await writeTables({ tx, folder, tables, cancel, options });
      return {
        format: "tidemark: tables/1",
        ...{ createdAt, program, server, form },
        spreadsheet: form === "csv" && spreadsheet,
        tables: written,
        withheld: Object.keys(withheldTables),
      };
    },
    { readOnly: true, queryTimeoutMs: 0 },
  );
}

type Writing = Readonly<{
  tx: Transaction;
  folder: string;
  tables: readonly ExportTable[];
  cancel: () => Promise<unknown>;
  options: TableExportOptions;
}>;

async function writeTables({
  tx,
  folder,
  tables,
  cancel,
  options,
}: Writing): Promise<TableEntry[]> {
  const { form, onProgress, stopped } = options;
  const counts: number[] = [];
  for (const { name } of tables) counts.push(await countOf(tx, name));
  const total = counts.reduce((sum, rows) => sum + rows, 0);
  const entries: TableEntry[] = [];
  let before = 0;
  for (const table of tables) {
    const { name, columns } = table;
    const file = `${name}.${form}`;
    const path = join(folder, file);
    const writer = await openTable(path, columns, options);
    await copyInto(writer, tx.copyChunksTo(copyOut(table)), cancel, (rows) => {
      onProgress(before + rows, total, name);
      if (stopped()) throw new StoppedByPerson();
    });
    const written = await writer.end();
    before += written.rows;
    entries.push({ name, file, columns, ...written });
  }
  return entries;
}

/** What writes Parquet is loaded with the first such file: every command knows this export, few make one. */
async function openTable(
  path: string,
  columns: readonly ExportColumn[],
  { form, spreadsheet }: TableExportOptions,
): Promise<TableWriter> {
  if (form === "csv") return openCsvTable(path, columns, spreadsheet);
  const { openParquetTable } = await import("../files/parquet-table.ts");
  return openParquetTable(path, columns);
}

/** When the disk fails or a person stops, the server is told, so that it does not send the rest of the table. */
async function copyInto(
  writer: TableWriter,
  chunks: AsyncIterable<Buffer>,
  cancel: () => Promise<unknown>,
  onRows: (rows: number) => void,
): Promise<void> {
  let rows = 0;
  try {
    for await (const portion of portionsOf(chunks)) {
      try {
        await writer.write(portion);
        rows += portion.length;
        onRows(rows);
      } catch (error) {
        await cancel();
        throw error;
      }
    }
  } catch (error) {
    await writer.drop();
    throw error;
  }
}

/** The rows of COPY text, as many at a time as came whole; chunks do not respect line ends. */
async function* portionsOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<readonly ExportRow[]> {
  let held: Buffer[] = [];
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(10);
    if (end === -1) {
      held.push(chunk);
      continue;
    }
    const whole = Buffer.concat([...held, chunk.subarray(0, end)]).toString("utf8");
    held = end + 1 < chunk.length ? [chunk.subarray(end + 1)] : [];
    yield whole.split("\n").map(decodeCopyRow);
  }
}
