// What is saved is loaded: rows exactly as they were put, their relatives along with them, and sums over the year.

import { describe, expect, test } from "vitest";
import { canonicalJson } from "../../../src/domain/canonical-json.ts";
import {
  addDecision,
  at,
  changesOf,
  creditLine,
  customerRow,
  date,
  decision,
  event,
  factsRow,
  idOf,
  look,
  message,
  noon,
  notice,
  offer,
  register,
  reviewCase,
  sweep,
  timer,
  today,
  wanted,
  write,
  type OpenStore,
  type TestedStore,
} from "./rows.ts";

const bucket = 7;

/** Adds the registered line "a" with decision, review case, notice, offer and timers. */
async function addRelatives(store: TestedStore): Promise<void> {
  await register(store, bucket, ["a", "b"]);
  await write(store, bucket, ["a"], (state) => {
    const made = decision(bucket, "a", { reviewId: idOf(bucket, "review a") });
    state.decisions.set(made.id, made);
    state.reviews.set(idOf(bucket, "review a"), reviewCase(bucket, "a"));
    state.notices.set(idOf(bucket, "notice a"), notice(bucket, "a"));
    state.offers.set(idOf(bucket, "offer a"), offer(bucket, "a"));
    const waiting = timer(bucket, "execution", made.id);
    const due = timer(bucket, "review", idOf(bucket, "review a"), { kind: "review-due" });
    const fired = timer(bucket, "fired", made.id, { state: "fired" });
    for (const one of [waiting, due, fired]) state.timers.set(one.id, one);
  });
}

export function loadingContract(open: OpenStore): void {
  describe("loading and saving", () => {
    test("a new customer, line and facts are there for the next transaction, exactly as put", async () => {
      const store = await open();
      const line = creditLine(bucket, "a", { reference: `L "1" \\ {x},\t新\n` });
      const facts = factsRow(bucket, "a", "2026-03-01", { score: 750, region: "华东", none: null });
      await write(store, bucket, ["a"], (state) => {
        state.customers.set(line.customerId, customerRow(bucket, "a"));
        state.lines.set(line.id, line);
        state.facts.set(line.id, facts);
      });
      const state = await look(store, bucket, {
        ...{ lines: [line.id], factsOf: [line.id], decreasedOf: [line.id] },
      });
      expect([...state.lines.values()]).toEqual([line]);
      expect([...state.customers.values()]).toEqual([customerRow(bucket, "a")]);
      expect(state.facts.get(line.id)).toEqual(facts);
      expect(state.decreased.get(line.id)).toBe(0);
      expect(await store.reads.line(line.id)).toEqual(line);
    });

    test("rows that do not exist are simply not there", async () => {
      const store = await open();
      const id = idOf(bucket, "nobody");
      const state = await look(store, bucket, {
        ...{ lines: [id], decisions: [id], reviews: [id], notices: [id], customers: [id] },
        ...{ offers: [id], factsOf: [id], signals: [{ source: "core", id: "1" }] },
      });
      const { customers, lines, decisions, reviews, notices, offers, timers, facts } = state;
      const sizes = [customers, lines, decisions, reviews, notices, offers, timers, facts].map(
        (rows) => rows.size,
      );
      expect(sizes).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
      expect(state.signals.size).toBe(0);
      expect(state.decreased.get(id)).toBeUndefined();
    });

    test("a review case brings its decision, line, customer, notice, offer and what they wait for", async () => {
      const store = await open();
      await addRelatives(store);
      for (const named of [
        { reviews: [idOf(bucket, "review a")] },
        { notices: [idOf(bucket, "notice a")] },
        { offers: [idOf(bucket, "offer a")] },
        { decisions: [idOf(bucket, "decision a")] },
        { lines: [idOf(bucket, "line a")] },
      ]) {
        const state = await look(store, bucket, named);
        const expected = decision(bucket, "a", { reviewId: idOf(bucket, "review a") });
        expect([...state.decisions.values()]).toEqual([expected]);
        expect([...state.reviews.values()]).toEqual([reviewCase(bucket, "a")]);
        expect([...state.notices.values()]).toEqual([notice(bucket, "a")]);
        expect([...state.offers.values()]).toEqual([offer(bucket, "a")]);
        expect([...state.lines.keys()]).toEqual([idOf(bucket, "line a")]);
        expect([...state.customers.keys()]).toEqual([idOf(bucket, "customer a")]);
        const kinds = [...state.timers.values()].map((one) => one.kind).toSorted();
        expect(kinds).toEqual(["execute", "review-due"]);
      }
    });

    test("a line brings live decisions and overrides in force, and no ended ones", async () => {
      const store = await open();
      await register(store, bucket, ["a"]);
      const line = { lineId: idOf(bucket, "line a"), customerId: idOf(bucket, "customer a") };
      await addDecision(store, bucket, "live", { ...line, state: "noticed" });
      await addDecision(store, bucket, "ended", { ...line, state: "withdrawn" });
      await addDecision(store, bucket, "in force", {
        ...line,
        state: "executed",
        overrideExpiresOn: today,
      });
      const past = { state: "executed", overrideExpiresOn: date("2026-03-30") } as const;
      await addDecision(store, bucket, "expired", { ...line, ...past });
      const byLine = await look(store, bucket, { lines: [line.lineId] });
      expect([...byLine.decisions.keys()].toSorted()).toEqual(
        [idOf(bucket, "decision live"), idOf(bucket, "decision in force")].toSorted(),
      );
      const ended = idOf(bucket, "decision ended");
      const byName = await look(store, bucket, { decisions: [ended] });
      expect(byName.decisions.get(ended)?.state).toBe("withdrawn");
      expect(byName.decisions.size).toBe(3);
    });

    test("a changed row replaces the loaded one; a decision's record keeps its first bytes", async () => {
      const store = await open();
      await register(store, bucket, ["a"]);
      const first = decision(bucket, "a");
      await write(store, bucket, ["a"], (state) => state.decisions.set(first.id, first));
      const line = creditLine(bucket, "a", { limitMinor: 0, drawnMinor: 77, ver: 2 });
      const moved = {
        ...first,
        state: "approved",
        outcome: { action: "freeze", fromMinor: 5 },
        ver: 2,
      } as const;
      await write(
        store,
        bucket,
        ["a"],
        (state) => {
          state.lines.set(line.id, line);
          state.decisions.set(first.id, { ...moved, record: { ...first.record, area: "other" } });
        },
        { lines: [line.id] },
      );
      expect(await store.reads.line(line.id)).toEqual(line);
      expect(await store.reads.decisionRecord(first.id)).toBe(canonicalJson(first.record));
      const found = await store.reads.decision(first.id);
      expect({ ...found, record: null }).toEqual({ ...moved, record: null });
    });

    test("facts of several dates put in one transaction are all kept, and the newest date speaks", async () => {
      const store = await open();
      await register(store, bucket, ["a"]);
      const lineId = idOf(bucket, "line a");
      const february = factsRow(bucket, "a", "2026-02-28", { score: 700 });
      const january = factsRow(bucket, "a", "2026-01-31", { score: 750 });
      const corrected = factsRow(bucket, "a", "2026-02-28", { score: 690 });
      await write(store, bucket, ["a"], (state) => {
        for (const row of [february, january, corrected]) state.facts.set(lineId, row);
      });
      const state = await look(store, bucket, { factsOf: [lineId] });
      expect(state.facts.get(lineId)).toEqual(corrected);
      expect(await store.reads.facts(lineId, date("2026-02-27"), noon)).toEqual(january);
      expect(await store.reads.facts(lineId, date("2026-01-30"), noon)).toBeNull();
      expect(await store.reads.facts(lineId, today, at("2026-03-31"))).toBeNull();
    });

    test("two facts of one date and instant: the one written later speaks", async () => {
      const store = await open();
      await register(store, bucket, ["a"]);
      const lineId = idOf(bucket, "line a");
      for (const score of [1, 2, 3]) {
        const row = factsRow(bucket, "a", "2026-03-01", { score });
        await write(store, bucket, ["a"], (state) => state.facts.set(lineId, row));
      }
      expect((await store.reads.facts(lineId, today, noon))?.facts).toEqual({ score: 3 });
      const state = await look(store, bucket, { factsOf: [lineId] });
      expect(state.facts.get(lineId)?.facts).toEqual({ score: 3 });
      const lines = (await store.sweeps.read(sweep("1"), [bucket])).get(bucket) ?? [];
      expect(lines.map(({ facts }) => facts)).toEqual([{ score: 3 }]);
    });

    test("decreases count for 365 days, today's included", async () => {
      const store = await open();
      await register(store, bucket, ["a"]);
      const lineId = idOf(bucket, "line a");
      const cuts = [
        ["2025-03-31", 1_000],
        ["2025-04-01", 20],
        ["2026-03-31", 300],
        ["2026-04-01", 4_000],
      ] as const;
      await store.transaction(bucket, false, async (transaction) => {
        const state = await transaction.load(wanted());
        const events = cuts.map(([on, amount], index) =>
          event(bucket, transaction.nextSeq + index, "a", {
            kind: "LimitDecreased",
            body: { on, fromMinor: 10_000, toMinor: 10_000 - amount },
          }),
        );
        await transaction.save(changesOf(state, events));
      });
      const state = await look(store, bucket, { decreasedOf: [lineId] });
      expect(state.decreased.get(lineId)).toBe(320);
    });

    test("a decrease that the core system refused is taken out of the sum again", async () => {
      const store = await open();
      await register(store, bucket, ["a"]);
      const cut = { on: "2026-03-01", fromMinor: 900, toMinor: 400 };
      const back = { action: "decrease", on: "2026-03-31", fromMinor: 400, toMinor: 900 };
      await store.transaction(bucket, false, async (transaction) => {
        const { nextSeq } = transaction;
        const state = await transaction.load(wanted());
        const events = [
          event(bucket, nextSeq, "a", { kind: "LimitDecreased", body: cut }),
          event(bucket, nextSeq + 1, "a", { kind: "ExecutionDisputed", body: back }),
          event(bucket, nextSeq + 2, "a", {
            kind: "ExecutionDisputed",
            body: { action: "freeze" },
          }),
        ];
        await transaction.save(changesOf(state, events));
      });
      const lineId = idOf(bucket, "line a");
      const state = await look(store, bucket, { decreasedOf: [lineId] });
      expect(state.decreased.get(lineId)).toBe(0);
    });

    test("a signal is known once it was recorded, by source and id together", async () => {
      const store = await open();
      const key = JSON.stringify(["core", "7"]);
      await write(store, bucket, ["a"], (state) => state.signals.set(key, "of 7"));
      const signals = [
        { source: "core", id: "7" },
        { source: "core", id: "8" },
        { source: "bureau", id: "7" },
      ];
      expect([...(await look(store, bucket, { signals })).signals]).toEqual([[key, "of 7"]]);
      expect((await look(store, bucket + 1, { signals })).signals.size).toBe(0);
    });

    test("loading again keeps what the transaction has put", async () => {
      const store = await open();
      await register(store, bucket, ["a", "b"]);
      const [first, second] = [idOf(bucket, "line a"), idOf(bucket, "line b")];
      await store.transaction(bucket, false, async (transaction) => {
        const state = await transaction.load(wanted({ lines: [first] }));
        state.lines.set(first, creditLine(bucket, "a", { drawnMinor: 9 }));
        const again = await transaction.load(wanted({ lines: [first, second] }));
        expect(again.lines.get(first)?.drawnMinor).toBe(9);
        expect(again.lines.has(second)).toBe(true);
        await transaction.save(changesOf(again, [event(bucket, transaction.nextSeq, "a")]));
      });
      expect((await store.reads.line(first))?.drawnMinor).toBe(9);
    });

    test("a thousand decisions go in at once and come back", async () => {
      const store = await open();
      const names = Array.from({ length: 1_000 }, (_, index) => `n${index}`);
      await register(store, bucket, names);
      await write(store, bucket, names, (state) => {
        for (const name of names) {
          const made = decision(bucket, name);
          state.decisions.set(made.id, made);
          state.outbox.push(message(bucket, name));
        }
      });
      const lines = names.map((name) => idOf(bucket, `line ${name}`));
      const state = await look(store, bucket, { lines });
      expect(state.decisions.size).toBe(1_000);
      expect(await store.waiting.unsent()).toBe(1_000);
    });
  });
}
