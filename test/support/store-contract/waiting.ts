// Timers and messages: which are due, in which order, to whom they are leased and when they come back.

import { describe, expect, test } from "vitest";
import type { Instant } from "../../../src/domain/calendar.ts";
import type { OutboxEntry } from "../../../src/flow/state.ts";
import {
  at,
  changesOf,
  event,
  idOf,
  message,
  timer,
  wanted,
  write,
  type OpenStore,
  type TestedStore,
} from "./rows.ts";

const bucket = 11;

function putTimers(
  store: TestedStore,
  ...timers: readonly ReturnType<typeof timer>[]
): Promise<void> {
  return write(store, bucket, ["a"], (state) => {
    for (const one of timers) state.timers.set(one.id, one);
  });
}

function send(store: TestedStore, ...entries: readonly OutboxEntry[]): Promise<void> {
  return write(store, entries[0]!.bucket, ["a"], (state) => void state.outbox.push(...entries));
}

async function finish(store: TestedStore, entry: OutboxEntry): Promise<void> {
  await store.transaction(entry.bucket, false, async (transaction) => {
    const state = await transaction.load(wanted());
    const done = { doneOutbox: [entry.id] };
    await transaction.save(changesOf(state, [event(entry.bucket, transaction.nextSeq, "a")], done));
  });
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export function waitingContract(open: OpenStore): void {
  describe("timers", () => {
    const subject = idOf(bucket, "decision a");
    const early = at("2026-04-01");
    const late = at("2026-04-02");

    test("only those of the earliest due instant are given, by priority and then id", async () => {
      const store = await open();
      const low = ["1", "2", "3"].map((name) => timer(bucket, name, subject, { due: early }));
      const high = timer(bucket, "high", subject, { due: early, priority: 900_000_000_000 });
      const later = timer(bucket, "later", subject, { due: late, priority: 1_000_000_000_000 });
      await putTimers(store, ...low, later, high);
      const expected = [high, ...low.toSorted((left, right) => (left.id < right.id ? -1 : 1))];
      expect(await store.waiting.dueTimers(late, 10, [])).toEqual(expected);
      expect(await store.waiting.dueTimers(early, 2, [])).toEqual(expected.slice(0, 2));
      expect(await store.waiting.nextDue([])).toBe(early);
    });

    test("news of lines is given together up to the first timer that is none", async () => {
      const store = await open();
      const news = (name: string, due: Instant) =>
        timer(bucket, name, idOf(bucket, name), { due, kind: "trigger" });
      const [first, second, third] = [
        news("first", early),
        news("second", at("2026-04-01", "12:00:00.001")),
        news("third", late),
      ];
      const between = timer(bucket, "between", subject, { due: at("2026-04-01", "18:00:00.000") });
      await putTimers(store, third, second, first);
      expect(await store.waiting.dueTimers(late, 10, [])).toEqual([first, second, third]);
      expect(await store.waiting.dueTimers(late, 2, [])).toEqual([first, second]);
      expect(await store.waiting.dueTimers(second.due, 10, [])).toEqual([first, second]);
      await putTimers(store, between);
      expect(await store.waiting.dueTimers(late, 10, [])).toEqual([first, second]);
      expect(await store.waiting.dueTimers(late, 10, ["trigger"])).toEqual([between]);
      await putTimers(store, { ...between, due: early });
      const both = await store.waiting.dueTimers(late, 10, []);
      expect(both.map(({ due }) => due)).toEqual([early, early]);
    });

    test("none is given before its time, when it no longer waits, or when its kind is passed over", async () => {
      const store = await open();
      const waiting = timer(bucket, "1", subject, { due: late, kind: "pace" });
      await putTimers(
        store,
        waiting,
        timer(bucket, "2", subject, { due: early, state: "cancelled" }),
      );
      expect(await store.waiting.dueTimers(early, 10, [])).toEqual([]);
      expect(await store.waiting.dueTimers(late, 10, [])).toEqual([waiting]);
      expect(await store.waiting.dueTimers(late, 10, ["pace"])).toEqual([]);
      expect(await store.waiting.nextDue(["pace"])).toBeNull();
    });

    test("passing over a kind uncovers the ones behind it", async () => {
      const store = await open();
      const first = timer(bucket, "1", subject, { due: early, kind: "pace" });
      const second = timer(bucket, "2", subject, { due: late, kind: "execute" });
      await putTimers(store, first, second);
      expect(await store.waiting.dueTimers(late, 10, ["pace"])).toEqual([second]);
      expect(await store.waiting.nextDue(["pace"])).toBe(late);
    });

    test("a fired timer is gone; one that is set again is back with its new time", async () => {
      const store = await open();
      const one = timer(bucket, "1", subject, { due: early });
      await putTimers(store, one);
      await putTimers(store, { ...one, state: "fired" });
      expect(await store.waiting.nextDue([])).toBeNull();
      await putTimers(store, { ...one, due: late });
      expect(await store.waiting.nextDue([])).toBe(late);
    });
  });

  describe("messages", () => {
    test("are leased once, counted, and given back in the order of their bucket", async () => {
      const store = await open();
      await send(store, message(bucket, "a"), message(bucket, "b"));
      await send(store, message(bucket, "c"));
      const leased = await store.waiting.leaseOutbox("one", 60_000, 10, []);
      const expected = ["a", "b", "c"].map((name) => ({ ...message(bucket, name), attempts: 1 }));
      expect(leased).toEqual(expected);
      expect(await store.waiting.leaseOutbox("two", 60_000, 10, [])).toEqual([]);
      expect(await store.waiting.unsent()).toBe(3);
    });

    test("go to one of two dispatchers that ask at the same moment", async () => {
      const store = await open();
      const entries = Array.from({ length: 40 }, (_, index) => message(bucket, `m${index}`));
      await send(store, ...entries);
      const shares = await Promise.all(
        ["one", "two", "three"].map((owner) => store.waiting.leaseOutbox(owner, 60_000, 40, [])),
      );
      const ids = shares.flat().map((entry) => entry.id);
      expect(ids).toHaveLength(40);
      expect(new Set(ids).size).toBe(40);
    });

    test("of one subject leave in order: the second waits for the first", async () => {
      const store = await open();
      const subject = idOf(bucket, "line x");
      const [first, second] = [
        message(bucket, "1", { subject }),
        message(bucket, "2", { subject }),
      ];
      await send(store, first, message(bucket, "other"));
      await send(store, second);
      const leased = await store.waiting.leaseOutbox("one", 60_000, 10, []);
      expect(leased.map((entry) => entry.id)).toEqual([first.id, idOf(bucket, "message other")]);
      await finish(store, first);
      const next = await store.waiting.leaseOutbox("one", 60_000, 10, []);
      expect(next.map((entry) => entry.id)).toEqual([second.id]);
    });

    test("come back when the lease runs out, and after the delay when they are given back", async () => {
      const store = await open();
      const entry = message(bucket, "a");
      await send(store, entry);
      expect(await store.waiting.leaseOutbox("one", 40, 10, [])).toHaveLength(1);
      await pause(80);
      const [again] = await store.waiting.leaseOutbox("two", 60_000, 10, []);
      expect(again).toEqual({ ...entry, attempts: 2 });
      // The first owner lost its lease and may not give back what it no longer holds.
      await store.waiting.retryOutbox(entry, "one", 0, "time-out");
      expect(await store.waiting.leaseOutbox("three", 60_000, 10, [])).toEqual([]);
      await store.waiting.retryOutbox(entry, "two", 400, "time-out");
      expect(await store.waiting.leaseOutbox("three", 60_000, 10, [])).toEqual([]);
      await pause(500);
      expect(await store.waiting.leaseOutbox("three", 60_000, 10, [])).toEqual([
        { ...entry, attempts: 3 },
      ]);
    });

    test("that are done are neither leased nor counted, and cannot be given back", async () => {
      const store = await open();
      const entry = message(bucket, "a");
      await send(store, entry);
      await store.waiting.leaseOutbox("one", 60_000, 10, []);
      await finish(store, entry);
      await store.waiting.retryOutbox(entry, "one", 0, "late");
      expect(await store.waiting.unsent()).toBe(0);
      expect(await store.waiting.leaseOutbox("one", 60_000, 10, [])).toEqual([]);
    });

    test("under one id are one message", async () => {
      const store = await open();
      await send(store, message(bucket, "a"), message(bucket, "a", { body: { second: true } }));
      await send(store, message(bucket, "a", { body: { third: true } }));
      const leased = await store.waiting.leaseOutbox("one", 60_000, 10, []);
      expect(leased.map((entry) => entry.body)).toEqual([message(bucket, "a").body]);
    });

    test("of a kind that is passed over stay, and the limit is kept", async () => {
      const store = await open();
      const names = ["a", "b", "c"];
      await send(
        store,
        ...names.map((name) => message(bucket, name)),
        message(bucket, "n", { kind: "notice.deliver" }),
      );
      const leased = await store.waiting.leaseOutbox("one", 60_000, 2, ["core.apply"]);
      expect(leased.map((entry) => entry.kind)).toEqual(["notice.deliver"]);
      expect(await store.waiting.leaseOutbox("one", 60_000, 2, [])).toHaveLength(2);
    });
  });
}
