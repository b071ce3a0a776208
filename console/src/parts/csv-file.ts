// Cells as CSV for a spreadsheet: what it would compute stands behind an apostrophe, which reading takes away.
import { strToU8 } from "fflate";

export type Cells = readonly (readonly string[])[];

/**
 * What a spreadsheet would compute, narrow or full width, or take for an apostrophe of ours. `-` alone and numbers are
 * left readable.
 */
const computed = /^(?:['\t\r\n]|\s*(?:[=@＝＋＠]|[+\-－](?!$|\d+(?:\.\d+)?$)))/;

function escaped(cell: string): string {
  return computed.test(cell) ? `'${cell}` : cell;
}

/** The cell that was written. */
export function unescaped(cell: string): string {
  return cell.startsWith("'") ? cell.slice(1) : cell;
}

/** In UTF-8 with a mark that spreadsheets know it by. */
export function csvFile(columns: readonly string[], rows: Cells): Uint8Array<ArrayBuffer> {
  const field = (cell: string): string => `"${escaped(cell).replaceAll('"', '""')}"`;
  const lines = [columns, ...rows].map((cells) => cells.map(field).join(","));
  return strToU8(`\ufeff${lines.join("\r\n")}\r\n`);
}
