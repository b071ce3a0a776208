// A wave undone on PostgreSQL ends as in memory: the same counts, every line as before, no wait left.

import { afterAll, beforeAll, expect, test } from "vitest";
import { reconcile } from "../../src/portfolio/reconcile.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { allLines, givenBack, makeWave, undoWave } from "../support/wave-undo.ts";
import { databaseWorld, memoryWorld, type TestWorld } from "../support/world.ts";

let database: FreshDatabase;

beforeAll(async () => {
  database = await freshDatabase();
});

afterAll(() => database.close());

async function undone(given: TestWorld) {
  const { before, sweep } = await makeWave(given, 30);
  const undo = await undoWave(given, sweep.id);
  expect((await allLines(given)).map(givenBack)).toEqual(before.map(givenBack));
  expect(await given.world.store.waiting.nextDue([])).toBeNull();
  expect((await reconcile(given.world, null)).differences).toEqual([]);
  return given.portfolio.waves.counts(undo.id);
}

test("an executed wave is undone alike on PostgreSQL and in memory", async () => {
  const counts = await undone(databaseWorld(database.db));
  expect(counts.restored).toBeGreaterThan(0);
  expect(await undone(memoryWorld())).toEqual(counts);
}, 180_000);
