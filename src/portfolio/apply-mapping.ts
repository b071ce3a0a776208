// A mapping applied to a file: the header is held against the mapping once, then every row becomes one line
// with its facts, or the list of everything that is wrong with it. Columns that the mapping neither uses nor
// ignores are refused by name, so that no more data is taken in than somebody asked for.

import type { BusinessDate } from "../domain/calendar.ts";
import type { FactDeclaration, FactValue, FactValues } from "../domain/facts.ts";
import { type Currency, currencyExponents, isCurrency } from "../domain/money.ts";
import { lineStatuses } from "../domain/credit-line.ts";
import { languages } from "../domain/text.ts";
import type { Registration } from "../flow/registration.ts";
import { lineAmounts } from "./lower-expression.ts";
import type { FactRule, Given, Mapping } from "./mapping.ts";
import type { FileRow } from "./ports.ts";
import {
  amountReader,
  type CellReader,
  type Column,
  complain,
  dateReader,
  givenReader,
  identityReader,
  listedText,
  referenceReader,
  type RowInProgress,
} from "./read-cell.ts";
import { compileFact, type FactReader } from "./read-fact.ts";
import { rowProblem, type RowProblem } from "./row-problem.ts";

/** One good row: a registration without the customer's id, its facts as `values` in the order of the plan's names. */
export type LineRow = Omit<Registration, "customerId" | "facts"> &
  Readonly<{ values: readonly FactValue[] }>;

export type RowRead = Readonly<{ row: LineRow }> | Readonly<{ problems: readonly RowProblem[] }>;

/** Reads rows of one file. Rows wait in great numbers, so facts get their names only when they are used. */
export type RowPlan = Readonly<{
  read: (row: FileRow) => RowRead;
  factsOf: (row: LineRow) => FactValues;
  /** everything a row says but personal data, as one text: equal for equal lines and facts, however mapped */
  contentOf: (row: LineRow) => string;
}>;

/** The header as it stands in the file. */
export type Header = Readonly<{ line: number; columns: readonly string[] }>;

/**
 * Holds a mapping against a header; `today` bounds every date that must have passed. A line must lie in one of the
 * `jurisdictions`: whoever has no compliance pack can give no notice, and that must not be found out later.
 */
export function planRows(
  mapping: Mapping,
  header: Header,
  today: BusinessDate,
  jurisdictions: readonly string[],
): RowPlan | Readonly<{ problems: readonly RowProblem[] }> {
  const problems = [
    ...headerProblems(mapping, header),
    ...dateProblems(mapping, header, today),
    ...jurisdictionProblems(mapping, header, jurisdictions),
  ];
  if (problems.length > 0) return { problems };
  const places = new Map(header.columns.map((name, index) => [name, { name, index }]));
  const columnOf = (name: string): Column => places.get(name)!;
  const readers = lineReaders(mapping, columnOf, today, jurisdictions);
  const plans = new Map<Currency, CurrencyPlan>();
  const planOf = (currency: Currency): CurrencyPlan => {
    const known = plans.get(currency) ?? planCurrency(mapping, currency, columnOf);
    plans.set(currency, known);
    return known;
  };
  const names = mapping.facts.map((rule) => rule.declaration.name);
  return {
    read: (row) => readRow(mapping, header, readers, planOf, row),
    factsOf: (row) =>
      Object.fromEntries(names.map((name, index) => [name, row.values[index] ?? null])),
    contentOf: contentWriter(names),
  };
}

/** Facts stand in the order of their names. Changing this text makes every line look changed once. */
function contentWriter(names: readonly string[]): RowPlan["contentOf"] {
  const sorted = names.toSorted();
  const order = sorted.map((name) => names.indexOf(name));
  const prefix = sorted.join(",");
  return (row) => {
    const values = order.map((index) => row.values[index] ?? null);
    const text = JSON.stringify([
      row.customerReference,
      row.lineReference,
      row.portfolio,
      row.product,
      row.jurisdiction,
      row.currency,
      row.language,
      row.limitMinor,
      row.drawnMinor,
      row.pendingMinor,
      row.status,
      row.openedOn,
      row.asOf,
      values,
    ]);
    return `${prefix} ${text}`;
  };
}

function headerProblems(mapping: Mapping, header: Header): readonly RowProblem[] {
  const { line, columns } = header;
  const known = new Set([...mapping.columns, ...mapping.ignore]);
  const seen = new Set<string>();
  const problems: RowProblem[] = [];
  for (const name of columns) {
    if (seen.has(name)) {
      problems.push(rowProblem(line, name, "duplicate-column", name, onceOnly));
    } else if (!known.has(name)) {
      problems.push(rowProblem(line, name, "unlisted-column", name, listedOrIgnored));
    }
    seen.add(name);
  }
  for (const name of mapping.columns) {
    if (seen.has(name)) continue;
    const expected = { en: `a column "${name}"`, zh: `列“${name}”` };
    problems.push(rowProblem(line, name, "missing-column", columns.join(", "), expected));
  }
  return problems;
}

const onceOnly = { en: "each column name once", zh: "每个列名只出现一次" };
const listedOrIgnored = {
  en: "a column that the mapping uses, or names under ignore",
  zh: "映射中使用的列，或在 ignore 中列出的列",
};

function dateProblems(
  mapping: Mapping,
  header: Header,
  today: BusinessDate,
): readonly RowProblem[] {
  const { asOf } = mapping;
  if (!("fixed" in asOf) || asOf.fixed <= today) return [];
  return [rowProblem(header.line, "asOf", "future-date", asOf.fixed, notAfter(today))];
}

function jurisdictionProblems(
  mapping: Mapping,
  header: Header,
  jurisdictions: readonly string[],
): readonly RowProblem[] {
  const given = mapping.jurisdiction;
  if (!("fixed" in given) || jurisdictions.includes(given.fixed)) return [];
  const expected = listedText(jurisdictions);
  return [rowProblem(header.line, "jurisdiction", "unknown-jurisdiction", given.fixed, expected)];
}

function notAfter(date: BusinessDate): Readonly<{ en: string; zh: string }> {
  return { en: `a date not after ${date}`, zh: `不晚于 ${date} 的日期` };
}

type GivenReaders = Readonly<{
  [Key in "product" | "jurisdiction" | "currency" | "asOf" | "language" | "status"]: CellReader<
    Registration[Key]
  >;
}>;

type LineReaders = GivenReaders &
  Readonly<{
    customerReference: CellReader<string>;
    lineReference: CellReader<string>;
    openedOn: (row: RowInProgress, asOf: BusinessDate) => BusinessDate | null | undefined;
    identity: readonly Readonly<{ field: string; read: CellReader<string> }>[];
  }>;

type ColumnOf = (name: string) => Column;

function lineReaders(
  mapping: Mapping,
  columnOf: ColumnOf,
  today: BusinessDate,
  jurisdictions: readonly string[],
): LineReaders {
  const { line } = mapping;
  return {
    product: givenReader(mapping.product, columnOf, slug),
    jurisdiction: jurisdictionReader(mapping, columnOf, jurisdictions),
    currency: currencyReader(mapping, columnOf),
    language: givenReader(mapping.language, columnOf, oneOf(languages)),
    status: givenReader(mapping.status, columnOf, oneOf(lineStatuses)),
    asOf: asOfReader(mapping, columnOf, today),
    customerReference: referenceReader(columnOf(line.customerReference)),
    lineReference: referenceReader(columnOf(line.lineReference)),
    openedOn: openedReader(mapping, columnOf),
    identity: mapping.identity.map(({ field, column }) => ({
      field,
      read: identityReader(columnOf(column), field),
    })),
  };
}

const slug = {
  read: (text: string) => (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text) ? text : null),
  expected: { en: "a name without spaces", zh: "不含空格的名称" },
};

/** What the cell or its code stands for must be one of those that exist. */
function jurisdictionReader(
  { jurisdiction: given }: Mapping,
  columnOf: ColumnOf,
  jurisdictions: readonly string[],
): CellReader<string> {
  const read = givenReader(given, columnOf, slug);
  if ("fixed" in given) return read;
  const column = columnOf(given.column);
  const expected = listedText(jurisdictions);
  return (row) => {
    const found = read(row);
    return typeof found !== "string" || jurisdictions.includes(found)
      ? found
      : complain(row, column, "unknown-jurisdiction", expected, found);
  };
}

function oneOf<T extends string>(
  values: readonly T[],
): Readonly<{ read: (text: string) => T | null; expected: Readonly<{ en: string; zh: string }> }> {
  return {
    read: (text) => values.find((value) => value === text) ?? null,
    expected: listedText(values),
  };
}

function currencyReader(mapping: Mapping, columnOf: ColumnOf): CellReader<Currency> {
  const own = {
    read: (text: string) => (isCurrency(text) ? text : null),
    expected: listedText(Object.keys(currencyExponents)),
  };
  return givenReader(mapping.currency, columnOf, own, "currency-mismatch");
}

function asOfReader(
  mapping: Mapping,
  columnOf: ColumnOf,
  today: BusinessDate,
): CellReader<BusinessDate> {
  const { asOf } = mapping;
  if ("fixed" in asOf) return () => asOf.fixed;
  const column = columnOf(asOf.column);
  const read = codedDateReader(mapping, asOf, column);
  return (row) => {
    const date = read(row);
    if (date === null) return complain(row, column, "missing-value", notAfter(today));
    return date === undefined || date <= today
      ? date
      : complain(row, column, "future-date", notAfter(today));
  };
}

function codedDateReader(
  mapping: Mapping,
  given: Extract<Given<BusinessDate>, { column: string }>,
  column: Column,
): CellReader<BusinessDate> {
  if (given.values === null) return dateReader(mapping.format, column);
  return givenReader(given, () => column, { read: () => null, expected: { en: "", zh: "" } });
}

function openedReader(mapping: Mapping, columnOf: ColumnOf): LineReaders["openedOn"] {
  const { openedOn } = mapping.line;
  if (openedOn === null) return () => null;
  const column = columnOf(openedOn);
  const read = dateReader(mapping.format, column);
  return (row, asOf) => {
    const date = read(row);
    return date === undefined || date === null || date <= asOf
      ? date
      : complain(row, column, "future-date", notAfter(asOf));
  };
}

type CurrencyPlan = Readonly<{
  limit: CellReader<number>;
  drawn: CellReader<number>;
  pending: CellReader<number>;
  facts: readonly FactReader[];
}>;

function planCurrency(mapping: Mapping, currency: Currency, columnOf: ColumnOf): CurrencyPlan {
  const { format, line } = mapping;
  const amount = (name: string | null, low: number): CellReader<number> => {
    if (name === null) return () => 0;
    const column = columnOf(name);
    const read = amountReader(format, column, currency, low);
    const expected = { en: `an amount in ${currency}`, zh: `${currency} 金额` };
    return (row) => {
      const value = read(row);
      return value === null ? complain(row, column, "missing-value", expected) : value;
    };
  };
  const slots = new Map<string, number>(lineAmounts.map((name, slot) => [name, slot]));
  for (const { declaration } of mapping.facts) slots.set(declaration.name, slots.size);
  const setting = { format, currency, columnOf, slotOf: (name: string) => slots.get(name)! };
  const declared = new Map<string, FactDeclaration>();
  return {
    limit: amount(line.limit, 0),
    drawn: amount(line.drawn, -Number.MAX_SAFE_INTEGER),
    pending: amount(line.pending, 0),
    facts: mapping.facts.map((rule: FactRule) => {
      const reader = compileFact(rule, setting, declared);
      declared.set(rule.declaration.name, rule.declaration);
      return reader;
    }),
  };
}

function readRow(
  mapping: Mapping,
  header: Header,
  readers: LineReaders,
  planOf: (currency: Currency) => CurrencyPlan,
  { line, cells }: FileRow,
): RowRead {
  if (cells.length !== header.columns.length) {
    const count = header.columns.length;
    const expected = { en: `${count} cells, as the header has`, zh: `与表头一致的 ${count} 列` };
    return { problems: [rowProblem(line, "", "cell-count", String(cells.length), expected)] };
  }
  const row: RowInProgress = { line, cells, problems: [] };
  const currency = readers.currency(row);
  const found = readLine(mapping, readers, row);
  // Amounts mean nothing without their currency.
  const amounts = typeof currency === "string" ? readAmounts(planOf(currency), row) : null;
  if (row.problems.length > 0 || amounts === null) return { problems: row.problems };
  return { row: { ...found, ...amounts, currency: currency as Currency } };
}

type Amounts = Pick<LineRow, "limitMinor" | "drawnMinor" | "pendingMinor" | "values">;

function readLine(
  mapping: Mapping,
  readers: LineReaders,
  row: RowInProgress,
): Omit<LineRow, keyof Amounts | "currency"> {
  const asOf = readers.asOf(row);
  const identity: Record<string, string> = {};
  for (const { field, read } of readers.identity) {
    const value = read(row);
    if (typeof value === "string") identity[field] = value;
  }
  // A missing value has added a problem, and then the row is not used.
  const known = <T>(value: T | null | undefined): T => value as T;
  return {
    customerReference: known(readers.customerReference(row)),
    lineReference: known(readers.lineReference(row)),
    portfolio: mapping.portfolio,
    product: known(readers.product(row)),
    jurisdiction: known(readers.jurisdiction(row)),
    language: known(readers.language(row)),
    status: known(readers.status(row)),
    openedOn: (typeof asOf === "string" ? readers.openedOn(row, asOf) : null) ?? null,
    asOf: known(asOf),
    identity,
  };
}

function readAmounts(plan: CurrencyPlan, row: RowInProgress): Amounts {
  const limitMinor = plan.limit(row) ?? 0;
  const drawnMinor = plan.drawn(row) ?? 0;
  const pendingMinor = plan.pending(row) ?? 0;
  const slots: FactValue[] = [limitMinor, drawnMinor, pendingMinor];
  for (const fact of plan.facts) {
    const skipped = fact.derived && row.problems.length > 0;
    slots.push(skipped ? null : (fact.read(row, slots) ?? null));
  }
  return { limitMinor, drawnMinor, pendingMinor, values: slots.slice(lineAmounts.length) };
}
