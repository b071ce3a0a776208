// The row function against the interpreter, on far more strategies and lines than the daily suite has time for.

import { expect, test } from "vitest";
import { type Coverage, coverageText, emptyCells } from "../support/back-end-coverage.ts";
import {
  checkBackEnds,
  checkOddFacts,
  type Outcomes,
  strategyOfSeed,
} from "../support/back-ends.ts";
import { compareBackEnds, randomLines } from "../support/differential.ts";

const first = Number(process.env["TIDEMARK_SEED"] ?? Date.now() % 2 ** 31);
const again = `TIDEMARK_SEED=${first} npm run test:long -- row-function`;

test("the row function says what the interpreter says, on 1,000 strategies with 10,000 lines each", () => {
  const coverage: Coverage = new Map();
  const compared = compareBackEnds(first, 1_000, 10_000, coverage);
  console.log(`${again}\n${coverageText(coverage)}`);
  expect(compared.strategies).toBeGreaterThanOrEqual(1_000);
  expect(compared.lines).toBeGreaterThanOrEqual(10_000_000);
  expect(emptyCells(coverage)).toEqual([]);
});

test("assessments, explanations and short forms agree on 1,000 strategies with 50 lines each", () => {
  const outcomes: Outcomes = {};
  const strategies = 1_000;
  for (let seed = first; seed < first + strategies; seed++) {
    const strategy = strategyOfSeed(seed);
    if (strategy === null) continue;
    randomLines(strategy, 50, seed).forEach((facts, at) => {
      try {
        checkBackEnds(strategy, facts, outcomes);
        checkOddFacts(strategy, facts, seed + at);
      } catch (cause) {
        throw new Error(`${again}: strategy ${seed}, line ${at}: ${JSON.stringify(facts)}`, {
          cause,
        });
      }
    });
  }
  expect(outcomes["decrease"]).toBeGreaterThan(strategies);
});
