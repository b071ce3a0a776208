// Events come in as they please: twice, late, broken, about nobody. What is good counts once, what is not is kept once
// with the reason, and one bad event never stops the others.

import { beforeEach, describe, expect, test } from "vitest";
import { exampleEvent } from "../../src/adapters/signals/signal-schema.ts";
import type { Actor } from "../../src/domain/actor.ts";
import type { DeadLetter } from "../../src/domain/dead-letter.ts";
import { isRefusal } from "../../src/domain/refusal.ts";
import type { SignalType } from "../../src/domain/signal-catalogue.ts";
import type { TakenSignal } from "../../src/domain/signal.ts";
import { discardLetter, repairLetter, resendLetter } from "../../src/flow/dead-letters.ts";
import { setHalt } from "../../src/flow/stop-switch.ts";
import { takeSignals, usualClockSkewMs } from "../../src/flow/take-signals.ts";
import { addMilliseconds } from "../../src/domain/calendar.ts";
import { memoryParts, plant, testApi, type TestApi } from "../support/api.ts";
import { actor } from "../support/given.ts";

const clerk = actor("ann", "operator");
const feed = actor("feed", "service");
const options = { clockSkewMs: usualClockSkewMs };

let api: TestApi;

beforeEach(async () => {
  api = await testApi(memoryParts());
});

type Change = Readonly<Record<string, unknown>>;

/** An event about the first line, customer or the environment. */
function event(type: SignalType, change: Change = {}): unknown {
  const example = exampleEvent(type);
  const subject = { "L-000001": "L-C-first", "C-000001": "C-first" }[String(example["subject"])];
  const today = { time: "2026-03-02T01:30:00Z" };
  return { ...example, ...today, ...(subject === undefined ? {} : { subject }), ...change };
}

async function take(
  events: readonly unknown[],
  by: Actor = feed,
  more: Readonly<{ dryRun?: boolean }> = {},
): Promise<readonly TakenSignal[]> {
  return takeSignals(
    api.world,
    by,
    events.map((one) => (typeof one === "string" ? { unreadable: one } : { event: one })),
    { ...options, ...more },
  );
}

const outcomes = (taken: readonly TakenSignal[]): readonly string[] =>
  taken.map((one) => ("refusal" in one ? `${one.outcome} ${one.refusal.refused}` : one.outcome));

async function letters(state?: string): Promise<readonly DeadLetter[]> {
  const filter = state === undefined ? {} : { state };
  return (await api.world.store.deadLetters.list({ after: null, limit: 100 }, filter)).rows;
}

describe("events", () => {
  test("are recorded once, whatever comes twice, in one batch or later", async () => {
    const drawn = event("drawdown");
    expect(outcomes(await take([drawn, drawn]))).toEqual(["recorded", "duplicate"]);
    expect(outcomes(await take([drawn]))).toEqual(["duplicate"]);
    expect((await api.world.store.reads.line(api.first.lineId))!.drawnMinor).toBe(320_000);
    expect(await letters()).toEqual([]);
  });

  test("name a line by its reference or its id", async () => {
    const byId = event("drawdown", { subject: api.first.lineId, id: "other" });
    const taken = await take([event("drawdown"), byId]);
    expect(taken.map((one) => "lineIds" in one && one.lineIds)).toEqual([
      [api.first.lineId],
      [api.first.lineId],
    ]);
  });

  test("about a customer reach all lines of the customer, once", async () => {
    const second = await plant(api.world, "C-third", "cards", { bureauScore: 700 });
    const yesterday = { subject: "C-third", asof: "2026-03-01" };
    const report = event("bureau-report", yesterday);
    expect(outcomes(await take([report, report]))).toEqual(["recorded", "duplicate"]);
    const now = await api.world.clock.now();
    const facts = await api.world.store.reads.facts(
      second.lineId,
      api.world.clock.dateOf(now),
      now,
    );
    // As of the day before its facts, so it is kept and tells nothing newer.
    expect(facts!.facts).toEqual({ bureauScore: 700 });
    const fresh = event("bureau-report", { subject: "C-third", id: "r-2" });
    expect(outcomes(await take([fresh]))).toEqual(["recorded"]);
    const told = await api.world.store.reads.facts(second.lineId, api.world.clock.dateOf(now), now);
    expect(told!.facts).toEqual({ bureauScore: 35 });
  });

  test("about the environment are kept once", async () => {
    const macro = event("macro-value");
    expect(outcomes(await take([macro, macro]))).toEqual(["recorded", "duplicate"]);
    expect(outcomes(await take([event("macro-value", { subject: "US" })]))).toEqual([
      "rejected already-exists",
    ]);
    expect(await api.world.store.environment.newest("macro-value", 9)).toHaveLength(1);
  });

  test("in any order come to the same balance", async () => {
    const moves = Array.from({ length: 40 }, (_, at) =>
      event(at % 3 === 0 ? "repayment" : "drawdown", { id: `m-${at}` }),
    );
    const first = await take(moves);
    const balance = (await api.world.store.reads.line(api.first.lineId))!.drawnMinor;
    api = await testApi(memoryParts());
    const shuffled = [...moves.slice(20), ...moves.slice(0, 25)].toReversed();
    await take(shuffled);
    expect(outcomes(first).every((one) => one === "recorded")).toBe(true);
    expect((await api.world.store.reads.line(api.first.lineId))!.drawnMinor).toBe(balance);
  });

  test("of a dry run leave nothing behind", async () => {
    const taken = await take([event("drawdown"), "{", event("macro-value")], feed, {
      dryRun: true,
    });
    expect(outcomes(taken)).toEqual(["recorded", "rejected invalid", "recorded"]);
    expect((await api.world.store.reads.line(api.first.lineId))!.drawnMinor).toBe(200_000);
    expect(await letters()).toEqual([]);
    expect(await api.world.store.environment.newest(null, 9)).toEqual([]);
  });
});

describe("bad events", () => {
  const far = { time: "2026-03-02T02:05:00.001Z" };
  test.each<readonly [string, unknown, string]>([
    ["text that is not JSON", "{", "invalid"],
    ["no object", [1], "invalid"],
    ["an unknown type", { ...(event("fee") as Change), type: "tidemark.signal.gossip" }, "invalid"],
    ["a wrong type of field", event("fee", { data: { kind: "late", amount: "12" } }), "invalid"],
    [
      "a negative amount",
      event("drawdown", { data: { amount: { amount: -1, currency: "CNY" } } }),
      "invalid",
    ],
    [
      "another currency",
      event("drawdown", { data: { amount: { amount: 1, currency: "USD" } } }),
      "currency-mismatch",
    ],
    ["an unknown line", event("drawdown", { subject: "L-unknown" }), "not-found"],
    ["an unknown customer", event("bureau-report", { subject: "C-unknown" }), "not-found"],
    ["a time ahead of our clock", event("drawdown", far), "future-date"],
    ["a huge payload", event("facts", { data: { facts: { a: "x".repeat(70_000) } } }), "invalid"],
    ["a fact the line does not have", event("facts"), "invalid"],
  ])("%s: kept with the reason, and the rest goes through", async (_, bad, refused) => {
    const rest = [event("drawdown", { id: "d-1" }), event("repayment", { id: "d-2" })];
    const taken = await take([rest[0], bad, rest[1]]);
    expect(outcomes(taken)).toEqual(["recorded", `rejected ${refused}`, "recorded"]);
    expect(await letters("open")).toMatchObject([
      { reason: { refused }, receivedFrom: "feed", acts: [], ver: 1 },
    ]);
  });

  test("are one letter, however often they come", async () => {
    const bad = event("drawdown", { subject: "L-unknown" });
    const [first] = await take([bad, bad]);
    const [again] = await take([bad]);
    expect(again).toEqual(first);
    expect(await letters()).toHaveLength(1);
  });

  test("under an id that is taken are refused, and nothing moves", async () => {
    const other = { data: { amount: { amount: 1, currency: "CNY" } } };
    const taken = await take([event("drawdown"), event("drawdown", other)]);
    expect(outcomes(taken)).toEqual(["recorded", "rejected already-exists"]);
    expect((await api.world.store.reads.line(api.first.lineId))!.drawnMinor).toBe(320_000);
  });

  test("far in the past are kept and leave newer balances and facts alone", async () => {
    const ancient = { asof: "1999-12-31", data: { drawn: { amount: 7, currency: "CNY" } } };
    expect(outcomes(await take([event("balance", ancient)]))).toEqual(["recorded"]);
    expect((await api.world.store.reads.line(api.first.lineId))!.drawnMinor).toBe(200_000);
  });

  test("of a sender without the right, or while signals are halted, keep nothing", async () => {
    expect(outcomes(await take([event("fee")], actor("aud", "auditor")))).toEqual([
      "refused forbidden",
    ]);
    const narrow: Actor = { ...feed, scope: { kind: "portfolios", portfolios: ["cards"] } };
    const mixed = [event("fee"), event("fee", { subject: "L-C-second" }), event("macro-value")];
    expect(outcomes(await take(mixed, narrow))).toEqual([
      ...["recorded", "rejected not-found", "refused forbidden"],
    ]);
    const halt = { area: "ingest", reason: "test", actor: clerk };
    await setHalt(api.world, {
      ...halt,
      expiresAt: addMilliseconds(await api.world.clock.now(), 60_000),
    });
    expect(outcomes(await take([event("cure"), "{"]))).toEqual([
      ...["refused halted", "refused halted"],
    ]);
    expect(await letters()).toHaveLength(1);
  });
});

describe("a dead letter", () => {
  async function letterOf(bad: unknown): Promise<DeadLetter> {
    const [taken] = await take([bad]);
    if (taken?.outcome !== "rejected") throw new Error("Expected a rejected event");
    return (await api.world.store.deadLetters.find(taken.deadLetterId))!;
  }
  const asked = (letter: DeadLetter, by = clerk) => ({ id: letter.id, actor: by });

  test("is repaired, sent again, and counts then", async () => {
    const letter = await letterOf(event("drawdown", { subject: "L-C-frist" }));
    expect(letter).toMatchObject({ type: "drawdown", source: "/core-banking" });
    const because = "Reference misspelt";
    const good = event("drawdown");
    const repaired = await repairLetter(api.world, { ...asked(letter), event: good, because });
    expect(repaired).toMatchObject({
      state: "open",
      acts: [{ did: "repaired", by: "ann", because }],
    });
    const sent = await resendLetter(api.world, asked(letter), options);
    expect(sent).toMatchObject({ state: "sent", ver: 3 });
    expect((await api.world.store.reads.line(api.first.lineId))!.drawnMinor).toBe(320_000);
    expect(await resendLetter(api.world, asked(letter), options)).toMatchObject({
      refused: "already-resolved",
    });
  });

  test("that is refused again stays open with the new reason", async () => {
    const letter = await letterOf("{");
    const event = { specversion: "1.0" };
    await repairLetter(api.world, { ...asked(letter), event, because: "First try" });
    const again = await resendLetter(api.world, asked(letter), options);
    expect(again).toMatchObject({ state: "open", reason: { pointer: "/id" } });
    expect(await letters()).toHaveLength(1);
  });

  test("is discarded with a reason, and its contents are gone", async () => {
    const letter = await letterOf("{");
    const bare = await discardLetter(api.world, { ...asked(letter), because: "  " });
    expect(bare).toMatchObject({ refused: "invalid", pointer: "/reason" });
    await discardLetter(api.world, { ...asked(letter), because: "Test event" });
    expect(await api.world.store.deadLetters.find(letter.id)).toMatchObject({
      state: "discarded",
      content: null,
    });
    const event = {};
    const late = await repairLetter(api.world, { ...asked(letter), event, because: "Late" });
    expect(late).toMatchObject({ refused: "already-resolved" });
  });

  test("of a dry run stays as it is", async () => {
    const letter = await letterOf("{");
    const tried = await discardLetter(api.world, { ...asked(letter), because: "x", dryRun: true });
    expect(tried).toMatchObject({ state: "discarded" });
    expect(await letters("open")).toHaveLength(1);
  });

  test("is not for those who may not see what senders wrote", async () => {
    const letter = await letterOf("{");
    const narrow: Actor = { ...clerk, scope: { kind: "portfolios", portfolios: ["cards"] } };
    for (const by of [feed, actor("rev", "reviewer"), narrow]) {
      const refused = await resendLetter(api.world, asked(letter, by), options);
      expect(isRefusal(refused) && refused.refused).toBe("forbidden");
    }
  });
});
