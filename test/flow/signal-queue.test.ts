// Many senders at once: what they send is taken in few batches, each hears of his own events, and a full queue says so.

import { expect, test } from "vitest";
import type { TakenSignal } from "../../src/domain/signal.ts";
import { signalQueue, type Take } from "../../src/flow/signal-queue.ts";
import { actor } from "../support/given.ts";

const feed = actor("feed", "service");
const limits = { waiting: 20, atOnce: 4, batches: 1 };

/** A writer that waits to be let go, and remembers the batches that it was given. */
function slowWriter(failsOn?: string, retryable = false) {
  const batches: (readonly unknown[])[] = [];
  const holds: (() => void)[] = [];
  const take: Take = async (by, incoming) => {
    const events = incoming.map((one) => ("event" in one ? one.event : one.unreadable));
    batches.push([by.id, ...events]);
    await new Promise<void>((resolve) => holds.push(resolve));
    if (events.includes(failsOn)) throw Object.assign(new Error("broken"), { retryable });
    return events.map((event): TakenSignal => ({ outcome: "recorded", lineIds: [String(event)] }));
  };
  const letGo = async (): Promise<void> => {
    for (let idle = 0; idle < 5; idle += 1) {
      const held = holds.splice(0);
      for (const go of held) go();
      idle = held.length > 0 ? 0 : idle;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { take, batches, letGo };
}

const events = (...names: readonly string[]) => names.map((event) => ({ event }));
const idsOf = (taken: readonly TakenSignal[]): unknown =>
  taken.map((one) => ("lineIds" in one ? one.lineIds[0] : one.refusal.refused));

test("what comes in while a batch is written makes the next one, and each hears of his own", async () => {
  const { take, batches, letGo } = slowWriter();
  const queued = signalQueue(take, limits);
  const answers = ["a", "b", "c"].map((name) => queued(feed, events(name)));
  answers.push(queued(feed, events("d", "e")));
  await letGo();
  expect((await Promise.all(answers)).map(idsOf)).toEqual([["a"], ["b"], ["c"], ["d", "e"]]);
  expect(batches).toEqual([
    ["feed", "a"],
    ["feed", "b", "c", "d", "e"],
  ]);
});

test("a batch holds a bounded number of events, and a request is never split", async () => {
  const { take, batches, letGo } = slowWriter();
  const queued = signalQueue(take, limits);
  const answers = [["a"], ["b", "c", "d"], ["e", "f"], ["g", "h", "i", "j", "k", "l"]].map(
    (names) => queued(feed, events(...names)),
  );
  await letGo();
  await Promise.all(answers);
  expect(batches.map((batch) => batch.length - 1)).toEqual([1, 3, 2, 6]);
});

test("senders with other rights are never taken together", async () => {
  const { take, batches, letGo } = slowWriter();
  const queued = signalQueue(take, limits);
  const narrow = { ...feed, scope: { kind: "portfolios", portfolios: ["cards"] } } as const;
  const answers = [
    ...[queued(feed, events("a")), queued(narrow, events("b"))],
    ...[queued(feed, events("c")), queued(narrow, events("d"))],
  ];
  await letGo();
  await Promise.all(answers);
  expect(batches).toEqual([
    ["feed", "a"],
    ["feed", "b", "d"],
    ["feed", "c"],
  ]);
});

test("a full queue refuses and keeps nothing; once it is written there is room again", async () => {
  const { take, batches, letGo } = slowWriter();
  const queued = signalQueue(take, limits);
  const some = Array.from({ length: 19 }, (_, number) => queued(feed, events(`${number}`)));
  const tooMany = await queued(feed, events("x", "y", "z"));
  expect(idsOf(tooMany)).toEqual(["busy", "busy", "busy"]);
  expect(tooMany.map(({ outcome }) => outcome)).toEqual(["refused", "refused", "refused"]);
  await letGo();
  await Promise.all(some);
  expect(batches.flat()).not.toContain("x");
  const again = queued(feed, events("x"));
  await letGo();
  expect(idsOf(await again)).toEqual(["x"]);
});

test("what one request breaks is thrown to it alone; a lost connection is told to all", async () => {
  const bug = slowWriter("c");
  const queued = signalQueue(bug.take, limits);
  const answers = ["a", "b", "c", "d"].map((name) => queued(feed, events(name)));
  const settled = Promise.allSettled(answers);
  await bug.letGo();
  expect((await settled).map(({ status }) => status)).toEqual([
    ...["fulfilled", "fulfilled", "rejected", "fulfilled"],
  ]);
  const lost = slowWriter("c", true);
  const unlucky = signalQueue(lost.take, limits);
  const others = Promise.allSettled(
    ["a", "b", "c", "d"].map((name) => unlucky(feed, events(name))),
  );
  await lost.letGo();
  expect((await others).map(({ status }) => status)).toEqual([
    ...["fulfilled", "rejected", "rejected", "rejected"],
  ]);
});
