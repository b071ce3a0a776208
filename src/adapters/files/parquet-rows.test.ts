// Parquet as rows: every type that a cell can hold, digit by digit, in whatever way a writer packs it; and files that are
// cut off, damaged or lie about themselves.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { SchemaElement } from "hyparquet";
import { parquetWriteBuffer, type ColumnSource } from "hyparquet-writer";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FileRow } from "../../portfolio/ports.ts";
import { FileFault } from "./file-fault.ts";
import type { LinesFormat } from "./lines-format.ts";
import { openLines } from "./open-lines.ts";
import { openParquet } from "./parquet-rows.ts";
import type { TableOptions } from "./typed-table.ts";

const format: LinesFormat = {
  ...{ encoding: "auto", delimiter: ",", quote: '"' },
  ...{ decimal: ".", grouping: "none", dates: "YYYY-MM-DD" },
};

let folder = "";
let path = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tidemark-parquet-"));
  path = join(folder, "lines.xlsx");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Column = ColumnSource & Readonly<{ element?: Partial<SchemaElement> }>;
type Options = Omit<Parameters<typeof parquetWriteBuffer>[0], "columnData" | "schema">;

/** Columns with an `element` are written under exactly that schema. */
function parquetOf(columns: readonly Column[], options: Options = {}): Buffer {
  const columnData = columns.map(({ name, data, type, nullable }) => ({
    ...{ name, data },
    ...(type === undefined ? {} : { type }),
    ...(nullable === undefined ? {} : { nullable }),
  }));
  if (columns.every(({ element }) => element === undefined)) {
    return Buffer.from(parquetWriteBuffer({ ...options, columnData }));
  }
  const schema: SchemaElement[] = [
    { name: "root", num_children: columns.length },
    ...columns.map(({ name, element }) => ({
      ...{ name, repetition_type: "OPTIONAL" as const },
      ...element,
    })),
  ];
  return Buffer.from(parquetWriteBuffer({ ...options, columnData, schema }));
}

/** Without the thread: what it adds is tried once below. */
async function read(bytes: Uint8Array, options: Partial<TableOptions> = {}) {
  writeFileSync(path, bytes);
  const table = await openParquet(path, {
    notation: format,
    columns: null,
    sheet: null,
    ...options,
  });
  const rows: FileRow[] = [];
  for await (const portion of table.read(() => undefined)) rows.push(...portion);
  return { ...table.header, rows };
}

async function faultOf(bytes: Uint8Array, options: Partial<TableOptions> = {}): Promise<FileFault> {
  const error = await read(bytes, options).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(FileFault);
  expect((error as FileFault).text.zh).toMatch(/^无法读取 .*发现.*应为/);
  return error as FileFault;
}

async function cellsOf(data: ColumnSource["data"], element: Partial<SchemaElement>) {
  const { rows } = await read(parquetOf([{ name: "A", data, element }]));
  return rows.map(({ cells }) => cells[0]);
}

const day = 20_514;
const noon = (day * 86_400 + 43_200) * 1_000;

describe("a Parquet file", () => {
  test("gives its columns as cells, whatever the file is called", async () => {
    const bytes = parquetOf([
      { name: "编号", data: ["a", "b", null], type: "STRING", nullable: true },
      { name: "limit", data: [1n, -(2n ** 62n), 3n], type: "INT64" },
      { name: "ok", data: [true, false, null], type: "BOOLEAN", nullable: true },
    ]);
    const rows: FileRow[] = [];
    writeFileSync(path, bytes);
    const file = await openLines(path, { format });
    for await (const portion of file.read()) rows.push(...portion);
    expect({ header: file.header, rows, count: file.rows, form: file.form }).toEqual({
      header: { line: 1, columns: ["编号", "limit", "ok"] },
      count: 3,
      rows: [
        { line: 2, cells: ["a", "1", "true"] },
        { line: 3, cells: ["b", "-4611686018427387904", "false"] },
        { line: 4, cells: ["", "3", ""] },
      ],
      form: { kind: "parquet", packed: "none", encoding: null, sheet: null },
    });
  });

  test.each<[string, ColumnSource["data"], Partial<SchemaElement>, readonly string[]]>([
    [
      "decimals of 64 bits, exactly",
      [1234567n, -5n, 90_071_992_547_409_93n, null],
      { type: "INT64", converted_type: "DECIMAL", scale: 2, precision: 18 },
      ["12345.67", "-0.05", "90071992547409.93", ""],
    ],
    [
      "decimals of 32 bits",
      [100n, 7n],
      { type: "INT32", converted_type: "DECIMAL", scale: 2, precision: 9 },
      ["1.00", "0.07"],
    ],
    ["days", [day, null], { type: "INT32", converted_type: "DATE" }, ["2026-03-02", ""]],
    [
      "instants in milliseconds",
      [BigInt(noon), BigInt(day * 86_400_000)],
      { type: "INT64", converted_type: "TIMESTAMP_MILLIS" },
      ["2026-03-02T12:00:00Z", "2026-03-02"],
    ],
    [
      "wall-clock times in microseconds",
      [BigInt(noon) * 1_000n + 500_000n],
      {
        type: "INT64",
        logical_type: { type: "TIMESTAMP", isAdjustedToUTC: false, unit: "MICROS" },
      },
      ["2026-03-02T12:00:00.5"],
    ],
    ["numbers of 32 bits", [0.1, 1e-7, 3], { type: "FLOAT" }, ["0.1", "0.0000001", "3"]],
    [
      "numbers of 64 bits",
      [0.1, 1e21, -2.5],
      { type: "DOUBLE" },
      ["0.1", "1000000000000000000000", "-2.5"],
    ],
    [
      "unsigned integers",
      [4_294_967_295, 1],
      { type: "INT32", converted_type: "UINT_32" },
      ["4294967295", "1"],
    ],
    [
      "text without a mark that says so",
      [new TextEncoder().encode("潮位")],
      { type: "BYTE_ARRAY" },
      ["潮位"],
    ],
    [
      "UUIDs",
      ["0189c7a2-0000-8000-8000-000000000001"],
      { type: "FIXED_LEN_BYTE_ARRAY", type_length: 16, logical_type: { type: "UUID" } },
      ["0189c7a2-0000-8000-8000-000000000001"],
    ],
  ])("holds %s", async (_, data, element, cells) => {
    expect(await cellsOf(data, element)).toEqual(cells);
  });

  test("writes numbers and dates as the mapping reads them", async () => {
    const notation = { decimal: ",", dates: "DD/MM/YYYY" } as const;
    const bytes = parquetOf([
      { name: "A", data: [1.5], element: { type: "DOUBLE" } },
      { name: "B", data: [day], element: { type: "INT32", converted_type: "DATE" } },
    ]);
    const { rows } = await read(bytes, { notation: { ...format, ...notation } });
    expect(rows[0]?.cells).toEqual(["1,5", "02/03/2026"]);
  });

  test("is read window by window over row groups, pages and dictionaries", async () => {
    const count = 150_000;
    const numbers = Array.from({ length: count }, (_, at) => at);
    const bytes = parquetOf(
      [
        { name: "N", data: numbers.map(BigInt), type: "INT64" },
        { name: "D", data: numbers.map((at) => `city ${at % 17}`), type: "STRING" },
        {
          name: "T",
          data: numbers.map((at) => (at % 3 === 0 ? null : `名${at}`)),
          type: "STRING",
          nullable: true,
        },
      ],
      { rowGroupSize: 100_000, pageSize: 20_000 },
    );
    const { rows } = await read(bytes);
    expect(rows).toHaveLength(count);
    for (const at of [0, 1, 65_535, 65_536, 99_999, 100_000, 149_999]) {
      const text = at % 3 === 0 ? "" : `名${at}`;
      expect(rows[at]).toEqual({ line: at + 2, cells: [String(at), `city ${at % 17}`, text] });
    }
  });

  test.each(["UNCOMPRESSED", "SNAPPY", "GZIP"] as const)("may be packed by %s", async (codec) => {
    const data = Array.from({ length: 2_000 }, (_, at) => `text ${at}`);
    const gzip = (input: Uint8Array): Uint8Array => new Uint8Array(gzipSync(input));
    const bytes = parquetOf([{ name: "A", data, type: "STRING" }], {
      codec,
      compressors: { GZIP: gzip },
    });
    expect((await read(bytes)).rows.at(-1)?.cells).toEqual(["text 1999"]);
  });

  test("is read only in the columns that are wanted; others may be of any type", async () => {
    const bytes = parquetOf([
      { name: "A", data: [1], element: { type: "INT32" } },
      { name: "B", data: [1], element: { type: "INT32", converted_type: "TIME_MILLIS" } },
    ]);
    expect((await read(bytes, { columns: ["A"] })).rows[0]?.cells).toEqual(["1", ""]);
    const fault = await faultOf(bytes);
    expect(fault.message).toContain(
      "(column B): found values of type TIME_MILLIS, expected text, a number",
    );
  });
});

describe("a Parquet file is refused", () => {
  const whole = parquetOf([
    { name: "A", data: Array.from({ length: 5_000 }, (_, at) => `row ${at}`), type: "STRING" },
  ]);
  const footerLength = whole.readUInt32LE(whole.length - 8);

  /** The file with another footer. */
  function withFooter(footer: Uint8Array, length = footer.length): Buffer {
    const end = Buffer.from("\0\0\0\0PAR1", "latin1");
    end.writeUInt32LE(length, 0);
    return Buffer.concat([whole.subarray(0, whole.length - 8 - footerLength), footer, end]);
  }

  function changed(change: (bytes: Buffer) => void): Buffer {
    const bytes = Buffer.from(whole);
    change(bytes);
    return bytes;
  }

  /** A struct whose field 2 is a list that claims so many elements. */
  const hugeList = Buffer.from([0x15, 0x02, 0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x07]);

  test.each<[string, () => Uint8Array, string]>([
    ["cut off", () => whole.subarray(0, -20), "found a Parquet file that is cut off"],
    ["nearly empty", () => Buffer.from("PAR1"), "found a Parquet file that is cut off"],
    [
      "with a footer larger than itself",
      () => withFooter(Buffer.alloc(9), 2 ** 31),
      "found a footer of 2147483648 bytes",
    ],
    ["with a list beyond its bytes", () => withFooter(hugeList), "found a damaged footer"],
    [
      "with structs without end",
      () => withFooter(Buffer.alloc(5_000, 0x1c)),
      "found a damaged footer",
    ],
    ["with a footer of zeros", () => withFooter(Buffer.alloc(100)), "found a damaged footer"],
    ["with damaged pages", () => changed((bytes) => bytes.fill(0xff, 10, 60)), "(column A"],
    ["with pages overwritten", () => changed((bytes) => bytes.fill(0, 4, 200)), "(column A"],
  ])("%s", async (_, bytes, found) => {
    expect((await faultOf(bytes())).message).toContain(found);
  });

  test("with text that is not UTF-8", async () => {
    const bytes = parquetOf([
      { name: "A", data: [new Uint8Array([0xb3, 0xb1])], element: { type: "BYTE_ARRAY" } },
    ]);
    const { message } = await faultOf(bytes);
    expect(message).toContain("(column A, rows 1 to 1): found text that is not UTF-8");
  });

  test("with nested values in a column that is read", async () => {
    const bytes = Buffer.from(
      parquetWriteBuffer({
        columnData: [{ name: "A", data: [[1], [2, 3]] }],
        schema: [
          { name: "root", num_children: 1 },
          { name: "A", repetition_type: "OPTIONAL", num_children: 1, converted_type: "LIST" },
          { name: "list", repetition_type: "REPEATED", num_children: 1 },
          { name: "element", repetition_type: "OPTIONAL", type: "INT32" },
        ],
      }),
    );
    expect((await faultOf(bytes)).message).toContain("(column A): found nested values");
    expect((await read(bytes, { columns: ["B"] })).columns).toEqual(["A"]);
  });

  test("wherever a byte of it is changed, or it is read as it was", async () => {
    const small = parquetOf([{ name: "A", data: ["x", "y", "z"], type: "STRING" }]);
    for (let at = 4; at < small.length - 4; at++) {
      const bytes = Buffer.from(small);
      bytes[at] = bytes[at]! ^ 0xff;
      const result = await read(bytes).catch((cause: unknown) => cause);
      if (result instanceof Error) expect(result, `byte ${at}`).toBeInstanceOf(FileFault);
    }
    expect(readFileSync(path).length).toBe(small.length);
  });
});
