// The parts of an Excel workbook around its sheets: which sheets there are, the strings that cells point to, and the number
// formats. They are held in memory, so each has its own limit, checked in the directory before anything is unpacked.

import type { Text } from "../../domain/text.ts";
import { FileFault } from "./file-fault.ts";
import { largestPartBytes, largestStringsBytes } from "./file-limits.ts";
import { entryBytes } from "./unpacked-bytes.ts";
import { formatOf, general, type CellFormat } from "./workbook-cells.ts";
import { XmlError, xmlReader, type XmlHandler } from "./xml-events.ts";
import type { ZipEntry } from "./zip-directory.ts";

/** The archive of a workbook. */
export type Archive = Readonly<{ path: string; entries: ReadonlyMap<string, ZipEntry> }>;

export type Sheet = Readonly<{ name: string; visible: boolean; part: string }>;

export type Workbook = Readonly<{
  sheets: readonly Sheet[];
  epoch: "1900" | "1904";
  strings: readonly string[];
  /** by the style number of a cell */
  formats: readonly CellFormat[];
}>;

/** Reads everything but the sheets. Throws a FileFault for a workbook that is broken or out of measure. */
export async function readWorkbook(archive: Archive): Promise<Workbook> {
  const { sheets, epoch } = await readSheetList(archive);
  return {
    ...{ sheets, epoch },
    strings: await readStrings(archive),
    formats: await readFormats(archive),
  };
}

/** Sends one part through a handler; a part that is not there is empty. */
export async function readPart(
  archive: Archive,
  part: string,
  mostBytes: number,
  handler: XmlHandler,
): Promise<void> {
  for await (const _ of partPieces(archive, part, mostBytes, handler)) continue;
}

/** The same piece by piece, with the share of it that is done. Throws a FileFault. */
export async function* partPieces(
  { path, entries }: Archive,
  part: string,
  mostBytes: number,
  handler: XmlHandler,
): AsyncGenerator<number> {
  const entry = entries.get(part);
  if (entry === undefined) return;
  if (entry.bytes > mostBytes) {
    throw partFault(
      path,
      part,
      { en: `${entry.bytes} bytes`, zh: ` ${entry.bytes} 字节` },
      {
        en: `at most ${mostBytes} bytes; export the sheet as CSV`,
        zh: `最多 ${mostBytes} 字节；请将工作表另存为 CSV`,
      },
    );
  }
  const reader = xmlReader(handler);
  let done = 0;
  try {
    for await (const piece of entryBytes(path, entry, () => undefined)) {
      reader.push(piece);
      done += piece.length;
      yield done / entry.bytes;
    }
    reader.end();
  } catch (cause) {
    if (!(cause instanceof XmlError)) throw cause;
    throw partFault(path, part, cause.forbidden ? forbiddenXml : brokenXml, wholeWorkbook, cause);
  }
}

const brokenXml: Text = { en: "XML that is cut off or damaged", zh: "不完整或损坏的 XML" };
const forbiddenXml: Text = {
  en: "XML with a document type or entities of its own",
  zh: "含文档类型或自定义实体的 XML",
};
const wholeWorkbook: Text = { en: "a whole Excel workbook", zh: "完整的 Excel 工作簿" };

function partFault(
  path: string,
  part: string,
  found: Text,
  expected: Text,
  cause?: unknown,
): FileFault {
  return new FileFault({
    file: path,
    line: 0,
    place: { en: part, zh: part },
    found,
    expected,
    cause,
  });
}

const workbookPart = "xl/workbook.xml";

async function readSheetList(archive: Archive): Promise<Pick<Workbook, "sheets" | "epoch">> {
  if (!archive.entries.has(workbookPart)) {
    const found = {
      en: "an Office document that is no workbook (.xlsx)",
      zh: "非工作簿的 Office 文档",
    };
    throw new FileFault({ file: archive.path, line: 0, found, expected: wholeWorkbook });
  }
  const targets = new Map<string, string>();
  await readPart(archive, "xl/_rels/workbook.xml.rels", largestPartBytes, {
    ...nothing,
    open: (name, attribute) => {
      if (name === "Relationship") targets.set(attribute("Id") ?? "", attribute("Target") ?? "");
    },
  });
  const sheets: Sheet[] = [];
  let epoch: Workbook["epoch"] = "1900";
  await readPart(archive, workbookPart, largestPartBytes, {
    ...nothing,
    open: (name, attribute) => {
      if (name === "workbookPr" && /^(?:1|true)$/.test(attribute("date1904") ?? "")) epoch = "1904";
      if (name !== "sheet") return;
      const target = targets.get(attribute("r:id") ?? attribute("id") ?? "") ?? "";
      sheets.push({
        name: attribute("name") ?? "",
        visible: (attribute("state") ?? "visible") === "visible",
        part: target.startsWith("/") ? target.slice(1) : `xl/${target}`,
      });
    },
  });
  return { sheets, epoch };
}

const nothing: XmlHandler = {
  open: () => undefined,
  close: () => undefined,
  text: () => undefined,
};

/** Strings of several runs are put together; reading aids (`rPh`) are no part of the text. */
async function readStrings(archive: Archive): Promise<readonly string[]> {
  const strings: string[] = [];
  let text = "";
  let within = false;
  let aside = false;
  await readPart(archive, "xl/sharedStrings.xml", largestStringsBytes, {
    open: (name) => {
      if (name === "si") text = "";
      if (name === "t") within = true;
      if (name === "rPh") aside = true;
    },
    close: (name) => {
      if (name === "si") strings.push(controlsRead(text));
      if (name === "t") within = false;
      if (name === "rPh") aside = false;
    },
    text: (piece) => {
      if (within && !aside) text += piece;
    },
  });
  return strings;
}

/** `_x000D_` stands for a character that XML cannot hold (§22.9.2.19). */
export function controlsRead(text: string): string {
  if (!text.includes("_x")) return text;
  return text.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

async function readFormats(archive: Archive): Promise<readonly CellFormat[]> {
  const codes = new Map<number, string>();
  const ids: number[] = [];
  let within = false;
  await readPart(archive, "xl/styles.xml", largestPartBytes, {
    ...nothing,
    open: (name, attribute) => {
      if (name === "numFmt")
        codes.set(Number(attribute("numFmtId")), attribute("formatCode") ?? "");
      if (name === "cellXfs") within = true;
      if (name === "xf" && within) ids.push(Number(attribute("numFmtId") ?? 0));
    },
    close: (name) => {
      if (name === "cellXfs") within = false;
    },
  });
  return ids.length === 0 ? [general] : ids.map((id) => formatOf(id, codes));
}
