// The main job from file to executed cut on PostgreSQL: what holds in memory holds on the database.

import { afterAll, beforeAll, expect, test } from "vitest";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { liveThrough } from "../support/whole-life.ts";
import { databaseWorld, memoryWorld } from "../support/world.ts";

let database: FreshDatabase;

beforeAll(async () => {
  database = await freshDatabase();
});

afterAll(() => database.close());

test("the same portfolio ends the same on PostgreSQL and in memory", async () => {
  const stored = await liveThrough(databaseWorld(database.db));
  const remembered = await liveThrough(memoryWorld());
  const { importId: _stored, ...imported } = stored.imported;
  expect(remembered.imported).toMatchObject(imported);
  expect(remembered.sweep).toEqual(stored.sweep);
  expect(remembered.approvals).toBe(stored.approvals);
  expect(remembered.executed).toBe(stored.executed);
  expect(stored.reconciliation).toEqual({ compared: 300, differences: [] });
});
