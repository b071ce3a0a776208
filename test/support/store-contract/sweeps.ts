// The working rows of sweeps: buckets that are leased once, passes that count once, proposals in rank order, and
// reads that are the same whenever they are made.

import { assessedLine } from "../../../src/adapters/memory/sweeps.ts";
import { noCounts } from "../../../src/portfolio/sweep-counts.ts";
import { describe, expect, test } from "vitest";
import { bucketCount, type Bucket } from "../../../src/domain/id.ts";
import type {
  BucketAssessed,
  Proposal,
  SweepCounts,
  SweepStanding,
} from "../../../src/portfolio/ports.ts";
import {
  at,
  changesOf,
  counts,
  creditLine,
  date,
  event,
  factsRow,
  idOf,
  noon,
  proposal,
  register,
  sweep,
  today,
  wanted,
  write,
  type OpenStore,
} from "./rows.ts";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function withoutAssessment(proposal: Proposal): Omit<Proposal, "assessment"> {
  const { assessment: _assessment, ...rest } = proposal;
  return rest;
}

function found(
  bucket: Bucket,
  packed: string,
  proposals: readonly Proposal[],
  ofBucket: SweepCounts,
): BucketAssessed {
  return { bucket, packed, proposals, shadows: new Map(), digits: [], counts: ofBucket };
}

export function sweepsContract(open: OpenStore): void {
  describe("sweeps", () => {
    test("start once, and are found, listed newest first and counted", async () => {
      const { sweeps } = await open();
      const first = sweep("1", { portfolio: "cards", dailyCapMinor: 5_000_000 });
      const second = sweep("2", { startedAt: at("2026-04-01") });
      const other = sweep("3", { asOf: date("2026-01-01"), startedAt: at("2026-04-02") });
      for (const one of [first, second, other]) await sweeps.start(one);
      await sweeps.start({ ...first, maker: "somebody else" });
      expect(await sweeps.find(first.id)).toEqual(first);
      expect(await sweeps.find(idOf(0, "none"))).toBeNull();
      expect(await sweeps.list(null, 2)).toEqual([other, second]);
      expect(await sweeps.list(second.id, 5)).toEqual([first]);
      const strategy = { ...first.strategy, id: "elsewhere", hash: "e".repeat(64) };
      const fourth = sweep("4", { strategy, startedAt: at("2026-04-03") });
      await sweeps.start(fourth);
      expect(await sweeps.list(null, 5, { strategy: "elsewhere" })).toEqual([fourth]);
      await sweeps.setState(other.id, ["assessing"], "cancelled", noon);
      const standing = async (one: SweepStanding, after: string | null = null) =>
        (await sweeps.list(after, 5, { standing: one, strategy: "consumer-cn" })).map(
          ({ id }) => id,
        );
      expect(await standing("running")).toEqual([second.id, first.id]);
      expect(await standing("running", other.id)).toEqual([second.id, first.id]);
      expect(await standing("cancelled")).toEqual([other.id]);
      expect(await standing("paused")).toEqual([]);
      expect(await standing("done")).toEqual([]);
      expect(await sweeps.count(first.strategy.hash, today)).toBe(2);
      expect(await sweeps.unfinished("consumer-cn", today)).toEqual(second);
      expect(await sweeps.unfinished("other", today)).toBeNull();
      expect(await sweeps.left(first.id, "assess")).toBe(bucketCount);
    });

    test("that ask first do so bucket by bucket, and assess by what is known after it", async () => {
      const { sweeps } = await open();
      const asking = sweep("1", { state: "asking" });
      await sweeps.start(asking);
      const leased = await sweeps.lease(asking.id, "ask", "one", 60_000, 2);
      expect(leased).toEqual([0, 1]);
      await sweeps.saveAsked(asking.id, [0]);
      expect(await sweeps.left(asking.id, "ask")).toBe(bucketCount - 1);
      expect(await sweeps.left(asking.id, "assess")).toBe(bucketCount);
      expect(await sweeps.lease(asking.id, "ask", "two", 60_000, 1)).toEqual([2]);
      await sweeps.beginAssessing(asking.id, at("2026-04-01"));
      await sweeps.beginAssessing(asking.id, at("2026-04-02"));
      expect(await sweeps.find(asking.id)).toEqual(
        sweep("1", { state: "assessing", knownAt: at("2026-04-01") }),
      );
      // A bucket that was asked about is free for the next pass.
      expect(await sweeps.lease(asking.id, "assess", "two", 60_000, 1)).toEqual([0]);
    });

    test("are paused and resumed while they are unfinished", async () => {
      const { sweeps } = await open();
      const { id } = sweep("1");
      expect(await sweeps.standing(id)).toBeNull();
      expect(await sweeps.setPaused(id, "wang.wei")).toBe(false);
      await sweeps.start(sweep("1"));
      expect(await sweeps.setPaused(id, null)).toBe(false);
      expect(await sweeps.setPaused(id, "wang.wei")).toBe(true);
      expect(await sweeps.setPaused(id, "wang.wei")).toBe(false);
      expect(await sweeps.standing(id)).toEqual({ state: "assessing", pausedBy: "wang.wei" });
      expect(await sweeps.find(id)).toEqual(sweep("1", { pausedBy: "wang.wei" }));
      expect(await sweeps.setPaused(id, null)).toBe(true);
      await sweeps.setState(id, ["assessing"], "cancelled", noon);
      expect(await sweeps.setPaused(id, "wang.wei")).toBe(false);
    });

    test("lease each bucket to one owner until it is done, freed or the lease runs out", async () => {
      const { sweeps } = await open();
      const { id } = sweep("1");
      await sweeps.start(sweep("1"));
      const owners = ["one", "two", "three", "four"];
      const leased = await Promise.all(
        owners.map((owner) => sweeps.lease(id, "assess", owner, 60_000, 1)),
      );
      expect(new Set(leased.flat())).toEqual(new Set([0, 1, 2, 3]));
      await sweeps.free(id, "two");
      const freed = leased[1];
      expect(await sweeps.lease(id, "assess", "five", 60_000, 1)).toEqual(freed);
      expect(await sweeps.lease(id, "assess", "six", 60_000, 1)).toEqual([4]);
      await sweeps.free(id, "five");
      expect(await sweeps.lease(id, "assess", "seven", 40, 1)).toEqual(freed);
      await pause(80);
      expect(await sweeps.lease(id, "assess", "eight", 60_000, 1)).toEqual(freed);
      await sweeps.saveAssessed(id, [found(5, "", [], counts)]);
      expect(await sweeps.lease(id, "assess", "nine", 60_000, 3)).toEqual([6, 7, 8]);
      expect(await sweeps.left(id, "assess")).toBe(bucketCount - 1);
      expect(await sweeps.lease(idOf(0, "none"), "assess", "one", 60_000, 1)).toEqual([]);
    });

    test("are idle while they may go on and nobody holds a lease", async () => {
      const { sweeps } = await open();
      const [first, second] = [sweep("1"), sweep("2", { startedAt: noon })];
      await sweeps.start(second);
      await sweeps.start(first);
      const inOrder = [first, second].toSorted((left, right) =>
        `${left.startedAt} ${left.id}` < `${right.startedAt} ${right.id}` ? -1 : 1,
      );
      expect(await sweeps.idle()).toEqual(inOrder.map(({ id }) => id));
      await sweeps.setPaused(second.id, "wang.wei");
      expect(await sweeps.idle()).toEqual([first.id]);
      await sweeps.lease(first.id, "assess", "one", 60_000, 2);
      expect(await sweeps.idle()).toEqual([]);
      await sweeps.free(first.id, "one");
      expect(await sweeps.idle()).toEqual([first.id]);
      await sweeps.lease(first.id, "assess", "two", 1, 1);
      await pause(20);
      expect(await sweeps.idle()).toEqual([first.id]);
      await sweeps.setState(first.id, ["assessing"], "cancelled", noon);
      expect(await sweeps.idle()).toEqual([]);
    });

    test("read lines by id with the newest facts of their dates, whatever came later", async () => {
      const store = await open();
      await register(store, 5, ["a", "b", "c"]);
      await register(store, 5, ["other"], { portfolio: "loans" });
      const rows = [
        factsRow(5, "a", "2026-02-28", { score: 1 }),
        factsRow(5, "a", "2026-03-31", { score: 2 }),
        factsRow(5, "a", "2026-03-31", { score: 3 }, at("2026-04-01")),
        factsRow(5, "a", "2026-04-01", { score: 4 }),
        factsRow(5, "b", "2026-04-02", { score: 5 }),
      ];
      await store.transaction(5, false, async (transaction) => {
        const state = await transaction.load(wanted());
        for (const row of rows) state.facts.set(row.lineId, row);
        const cut = {
          kind: "LimitDecreased",
          body: { on: "2026-03-01", fromMinor: 9, toMinor: 4 },
        };
        const late = { ...cut, at: at("2026-04-01") };
        const seq = transaction.nextSeq;
        await transaction.save(
          changesOf(state, [event(5, seq, "c", cut), event(5, seq + 1, "c", late)]),
        );
      });
      const read = (await store.sweeps.read(sweep("1", { portfolio: "cards" }), [5])).get(5);
      const expected = ["a", "b", "c"].map((name) => ({
        line: assessedLine(creditLine(5, name)),
        facts: name === "a" ? { score: 2 } : {},
        decreasedLast12MonthsMinor: name === "c" ? 5 : 0,
      }));
      expect(read).toEqual(
        expected.toSorted((left, right) => (left.line.id < right.line.id ? -1 : 1)),
      );
      const both = await store.sweeps.read(sweep("1"), [5, 6]);
      expect([...both].map(([bucket, lines]) => [bucket, lines.length])).toEqual([
        [5, 4],
        [6, 0],
      ]);
      const strange = sweep("1", { portfolio: "it's \\ one" });
      expect((await store.sweeps.read(strange, [5])).get(5)).toEqual([]);
    });

    test("store what pass one found of a bucket once, and rank all proposals", async () => {
      const { sweeps } = await open();
      const { id } = sweep("1");
      await sweeps.start(sweep("1"));
      const low = proposal(id, 5, "low", 10);
      const high = proposal(id, 5, "high", 900);
      const equal = ["x", "y", "z"].map((name) => proposal(id, 6, name, 10));
      await sweeps.saveAssessed(id, [found(5, "packed five", [low, high], counts)]);
      await sweeps.saveAssessed(id, [found(5, "again", [proposal(id, 5, "late", 1)], counts)]);
      await sweeps.saveAssessed(id, [found(6, "packed six", equal, counts)]);
      expect([...(await sweeps.proposals(id, [5, 8, 6]))]).toEqual([
        [5, [high, low]],
        [8, []],
        [6, equal.toSorted((left, right) => (left.lineId < right.lineId ? -1 : 1))],
      ]);
      expect([await sweeps.packed(id, 5), await sweeps.packed(id, 8)]).toEqual([
        "packed five",
        null,
      ]);
      expect(await sweeps.counts(id)).toEqual({
        ...counts,
        ...{ planned: 4, evaluated: 4, unchanged: 2, proposed: 2 },
        refused: { hardship: 2 },
        removedBySegment: { salaried: 1_600_000 },
      });
      const text = { ...proposal(id, 7, "text", 1), segment: 'tab\t, "quote", \\N and 新' };
      await sweeps.saveAssessed(id, [found(7, "", [text], counts)]);
      const tied = [low, ...equal].toSorted((left, right) => (left.lineId < right.lineId ? -1 : 1));
      const expected = [high, ...tied, text].map(withoutAssessment);
      expect(await Array.fromAsync(sweeps.ranked(id))).toEqual(expected);
      expect(await Array.fromAsync(sweeps.ranked(idOf(0, "none")))).toEqual([]);
    });

    test("grant turns once, to some or to all, and move on to deciding", async () => {
      const { sweeps } = await open();
      for (const all of [false, true]) {
        const { id } = sweep(`all ${all}`);
        await sweeps.start(sweep(`all ${all}`));
        const [one, two] = [proposal(id, 5, "one", 20), proposal(id, 5, "two", 10)];
        await sweeps.saveAssessed(id, [found(5, "", [one, two], counts)]);
        expect((await sweeps.proposals(id, [5])).get(5)?.map((row) => row.granted)).toEqual([
          null,
          null,
        ]);
        await sweeps.saveGrants(id, [{ bucket: 5, lineId: two.lineId }], all);
        await sweeps.saveGrants(id, [{ bucket: 5, lineId: one.lineId }], false);
        expect((await sweeps.proposals(id, [5])).get(5)?.map((row) => row.granted)).toEqual([
          all,
          true,
        ]);
        expect((await sweeps.find(id))?.state).toBe("deciding");
      }
    });

    test("add pass two of a bucket once, finish once and keep their sums", async () => {
      const { sweeps } = await open();
      const { id } = sweep("1");
      await sweeps.start(sweep("1"));
      await sweeps.saveAssessed(id, [found(5, "", [proposal(id, 5, "only", 1)], counts)]);
      const decided = {
        ...counts,
        planned: 0,
        evaluated: 0,
        unchanged: 0,
        proposed: 0,
        toReview: 3,
        refused: { halted: 1 },
        removedBySegment: {},
      };
      await sweeps.saveDecided(id, new Map([[5, decided]]));
      await sweeps.saveDecided(id, new Map([[5, decided]]));
      expect(await sweeps.left(id, "decide")).toBe(bucketCount - 1);
      await sweeps.saveAssessed(id, [found(6, "", [], noCounts)]);
      expect(await sweeps.left(id, "decide")).toBe(bucketCount - 2);
      const expected = { ...counts, toReview: 3, refused: { halted: 1, hardship: 1 } };
      expect(await sweeps.counts(id)).toEqual(expected);
      expect(await sweeps.setState(id, ["deciding"], "done", noon)).toBe(false);
      expect(await sweeps.setState(id, ["assessing", "deciding"], "done", noon)).toBe(true);
      expect(await sweeps.setState(id, ["assessing"], "cancelled", noon)).toBe(false);
      const done = { ...sweep("1"), state: "done", finishedAt: noon, counts: expected };
      expect(await sweeps.find(id)).toEqual(done);
      expect(await sweeps.unfinished("consumer-cn", today)).toBeNull();
    });

    test("count what was decided while they were cancelled", async () => {
      const { sweeps } = await open();
      const { id } = sweep("1");
      await sweeps.start(sweep("1"));
      await sweeps.saveAssessed(id, [found(5, "", [proposal(id, 5, "only", 1)], counts)]);
      expect(await sweeps.setState(id, ["assessing"], "cancelled", noon)).toBe(true);
      await sweeps.saveDecided(id, new Map([[5, { ...noCounts, toReview: 3 }]]));
      const cancelled = {
        ...sweep("1", { state: "cancelled", finishedAt: noon }),
        counts: { ...counts, toReview: 3 },
      };
      expect(await sweeps.find(id)).toEqual(cancelled);
      expect(await sweeps.list(null, 1)).toEqual([cancelled]);
      expect(await sweeps.unfinished("consumer-cn", today)).toBeNull();
    });
  });

  describe("totals", () => {
    test("count lines and sum limits by currency, of one portfolio or all", async () => {
      const store = await open();
      expect(await store.totals(null)).toEqual({ lines: 0, limitMinorByCurrency: {} });
      await register(store, 5, ["a", "b"], { limitMinor: 4_000_000_000_000 });
      await register(store, 900, ["c"], { portfolio: "loans", currency: "TWD", limitMinor: 7 });
      await write(
        store,
        5,
        ["a"],
        (state) => {
          state.lines.set(idOf(5, "line a"), creditLine(5, "a", { limitMinor: 1, ver: 2 }));
        },
        { lines: [idOf(5, "line a")] },
      );
      expect(await store.totals(null)).toEqual({
        lines: 3,
        limitMinorByCurrency: { CNY: 4_000_000_000_001, TWD: 7 },
      });
      expect(await store.totals("loans")).toEqual({ lines: 1, limitMinorByCurrency: { TWD: 7 } });
    });
  });
}
