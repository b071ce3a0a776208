// Built-in functions over numbers (DMN 1.5 table 78). All are exact in decimal128; roots, logarithms and powers pay
// what they cost.

import { costlyNumber } from "./arithmetic.ts";
import { type BuiltIn, builtIn, type Work } from "./built-in.ts";
import { nothing, type Run, spend } from "./run.ts";
import {
  Decimal128,
  feelNumber,
  type FeelNumber,
  type FeelValue,
  isNumber,
  ofKind,
} from "./value.ts";

const mostScale = 6_176;

function num(value: FeelValue | undefined): FeelNumber {
  return value !== undefined && isNumber(value ?? null) ? (value as FeelNumber) : new Decimal128(0);
}

/** Rounds at a scale; a negative scale rounds to tens, hundreds … */
function rounded(run: Run, given: readonly FeelValue[], mode: Decimal128Rounding): FeelValue {
  const [value, scale] = [num(given[0]), num(given[1]).trunc().toNumber()];
  if (Math.abs(scale) > mostScale) {
    return nothing(run, "Cannot round: the scale is out of range", "无法舍入：小数位数超出范围");
  }
  if (scale >= 0) return feelNumber(value.toDecimalPlaces(scale, mode));
  const unit = new Decimal128(10).pow(-scale);
  return feelNumber(value.div(unit).toDecimalPlaces(0, mode).times(unit));
}

type Decimal128Rounding = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;
const up = Decimal128.ROUND_UP;
const down = Decimal128.ROUND_DOWN;

const rounding =
  (mode: Decimal128Rounding): Work =>
  (run, given) =>
    rounded(run, given, mode);
const scaled = "n: number, scale: number";

function checked(run: Run, value: FeelNumber): FeelValue {
  return (
    feelNumber(value) ??
    nothing(run, "Cannot calculate: there is no such number", "无法计算：结果不存在")
  );
}

const modulo: Work = (run, given) => {
  const [dividend, divisor] = [num(given[0]), num(given[1])];
  if (divisor.isZero())
    return nothing(run, "Cannot take modulo: the divisor is 0", "无法取模：除数为 0");
  const quotient = dividend.div(divisor).floor();
  return checked(run, dividend.minus(divisor.times(quotient)));
};

const costly =
  (work: (value: FeelNumber) => FeelNumber, allowed: (value: FeelNumber) => boolean): Work =>
  (run, given) => {
    spend(run, costlyNumber);
    const value = num(given[0]);
    if (allowed(value)) return checked(run, work(value));
    return nothing(run, "Cannot calculate: the number is out of range", "无法计算：数字超出范围");
  };

const parity =
  (odd: boolean): Work =>
  (_, given) => {
    const value = num(given[0]);
    return value.isInteger() && value.mod(2).isZero() !== odd;
  };

const abs: Work = (_, [value = null]) => {
  if (ofKind(value, "years-months")) return { ...value, months: Math.abs(value.months) };
  if (ofKind(value, "days-time"))
    return { ...value, nanos: value.nanos < 0n ? -value.nanos : value.nanos };
  return feelNumber(num(value).abs());
};

export const numberFunctions: readonly BuiltIn[] = [
  builtIn("decimal", "number", [scaled, rounding(Decimal128.ROUND_HALF_EVEN)]),
  builtIn("floor", "number", ["n: number, scale?: number", rounding(Decimal128.ROUND_FLOOR)]),
  builtIn("ceiling", "number", ["n: number, scale?: number", rounding(Decimal128.ROUND_CEIL)]),
  builtIn("round up", "number", [scaled, rounding(up)]),
  builtIn("round down", "number", [scaled, rounding(down)]),
  builtIn("round half up", "number", [scaled, rounding(Decimal128.ROUND_HALF_UP)]),
  builtIn("round half down", "number", [scaled, rounding(Decimal128.ROUND_HALF_DOWN)]),
  builtIn("abs", "any", ["n: number|days and time duration|years and months duration", abs]),
  builtIn("modulo", "number", ["dividend: number, divisor: number", modulo]),
  builtIn("sqrt", "number", [
    "number: number",
    costly(
      (value) => value.sqrt(),
      (value) => !value.isNegative(),
    ),
  ]),
  builtIn("log", "number", [
    "number: number",
    costly(
      (value) => value.ln(),
      (value) => value.greaterThan(0),
    ),
  ]),
  builtIn("exp", "number", [
    "number: number",
    costly(
      (value) => value.exp(),
      (value) => value.abs().lessThan(14_150),
    ),
  ]),
  builtIn("odd", "boolean", ["number: number", parity(true)]),
  builtIn("even", "boolean", ["number: number", parity(false)]),
];
