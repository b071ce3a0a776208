// Rows as CSV that people open in a spreadsheet: text that it would run as a formula is made text. One rule for tables of
// the API, for exported tables and for refused rows, because one of them with a gap is enough for an attack.

import Papa from "papaparse";

/**
 * Text that a spreadsheet runs: tab and line breaks first of all, then the signs that begin a formula, narrow or full
 * width. A negative number is none.
 */
export const formula = /^(?:[\t\r\n]|\s*(?:[=+@＝＋＠]|[-－](?!\d+(?:\.\d+)?$)))/;

/** By which programs tell that a file is UTF-8. */
export const byteOrderMark = "\u{feff}";

/** Rows as CSV by RFC 4180, each with its line end. */
export function csvText(rows: readonly (readonly (string | number | boolean)[])[]): string {
  const text = Papa.unparse(rows as (string | number | boolean)[][], {
    escapeFormulae: formula,
    newline: "\r\n",
    header: false,
  });
  return `${text}\r\n`;
}
