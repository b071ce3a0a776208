// What a migration may look like: numbered from 0001 without a gap, plain SQL, opened by a comment that says why it
// exists, and never changed after it was applied. Files that break a rule are refused before anything runs.
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Fault } from "../fault.ts";

/** One file: `0001-create-ledger.sql` has version 1 and name `0001-create-ledger`. */
export type MigrationFile = Readonly<{
  version: number;
  name: string;
  path: string;
  text: string;
  checksum: string;
}>;

/** Reads all migrations of a folder in order. Throws a `Fault` naming the file that breaks a rule. */
export async function readMigrations(directory: string): Promise<readonly MigrationFile[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith(".sql")).toSorted();
  const files = await Promise.all(names.map((name) => readMigration(directory, name)));
  files.forEach((file, index) => refuseDisorder(file, files[index - 1]));
  return files;
}

async function readMigration(directory: string, fileName: string): Promise<MigrationFile> {
  const path = join(directory, fileName);
  const [, digits] = /^(\d{4})-[a-z0-9]+(?:-[a-z0-9]+)*\.sql$/.exec(fileName) ?? [];
  if (digits === undefined) throw refusal(path, "its name must look like 0001-what-it-does.sql");
  // Git may check files out with other line ends; that is not a change.
  const text = (await readFile(path, "utf8")).replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  if (!/^--+[^\S\n]*[^\s-].*\w/.test(text))
    throw refusal(path, "line 1 must be a comment (--) that says why this migration exists");
  refuseTransactionControl(path, text);
  const checksum = createHash("sha256").update(text).digest("hex");
  return { version: Number(digits), name: fileName.slice(0, -4), path, text, checksum };
}

function refuseDisorder(file: MigrationFile, previous: MigrationFile | undefined): void {
  const expected = (previous?.version ?? 0) + 1;
  if (file.version === expected) return;
  if (file.version === previous?.version)
    throw refusal(file.path, `number ${file.version} is already used by ${previous.name}.sql`);
  throw refusal(file.path, `found number ${file.version}, expected ${expected}`);
}

/** Each file is one transaction, and the runner ends it. */
function refuseTransactionControl(path: string, text: string): void {
  text.split("\n").forEach((line, index) => {
    if (!/^\s*(begin|commit|rollback|start\s+transaction)\s*(work|transaction)?\s*;/i.test(line))
      return;
    throw refusal(
      path,
      `line ${index + 1} controls the transaction, which the runner does for each file`,
    );
  });
}

function refusal(path: string, state: string): Fault {
  return new Fault(`Cannot use migration ${path}: ${state}`, { retryable: false });
}
