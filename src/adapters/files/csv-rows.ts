// CSV text as rows with the line numbers of the file. A file is read twice: first for its structure and encoding alone,
// so that one that is cut off, not text or has a quote without end is refused before the first row is handed on.

import { once } from "node:events";
import { Readable, pipeline } from "node:stream";
import { CsvError, parse, type Options, type Parser } from "csv-parse";
import type { Text } from "../../domain/text.ts";
import type { FileRow, LinesFile } from "../../portfolio/ports.ts";
import { Fault } from "../fault.ts";
import { bytePlace, FileFault } from "./file-fault.ts";
import { largestRowBytes, mostColumns } from "./file-limits.ts";
import type { CsvFormat, FileForm, FoundEncoding } from "./lines-format.ts";
import { headerOf, noHeader, tooManyColumns } from "./table-header.ts";
import {
  encodingsFor,
  expectedText,
  isBrokenUtf8,
  lineOfByte,
  UnreadableBytes,
  utf8Of,
} from "./text-encoding.ts";
import type { TextSource } from "./text-source.ts";
import type { OnBytes } from "./unpacked-bytes.ts";

const portionRows = 500;

/**
 * Opens CSV text. Empty lines are passed over; rows may have more or fewer cells than the header. Throws a FileFault for
 * text that is empty, cut off, in no or another encoding, or broken in its quotes, and later when it changed since it was
 * opened. `onBytes` tells how far the first reading is.
 */
export async function openCsv(
  source: TextSource,
  format: CsvFormat,
  onBytes?: OnBytes,
): Promise<LinesFile & Readonly<{ form: FileForm }>> {
  const { encoding, header, rows } = await readThrough(source, format, onBytes);
  if (header === null) throw noHeader(source.path);
  return {
    name: source.path,
    header: headerOf(source.path, header.line, header.cells),
    rows,
    read: () => portions({ source, format, encoding }),
    form: { kind: "csv", packed: source.packed, encoding, sheet: null },
  };
}

/** Text whose encoding is settled for this reading. */
type Reading = Readonly<{ source: TextSource; format: CsvFormat; encoding: FoundEncoding }>;

type Structure = Readonly<{ encoding: FoundEncoding; header: FileRow | null; rows: number }>;

/** Tries the possible encodings in turn; the first without a wrong byte is the one. */
async function readThrough(
  source: TextSource,
  format: CsvFormat,
  onBytes?: OnBytes,
): Promise<Structure> {
  const wrong: UnreadableBytes[] = [];
  for (const encoding of encodingsFor(source.path, source.start, format.encoding)) {
    try {
      return await structureOf({ source, format, encoding }, onBytes);
    } catch (error) {
      if (!(error instanceof UnreadableBytes)) throw error;
      wrong.push(error);
      if (isBrokenUtf8(error)) break;
    }
  }
  throw await undecodable(source, format, wrong);
}

async function undecodable(
  source: TextSource,
  { encoding: stated }: CsvFormat,
  [first, second]: readonly UnreadableBytes[],
): Promise<FileFault> {
  const { encoding, offset } = first!;
  const line = await lineOfByte(source.bytes(), offset, encoding);
  const name = encoding.startsWith("utf-16") ? "UTF-16" : encoding.toUpperCase();
  const also =
    second === undefined
      ? { en: "", zh: "" }
      : {
          en: `, nor GB18030 (byte ${second.offset})`,
          zh: `、也不属于 GB18030（第 ${second.offset} 字节）`,
        };
  return new FileFault({
    ...{ file: source.path, line, place: bytePlace(offset), cause: first },
    found: { en: `bytes that are not ${name}${also.en}`, zh: `不属于 ${name}${also.zh}的字节` },
    expected:
      stated === "auto" && second === undefined
        ? { en: `${name} text, as before that byte`, zh: `与此前相同的 ${name} 文本` }
        : expectedText(stated),
  });
}

async function structureOf(reading: Reading, onBytes?: OnBytes): Promise<Structure> {
  let header: FileRow | null = null;
  let rows = -1;
  const { parser, faultOf } = openParser(reading, onBytes, (row) => {
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
  return { encoding: reading.encoding, header, rows };
}

async function* portions(reading: Reading): AsyncGenerator<readonly FileRow[]> {
  reading.source.refuseChange();
  let headerPassed = false;
  const { parser, faultOf } = openParser(reading, undefined, (row) => {
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

type OpenParser = Readonly<{ parser: Parser; faultOf: (error: unknown) => Error }>;

/** A parser over the text; `keep` sees every row that is not an empty line and says what is passed on. */
function openParser(
  { source, format, encoding }: Reading,
  onBytes: OnBytes | undefined,
  keep: (row: FileRow) => FileRow | null,
): OpenParser {
  const place = { line: 1, headerColumns: 1 };
  let beforeHeader = true;
  const options: Options<FileRow, string[]> = {
    ...optionsOf(format),
    on_record: (cells) => {
      const { line } = place;
      place.line += 1 + breaksWithin(cells);
      if (cells.length === 1 && cells[0] === "") return null;
      beforeHeader = false;
      return keep({ line, cells });
    },
  };
  // The parser's own types let on_record return rows of its making only where columns are named.
  const parser = parse(options as unknown as Options);
  async function* watched(): AsyncGenerator<Buffer> {
    for await (const piece of utf8Of(source.bytes(onBytes), encoding)) {
      if (beforeHeader) place.headerColumns += countOf(piece, format.delimiter);
      yield piece;
    }
  }
  // The parser gets the error too; here it has nobody else to go to.
  pipeline(Readable.from(watched(), { objectMode: false }), parser, () => undefined);
  return {
    parser,
    faultOf: (error) =>
      faultAt(source.path, place.line, error, beforeHeader ? place.headerColumns : 0),
  };
}

function countOf(piece: Buffer, delimiter: string): number {
  let count = 0;
  for (let at = piece.indexOf(delimiter); at !== -1; at = piece.indexOf(delimiter, at + 1)) count++;
  return count;
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

/** What the parser or the disk said, as a fault. `headerColumns` counts those of a header that did not end. */
function faultAt(path: string, line: number, error: unknown, headerColumns: number): Error {
  if (error instanceof Fault || error instanceof UnreadableBytes) return error;
  const { code } = error as { code?: unknown };
  const known = typeof code === "string" ? quoteFaults[code] : undefined;
  if (!(error instanceof CsvError) || known === undefined) return error as Error;
  if (code === "CSV_MAX_RECORD_SIZE" && headerColumns > mostColumns) {
    return tooManyColumns(path, line, headerColumns);
  }
  return new FileFault({ file: path, line, ...known, cause: error });
}
