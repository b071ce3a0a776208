// The verdicts of laws against evaluation: no random line ever contradicts what is proved, and every line that refutes a
// law does so when it is evaluated.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { directedStrategy, tryLaws, type Verdicts } from "../../../test/support/law-trial.ts";
import { orderedStrategy } from "../../../test/support/ordered-strategy.ts";

const anySeed = fc.integer({ min: 0, max: 2 ** 31 - 1 });

describe("laws of random strategies", () => {
  test(
    "hold on random lines where they are proved, whatever the strategy",
    { timeout: 120_000 },
    () => {
      const verdicts: Verdicts = {};
      fc.assert(
        fc.property(anySeed, (seed) => {
          const strategy = directedStrategy(seed);
          if (strategy !== null) tryLaws(strategy, seed, 100, verdicts);
        }),
        { numRuns: 6 },
      );
      expect(verdicts["never-milder proved"]).toBeGreaterThan(2);
      expect(verdicts["never-milder refuted"]).toBeGreaterThan(2);
    },
  );

  test(
    "hold on 2,000 random lines where a small strategy was meant to keep them",
    { timeout: 120_000 },
    () => {
      const verdicts: Verdicts = {};
      fc.assert(
        fc.property(anySeed, (seed) => {
          tryLaws(orderedStrategy(seed), seed, 2_000, verdicts);
        }),
        { numRuns: 30 },
      );
      expect(verdicts["never-milder proved"]).toBeGreaterThan(10);
      expect(verdicts["never-milder refuted"]).toBeGreaterThan(1);
    },
  );
});
