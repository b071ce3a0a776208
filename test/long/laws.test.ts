// The verdicts of laws against evaluation, on many more strategies than the daily suite has time for.

import { expect, test } from "vitest";
import { directedStrategy, tryLaws, type Verdicts } from "../support/law-trial.ts";
import { orderedStrategy } from "../support/ordered-strategy.ts";

test("no random line contradicts a proved law, over 1,000 strategies of two kinds", () => {
  const verdicts: Verdicts = {};
  for (let seed = 1; seed <= 1_000; seed++) {
    tryLaws(orderedStrategy(seed), seed, 2_000, verdicts);
    const strategy = directedStrategy(seed);
    if (strategy !== null) tryLaws(strategy, seed, 500, verdicts);
  }
  process.stdout.write(`${JSON.stringify(verdicts, null, 2)}\n`);
  expect(verdicts["never-milder proved"]).toBeGreaterThan(1_000);
  expect(verdicts["never-milder refuted"]).toBeGreaterThan(1_000);
});
