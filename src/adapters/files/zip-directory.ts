// The directory of a ZIP archive (APPNOTE 6.3.10 §4.3), checked before a single byte is unpacked: every part lies inside
// the file, no two overlap, none unpacks to more than its size or ratio allows, nothing is encrypted or split.

import type { Text } from "../../domain/text.ts";
import { FileFault } from "./file-fault.ts";
import {
  freeInflationBytes,
  largestDirectoryBytes,
  largestInflation,
  mostEntries,
} from "./file-limits.ts";
import { readAt } from "./file-kind.ts";

/** One file of an archive. Sizes are those of the directory; `dataAt` is where its packed bytes begin. */
export type ZipEntry = Readonly<{
  name: string;
  packedBytes: number;
  bytes: number;
  crc32: number;
  deflated: boolean;
  dataAt: number;
}>;

/** The files of an archive, folders left out. Throws a FileFault for an archive that is broken or out of measure. */
export function readZipDirectory(path: string, fileBytes: number): readonly ZipEntry[] {
  const end = findEnd(path, fileBytes);
  if (end.entries > mostEntries || end.bytes > largestDirectoryBytes) {
    throw broken(path, {
      en: `${end.entries} entries in the archive`,
      zh: `压缩包含 ${end.entries} 个条目`,
    });
  }
  if (end.at + end.bytes > fileBytes) throw broken(path, cutOff);
  const directory = readAt(path, end.at, end.bytes);
  const entries: Listed[] = [];
  let at = 0;
  for (let count = 0; count < end.entries; count++) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== 0x02014b50) {
      throw broken(path, { en: "a damaged directory", zh: "损坏的目录" });
    }
    const { listed, next } = readListed(path, directory, at);
    at = next;
    entries.push(listed);
  }
  const placed = entries.map((entry) => placeOf(path, entry, end.at));
  refuseOverlaps(path, placed);
  return placed.filter(({ name }) => !name.endsWith("/"));
}

type Listed = Omit<ZipEntry, "dataAt"> & Readonly<{ headerAt: number }>;
type Placed = ZipEntry & Readonly<{ headerAt: number }>;

function broken(path: string, found: Text, entry?: string): FileFault {
  const place = entry === undefined ? {} : { place: { en: entry, zh: entry } };
  return new FileFault({ file: path, line: 0, ...place, found, expected: wholeArchive });
}

const wholeArchive: Text = { en: "a whole ZIP archive", zh: "完整的 ZIP 压缩包" };
const cutOff: Text = {
  en: "a ZIP archive that is cut off or damaged",
  zh: "不完整或损坏的 ZIP 压缩包",
};

type End = Readonly<{ entries: number; bytes: number; at: number }>;

/** The record at the end of the archive; a comment of at most 65,535 bytes may follow it. */
function findEnd(path: string, fileBytes: number): End {
  const tailAt = Math.max(0, fileBytes - 65_557);
  const tail = readAt(path, tailAt, fileBytes - tailAt);
  for (let at = tail.length - 22; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== 0x06054b50) continue;
    if (at + 22 + tail.readUInt16LE(at + 20) !== tail.length) continue;
    if (tail.readUInt16LE(at + 4) !== 0 || tail.readUInt16LE(at + 6) !== 0) {
      throw broken(path, { en: "one part of a split archive", zh: "分卷压缩包" });
    }
    const end = {
      entries: tail.readUInt16LE(at + 10),
      bytes: tail.readUInt32LE(at + 12),
      at: tail.readUInt32LE(at + 16),
    };
    const wide = end.entries === 0xffff || end.bytes === 0xffffffff || end.at === 0xffffffff;
    return wide ? wideEnd(path, tail, at) : end;
  }
  throw broken(path, cutOff);
}

/** The record of archives above 4 GB (ZIP64, §4.3.14), found through its locator before the ordinary one. */
function wideEnd(path: string, tail: Buffer, at: number): End {
  const locator = at - 20;
  if (locator < 0 || tail.readUInt32LE(locator) !== 0x07064b50) throw broken(path, cutOff);
  const record = readAt(path, exact(path, tail.readBigUInt64LE(locator + 8)), 56);
  if (record.length < 56 || record.readUInt32LE(0) !== 0x06064b50) throw broken(path, cutOff);
  return {
    entries: exact(path, record.readBigUInt64LE(32)),
    bytes: exact(path, record.readBigUInt64LE(40)),
    at: exact(path, record.readBigUInt64LE(48)),
  };
}

function exact(path: string, value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw broken(path, cutOff);
  return Number(value);
}

function readListed(
  path: string,
  directory: Buffer,
  at: number,
): Readonly<{ listed: Listed; next: number }> {
  const flags = directory.readUInt16LE(at + 8);
  const method = directory.readUInt16LE(at + 10);
  const nameEnd = at + 46 + directory.readUInt16LE(at + 28);
  const extraEnd = nameEnd + directory.readUInt16LE(at + 30);
  const next = extraEnd + directory.readUInt16LE(at + 32);
  if (next > directory.length) throw broken(path, cutOff);
  // Bit 11 says UTF-8; archives made on Chinese systems before that flag hold GBK names.
  const label = (flags & 0x800) === 0 ? "gb18030" : "utf-8";
  const name = new TextDecoder(label).decode(directory.subarray(at + 46, nameEnd));
  const narrow = {
    bytes: directory.readUInt32LE(at + 24),
    packedBytes: directory.readUInt32LE(at + 20),
    headerAt: directory.readUInt32LE(at + 42),
  };
  const sizes = widened(path, narrow, directory.subarray(nameEnd, extraEnd));
  if ((flags & 1) !== 0) {
    throw broken(path, { en: "an encrypted entry", zh: "加密的条目" }, name);
  }
  if (method !== 0 && method !== 8) {
    const found = { en: `compression method ${method}`, zh: `压缩方式 ${method}` };
    throw broken(path, found, name);
  }
  const listed = {
    ...{ name, ...sizes },
    ...{ crc32: directory.readUInt32LE(at + 16), deflated: method === 8 },
  };
  refuseBomb(path, listed);
  return { listed, next };
}

type Sizes = Readonly<{ bytes: number; packedBytes: number; headerAt: number }>;

/** Sizes of 0xffffffff stand in the extra field 1 instead, in this order (§4.5.3). */
function widened(path: string, sizes: Sizes, extra: Buffer): Sizes {
  const wide = { ...sizes };
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let from = at + 4;
    for (const key of ["bytes", "packedBytes", "headerAt"] as const) {
      if (wide[key] !== 0xffffffff) continue;
      if (from + 8 > extra.length) throw broken(path, cutOff);
      wide[key] = exact(path, extra.readBigUInt64LE(from));
      from += 8;
    }
  }
  return wide;
}

function refuseBomb(
  path: string,
  entry: Pick<ZipEntry, "name" | "bytes" | "packedBytes" | "deflated">,
): void {
  const { name, bytes, packedBytes, deflated } = entry;
  if (!deflated && bytes !== packedBytes) {
    throw broken(path, { en: "two sizes for one stored entry", zh: "大小自相矛盾的条目" }, name);
  }
  if (bytes <= freeInflationBytes || bytes <= packedBytes * largestInflation) return;
  throw new FileFault({
    ...{ file: path, line: 0, place: { en: name, zh: name } },
    found: {
      en: `${packedBytes} bytes that unpack to ${bytes}`,
      zh: ` ${packedBytes} 字节可解压为 ${bytes} 字节`,
    },
    expected: ordinaryRatio,
  });
}

/** What a packed file should unpack to. */
export const ordinaryRatio: Text = {
  en: `a file that unpacks to at most ${largestInflation} times its size`,
  zh: `解压后不超过原大小 ${largestInflation} 倍的文件`,
};

/** The packed bytes follow the entry's own header, whose name and extra field may differ from the directory's. */
function placeOf(path: string, entry: Listed, directoryAt: number): Placed {
  const header = readAt(path, entry.headerAt, 30);
  if (header.length < 30 || header.readUInt32LE(0) !== 0x04034b50) {
    throw broken(path, cutOff, entry.name);
  }
  const dataAt = entry.headerAt + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (dataAt + entry.packedBytes > directoryAt) throw broken(path, cutOff, entry.name);
  return { ...entry, dataAt };
}

function refuseOverlaps(path: string, entries: readonly Placed[]): void {
  let before = 0;
  for (const entry of entries.toSorted((one, other) => one.headerAt - other.headerAt)) {
    if (entry.headerAt < before) {
      const found = { en: "an entry that overlaps another", zh: "相互重叠的条目" };
      throw broken(path, found, entry.name);
    }
    before = entry.dataAt + entry.packedBytes;
  }
}
