// A whole installation as files: every table of one snapshot, so that the backup is the database as it was at one
// instant while work goes on.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Refusal } from "../../domain/refusal.ts";
import { Fault } from "../fault.ts";
import type { KeyMarks } from "../identity/key-marks.ts";
import { openSink, type FileSink } from "./backup-file.ts";
import {
  manifestFile,
  manifestText,
  tableFile,
  type BackupManifest,
  type BackupTable,
} from "./backup-manifest.ts";
import {
  appliedMigrations,
  copyTarget,
  quoted,
  schemaTables,
  type SchemaTable,
} from "./backup-tables.ts";
import { folderRefusal, StoppedByPerson, writeFolder } from "./export-folder.ts";
import type { Database, Transaction } from "./pool.ts";

/** `program` is the version that writes; `onProgress` counts rows; `stopped` is asked between chunks. */
export type ExportOptions = Readonly<{
  program: string;
  createdAt: string;
  masterKeys: KeyMarks;
  onProgress: (rows: number, total: number, table: string) => void;
  stopped: () => boolean;
}>;

/**
 * Writes a backup into `folder`, which must not exist or be empty, and returns its manifest. Refuses another folder. On a
 * fault or `StoppedByPerson` nothing stays (see export-folder.ts).
 */
export async function exportBackup(
  database: Database,
  folder: string,
  options: ExportOptions,
): Promise<BackupManifest | Refusal> {
  const refusal = folderRefusal(folder);
  if (refusal !== null) return refusal;
  return writeFolder(folder, false, async (partial) => {
    const manifest = await writeSnapshot(database, partial, options);
    await writeFile(join(partial, manifestFile), manifestText(manifest), {
      mode: 0o600,
      flush: true,
    });
    return manifest;
  });
}

async function writeSnapshot(
  database: Database,
  folder: string,
  options: ExportOptions,
): Promise<BackupManifest> {
  const { program, createdAt, masterKeys } = options;
  return database.transaction(
    async (tx) => {
      await tx.runScript("set transaction isolation level repeatable read");
      const [row] = await tx.query<Readonly<{ server: string; pid: number }>>(
        "select current_setting('server_version') as server, pg_backend_pid() as pid",
      );
      const { server, pid } = row!;
      const migrations = await appliedMigrations(tx);
      const counted = await countRows(tx, await schemaTables(tx));
      const cancel = () => database.query("select pg_cancel_backend($1)", [pid]);
      const tables = await writeTables(tx, folder, counted, cancel, options);
      return {
        format: "tidemark: backup/1",
        createdAt,
        program,
        server,
        migrations,
        masterKeys,
        tables,
      };
    },
    { readOnly: true, queryTimeoutMs: 0 },
  );
}

type CountedTable = SchemaTable & Readonly<{ rows: number }>;

async function countRows(
  tx: Transaction,
  tables: readonly SchemaTable[],
): Promise<readonly CountedTable[]> {
  const counted: CountedTable[] = [];
  for (const table of tables) {
    const [row] = await tx.query<Readonly<{ rows: number }>>(
      `select count(*) as rows from ${quoted(table.name)}`,
    );
    counted.push({ ...table, rows: row!.rows });
  }
  return counted;
}

async function writeTables(
  tx: Transaction,
  folder: string,
  tables: readonly CountedTable[],
  cancel: () => Promise<unknown>,
  { onProgress, stopped }: ExportOptions,
): Promise<BackupTable[]> {
  const total = tables.reduce((sum, { rows }) => sum + rows, 0);
  const written: BackupTable[] = [];
  let before = 0;
  for (const { rows: expected, name, columns } of tables) {
    const sink = openSink(join(folder, tableFile(name)));
    const onRows = (rows: number): void => {
      onProgress(before + rows, total, name);
      if (stopped()) throw new StoppedByPerson();
    };
    await copyInto(
      sink,
      tx.copyChunksTo(`copy ${copyTarget({ name, columns })} to stdout`),
      cancel,
      onRows,
    );
    const file = await sink.end();
    if (file.rows !== expected) {
      throw new Fault(
        `Cannot export table ${name}: found ${file.rows} rows, expected ${expected}`,
        { retryable: true },
      );
    }
    before += file.rows;
    written.push({ name, columns: [...columns], ...file });
  }
  return written;
}

/** When the disk fails or a person stops, the server is told, so that it does not send the rest of the table. */
async function copyInto(
  sink: FileSink,
  chunks: AsyncIterable<Buffer>,
  cancel: () => Promise<unknown>,
  onRows: (rows: number) => void,
): Promise<void> {
  try {
    for await (const chunk of chunks) {
      try {
        onRows(await sink.write(chunk));
      } catch (error) {
        await cancel();
        throw error;
      }
    }
  } catch (error) {
    sink.drop();
    throw error;
  }
}
