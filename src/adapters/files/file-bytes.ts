// The text of a file as a stream of UTF-8 bytes: unpacked where it is gzip, recoded where it is GB 18030, the
// byte order mark taken off. Compression is told by the first bytes, never by the file's name.

import { createReadStream, openSync, readSync, closeSync } from "node:fs";
import { pipeline, Transform, type Readable, type Writable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { Text } from "../../domain/text.ts";
import { FileFault } from "./file-fault.ts";

export type Encoding = "utf-8" | "gb18030";

type Start = Readonly<{ bytes: readonly number[]; found: Text }>;

const spreadsheet: Text = {
  en: "a ZIP archive or Excel workbook",
  zh: " ZIP 压缩包或 Excel 工作簿",
};
const wideText: Text = { en: "UTF-16 text", zh: " UTF-16 文本" };

/** Beginnings that no CSV file has. */
const foreign: readonly Start[] = [
  { bytes: [0x50, 0x4b, 0x03, 0x04], found: spreadsheet },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], found: spreadsheet },
  { bytes: [0xff, 0xfe], found: wideText },
  { bytes: [0xfe, 0xff], found: wideText },
  { bytes: [0x1f, 0x8b], found: { en: "gzip within gzip", zh: "重复的 gzip 压缩" } },
];

const csvText: Text = { en: "CSV text, plain or gzip", zh: " CSV 文本（可为 gzip 压缩）" };

/**
 * Sends a file's text into `sink` as UTF-8 bytes. The sink is destroyed with the error when the file cannot be
 * read: a FileFault where the bytes are wrong, else what the system said.
 */
export function sendFileText(path: string, encoding: Encoding, sink: Writable): void {
  const parts: (Readable | Transform)[] = [createReadStream(path, { highWaterMark: 64 * 1024 })];
  if (isGzip(path)) parts.push(createGunzip());
  parts.push(checkedStart(path, encoding));
  if (encoding !== "utf-8") parts.push(recoded(encoding));
  // The sink gets the error too; here it has nobody else to go to.
  pipeline([...parts, sink] as [Readable, Transform, Writable], () => undefined);
}

function isGzip(path: string): boolean {
  const file = openSync(path, "r");
  try {
    const start = Buffer.alloc(2);
    return readSync(file, start, 0, 2, 0) === 2 && start[0] === 0x1f && start[1] === 0x8b;
  } finally {
    closeSync(file);
  }
}

/** Refuses foreign beginnings and takes off the UTF-8 byte order mark. */
function checkedStart(path: string, encoding: Encoding): Transform {
  let held: Buffer | null = Buffer.alloc(0);
  const release = (): Buffer => {
    const start = held ?? Buffer.alloc(0);
    held = null;
    const odd = foreign.find(({ bytes }) => startsWith(start, bytes));
    if (odd !== undefined) {
      throw new FileFault({ file: path, line: 0, found: odd.found, expected: csvText });
    }
    return encoding === "utf-8" && startsWith(start, [0xef, 0xbb, 0xbf])
      ? start.subarray(3)
      : start;
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (held === null) return done(null, chunk);
      held = Buffer.concat([held, chunk]);
      if (held.length < 4) return done();
      pass(done, release);
    },
    flush: (done) => (held === null ? done() : pass(done, release)),
  });
}

function startsWith(buffer: Buffer, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => buffer[index] === byte);
}

type Done = (error?: Error | null, data?: Buffer) => void;

function pass(done: Done, make: () => Buffer): void {
  try {
    done(null, make());
  } catch (error) {
    done(error as Error);
  }
}

/** Bytes that the encoding does not have become U+FFFD, which the reader of the row refuses. */
function recoded(encoding: Encoding): Transform {
  const decoder = new TextDecoder(encoding);
  let first = true;
  const encode = (text: string): Buffer => {
    const plain = first && text.startsWith("\uFEFF") ? text.slice(1) : text;
    first &&= text === "";
    return Buffer.from(plain, "utf8");
  };
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) =>
      pass(done, () => encode(decoder.decode(chunk, { stream: true }))),
    flush: (done) => pass(done, () => encode(decoder.decode())),
  });
}
