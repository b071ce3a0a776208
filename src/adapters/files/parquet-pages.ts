// The pages of a Parquet column, walked header by header before they are decoded: sizes and counts have to agree with the
// footer, because the decoder allocates what a header asks for. Unpacking stops at the size that the header states.

import { snappyUncompress, type CompressionCodec, type Compressors } from "hyparquet";
import { decompressLz4, decompressLz4Raw, decompressZstd } from "hyparquet-compressors";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import type { Text } from "../../domain/text.ts";
import { readAt } from "./file-kind.ts";
import { largestPageBytes, mostPageValues } from "./file-limits.ts";
import { damaged, type ParquetChunk, type ParquetColumn } from "./parquet-footer.ts";
import { checkRuns, numberIn, type PageContents } from "./parquet-runs.ts";
import { readThrift, type ThriftStruct } from "./thrift-reader.ts";

/** Throws a FileFault when the pages of a column do not add up to the rows of their group. */
export function checkPages(
  path: string,
  chunk: ParquetChunk,
  { element }: Pick<ParquetColumn, "element">,
  rows: number,
): void {
  const refuse = (found: Text, cause?: unknown): never => {
    throw damaged(path, found, cause, { en: `column ${chunk.column}`, zh: `列 ${chunk.column}` });
  };
  const bytes = readAt(path, chunk.at, chunk.bytes);
  const optional = element.repetition_type === "OPTIONAL";
  let values = 0;
  // What writers leave at the end of a chunk is shorter than any page.
  for (let at = 0; values < rows && at < bytes.length - 1;) {
    const page = pageAt(bytes, at, refuse);
    if (page.values > (page.kind === "dictionary" ? page.unpackedBytes : rows - values)) {
      refuse({ en: `a page of ${page.values} values`, zh: `含 ${page.values} 个值的数据页` });
    }
    if (page.kind !== "dictionary") {
      values += page.values;
      try {
        checkRuns(contentsOf(page, chunk.codec, optional));
      } catch (cause) {
        refuse(damagedPage, cause);
      }
    }
    at = page.next;
  }
  if (values !== rows) {
    refuse({ en: `${values} values for ${rows} rows`, zh: ` ${rows} 行中只有 ${values} 个值` });
  }
}

const damagedPage: Text = { en: "a damaged page", zh: "损坏的数据页" };
const cutOffPage: Text = { en: "a page that is cut off", zh: "不完整的数据页" };

type Page = Readonly<{
  kind: "dictionary" | "version 1" | "version 2";
  /** the header of its kind */
  header: ThriftStruct;
  packed: Uint8Array;
  unpackedBytes: number;
  values: number;
  next: number;
}>;

type Refuse = (found: Text, cause?: unknown) => never;

function pageAt(bytes: Buffer, at: number, refuse: Refuse): Page {
  const { header, end } = headerAt(bytes, at, refuse);
  const packedBytes = numberIn(header, 3);
  const unpackedBytes = numberIn(header, 2);
  if (packedBytes < 0 || end + packedBytes > bytes.length) return refuse(cutOffPage);
  if (unpackedBytes < 0 || unpackedBytes > largestPageBytes) {
    return refuse({ en: `a page of ${unpackedBytes} bytes`, zh: ` ${unpackedBytes} 字节的数据页` });
  }
  for (const [field, kind] of kinds) {
    const own = header.get(field);
    if (!(own instanceof Map)) continue;
    const values = numberIn(own, 1);
    if (values < 0 || values > mostPageValues) {
      return refuse({ en: `a page of ${values} values`, zh: `含 ${values} 个值的数据页` });
    }
    const packed = new Uint8Array(bytes.subarray(end, end + packedBytes));
    return { kind, header: own, packed, unpackedBytes, values, next: end + packedBytes };
  }
  return refuse(damagedPage);
}

const kinds = [
  [7, "dictionary"],
  [5, "version 1"],
  [8, "version 2"],
] as const;

function headerAt(
  bytes: Buffer,
  at: number,
  refuse: Refuse,
): Readonly<{ header: ThriftStruct; end: number }> {
  try {
    const { value: header, end } = readThrift(bytes, at);
    return { header, end };
  } catch (cause) {
    return refuse(damagedPage, cause);
  }
}

/** A data page of version 1 is packed as a whole; in version 2 the levels stand before what is packed. */
function contentsOf(page: Page, codec: CompressionCodec, optional: boolean): PageContents {
  const { header, packed, unpackedBytes, values } = page;
  const encoding = numberIn(header, page.kind === "version 1" ? 2 : 4);
  if (page.kind === "version 1") {
    const body = unpacked(packed, unpackedBytes, codec);
    return { body, levels: null, levelsInBody: optional, values, encoding };
  }
  const levelBytes = numberIn(header, 5);
  const repeatBytes = numberIn(header, 6);
  if (levelBytes < 0 || repeatBytes !== 0) throw new RangeError("Cannot read levels of page");
  const rest = packed.subarray(levelBytes);
  const plain = header.get(7) === false;
  const body = plain ? rest : unpacked(rest, unpackedBytes - levelBytes, codec);
  const levels = optional ? packed.subarray(0, levelBytes) : null;
  return { body, levels, levelsInBody: false, values, encoding };
}

function unpacked(packed: Uint8Array, length: number, codec: CompressionCodec): Uint8Array {
  if (codec === "UNCOMPRESSED") return packed;
  const unpack = codecs[codec];
  if (unpack === undefined) throw new RangeError(`Cannot unpack page: found ${codec}`);
  return unpack(packed, length);
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
