// `tidemark import lines` as people run it: the summary says how the file was read, and a file that cannot be read is
// refused in their language with nothing stored.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tidemark, tidemarkJson } from "../support/command-line.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { repositoryRoot } from "../support/documents.ts";
import { textRow, workbookBytes } from "../support/workbook-file.ts";

const base = mkdtempSync(join(tmpdir(), "tidemark-import-cli-"));
const mapping = join(repositoryRoot, "examples/demo/mapping.yaml");
const demo = readFileSync(join(repositoryRoot, "examples/demo/lines.csv"), "utf8");
const [header = "", ...lines] = demo.trimEnd().split("\n");
const rows = lines.slice(0, 20);
const cells = parse([header, ...rows].join("\n")) as readonly (readonly string[])[];

let server: FreshDatabase;
beforeAll(async () => {
  server = await freshDatabase();
});
afterAll(async () => {
  await server.close();
  rmSync(base, { recursive: true, force: true });
});

const environment = (): Record<string, string> => ({
  TIDEMARK_DATA: join(base, "data"),
  DATABASE_URL: server.url,
});

function fileOf(name: string, bytes: string | Uint8Array): string {
  const path = join(base, name);
  writeFileSync(path, bytes);
  return path;
}

type Summary = Readonly<{
  file: object;
  rows: number;
  added: number;
  unchanged: number;
  rejected: number;
}>;

function load(path: string, ...more: readonly string[]): Promise<Summary> {
  return tidemarkJson<Summary>(
    environment(),
    "import",
    "lines",
    path,
    "--mapping",
    mapping,
    ...more,
  );
}

function workbook(): Uint8Array {
  const notes = { name: "Notes", rows: textRow(1, ["not lines"]) };
  const table = { name: "Lines", rows: cells.map((row, at) => textRow(at + 1, row)).join("") };
  return workbookBytes({ sheets: [notes, table] });
}

function parquet(): Uint8Array {
  const columnData = cells[0]!.map((name, column) => ({
    name,
    type: "STRING" as const,
    data: cells.slice(1).map((row) => row[column] ?? ""),
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

describe("the same table", () => {
  const none = { packed: "none", encoding: null, sheet: null };

  test("is the same lines from CSV, gzip, UTF-16, a workbook and Parquet", async () => {
    const text = [header, ...rows].join("\n");
    const first = await load(fileOf("lines.csv", text));
    expect(first).toMatchObject({
      file: { ...none, kind: "csv", encoding: "utf-8" },
      ...{ rows: 20, added: 20, rejected: 0 },
    });
    const again = { rows: 20, added: 0, unchanged: 20, rejected: 0 };
    const others: readonly (readonly [string, Uint8Array, object, ...string[]])[] = [
      ["lines.gz", gzipSync(text), { ...none, kind: "csv", packed: "gzip", encoding: "utf-8" }],
      [
        "wide.csv",
        Buffer.from(`\uFEFF${text}`, "utf16le"),
        { ...none, kind: "csv", encoding: "utf-16le" },
      ],
      ["lines.parquet", parquet(), { ...none, kind: "parquet" }],
      ["book.xlsx", workbook(), { ...none, kind: "xlsx", sheet: "Lines" }, "--sheet", "Lines"],
    ];
    for (const [name, bytes, file, ...more] of others) {
      expect(await load(fileOf(name, bytes), ...more), name).toMatchObject({ file, ...again });
    }
  });

  test("says to people how it was read", async () => {
    const path = fileOf("lines.csv.gz", gzipSync([header, ...rows].join("\n")));
    const words = ["import", "lines", path, "--mapping", mapping, "--dry-run"];
    expect((await tidemark(environment(), words)).out).toMatch(/read as +CSV, UTF-8, gzip\n/);
    const stated = await tidemark(environment(), [...words, "--encoding", "GBK", "--lang", "zh"]);
    expect([stated.code, stated.err]).toEqual([74, expect.stringContaining("应为声明的 GBK 文本")]);
  });
});

describe("a file that cannot be read", () => {
  test("is refused in the reader's language, with nothing stored", async () => {
    const before = await server.db.query("select count(*) as lines from credit_line");
    const path = fileOf("cut.parquet", parquet().subarray(0, -10));
    const words = ["import", "lines", path, "--mapping", mapping, "--lang", "zh"];
    const { code, err } = await tidemark(environment(), words);
    expect([code, err]).toEqual([
      74,
      `无法读取 ${path}：发现不完整的 Parquet 文件：缺少文件尾，应为完整的 Parquet 文件\n`,
    ]);
    const sheets = await tidemark(environment(), [
      ...["import", "lines", fileOf("book.xlsx", workbook()), "--mapping", mapping],
    ]);
    expect(sheets.err).toContain("found sheets Notes, Lines, expected one sheet, or --sheet");
    expect(await server.db.query("select count(*) as lines from credit_line")).toEqual(before);
  });

  test("takes no --encoding where the file says itself how its text is written", async () => {
    const path = fileOf("stated.parquet", parquet());
    const words = ["import", "lines", path, "--mapping", mapping, "--encoding", "gbk"];
    const { code, err } = await tidemark(environment(), words);
    expect(code).toBe(64);
    expect(err).toBe(`Cannot use --encoding gbk: ${path} is a Parquet file, expected a CSV file\n`);
  });

  test("is told apart from an encoding that does not exist", async () => {
    const words = ["import", "lines", "x.csv", "--mapping", mapping, "--encoding", "latin1"];
    const { code, err } = await tidemark(environment(), words);
    expect([code, err]).toEqual([
      64,
      "Cannot use --encoding: found latin1, expected one of auto, utf-8, utf-16, gb18030, gbk\n",
    ]);
  });
});
