// Reads a mapping document: its form first, then its meaning. Every problem is reported with its place, what
// was found and what was expected, so that one reading is enough to mend a file.

import { parseBusinessDate, type BusinessDate } from "../domain/calendar.ts";
import { lineStatuses, type LineStatus } from "../domain/credit-line.ts";
import { identityFields } from "../domain/customer.ts";
import { type FactDeclaration, lineFacts } from "../domain/facts.ts";
import { type Currency, currencyExponents, isCurrency } from "../domain/money.ts";
import { languages, type Language } from "../domain/text.ts";
import { checkFields, checkRange } from "../policy/lower-facts.ts";
import { declaredType } from "../policy/operand.ts";
import { collectProblems, type Problem, type Problems, pointer, shown } from "../policy/problem.ts";
import { lowerFact } from "./lower-fact-rule.ts";
import type { FactRule, FileFormat, Given, Mapping } from "./mapping.ts";
import {
  type FormatPart,
  type GivenPart,
  type MappingDocument,
  mappingShape,
} from "./mapping-document.ts";

/** A checked mapping, or everything that is wrong with the document; paths are JSON pointers into it. */
export type ParsedMapping =
  | Readonly<{ mapping: Mapping }>
  | Readonly<{ problems: readonly Problem[] }>;

/** Reads a mapping from plain data, as YAML or JSON gives it. */
export function parseMapping(value: unknown): ParsedMapping {
  const problems = collectProblems();
  if (isTooDeep(value, deepest)) {
    problems.add(
      "too-deep",
      "",
      `Cannot read document: found more than ${deepest} levels, expected fewer`,
      `无法读取文档：嵌套超过 ${deepest} 层`,
    );
    return { problems: problems.list };
  }
  mappingShape.read(value, "", problems);
  if (problems.list.length > 0) return { problems: problems.list };
  const mapping = lowerMapping(value as MappingDocument, problems);
  return problems.list.length > 0 ? { problems: problems.list } : { mapping };
}

const deepest = 40;

function isTooDeep(value: unknown, left: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return left === 0 || Object.values(value).some((inner) => isTooDeep(inner, left - 1));
}

function lowerMapping(document: MappingDocument, problems: Problems): Mapping {
  const columns = new Set<string>();
  const lowering: Lowering = { problems, readColumn: (column) => columns.add(column) };
  const column = (part: Readonly<{ column: string }> | undefined): string | null => {
    if (part !== undefined) columns.add(part.column);
    return part?.column ?? null;
  };
  const { line } = document;
  const mapping = {
    id: document.id,
    label: document.label,
    format: lowerFormat(document.format ?? {}, problems),
    portfolio: document.portfolio,
    product: lowerGiven(lowering, document.product, "/product", slug),
    jurisdiction: lowerGiven(lowering, document.jurisdiction, "/jurisdiction", slug),
    currency: lowerGiven(lowering, document.currency, "/currency", currencyCode),
    asOf: lowerGiven(lowering, document.asOf, "/asOf", date),
    language: lowerGiven(lowering, document.language, "/language", language),
    status: lowerGiven(lowering, line.status ?? "active", "/line/status", status),
    line: {
      customerReference: column(line.customerReference)!,
      lineReference: column(line.lineReference)!,
      limit: column(line.limit)!,
      drawn: column(line.drawn),
      pending: column(line.pending),
      openedOn: column(line.openedOn),
    },
    identity: identityFields.flatMap((field) => {
      const found = column(document.identity?.[field]);
      return found === null ? [] : [{ field, column: found }];
    }),
    facts: lowerFacts(document, lowering),
    ignore: document.ignore ?? [],
  };
  checkIgnored(mapping.ignore, columns, problems);
  return { ...mapping, columns: [...columns] };
}

type Lowering = Readonly<{ problems: Problems; readColumn: (column: string) => void }>;

function lowerFormat(part: FormatPart, problems: Problems): FileFormat {
  const decimal = part.decimal ?? ".";
  const grouping = part.grouping ?? "none";
  if (decimal === grouping) {
    problems.add(
      "type-mismatch",
      "/format/grouping",
      `Cannot read numbers: found "${decimal}" both as decimal mark and between digits, expected two marks`,
      `无法读取数字：小数点与千位分隔符均为“${decimal}”，应为不同符号`,
    );
  }
  return {
    encoding: part.encoding ?? "auto",
    delimiter: part.delimiter ?? ",",
    quote: part.quote ?? '"',
    decimal,
    grouping,
    amounts: part.amounts ?? "major",
    dates: part.dates ?? "YYYY-MM-DD",
  };
}

/** Reads one value of a field; `en` and `zh` say what is expected. */
type Reader<T> = Readonly<{ read: (text: string) => T | null; en: string; zh: string }>;

const slug: Reader<string> = {
  read: (text) => (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text) ? text : null),
  en: "a name of letters, digits, dots, hyphens and underscores, at most 64",
  zh: "由字母、数字、点、连字符或下划线组成、最多 64 个字符的名称",
};

const currencyCode: Reader<Currency> = {
  read: (text) => (isCurrency(text) ? text : null),
  en: `one of ${Object.keys(currencyExponents).join(", ")}`,
  zh: `以下之一：${Object.keys(currencyExponents).join("、")}`,
};

const date: Reader<BusinessDate> = {
  read: parseBusinessDate,
  en: "a date like 2026-01-31",
  zh: "形如 2026-01-31 的日期",
};

const language: Reader<Language> = listed(languages);
const status: Reader<LineStatus> = listed(lineStatuses);

function listed<T extends string>(values: readonly T[]): Reader<T> {
  return {
    read: (text) => values.find((value) => value === text) ?? null,
    en: `one of ${values.join(", ")}`,
    zh: `以下之一：${values.join("、")}`,
  };
}

function lowerGiven<T>(
  lowering: Lowering,
  part: GivenPart,
  path: string,
  reader: Reader<T>,
): Given<T> {
  const read = (value: unknown, at: string): T | null => {
    const found = typeof value === "string" ? reader.read(value) : null;
    if (found === null) {
      lowering.problems.add(
        "undeclared-value",
        at,
        `Cannot read ${at}: found ${shown(value)}, expected ${reader.en}`,
        `无法读取 ${at}：发现 ${shown(value)}，应为${reader.zh}`,
      );
    }
    return found;
  };
  if (typeof part === "string") return { fixed: read(part, path) as T };
  lowering.readColumn(part.column);
  const otherwise = part.otherwise === undefined ? null : read(part.otherwise, `${path}/otherwise`);
  if (part.values === undefined) return { column: part.column, values: null, otherwise };
  const values = new Map<string, T>();
  for (const [code, value] of Object.entries(part.values)) {
    const meant = read(value, pointer(`${path}/values`, code));
    if (meant !== null) values.set(code, meant);
  }
  return { column: part.column, values, otherwise };
}

function lowerFacts(document: MappingDocument, lowering: Lowering): readonly FactRule[] {
  const declared = checkDictionary(document, lowering.problems);
  const above = new Map<string, FactDeclaration>();
  const rules: FactRule[] = [];
  for (const [name, part] of Object.entries(document.facts)) {
    const declaration = declared.get(name);
    const path = pointer("/facts", name);
    if (declaration === undefined) undeclared(lowering.problems, name, path);
    else {
      const rule = lowerFact({ ...lowering, facts: above }, declaration, part, path);
      if (rule !== null) rules.push(rule);
      above.set(name, declaration);
    }
  }
  for (const name of declared.keys()) {
    if (!Object.hasOwn(document.facts, name)) unmapped(lowering.problems, name);
  }
  return rules;
}

/** Facts that Tidemark keeps itself cannot be imported; the rest must be consistent and stand once. */
function checkDictionary(
  document: MappingDocument,
  problems: Problems,
): ReadonlyMap<string, FactDeclaration> {
  const declared = new Map<string, FactDeclaration>();
  document.dictionary.forEach((declaration, index) => {
    const path = pointer("/dictionary", index);
    const { name } = declaration;
    if (declared.has(name)) repeated(problems, name, `${path}/name`);
    if (Object.hasOwn(lineFacts, name)) kept(problems, name, `${path}/name`);
    checkFields({ problems }, declaration, path);
    const type = declaredType(declaration, sampleCurrency(document));
    if (type === null) unreadableBounds(problems, declaration, path);
    else checkRange({ problems }, type, path);
    declared.set(name, declaration);
  });
  return declared;
}

// Where the currency is a column, bounds are read again at each row's own currency.
function sampleCurrency(document: MappingDocument): Currency {
  return isCurrency(document.currency) ? document.currency : "CNY";
}

function repeated(problems: Problems, name: string, path: string): void {
  problems.add(
    "duplicate-id",
    path,
    `Cannot use dictionary: found fact "${name}" a second time, expected each name once`,
    `无法使用事实字典：“${name}”重复出现，每个名称只能出现一次`,
  );
}

function kept(problems: Problems, name: string, path: string): void {
  problems.add(
    "undeclared-value",
    path,
    `Cannot import fact "${name}": Tidemark keeps it about every line itself, expected another name`,
    `无法导入事实“${name}”：该事实由系统为每条授信维护，应使用其他名称`,
  );
}

function unreadableBounds(problems: Problems, declaration: FactDeclaration, path: string): void {
  const found = `${declaration.minimum ?? "-"} / ${declaration.maximum ?? "-"}`;
  problems.add(
    "excess-digits",
    path,
    `Cannot read bounds of "${declaration.name}": found ${found}, expected numbers with at most the declared decimals`,
    `无法读取“${declaration.name}”的上下限：发现 ${found}，小数位不得超过声明的位数`,
  );
}

function undeclared(problems: Problems, name: string, path: string): void {
  problems.add(
    "unknown-name",
    path,
    `Cannot import fact "${name}": found no entry in the dictionary, expected its type there`,
    `无法导入事实“${name}”：事实字典中没有该项，应先声明其类型`,
  );
}

function unmapped(problems: Problems, name: string): void {
  problems.add(
    "missing-field",
    "/facts",
    `Cannot import fact "${name}": found it in the dictionary only, expected its column or derivation under facts`,
    `无法导入事实“${name}”：仅出现在事实字典中，应在 facts 下给出其列或算法`,
  );
}

function checkIgnored(
  ignore: readonly string[],
  columns: ReadonlySet<string>,
  problems: Problems,
): void {
  ignore.forEach((column, index) => {
    if (!columns.has(column)) return;
    problems.add(
      "duplicate-id",
      pointer("/ignore", index),
      `Cannot ignore column ${shown(column)}: the mapping reads it, expected one or the other`,
      `无法忽略列 ${shown(column)}：映射已使用该列，二者只能取其一`,
    );
  });
}
