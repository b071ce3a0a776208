// Cells are S-FEEL unary tests (DMN 1.5 §7 and §9.2). FEEL's own parser reads them; of what it reads, only constants and
// ranges between constants may stand in a strategy, because a cell must be a set of values that is known before any line
// is. This file knows nothing of types and is total: any text gives tests or one problem with its place.

import type { ComparisonSign, Expression } from "./feel/ast.ts";
import { FeelSyntaxError, refuse } from "./feel/feel-problem.ts";
import { type FeelParsed, namesInScope, parseExpression, parseTests } from "./feel/parse.ts";
import { shown } from "./problem.ts";

/** A literal as written. Numbers keep their text, so that no digit is lost before the type is known. */
export type Literal =
  | Readonly<{ kind: "number"; text: string }>
  | Readonly<{ kind: "string"; value: string }>
  | Readonly<{ kind: "boolean"; value: boolean }>
  | Readonly<{ kind: "date"; text: string }>
  | Readonly<{ kind: "null" }>;

export type PositiveTest =
  | Readonly<{ kind: "comparison"; operator: ComparisonSign; operand: Literal }>
  | Readonly<{
      kind: "range";
      from: Literal;
      to: Literal;
      fromIncluded: boolean;
      toIncluded: boolean;
    }>;

/** `any` is `-`. Otherwise one of `tests` must hold, or none of them when negated. */
export type UnaryTests =
  | Readonly<{ kind: "any" }>
  | Readonly<{ kind: "tests"; negated: boolean; tests: readonly PositiveTest[] }>;

// A cell names nothing: what it tests is its column.
const noNames = namesInScope([]);

/** Parses a cell of a rule or table. */
export function parseUnaryTests(text: string): FeelParsed<UnaryTests> {
  return narrowed(parseTests(text, noNames), (tree) => {
    if (tree.kind === "any") return tree;
    return { ...tree, tests: tree.tests.map(({ expression }) => positiveTest(text, expression)) };
  });
}

/** Parses an output cell: exactly one literal. */
export function parseLiteral(text: string): FeelParsed<Literal> {
  return narrowed(parseExpression(text, noNames), (tree) => literal(text, tree));
}

function narrowed<Tree, T>(parsed: FeelParsed<Tree>, narrow: (tree: Tree) => T): FeelParsed<T> {
  if (!parsed.ok) return parsed;
  try {
    return { ok: true, value: narrow(parsed.value) };
  } catch (error) {
    if (error instanceof FeelSyntaxError) return { ok: false, problem: error.problem };
    throw error;
  }
}

function positiveTest(cell: string, tree: Expression): PositiveTest {
  if (tree.kind === "test") {
    return { kind: "comparison", operator: tree.sign, operand: literal(cell, tree.operand) };
  }
  if (tree.kind !== "range" || tree.from === null || tree.to === null) {
    return { kind: "comparison", operator: "=", operand: literal(cell, tree) };
  }
  const { kind, fromIncluded, toIncluded } = tree;
  const from = literal(cell, tree.from);
  return { kind, from, to: literal(cell, tree.to), fromIncluded, toIncluded };
}

function literal(cell: string, tree: Expression): Literal {
  switch (tree.kind) {
    case "number":
      return plainNumber(cell, tree, tree.text);
    case "negate":
      if (tree.of.kind === "number") return plainNumber(cell, tree, `-${tree.of.text}`);
      break;
    case "string":
      return { kind: "string", value: tree.value };
    case "boolean":
      return { kind: "boolean", value: tree.value };
    case "null":
      return { kind: "null" };
    case "temporal":
      return { kind: "date", text: tree.text };
    case "call":
      if (isDate(tree.target)) return dateOf(cell, tree);
      break;
    case "name":
      return unquoted(cell, tree);
    default:
  }
  return noLiteral(cell, tree);
}

/** Strategies are read by people who count decimals: a number is written out, without an exponent. */
function plainNumber(cell: string, tree: Expression, text: string): Literal {
  return /e/i.test(text) ? noLiteral(cell, tree) : { kind: "number", text };
}

function isDate(target: Expression): boolean {
  return target.kind === "name" && target.name === "date";
}

function dateOf(cell: string, tree: Expression & Readonly<{ kind: "call" }>): Literal {
  const [given, ...others] = tree.arguments;
  if (given === undefined || others.length > 0 || given.name !== null) return noLiteral(cell, tree);
  if (given.value.kind === "string") return { kind: "date", text: given.value.value };
  const en = 'a date in quotes such as "2026-01-31"';
  return refuseIn(cell, given.value, en, '带引号的日期，如 "2026-01-31"');
}

function unquoted(cell: string, tree: Expression): never {
  const text = writtenAt(cell, tree);
  const en = `a value; texts stand in quotes: ${text}`;
  return refuseIn(cell, tree, en, `取值；文本须加引号：${text}`);
}

function noLiteral(cell: string, tree: Expression): never {
  const en = 'a number, a text in quotes, true, false, null or date("…")';
  return refuseIn(cell, tree, en, '数字、带引号的文本、true、false、null 或 date("…")');
}

function refuseIn(cell: string, tree: Expression, en: string, zh: string): never {
  const found = writtenAt(cell, tree);
  return refuse(
    "unsupported",
    tree.span,
    `Cannot read cell: found ${found}, expected ${en}`,
    `无法读取单元格：遇到 ${found}，应为${zh}`,
  );
}

/** What stands in the cell there, short and in quotes. */
function writtenAt(cell: string, { span }: Expression): string {
  return shown(cell.slice(span.at, span.at + span.length));
}
