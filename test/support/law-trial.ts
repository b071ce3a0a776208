// Holds the verdicts of a check against what evaluation says: random lines never contradict a law that is proved, and the
// line that refutes a law really does.

import fc from "fast-check";
import { expect } from "vitest";
import { parseBusinessDate } from "../../src/domain/calendar.ts";
import type { FactValue, FactValues } from "../../src/domain/facts.ts";
import { checkStrategy } from "../../src/policy/check/check-strategy.ts";
import type { CheckReport, Law, Verdict } from "../../src/policy/check/finding.ts";
import { compareOutcomes } from "../../src/policy/check/line-example.ts";
import { compileStrategy, type CompiledStrategy } from "../../src/policy/compile.ts";
import { evaluate, isUnevaluable } from "../../src/policy/evaluate.ts";
import { encodeFact } from "../../src/policy/fact-text.ts";
import { boundOf } from "../../src/policy/limit-rule.ts";
import type { FactIr } from "../../src/policy/ir.ts";
import { parseStrategy } from "../../src/policy/parse.ts";
import { arbitraryFacts } from "./arbitrary-facts.ts";
import { arbitraryStrategy } from "./arbitrary-strategy.ts";
import { randomFrom } from "./random.ts";
import { asOf, sha256 } from "./strategy-document.ts";

/** The strategy of a seed with a direction declared for each of its own facts that has an order; null if it is refused. */
export function directedStrategy(seed: number): CompiledStrategy | null {
  const random = randomFrom(seed);
  const document = arbitraryStrategy(seed);
  const facts = (document["facts"] as Readonly<Record<string, unknown>>[]).map((fact) =>
    fact["type"] === "enum" || fact["source"] === "line"
      ? fact
      : { ...fact, harsherWhen: random.pick(["higher", "lower"]) },
  );
  const { strategy } = parseStrategy({ ...document, facts });
  return strategy === null ? null : compileStrategy(strategy, sha256);
}

/** Verdicts met, by law. */
export type Verdicts = Record<string, number>;

/** Checks a strategy and holds every law against `lines` random lines; the report. */
export function tryLaws(
  compiled: CompiledStrategy,
  seed: number,
  lines: number,
  verdicts: Verdicts,
): CheckReport {
  const report = checkStrategy(compiled);
  const inputs = fc.sample(arbitraryFacts(compiled), { numRuns: lines, seed });
  for (const law of report.laws) {
    count(verdicts, law.law, law.verdict);
    if (law.verdict === "refuted") expectBroken(compiled, law);
    if (law.verdict === "proved")
      for (const facts of inputs) expectKept(compiled, law, facts, inputs);
  }
  expectNeverHit(compiled, report, inputs);
  expectRemovable(compiled, report, inputs);
  return report;
}

/** Without a row that is said to be redundant, every line has the same outcome for the same reasons. */
function expectRemovable(
  compiled: CompiledStrategy,
  { findings }: CheckReport,
  inputs: readonly FactValues[],
): void {
  const [first] = findings.filter(({ kind }) => kind === "redundant");
  if (first === undefined) return;
  const tables = compiled.document.tables.map((table) =>
    table.id === first.at.table
      ? { ...table, rows: table.rows.filter((row) => row.id !== first.at.row) }
      : table,
  );
  const { strategy } = parseStrategy({ ...compiled.document, tables });
  // The language may need the row for other reasons, such as a range that is computed from all rows.
  if (strategy === null) return;
  const without = compileStrategy(strategy, sha256);
  for (const facts of inputs.slice(0, 200)) {
    const [before, after] = [assess(compiled, facts), assess(without, facts)];
    expect(after.outcome, JSON.stringify(facts)).toEqual(before.outcome);
    const codes = (one: typeof before): readonly string[] => one.reasons.map(({ code }) => code);
    expect(codes(after)).toEqual(codes(before));
  }
}

/** Rows that are said to be unreachable are hit by none of the lines. */
function expectNeverHit(
  compiled: CompiledStrategy,
  { findings }: CheckReport,
  inputs: readonly FactValues[],
): void {
  const never = findings.filter(({ kind, at }) => kind === "unreachable" && at.row !== null);
  for (const facts of never.length === 0 ? [] : inputs) {
    const { rowsHit } = assess(compiled, facts);
    for (const { at } of never) expect(rowsHit[at.table!] ?? []).not.toContain(at.row);
  }
}

function count(verdicts: Verdicts, law: string, verdict: Verdict): void {
  const key = `${law} ${verdict}`;
  verdicts[key] = (verdicts[key] ?? 0) + 1;
}

function assess(compiled: CompiledStrategy, facts: FactValues) {
  const result = evaluate(compiled, facts, parseBusinessDate(facts["asOf"]) ?? asOf);
  if (isUnevaluable(result)) throw new Error(`Cannot evaluate: ${JSON.stringify(result)}`);
  return result;
}

function factOf(compiled: CompiledStrategy, name: string | null): FactIr {
  return compiled.program.facts.find((fact) => fact.name === name)!;
}

/** Negative when going from `left` to `right` is going the harsher way; null when one of them is missing. */
function direction(fact: FactIr, left: FactValue, right: FactValue): number | null {
  const codes = [left, right].map((value) => encodeFact(value, fact.type, fact.codes)!);
  if (codes.some(Number.isNaN)) return null;
  return (codes[0]! - codes[1]!) * (fact.declaration.harsherWhen === "higher" ? 1 : -1);
}

function expectBroken(compiled: CompiledStrategy, { law, fact, example }: Law): void {
  const { facts, changed, outcome, outcomeChanged } = example!;
  const before = assess(compiled, facts);
  expect(before.outcome).toEqual(outcome);
  if (law === "never-milder") {
    const declared = factOf(compiled, fact);
    const after = assess(compiled, { ...facts, ...changed });
    expect(after.outcome).toEqual(outcomeChanged);
    expect(direction(declared, facts[fact!]!, changed![fact!]!)).toBeLessThan(0);
    expect(compareOutcomes(before.outcome, after.outcome)).toBeGreaterThan(0);
  }
  if (law === "within-caps") expect(isBelowFloor(compiled, facts)).toBe(true);
  if (law === "never-raises") {
    expect(before.askedLimitMinor!).toBeGreaterThan(Number(facts["limit"]));
  }
}

function isBelowFloor(compiled: CompiledStrategy, facts: FactValues): boolean {
  const { outcome } = assess(compiled, facts);
  const limit = Number(facts["limit"]);
  return (
    outcome.action === "decrease" &&
    compiled.program.limit.floors.some(
      (floor) => outcome.toMinor < Math.min(limit, boundOf(floor, limit)),
    )
  );
}

function expectKept(
  compiled: CompiledStrategy,
  { law, fact }: Law,
  facts: FactValues,
  others: readonly FactValues[],
): void {
  if (law === "within-caps") expect(isBelowFloor(compiled, facts)).toBe(false);
  if (law === "never-raises") {
    expect(assess(compiled, facts).askedLimitMinor ?? 0).toBeLessThanOrEqual(
      Number(facts["limit"]),
    );
  }
  if (law !== "never-milder" || fact === null) return;
  const declared = factOf(compiled, fact);
  const other = others[(others.indexOf(facts) * 7 + 1) % others.length]![fact]!;
  const way = direction(declared, facts[fact]!, other);
  if (way === null || way === 0) return;
  const changed = { ...facts, [fact]: other };
  const [milder, harsher] = way < 0 ? [facts, changed] : [changed, facts];
  const order = compareOutcomes(
    assess(compiled, milder).outcome,
    assess(compiled, harsher).outcome,
  );
  if (order > 0) {
    throw new Error(`Proved law broken: ${fact}, ${JSON.stringify({ milder, harsher })}`);
  }
}
