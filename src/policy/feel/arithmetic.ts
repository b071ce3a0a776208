// Sums, differences, products, quotients and powers of FEEL values (DMN 1.5 §10.3.2.15, tables 48-51). What has no
// result is null with a reason: division by zero, overflow, kinds that do not go together.

import type { ArithmeticSign } from "./ast.ts";
import { nothing, type Run, spend, spendText } from "./run.ts";
import {
  addMonths,
  dateTimeAt,
  dayNumber,
  instantNanos,
  makeDateTime,
  makeDuration,
  makeMonths,
  nanosPerDay,
} from "./temporal.ts";
import type { FeelDate, FeelDateTime, FeelTemporal, FeelTime } from "./temporal-value.ts";
import {
  Decimal128,
  feelNumber,
  type FeelNumber,
  type FeelValue,
  isNumber,
  kindNames,
  kindOf,
  ofKind,
} from "./value.ts";

/** Steps that a power, root or logarithm costs. */
export const costlyNumber = 400;

/** `left sign right`. */
export function calculate(
  run: Run,
  sign: ArithmeticSign,
  left: FeelValue,
  right: FeelValue,
): FeelValue {
  spend(run, 1);
  if (left === null || right === null) {
    return nothing(
      run,
      `Cannot calculate ${sign}: one side is null`,
      `无法计算 ${sign}：其中一侧为 null`,
    );
  }
  if (isNumber(left) && isNumber(right)) return numbers(run, sign, left, right);
  if (sign === "+" && typeof left === "string" && typeof right === "string") {
    spendText(run, left.length + right.length);
    return left + right;
  }
  const value = temporal(sign, left, right);
  if (value !== undefined) return value ?? outOfRange(run);
  const kinds = `${kindNames[kindOf(left)]} ${sign} ${kindNames[kindOf(right)]}`;
  return nothing(run, `Cannot calculate: found ${kinds}`, `无法计算：${kinds}`);
}

/** `-value` */
export function negate(run: Run, value: FeelValue): FeelValue {
  spend(run, 1);
  if (isNumber(value)) return feelNumber(value.neg());
  if (ofKind(value, "years-months")) return makeMonths(-value.months);
  if (ofKind(value, "days-time")) return makeDuration(-value.nanos);
  const kind = kindNames[kindOf(value)];
  return nothing(
    run,
    `Cannot negate: found ${kind}, expected number or duration`,
    `无法取负：类型为 ${kind}`,
  );
}

function outOfRange(run: Run): null {
  return nothing(run, "Cannot calculate: the result is out of range", "无法计算：结果超出范围");
}

function numbers(run: Run, sign: ArithmeticSign, left: FeelNumber, right: FeelNumber): FeelValue {
  switch (sign) {
    case "+":
      return feelNumber(left.plus(right)) ?? outOfRange(run);
    case "-":
      return feelNumber(left.minus(right)) ?? outOfRange(run);
    case "*":
      return feelNumber(left.times(right)) ?? outOfRange(run);
    case "/":
      if (right.isZero())
        return nothing(run, "Cannot divide: the divisor is 0", "无法相除：除数为 0");
      return feelNumber(left.div(right)) ?? outOfRange(run);
    case "**":
      spend(run, costlyNumber);
      return power(left, right) ?? outOfRange(run);
  }
}

/** Powers whose size can be told beforehand are not calculated when they leave the number range. */
function power(left: FeelNumber, right: FeelNumber): FeelNumber | null {
  if (left.isZero() && right.isNegative() && !right.isZero()) return null;
  const exponent = right.toNumber();
  if (!left.isZero() && Math.abs(left.e * exponent) > 20_000)
    return left.e * exponent > 0 ? null : new Decimal128(0);
  return feelNumber(left.pow(right));
}

/** undefined where the kinds have no such operation, null where the result leaves the range. */
function temporal(
  sign: ArithmeticSign,
  left: FeelValue,
  right: FeelValue,
): FeelTemporal | FeelNumber | null | undefined {
  switch (sign) {
    case "+":
      return plus(left, right) ?? (isDuration(left) ? plus(right, left) : plus(left, right));
    case "-":
      return minus(left, right);
    case "*":
      return times(left, right) ?? times(right, left);
    case "/":
      return quotient(left, right);
    case "**":
      return undefined;
  }
}

function isDuration(value: FeelValue): boolean {
  return ofKind(value, "years-months") || ofKind(value, "days-time");
}

function plus(left: FeelValue, right: FeelValue): FeelTemporal | null | undefined {
  if (ofKind(right, "years-months")) {
    if (ofKind(left, "years-months")) return makeMonths(left.months + right.months);
    return ofKind(left, "date") || ofKind(left, "date-time")
      ? shiftMonths(left, right.months)
      : undefined;
  }
  if (!ofKind(right, "days-time")) return undefined;
  if (ofKind(left, "days-time")) return makeDuration(left.nanos + right.nanos);
  return shiftNanos(left, right.nanos);
}

function shiftMonths(left: FeelDate | FeelDateTime, months: number): FeelTemporal | null {
  if (left.kind === "date") return addMonths(left, months);
  const date = addMonths(left.date, months);
  return date === null ? null : makeDateTime(date, left.time);
}

function shiftNanos(left: FeelValue, nanos: bigint): FeelTemporal | null | undefined {
  if (ofKind(left, "date-time")) return dateTimeAt(instantNanos(left) + nanos, left.time.offset);
  if (ofKind(left, "date")) {
    return dateTimeAt(BigInt(dayNumber(left)) * nanosPerDay + nanos, null)?.date ?? null;
  }
  if (!ofKind(left, "time")) return undefined;
  const shifted = (BigInt(left.nanos) + nanos) % nanosPerDay;
  return { ...left, nanos: Number((shifted + nanosPerDay) % nanosPerDay) };
}

function minus(left: FeelValue, right: FeelValue): FeelTemporal | null | undefined {
  if (ofKind(right, "years-months")) return plus(left, { ...right, months: -right.months });
  if (ofKind(right, "days-time")) return plus(left, { ...right, nanos: -right.nanos });
  if (ofKind(left, "time") && ofKind(right, "time")) return differenceOfTimes(left, right);
  const [from, to] = [momentOf(right), momentOf(left)];
  if (from === null || to === null) return undefined;
  // A local and a zoned moment have no distance.
  const mixed = ofKind(left, "date-time") && ofKind(right, "date-time");
  if (mixed && (left.time.offset === null) !== (right.time.offset === null)) return null;
  return makeDuration(instantNanos(to) - instantNanos(from));
}

function differenceOfTimes(left: FeelTime, right: FeelTime): FeelTemporal | null {
  if ((left.offset === null) !== (right.offset === null)) return null;
  const nanos = ({ nanos, offset }: FeelTime): bigint =>
    BigInt(nanos) - BigInt(offset ?? 0) * 1_000_000_000n;
  return makeDuration(nanos(left) - nanos(right));
}

function momentOf(value: FeelValue): FeelDateTime | null {
  if (ofKind(value, "date-time")) return value;
  return ofKind(value, "date")
    ? makeDateTime(value, { kind: "time", nanos: 0, offset: null })
    : null;
}

function times(left: FeelValue, right: FeelValue): FeelTemporal | null | undefined {
  if (!isNumber(right)) return undefined;
  if (ofKind(left, "years-months")) return makeMonths(right.times(left.months).trunc().toNumber());
  if (ofKind(left, "days-time")) return durationOf(right.times(left.nanos.toString()));
  return undefined;
}

function quotient(left: FeelValue, right: FeelValue): FeelTemporal | FeelNumber | null | undefined {
  if (isNumber(right)) {
    if (right.isZero()) return isDuration(left) ? null : undefined;
    return times(left, new Decimal128(1).div(right));
  }
  if (ofKind(left, "years-months") && ofKind(right, "years-months")) {
    return right.months === 0 ? null : feelNumber(new Decimal128(left.months).div(right.months));
  }
  if (!ofKind(left, "days-time") || !ofKind(right, "days-time")) return undefined;
  if (right.nanos === 0n) return null;
  return feelNumber(new Decimal128(left.nanos.toString()).div(right.nanos.toString()));
}

function durationOf(nanos: FeelNumber): FeelTemporal | null {
  return nanos.abs().lessThan("1e27") ? makeDuration(BigInt(nanos.round().toFixed(0))) : null;
}
