// Strategies in the shadow of a sweep: what they say is kept and compared, and nothing that happens is any different.

import { beforeEach, describe, expect, test } from "vitest";
import { isRefusal } from "../../src/domain/refusal.ts";
import type { OutboxEntry } from "../../src/flow/state.ts";
import { comparedLines, compareSweep, shadowIn } from "../../src/portfolio/compare-sweep.ts";
import { swaps, type Comparison } from "../../src/portfolio/comparison.ts";
import type { StrategyChoice } from "../../src/portfolio/experiment-ports.ts";
import type { Sweep } from "../../src/portfolio/ports.ts";
import { openSweep, runSweep } from "../../src/portfolio/sweep.ts";
import { armsOf, startArms, storeActive, storeCutting } from "../support/experiments.ts";
import { every, importDemo, person } from "../support/whole-life.ts";
import { memoryWorld, worldBegins, type TestWorld } from "../support/world.ts";

const operator = person("ops", "operator");
const mild: StrategyChoice = { id: "consumer-cn", version: 2 };

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

function request(shadows: readonly StrategyChoice[], from: TestWorld = given) {
  const asOf = from.world.clock.dateOf(worldBegins);
  const asked = { strategyId: "consumer-cn", asOf, portfolio: null, dailyCapMinor: null };
  return { ...asked, shadows, actor: operator };
}

async function sweepBeside(shadows: readonly StrategyChoice[], from = given): Promise<Sweep> {
  const open = await openSweep(from.world, from.portfolio, request(shadows, from));
  if (isRefusal(open)) throw new Error(open.detail.en);
  return runSweep(from.world, from.portfolio, open.id, {
    ...{ owner: "test", stop: () => false, pause: async () => undefined },
    onProgress: () => undefined,
  });
}

/** Everything that a sweep leads to, in its bytes. */
async function effects({ world, portfolio }: TestWorld, sweep: Sweep): Promise<readonly string[]> {
  const { reads, waiting } = world.store;
  const told: string[] = [];
  for (const line of await every((after) => reads.lines({ after, limit: 200 }, {}))) {
    told.push(JSON.stringify(line), JSON.stringify(await reads.timeline(line.id)));
  }
  for (const decision of await every((after) => reads.decisions({ after, limit: 200 }, {}))) {
    told.push(JSON.stringify(decision), (await reads.decisionRecord(decision.id))!);
  }
  const messages: OutboxEntry[] = [];
  for (let more = true; more;) {
    const leased = await waiting.leaseOutbox("test", 60_000, 100, []);
    messages.push(...leased);
    more = leased.length > 0;
  }
  told.push(...messages.map((message) => JSON.stringify(message)));
  for (let bucket = 0; bucket < 1_024; bucket += 1) {
    told.push((await portfolio.sweeps.packed(sweep.id, bucket))!);
  }
  return told;
}

function comparison(sweep: Sweep): Promise<Comparison> {
  const shadow = shadowIn(sweep, null);
  if (isRefusal(shadow)) throw new Error(shadow.detail.en);
  return compareSweep(given.portfolio.sweeps, sweep, shadow);
}

describe("a strategy in the shadow", () => {
  test("changes no event, no message, no decision and no assessment, byte for byte", async () => {
    const alone = await sweepBeside([]);
    const other = await prepared();
    const beside = await sweepBeside([mild, { id: "consumer-cn", version: 3 }], other);
    expect(beside.id).toBe(alone.id);
    expect(beside.counts).toEqual(alone.counts);
    const expected = await effects(given, alone);
    expect(await effects(other, beside)).toEqual(expected);
    expect(expected.some((text) => text.includes("DecisionMade"))).toBe(true);
  });

  test("that is the live one itself changes nobody", async () => {
    const sweep = await sweepBeside([{ id: "consumer-cn", version: null }]);
    const { swaps: found, lines, matrix } = await comparison(sweep);
    expect(found.same.lines).toBe(lines);
    expect(lines).toBe(sweep.counts.planned);
    for (const { live, shadow } of matrix) expect(live).toBe(shadow);
  });

  test("is compared by who changes, segment, money and reasons, and every count has its lines", async () => {
    const sweep = await sweepBeside([mild]);
    const found = await comparison(sweep);
    expect(found.lines).toBe(sweep.counts.planned);
    expect(found.swaps.milder.lines).toBeGreaterThan(0);
    expect(found.swaps.harsher.lines).toBe(0);
    const removed = Object.values(sweep.counts.removedBySegment).reduce((sum, one) => sum + one, 0);
    const sumOf = (rows: readonly Readonly<{ lines: number; liveRemovedMinor: number }>[]) => ({
      lines: rows.reduce((sum, one) => sum + one.lines, 0),
      liveRemovedMinor: rows.reduce((sum, one) => sum + one.liveRemovedMinor, 0),
    });
    const whole = { lines: sweep.counts.planned, liveRemovedMinor: removed };
    expect(sumOf(found.matrix)).toEqual(whole);
    expect(sumOf(found.segments)).toEqual(whole);
    expect(sumOf(Object.values(found.swaps))).toEqual(whole);
    expect(found.swaps.milder.shadowRemovedMinor).toBeLessThan(found.swaps.milder.liveRemovedMinor);
    expect(found.reasons.some(({ live }) => live > 0)).toBe(true);

    const shadow = sweep.shadows[0]!;
    const list = (filter: Parameters<typeof comparedLines>[3]) =>
      every((after) =>
        comparedLines(given.portfolio.sweeps, sweep, shadow, filter, { after, limit: 7 }),
      );
    for (const swap of swaps) {
      if (swap === "same") continue;
      expect(await list({ swap })).toHaveLength(found.swaps[swap].lines);
    }
    for (const { live, shadow: said, lines } of found.matrix) {
      if (live === "none" && said === "none") continue;
      expect(await list({ live, shadow: said })).toHaveLength(lines);
    }
    for (const { code, live, shadow: beside } of found.reasons) {
      expect(await list({ liveReason: code })).toHaveLength(live);
      expect(await list({ shadowReason: code })).toHaveLength(beside);
    }
    const all = await list({});
    expect(all.map(({ lineId }) => lineId)).toEqual(
      all.map(({ lineId }) => lineId).toSorted((one, other) => (one < other ? -1 : 1)),
    );
  });

  test("runs for an experiment that names it, and lines held out are not compared", async () => {
    await startArms(given, "q1", armsOf({}, 4_000), { shadows: [mild] });
    const sweep = await sweepBeside([]);
    expect(sweep.shadows.map(({ version }) => version)).toEqual([2]);
    const found = await comparison(sweep);
    expect(found.heldOut).toBeGreaterThan(0);
    expect(found.lines + found.heldOut).toBe(sweep.counts.planned);
  });

  test("is refused when nobody stored it or it is in another currency, and asked for when there is none", async () => {
    const open = (choice: StrategyChoice) =>
      openSweep(given.world, given.portfolio, request([choice]));
    expect(await open({ id: "consumer-cn", version: 9 })).toMatchObject({ refused: "not-found" });
    const { strategies } = given.world.store;
    const stored = (await strategies.find("consumer-cn", 2))!;
    const document = JSON.stringify({ ...JSON.parse(stored.document), id: "us", currency: "USD" });
    const foreign = { ...stored, id: "us", document, hash: given.world.ids.sha256(document) };
    await strategies.add(foreign);
    expect(await open({ id: "us", version: 2 })).toMatchObject({ refused: "currency-mismatch" });
    const alone = await sweepBeside([]);
    expect(shadowIn(alone, null)).toMatchObject({ refused: "not-found" });
    const beside = { ...alone, shadows: [stored] };
    expect(shadowIn(beside, { id: "consumer-cn", version: 3 })).toMatchObject({
      refused: "not-found",
    });
  });
});
