// Rows of typed tables in portions of bounded size: a workbook or Parquet file can name one long text in every row at no
// cost, and each row would carry it whole to the other thread.

import type { FileRow } from "../../portfolio/ports.ts";
import { FileFault } from "./file-fault.ts";
import { largestRowBytes } from "./file-limits.ts";

const portionCharacters = 4 * 1024 * 1024;

/** The same rows in portions of at most about 4 Mi characters. Throws a FileFault at a row that no CSV file may have. */
export async function* inBoundedPortions(
  path: string,
  portions: AsyncIterable<readonly FileRow[]>,
): AsyncGenerator<readonly FileRow[]> {
  for await (const portion of portions) {
    let start = 0;
    let characters = 0;
    for (const [at, { line, cells }] of portion.entries()) {
      const size = cells.reduce((sum, cell) => sum + cell.length, 0);
      if (size > largestRowBytes) {
        const found = { en: `a row of ${size} characters`, zh: ` ${size} 个字符的行` };
        const expected = { en: `at most ${largestRowBytes}`, zh: `最多 ${largestRowBytes} 个` };
        throw new FileFault({ file: path, line, found, expected });
      }
      characters += size;
      if (characters <= portionCharacters || at === start) continue;
      yield portion.slice(start, at);
      start = at;
      characters = size;
    }
    yield start === 0 ? portion : portion.slice(start);
  }
}
