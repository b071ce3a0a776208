// Random lives in the number that is promised: over memory for the promises, over PostgreSQL for the same end.

import fc from "fast-check";
import { expect, test } from "vitest";
import { sequence } from "../support/life-moves.ts";
import { playLife } from "../support/life-trial.ts";
import { expectSameLives } from "../support/same-lives.ts";
import { memoryWorld } from "../support/world.ts";

const lives = Number(process.env["TIDEMARK_LIVES"] ?? 100_000);

test(`no promise is broken in ${lives} random lives`, async () => {
  const property = fc.asyncProperty(sequence, async (given) => {
    expect((await playLife(memoryWorld(), given, "C-1")).broken).toEqual([]);
  });
  await fc.assert(property, { numRuns: lives });
});

test("1,000 random lives end the same in PostgreSQL and in memory", () => expectSameLives(1_000));
