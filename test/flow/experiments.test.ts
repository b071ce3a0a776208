// Champion, challenger and holdout in a sweep: who is in which arm, what becomes of them, and what stays as it was when
// shares change, a sweep is interrupted, or nobody runs an experiment.

import { beforeEach, describe, expect, test } from "vitest";
import type { Decision } from "../../src/domain/decision.ts";
import type { Id } from "../../src/domain/id.ts";
import { isRefusal } from "../../src/domain/refusal.ts";
import type { StrategyStep } from "../../src/flow/ports.ts";
import { replayDecision } from "../../src/flow/replay.ts";
import { armOf } from "../../src/portfolio/experiment.ts";
import { endExperiment } from "../../src/portfolio/experiment-life.ts";
import type { Experiment } from "../../src/portfolio/experiment-ports.ts";
import type { Sweep } from "../../src/portfolio/ports.ts";
import { previewSweep } from "../../src/portfolio/sweep-preview.ts";
import { openSweep, runSweep } from "../../src/portfolio/sweep.ts";
import { analyst, armsOf, startArms, storeActive, storeCutting } from "../support/experiments.ts";
import { every, importDemo, person, sweepAll } from "../support/whole-life.ts";
import { memoryWorld, worldBegins, type TestWorld } from "../support/world.ts";

const operator = person("ops", "operator");
const run = {
  ...{ owner: "test", stop: () => false, pause: async () => undefined },
  onProgress: () => undefined,
};

let given: TestWorld;

beforeEach(async () => {
  given = await prepared();
});

async function prepared(): Promise<TestWorld> {
  const world = memoryWorld();
  await importDemo(world);
  await storeActive(world);
  await storeCutting(world, 2, "0.10");
  await storeCutting(world, 3, "0.50");
  return world;
}

function request(strategyId = "consumer-cn") {
  const asOf = given.world.clock.dateOf(worldBegins);
  return { strategyId, asOf, portfolio: null, dailyCapMinor: null, actor: operator };
}

async function decisionsOf(sweep: Sweep, from = given): Promise<readonly Decision[]> {
  return every((after) =>
    from.world.store.reads.decisions({ after, limit: 100 }, { causeId: sweep.id }),
  );
}

type Kept = ReadonlyMap<Id, Readonly<{ digit: number; heldOut: boolean }>>;

function digits(from = given): Promise<Kept> {
  const all = Array.from({ length: 1_024 }, (_, bucket) => bucket);
  return from.portfolio.experiments.digits("limit-decrease", all);
}

function armsIn({ arms }: Experiment, kept: Kept): ReadonlyMap<Id, string> {
  return new Map([...kept].map(([customerId, digit]) => [customerId, armOf(arms, digit)]));
}

async function end(id: string): Promise<void> {
  const ended = await endExperiment(given.world, given.portfolio, id, analyst, { reason: "Done" });
  expect(isRefusal(ended)).toBe(false);
}

describe("a sweep under an experiment", () => {
  test("decides each customer by the strategy of the arm, and says so on the decision", async () => {
    const experiment = await startArms(
      given,
      "q1",
      armsOf({ mild: [2, 3_000], steep: [3, 3_000] }),
    );
    const sweep = await sweepAll(given, "consumer-cn");
    const arms = armsIn(experiment, await digits());
    const decisions = await decisionsOf(sweep);
    const versions = { champion: 1, mild: 2, steep: 3 } as Readonly<Record<string, number>>;
    for (const { customerId, record } of decisions) {
      const arm = arms.get(customerId)!;
      expect(record.arm).toEqual({ experiment: "q1", arm });
      expect(record.assessment.strategy.version).toBe(versions[arm]);
    }
    expect(new Set(decisions.map(({ record }) => record.arm?.arm)).size).toBe(3);
    for (const arm of Object.keys(versions)) {
      const listed = await every((after) =>
        given.world.store.reads.decisions({ after, limit: 100 }, { experiment: "q1", arm }),
      );
      const expected = decisions.filter(({ record }) => record.arm?.arm === arm);
      expect(listed.map(({ id }) => id).toSorted()).toEqual(
        expected.map(({ id }) => id).toSorted(),
      );
    }
  });

  test("makes decisions that replay to the same bytes, also those of challengers", async () => {
    await startArms(given, "q1", armsOf({ steep: [3, 5_000] }, 1_000));
    const decisions = await decisionsOf(await sweepAll(given, "consumer-cn"));
    const challenged = decisions.filter(({ record }) => record.arm?.arm === "steep");
    expect(challenged.length).toBeGreaterThan(0);
    for (const { id } of decisions) {
      expect(await replayDecision(given.world, id)).toMatchObject({ equal: true });
    }
  });

  test("leaves a holdout alone, counts it, and keeps what the champion would have done", async () => {
    const plain = await decisionsOf(await sweepAll(given, "consumer-cn"));
    given = await prepared();
    const experiment = await startArms(given, "q1", armsOf({}, 5_000));
    const sweep = await sweepAll(given, "consumer-cn");
    const arms = armsIn(experiment, await digits());
    const decisions = await decisionsOf(sweep);
    const held = plain.filter(({ customerId }) => arms.get(customerId) === "holdout");
    const acted = plain.filter(({ customerId }) => arms.get(customerId) === "champion");
    expect(held.length).toBeGreaterThan(0);
    expect(decisions.map(({ lineId }) => lineId).toSorted()).toEqual(
      acted.map(({ lineId }) => lineId).toSorted(),
    );
    expect(sweep.counts.refused["holdout"]).toBe(held.length);
    const packed = await packedLines(sweep);
    for (const { lineId, record } of held) {
      const [, said, arm] = packed.get(lineId)!;
      expect(arm).toBe("holdout");
      expect(said).toMatchObject({ outcome: record.assessment.outcome });
    }
  });

  test("acts on a holdout for the reasons that the experiment names", async () => {
    const plain = await decisionsOf(await sweepAll(given, "consumer-cn"));
    const reason = plain.flatMap(({ record }) => record.assessment.reasons)[0]!.code;
    given = await prepared();
    await startArms(given, "q1", armsOf({}, 9_999), { actOn: [reason] });
    const decisions = await decisionsOf(await sweepAll(given, "consumer-cn"));
    expect(decisions.length).toBeGreaterThan(0);
    for (const { record } of decisions) {
      if (record.arm?.arm !== "holdout") continue;
      expect(record.assessment.reasons.map(({ code }) => code)).toContain(reason);
    }
    expect(decisions.some(({ record }) => record.arm?.arm === "holdout")).toBe(true);
  });

  test("interrupted and gone on with has the arms that it began with, whatever happened since", async () => {
    await startArms(given, "q1", armsOf({ mild: [2, 4_000] }, 1_000));
    const calm = await decisionsOf(await sweepAll(given, "consumer-cn"));

    given = await prepared();
    await startArms(given, "q1", armsOf({ mild: [2, 4_000] }, 1_000));
    const open = await openSweep(given.world, given.portfolio, request());
    if (isRefusal(open)) throw new Error(open.detail.en);
    let looks = 0;
    await runSweep(given.world, given.portfolio, open.id, {
      ...run,
      stop: () => (looks += 1) > 40,
    });
    await end("q1");
    await startArms(given, "q2", armsOf({ steep: [3, 9_000] }));
    const done = await runSweep(given.world, given.portfolio, open.id, run);
    expect(done.state).toBe("done");
    const rough = await decisionsOf(done);
    const told = (all: readonly Decision[]) =>
      all.map(({ id, record }) => `${id} ${JSON.stringify(record)}`).toSorted();
    expect(told(rough)).toEqual(told(calm));
  });

  test("previews the same arms with nothing stored", async () => {
    await startArms(given, "q1", armsOf({ mild: [2, 4_000] }, 1_000));
    const preview = await previewSweep(given.world, given.portfolio, request(), run);
    if (isRefusal(preview)) throw new Error(preview.detail.en);
    expect((await digits()).size).toBe(0);
    const sweep = await sweepAll(given, "consumer-cn");
    expect(preview.counts).toEqual(sweep.counts);
  });

  test("is refused for a challenger's strategy and once an arm's version is retired", async () => {
    await storeOther(given);
    const arms = [
      ...armsOf({}, 1_000).map((arm) =>
        arm.name === "champion" ? { ...arm, shareBp: 8_000 } : arm,
      ),
      { name: "other", strategy: { id: "other-cn", version: null }, shareBp: 1_000 },
    ];
    await startArms(given, "q1", arms);
    const refused = await openSweep(given.world, given.portfolio, request("other-cn"));
    expect(refused).toMatchObject({ refused: "wrong-state" });
    expect(isRefusal(refused) && refused.detail.en).toContain("challenger in experiment q1");
    const { strategies } = given.world.store;
    const at = worldBegins;
    const step = { id: "other-cn", version: 1, state: "retired", at, by: "app", reason: null };
    await strategies.enter([step as StrategyStep], ["active"]);
    expect(await openSweep(given.world, given.portfolio, request())).toMatchObject({
      refused: "not-found",
    });
  });

  test("reads digits once for each read of lines", async () => {
    await startArms(given, "q1", armsOf({ mild: [2, 4_000] }, 1_000));
    const { sweeps, experiments } = given.portfolio;
    const read: string[] = [];
    const store = {
      ...given.portfolio,
      sweeps: {
        ...sweeps,
        read: (...asked: Parameters<typeof sweeps.read>) => {
          read.push(`lines of ${asked[1].join(" ")}`);
          return sweeps.read(...asked);
        },
      },
      experiments: {
        ...experiments,
        digits: (...asked: Parameters<typeof experiments.digits>) => {
          read.push(`digits of ${asked[1].join(" ")}`);
          return experiments.digits(...asked);
        },
      },
    };
    const open = await openSweep(given.world, store, request());
    if (isRefusal(open)) throw new Error(open.detail.en);
    await runSweep(given.world, store, open.id, run);
    const of = (what: string) =>
      read.filter((text) => text.startsWith(what)).map((text) => text.slice(what.length));
    expect(of("digits").toSorted()).toEqual(of("lines").toSorted());
    expect(of("digits").length).toBeGreaterThan(1);
  });

  test("without an experiment reads no digits and stores none", async () => {
    const asked: string[] = [];
    const experiments = {
      ...given.portfolio.experiments,
      digits: async () => {
        asked.push("digits");
        return new Map();
      },
    };
    const store = { ...given.portfolio, experiments };
    const open = await openSweep(given.world, store, request());
    if (isRefusal(open)) throw new Error(open.detail.en);
    const sweep = await runSweep(given.world, store, open.id, run);
    expect(asked).toEqual([]);
    expect((await digits()).size).toBe(0);
    for (const { record } of await decisionsOf(sweep)) expect(record).not.toHaveProperty("arm");
    for (const entry of (await packedLines(sweep)).values()) expect(entry).toHaveLength(2);
  });
});

async function packedLines(sweep: Sweep): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const found = new Map<string, readonly unknown[]>();
  for (let bucket = 0; bucket < 1_024; bucket += 1) {
    const packed = await given.portfolio.sweeps.packed(sweep.id, bucket);
    for (const entry of JSON.parse(packed ?? "[]") as readonly (readonly [string])[]) {
      found.set(entry[0], entry);
    }
  }
  return found;
}

/** The consumer strategy under another id, in force. */
async function storeOther({ world }: TestWorld): Promise<void> {
  const stored = (await world.store.strategies.find("consumer-cn", 1))!;
  const document = JSON.stringify({ ...JSON.parse(stored.document), id: "other-cn" });
  const hash = world.ids.sha256(document);
  const other = { ...stored, id: "other-cn", version: 1, hash, document };
  expect(await world.store.strategies.add(other)).toBe("added");
}

describe("another experiment of the area", () => {
  test("leaves customers where they are as far as the shares allow, and a holdout for ever", async () => {
    const first = await startArms(given, "q1", armsOf({ mild: [2, 2_000] }, 2_000));
    await sweepAll(given, "consumer-cn");
    const before = await digits();
    const then = armsIn(first, before);
    await end("q1");

    const second = await startArms(given, "q2", armsOf({ mild: [2, 3_000] }, 500));
    await openAgain();
    const after = await digits();
    const now = armsIn(second, after);
    expect(new Set([...after].map(([id, { digit }]) => `${id} ${digit}`))).toEqual(
      new Set([...before].map(([id, { digit }]) => `${id} ${digit}`)),
    );
    for (const [customerId, arm] of then) {
      if (arm !== "champion") expect(now.get(customerId)).toBe(arm);
    }
    await end("q2");

    const third = await startArms(given, "q3", armsOf({ steep: [3, 9_999] }));
    await openAgain();
    const last = armsIn(third, await digits());
    for (const [customerId, arm] of then) {
      if (arm === "holdout") expect(last.get(customerId)).toBe("holdout");
    }
  });
});

/** Sweeps once more on the same day. */
async function openAgain(): Promise<Sweep> {
  const sweep = await sweepAll(given, "consumer-cn");
  expect(sweep.state).toBe("done");
  return sweep;
}
