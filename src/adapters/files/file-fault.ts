// A file that cannot be used as a whole: not there, cut off, in another form. The message names the file, the
// line where there is one, what was found and what was expected, in both languages.

import type { Text } from "../../domain/text.ts";
import { Fault } from "../fault.ts";

/** Where and why. `line` 0 means the whole file. */
export type FileComplaint = Readonly<{
  file: string;
  line: number;
  found: Text;
  expected: Text;
  cause?: unknown;
}>;

/** A fault with both languages and the place; never retryable: the file must be mended first. */
export class FileFault extends Fault {
  override readonly text: Text;
  readonly file: string;
  readonly line: number;

  constructor(complaint: FileComplaint) {
    const { file, line, found, expected, cause } = complaint;
    const place = line === 0 ? file : `${file}:${line}`;
    const text = {
      en: `Cannot read ${place}: found ${found.en}, expected ${expected.en}`,
      zh: `无法读取 ${place}：发现${found.zh}，应为${expected.zh}`,
    };
    super(text.en, { retryable: false, code: "UNREADABLE_FILE", cause });
    this.name = "FileFault";
    this.text = text;
    this.file = file;
    this.line = line;
  }
}
