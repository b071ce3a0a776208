// What happens in the middle of something: a halt while the core system answers, a withdrawal before the
// message left, a kill between two commits, a cancelled sweep, a broken bucket. Nothing is lost, nothing is
// held by nobody, nothing waits for ever.

import { beforeEach, describe, expect, test } from "vitest";
import type { Decision } from "../../src/domain/decision.ts";
import { hasEnded } from "../../src/domain/decision.ts";
import { addMilliseconds, type Instant } from "../../src/domain/calendar.ts";
import { bucketOfId } from "../../src/domain/id.ts";
import { isRefusal } from "../../src/domain/refusal.ts";
import { advanceClock } from "../../src/flow/advance.ts";
import { dispatch } from "../../src/flow/dispatch.ts";
import type { World } from "../../src/flow/ports.ts";
import { fireDue } from "../../src/flow/scheduler.ts";
import { setHalt } from "../../src/flow/stop-switch.ts";
import { transact } from "../../src/flow/transact.ts";
import type { PortfolioStore, Sweep } from "../../src/portfolio/ports.ts";
import { previewSweep } from "../../src/portfolio/sweep-preview.ts";
import { openSweep, runSweep } from "../../src/portfolio/sweep.ts";
import {
  activateStrategy,
  approveOpen,
  every,
  importDemo,
  person,
  sweepAll,
} from "../support/whole-life.ts";
import { memoryWorld, worldBegins, type TestWorld } from "../support/world.ts";

const dayMs = 86_400_000;
const administrator = person("adm", "administrator");
const operator = person("ops", "operator");
const run = {
  owner: "test",
  stop: () => false,
  pause: async () => undefined,
  onStep: () => undefined,
  onProgress: () => undefined,
};

let given: TestWorld;
let strategyId: string;

beforeEach(async () => {
  given = memoryWorld();
  await importDemo(given);
  strategyId = await activateStrategy(given);
});

const after = (days: number): Instant => addMilliseconds(worldBegins, days * dayMs);

async function halt(world: World, area: string): Promise<void> {
  const expiresAt = addMilliseconds(await world.clock.now(), 3_600_000);
  const refused = await setHalt(world, { area, reason: "drill", expiresAt, actor: administrator });
  expect(isRefusal(refused)).toBe(false);
}

async function resume(area: string): Promise<void> {
  await given.world.store.halts.lift(area, "adm", await given.world.clock.now());
}

const decisions = (state?: Decision["state"]): Promise<readonly Decision[]> =>
  every((next) =>
    given.world.store.reads.decisions(
      { after: next, limit: 100 },
      state === undefined ? {} : { state },
    ),
  );

async function sweepAndApprove(): Promise<void> {
  await sweepAll(given, strategyId);
  for (const by of [
    person("rev1", "reviewer"),
    person("rev2", "reviewer"),
    person("law", "legal"),
  ]) {
    await approveOpen(given, by);
  }
}

const advance = (days: number): Promise<unknown> =>
  advanceClock(given.world, given.clock, after(days), run);

describe("a halt uses nothing up", () => {
  test("while the core system answers, its answer still counts", async () => {
    await sweepAndApprove();
    const { core } = given.world;
    let halted = false;
    const world: World = {
      ...given.world,
      core: {
        ...core,
        apply: async (operation) => {
          const result = await core.apply(operation);
          if (!halted) await halt(given.world, "execute");
          halted = true;
          return result;
        },
      },
    };
    for (let day = 0; day < 40 && !halted; day += 1) {
      await given.clock.set(after(day));
      await fireDue(world);
      await dispatch(world, "test");
    }
    expect(halted).toBe(true);
    await resume("execute");
    await advance(100);
    expect(await decisions("noticed")).toEqual([]);
  });

  test("between the scheduler's look and its transaction, timers go on waiting", async () => {
    await sweepAndApprove();
    await dispatch(given.world, "test");
    const { store } = given.world;
    let looked = false;
    const waiting: World["store"]["waiting"] = {
      ...store.waiting,
      dueTimers: async (...ask) => {
        const due = await store.waiting.dueTimers(...ask);
        if (due.length > 0 && !looked) await halt(given.world, "execute");
        looked = true;
        return due;
      },
    };
    await given.clock.set(after(40));
    await fireDue({ ...given.world, store: { ...store, waiting } });
    expect((await decisions("noticed")).length).toBeGreaterThan(0);
    await resume("execute");
    await advance(80);
    expect(await decisions("noticed")).toEqual([]);
  });

  test.each(["decide", "sweep", "all"])(
    "of %s stops a sweep, which goes on after it",
    async (area) => {
      const sweep = await open(given.portfolio, null);
      await halt(given.world, area);
      const stopped = await runSweep(given.world, given.portfolio, sweep.id, run);
      expect(stopped.state).not.toBe("done");
      await resume(area);
      const done = await runSweep(given.world, given.portfolio, sweep.id, run);
      expect(done.state).toBe("done");
      expect(done.counts.refused["halted"]).toBeUndefined();
      expect(done.counts.toReview + done.counts.straightThrough).toBe(done.counts.proposed);
    },
  );
});

async function open(portfolio: PortfolioStore, dailyCapMinor: number | null): Promise<Sweep> {
  const asOf = given.world.clock.dateOf(worldBegins);
  const request = { strategyId, asOf, portfolio: null, dailyCapMinor, actor: operator };
  const sweep = await openSweep(given.world, portfolio, request);
  if (isRefusal(sweep)) throw new Error(sweep.detail.en);
  return sweep;
}

test("nobody is told of a cut that was withdrawn before the message left", async () => {
  await sweepAndApprove();
  const [decision] = await decisions("noticed");
  const withdraw = {
    id: given.world.ids.fresh(),
    kind: "Withdraw",
    subject: decision!.id,
    actor: person("cleo", "compliance"),
    cause: given.world.ids.fresh(),
    body: { reason: "wrong person" },
  };
  await transact(given.world, bucketOfId(decision!.id), [withdraw]);
  await dispatch(given.world, "test");
  expect(given.delivered.some((notice) => notice.decisionId === decision!.id)).toBe(false);
  expect(await given.world.store.waiting.unsent()).toBe(0);
});

test("a cancelled sweep decides nothing more", async () => {
  const sweep = await open(given.portfolio, null);
  let left = 20;
  await runSweep(given.world, given.portfolio, sweep.id, { ...run, stop: () => (left -= 1) < 0 });
  const now = await given.world.clock.now();
  await given.portfolio.sweeps.setState(
    sweep.id,
    ["assessing", "ranking", "deciding"],
    "cancelled",
    now,
  );
  const cancelled = await runSweep(given.world, given.portfolio, sweep.id, run);
  expect(cancelled.state).toBe("cancelled");
  expect(await decisions()).toEqual([]);
});

test("a preview says what the sweep then does, also where decisions are under way", async () => {
  const asOf = given.world.clock.dateOf(worldBegins);
  const request = { strategyId, asOf, portfolio: null, dailyCapMinor: null, actor: operator };
  for (const round of [1, 2]) {
    const preview = await previewSweep(given.world, given.portfolio, request, run);
    const done = await sweepAll(given, strategyId);
    expect("counts" in preview && preview.counts, `round ${round}`).toEqual(done.counts);
  }
});

test("turns are held by live decisions only, after a kill between deciding and marking it done", async () => {
  const { sweeps } = given.portfolio;
  let killed = false;
  const fragile: PortfolioStore = {
    ...given.portfolio,
    sweeps: {
      ...sweeps,
      saveDecided: async (id, decided) => {
        const opened = [...decided.values()].some(({ toReview }) => toReview > 0);
        if (!killed && opened) throw new Error("killed");
        return sweeps.saveDecided(id, decided);
      },
    },
  };
  const cap = 100_000_000_000;
  const sweep = await open(fragile, cap);
  await expect(runSweep(given.world, fragile, sweep.id, run)).rejects.toThrow("killed");
  killed = true;
  const reviews = await every((next) =>
    given.world.store.reads.reviews({ after: next, limit: 100 }, { state: "open" }),
  );
  expect(reviews.length).toBeGreaterThan(0);
  for (const { id } of reviews) {
    const reject = {
      id: given.world.ids.fresh(),
      kind: "Reject",
      subject: id,
      actor: person("rev", "reviewer", "legal"),
      cause: given.world.ids.fresh(),
      body: { reason: "wrong facts" },
    };
    await transact(given.world, bucketOfId(id), [reject]);
  }
  await dispatch(given.world, "test");
  await runSweep(given.world, given.portfolio, sweep.id, run);
  const today = given.world.clock.dateOf(worldBegins);
  const remaining = await given.world.store.ledger.remaining(`sweep/${sweep.id}`, today, cap);
  const held = (await decisions())
    .filter(({ state }) => !hasEnded(state))
    .flatMap(({ turns }) => turns.filter((turn) => turn.ledger === `sweep/${sweep.id}`))
    .reduce((sum, turn) => sum + turn.amount, 0);
  expect(cap - remaining).toBe(held);
});

test("what is larger than a whole day's cap is refused at once and does not lock its line", async () => {
  const sweep = await open(given.portfolio, 1000);
  const done = await runSweep(given.world, given.portfolio, sweep.id, run);
  expect(done.counts.refused["budget-exhausted"]).toBeGreaterThan(0);
  expect(done.counts.paced).toBe(0);
  const again = await sweepAll(given, strategyId);
  expect(again.counts.toReview + again.counts.straightThrough).toBeGreaterThan(0);
});

test("a bucket that cannot be worked on is named, and the others go on", async () => {
  await sweepAndApprove();
  await dispatch(given.world, "test");
  const { store } = given.world;
  const noticed = await decisions("noticed");
  const bad = bucketOfId(noticed[0]!.id);
  const broken: World = {
    ...given.world,
    store: {
      ...store,
      transaction: async (bucket, dryRun, work) => {
        if (bucket === bad) throw new Error("broken row");
        return store.transaction(bucket, dryRun, work);
      },
    },
  };
  await given.clock.set(after(60));
  for (let round = 0; round < 10; round += 1) {
    await fireDue(broken).catch((error: unknown) =>
      expect(String(error)).toContain(`Bucket ${bad}`),
    );
    await dispatch(broken, "test").catch(() => 0);
  }
  const left = await decisions("noticed");
  expect(left.every(({ id }) => bucketOfId(id) === bad)).toBe(true);
});
