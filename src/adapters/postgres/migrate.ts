// Moves a database forward to what this program expects, and refuses when the two do not belong together. Each file is
// one transaction that first locks one row, so two processes that start at once apply every file exactly once.
import { Fault } from "../fault.ts";
import { readMigrations, type MigrationFile } from "./migration-files.ts";
import type { Database, Transaction } from "./pool.ts";
import { codeOf } from "./sql-fault.ts";

type Applied = Readonly<{ version: number; name: string; checksum: string }>;

// Version 0 is no migration: it is the row that every migrating process locks.
const createTable = `
create table if not exists schema_migration (
  version integer primary key,
  name text collate "C" not null,
  checksum text collate "C" not null,
  applied_at timestamptz not null default now()
);
insert into schema_migration (version, name, checksum) values (0, 'lock', '') on conflict (version) do nothing;
`;

/**
 * Applies what is missing, in order; returns the names applied by this call and how many were there before. Refuses
 * (`Fault`, nothing changed) a changed or renamed file that was already applied, a gap, a duplicate number, a file without a
 * header comment, and a database that is newer than this program. A file that fails leaves nothing of itself behind.
 */
export async function migrate(
  db: Database,
  directory: string,
): Promise<{ applied: string[]; already: number }> {
  const files = await readMigrations(directory);
  await createMigrationTable(db);
  const applied: string[] = [];
  let already: number | undefined;
  for (;;) {
    const step = await db.transaction((tx) => applyNext(tx, files), { queryTimeoutMs: 0 });
    already ??= step.before;
    if (step.applied === undefined) return { applied, already };
    applied.push(step.applied);
  }
}

/** Names of the migrations that `migrate` would apply; changes nothing. Refuses what `migrate` refuses. */
export async function pendingMigrations(db: Database, directory: string): Promise<string[]> {
  const files = await readMigrations(directory);
  const [found] = await db.query<{ known: boolean }>(
    `select to_regclass('schema_migration') is not null as known`,
  );
  const applied =
    found?.known === true ? await db.transaction(readApplied, { readOnly: true }) : [];
  refuseMismatch(files, applied);
  return files.slice(applied.length).map((file) => file.name);
}

/** `create … if not exists` of two processes at the same moment may still collide in the catalogue. */
async function createMigrationTable(db: Database): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await db.transaction((tx) => tx.runScript(createTable));
      return;
    } catch (error) {
      if (attempt >= 5 || !["23505", "42P07", "42710"].includes(codeOf(error) ?? "")) throw error;
    }
  }
}

async function applyNext(
  tx: Transaction,
  files: readonly MigrationFile[],
): Promise<{ applied?: string; before: number }> {
  await tx.query("select version from schema_migration where version = 0 for update");
  const applied = await readApplied(tx);
  refuseMismatch(files, applied);
  const next = files[applied.length];
  if (next === undefined) return { before: applied.length };
  try {
    await tx.runScript(next.text);
  } catch (error) {
    throw failure(next, error);
  }
  const values = [next.version, next.name, next.checksum];
  await tx.query(
    "insert into schema_migration (version, name, checksum) values ($1, $2, $3)",
    values,
  );
  return { applied: next.name, before: applied.length };
}

function readApplied(tx: Transaction): Promise<Applied[]> {
  return tx.query<Applied>(
    "select version, name, checksum from schema_migration where version > 0 order by version",
  );
}

function refuseMismatch(files: readonly MigrationFile[], applied: readonly Applied[]): void {
  applied.forEach((row, index) => {
    const file = files[index];
    if (file === undefined) {
      const newest = files.at(-1)?.version ?? 0;
      throw refusal(
        `database is newer than this program, it has ${row.name} and this program ends at number ${newest}`,
      );
    }
    if (row.version !== file.version)
      throw refusal(`database lacks number ${file.version} but has ${row.version} (${row.name})`);
    if (row.name !== file.name)
      throw refusal(`number ${row.version} was applied as ${row.name}, found ${file.path}`);
    if (row.checksum !== file.checksum)
      throw refusal(`${file.path} was changed after it was applied, write a new file instead`);
  });
}

function refusal(state: string): Fault {
  return new Fault(`Cannot migrate database: ${state}`, { retryable: false });
}

/** Says where in the file PostgreSQL stopped. A conflict passes unchanged, to be run again. */
function failure(file: MigrationFile, error: unknown): unknown {
  if (!(error instanceof Fault) || error.retryable) return error;
  const { position, message } = error.cause as { position?: string; message?: string };
  const line =
    position === undefined
      ? ""
      : ` line ${file.text.slice(0, Number(position)).split("\n").length}`;
  const code = error.code === undefined ? {} : { code: error.code };
  return new Fault(`Cannot migrate: ${file.path}${line}: ${message}`, {
    cause: error,
    retryable: false,
    ...code,
  });
}
