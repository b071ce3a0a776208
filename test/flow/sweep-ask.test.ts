// A sweep of today asks first about the customers whose answers are older than its strategy allows: about each once, within
// the rules of every ask, and what it learns counts; the preview says what that comes to and asks nobody.

import { beforeEach, describe, expect, test } from "vitest";
import { serviceActor } from "../../src/domain/actor.ts";
import { addDays, addMilliseconds } from "../../src/domain/calendar.ts";
import { bucketOfCustomer } from "../../src/domain/id.ts";
import { isRefusal } from "../../src/domain/refusal.ts";
import type { StoredStrategy, World } from "../../src/flow/ports.ts";
import { takeSignals } from "../../src/flow/take-signals.ts";
import { canonicalStrategy } from "../../src/policy/compile.ts";
import { parseStrategy } from "../../src/policy/parse.ts";
import type { NeededSource } from "../../src/policy/strategy.ts";
import { lineReader } from "../../src/portfolio/lines-to-assess.ts";
import type { Sweep } from "../../src/portfolio/ports.ts";
import { controlSweep } from "../../src/portfolio/sweep-control.ts";
import { previewSweep } from "../../src/portfolio/sweep-preview.ts";
import { openSweep, runSweep } from "../../src/portfolio/sweep.ts";
import { bureau, down, playedSources, type PlayedSources } from "../support/connectors.ts";
import { lineIn } from "../support/declared-facts.ts";
import { actor } from "../support/given.ts";
import { strategyDocument } from "../support/strategy-document.ts";
import { memoryWorld, worldBegins, type TestWorld } from "../support/world.ts";

const clerk = actor("ann", "operator");
const needs: NeededSource = { source: "bureau", purpose: "account-review", freshDays: 30 };
const run = {
  ...{ owner: "test", stop: () => false, onProgress: () => undefined },
  pause: async () => undefined,
};

let given: TestWorld;
let world: World;
let sources: PlayedSources;

beforeEach(async () => {
  given = memoryWorld();
  played(playedSources({ personal: false }));
  await activate([needs]);
  const facts = { late: 0, use: 2_000, region: "east", breach: false, opened: "2020-05-01" };
  const drawn = { drawnMinor: 200_000, openedOn: "2020-05-01" };
  for (const [line, customer] of [
    ["L-1", "C-1"],
    ["L-2", "C-1"],
    ["L-3", "C-3"],
    ["L-4", "C-4"],
  ] as const) {
    await lineIn(world, line, facts, customer, drawn);
  }
  await lineIn(world, "L-5", facts, "C-5", { ...drawn, status: "closed", drawnMinor: 0 });
});

function played(next: PlayedSources): void {
  sources = next;
  world = { ...given.world, sources };
}

async function activate(needed: readonly NeededSource[]): Promise<void> {
  const { strategy, problems } = parseStrategy({ ...strategyDocument(), sources: needed });
  if (strategy === null) throw new Error(problems.map(({ message }) => message.en).join());
  const document = canonicalStrategy(strategy);
  const stored: StoredStrategy = {
    ...{ id: strategy.id, version: strategy.version, hash: world.ids.sha256(document) },
    ...{ state: "active", author: "ann", editedBy: [], approvedBy: "app", signedOff: [] },
    ...{ effectiveOn: null, restores: null, document, addedAt: worldBegins },
  };
  await world.store.strategies.add(stored);
}

async function request(daysAgo = 0) {
  const asOf = addDays(world.clock.dateOf(await world.clock.now()), -daysAgo);
  return { strategyId: "small", asOf, portfolio: null, dailyCapMinor: null, actor: clerk };
}

async function open(): Promise<Sweep> {
  const found = await openSweep(world, given.portfolio, await request());
  if (isRefusal(found)) throw new Error(found.detail.en);
  return found;
}

async function sweepNow(): Promise<Sweep> {
  const { id } = await open();
  return runSweep(world, given.portfolio, id, run);
}

async function previewed() {
  const found = await previewSweep(world, given.portfolio, await request(), run);
  if (isRefusal(found)) throw new Error(found.detail.en);
  return found.asks;
}

async function later(days: number): Promise<void> {
  await given.clock.set(addMilliseconds(await world.clock.now(), days * 86_400_000));
}

const asked = () => sources.requests.map((one) => one.split(" ")[0]!).toSorted();

describe("a sweep of today", () => {
  test("asks about each customer with an open line once, and then fixes what is known", async () => {
    const { id, state, knownAt } = await open();
    expect([state, asked()]).toEqual(["asking", []]);
    await given.clock.set(addMilliseconds(knownAt, 60_000));
    const done = await runSweep(world, given.portfolio, id, run);
    expect(done).toMatchObject({ state: "done", knownAt: addMilliseconds(knownAt, 60_000) });
    expect(done.counts.planned).toBe(5);
    expect(asked()).toEqual(["C-1", "C-3", "C-4"]);
  });

  test("asks again only when the answer is older than the strategy allows", async () => {
    await sweepNow();
    await later(29);
    await sweepNow();
    expect(sources.requests).toHaveLength(3);
    await later(2);
    await sweepNow();
    expect(sources.requests).toHaveLength(6);
  });

  test("never buys what the cache of the source would give", async () => {
    given = memoryWorld();
    played(playedSources({ personal: false }));
    await activate([{ ...needs, freshDays: 1 }]);
    await lineIn(world, "L-1", { late: 0 }, "C-1");
    await sweepNow();
    await later(bureau.cache.freshHours / 24 - 1);
    expect(await previewed()).toMatchObject([{ asks: 0 }]);
    await later(1);
    expect(await previewed()).toMatchObject([{ asks: 1 }]);
  });

  test("goes on with what is known where the source is silent or its ceiling is reached", async () => {
    const cost = { currency: "CNY", perCallMinor: 150, dailyCeilingMinor: 300 } as const;
    const retries = { times: 0, firstDelayMs: 1, mostDelayMs: 1 };
    played(playedSources({ personal: false, cost, retries }));
    sources.answers(down);
    const done = await sweepNow();
    expect(done).toMatchObject({ state: "done", counts: { planned: 5 } });
    expect(sources.requests).toHaveLength(2);
  });

  test("stops where it is told to, stays paused, and asks nobody twice afterwards", async () => {
    const { id } = await open();
    let asks = 0;
    const stop = (): boolean => asks >= 2;
    const counting: World = {
      ...world,
      sources: {
        ...sources,
        fetch: async (...one) => {
          asks += 1;
          return sources.fetch(...one);
        },
      },
    };
    const held = await runSweep(counting, given.portfolio, id, { ...run, stop });
    expect(held.state).toBe("asking");
    await controlSweep(world, given.portfolio, id, "pause", clerk);
    expect((await runSweep(world, given.portfolio, id, run)).state).toBe("asking");
    await controlSweep(world, given.portfolio, id, "resume", clerk);
    expect((await runSweep(world, given.portfolio, id, run)).state).toBe("done");
    expect(asked()).toEqual(["C-1", "C-3", "C-4"]);
  });

  test("may be cancelled while it asks", async () => {
    const { id } = await open();
    await controlSweep(world, given.portfolio, id, "cancel", clerk);
    expect((await runSweep(world, given.portfolio, id, run)).state).toBe("cancelled");
    expect(sources.requests).toEqual([]);
  });
});

describe("the preview", () => {
  test("says how often it would ask, what that costs and what the ceiling leaves, and asks nobody", async () => {
    expect(await previewed()).toEqual([
      { source: "bureau", asks: 3, costMinor: 450, leftMinor: 150_000, currency: "CNY" },
    ]);
    expect(sources.requests).toEqual([]);
    await sweepNow();
    expect(await previewed()).toMatchObject([{ asks: 0, costMinor: 0, leftMinor: 149_550 }]);
  });

  test("reads what was told of the environment once", async () => {
    let reads = 0;
    const { environment } = world.store;
    const told: typeof environment.told = (...view) => {
      reads += 1;
      return environment.told(...view);
    };
    world = { ...world, store: { ...world.store, environment: { ...environment, told } } };
    await previewed();
    expect(reads).toBeLessThanOrEqual(1);
  });
});

test("a sweep of an earlier day asks nobody", async () => {
  const found = await openSweep(world, given.portfolio, await request(1));
  expect(found).toMatchObject({ state: "assessing" });
});

test.each<readonly [Partial<NeededSource>, string, string]>([
  [{ source: "nobody" }, "not-found", "bureau, registry"],
  [{ purpose: "collection" }, "invalid", "account-review, fraud-check"],
])(
  "a source that cannot be asked is refused before anything begins: %j",
  async (change, code, named) => {
    given = memoryWorld();
    played(playedSources());
    await activate([{ ...needs, ...change }]);
    const refusal = { refused: code, detail: { en: expect.stringContaining(named) as string } };
    expect(await openSweep(world, given.portfolio, await request())).toMatchObject(refusal);
    expect(await previewSweep(world, given.portfolio, await request(), run)).toMatchObject(refusal);
  },
);

test("only customers who consented are asked about, and what was said is known to the sweep that asked", async () => {
  const consent = {
    ...{ specversion: "1.0", id: "c", source: "app", type: "tidemark.signal.consent" },
    ...{ subject: "C-1", time: await world.clock.now() },
    data: { purpose: "account-review", state: "given" },
  };
  await takeSignals(world, serviceActor("test"), [{ event: consent }], { clockSkewMs: 0 });
  played(playedSources());
  const { id } = await open();
  const done = await runSweep(world, given.portfolio, id, run);
  expect(asked()).toEqual(["C-1"]);
  const rows = (await world.store.connectors.asks({ after: null, limit: 9 }, {}, 0)).rows;
  expect(rows.map(({ because }) => because ?? "").toSorted()).toEqual([
    ...["", "no-consent", "no-consent"],
  ]);
  const read = [{ facts: [{ name: "bureauAnswerAgeDays" }] }];
  const bucket = bucketOfCustomer("C-1");
  const lines = await lineReader(world, given.portfolio, done, read)([bucket]);
  expect(lines.get(bucket)!.map(({ facts }) => facts["bureauAnswerAgeDays"])).toEqual([0, 0]);
});
