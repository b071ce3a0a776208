// The mapping document: how a lender's file of lines becomes lines, identities and facts. Only data: columns
// are named, values are looked up, facts are derived by a closed list of operations over whole numbers.

import type { IdentityField } from "../domain/customer.ts";
import type { FactDeclaration } from "../domain/facts.ts";
import type { Rounding } from "../domain/money.ts";
import type { Text } from "../domain/text.ts";
import {
  bilingual,
  integer,
  type JsonSchema,
  keyed,
  list,
  object,
  oneOf,
  optional,
  record,
  recursive,
  type Shape,
  string,
} from "../policy/shape.ts";
import { type Problems, shown } from "../policy/problem.ts";
import { fact } from "../policy/strategy-shape.ts";

/** The first field of every mapping; another version is refused. */
export const mappingFormat = "mapping/1";

/** "auto": told from the bytes; "gbk" is read as GB 18030, which contains it. */
export const encodings = ["auto", "utf-8", "utf-16", "gb18030", "gbk"] as const;
export const delimiters = [",", ";", "\t", "|"] as const;
export const quotes = ['"', "'", "none"] as const;
export const dateForms = [
  "YYYY-MM-DD",
  "YYYYMMDD",
  "YYYY/MM/DD",
  "DD/MM/YYYY",
  "MM/DD/YYYY",
] as const;

/** How the file writes things. "minor": amounts are whole minor units. Defaults: the first of each list. */
export type FormatPart = Readonly<{
  encoding?: (typeof encodings)[number];
  delimiter?: (typeof delimiters)[number];
  quote?: (typeof quotes)[number];
  decimal?: "." | ",";
  /** mark between groups of three digits */
  grouping?: "none" | "," | "." | " " | "'";
  amounts?: "major" | "minor";
  dates?: (typeof dateForms)[number];
}>;

/** A value as YAML holds it: text, whole number, true, false or null. */
export type Literal = string | number | boolean | null;

/** A column of the file; with `values`, the file's codes and what they mean. */
export type ColumnPart = Readonly<{
  column: string;
  values?: Readonly<Record<string, Literal>>;
  /** value of codes that `values` does not list; without it such a row is refused */
  otherwise?: Literal;
}>;

/** The same for every row, or read from a column. */
export type GivenPart = string | ColumnPart;

/** A fact above this one (or limit, drawn, pending), a whole number, or a derivation. */
export type OperandPart = string | number | DerivationPart;

type Bound = number | string;

/**
 * Integer operations; an unknown operand makes the result unknown. `money` and `number` read a column that is
 * no fact of its own. ratio: unknown when `by` ≤ 0; result is a number with `scale` decimals.
 */
export type DerivationPart =
  | Readonly<{ money: string }>
  | Readonly<{ number: string; scale?: number }>
  | Readonly<{ sum: readonly OperandPart[] }>
  | Readonly<{ difference: readonly OperandPart[] }>
  | Readonly<{ product: readonly OperandPart[] }>
  | Readonly<{ mean: Readonly<{ of: readonly OperandPart[]; rounding: Rounding }> }>
  | Readonly<{
      ratio: Readonly<{ of: OperandPart; by: OperandPart; scale: number; rounding: Rounding }>;
    }>
  | Readonly<{ max: readonly OperandPart[] }>
  | Readonly<{ min: readonly OperandPart[] }>
  | Readonly<{ clamp: Readonly<{ of: OperandPart; minimum?: Bound; maximum?: Bound }> }>
  | Readonly<{ ifNull: readonly OperandPart[] }>;

/** lookup: code of another fact → value. bucket: value n + 1 from start n on; one value more than starts. */
export type FactPart =
  | ColumnPart
  | DerivationPart
  | Readonly<{
      lookup: Readonly<{
        of: string;
        values: Readonly<Record<string, Literal>>;
        otherwise?: Literal;
      }>;
    }>
  | Readonly<{
      bucket: Readonly<{ of: OperandPart; starts: readonly Bound[]; values: readonly Literal[] }>;
    }>;

type PlainColumn = Readonly<{ column: string }>;

/** Columns of the line itself; only the two references and the limit must be there. */
export type LinePart = Readonly<{
  customerReference: PlainColumn;
  lineReference: PlainColumn;
  limit: PlainColumn;
  drawn?: PlainColumn;
  pending?: PlainColumn;
  openedOn?: PlainColumn;
  status?: GivenPart;
}>;

export type MappingDocument = Readonly<{
  tidemark: string;
  id: string;
  label: Text;
  format?: FormatPart;
  portfolio: string;
  product: GivenPart;
  jurisdiction: GivenPart;
  currency: GivenPart;
  asOf: GivenPart;
  language: GivenPart;
  line: LinePart;
  identity?: Readonly<Partial<Record<IdentityField, PlainColumn>>>;
  dictionary: readonly FactDeclaration[];
  facts: Readonly<Record<string, FactPart>>;
  ignore?: readonly string[];
}>;

const most = 1_000;

const name = string({
  pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
  maximum: 64,
  en: "a name of letters, digits, dots, hyphens and underscores, at most 64",
  zh: "由字母、数字、点、连字符或下划线组成、最多 64 个字符的名称",
});

const columnName = string({
  pattern: /^\S(?:[\s\S]*\S)?$/,
  maximum: 200,
  en: "the name of a column, as text (quote numbers)",
  zh: "列名文本（数字须加引号）",
});

const decimalText = /^[+-]?\d{1,16}(\.\d{1,9})?$/;
const rounding = oneOf<Rounding>(["down", "up", "half-even"]);
const scale = integer(0, 9);

const literal: Shape<Literal> = {
  schema: { type: ["string", "integer", "boolean", "null"] },
  read: (value, path, problems) => {
    const plain = value === null || typeof value === "string" || typeof value === "boolean";
    if (!plain && !Number.isSafeInteger(value)) refuse(problems, path, value, literalWords);
  },
};

const bound: Shape<Bound> = {
  schema: { type: ["integer", "string"] },
  read: (value, path, problems) => {
    const decimal = typeof value === "string" && decimalText.test(value);
    if (!decimal && !Number.isSafeInteger(value)) refuse(problems, path, value, boundWords);
  },
};

const literalWords: Text = {
  en: "text, a whole number, true, false or null (quote decimals)",
  zh: "文本、整数、true、false 或 null（小数须加引号）",
};
const boundWords: Text = {
  en: 'a whole number or a decimal as text, such as "0.5"',
  zh: "整数，或加引号的小数，如 “0.5”",
};
const operandWords: Text = {
  en: "the name of a fact, a whole number or an operation",
  zh: "事实名称、整数或运算",
};

function refuse(problems: Problems, path: string, value: unknown, expected: Text): void {
  problems.add(
    value === undefined ? "missing-field" : "type-mismatch",
    path,
    `Cannot read ${path}: found ${shown(value)}, expected ${expected.en}`,
    `无法读取 ${path}：发现 ${shown(value)}，应为${expected.zh}`,
  );
}

const codes = record(literal, /^[\s\S]{0,200}$/, most);
const plainColumn = object<PlainColumn>({ column: columnName });
const columnPart = object<ColumnPart>({
  column: columnName,
  values: optional(codes),
  otherwise: optional(literal),
});

const given: Shape<GivenPart> = {
  schema: { anyOf: [{ type: "string" }, columnPart.schema] },
  read: (value, path, problems) => {
    if (typeof value !== "string") columnPart.read(value, path, problems);
  },
};

const operand: Shape<OperandPart> & { readonly definition: () => JsonSchema } = recursive(
  "operand",
  () => ({
    schema: { anyOf: [{ type: ["string", "integer"] }, { oneOf: schemasOf(derivations()) }] },
    read: (value, path, problems) => {
      if (typeof value === "string" || Number.isSafeInteger(value)) return;
      if (typeof value !== "object") refuse(problems, path, value, operandWords);
      else keyed<DerivationPart>(derivations()).read(value, path, problems);
    },
  }),
);

const operands = list(operand, { minimum: 1, maximum: 100 });
const pair = list(operand, { minimum: 2, maximum: 2 });

type Form<Key extends string> = Extract<DerivationPart, Readonly<Record<Key, unknown>>>;

function derivations(): Readonly<Record<string, Shape<unknown>>> {
  return {
    money: object<Form<"money">>({ money: columnName }),
    number: object<Form<"number">>({ number: columnName, scale: optional(scale) }),
    sum: object<Form<"sum">>({ sum: operands }),
    difference: object<Form<"difference">>({ difference: pair }),
    product: object<Form<"product">>({ product: pair }),
    mean: object<Form<"mean">>({
      mean: object<Form<"mean">["mean"]>({ of: operands, rounding }),
    }),
    ratio: object<Form<"ratio">>({
      ratio: object<Form<"ratio">["ratio"]>({ of: operand, by: operand, scale, rounding }),
    }),
    max: object<Form<"max">>({ max: operands }),
    min: object<Form<"min">>({ min: operands }),
    clamp: object<Form<"clamp">>({
      clamp: object<Form<"clamp">["clamp"]>({
        of: operand,
        minimum: optional(bound),
        maximum: optional(bound),
      }),
    }),
    ifNull: object<Form<"ifNull">>({ ifNull: operands }),
  };
}

function schemasOf(forms: Readonly<Record<string, Shape<unknown>>>): readonly JsonSchema[] {
  return Object.values(forms).map((form) => form.schema);
}

type LookupPart = Extract<FactPart, { lookup: unknown }>;
type BucketPart = Extract<FactPart, { bucket: unknown }>;

const factPart = keyed<FactPart>({
  column: columnPart,
  ...derivations(),
  lookup: object<LookupPart>({
    lookup: object<LookupPart["lookup"]>({ of: name, values: codes, otherwise: optional(literal) }),
  }),
  bucket: object<BucketPart>({
    bucket: object<BucketPart["bucket"]>({
      of: operand,
      starts: list(bound, { minimum: 1, maximum: most }),
      values: list(literal, { minimum: 2, maximum: most }),
    }),
  }),
});

const formatPart = object<FormatPart>({
  encoding: optional(oneOf(encodings)),
  delimiter: optional(oneOf(delimiters)),
  quote: optional(oneOf(quotes)),
  decimal: optional(oneOf([".", ","] as const)),
  grouping: optional(oneOf(["none", ",", ".", " ", "'"] as const)),
  amounts: optional(oneOf(["major", "minor"] as const)),
  dates: optional(oneOf(dateForms)),
});

/** The shape of a whole mapping document. */
export const mappingShape: Shape<MappingDocument> = object<MappingDocument>({
  tidemark: oneOf<string>([mappingFormat]),
  id: name,
  label: bilingual(),
  format: optional(formatPart),
  portfolio: name,
  product: given,
  jurisdiction: given,
  currency: given,
  asOf: given,
  language: given,
  line: object<LinePart>({
    customerReference: plainColumn,
    lineReference: plainColumn,
    limit: plainColumn,
    drawn: optional(plainColumn),
    pending: optional(plainColumn),
    openedOn: optional(plainColumn),
    status: optional(given),
  }),
  identity: optional(
    object<NonNullable<MappingDocument["identity"]>>({
      name: optional(plainColumn),
      phone: optional(plainColumn),
      email: optional(plainColumn),
      address: optional(plainColumn),
      document: optional(plainColumn),
    }),
  ),
  dictionary: list(fact, { maximum: most }),
  facts: record(factPart, /^[a-z][A-Za-z0-9]{0,63}$/, most),
  ignore: optional(list(columnName, { maximum: most })),
});

/** The published JSON Schema (draft 2020-12) of mapping documents. */
export const mappingSchema: JsonSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: "urn:tidemark:schema:mapping:1",
  title: "Tidemark import mapping",
  ...mappingShape.schema,
  $defs: { operand: operand.definition() },
};
