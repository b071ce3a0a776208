// Holds the reasons of one assessment against the engine itself: every cited fact is put to its neutral value
// (or to the best bin of its characteristic), the line is evaluated again through the public function, and
// the outcome must be milder or the score better.

import { expect } from "vitest";
import { type Assessment, actions } from "../../src/domain/assessment.ts";
import type { FactValues } from "../../src/domain/facts.ts";
import type { CompiledStrategy } from "../../src/policy/compile.ts";
import { evaluate, isUnevaluable } from "../../src/policy/evaluate.ts";
import { explain, type ExplainedReason } from "../../src/policy/explain.ts";
import { decodeFact } from "../../src/policy/fact-text.ts";
import { example } from "../../src/policy/integer-set.ts";
import { asOf } from "./strategy-document.ts";

function assess(compiled: CompiledStrategy, facts: FactValues): Assessment {
  const result = evaluate(compiled, facts, asOf);
  if (isUnevaluable(result)) throw new Error(`Cannot evaluate: ${JSON.stringify(result)}`);
  return result;
}

/** Facts with some at their neutral values. */
function neutralised(
  compiled: CompiledStrategy,
  facts: FactValues,
  names: readonly string[],
): FactValues {
  const neutral = compiled.program.facts
    .filter((fact) => names.includes(fact.name))
    .map((fact) => [fact.name, decodeFact(fact.neutral!, fact.type)]);
  return { ...facts, ...Object.fromEntries(neutral) };
}

function limitAfter({ outcome, facts }: Assessment): number {
  const limit = facts["limit"] as number;
  if (outcome.action === "none") return limit;
  if (outcome.action === "decrease") return outcome.toMinor;
  return outcome.action === "close" ? 0 : Math.min(limit, Math.max(0, facts["drawn"] as number));
}

function isMilder(after: Assessment, before: Assessment): boolean {
  const rank = actions.indexOf(after.outcome.action) - actions.indexOf(before.outcome.action);
  return rank < 0 || (rank === 0 && limitAfter(after) > limitAfter(before));
}

export type ReasonCounts = {
  reasons: number;
  points: number;
  besides: number;
  together: number;
  unproved: number;
};

/** Checks all reasons of a line; throws where one does not hold. Counts how each was proved. */
export function checkReasons(
  compiled: CompiledStrategy,
  facts: FactValues,
  counts: ReasonCounts,
): void {
  const explanation = explain(compiled, facts, asOf);
  if (isUnevaluable(explanation as never))
    throw new Error(`Cannot explain: ${JSON.stringify(explanation)}`);
  const { assessment, reasons } = explanation as Exclude<
    typeof explanation,
    { missing: readonly string[] }
  >;
  expect(assessment).toEqual(assess(compiled, facts));
  if (assessment.outcome.action === "none") {
    expect(reasons).toEqual([]);
    return;
  }
  if (reasons.length === 0) {
    counts.unproved += 1;
    expect(assessment.route).not.toBe("straight-through");
  }
  for (const reason of reasons) {
    counts.reasons += 1;
    expect(reason.facts.length).toBeGreaterThan(0);
    expect(reason.weight).toBeGreaterThan(0);
    checkCauses(compiled, assessment, reason);
    if (reason.proof === null) checkPoints(compiled, facts, assessment, reason, counts);
    else checkOutcome(compiled, facts, assessment, reason, reason.proof, counts);
  }
}

function checkCauses(
  compiled: CompiledStrategy,
  assessment: Assessment,
  reason: ExplainedReason,
): void {
  for (const cause of reason.cause) {
    const [node = "", part = ""] = cause.split("/");
    const card = compiled.program.scorecards.find((candidate) => candidate.id === node);
    const real =
      assessment.rowsHit[node]?.includes(part) ??
      card?.characteristics.some((one) => one.id === part);
    expect(real, cause).toBe(true);
  }
}

function checkPoints(
  compiled: CompiledStrategy,
  facts: FactValues,
  assessment: Assessment,
  reason: ExplainedReason,
  counts: ReasonCounts,
): void {
  counts.points += 1;
  for (const cause of reason.cause) {
    const [cardId = "", id = ""] = cause.split("/");
    const characteristic = compiled.program.scorecards
      .find((card) => card.id === cardId)!
      .characteristics.find((one) => one.id === id)!;
    expect(reason.facts).toContain(characteristic.fact);
    const best = characteristic.attributes.toSorted((left, right) => left.lost - right.lost)[0]!;
    const fact = compiled.program.facts.find(
      (candidate) => candidate.name === characteristic.fact,
    )!;
    const value = decodeFact(example(best) ?? Number.NaN, fact.type);
    const after = assess(compiled, { ...facts, [fact.name]: value });
    expect(after.scores[cardId], cause).toBeGreaterThan(assessment.scores[cardId]!);
  }
}

function checkOutcome(
  compiled: CompiledStrategy,
  facts: FactValues,
  assessment: Assessment,
  reason: ExplainedReason,
  proof: NonNullable<ExplainedReason["proof"]>,
  counts: ReasonCounts,
): void {
  const { besides, neutral } = proof;
  const before =
    besides.length === 0 ? assessment : assess(compiled, neutralised(compiled, facts, besides));
  if (besides.length > 0) counts.besides += 1;
  const together = assess(compiled, neutralised(compiled, facts, [...besides, ...neutral]));
  expect(together.outcome).toEqual(proof.outcome);
  expect(isMilder(together, before), `${reason.code} together`).toBe(true);
  if (proof.together) {
    counts.together += 1;
    return;
  }
  for (const fact of reason.facts) {
    const after = assess(compiled, neutralised(compiled, facts, [...besides, fact]));
    expect(isMilder(after, before), `${reason.code} ${fact}`).toBe(true);
  }
}
