// Holds the row function against the interpreter on one line: every output of a run, the loading of facts, the bytes of the
// assessment, and the short forms that sweeps and comparisons use.

import { expect } from "vitest";
import type { Assessment } from "../../src/domain/assessment.ts";
import { canonicalJson } from "../../src/domain/canonical-json.ts";
import { type FactValue, type FactValues, lineFacts } from "../../src/domain/facts.ts";
import { briefs, briefsByNote } from "../../src/policy/brief.ts";
import { compileStrategy, type CompiledStrategy } from "../../src/policy/compile.ts";
import {
  evaluate,
  evaluateOrLeave,
  isLeftAlone,
  isUnevaluable,
  setAsOf,
} from "../../src/policy/evaluate.ts";
import { explain } from "../../src/policy/explain.ts";
import { parseStrategy } from "../../src/policy/parse.ts";
import { lostCodes } from "../../src/policy/reasons.ts";
import { compiledProgram, interpretedProgram, runRow } from "../../src/policy/row-function.ts";
import { routeOf, run } from "../../src/policy/run.ts";
import { arbitraryStrategy } from "./arbitrary-strategy.ts";
import { randomFrom } from "./random.ts";
import { asOf, sha256 } from "./strategy-document.ts";

/** What happened to the lines that were compared. */
export type Outcomes = Record<string, number>;

/** The strategy of a seed; null for the few that the language refuses. */
export function strategyOfSeed(seed: number): CompiledStrategy | null {
  const { strategy } = parseStrategy(arbitraryStrategy(seed));
  return strategy === null ? null : compileStrategy(strategy, sha256);
}

/** Compares both back ends on one line; throws where they differ. */
export function checkBackEnds(
  compiled: CompiledStrategy,
  facts: FactValues,
  outcomes: Outcomes,
): void {
  checkRun(compiled, facts);
  const result = evaluate(compiled, facts, asOf);
  const explained = explain(compiled, facts, asOf);
  if (isUnevaluable(result) || !("assessment" in explained)) {
    throw new Error(`Cannot evaluate: ${JSON.stringify(result)}`);
  }
  expect(canonicalJson(result)).toBe(canonicalJson(explained.assessment));
  checkShortForms(compiled, facts, result);
  const happened = result.excludedBy.length > 0 ? "excluded" : result.outcome.action;
  outcomes[happened] = (outcomes[happened] ?? 0) + 1;
  if (result.guardsBound.length > 0) outcomes["guarded"] = (outcomes["guarded"] ?? 0) + 1;
  if (result.reasons.length > 0) outcomes["reasons"] = (outcomes["reasons"] ?? 0) + 1;
}

function checkRun({ program }: CompiledStrategy, facts: FactValues): void {
  const generated = compiledProgram(program);
  const plain = interpretedProgram(program);
  expect(generated.backEnd).toBe("row-function");
  const values = new Float64Array(program.slotCount).fill(Number.NaN);
  setAsOf(program, values, asOf);
  const own = values.slice();
  expect(plain.load(facts, facts, values)).toBe(true);
  expect(generated.load(facts, facts, own)).toBe(true);
  expect(own).toEqual(values);
  const { tables: _, ...made } = { tables: [], ...runRow(program, own) };
  const expected = run(program, values);
  expect(made).toEqual(expected);
  expect(generated.route(values)).toBe(program.routing.indexOf(routeOf(program.routing, values)));
  expect(generated.lost(values)).toEqual(lostCodes(program, values));
}

function checkShortForms(
  compiled: CompiledStrategy,
  facts: FactValues,
  assessment: Assessment,
): void {
  const short = evaluateOrLeave(compiled, facts, ownFacts(facts), asOf);
  if (assessment.outcome.action === "none") {
    const { excludedBy, segment, scores, grade, rowsHit, guardsBound } = assessment;
    const kept = { excludedBy, segment, scores, grade, rowsHit, guardsBound };
    expect(isLeftAlone(short as never)).toBe(true);
    expect(short).toEqual({ excludedBy, segment, said: canonicalJson(kept) });
  } else {
    expect(canonicalJson(short)).toBe(canonicalJson(assessment));
  }
  const brief = briefs(compiled, asOf)(facts)!;
  expect(brief).toEqual(briefsByNote(compiled.program, asOf)(facts));
  expect(brief).toMatchObject({
    excludedBy: assessment.excludedBy,
    grade: assessment.grade,
    action: assessment.outcome.action,
  });
}

function ownFacts(facts: FactValues): FactValues {
  return Object.fromEntries(Object.entries(facts).filter(([name]) => name in lineFacts));
}

const odd: readonly FactValue[] = [
  ...[null, "", "v0", "v", "no such value", "east", true, false, "2026-02-30", "2026-02-28"],
  ...[0, -0, 1, 0.5, -1, 1e300, Number.NaN, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER],
];

/** Puts odd values into facts and compares which lines the back ends take, and how. */
export function checkOddFacts(
  { program }: CompiledStrategy,
  facts: FactValues,
  seed: number,
): void {
  const random = randomFrom(seed);
  const changed = Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]) => {
      if (random.chance(0.05)) return [];
      return [[name, random.chance(0.15) ? random.pick(odd) : value]];
    }),
  );
  const values = new Float64Array(program.slotCount);
  const own = values.slice();
  const taken = compiledProgram(program).load(changed, changed, own);
  expect(taken, JSON.stringify(changed)).toBe(
    interpretedProgram(program).load(changed, changed, values),
  );
  if (taken) expect(own).toEqual(values);
}
