// The syntax tree of FEEL (DMN 1.5 §10.3.1.2), each node with its place. Numbers and temporal literals keep their text,
// so that no digit is lost before a number type is chosen.

import type { Span } from "./feel-problem.ts";

export type ComparisonSign = "=" | "!=" | "<" | "<=" | ">" | ">=";
export type ArithmeticSign = "+" | "-" | "*" | "/" | "**";

/** A type as written after `instance of` or a parameter's colon. */
export type WrittenType =
  | Readonly<{ kind: "named"; name: string }>
  | Readonly<{ kind: "list" | "range"; of: WrittenType }>
  | Readonly<{ kind: "context"; members: readonly (readonly [string, WrittenType])[] }>
  | Readonly<{ kind: "function" }>;

export type Argument = Readonly<{ name: string | null; value: Expression }>;
export type Parameter = Readonly<{ name: string; type: WrittenType | null }>;
/** `to` is set for `for i in 1..10`. */
export type Iteration = Readonly<{ name: string; from: Expression; to: Expression | null }>;

/** One expression. `depth` counts the longest way down to a leaf, `span` is where it is written. */
export type Expression = Readonly<{ span: Span; depth: number }> & ExpressionShape;

export type ExpressionShape =
  | Readonly<{ kind: "number"; text: string }>
  | Readonly<{ kind: "string"; value: string }>
  | Readonly<{ kind: "boolean"; value: boolean }>
  | Readonly<{ kind: "null" }>
  | Readonly<{ kind: "temporal"; text: string }>
  | Readonly<{ kind: "name"; name: string }>
  | Readonly<{ kind: "path"; of: Expression; member: string }>
  | Readonly<{ kind: "filter"; of: Expression; by: Expression }>
  | Readonly<{ kind: "call"; target: Expression; arguments: readonly Argument[] }>
  | Readonly<{ kind: "negate"; of: Expression }>
  | Readonly<{ kind: "arithmetic"; sign: ArithmeticSign; left: Expression; right: Expression }>
  | Readonly<{ kind: "comparison"; sign: ComparisonSign; left: Expression; right: Expression }>
  | Readonly<{ kind: "and" | "or"; parts: readonly Expression[] }>
  | Readonly<{ kind: "between"; of: Expression; low: Expression; high: Expression }>
  | Readonly<{ kind: "in"; of: Expression; tests: readonly Expression[] }>
  | Readonly<{ kind: "instance-of"; of: Expression; type: WrittenType }>
  | Readonly<{ kind: "if"; test: Expression; then: Expression; otherwise: Expression }>
  | Readonly<{ kind: "for"; iterations: readonly Iteration[]; result: Expression }>
  | Readonly<{
      kind: "some" | "every";
      iterations: readonly Iteration[];
      satisfies: Expression;
    }>
  | Readonly<{ kind: "list"; items: readonly Expression[] }>
  | Readonly<{ kind: "context"; entries: readonly (readonly [string, Expression])[] }>
  | Readonly<{ kind: "function"; parameters: readonly Parameter[]; body: Expression }>
  | Range
  /** a positive unary test: `>= 5` (holds for the value under test) */
  | Readonly<{ kind: "test"; sign: ComparisonSign; operand: Expression }>;

/** `[1..5]`, `(1..5)`, and with one open end `(> 5)`. */
export type Range = Readonly<{
  kind: "range";
  from: Expression | null;
  to: Expression | null;
  fromIncluded: boolean;
  toIncluded: boolean;
}>;

/** `any` is `-`; otherwise one of the tests must hold, or none when negated. */
export type UnaryTestsTree =
  | Readonly<{ kind: "any" }>
  | Readonly<{ kind: "tests"; negated: boolean; tests: readonly UnaryTest[] }>;

/** `usesInput` says that `?` stands inside, so that the expression itself is the test. */
export type UnaryTest = Readonly<{ expression: Expression; usesInput: boolean }>;

/** Parts of an expression in the order in which they are written. */
export function partsOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case "path":
    case "negate":
    case "instance-of":
      return [node.of];
    case "filter":
      return [node.of, node.by];
    case "call":
      return [node.target, ...node.arguments.map(({ value }) => value)];
    case "arithmetic":
    case "comparison":
      return [node.left, node.right];
    case "and":
    case "or":
      return node.parts;
    case "between":
      return [node.of, node.low, node.high];
    case "in":
      return [node.of, ...node.tests];
    case "if":
      return [node.test, node.then, node.otherwise];
    case "for":
      return [...iterated(node.iterations), node.result];
    case "some":
    case "every":
      return [...iterated(node.iterations), node.satisfies];
    case "list":
      return node.items;
    case "context":
      return node.entries.map(([, value]) => value);
    case "function":
      return [node.body];
    case "range":
      return [node.from, node.to].filter((end) => end !== null);
    case "test":
      return [node.operand];
    default:
      return [];
  }
}

function iterated(iterations: readonly Iteration[]): readonly Expression[] {
  return iterations.flatMap(({ from, to }) => (to === null ? [from] : [from, to]));
}
