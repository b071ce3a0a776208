// One sheet of an Excel workbook as rows of cells, streamed: the file's size and those of its parts are checked before
// anything is unpacked. Formulas are not computed; their stored results count.

import type { Text } from "../../domain/text.ts";
import type { FileRow } from "../../portfolio/ports.ts";
import { FileFault } from "./file-fault.ts";
import { regularFile } from "./file-kind.ts";
import { largestSheetBytes, largestWorkbookBytes, mostColumns } from "./file-limits.ts";
import { headerOf, noHeader, tooManyColumns } from "./table-header.ts";
import type { TableOptions, TypedTable } from "./typed-table.ts";
import { general, hasLostDigits, shownNumber } from "./workbook-cells.ts";
import {
  controlsRead,
  partPieces,
  readWorkbook,
  type Archive,
  type Sheet,
  type Workbook,
} from "./workbook-parts.ts";
import type { XmlHandler } from "./xml-events.ts";
import { readZipDirectory } from "./zip-directory.ts";

const portionRows = 500;

/**
 * Opens a workbook. The first row with a value holds the names; empty rows are passed over; `line` is the row's number in
 * the sheet. Throws a FileFault for a workbook that is broken or out of measure, and when it is not said which of several
 * sheets is meant.
 */
export async function openWorkbook(path: string, options: TableOptions): Promise<TypedTable> {
  const { size } = regularFile(path);
  if (size > largestWorkbookBytes) {
    throw new FileFault({
      ...{ file: path, line: 0 },
      found: { en: `a workbook of ${size} bytes`, zh: ` ${size} 字节的工作簿` },
      expected: {
        en: `at most ${largestWorkbookBytes} bytes; export the sheet as CSV`,
        zh: `最多 ${largestWorkbookBytes} 字节；请将工作表另存为 CSV`,
      },
    });
  }
  const entries = new Map(readZipDirectory(path, size).map((entry) => [entry.name, entry]));
  const archive: Archive = { path, entries };
  const workbook = await readWorkbook(archive);
  const sheet = chosenSheet(path, workbook.sheets, options.sheet);
  const open = (onRead: (fraction: number) => void) =>
    rowsOf({ archive, workbook, sheet, options }, onRead);
  for await (const [first] of open(() => undefined)) {
    if (first === undefined) continue;
    return {
      header: headerOf(path, first.line, first.cells),
      sheet: sheet.name,
      read: (onRead) => withoutFirst(open(onRead)),
    };
  }
  throw noHeader(path, sheetPlace(sheet));
}

async function* withoutFirst(
  portions: AsyncIterable<readonly FileRow[]>,
): AsyncGenerator<readonly FileRow[]> {
  let first = true;
  for await (const portion of portions) {
    const rest = first ? portion.slice(1) : portion;
    first = false;
    if (rest.length > 0) yield rest;
  }
}

function sheetPlace({ name }: Sheet): Text {
  return { en: `sheet ${name}`, zh: `工作表 ${name}` };
}

function chosenSheet(path: string, sheets: readonly Sheet[], wanted: string | null): Sheet {
  const visible = sheets.filter((sheet) => sheet.visible);
  const found = wanted === null ? visible : sheets.filter(({ name }) => name === wanted);
  const [sheet] = found;
  if (sheet !== undefined && found.length === 1) return sheet;
  const names = visible.map(({ name }) => name);
  throw new FileFault({
    ...{ file: path, line: 0 },
    found: { en: `sheets ${names.join(", ") || "none"}`, zh: `工作表 ${names.join("、") || "无"}` },
    expected:
      wanted === null
        ? {
            en: "one sheet, or --sheet with the one that is meant",
            zh: "一个工作表，或用 --sheet 指明",
          }
        : { en: `a sheet ${wanted}`, zh: `工作表 ${wanted}` },
  });
}

type Reading = Readonly<{
  archive: Archive;
  workbook: Workbook;
  sheet: Sheet;
  options: TableOptions;
}>;

async function* rowsOf(
  reading: Reading,
  onRead: (fraction: number) => void,
): AsyncGenerator<readonly FileRow[]> {
  const { archive, sheet } = reading;
  if (!archive.entries.has(sheet.part)) {
    const found = { en: "no such part", zh: "缺失的部分" };
    const expected = { en: `${sheet.part} in the workbook`, zh: `工作簿中的 ${sheet.part}` };
    throw new FileFault({ file: archive.path, line: 0, place: sheetPlace(sheet), found, expected });
  }
  const waiting: FileRow[] = [];
  const handler = sheetHandler(reading, (row) => waiting.push(row));
  for await (const fraction of partPieces(archive, sheet.part, largestSheetBytes, handler)) {
    onRead(fraction);
    while (waiting.length >= portionRows) yield waiting.splice(0, portionRows);
  }
  if (waiting.length > 0) yield waiting;
}

type Cell = { column: number; kind: string; style: number; text: string };

/** Follows the tags of a sheet: row, c (cell), v (value), is/t (text within the cell). */
function sheetHandler(reading: Reading, onRow: (row: FileRow) => void): XmlHandler {
  const state = {
    line: 0,
    cells: [] as string[],
    cell: null as Cell | null,
    value: false,
    aside: false,
  };
  let columns: readonly string[] | null = null;
  return {
    open: (name, attribute) => {
      if (name === "row") {
        state.line = Number(attribute("r") ?? state.line + 1);
        state.cells = [];
      } else if (name === "c") state.cell = openCell(reading, state, attribute);
      else if (name === "v" || name === "t") state.value = true;
      else if (name === "rPh") state.aside = true;
    },
    close: (name) => {
      if (name === "row") {
        if (state.cells.every((cell) => cell === "")) return;
        columns ??= state.cells.map((cell) => cell.trim());
        onRow({ line: state.line, cells: Array.from(state.cells, (cell) => cell ?? "") });
      } else if (name === "c" && state.cell !== null) {
        const { column } = state.cell;
        const wanted = columns === null || isWanted(reading.options, columns[column]);
        state.cells[column] = wanted ? cellText(reading, state.line, state.cell) : "";
        state.cell = null;
      } else if (name === "v" || name === "t") state.value = false;
      else if (name === "rPh") state.aside = false;
    },
    text: (piece) => {
      if (state.value && !state.aside && state.cell !== null) state.cell.text += piece;
    },
  };
}

function isWanted({ columns }: TableOptions, name: string | undefined): boolean {
  return columns === null || (name !== undefined && columns.includes(name));
}

function openCell(
  { archive }: Reading,
  { line, cells }: Readonly<{ line: number; cells: readonly string[] }>,
  attribute: (name: string) => string | undefined,
): Cell {
  const column = columnIndex(attribute("r")) ?? cells.length;
  if (column >= mostColumns) throw tooManyColumns(archive.path, line, column + 1);
  return {
    column,
    kind: attribute("t") ?? "n",
    style: Number(attribute("s") ?? 0),
    text: "",
  };
}

/** "AB12" → 27. */
function columnIndex(reference: string | undefined): number | null {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? "")?.[0];
  if (letters === undefined) return null;
  let index = 0;
  for (const letter of letters) index = index * 26 + letter.charCodeAt(0) - 64;
  return index - 1;
}

function cellText(
  { archive, workbook, sheet, options }: Reading,
  line: number,
  cell: Cell,
): string {
  const { kind, text } = cell;
  if (kind === "s") return workbook.strings[Number(text)] ?? "";
  if (kind === "b") return text === "1" ? "TRUE" : "FALSE";
  if (kind !== "n") return kind === "d" || kind === "e" ? text : controlsRead(text);
  const format = workbook.formats[cell.style] ?? general;
  if (format.kind === "number" && hasLostDigits(text)) {
    throw new FileFault({
      ...{ file: archive.path, line, place: sheetPlace(sheet) },
      found: {
        en: `the number ${text}, whose last digits the workbook does not hold`,
        zh: `数字 ${text}，其末尾数位在工作簿中已丢失`,
      },
      expected: { en: "long references as text", zh: "以文本保存的长编号" },
    });
  }
  return shownNumber(text, format, options.notation, workbook.epoch);
}
