// The pages of a Parquet column, walked header by header before they are decoded: sizes and counts have to agree with the
// footer, because the decoder allocates what a header asks for. Unpacking stops at the size that the header states.

import { snappyUncompress, type Compressors } from "hyparquet";
import { decompressLz4, decompressLz4Raw, decompressZstd } from "hyparquet-compressors";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import type { Text } from "../../domain/text.ts";
import { readAt } from "./file-kind.ts";
import { largestPageBytes } from "./file-limits.ts";
import { damaged, type ParquetChunk } from "./parquet-footer.ts";
import { readThrift, type ThriftStruct } from "./thrift-reader.ts";

/** Throws a FileFault when the pages of a column do not add up to the rows of their group. */
export function checkPages(path: string, chunk: ParquetChunk, rows: number): void {
  const place = { en: `column ${chunk.column}`, zh: `列 ${chunk.column}` };
  const refuse = (found: Text, cause?: unknown): never => {
    throw damaged(path, found, cause, place);
  };
  const bytes = readAt(path, chunk.at, chunk.bytes);
  let values = 0;
  // What writers leave at the end of a chunk is shorter than any page.
  for (let at = 0; values < rows && at < bytes.length - 1;) {
    const { header, end } = headerAt(bytes, at, refuse);
    const packed = numberIn(header, 3);
    const unpacked = numberIn(header, 2);
    if (packed < 0 || end + packed > bytes.length) refuse(cutOffPage);
    if (unpacked < 0 || unpacked > largestPageBytes) {
      refuse({ en: `a page of ${unpacked} bytes`, zh: ` ${unpacked} 字节的数据页` });
    }
    const dictionary = structIn(header, 7);
    const data = structIn(header, 5) ?? structIn(header, 8);
    const held = numberIn(dictionary ?? data, 1);
    if (held < 0 || held > (dictionary === undefined ? rows - values : unpacked)) {
      refuse({ en: `a page of ${held} values`, zh: `含 ${held} 个值的数据页` });
    }
    if (dictionary === undefined) values += held;
    at = end + packed;
  }
  if (values !== rows) {
    refuse({ en: `${values} values for ${rows} rows`, zh: ` ${rows} 行中只有 ${values} 个值` });
  }
}

const cutOffPage: Text = { en: "a page that is cut off", zh: "不完整的数据页" };

function headerAt(
  bytes: Buffer,
  at: number,
  refuse: (found: Text, cause?: unknown) => never,
): Readonly<{ header: ThriftStruct; end: number }> {
  try {
    const { value: header, end } = readThrift(bytes, at);
    return { header, end };
  } catch (cause) {
    return refuse({ en: "a damaged page", zh: "损坏的数据页" }, cause);
  }
}

function numberIn(struct: ThriftStruct | undefined, field: number): number {
  const value = struct?.get(field);
  return typeof value === "number" ? value : -1;
}

function structIn(struct: ThriftStruct, field: number): ThriftStruct | undefined {
  const value = struct.get(field);
  return value instanceof Map ? value : undefined;
}

/** Unpacks pages to the length that their header states and no further. */
export const codecs: Compressors = {
  SNAPPY: (input, length) => {
    const output = new Uint8Array(bounded(length));
    snappyUncompress(input, output);
    return output;
  },
  GZIP: (input, length) => plain(gunzipSync(input, limit(length))),
  BROTLI: (input, length) => plain(brotliDecompressSync(input, limit(length))),
  ZSTD: (input, length) => decompressZstd(input, new Uint8Array(bounded(length))),
  LZ4: (input, length) => decompressLz4(input, bounded(length)),
  LZ4_RAW: (input, length) => decompressLz4Raw(input, bounded(length)),
};

/** zlib takes no limit of 0. */
function limit(length: number): Readonly<{ maxOutputLength: number }> {
  return { maxOutputLength: Math.max(1, bounded(length)) };
}

function bounded(length: number): number {
  if (length >= 0 && length <= largestPageBytes) return length;
  throw new RangeError(`Cannot unpack page: found ${length} bytes`);
}

// Views of the decoder begin at the start of the buffer's own memory.
function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer);
}
