// Files made to do harm, and files that came to harm: each is refused with a message that helps, in a moment, and the
// process that opened it stays as small as it was.

import { execFile, execFileSync } from "node:child_process";
import {
  closeSync,
  ftruncateSync,
  mkdtempSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Opened } from "../support/open-child.ts";
import { sheetXml, textRow, workbookBytes } from "../support/workbook-file.ts";

const child = fileURLToPath(new URL("../support/open-child.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "tidemark-hostile-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const csv = Buffer.from(`ID,LIMIT\n${"1,2\n".repeat(2_000)}`);
const zip = Buffer.from(zipSync({ "lines.csv": csv }));
const gzip = gzipSync(csv);
const zeros = new Uint8Array(40_000_000);
const directory = (bytes: Buffer): number => bytes.indexOf(Buffer.from("PK\u0001\u0002"));

function changed(bytes: Buffer, change: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(bytes);
  change(copy);
  return copy;
}

/** An archive whose directory and header say that its bomb is small. */
function lyingZip(): Buffer {
  return changed(Buffer.from(zipSync({ "lines.csv": zeros })), (bytes) => {
    bytes.writeUInt32LE(1_000, directory(bytes) + 24);
    bytes.writeUInt32LE(1_000, 22);
  });
}

/** Two entries of the directory that share one piece of data. */
function overlappingZip(): Buffer {
  return changed(Buffer.from(zipSync({ "a.csv": csv, "b.csv": csv })), (bytes) => {
    const second = bytes.indexOf(Buffer.from("PK\u0001\u0002"), directory(bytes) + 4);
    bytes.writeUInt32LE(0, second + 42);
  });
}

function parquet(): Buffer {
  const data = Array.from({ length: 2_000 }, (_, at) => `row ${at}`);
  return Buffer.from(parquetWriteBuffer({ columnData: [{ name: "A", data, type: "STRING" }] }));
}

/** A footer with a list of two thousand million elements. */
function absurdParquet(): Buffer {
  const list = Buffer.from([0x15, 0x02, 0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x07, 0, 0, 0]);
  const end = Buffer.from("\0\0\0\0PAR1", "latin1");
  end.writeUInt32LE(list.length, 0);
  return Buffer.concat([Buffer.from("PAR1"), list, end]);
}

/** Texts from a dictionary, with a run that claims two hundred million of them in six bytes. */
function endlessRuns(): Buffer {
  const data = Array.from({ length: 40 }, (_, at) => `abc${at % 2}`);
  const column = { name: "A", data, type: "STRING", encoding: "RLE_DICTIONARY" } as const;
  const made = Buffer.from(parquetWriteBuffer({ columnData: [column], codec: "UNCOMPRESSED" }));
  const runs = made.indexOf(Buffer.from([0x50, 0x01, 0x01, 0x0b]));
  return changed(made, (bytes) => bytes.set([0xfe, 0xff, 0xff, 0xff, 0x0f, 0x01], runs + 3));
}

/** One text of a megabyte, named in every row. */
function longTexts(): Uint8Array {
  const cells = `<row><c t="s"><v>0</v></c></row>`.repeat(20_000);
  const strings = `<si><t>${"x".repeat(1_100_000)}</t></si>`;
  return workbookBytes({ sheets: [{ name: "S", rows: textRow(1, ["A"]) + cells }], strings });
}

const laughs = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a0 "ha">${Array.from({ length: 30 }, (_, at) => `<!ENTITY a${at + 1} "&a${at};&a${at};">`).join("")}]><sst><si><t>&a30;</t></si></sst>`;

type Hostile = Readonly<{ name: string; make: () => Uint8Array | string; says: RegExp }>;

const files: readonly Hostile[] = [
  { name: "empty.csv", make: () => "", says: /found no row at all/ },
  {
    name: "cut.zip",
    make: () => zip.subarray(0, -30),
    says: /found a ZIP archive that is cut off/,
  },
  {
    name: "damaged.zip",
    make: () => changed(zip, (bytes) => bytes.fill(0x55, 45, 60)),
    says: /\(lines\.csv\): found (?:compressed data that are cut off or damaged|data that do not match|more bytes)/,
  },
  {
    name: "bomb.zip",
    make: () => zipSync({ "lines.csv": zeros }),
    says: /\(lines\.csv\): found \d+ bytes that unpack to 40000000/,
  },
  {
    name: "lying-bomb.zip",
    make: lyingZip,
    says: /\(lines\.csv\): found more bytes than its directory says, expected 1000 bytes/,
  },
  {
    name: "nested.zip",
    make: () => zipSync({ "inner.zip": zip }),
    says: /\(inner\.zip\): found a ZIP archive or workbook inside/,
  },
  {
    name: "overlapping.zip",
    make: overlappingZip,
    says: /\(b\.csv\): found an entry that overlaps another/,
  },
  {
    name: "several.zip",
    make: () => zipSync({ "a.csv": csv, "b.csv": csv }),
    says: /found 2 files \(a\.csv, b\.csv\), expected an archive with one CSV file/,
  },
  {
    name: "locked.zip",
    make: () => changed(zip, (bytes) => bytes.writeUInt16LE(1, directory(bytes) + 8)),
    says: /\(lines\.csv\): found an encrypted entry/,
  },
  {
    name: "cut.csv.gz",
    make: () => gzip.subarray(0, -9),
    says: /found compressed data that are cut/,
  },
  {
    name: "bomb.csv.gz",
    make: () => gzipSync(zeros),
    says: /found (?:binary data|more than \d+ bytes unpacked)/,
  },
  {
    name: "text-bomb.csv.gz",
    make: () => gzipSync(Buffer.alloc(60_000_000, "a,b\n")),
    says: /found more than \d+ bytes unpacked from \d+, expected a file that unpacks to at most 200/,
  },
  { name: "nested.gz", make: () => gzipSync(gzip), says: /found a gzip file inside/ },
  {
    name: "wide.csv",
    make: () => `${Array.from({ length: 1_000_000 }, (_, at) => `c${at}`).join(",")}\n`,
    says: /:1: found \d+ columns or more, expected at most 5000 columns/,
  },
  {
    name: "bad-utf8.csv",
    make: () => Buffer.concat([Buffer.from("编号,额度\n一,1\n二,"), Buffer.from([0xff, 10])]),
    says: /:3 \(byte 24\): found bytes that are not UTF-8, expected UTF-8 text, as before that byte/,
  },
  {
    name: "neither.csv",
    make: () => Buffer.from("ID\n\xe9t\xe9,caf\xe9\xff\n", "latin1"),
    says: /:2 \(byte 3\): found bytes that are not UTF-8, nor GB18030/,
  },
  {
    name: "utf32.csv",
    make: () => Buffer.from([0xff, 0xfe, 0, 0, 65, 0, 0, 0]),
    says: /UTF-32 text/,
  },
  {
    name: "old.xls",
    make: () => Buffer.from("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", "latin1"),
    says: /\(\.xls\)/,
  },
  {
    name: "cut.parquet",
    make: () => parquet().subarray(0, -40),
    says: /found a Parquet file that is cut/,
  },
  { name: "absurd.parquet", make: absurdParquet, says: /found a damaged footer/ },
  {
    name: "damaged.parquet",
    make: () => changed(parquet(), (bytes) => bytes.fill(0xff, 20, 900)),
    says: /\(column A.*\): found /,
  },
  {
    name: "endless-runs.parquet",
    make: endlessRuns,
    says: /\(column A\): found a damaged page/,
  },
  {
    name: "long-texts.xlsx",
    make: longTexts,
    says: /:2: found a row of 1100000 characters, expected at most 1048576/,
  },
  {
    name: "laughs.xlsx",
    make: () => workbookBytes({ sheets: [], parts: { "xl/sharedStrings.xml": laughs } }),
    says: /\(xl\/sharedStrings\.xml\): found XML with a document type/,
  },
  {
    name: "strings.xlsx",
    make: () =>
      workbookBytes({
        sheets: [{ name: "S", rows: textRow(1, ["A"]) }],
        parts: { "xl/sharedStrings.xml": `<sst>${"<si><t>ha</t></si>".repeat(4_000_000)}</sst>` },
        level: 1,
      }),
    says: /\(xl\/sharedStrings\.xml\): found \d+ bytes/,
  },
  {
    name: "bomb.xlsx",
    make: () =>
      workbookBytes({
        sheets: [{ name: "S", rows: "" }],
        parts: { "xl/worksheets/sheet1.xml": sheetXml(" ".repeat(40_000_000)) },
      }),
    says: /\(xl\/worksheets\/sheet1\.xml\): found \d+ bytes that unpack to/,
  },
  {
    name: "cut.xlsx",
    make: () =>
      workbookBytes({ sheets: [{ name: "S", rows: textRow(1, ["A"]) }] }).subarray(0, 700),
    says: /found a ZIP archive that is cut off/,
  },
];

/** A row of one gigabyte without a line end; only its beginning takes space on the disk. */
function writeEndlessRow(path: string): void {
  const file = openSync(path, "w");
  writeSync(file, `ID,NAME\n1,${"x".repeat(2_000_000)}`);
  ftruncateSync(file, 1_000_000_000);
  closeSync(file);
}

describe("a hostile file", () => {
  let results: ReadonlyMap<string, Opened> = new Map();
  const others = ["a-folder", "a-pipe", "missing.csv", "endless.csv"];
  beforeAll(async () => {
    for (const { name, make } of files) writeFileSync(join(folder, name), make());
    mkdirSync(join(folder, "a-folder"));
    execFileSync("mkfifo", [join(folder, "a-pipe")]);
    writeEndlessRow(join(folder, "endless.csv"));
    const names = [...files.map(({ name }) => name), ...others];
    const { stdout } = await promisify(execFile)(process.execPath, [
      child,
      ...names.map((name) => join(folder, name)),
    ]);
    const lines = stdout.trim().split("\n");
    results = new Map(lines.map((line, at) => [names[at]!, JSON.parse(line) as Opened]));
  }, 120_000);

  test.each(files)("$name is refused with the place and what was found", ({ name, says }) => {
    const { refused } = results.get(name)!;
    expect(refused?.en).toMatch(says);
    expect(refused?.en).toContain(`Cannot read ${join(folder, name)}`);
    expect(refused?.zh).toMatch(/^无法读取 .*发现.*应为\P{Script=Latin}/u);
  });

  test.each([
    ["a-folder", /found a folder, pipe or device/],
    ["a-pipe", /found a folder, pipe or device/],
    ["missing.csv", /found no such file/],
    ["endless.csv", /:2: found a row of more than 1 MiB/],
  ])("%s is refused too", (name, says) => {
    expect(results.get(name)?.refused?.en).toMatch(says);
  });

  test("takes less than a second of the processor and hardly any memory", () => {
    expect(results.size).toBe(files.length + others.length);
    for (const [name, { cpuMs, grownMegabytes }] of results) {
      expect(cpuMs, name).toBeLessThan(1_000);
      expect(grownMegabytes, name).toBeLessThan(128);
    }
  });

  test("leaves nothing behind", () => {
    const expected = [...files.map(({ name }) => name), "a-folder", "a-pipe", "endless.csv"];
    expect(readdirSync(folder).toSorted()).toEqual(expected.toSorted());
  });
});
