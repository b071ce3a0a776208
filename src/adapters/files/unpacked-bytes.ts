// The bytes of a file or of one entry of an archive, unpacked piece by piece. What a packed file says about its size is
// not believed: unpacking stops hard at the size that was declared and at the ratio that no table reaches.

import { createReadStream } from "node:fs";
import { pipeline, type Transform } from "node:stream";
import { crc32, createGunzip, createInflateRaw } from "node:zlib";
import type { Text } from "../../domain/text.ts";
import { Fault } from "../fault.ts";
import { FileFault } from "./file-fault.ts";
import { freeInflationBytes, largestInflation } from "./file-limits.ts";
import { ordinaryRatio, type ZipEntry } from "./zip-directory.ts";

const pieceBytes = 64 * 1024;

/** Called with the bytes taken from the disk so far, for progress. */
export type OnBytes = (bytes: number) => void;

/** The bytes of a file as they are. Throws a Fault when the disk fails. */
export async function* plainBytes(path: string, onBytes: OnBytes): AsyncGenerator<Buffer> {
  let read = 0;
  try {
    for await (const piece of createReadStream(path, { highWaterMark: pieceBytes })) {
      read += (piece as Buffer).length;
      onBytes(read);
      yield piece as Buffer;
    }
  } catch (cause) {
    throw diskFault(path, cause);
  }
}

/** A gzip file unpacked, all its members. Throws a FileFault when it is cut off, damaged or unpacks beyond measure. */
export async function* gunzipped(path: string, onBytes: OnBytes): AsyncGenerator<Buffer> {
  const source = createReadStream(path, { highWaterMark: pieceBytes });
  const gunzip = createGunzip({ chunkSize: pieceBytes });
  yield* measured(path, through(source, gunzip), () => source.bytesRead, onBytes);
}

/** One entry of an archive unpacked; its size and CRC-32 are proved by the time the last piece is handed on. */
export async function* entryBytes(
  path: string,
  entry: ZipEntry,
  onBytes: OnBytes,
): AsyncGenerator<Buffer> {
  if (entry.packedBytes === 0) return proved(path, entry, 0, 0);
  const source = createReadStream(path, {
    start: entry.dataAt,
    end: entry.dataAt + entry.packedBytes - 1,
    highWaterMark: pieceBytes,
  });
  const pieces = entry.deflated
    ? through(source, createInflateRaw({ chunkSize: pieceBytes }))
    : (source as AsyncIterable<Buffer>);
  let bytes = 0;
  let sum = 0;
  for await (const piece of measured(path, pieces, () => source.bytesRead, onBytes, entry.name)) {
    bytes += piece.length;
    if (bytes > entry.bytes) return proved(path, entry, bytes, 0);
    sum = crc32(piece, sum);
    yield piece;
  }
  proved(path, entry, bytes, sum);
}

function proved(path: string, entry: ZipEntry, bytes: number, sum: number): void {
  const place = { en: entry.name, zh: entry.name };
  if (bytes !== entry.bytes) {
    const more = bytes > entry.bytes;
    const found = more
      ? { en: "more bytes than its directory says", zh: "比目录所载更多的数据" }
      : { en: `${bytes} bytes`, zh: ` ${bytes} 字节` };
    const expected = { en: `${entry.bytes} bytes`, zh: ` ${entry.bytes} 字节` };
    throw new FileFault({ file: path, line: 0, place, found, expected });
  }
  if (sum === entry.crc32) return;
  throw new FileFault({ file: path, line: 0, place, found: damagedSum, expected: wholeFile });
}

const damagedSum: Text = { en: "data that do not match their checksum", zh: "与校验和不符的数据" };
const wholeFile: Text = { en: "the whole file", zh: "完整的文件" };

function through(source: NodeJS.ReadableStream, unpack: Transform): AsyncIterable<Buffer> {
  // The reader of `unpack` gets the error too.
  pipeline(source, unpack, () => undefined);
  return unpack as AsyncIterable<Buffer>;
}

async function* measured(
  path: string,
  pieces: AsyncIterable<Buffer>,
  taken: () => number,
  onBytes: OnBytes,
  entry?: string,
): AsyncGenerator<Buffer> {
  const place = entry === undefined ? {} : { place: { en: entry, zh: entry } };
  let unpacked = 0;
  try {
    for await (const piece of pieces) {
      unpacked += piece.length;
      onBytes(taken());
      if (unpacked > freeInflationBytes && unpacked > taken() * largestInflation) {
        const found = {
          en: `more than ${unpacked} bytes unpacked from ${taken()}`,
          zh: `由 ${taken()} 字节解压出 ${unpacked} 字节以上的数据`,
        };
        throw new FileFault({ file: path, line: 0, ...place, found, expected: ordinaryRatio });
      }
      yield piece;
    }
  } catch (cause) {
    if (!isPackingError(cause)) throw diskFault(path, cause);
    throw new FileFault({
      file: path,
      line: 0,
      ...place,
      found: cutOff,
      expected: wholeFile,
      cause,
    });
  }
}

const cutOff: Text = {
  en: "compressed data that are cut off or damaged",
  zh: "不完整或损坏的压缩数据",
};

function isPackingError(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === "string" && code.startsWith("Z_");
}

/** What the disk said, as a Fault; other errors as they are. */
function diskFault(path: string, cause: unknown): unknown {
  const { code, syscall } = cause as NodeJS.ErrnoException;
  if (cause instanceof Fault || code === undefined || syscall === undefined) return cause;
  return new Fault(`Cannot read ${path}: the file system failed`, {
    ...{ cause, code },
    retryable: false,
  });
}
