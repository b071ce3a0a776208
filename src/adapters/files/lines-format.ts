// How a file of lines writes things, as the readers of this folder need it: the part of a mapping's `format` that
// turns bytes into cells. Cells that have a type (Parquet, workbooks) are written in the same notation, so that one
// mapping reads the same table from any kind of file.

/** "auto": told from the bytes. "gbk" is read as GB 18030, which contains it. */
export type Encoding = "auto" | "utf-8" | "utf-16" | "gb18030" | "gbk";

/** The encoding that a file turned out to have. */
export type FoundEncoding = "utf-8" | "utf-16le" | "utf-16be" | "gb18030";

/** How CSV separates and quotes. */
export type CsvFormat = Readonly<{
  encoding: Encoding;
  delimiter: string;
  /** "none": quotes are ordinary characters */
  quote: string;
}>;

/** How numbers and dates are written in cells. */
export type Notation = Readonly<{
  decimal: "." | ",";
  /** mark between groups of three digits */
  grouping: "none" | "," | "." | " " | "'";
  dates: "YYYY-MM-DD" | "YYYYMMDD" | "YYYY/MM/DD" | "DD/MM/YYYY" | "MM/DD/YYYY";
}>;

export type LinesFormat = CsvFormat & Notation;

/** What a file turned out to be; `encoding` is null where the kind itself says how text is stored. */
export type FileForm = Readonly<{
  kind: "csv" | "parquet" | "xlsx";
  packed: "none" | "gzip" | "zip";
  encoding: FoundEncoding | null;
  /** the sheet of a workbook */
  sheet: string | null;
}>;
