// A server that is killed while signals stream in loses none that it acknowledged and counts none twice: a small version
// of the long test, so that every run of the suite has it.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { freshDatabase } from "../support/database.ts";
import { calmRun, roughRun } from "../support/ingest-trial.ts";

const folder = mkdtempSync(join(tmpdir(), "tidemark-ingest-kills-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const seed = Number(process.env["TIDEMARK_SEED"] ?? Date.now() % 1_000_000);

test("three kills under a stream of signals change nothing", { timeout: 600_000 }, async () => {
  console.info(`replay: TIDEMARK_SEED=${seed} npx vitest run test/db/ingest-kills.test.ts`);
  const trial = { plan: { lines: 80, seed: 11 }, events: 2_000, kills: 3, seed, folder };
  const [quiet, struck] = [await freshDatabase(), await freshDatabase()];
  const calm = await calmRun(trial, quiet);
  const rough = await roughRun(trial, struck);
  expect(rough.kills).toBe(3);
  expect(rough.books).toEqual(calm);
  expect(JSON.parse(calm.letters)).toHaveLength(40);
  await Promise.all([quiet.close(), struck.close()]);
});
