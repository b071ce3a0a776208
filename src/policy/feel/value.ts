// The values of FEEL (DMN 1.5 §10.3.2). Contexts are maps, never objects, so that no name can reach a prototype, and
// null is the answer to everything that has no other.

import { Decimal } from "decimal.js";
import type { Run } from "./run.ts";
import type { FeelTemporal } from "./temporal-value.ts";

/** IEEE 754 decimal128: 34 digits, half to even, exponents from -6143 to 6144. Own copy, so that nobody else's settings reach it. */
export const Decimal128 = Decimal.clone({
  precision: 34,
  rounding: Decimal.ROUND_HALF_EVEN,
  minE: -6_176,
  maxE: 6_144,
  toExpNeg: -6_177,
  toExpPos: 6_145,
  defaults: true,
});

export type FeelNumber = InstanceType<typeof Decimal>;
export type FeelRange = Readonly<{
  kind: "range";
  from: FeelValue;
  to: FeelValue;
  fromIncluded: boolean;
  toIncluded: boolean;
}>;
/** `call` gets one value for each parameter. `cost` is the depth of its body. */
export type FeelFunction = Readonly<{
  kind: "function";
  name: string;
  parameters: readonly string[];
  call: (run: Run, given: readonly FeelValue[]) => FeelValue;
  /** by name or position, for built-in functions with several signatures */
  invoke?: (run: Run, given: readonly NamedValue[]) => FeelValue;
}>;
export type NamedValue = Readonly<{ name: string | null; value: FeelValue }>;
export type FeelList = readonly FeelValue[];
export type FeelContext = ReadonlyMap<string, FeelValue>;

export type FeelValue =
  | null
  | boolean
  | string
  | FeelNumber
  | FeelList
  | FeelContext
  | FeelTemporal
  | FeelRange
  | FeelFunction;

export type FeelKind =
  | "null"
  | "boolean"
  | "string"
  | "number"
  | "list"
  | "context"
  | "date"
  | "time"
  | "date-time"
  | "years-months"
  | "days-time"
  | "range"
  | "function";

export function isNumber(value: FeelValue): value is FeelNumber {
  return value instanceof Decimal128;
}

export function isList(value: FeelValue): value is FeelList {
  return Array.isArray(value);
}

export function isContext(value: FeelValue): value is FeelContext {
  return value instanceof Map;
}

/** The kind of a value: the first thing every operation asks. */
export function kindOf(value: FeelValue): FeelKind {
  if (value === null) return "null";
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "string") return "string";
  if (isNumber(value)) return "number";
  if (isList(value)) return "list";
  if (isContext(value)) return "context";
  return value.kind;
}

export function ofKind<K extends FeelTemporal["kind"] | "range" | "function">(
  value: FeelValue,
  kind: K,
): value is Extract<FeelValue, { kind: K }> {
  return kindOf(value) === kind;
}

/** A number rounded to 34 digits; null where decimal128 has none (overflow, not a number). */
export function feelNumber(value: string | number | FeelNumber): FeelNumber | null {
  const exact = new Decimal128(value);
  if (!exact.isFinite()) return null;
  const rounded = exact.toSignificantDigits(34);
  return rounded.isZero() ? new Decimal128(0) : rounded;
}

/** Names of the kinds as FEEL writes them. */
export const kindNames: Readonly<Record<FeelKind, string>> = {
  null: "null",
  boolean: "boolean",
  string: "string",
  number: "number",
  list: "list",
  context: "context",
  date: "date",
  time: "time",
  "date-time": "date and time",
  "years-months": "years and months duration",
  "days-time": "days and time duration",
  range: "range",
  function: "function",
};
