// Random lives, each over PostgreSQL and over memory: both keep every promise and leave the same behind.

import fc from "fast-check";
import { expect } from "vitest";
import { freshDatabase } from "./database.ts";
import { sequence } from "./life-moves.ts";
import { playLife } from "./life-trial.ts";
import { databaseWorld, memoryWorld } from "./world.ts";

/** Plays `count` sequences twice each, in one database, every life with a customer of its own. */
export async function expectSameLives(count: number): Promise<void> {
  const database = await freshDatabase();
  let lives = 0;
  try {
    await fc.assert(
      fc.asyncProperty(sequence, async (given) => {
        lives += 1;
        const name = `C-${lives}`;
        const held = await playLife(memoryWorld(), given, name);
        const stored = await playLife(databaseWorld(database.db), given, name);
        expect(stored.broken).toEqual([]);
        expect(stored.refusals).toEqual(held.refusals);
        expect(stored.left).toEqual(held.left);
      }),
      { numRuns: count, endOnFailure: true },
    );
  } finally {
    await database.close();
  }
}
