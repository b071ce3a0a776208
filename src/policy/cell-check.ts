// One cell at a time, while somebody types it: read by the parser that reads whole documents and held against what it
// tests. The document around it may be unfinished; whatever of it has no form is left aside.

import type { Text } from "../domain/text.ts";
import { stateOf } from "./feel/feel-problem.ts";
import { lowerNames } from "./lower.ts";
import { expressionProblem } from "./lower-nodes.ts";
import { findOperand, lowerCell, lowerLiteral, type Lowering } from "./lowering.ts";
import { declaredType } from "./operand.ts";
import { collectProblems, type Problem, type ProblemCode } from "./problem.ts";
import { isRecord } from "./shape.ts";
import { strategyShape } from "./strategy-shape.ts";
import type { Strategy } from "./strategy.ts";
import { parseLiteral, parseUnaryTests } from "./unary-test.ts";

/**
 * `test`: a unary test of the operand · `value`: a literal for the output `table.ID.OUTPUT` · `expression`: the FEEL of the
 * expression `ID`.
 */
export type CellQuestion = Readonly<{
  as: "test" | "value" | "expression";
  operand: string;
  text: string;
}>;

/** What is wrong with a cell; `at` is the character, from 1, where reading it ended, null where its meaning is wrong. */
export type CellFault = Readonly<{ code: ProblemCode; at: number | null; message: Text }>;

/** One answer per cell, null where nothing is wrong with it. Pure and total, whatever the document is. */
export function checkCells(
  document: unknown,
  cells: readonly CellQuestion[],
): readonly (CellFault | null)[] {
  const strategy = wellFormed(document);
  if ("code" in strategy) return cells.map(() => ({ ...strategy, at: null }));
  // Whether rows overlap is no matter of a cell, and looking takes the square of their number.
  const tables = strategy.tables.map((table) =>
    table.hitPolicy === "U" || table.hitPolicy === "A"
      ? { ...table, hitPolicy: "F" as const }
      : table,
  );
  const lowering = lowerNames({ ...strategy, tables });
  return cells.map((cell) => faultOf(lowering, cell));
}

function faultOf(known: Lowering, { as, operand: name, text }: CellQuestion): CellFault | null {
  const lowering: Lowering = { ...known, problems: collectProblems() };
  if (as === "expression") return expressionFault(lowering, name, text);
  // The place is told by where the message stands; what the cell tests is what helps.
  if (as === "value") checkValue(lowering, name, text);
  else {
    const operand = findOperand(lowering, name, name);
    if (operand !== null) lowerCell(lowering, text, operand, name);
  }
  const [problem] = lowering.problems.list;
  if (problem === undefined) return null;
  const parsed = as === "value" ? parseLiteral(text) : parseUnaryTests(text);
  const { code, message } = problem;
  return { code, message, at: parsed.ok ? null : parsed.problem.span.at + 1 };
}

function expressionFault(lowering: Lowering, id: string, feel: string): CellFault | null {
  const problem = expressionProblem(lowering, id, feel);
  if (problem === null) return null;
  const { en, zh } = stateOf(problem.message);
  const message = { en: `Cannot use expression: ${en}`, zh: `无法使用表达式：${zh}` };
  return { code: "syntax", at: problem.span.at + 1, message };
}

function checkValue(lowering: Lowering, name: string, text: string): void {
  const { tables, currency } = lowering.strategy;
  const table = tables.find(({ id }) => name.startsWith(`table.${id}.`));
  const output = table?.outputs.find((one) => name === `table.${table.id}.${one.name}`);
  const type = output === undefined ? null : declaredType(output, currency);
  // An output that cannot be read is told at its declaration.
  if (output !== undefined && type !== null) lowerLiteral(lowering, text, type, output.name, name);
  else if (output === undefined) findOperand(lowering, name, name);
}

/** Enough for entries within entries; each turn takes at least one away. */
const mostTurns = 200;

/** The document without the entries that have no form, or the first problem where that is not enough. */
function wellFormed(document: unknown): Strategy | Problem {
  let left = document;
  for (let turn = 0; ; turn += 1) {
    const problems = collectProblems();
    strategyShape.read(left, "", problems);
    const [first] = problems.list;
    if (first === undefined) return left as Strategy;
    const next = turn < mostTurns ? without(left, first) : null;
    if (next === null) return first;
    left = next;
  }
}

/** A copy without the innermost list entry that has the problem; a missing translation is filled in instead. */
function without(document: unknown, { code, path }: Problem): unknown {
  const steps = path.split("/").slice(1);
  if (code === "missing-translation") return changed(document, steps, () => "–");
  for (let length = steps.length; length > 0; length -= 1) {
    const within = steps.slice(0, length - 1);
    if (!Array.isArray(valueAt(document, within))) continue;
    const at = Number(steps[length - 1]);
    return changed(document, within, (list) =>
      (list as readonly unknown[]).filter((_, index) => index !== at),
    );
  }
  return null;
}

function valueAt(value: unknown, steps: readonly string[]): unknown {
  return steps.reduce((found, step) => (found as Record<string, unknown> | null)?.[step], value);
}

function changed(
  value: unknown,
  [step, ...rest]: readonly string[],
  change: (found: unknown) => unknown,
): unknown {
  if (step === undefined) return change(value);
  if (Array.isArray(value)) {
    return value.map((one, at) => (String(at) === step ? changed(one, rest, change) : one));
  }
  return isRecord(value) ? { ...value, [step]: changed(value[step], rest, change) } : value;
}
