// The promise of a backup: what comes back is what was there, to the last byte of every table, as of one instant; and
// whatever is wrong with files or target is refused with nothing left behind.

import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import { createHash } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  manifestText,
  parseManifest,
  readManifest,
  type BackupManifest,
} from "../../src/adapters/postgres/backup-manifest.ts";
import { inStoringOrder } from "../../src/adapters/postgres/backup-tables.ts";
import { exportBackup, type ExportOptions } from "../../src/adapters/postgres/export-backup.ts";
import { StoppedByPerson } from "../../src/adapters/postgres/export-folder.ts";
import {
  checkBackupFiles,
  rehearseRestore,
  restoreTables,
} from "../../src/adapters/postgres/restore-tables.ts";
import { isRefusal } from "../../src/domain/refusal.ts";
import { fillEveryTable, tableHashes } from "../support/backup-rows.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";

const base = mkdtempSync(join(tmpdir(), "tidemark-backup-"));
const folder = join(base, "backup");
const rowsPerTable = 40;
const quiet = { onProgress: () => undefined, stopped: () => false };
const options: ExportOptions = {
  ...quiet,
  program: "9.9.9",
  createdAt: "2026-03-02T04:00:00.000Z",
  masterKeys: { keys: { k1: "aa" }, index: "bb" },
};

let source: FreshDatabase;
let manifest: BackupManifest;
const opened: FreshDatabase[] = [];

beforeAll(async () => {
  source = await freshDatabase();
  await fillEveryTable(source.db, rowsPerTable);
  const written = await exportBackup(source.db, folder, options);
  if (isRefusal(written)) throw new Error(written.detail.en);
  manifest = written;
});

afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

afterAll(async () => {
  await source.close();
  rmSync(base, { recursive: true, force: true });
});

async function target(): Promise<FreshDatabase> {
  const fresh = await freshDatabase();
  opened.push(fresh);
  return fresh;
}

let copies = 0;

/** A copy of the backup that a test may damage. */
function copyOfBackup(): string {
  const copy = join(base, `copy-${++copies}`);
  cpSync(folder, copy, { recursive: true });
  return copy;
}

/** A backup that is wrong in itself: its manifest agrees with its seal, not with the rest. */
function resealed(change: (manifest: BackupManifest) => BackupManifest): string {
  const copy = copyOfBackup();
  writeFileSync(join(copy, "manifest.json"), manifestText(change(manifest)));
  return copy;
}

describe("a backup", () => {
  test("put back gives equal tables, rows in every one of them", async () => {
    const { db } = await target();
    const restored = await restoreTables(db, folder, await readManifest(folder), quiet);
    expect(restored).toEqual({
      rows: manifest.tables.reduce((sum, { rows }) => sum + rows, 0),
      replaced: {},
    });
    expect(await tableHashes(db)).toEqual(await tableHashes(source.db));
    expect(manifest.tables.every(({ rows }) => rows > 0)).toBe(true);
    const empty = await db.query(
      "select 1 from pg_stat_user_tables where last_analyze is null and relname = 'event'",
    );
    expect(empty).toEqual([]);
  });

  test("of a restored database has the same contents as the backup it came from", async () => {
    const { db } = await target();
    await restoreTables(db, folder, manifest, quiet);
    const again = join(base, "again");
    const written = await exportBackup(db, again, options);
    if (isRefusal(written)) throw new Error(written.detail.en);
    const contents = ({ tables }: BackupManifest): unknown =>
      tables.map(({ name, columns, rows, bytes }) => ({ name, columns, rows, bytes }));
    expect(contents(written)).toEqual(contents(manifest));
  });

  test("is readable by its owner only, and every file agrees with the manifest", () => {
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const files = ["manifest.json", ...manifest.tables.map(({ name }) => `${name}.copy.gz`)];
    expect(readdirSync(folder).toSorted()).toEqual(files.toSorted());
    for (const { name, sha256, bytes, rows } of manifest.tables) {
      const path = join(folder, `${name}.copy.gz`);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(createHash("sha256").update(readFileSync(path)).digest("hex")).toBe(sha256);
      const text = gunzipSync(readFileSync(path));
      expect([text.length, text.toString("utf8").split("\n").length - 1]).toEqual([bytes, rows]);
    }
  });

  test("is of one instant: what is written while it runs is in none of its tables", async () => {
    const { db } = await target();
    await fillEveryTable(db, 5);
    const before = await tableHashes(db);
    let disturbed: Promise<unknown> | undefined;
    const during = join(base, "during");
    const write = () => db.execute("update bucket set next_seq = next_seq + 1");
    const written = await exportBackup(db, during, {
      ...options,
      onProgress: () => {
        disturbed ??= Promise.all([
          write(),
          db.execute("delete from timer"),
          db.execute("delete from strategy"),
        ]);
      },
    });
    await disturbed;
    if (isRefusal(written)) throw new Error(written.detail.en);
    expect(await tableHashes(db)).not.toEqual(before);
    const other = await target();
    await restoreTables(other.db, during, written, quiet);
    expect(await tableHashes(other.db)).toEqual(before);
  });
});

describe("exporting", () => {
  test("refuses a folder with anything in it and touches nothing there", async () => {
    const full = join(base, "full");
    mkdirSync(full);
    writeFileSync(join(full, "note"), "mine");
    const refused = await exportBackup(source.db, full, options);
    expect(refused).toMatchObject({
      refused: "already-exists",
      detail: { en: expect.stringContaining("it is not empty") },
    });
    expect(readdirSync(full)).toEqual(["note"]);
  });

  test("leaves nothing when a person stops it, and the connection goes on", async () => {
    const stopped = join(base, "stopped");
    await expect(
      exportBackup(source.db, stopped, { ...options, stopped: () => true }),
    ).rejects.toThrow(StoppedByPerson);
    expect(readdirSync(base).filter((name) => name.startsWith("stopped"))).toEqual([]);
    expect(await source.db.query("select 1 as one")).toEqual([{ one: 1 }]);
    expect(await source.db.transaction((tx) => tx.query("select 1 as one"))).toEqual([{ one: 1 }]);
  });

  test("clears away what a killed export left beside the folder, and nothing else", async () => {
    const next = join(base, "next");
    mkdirSync(`${next}.partial-4194305`);
    mkdirSync(`${next}.partial-notes`);
    await exportBackup(source.db, next, options);
    expect(existsSync(`${next}.partial-4194305`)).toBe(false);
    expect(existsSync(`${next}.partial-notes`)).toBe(true);
    expect(existsSync(join(next, "manifest.json"))).toBe(true);
  });

  test("fills an empty folder that is there already", async () => {
    const empty = join(base, "empty");
    mkdirSync(empty);
    expect(isRefusal(await exportBackup(source.db, empty, options))).toBe(false);
    expect((await readManifest(empty)).program).toBe("9.9.9");
  });
});

describe("a damaged backup", () => {
  const check = (copy: string, unpack = false): Promise<void> =>
    readManifest(copy).then((read) => checkBackupFiles(copy, read, { ...quiet, unpack }));

  test("with any byte of a table's file flipped is refused", async () => {
    const copy = copyOfBackup();
    const path = join(copy, "event.copy.gz");
    const whole = readFileSync(path);
    for (const at of [0, 3, Math.floor(whole.length / 2), whole.length - 1]) {
      const bytes = Buffer.from(whole);
      bytes[at] = bytes[at]! ^ 1;
      writeFileSync(path, bytes);
      await expect(check(copy)).rejects.toThrow(
        /Cannot read .*event\.copy\.gz: found SHA-256 .* expected/,
      );
    }
    writeFileSync(path, whole);
    await check(copy, true);
  });

  test("with any byte of the manifest flipped is refused", () => {
    const bytes = readFileSync(join(folder, "manifest.json"));
    for (let at = 0; at < bytes.length; at += 7) {
      const flipped = Buffer.from(bytes);
      flipped[at] = flipped[at]! ^ 1;
      expect(() => parseManifest(flipped.toString("utf8"), "manifest.json"), `byte ${at}`).toThrow(
        "Cannot read manifest.json: found ",
      );
    }
  });

  test("with a missing file, a cut file or no manifest is refused by name", async () => {
    const missing = copyOfBackup();
    rmSync(join(missing, "decision.copy.gz"));
    await expect(check(missing)).rejects.toThrow(/decision\.copy\.gz: found no such file/);
    const cut = copyOfBackup();
    truncateSync(join(cut, "event.copy.gz"), 100);
    await expect(check(cut)).rejects.toThrow(
      /event\.copy\.gz: found 100 bytes, expected \d+ bytes/,
    );
    const bare = copyOfBackup();
    rmSync(join(bare, "manifest.json"));
    await expect(check(bare)).rejects.toThrow(/manifest\.json: found no readable file/);
    await expect(check(join(base, "nowhere"))).rejects.toThrow(
      /nowhere.manifest\.json: found no readable file/,
    );
  });

  test("whose manifest agrees with a cut gzip or a wrong number of rows leaves the target as it was", async () => {
    const whole = gzipSync(gunzipSync(readFileSync(join(folder, "timer.copy.gz"))));
    const cut = whole.subarray(0, whole.length - 20);
    const sums = { fileBytes: cut.length, sha256: createHash("sha256").update(cut).digest("hex") };
    const torn = resealed(withTable("timer", sums));
    writeFileSync(join(torn, "timer.copy.gz"), cut);
    const short = resealed(withTable("timer", { rows: rowsPerTable + 1 }));
    const { db } = await target();
    const before = await tableHashes(db);
    for (const [copy, words] of [
      [torn, /timer\.copy\.gz: found a damaged file \(unexpected end of file\)/],
      [short, /timer\.copy\.gz: found 40 rows, expected 41 rows as its manifest says/],
    ] as const) {
      await check(copy);
      await expect(check(copy, true)).rejects.toThrow(words);
      await expect(restoreTables(db, copy, await readManifest(copy), quiet)).rejects.toThrow(words);
      expect(await tableHashes(db)).toEqual(before);
    }
  });

  test("with another set of columns or tables is refused", async () => {
    const { db } = await target();
    const renamed = resealed(withTable("timer", { columns: ["bucket", "id"] }));
    await expect(restoreTables(db, renamed, await readManifest(renamed), quiet)).rejects.toThrow(
      /another set of tables: timer \(bucket, id\)/,
    );
    const fewer = resealed((one) => ({
      ...one,
      tables: one.tables.filter(({ name }) => name !== "timer"),
    }));
    await expect(restoreTables(db, fewer, await readManifest(fewer), quiet)).rejects.toThrow(
      /another set of tables: timer/,
    );
  });
});

function withTable(name: string, change: Partial<BackupManifest["tables"][number]>) {
  return (one: BackupManifest): BackupManifest => ({
    ...one,
    tables: one.tables.map((table) => (table.name === name ? { ...table, ...change } : table)),
  });
}

describe("a target", () => {
  test("with a row in any table of work is refused and stays as it was", async () => {
    const { db } = await target();
    const signs = ["customer", "credit_line", "signal", "event", "log_leaf", "sweep"];
    for (const name of signs) {
      await db.execute(
        `truncate ${manifest.tables
          .map((table) => table.name)
          .filter((one) => one !== "bucket")
          .join(", ")}`,
      );
      await fillEveryTable(db, 1);
      await db.execute(`truncate ${signs.filter((one) => one !== name).join(", ")}`);
      const before = await tableHashes(db);
      const refusal = {
        refused: "wrong-state",
        detail: {
          en: `Cannot restore: the database is in use, table ${name} has rows, expected a new installation`,
        },
      };
      expect(await restoreTables(db, folder, manifest, quiet)).toMatchObject(refusal);
      expect(await rehearseRestore(db, folder, manifest)).toMatchObject(refusal);
      expect(await tableHashes(db)).toEqual(before);
    }
  });

  test("that another process works with is refused, and says so", async () => {
    const { db } = await target();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const other = db.transaction(async (tx) => {
      await tx.execute("update bucket set next_seq = 2 where bucket = 7");
      await held;
    });
    const refused = await restoreTables(db, folder, manifest, { ...quiet, lockWaitMs: 200 });
    expect(refused).toMatchObject({
      detail: { en: "Cannot restore: another process uses the database, stop it first" },
    });
    release();
    await other;
    expect(isRefusal(await restoreTables(db, folder, manifest, quiet))).toBe(false);
  });

  test("that has only accounts and settings gives them up, and a rehearsal says so first", async () => {
    const { db } = await target();
    await fillEveryTable(db, 2);
    const kept = new Set(["account", "api_key", "session", "installation", "bucket"]);
    const gone = manifest.tables.map(({ name }) => name).filter((name) => !kept.has(name));
    await db.execute(`truncate ${gone.join(", ")}`);
    const replaced = { account: 2, api_key: 2, session: 2, installation: 1 };
    expect(await rehearseRestore(db, folder, manifest)).toMatchObject({ replaced });
    expect(await restoreTables(db, folder, manifest, quiet)).toMatchObject({ replaced });
    expect(await tableHashes(db)).toEqual(await tableHashes(source.db));
  });

  test("with older, newer or other migrations is refused, naming the program to use", async () => {
    const { db } = await target();
    const last = manifest.migrations.at(-1)!;
    const next = { version: last.version + 1, name: "0099-later", checksum: last.checksum };
    const other = { ...last, checksum: "0".repeat(64) };
    const cases = [
      [
        [...manifest.migrations, next],
        /the backup is newer, it ends at migration 0099-later, .* restore with Tidemark 9\.9\.9 or newer/,
      ],
      [
        manifest.migrations.slice(0, -1),
        /the backup ends at migration .*: restore with Tidemark 9\.9\.9, then let this one bring/,
      ],
      [
        [...manifest.migrations.slice(0, -1), other],
        /of the backup differs from .*, restore with Tidemark 9\.9\.9/,
      ],
    ] as const;
    for (const [migrations, words] of cases) {
      const wrong = { ...manifest, migrations: [...migrations] };
      const refusal = { refused: "wrong-state", detail: { en: expect.stringMatching(words) } };
      expect(await restoreTables(db, folder, wrong, quiet)).toMatchObject(refusal);
      expect(await rehearseRestore(db, folder, wrong)).toMatchObject(refusal);
    }
  });

  test("whose restore is killed half-way stays empty and can be restored afterwards", async () => {
    const big = await target();
    await big.db.execute(
      `insert into log_leaf select n % 1024, n, repeat(md5(n::text), 8), sha256(n::text::bytea) from generate_series(1, 80000) n`,
    );
    const large = join(base, "large");
    let at = "";
    const halfway = {
      ...options,
      onProgress: (_done: number, _total: number, table: string) => void (at = table),
      stopped: () => at === "log_leaf",
    };
    await expect(exportBackup(big.db, large, halfway)).rejects.toThrow(StoppedByPerson);
    expect(readdirSync(base).filter((name) => name.startsWith("large"))).toEqual([]);
    expect(await big.db.query("select 1 as one")).toEqual([{ one: 1 }]);
    expect(await big.db.transaction((tx) => tx.query("select 1 as one"))).toEqual([{ one: 1 }]);
    const written = await exportBackup(big.db, large, options);
    if (isRefusal(written)) throw new Error(written.detail.en);
    const { db, url } = await target();
    const before = await tableHashes(db);
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL("../support/restore-child.ts", import.meta.url)), url, large],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (line === "log_leaf") child.kill("SIGKILL");
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    expect(child.signalCode).toBe("SIGKILL");
    expect(lines.filter((line) => line.startsWith("done"))).toEqual([]);
    expect(await tableHashes(db)).toEqual(before);
    expect(isRefusal(await restoreTables(db, large, written, quiet))).toBe(false);
    expect(await tableHashes(db)).toEqual(await tableHashes(big.db));
  });

  test("stays as it was when a person stops the restore", async () => {
    const { db } = await target();
    const before = await tableHashes(db);
    await expect(
      restoreTables(db, folder, manifest, { ...quiet, stopped: () => true }),
    ).rejects.toThrow(StoppedByPerson);
    expect(await tableHashes(db)).toEqual(before);
  });
});

describe("tables", () => {
  test("stand after those they need, and a circle is a fault", () => {
    const table = (name: string, ...needs: string[]) => ({ name, needs, columns: ["id"] });
    const ordered = inStoringOrder([table("a", "c"), table("b"), table("c", "b")]);
    expect(ordered.map(({ name }) => name)).toEqual(["b", "c", "a"]);
    expect(() => inStoringOrder([table("a", "b"), table("b", "a")])).toThrow(
      "Cannot order tables: a, b need each other",
    );
  });
});
