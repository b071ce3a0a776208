// Blocks of cells on the clipboard, as spreadsheets write and read them: tabs between cells, a line per row, quotes
// around cells that hold either.

/** The cells of a pasted text. */
export function readBlock(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]];
  const pattern = /("(?:[^"]|"")*"(?=[\t\r\n]|$)|[^\t\r\n]*)(\t|\r\n|\r|\n|$)/gy;
  for (const [, cell = "", end = ""] of text.matchAll(pattern)) {
    rows.at(-1)!.push(/^".*"$/s.test(cell) && needsQuotes(cell) ? unquoted(cell) : cell);
    if (end === "") break;
    if (end !== "\t") rows.push([]);
  }
  // A block ends with its last line's end.
  const last = rows.at(-1)!;
  if (rows.length > 1 && last.length === 1 && last[0] === "") rows.pop();
  return rows;
}

/** A cell of a strategy may itself stand in quotes: only where they hide something are they the clipboard's. */
function needsQuotes(cell: string): boolean {
  return /[\t\r\n]|""/.test(cell.slice(1, -1));
}

function unquoted(cell: string): string {
  return cell.slice(1, -1).replaceAll('""', '"');
}

/** The text of a block. */
export function writeBlock(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => cells.map(quoted).join("\t")).join("\n");
}

function quoted(cell: string): string {
  const hides = /[\t\r\n]/.test(cell) || (/^".*"$/s.test(cell) && needsQuotes(cell));
  return hides ? `"${cell.replaceAll('"', '""')}"` : cell;
}
