// A checked mapping: every column, code and operation of the document resolved and typed, so that nothing
// about the mapping itself can go wrong while rows are read.

import type { BusinessDate } from "../domain/calendar.ts";
import type { LineStatus } from "../domain/credit-line.ts";
import type { IdentityField } from "../domain/customer.ts";
import type { FactDeclaration } from "../domain/facts.ts";
import type { Currency, Rounding } from "../domain/money.ts";
import type { Language, Text } from "../domain/text.ts";
import type { FormatPart } from "./mapping-document.ts";

/** The format with its defaults filled in. */
export type FileFormat = Required<FormatPart>;

/** The same for every row, or a column with what its codes mean; `values` null: the cell is the value. */
export type Given<T> =
  | Readonly<{ fixed: T }>
  | Readonly<{ column: string; values: ReadonlyMap<string, T> | null; otherwise: T | null }>;

/** What an expression gives: whole minor units of the line's currency, or an integer scaled by 10^scale. */
export type ValueType = Readonly<{ kind: "money" }> | Readonly<{ kind: "number"; scale: number }>;

/** An integer expression with its type. Bounds and constants are decimal text in the type's unit. */
export type Expression = Readonly<{ type: ValueType }> &
  (
    | Readonly<{ op: "name"; name: string }>
    | Readonly<{ op: "cell"; column: string }>
    | Readonly<{ op: "constant"; value: string }>
    | Readonly<{ op: "sum" | "difference" | "max" | "min" | "ifNull"; of: readonly Expression[] }>
    | Readonly<{ op: "product"; of: Expression; by: number }>
    | Readonly<{ op: "mean"; of: readonly Expression[]; rounding: Rounding }>
    | Readonly<{ op: "ratio"; of: Expression; by: Expression; rounding: Rounding }>
    | Readonly<{ op: "clamp"; of: Expression; minimum: string | null; maximum: string | null }>
  );

/** A value that a code stands for; numbers and money as decimal text, read at the line's currency. */
export type Meant = string | boolean | null;

/** Where a fact's value comes from. */
export type FactSource =
  | Readonly<{
      from: "column";
      column: string;
      values: ReadonlyMap<string, Meant> | null;
      /** undefined: a code that is not listed is refused */
      otherwise: Meant | undefined;
    }>
  | Readonly<{ from: "expression"; expression: Expression }>
  | Readonly<{
      from: "lookup";
      of: string;
      values: readonly Readonly<{ code: string; meant: Meant }>[];
      otherwise: Meant | undefined;
    }>
  | Readonly<{
      from: "bucket";
      of: Expression;
      starts: readonly string[];
      values: readonly Meant[];
    }>;

/** One fact of the dictionary and how it is made. In document order: a fact reads only those before it. */
export type FactRule = Readonly<{ declaration: FactDeclaration; source: FactSource }>;

export type Mapping = Readonly<{
  id: string;
  label: Text;
  format: FileFormat;
  portfolio: string;
  product: Given<string>;
  jurisdiction: Given<string>;
  currency: Given<Currency>;
  asOf: Given<BusinessDate>;
  language: Given<Language>;
  status: Given<LineStatus>;
  /** columns of the line's own fields; null: not in the file */
  line: Readonly<{
    customerReference: string;
    lineReference: string;
    limit: string;
    drawn: string | null;
    pending: string | null;
    openedOn: string | null;
  }>;
  identity: readonly Readonly<{ field: IdentityField; column: string }>[];
  facts: readonly FactRule[];
  /** every column that is read */
  columns: readonly string[];
  /** columns that are knowingly not read */
  ignore: readonly string[];
}>;
