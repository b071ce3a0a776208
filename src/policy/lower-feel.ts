// FEEL of a strategy's expression node becomes steps over slots: arithmetic, comparison, logic, `if`, and lists whose
// length is known when the strategy is read, so that quantified and filter expressions are written out item by item.
// What FEEL leaves open is closed here: a quotient states its decimals and its rounding, and every range is proved.

import type { Expression } from "./feel/ast.ts";
import { refuse, type Span } from "./feel/feel-problem.ts";
import {
  anyNumber,
  booleanIn,
  type FeelPlace,
  joinedAll,
  numberIn,
  scalarIn,
} from "./feel-place.ts";
import { callOf } from "./lower-feel-calls.ts";
import { filtered, listOf, looped, quantified } from "./lower-feel-lists.ts";
import { comparable, compared } from "./typed-compare.ts";
import { domainOf, literalValue, type OperandType } from "./operand.ts";
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
  daysBetween,
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
      return { kind: "text", text: tree.value };
    case "null":
      return { kind: "null" };
    case "temporal":
      return dateOf(builder, tree.text, span);
    case "name":
      return nameOf(place, tree.name, span);
    case "path":
      return pathOf(place, tree.of, tree.member, span);
    case "negate":
      return negative(builder, numberIn(place, tree.of), span);
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
      if (tree.target.kind === "name" && tree.target.name === "date") return dateCall(place, tree);
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

function negative(builder: Builder, value: NumberValue, span: Span): NumberValue {
  return computed(builder, "subtract", constantNumber(builder, 0, 0, span), value, span);
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

function dateOf(builder: Builder, text: string, span: Span): Scalar {
  const found = literalValue({ kind: "date", text }, { kind: "date" });
  if (!("value" in found) || found.value === null) {
    return mismatch(span, text, { en: 'a date such as "2026-01-31"', zh: '日期，如 "2026-01-31"' });
  }
  const at = constantAt(builder, found.value, span);
  return { kind: "date", at, nullable: false, low: found.value, high: found.value };
}

function dateCall(place: FeelPlace, tree: Expression & Readonly<{ kind: "call" }>): Scalar {
  const [given] = tree.arguments;
  if (tree.arguments.length === 1 && given?.value.kind === "string") {
    return dateOf(place.builder, given.value.value, tree.span);
  }
  return mismatch(tree.span, "date(…)", {
    en: 'a date such as date("2026-01-31")',
    zh: "日期常量",
  });
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
      return { kind: "number", at, nullable, scale: type.scale, low: type.low, high: type.high };
    case "boolean":
      return { kind: "boolean", at, nullable };
    case "date": {
      const { bounds } = domainOf(type, false);
      return { kind: "date", at, nullable, low: bounds[0]!, high: bounds.at(-1)! };
    }
    case "enum":
      return { kind: "enum", at, nullable, type };
  }
}

/** `(asOf - opened).days` */
function pathOf(place: FeelPlace, of: Expression, member: string, span: Span): NumberValue {
  const value = lowerFeel(place, of);
  if (value.kind === "days" && member === "days") return { ...value, kind: "number", scale: 0 };
  return mismatch(span, `.${member} of ${value.kind}`, {
    en: "(date - date).days",
    zh: "(日期 - 日期).days",
  });
}

function arithmetic(
  place: FeelPlace,
  tree: Expression & Readonly<{ kind: "arithmetic" }>,
): NumberValue | Scalar {
  const { builder } = place;
  const { span } = tree;
  const [left, right] = [scalarIn(place, tree.left), scalarIn(place, tree.right)];
  if (tree.sign === "-" && left.kind === "date" && right.kind === "date") {
    return daysBetween(builder, left, right, span);
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
    if (other.kind === "null" || other.kind === "text") {
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
  if ((made.kind === "date" || made.kind === "days") && "low" in b) {
    return { ...made, low: Math.min(made.low, b.low), high: Math.max(made.high, b.high) };
  }
  return made;
}
