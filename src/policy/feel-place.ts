// Where a part of a strategy's expression stands: the steps so far, the names it may read, and what a test around it says
// about them; and how a part is read as the kind of value that is wanted there.

import type { Expression } from "./feel/ast.ts";
import { refuse, type Span } from "./feel/feel-problem.ts";
import type { Run } from "./feel/run.ts";
import type { Operand } from "./operand.ts";
import {
  both,
  type BooleanValue,
  type Builder,
  constantAt,
  constantBoolean,
  type ListItem,
  type ListValue,
  mismatch,
  type NumberValue,
  type Scalar,
  type Typed,
} from "./typed-steps.ts";

/** What an expression is read against. */
export type FeelPlace = Readonly<{
  builder: Builder;
  /** what FEEL itself may still spend on this expression */
  run: Run;
  /** the operand of a name; throws a problem at the span where there is none */
  operand: (name: string, span: Span) => Operand;
  /** names that stand for one item of a list */
  locals: ReadonlyMap<string, Scalar>;
  /** operands that cannot be unknown here, because a test around says so */
  present: ReadonlySet<string>;
  /** reads a part of any kind */
  lower: (place: FeelPlace, tree: Expression) => Typed;
}>;

/** A value that is no list. */
export function scalarIn(place: FeelPlace, tree: Expression): Scalar {
  const value = place.lower(place, tree);
  if (value.kind !== "list") return value;
  return mismatch(tree.span, "a list", { en: "a single value", zh: "单个值" }, "列表");
}

/** The value as a number; null is an unknown one. */
export function anyNumber(builder: Builder, value: Typed, span: Span): NumberValue {
  if (value.kind === "number") return value;
  if (value.kind === "null") {
    const at = constantAt(builder, Number.NaN, span);
    return { kind: "number", at, nullable: true, scale: 0, low: 0, high: 0 };
  }
  return mismatch(span, value.kind, { en: "a number", zh: "数字" });
}

export function numberIn(place: FeelPlace, tree: Expression): NumberValue {
  return anyNumber(place.builder, place.lower(place, tree), tree.span);
}

/** The value as true or false; null is neither. */
export function anyBoolean(builder: Builder, value: Typed, span: Span): BooleanValue {
  if (value.kind === "boolean") return value;
  if (value.kind === "null") {
    return { kind: "boolean", at: constantAt(builder, Number.NaN, span), nullable: true };
  }
  return mismatch(span, value.kind, { en: "true or false", zh: "真假值" });
}

export function booleanIn(place: FeelPlace, tree: Expression): BooleanValue {
  return anyBoolean(place.builder, place.lower(place, tree), tree.span);
}

/** All of the parts, or any of them: true of none where all must hold. */
export function joinedAll(
  builder: Builder,
  op: "and" | "or",
  parts: readonly BooleanValue[],
  span: Span,
): BooleanValue {
  const [first, ...rest] = parts;
  if (first === undefined) return constantBoolean(builder, op === "and", span);
  return rest.reduce((left, right) => both(builder, op, left, right, span), first);
}

/** Most items of a list. */
const mostItems = 64;

/** A list of these items; refuses too many. */
export function boundedList(items: readonly ListItem[], span: Span): ListValue {
  if (items.length <= mostItems) return { kind: "list", items };
  return refuse(
    "too-large",
    span,
    `Cannot use expression: found a list of ${items.length} items, expected at most ${mostItems}`,
    `无法使用表达式：列表有 ${items.length} 项，最多 ${mostItems} 项`,
  );
}
