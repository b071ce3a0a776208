// Dates and durations inside an expression: day numbers and whole days or months, with the range that they cannot leave, so
// that every date on the way is one that FEEL's calendar has.

import type { ArithmeticSign } from "./feel/ast.ts";
import { dayNames, monthNames } from "./feel/built-ins-temporal.ts";
import { refuse, type Span } from "./feel/feel-problem.ts";
import { type DateCall, dateCall } from "./date-calls.ts";
import {
  type Builder,
  called,
  computed,
  constantNumber,
  type DateValue,
  type DurationValue,
  mismatch,
  type NumberValue,
  type Scalar,
  type TextValue,
} from "./typed-steps.ts";

export type Dated = DateValue | DurationValue;

export function isDated(value: Scalar): value is Dated {
  return value.kind === "date" || isDuration(value);
}

export function isDuration(value: Scalar): value is DurationValue {
  return value.kind === "days" || value.kind === "months";
}

/** The whole number behind a date or a duration. */
export function wholeOf({ at, nullable, low, high }: Dated): NumberValue {
  return { kind: "number", scale: 0, at, nullable, low, high };
}

/** A whole number as the kind that it was. */
export function asDated(
  kind: Dated["kind"],
  { at, nullable, low, high }: Omit<NumberValue, "kind" | "scale">,
  span: Span,
): Dated {
  const [least, most] = kind === "date" ? daysKnown : kind === "months" ? monthsKnown : everything;
  if (low >= least && high <= most) return { kind, at, nullable, low, high };
  return refuse(
    "type-mismatch",
    span,
    "Cannot use expression: found dates that can leave the years -99999 to 99999, expected a minimum and maximum on the facts that they are computed from",
    "无法使用表达式：日期可能超出公元前 99999 年至 99999 年，应为参与计算的事实声明上下限",
  );
}

const mostYears = 99_999;
const everything = [-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] as const;
const monthsKnown = [-24 * mostYears, 24 * mostYears] as const;
const daysKnown = [
  dateCall("date")(-mostYears, 1, 1),
  dateCall("date")(mostYears, 12, 31),
] as const;

/** Sums, differences and multiples of dates and durations (DMN 1.5 tables 48-50); null where the kinds have none. */
export function datedArithmetic(
  builder: Builder,
  sign: ArithmeticSign,
  left: Scalar,
  right: Scalar,
  span: Span,
): Dated | null {
  if (sign === "*") {
    if (isDuration(left) && right.kind === "number") return times(builder, left, right, span);
    return isDuration(right) && left.kind === "number" ? times(builder, right, left, span) : null;
  }
  if (!isDated(left) || !isDated(right) || (sign !== "+" && sign !== "-")) return null;
  if (sign === "+" && right.kind === "date") {
    return left.kind === "date" ? null : shifted(builder, right, left, sign, span);
  }
  if (left.kind === "date" && right.kind !== "date")
    return shifted(builder, left, right, sign, span);
  if (left.kind !== right.kind) return null;
  const op = sign === "+" ? "add" : "subtract";
  const made = computed(builder, op, wholeOf(left), wholeOf(right), span);
  return asDated(left.kind === "date" ? "days" : left.kind, made, span);
}

function times(builder: Builder, of: DurationValue, by: NumberValue, span: Span): Dated {
  if (by.scale === 0) {
    return asDated(of.kind, computed(builder, "multiply", wholeOf(of), by, span), span);
  }
  return mismatch(span, `a duration times a number with ${by.scale} decimals`, {
    en: "a duration times a whole number",
    zh: "时长乘以整数",
  });
}

/** A date so much later or earlier; months keep the day, or take the month's last. */
function shifted(
  builder: Builder,
  date: DateValue,
  by: DurationValue,
  sign: "+" | "-",
  span: Span,
): Dated {
  const op = sign === "+" ? "add" : "subtract";
  if (by.kind === "days") {
    return asDated("date", computed(builder, op, wholeOf(date), wholeOf(by), span), span);
  }
  const later = sign === "+" ? by : negatedDuration(builder, by, span);
  const add = dateCall("add months");
  const made = called(builder, "add months", [date, later], span);
  const ends = { low: add(date.low, later.low), high: add(date.high, later.high) };
  return asDated("date", { ...made, ...ends }, span);
}

/** `-duration` */
export function negatedDuration(builder: Builder, of: DurationValue, span: Span): DurationValue {
  const zero = constantNumber(builder, 0, 0, span);
  const made = computed(builder, "subtract", zero, wholeOf(of), span);
  return { ...of, at: made.at, low: made.low, high: made.high };
}

type Part = Readonly<{ call: DateCall; ends: (of: Dated) => readonly [number, number] }>;

const years = ({ low, high }: Dated) => [dateCall("year")(low), dateCall("year")(high)] as const;
const within = (low: number, high: number) => () => [low, high] as const;

/** What stands behind a dot, by the kind before it (DMN 1.5 tables 60-66), and functions that say the same of a date. */
const parts: Readonly<Record<string, Readonly<Record<string, Part>>>> = {
  date: {
    year: { call: "year", ends: years },
    month: { call: "month", ends: within(1, 12) },
    day: { call: "day", ends: within(1, 31) },
    weekday: { call: "weekday", ends: within(1, 7) },
  },
  months: {
    years: {
      call: "years of months",
      ends: ({ low, high }) => [Math.trunc(low / 12) + 0, Math.trunc(high / 12) + 0],
    },
    months: { call: "months of months", ends: within(-11, 11) },
  },
};

const datePartFunctions: Readonly<Record<string, Part>> = {
  "day of year": { call: "day of year", ends: within(1, 366) },
  "week of year": { call: "week of year", ends: within(1, 53) },
  "last day of month": { call: "last day of month", ends: within(28, 31) },
};

function partAt(builder: Builder, of: Dated, { call, ends }: Part, span: Span): NumberValue {
  const [low, high] = ends(of);
  return { kind: "number", scale: 0, low, high, ...called(builder, call, [of], span) };
}

/** `opened.year`, `(asOf - opened).days`, `years and months duration(opened, asOf).years` */
export function memberOf(builder: Builder, of: Scalar, member: string, span: Span): NumberValue {
  if (of.kind === "days" && member === "days") return wholeOf(of);
  const known = Object.hasOwn(parts, of.kind) ? parts[of.kind]! : {};
  const part = Object.hasOwn(known, member) ? known[member] : undefined;
  if (part !== undefined && isDated(of)) return partAt(builder, of, part, span);
  return mismatch(span, `.${member} of ${of.kind}`, {
    en: "year, month, day or weekday of a date, days of a difference of dates, years or months of a duration",
    zh: "日期的 year、month、day、weekday，日期差的 days，或时长的 years、months",
  });
}

/** Functions over dates that are no constants; null for any other name. */
export function dateFunction(
  builder: Builder,
  name: string,
  given: readonly Scalar[],
  span: Span,
): Scalar | null {
  const [first, second] = given;
  if (first?.kind === "date" && given.length === 1) {
    if (name === "date") return first;
    const part = Object.hasOwn(datePartFunctions, name) ? datePartFunctions[name] : undefined;
    if (part !== undefined) return partAt(builder, first, part, span);
    if (name === "day of week") return named(builder, first, "weekday", dayNames, span);
    return name === "month of year" ? named(builder, first, "month", monthNames, span) : null;
  }
  if (name === "years and months duration" && first?.kind === "date" && second?.kind === "date") {
    const between = dateCall("months between");
    const ends = { low: between(first.high, second.low), high: between(first.low, second.high) };
    const made = called(builder, "months between", [first, second], span);
    return given.length === 2 ? asDated("months", { ...made, ...ends }, span) : null;
  }
  return name === "date" ? dateOfParts(builder, given, span) : null;
}

function named(
  builder: Builder,
  date: DateValue,
  member: string,
  values: readonly string[],
  span: Span,
): TextValue {
  const place = memberOf(builder, date, member, span);
  const one = constantNumber(builder, 1, 0, span);
  const { at, nullable } = computed(builder, "subtract", place, one, span);
  return { kind: "text", at, nullable, values };
}

/** `date(year, month, day)`: unknown where there is no such day. */
function dateOfParts(builder: Builder, given: readonly Scalar[], span: Span): Dated | null {
  const whole = given.filter((one) => one.kind === "number" && one.scale === 0) as NumberValue[];
  if (given.length !== 3 || whole.length !== 3) return null;
  const [year] = whole;
  const bounded = Math.max(-year!.low, year!.high) <= mostYears;
  const [low, high] = bounded
    ? [dateCall("date")(year!.low, 1, 1), dateCall("date")(year!.high, 12, 31)]
    : everything;
  const { at } = called(builder, "date", whole, span);
  return asDated("date", { at, nullable: true, low, high }, span);
}
