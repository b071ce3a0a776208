// Operands are what cells may test: facts, segment, grade, scores, table outputs and parts of the outcome.
// Each has a type with a finite integer range, so that every literal becomes one integer here and nothing is
// parsed when a line is evaluated.

import { dateOfDay, dayNumber, parseBusinessDate } from "../domain/calendar.ts";
import type { FactDeclaration } from "../domain/facts.ts";
import { type Currency, currencyExponents, decimalText, scaledInteger } from "../domain/money.ts";
import type { Text } from "../domain/text.ts";
import { type IntegerSet, interval, type Member } from "./integer-set.ts";
import type { Literal } from "./unary-test.ts";

/** Ranges are inclusive integers: scaled numbers, minor units, days since 1970, index of the enum value, 0 and 1. */
export type OperandType =
  | Readonly<{ kind: "number" | "money"; scale: number; low: number; high: number; unit?: string }>
  | Readonly<{ kind: "boolean" }>
  | Readonly<{ kind: "date" }>
  | Readonly<{ kind: "enum"; values: readonly string[]; labels: readonly Text[] }>;

/** One name that cells may test. */
export type Operand = Readonly<{
  name: string;
  /** index into the values of a run */
  slot: number;
  type: OperandType;
  /** whether it can be unknown */
  nullable: boolean;
  label: Text;
  /** facts that its value depends on */
  facts: ReadonlySet<string>;
  /** index of the table that makes it, or −1 */
  table: number;
  /** of an expression: the tables that it rests on */
  through: readonly number[];
  /** scorecard that makes it or that its bands are over, or null */
  score: string | null;
}>;

const firstDay = dayNumber(parseBusinessDate("0001-01-01")!);
const lastDay = dayNumber(parseBusinessDate("9999-12-31")!);

/** What a declaration of a fact or an output column says about its values. */
type Declared = Pick<FactDeclaration, "type" | "scale" | "minimum" | "maximum" | "values" | "unit">;

/** The type of a fact or output; null where minimum or maximum cannot be read at the scale. */
export function declaredType(declared: Declared, currency: Currency): OperandType | null {
  switch (declared.type) {
    case "boolean":
      return { kind: "boolean" };
    case "date":
      return { kind: "date" };
    case "enum": {
      const values = declared.values ?? [];
      return {
        kind: "enum",
        values: values.map((entry) => entry.value),
        labels: values.map((entry) => entry.label),
      };
    }
    case "number":
    case "money": {
      const scale = declared.type === "money" ? currencyExponents[currency] : (declared.scale ?? 0);
      const low = bound(declared.minimum, scale, -Number.MAX_SAFE_INTEGER);
      const high = bound(declared.maximum, scale, Number.MAX_SAFE_INTEGER);
      if (low === null || high === null) return null;
      const unit = declared.type === "money" ? "money" : declared.unit;
      const bounded = { kind: declared.type, scale, low, high };
      return unit === undefined ? bounded : { ...bounded, unit };
    }
  }
}

function bound(text: string | undefined, scale: number, otherwise: number): number | null {
  return text === undefined ? otherwise : scaledInteger(text, scale);
}

/** Every value that the type allows. */
export function domainOf(type: OperandType, nullable: boolean): IntegerSet {
  switch (type.kind) {
    case "number":
    case "money":
      return interval(type.low, type.high, nullable);
    case "boolean":
      return interval(0, 1, nullable);
    case "date":
      return interval(firstDay, lastDay, nullable);
    case "enum":
      return interval(0, type.values.length - 1, nullable);
  }
}

export type LiteralFault = "type-mismatch" | "undeclared-value" | "excess-digits";

/** The integer that a literal means for a type; null for `null`; else why it does not fit. */
export function literalValue(
  literal: Literal,
  type: OperandType,
): Readonly<{ value: Member } | { fault: LiteralFault }> {
  if (literal.kind === "null") return { value: null };
  switch (type.kind) {
    case "number":
    case "money": {
      if (literal.kind !== "number") return { fault: "type-mismatch" };
      const value = scaledInteger(literal.text.replace(/^(-?)\./, "$10."), type.scale);
      return value === null ? { fault: "excess-digits" } : { value };
    }
    case "boolean":
      return literal.kind === "boolean"
        ? { value: literal.value ? 1 : 0 }
        : { fault: "type-mismatch" };
    case "date": {
      const date = literal.kind === "date" ? parseBusinessDate(literal.text) : null;
      return date === null ? { fault: "type-mismatch" } : { value: dayNumber(date) };
    }
    case "enum": {
      if (literal.kind !== "string") return { fault: "type-mismatch" };
      const index = type.values.indexOf(literal.value);
      return index < 0 ? { fault: "undeclared-value" } : { value: index };
    }
  }
}

/** What a literal of the type looks like, for messages. */
export function literalHint(type: OperandType): Text {
  switch (type.kind) {
    case "number":
    case "money":
      return {
        en: `a number with at most ${type.scale} decimals`,
        zh: `最多 ${type.scale} 位小数的数字`,
      };
    case "boolean":
      return { en: "true or false", zh: "true 或 false" };
    case "date":
      return { en: 'a date such as date("2026-01-31")', zh: '日期，如 date("2026-01-31")' };
    case "enum": {
      const listed = type.values.slice(0, 12).map((value) => JSON.stringify(value));
      const more = type.values.length > 12 ? ", …" : "";
      return {
        en: `one of ${listed.join(", ")}${more}`,
        zh: `以下之一：${listed.join("、")}${more}`,
      };
    }
  }
}

/** A value as a cell would write it: `0.55`, `"east"`, `true`, `date("2026-01-31")`, `null`. */
export function valueText(value: Member, type: OperandType): string {
  if (value === null) return "null";
  switch (type.kind) {
    case "number":
    case "money":
      return decimalText(value, type.scale);
    case "boolean":
      return value === 1 ? "true" : "false";
    case "date":
      return `date("${dateOfDay(value)}")`;
    case "enum":
      return JSON.stringify(type.values[value] ?? "");
  }
}
