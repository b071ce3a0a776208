// Excel workbooks as rows: cells are what the sheet shows, in the mapping's notation, and digits are never lost on the way.

import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FileRow } from "../../portfolio/ports.ts";
import { textRow, workbookBytes, type MadeWorkbook } from "../../../test/support/workbook-file.ts";
import { FileFault } from "./file-fault.ts";
import type { LinesFormat } from "./lines-format.ts";
import { openLines } from "./open-lines.ts";
import type { TableOptions } from "./typed-table.ts";
import { openWorkbook } from "./workbook-rows.ts";

const format: LinesFormat = {
  ...{ encoding: "auto", delimiter: ",", quote: '"' },
  ...{ decimal: ".", grouping: "none", dates: "YYYY-MM-DD" },
};

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tidemark-xlsx-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(workbook: MadeWorkbook): string {
  const path = join(folder, "book.csv");
  writeFileSync(path, workbookBytes(workbook));
  return path;
}

/** Without the thread: what it adds is tried in a few tests. */
async function read(workbook: MadeWorkbook, options: Partial<TableOptions> = {}) {
  const asked = { notation: format, columns: null, sheet: null, ...options };
  const table = await openWorkbook(fileOf(workbook), asked);
  const rows: FileRow[] = [];
  for await (const portion of table.read(() => undefined)) rows.push(...portion);
  return { ...table.header, rows, sheet: table.sheet };
}

/** The text of one cell with a stored value and a format. */
async function shown(value: string, code: string, notation: Partial<LinesFormat> = {}) {
  const rows = `${textRow(1, ["A"])}<row r="2"><c r="A2" s="1"><v>${value}</v></c></row>`;
  const book = { sheets: [{ name: "S", rows }], formats: [code] };
  return (await read(book, { notation: { ...format, ...notation } })).rows[0]?.cells[0];
}

async function faultOf(workbook: MadeWorkbook, options: Partial<TableOptions> = {}) {
  const error = await read(workbook, options).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(FileFault);
  return error as FileFault;
}

describe("a workbook", () => {
  test("gives its cells with the rows of the sheet, whatever the file is called", async () => {
    const rows = [
      '<row r="2"><c r="B2" t="s"><v>0</v></c><c r="C2" t="s"><v>1</v></c><c r="D2" t="str"><v>X&amp;Y</v></c></row>',
      '<row r="3"><c r="B3"/></row>',
      '<row r="5"><c r="B5" t="s"><v>2</v></c><c r="D5" t="b"><v>1</v></c></row>',
      '<row r="6"><c r="C6"><f>1+1</f><v>2</v></c><c r="D6" t="e"><v>#N/A</v></c></row>',
    ].join("");
    const strings =
      '<si><t>编号</t></si><si><r><t>lim</t></r><r><t xml:space="preserve">it </t></r><rPh><t>no</t></rPh></si><si><t>a_x000D_&#10;b</t></si>';
    expect(await read({ sheets: [{ name: "授信", rows }], strings })).toEqual({
      line: 2,
      columns: ["", "编号", "limit", "X&Y"],
      rows: [
        { line: 5, cells: ["", "a\r\nb", "", "TRUE"] },
        { line: 6, cells: ["", "", "2", "#N/A"] },
      ],
      sheet: "授信",
    });
  });

  test.each<[string, string, string]>([
    ["1234.5", "General", "1234.5"],
    ["0.30000000000000004", "General", "0.3"],
    ["1E-7", "General", "0.0000001"],
    ["123456789012345", "General", "123456789012345"],
    ["1234.5", "0.00", "1234.50"],
    ["1234.567", "0.00", "1234.567"],
    ["42", "000000", "000042"],
    ["-5", '#,##0.00;[Red]"("#,##0.00")"', "-5.00"],
    ["1234567.5", '"¥"#,##0.00_);', "1234567.50"],
    ["0.125", "0.0%", "12.5%"],
    ["46083", "yyyy-mm-dd", "2026-03-02"],
    ["46083", "yyyy\\年m\\月d\\日", "2026-03-02"],
    ["46083", "[$-804]yyyy/m/d;@", "2026-03-02"],
    ["46083.75", "yyyy-mm-dd hh:mm", "2026-03-02 18:00:00"],
    ["46083.75", "yyyy-mm-dd", "2026-03-02"],
    ["0.75", "h:mm AM/PM", "18:00:00"],
    ["1", "yyyy-mm-dd", "1900-01-01"],
    ["61", "yyyy-mm-dd", "1900-03-01"],
    ["12", "[Blue]0;[Red]-0", "12"],
  ])("shows %s under %s as %s", async (value, code, expected) => {
    expect(await shown(value, code)).toBe(expected);
  });

  test("writes numbers and dates as the mapping reads them", async () => {
    const german = { decimal: ",", grouping: ".", dates: "DD/MM/YYYY" } as const;
    expect(await shown("1234567.5", "#,##0.00", german)).toBe("1.234.567,50");
    expect(await shown("1234567.5", "0.00", german)).toBe("1234567,50");
    expect(await shown("46083", "yyyy-mm-dd", german)).toBe("02/03/2026");
  });

  test("counts days from 1904 where it says so", async () => {
    const rows = `${textRow(1, ["A"])}<row r="2"><c s="1"><v>44621</v></c></row>`;
    const book = { sheets: [{ name: "S", rows }], formats: ["yyyy-mm-dd"], date1904: true };
    expect((await read(book)).rows[0]?.cells).toEqual(["2026-03-02"]);
  });

  test("is read by the sheet that is meant; a hidden one only by name", async () => {
    const sheets = [
      { name: "Notes", rows: textRow(1, ["N"]), state: "hidden" },
      { name: "Lines", rows: textRow(1, ["L"]) },
    ];
    expect((await read({ sheets })).columns).toEqual(["L"]);
    expect((await read({ sheets }, { sheet: "Notes" })).columns).toEqual(["N"]);
    const fault = await faultOf({ sheets: [...sheets, { name: "More", rows: "" }] });
    expect(fault.message).toContain("found sheets Lines, More, expected one sheet, or --sheet");
    expect((await faultOf({ sheets }, { sheet: "X" })).message).toContain("expected a sheet X");
  });

  test("hands on many rows in bounded portions", async () => {
    const rows = [textRow(1, ["A", "B"])];
    for (let line = 2; line <= 3_001; line++) rows.push(textRow(line, [`a${line}`, "b"]));
    const file = await openLines(fileOf({ sheets: [{ name: "S", rows: rows.join("") }] }), {
      format,
    });
    expect(file.form).toEqual({ kind: "xlsx", packed: "none", encoding: null, sheet: "S" });
    expect(file.rows).toBe(3_000);
    let last = 1;
    for await (const portion of file.read()) {
      expect(portion.length).toBeLessThanOrEqual(500);
      for (const row of portion) expect(row).toEqual({ line: ++last, cells: [`a${last}`, "b"] });
    }
    expect(last).toBe(3_001);
  });

  test("can be left before its end", async () => {
    const rows = Array.from({ length: 2_000 }, (_, at) => textRow(at + 1, ["A"])).join("");
    const file = await openLines(fileOf({ sheets: [{ name: "S", rows }] }), { format });
    for await (const portion of file.read()) {
      expect(portion).toHaveLength(499);
      break;
    }
  });
});

describe("a workbook is refused", () => {
  // Packs badly, so that the ratio is not what is wrong.
  const noise = randomBytes(400_000).toString("hex");
  const sheets = [{ name: "S", rows: textRow(1, ["A"]) }];

  test.each<[string, MadeWorkbook, string]>([
    ["without rows", { sheets: [{ name: "S", rows: "" }] }, "(sheet S): found no row at all"],
    [
      "with a document type: the billion laughs",
      {
        sheets,
        parts: {
          "xl/sharedStrings.xml":
            '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><sst><si><t>&b;</t></si></sst>',
        },
      },
      "(xl/sharedStrings.xml): found XML with a document type or entities of its own",
    ],
    [
      "with entities of its own",
      { sheets: [{ name: "S", rows: textRow(1, ["&lol;"]) }] },
      "(xl/worksheets/sheet1.xml): found XML with a document type or entities of its own",
    ],
    [
      "with XML that is cut off",
      { sheets, parts: { "xl/worksheets/sheet1.xml": "<worksheet><sheetData><row" } },
      "(xl/worksheets/sheet1.xml): found XML that is cut off or damaged",
    ],
    [
      "with strings beyond measure",
      { sheets, strings: `<si><t>${noise}</t></si>`, declared: 70_000_000 },
      "expected at most 67108864 bytes; export the sheet as CSV",
    ],
    [
      "with parts that unpack a thousandfold",
      { sheets: [{ name: "S", rows: `<row>${" ".repeat(20_000_000)}</row>` }], level: 1 },
      "expected a file that unpacks to at most 200 times its size",
    ],
    [
      "with a number whose last digits are lost",
      {
        sheets: [
          {
            name: "S",
            rows: `${textRow(1, ["A"])}<row r="2"><c><v>6.2220212345678901E18</v></c></row>`,
          },
        ],
      },
      ":2 (sheet S): found the number 6.2220212345678901E18, whose last digits",
    ],
    [
      "with a cell far to the right",
      { sheets: [{ name: "S", rows: '<row r="1"><c r="XFD1"><v>1</v></c></row>' }] },
      ":1: found 16384 columns or more, expected at most 5000 columns",
    ],
    [
      "that is another Office document",
      { sheets: [], parts: { "xl/workbook.xml": "<w/>", "word/document.xml": "<d/>" } },
      "found sheets none",
    ],
  ])("%s", async (_, workbook, found) => {
    const fault = await faultOf(workbook);
    expect(fault.message).toContain(found);
    expect(fault.text.zh).toMatch(/^无法读取 .*发现.*应为/);
  });

  test("only for columns that are read", async () => {
    const rows = `${textRow(1, ["A", "B"])}<row r="2"><c><v>1</v></c><c><v>6.2220212345678901E18</v></c></row>`;
    const book = { sheets: [{ name: "S", rows }] };
    expect((await read(book, { columns: ["A"] })).rows[0]?.cells).toEqual(["1", ""]);
  });
});
