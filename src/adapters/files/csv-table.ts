// An exported table as CSV (RFC 4180). For spreadsheets it starts with a byte order mark, so that Chinese is read as such,
// and cells that a spreadsheet would run as formulas are disarmed; programs are given the text as it is.

import { byteOrderMark, formula } from "../csv-text.ts";
import { openCounted } from "./counted-file.ts";
import {
  isoInstant,
  type ExportColumn,
  type ExportRow,
  type TableWriter,
} from "./export-column.ts";

/** Opens a CSV file and writes the names of the columns. No value is an empty cell, an empty text is `""`. */
export async function openCsvTable(
  path: string,
  columns: readonly ExportColumn[],
  spreadsheet: boolean,
): Promise<TableWriter> {
  const file = await openCounted(path);
  const mark = spreadsheet ? byteOrderMark : "";
  await file.write(Buffer.from(`${mark}${columns.map(({ name }) => name).join(",")}\r\n`));
  const write = columns.map(({ type }) => cellWriter(type, spreadsheet));
  let count = 0;
  return {
    write: async (rows) => {
      count += rows.length;
      await file.write(Buffer.from(rows.map((row) => lineOf(row, write)).join("")));
    },
    end: async () => ({ rows: count, ...(await file.end()) }),
    drop: file.drop,
  };
}

type CellWriter = (field: string) => string;

function lineOf(row: ExportRow, write: readonly CellWriter[]): string {
  return `${row.map((field, at) => (field === null ? "" : write[at]!(field))).join(",")}\r\n`;
}

function cellWriter(type: ExportColumn["type"], spreadsheet: boolean): CellWriter {
  switch (type) {
    case "int32":
    case "int64":
    case "date":
      return (field) => field;
    case "boolean":
      return (field) => (field === "t" ? "true" : "false");
    case "instant":
      return isoInstant;
    case "bytes":
      return (field) => field.replace(/^\\x/, "");
    case "text":
    case "json":
      return (field) => quoted(spreadsheet ? disarmed(field) : field);
  }
}

/** Text that starts like a formula gets an apostrophe before it, which spreadsheets take for "this is text". */
function disarmed(field: string): string {
  return formula.test(field) ? `'${field}` : field;
}

function quoted(field: string): string {
  return field === "" || /[",\r\n]|^\s|\s$/.test(field)
    ? `"${field.replaceAll('"', '""')}"`
    : field;
}
