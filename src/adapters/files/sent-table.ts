// A table that somebody sends to be edited further: Excel or CSV, read by the same bounded readers as a portfolio, every
// cell as its text. Nothing of the file stays on the disk.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { refuse, type Refusal } from "../../domain/refusal.ts";
import { FileFault } from "./file-fault.ts";
import type { LinesFormat } from "./lines-format.ts";
import { openLines } from "./open-lines.ts";

/** The first row and the others, as many cells in each. */
export type SentTable = Readonly<{
  /** text files come from spreadsheets with formulas kept behind an apostrophe, workbooks hold them as they are */
  kind: "csv" | "xlsx" | "parquet";
  columns: readonly string[];
  rows: readonly (readonly string[])[];
}>;

/** A strategy as a whole may have a quarter of that. */
const mostCharacters = 16 * 1024 * 1024;

const tooMuch = refuse(
  "invalid",
  {
    en: `Cannot read table: found more than ${mostCharacters} characters, expected at most that many`,
    zh: `无法读取表格：超过 ${mostCharacters} 个字符`,
  },
  "/content",
);

const format: LinesFormat = {
  ...{ encoding: "auto", delimiter: ",", quote: '"' },
  ...{ decimal: ".", grouping: "none", dates: "YYYY-MM-DD" },
};

/** Refused (invalid): what is no table, or larger than a file may be. */
export async function readSentTable(bytes: Uint8Array): Promise<SentTable | Refusal> {
  const folder = await mkdtemp(join(tmpdir(), "tidemark-table-"));
  // Messages name the file; what it was called before it was sent stays with the sender.
  const path = join(folder, "table");
  try {
    await writeFile(path, bytes);
    const file = await openLines(path, { format });
    const { columns } = file.header;
    const rows: string[][] = [];
    let left = mostCharacters;
    for await (const portion of file.read()) {
      for (const { cells } of portion) {
        rows.push(columns.map((_, at) => cells[at] ?? ""));
        left = cells.reduce((room, cell) => room - cell.length - 1, left);
      }
      if (left < 0) return tooMuch;
    }
    return { kind: file.form.kind, columns, rows };
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    const { en, zh } = error.text;
    const without = (text: string): string => text.replaceAll(path, "table");
    return refuse("invalid", { en: without(en), zh: without(zh) }, "/content");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
