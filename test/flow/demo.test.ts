// The demo portfolio against the strategy that it is made for, and its loading into a store: every fact is declared and
// in range, it gives the strategy something of everything, and loading it twice or in parts ends with the same rows.

import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { readStrategyFile } from "../../src/adapters/files/strategy-file.ts";
import type { BusinessDate, Instant } from "../../src/domain/calendar.ts";
import { isRefusal } from "../../src/domain/refusal.ts";
import { lineFacts } from "../../src/domain/facts.ts";
import { assess } from "../../src/flow/evaluate.ts";
import { addStrategy, approveStrategy } from "../../src/flow/strategy-life.ts";
import type { World } from "../../src/flow/ports.ts";
import { transact } from "../../src/flow/transact.ts";
import { compileStrategy, type CompiledStrategy } from "../../src/policy/compile.ts";
import { isUnevaluable } from "../../src/policy/evaluate.ts";
import { demoMonthEnds, demoMonths, demoShock } from "../../src/portfolio/demo-calendar.ts";
import { demoBucket, demoCommands } from "../../src/portfolio/demo-commands.ts";
import { demoFacts } from "../../src/portfolio/demo-facts.ts";
import { demoTelling, standingAt, type DemoPlan } from "../../src/portfolio/demo-history.ts";
import { demoLife } from "../../src/portfolio/demo-life.ts";
import { demoLine } from "../../src/portfolio/demo-line.ts";
import type { DemoMark } from "../../src/portfolio/ports.ts";
import { liveAsDemoStaff, type DemoStaffRun } from "../../src/portfolio/demo-staff.ts";
import { demoRefusal, seedDemo, type DemoRun } from "../../src/portfolio/demo-seed.ts";
import { actor } from "../support/given.ts";
import { memoryWorld, type TestWorld } from "../support/world.ts";

const strategyFile = fileURLToPath(
  new URL("../../strategies/consumer-cn/strategy.yaml", import.meta.url),
);
const lastDate = demoMonthEnds[demoMonths]!;
const always = "2099-01-01T00:00:00.000Z" as Instant;
const plan: DemoPlan = { lines: 120, seed: 11 };

let strategy: CompiledStrategy;

beforeAll(async () => {
  const read = await readStrategyFile(strategyFile);
  if (read.strategy === null) throw new Error("The strategy of the demo does not read");
  strategy = compileStrategy(read.strategy, (bytes) =>
    createHash("sha256").update(bytes).digest("hex"),
  );
});

type Store = World["store"];

type Seeding = TestWorld &
  Readonly<{ store: Store; run: (change?: Partial<DemoRun>) => Promise<DemoMark> }>;

/** A world in memory with a mark of its own. */
function seeding(of: DemoPlan = plan): Seeding {
  const made = memoryWorld();
  const { world, clock } = made;
  let mark: DemoMark | null = null;
  const marks = {
    read: async () => mark,
    write: async (to: DemoMark) => {
      mark = to;
    },
  };
  const still: DemoRun = {
    pauseAt: [],
    onMonthEnd: async () => undefined,
    onProgress: () => undefined,
    stop: () => false,
  };
  const run = async (change: Partial<DemoRun> = {}): Promise<DemoMark> =>
    (await seedDemo(world, clock, marks, of, { ...still, ...change })).mark;
  return { ...made, store: world.store, run };
}

/** Everything that may not depend on how a demo was loaded: lines, and facts of every month end. */
async function contents({ reads }: Store): Promise<unknown> {
  const { rows } = await reads.lines({ after: null, limit: 1_000 }, {});
  const all = [];
  for (const line of rows) {
    const facts = [];
    for (const date of demoMonthEnds) facts.push((await reads.facts(line.id, date, always))?.facts);
    all.push({ line, facts, events: (await reads.timeline(line.id)).length });
  }
  return all;
}

describe("the demo and the strategy consumer-cn", () => {
  test("agree on every fact", () => {
    // What only triggers test comes with signals and reaches no decision of the demo.
    const declared = strategy.document.facts.flatMap(({ name, readBy }) =>
      readBy === undefined ? [name] : [],
    );
    const line = demoLine(plan.seed, 0);
    const given = Object.keys(demoFacts(line, demoLife(line), demoMonths));
    expect([...given, ...Object.keys(lineFacts)].toSorted()).toEqual(declared.toSorted());
  });

  test("give something of everything", () => {
    const found = new Map<string, number>();
    for (let number = 0; number < 4_000; number += 1) {
      for (const word of outcomeOf(number)) found.set(word, (found.get(word) ?? 0) + 1);
    }
    expect(found.get("unevaluable")).toBeUndefined();
    for (const word of ["decrease", "freeze", "close", "review", "four-eyes", "straight-through"]) {
      expect(found.get(word), word).toBeGreaterThan(0);
    }
    for (const word of ["hardship", "open-dispute", "disaster-area", "line-is-active"]) {
      expect(found.get(word), word).toBeGreaterThan(0);
    }
    expect(found.get("decrease")! / 4_000).toBeLessThan(0.12);
  });

  test("cut where the shock hit more than elsewhere", () => {
    const cuts = { hit: 0, far: 0 };
    const lines = { hit: 0, far: 0 };
    for (let number = 0; number < 6_000; number += 1) {
      const { customer } = demoLine(plan.seed, number);
      const place = customer.region === demoShock.region ? "hit" : "far";
      lines[place] += 1;
      if (outcomeOf(number).includes("decrease")) cuts[place] += 1;
    }
    expect(cuts.hit / lines.hit).toBeGreaterThan((2 * cuts.far) / lines.far);
  });
});

/** Action, route where something is done, and exclusions of a line at the end of the history. */
function outcomeOf(number: number): readonly string[] {
  const line = demoLine(plan.seed, number);
  const life = demoLife(line);
  const { drawnMinor, pendingMinor } = life.at(-1)!;
  const own = {
    bucket: 0,
    id: "",
    customerId: "",
    reference: line.reference,
    customerReference: line.customer.reference,
    portfolio: "demo",
    product: "revolving-credit-line",
    jurisdiction: "cn",
    currency: "CNY",
    limitMinor: line.limitMinor,
    ...{ drawnMinor, pendingMinor },
    status: line.frozen ? "frozen" : "active",
    openedOn: line.openedOn,
    ...{ lastDecreaseOn: null, decidedOn: null, balanceAsOf: lastDate, movements: null, ver: 1 },
  } as const;
  const assessed = assess(strategy, own, demoFacts(line, life, demoMonths), 0, lastDate);
  if (isUnevaluable(assessed)) return ["unevaluable"];
  const { action } = assessed.outcome;
  return [action, ...(action === "none" ? [] : [assessed.route]), ...assessed.excludedBy];
}

describe("loading", () => {
  test("stores every line with its facts at each month end", async () => {
    const { store, run } = seeding();
    expect(await run()).toMatchObject({ stage: "life", monthDone: demoMonths });
    const { rows } = await store.reads.lines({ after: null, limit: 1_000 }, {});
    expect(rows.length).toBe(plan.lines);
    for (const stored of rows) {
      const line = demoLine(plan.seed, Number(stored.reference.slice(2)));
      const life = demoLife(line);
      expect(stored.drawnMinor).toBe(life.at(-1)!.drawnMinor);
      for (let month = line.firstMonth; month <= demoMonths; month += 1) {
        const date: BusinessDate = demoMonthEnds[month]!;
        const row = await store.reads.facts(stored.id, date, always);
        expect(row).toMatchObject({ asOf: date, facts: demoFacts(line, life, month) });
      }
    }
  });

  test("does not depend on where it waits", async () => {
    const [whole, waiting] = [seeding(), seeding()];
    const waited: number[] = [];
    await whole.run();
    await waiting.run({ pauseAt: [9, 10], onMonthEnd: async (month) => void waited.push(month) });
    expect(waited).toEqual([9, 10, demoMonths]);
    expect(await contents(waiting.store)).toEqual(await contents(whole.store));
  });

  test("goes on after stops anywhere and ends with the same rows", async () => {
    const [whole, stopped] = [seeding(), seeding()];
    await whole.run();
    let stage = "history";
    for (let turn = 1; stage === "history"; turn += 1) {
      let asked = 0;
      stage = (await stopped.run({ pauseAt: [5], stop: () => (asked += 1) > 50 * turn })).stage;
      expect(turn).toBeLessThan(60);
    }
    expect(await contents(stopped.store)).toEqual(await contents(whole.store));
  });

  test("a second time adds nothing", async () => {
    const { store, run } = seeding();
    const mark = await run();
    const before = await contents(store);
    expect(await run()).toEqual(mark);
    expect(await contents(store)).toEqual(before);
  });

  test("is refused where other lines or another demo are", async () => {
    const { portfolio, run } = seeding();
    expect(await demoRefusal(portfolio, null, plan)).toBeNull();
    const mark = await run();
    expect(await demoRefusal(portfolio, mark, plan)).toBeNull();
    for (const refusal of [
      await demoRefusal(portfolio, null, plan),
      await demoRefusal(portfolio, mark, { ...plan, seed: 12 }),
      await demoRefusal(portfolio, mark, { ...plan, lines: 121 }),
    ]) {
      expect(isRefusal(refusal) && refusal.refused).toBe("already-exists");
    }
  });
});

describe("the demo's staff", () => {
  const staff = {
    operator: actor("operator", "operator"),
    reviewers: [
      actor("reviewer1", "reviewer"),
      { ...actor("reviewer2", "reviewer"), desk: { skills: ["closures"], authority: null } },
    ],
    legal: actor("legal", "legal"),
  } as const;
  const size: DemoPlan = { lines: 600, seed: 14 };
  const run: DemoStaffRun = {
    ...{ strategyId: "consumer-cn", plan: size, owner: "test" },
    stop: () => false,
    pause: async () => undefined,
    onStep: () => undefined,
    onSweep: () => undefined,
    onPart: () => undefined,
  };

  async function lived(change: Partial<DemoStaffRun>[] = [{}]): Promise<Seeding> {
    const made = seeding(size);
    await made.run();
    await activate(made.world);
    made.openAccounts(
      (await accountsOf(made.store)).map((line) => ({ ...line, status: "active" })),
    );
    for (const one of change) {
      await liveAsDemoStaff(made.world, made.portfolio, made.clock, staff, { ...run, ...one });
    }
    return made;
  }

  let whole: Seeding;

  beforeAll(async () => {
    whole = await lived();
  }, 60_000);

  test("leave decisions in every part of their life, and cases for whoever comes next", async () => {
    const { store, delivered } = whole;
    const states = await decisionStates(store);
    for (const state of ["executed", "noticed", "in-review", "withdrawn"]) {
      expect(states.get(state), state).toBeGreaterThan(0);
    }
    const open = await store.reads.reviews(
      { after: null, limit: 1 },
      { state: "open", queue: "reviewer" },
    );
    expect(open.rows.length).toBe(1);
    const appeals = await store.reads.reviews(
      { after: null, limit: 10 },
      { state: "open", appeals: true },
    );
    expect(appeals.rows.length).toBeGreaterThan(0);
    expect(appeals.rows.every(({ queue }) => queue === "approver")).toBe(true);
    expect(delivered.length).toBeGreaterThan(10);
  });

  test("that were stopped go on and end the same", async () => {
    let asked = 0;
    const twice = await lived([{ stop: () => (asked += 1) > 40 }, {}, {}]);
    expect(asked).toBeGreaterThan(40);
    expect(await decisionStates(twice.store)).toEqual(await decisionStates(whole.store));
  }, 60_000);
});

async function activate(world: World): Promise<void> {
  const added = await addStrategy(world, strategy.document, actor("analyst", "analyst"));
  if (isRefusal(added) || "problems" in added)
    throw new Error("The strategy of the demo is refused");
  const { id, version, hash } = added.strategy;
  await approveStrategy(world, id, version, actor("approver", "approver"), hash);
}

async function accountsOf({ reads }: Store) {
  const { rows } = await reads.lines({ after: null, limit: 1_000 }, {});
  return rows.map(
    ({ reference: lineReference, limitMinor, drawnMinor, pendingMinor, currency }) => ({
      ...{ lineReference, limitMinor, drawnMinor, pendingMinor, currency },
    }),
  );
}

async function decisionStates({ reads }: Store): Promise<ReadonlyMap<string, number>> {
  const { rows } = await reads.decisions({ after: null, limit: 1_000 }, {});
  const states = new Map<string, number>();
  for (const { state } of rows) states.set(state, (states.get(state) ?? 0) + 1);
  return new Map([...states].toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

test("a large demo is registered late with its history: facts and balances are those of a small one", async () => {
  const few = 40;
  const told = async (lines: number): Promise<readonly unknown[]> => {
    const { world } = memoryWorld();
    const then = standingAt(world, lastDate);
    const telling = demoTelling(then, { lines, seed: plan.seed });
    for (let number = 0; number < few; number += 1) {
      const line = demoLine(plan.seed, number);
      const life = demoLife(line);
      for (let month = 0; month <= demoMonths; month += 1) {
        const commands = demoCommands({ ...telling, lines: few }, line, life, month);
        const results = await transact(then, demoBucket(line), commands);
        expect(results.filter((result) => "refusal" in result)).toEqual([]);
      }
    }
    const all = (await contents(world.store)) as readonly Readonly<{ events: number }>[];
    return all.map(({ events: _events, ...rest }) => rest);
  };
  expect(await told(1_000_000)).toEqual(await told(few));
});
