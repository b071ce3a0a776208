// Tables for analysis: what is written is what the database holds, row by row and type by type, read back by readers that
// know nothing of the writers; and what must never leave does not.

import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ExportColumn } from "../../src/adapters/files/export-column.ts";
import { schemaTables } from "../../src/adapters/postgres/backup-tables.ts";
import { StoppedByPerson } from "../../src/adapters/postgres/export-folder.ts";
import {
  exportTables,
  rehearseTables,
  type TableEntry,
  type TableExportOptions,
  type TablesManifest,
} from "../../src/adapters/postgres/export-tables.ts";
import { openTables, withheldTables } from "../../src/adapters/postgres/exported-tables.ts";
import { isRefusal } from "../../src/domain/refusal.ts";
import { fillEveryTable } from "../support/backup-rows.ts";
import { tidemark } from "../support/command-line.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";

const base = mkdtempSync(join(tmpdir(), "tidemark-tables-"));
const manyRows = 60_000;
const options: TableExportOptions = {
  form: "csv",
  tables: [],
  spreadsheet: false,
  replace: false,
  program: "1.2.3",
  createdAt: "2026-03-02T04:00:00.000Z",
  onProgress: () => undefined,
  stopped: () => false,
};

let source: FreshDatabase;
beforeAll(async () => {
  source = await freshDatabase();
  await fillEveryTable(source.db, 20);
  await source.db.execute(
    `insert into limit_change (bucket, line_id, seq, on_date, known_at, from_minor, to_minor)
     select n % 1024, gen_random_uuid(), n, date '2026-03-02' - n % 400, timestamptz '2026-03-02 04:00:00.000001+00' + n * interval '1 second',
       9007199254740993 + n, n from generate_series(1, $1::int) as n`,
    [manyRows],
  );
});
afterAll(async () => {
  await source.close();
  rmSync(base, { recursive: true, force: true });
});

async function exported(name: string, more: Partial<TableExportOptions>): Promise<TablesManifest> {
  const done = await exportTables(source.db, join(base, name), { ...options, ...more });
  if (isRefusal(done)) throw new Error(done.detail.en);
  return done;
}

/** What the database holds, in one plain text per type, sorted. */
async function heldRows({ name, columns }: TableEntry): Promise<readonly string[]> {
  const plain: Readonly<Partial<Record<ExportColumn["type"], (column: string) => string>>> = {
    instant: (column) =>
      `case when isfinite(${column}) then (extract(epoch from ${column}) * 1000000)::bigint::text end`,
    date: (column) => `(${column} - date '1970-01-01')::text`,
    bytes: (column) => `encode(${column}, 'hex')`,
    json: (column) => `to_json(${column})::text`,
  };
  const fields = columns.map(({ name: column, type }) => {
    const own = plain[type] ?? ((text: string) => `${text}::text`);
    return `${own(`"${column}"`)} as "${column}"`;
  });
  const rows = await source.db.query<Record<string, string | null>>(
    `select ${fields.join(", ")} from "${name}"`,
  );
  return rows.map((row) => JSON.stringify(columns.map((column) => row[column.name]))).toSorted();
}

function micros(iso: string): string | null {
  if (iso === "infinity") return null;
  const fraction = /\.(\d+)Z$/.exec(iso)?.[1] ?? "";
  const seconds = Date.parse(iso.replace(/\.\d+Z$/, "Z")) / 1_000;
  return String(BigInt(seconds) * 1_000_000n + BigInt(fraction.padEnd(6, "0")));
}

function sha256(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

describe("an export of tables", () => {
  test("has a decision for every table: it may leave or it never does", async () => {
    const names = (await schemaTables(source.db)).map(({ name }) => name);
    expect([...openTables, ...Object.keys(withheldTables)].toSorted()).toEqual(names.toSorted());
    expect(openTables.filter((name) => Object.hasOwn(withheldTables, name))).toEqual([]);
  });

  test("as CSV holds every row of every open table, and nothing else lies in the folder", async () => {
    const manifest = await exported("csv", {});
    expect(readdirSync(join(base, "csv")).toSorted()).toEqual(
      [...openTables.map((name) => `${name}.csv`), "manifest.json"].toSorted(),
    );
    expect(JSON.parse(readFileSync(join(base, "csv", "manifest.json"), "utf8"))).toEqual(manifest);
    for (const table of manifest.tables) {
      const path = join(base, "csv", table.file);
      expect([table.sha256, table.bytes]).toEqual([sha256(path), readFileSync(path).length]);
      const [header, ...rows] = parse(readFileSync(path), {
        cast: (value, { quoting }) => (value === "" && !quoting ? null : value),
      }) as unknown as (string | null)[][];
      expect(header).toEqual(table.columns.map(({ name }) => name));
      expect(rows).toHaveLength(table.rows);
      const plain = rows.map((row) =>
        JSON.stringify(
          row.map((cell, at) => {
            const { type } = table.columns[at]!;
            if (cell === null) return null;
            if (type === "instant") return micros(cell);
            return type === "date" ? String(Date.parse(cell) / 86_400_000) : cell;
          }),
        ),
      );
      expect(plain.toSorted(), table.name).toEqual(await heldRows(table));
    }
  });

  test("as Parquet holds the same rows in typed columns", async () => {
    const manifest = await exported("parquet", { form: "parquet" });
    expect(manifest.tables.map(({ name }) => name).toSorted()).toEqual([...openTables].toSorted());
    for (const table of manifest.tables) {
      const path = join(base, "parquet", table.file);
      expect(table.sha256).toBe(sha256(path));
      const bytes = readFileSync(path);
      const file = new Uint8Array(bytes).buffer;
      const rows = await parquetReadObjects({
        file,
        utf8: false,
        parsers: {
          timestampFromMicroseconds: (value) => value,
          dateFromDays: (days) => days,
        },
      });
      expect(rows).toHaveLength(table.rows);
      const plain = rows.map((row) =>
        JSON.stringify(
          table.columns.map(({ name }) => textOf((row as Record<string, unknown>)[name])),
        ),
      );
      expect(plain.toSorted(), table.name).toEqual(await heldRows(table));
    }
    const [many] = manifest.tables.filter(({ name }) => name === "limit_change");
    const { row_groups: groups, schema } = parquetMetadata(
      new Uint8Array(readFileSync(join(base, "parquet", many!.file))),
    );
    expect(groups.length).toBeGreaterThan(1);
    expect(
      schema.slice(1).map(({ name, type, converted_type }) => [name, type, converted_type]),
    ).toEqual([
      ["bucket", "INT32", undefined],
      ["line_id", "BYTE_ARRAY", "UTF8"],
      ["seq", "INT64", undefined],
      ["on_date", "INT32", "DATE"],
      ["known_at", "INT64", "TIMESTAMP_MICROS"],
      ["from_minor", "INT64", undefined],
      ["to_minor", "INT64", undefined],
    ]);
  });

  test("disarms formulas for spreadsheets and leaves numbers alone", async () => {
    const { db } = source;
    await db.execute(
      `insert into halt (id, area, reason, set_by, at, expires_at, lifted_at)
       values (gen_random_uuid(), 'sweep', '=HYPERLINK("x")', '@anna', now(), now(), now())`,
    );
    await exported("sheet", { spreadsheet: true, tables: ["halt", "limit_change"] });
    const text = readFileSync(join(base, "sheet", "halt.csv"), "utf8");
    expect(text.startsWith("\uFEFFid,area,reason")).toBe(true);
    expect(text).toContain(`,"'=HYPERLINK(""x"")",'@anna,`);
    expect(readFileSync(join(base, "sheet", "limit_change.csv"), "utf8")).not.toContain("'");
    await exported("plain", { tables: ["halt"] });
    expect(readFileSync(join(base, "plain", "halt.csv"), "utf8")).toContain(
      `,"=HYPERLINK(""x"")",@anna,`,
    );
  });

  test("replaces an earlier one only when told, and never what somebody else put there", async () => {
    await exported("again", { tables: ["sweep", "halt"] });
    const folder = join(base, "again");
    const refused = await exportTables(source.db, folder, { ...options, tables: ["sweep"] });
    expect(refused).toMatchObject({ refused: "already-exists" });
    await exported("again", { tables: ["sweep"], form: "parquet", replace: true });
    expect(readdirSync(folder).toSorted()).toEqual(["manifest.json", "sweep.parquet"]);
    writeFileSync(join(folder, "notes.txt"), "mine");
    const kept = await exportTables(source.db, folder, { ...options, replace: true });
    expect(kept).toMatchObject({ refused: "already-exists" });
    expect(readFileSync(join(folder, "notes.txt"), "utf8")).toBe("mine");
    expect(readdirSync(base).filter((name) => name.includes("partial"))).toEqual([]);
  });

  test("leaves nothing behind when a person stops it", async () => {
    let asked = 0;
    const stopped = (): boolean => ++asked > 2;
    const folder = join(base, "stopped");
    await expect(exportTables(source.db, folder, { ...options, stopped })).rejects.toThrow(
      StoppedByPerson,
    );
    expect(existsSync(folder)).toBe(false);
    expect(readdirSync(base).filter((name) => name.includes("partial"))).toEqual([]);
  });

  test("refuses tables that never leave or do not exist", async () => {
    for (const [name, refused] of [
      ["customer_identity", "forbidden"],
      ["account", "forbidden"],
      ["nothing", "not-found"],
    ] as const) {
      const folder = join(base, name);
      expect(await exportTables(source.db, folder, { ...options, tables: [name] })).toMatchObject({
        refused,
      });
      expect(
        await rehearseTables(source.db, folder, { tables: [name], replace: false }),
      ).toMatchObject({ refused });
      expect(existsSync(folder)).toBe(false);
    }
  });
});

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  return `${value as string | number | bigint | boolean}`;
}

describe("tidemark export tables", () => {
  let empty: FreshDatabase;
  beforeAll(async () => {
    empty = await freshDatabase();
  });
  afterAll(() => empty.close());
  const environment = (): Record<string, string> => ({
    TIDEMARK_DATA: join(base, "data"),
    DATABASE_URL: empty.url,
  });

  test("says with --dry-run what it would write, writes it, and says what is not in it", async () => {
    const folder = join(base, "cli");
    const words = ["export", "tables", folder, "--table", "bucket", "halt", "--json"];
    const dry = await tidemark(environment(), [...words, "--dry-run"]);
    expect([dry.code, JSON.parse(dry.out)]).toMatchObject([
      0,
      {
        dryRun: true,
        tables: [
          { name: "bucket", rows: 1_024 },
          { name: "halt", rows: 0 },
        ],
      },
    ]);
    expect(existsSync(folder)).toBe(false);
    const done = await tidemark(environment(), words);
    expect(done.err).toContain("has an apostrophe before it");
    expect([done.code, JSON.parse(done.out)]).toMatchObject([
      0,
      { form: "csv", spreadsheet: true, withheld: expect.arrayContaining(["customer_identity"]) },
    ]);
    expect(readdirSync(folder).toSorted()).toEqual(["bucket.csv", "halt.csv", "manifest.json"]);
  });

  test("refuses an unknown form, a full folder and a withheld table, in Chinese too", async () => {
    const folder = join(base, "cli-zh");
    const words = ["export", "tables", folder, "--lang", "zh"];
    const form = await tidemark(environment(), [...words, "--format", "orc"]);
    expect([form.code, form.err]).toEqual([
      64,
      "无法使用 --format：发现 orc，应为 csv 或 parquet\n",
    ]);
    const table = await tidemark(environment(), [...words, "--table", "session"]);
    expect(table.err).toContain("数据表 session：不允许导出");
    writeFileSync(join(base, "full"), "a file");
    const full = await tidemark(environment(), [
      "export",
      "tables",
      join(base, "full"),
      "--lang",
      "zh",
    ]);
    expect(full.err).toContain("不是可读的目录");
    expect(existsSync(folder)).toBe(false);
  });
});
