// Migrations against a real database: applied once whoever comes, refused when file and database do not belong together.
import { mkdtempSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { migrate, pendingMigrations } from "../../src/adapters/postgres/migrate.ts";
import { openDatabase } from "../../src/adapters/postgres/pool.ts";
import { freshDatabase } from "../support/database.ts";

const ownMigrations = fileURLToPath(new URL("../../migrations", import.meta.url));
const fresh = await freshDatabase();
const { db } = fresh;
const folder = mkdtempSync(join(tmpdir(), "tm-migrate-"));

afterAll(async () => {
  await fresh.close();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  await db.transaction((tx) => tx.runScript("drop schema public cascade; create schema public"));
  for (const name of readdirSync(folder)) unlinkSync(join(folder, name));
  write(
    "0001-first.sql",
    "-- the first table\ncreate table first (n integer);\ninsert into first values (1);\n",
  );
  write("0002-second.sql", "-- the second table\ncreate table second (n integer);\n");
});

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

async function tables(): Promise<readonly string[]> {
  const rows = await db.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' order by table_name collate "C"`,
  );
  return rows.map((row) => row.name);
}

test("all files are applied once, in order", async () => {
  expect(await pendingMigrations(db, folder)).toEqual(["0001-first", "0002-second"]);
  expect(await tables()).toEqual([]);
  expect(await migrate(db, folder)).toEqual({ applied: ["0001-first", "0002-second"], already: 0 });
  expect(await pendingMigrations(db, folder)).toEqual([]);
  expect(await migrate(db, folder)).toEqual({ applied: [], already: 2 });
  write("0003-third.sql", "-- the third table\ncreate table third (n integer);\n");
  expect(await pendingMigrations(db, folder)).toEqual(["0003-third"]);
  expect(await migrate(db, folder)).toEqual({ applied: ["0003-third"], already: 2 });
  expect(await tables()).toEqual(["first", "schema_migration", "second", "third"]);
});

test("processes that start at once apply each file once between them", async () => {
  const others = await Promise.all([1, 2, 3].map(() => openDatabase(fresh.url, { max: 2 })));
  const results = await Promise.all([db, ...others].map((each) => migrate(each, folder)));
  await Promise.all(others.map((each) => each.close()));
  expect(results.flatMap((result) => result.applied).toSorted()).toEqual([
    "0001-first",
    "0002-second",
  ]);
  expect(await db.query("select n from first")).toEqual([{ n: 1 }]);
});

test("a file that fails leaves nothing of itself, keeps those before it, and is named with its line", async () => {
  write(
    "0003-broken.sql",
    "-- half of this works\ncreate table third (n integer);\n\ninsert into missing values (1);\n",
  );
  await expect(migrate(db, folder)).rejects.toThrow(
    /^Cannot migrate: .*0003-broken\.sql line 4: relation "missing" does not exist$/,
  );
  expect(await tables()).toEqual(["first", "schema_migration", "second"]);
  write("0003-broken.sql", "-- all of this works\ncreate table third (n integer);\n");
  expect(await migrate(db, folder)).toEqual({ applied: ["0003-broken"], already: 2 });
});

test("a long migration is not cut by the query time-out", async () => {
  const hurried = await openDatabase(fresh.url, { queryTimeoutMs: 200 });
  write("0003-slow.sql", "-- takes its time\nselect pg_sleep(0.5);\n");
  expect((await migrate(hurried, folder)).applied).toHaveLength(3);
  await hurried.close();
});

describe("is refused, by migrate and by pendingMigrations, with nothing changed:", () => {
  test.each<[string, () => void, RegExp]>([
    [
      "an applied file that was changed",
      () => write("0001-first.sql", "-- the first table\ncreate table first (n bigint);\n"),
      /^Cannot migrate database: .*0001-first\.sql was changed after it was applied, write a new file instead$/,
    ],
    [
      "an applied file that was renamed",
      () => {
        write("0002-other.sql", readFileSync(join(folder, "0002-second.sql"), "utf8"));
        unlinkSync(join(folder, "0002-second.sql"));
      },
      /^Cannot migrate database: number 2 was applied as 0002-second, found .*0002-other\.sql$/,
    ],
    [
      "a database that is newer",
      () => unlinkSync(join(folder, "0002-second.sql")),
      /^Cannot migrate database: database is newer than this program, it has 0002-second and this program ends at number 1$/,
    ],
    [
      "a new file after a gap",
      () => write("0004-fourth.sql", "-- too far\nselect 1;\n"),
      /^Cannot use migration .*0004-fourth\.sql: found number 4, expected 3$/,
    ],
  ])("%s", async (_, change, message) => {
    await migrate(db, folder);
    change();
    await expect(migrate(db, folder)).rejects.toThrow(message);
    await expect(pendingMigrations(db, folder)).rejects.toThrow(message);
    expect(await tables()).toEqual(["first", "schema_migration", "second"]);
  });

  test("a database that lacks a number in the middle", async () => {
    await migrate(db, folder);
    await db.execute("delete from schema_migration where version = 1");
    await expect(migrate(db, folder)).rejects.toThrow(
      "Cannot migrate database: database lacks number 1 but has 2 (0002-second)",
    );
  });
});

describe("the repository's own migrations", () => {
  const files = readdirSync(ownMigrations).filter((name) => name.endsWith(".sql"));
  const forbidden = [
    /\badvisory_(?:xact_)?lock\b/i,
    /\b(?:listen|notify)\b/i,
    /\bcreate\s+(?:or\s+replace\s+)?(?:constraint\s+)?trigger\b/i,
    /\bcreate\s+(?:or\s+replace\s+)?(?:function|procedure)\b/i,
    /\btemp(?:orary)?\s+table\b/i,
    /\b(?:create\s+sequence|(?:small|big)?serial|generated\s+(?:always|by\s+default)\s+as\s+identity)\b/i,
    /\bdeferrable\b/i,
    /\bserializable\b/i,
    /\bgrouping\s+sets\b/i,
  ];

  test.each(files)("%s holds to the SQL that every engine understands", (name) => {
    const sql = readFileSync(join(ownMigrations, name), "utf8").replaceAll(/--.*$/gm, "");
    expect(
      forbidden.map((pattern) => pattern.exec(sql)?.[0]).filter((found) => found !== undefined),
    ).toEqual([]);
  });

  test("apply to an empty database and then have nothing left to do", async () => {
    expect((await migrate(db, ownMigrations)).applied).toHaveLength(files.length);
    expect(await pendingMigrations(db, ownMigrations)).toEqual([]);
  });
});
