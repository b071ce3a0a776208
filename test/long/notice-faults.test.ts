// Notices through a provider that fails, repeats itself and answers out of order, in the number that is promised and over
// both stores: exactly one logical notice each, and a person in time where it reached nobody. The same with few notices
// runs with every test (test/flow).

import { test } from "vitest";
import { freshDatabase } from "../support/database.ts";
import { expectOneNoticeEach } from "../support/notice-faults.ts";
import { databaseWorld, memoryWorld } from "../support/world.ts";

test("10,000 notices arrive once or go to a person in time", () =>
  expectOneNoticeEach(memoryWorld(), 10_000, "test:long"));

test("10,000 notices arrive once or go to a person in time over PostgreSQL", async () => {
  const database = await freshDatabase();
  try {
    await expectOneNoticeEach(databaseWorld(database.db), 10_000, "test:long");
  } finally {
    await database.close();
  }
});
