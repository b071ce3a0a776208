// CSV files as they come: with byte order marks, quotes, old line ends, gzip and other encodings; and broken
// ones, which are refused with the line before a single row is handed on.

import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FileRow } from "../../portfolio/ports.ts";
import { FileFault } from "./file-fault.ts";
import type { LinesFormat } from "./lines-format.ts";
import { openLines } from "./open-lines.ts";

const plain: LinesFormat = {
  ...{ encoding: "auto", delimiter: ",", quote: '"' },
  ...{ decimal: ".", grouping: "none", dates: "YYYY-MM-DD" },
};

const name = Buffer.from([0xd0, 0xd5, 0xc3, 0xfb]);
const tide = Buffer.from([0xb3, 0xb1, 0xce, 0xbb]);
const end = Buffer.from("\n");

function swapped(text: string): Buffer {
  return Buffer.from(text, "utf16le").swap16();
}

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
  const file = await openLines(fileOf(bytes), { format });
  const rows: FileRow[] = [];
  for await (const portion of file.read()) rows.push(...portion);
  expect(file.rows).toBe(rows.length);
  return { header: file.header, rows };
}

async function faultOf(bytes: string | Uint8Array, format = plain): Promise<FileFault> {
  const error: unknown = await openLines(fileOf(bytes), { format }).catch(
    (cause: unknown) => cause,
  );
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

  test.each<[string, Uint8Array, string]>([
    ["UTF-8", Buffer.from("ID,姓名\n1,潮位\n"), "utf-8"],
    ["GBK", Buffer.concat([Buffer.from("ID,"), name, Buffer.from("\n1,"), tide, end]), "gb18030"],
    ["UTF-16 with a mark", Buffer.from("\uFEFFID,姓名\n1,潮位\n", "utf16le"), "utf-16le"],
    ["UTF-16 without one", Buffer.from("ID,姓名\n1,潮位\n", "utf16le"), "utf-16le"],
    ["UTF-16, high byte first", swapped("\uFEFFID,姓名\n1,潮位\n"), "utf-16be"],
    ["UTF-16, high byte first, no mark", swapped("ID,姓名\n1,潮位\n"), "utf-16be"],
  ])("is read in its encoding without being told: %s", async (_, bytes, encoding) => {
    const file = await openLines(fileOf(bytes), { format: plain });
    expect(file.form).toEqual({ kind: "csv", packed: "none", encoding, sheet: null });
    expect(await rowsOf(bytes)).toEqual({
      header: { line: 1, columns: ["ID", "姓名"] },
      rows: [{ line: 2, cells: ["1", "潮位"] }],
    });
  });

  test("is GB 18030 when the first such bytes come late, also across pieces", async () => {
    const filler = Buffer.from(`ID,T\n${"1,x\n".repeat(50_000)}`);
    for (const shift of [0, 1, 2, 3]) {
      const pad = Buffer.from("y".repeat(shift));
      const bytes = Buffer.concat([
        filler,
        pad,
        ...Array.from({ length: 40_000 }, () => tide),
        end,
      ]);
      const { rows } = await rowsOf(bytes);
      expect(rows.at(-1)?.cells[0]).toBe(`${"y".repeat(shift)}${"潮位".repeat(40_000)}`);
    }
  });

  test("is read as stated where it could be either", async () => {
    // The two characters 联通 in GBK are well-formed UTF-8 by chance.
    const bytes = Buffer.concat([Buffer.from("A\n"), Buffer.from([0xc1, 0xaa, 0xcd, 0xa8]), end]);
    const read = await rowsOf(bytes, { ...plain, encoding: "gbk" });
    expect(read.rows[0]?.cells).toEqual(["联通"]);
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
    const file = await openLines(fileOf("A\n1\n"), { format: plain });
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
      "found compressed data that are cut off",
    ],
    [
      "is a broken archive",
      Buffer.from("PK\u0003\u0004 and so on"),
      0,
      "found a ZIP archive that is cut",
    ],
    ["is an old workbook", Buffer.from("\xd0\xcf\x11\xe0\xa1\0", "latin1"), 0, "(.xls)"],
    ["is binary", Buffer.from([1, 2, 0, 0, 3, 0, 0, 0]), 0, "found binary data"],
    ["is UTF-32", Buffer.from([0xff, 0xfe, 0, 0, 65, 0, 0, 0]), 0, "found UTF-32 text"],
  ])("%s", async (_, bytes, line, found) => {
    const fault = await faultOf(bytes);
    expect(fault.message).toContain(found);
    expect(fault.line).toBe(line);
    expect(fault.message).toContain(line === 0 ? ".csv: found" : `.csv:${line}: found`);
    expect(fault.text.zh).toMatch(/^无法读取 .*发现.*应为/);
    expect(fault.retryable).toBe(false);
  });

  test.each<[string, LinesFormat["encoding"], Uint8Array, number, string, string]>([
    [
      "UTF-8 with a wrong byte",
      "auto",
      Buffer.concat([Buffer.from("名,额度\n王,"), Buffer.from([0xb3]), Buffer.from("\n李,2\n")]),
      2,
      "byte 15",
      "bytes that are not UTF-8, expected UTF-8 text",
    ],
    [
      "GBK that is said to be UTF-8",
      "utf-8",
      Buffer.concat([Buffer.from("A\n"), name, end]),
      2,
      "byte 2",
      "bytes that are not UTF-8, expected UTF-8 text as stated",
    ],
    [
      "UTF-8 that is said to be GB 18030",
      "gb18030",
      Buffer.from(`名称\n${"信用额度管理".repeat(10)}\n`),
      0,
      "",
      "found UTF-8 text, expected GB18030 text as stated",
    ],
    [
      "UTF-16 that is said to be UTF-8",
      "utf-8",
      Buffer.from("\uFEFFA,B\n1,2\n", "utf16le"),
      0,
      "",
      "found UTF-16 text, expected UTF-8 text as stated",
    ],
    [
      "neither UTF-8 nor GB 18030",
      "auto",
      Buffer.concat([Buffer.from("A,B\r\n1,2\r\n"), name, Buffer.from([0xff, 10])]),
      3,
      "byte 10",
      "not UTF-8, nor GB18030 (byte 14), expected text in UTF-8, UTF-16, GBK or GB18030",
    ],
    [
      "UTF-8 cut off within a character",
      "auto",
      Buffer.from("名,额度\n王,二").subarray(0, -1),
      2,
      "byte 15",
      "bytes that are not UTF-8",
    ],
    [
      "UTF-16 cut off within a character",
      "auto",
      Buffer.from("\uFEFFA,B\n1,2\n", "utf16le").subarray(0, -1),
      2,
      "byte 16",
      "bytes that are not UTF-16",
    ],
  ])("is %s", async (_, encoding, bytes, line, place, found) => {
    const fault = await faultOf(bytes, { ...plain, encoding });
    expect(fault.message).toContain(found);
    expect([fault.line, fault.complaint.place?.en ?? ""]).toEqual([line, place]);
    expect(fault.text.zh).toMatch(/^无法读取 .*发现.*应为/);
  });

  test("has more columns than any table", async () => {
    const wide = Array.from({ length: 1_000_000 }, (_, at) => `c${at}`).join(",");
    const fault = await faultOf(`${wide}\n`);
    expect(fault.message).toMatch(/:1: found \d+ columns or more, expected at most 5000 columns/);
    const fewer = await faultOf(`${"a,".repeat(5_000)}a\n`);
    expect(fewer.message).toContain("found 5001 columns or more");
  });

  test("is not there, or no file", async () => {
    await expect(openLines(join(folder, "none.csv"), { format: plain })).rejects.toThrow(
      /found no such file/,
    );
    await expect(openLines(folder, { format: plain })).rejects.toThrow(
      /found a folder, pipe or device/,
    );
  });

  test("changed since it was opened", async () => {
    const path = fileOf("A\n1\n");
    const file = await openLines(path, { format: plain });
    utimesSync(path, new Date(), new Date(0));
    const reading = (async () => {
      for await (const portion of file.read()) expect(portion).toEqual([]);
    })();
    await expect(reading).rejects.toThrow(/found a file that changed while it was read/);
  });
});
