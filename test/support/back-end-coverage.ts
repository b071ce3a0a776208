// What a comparison of the back ends has met: node kinds, hit policies and nulls. A comparison that never came to a hit
// policy says nothing about it, so that an empty cell fails the test that prints this table.

import { holds, holdsAll } from "../../src/policy/holds.ts";
import type { Program, SegmentIr, TableIr, Tests } from "../../src/policy/ir.ts";
import { asOfName } from "../../src/policy/lowering.ts";
import type { Values } from "../../src/policy/limit-rule.ts";
import type { RunNote } from "../../src/policy/row-function.ts";
import { hitPolicies, type HitPolicy } from "../../src/policy/strategy.ts";

const tested = ["holds", "fails", "null"] as const;
const guarded = ["bound", "free"] as const;

/** Node kinds, and what of each must be met. */
export const nodeCells: Readonly<Record<string, readonly string[]>> = {
  eligibility: tested,
  exclusion: tested,
  segmentation: tested,
  "number of an expression": ["known", "null"],
  "truth of an expression": ["known", "null"],
  "text of an expression": ["known", "null"],
  "date of an expression": ["known", "null"],
  model: ["known", "null"],
  scorecard: ["known", "otherwise", "null"],
  "complex partial score": ["known"],
  grades: ["known", "otherwise", "null"],
  table: ["known", "null"],
  "row with dates": ["in force", "not in force"],
  none: ["chosen"],
  "cut-by-rate": ["chosen"],
  "cut-by-amount": ["chosen"],
  "cut-to-balance": ["chosen"],
  "set-to": ["chosen"],
  freeze: ["chosen"],
  close: ["chosen"],
  floor: ["amount", "rate"],
  cap: ["amount", "present-limit"],
  "cool-down": guarded,
  "max-cut": guarded,
  "max-cut-12-months": guarded,
  "minimum-line": guarded,
  "minimum-cut": guarded,
  routing: tested,
};

const policyColumns = ["nothing", "default", "one", "several", "null input", "null output"];

/** One row decides under U and F; a count is never null. */
const impossible = new Set(["U several", "F several", "C# null output"]);

/** How often each cell was met, by `row column`. */
export type Coverage = Map<string, number>;

function met(coverage: Coverage, row: string, column: string): void {
  const key = `${row} ${column}`;
  coverage.set(key, (coverage.get(key) ?? 0) + 1);
}

/** Counts what one run came to. */
export function observe(coverage: Coverage, program: Program, note: RunNote): void {
  const { values } = note;
  const rules = (kind: string, some: readonly Readonly<{ tests: Tests }>[]): void =>
    some.forEach(({ tests }) => meetTests(coverage, kind, tests, values));
  rules("eligibility", program.eligibility);
  rules("exclusion", program.exclusions);
  meetSegments(coverage, program.segments, values);
  for (const { characteristics } of program.scorecards) {
    for (const { slot, attributes } of characteristics) {
      const bin = attributes.find((one) => holds(one, values[slot]!));
      meetBin(coverage, "scorecard", values[slot]!, bin?.cell);
      if (bin?.from != null) met(coverage, "complex partial score", "known");
    }
  }
  const models = program.facts.filter(({ declaration }) => declaration.source === "model");
  for (const { slot } of models) met(coverage, "model", knownOrNull(values[slot]!));
  const { expressions, tables } = program;
  const computed =
    note.excludedBy.length > 0 ? expressions.filter(({ after }) => after < 0) : expressions;
  for (const { slot, type } of computed) {
    met(coverage, `${computedKinds[type.kind]} of an expression`, knownOrNull(values[slot]!));
  }
  if (program.grades !== null) {
    const { bands, input } = program.grades;
    meetBin(coverage, "grades", values[input.slot]!, bands[note.grade]?.cell);
  }
  if (note.excludedBy.length > 0) return;
  tables.forEach((table, at) => meetTable(coverage, table, note.hits[at]!, values));
  meetLimit(coverage, program, note);
  rules("routing", program.routing);
}

const computedKinds = {
  ...{ number: "number", money: "number", boolean: "truth", enum: "text", date: "date" },
} as const;

function knownOrNull(value: number): string {
  return Number.isNaN(value) ? "null" : "known";
}

function hasNull(slots: readonly number[], values: Values): boolean {
  return slots.some((slot) => Number.isNaN(values[slot]!));
}

function meetTests(coverage: Coverage, kind: string, tests: Tests, values: Values): void {
  met(coverage, kind, holdsAll(tests, values) ? "holds" : "fails");
  const slots = tests.map(({ slot }) => slot);
  if (hasNull(slots, values)) met(coverage, kind, "null");
}

function meetSegments(coverage: Coverage, nodes: readonly SegmentIr[], values: Values): void {
  for (const { tests, children } of nodes) {
    meetTests(coverage, "segmentation", tests, values);
    if (holdsAll(tests, values)) return meetSegments(coverage, children, values);
  }
}

function meetBin(coverage: Coverage, kind: string, value: number, cell: string | undefined): void {
  if (Number.isNaN(value)) met(coverage, kind, "null");
  else met(coverage, kind, cell === "otherwise" ? "otherwise" : "known");
}

function meetTable(
  coverage: Coverage,
  table: TableIr,
  hits: readonly number[],
  values: Values,
): void {
  const { hitPolicy, inputs, outputs, rows, defaults } = table;
  const unknown = hasNull(
    inputs.map(({ slot }) => slot),
    values,
  );
  met(coverage, "table", unknown ? "null" : "known");
  if (unknown) met(coverage, hitPolicy, "null input");
  const holding = rows.filter(({ tests }) => holdsAll(tests, values));
  const says = defaults !== null || holding.length > 0;
  if (
    says &&
    hasNull(
      outputs.map(({ slot }) => slot),
      values,
    )
  )
    met(coverage, hitPolicy, "null output");
  if (hits.length > 0) met(coverage, hitPolicy, hits.length === 1 ? "one" : "several");
  else met(coverage, hitPolicy, defaults === null ? "nothing" : "default");
  // Of several rows that hold, P counts one.
  if (hitPolicy === "P" && holding.length > 1) met(coverage, hitPolicy, "several");
  for (const test of rows.flatMap(({ tests }) => tests)) {
    if (test.operand !== asOfName || test.column >= 0) continue;
    met(coverage, "row with dates", holds(test, values[test.slot]!) ? "in force" : "not in force");
  }
}

function meetLimit(coverage: Coverage, { limit, guards }: Program, note: RunNote): void {
  const { treatment, guardsBound } = note;
  if (treatment === null) return;
  met(coverage, treatment.target?.method ?? treatment.action, "chosen");
  if (treatment.target !== null) {
    limit.floors.forEach(({ kind }) => met(coverage, "floor", kind));
    limit.caps.forEach(({ kind }) => met(coverage, "cap", kind));
  }
  for (const { id, kind } of guards) {
    met(coverage, kind, guardsBound.includes(id) ? "bound" : "free");
  }
}

/** All cells that must be met, in the order of the table. */
function cells(): readonly (readonly [row: string, column: string])[] {
  const nodes = Object.entries(nodeCells).flatMap(([row, columns]) =>
    columns.map((column) => [row, column] as const),
  );
  const policies = hitPolicies.flatMap((row: HitPolicy) =>
    policyColumns
      .filter((column) => !impossible.has(`${row} ${column}`))
      .map((column) => [row, column] as const),
  );
  return [...nodes, ...policies];
}

/** Cells that nothing came to. */
export function emptyCells(coverage: Coverage): readonly string[] {
  return cells()
    .map(([row, column]) => `${row} ${column}`)
    .filter((key) => !coverage.has(key));
}

/** The table as text, one line for each node kind and hit policy. */
export function coverageText(coverage: Coverage): string {
  const lines = new Map<string, string[]>();
  for (const [row, column] of cells()) {
    const line = lines.get(row) ?? [];
    line.push(`${column} ${coverage.get(`${row} ${column}`) ?? 0}`);
    lines.set(row, line);
  }
  return [...lines].map(([row, line]) => `${row.padEnd(22)} ${line.join(" · ")}`).join("\n");
}
