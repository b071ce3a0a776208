// Where the text of a table comes from: a plain file, a gzip file, or the one file in a ZIP archive. Archives within
// archives are refused, because their sizes could not be checked before unpacking.

import type { Text } from "../../domain/text.ts";
import { FileFault } from "./file-fault.ts";
import { freeInflationBytes } from "./file-limits.ts";
import { kindOf, readAt, regularFile } from "./file-kind.ts";
import type { FileForm } from "./lines-format.ts";
import { entryBytes, gunzipped, plainBytes, type OnBytes } from "./unpacked-bytes.ts";
import type { ZipEntry } from "./zip-directory.ts";

/** Bytes of text that can be read again and again. `start` is how they begin, `fileBytes` the size on the disk. */
export type TextSource = Readonly<{
  path: string;
  packed: FileForm["packed"];
  start: Buffer;
  fileBytes: number;
  bytes: (onBytes?: OnBytes) => AsyncIterable<Buffer>;
  /** throws a FileFault when the file is no longer the one that was opened */
  refuseChange: () => void;
}>;

/** Enough to tell kinds and encodings. */
export const startBytes = 64 * 1024;

/** A plain file. */
export function plainSource(path: string): TextSource {
  return sourceOf(path, "none", readAt(path, 0, startBytes), (onBytes) =>
    plainBytes(path, onBytes),
  );
}

/** A gzip file of text. Throws a FileFault when something else is packed in it. */
export async function gzipSource(path: string): Promise<TextSource> {
  const open = (onBytes: OnBytes) => gunzipped(path, onBytes);
  // Far enough for the ratio to be judged: unpacking is quick, reading rows is not.
  const start = await startOf(open, freeInflationBytes + startBytes);
  return sourceOf(path, "gzip", textStart(path, start), open);
}

/** The one file of an archive. Throws a FileFault when there are none or several, or when it is no text. */
export async function zipSource(path: string, entries: readonly ZipEntry[]): Promise<TextSource> {
  const files = entries.filter(({ name }) => !isSystemFile(name));
  const [entry] = files;
  if (entry === undefined || files.length > 1) {
    throw new FileFault({ file: path, line: 0, found: listed(files), expected: oneFile });
  }
  const open = (onBytes: OnBytes) => entryBytes(path, entry, onBytes);
  const start = await startOf(open, startBytes);
  return sourceOf(path, "zip", textStart(path, start, entry.name), open);
}

/** What desktop systems add on their own. */
function isSystemFile(name: string): boolean {
  return /^__MACOSX\/|(?:^|\/)(?:\.DS_Store|Thumbs\.db|desktop\.ini)$/i.test(name);
}

const oneFile: Text = {
  en: "an archive with one CSV file, or an Excel workbook",
  zh: "只含一个 CSV 文件的压缩包，或 Excel 工作簿",
};

function listed(files: readonly ZipEntry[]): Text {
  const names = files.slice(0, 5).map(({ name }) => name);
  const more = files.length > names.length ? ", …" : "";
  return {
    en:
      files.length === 0
        ? "no file in the archive"
        : `${files.length} files (${names.join(", ")}${more})`,
    zh: files.length === 0 ? "空的压缩包" : ` ${files.length} 个文件（${names.join("、")}${more}）`,
  };
}

function sourceOf(
  path: string,
  packed: TextSource["packed"],
  start: Buffer,
  open: (onBytes: OnBytes) => AsyncIterable<Buffer>,
): TextSource {
  const before = regularFile(path);
  return {
    ...{ path, packed, start, fileBytes: before.size },
    bytes: (onBytes = () => undefined) => open(onBytes),
    refuseChange: () => refuseChange(path, before),
  };
}

/** Throws a FileFault when size or time of change are other than before. */
export function refuseChange(
  path: string,
  before: Readonly<{ size: number; mtimeMs: number }>,
): void {
  const now = regularFile(path);
  if (now.size === before.size && now.mtimeMs === before.mtimeMs) return;
  const found = { en: "a file that changed while it was read", zh: "读取过程中被修改的文件" };
  const expected = { en: "the same file until its end", zh: "始终不变的文件" };
  throw new FileFault({ file: path, line: 0, found, expected });
}

/** The first bytes, of as many as are unpacked to see that it can be done. */
async function startOf(
  open: (onBytes: OnBytes) => AsyncIterable<Buffer>,
  unpackBytes: number,
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of open(() => undefined)) {
    if (bytes < startBytes) pieces.push(piece);
    bytes += piece.length;
    if (bytes >= unpackBytes) break;
  }
  return Buffer.concat(pieces).subarray(0, startBytes);
}

const packedKinds = {
  gzip: { en: "a gzip file inside", zh: "内层 gzip 文件" },
  zip: { en: "a ZIP archive or workbook inside", zh: "内层 ZIP 压缩包或工作簿" },
  parquet: { en: "a Parquet file inside", zh: "内层 Parquet 文件" },
} as const satisfies Readonly<Record<string, Text>>;

function textStart(path: string, start: Buffer, entry?: string): Buffer {
  const kind = kindOf(path, start);
  if (kind === "text") return start;
  const place = entry === undefined ? {} : { place: { en: entry, zh: entry } };
  const expected = {
    en: "CSV text inside; unpack it once and import what is inside",
    zh: "内层为 CSV 文本；请先解压一次再导入",
  };
  throw new FileFault({ file: path, line: 0, ...place, found: packedKinds[kind], expected });
}
