// The grammar of FEEL (DMN 1.5 §10.3.1.2) as one function a level, loosest first. It is total: any text gives a tree or
// one problem with its place, in time that grows with the length of the text.

import type { ComparisonSign, Expression, Iteration, UnaryTest, UnaryTestsTree } from "./ast.ts";
import {
  type Cursor,
  expectSign,
  expectWord,
  isSign,
  isWord,
  nested,
  node,
  peek,
  take,
  takeNameUntil,
  takeSign,
  takeWord,
  unexpected,
} from "./cursor.ts";
import { type FeelProblem, FeelSyntaxError, refuse } from "./feel-problem.ts";
import { type NameTable, nameTable } from "./name-table.ts";
import { postfix } from "./parse-primary.ts";
import { parseType } from "./parse-type.ts";
import { tokenise } from "./token.ts";

export type FeelParsed<T> = Readonly<{ ok: true; value: T } | { ok: false; problem: FeelProblem }>;

/** What may be named: names in scope, and names of members that hold spaces or signs. */
export type NamesInScope = Readonly<{ names: NameTable; members: NameTable }>;

/** Most tests in one cell. */
const mostTests = 2_000;
/** Most variables of one `for`, `some` or `every`. */
const mostIterations = 12;

const comparisons: readonly string[] = ["=", "!=", "<", "<=", ">", ">="];

/** Parses one expression. */
export function parseExpression(text: string, scope: NamesInScope): FeelParsed<Expression> {
  return guarded(text, scope, expression);
}

/** Parses the tests of a cell: `-`, `not(…)` or tests with commas between them. */
export function parseTests(text: string, scope: NamesInScope): FeelParsed<UnaryTestsTree> {
  return guarded(text, scope, unaryTests);
}

/** A scope with these names and members. */
export function namesInScope(
  names: Iterable<string>,
  members: Iterable<string> = [],
  parent: NameTable | null = null,
): NamesInScope {
  return { names: nameTable(names, parent), members: nameTable(members) };
}

function guarded<T>(text: string, scope: NamesInScope, read: (cursor: Cursor) => T): FeelParsed<T> {
  try {
    const tokens = tokenise(text);
    const cursor = { ...scope, tokens, index: 0, nesting: 0, usesInput: false };
    const value = read(cursor);
    if (peek(cursor).kind !== "end") unexpected(cursor, "the end", "结尾");
    return { ok: true, value };
  } catch (error) {
    if (error instanceof FeelSyntaxError) return { ok: false, problem: error.problem };
    throw error;
  }
}

function unaryTests(cursor: Cursor): UnaryTestsTree {
  if (isSign(cursor, "-") && peek(cursor, 1).kind === "end") {
    take(cursor);
    return { kind: "any" };
  }
  if (!isWord(cursor, "not") || !isSign(cursor, "(", 1)) {
    return { kind: "tests", negated: false, tests: testList(cursor) };
  }
  cursor.index += 2;
  const tests = testList(cursor);
  expectSign(cursor, ")");
  return { kind: "tests", negated: true, tests };
}

function testList(cursor: Cursor): readonly UnaryTest[] {
  const tests: UnaryTest[] = [];
  do {
    if (tests.length >= mostTests) {
      const { span } = peek(cursor);
      refuse(
        "too-large",
        span,
        `Cannot read cell: found more than ${mostTests} tests`,
        `无法读取单元格：超过 ${mostTests} 项`,
      );
    }
    cursor.usesInput = false;
    const tree = positiveTest(cursor);
    tests.push({ expression: tree, usesInput: cursor.usesInput });
  } while (takeSign(cursor, ","));
  return tests;
}

/** One test: `>= 5`, or what `read` reads, whose value the tested value must equal or lie in. */
function positiveTest(cursor: Cursor, read = expression): Expression {
  const { kind, text, span } = peek(cursor);
  if (kind !== "sign" || !comparisons.includes(text)) return read(cursor);
  take(cursor);
  const operand = nested(cursor, () => sum(cursor));
  return node(cursor, span, { kind: "test", sign: text as ComparisonSign, operand });
}

/** The loosest level. */
export function expression(cursor: Cursor): Expression {
  return nested(cursor, () => {
    const { kind, text } = peek(cursor);
    if (kind === "word") {
      if (text === "if") return conditional(cursor);
      if (text === "for") return loop(cursor);
      if ((text === "some" || text === "every") && peek(cursor, 1).kind === "word") {
        return quantified(cursor, text);
      }
    }
    return disjunction(cursor);
  });
}

function conditional(cursor: Cursor): Expression {
  const { span } = take(cursor);
  const test = expression(cursor);
  expectWord(cursor, "then");
  const then = expression(cursor);
  expectWord(cursor, "else");
  const otherwise = expression(cursor);
  return node(cursor, span, { kind: "if", test, then, otherwise });
}

function loop(cursor: Cursor): Expression {
  const { span } = take(cursor);
  const outer = cursor.names;
  const iterations = iterationList(cursor);
  expectWord(cursor, "return");
  cursor.names = nameTable(["partial"], cursor.names);
  const result = expression(cursor);
  cursor.names = outer;
  return node(cursor, span, { kind: "for", iterations, result });
}

function quantified(cursor: Cursor, kind: "some" | "every"): Expression {
  const { span } = take(cursor);
  const outer = cursor.names;
  const iterations = iterationList(cursor);
  expectWord(cursor, "satisfies");
  const satisfies = expression(cursor);
  cursor.names = outer;
  return node(cursor, span, { kind, iterations, satisfies });
}

function iterationList(cursor: Cursor): readonly Iteration[] {
  const iterations: Iteration[] = [];
  do {
    if (iterations.length >= mostIterations) unexpected(cursor, "fewer variables", "更少的变量");
    const name = takeNameUntil(cursor, ({ kind, text }) => kind === "word" && text === "in");
    expectWord(cursor, "in");
    const from = expression(cursor);
    const to = takeSign(cursor, "..") ? expression(cursor) : null;
    iterations.push({ name, from, to });
    cursor.names = nameTable([name], cursor.names);
  } while (takeSign(cursor, ","));
  return iterations;
}

function disjunction(cursor: Cursor): Expression {
  return joined(cursor, "or", (inner) => joined(inner, "and", comparison));
}

function joined(
  cursor: Cursor,
  word: "and" | "or",
  read: (cursor: Cursor) => Expression,
): Expression {
  const { span } = peek(cursor);
  const first = read(cursor);
  if (!isWord(cursor, word)) return first;
  const parts = [first];
  while (takeWord(cursor, word)) parts.push(read(cursor));
  return node(cursor, span, { kind: word, parts });
}

function comparison(cursor: Cursor): Expression {
  const { span } = peek(cursor);
  let left = sum(cursor);
  for (;;) {
    const { kind, text } = peek(cursor);
    if (kind === "sign" && comparisons.includes(text)) {
      take(cursor);
      const right = sum(cursor);
      left = node(cursor, span, { kind: "comparison", sign: text as ComparisonSign, left, right });
    } else if (takeWord(cursor, "between")) {
      const low = sum(cursor);
      expectWord(cursor, "and");
      left = node(cursor, span, { kind: "between", of: left, low, high: sum(cursor) });
    } else if (takeWord(cursor, "in")) {
      const tests = inTests(cursor);
      left = node(cursor, span, { kind: "in", of: left, tests });
    } else {
      return left;
    }
  }
}

/** What follows `in`: one test, which ends before a looser sign or word, or several in parentheses. */
function inTests(cursor: Cursor): readonly Expression[] {
  if (!isSign(cursor, "(")) return [positiveTest(cursor, sum)];
  const start = cursor.index;
  take(cursor);
  const tests = [nested(cursor, () => positiveTest(cursor))];
  if (takeSign(cursor, "..")) {
    cursor.index = start;
    return [sum(cursor)];
  }
  while (takeSign(cursor, ",")) tests.push(positiveTest(cursor));
  expectSign(cursor, ")");
  return tests;
}

/** Sums and differences, from the left. */
export function sum(cursor: Cursor): Expression {
  return leftward(cursor, ["+", "-"], (inner) =>
    leftward(inner, ["*", "/"], (factor) => leftward(factor, ["**"], negation)),
  );
}

function leftward(
  cursor: Cursor,
  signs: readonly ("+" | "-" | "*" | "/" | "**")[],
  read: (cursor: Cursor) => Expression,
): Expression {
  const { span } = peek(cursor);
  let left = read(cursor);
  for (;;) {
    const sign = signs.find((one) => isSign(cursor, one));
    if (sign === undefined) return left;
    take(cursor);
    const right = read(cursor);
    left = node(cursor, span, { kind: "arithmetic", sign, left, right });
  }
}

function negation(cursor: Cursor): Expression {
  const { span } = peek(cursor);
  if (!takeSign(cursor, "-")) return instance(cursor);
  const of = nested(cursor, () => negation(cursor));
  return node(cursor, span, { kind: "negate", of });
}

function instance(cursor: Cursor): Expression {
  const { span } = peek(cursor);
  const of = postfix(cursor, { expression, sum });
  if (!isWord(cursor, "instance") || !isWord(cursor, "of", 1)) return of;
  cursor.index += 2;
  return node(cursor, span, { kind: "instance-of", of, type: parseType(cursor) });
}
