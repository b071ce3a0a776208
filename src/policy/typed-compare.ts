// Comparison of values inside an expression: two of one kind, a text with the enumeration on the other side, and null only
// by `=` and `!=`.

import type { ComparisonSign } from "./feel/ast.ts";
import { refuse, type Span } from "./feel/feel-problem.ts";
import type { OperandType } from "./operand.ts";
import {
  aligned,
  type BooleanValue,
  type Builder,
  constantAt,
  constantBoolean,
  isKnown,
  mismatch,
  negated,
  ordered,
  same,
  type Scalar,
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
  const [a, b] = comparable(builder, left, right, span);
  if (sign === "=") return same(builder, a, b, span);
  if (a.kind === "boolean" || a.kind === "enum") {
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
  if (other.kind === "text") return constantBoolean(builder, false, span);
  return negated(builder, isKnown(builder, other, span), span);
}

type Comparable = Exclude<Scalar, { kind: "text" | "null" }>;

function isTyped(value: Scalar): value is Comparable {
  return value.kind !== "text" && value.kind !== "null";
}

/** Two values of one kind; a text becomes the value of the enumeration on the other side. */
export function comparable(
  builder: Builder,
  left: Scalar,
  right: Scalar,
  span: Span,
): readonly [Comparable, Comparable] {
  if (left.kind === "number" && right.kind === "number") return aligned(builder, left, right, span);
  if (left.kind === "text" && right.kind === "enum") {
    return [valueOf(builder, left.text, right.type, span), right];
  }
  if (left.kind === "enum" && right.kind === "text") {
    return [left, valueOf(builder, right.text, left.type, span)];
  }
  const fits =
    left.kind === right.kind &&
    (left.kind !== "enum" || right.kind !== "enum" || left.type === right.type);
  if (fits && isTyped(left) && isTyped(right)) return [left, right];
  return mismatch(span, `${left.kind} against ${right.kind}`, {
    en: "two values of one type",
    zh: "同一类型的两个值",
  });
}

function valueOf(
  builder: Builder,
  text: string,
  type: Extract<OperandType, { kind: "enum" }>,
  span: Span,
): Comparable {
  const place = type.values.indexOf(text);
  if (place < 0) {
    const listed = type.values.slice(0, 12).map((value) => JSON.stringify(value));
    return refuse(
      "undeclared-value",
      span,
      `Cannot use expression: found ${JSON.stringify(text)}, expected one of ${listed.join(", ")}`,
      `无法使用表达式：发现 ${JSON.stringify(text)}，应为以下之一：${listed.join("、")}`,
    );
  }
  return { kind: "enum", type, at: constantAt(builder, place, span), nullable: false };
}
