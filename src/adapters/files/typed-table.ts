// A table that its own thread reads: the shape that Parquet files and workbooks share, and what crosses the border
// between the threads. Everything that crosses is plain data.

import type { FileRow } from "../../portfolio/ports.ts";
import type { FileComplaint } from "./file-fault.ts";
import type { Notation } from "./lines-format.ts";

/** `columns`: the names that will be read, null for all. `sheet`: of a workbook, null for its only one. */
export type TableOptions = Readonly<{
  notation: Notation;
  columns: readonly string[] | null;
  sheet: string | null;
}>;

/** An open table. `read` starts from the top and tells now and then which part of the file is done, 0 to 1. */
export type TypedTable = Readonly<{
  header: Readonly<{ line: number; columns: readonly string[] }>;
  sheet: string | null;
  read: (onRead: (fraction: number) => void) => AsyncIterable<readonly FileRow[]>;
}>;

/** What the thread is started with. "check": read everything, hand on nothing. */
export type ThreadOrder = Readonly<{
  path: string;
  kind: "parquet" | "xlsx";
  options: TableOptions;
  work: "check" | "read";
}>;

/** What the thread says. After every portion it waits for a message, whatever it holds. */
export type ThreadWord =
  | Readonly<{ word: "done"; fraction: number }>
  | Readonly<{ word: "checked"; header: TypedTable["header"]; sheet: string | null; rows: number }>
  | Readonly<{ word: "portion"; rows: readonly FileRow[] }>
  | Readonly<{ word: "end" }>
  | Readonly<{ word: "refused"; complaint: Omit<FileComplaint, "cause"> }>
  | Readonly<{ word: "failed"; message: string }>;
