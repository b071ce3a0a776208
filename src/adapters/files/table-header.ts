// The row of column names, the same for every kind of file: names are trimmed, and their number is bounded, because
// everything after it (mapping, messages, rejects) works column by column.

import type { Text } from "../../domain/text.ts";
import { FileFault } from "./file-fault.ts";
import { mostColumns } from "./file-limits.ts";

/** The header of a table. Throws a FileFault when it has too many columns. */
export function headerOf(
  path: string,
  line: number,
  cells: readonly string[],
): Readonly<{ line: number; columns: readonly string[] }> {
  if (cells.length > mostColumns) throw tooManyColumns(path, line, cells.length);
  return { line, columns: cells.map((cell) => cell.trim()) };
}

/** The complaint about a header of at least `columns` columns. */
export function tooManyColumns(path: string, line: number, columns: number): FileFault {
  return new FileFault({
    ...{ file: path, line },
    found: { en: `${columns} columns or more`, zh: `至少 ${columns} 列` },
    expected: { en: `at most ${mostColumns} columns`, zh: `最多 ${mostColumns} 列` },
  });
}

/** The complaint about a table without any row. */
export function noHeader(path: string, place?: Text): FileFault {
  return new FileFault({
    ...{ file: path, line: 0, ...(place === undefined ? {} : { place }) },
    found: { en: "no row at all", zh: "没有任何行" },
    expected: { en: "a row of column names", zh: "一行列名" },
  });
}
