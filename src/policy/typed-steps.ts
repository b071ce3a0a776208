// Building the steps of an expression: every value carries its type, its scale and the range that it cannot leave, so that
// what could leave the safe integers, or divide without saying how to round, is refused before any line is evaluated.

import type { Rounding } from "../domain/money.ts";
import type { Text } from "../domain/text.ts";
import { refuse, type Span } from "./feel/feel-problem.ts";
import type { DateCall } from "./date-calls.ts";
import type { JoinOp, StepIr } from "./expression.ts";

type At = Readonly<{ at: number; nullable: boolean }>;

/** A value inside an expression: the step that makes it, and what is known about it. */
export type NumberValue = At &
  Readonly<{
    kind: "number";
    scale: number;
    low: number;
    high: number;
    /** of a declared fact and of what is added or chosen among such; products and quotients have none that is known */
    unit?: string;
  }>;
export type BooleanValue = At & Readonly<{ kind: "boolean" }>;
export type DateValue = At & Readonly<{ kind: "date"; low: number; high: number }>;
/** a duration of whole days, or of whole months: FEEL keeps the two apart */
export type DurationValue = At & Readonly<{ kind: "days" | "months"; low: number; high: number }>;
/** one of a few texts, by its place among them: an enumerated fact, or a text as written */
export type TextValue = At & Readonly<{ kind: "text"; values: readonly string[] }>;
export type NullValue = Readonly<{ kind: "null" }>;
/** a list that is known in length; an item counts where `present` is true */
export type ListValue = Readonly<{ kind: "list"; items: readonly ListItem[] }>;
export type ListItem = Readonly<{ value: Scalar; present: BooleanValue | null }>;

export type Scalar = NumberValue | BooleanValue | DateValue | DurationValue | TextValue | NullValue;
export type Typed = Scalar | ListValue;

/** Most steps of one expression: what its lists are unrolled to counts. */
export const mostSteps = 2_000;
/** Most digits after the decimal point of anything on the way. */
const mostScale = 12;

/** Steps so far; equal steps are one. */
export type Builder = { readonly steps: StepIr[]; readonly known: Map<string, number> };

export function stepBuilder(): Builder {
  return { steps: [], known: new Map() };
}

function step(builder: Builder, made: StepIr, span: Span): number {
  const key = JSON.stringify(made, (_, value: unknown) =>
    typeof value === "number" && Number.isNaN(value) ? "NaN" : value,
  );
  const found = builder.known.get(key);
  if (found !== undefined) return found;
  if (builder.steps.length >= mostSteps) {
    refuse(
      "too-large",
      span,
      `Cannot use expression: found more than ${mostSteps} steps, expected fewer`,
      `无法使用表达式：超过 ${mostSteps} 步`,
    );
  }
  builder.known.set(key, builder.steps.length);
  return builder.steps.push(made) - 1;
}

/** What is wrong with a part of an expression: found and expected. */
export function mismatch(span: Span, found: string, expected: Text, foundZh = found): never {
  return refuse(
    "type-mismatch",
    span,
    `Cannot use expression: found ${found}, expected ${expected.en}`,
    `无法使用表达式：发现${foundZh}，应为${expected.zh}`,
  );
}

export function constantNumber(
  builder: Builder,
  value: number,
  scale: number,
  span: Span,
): NumberValue {
  const at = step(builder, { op: "constant", value }, span);
  return { kind: "number", at, nullable: false, scale, low: value, high: value };
}

export function constantBoolean(builder: Builder, value: boolean, span: Span): BooleanValue {
  const at = step(builder, { op: "constant", value: value ? 1 : 0 }, span);
  return { kind: "boolean", at, nullable: false };
}

/** A constant of whatever kind the position of a value has: a day, the place of an enumerated value, unknown. */
export function constantAt(builder: Builder, value: number, span: Span): number {
  return step(builder, { op: "constant", value }, span);
}

export function slotAt(builder: Builder, slot: number, span: Span): number {
  return step(builder, { op: "slot", slot }, span);
}

/** A number whose range is proved; refuses one that can leave the safe integers, or needs too many decimals. */
export function ranged(
  span: Span,
  at: number,
  nullable: boolean,
  scale: number,
  ends: readonly number[],
): NumberValue {
  const [low, high] = [Math.min(...ends) + 0, Math.max(...ends) + 0];
  if (scale <= mostScale && Number.isSafeInteger(low) && Number.isSafeInteger(high)) {
    return { kind: "number", at, nullable, scale, low, high };
  }
  return refuse(
    "type-mismatch",
    span,
    "Cannot use expression: found values that can leave ±(2^53 - 1) or take more than 12 decimals, expected a minimum and maximum on the facts, or decimal(…) around a product",
    "无法使用表达式：取值可能超出 ±(2^53 - 1) 或超过 12 位小数，应为相关事实声明上下限，或对乘积使用 decimal(…)",
  );
}

function join(builder: Builder, op: JoinOp, left: At, right: At, span: Span): number {
  return step(builder, { op, left: left.at, right: right.at }, span);
}

function inUnit(value: NumberValue, unit: string | undefined): NumberValue {
  return unit === undefined ? value : { ...value, unit };
}

/** The same number with more decimals; nothing is lost. */
export function withScale(
  builder: Builder,
  value: NumberValue,
  scale: number,
  span: Span,
): NumberValue {
  if (scale <= value.scale) return value;
  const factor = constantNumber(builder, 10 ** (scale - value.scale), 0, span);
  const at = join(builder, "multiply", value, factor, span);
  const ends = [value.low * factor.low, value.high * factor.low];
  return inUnit(ranged(span, at, value.nullable, scale, ends), value.unit);
}

/** Both with the decimals of the finer one. Refuses days against money. */
export function aligned(
  builder: Builder,
  left: NumberValue,
  right: NumberValue,
  span: Span,
): readonly [NumberValue, NumberValue] {
  if (left.unit !== undefined && right.unit !== undefined && left.unit !== right.unit) {
    mismatch(
      span,
      `${left.unit} and ${right.unit}`,
      {
        en: "values of one unit (a product has none, so that weighted values may be added)",
        zh: "同一单位的值（乘积不带单位，加权后可以相加）",
      },
      ` ${left.unit} 与 ${right.unit}`,
    );
  }
  const scale = Math.max(left.scale, right.scale);
  return [withScale(builder, left, scale, span), withScale(builder, right, scale, span)];
}

/** Sum, difference or product. */
export function computed(
  builder: Builder,
  op: "add" | "subtract" | "multiply",
  left: NumberValue,
  right: NumberValue,
  span: Span,
): NumberValue {
  const [a, b] = op === "multiply" ? [left, right] : aligned(builder, left, right, span);
  const apply = (x: number, y: number): number =>
    op === "add" ? x + y : op === "subtract" ? x - y : x * y;
  const ends = [a.low, a.high].flatMap((x) => [b.low, b.high].map((y) => apply(x, y)));
  const scale = op === "multiply" ? a.scale + b.scale : a.scale;
  const unit = op === "multiply" ? undefined : (a.unit ?? b.unit);
  const at = join(builder, op, a, b, span);
  return inUnit(ranged(span, at, a.nullable || b.nullable, scale, ends), unit);
}

/** The smaller or the larger of two; unknown where one of them is. */
export function extreme(
  builder: Builder,
  op: "least" | "greatest",
  left: NumberValue,
  right: NumberValue,
  span: Span,
): NumberValue {
  const [a, b] = aligned(builder, left, right, span);
  const pick = op === "least" ? Math.min : Math.max;
  const ends = [pick(a.low, b.low), pick(a.high, b.high)];
  const at = join(builder, op, a, b, span);
  return inUnit(ranged(span, at, a.nullable || b.nullable, a.scale, ends), a.unit ?? b.unit);
}

/** left ÷ right with so many decimals, rounded as stated; unknown where the divisor is 0. */
export function divided(
  builder: Builder,
  left: NumberValue,
  right: NumberValue,
  scale: number,
  rounding: Rounding,
  span: Span,
): NumberValue {
  const power = scale + right.scale - left.scale;
  const divisor = power >= 0 ? right : withScale(builder, right, right.scale - power, span);
  const by = 10 ** Math.max(0, power);
  const made = { op: "divide", left: left.at, right: divisor.at, by, rounding } as const;
  // The divisor nearest to 0 on either side makes the largest quotient.
  const divisors = [divisor.low, divisor.high, -1, 1].filter(
    (one) => one !== 0 && one >= divisor.low && one <= divisor.high,
  );
  const quotients = [left.low, left.high].flatMap((one) => divisors.map((of) => (one * by) / of));
  const ends = quotients.flatMap((one) => [Math.floor(one), Math.ceil(one)]);
  const byZero = divisor.low <= 0 && divisor.high >= 0;
  const nullable = left.nullable || divisor.nullable || byZero;
  return ranged(span, step(builder, made, span), nullable, scale, ends.length === 0 ? [0] : ends);
}

/** The number with at most so many decimals. */
export function rounded(
  builder: Builder,
  value: NumberValue,
  scale: number,
  rounding: Rounding,
  span: Span,
): NumberValue {
  if (value.scale <= scale) return withScale(builder, value, scale, span);
  const one = constantNumber(builder, 1, 0, span);
  return inUnit(divided(builder, value, one, scale, rounding, span), value.unit);
}

/** `<` and `<=` of two values of one order. */
export function ordered(
  builder: Builder,
  op: "below" | "at-most",
  left: At,
  right: At,
  span: Span,
): BooleanValue {
  const at = join(builder, op, left, right, span);
  return { kind: "boolean", at, nullable: left.nullable || right.nullable };
}

/** FEEL's `=`: never unknown. */
export function same(builder: Builder, left: At, right: At, span: Span): BooleanValue {
  return { kind: "boolean", at: join(builder, "same", left, right, span), nullable: false };
}

export function both(
  builder: Builder,
  op: "and" | "or",
  left: BooleanValue,
  right: BooleanValue,
  span: Span,
): BooleanValue {
  const at = join(builder, op, left, right, span);
  return { kind: "boolean", at, nullable: left.nullable || right.nullable };
}

export function negated(builder: Builder, of: BooleanValue, span: Span): BooleanValue {
  const one = constantBoolean(builder, true, span);
  return { ...of, at: step(builder, { op: "subtract", left: one.at, right: of.at }, span) };
}

export function isKnown(builder: Builder, of: At, span: Span): BooleanValue {
  return { kind: "boolean", at: step(builder, { op: "known", of: of.at }, span), nullable: false };
}

export function chosen(
  builder: Builder,
  test: BooleanValue,
  then: At,
  otherwise: At,
  span: Span,
): number {
  return step(builder, { op: "if", test: test.at, then: then.at, otherwise: otherwise.at }, span);
}

/** `if` over two numbers. */
export function chosenNumber(
  builder: Builder,
  test: BooleanValue,
  then: NumberValue,
  otherwise: NumberValue,
  span: Span,
): NumberValue {
  const [a, b] = aligned(builder, then, otherwise, span);
  const at = chosen(builder, test, a, b, span);
  const ends = [a.low, a.high, b.low, b.high];
  return inUnit(ranged(span, at, a.nullable || b.nullable, a.scale, ends), a.unit ?? b.unit);
}

/** The value at the place that a step gives; unknown where the value is, and where the place is unknown. */
export function picked(
  builder: Builder,
  of: number,
  values: readonly number[],
  span: Span,
): number {
  return step(builder, { op: "pick", of, values }, span);
}

/** What the calendar says to whole numbers; unknown where one of them is. */
export function called(
  builder: Builder,
  call: DateCall,
  of: readonly At[],
  span: Span,
): Readonly<{ at: number; nullable: boolean }> {
  const at = step(builder, { op: "call", call, of: of.map((one) => one.at) }, span);
  return { at, nullable: of.some((one) => one.nullable) };
}
