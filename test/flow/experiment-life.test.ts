// The life of an experiment: who may take which step, what is refused first, and that nobody approves his own.

import { beforeEach, describe, expect, test } from "vitest";
import { isRefusal, type Refusal } from "../../src/domain/refusal.ts";
import {
  approveExperiment,
  createExperiment,
  endExperiment,
  startExperiment,
} from "../../src/portfolio/experiment-life.ts";
import type { Experiment } from "../../src/portfolio/experiment-ports.ts";
import type { ExperimentRequest } from "../../src/portfolio/experiment-shape.ts";
import { viewExperiment } from "../../src/portfolio/experiment-view.ts";
import {
  active,
  analyst,
  approver,
  armsOf,
  startArms,
  storeActive,
  storeCutting,
} from "../support/experiments.ts";
import { actor } from "../support/given.ts";
import { memoryWorld, worldBegins, type TestWorld } from "../support/world.ts";

const both = actor("ben", "analyst", "approver");
const some = { ...both, scope: { kind: "portfolios", portfolios: ["cards"] } } as const;

let given: TestWorld;

beforeEach(async () => {
  given = memoryWorld();
  await storeActive(given);
  await storeCutting(given, 2, "0.10");
});

function request(change: Partial<ExperimentRequest> = {}): ExperimentRequest {
  return { id: "q1", arms: armsOf({ mild: [2, 1_000] }, 500), shadows: [], actOn: [], ...change };
}

const create = (change: Partial<ExperimentRequest> = {}, by = analyst, dryRun = false) =>
  createExperiment(given.world, given.portfolio, request(change), by, { dryRun });
const approve = (by = approver, id = "q1") =>
  approveExperiment(given.world, given.portfolio, id, by);
const start = (by = analyst, id = "q1") => startExperiment(given.world, given.portfolio, id, by);
const end = (by = analyst, id = "q1", reason: string | null = "Done") =>
  endExperiment(given.world, given.portfolio, id, by, { reason });

function refusedAs(found: Experiment | Refusal): string {
  return isRefusal(found) ? found.refused : found.state;
}

describe("an experiment", () => {
  test("goes from draft to its end, and every step keeps who, when and why", async () => {
    expect(refusedAs(await create())).toBe("draft");
    expect(refusedAs(await approve())).toBe("approved");
    const started = await start();
    expect(started).toMatchObject({ state: "running", place: 0 });
    expect(refusedAs(await end())).toBe("ended");
    const found = await given.portfolio.experiments.find("q1");
    expect(found?.steps).toEqual(
      [
        { state: "draft", by: "ann", reason: null },
        { state: "approved", by: "app", reason: null },
        { state: "running", by: "ann", reason: null },
        { state: "ended", by: "ann", reason: "Done" },
      ].map((step) => ({ ...step, at: worldBegins })),
    );
  });

  test("is approved by somebody else than its author", async () => {
    await create({}, both);
    expect(refusedAs(await approve(both))).toBe("maker-is-checker");
    expect(refusedAs(await approve())).toBe("approved");
  });

  test("is for people who answer for the whole lender", async () => {
    expect(refusedAs(await create({}, approver))).toBe("forbidden");
    expect(refusedAs(await create({}, some))).toBe("forbidden");
    await create();
    expect(refusedAs(await approve(analyst))).toBe("forbidden");
    expect(refusedAs(await approve(some))).toBe("forbidden");
    await approve();
    expect(refusedAs(await start(actor("ops", "operator")))).toBe("forbidden");
    await start();
    expect(refusedAs(await end(some))).toBe("forbidden");
  });

  test("refuses steps out of turn, and steps that were taken", async () => {
    expect(refusedAs(await approve())).toBe("not-found");
    await create();
    expect(refusedAs(await create())).toBe("already-exists");
    expect(refusedAs(await start())).toBe("wrong-state");
    await approve();
    expect(refusedAs(await approve())).toBe("already-resolved");
    await start();
    expect(refusedAs(await start())).toBe("already-resolved");
    expect(refusedAs(await end(analyst, "q1", "  "))).toBe("invalid");
    await end();
    expect(refusedAs(await end())).toBe("already-resolved");
  });

  test("runs alone in its area", async () => {
    await startArms(given, "q1", armsOf({ mild: [2, 1_000] }));
    await create({ id: "q2" });
    await approve(approver, "q2");
    const refused = await start(analyst, "q2");
    expect(refusedAs(refused)).toBe("wrong-state");
    expect(isRefusal(refused) && refused.detail.en).toContain("q1 is running");
    const viewed = await viewExperiment(given.portfolio, (await find("q2"))!);
    expect(viewed).toMatchObject({ running: "q1", movedBp: 500 });
    await end();
    expect(refusedAs(await start(analyst, "q2"))).toBe("running");
  });

  test("on a dry run refuses alike and stores nothing", async () => {
    expect(refusedAs(await create({}, analyst, true))).toBe("draft");
    expect(await find("q1")).toBeNull();
    expect(refusedAs(await create({ id: "Q 1" }, analyst, true))).toBe("invalid");
  });

  test("needs strategies that are approved, of one area, cause and currency", async () => {
    const { strategies } = given.world.store;
    const stored = (await strategies.find("consumer-cn", 2))!;
    const put = async (version: number, change: object, state: typeof stored.state) => {
      const document = JSON.stringify({ ...JSON.parse(stored.document), version, ...change });
      const hash = given.world.ids.sha256(document);
      await strategies.add({ ...stored, version, state, hash, document });
    };
    await put(3, {}, "submitted");
    await put(4, { currency: "USD" }, "approved");
    await put(5, { cause: "fraud" }, "approved");
    const refused = [
      [9, "not-found"],
      [3, "strategy-inactive"],
      [4, "currency-mismatch"],
      [5, "invalid"],
    ] as const;
    for (const [version, expected] of refused) {
      expect(refusedAs(await create({ arms: armsOf({ mild: [version, 1_000] }) }))).toBe(expected);
    }
    expect(refusedAs(await create({ shadows: [{ id: "consumer-cn", version: 3 }] }))).toBe("draft");
  });
});

const find = (id: string) => given.portfolio.experiments.find(id);

describe("what is no experiment", () => {
  const champion = { name: "champion", strategy: active, shareBp: 10_000 };
  const holdout = { name: "holdout", strategy: null, shareBp: 1_000 };
  const whole = { ...champion, shareBp: 9_000 };
  test.for<[name: string, change: Partial<ExperimentRequest>, told: string]>([
    ["a name with a space", { id: "a b" }, 'found name "a b"'],
    ["an arm twice", { arms: [whole, holdout, holdout] }, "found arm holdout twice"],
    ["no champion", { arms: [holdout] }, 'found no arm "champion"'],
    ["a share of nothing", { arms: [whole, { ...holdout, shareBp: 0 }] }, "found share 0"],
    ["half a share", { arms: [whole, { ...holdout, shareBp: 0.5 }] }, "found share 0.5"],
    ["shares over the whole", { arms: [champion, holdout] }, "sum to 11000"],
    [
      "a holdout with a strategy",
      { arms: [whole, { ...holdout, strategy: active }] },
      "found a strategy in arm holdout",
    ],
    [
      "a challenger without one",
      { arms: [whole, { ...holdout, name: "steep" }] },
      "found no strategy in arm steep",
    ],
    ["the champion alone", { arms: [champion] }, "found the arm champion alone"],
    ["an unknown reason", { actOn: ["R99"] }, 'found reason "R99"'],
  ])("%s is refused and told", async ([, change, told]) => {
    const refused = await create(change);
    expect(refusedAs(refused)).toBe("invalid");
    expect(isRefusal(refused) && refused.detail.en).toContain(told);
  });
});
