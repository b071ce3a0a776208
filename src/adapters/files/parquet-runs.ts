// The runs inside a Parquet page (parquet-format, Encodings.md), counted before they are decoded: a few bytes can claim a
// thousand million values, and the decoder would make room for each of them.

import { deltaBinaryUnpack } from "hyparquet/src/delta.js";
import { largestPageBytes } from "./file-limits.ts";
import type { ThriftStruct } from "./thrift-reader.ts";

/** One unpacked data page. `levels`: definition levels, null where every value is there or they stand in the body. */
export type PageContents = Readonly<{
  body: Uint8Array;
  levels: Uint8Array | null;
  /** the body begins with the levels and their length in four bytes (page version 1) */
  levelsInBody: boolean;
  values: number;
  encoding: number;
}>;

/** The page holds more than its header says. */
export class RunError extends Error {}

const encodings = { plainDictionary: 2, runs: 3, deltaText: 7, dictionary: 8 } as const;
/** Runs may be padded to whole groups; writers pad by a few groups at most. */
const padding = 512;

/** Throws a RunError when runs of the page go beyond its values. */
export function checkRuns({ body, levels, levelsInBody, values, encoding }: PageContents): void {
  let at = 0;
  if (levels !== null) countRuns(levels, 0, 1, values);
  if (levelsInBody) {
    const length = lengthAt(body, 0);
    countRuns(body.subarray(0, 4 + length), 4, 1, values);
    at = 4 + length;
  }
  if (encoding === encodings.plainDictionary || encoding === encodings.dictionary) {
    const width = body[at];
    if (width === undefined) return;
    if (width > 32) throw new RunError(`Cannot read runs: found width ${width}`);
    countRuns(body, at + 1, width, values);
  }
  if (encoding === encodings.runs) countRuns(body, at + 4, 1, values);
  if (encoding === encodings.deltaText) countPrefixes(body, at, values);
}

function lengthAt(bytes: Uint8Array, at: number): number {
  if (at + 4 > bytes.length) throw new RunError("Cannot read runs: they are cut off");
  return new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true);
}

/** Fewer values than the page has may stand here: values that are not there have no run. */
function countRuns(bytes: Uint8Array, start: number, width: number, values: number): void {
  let at = start;
  let seen = 0;
  while (seen < values && at < bytes.length) {
    const { head, next } = headAt(bytes, at);
    const packed = (head & 1) === 1;
    const count = packed ? (head >>> 1) * 8 : head >>> 1;
    if (count > values - seen + padding) throw new RunError(`Cannot read runs: found ${count}`);
    seen += count;
    at = next + (packed ? (head >>> 1) * width : (width + 7) >> 3);
  }
}

function headAt(bytes: Uint8Array, start: number): Readonly<{ head: number; next: number }> {
  let head = 0;
  for (let at = start; at < start + 5; at++) {
    const byte = bytes[at] ?? 0;
    head |= (byte & 127) << (7 * (at - start));
    if (byte < 128) return { head: head >>> 0, next: at + 1 };
  }
  throw new RunError("Cannot read runs: a number has no end");
}

/** Texts that repeat the beginning of the one before: all together they must fit into a page. */
function countPrefixes(body: Uint8Array, start: number, values: number): void {
  if (values === 0 || start >= body.length) return;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const prefixes = new Int32Array(values);
  // The first value is the number of texts that are there; a page may have fewer than values.
  deltaBinaryUnpack({ view, offset: start }, Math.min(values, countAt(body, start)), prefixes);
  const bytes = prefixes.reduce((sum, length) => sum + Math.max(0, length), 0);
  if (bytes > largestPageBytes) throw new RunError(`Cannot read texts: found ${bytes} bytes`);
}

/** Block size, blocks, count: the third number of the header. */
function countAt(body: Uint8Array, start: number): number {
  const block = headAt(body, start);
  const minis = headAt(body, block.next);
  return headAt(body, minis.next).head;
}

/** A number of a page header; -1 where it is not there. */
export function numberIn(struct: ThriftStruct | undefined, field: number): number {
  const value = struct?.get(field);
  return typeof value === "number" ? value : -1;
}
