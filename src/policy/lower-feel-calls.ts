// How the functions that an expression of a strategy may call become steps: arithmetic of a stated scale, one value of a list
// whose length is known, parts of dates, and what is asked of FEEL beforehand.

import type { Expression } from "./feel/ast.ts";
import { refuse, type Span } from "./feel/feel-problem.ts";
import {
  anyBoolean,
  anyNumber,
  booleanIn,
  boundedList,
  type FeelPlace,
  joinedAll,
  numberIn,
  scalarIn,
} from "./feel-place.ts";
import {
  both,
  type BooleanValue,
  type Builder,
  chosenNumber,
  computed,
  constantNumber,
  divided,
  extreme,
  type ListItem,
  mismatch,
  negated,
  type NumberValue,
  ordered,
  rounded,
  type Scalar,
  type Typed,
} from "./typed-steps.ts";
import { callableNames } from "./strategy-functions.ts";
import { asDated, type Dated, dateFunction, isDated, isDuration, wholeOf } from "./typed-dates.ts";
import { askedOfFeel, constantOfFeel, isConstant } from "./typed-feel.ts";
import type { Rounding } from "../domain/money.ts";

type Call = Expression & Readonly<{ kind: "call" }>;

const roundings: Readonly<Record<string, Rounding>> = {
  decimal: "half-even",
  floor: "down",
  ceiling: "up",
};

/** Reads a call. */
export function callOf(place: FeelPlace, tree: Call): Typed {
  const name = tree.target.kind === "name" ? tree.target.name : "";
  const given = tree.arguments.map(({ value }) => value);
  const { builder, run } = place;
  if (callableNames.includes(name) && tree.arguments.every((one) => one.name === null)) {
    const rounding = Object.hasOwn(roundings, name) ? roundings[name] : undefined;
    if (rounding !== undefined) return roundedCall(place, tree, name, given, rounding);
    if (name === "abs" && given.length === 1) return absolute(place, given[0]!, tree.span);
    if (name === "not" && given.length === 1) {
      return negated(builder, booleanIn(place, given[0]!), tree.span);
    }
    const joined = listCall(place, name, given, tree.span);
    if (joined !== null) return joined;
    if (isConstant(tree)) return constantOfFeel(builder, run, tree);
    const values = given.map((one) => scalarIn(place, one));
    const said =
      dateFunction(builder, name, values, tree.span) ??
      askedOfFeel(builder, run, name, values, tree.span);
    return said ?? tooMany(name, values, tree.span);
  }
  return refuse(
    "unsupported",
    tree.span,
    `Cannot use expression: found ${name === "" ? "a call" : `${name}(…)`}, expected one of ${callableNames.join(", ")} with its values in order`,
    `无法使用表达式：发现${name === "" ? "调用" : ` ${name}(…)`}，可用函数为 ${callableNames.join("、")}，参数按顺序给出`,
  );
}

function tooMany(name: string, values: readonly Scalar[], span: Span): never {
  const kinds = values.map(({ kind }) => kind).join(", ");
  return mismatch(span, `${name}(${kinds})`, {
    en: "the values that the function takes, each a text, true or false, or a number of few values",
    zh: "该函数接受的参数，且均为文本、真假值或取值不多的数字",
  });
}

/** `decimal(n, d)`, `floor(n)`, `ceiling(n, d)`; a quotient may stand inside, and nowhere else. */
function roundedCall(
  place: FeelPlace,
  tree: Call,
  name: string,
  [of, digits]: readonly Expression[],
  rounding: Rounding,
): NumberValue {
  const { builder } = place;
  const text =
    digits === undefined && name !== "decimal" ? "0" : digits?.kind === "number" ? digits.text : "";
  if (of === undefined || tree.arguments.length > 2 || !/^\d$/.test(text)) {
    return mismatch(tree.span, `${name}(…)`, {
      en: `${name}(number, decimals) with 0 to 9 decimals written as a digit`,
      zh: `${name}(数值, 小数位)，小数位写作 0 至 9 的数字`,
    });
  }
  const scale = Number(text);
  if (of.kind !== "arithmetic" || of.sign !== "/") {
    return rounded(builder, numberIn(place, of), scale, rounding, tree.span);
  }
  const [left, right] = [scalarIn(place, of.left), scalarIn(place, of.right)];
  const durations = isDuration(left) && isDuration(right) && left.kind === right.kind;
  const [over, under] = durations
    ? [wholeOf(left), wholeOf(right)]
    : [anyNumber(builder, left, of.left.span), anyNumber(builder, right, of.right.span)];
  return divided(builder, over, under, scale, rounding, tree.span);
}

function absolute(place: FeelPlace, tree: Expression, span: Span): NumberValue {
  const { builder } = place;
  const value = numberIn(place, tree);
  const zero = constantNumber(builder, 0, 0, span);
  return extreme(
    builder,
    "greatest",
    value,
    computed(builder, "subtract", zero, value, span),
    span,
  );
}

/** Functions over a list, given as one or as its items. */
function listCall(
  place: FeelPlace,
  name: string,
  given: readonly Expression[],
  span: Span,
): Typed | null {
  const items = (): readonly ListItem[] => itemsOf(place, given, span);
  const { builder } = place;
  switch (name) {
    case "count":
      return counted(builder, items(), span);
    case "sum":
      return summed(builder, items(), span);
    case "min":
    case "max":
      return outermost(builder, items(), name === "min" ? "least" : "greatest", span);
    case "all":
    case "any":
      return joinedItems(builder, items(), name === "all" ? "and" : "or", span);
    default:
      return null;
  }
}

function itemsOf(place: FeelPlace, given: readonly Expression[], span: Span): readonly ListItem[] {
  const values = given.map((one) => place.lower(place, one));
  const [only] = values;
  if (values.length === 1 && only?.kind === "list") return only.items;
  return boundedList(
    values.map((value): ListItem => {
      if (value.kind !== "list") return { value, present: null };
      return mismatch(
        span,
        "lists in a list",
        { en: "a list of values", zh: "取值列表" },
        "列表的列表",
      );
    }),
    span,
  ).items;
}

function counted(builder: Builder, items: readonly ListItem[], span: Span): NumberValue {
  return items.reduce(
    (count, { present }) => {
      const one = constantNumber(builder, 1, 0, span);
      const more = present === null ? one : asNumber(present);
      return computed(builder, "add", count, more, span);
    },
    constantNumber(builder, 0, 0, span),
  );
}

function asNumber({ at, nullable }: BooleanValue): NumberValue {
  return { kind: "number", at, nullable, scale: 0, low: 0, high: 1 };
}

/** True where any item counts; null where the list always has one. */
function someCount(builder: Builder, items: readonly ListItem[], span: Span): BooleanValue | null {
  if (items.some(({ present }) => present === null)) return null;
  const zero = constantNumber(builder, 0, 0, span);
  return ordered(builder, "below", zero, counted(builder, items, span), span);
}

/** Unknown for a list without items, as in FEEL. */
function unlessEmpty(
  builder: Builder,
  items: readonly ListItem[],
  value: NumberValue,
  span: Span,
): NumberValue {
  const some = someCount(builder, items, span);
  const unknown = anyNumber(builder, { kind: "null" }, span);
  const same = { ...unknown, scale: value.scale, low: value.low, high: value.high };
  return some === null ? value : chosenNumber(builder, some, value, same, span);
}

function summed(builder: Builder, items: readonly ListItem[], span: Span): NumberValue {
  const zero = constantNumber(builder, 0, 0, span);
  const sum = items.reduce((left, { value, present }) => {
    const number = anyNumber(builder, value, span);
    const more = present === null ? number : chosenNumber(builder, present, number, zero, span);
    return computed(builder, "add", left, more, span);
  }, zero);
  return unlessEmpty(builder, items, sum, span);
}

/** The smallest or the largest item, of dates and durations too; one that does not count leaves the other as it is. */
function outermost(
  builder: Builder,
  items: readonly ListItem[],
  op: "least" | "greatest",
  span: Span,
): NumberValue | Dated {
  type Found = Readonly<{ value: NumberValue; present: BooleanValue | null }>;
  const kinds = new Set(items.map(({ value }) => value.kind));
  const dated = items.map(({ value }) => value).find(isDated);
  const kind = kinds.size === 1 && dated !== undefined ? dated.kind : "number";
  const found = items.reduce<Found | null>((left, { value, present }) => {
    const isOf = isDated(value) && value.kind === kind;
    const number = isOf ? wholeOf(value) : anyNumber(builder, value, span);
    if (left === null) return { value: number, present };
    const joined = extreme(builder, op, left.value, number, span);
    const withLeft =
      left.present === null ? joined : chosenNumber(builder, left.present, joined, number, span);
    if (present === null) return { value: withLeft, present: null };
    const either = left.present === null ? null : both(builder, "or", left.present, present, span);
    const kept = chosenNumber(builder, present, withLeft, left.value, span);
    return { value: kept, present: either };
  }, null);
  if (found === null) return anyNumber(builder, { kind: "null" }, span);
  const value = unlessEmpty(builder, items, found.value, span);
  return kind === "number" ? value : asDated(kind, value, span);
}

/** `all` and `any` over the items that count. */
function joinedItems(
  builder: Builder,
  items: readonly ListItem[],
  op: "and" | "or",
  span: Span,
): BooleanValue {
  const parts = items.map(({ value, present }): BooleanValue => {
    const held = anyBoolean(builder, value, span);
    if (present === null) return held;
    return op === "or"
      ? both(builder, "and", present, held, span)
      : both(builder, "or", negated(builder, present, span), held, span);
  });
  return joinedAll(builder, op, parts, span);
}
