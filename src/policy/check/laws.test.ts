// The verdicts of laws against evaluation: no random line ever contradicts what is proved, and every line that refutes a
// law does so when it is evaluated.

import { describe, expect, test } from "vitest";
import { directedStrategy, tryLaws, type Verdicts } from "../../../test/support/law-trial.ts";
import { orderedStrategy } from "../../../test/support/ordered-strategy.ts";

const first = Number(process.env["TIDEMARK_SEED"] ?? Date.now() % 2 ** 31);

/**
 * Tries the laws of so many strategies, and of more, ten times as many at most, while either verdict is rarer than it
 * has to be for the trial to say something.
 * @returns how often the rarer verdict was met
 */
function tried(strategies: number, atLeast: number, tryOne: (seed: number) => Verdicts): number {
  console.log(`TIDEMARK_SEED=${first}`);
  let rarest = 0;
  for (let at = 0; at < strategies || (rarest < atLeast && at < strategies * 10); at++) {
    const verdicts = tryOne(first + at);
    rarest = Math.min(verdicts["never-milder proved"] ?? 0, verdicts["never-milder refuted"] ?? 0);
  }
  return rarest;
}

describe("laws of random strategies", () => {
  test(
    "hold on random lines where they are proved, whatever the strategy",
    { timeout: 120_000 },
    () => {
      const verdicts: Verdicts = {};
      const rarest = tried(6, 3, (seed) => {
        const strategy = directedStrategy(seed);
        if (strategy !== null) tryLaws(strategy, seed, 100, verdicts);
        return verdicts;
      });
      expect(rarest).toBeGreaterThanOrEqual(3);
    },
  );

  test(
    "hold on 2,000 random lines where a small strategy was meant to keep them",
    { timeout: 120_000 },
    () => {
      const verdicts: Verdicts = {};
      const rarest = tried(30, 2, (seed) => {
        tryLaws(orderedStrategy(seed), seed, 2_000, verdicts);
        return verdicts;
      });
      expect(rarest).toBeGreaterThanOrEqual(2);
    },
  );
});
