// A file that cannot be used as a whole: not there, cut off, in another form. The message names the file, the
// place where there is one, what was found and what was expected, in both languages.

import type { Text } from "../../domain/text.ts";
import { Fault } from "../fault.ts";

/** Where and why. `line` 0 means the whole file; `place` says more: a byte, a sheet, a part of an archive. */
export type FileComplaint = Readonly<{
  file: string;
  line: number;
  place?: Text;
  found: Text;
  expected: Text;
  cause?: unknown;
}>;

/** A fault with both languages and the place; never retryable: the file must be mended first. */
export class FileFault extends Fault {
  override readonly text: Text;
  readonly file: string;
  readonly line: number;
  /** what it was made of, without the cause: plain data that another thread can be sent */
  readonly complaint: Omit<FileComplaint, "cause">;

  constructor({ cause, ...complaint }: FileComplaint) {
    const { file, line, place, found, expected } = complaint;
    const where = line === 0 ? file : `${file}:${line}`;
    const en = place === undefined ? where : `${where} (${place.en})`;
    const zh = place === undefined ? where : `${where}（${place.zh}）`;
    const text = {
      en: `Cannot read ${en}: found ${found.en}, expected ${expected.en}`,
      zh: `无法读取 ${zh}：发现${found.zh}，应为${expected.zh}`,
    };
    super(text.en, { retryable: false, code: "UNREADABLE_FILE", cause });
    this.name = "FileFault";
    this.text = text;
    this.file = file;
    this.line = line;
    this.complaint = complaint;
  }
}

/** The byte of a file, counted from 0, as the place of a complaint. */
export function bytePlace(offset: number): Text {
  return { en: `byte ${offset}`, zh: `第 ${offset} 字节` };
}
