// CSV files as rows with the line numbers of the file. A file is read twice: first for its structure alone, so
// that one that is cut off or has a quote without end is refused before the first row is handed on.

import { once } from "node:events";
import { statSync, type Stats } from "node:fs";
import { CsvError, parse, type Options, type Parser } from "csv-parse";
import type { Text } from "../../domain/text.ts";
import type { FileRow, LinesFile } from "../../portfolio/ports.ts";
import { Fault } from "../fault.ts";
import { FileFault } from "./file-fault.ts";
import { sendFileText, type Encoding } from "./file-bytes.ts";

/** How the file separates and quotes. */
export type CsvFormat = Readonly<{
  encoding: Encoding;
  delimiter: string;
  /** "none": quotes are ordinary characters */
  quote: string;
}>;

/** A row longer than this is taken for a quote that never ends. */
const largestRowBytes = 1024 * 1024;
const portionRows = 500;

/**
 * Opens a CSV file: plain or gzip, UTF-8 (with or without byte order mark) or GB 18030. Bytes that the encoding
 * does not have become U+FFFD in their cell; empty lines are passed over; rows may have more or fewer cells
 * than the header. Throws a FileFault for a file that is missing, empty, cut off or broken in its quotes, and
 * later when it changed since it was opened.
 */
export async function openCsv(path: string, format: CsvFormat): Promise<LinesFile> {
  const before = statOf(path);
  const seen = await readThrough(path, format);
  if (seen.header === null) {
    throw new FileFault({ file: path, line: 0, found: nothing, expected: headerRow });
  }
  const { line, cells } = seen.header;
  return {
    name: path,
    header: { line, columns: cells.map((cell) => cell.trim()) },
    rows: seen.rows,
    read: () => portions(path, format, before),
  };
}

const nothing: Text = { en: "no row at all", zh: "没有任何行" };
const headerRow: Text = { en: "a row of column names", zh: "一行列名" };

function statOf(path: string): Stats {
  try {
    const stats = statSync(path);
    if (stats.isFile()) return stats;
  } catch (cause) {
    const found = { en: "no such file", zh: "文件不存在" };
    throw new FileFault({ file: path, line: 0, found, expected: csvFile, cause });
  }
  const found = { en: "a folder or device", zh: "目录或设备" };
  throw new FileFault({ file: path, line: 0, found, expected: csvFile });
}

const csvFile: Text = { en: "a CSV file", zh: " CSV 文件" };

type Structure = Readonly<{ header: FileRow | null; rows: number }>;

async function readThrough(path: string, format: CsvFormat): Promise<Structure> {
  let header: FileRow | null = null;
  let rows = -1;
  const { parser, faultOf } = openParser(path, format, (row) => {
    header ??= row;
    rows += 1;
    return null;
  });
  try {
    parser.resume();
    await once(parser, "end");
  } catch (error) {
    throw faultOf(error);
  }
  return { header, rows };
}

async function* portions(
  path: string,
  format: CsvFormat,
  before: Stats,
): AsyncGenerator<readonly FileRow[]> {
  const now = statOf(path);
  if (now.size !== before.size || now.mtimeMs !== before.mtimeMs) {
    const found = { en: "a file that changed while it was read", zh: "读取过程中被修改的文件" };
    throw new FileFault({ file: path, line: 0, found, expected: unchangedFile });
  }
  let headerPassed = false;
  const { parser, faultOf } = openParser(path, format, (row) => {
    const pass = headerPassed;
    headerPassed = true;
    return pass ? row : null;
  });
  let portion: FileRow[] = [];
  try {
    for await (const row of parser) {
      portion.push(row as FileRow);
      if (portion.length < portionRows) continue;
      yield portion;
      portion = [];
    }
  } catch (error) {
    throw faultOf(error);
  }
  if (portion.length > 0) yield portion;
}

const unchangedFile: Text = { en: "the same file until its end", zh: "始终不变的文件" };

type OpenParser = Readonly<{ parser: Parser; faultOf: (error: unknown) => Error }>;

/** A parser over the file; `keep` sees every row that is not an empty line and says what is passed on. */
function openParser(
  path: string,
  format: CsvFormat,
  keep: (row: FileRow) => FileRow | null,
): OpenParser {
  let next = 1;
  const options: Options<FileRow, string[]> = {
    ...optionsOf(format),
    on_record: (cells) => {
      const line = next;
      next += 1 + breaksWithin(cells);
      return cells.length === 1 && cells[0] === "" ? null : keep({ line, cells });
    },
  };
  // The parser's own types let on_record return rows of its making only where columns are named.
  const parser = parse(options as unknown as Options);
  sendFileText(path, format.encoding, parser);
  return { parser, faultOf: (error) => faultAt(path, next, error) };
}

function optionsOf(format: CsvFormat): Options<FileRow, string[]> {
  const quote = format.quote === "none" ? null : format.quote;
  return {
    columns: false,
    delimiter: format.delimiter,
    quote,
    escape: quote,
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_column_count: true,
    max_record_size: largestRowBytes,
  };
}

// The parser counts "\r\n" within quotes twice, so lines are counted here.
function breaksWithin(cells: readonly string[]): number {
  let breaks = 0;
  for (const cell of cells) {
    if (cell.includes("\n") || cell.includes("\r")) breaks += cell.split(/\r\n|\n|\r/).length - 1;
  }
  return breaks;
}

const quoteFaults: Readonly<Record<string, Readonly<{ found: Text; expected: Text }>>> = {
  CSV_QUOTE_NOT_CLOSED: {
    found: { en: "a quote that is never closed", zh: "未闭合的引号" },
    expected: { en: "a closing quote", zh: "成对的引号" },
  },
  CSV_MAX_RECORD_SIZE: {
    found: {
      en: "a row of more than 1 MiB, or a quote that is never closed",
      zh: "超过 1 MiB 的行，或未闭合的引号",
    },
    expected: { en: "shorter rows and closing quotes", zh: "较短的行和成对的引号" },
  },
  CSV_INVALID_CLOSING_QUOTE: {
    found: { en: "text after a closing quote", zh: "引号闭合后仍有文字" },
    expected: {
      en: 'a delimiter there, or quotes within quotes doubled, or "quote: none" in the mapping',
      zh: "分隔符，或将引号内的引号写成两个，或在映射中声明 “quote: none”",
    },
  },
  INVALID_OPENING_QUOTE: {
    found: { en: "a quote in the middle of a cell", zh: "单元格中间的引号" },
    expected: {
      en: 'the whole cell in quotes, or "quote: none" in the mapping',
      zh: "整个单元格加引号，或在映射中声明 “quote: none”",
    },
  },
};

function faultAt(path: string, line: number, error: unknown): Error {
  if (error instanceof FileFault) return error;
  const code = (error as { code?: unknown }).code;
  const known = typeof code === "string" ? quoteFaults[code] : undefined;
  if (error instanceof CsvError && known !== undefined) {
    return new FileFault({ file: path, line, ...known, cause: error });
  }
  if (typeof code === "string" && code.startsWith("Z_")) {
    const found = { en: "gzip data that are cut off or damaged", zh: "不完整或损坏的 gzip 数据" };
    const expected = { en: "the whole file", zh: "完整的文件" };
    return new FileFault({ file: path, line: 0, found, expected, cause: error });
  }
  return new Fault(`Cannot read ${path}: the file system failed`, {
    cause: error,
    retryable: false,
    ...(typeof code === "string" ? { code } : {}),
  });
}
