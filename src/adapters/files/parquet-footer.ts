// The footer of a Parquet file (parquet-format 2.10), proved before anything it speaks of is read: its own size, the
// number of columns and rows, and that every column of every row group lies inside the file.

import {
  parquetMetadata,
  type CompressionCodec,
  type FileMetaData,
  type SchemaElement,
} from "hyparquet";
import type { Text } from "../../domain/text.ts";
import { FileFault } from "./file-fault.ts";
import { readAt } from "./file-kind.ts";
import {
  freeRows,
  largestChunkBytes,
  largestFooterBytes,
  mostColumns,
  mostRowsPerByte,
} from "./file-limits.ts";
import { tooManyColumns } from "./table-header.ts";
import { readThrift, type ThriftStruct, type ThriftValue } from "./thrift-reader.ts";

/** One column: a leaf at the top of the schema, or a nested one, which no mapping can read. */
export type ParquetColumn = Readonly<{ name: string; element: SchemaElement; nested: boolean }>;

/** Where the packed pages of one column of one row group lie. */
export type ParquetChunk = Readonly<{
  column: string;
  at: number;
  bytes: number;
  codec: CompressionCodec;
}>;

export type ParquetFooter = Readonly<{
  metadata: FileMetaData;
  columns: readonly ParquetColumn[];
  groups: readonly Readonly<{ rows: number; chunks: readonly ParquetChunk[] }>[];
}>;

/** Reads and proves the footer. Throws a FileFault for a file that is cut off, damaged or out of measure. */
export function readParquetFooter(path: string, fileBytes: number): ParquetFooter {
  const footer = footerBytes(path, fileBytes);
  try {
    refuseWideSchema(path, readThrift(footer.subarray(0, -8), 0).value);
    const metadata = parquetMetadata(new Uint8Array(footer), { geoparquet: false });
    const columns = columnsOf(metadata.schema);
    return { metadata, columns, groups: groupsOf(path, metadata, columns, fileBytes) };
  } catch (cause) {
    if (cause instanceof FileFault) throw cause;
    throw damaged(path, { en: "a damaged footer", zh: "损坏的文件尾" }, cause);
  }
}

/** The complaint about a Parquet file that contradicts itself. */
export function damaged(path: string, found: Text, cause?: unknown, place?: Text): FileFault {
  return new FileFault({
    ...{ file: path, line: 0, found, expected: wholeParquet, cause },
    ...(place === undefined ? {} : { place }),
  });
}

const wholeParquet: Text = { en: "a whole Parquet file", zh: "完整的 Parquet 文件" };
const cutOff: Text = {
  en: "a Parquet file that is cut off: it does not end with its footer",
  zh: "不完整的 Parquet 文件：缺少文件尾",
};

/** Footer, its length in four bytes, "PAR1". */
function footerBytes(path: string, fileBytes: number): Buffer {
  const end = readAt(path, Math.max(0, fileBytes - 8), 8);
  if (fileBytes < 12 || end.toString("latin1", 4) !== "PAR1") throw damaged(path, cutOff);
  const length = end.readUInt32LE(0);
  if (length > largestFooterBytes || length > fileBytes - 12) {
    const found = { en: `a footer of ${length} bytes`, zh: ` ${length} 字节的文件尾` };
    const most = Math.min(largestFooterBytes, fileBytes - 12);
    const expected = { en: `at most ${most} bytes`, zh: `最多 ${most} 字节` };
    throw new FileFault({ file: path, line: 0, found, expected });
  }
  return readAt(path, fileBytes - 8 - length, length + 8);
}

/** Before the schema is made into a tree: fields 2 and 4 of FileMetaData are the schema and the row groups. */
function refuseWideSchema(path: string, footer: ThriftStruct): void {
  const schema = list(footer.get(2));
  if (schema.length > 4 * mostColumns) throw tooManyColumns(path, 0, schema.length - 1);
  const chunks = list(footer.get(4)).reduce<number>(
    (sum, group) => sum + list(group instanceof Map ? group.get(1) : undefined).length,
    0,
  );
  if (chunks > 1_000_000) {
    throw damaged(path, { en: `${chunks} column chunks`, zh: ` ${chunks} 个列块` });
  }
}

function list(value: ThriftValue | undefined): readonly ThriftValue[] {
  return Array.isArray(value) ? value : [];
}

/** The top of the schema: every child of the root, with its own children passed over. */
function columnsOf(schema: readonly SchemaElement[]): readonly ParquetColumn[] {
  const columns: ParquetColumn[] = [];
  for (let at = 1; at < schema.length;) {
    const element = schema[at]!;
    const size = subtreeSize(schema, at);
    // The decoder's own type promises a name; the bytes do not.
    if (typeof element.name !== "string") throw new RangeError("Cannot read schema: no name");
    const nested = size > 1 || element.repetition_type === "REPEATED";
    columns.push({ name: element.name, element, nested });
    at += size;
  }
  return columns;
}

function subtreeSize(schema: readonly SchemaElement[], at: number): number {
  let open = 1;
  let size = 0;
  while (open > 0) {
    const element = schema[at + size];
    if (element === undefined) throw new RangeError("Cannot read schema: it is cut off");
    open += (element.num_children ?? 0) - 1;
    size += 1;
  }
  return size;
}

function groupsOf(
  path: string,
  metadata: FileMetaData,
  columns: readonly ParquetColumn[],
  fileBytes: number,
): ParquetFooter["groups"] {
  const flat = new Set(columns.filter(({ nested }) => !nested).map(({ name }) => name));
  const groups = metadata.row_groups.map(({ num_rows, columns: chunks }) => {
    const rows = count(num_rows);
    const found = chunks.flatMap(({ file_path, meta_data }): ParquetChunk[] => {
      if (file_path !== undefined) {
        throw damaged(path, { en: "columns in other files", zh: "存放在其他文件中的列" });
      }
      const [column, ...rest] = meta_data?.path_in_schema ?? [];
      if (meta_data === undefined || column === undefined || rest.length > 0) return [];
      const at = count(meta_data.dictionary_page_offset || meta_data.data_page_offset);
      const bytes = count(meta_data.total_compressed_size);
      if (at + bytes > fileBytes || bytes > largestChunkBytes) {
        const place = { en: `column ${column}`, zh: `列 ${column}` };
        const outside = { en: "pages that lie outside the file", zh: "超出文件范围的数据页" };
        throw damaged(path, outside, undefined, place);
      }
      return [{ column, at, bytes, codec: meta_data.codec }];
    });
    const chunked = new Set(found.map(({ column }) => column));
    const missing = [...flat].find((name) => !chunked.has(name));
    if (missing !== undefined) {
      const absent = {
        en: `a row group without column ${missing}`,
        zh: `缺少列 ${missing} 的行组`,
      };
      throw damaged(path, absent);
    }
    return { rows, chunks: found };
  });
  const total = groups.reduce((sum, { rows }) => sum + rows, 0);
  if (total > freeRows && total > fileBytes * mostRowsPerByte) {
    const found = {
      en: `${total} rows in ${fileBytes} bytes`,
      zh: ` ${fileBytes} 字节中有 ${total} 行`,
    };
    const expected = { en: "rows of lines", zh: "授信数据行" };
    throw new FileFault({ file: path, line: 0, found, expected });
  }
  if (total !== count(metadata.num_rows)) {
    const found = { en: `row groups of ${total} rows`, zh: `共 ${total} 行的行组` };
    const expected = { en: `${metadata.num_rows} rows`, zh: ` ${metadata.num_rows} 行` };
    throw new FileFault({ file: path, line: 0, found, expected });
  }
  return groups;
}

function count(value: bigint | number): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new RangeError(`Cannot read count: found ${value}`);
}
