// What a migration folder may hold: every rule with a file that breaks it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readMigrations } from "./migration-files.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "tm-migrations-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

test("files are read in order, other files are left alone", async () => {
  write({
    "0002-second.sql": "-- because of b\nselect 2;",
    "0001-first.sql": "-- because of a\nselect 1;",
    "README.md": "#",
  });
  const files = await readMigrations(folder);
  expect(files.map(({ version, name }) => [version, name])).toEqual([
    [1, "0001-first"],
    [2, "0002-second"],
  ]);
});

test("the checksum does not depend on line ends or a byte order mark", async () => {
  write({ "0001-a.sql": "-- why\nselect 1;\n" });
  const [unix] = await readMigrations(folder);
  write({ "0001-a.sql": "\uFEFF-- why\r\nselect 1;\r\n" });
  const [windows] = await readMigrations(folder);
  expect(windows?.checksum).toBe(unix?.checksum);
});

describe("a folder is refused", () => {
  test.each<[string, Readonly<Record<string, string>>, RegExp]>([
    [
      "with a bad name",
      { "1-a.sql": "-- why\n" },
      /1-a\.sql: its name must look like 0001-what-it-does\.sql/,
    ],
    [
      "with capitals in a name",
      { "0001-A.sql": "-- why\n" },
      /0001-A\.sql: its name must look like/,
    ],
    [
      "without a header comment",
      { "0001-a.sql": "select 1;" },
      /0001-a\.sql: line 1 must be a comment/,
    ],
    [
      "with an empty header comment",
      { "0001-a.sql": "--\nselect 1;" },
      /0001-a\.sql: line 1 must be a comment/,
    ],
    [
      "that does not begin at 1",
      { "0002-a.sql": "-- why\n" },
      /0002-a\.sql: found number 2, expected 1/,
    ],
    [
      "with a gap",
      { "0001-a.sql": "-- why\n", "0003-c.sql": "-- why\n" },
      /0003-c\.sql: found number 3, expected 2/,
    ],
    [
      "with a number twice",
      { "0001-a.sql": "-- why\n", "0001-b.sql": "-- why\n" },
      /0001-b\.sql: number 1 is already used by 0001-a\.sql/,
    ],
    [
      "that commits by itself",
      { "0001-a.sql": "-- why\nselect 1;\n  COMMIT;\n" },
      /0001-a\.sql: line 3 controls the transaction/,
    ],
    [
      "that begins by itself",
      { "0001-a.sql": "-- why\nstart transaction;\n" },
      /0001-a\.sql: line 2 controls the transaction/,
    ],
  ])("%s", async (_, files, message) => {
    write(files);
    await expect(readMigrations(folder)).rejects.toThrow(message);
  });
});
