// Parquet as rows of cells, a window of rows at a time and a column at a time within it, so that memory is that of one
// window however large the row groups are.

import { closeSync, openSync, readSync } from "node:fs";
import { parquetScan, type AsyncBuffer, type ParquetScan } from "hyparquet";
import type { Text } from "../../domain/text.ts";
import type { FileRow } from "../../portfolio/ports.ts";
import { Fault } from "../fault.ts";
import { FileFault } from "./file-fault.ts";
import { regularFile } from "./file-kind.ts";
import {
  BrokenText,
  cellWriter,
  storedForm,
  storedParsers,
  type CellWriter,
} from "./parquet-cells.ts";
import {
  damaged,
  readParquetFooter,
  type ParquetColumn,
  type ParquetFooter,
} from "./parquet-footer.ts";
import { checkPages, codecs } from "./parquet-pages.ts";
import { headerOf } from "./table-header.ts";
import type { TableOptions, TypedTable } from "./typed-table.ts";

const cellsPerWindow = 500_000;
const mostWindowRows = 65_536;
const portionRows = 500;

/**
 * Opens a Parquet file. `line` of a row is its number in the file plus 1, as if the names stood on line 1. Only wanted
 * columns are read; the others are empty cells. Throws a FileFault for a file that is cut off, damaged or out of measure,
 * and for a wanted column that is nested or of a type that no cell can hold.
 */
export async function openParquet(path: string, options: TableOptions): Promise<TypedTable> {
  const { size } = regularFile(path);
  const footer = readParquetFooter(path, size);
  const names = footer.columns.map(({ name }) => name);
  const header = headerOf(path, 1, names);
  const columns = footer.columns.map((column) => readerOf(path, column, options));
  const read = columns.filter((column) => column !== null);
  for (const { rows, chunks } of footer.groups) {
    for (const chunk of chunks) {
      const column = footer.columns.find(({ name }) => name === chunk.column);
      const wanted = read.some(({ name }) => name === chunk.column);
      if (wanted && column !== undefined) checkPages(path, chunk, column, rows);
    }
  }
  return {
    header,
    sheet: null,
    read: (onRead) => undamaged(path, portions(path, size, footer, columns, onRead)),
  };
}

type ColumnReader = Readonly<{ name: string; write: CellWriter }>;

/** null: not wanted. */
function readerOf(
  path: string,
  { name, element, nested }: ParquetColumn,
  { columns, notation }: TableOptions,
): ColumnReader | null {
  if (columns !== null && !columns.includes(name.trim())) return null;
  const write = nested ? null : cellWriter(element, notation);
  if (write !== null) return { name, write };
  const type = element.converted_type ?? element.type ?? "";
  throw new FileFault({
    ...{ file: path, line: 0, place: { en: `column ${name}`, zh: `列 ${name}` } },
    found: nested
      ? { en: "nested values", zh: "嵌套的值" }
      : { en: `values of type ${type}`, zh: ` ${type} 类型的值` },
    expected: {
      en: "text, a number, a date, a time stamp or true and false",
      zh: "文本、数字、日期、时间戳或布尔值",
    },
  });
}

/** What the decoder throws on data that no writer makes is a complaint about the file. */
async function* undamaged(
  path: string,
  portions: AsyncIterable<readonly FileRow[]>,
): AsyncGenerator<readonly FileRow[]> {
  try {
    yield* portions;
  } catch (cause) {
    if (cause instanceof Fault || (cause as NodeJS.ErrnoException).syscall !== undefined)
      throw cause;
    throw damaged(path, damagedData, cause);
  }
}

const damagedData: Text = { en: "damaged data", zh: "损坏的数据" };

async function* portions(
  path: string,
  size: number,
  footer: ParquetFooter,
  columns: readonly (ColumnReader | null)[],
  onRead: (fraction: number) => void,
): AsyncGenerator<readonly FileRow[]> {
  const wanted = columns.filter((column) => column !== null).length;
  const windowRows = Math.min(
    mostWindowRows,
    Math.max(portionRows, Math.floor(cellsPerWindow / Math.max(1, wanted))),
  );
  const total = footer.groups.reduce((sum, { rows }) => sum + rows, 0);
  const file = openSync(path, "r");
  try {
    const scan = await scanOf(file, size, footer);
    let start = 0;
    for (const { rows } of footer.groups) {
      const end = start + rows;
      for (let from = start; from < end; from += windowRows) {
        const to = Math.min(from + windowRows, end);
        yield* windowOf(path, scan, columns, from, to);
        onRead(to / total);
      }
      start = end;
    }
  } finally {
    closeSync(file);
  }
}

/** The scan sees the stored values; page and offset indexes are not used, because nobody has proved them. */
function scanOf(file: number, size: number, { metadata }: ParquetFooter): Promise<ParquetScan> {
  const buffer: AsyncBuffer = {
    byteLength: size,
    slice: (start, end = size) => {
      const bytes = new Uint8Array(end - start);
      let read = 0;
      while (read < bytes.length) {
        const more = readSync(file, bytes, read, bytes.length - read, start + read);
        if (more === 0) break;
        read += more;
      }
      return bytes.buffer;
    },
  };
  return parquetScan({
    file: buffer,
    metadata: { ...metadata, schema: metadata.schema.map(storedForm) },
    compressors: codecs,
    parsers: storedParsers,
    utf8: false,
    useOffsetIndex: false,
  });
}

async function* windowOf(
  path: string,
  scan: ParquetScan,
  columns: readonly (ColumnReader | null)[],
  from: number,
  to: number,
): AsyncGenerator<readonly FileRow[]> {
  const cells: string[][] = Array.from({ length: to - from }, () => []);
  for (const column of columns) {
    if (column === null) {
      for (const row of cells) row.push("");
      continue;
    }
    const values = await valuesOf(path, scan, column.name, from, to);
    cells.forEach((row, index) => row.push(column.write(values[index])));
  }
  for (let at = 0; at < cells.length; at += portionRows) {
    yield cells
      .slice(at, at + portionRows)
      .map((row, index) => ({ line: from + at + index + 2, cells: row }));
  }
}

async function valuesOf(
  path: string,
  scan: ParquetScan,
  column: string,
  rowStart: number,
  rowEnd: number,
): Promise<ArrayLike<unknown>> {
  const place = {
    en: `column ${column}, rows ${rowStart + 1} to ${rowEnd}`,
    zh: `列 ${column}，第 ${rowStart + 1} 至 ${rowEnd} 行`,
  };
  try {
    const values = await scan.readColumn({ column, rowStart, rowEnd });
    if (values.length === rowEnd - rowStart) return values;
    const found = { en: `${values.length} values`, zh: ` ${values.length} 个值` };
    throw damaged(path, found, undefined, place);
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    const found =
      cause instanceof BrokenText
        ? { en: "text that is not UTF-8", zh: "不属于 UTF-8 的文本" }
        : damagedData;
    throw damaged(path, found, cause, place);
  }
}
