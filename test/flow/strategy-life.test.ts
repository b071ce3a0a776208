// The life of a strategy version, from the draft to its end: who may take which step, what is refused first, and when an
// approved version comes into force by itself.

import { beforeEach, describe, expect, test } from "vitest";
import type { BusinessDate, Instant } from "../../src/domain/calendar.ts";
import type { World } from "../../src/flow/ports.ts";
import { fireDue } from "../../src/flow/scheduler.ts";
import { setHalt } from "../../src/flow/stop-switch.ts";
import {
  addStrategy,
  approveStrategy,
  restoreStrategy,
  retireStrategy,
  submitStrategy,
} from "../../src/flow/strategy-life.ts";
import { actor } from "../support/given.ts";
import { changed } from "../support/strategy-document.ts";
import { memoryWorld, worldBegins, type TestWorld } from "../support/world.ts";

const ann = actor("ann", "analyst");
const ben = actor("ben", "analyst", "approver");
const app = actor("app", "approver");
const today = "2026-03-02" as BusinessDate;
const later = "2026-03-09" as BusinessDate;
const because = { reason: "Cuts too early" };

let given: TestWorld;
let world: World;

beforeEach(() => {
  given = memoryWorld();
  ({ world } = given);
});

async function add(version: number, options: Readonly<{ draft?: boolean }> = {}): Promise<string> {
  const added = await addStrategy(world, changed("/version", version), ann, options);
  if (!("strategy" in added)) throw new Error(JSON.stringify(added));
  return added.strategy.hash;
}

/** A version in force. */
async function inForce(version: number): Promise<void> {
  await add(version);
  expect(await approveStrategy(world, "small", version, app, null)).toMatchObject({
    ...{ state: "active", effectiveOn: today, approvedBy: "app" },
  });
}

async function states(): Promise<readonly string[]> {
  const all = await world.store.strategies.list();
  return all.map(({ version, state }) => `${version} ${state}`);
}

describe("two people at once", () => {
  const other = { ...changed("/version", 1), product: "loan" };

  test("who comes second with other contents is refused, and nothing is stored", async () => {
    const both = await Promise.all([
      addStrategy(world, changed("/version", 1), ann),
      addStrategy(world, other, ben),
    ]);
    expect(both.filter((one) => "strategy" in one)).toMatchObject([{ was: "added" }]);
    expect(both.filter((one) => "refused" in one)).toMatchObject([
      { refused: "already-exists", pointer: "/version" },
    ]);
    expect(await states()).toEqual(["1 submitted"]);
  });

  test("who comes second with the same contents adds nothing", async () => {
    const both = await Promise.all([ann, ben].map((one) => addStrategy(world, other, one)));
    expect(new Set(both.map((one) => "was" in one && one.was))).toEqual(
      new Set(["added", "exists"]),
    );
    expect(await states()).toEqual(["1 submitted"]);
  });

  test("of two that restore one, both have the same new version", async () => {
    await inForce(1);
    await inForce(2);
    const both = await Promise.all(
      [ann, ben].map((one) => restoreStrategy(world, "small", 1, one, because)),
    );
    expect(both).toMatchObject([{ version: 3 }, { version: 3 }]);
    expect(await states()).toEqual(["1 retired", "2 active", "3 submitted"]);
  });
});

describe("a strategy version", () => {
  test("goes from draft to retired, and every step keeps who, when and why", async () => {
    await add(1, { draft: true });
    expect(await states()).toEqual(["1 draft"]);
    const hash = await add(1);
    expect(await states()).toEqual(["1 submitted"]);
    await approveStrategy(world, "small", 1, app, hash, { reason: "As agreed" });
    await retireStrategy(world, "small", 1, app, because);
    expect(await states()).toEqual(["1 retired"]);
    expect(await world.store.strategies.history("small")).toEqual(
      [
        { state: "draft", by: "ann", reason: null },
        { state: "submitted", by: "ann", reason: null },
        { state: "approved", by: "app", reason: "As agreed" },
        { state: "active", by: "app", reason: "As agreed" },
        { state: "retired", by: "app", reason: "Cuts too early" },
      ].map((step) => ({ id: "small", version: 1, at: worldBegins, ...step })),
    );
  });

  test("is the only one in force: the one before it is retired in its favour", async () => {
    await inForce(1);
    await inForce(2);
    expect(await states()).toEqual(["1 retired", "2 active"]);
    const [, , , replaced] = await world.store.strategies.history("small");
    expect(replaced).toMatchObject({ version: 1, state: "retired", by: "app" });
    expect(replaced?.reason).toContain("version 2");
  });

  test("that was edited is another document, which the approval of the first does not reach", async () => {
    const hash = await add(1);
    const edited = changed("/label", { en: "Small, edited", zh: "小策略（改）" });
    const other = await addStrategy(world, { ...edited, version: 1 }, ann);
    expect(other).toMatchObject({ refused: "already-exists" });
    await add(2);
    expect(await approveStrategy(world, "small", 2, app, hash)).toMatchObject({
      refused: "stale-approval",
    });
  });
});

describe("a later effective date", () => {
  test("leaves the version before it in force until that day begins", async () => {
    await inForce(1);
    await add(2);
    const approved = await approveStrategy(world, "small", 2, app, null, { effectiveOn: later });
    expect(approved).toMatchObject({ state: "approved", effectiveOn: later });
    const due = await world.store.waiting.nextDue([]);
    expect(due).toBe("2026-03-08T16:00:00.000Z");
    await given.clock.set("2026-03-08T15:59:59.999Z" as Instant);
    expect(await fireDue(world)).toBe(0);
    expect(await states()).toEqual(["1 active", "2 approved"]);
    await given.clock.set(due!);
    expect(await fireDue(world)).toBe(1);
    expect(await states()).toEqual(["1 retired", "2 active"]);
    expect(await world.store.waiting.nextDue([])).toBeNull();
    expect((await world.store.strategies.history("small")).at(-1)).toEqual({
      ...{ id: "small", version: 2, state: "active", at: due, by: "service:scheduler" },
      reason: null,
    });
  });

  test("that several versions share the way to is taken in order, whoever fires late", async () => {
    await add(3);
    await add(2);
    const dates = { 2: later, 3: "2026-03-05" as BusinessDate };
    for (const version of [2, 3] as const) {
      const effectiveOn = dates[version];
      await approveStrategy(world, "small", version, app, null, { effectiveOn });
    }
    await given.clock.set("2026-04-01T00:00:00.000Z" as Instant);
    await fireDue(world);
    expect(await states()).toEqual(["2 active", "3 retired"]);
  });

  test("of a version that was retired meanwhile passes without effect", async () => {
    await add(1);
    await approveStrategy(world, "small", 1, app, null, { effectiveOn: later });
    await retireStrategy(world, "small", 1, app, because);
    await given.clock.set("2026-04-01T00:00:00.000Z" as Instant);
    expect(await fireDue(world)).toBe(1);
    expect(await states()).toEqual(["1 retired"]);
  });

  test("waits while everything is halted", async () => {
    await add(1);
    await approveStrategy(world, "small", 1, app, null, { effectiveOn: later });
    await given.clock.set("2026-03-10T00:00:00.000Z" as Instant);
    const expiresAt = "2026-03-12T00:00:00.000Z" as Instant;
    const operator = actor("op", "operator");
    await setHalt(world, { area: "all", reason: "Drill", expiresAt, actor: operator });
    expect(await fireDue(world)).toBe(0);
    await given.clock.set(expiresAt);
    expect(await fireDue(world)).toBe(1);
    expect(await states()).toEqual(["1 active"]);
  });
});

describe("restoring", () => {
  test("makes a new version with the old contents, which somebody else must approve", async () => {
    await inForce(1);
    await inForce(2);
    const restored = await restoreStrategy(world, "small", 1, ben, because);
    expect(restored).toMatchObject({ version: 3, state: "submitted", author: "ben", restores: 1 });
    const documents = (await world.store.strategies.list()).map(
      ({ document }) => JSON.parse(document) as Readonly<Record<string, unknown>>,
    );
    expect(documents[2]).toEqual({ ...documents[0], version: 3 });
    expect((await world.store.strategies.history("small")).at(-1)).toMatchObject({
      ...{ version: 3, state: "submitted", by: "ben", reason: "Cuts too early" },
    });
    expect(await approveStrategy(world, "small", 3, ben, null)).toMatchObject({
      refused: "maker-is-checker",
    });
    await approveStrategy(world, "small", 3, app, null);
    expect(await states()).toEqual(["1 retired", "2 retired", "3 active"]);
  });
});

describe("refusals, in order of precedence", () => {
  const past = "2026-03-01" as BusinessDate;

  test.each([
    ["a role that may not", () => approveStrategy(world, "x", 1, ann, null), "forbidden"],
    [
      "a date that is past",
      () => approveStrategy(world, "x", 1, app, null, { effectiveOn: past }),
      "invalid",
    ],
    ["an unknown version", () => approveStrategy(world, "small", 9, app, null), "not-found"],
    [
      "one in force already",
      () => approveStrategy(world, "small", 1, app, "00"),
      "already-resolved",
    ],
    ["a draft", () => approveStrategy(world, "small", 2, app, "00"), "wrong-state"],
    ["other contents", () => approveStrategy(world, "small", 3, ben, "00"), "stale-approval"],
    ["who submitted it", () => approveStrategy(world, "small", 3, ben, null), "maker-is-checker"],
    ["who may not submit", () => submitStrategy(world, "x", 1, app), "forbidden"],
    ["submitting what is unknown", () => submitStrategy(world, "x", 1, ann), "not-found"],
    ["submitting again", () => submitStrategy(world, "small", 3, ann), "already-resolved"],
    ["who may not retire", () => retireStrategy(world, "x", 1, ann, {}), "forbidden"],
    [
      "retiring without a reason",
      () => retireStrategy(world, "x", 1, app, { reason: " " }),
      "invalid",
    ],
    ["retiring what is unknown", () => retireStrategy(world, "x", 1, app, because), "not-found"],
    ["retiring again", () => retireStrategy(world, "small", 4, app, because), "already-resolved"],
    ["who may not restore", () => restoreStrategy(world, "x", 1, app, {}), "forbidden"],
    ["restoring without a reason", () => restoreStrategy(world, "x", 1, ann, {}), "invalid"],
    ["restoring what is unknown", () => restoreStrategy(world, "x", 1, ann, because), "not-found"],
    [
      "restoring what is in force",
      () => restoreStrategy(world, "small", 1, ann, because),
      "wrong-state",
    ],
  ] as const)("%s", async (_who, act, refused) => {
    await inForce(1);
    await add(2, { draft: true });
    await add(3, { draft: true });
    await submitStrategy(world, "small", 3, ben);
    await add(4);
    await retireStrategy(world, "small", 4, app, because);
    const before = await world.store.strategies.history("small");
    const found = await act();
    expect(found).toMatchObject({ refused });
    expect((found as Readonly<{ detail: Readonly<{ zh: string }> }>).detail.zh).toMatch(
      /\p{Script=Han}/u,
    );
    expect(await world.store.strategies.history("small")).toEqual(before);
  });

  test("a dry run of each step says what would be and changes nothing", async () => {
    await inForce(1);
    await add(2, { draft: true });
    const dryRun = { ...because, dryRun: true };
    const before = await world.store.strategies.history("small");
    expect(await submitStrategy(world, "small", 2, ann, dryRun)).toMatchObject({
      state: "submitted",
    });
    expect(await retireStrategy(world, "small", 1, app, dryRun)).toMatchObject({
      state: "retired",
    });
    expect(await world.store.strategies.history("small")).toEqual(before);
  });
});
