// Experiments and strategies in the shadow on PostgreSQL: the same arms, decisions and comparison as in memory, also after an
// interruption; and on the command line, from the draft to the end.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isRefusal } from "../../src/domain/refusal.ts";
import { compareSweep } from "../../src/portfolio/compare-sweep.ts";
import { viewExperiment } from "../../src/portfolio/experiment-view.ts";
import { openSweep, runSweep } from "../../src/portfolio/sweep.ts";
import { tidemark, tidemarkJson, type Environment, type Ran } from "../support/command-line.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { armsOf, startArms, storeActive, storeCutting } from "../support/experiments.ts";
import { every, importDemo, person } from "../support/whole-life.ts";
import { databaseWorld, memoryWorld, worldBegins, type TestWorld } from "../support/world.ts";

let database: FreshDatabase;
let other: FreshDatabase;
let folder: string;

beforeAll(async () => {
  [database, other] = await Promise.all([freshDatabase(), freshDatabase()]);
  folder = mkdtempSync(join(tmpdir(), "tidemark-experiments-"));
});

afterAll(async () => {
  await Promise.all([database.close(), other.close()]);
  rmSync(folder, { recursive: true, force: true });
});

/** What came of one experiment with a shadow, in one comparable piece; stopped once in each pass where asked to. */
async function outcome(given: TestWorld, interrupted: boolean) {
  const { world, portfolio } = given;
  await importDemo(given);
  await storeActive(given);
  await storeCutting(given, 2, "0.10");
  const shadows = [{ id: "consumer-cn", version: 2 }];
  const experiment = await startArms(given, "q1", armsOf({ mild: [2, 3_000] }, 2_000), { shadows });
  const asOf = world.clock.dateOf(worldBegins);
  const request = { strategyId: "consumer-cn", asOf, portfolio: null, dailyCapMinor: null };
  const actor = person("ops", "operator");
  const open = await openSweep(world, portfolio, { ...request, actor });
  if (isRefusal(open)) throw new Error(open.detail.en);
  const run = { owner: "test", pause: async () => undefined, onProgress: () => undefined };
  let asked = 0;
  const leave = interrupted ? [60, 400] : [];
  for (const after of leave) {
    asked = 0;
    await runSweep(world, portfolio, open.id, { ...run, stop: () => (asked += 1) > after });
  }
  const sweep = await runSweep(world, portfolio, open.id, { ...run, stop: () => false });
  const all = Array.from({ length: 1_024 }, (_, bucket) => bucket);
  const decisions = await every((after) =>
    world.store.reads.decisions({ after, limit: 100 }, { experiment: "q1" }),
  );
  return {
    counts: sweep.counts,
    experiment: sweep.experiment,
    digits: await portfolio.experiments.digits("limit-decrease", all),
    decisions: decisions
      .map(({ id, record, outcome: found }) => ({ id, record, outcome: found }))
      .toSorted((one, next) => (one.id < next.id ? -1 : 1)),
    comparison: await compareSweep(portfolio.sweeps, sweep, sweep.shadows[0]!),
    arms: (await viewExperiment(portfolio, experiment)).arms,
  };
}

test("an experiment ends the same on PostgreSQL and in memory, interrupted or not", async () => {
  const remembered = await outcome(memoryWorld(), false);
  const stored = await outcome(databaseWorld(database.db), true);
  expect(stored).toEqual(remembered);
  expect(stored.decisions.length).toBeGreaterThan(0);
  expect(stored.comparison.heldOut).toBeGreaterThan(0);
});

const local = (): Environment => ({
  ...{ DATABASE_URL: other.url, TIDEMARK_DATA: folder, TIDEMARK_LOG: "silent" },
});

/** Accounts that sign in by password. */
async function accounts(): Promise<(login: string) => Environment> {
  const known = new Map<string, Environment>();
  const create = async (by: Environment, login: string, ...roles: readonly string[]) => {
    const words = ["account", "create", login, "--role", ...roles];
    const { password } = await tidemarkJson<{ password: string }>(by, ...words);
    known.set(login, { ...local(), TIDEMARK_LOGIN: login, TIDEMARK_PASSWORD: password });
  };
  await create(local(), "root", "administrator", "operator", "analyst");
  await create(known.get("root")!, "app", "approver", "analyst");
  return (login) => known.get(login)!;
}

test("an experiment on the command line, from the draft to the end, and a comparison", async () => {
  const as = await accounts();
  const by = (login: string, ...words: readonly string[]): Promise<Ran> =>
    tidemark(as(login), words);
  const json = <Result>(login: string, ...words: readonly string[]): Promise<Result> =>
    tidemarkJson<Result>(as(login), ...words);
  const world = databaseWorld(other.db);
  await storeActive(world);
  await storeCutting(world, 2, "0.10");
  const demo = ["examples/demo/lines.csv", "--mapping", "examples/demo/mapping.yaml"];
  await json("root", "import", "lines", ...demo);

  const create = [
    ...["experiment", "create", "q1", "--champion", "consumer-cn", "--holdout", "500"],
    ...["--challenger", "mild=consumer-cn@2:2000", "--act-on", "R08C"],
  ];
  const dry = await by("root", ...create, "--dry-run");
  expect(dry.out).toContain("dry run, nothing was stored");
  expect(dry.err).toContain("25 % of customers into another arm");
  expect((await json<{ data: readonly unknown[] }>("root", "experiment", "list")).data).toEqual([]);
  expect((await by("root", ...create.slice(0, -2), "--act-on", "R99")).code).not.toBe(0);
  await json("root", ...create);
  expect((await by("root", "experiment", "approve", "q1")).code).toBe(77);
  expect((await by("root", "experiment", "start", "q1")).code).toBe(78);
  await json("app", "experiment", "approve", "q1", "--reason", "As agreed");
  expect(await json("root", "experiment", "start", "q1")).toMatchObject({ state: "running" });

  type Swept = Readonly<{ id: string; experiment: string; shadows: readonly unknown[] }>;
  const sweep = ["sweep", "--strategy", "consumer-cn", "--shadow", "consumer-cn@2"];
  const swept = await json<Swept>("root", ...sweep);
  expect(swept).toMatchObject({ experiment: "q1", shadows: [{ id: "consumer-cn", version: 2 }] });

  const shown = await json<{ arms: readonly { name: string; customers: number }[] }>(
    ...(["root", "experiment", "show", "q1"] as const),
  );
  expect(shown.arms.map(({ name }) => name)).toEqual(["champion", "mild", "holdout"]);
  expect(shown.arms.reduce((sum, { customers }) => sum + customers, 0)).toBeGreaterThan(0);
  const listed = await json<{ data: readonly { arm: object }[] }>(
    ...(["root", "decision", "list", "--experiment", "q1", "--arm", "mild"] as const),
  );
  expect(listed.data.length).toBeGreaterThan(0);
  for (const { arm } of listed.data) expect(arm).toEqual({ experiment: "q1", arm: "mild" });

  const compared = await by("root", "sweep", "compare", swept.id, "--lang", "zh");
  expect(compared).toMatchObject({ code: 0 });
  expect(compared.out).toContain("仅陪跑处置");
  const { swaps } = await json<{ swaps: Readonly<Record<string, { lines: number }>> }>(
    ...(["root", "sweep", "compare", swept.id, "--with", "consumer-cn@2"] as const),
  );
  expect(swaps["milder"]!.lines).toBeGreaterThan(0);
  expect((await by("root", "sweep", "compare", swept.id, "--with", "consumer-cn@7")).code).toBe(66);
  expect((await by("root", "sweep")).err).toContain("--strategy: found none");

  expect((await by("root", "experiment", "end", "q1")).code).not.toBe(0);
  const ended = await by("root", "experiment", "end", "q1", "--reason", "Done", "--lang", "zh");
  expect(ended.out).toContain("实验 q1：已结束");
});
