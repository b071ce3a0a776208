// The state of turning one document into its typed form: the names known so far, the slots given out and the
// problems found. Names become known in document order, so nothing can read what is decided later and no
// cycle can exist. A protected fact has no operand at all: no rule can read it.

import type { FactDeclaration } from "../domain/facts.ts";
import { type FeelProblem, stateOf } from "./feel/feel-problem.ts";
import {
  difference,
  emptySet,
  type IntegerSet,
  intersection,
  interval,
  isEmpty,
  union,
} from "./integer-set.ts";
import type { Test, Tests } from "./ir.ts";
import {
  domainOf,
  literalHint,
  literalValue,
  type Operand,
  type OperandType,
  valueText,
} from "./operand.ts";
import { cellPlace } from "./cell-place.ts";
import { pointer, type Problems, shown } from "./problem.ts";
import type { Cell, Condition, Strategy } from "./strategy.ts";
import { type Literal, parseLiteral, parseUnaryTests, type PositiveTest } from "./unary-test.ts";

export type Lowering = {
  readonly strategy: Strategy;
  readonly problems: Problems;
  readonly operands: Map<string, Operand>;
  readonly declarations: ReadonlyMap<string, FactDeclaration>;
  /** outputs that are lists: known, but no cell can test them */
  readonly lists: Set<string>;
  /** expressions that wait for something that is decided later */
  readonly later: Set<string>;
  /** whether anything reads the as-of date */
  readsAsOf: boolean;
  slots: number;
};

/** The name under which the as-of date is read. */
export const asOfName = "asOf";

/** Makes a name known to everything that is lowered after it. */
export function addOperand(
  lowering: Lowering,
  operand: Omit<Operand, "slot" | "through"> & Partial<Pick<Operand, "through">>,
): Operand {
  const known = { through: [], ...operand, slot: lowering.slots };
  lowering.slots += 1;
  lowering.operands.set(operand.name, known);
  return known;
}

/** Finds a name; reports it when it is unknown here, or a protected fact. */
export function findOperand(lowering: Lowering, name: string, path: string): Operand | null {
  const operand = lowering.operands.get(name);
  if (operand !== undefined) {
    if (name === asOfName) lowering.readsAsOf = true;
    return operand;
  }
  if (lowering.declarations.get(name)?.sensitivity === "protected") {
    lowering.problems.add(
      "protected-fact",
      path,
      `Cannot read ${path}: found protected fact "${name}", expected only facts that may reach an outcome`,
      `无法读取 ${path}：发现受保护的事实“${name}”，规则只能读取可影响结果的事实`,
    );
    return null;
  }
  if (lowering.lists.has(name)) {
    lowering.problems.add(
      "type-mismatch",
      path,
      `Cannot read ${path}: found "${name}", which is a list under its hit policy, expected a single value`,
      `无法读取 ${path}：按其命中策略，“${name}”为列表，应为单一取值`,
    );
    return null;
  }
  if (lowering.later.has(name)) {
    lowering.problems.add(
      "cycle",
      path,
      `Cannot read ${path}: found "${name}", which rests on something that is decided later, expected something decided earlier`,
      `无法读取 ${path}：“${name}”依赖之后才得出的结果，应为之前已得出的结果`,
    );
    return null;
  }
  const near = nearestName(name, [...lowering.operands.keys()]);
  const hint = near === null ? "" : `; did you mean "${near}"`;
  lowering.problems.add(
    "unknown-name",
    path,
    `Cannot read ${path}: found unknown name "${name}", expected a declared fact or something decided earlier${hint}`,
    `无法读取 ${path}：发现未知名称“${name}”，应为已声明的事实或之前已得出的结果${near === null ? "" : `；是否为“${near}”`}`,
  );
  return null;
}

function nearestName(name: string, known: readonly string[]): string | null {
  const folded = name.toLowerCase();
  return (
    known.find((candidate) => candidate.toLowerCase() === folded) ??
    known.find((candidate) => candidate.endsWith(`.${name}`)) ??
    known.find((candidate) => candidate.length > 3 && folded.startsWith(candidate.toLowerCase())) ??
    null
  );
}

/** Lowers a condition. Faulty parts are reported and left out. */
export function lowerCondition(lowering: Lowering, condition: Condition, path: string): Tests {
  const tests: Test[] = [];
  for (const [name, cell] of Object.entries(condition)) {
    const place = pointer(path, name);
    const operand = findOperand(lowering, name, place);
    const set = operand === null ? null : lowerCell(lowering, cell, operand, place);
    if (operand !== null && set !== null) tests.push(testOf(set, operand, cell, -1));
  }
  return tests;
}

export function testOf(set: IntegerSet, operand: Operand, cell: Cell, column: number): Test {
  const { bounds, unknown } = set;
  return { bounds, unknown, slot: operand.slot, column, operand: operand.name, cell };
}

/** The values of `operand` that a cell holds for; null for `-` and for a cell that was reported as faulty. */
export function lowerCell(
  lowering: Lowering,
  cell: Cell,
  operand: Operand,
  path: string,
): IntegerSet | null {
  const parsed = parseUnaryTests(cell);
  if (!parsed.ok) {
    reportSyntax(lowering, cell, parsed.problem, path);
    return null;
  }
  if (parsed.value.kind === "any") return null;
  const domain = domainOf(operand.type, operand.nullable);
  const parts: TestSet[] = [];
  for (const test of parsed.value.tests) {
    const part = lowerTest(lowering, test, operand, cell, path);
    if (part === null) return null;
    parts.push(part);
  }
  const set = intersection(combine(parts, parsed.value.negated, domain), domain);
  if (!isEmpty(set)) return set;
  const range = domainText(operand);
  const at = cellPlace(lowering.strategy, path);
  lowering.problems.add(
    "never-matches",
    path,
    `Cannot use cell ${at.en}: found ${shown(cell)}, which no value of "${operand.name}" satisfies, expected a test within ${range}`,
    `无法使用单元格${at.zh}：发现 ${shown(cell)}，“${operand.name}”的任何取值均不满足，应在 ${range} 之内`,
  );
  return null;
}

/** How one positive test treats an unknown value, in the three-valued logic of FEEL. */
type TestSet = Readonly<{ values: IntegerSet; ifUnknown: "holds" | "fails" | "undecided" }>;

function combine(parts: readonly TestSet[], negated: boolean, domain: IntegerSet): IntegerSet {
  const { bounds } = union(parts.map((part) => part.values));
  const holds = parts.some((part) => part.ifUnknown === "holds");
  if (!negated) return { bounds, unknown: holds };
  const fails = parts.every((part) => part.ifUnknown === "fails");
  return {
    bounds: difference({ ...domain, unknown: false }, { bounds, unknown: false }).bounds,
    unknown: fails,
  };
}

function lowerTest(
  lowering: Lowering,
  test: PositiveTest,
  operand: Operand,
  cell: Cell,
  path: string,
): TestSet | null {
  const { type } = operand;
  if (test.kind === "range") {
    const from = orderedValue(lowering, test.from, operand, cell, path);
    const to = orderedValue(lowering, test.to, operand, cell, path);
    if (from === null || to === null) return null;
    const values = interval(test.fromIncluded ? from : from + 1, test.toIncluded ? to : to - 1);
    if (values.bounds.length === 0) reportEmptyRange(lowering, cell, path);
    return values.bounds.length === 0 ? null : { values, ifUnknown: "undecided" };
  }
  const { operator, operand: literal } = test;
  if (operator === "=" || operator === "!=") {
    const value = cellValue(lowering, literal, operand, cell, path);
    if (value === undefined) return null;
    return equality(value, operator === "=", domainOf(type, false));
  }
  const value = orderedValue(lowering, literal, operand, cell, path);
  if (value === null) return null;
  return { values: comparison(operator, value, domainOf(type, false)), ifUnknown: "undecided" };
}

function equality(value: number | null, equal: boolean, known: IntegerSet): TestSet {
  const same: IntegerSet = value === null ? emptySet : interval(value, value);
  const values = equal ? same : difference(known, same);
  return { values, ifUnknown: (value === null) === equal ? "holds" : "fails" };
}

function comparison(
  operator: "<" | "<=" | ">" | ">=",
  value: number,
  known: IntegerSet,
): IntegerSet {
  const [low = 0] = known.bounds;
  const high = known.bounds.at(-1) ?? 0;
  switch (operator) {
    case "<":
      return interval(low, value - 1);
    case "<=":
      return interval(low, value);
    case ">":
      return interval(value + 1, high);
    case ">=":
      return interval(value, high);
  }
}

/** A literal that can be compared by size; null after reporting that it cannot. */
function orderedValue(
  lowering: Lowering,
  literal: Literal,
  operand: Operand,
  cell: Cell,
  path: string,
): number | null {
  if (operand.type.kind === "enum" || operand.type.kind === "boolean" || literal.kind === "null") {
    reportLiteral(
      lowering,
      "type-mismatch",
      literal,
      operand.type,
      `"${operand.name}" (${operand.type.kind})`,
      cell,
      path,
    );
    return null;
  }
  return cellValue(lowering, literal, operand, cell, path) ?? null;
}

function cellValue(
  lowering: Lowering,
  literal: Literal,
  operand: Operand,
  cell: Cell,
  path: string,
): number | null | undefined {
  const lowered = literalValue(literal, operand.type);
  if ("value" in lowered) return lowered.value;
  reportLiteral(
    lowering,
    lowered.fault,
    literal,
    operand.type,
    `"${operand.name}" (${operand.type.kind})`,
    cell,
    path,
  );
  return undefined;
}

/** The value of an output cell; undefined after reporting that it does not fit. */
export function lowerLiteral(
  lowering: Lowering,
  cell: Cell,
  type: OperandType,
  name: string,
  path: string,
): number | null | undefined {
  const parsed = parseLiteral(cell);
  if (!parsed.ok) {
    reportSyntax(lowering, cell, parsed.problem, path);
    return undefined;
  }
  const lowered = literalValue(parsed.value, type);
  if ("value" in lowered) {
    if (lowered.value === null || withinDomain(lowered.value, type)) return lowered.value;
    reportOutside(lowering, cell, type, name, path);
    return undefined;
  }
  reportLiteral(
    lowering,
    lowered.fault,
    parsed.value,
    type,
    `"${name}" (${type.kind})`,
    cell,
    path,
  );
  return undefined;
}

function withinDomain(value: number, type: OperandType): boolean {
  const { bounds } = domainOf(type, false);
  return value >= bounds[0]! && value <= bounds.at(-1)!;
}

/** The range of an operand as people write it. */
export function domainText(operand: Pick<Operand, "type" | "nullable">): string {
  const { bounds } = domainOf(operand.type, false);
  const text =
    operand.type.kind === "enum"
      ? literalHint(operand.type).en.replace("one of ", "")
      : `[${valueText(bounds[0] ?? 0, operand.type)}..${valueText(bounds.at(-1) ?? 0, operand.type)}]`;
  return operand.nullable ? `${text} or null` : text;
}

function reportSyntax(
  lowering: Lowering,
  cell: Cell,
  { span, message }: FeelProblem,
  path: string,
): void {
  const place = span.at + 1;
  const state = stateOf(message);
  const at = cellPlace(lowering.strategy, path);
  lowering.problems.add(
    "syntax",
    path,
    `Cannot read cell ${at.en} (${shown(cell)}) at character ${place}: ${state.en}`,
    `无法读取单元格${at.zh}（${shown(cell)}）第 ${place} 个字符：${state.zh}`,
    { text: cell, at: span.at, length: span.length },
  );
}

function reportEmptyRange(lowering: Lowering, cell: Cell, path: string): void {
  const at = cellPlace(lowering.strategy, path);
  lowering.problems.add(
    "never-matches",
    path,
    `Cannot read cell ${at.en}: found empty range ${shown(cell)}, expected the lower end first`,
    `无法读取单元格${at.zh}：发现空区间 ${shown(cell)}，应先写下限`,
  );
}

function reportOutside(
  lowering: Lowering,
  cell: Cell,
  type: OperandType,
  name: string,
  path: string,
): void {
  const range = domainText({ type, nullable: false });
  const at = cellPlace(lowering.strategy, path);
  lowering.problems.add(
    "out-of-range",
    path,
    `Cannot use value ${at.en} of "${name}": found ${shown(cell)}, expected ${range}`,
    `无法使用${at.zh}处“${name}”的取值：发现 ${shown(cell)}，应在 ${range} 之内`,
  );
}

function reportLiteral(
  lowering: Lowering,
  code: "type-mismatch" | "undeclared-value" | "excess-digits",
  literal: Literal,
  type: OperandType,
  name: string,
  cell: Cell,
  path: string,
): void {
  const hint = literalHint(type);
  const at = cellPlace(lowering.strategy, path);
  const found = `${literalText(literal)} in ${shown(cell)}`;
  lowering.problems.add(
    code,
    path,
    `Cannot read cell ${at.en} of ${name}: found ${found}, expected ${hint.en}`,
    `无法读取单元格${at.zh}（${name}）：发现 ${shown(cell)} 中的 ${literalText(literal)}，应为${hint.zh}`,
  );
}

function literalText(literal: Literal): string {
  switch (literal.kind) {
    case "number":
      return literal.text;
    case "string":
      return JSON.stringify(literal.value);
    case "boolean":
      return String(literal.value);
    case "date":
      return `date(${JSON.stringify(literal.text)})`;
    case "null":
      return "null";
  }
}
