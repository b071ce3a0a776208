// CSV files as they come: with byte order marks, quotes, old line ends, gzip and other encodings; and broken
// ones, which are refused with the line before a single row is handed on.

import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FileRow } from "../../portfolio/ports.ts";
import { openCsv, type CsvFormat } from "./csv-rows.ts";
import { FileFault } from "./file-fault.ts";

const plain: CsvFormat = { encoding: "utf-8", delimiter: ",", quote: '"' };

let folder = "";
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tidemark-csv-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(bytes: string | Uint8Array): string {
  files += 1;
  const path = join(folder, `lines-${files}.csv`);
  writeFileSync(path, bytes);
  return path;
}

async function rowsOf(bytes: string | Uint8Array, format = plain) {
  const file = await openCsv(fileOf(bytes), format);
  const rows: FileRow[] = [];
  for await (const portion of file.read()) rows.push(...portion);
  expect(file.rows).toBe(rows.length);
  return { header: file.header, rows };
}

async function faultOf(bytes: string | Uint8Array, format = plain): Promise<FileFault> {
  const error: unknown = await openCsv(fileOf(bytes), format).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(FileFault);
  return error as FileFault;
}

describe("a CSV file", () => {
  test("gives its rows with the lines of the file, however lines end and cells break", async () => {
    const text = 'A, B \r\n1,"x\r\ny\rz\nw"\r\n\r\n2,"say ""hi"""\n3\n"4",,5\r6,7';
    expect(await rowsOf(text)).toEqual({
      header: { line: 1, columns: ["A", "B"] },
      rows: [
        { line: 2, cells: ["1", "x\r\ny\rz\nw"] },
        { line: 7, cells: ["2", 'say "hi"'] },
        { line: 8, cells: ["3"] },
        { line: 9, cells: ["4", "", "5"] },
        { line: 10, cells: ["6", "7"] },
      ],
    });
  });

  test("may start with empty lines and a byte order mark, and end without a line end", async () => {
    const text = Buffer.from("\uFEFF\n\nÄ,名\n1,王\n");
    expect(await rowsOf(text)).toEqual({
      header: { line: 3, columns: ["Ä", "名"] },
      rows: [{ line: 4, cells: ["1", "王"] }],
    });
  });

  test("may be gzip, whatever its name says, also in several members", async () => {
    const bytes = Buffer.concat([gzipSync("\uFEFFA,B\n1,"), gzipSync("2\n3,4\n")]);
    const { rows } = await rowsOf(bytes);
    expect(rows).toEqual([
      { line: 2, cells: ["1", "2"] },
      { line: 3, cells: ["3", "4"] },
    ]);
  });

  test("may be GB 18030", async () => {
    const bytes = Buffer.concat([
      Buffer.from("ID,"),
      Buffer.from([0xd0, 0xd5, 0xc3, 0xfb]),
      Buffer.from("\n1,"),
      Buffer.from([0xb3, 0xb1, 0xce, 0xbb]),
      Buffer.from("\n"),
    ]);
    const read = await rowsOf(bytes, { ...plain, encoding: "gb18030" });
    expect(read.header.columns).toEqual(["ID", "姓名"]);
    expect(read.rows).toEqual([{ line: 2, cells: ["1", "潮位"] }]);
  });

  test("marks bytes that are not UTF-8 in their cell and goes on", async () => {
    const bytes = Buffer.concat([
      Buffer.from("A,B\n1,"),
      Buffer.from([0xb3, 0xb1]),
      Buffer.from(",\n2,ok\n"),
    ]);
    const { rows } = await rowsOf(bytes);
    expect(rows[0]?.cells[1]).toContain("\uFFFD");
    expect(rows[1]).toEqual({ line: 3, cells: ["2", "ok"] });
  });

  test("may use other marks, or no quotes at all", async () => {
    const semicolons = await rowsOf("A;B\n1;'x;y'\n", { ...plain, delimiter: ";", quote: "'" });
    expect(semicolons.rows[0]?.cells).toEqual(["1", "x;y"]);
    const bare = await rowsOf('A,B\n3" pipe,"x\n', { ...plain, quote: "none" });
    expect(bare.rows[0]?.cells).toEqual(['3" pipe', '"x']);
  });

  test("is the same whatever the size of the pieces it arrives in", async () => {
    const lines = Array.from(
      { length: 30_000 },
      (_, at) => `${at},"名 ${at}\r\n${"x".repeat(at % 40)}"`,
    );
    const { rows } = await rowsOf(`N,T\r\n${lines.join("\r\n")}\r\n`);
    expect(rows).toHaveLength(30_000);
    for (const at of [0, 1, 12_345, 29_999]) {
      expect(rows[at]).toEqual({
        line: 2 + at * 2,
        cells: [String(at), `名 ${at}\r\n${"x".repeat(at % 40)}`],
      });
    }
  });

  test("may be read twice", async () => {
    const file = await openCsv(fileOf("A\n1\n"), plain);
    for (let round = 0; round < 2; round++) {
      const rows: FileRow[] = [];
      for await (const portion of file.read()) rows.push(...portion);
      expect(rows).toEqual([{ line: 2, cells: ["1"] }]);
    }
  });
});

describe("a broken file", () => {
  test.each<[string, string | Uint8Array, number, string]>([
    ["is empty", "", 0, "found no row at all, expected a row of column names"],
    ["has only empty lines", "\n\r\n\n", 0, "found no row at all"],
    ["never closes a quote", 'A,B\n1,2\n3,"x\n4,5\n', 3, "found a quote that is never closed"],
    ["has text after a quote", 'A,B\n1,2\n"x"y,2\n', 3, "found text after a closing quote"],
    ["has a quote within a cell", 'A,B\n\n1,3" pipe\n', 3, "found a quote in the middle of a cell"],
    [
      "has a row without end",
      `A,B\n1,"${"x".repeat(1_100_000)}"\n`,
      2,
      "found a row of more than 1 MiB, or a quote that is never closed",
    ],
    [
      "is cut off gzip",
      gzipSync(`A,B\n${"1,2\n".repeat(5_000)}`).subarray(0, 40),
      0,
      "found gzip data that are cut off",
    ],
    [
      "is a workbook",
      Buffer.from("PK\u0003\u0004 and so on"),
      0,
      "found a ZIP archive or Excel workbook",
    ],
    ["is UTF-16", Buffer.from("\uFEFFA,B\n1,2\n", "utf16le"), 0, "found UTF-16 text"],
  ])("%s", async (_, bytes, line, found) => {
    const fault = await faultOf(bytes);
    expect(fault.message).toContain(found);
    expect(fault.line).toBe(line);
    expect(fault.message).toContain(line === 0 ? ".csv: found" : `.csv:${line}: found`);
    expect(fault.text.zh).toMatch(/^无法读取 .*发现.*应为/);
    expect(fault.retryable).toBe(false);
  });

  test("is not there, or no file", async () => {
    await expect(openCsv(join(folder, "none.csv"), plain)).rejects.toThrow(/found no such file/);
    await expect(openCsv(folder, plain)).rejects.toThrow(/found a folder or device/);
  });

  test("changed since it was opened", async () => {
    const path = fileOf("A\n1\n");
    const file = await openCsv(path, plain);
    utimesSync(path, new Date(), new Date(0));
    const reading = (async () => {
      for await (const portion of file.read()) expect(portion).toEqual([]);
    })();
    await expect(reading).rejects.toThrow(/found a file that changed while it was read/);
  });
});
