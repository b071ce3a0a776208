// The one way to a file of lines, whatever it is: CSV (plain, gzip or zip), Parquet or an Excel workbook, told by its
// content. Every kind ends as the same rows of text cells, so one mapping reads them all.

import type { Text } from "../../domain/text.ts";
import type { LinesFile } from "../../portfolio/ports.ts";
import { openCsv } from "./csv-rows.ts";
import { FileFault } from "./file-fault.ts";
import { kindOf, readAt, regularFile } from "./file-kind.ts";
import type { FileForm, LinesFormat } from "./lines-format.ts";
import { openInThread } from "./rows-from-thread.ts";
import { gzipSource, plainSource, startBytes, zipSource, type TextSource } from "./text-source.ts";
import type { OnBytes } from "./unpacked-bytes.ts";
import { readZipDirectory } from "./zip-directory.ts";

/**
 * `columns`: the ones that will be read (all where it is left out; text files give all anyway). `sheet`: of a workbook.
 * `onChecked`: bytes of the file that were checked so far, and all of them.
 */
export type OpenOptions = Readonly<{
  format: LinesFormat;
  columns?: readonly string[];
  sheet?: string | undefined;
  onChecked?: (bytes: number, total: number) => void;
}>;

/** A file of lines and what it turned out to be. */
export type OpenedLines = LinesFile & Readonly<{ form: FileForm }>;

/** Opens a file of lines and proves that it can be read to its end. Throws a FileFault that says why not. */
export async function openLines(path: string, options: OpenOptions): Promise<OpenedLines> {
  const { size } = regularFile(path);
  const { format, sheet, onChecked = () => undefined } = options;
  const onBytes: OnBytes = (bytes) => onChecked(Math.min(bytes, size), size);
  const source = await textSource(path, size);
  if (typeof source === "string") return openInThread(path, source, options, onBytes);
  if (sheet !== undefined) {
    const found = { en: "a text file, which has no sheets", zh: "没有工作表的文本文件" };
    throw new FileFault({ file: path, line: 0, found, expected: workbook });
  }
  return openCsv(source, format, onBytes);
}

const workbook: Text = { en: "an Excel workbook for --sheet", zh: "用于 --sheet 的 Excel 工作簿" };

/** The text of the file, or the kind of file that is none. */
async function textSource(path: string, size: number): Promise<TextSource | "parquet" | "xlsx"> {
  const kind = kindOf(path, readAt(path, 0, startBytes));
  if (kind === "parquet") return kind;
  if (kind === "gzip") return gzipSource(path);
  if (kind === "text") return plainSource(path);
  const entries = readZipDirectory(path, size);
  const isWorkbook = entries.some(({ name }) => name === "[Content_Types].xml");
  return isWorkbook ? "xlsx" : zipSource(path, entries);
}
