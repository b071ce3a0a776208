// Excel workbooks made in tests, part by part, so that every oddity can be put in: the smallest set of parts that
// ECMA-376 asks for, zipped.

import { strToU8, zipSync, type Zippable } from "fflate";

/** `rows`: XML of rows (see `row`). `state`: "hidden" for a hidden sheet. */
export type MadeSheet = Readonly<{ name: string; rows: string; state?: string }>;

export type MadeWorkbook = Readonly<{
  sheets: readonly MadeSheet[];
  /** XML of `si` elements */
  strings?: string;
  /** number format codes: style 1 is the first, style 0 is General */
  formats?: readonly string[];
  date1904?: boolean;
  /** parts to add or replace */
  parts?: Readonly<Record<string, string>>;
  /** of compression */
  level?: 0 | 1 | 6;
  /** the size that the directory gives for the strings, whatever they are */
  declared?: number;
}>;

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const related = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/** The workbook as a file. */
export function workbookBytes(workbook: MadeWorkbook): Uint8Array {
  const { sheets, strings = "", formats = [], date1904 = false, parts = {}, level = 6 } = workbook;
  const texts: Record<string, string> = {
    "[Content_Types].xml": `${head}<Types/>`,
    "xl/workbook.xml": `${head}<workbook ${main} xmlns:r="${related}"><workbookPr date1904="${date1904 ? 1 : 0}"/><sheets>${sheets
      .map(
        ({ name, state = "visible" }, at) =>
          `<sheet name="${name}" sheetId="${at + 1}" state="${state}" r:id="rId${at + 1}"/>`,
      )
      .join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `${head}<Relationships>${sheets
      .map((_, at) => `<Relationship Id="rId${at + 1}" Target="worksheets/sheet${at + 1}.xml"/>`)
      .join("")}</Relationships>`,
    "xl/sharedStrings.xml": `${head}<sst ${main}>${strings}</sst>`,
    "xl/styles.xml": stylesXml(formats),
    ...Object.fromEntries(
      sheets.map(({ rows }, at) => [`xl/worksheets/sheet${at + 1}.xml`, sheetXml(rows)]),
    ),
    ...parts,
  };
  const files: Zippable = {};
  for (const [name, text] of Object.entries(texts)) files[name] = strToU8(text);
  const bytes = zipSync(files, { level });
  if (workbook.declared !== undefined) declare(Buffer.from(bytes.buffer), workbook.declared);
  return bytes;
}

function declare(archive: Buffer, size: number): void {
  const name = archive.lastIndexOf("xl/sharedStrings.xml");
  archive.writeUInt32LE(size, name - 46 + 24);
}

/** A sheet around its rows. */
export function sheetXml(rows: string): string {
  return `${head}<worksheet ${main}><sheetData>${rows}</sheetData></worksheet>`;
}

function stylesXml(formats: readonly string[]): string {
  const codes = formats.map(
    (code, at) =>
      `<numFmt numFmtId="${164 + at}" formatCode="${code.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}"/>`,
  );
  const styles = formats.map((_, at) => `<xf numFmtId="${164 + at}"/>`);
  return `${head}<styleSheet ${main}><numFmts>${codes.join("")}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${styles.join("")}</cellXfs></styleSheet>`;
}

/** A row of inline texts, from column A on. */
export function textRow(line: number, cells: readonly string[]): string {
  const xml = cells.map((text) => `<c t="inlineStr"><is><t>${text}</t></is></c>`);
  return `<row r="${line}">${xml.join("")}</row>`;
}
