// A decision table as a file for a spreadsheet, and back without loss: what is exported and imported again is the same
// table, byte for byte. A workbook holds texts and nothing else.
import { strToU8, zipSync } from "fflate";
import { listOf, recordOf, saidIn, textOf } from "./document.ts";
import { namesForm, reasonsForm, textForm } from "./cell-forms.ts";
import { unescaped, type Cells } from "../parts/csv-file.ts";

type Table = Readonly<Record<string, unknown>>;

/** In the place of an id: the outputs where no row is hit. No row can be called so. */
const defaultRow = "(default)";

const fixed = ["id", "note.zh", "note.en"] as const;
/** Fields that a row may lack. */
const optional = ["reasons", "reasonsFrom", "effectiveFrom", "effectiveTo"] as const;
const forms = {
  ...{ reasons: reasonsForm, reasonsFrom: namesForm },
  ...{ effectiveFrom: textForm, effectiveTo: textForm },
} as const;

/** The names of the columns: inputs as the table names them, outputs behind an arrow. */
export function fileColumns(table: Table): readonly string[] {
  const outputs = listOf(table["outputs"]).map((one) => `→ ${textOf(recordOf(one)["name"])}`);
  return [...fixed, ...listOf(table["inputs"]).map(textOf), ...outputs, ...optional];
}

/** The rows of the table under its columns. */
export function fileRows(table: Table): Cells {
  const inputs = listOf(table["inputs"]).length;
  const outputs = listOf(table["outputs"]).length;
  const rows = listOf(table["rows"]).map((row) => {
    const { id, note, when, then, ...rest } = recordOf(row);
    return [
      ...[textOf(id), saidIn(note, "zh"), saidIn(note, "en")],
      ...cellsOf(when, inputs),
      ...cellsOf(then, outputs),
      ...optional.map((name) => forms[name].write(rest[name])),
    ];
  });
  const otherwise = table["default"];
  if (otherwise === undefined) return rows;
  const last = [defaultRow, "", "", ...cellsOf([], inputs), ...cellsOf(otherwise, outputs)];
  return [...rows, last];
}

function cellsOf(value: unknown, count: number): readonly string[] {
  const cells = listOf(value);
  return Array.from({ length: count }, (_, at) => textOf(cells[at]));
}

/** Names of columns that the file lacks, and those that the table does not know. */
export type ColumnsDiffer = Readonly<{ absent: readonly string[]; unknown: readonly string[] }>;

/** A file as the server read it. */
export type ReadFile = Readonly<{ kind: string; columns: readonly string[]; rows: Cells }>;

/** The table with the rows of a file, whose columns may stand in any order. */
export function withRows(table: Table, { kind, columns, rows }: ReadFile): Table | ColumnsDiffer {
  const wanted = fileColumns(table);
  const plain = kind === "csv" ? unescaped : (cell: string): string => cell;
  const named = columns.map(plain);
  const absent = wanted.filter((name) => !named.includes(name));
  const unknown = named.filter((name) => name !== "" && !wanted.includes(name));
  if (absent.length + unknown.length > 0) return { absent, unknown };
  const order = wanted.map((name) => named.indexOf(name));
  const inputs = fixed.length + listOf(table["inputs"]).length;
  const outputs = inputs + listOf(table["outputs"]).length;
  const read: unknown[] = [];
  let otherwise: readonly string[] | undefined;
  for (const sent of rows) {
    const cells = order.map((at) => plain(sent[at] ?? ""));
    const [id = "", zh = "", en = ""] = cells;
    const then = cells.slice(inputs, outputs);
    if (id === defaultRow) otherwise = then;
    else {
      const more = optional.map((name, at) => [name, forms[name].read(cells[outputs + at]!)]);
      read.push({
        ...{ id, note: { zh, en }, when: cells.slice(fixed.length, inputs), then },
        ...Object.fromEntries(more.filter(([, value]) => value !== undefined)),
      });
    }
  }
  const { default: _, ...rest } = table;
  return { ...rest, rows: read, ...(otherwise === undefined ? {} : { default: otherwise }) };
}

/** True where {@link withRows} could not read the file. */
export function columnsDiffer(read: Table | ColumnsDiffer): read is ColumnsDiffer {
  return "absent" in read;
}

/** An Excel workbook with one sheet, every cell a text. */
export function workbookFile(columns: readonly string[], rows: Cells): Uint8Array<ArrayBuffer> {
  const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const related = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const packaged = "http://schemas.openxmlformats.org/package/2006";
  const kind = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  const sheet = [columns, ...rows].map((cells, at) => sheetRow(cells, at + 1)).join("");
  const widths = columns.map(
    (_, at) => `<col min="${at + 1}" max="${at + 1}" width="18" style="1" customWidth="1"/>`,
  );
  const parts = {
    "[Content_Types].xml": `<Types xmlns="${packaged}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${kind}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${kind}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${kind}.styles+xml"/></Types>`,
    "_rels/.rels": `<Relationships xmlns="${packaged}/relationships"><Relationship Id="r1" Type="${related}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    "xl/workbook.xml": `<workbook xmlns="${main}" xmlns:r="${related}"><sheets><sheet name="table" sheetId="1" r:id="r1"/></sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships xmlns="${packaged}/relationships"><Relationship Id="r1" Type="${related}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="${related}/styles" Target="styles.xml"/></Relationships>`,
    // Style 1 is text: what is typed into such a cell stays what was typed.
    "xl/styles.xml": `<styleSheet xmlns="${main}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf numFmtId="49" applyNumberFormat="1"/></cellXfs></styleSheet>`,
    "xl/worksheets/sheet1.xml": `<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane xSplit="1" ySplit="1" topLeftCell="B2" state="frozen"/></sheetView></sheetViews><cols>${widths.join("")}</cols><sheetData>${sheet}</sheetData></worksheet>`,
  };
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
  return zipSync(
    Object.fromEntries(Object.entries(parts).map(([name, xml]) => [name, strToU8(head + xml)])),
  );
}

function sheetRow(cells: readonly string[], line: number): string {
  const written = cells.map(
    (cell, at) =>
      `<c r="${columnName(at)}${line}" s="1" t="inlineStr"><is><t xml:space="preserve">${xmlText(cell)}</t></is></c>`,
  );
  return `<row r="${line}">${written.join("")}</row>`;
}

/** 0 → A, 27 → AB. */
function columnName(at: number): string {
  const last = String.fromCharCode(65 + (at % 26));
  return at < 26 ? last : columnName(Math.floor(at / 26) - 1) + last;
}

/** Characters that XML cannot hold, or would change, stand as `_xHHHH_` (ECMA-376 part 1, §22.9.2.19). */
const unheld =
  // oxlint-disable-next-line no-control-regex -- those are the characters
  /_(?=x[0-9A-Fa-f]{4}_)|[\u0000-\u0008\u000b-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function xmlText(cell: string): string {
  return cell
    .replaceAll(unheld, (found) => `_x${found.charCodeAt(0).toString(16).padStart(4, "0")}_`)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
