// News of a line leads to a decision at once where a strategy in force has a trigger for it: by the same evaluation and
// the same command as everything else, once for a customer and cause, and never twice for one piece of news.

import { beforeEach, describe, expect, test } from "vitest";
import { addMilliseconds } from "../../src/domain/calendar.ts";
import type { Decision } from "../../src/domain/decision.ts";
import { bucketOfCustomer } from "../../src/domain/id.ts";
import { customerIdOf } from "../../src/flow/customer-id.ts";
import type { StoredStrategy, World } from "../../src/flow/ports.ts";
import { fireDue } from "../../src/flow/scheduler.ts";
import { setHalt } from "../../src/flow/stop-switch.ts";
import { takeSignals, usualClockSkewMs } from "../../src/flow/take-signals.ts";
import { transact } from "../../src/flow/transact.ts";
import { canonicalStrategy } from "../../src/policy/compile.ts";
import { parseStrategy } from "../../src/policy/parse.ts";
import { endExperiment } from "../../src/portfolio/experiment-life.ts";
import { fireTriggers } from "../../src/portfolio/triggers.ts";
import { analyst, startArms } from "../support/experiments.ts";
import { actor } from "../support/given.ts";
import { strategyDocument } from "../support/strategy-document.ts";
import { memoryWorld, worldBegins, type TestWorld } from "../support/world.ts";

const clerk = actor("ann", "operator");
const label = { zh: "触发", en: "Trigger" };
const becameLate = {
  ...{ id: "became-late", label, when: { late: ">= 31" } },
  ...{ cause: "own-delinquency", coolDownDays: 30 },
} as const;
const breach = {
  ...{ id: "breach", label, when: { breach: "true" } },
  ...{ cause: "behaviour", coolDownDays: 0 },
} as const;

let given: TestWorld;
let world: World;

beforeEach(async () => begin([becameLate, breach]));

async function begin(triggers: readonly unknown[]): Promise<void> {
  given = memoryWorld();
  const { portfolio } = given;
  world = { ...given.world, triggers: { fire: (news) => fireTriggers(world, portfolio, news) } };
  await activate(triggers);
  for (const [line, customer] of [
    ["L-1", "C-1"],
    ["L-2", "C-1"],
    ["L-3", "C-3"],
  ] as const) {
    await register(line, customer);
  }
}

async function activate(triggers: readonly unknown[]): Promise<void> {
  const { strategy, problems } = parseStrategy({ ...strategyDocument(), triggers });
  if (strategy === null) throw new Error(problems.map(({ message }) => message.en).join());
  const document = canonicalStrategy(strategy);
  const hash = world.ids.sha256(document);
  const stored: StoredStrategy = {
    ...{ id: strategy.id, version: strategy.version, hash, state: "active", author: "ann" },
    ...{ approvedBy: "app", signedOff: [], effectiveOn: null, restores: null, document },
    addedAt: worldBegins,
    editedBy: [],
  };
  await world.store.strategies.add(stored);
}

async function register(reference: string, customerReference: string): Promise<void> {
  const bucket = bucketOfCustomer(customerReference);
  const lineId = world.ids.derive(bucket, "line", "cards", reference);
  await world.store.references.claim([
    { reference, lineId, portfolio: "cards", customerReference },
  ]);
  const facts = {
    late: 0,
    use: 2_000,
    region: "east",
    breach: false,
    opened: "2020-05-01",
    sex: "f",
  };
  const body = {
    ...{ customerId: customerIdOf(world.ids, customerReference), customerReference },
    ...{ lineReference: reference, portfolio: "cards", product: "card", jurisdiction: "cn" },
    ...{ currency: "CNY", language: "zh", limitMinor: 1_000_000, drawnMinor: 200_000 },
    ...{ pendingMinor: 0, status: "active", openedOn: "2020-05-01", asOf: "2026-02-28" },
    ...{ facts, identity: {} },
  };
  const id = world.ids.fresh();
  const command = { id, kind: "RegisterLine", subject: lineId, actor: clerk, cause: id, body };
  const [result] = await transact(world, bucket, [command]);
  if (result === undefined || "refusal" in result) throw new Error("Line was not registered");
}

let sent = 0;

/** News of facts about a line, and what the scheduler makes of it. */
async function tell(line: string, facts: Readonly<Record<string, unknown>>): Promise<void> {
  sent += 1;
  const event = {
    ...{ specversion: "1.0", id: `n-${sent}`, source: "/core", type: "tidemark.signal.facts" },
    ...{ subject: line, time: await world.clock.now(), data: { facts } },
  };
  const [taken] = await takeSignals(world, clerk, [{ event }], { clockSkewMs: usualClockSkewMs });
  expect(taken).toMatchObject({ outcome: "recorded" });
}

async function decisions(): Promise<readonly Decision[]> {
  return (await world.store.reads.decisions({ after: null, limit: 50 }, {})).rows;
}

async function later(days: number): Promise<void> {
  await given.clock.set(addMilliseconds(await world.clock.now(), days * 86_400_000));
}

describe("a trigger", () => {
  test("leads to a decision with its cause, by the same evaluation", async () => {
    await tell("L-1", { late: 45 });
    expect(await decisions()).toEqual([]);
    expect(await fireDue(world)).toBeGreaterThan(0);
    const [decision, ...others] = await decisions();
    expect(others).toEqual([]);
    expect(decision).toMatchObject({
      maker: "trigger:became-late",
      outcome: { action: "decrease" },
      record: { cause: "own-delinquency", assessment: { reasons: [{ code: "R01" }] } },
    });
    expect(await fireDue(world)).toBe(0);
  });

  test("decides by the arm of the customer, leaves a holdout alone, and draws each digit once", async () => {
    const strategy = { id: "small", version: null };
    const champion = { name: "champion", strategy, shareBp: 1 };
    const end = (id: string) => endExperiment(world, given.portfolio, id, analyst, { reason: "." });
    await startArms(given, "tried", [champion, { name: "same", strategy, shareBp: 9_999 }]);
    await tell("L-1", { late: 45 });
    await fireDue(world);
    expect((await decisions()).map(({ record }) => record.arm)).toEqual([
      { experiment: "tried", arm: "same" },
    ]);
    await end("tried");
    await startArms(given, "held", [champion, { name: "holdout", strategy: null, shareBp: 9_999 }]);
    await tell("L-3", { late: 45 });
    expect(await fireDue(world)).toBeGreaterThan(0);
    expect(await decisions()).toHaveLength(1);
    const counts = await given.portfolio.experiments.digitCounts("limit-decrease");
    const told = counts.map(({ heldOut, customers }) => `${heldOut} ${customers}`);
    expect(told.toSorted()).toEqual(["false 1", "true 1"]);
  });

  test("is not tried on facts that are told again, nor where it does not hold", async () => {
    await tell("L-1", { late: 0 });
    expect(await world.store.waiting.nextDue([])).toBeNull();
    await tell("L-1", { late: 5 });
    expect(await fireDue(world)).toBe(1);
    expect(await decisions()).toEqual([]);
  });

  test("looks once, however much news there is before it looks", async () => {
    await tell("L-1", { late: 40 });
    await tell("L-1", { late: 45 });
    await fireDue(world);
    expect(await decisions()).toHaveLength(1);
  });

  test("looks again where more news came while it was looking", async () => {
    const { reads } = world.store;
    let isNew = true;
    const facts: typeof reads.facts = async (...asked) => {
      const row = await reads.facts(...asked);
      if (isNew) {
        isNew = false;
        await tell("L-1", { late: 45 });
      }
      return row;
    };
    world = { ...world, store: { ...world.store, reads: { ...reads, facts } } };
    await tell("L-1", { use: 2_100 });
    await fireDue(world);
    expect((await decisions()).map(({ record }) => record.cause)).toEqual(["own-delinquency"]);
    expect(await fireDue(world)).toBe(0);
  });

  test("is told of when its timer was set, and of nothing else", async () => {
    let told = 0;
    world = { ...world, onDue: () => (told += 1) };
    await tell("L-1", { late: 45 });
    expect(told).toBe(1);
    await fireDue(world);
    told = 0;
    await tell("L-1", { late: 45 });
    expect(told).toBe(0);
  });

  test("is quiet for the customer and cause, on other lines too, until its days are over", async () => {
    await tell("L-1", { late: 45 });
    await fireDue(world);
    await tell("L-2", { late: 45 });
    await tell("L-3", { late: 45 });
    await fireDue(world);
    const lines = new Set((await decisions()).map(({ lineId }) => lineId));
    expect(lines.size).toBe(2);
    await later(31);
    await tell("L-2", { late: 50 });
    await fireDue(world);
    expect(await decisions()).toHaveLength(3);
  });

  test("about a change holds where what was known before the news was otherwise", async () => {
    const crossed = { ...becameLate, id: "crossed", was: { late: "< 31" } };
    await begin([{ ...crossed, coolDownDays: 0 }]);
    await later(1);
    await tell("L-1", { late: 45 });
    await fireDue(world);
    expect((await decisions()).map(({ maker }) => maker)).toEqual(["trigger:crossed"]);
    await later(1);
    await tell("L-3", { late: 12 });
    await later(1);
    await tell("L-3", { late: 20, use: 2_500 });
    await fireDue(world);
    expect(await decisions()).toHaveLength(1);
    await later(1);
    await tell("L-3", { late: 50 });
    await later(1);
    // Still before the first look: what was known before is what was known before the first news.
    await tell("L-3", { late: 51 });
    await fireDue(world);
    expect(await decisions()).toHaveLength(2);
    await later(1);
    await tell("L-3", { late: 52 });
    await fireDue(world);
    expect(await decisions()).toHaveLength(2);
  });

  test("of several that hold the most severe is the cause, and tells so", async () => {
    await begin([
      { ...becameLate, severity: "low" },
      { ...breach, severity: "high" },
    ]);
    await tell("L-1", { late: 45, breach: true });
    await fireDue(world);
    const [decision] = await decisions();
    expect(decision).toMatchObject({ maker: "trigger:breach", record: { cause: "behaviour" } });
    const events = await world.store.reads.timeline(decision!.lineId);
    expect(events.find(({ kind }) => kind === "DecisionMade")!.body).toMatchObject({
      trigger: { id: "breach", severity: "high" },
    });
  });

  test("that is severe raises an alert with its decision, any other none", async () => {
    const alerts = async () => (await world.store.reads.alerts({ after: null, limit: 9 }, {})).rows;
    await begin([
      { ...becameLate, severity: "medium" },
      { ...breach, severity: "high" },
    ]);
    await tell("L-1", { late: 45 });
    await fireDue(world);
    expect(await decisions()).toHaveLength(1);
    expect(await alerts()).toEqual([]);
    await tell("L-3", { breach: true });
    await fireDue(world);
    expect(await alerts()).toMatchObject([
      { kind: "trigger", severity: "high", about: { trigger: "breach", cause: "behaviour" } },
    ]);
  });

  test("of another cause is not quiet", async () => {
    await tell("L-1", { late: 45 });
    await fireDue(world);
    await tell("L-2", { breach: true });
    await fireDue(world);
    const causes = (await decisions()).map(({ record }) => record.cause);
    expect(causes.toSorted()).toEqual(["behaviour", "own-delinquency"]);
  });

  test("waits while decisions or everything is halted, and looks then", async () => {
    const expiresAt = addMilliseconds(await world.clock.now(), 3_600_000);
    await setHalt(world, { area: "decide", reason: "test", actor: clerk, expiresAt });
    await tell("L-1", { late: 45 });
    expect(await fireDue(world)).toBe(0);
    await later(1);
    await fireDue(world);
    expect(await decisions()).toHaveLength(1);
  });
});

test("without strategies that have triggers the news is used up", async () => {
  given = memoryWorld();
  const { portfolio } = given;
  world = { ...given.world, triggers: { fire: (news) => fireTriggers(world, portfolio, news) } };
  await register("L-1", "C-1");
  await tell("L-1", { late: 45 });
  expect(await fireDue(world)).toBe(1);
  expect(await decisions()).toEqual([]);
  expect(await fireDue(world)).toBe(0);
});

test("a trigger reads declared facts and has a condition", () => {
  const problems = (change: object) =>
    parseStrategy({ ...strategyDocument(), triggers: [{ ...becameLate, ...change }] }).problems.map(
      ({ path, code }) => `${path} ${code}`,
    );
  expect(problems({})).toEqual([]);
  expect(problems({ when: {} })).toEqual(["/triggers/0/when missing-field"]);
  expect(problems({ when: { grade: '"C"' } })).toEqual(["/triggers/0/when/grade unknown-name"]);
  expect(problems({ when: { sex: '"f"' } })).toEqual(["/triggers/0/when/sex protected-fact"]);
  expect(problems({ was: { limit: "> 5" } })).toEqual(["/triggers/0/was/limit type-mismatch"]);
  expect(problems({ severity: "grave" })).toEqual(["/triggers/0/severity undeclared-value"]);
  expect(problems({ cause: "mood" })).toEqual(["/triggers/0/cause undeclared-value"]);
  expect(problems({ when: { late: ">= soon" } })[0]).toContain("/triggers/0/when/late");
});
