// The example's scorecard against the model it was derived from: the points in the project can be made again,
// and rounding them to integers costs next to nothing of the model's ranking.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { strategyPath, type WoeModel, withScorecard } from "../../scripts/uci-scorecard.ts";
import { readStrategyFile } from "../../src/adapters/files/strategy-file.ts";
import type { Assessment } from "../../src/domain/assessment.ts";
import type { BusinessDate } from "../../src/domain/calendar.ts";
import { compileStrategy } from "../../src/policy/compile.ts";
import { evaluate } from "../../src/policy/evaluate.ts";
import { hasShared, sharedPath } from "../support/shared-data.ts";
import { sha256 } from "../support/strategy-document.ts";
import { readUciRows, type UciRow } from "../support/uci-facts.ts";

const modelFile = "data/models/scorecard_uci_nodemo_woe.json";
const csvFile = "data/uci_taiwan/default_of_credit_card_clients.csv";
const sept = "2005-09-30" as BusinessDate;

function readModel(): WoeModel {
  return JSON.parse(readFileSync(sharedPath(modelFile), "utf8")) as WoeModel;
}

/** −logit(PD) of the exact model: higher is better. */
function exactScore(model: WoeModel, row: UciRow): number {
  const logit = model.used.reduce((sum, name, at) => {
    const { edges, woe } = model.bins[name]!;
    const bin = edges.findIndex((edge) => row.column(name) <= edge);
    return sum + model.coef[at]! * woe[bin < 0 ? edges.length : bin]!;
  }, model.intercept);
  return -logit;
}

/** Area under the ROC curve by ranks, ties counted half. Higher scores mean good. */
function auc(scores: readonly number[], bad: readonly boolean[]): number {
  const order = scores.map((_, at) => at).toSorted((left, right) => scores[left]! - scores[right]!);
  let rankSum = 0;
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && scores[order[to]!] === scores[order[from]!]) to += 1;
    for (let at = from; at < to; at++) if (!bad[order[at]!]) rankSum += (from + 1 + to) / 2;
    from = to;
  }
  const goods = bad.filter((one) => !one).length;
  return (rankSum - (goods * (goods + 1)) / 2) / (goods * (bad.length - goods));
}

describe("the UCI scorecard", () => {
  test.skipIf(!hasShared(modelFile))("is made again from the model, byte for byte", () => {
    const current = readFileSync(strategyPath, "utf8");
    expect(withScorecard(current, readModel())).toBe(current);
  });

  test.skipIf(!hasShared(modelFile) || !hasShared(csvFile))(
    "ranks 30,000 cards within 0.002 of the exact model's AUC, and leads to a reasonable outcome",
    async () => {
      const { strategy } = await readStrategyFile(strategyPath);
      const compiled = compileStrategy(strategy!, sha256);
      const rows = readUciRows(sharedPath(csvFile));
      expect(rows.length).toBe(30_000);
      const results = rows.map((row) => evaluate(compiled, row.facts, sept) as Assessment);
      const bad = rows.map((row) => row.bad);
      const model = readModel();
      const exact = auc(
        rows.map((row) => exactScore(model, row)),
        bad,
      );
      const integer = auc(
        results.map((result) => result.scores["behaviour"]!),
        bad,
      );
      expect(exact).toBeGreaterThan(0.76);
      expect(Math.abs(exact - integer)).toBeLessThan(0.002);

      const cut = results.filter((result) => result.outcome.action === "decrease");
      expect(cut.length / rows.length).toBeGreaterThan(0.1);
      expect(cut.length / rows.length).toBeLessThan(0.2);
      const deep = cut.filter(
        ({ outcome }) =>
          outcome.action === "decrease" &&
          (outcome.fromMinor - outcome.toMinor) * 10 >= outcome.fromMinor * 6,
      );
      expect(deep.length).toBeGreaterThan(0);
      expect(deep.every((result) => result.route !== "straight-through")).toBe(true);
      const acting = results.filter((result) => result.outcome.action !== "none");
      expect(acting.every((result) => result.reasons.length > 0)).toBe(true);
      const graded = results.map((result, at) => ({ grade: result.grade!, bad: bad[at]! }));
      for (const band of compiled.program.grades!.bands) {
        const members = graded.filter((one) => one.grade === band.grade);
        const observed = (members.filter((one) => one.bad).length * 10_000) / members.length;
        expect(Math.abs(observed - band.pdBp), band.grade).toBeLessThanOrEqual(5);
      }
    },
  );
});
