// What a column of an exported table holds, and what a writer of table files is: the same rows go through the same door
// whether they become CSV or Parquet.

/**
 * Fields come as PostgreSQL writes them under `datestyle ISO`, `timezone UTC`, `bytea_output hex`: "2026-03-02",
 * "2026-03-02 04:00:00.5+00", "\x0a", "t". json: text of a JSON value.
 */
export type CellType =
  | "int32"
  | "int64"
  | "boolean"
  | "date"
  | "instant"
  | "text"
  | "json"
  | "bytes";

export type ExportColumn = Readonly<{ name: string; type: CellType }>;

/** One row: a field per column, null for no value. */
export type ExportRow = readonly (string | null)[];

/** What was written: `sha256` and `bytes` of the file. */
export type ExportedFile = Readonly<{ rows: number; bytes: number; sha256: string }>;

/** A table file being written; the caller writes portions and ends or drops it. Memory stays bounded. */
export type TableWriter = Readonly<{
  write: (rows: readonly ExportRow[]) => Promise<void>;
  /** resolves when every byte is on disk */
  end: () => Promise<ExportedFile>;
  drop: () => Promise<void>;
}>;

/** An instant of PostgreSQL as ISO 8601 in UTC with the digits that it has: `2026-03-02T04:00:00.5Z`. */
export function isoInstant(field: string): string {
  return field.replace(" ", "T").replace(/\+00(?::00)?$/, "Z");
}
