// Text of a file as UTF-8, or the exact byte that is not text. An encoding is told by rules that leave no doubt: a byte
// order mark; valid UTF-8 throughout; else strict GB 18030 throughout. A file that is nearly all UTF-8 is broken UTF-8 and
// never read as GB 18030, which would turn every Chinese character in it into two wrong ones.

import { isUtf8 } from "node:buffer";
import type { Text } from "../../domain/text.ts";
import { FileFault } from "./file-fault.ts";
import type { Encoding, FoundEncoding } from "./lines-format.ts";

/** The first bytes that the encoding does not have. `piece` is where they stand, for a second opinion. */
export class UnreadableBytes extends Error {
  readonly encoding: FoundEncoding;
  readonly offset: number;
  readonly piece: Buffer;

  constructor(encoding: FoundEncoding, offset: number, piece: Buffer) {
    super(`Cannot decode as ${encoding}: byte ${offset}`);
    this.encoding = encoding;
    this.offset = offset;
    this.piece = piece;
  }
}

/**
 * The encodings to try, best first, for a file that starts so. Throws a FileFault when the start is no text at all, or
 * when it contradicts what was stated.
 */
export function encodingsFor(
  path: string,
  start: Buffer,
  stated: Encoding,
): readonly FoundEncoding[] {
  if (starts(start, [0xff, 0xfe, 0, 0]) || starts(start, [0, 0, 0xfe, 0xff])) {
    throw foreign(path, { en: "UTF-32 text", zh: " UTF-32 文本" }, stated);
  }
  const wide = wideForm(start);
  if (stated === "utf-16") return [wide ?? "utf-16le"];
  if (wide !== null) {
    if (stated === "auto") return [wide];
    throw foreign(path, { en: "UTF-16 text", zh: " UTF-16 文本" }, stated);
  }
  if (start.includes(0)) throw foreign(path, { en: "binary data", zh: "二进制数据" }, stated);
  const marked = starts(start, [0xef, 0xbb, 0xbf]);
  if (stated === "auto") return marked ? ["utf-8"] : ["utf-8", "gb18030"];
  if (stated === "utf-8") return ["utf-8"];
  if (marked || isSurelyUtf8(start)) throw foreign(path, utf8Text, stated);
  return ["gb18030"];
}

const utf8Text: Text = { en: "UTF-8 text", zh: " UTF-8 文本" };

function foreign(path: string, found: Text, stated: Encoding): FileFault {
  return new FileFault({ file: path, line: 0, found, expected: expectedText(stated) });
}

/** The words for what was expected. */
export function expectedText(stated: Encoding): Text {
  if (stated === "auto") {
    return {
      en: "text in UTF-8, UTF-16, GBK or GB18030",
      zh: " UTF-8、UTF-16、GBK 或 GB18030 文本",
    };
  }
  const name = stated.toUpperCase();
  return { en: `${name} text as stated`, zh: `声明的 ${name} 文本` };
}

function starts(buffer: Buffer, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => buffer[index] === byte);
}

/** UTF-16 by its mark, or by zero bytes that stand on one side of every pair only, as in "I\0D\0". */
function wideForm(start: Buffer): FoundEncoding | null {
  if (starts(start, [0xff, 0xfe])) return "utf-16le";
  if (starts(start, [0xfe, 0xff])) return "utf-16be";
  const zeros = [0, 0];
  start.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2]! += 1;
  });
  const [even, odd] = zeros as [number, number];
  if (even === 0 && odd > start.length / 16) return "utf-16le";
  return odd === 0 && even > start.length / 16 ? "utf-16be" : null;
}

/** Long Chinese text that is valid UTF-8 to the last byte is UTF-8: GBK text is so by chance about never. */
function isSurelyUtf8(start: Buffer): boolean {
  const whole = start.subarray(0, start.length - openTail(start));
  return isUtf8(whole) && shares(whole).longBytes >= 48;
}

/** True where more than half of the bytes beyond ASCII around the bad one are well-formed UTF-8 of 3 or 4 bytes. */
export function isBrokenUtf8({ piece }: UnreadableBytes): boolean {
  const { longBytes, highBytes } = shares(piece);
  return longBytes * 2 > highBytes;
}

/** Bytes ≥ 0x80, and how many of them stand in well-formed UTF-8 characters of three or four bytes. */
function shares(piece: Buffer): Readonly<{ longBytes: number; highBytes: number }> {
  let longBytes = 0;
  let highBytes = 0;
  for (let at = 0; at < piece.length;) {
    const length = characterBytes(piece, at);
    if (piece[at]! >= 0x80) highBytes += Math.max(1, length);
    if (length > 2) longBytes += length;
    at += Math.max(1, length);
  }
  return { longBytes, highBytes };
}

/** Length of the UTF-8 character at `at`; 0 when the bytes there are none. */
function characterBytes(piece: Buffer, at: number): number {
  const length = expectedBytes(piece[at]!);
  if (length < 2) return length;
  const bytes = piece.subarray(at, at + length);
  return bytes.length === length && isUtf8(bytes) ? length : 0;
}

function expectedBytes(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xc2) return 0;
  if (lead < 0xe0) return 2;
  if (lead < 0xf0) return 3;
  return lead < 0xf5 ? 4 : 0;
}

/** Bytes at the end that may be the beginning of a character: 0 to 3. */
function openTail(piece: Buffer): number {
  for (let back = 1; back <= 3 && back <= piece.length; back++) {
    const byte = piece[piece.length - back]!;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return expectedBytes(byte) > back ? back : 0;
  }
  return 0;
}

/** The text as UTF-8 without byte order mark. Throws UnreadableBytes at the first byte that the encoding does not have. */
export async function* utf8Of(
  pieces: AsyncIterable<Buffer>,
  encoding: FoundEncoding,
): AsyncGenerator<Buffer> {
  const text = encoding === "utf-8" ? checked(pieces) : recoded(pieces, encoding);
  let first = true;
  for await (const piece of text) {
    if (piece.length === 0) continue;
    yield first && starts(piece, [0xef, 0xbb, 0xbf]) ? piece.subarray(3) : piece;
    first = false;
  }
}

async function* checked(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let before = 0;
  let held: Buffer = Buffer.alloc(0);
  for await (const next of pieces) {
    const piece = held.length === 0 ? next : Buffer.concat([held, next]);
    const whole = piece.subarray(0, piece.length - openTail(piece));
    if (!isUtf8(whole)) throw new UnreadableBytes("utf-8", before + firstBad(whole), piece);
    held = piece.subarray(whole.length);
    before += whole.length;
    // A mark that comes in pieces is put together before anybody looks at it.
    yield whole;
  }
  if (held.length > 0) throw new UnreadableBytes("utf-8", before, held);
}

function firstBad(piece: Buffer): number {
  let at = 0;
  for (let length = 1; length > 0 && at < piece.length; at += length) {
    length = characterBytes(piece, at);
    if (length === 0) return at;
  }
  return at;
}

async function* recoded(
  pieces: AsyncIterable<Buffer>,
  encoding: FoundEncoding,
): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  let before = 0;
  let last: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    try {
      yield Buffer.from(decoder.decode(piece, { stream: true }), "utf8");
    } catch {
      throw new UnreadableBytes(encoding, before + badIn(last, piece, encoding), piece);
    }
    before += piece.length;
    last = piece;
  }
  try {
    yield Buffer.from(decoder.decode(), "utf8");
  } catch {
    throw new UnreadableBytes(encoding, Math.max(0, before - 1), last);
  }
}

/** Where in `piece` decoding fails: the decoder does not tell, so it is fed byte by byte from a place that is in step. */
function badIn(last: Buffer, piece: Buffer, encoding: FoundEncoding): number {
  const step = stepBack(last, encoding);
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  const bytes = Buffer.concat([last.subarray(last.length - step), piece]);
  for (let at = 0; at < bytes.length; at++) {
    try {
      decoder.decode(bytes.subarray(at, at + 1), { stream: true });
    } catch {
      return at - step;
    }
  }
  return piece.length - 1;
}

/** Bytes from the last line end on: no character of these encodings goes across one. */
function stepBack(last: Buffer, encoding: FoundEncoding): number {
  if (encoding !== "gb18030") return last.length % 2;
  return last.length - 1 - last.lastIndexOf(10);
}

/** The line (from 1) of a byte of the unpacked text. */
export async function lineOfByte(
  pieces: AsyncIterable<Buffer>,
  offset: number,
  encoding: FoundEncoding,
): Promise<number> {
  const unit = encoding === "utf-16le" || encoding === "utf-16be" ? 2 : 1;
  const low = encoding === "utf-16be" ? 1 : 0;
  let line = 1;
  let at = 0;
  let returned = false;
  for await (const piece of pieces) {
    for (const byte of piece) {
      if (at >= offset) return line;
      const counts = unit === 1 || at % 2 === low;
      // Only bytes of one half of a pair count; the other half is 0 for line ends.
      if (counts && (byte === 13 || (byte === 10 && !returned))) line += 1;
      if (counts) returned = byte === 13;
      at += 1;
    }
  }
  return line;
}
