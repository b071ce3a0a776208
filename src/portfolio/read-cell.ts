// How one cell of a file becomes a value: trimmed, then read exactly as the mapping's format says. Nothing is
// guessed: "12,000" is no number unless the format says what the comma is, and no date is turned around.

import { type BusinessDate, parseBusinessDate } from "../domain/calendar.ts";
import type { IdentityField } from "../domain/customer.ts";
import { type Currency, currencyExponents, scaledInteger } from "../domain/money.ts";
import type { Text } from "../domain/text.ts";
import type { FileFormat, Given } from "./mapping.ts";
import type { dateForms } from "./mapping-document.ts";
import { rowProblem, type RowProblem, type RowReason } from "./row-problem.ts";

/** A row while it is read; problems are added to it. */
export type RowInProgress = Readonly<{
  line: number;
  cells: readonly string[];
  problems: RowProblem[];
}>;

/** Reads one cell: its value, null where it is empty, undefined where a problem was added. */
export type CellReader<T> = (row: RowInProgress) => T | null | undefined;

/** A column of the file: its name in the header and its place in the row. */
export type Column = Readonly<{ name: string; index: number }>;

const control = /\p{Cc}/u;
const replaced = "\uFFFD";
const hidden = "***";

/** The cell without the spaces around it. */
export function cellText(row: RowInProgress, column: Column): string {
  return (row.cells[column.index] ?? "").trim();
}

/** Adds a problem; text that could not be decoded is told as such, whatever was expected. */
export function complain(
  row: RowInProgress,
  column: Column,
  reason: RowReason,
  expected: Text,
  found = cellText(row, column),
): undefined {
  const undecoded = cellText(row, column).includes(replaced);
  row.problems.push(
    rowProblem(
      row.line,
      column.name,
      undecoded ? "encoding" : reason,
      found,
      undecoded ? decoded : expected,
    ),
  );
}

const decoded: Text = {
  en: "text in the encoding that the mapping states",
  zh: "符合映射所声明编码的文字",
};

/** A reference of the lender: 1 to 64 characters without control characters. */
export function referenceReader(column: Column): CellReader<string> {
  const expected = { en: "a reference of 1 to 64 characters", zh: "1 至 64 个字符的编号" };
  return (row) => {
    const text = cellText(row, column);
    if (text === "") return complain(row, column, "missing-value", expected);
    return usable(text, 64) ? text : complain(row, column, "broken-text", expected);
  };
}

function usable(text: string, longest: number): boolean {
  return text.length <= longest && !text.includes(replaced) && !control.test(text);
}

const identityForms: Readonly<Record<IdentityField, Readonly<{ form: RegExp; expected: Text }>>> = {
  name: { form: /^[^\d]/, expected: { en: "a name", zh: "姓名" } },
  phone: {
    form: /^\+?(?:[\s()./-]*\d){5,20}[\s()./-]*$/,
    expected: { en: "a phone number of 5 to 20 digits", zh: "5 至 20 位数字的电话号码" },
  },
  email: { form: /^[^@\s]+@[^@\s]+$/, expected: { en: "an e-mail address", zh: "电子邮箱地址" } },
  address: { form: /./, expected: { en: "an address", zh: "地址" } },
  document: {
    form: /^[\p{L}\p{N}](?:[\s./-]?[\p{L}\p{N}]){3,39}$/u,
    expected: {
      en: "a document number of 4 to 40 letters and digits",
      zh: "4 至 40 位字母数字的证件号",
    },
  },
};

/** Personal data: white space made single; null when empty. What was found is never shown. */
export function identityReader(column: Column, field: IdentityField): CellReader<string> {
  const { form, expected } = identityForms[field];
  return (row) => {
    const text = cellText(row, column).replaceAll(/\s+/g, " ");
    if (text === "") return null;
    const fits = usable(text, 300) && form.test(text);
    return fits ? text : complain(row, column, "broken-text", expected, hidden);
  };
}

/** An integer scaled by 10^scale, within inclusive bounds. */
export type NumberForm = Readonly<{ scale: number; low: number; high: number; expected: Text }>;

/** A number as the format writes it. */
export function numberReader(
  format: FileFormat,
  column: Column,
  form: NumberForm,
): CellReader<number> {
  const plain = plainDecimal(format);
  return (row) => {
    const text = cellText(row, column);
    if (text === "") return null;
    const value = scaledInteger(plain(text), form.scale);
    if (value === null) return complain(row, column, "broken-number", form.expected);
    if (value >= form.low && value <= form.high) return value;
    return complain(row, column, "out-of-range", form.expected);
  };
}

/** An amount of the line's currency in minor units, in major or minor units as the format says. */
export function amountReader(
  format: FileFormat,
  column: Column,
  currency: Currency,
  low: number,
): CellReader<number> {
  return numberReader(format, column, amountForm(format, currency, low, Number.MAX_SAFE_INTEGER));
}

/** The form of amounts in a currency; minor units have no decimals. */
export function amountForm(
  format: FileFormat,
  currency: Currency,
  low: number,
  high: number,
): NumberForm {
  const decimals = format.amounts === "minor" ? 0 : currencyExponents[currency];
  const unit = format.amounts === "minor" ? "minor units of " : "";
  const unitZh = format.amounts === "minor" ? "最小单位的" : "";
  const notBelow = low === 0 ? ", not below 0" : "";
  const notBelowZh = low === 0 ? "，不小于 0" : "";
  const expected = {
    en: `an amount in ${unit}${currency} with at most ${decimals} decimals${notBelow}`,
    zh: `${unitZh}${currency} 金额，最多 ${decimals} 位小数${notBelowZh}`,
  };
  return { scale: decimals, low, high, expected };
}

/** Turns a number of the format into a plain decimal; what does not fit the format stays unreadable. */
export function plainDecimal(format: FileFormat): (text: string) => string {
  const { decimal, grouping } = format;
  if (decimal === "." && grouping === "none") return (text) => text;
  const point = decimal === "." ? "\\." : ",";
  const fraction = `(?:${point}\\d+)?`;
  const mark = grouping === "none" ? null : grouping === "." ? "\\." : grouping;
  const grouped = mark === null ? null : new RegExp(`^[+-]?\\d{1,3}(?:${mark}\\d{3})+${fraction}$`);
  const plain = new RegExp(`^[+-]?\\d+${fraction}$`);
  return (text) => {
    if (grouped?.test(text) === true) {
      return text.replaceAll(grouping, "").replace(decimal, ".");
    }
    return plain.test(text) ? text.replace(decimal, ".") : "";
  };
}

const dateOrders: Readonly<Record<(typeof dateForms)[number], Readonly<[RegExp, string]>>> = {
  "YYYY-MM-DD": [/^(\d{4})-(\d{2})-(\d{2})$/, "$1-$2-$3"],
  YYYYMMDD: [/^(\d{4})(\d{2})(\d{2})$/, "$1-$2-$3"],
  "YYYY/MM/DD": [/^(\d{4})\/(\d{2})\/(\d{2})$/, "$1-$2-$3"],
  "DD/MM/YYYY": [/^(\d{2})\/(\d{2})\/(\d{4})$/, "$3-$2-$1"],
  "MM/DD/YYYY": [/^(\d{2})\/(\d{2})\/(\d{4})$/, "$3-$1-$2"],
};

/** A date in the format's form. */
export function dateReader(format: FileFormat, column: Column): CellReader<BusinessDate> {
  const [form, order] = dateOrders[format.dates];
  const expected = {
    en: `an existing date written ${format.dates}`,
    zh: `${format.dates} 格式的有效日期`,
  };
  return (row) => {
    const text = cellText(row, column);
    if (text === "") return null;
    const date = form.test(text) ? parseBusinessDate(text.replace(form, order)) : null;
    return date ?? complain(row, column, "broken-date", expected);
  };
}

/** The words for a closed list. */
export function listedText(values: readonly string[]): Text {
  const shown = values.slice(0, 30);
  const more = values.length > shown.length ? " …" : "";
  return {
    en: `one of ${shown.join(", ")}${more}`,
    zh: `以下之一：${shown.join("、")}${more}`,
  };
}

/** A value that is fixed, coded or written out; `own` reads a cell that the mapping gives no codes for. */
export function givenReader<T>(
  given: Given<T>,
  columnOf: (name: string) => Column,
  own: Readonly<{ read: (text: string) => T | null; expected: Text }>,
  reason: RowReason = "unknown-code",
): CellReader<T> {
  if ("fixed" in given) return () => given.fixed;
  const { values, otherwise } = given;
  const column = columnOf(given.column);
  const expected = values === null ? own.expected : listedText([...values.keys()]);
  return (row) => {
    const text = cellText(row, column);
    const found = values === null ? own.read(text) : values.get(text);
    return found ?? otherwise ?? complain(row, column, reason, expected);
  };
}
