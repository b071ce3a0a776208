// Two hundred times kill -9 of the server while a client streams 100,000 signals and sends again what was not
// acknowledged: every acknowledged one is there once, every rejected one is a dead letter once, and the facts are those
// of an undisturbed run.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { freshDatabase } from "../support/database.ts";
import { calmRun, roughRun } from "../support/ingest-trial.ts";

const folder = mkdtempSync(join(tmpdir(), "tidemark-ingest-kills-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const kills = Number(process.env["TIDEMARK_KILLS"] ?? 200);
const events = Number(process.env["TIDEMARK_EVENTS"] ?? 100_000);
const seed = Number(process.env["TIDEMARK_SEED"] ?? Date.now() % 1_000_000);

test(`${kills} kills under ${events} signals change nothing`, async () => {
  const given = `TIDEMARK_SEED=${seed} TIDEMARK_KILLS=${kills} TIDEMARK_EVENTS=${events}`;
  console.log(`replay: ${given} npm run test:long -- ingest-kills`);
  const trial = { plan: { lines: 5_000, seed: 11 }, events, kills, seed, folder };
  const [quiet, struck] = [await freshDatabase(), await freshDatabase()];
  const calm = await calmRun(trial, quiet);
  const rough = await roughRun(trial, struck);
  console.log(`kills: ${rough.kills}, requests sent again: ${rough.resent}`);
  expect(rough.kills).toBe(kills);
  for (const part of ["signals", "recorded", "letters", "lines", "facts"] as const) {
    expect(rough.books[part] === calm[part], part).toBe(true);
  }
  await Promise.all([quiet.close(), struck.close()]);
});
