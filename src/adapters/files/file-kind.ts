// What kind of file this is, told by its first bytes and never by its name: a wrong extension is no trouble, and a
// file of another kind is called what it is.

import { closeSync, openSync, readSync, statSync, type Stats } from "node:fs";
import type { Text } from "../../domain/text.ts";
import { FileFault } from "./file-fault.ts";

/** "text" stands for everything that has no mark of another kind. */
export type FileKind = "text" | "gzip" | "zip" | "parquet";

/** Size and time of change of a file. Throws a FileFault when it is missing, or a folder, pipe or device. */
export function regularFile(path: string): Stats {
  let stats: Stats;
  try {
    stats = statSync(path);
  } catch (cause) {
    const found = { en: "no such file", zh: "文件不存在" };
    throw new FileFault({ file: path, line: 0, found, expected: aTable, cause });
  }
  if (stats.isFile()) return stats;
  const found = { en: "a folder, pipe or device", zh: "目录、管道或设备" };
  throw new FileFault({ file: path, line: 0, found, expected: aTable });
}

/** What can be read here. */
export const aTable: Text = {
  en: "a CSV file (plain, .gz or .zip), a Parquet file or an Excel workbook (.xlsx)",
  zh: " CSV 文件（可为 .gz 或 .zip）、Parquet 文件或 Excel 工作簿（.xlsx）",
};

/** The first bytes, as Latin-1, and the kind that can be read or the words for one that cannot. */
type Mark = Readonly<{ bytes: string; kind: FileKind | Text }>;

const marks: readonly Mark[] = [
  { bytes: "PK\x03\x04", kind: "zip" },
  { bytes: "PK\x05\x06", kind: "zip" },
  { bytes: "\x1f\x8b", kind: "gzip" },
  { bytes: "PAR1", kind: "parquet" },
  {
    bytes: "\xd0\xcf\x11\xe0",
    kind: {
      en: "an old Excel workbook (.xls) or one with a password",
      zh: "旧版 Excel 工作簿（.xls）或带密码的工作簿",
    },
  },
  { bytes: "PARE", kind: { en: "an encrypted Parquet file", zh: "加密的 Parquet 文件" } },
  { bytes: "PK\x07\x08", kind: { en: "one part of a split ZIP archive", zh: "分卷 ZIP 压缩包" } },
  { bytes: "\x28\xb5\x2f\xfd", kind: { en: "a Zstandard archive", zh: " Zstandard 压缩文件" } },
  { bytes: "BZh", kind: { en: "a bzip2 archive", zh: " bzip2 压缩文件" } },
  { bytes: "\xfd7zXZ", kind: { en: "an xz archive", zh: " xz 压缩文件" } },
  { bytes: "7z\xbc\xaf", kind: { en: "a 7-Zip archive", zh: " 7-Zip 压缩包" } },
  { bytes: "Rar!", kind: { en: "a RAR archive", zh: " RAR 压缩包" } },
  { bytes: "%PDF-", kind: { en: "a PDF document", zh: " PDF 文档" } },
  { bytes: "ORC", kind: { en: "an ORC file", zh: " ORC 文件" } },
  { bytes: "Obj\x01", kind: { en: "an Avro file", zh: " Avro 文件" } },
  { bytes: "SQLite format 3", kind: { en: "an SQLite database", zh: " SQLite 数据库" } },
];

/** The kind of a file that starts so. Throws a FileFault that names a kind that cannot be read. */
export function kindOf(path: string, start: Buffer): FileKind {
  for (const { bytes, kind } of marks) {
    const mark = Buffer.from(bytes, "latin1");
    if (!start.subarray(0, mark.length).equals(mark)) continue;
    if (typeof kind === "string") return kind;
    // "ORC,…" may well be the header of a table; what the marks stand for is never text throughout.
    if (!start.some((byte) => byte < 9)) continue;
    throw new FileFault({ file: path, line: 0, found: kind, expected: aTable });
  }
  return "text";
}

/** Up to `bytes` bytes from `offset` on; fewer where the file ends. */
export function readAt(path: string, offset: number, bytes: number): Buffer {
  const file = openSync(path, "r");
  try {
    const buffer = Buffer.alloc(bytes);
    let read = 0;
    while (read < bytes) {
      const more = readSync(file, buffer, read, bytes - read, offset + read);
      if (more === 0) break;
      read += more;
    }
    return buffer.subarray(0, read);
  } finally {
    closeSync(file);
  }
}
