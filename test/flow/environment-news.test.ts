// What is told of a place reaches the lines there: those and no others, once, a few buckets at a time, by the same triggers
// and the same command as news of a line; and it goes on where it was interrupted.

import { beforeEach, describe, expect, test } from "vitest";
import { addMilliseconds } from "../../src/domain/calendar.ts";
import type { Decision } from "../../src/domain/decision.ts";
import type { EnvironmentNews } from "../../src/domain/environment-news.ts";
import { bucketCount } from "../../src/domain/id.ts";
import type { StoredStrategy, World } from "../../src/flow/ports.ts";
import { fireDue } from "../../src/flow/scheduler.ts";
import { setHalt } from "../../src/flow/stop-switch.ts";
import { takeSignals, usualClockSkewMs } from "../../src/flow/take-signals.ts";
import { canonicalStrategy } from "../../src/policy/compile.ts";
import { parseStrategy } from "../../src/policy/parse.ts";
import { fireEnvironmentNews } from "../../src/portfolio/environment-news.ts";
import { fireTriggers } from "../../src/portfolio/triggers.ts";
import { lineIn, tell } from "../support/declared-facts.ts";
import { actor } from "../support/given.ts";
import { strategyDocument } from "../support/strategy-document.ts";
import { memoryWorld, worldBegins, type TestWorld } from "../support/world.ts";

const clerk = actor("ann", "operator");
const label = { zh: "触发", en: "Trigger" };
const index = {
  ...{ name: "regionRiskIndex", label, type: "number", scale: 4, unit: "value" },
  ...{ minimum: "0", maximum: "100", source: "environment", missing: "unknown" },
  ...{ readBy: "triggers", missingMeans: label, sensitivity: "ordinary" },
};
const crossed = {
  ...{ id: "crossed", label, when: { regionRiskIndex: "> 90" }, was: { regionRiskIndex: "<= 90" } },
  ...{ cause: "region", coolDownDays: 30 },
};
/** A state that would hold of every line, whatever the news. */
const late = {
  ...{ id: "late", label, when: { late: ">= 31" } },
  ...{ cause: "own-delinquency", coolDownDays: 0 },
};

let given: TestWorld;
let world: World;

beforeEach(async () => {
  given = memoryWorld();
  const { portfolio } = given;
  world = {
    ...given.world,
    triggers: { fire: (timers) => fireTriggers(world, portfolio, timers) },
    environment: { fire: (timer) => fireEnvironmentNews(world, portfolio, timer) },
  };
  await activate([crossed, late]);
  const facts = { late: 45, use: 2_000, breach: false, opened: "2020-05-01", sex: "f" };
  const drawn = { drawnMinor: 200_000, openedOn: "2020-05-01" };
  await lineIn(world, "L-1", { ...facts, region: "east" }, "C-1", drawn);
  await lineIn(world, "L-2", { ...facts, region: "east" }, "C-1", drawn);
  await lineIn(world, "L-3", { ...facts, region: "east" }, "C-3", drawn);
  await lineIn(world, "L-4", { ...facts, region: "north" }, "C-4", drawn);
  await lineIn(world, "L-5", { ...facts, region: "east" }, "C-5", { ...drawn, jurisdiction: "us" });
});

async function activate(triggers: readonly unknown[]): Promise<void> {
  const base = strategyDocument();
  const { strategy, problems } = parseStrategy({
    ...{ ...base, triggers },
    facts: [...(base["facts"] as unknown[]), index],
  });
  if (strategy === null) throw new Error(problems.map(({ message }) => message.en).join());
  const document = canonicalStrategy(strategy);
  const stored: StoredStrategy = {
    ...{ id: strategy.id, version: strategy.version, hash: world.ids.sha256(document) },
    ...{ state: "active", author: "ann", editedBy: [], approvedBy: "app", signedOff: [] },
    ...{ effectiveOn: null, restores: null, document, addedAt: worldBegins },
  };
  await world.store.strategies.add(stored);
}

let sent = 0;

/** A value of the index of a region, told by its own event. */
async function tellIndex(value: number, region = "east"): Promise<void> {
  sent += 1;
  const period = (await world.clock.now()).slice(0, 10);
  const event = {
    ...{ specversion: "1.0", id: `i-${sent}`, source: "/regions" },
    ...{ type: "tidemark.signal.macro-value", subject: `region/${region}` },
    ...{ time: await world.clock.now() },
    data: { series: "risk-index", period, value: value * 10_000 },
  };
  for (const outcome of ["recorded", "duplicate"]) {
    const [taken] = await takeSignals(world, clerk, [{ event }], { clockSkewMs: usualClockSkewMs });
    expect(taken).toMatchObject({ outcome });
  }
}

async function decisions(causeId?: string): Promise<readonly Decision[]> {
  const filter = causeId === undefined ? {} : { causeId };
  return (await world.store.reads.decisions({ after: null, limit: 50 }, filter)).rows;
}

async function newest(): Promise<EnvironmentNews> {
  return (await world.store.environment.newestNews(1))[0]!;
}

async function later(minutes: number): Promise<void> {
  await given.clock.set(addMilliseconds(await world.clock.now(), minutes * 60_000));
}

describe("an index that rises above the bound", () => {
  test("leads to decisions about the lines of that region, once for a customer, with its cause", async () => {
    await tellIndex(88);
    await fireDue(world);
    // From unknown to 88: something changed, and no trigger holds.
    expect(await newest()).toMatchObject({ state: "done", lines: 4, held: 0, decided: 0 });
    await later(1);
    await tellIndex(91);
    const timers = await world.store.waiting.dueTimers(await world.clock.now(), 9, []);
    expect(timers.map(({ kind }) => kind)).toEqual(["environment-news"]);
    expect(await decisions()).toEqual([]);
    await fireDue(world);
    const news = await newest();
    expect(news).toMatchObject({
      ...{ place: "region/east", state: "done", changed: ["regionRiskIndex"] },
      ...{ nextBucket: bucketCount, lines: 4, held: 2, decided: 2 },
    });
    const made = await decisions(news.id);
    expect(made.map(({ maker }) => maker)).toEqual(["trigger:crossed", "trigger:crossed"]);
    expect(made.map(({ record }) => record.cause)).toEqual(["region", "region"]);
    expect(new Set(made.map(({ customerId }) => customerId)).size).toBe(2);
    expect(await decisions()).toHaveLength(2);
    expect(await fireDue(world)).toBe(0);
  });

  test("and stays above it is no news, nor is news of a line that lives there", async () => {
    await tellIndex(88);
    await later(1);
    await fireDue(world);
    await tellIndex(95);
    await later(1);
    await fireDue(world);
    const { length } = await decisions();
    await tellIndex(96);
    await later(1);
    await fireDue(world);
    expect(await newest()).toMatchObject({ state: "done", held: 0 });
    const line = await lineIn(world, "L-6", { late: 0, region: "east", use: 2_000, breach: false });
    await later(1);
    await tell(world, line, { type: "facts", asOf: "2026-03-01", facts: { late: 5 } });
    await fireDue(world);
    expect(await decisions()).toHaveLength(length);
  });

  test("is told once where it falls and rises before anybody has looked", async () => {
    await tellIndex(88);
    await later(1);
    await fireDue(world);
    for (const value of [91, 80, 93]) {
      await tellIndex(value);
      await later(1);
    }
    expect(await world.store.environment.newestNews(9)).toHaveLength(2);
    await fireDue(world);
    expect(await newest()).toMatchObject({ state: "done", decided: 2 });
  });
});

describe("spreading", () => {
  async function crossing(): Promise<void> {
    await tellIndex(88);
    await later(1);
    await fireDue(world);
    await tellIndex(91);
    await later(1);
  }

  test("looks at no line where nothing changed that a trigger tests", async () => {
    await tellIndex(50, "south");
    await later(1);
    await fireDue(world);
    await tellIndex(50, "south");
    await fireDue(world);
    const [again, first] = await world.store.environment.newestNews(9);
    expect(first).toMatchObject({ place: "region/south", changed: ["regionRiskIndex"], lines: 0 });
    expect(again).toMatchObject({ state: "done", changed: [], lines: 0 });
  });

  test("waits while decisions are halted, and goes on then", async () => {
    await crossing();
    const expiresAt = addMilliseconds(await world.clock.now(), 3_600_000);
    await setHalt(world, { area: "decide", reason: "check", actor: clerk, expiresAt });
    await fireDue(world);
    expect(await newest()).toMatchObject({ state: "waiting" });
    await given.clock.set(expiresAt);
    await fireDue(world);
    expect(await newest()).toMatchObject({ state: "done", decided: 2 });
  });

  test("that was interrupted after any slice decides nothing twice and counts all of it", async () => {
    await crossing();
    const { environment } = world.store;
    let moves = 0;
    // Every other time the process dies between the decisions of a slice and the word that it is done.
    const moveNews: typeof environment.moveNews = async (seen, to) => {
      moves += 1;
      if (moves % 2 === 0) throw new Error("died");
      return environment.moveNews(seen, to);
    };
    const dying: World = {
      ...world,
      store: { ...world.store, environment: { ...environment, moveNews } },
    };
    const fire: World = {
      ...dying,
      environment: { fire: (timer) => fireEnvironmentNews(dying, given.portfolio, timer) },
    };
    for (let tries = 0; (await newest()).state !== "done" && tries < 200; tries += 1) {
      await fireDue(fire).catch(() => undefined);
    }
    expect(await newest()).toMatchObject({ state: "done", lines: 4, held: 2, decided: 2 });
    expect(await decisions()).toHaveLength(2);
  });
});
