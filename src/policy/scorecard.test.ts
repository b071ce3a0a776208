// A scorecard as PMML 4.4 defines it: the sample of the standard (department, age, income) with its missing and other bins,
// its baselines, both ways to count lost points, and a partial score that is computed.

import { describe, expect, test } from "vitest";
import {
  asOf,
  changed,
  compiled,
  factsWith,
  strategyDocument,
} from "../../test/support/strategy-document.ts";
import type { FactValues } from "../domain/facts.ts";
import { explain } from "./explain.ts";
import { lostCodes } from "./reasons.ts";
import { compiledProgram } from "./row-function.ts";

const text = (en: string) => ({ zh: `${en}（中文）`, en });
const unknown = { source: "import", missing: "unknown", sensitivity: "ordinary" };
const bin = (when: string, points: number, more = {}) => ({ when, points, ...more });

/** The sample scorecard; `pointsFrom` computes the points of high incomes. */
function sample(algorithm = "pointsBelow") {
  const document = strategyDocument();
  const departments = ["marketing", "engineering", "business", "sales"];
  const values = departments.map((value) => ({ value, label: text(value) }));
  const whole = { type: "number", minimum: "0", maximum: "1000000", ...unknown };
  (document["facts"] as unknown[]).push(
    { name: "department", label: text("Department"), type: "enum", values, ...unknown },
    { name: "age", label: text("Age"), ...whole },
    { name: "income", label: text("Income"), ...whole },
  );
  const feel = "if income = null then 0 else floor(0.03 * income + 11)";
  changed(
    "/expressions",
    [{ id: "income", label: text("Income"), type: "number", feel }],
    document,
  );
  const characteristic = (
    fact: string,
    reason: string,
    baseline: number,
    attributes: unknown[],
  ) => {
    return { id: fact, label: text(fact), fact, reason, baseline, attributes };
  };
  (document["scores"] as unknown[]).push({
    ...{ id: "sample", label: text("Sample"), initialScore: 100, baseline: "best" },
    reasonCodeAlgorithm: algorithm,
    characteristics: [
      characteristic("department", "R01", 19, [
        ...[bin('"marketing"', 19), bin('"engineering"', 3), bin('"business"', 6)],
        ...[bin("null", 0, { reason: "R05" }), bin("otherwise", -1)],
      ]),
      characteristic("age", "R06", 18, [
        ...[bin("null", -1), bin("<= 18", -3), bin("[19..29]", 0)],
        ...[bin("[30..39]", 12), bin("otherwise", 18)],
      ]),
      characteristic("income", "R10", 10, [
        ...[bin("null", 5), bin("<= 1000", 26), bin("[1001..1500]", 5)],
        bin("otherwise", -11, { pointsFrom: "expression.income" }),
      ]),
    ],
  });
  return compiled(document);
}

function scored(facts: FactValues, algorithm?: string) {
  const strategy = sample(algorithm);
  const all = factsWith({ department: null, age: null, income: null, ...facts });
  const explained = explain(strategy, all, asOf);
  if (!("scores" in explained)) throw new Error(JSON.stringify(explained));
  const { score, characteristics } = explained.scores.find(({ id }) => id === "sample")!;
  const { load, row, lost, scratch } = compiledProgram(strategy.program);
  load(all, all, scratch.values);
  row(scratch.values, scratch);
  expect(scratch.values[strategy.program.scorecards[1]!.slot]).toBe(score);
  expect(lost(scratch.values)).toEqual(lostCodes(strategy.program, scratch.values));
  return {
    score,
    parts: characteristics.map(({ points, lost: less, reason }) => [points, less, reason]),
  };
}

describe("the sample scorecard of PMML 4.4", () => {
  test("adds the partial scores to the initial score and loses points against each baseline", () => {
    expect(scored({ department: "engineering", age: 25, income: 500 })).toEqual({
      score: 100 + 3 + 0 + 26,
      parts: [
        [3, 16, "R01"],
        [0, 18, "R06"],
        [26, -16, "R10"],
      ],
    });
  });

  test("has bins for the missing value, with a reason of their own, and for any other value", () => {
    const { score, parts } = scored({});
    expect(score).toBe(100 + 0 - 1 + 5);
    expect(parts.map(([points, , reason]) => [points, reason])).toEqual([
      [0, "R05"],
      [-1, "R06"],
      [5, "R10"],
    ]);
    expect(scored({ department: "sales", age: 80 }).parts[0]).toEqual([-1, 20, "R01"]);
  });

  test("computes a partial score, and what it loses", () => {
    const { score, parts } = scored({ department: "marketing", age: 40, income: 2_000 });
    expect(score).toBe(100 + 19 + 18 + (0.03 * 2_000 + 11 - 11));
    expect(parts[2]).toEqual([60, 10 - 60, "R10"]);
  });

  test("counts points above the baseline as lost where more is worse", () => {
    const { parts } = scored({ department: "engineering", age: 25, income: 2_000 }, "pointsAbove");
    expect(parts.map(([, lost]) => lost)).toEqual([-16, -18, 50]);
  });
});
