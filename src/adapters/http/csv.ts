// Lists as tables for spreadsheets: the same rows as the pages, streamed page by page, so that a table of any size
// takes no more memory than a page. Text that a spreadsheet would run as a formula is made text, and a table that was
// cut says so in its last line.

import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { currencyExponents, decimalText } from "../../domain/money.ts";
import type { Language, Text } from "../../domain/text.ts";
import type { PageRequest } from "../../flow/ports.ts";
import { byteOrderMark, csvText } from "../csv-text.ts";
import type { MoneyWire } from "./wire/money.ts";

export type CsvCell = string | number | boolean | MoneyWire | Text | null | undefined;

/** One column: its heading and its cell of a row. Money is a plain decimal number, a text is told in the language. */
export type CsvColumn<Row> = Readonly<{ label: Text; of: (row: Row) => CsvCell }>;

/** A column. */
export function column<Row>(zh: string, en: string, of: (row: Row) => CsvCell): CsvColumn<Row> {
  return { label: { zh, en }, of };
}

/**
 * A list that can be told as pages and as a table. `page` gives rows in order; `name` goes into the file name;
 * `tableRows` makes several rows of one where a table needs them.
 */
export type Listing<Row> = Readonly<{
  name: string;
  columns: readonly CsvColumn<Row>[];
  page: (page: PageRequest) => Promise<Readonly<{ data: Row[]; next: string | null }>>;
  tableRows?: (row: Row) => readonly Row[];
}>;

type Asked = Readonly<{
  after?: string | undefined;
  limit: number;
  format?: "json" | "csv" | undefined;
}>;

const rowsAtOnce = 1_000;

/** Answers with one page, or with the whole table when that was asked for: at most `mostRows` rows. */
export async function answerList<Row>(
  request: FastifyRequest,
  reply: FastifyReply,
  asked: Asked,
  listing: Listing<Row>,
  mostRows: number,
): Promise<FastifyReply> {
  reply.header("vary", "accept, accept-language");
  if (!wantsTable(request, asked)) {
    return reply.send(await listing.page({ after: asked.after ?? null, limit: asked.limit }));
  }
  // The first rows are read before anything is sent, so that what is wrong with the filter is still a problem.
  const first = await listing.page({ after: null, limit: Math.min(rowsAtOnce, mostRows) });
  const table = tableOf(listing, first, request.language, mostRows);
  return reply
    .type("text/csv; charset=utf-8")
    .header("content-disposition", `attachment; filename="tidemark-${listing.name}.csv"`)
    .send(Readable.from(table, { objectMode: false }));
}

function wantsTable(request: FastifyRequest, { format }: Asked): boolean {
  if (format !== undefined) return format === "csv";
  const accept = request.headers.accept ?? "";
  return /\btext\/csv\b/i.test(accept) && !/\bapplication\/json\b/i.test(accept);
}

async function* tableOf<Row>(
  { columns, page, tableRows = (row) => [row] }: Listing<Row>,
  first: Readonly<{ data: readonly Row[]; next: string | null }>,
  language: Language,
  mostRows: number,
): AsyncGenerator<string> {
  yield byteOrderMark + csvText([columns.map(({ label }) => label[language])]);
  let told = 0;
  for (let part = first; ;) {
    const rows = part.data.flatMap(tableRows);
    const cells = rows.map((row) => columns.map(({ of }) => cellOf(of(row), language)));
    if (cells.length > 0) yield csvText(cells);
    told += part.data.length;
    if (part.next === null) return;
    if (told >= mostRows) {
      yield csvText([[cut(mostRows)[language]]]);
      return;
    }
    part = await page({ after: part.next, limit: Math.min(rowsAtOnce, mostRows - told) });
  }
}

function cut(rows: number): Text {
  return {
    en: `Cut after ${rows} rows: narrow the filter to see the rest`,
    zh: `已在第 ${rows} 行截断：请缩小筛选范围以查看其余数据`,
  };
}

function cellOf(cell: CsvCell, language: Language): string | number | boolean {
  if (cell === null || cell === undefined) return "";
  if (typeof cell !== "object") return cell;
  if (!("currency" in cell)) return cell[language];
  return decimalText(cell.amount, currencyExponents[cell.currency]);
}
