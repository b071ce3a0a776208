// Fifty times kill -9, of Tidemark, the core simulator and PostgreSQL in turn, during sweeps, reviews and
// executions: nothing lost, nothing doubled, and the same result as without.

import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { carryThrough, portfolioCsv } from "../support/kill-trial.ts";

const folder = mkdtempSync(join(tmpdir(), "tidemark-kills-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const kills = Number(process.env["TIDEMARK_KILLS"] ?? 50);
const seed = Number(process.env["TIDEMARK_SEED"] ?? Date.now() % 1_000_000);

test(`${kills} kills change nothing`, async () => {
  console.log(`replay: TIDEMARK_SEED=${seed} TIDEMARK_KILLS=${kills} npm run test:long -- kills`);
  const files = [1, 10_001, 20_001].map((first) => portfolioCsv(2000, first, first));
  const calm = await carryThrough(join(folder, "calm"), files, 0, seed, () => {});
  const hit = { tidemark: 0, core: 0, postgres: 0 };
  // A quick machine ends each job after few kills: it is done again, from nothing, until there were enough.
  for (let trial = 0; total(hit) < kills; trial += 1) {
    const data = join(folder, `rough-${trial}`);
    const rough = await carryThrough(data, files, kills, seed + trial, (text) => console.log(text));
    expect(total(rough.kills)).toBeGreaterThan(0);
    for (const victim of Object.keys(hit) as (keyof typeof hit)[])
      hit[victim] += rough.kills[victim];
    console.log(`kills: ${JSON.stringify(hit)}, book ${hash(calm.book)} ${hash(rough.book)}`);
    expect(firstDifference(calm.book, rough.book)).toBe("");
    rmSync(data, { recursive: true, force: true });
  }
  expect(Math.min(...Object.values(hit))).toBeGreaterThan(0);
});

function total(hit: Readonly<Record<string, number>>): number {
  return Object.values(hit).reduce((sum, count) => sum + count, 0);
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function firstDifference(left: string, right: string): string {
  if (left === right) return "";
  let at = 0;
  while (left[at] === right[at]) at += 1;
  return `at ${at}: ${left.slice(Math.max(0, at - 200), at + 200)} <> ${right.slice(Math.max(0, at - 200), at + 200)}`;
}
