// Pausing, resuming and cancelling a sweep: it stops between two buckets, goes on with the same result, and a cancelled
// one keeps no turn in a budget that no decision holds.

import { beforeEach, describe, expect, test } from "vitest";
import type { Actor } from "../../src/domain/actor.ts";
import { addMilliseconds, type Instant } from "../../src/domain/calendar.ts";
import type { Id } from "../../src/domain/id.ts";
import { isRefusal } from "../../src/domain/refusal.ts";
import type { PortfolioStore, Sweep } from "../../src/portfolio/ports.ts";
import { controlSweep, type SweepControl } from "../../src/portfolio/sweep-control.ts";
import { sweepLookout } from "../../src/portfolio/sweep-lookout.ts";
import { openSweep, runSweep } from "../../src/portfolio/sweep.ts";
import { activateStrategy, every, importDemo, person } from "../support/whole-life.ts";
import { memoryWorld, worldBegins, type TestWorld } from "../support/world.ts";

const operator = person("ops", "operator");
const manager = person("mgr", "analyst");
const cap = 100_000_000_000;
const run = {
  owner: "test",
  stop: () => false,
  pause: async () => undefined,
  onProgress: () => undefined,
};

let given: TestWorld;
let strategyId: string;
let sweep: Sweep;

beforeEach(async () => {
  given = memoryWorld();
  await importDemo(given);
  strategyId = await activateStrategy(given);
  sweep = await open();
});

async function open(): Promise<Sweep> {
  const found = await openSweep(given.world, given.portfolio, request());
  if (isRefusal(found)) throw new Error(found.detail.en);
  return found;
}

function request() {
  const asOf = given.world.clock.dateOf(worldBegins);
  return { strategyId, asOf, portfolio: null, dailyCapMinor: cap, actor: operator };
}

function control(how: SweepControl, actor: Actor = manager, id = sweep.id) {
  return controlSweep(given.world, given.portfolio, id, how, actor);
}

async function decisionsMade(): Promise<number> {
  const page = await every((after) =>
    given.world.store.reads.decisions({ after, limit: 100 }, { causeId: sweep.id }),
  );
  return page.length;
}

/** A store whose sweep is controlled just after the first bucket with proposals was decided. */
function controlledMidway(how: SweepControl): PortfolioStore {
  const { sweeps } = given.portfolio;
  let done = false;
  return {
    ...given.portfolio,
    sweeps: {
      ...sweeps,
      saveDecided: async (...decided) => {
        await sweeps.saveDecided(...decided);
        if (!done) await control(how);
        done = true;
      },
    },
  };
}

describe("pausing a sweep", () => {
  test("holds it for everybody until it is resumed, and then it ends as if nothing had been", async () => {
    const calm = memoryWorld();
    await importDemo(calm);
    await activateStrategy(calm);
    const undisturbed = await openSweep(calm.world, calm.portfolio, request());
    if (isRefusal(undisturbed)) throw new Error(undisturbed.detail.en);
    const expected = await runSweep(calm.world, calm.portfolio, undisturbed.id, run);

    const held = await runSweep(given.world, controlledMidway("pause"), sweep.id, run);
    expect(held).toMatchObject({ state: "deciding", pausedBy: "mgr" });
    const soFar = await decisionsMade();
    expect(soFar).toBeGreaterThan(0);
    const still = await runSweep(given.world, given.portfolio, sweep.id, run);
    expect(still).toMatchObject({ state: "deciding", pausedBy: "mgr" });
    expect(await decisionsMade()).toBe(soFar);
    expect(await control("resume")).toMatchObject({ state: "deciding", pausedBy: null });
    const done = await runSweep(given.world, given.portfolio, sweep.id, run);
    expect(done).toEqual({ ...expected, finishedAt: done.finishedAt });
  });

  test("is no reason to start another one, nor can it be got round by starting it again", async () => {
    await control("pause");
    const again = await openSweep(given.world, given.portfolio, request());
    expect(again).toMatchObject({ refused: "wrong-state" });
    expect(isRefusal(again) && again.detail.en).toContain("it is paused by mgr");
  });

  test("before ranking holds the ranking too", async () => {
    await control("pause");
    const held = await runSweep(given.world, given.portfolio, sweep.id, run);
    expect(held).toMatchObject({ state: "assessing", pausedBy: "mgr" });
    expect(held.counts.planned).toBe(0);
  });
});

/** A store that leases every bucket at once; `interfere` comes before the first of them is decided. */
function leasedAtOnce(interfere: () => Promise<unknown>): PortfolioStore {
  const { sweeps } = given.portfolio;
  let done = false;
  return {
    ...given.portfolio,
    sweeps: {
      ...sweeps,
      lease: (id, pass, owner, leaseMs) => sweeps.lease(id, pass, owner, leaseMs, 1_024),
      proposals: async (...asked) => {
        const found = await sweeps.proposals(...asked);
        if (!done) await interfere();
        done = true;
        return found;
      },
    },
  };
}

async function halt(): Promise<void> {
  const { store, clock } = given.world;
  const at = await clock.now();
  const expiresAt = addMilliseconds(at, 3_600_000);
  await store.halts.set({ area: "sweep", reason: "drill", by: "ops", at, expiresAt });
}

test.each([
  ["a pause", () => control("pause")],
  ["a cancel", () => control("cancel")],
  ["a halt", halt],
])(
  "%s takes hold within a lease, after fifty decisions and the bucket at hand",
  async (_, interfere) => {
    const stopped = await runSweep(given.world, leasedAtOnce(interfere), sweep.id, run);
    const made = await decisionsMade();
    expect(made).toBeGreaterThanOrEqual(50);
    expect(made).toBeLessThan(60);
    expect(stopped.counts.toReview + stopped.counts.straightThrough).toBe(made);
    expect(stopped.counts.proposed).toBeGreaterThan(made);
  },
);

describe("cancelling a sweep", () => {
  test("keeps the decisions made and gives back every turn that none of them holds", async () => {
    const ended = await runSweep(given.world, controlledMidway("cancel"), sweep.id, run);
    expect(ended).toMatchObject({ state: "cancelled" });
    const made = await decisionsMade();
    expect(made).toBeGreaterThan(0);
    const proposed = ended.counts.proposed;
    expect(made).toBeLessThan(proposed);
    expect(await turnsTaken()).toBe(await turnsHeld());
  });

  test("gives back turns that were reserved just before a kill", async () => {
    const killed = new Error("killed");
    const { store } = given.world;
    const fragile = {
      ...given.world,
      store: {
        ...store,
        transaction: (async () => {
          throw killed;
        }) as typeof store.transaction,
      },
    };
    await expect(runSweep(fragile, given.portfolio, sweep.id, run)).rejects.toThrow("killed");
    expect(await turnsTaken()).toBeGreaterThan(0);
    expect(await control("cancel")).toMatchObject({ state: "cancelled" });
    expect(await turnsTaken()).toBe(0);
    expect(await decisionsMade()).toBe(0);
  });

  async function turnsTaken(): Promise<number> {
    const today = given.world.clock.dateOf(worldBegins);
    const { ledger } = given.world.store;
    return cap - (await ledger.remaining(`sweep/${sweep.id}`, today, cap));
  }

  async function turnsHeld(): Promise<number> {
    const decisions = await every((after) =>
      given.world.store.reads.decisions({ after, limit: 100 }, { causeId: sweep.id }),
    );
    return decisions
      .filter(({ state }) => state !== "withdrawn" && state !== "refused")
      .flatMap(({ turns }) => turns.filter(({ ledger }) => ledger === `sweep/${sweep.id}`))
      .reduce((sum, { amount }) => sum + amount, 0);
  }
});

describe("controls are refused", () => {
  const outside: Actor = {
    id: "branch",
    roles: ["operator"],
    scope: { kind: "portfolios", portfolios: ["other"] },
  };

  test.each(["pause", "resume", "cancel"] as const)(
    "%s: to a wrong role, outside the scope, for an unknown and for an ended sweep",
    async (how) => {
      expect(await control(how, person("rev", "reviewer"))).toMatchObject({ refused: "forbidden" });
      expect(await control(how, outside)).toMatchObject({ refused: "out-of-scope" });
      const unknown = given.world.ids.fresh();
      expect(await control(how, manager, unknown)).toMatchObject({ refused: "not-found" });
      await control("cancel");
      expect(await control(how)).toMatchObject({ refused: "already-resolved" });
    },
  );

  test("where they change nothing", async () => {
    expect(await control("resume")).toMatchObject({ refused: "wrong-state" });
    await control("pause");
    expect(await control("pause")).toMatchObject({ refused: "wrong-state" });
  });

  test("a dry run says the same and changes nothing", async () => {
    const rehearse = (how: SweepControl) =>
      controlSweep(given.world, given.portfolio, sweep.id, how, manager, { dryRun: true });
    expect(isRefusal(await rehearse("pause"))).toBe(false);
    expect(isRefusal(await rehearse("cancel"))).toBe(false);
    expect(await rehearse("resume")).toMatchObject({ refused: "wrong-state" });
    expect(await given.portfolio.sweeps.standing(sweep.id)).toEqual({
      state: "assessing",
      pausedBy: null,
    });
  });
});

test("a request with a name opens one sweep, however often it is made", async () => {
  await control("cancel");
  const requestId = given.world.ids.fresh();
  const first = await openSweep(given.world, given.portfolio, { ...request(), requestId });
  if (isRefusal(first)) throw new Error(first.detail.en);
  expect(first.id).not.toBe(sweep.id);
  const done = await runSweep(given.world, given.portfolio, first.id, run);
  expect(done.state).toBe("done");
  expect(await openSweep(given.world, given.portfolio, { ...request(), requestId })).toEqual(done);
  const other = await openSweep(given.world, given.portfolio, request());
  expect(isRefusal(other) ? other : other.id).not.toBe(first.id);
});

describe("a server that looks out for sweeps", () => {
  const atWork = new Set<Id>();
  const lookout = () => sweepLookout(given.world, given.portfolio, (id) => atWork.has(id));
  beforeEach(() => atWork.clear());

  test("goes on with one that another process resumed, and leaves one alone that another works on", async () => {
    await control("pause");
    const look = lookout();
    expect(await look(0)).toEqual([]);
    await control("resume");
    const { sweeps } = given.portfolio;
    await sweeps.lease(sweep.id, "assess", "another process", 60_000, 1);
    expect(await look(1)).toEqual([]);
    await sweeps.free(sweep.id, "another process");
    expect(await look(2)).toEqual([sweep.id]);
    atWork.add(sweep.id);
    expect(await look(100_000)).toEqual([]);
    await runSweep(given.world, given.portfolio, sweep.id, run);
    atWork.clear();
    expect(await look(200_000)).toEqual([]);
  });

  test("takes over at its start what a killed process still holds leases of", async () => {
    await given.portfolio.sweeps.lease(sweep.id, "assess", "killed", 60_000, 1);
    const look = lookout();
    expect(await look(0)).toEqual([sweep.id]);
    expect(await look(600_000)).toEqual([]);
  });

  test("waits while a halt holds sweeps, and goes on when it is lifted", async () => {
    const { halts } = given.world.store;
    const expiresAt = "9999-01-01T00:00:00.000Z" as Instant;
    await halts.set({ area: "sweep", reason: "drill", by: "ann", at: worldBegins, expiresAt });
    const look = lookout();
    expect(await look(0)).toEqual([]);
    await halts.lift("sweep", "ann", worldBegins);
    expect(await look(1)).toEqual([sweep.id]);
  });

  test("tries one that does not end later and later, and at once again when it was paused between", async () => {
    const look = lookout();
    const tried: number[] = [];
    for (let second = 0; second < 130; second += 1) {
      if ((await look(second * 1_000)).length > 0) tried.push(second);
    }
    expect(tried).toEqual([0, 4, 12, 28, 60, 124]);
    await control("pause");
    await look(131_000);
    await control("resume");
    expect(await look(132_000)).toEqual([sweep.id]);
  });
});
