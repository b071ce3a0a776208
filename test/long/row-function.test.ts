// The row function against the interpreter, on far more strategies and lines than the quick test has time for.

import fc from "fast-check";
import { expect, test } from "vitest";
import { arbitraryFacts } from "../support/arbitrary-facts.ts";
import {
  checkBackEnds,
  checkOddFacts,
  type Outcomes,
  strategyOfSeed,
} from "../support/back-ends.ts";

const strategies = 3_000;
const linesEach = 150;

test("the row function agrees with the interpreter on thousands of strategies", () => {
  const first = Number(process.env["TIDEMARK_SEED"] ?? Date.now() % 2 ** 31);
  console.log(`TIDEMARK_SEED=${first} npm run test:long -- test/long/row-function.test.ts`);
  const outcomes: Outcomes = {};
  for (let seed = first; seed < first + strategies; seed++) {
    const strategy = strategyOfSeed(seed);
    if (strategy === null) continue;
    fc.sample(arbitraryFacts(strategy), { numRuns: linesEach, seed }).forEach((facts, at) => {
      try {
        checkBackEnds(strategy, facts, outcomes);
        checkOddFacts(strategy, facts, seed + at);
      } catch (cause) {
        throw new Error(`Strategy ${seed}, line ${at}: ${JSON.stringify(facts)}`, { cause });
      }
    });
  }
  expect(outcomes["decrease"]).toBeGreaterThan(strategies);
});
