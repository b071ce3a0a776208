// Comparison of values inside an expression: two of one kind, texts by code point, and null only by `=` and `!=`. A text as
// written that the other side can never be is taken for a slip and refused.

import type { ComparisonSign } from "./feel/ast.ts";
import { compareTexts } from "./feel/compare.ts";
import { refuse, type Span } from "./feel/feel-problem.ts";
import {
  aligned,
  type BooleanValue,
  type Builder,
  constantBoolean,
  isKnown,
  mismatch,
  negated,
  ordered,
  picked,
  same,
  type Scalar,
  type TextValue,
} from "./typed-steps.ts";

/** A comparison of two values of one kind; `=` and `!=` also with null. */
export function compared(
  builder: Builder,
  sign: ComparisonSign,
  left: Scalar,
  right: Scalar,
  span: Span,
): BooleanValue {
  if (sign === "!=") return negated(builder, compared(builder, "=", left, right, span), span);
  if (sign === ">" || sign === ">=") {
    return compared(builder, sign === ">" ? "<" : "<=", right, left, span);
  }
  if (left.kind === "null" || right.kind === "null")
    return againstNull(builder, sign, left, right, span);
  if (sign === "=" && left.kind === "text" && right.kind === "text") mustMeet(left, right, span);
  const [a, b] = comparable(builder, left, right, span);
  if (sign === "=") return same(builder, a, b, span);
  if (a.kind === "boolean") {
    return mismatch(span, `${sign} on ${a.kind}`, { en: "= or !=", zh: "= 或 !=" });
  }
  return ordered(builder, sign === "<" ? "below" : "at-most", a, b, span);
}

function againstNull(
  builder: Builder,
  sign: ComparisonSign,
  left: Scalar,
  right: Scalar,
  span: Span,
): BooleanValue {
  const other = left.kind === "null" ? right : left;
  if (sign !== "=")
    return mismatch(span, `${sign} null`, { en: "= null or != null", zh: "= null 或 != null" });
  if (other.kind === "null") return constantBoolean(builder, true, span);
  return negated(builder, isKnown(builder, other, span), span);
}

type Comparable = Exclude<Scalar, { kind: "null" }>;

/** Two values of one kind: numbers of one scale, texts of one list in their order. */
export function comparable(
  builder: Builder,
  left: Comparable,
  right: Comparable,
  span: Span,
): readonly [Comparable, Comparable] {
  if (left.kind === "number" && right.kind === "number") return aligned(builder, left, right, span);
  if (left.kind === "text" && right.kind === "text") {
    const values = [...new Set([...left.values, ...right.values])].toSorted(compareTexts);
    return [among(builder, left, values, span), among(builder, right, values, span)];
  }
  if (left.kind === right.kind) return [left, right];
  return mismatch(span, `${left.kind} against ${right.kind}`, {
    en: "two values of one type",
    zh: "同一类型的两个值",
  });
}

/** The text by its place in another list that has all of its values. */
export function among(
  builder: Builder,
  text: TextValue,
  values: readonly string[],
  span: Span,
): TextValue {
  const places = text.values.map((value) => values.indexOf(value));
  const kept = places.every((place, at) => place === at);
  return { ...text, values, at: kept ? text.at : picked(builder, text.at, places, span) };
}

const mostListed = 12;

/** Refuses two texts that are never equal, unless both are written out. */
function mustMeet(left: TextValue, right: TextValue, span: Span): void {
  const [few, many] = left.values.length <= right.values.length ? [left, right] : [right, left];
  if (many.values.length === 1 || few.values.some((value) => many.values.includes(value))) return;
  const [found, listed] = [few, many].map(({ values }) =>
    values.slice(0, mostListed).map((value) => JSON.stringify(value)),
  );
  refuse(
    "undeclared-value",
    span,
    `Cannot use expression: found ${found!.join(", ")}, expected one of ${listed!.join(", ")}`,
    `无法使用表达式：发现 ${found!.join("、")}，应为以下之一：${listed!.join("、")}`,
  );
}
