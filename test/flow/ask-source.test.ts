// Asking a source over a store: what keeps a request in the house, what is paid, what becomes of the answer, and what is
// known of a source that is silent.

import { beforeEach, describe, expect, test } from "vitest";
import { serviceActor } from "../../src/domain/actor.ts";
import { addMilliseconds, type BusinessDate } from "../../src/domain/calendar.ts";
import type { CreditLine } from "../../src/domain/credit-line.ts";
import type { FactValues } from "../../src/domain/facts.ts";
import { isRefusal } from "../../src/domain/refusal.ts";
import { askSource } from "../../src/flow/ask-source.ts";
import type { Asked, AskRequest } from "../../src/flow/connector-ports.ts";
import { resendLetter } from "../../src/flow/dead-letters.ts";
import { factValues, knownFacts } from "../../src/flow/known-facts.ts";
import { setHalt } from "../../src/flow/stop-switch.ts";
import { takeSignals } from "../../src/flow/take-signals.ts";
import { bureau, down, playedSources, report, type PlayedSources } from "../support/connectors.ts";
import { lineIn } from "../support/declared-facts.ts";
import { actor } from "../support/given.ts";
import { memoryWorld, worldBegins, type TestWorld } from "../support/world.ts";

let given: TestWorld;
let line: CreditLine;
let sources: PlayedSources;

beforeEach(async () => {
  given = memoryWorld();
  line = await lineIn(given.world, "C-1", { bureauScore: 710 });
  sources = playedSources();
  await consent("given");
});

async function signal(type: string, data: object, change: object = {}): Promise<void> {
  const event = {
    ...{ specversion: "1.0", id: `${type}-${JSON.stringify([data, change])}`, source: "app" },
    ...{ type: `tidemark.signal.${type}`, subject: "C-1", time: await given.world.clock.now() },
    ...{ data, ...change },
  };
  const [taken] = await takeSignals(given.world, serviceActor("test"), [{ event }], {
    clockSkewMs: 0,
  });
  if (taken!.outcome !== "recorded") throw new Error(JSON.stringify(taken));
}

const consent = (state: string): Promise<void> =>
  signal("consent", { purpose: "account-review", state });

const clerk = actor("ann", "operator");

const asked = (change: Partial<AskRequest> = {}) =>
  askSource(given.world, sources, {
    ...{ source: "bureau", line, purpose: "account-review", actor: clerk },
    ...change,
  });

async function ask(change: Partial<AskRequest> = {}): Promise<Asked> {
  const found = await asked(change);
  if (isRefusal(found)) throw new Error(found.detail.en);
  return found;
}

/** Business time and real time go on. */
async function later(ms: number): Promise<void> {
  const now = await given.world.clock.now();
  await given.clock.set(addMilliseconds(now, ms));
  sources.later(ms);
}

async function factsNow(): Promise<FactValues> {
  const now = await given.world.clock.now();
  const today = given.world.clock.dateOf(now);
  const known = await knownFacts(given.world, line, today, now);
  return factValues(given.world, known, line, today, null);
}

const hour = 3_600_000;
const everything = { after: null, limit: 100 };
const letters = async () => (await given.world.store.deadLetters.list(everything, {})).rows;
const kept = async () =>
  (await given.world.store.connectors.asks(everything, {}, sources.nowMs())).rows;

describe("an answer", () => {
  test("becomes a signal, facts and a kept ask that says nothing of it", async () => {
    const { ask: made, answer } = await ask();
    expect(made).toMatchObject({
      ...{ source: "bureau", lineId: line.id, purpose: "account-review", by: "ann" },
      ...{ outcome: "answered", because: null, calls: 1, costMinor: 150, currency: "CNY" },
      ...{ at: worldBegins, on: "2026-03-02" },
    });
    expect(answer).toEqual({ data: { score: 700, inquiries30Days: 1 }, at: worldBegins });
    expect(await kept()).toEqual([made]);
    expect(JSON.stringify(made)).not.toContain("C-1");
    expect(sources.requests).toEqual(["C-1 C-1"]);
    expect(await factsNow()).toMatchObject({
      ...{ bureauScore: 700, bureauScoreAgeDays: 0 },
      ...{ bureauState: "answered", bureauAnswerAgeDays: 0 },
    });
  });

  test("is not bought again while it is fresh, for any line of the customer", async () => {
    await ask();
    await later(bureau.cache.freshHours * hour - 1);
    const again = await ask();
    expect(again.ask).toMatchObject({ outcome: "cached", because: null, calls: 0, costMinor: 0 });
    expect(again.answer).toMatchObject({ data: { score: 700 }, at: worldBegins });
    await later(1);
    sources.answers(report(650));
    expect((await ask()).answer!.data).toMatchObject({ score: 650 });
    expect(sources.requests).toHaveLength(2);
    const days = ["2026-03-01" as BusinessDate, "2026-03-09" as BusinessDate] as const;
    expect(await given.world.store.connectors.costs(...days)).toEqual([
      { source: "bureau", on: "2026-03-09", currency: "CNY", asks: 2, calls: 1, costMinor: 150 },
      { source: "bureau", on: "2026-03-02", currency: "CNY", asks: 1, calls: 1, costMinor: 150 },
    ]);
  });

  test("that cannot be true waits with the dead letters until a person sends it on", async () => {
    sources.answers(report(12));
    const { ask: first, answer } = await ask();
    expect(first).toMatchObject({ outcome: "none", because: "implausible", calls: 1 });
    expect(answer).toBeNull();
    const [letter] = await letters();
    expect(letter).toMatchObject({ state: "open", source: "connector/bureau", eventId: first.id });
    expect(await factsNow()).toMatchObject({ bureauScore: 710, bureauState: "implausible" });
    await resendLetter(given.world, { id: letter!.id, actor: clerk }, { clockSkewMs: 0 });
    expect(await factsNow()).toMatchObject({ bureauScore: 12 });
  });

  test("that the catalogue refuses is a dead letter", async () => {
    sources.answers({ data: { score: 700, openAccounts: -1 } });
    expect((await ask()).ask).toMatchObject({ outcome: "none", because: "rejected" });
    expect(await letters()).toHaveLength(1);
    expect(await factsNow()).toMatchObject({ bureauScore: 710, bureauState: "rejected" });
  });
});

describe("consent", () => {
  test("is needed: withdrawn, nothing leaves the house and nothing known is handed out", async () => {
    await ask();
    await later(hour);
    await consent("withdrawn");
    const { ask: refused, answer } = await ask();
    expect(refused).toMatchObject({ outcome: "none", because: "no-consent", calls: 0 });
    expect(answer).toBeNull();
    expect(sources.requests).toHaveLength(1);
    expect(await factsNow()).toMatchObject({ bureauState: "no-consent" });
  });

  test("for one purpose is none for another", async () => {
    const other = await ask({ purpose: "fraud-check" });
    expect(other.ask).toMatchObject({ because: "no-consent", purpose: "fraud-check" });
  });

  test("is not needed where nothing is said about a person", async () => {
    await later(hour);
    await consent("withdrawn");
    sources = playedSources({ personal: false });
    expect((await ask()).ask.outcome).toBe("answered");
  });

  test("that another line of the customer was told before this one was opened counts", async () => {
    expect((await given.world.store.reads.timeline(line.id)).map(({ kind }) => kind)).toContain(
      "SignalRecorded",
    );
    const lineId = given.world.ids.derive(line.bucket, "line", "cards", "L-2");
    const second = { ...line, id: lineId, reference: "L-2" };
    expect((await ask({ line: second })).ask.because).toBeNull();
  });
});

describe("a source that fails", () => {
  test("is tried again with longer waits, each try paid", async () => {
    sources.answers(down, down, report(640));
    expect((await ask()).ask).toMatchObject({ outcome: "answered", calls: 3, costMinor: 450 });
    expect(sources.waits).toEqual([200, 400]);
  });

  test("leaves what it said before, as long as that is usable", async () => {
    await ask();
    await later(bureau.cache.freshHours * hour);
    sources.answers(down);
    const { ask: stale, answer } = await ask();
    expect(stale).toMatchObject({ outcome: "stale", because: "down", calls: 3 });
    expect(answer).toMatchObject({ data: { score: 700 }, at: worldBegins });
    expect(await factsNow()).toMatchObject({ bureauState: "down", bureauAnswerAgeDays: 7 });
    await later((bureau.cache.staleHours - bureau.cache.freshHours) * hour);
    expect((await ask()).ask).toMatchObject({ outcome: "none", because: "down" });
  });

  test("is not tried again where trying cannot help", async () => {
    for (const failed of ["malformed", "declined"] as const) {
      sources.answers({ failed, detail: { en: "No", zh: "无" } });
      expect((await ask()).ask).toMatchObject({ outcome: "none", because: failed, calls: 1 });
    }
    expect(sources.waits).toEqual([]);
  });

  test("is left alone once its breaker opened, tried once, and trusted after a good answer", async () => {
    sources.answers(down);
    await ask();
    // Two more failures open the breaker in the middle of the tries.
    expect((await ask()).ask).toMatchObject({ because: "down", calls: 2 });
    expect((await ask()).ask).toMatchObject({ because: "breaker-open", calls: 0, costMinor: 0 });
    sources.later(bureau.breaker.openForMs);
    expect((await ask()).ask).toMatchObject({ because: "down", calls: 1 });
    expect((await ask()).ask.because).toBe("breaker-open");
    sources.later(bureau.breaker.openForMs);
    sources.answers(report(700));
    expect((await ask()).ask).toMatchObject({ outcome: "answered", calls: 1 });
    expect((await given.world.store.connectors.breaker("bureau")).breaker.state).toBe("closed");
  });

  test("is not trusted for an answer that was under way before its breaker opened", async () => {
    const { connectors } = given.world.store;
    const trial = { state: "half-open", untilMs: sources.nowMs() + 1_000 } as const;
    const late = {
      ...sources,
      fetch: async () => {
        await connectors.putBreaker("bureau", trial, 0);
        return report(640);
      },
    };
    const request = { source: "bureau", line, purpose: "account-review", actor: clerk };
    expect(await askSource(given.world, late, request)).toMatchObject({
      ask: { outcome: "answered" },
    });
    expect((await connectors.breaker("bureau")).breaker).toEqual(trial);
  });

  test("that declines says that it is alive", async () => {
    sources.answers({ failed: "declined", detail: { en: "404", zh: "404" } });
    for (let times = 0; times < 12; times += 1) await ask();
    expect((await ask()).ask.because).toBe("declined");
  });
});

describe("the day's ceiling", () => {
  const cost = { currency: "CNY", perCallMinor: 150, dailyCeilingMinor: 400 } as const;

  test("stops the tries and every further request until the next business day", async () => {
    sources = playedSources({ cost });
    sources.answers(down, down, report(640));
    expect((await ask()).ask).toMatchObject({ because: "down", calls: 2, costMinor: 300 });
    await later(1_000);
    expect((await ask()).ask).toMatchObject({ because: "ceiling", calls: 0, costMinor: 0 });
    expect(await factsNow()).toMatchObject({ bureauState: "ceiling" });
    await later(24 * hour);
    expect((await ask()).ask).toMatchObject({ outcome: "answered", calls: 1 });
  });

  test("is not used up by a breaker that lets nobody through", async () => {
    sources = playedSources({ cost });
    const open = { state: "open", untilMs: sources.nowMs() + 1_000 } as const;
    await given.world.store.connectors.putBreaker("bureau", open, 0);
    for (let times = 0; times < 5; times += 1) {
      expect((await ask()).ask.because).toBe("breaker-open");
    }
    sources.later(1_000);
    expect((await ask()).ask.outcome).toBe("answered");
  });
});

test("a request that could not be made is a fault and costs nothing", async () => {
  const cost = { currency: "CNY", perCallMinor: 150, dailyCeilingMinor: 150 } as const;
  sources = playedSources({ cost });
  const broken = { ...sources, fetch: () => Promise.reject(new Error("No key")) };
  const request = { source: "bureau", line, purpose: "account-review", actor: clerk };
  await expect(askSource(given.world, broken, request)).rejects.toThrow("No key");
  expect((await ask()).ask).toMatchObject({ outcome: "answered", costMinor: 150 });
});

describe("two asks at one moment", () => {
  test("about one customer and source are paid once, also for two of the customer's lines", async () => {
    const second = await lineIn(given.world, "L-2", {}, "C-1");
    const both = await Promise.all([ask(), ask({ line: second })]);
    expect(both.map(({ ask: one }) => one.outcome).toSorted()).toEqual(["answered", "cached"]);
    expect(both.map(({ answer }) => answer!.data)).toEqual([
      { score: 700, inquiries30Days: 1 },
      { score: 700, inquiries30Days: 1 },
    ]);
    expect(sources.requests).toHaveLength(1);
    expect(both.reduce((sum, { ask: one }) => sum + one.costMinor, 0)).toBe(150);
  });

  test("share why there is no answer", async () => {
    sources.answers({ failed: "declined", detail: { en: "No", zh: "无" } });
    const both = await Promise.all([ask(), ask()]);
    expect(both.map(({ ask: one }) => one.because)).toEqual(["declined", "declined"]);
    expect(new Set(both.map(({ ask: one }) => one.calls))).toEqual(new Set([0, 1]));
  });

  test("about two customers do not wait for each other", async () => {
    const other = await lineIn(given.world, "C-2");
    sources = playedSources({ personal: false });
    await Promise.all([ask(), ask({ line: other })]);
    expect(sources.requests.toSorted()).toEqual(["C-1 C-1", "C-2 C-2"]);
    expect(sources.waits).toEqual([]);
  });
});

test("an ask whose process died before it was kept is counted, shown as lost and waited for no longer", async () => {
  const { store } = given.world;
  // Gone with the answer in its hands: nothing is stored any more.
  const gone = (): Promise<never> => Promise.reject(new Error("The process is gone"));
  const dead = { ...store, group: gone, connectors: { ...store.connectors, keep: gone } };
  const request = { source: "bureau", line, purpose: "account-review", actor: clerk };
  await expect(askSource({ ...given.world, store: dead }, sources, request)).rejects.toThrow(
    "gone",
  );
  expect(await kept()).toMatchObject([{ outcome: "asking", calls: 1, costMinor: 150 }]);
  const { ask: second } = await ask();
  expect(second).toMatchObject({ outcome: "answered", calls: 1 });
  expect(await kept()).toMatchObject([
    { outcome: "none", because: "lost", calls: 1, costMinor: 150 },
    { outcome: "answered", costMinor: 150 },
  ]);
  const today = "2026-03-02" as BusinessDate;
  expect(await store.connectors.costs(today, today)).toMatchObject([{ calls: 2, costMinor: 300 }]);
});

describe("asking", () => {
  test("for nothing in a dry run says what it would cost and changes nothing", async () => {
    expect((await ask({ dryRun: true })).ask).toMatchObject({
      ...{ outcome: "answered", calls: 1, costMinor: 150 },
    });
    expect([sources.requests, await kept()]).toEqual([[], []]);
    expect(await factsNow()).toMatchObject({ bureauState: null });
    const poor = { currency: "CNY", perCallMinor: 150, dailyCeilingMinor: 100 } as const;
    sources = playedSources({ cost: poor });
    expect((await ask({ dryRun: true })).ask).toMatchObject({ because: "ceiling", calls: 0 });
  });

  test("a source of files gives what was left, or says that nothing was", async () => {
    expect((await ask({ source: "registry" })).ask).toMatchObject({
      because: "not-told",
      calls: 0,
    });
    await signal("employment-change", { status: "employed" }, { source: "connector/registry" });
    const { ask: cached, answer } = await ask({ source: "registry" });
    expect(cached).toMatchObject({ outcome: "cached", because: null });
    expect(answer!.data).toEqual({ status: "employed" });
  });

  test.each<readonly [string, Partial<AskRequest>, string, string]>([
    ["an unknown source", { source: "nobody" }, "not-found", "bureau, registry"],
    ["an unknown purpose", { purpose: "curiosity" }, "invalid", "account-review, fraud-check"],
    ["a purpose that the source is not for", { purpose: "collection" }, "invalid", "collection"],
    ["a role that may not", { actor: actor("eve", "analyst") }, "forbidden", "operator"],
    [
      "a line out of reach",
      { actor: { ...clerk, scope: { kind: "portfolios", portfolios: ["loans"] } } },
      "not-found",
      "C-1",
    ],
  ])("is refused: %s", async (_, change, code, named) => {
    expect(await asked(change)).toMatchObject({
      refused: code,
      detail: { en: expect.stringContaining(named) as string },
    });
    expect([sources.requests, await kept()]).toEqual([[], []]);
  });

  test("is refused while signals are halted, before anything is paid", async () => {
    const expiresAt = addMilliseconds(worldBegins, hour);
    const by = actor("root", "administrator");
    await setHalt(given.world, { area: "ingest", reason: "test", expiresAt, actor: by });
    expect(await asked()).toMatchObject({ refused: "halted" });
    expect(sources.requests).toEqual([]);
  });
});
