// The main job from file to executed cut in memory: every step meets the next one through the real write path.

import { expect, test } from "vitest";
import { importDemo, liveThrough } from "../support/whole-life.ts";
import { memoryWorld } from "../support/world.ts";

test("a portfolio goes from file to executed cuts, and books and replays agree", async () => {
  const given = memoryWorld();
  const { imported, sweep, approvals, executed, reconciliation } = await liveThrough(given);
  expect(imported).toMatchObject({ rows: 300, accepted: 300, rejected: 0 });
  expect(sweep.state).toBe("done");
  expect(sweep.counts.planned).toBe(300);
  const { proposed, paced, toReview, straightThrough } = sweep.counts;
  expect(paced + toReview + straightThrough).toBe(proposed);
  expect(approvals).toBeGreaterThanOrEqual(toReview);
  expect(executed).toBeGreaterThan(0);
  expect(given.delivered.length).toBeGreaterThanOrEqual(executed);
  expect(reconciliation).toEqual({ compared: 300, differences: [] });
});

test("importing the same file again changes nothing", async () => {
  const given = memoryWorld();
  await importDemo(given);
  expect(await importDemo(given)).toMatchObject({ added: 0, changed: 0, unchanged: 300 });
});
