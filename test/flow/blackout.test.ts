// While a blackout window covers a line nobody is told of a cut and nobody is cut: decisions wait for its end by timers,
// people are refused with the window named, and a window that is lifted lets go at once what waited for it.

import { beforeEach, describe, expect, test } from "vitest";
import { addDays, type BusinessDate, type Instant } from "../../src/domain/calendar.ts";
import type { Decision } from "../../src/domain/decision.ts";
import { bucketOfId } from "../../src/domain/id.ts";
import {
  liftBlackout,
  setBlackout,
  type BlackoutRequest,
} from "../../src/flow/blackout-windows.ts";
import { fireDue } from "../../src/flow/scheduler.ts";
import { transact } from "../../src/flow/transact.ts";
import { holdsBack, type Blackout } from "../../src/domain/blackout.ts";
import { every, person } from "../support/whole-life.ts";
import { drain, makeWave, must, type Wave } from "../support/wave-undo.ts";
import { memoryWorld, type TestWorld } from "../support/world.ts";

const longMs = 60_000;
const today = "2026-03-02" as BusinessDate;
const operator = person("ops", "operator");
const flood: Omit<BlackoutRequest, "id"> = {
  ...{ event: "Flood", fromOn: today, toOn: addDays(today, 20), regions: [], industries: [] },
  ...{ exempt: [], reason: "Relief measures", actor: operator },
};

let given: TestWorld;
let wave: Wave;

async function set(change: Partial<typeof flood> = {}): Promise<Blackout> {
  const { world } = given;
  return must(await setBlackout(world, { ...flood, id: world.ids.fresh(), ...change }));
}

async function decisions() {
  const { reads } = given.world.store;
  return every((after) => reads.decisions({ after, limit: 100 }, { causeId: wave.sweep.id }));
}

async function at(day: BusinessDate): Promise<void> {
  await drain(given, given.world.clock.startOf(day));
}

async function eventsOf(kind: string) {
  const all = await Promise.all(
    (await decisions()).map(({ lineId }) => given.world.store.reads.timeline(lineId)),
  );
  return all.flat().filter((event) => event.kind === kind);
}

beforeEach(() => {
  given = memoryWorld();
});

describe("a window that holds when a sweep decides", () => {
  beforeEach(async () => {
    await set();
    wave = await makeWave(given, 0);
  }, longMs);

  test("lets nobody be told or cut until its last day is over, and everybody after that", async () => {
    const approved = (await decisions()).filter(({ state }) => state === "approved");
    expect(approved.length).toBeGreaterThan(0);
    await at(addDays(today, 20));
    expect(given.delivered).toEqual([]);
    expect((await decisions()).filter(({ noticeId }) => noticeId !== null)).toEqual([]);
    await at(addDays(today, 120));
    const told = new Set(given.delivered.map(({ decisionId }) => decisionId));
    for (const { id } of approved) expect(told.has(id)).toBe(true);
    expect((await decisions()).some(({ state }) => state === "executed")).toBe(true);
    expect((await decisions()).filter(isUnderWay)).toEqual([]);
  });

  test("is counted apart by the sweep", async () => {
    const { held, straightThrough } = await given.portfolio.sweeps.counts(wave.sweep.id);
    expect(held).toBe(straightThrough);
  });

  test("refuses a person's execution by its name", async () => {
    const [event] = await eventsOf("NoticeDeferred");
    expect(event!.body["because"]).toMatchObject({ zh: expect.stringContaining("Flood") });
  });

  test("lets go at once what waited when it is lifted, and says who lifted it and why", async () => {
    const [window] = await given.world.store.blackouts.list(null, 10);
    const because = "The water is gone";
    const lifted = must(await liftBlackout(given.world, window!.id, { actor: operator, because }));
    expect(lifted.lifted).toMatchObject({ by: "ops", because });
    const noticed = (await decisions()).filter(({ state }) => state === "noticed");
    expect(noticed.length).toBe((await eventsOf("NoticeDeferred")).length);
    expect(noticed.length).toBeGreaterThan(0);
    const again = await liftBlackout(given.world, window!.id, { actor: operator, because });
    expect(again).toMatchObject({ refused: "already-resolved" });
  });

  test("lifting one of two windows leaves the other in force", async () => {
    const [first] = await given.world.store.blackouts.list(null, 10);
    await set({ event: "Election", toOn: addDays(today, 5) });
    must(await liftBlackout(given.world, first!.id, { actor: operator, because: "Over" }));
    expect((await decisions()).every(({ noticeId }) => noticeId === null)).toBe(true);
    await at(addDays(today, 6));
    expect((await decisions()).some(({ noticeId }) => noticeId !== null)).toBe(true);
  });
});

describe("a window that is set after customers were told", () => {
  beforeEach(async () => {
    wave = await makeWave(given, 1);
  }, longMs);

  test("holds the executions back, names itself to people, and ends by timer", async () => {
    await set();
    const noticed = (await decisions()).filter(({ state }) => state === "noticed");
    expect(noticed.length).toBeGreaterThan(0);
    await at(addDays(today, 19));
    const still = (await decisions()).filter(({ state }) => state === "noticed");
    expect(still.length).toBe(noticed.length);
    const { id } = still[0]!;
    const command = { id: given.world.ids.fresh(), kind: "Apply", subject: id, actor: operator };
    const [result] = await transact(given.world, bucketOfId(id), [
      { ...command, cause: command.id, body: {} },
    ]);
    expect(result).toMatchObject({
      refusal: { refused: "blackout", detail: { en: expect.stringContaining("Flood") } },
    });
    await at(addDays(today, 22));
    const late = (await decisions()).filter(({ state }) => state === "noticed");
    expect(late.filter(({ effectiveOn }) => effectiveOn! <= addDays(today, 21))).toEqual([]);
    expect(late.length).toBeLessThan(noticed.length);
  });

  test("covers the lines of its regions only, and lets exempt causes through", async () => {
    const all = await given.portfolio.waves.decisions(wave.sweep.id, range());
    const found = [...all.values()].flat().filter(({ decision }) => decision.state === "noticed");
    const region = found.find((one) => one.region !== null)!.region!;
    await set({ regions: [region], toOn: addDays(today, 40) });
    await at(addDays(today, 30));
    for (const { decision, region: own } of found) {
      const now = await given.world.store.reads.decision(decision.id);
      expect(now!.state === "noticed", `${own}`).toBe(own === region);
    }
  });
});

test("nothing that gives a line back is held, and an unknown region lies in no named one", () => {
  const window: Blackout = {
    ...{ id: "0", event: "Flood", fromOn: today, toOn: today, regions: ["east"], industries: [] },
    ...{ exempt: ["fraud"], reason: "", by: "", at: "2026-03-02T00:00:00.000Z" as Instant },
  };
  const change = { action: "freeze", cause: "behaviour" } as const;
  const place = { region: "east", industry: null };
  const held = (
    more: Partial<Parameters<typeof holdsBack>[1]>,
    day: BusinessDate = today,
  ): boolean => holdsBack(window, { ...change, place, ...more }, day);
  expect(held({})).toBe(true);
  expect(held({ action: "restore" })).toBe(false);
  expect(held({ cause: "fraud" })).toBe(false);
  expect(held({ place: { region: null, industry: null } })).toBe(false);
  expect(held({}, addDays(today, 1))).toBe(false);
  expect(held({}, addDays(today, -1))).toBe(false);
});

test.each([
  ["a wrong role", { actor: person("ann", "analyst") }, "forbidden"],
  ["no event", { event: " " }, "invalid"],
  ["no reason", { reason: "" }, "invalid"],
  ["a last day before the first", { toOn: addDays(today, -1) }, "invalid"],
  ["more than 92 days", { toOn: addDays(today, 92) }, "invalid"],
] as const)("setting a window is refused with %s", async (_name, change, refused) => {
  const { world } = given;
  const asked = { ...flood, id: world.ids.fresh(), ...change };
  expect(await setBlackout(world, asked)).toMatchObject({ refused });
  expect(await world.store.blackouts.list(null, 10)).toEqual([]);
});

test("a message that was about to leave when a window began is taken back and leaves at its end", async () => {
  wave = await makeWave(given, 0);
  await set();
  await fireDue(given.world);
  await at(addDays(today, 20));
  expect(given.delivered).toEqual([]);
  await at(addDays(today, 120));
  expect(given.delivered.length).toBeGreaterThan(0);
  const byDecision = Map.groupBy(given.delivered, ({ decisionId }) => decisionId);
  for (const notices of byDecision.values()) expect(notices).toHaveLength(1);
  expect((await decisions()).filter(isUnderWay)).toEqual([]);
});

/** Decided, and neither executed nor ended. */
function isUnderWay({ state }: Decision): boolean {
  return state === "approved" || state === "noticed";
}

function range(): readonly number[] {
  return Array.from({ length: 1024 }, (_none, bucket) => bucket);
}
