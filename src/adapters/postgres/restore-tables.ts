// A backup put back: into an installation where nothing has happened yet, with exactly the tables and migrations of the
// backup, in one transaction. Whatever is wrong with the files or the target, and whenever the restore dies, the target
// stays as it was.

import { refuse, type Refusal } from "../../domain/refusal.ts";
import type { Text } from "../../domain/text.ts";
import { checkTableFile, readTableFile } from "./backup-file.ts";
import {
  fileFault,
  manifestFile,
  type BackupManifest,
  type BackupMigration,
  type BackupTable,
} from "./backup-manifest.ts";
import {
  appliedMigrations,
  copyTarget,
  quoted,
  schemaTables,
  type SchemaTable,
} from "./backup-tables.ts";
import { StoppedByPerson } from "./export-folder.ts";
import type { Database, Transaction } from "./pool.ts";
import { codeOf } from "./sql-fault.ts";

/** `done` and `total` in bytes while files are checked, in rows while tables are stored. */
export type BackupProgress = (done: number, total: number, table: string) => void;

/** `stopped` is asked between chunks; `lockWaitMs` is how long others may take to let go of the target. */
export type RestoreOptions = Readonly<{
  onProgress: BackupProgress;
  stopped: () => boolean;
  lockWaitMs?: number;
}>;

/** Rows stored, and the rows of the target that gave way (accounts, keys, strategies of an unused installation). */
export type Restored = Readonly<{ rows: number; replaced: Readonly<Record<string, number>> }>;

/** An installation where any of these has a row is in use. */
const signsOfUse = ["customer", "credit_line", "signal", "event", "log_leaf", "sweep"] as const;

// The buckets are there from the first migration on; replacing them is nothing anybody would miss.
const madeByMigrations: ReadonlySet<string> = new Set(["bucket"]);

const usualLockWaitMs = 10_000;

/** Proves every file against the manifest. `unpack` also reads what is inside. Throws a FileFault; reads no database. */
export async function checkBackupFiles(
  folder: string,
  { tables }: BackupManifest,
  { onProgress, stopped, unpack }: RestoreOptions & Readonly<{ unpack: boolean }>,
): Promise<void> {
  const total = tables.reduce(
    (sum, table) => sum + (unpack ? table.bytes : 0) + table.fileBytes,
    0,
  );
  let done = 0;
  for (const table of tables) {
    const onBytes = (bytes: number): void => {
      done += bytes;
      onProgress(done, total, table.name);
      if (stopped()) throw new StoppedByPerson();
    };
    await checkTableFile(folder, table, onBytes);
    if (!unpack) continue;
    for await (const chunk of readTableFile(folder, table)) onBytes(chunk.length);
  }
}

/** Why the backup cannot be put into this database, or what would be replaced; changes nothing. */
export function rehearseRestore(
  database: Database,
  folder: string,
  manifest: BackupManifest,
): Promise<Restored | Refusal> {
  return database.transaction(
    async (tx) =>
      (await misfit(tx, folder, manifest)) ?? {
        rows: rowsOf(manifest),
        replaced: await held(tx, manifest),
      },
    { readOnly: true, queryTimeoutMs: 0 },
  );
}

/**
 * Stores a backup: all tables or, after a refusal, a fault or `StoppedByPerson`, none. Everything the target holds in
 * these tables is replaced. Refuses a target in use by another process, with rows of customers, or with other migrations.
 */
export async function restoreTables(
  database: Database,
  folder: string,
  manifest: BackupManifest,
  options: RestoreOptions,
): Promise<Restored | Refusal> {
  try {
    return await database.transaction(
      async (tx) =>
        (await takeTarget(tx, folder, manifest, options)) ??
        (await replaceAll(tx, folder, manifest, options)),
      { queryTimeoutMs: 0 },
    );
  } catch (error) {
    if (codeOf(error) !== "55P03") throw error;
    return refuse("wrong-state", {
      en: "Cannot restore: another process uses the database, stop it first",
      zh: "无法恢复：另有进程正在使用数据库，请先停止该进程",
    });
  }
}

/** Nobody writes between the look at the target and the end of the restore. */
async function takeTarget(
  tx: Transaction,
  folder: string,
  manifest: BackupManifest,
  { lockWaitMs = usualLockWaitMs }: RestoreOptions,
): Promise<Refusal | null> {
  const other = otherMigrations(manifest, await appliedMigrations(tx));
  if (other !== null) return other;
  await tx.runScript(`set local lock_timeout = ${lockWaitMs};
    lock table ${(await schemaTables(tx)).map(({ name }) => quoted(name)).join(", ")} in access exclusive mode;
    set local lock_timeout = 0`);
  return misfit(tx, folder, manifest);
}

async function replaceAll(
  tx: Transaction,
  folder: string,
  manifest: BackupManifest,
  { onProgress, stopped }: RestoreOptions,
): Promise<Restored> {
  const { tables } = manifest;
  const replaced = await held(tx, manifest);
  await tx.runScript(`truncate ${tables.map(({ name }) => quoted(name)).join(", ")}`);
  const total = rowsOf(manifest);
  let before = 0;
  for (const table of tables) {
    const onBytes = (bytes: number): void => {
      // Rows are counted by the server at the end of a table; until then the bytes tell how far it is.
      onProgress(
        before + Math.floor((table.rows * bytes) / Math.max(1, table.bytes)),
        total,
        table.name,
      );
      if (stopped()) throw new StoppedByPerson();
    };
    const rows = await tx.copyChunksFrom(
      `copy ${copyTarget(table)} from stdin`,
      watched(readTableFile(folder, table), onBytes),
    );
    if (rows !== table.rows) throw wrongCount(folder, table, rows);
    before += rows;
  }
  // A new table has no statistics, and the first questions would be answered by reading it whole.
  await tx.runScript(`analyze ${tables.map(({ name }) => quoted(name)).join(", ")}`);
  return { rows: before, replaced };
}

async function* watched(
  chunks: AsyncIterable<Buffer>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of chunks) {
    yield chunk;
    onBytes((bytes += chunk.length));
  }
}

async function misfit(
  tx: Transaction,
  folder: string,
  manifest: BackupManifest,
): Promise<Refusal | null> {
  const other = otherMigrations(manifest, await appliedMigrations(tx));
  if (other !== null) return other;
  refuseOtherTables(folder, manifest, await schemaTables(tx));
  for (const name of signsOfUse) {
    const found = await tx.query(`select 1 from ${quoted(name)} limit 1`);
    if (found.length === 0) continue;
    return refuse("wrong-state", {
      en: `Cannot restore: the database is in use, table ${name} has rows, expected a new installation`,
      zh: `无法恢复：目标数据库已有数据（表 ${name} 非空），须为全新的系统`,
    });
  }
  return null;
}

/** Rows that a restore would replace, by table. */
async function held(
  tx: Transaction,
  { tables }: BackupManifest,
): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    if (madeByMigrations.has(name)) continue;
    const [row] = await tx.query<Readonly<{ rows: number }>>(
      `select count(*) as rows from ${quoted(name)}`,
    );
    if (row!.rows > 0) counts[name] = row!.rows;
  }
  return counts;
}

/** Tables are of the shape their migrations gave them; which program has the same is said. */
function otherMigrations(
  { migrations, program }: BackupManifest,
  applied: readonly BackupMigration[],
): Refusal | null {
  const at = migrations.findIndex(({ name, checksum }, index) => {
    const one = applied[index];
    return one === undefined || one.name !== name || one.checksum !== checksum;
  });
  if (at === -1 && migrations.length === applied.length) return null;
  const ends = { backup: nameOf(migrations.at(-1)), target: nameOf(applied.at(-1)) };
  if (at !== -1 && applied[at] !== undefined) {
    return wrongMigrations({
      en: `migration ${migrations[at]!.name} of the backup differs from ${applied[at].name} of the database, restore with Tidemark ${program}`,
      zh: `备份的迁移 ${migrations[at]!.name} 与数据库的 ${applied[at].name} 不同，请使用 Tidemark ${program} 恢复`,
    });
  }
  return wrongMigrations(
    at === -1
      ? {
          en: `the backup ends at migration ${ends.backup}, the database at ${ends.target}: restore with Tidemark ${program}, then let this one bring the database up to date`,
          zh: `备份截至迁移 ${ends.backup}，数据库已至 ${ends.target}：请先用 Tidemark ${program} 恢复，再由当前版本升级`,
        }
      : {
          en: `the backup is newer, it ends at migration ${ends.backup}, the database at ${ends.target}: restore with Tidemark ${program} or newer`,
          zh: `备份较新，截至迁移 ${ends.backup}，而数据库仅至 ${ends.target}：请使用 Tidemark ${program} 或更新版本恢复`,
        },
  );
}

function wrongMigrations(state: Text): Refusal {
  return refuse("wrong-state", { en: `Cannot restore: ${state.en}`, zh: `无法恢复：${state.zh}` });
}

function nameOf(migration: BackupMigration | undefined): string {
  return migration?.name ?? "0000";
}

/** With equal migrations only a changed database or a wrong manifest can differ. */
function refuseOtherTables(
  folder: string,
  { tables }: BackupManifest,
  found: readonly SchemaTable[],
): void {
  const shape = (table: SchemaTable): string => `${table.name} (${table.columns.join(", ")})`;
  const expected = new Set(found.map(shape));
  const here = new Set(tables.map(shape));
  const odd =
    [...here].find((one) => !expected.has(one)) ?? [...expected].find((one) => !here.has(one));
  if (odd === undefined && tables.length === found.length) return;
  throw fileFault(
    `${folder}/${manifestFile}`,
    {
      en: `another set of tables: ${odd ?? "a table twice"}`,
      zh: `数据表不一致：${odd ?? "重复的表"}`,
    },
    { en: `the ${found.length} tables of the database`, zh: `数据库的 ${found.length} 张表` },
  );
}

function wrongCount(folder: string, { name, rows }: BackupTable, stored: number): Error {
  return fileFault(
    `${folder}/${name}`,
    { en: `${stored} rows stored`, zh: `已写入 ${stored} 行` },
    { en: `${rows} rows as its manifest says`, zh: `清单所载的 ${rows} 行` },
  );
}

function rowsOf({ tables }: BackupManifest): number {
  return tables.reduce((sum, { rows }) => sum + rows, 0);
}
