// FEEL of a strategy's expression node becomes steps over slots: arithmetic, comparison, logic, `if`, and lists whose
// length is known when the strategy is read, so that quantified and filter expressions are written out item by item.
// What FEEL leaves open is closed here: a quotient states its decimals and its rounding, and every range is proved.

import type { Expression } from "./feel/ast.ts";
import { refuse, type Span } from "./feel/feel-problem.ts";
import { anyNumber, booleanIn, type FeelPlace, joinedAll, scalarIn } from "./feel-place.ts";
import { callOf } from "./lower-feel-calls.ts";
import { filtered, listOf, looped, quantified } from "./lower-feel-lists.ts";
import { domainOf, type OperandType } from "./operand.ts";
import { comparable, compared } from "./typed-compare.ts";
import { datedArithmetic, isDated, isDuration, memberOf, negatedDuration } from "./typed-dates.ts";
import { constantOfFeel, isConstant, joinedTexts } from "./typed-feel.ts";
import { scaledInteger } from "../domain/money.ts";
import {
  both,
  type BooleanValue,
  type Builder,
  chosen,
  chosenNumber,
  computed,
  constantAt,
  constantBoolean,
  constantNumber,
  mismatch,
  type NumberValue,
  type Scalar,
  slotAt,
  type Typed,
} from "./typed-steps.ts";

/** Reads one part of an expression. Throws a FeelSyntaxError where it cannot be used. */
export function lowerFeel(place: FeelPlace, tree: Expression): Typed {
  const { builder } = place;
  const { span } = tree;
  switch (tree.kind) {
    case "number":
      return numberOf(builder, tree.text, span);
    case "boolean":
      return constantBoolean(builder, tree.value, span);
    case "string":
      return {
        kind: "text",
        at: constantAt(builder, 0, span),
        nullable: false,
        values: [tree.value],
      };
    case "null":
      return { kind: "null" };
    case "temporal":
      return constantOfFeel(builder, place.run, tree);
    case "name":
      return nameOf(place, tree.name, span);
    case "path":
      return pathOf(place, tree);
    case "negate":
      return negative(place, tree.of, span);
    case "arithmetic":
      return arithmetic(place, tree);
    case "comparison": {
      const [left, right] = [scalarIn(place, tree.left), scalarIn(place, tree.right)];
      return compared(builder, tree.sign, left, right, span);
    }
    case "between": {
      const [of, low, high] = [tree.of, tree.low, tree.high].map((one) => scalarIn(place, one));
      const above = compared(builder, ">=", of!, low!, span);
      return both(builder, "and", above, compared(builder, "<=", of!, high!, span), span);
    }
    case "in":
      return anyTest(place, scalarIn(place, tree.of), tree.tests, span);
    case "and":
    case "or":
      return logic(place, tree.kind, tree.parts, span);
    case "if":
      return conditional(place, tree);
    case "some":
    case "every":
      return quantified(place, tree.kind, tree.iterations, tree.satisfies, span);
    case "list":
      return listOf(place, tree.items, span);
    case "for":
      return looped(place, tree.iterations, tree.result, span);
    case "filter":
      return filtered(place, tree.of, tree.by, span);
    case "call":
      return callOf(place, tree);
    default:
      return refuse(
        "unsupported",
        span,
        `Cannot use expression: found ${tree.kind}, expected arithmetic, comparison, logic, if, lists or one of the functions of strategies`,
        `无法使用表达式：不支持 ${tree.kind}，可用算术、比较、逻辑、if、列表以及策略函数`,
      );
  }
}

function negative(place: FeelPlace, of: Expression, span: Span): Scalar {
  const { builder } = place;
  const value = scalarIn(place, of);
  if (isDuration(value)) return negatedDuration(builder, value, span);
  const zero = constantNumber(builder, 0, 0, span);
  return computed(builder, "subtract", zero, anyNumber(builder, value, of.span), span);
}

function numberOf(builder: Builder, text: string, span: Span): NumberValue {
  const scale = /^\d*\.(\d+)$/.exec(text)?.[1]?.length ?? 0;
  const value = /e/i.test(text) ? null : scaledInteger(text.replace(/^\./, "0."), scale);
  if (value === null) {
    return mismatch(span, text, {
      en: "a number written out, within ±(2^53 - 1)",
      zh: "写全的数字，且在 ±(2^53 - 1) 之内",
    });
  }
  return constantNumber(builder, value, scale, span);
}

function nameOf(place: FeelPlace, name: string, span: Span): Scalar {
  const local = place.locals.get(name);
  if (local !== undefined) return local;
  const { type, slot, nullable: open } = place.operand(name, span);
  const nullable = open && !place.present.has(name);
  return typedSlot(type, slotAt(place.builder, slot, span), nullable);
}

function typedSlot(type: OperandType, at: number, nullable: boolean): Scalar {
  switch (type.kind) {
    case "number":
    case "money":
      return { ...type, kind: "number", at, nullable };
    case "boolean":
      return { kind: "boolean", at, nullable };
    case "date": {
      const { bounds } = domainOf(type, false);
      // A fact may be dated in the year 0, which cells do not know.
      return { kind: "date", at, nullable, low: bounds[0]! - 366, high: bounds.at(-1)! };
    }
    case "enum":
      return { kind: "text", at, nullable, values: type.values };
  }
}

/** `(asOf - opened).days`, `opened.month`; of constants also parts that only times have. */
function pathOf(place: FeelPlace, tree: Expression & Readonly<{ kind: "path" }>): Scalar {
  const { builder, run } = place;
  if (isConstant(tree)) return constantOfFeel(builder, run, tree);
  return memberOf(builder, scalarIn(place, tree.of), tree.member, tree.span);
}

function arithmetic(place: FeelPlace, tree: Expression & Readonly<{ kind: "arithmetic" }>): Scalar {
  const { builder } = place;
  const { span } = tree;
  const [left, right] = [scalarIn(place, tree.left), scalarIn(place, tree.right)];
  const dated = datedArithmetic(builder, tree.sign, left, right, span);
  if (dated !== null) return dated;
  if (tree.sign === "+" && left.kind === "text" && right.kind === "text") {
    return joinedTexts(builder, place.run, left, right, span);
  }
  const operands = [
    anyNumber(builder, left, tree.left.span),
    anyNumber(builder, right, tree.right.span),
  ] as const;
  switch (tree.sign) {
    case "+":
      return computed(builder, "add", ...operands, span);
    case "-":
      return computed(builder, "subtract", ...operands, span);
    case "*":
      return computed(builder, "multiply", ...operands, span);
    default:
      return refuse(
        "unsupported",
        span,
        `Cannot use expression: found ${tree.sign} alone, expected decimal(a / b, decimals), floor(a / b) or ceiling(a / b), because a quotient needs its decimals and its rounding`,
        `无法使用表达式：单独使用 ${tree.sign}，应写为 decimal(a / b, 小数位)、floor(a / b) 或 ceiling(a / b)，商须写明小数位与取整方式`,
      );
  }
}

/** Whether one of the tests after `in` holds. */
function anyTest(
  place: FeelPlace,
  of: Scalar,
  tests: readonly Expression[],
  span: Span,
): BooleanValue {
  const held = tests.map((test): BooleanValue => {
    const { builder } = place;
    if (test.kind === "test") {
      return compared(builder, test.sign, of, scalarIn(place, test.operand), test.span);
    }
    if (test.kind !== "range") return oneOf(place, of, lowerFeel(place, test), test.span);
    const { from, to, fromIncluded, toIncluded } = test;
    const ends = [
      ...(from === null
        ? []
        : [compared(builder, fromIncluded ? ">=" : ">", of, scalarIn(place, from), test.span)]),
      ...(to === null
        ? []
        : [compared(builder, toIncluded ? "<=" : "<", of, scalarIn(place, to), test.span)]),
    ];
    return joinedAll(builder, "and", ends, test.span);
  });
  return joinedAll(place.builder, "or", held, span);
}

function oneOf(place: FeelPlace, of: Scalar, value: Typed, span: Span): BooleanValue {
  if (value.kind !== "list") return compared(place.builder, "=", of, value, span);
  const each = value.items.map((item) => {
    const equal = compared(place.builder, "=", of, item.value, span);
    return item.present === null ? equal : both(place.builder, "and", item.present, equal, span);
  });
  return joinedAll(place.builder, "or", each, span);
}

function logic(
  place: FeelPlace,
  kind: "and" | "or",
  parts: readonly Expression[],
  span: Span,
): BooleanValue {
  return joinedAll(
    place.builder,
    kind,
    parts.map((part) => booleanIn(place, part)),
    span,
  );
}

/** Operands that cannot be unknown where the test is true, or where it is not. */
function presentAfter(test: Expression, held: boolean): readonly string[] {
  switch (test.kind) {
    case "and":
      return held ? test.parts.flatMap((part) => presentAfter(part, true)) : [];
    case "or":
      return held ? [] : test.parts.flatMap((part) => presentAfter(part, false));
    case "between":
      return held ? namesIn([test.of]) : [];
    case "comparison": {
      const { sign, left, right } = test;
      const sides = [left, right];
      const withNull = sides.some(({ kind }) => kind === "null");
      if (sign === "=" && withNull) return held ? [] : namesIn(sides);
      if (sign === "!=") return held && withNull ? namesIn(sides) : [];
      if (sign === "=") return held && sides.some(isLiteral) ? namesIn(sides) : [];
      return held ? namesIn(sides) : [];
    }
    default:
      return [];
  }
}

function isLiteral({ kind }: Expression): boolean {
  return kind === "number" || kind === "string" || kind === "boolean";
}

function namesIn(trees: readonly Expression[]): readonly string[] {
  return trees.flatMap((tree) => (tree.kind === "name" ? [tree.name] : []));
}

function knowing(place: FeelPlace, names: readonly string[]): FeelPlace {
  return { ...place, present: new Set([...place.present, ...names]) };
}

/** Anything but true is no: FEEL takes the other branch for null. */
function conditional(place: FeelPlace, tree: Expression & Readonly<{ kind: "if" }>): Scalar {
  const { builder } = place;
  const { span } = tree;
  const test = booleanIn(place, tree.test);
  const then = scalarIn(knowing(place, presentAfter(tree.test, true)), tree.then);
  const otherwise = scalarIn(knowing(place, presentAfter(tree.test, false)), tree.otherwise);
  if (then.kind === "null" || otherwise.kind === "null") {
    const other = then.kind === "null" ? otherwise : then;
    if (other.kind === "null") {
      return mismatch(span, "no typed branch", {
        en: "a value in one branch",
        zh: "至少一个分支有值",
      });
    }
    const unknown = { at: constantAt(builder, Number.NaN, span), nullable: true };
    const [yes, no] = then.kind === "null" ? [unknown, other] : [other, unknown];
    return { ...other, at: chosen(builder, test, yes, no, span), nullable: true };
  }
  if (then.kind === "number" && otherwise.kind === "number") {
    return chosenNumber(builder, test, then, otherwise, span);
  }
  const [a, b] = comparable(builder, then, otherwise, span);
  const at = chosen(builder, test, a, b, span);
  const made = { ...a, at, nullable: a.nullable || b.nullable };
  if (isDated(made) && isDated(b)) {
    return { ...made, low: Math.min(made.low, b.low), high: Math.max(made.high, b.high) };
  }
  return made;
}
