// Expressions of a mapping as functions of a row: whole numbers only, exact or not at all. An unknown operand
// makes the result unknown; a result outside the safe integers is NaN, which the caller refuses.

import type { FactValue } from "../domain/facts.ts";
import {
  type Currency,
  currencyExponents,
  mulDiv,
  type Rounding,
  scaledInteger,
} from "../domain/money.ts";
import type { Expression, FileFormat, ValueType } from "./mapping.ts";
import {
  amountForm,
  type CellReader,
  type Column,
  type NumberForm,
  numberReader,
  type RowInProgress,
} from "./read-cell.ts";

/** What names stand for in one row, by slot: limit, drawn, pending, then the facts made so far. */
export type Slots = readonly FactValue[];

/** The value in the expression's type; null: unknown; NaN: not a safe integer. */
export type Evaluate = (row: RowInProgress, slots: Slots) => number | null;

/** What expressions need of the file and of the row's currency. */
export type Setting = Readonly<{
  format: FileFormat;
  currency: Currency;
  columnOf: (name: string) => Column;
  slotOf: (name: string) => number;
}>;

/** Decimals that a type keeps in a currency. */
export function scaleOf(type: ValueType, currency: Currency): number {
  return type.kind === "money" ? currencyExponents[currency] : type.scale;
}

/** Compiles an expression for one currency. */
export function compileExpression(expression: Expression, setting: Setting): Evaluate {
  switch (expression.op) {
    case "name": {
      const slot = setting.slotOf(expression.name);
      return (_, slots) => (slots[slot] ?? null) as number | null;
    }
    case "cell":
      return compileCell(expression.column, expression.type, setting);
    case "constant": {
      const scale = scaleOf(expression.type, setting.currency);
      const value = scaledInteger(expression.value, scale) ?? Number.NaN;
      return () => value;
    }
    case "product": {
      const of = compileExpression(expression.of, setting);
      const { by } = expression;
      return (row, slots) => knownOr(of(row, slots), (value) => exact(value * by));
    }
    case "ratio":
      return compileRatio(expression, setting);
    case "clamp":
      return compileClamp(expression, setting);
    case "mean":
    case "sum":
    case "difference":
    case "max":
    case "min":
    case "ifNull":
      return compileMany(expression, setting);
  }
}

function compileCell(column: string, type: ValueType, setting: Setting): Evaluate {
  const { format, currency, columnOf } = setting;
  const anything = Number.MAX_SAFE_INTEGER;
  const form: NumberForm =
    type.kind === "money"
      ? amountForm(format, currency, -anything, anything)
      : plainForm(type.scale, -anything, anything);
  const read: CellReader<number> = numberReader(format, columnOf(column), form);
  return (row) => read(row) ?? null;
}

/** The form of plain numbers with a scale. */
export function plainForm(scale: number, low: number, high: number): NumberForm {
  return {
    scale,
    low,
    high,
    expected: {
      en: `a number with at most ${scale} decimals`,
      zh: `最多 ${scale} 位小数的数字`,
    },
  };
}

type Many = Extract<Expression, { of: readonly Expression[] }>;

function compileMany(expression: Many, setting: Setting): Evaluate {
  const of = expression.of.map((one) => compileExpression(one, setting));
  if (expression.op === "ifNull") return (row, slots) => firstKnown(of, row, slots);
  const fold = expression.op === "mean" ? meanOf(expression.rounding) : folds[expression.op];
  return (row, slots) => {
    const values: number[] = [];
    for (const one of of) {
      const value = one(row, slots);
      if (value === null) return null;
      values.push(value);
    }
    return fold(values);
  };
}

function firstKnown(of: readonly Evaluate[], row: RowInProgress, slots: Slots): number | null {
  for (const one of of) {
    const value = one(row, slots);
    if (value !== null) return value;
  }
  return null;
}

type Fold = (values: readonly number[]) => number;

const folds: Readonly<Record<"sum" | "difference" | "max" | "min", Fold>> = {
  sum: exactSum,
  difference: ([left = Number.NaN, right = Number.NaN]) => exact(left - right),
  max: (values) => Math.max(...values),
  min: (values) => Math.min(...values),
};

function meanOf(rounding: Rounding): Fold {
  return (values) => divided(exactSum(values), 1, values.length, rounding);
}

type Ratio = Extract<Expression, { op: "ratio" }>;
type Clamp = Extract<Expression, { op: "clamp" }>;

// (of / 10^a) / (by / 10^b) at scale s is of × 10^(s + b − a) / by, in one division and one rounding.
function compileRatio(expression: Ratio, setting: Setting): Evaluate {
  const of = compileExpression(expression.of, setting);
  const by = compileExpression(expression.by, setting);
  const { currency } = setting;
  const shift =
    scaleOf(expression.type, currency) +
    scaleOf(expression.by.type, currency) -
    scaleOf(expression.of.type, currency);
  const multiplier = 10 ** Math.max(0, shift);
  const divisor = 10 ** Math.max(0, -shift);
  return (row, slots) => {
    const above = of(row, slots);
    const below = by(row, slots);
    if (above === null || below === null || below <= 0) return null;
    return divided(above, multiplier, exact(below * divisor), expression.rounding);
  };
}

function compileClamp(expression: Clamp, setting: Setting): Evaluate {
  const of = compileExpression(expression.of, setting);
  const scale = scaleOf(expression.type, setting.currency);
  const bound = (text: string | null, otherwise: number): number =>
    text === null ? otherwise : (scaledInteger(text, scale) ?? Number.NaN);
  const low = bound(expression.minimum, -Number.MAX_SAFE_INTEGER);
  const high = bound(expression.maximum, Number.MAX_SAFE_INTEGER);
  return (row, slots) => knownOr(of(row, slots), (value) => Math.min(high, Math.max(low, value)));
}

function knownOr(value: number | null, then: (value: number) => number): number | null {
  return value === null ? null : then(value);
}

function exact(value: number): number {
  return Number.isSafeInteger(value) ? value : Number.NaN;
}

function exactSum(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum = exact(sum + value);
  return sum;
}

function divided(value: number, by: number, divisor: number, rounding: Rounding): number {
  if (Number.isNaN(value) || Number.isNaN(divisor)) return Number.NaN;
  try {
    return mulDiv(value, by, divisor, rounding);
  } catch (error) {
    // The quotient does not fit; anything else is a bug.
    if (error instanceof RangeError) return Number.NaN;
    throw error;
  }
}
