// What FEEL says about values that are few is asked of FEEL itself, once for each of them, when the strategy is read; a line
// then only looks its place up. So texts, which are enumerated facts and constants, know every function of FEEL, and no
// function is written twice.

import { decimalText } from "../domain/money.ts";
import { builtIns } from "./feel/built-ins.ts";
import { compileExpression } from "./feel/compile.ts";
import { calculate } from "./feel/arithmetic.ts";
import { type Expression, partsOf } from "./feel/ast.ts";
import { type FeelProblem, refuse, type Span } from "./feel/feel-problem.ts";
import { FeelBudgetError, type Run } from "./feel/run.ts";
import { emptyScope } from "./feel/scope.ts";
import { dayNumber, nanosPerDay } from "./feel/temporal.ts";
import {
  feelNumber,
  type FeelValue,
  isNumber,
  type FeelNumber,
  kindNames,
  kindOf,
  ofKind,
} from "./feel/value.ts";
import {
  type BooleanValue,
  type Builder,
  chosen,
  computed,
  constantAt,
  constantNumber,
  isKnown,
  mismatch,
  type NumberValue,
  picked,
  ranged,
  type Scalar,
  type TextValue,
  type Typed,
} from "./typed-steps.ts";
import { asDated } from "./typed-dates.ts";

/** Most values, and most combinations of values, that FEEL is asked about. */
const mostAsked = 5_000;

/** One of few values by its place, which is always known. */
type Few = Readonly<{ at: number; count: number; valueAt: (place: number) => FeelValue }>;

/** A value as one of few; null where it can be too many. */
function fewOf(builder: Builder, value: Typed, span: Span): Few | null {
  switch (value.kind) {
    case "null":
      return { at: constantAt(builder, 0, span), count: 1, valueAt: () => null };
    case "text":
      return orUnknown(builder, value, value.values.length, (at) => value.values[at]!, span);
    case "boolean":
      return orUnknown(builder, value, 2, (at) => at === 1, span);
    case "number": {
      const { low, high, scale } = value;
      if (high - low >= mostAsked) return null;
      const from = constantNumber(builder, low, 0, span);
      const place = computed(builder, "subtract", { ...value, scale: 0 }, from, span);
      const valueAt = (at: number): FeelValue => feelNumber(decimalText(low + at, scale));
      return orUnknown(builder, place, high - low + 1, valueAt, span);
    }
    default:
      return null;
  }
}

/** The unknown value gets a place of its own, because FEEL may have an answer to null. */
function orUnknown(
  builder: Builder,
  value: NumberValue | TextValue | BooleanValue,
  count: number,
  valueAt: Few["valueAt"],
  span: Span,
): Few {
  if (!value.nullable) return { at: value.at, count, valueAt };
  const last = constantNumber(builder, count, 0, span);
  const at = chosen(builder, isKnown(builder, value, span), value, last, span);
  return { at, count: count + 1, valueAt: (place) => (place === count ? null : valueAt(place)) };
}

/** A call of a built-in function of FEEL; null where an argument can have too many values. */
export function askedOfFeel(
  builder: Builder,
  run: Run,
  name: string,
  given: readonly Typed[],
  span: Span,
): Scalar | null {
  const work = builtIns.get(name)!;
  return asked(builder, run, given, (values) => work.call(run, values), span);
}

/** Two texts one after the other. */
export function joinedTexts(
  builder: Builder,
  run: Run,
  left: TextValue,
  right: TextValue,
  span: Span,
): Scalar {
  const join = ([one = null, other = null]: readonly FeelValue[]): FeelValue =>
    one === null || other === null ? null : calculate(run, "+", one, other);
  return asked(builder, run, [left, right], join, span)!;
}

/** A part of an expression that reads nothing: its value is known now. */
export function constantOfFeel(builder: Builder, run: Run, tree: Expression): Scalar {
  const told = run.problems.length;
  const said = within(tree.span, () => compileExpression(tree)(run, emptyScope));
  const why = run.problems[told];
  return typedOf(builder, constantAt(builder, 0, tree.span), [said], tree.span, why);
}

/** Whether a part names nothing but functions. */
export function isConstant(tree: Expression): boolean {
  if (tree.kind === "name") return false;
  const inner = tree.kind === "call" ? tree.arguments.map(({ value }) => value) : partsOf(tree);
  const callee = tree.kind === "call" && tree.target.kind === "name" ? tree.target.name : null;
  const knows = tree.kind !== "call" || (callee !== null && builtIns.has(callee));
  return knows && inner.every(isConstant);
}

function asked(
  builder: Builder,
  run: Run,
  given: readonly Typed[],
  work: (values: readonly FeelValue[]) => FeelValue,
  span: Span,
): Scalar | null {
  const few = given.map((one) => fewOf(builder, one, span));
  if (few.some((one) => one === null)) return null;
  const known = few as readonly Few[];
  const count = known.reduce((product, one) => product * one.count, 1);
  if (count > mostAsked) {
    return refuse(
      "too-large",
      span,
      `Cannot use expression: found ${count} combinations of values, expected at most ${mostAsked}`,
      `无法使用表达式：取值组合有 ${count} 种，最多 ${mostAsked} 种`,
    );
  }
  const told = run.problems.length;
  const said = combinations(known).map((values) => within(span, () => work(values)));
  return typedOf(builder, placeOf(builder, known, span), said, span, run.problems[told]);
}

/** Every way to take one value of each, the last one changing fastest. */
function combinations(few: readonly Few[]): readonly (readonly FeelValue[])[] {
  return few.reduce<readonly (readonly FeelValue[])[]>(
    (some, { count, valueAt }) => {
      const values = Array.from({ length: count }, (_, at) => valueAt(at));
      return some.flatMap((one) => values.map((value) => [...one, value]));
    },
    [[]],
  );
}

/** The place of the combination that a line has. */
function placeOf(builder: Builder, few: readonly Few[], span: Span): number {
  const place = few.reduce<NumberValue | null>((left, { at, count }) => {
    if (count === 1) return left;
    const own = { at, nullable: false, scale: 0, low: 0, high: count - 1 } as const;
    const right: NumberValue = { kind: "number", ...own };
    if (left === null) return right;
    const size = constantNumber(builder, count, 0, span);
    const before = computed(builder, "multiply", left, size, span);
    return computed(builder, "add", before, right, span);
  }, null);
  return place?.at ?? constantAt(builder, 0, span);
}

function within(span: Span, work: () => FeelValue): FeelValue {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof FeelBudgetError)) throw error;
    const { en, zh } = error.problem.message;
    return refuse("too-large", span, en, zh);
  }
}

/** What FEEL said, by place, as a value of the kind that all of it has; `why` is the first null's reason. */
function typedOf(
  builder: Builder,
  place: number,
  said: readonly FeelValue[],
  span: Span,
  why: FeelProblem | undefined,
): Scalar {
  const known = said.filter((one) => one !== null);
  const kinds = new Set(known.map(kindOf));
  const [kind] = kinds;
  if (kind === undefined) return nothingKnown(why, span);
  const at = (encode: (value: NonNullable<FeelValue>) => number): number => {
    const values = said.map((one) => (one === null ? Number.NaN : encode(one)));
    const [only] = values;
    return values.length === 1
      ? constantAt(builder, only!, span)
      : picked(builder, place, values, span);
  };
  const nullable = known.length < said.length;
  if (kinds.size === 1) {
    switch (kind) {
      case "string": {
        const values = [...new Set(known as readonly string[])];
        return { kind: "text", at: at((one) => values.indexOf(one as string)), nullable, values };
      }
      case "boolean":
        return { kind: "boolean", at: at((one) => (one === true ? 1 : 0)), nullable };
      case "number":
        return numberOf(known as readonly FeelNumber[], at, nullable, span);
      case "date":
      case "days-time":
      case "years-months":
        return datedOf(known, at, nullable, span);
      default:
    }
  }
  const names = [...kinds].map((one) => kindNames[one]).join(", ");
  return mismatch(span, names, {
    en: "a number, text, true or false, date or duration",
    zh: "数字、文本、真假值、日期或时长",
  });
}

function nothingKnown(problem: FeelProblem | undefined, span: Span): never {
  const why = problem?.message;
  return refuse(
    "type-mismatch",
    span,
    `Cannot use expression: found null for whatever value${why === undefined ? "" : ` (${why.en})`}, expected a value`,
    `无法使用表达式：无论取何值结果均为 null${why === undefined ? "" : `（${why.zh}）`}，应有取值`,
  );
}

type Encode = (encode: (value: NonNullable<FeelValue>) => number) => number;

function numberOf(
  known: readonly FeelNumber[],
  at: Encode,
  nullable: boolean,
  span: Span,
): NumberValue {
  const scale = Math.max(...known.map((one) => one.decimalPlaces()));
  const scaled = (one: FeelNumber): number => one.times(`1e${scale}`).toNumber();
  const place = at((one) => (isNumber(one) ? scaled(one) : Number.NaN));
  return ranged(span, place, nullable, scale, known.map(scaled));
}

function datedOf(known: readonly FeelValue[], at: Encode, nullable: boolean, span: Span): Scalar {
  const kind = ofKind(known[0]!, "date")
    ? "date"
    : ofKind(known[0]!, "days-time")
      ? "days"
      : "months";
  const whole = known.map((one) => wholeOf(one, span));
  const place = at((one) => wholeOf(one, span));
  const [low, high] = [Math.min(...whole), Math.max(...whole)];
  return asDated(kind, { at: place, nullable, low, high }, span);
}

/** A day number, or the days or months of a duration. */
function wholeOf(value: FeelValue, span: Span): number {
  if (ofKind(value, "date")) return dayNumber(value);
  if (ofKind(value, "years-months")) return value.months;
  if (ofKind(value, "days-time") && value.nanos % nanosPerDay === 0n) {
    return Number(value.nanos / nanosPerDay);
  }
  return mismatch(span, "a duration with hours", {
    en: "whole days, because facts are dated by the day",
    zh: "整天数，因为事实按天记日期",
  });
}
