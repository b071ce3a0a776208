// A burst of complaints about a wave stops what is left of it, without anybody having to look: its remaining notices and
// executions wait until another person lets them go on, and what was said before that counts no more.

import { beforeEach, describe, expect, test } from "vitest";
import { addMilliseconds } from "../../src/domain/calendar.ts";
import { waveArea } from "../../src/domain/halt-area.ts";
import { bucketOfId } from "../../src/domain/id.ts";
import type { Decision } from "../../src/domain/decision.ts";
import { fireDue } from "../../src/flow/scheduler.ts";
import { takeSignals, usualClockSkewMs } from "../../src/flow/take-signals.ts";
import { transact } from "../../src/flow/transact.ts";
import {
  fireWaveWatch,
  holdWave,
  reasonToPause,
  releaseWave,
  waveStanding,
} from "../../src/portfolio/wave-watch.ts";
import type { WaveThresholds } from "../../src/portfolio/wave-ports.ts";
import { drain, makeWave, must, type Wave } from "../support/wave-undo.ts";
import { every, person } from "../support/whole-life.ts";
import { memoryWorld, worldBegins, type TestWorld } from "../support/world.ts";

const dayMs = 86_400_000;
const longMs = 60_000;
const operator = person("ops", "operator");
const compliance = person("comp", "compliance");
const thresholds: WaveThresholds = { complaintsBp: 100, inquiriesBp: 2_000, minimum: 3, days: 14 };

let given: TestWorld;
let wave: Wave;
let sent = 0;

beforeEach(async () => {
  const plain = memoryWorld();
  const { portfolio } = plain;
  const world: TestWorld["world"] = {
    ...plain.world,
    waves: { fire: (timers) => fireWaveWatch(world, portfolio, thresholds, timers) },
  };
  given = { ...plain, world };
  wave = await makeWave(given, 1);
}, longMs);

async function decisions(state: Decision["state"]): Promise<readonly Decision[]> {
  const { reads } = given.world.store;
  const filter = { causeId: wave.sweep.id, state };
  return every((after) => reads.decisions({ after, limit: 100 }, filter));
}

async function say(type: "complaint" | "inquiry", lineId: string, state = "opened") {
  sent += 1;
  const { world } = given;
  const line = (await world.store.reads.line(lineId))!;
  const opened = state === "opened" ? { channel: "phone", topic: "notice" } : {};
  const complaint = { complaint: `K-${sent}`, state, ...opened };
  const event = {
    ...{ specversion: "1.0", id: `w-${sent}`, source: "/desk", type: `tidemark.signal.${type}` },
    ...{ subject: line.reference, time: await world.clock.now() },
    data: type === "inquiry" ? { channel: "phone" } : complaint,
  };
  const [taken] = await takeSignals(world, operator, [{ event }], {
    clockSkewMs: usualClockSkewMs,
  });
  expect(taken).toMatchObject({ outcome: "recorded" });
  await fireDue(world);
}

async function isHeld(): Promise<boolean> {
  const { pause } = await waveStanding(given.world, given.portfolio, thresholds, wave.sweep.id);
  return pause !== null;
}

describe("complaints about a wave", () => {
  test("hold it once they reach the threshold and the least count, whoever made it", async () => {
    const told = await decisions("noticed");
    await say("complaint", told[0]!.lineId);
    await say("complaint", told[0]!.lineId);
    await say("complaint", told[1]!.lineId);
    expect(await isHeld()).toBe(false);
    await say("complaint", told[2]!.lineId);
    const { pause, echo } = await waveStanding(
      ...([given.world, given.portfolio, thresholds, wave.sweep.id] as const),
    );
    expect(pause).toMatchObject({ area: waveArea(wave.sweep.id), by: "service:wave-watch" });
    expect(pause!.reason).toContain(`3 of ${echo.told} told in 14 days`);
    expect(echo).toMatchObject({ complaints: 3, inquiries: 0 });
  });

  test("stop every remaining execution, and people are told why", async () => {
    const told = await decisions("noticed");
    for (const { lineId } of told.slice(0, 3)) await say("complaint", lineId);
    await drain(given, addMilliseconds(worldBegins, 25 * dayMs));
    expect((await decisions("noticed")).length).toBe(told.length);
    const { id } = told[0]!;
    const command = { id: given.world.ids.fresh(), kind: "Apply", subject: id, actor: operator };
    const [result] = await transact(given.world, bucketOfId(id), [
      { ...command, cause: command.id, body: {} },
    ]);
    expect(result).toMatchObject({ refusal: { refused: "halted" } });
  });

  test("are answered by another person who lets the wave go on, and only new ones hold it again", async () => {
    const told = await decisions("noticed");
    for (const { lineId } of told.slice(0, 3)) await say("complaint", lineId);
    await drain(given, addMilliseconds(worldBegins, 20 * dayMs));
    const { world, portfolio } = given;
    const because = "Letter corrected";
    const own = await releaseWave(world, portfolio, wave.sweep.id, { actor: operator, because });
    expect(own).toMatchObject({ refused: "maker-is-checker" });
    const mute = { actor: compliance, because: " " };
    expect(await releaseWave(world, portfolio, wave.sweep.id, mute)).toMatchObject({
      refused: "invalid",
    });
    must(await releaseWave(world, portfolio, wave.sweep.id, { actor: compliance, because }));
    expect(await isHeld()).toBe(false);
    await drain(given, addMilliseconds(await world.clock.now(), 1));
    const late = await decisions("noticed");
    const now = world.clock.dateOf(await world.clock.now());
    expect(late.filter(({ effectiveOn }) => effectiveOn! <= now)).toEqual([]);
    expect(late.length).toBeLessThan(told.length);
    await say("complaint", told[3]!.lineId);
    expect(await isHeld()).toBe(false);
    for (const { lineId } of told.slice(4, 6)) await say("complaint", lineId);
    expect(await isHeld()).toBe(true);
  });

  test("that are resolved, or come from lines that were told nothing, count for nothing", async () => {
    const lines = await every((after) => given.world.store.reads.lines({ after, limit: 100 }, {}));
    const toldIds = new Set((await decisions("noticed")).map(({ lineId }) => lineId));
    const others = lines.filter(({ id }) => !toldIds.has(id)).slice(0, 5);
    for (const { id } of others) await say("complaint", id);
    for (const id of [...toldIds].slice(0, 5)) await say("complaint", id, "resolved");
    expect(await isHeld()).toBe(false);
  });

  test("leave no timer behind that looks at them", async () => {
    const [first] = await decisions("noticed");
    await say("inquiry", first!.lineId);
    const { waiting } = given.world.store;
    const now = await given.world.clock.now();
    const due = await waiting.dueTimers(now, 1_000, []);
    expect(due.filter(({ kind }) => kind === "wave-watch")).toEqual([]);
  });
});

test("a hold by hand has its terms, and is released by neither who set it nor who started the sweep", async () => {
  const { world, portfolio } = given;
  const { id } = wave.sweep;
  const expiresAt = addMilliseconds(await world.clock.now(), dayMs);
  const asked = { reason: "Press inquiry", expiresAt, actor: compliance };
  const refusals = [
    [{ ...asked, actor: person("ann", "analyst") }, "forbidden"],
    [{ ...asked, reason: "" }, "invalid"],
    [{ ...asked, expiresAt: await world.clock.now() }, "invalid"],
  ] as const;
  for (const [wrong, refused] of refusals) {
    expect(await holdWave(world, portfolio, id, wrong)).toMatchObject({ refused });
  }
  expect(await holdWave(world, portfolio, world.ids.fresh(), asked)).toMatchObject({
    refused: "not-found",
  });
  must(await holdWave(world, portfolio, id, asked));
  expect(await holdWave(world, portfolio, id, asked)).toMatchObject({ refused: "wrong-state" });
  const because = "Answered";
  for (const actor of [compliance, operator]) {
    expect(await releaseWave(world, portfolio, id, { actor, because })).toMatchObject({
      refused: "maker-is-checker",
    });
  }
  const legal = person("law", "legal");
  must(await releaseWave(world, portfolio, id, { actor: legal, because }));
  expect(await releaseWave(world, portfolio, id, { actor: legal, because })).toMatchObject({
    refused: "not-found",
  });
});

test.each([
  [{ told: 300, complaints: 3, inquiries: 0 }, "complaints"],
  [{ told: 301, complaints: 3, inquiries: 0 }, null],
  [{ told: 100, complaints: 2, inquiries: 0 }, null],
  [{ told: 100, complaints: 0, inquiries: 20 }, "inquiries"],
  [{ told: 100, complaints: 0, inquiries: 19 }, null],
] as const)("%j reaches: %s", (echo, name) => {
  const reason = reasonToPause(echo, thresholds);
  expect(reason?.split(" ")[0] ?? null).toBe(name);
});

test("a rate that is not declared holds nothing", () => {
  const quiet = { ...thresholds, complaintsBp: null };
  expect(reasonToPause({ told: 10, complaints: 10, inquiries: 0 }, quiet)).toBeNull();
});
