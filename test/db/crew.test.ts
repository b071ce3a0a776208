// A crew on a real database: threads that each hold a Tidemark share the buckets of a sweep by leases, and the result is
// that of one process alone.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readConfig } from "../../src/adapters/config.ts";
import { compose, type Tidemark } from "../../src/compose.ts";
import { openCrew, type Crew } from "../../src/crew.ts";
import { isRefusal } from "../../src/domain/refusal.ts";
import { openSweep, runSweep } from "../../src/portfolio/sweep.ts";
import { activateStrategy, importDemo, person } from "../support/whole-life.ts";
import { memoryWorld, type TestWorld } from "../support/world.ts";

const folder = mkdtempSync(join(tmpdir(), "tm-crew-"));
const run = {
  owner: "test",
  stop: () => false,
  pause: async () => undefined,
  onProgress: () => undefined,
};

let tidemark: Tidemark;
let crew: Crew;

beforeAll(async () => {
  const config = readConfig({ dataFolder: folder, logLevel: "error" }, {}, folder);
  tidemark = await compose(config, { migrations: "apply" });
  crew = openCrew(tidemark, 2);
});

afterAll(async () => {
  await crew.close();
  await tidemark.close();
  rmSync(folder, { recursive: true, force: true });
});

test("members do the passes of a sweep, and its counts are those of one process alone", async () => {
  const { world, portfolio } = tidemark;
  const given = { ...memoryWorld(), world, portfolio } as TestWorld;
  await importDemo({ ...given, openAccounts: () => undefined });
  const strategyId = await activateStrategy(given);
  const asOf = world.clock.dateOf(await world.clock.now());
  const request = { strategyId, asOf, portfolio: null, dailyCapMinor: null };
  const sweep = await openSweep(world, portfolio, { ...request, actor: person("ops", "operator") });
  if (isRefusal(sweep)) throw new Error(sweep.detail.en);
  const job = new URL("../../src/sweep-job.ts", import.meta.url);
  expect(await crew.run(job, { id: sweep.id, phase: "decide" })).toEqual([null, null]);
  expect(await portfolio.sweeps.left(sweep.id, "assess")).toBe(1024);
  await crew.run(job, { id: sweep.id, phase: "assess" });
  expect(await portfolio.sweeps.left(sweep.id, "assess")).toBe(0);
  const done = await runSweep(world, portfolio, sweep.id, {
    ...run,
    help: async (id, phase) => void (await crew.run(job, { id, phase })),
  });
  expect(done.state).toBe("done");
  const alone = await runAlone(asOf);
  expect(done.counts).toEqual(alone);
});

async function runAlone(asOf: string) {
  const given = memoryWorld();
  await given.clock.set(await tidemark.world.clock.now());
  await importDemo(given);
  const strategyId = await activateStrategy(given);
  const request = { strategyId, portfolio: null, dailyCapMinor: null };
  const sweep = await openSweep(given.world, given.portfolio, {
    ...request,
    asOf: asOf as never,
    actor: person("ops", "operator"),
  });
  if (isRefusal(sweep)) throw new Error(sweep.detail.en);
  return (await runSweep(given.world, given.portfolio, sweep.id, run)).counts;
}

test("a job that fails is told with its reason, after all members have ended", async () => {
  const job = new URL("../../src/sweep-job.ts", import.meta.url);
  const missing = tidemark.world.ids.fresh();
  await expect(crew.run(job, { id: missing, phase: "assess" })).rejects.toThrow(
    `Sweep is missing: ${missing}`,
  );
});

test("after closing, nobody is asked any more", async () => {
  const closed = openCrew(tidemark, 1);
  const job = new URL("../../src/sweep-job.ts", import.meta.url);
  const { id } = (await tidemark.portfolio.sweeps.list(null, 1))[0]!;
  expect(await closed.run(job, { id, phase: "assess" })).toEqual([null]);
  await closed.close();
  await closed.close();
  await expect(closed.run(job, { id, phase: "assess" })).rejects.toThrow(/it has ended/);
});
