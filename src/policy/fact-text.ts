// Fact values as people and files write them: decimal text in the declared unit, true or false, an enum
// value, a date. One reader for import files, golden cases and the strategy document itself.

import {
  type BusinessDate,
  dateOfDay,
  parseBusinessDate,
  parseDayNumber,
} from "../domain/calendar.ts";
import type { FactDeclaration, FactValue } from "../domain/facts.ts";
import { type Currency, decimalText, scaledInteger } from "../domain/money.ts";
import type { Text } from "../domain/text.ts";
import { declaredType, domainOf, type OperandType, valueText } from "./operand.ts";
import { shown } from "./problem.ts";

/** A value read from text, or why it cannot be one. */
export type FactRead = Readonly<{ value: FactValue }> | Readonly<{ problem: Text }>;

/**
 * Reads one fact from its text, e.g. "0.55", "12000.00", "true", "east", "2026-01-31". Refuses text that is
 * not of the type, has more decimals than declared, or lies outside the declared bounds or values.
 */
export function readFactText(
  declaration: FactDeclaration,
  currency: Currency,
  text: string,
): FactRead {
  const type = declaredType(declaration, currency);
  if (type === null) return refuse(text, "a fact with readable bounds", "上下限可读的事实");
  switch (type.kind) {
    case "boolean":
      return text === "true" || text === "false"
        ? { value: text === "true" }
        : refuse(text, "true or false", "true 或 false");
    case "date":
      return readDate(text);
    case "enum":
      return type.values.includes(text)
        ? { value: text }
        : refuse(text, `one of ${type.values.join(", ")}`, `以下之一：${type.values.join("、")}`);
    case "number":
    case "money":
      return readNumber(text, type);
  }
}

function readDate(text: string): FactRead {
  const date = parseBusinessDate(text);
  return date === null
    ? refuse(text, "a date written YYYY-MM-DD", "YYYY-MM-DD 格式的日期")
    : { value: date };
}

function readNumber(
  text: string,
  type: Extract<OperandType, { kind: "number" | "money" }>,
): FactRead {
  const value = scaledInteger(text, type.scale);
  if (value === null) {
    return refuse(
      text,
      `a number with at most ${type.scale} decimals`,
      `最多 ${type.scale} 位小数的数字`,
    );
  }
  if (value >= type.low && value <= type.high) return { value };
  const range = `${decimalText(type.low, type.scale)} … ${decimalText(type.high, type.scale)}`;
  return refuse(text, `a number within ${range}`, `${range} 之间的数字`);
}

function refuse(text: string, en: string, zh: string): FactRead {
  return {
    problem: { en: `found ${shown(text)}, expected ${en}`, zh: `发现 ${shown(text)}，应为${zh}` },
  };
}

/** Writes a fact value as {@link readFactText} reads it; null for the unknown value. */
export function writeFactText(
  declaration: FactDeclaration,
  currency: Currency,
  value: FactValue,
): string | null {
  if (value === null) return null;
  const type = declaredType(declaration, currency);
  if (typeof value !== "number" || type === null) return String(value);
  return type.kind === "number" || type.kind === "money"
    ? decimalText(value, type.scale)
    : String(value);
}

/**
 * The integer that stands for a fact value in a run: scaled number, index of the enum value, 0 or 1, day
 * number. NaN for null; undefined when the value is not of the type or outside its bounds.
 */
export function encodeFact(
  value: FactValue | undefined,
  type: OperandType,
  codes: ReadonlyMap<string, number> | null,
): number | undefined {
  if (value === null || value === undefined) return Number.NaN;
  switch (type.kind) {
    case "number":
    case "money":
      return typeof value === "number" &&
        Number.isSafeInteger(value) &&
        value >= type.low &&
        value <= type.high
        ? value
        : undefined;
    case "boolean":
      return typeof value === "boolean" ? Number(value) : undefined;
    case "enum":
      return typeof value === "string" ? codes?.get(value) : undefined;
    case "date": {
      return parseDayNumber(value) ?? undefined;
    }
  }
}

/** The fact value that an integer of a run stands for: the inverse of {@link encodeFact}. */
export function decodeFact(code: number, type: OperandType): FactValue {
  if (Number.isNaN(code)) return null;
  switch (type.kind) {
    case "number":
    case "money":
      return code;
    case "boolean":
      return code === 1;
    case "enum":
      return type.values[code] ?? null;
    case "date":
      return dateOfDay(code) satisfies BusinessDate;
  }
}

/** The declared range or list of values, for messages. */
export function rangeText(type: OperandType): string {
  if (type.kind === "enum") return type.values.join(", ");
  const { bounds } = domainOf(type, false);
  return `${valueText(bounds[0] ?? 0, type)} … ${valueText(bounds.at(-1) ?? 0, type)}`;
}
