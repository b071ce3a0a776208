// Halts, the pace ledger and strategies: what guards the flow from outside its transactions.

import { describe, expect, test } from "vitest";
import type { Halt } from "../../../src/flow/hold-ports.ts";
import type { StoredStrategy, StrategyState, StrategyStep } from "../../../src/flow/ports.ts";
import { at, date, noon, today, type OpenStore } from "./rows.ts";

const halt: Halt = {
  area: "execute",
  reason: "core system misbehaves",
  by: "zhao.min",
  at: noon,
  expiresAt: at("2026-04-01"),
};

const draft: StoredStrategy = {
  id: "consumer-cn",
  version: 1,
  hash: "hash-1",
  state: "draft",
  author: "wang.wei",
  editedBy: [],
  approvedBy: null,
  signedOff: [],
  effectiveOn: null,
  restores: null,
  document: '{"id":"consumer-cn","名":"\\"x\\""}',
  addedAt: noon,
};

const byZhao = {
  ...{ approvedBy: "zhao.min", signedOff: ["never-milder:daysPastDue"] },
  effectiveOn: date("2026-03-31"),
};
const bySun = { approvedBy: "sun.li", signedOff: [], effectiveOn: date("2026-04-01") };

function step(version: number, state: StrategyState, by: string): StrategyStep {
  return { id: "consumer-cn", version, state, at: noon, by, reason: null };
}

export function controlsContract(open: OpenStore): void {
  describe("halts", () => {
    test("hold until they expire and are seen by transactions", async () => {
      const store = await open();
      await store.halts.set(halt);
      expect(await store.halts.list(noon)).toEqual([halt]);
      expect(await store.transaction(3, true, ({ halts }) => halts(noon))).toEqual([halt]);
      expect(await store.halts.list(halt.expiresAt)).toEqual([]);
      expect(await store.transaction(3, true, ({ halts }) => halts(halt.expiresAt))).toEqual([]);
    });

    test("are replaced by a later one of the same area and listed by area", async () => {
      const store = await open();
      await store.halts.set(halt);
      const other = { ...halt, area: "decide" };
      const longer = { ...halt, reason: "still", expiresAt: at("2026-05-01") };
      await store.halts.set(other);
      await store.halts.set(longer);
      expect(await store.halts.list(noon)).toEqual([other, longer]);
      const shorter = { ...halt, expiresAt: at("2026-03-31", "13:00:00.000") };
      await store.halts.set(shorter);
      expect(await store.halts.list(at("2026-04-02"))).toEqual([]);
    });

    test("are lifted once", async () => {
      const store = await open();
      await store.halts.set(halt);
      expect(await store.halts.lift("execute", "zhao.min", noon)).toBe(true);
      expect(await store.halts.list(noon)).toEqual([]);
      expect(await store.halts.lift("execute", "zhao.min", noon)).toBe(false);
      expect(await store.halts.lift("never", "zhao.min", noon)).toBe(false);
    });

    test("that have expired need no lifting", async () => {
      const store = await open();
      await store.halts.set(halt);
      expect(await store.halts.lift("execute", "zhao.min", at("2026-04-02"))).toBe(false);
    });
  });

  describe("the pace ledger", () => {
    const tomorrow = date("2026-04-01");

    test("gives out what remains, once per key, and not one unit more", async () => {
      const { ledger } = await open();
      expect(await ledger.remaining("b", today, 100)).toBe(100);
      expect(await ledger.reserve("b", today, 100, "k1", 60)).toBe(true);
      expect(await ledger.reserve("b", today, 100, "k1", 60)).toBe(true);
      expect(await ledger.remaining("b", today, 100)).toBe(40);
      expect(await ledger.reserve("b", today, 100, "k2", 41)).toBe(false);
      expect(await ledger.reserve("b", today, 100, "k2", 40)).toBe(true);
      expect(await ledger.remaining("b", today, 100)).toBe(0);
      expect(await ledger.reserve("b", today, 100, "k3", 0)).toBe(true);
    });

    test("keeps windows and budgets apart, and the cap that a window was made with", async () => {
      const { ledger } = await open();
      expect(await ledger.reserve("b", today, 10, "k1", 10)).toBe(true);
      expect(await ledger.reserve("b", tomorrow, 10, "k2", 10)).toBe(true);
      expect(await ledger.reserve("c", today, 10, "k1", 10)).toBe(true);
      expect(await ledger.reserve("b", today, 1_000, "k3", 1)).toBe(false);
      expect(await ledger.remaining("b", today, 1_000)).toBe(0);
    });

    test("takes back what a key holds, once", async () => {
      const { ledger } = await open();
      await ledger.reserve("b", today, 10, "k1", 7);
      await ledger.release("b", "k1");
      await ledger.release("b", "k1");
      await ledger.release("b", "never");
      expect(await ledger.remaining("b", today, 10)).toBe(10);
      expect(await ledger.reserve("b", tomorrow, 10, "k1", 7)).toBe(true);
      expect(await ledger.remaining("b", today, 10)).toBe(10);
    });

    test("is never overspent by many who ask at once, nor charged twice under one key", async () => {
      const { ledger } = await open();
      const asked = Array.from({ length: 50 }, (_, index) =>
        ledger.reserve("b", today, 200, `k${index}`, 10),
      );
      const again = Array.from({ length: 10 }, () => ledger.reserve("c", today, 200, "same", 150));
      expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(20);
      expect(await Promise.all(again)).toEqual(Array.from({ length: 10 }, () => true));
      expect(await ledger.remaining("b", today, 200)).toBe(0);
      expect(await ledger.remaining("c", today, 200)).toBe(50);
    });

    test("holds while some reserve and others give back", async () => {
      const { ledger } = await open();
      const work = Array.from({ length: 24 }, async (_, index) => {
        await ledger.reserve("b", today, 30, `k${index % 8}`, 7);
        if (index % 3 === 0) await ledger.release("b", `k${index % 8}`);
      });
      await Promise.all(work);
      for (let index = 0; index < 8; index++) await ledger.release("b", `k${index}`);
      expect(await ledger.remaining("b", today, 30)).toBe(30);
    });

    test("gives many keys all their turns in order, or none", async () => {
      const { ledger } = await open();
      const turn = (budget: string, cap: number, amount: number) => ({
        ...{ budget, window: today, cap, amount },
      });
      const asked = [
        { key: "k1", turns: [turn("b", 100, 60), turn("c", 2, 1)] },
        { key: "k2", turns: [turn("b", 100, 50), turn("c", 2, 1)] },
        { key: "k3", turns: [turn("b", 100, 40), turn("c", 2, 1)] },
        { key: "k4", turns: [turn("b", 100, 0), turn("c", 2, 1)] },
        { key: "free", turns: [] },
      ];
      const granted = new Set(["k1", "k3", "free"]);
      expect(await ledger.reserveAll(asked)).toEqual(granted);
      expect(await ledger.reserveAll(asked)).toEqual(granted);
      expect(await ledger.remaining("b", today, 100)).toBe(0);
      expect(await ledger.remaining("c", today, 2)).toBe(0);
      await ledger.releaseAll(["b", "c"], ["k1", "k2", "never"]);
      expect(await ledger.remaining("b", today, 100)).toBe(60);
      expect(await ledger.reserveAll(asked.slice(1, 2))).toEqual(new Set(["k2"]));
      expect(await ledger.reserveAll([])).toEqual(new Set());
      await ledger.releaseAll([], []);
    });

    test("takes a key's other turns back when it cannot have all", async () => {
      const { ledger } = await open();
      await ledger.reserve("b", today, 10, "k", 10);
      await ledger.reserve("c", today, 10, "other", 10);
      const turns = ["b", "c"].map((budget) => ({ budget, window: today, cap: 10, amount: 10 }));
      expect(await ledger.reserveAll([{ key: "k", turns }])).toEqual(new Set());
      expect(await ledger.remaining("b", today, 10)).toBe(10);
    });

    test("is never overspent by many who ask for many at once", async () => {
      const { ledger } = await open();
      const turnsFor = (index: number) =>
        (index % 2 === 0 ? ["b", "c"] : ["c", "b"]).map((budget) => ({
          ...{ budget, window: today, cap: 100, amount: 1 },
        }));
      const asked = await Promise.all(
        Array.from({ length: 20 }, (_, caller) =>
          ledger.reserveAll(
            Array.from({ length: 10 }, (_item, index) => ({
              ...{ key: `k${caller % 10} ${index + 10 * (caller % 3)}`, turns: turnsFor(caller) },
            })),
          ),
        ),
      );
      const granted = new Set(asked.flatMap((keys) => [...keys]));
      expect(granted.size).toBe(100);
      expect(await ledger.remaining("b", today, 100)).toBe(0);
      expect(await ledger.remaining("c", today, 100)).toBe(0);
      const keys = [...granted];
      await Promise.all([
        ledger.releaseAll(["b", "c"], keys),
        ledger.releaseAll(["c", "b"], keys.toReversed()),
      ]);
      expect(await ledger.remaining("b", today, 100)).toBe(100);
      expect(await ledger.remaining("c", today, 100)).toBe(100);
    });

    test.each([-1, 0.5, Number.NaN, 2 ** 53])("refuses an amount of %s", async (amount) => {
      const { ledger } = await open();
      await expect(ledger.reserve("b", today, 10, "k", amount)).rejects.toThrow(RangeError);
      const turns = [{ budget: "b", window: today, cap: 10, amount }];
      await expect(ledger.reserveAll([{ key: "k", turns }])).rejects.toThrow(RangeError);
    });
  });

  describe("strategies", () => {
    const second = { ...draft, version: 2, hash: "hash-2" };

    test("are found by version, by hash and newest first by id", async () => {
      const { strategies } = await open();
      expect(await strategies.add(draft)).toBe("added");
      expect(await strategies.add(second)).toBe("added");
      expect(await strategies.find("consumer-cn")).toEqual(second);
      expect(await strategies.find("consumer-cn", 1)).toEqual(draft);
      expect(await strategies.byHash("hash-1")).toEqual(draft);
      expect(await strategies.list()).toEqual([draft, second]);
      const missing = [
        strategies.find("x"),
        strategies.find("consumer-cn", 9),
        strategies.byHash("x"),
      ];
      expect(await Promise.all([...missing, strategies.active("consumer-cn")])).toEqual([
        null,
        null,
        null,
        null,
      ]);
    });

    test("stored again are no change; another document under the same version is not stored", async () => {
      const { strategies } = await open();
      await strategies.add(draft);
      expect(await strategies.add({ ...draft, author: "somebody else" })).toBe("exists");
      expect(await strategies.add({ ...draft, hash: "hash-x" })).toBe("taken");
      await expect(strategies.add({ ...draft, id: "copy" })).rejects.toThrow(
        /consumer-cn version 1/,
      );
      expect(await strategies.list()).toEqual([draft]);
    });

    test("get another document as a draft only, in the place of the one that was changed", async () => {
      const { strategies } = await open();
      await strategies.add(draft);
      await strategies.add({ ...second, state: "submitted" });
      const edited = {
        id: draft.id,
        version: 1,
        hash: "hash-1b",
        document: '{"id":"consumer-cn"}',
      };
      expect(await strategies.edit(edited, "hash-0", "li.na")).toBe(false);
      expect(await strategies.edit(edited, "hash-1", "li.na")).toBe(true);
      expect(await strategies.edit({ ...edited, hash: "hash-1c" }, "hash-1b", "li.na")).toBe(true);
      expect(await strategies.edit({ ...edited, hash: "hash-1d" }, "hash-1c", "chen.hao")).toBe(
        true,
      );
      const kept = { ...draft, ...edited, hash: "hash-1d", editedBy: ["li.na", "chen.hao"] };
      expect(await strategies.find(draft.id, 1)).toEqual(kept);
      expect(await strategies.edit({ ...edited, version: 2, hash: "x" }, "hash-2", "li.na")).toBe(
        false,
      );
      expect(await strategies.edit({ ...edited, version: 9, hash: "x" }, "hash-9", "li.na")).toBe(
        false,
      );
      expect(await strategies.list()).toEqual([kept, { ...second, state: "submitted" }]);
    });

    test("have one active version at a time", async () => {
      const { strategies } = await open();
      await strategies.add(draft);
      await strategies.add(second);
      const first = [step(1, "approved", "zhao.min"), step(1, "active", "zhao.min")];
      expect(await strategies.enter(first, ["draft"], byZhao)).toBe(true);
      const active = { ...draft, state: "active", ...byZhao };
      expect(await strategies.active("consumer-cn")).toEqual(active);
      expect(await strategies.enter(first, ["draft"], bySun)).toBe(false);
      expect(await strategies.active("consumer-cn")).toEqual(active);
      await strategies.enter([step(2, "approved", "sun.li")], ["draft"], bySun);
      expect(await strategies.active("consumer-cn")).toEqual(active);
      expect(await strategies.enter([step(2, "active", "clock")], ["approved"])).toBe(true);
      const next = { ...second, state: "active", ...bySun };
      expect(await strategies.active("consumer-cn")).toEqual(next);
      expect(await strategies.list()).toEqual([{ ...active, state: "retired" }, next]);
      await expect(strategies.enter([step(3, "active", "x")], ["draft"])).rejects.toThrow(
        /version 3 is not stored/,
      );
    });

    test("keep every step with who, when and why", async () => {
      const { strategies } = await open();
      expect(await strategies.history("consumer-cn")).toEqual([]);
      await strategies.add(second, "wanted again");
      await strategies.add(draft);
      await strategies.add({ ...draft, id: "other", hash: "hash-o" });
      await strategies.enter([step(1, "active", "zhao.min")], ["draft"], byZhao);
      await strategies.enter([step(2, "active", "sun.li")], ["draft"], bySun);
      const kept = await strategies.history("consumer-cn");
      expect(kept.map(({ version, state, by }) => `${version} ${state} ${by}`)).toEqual([
        "1 draft wang.wei",
        "1 active zhao.min",
        "1 retired sun.li",
        "2 draft wang.wei",
        "2 active sun.li",
      ]);
      expect(kept[2]?.reason).toContain("version 2");
      expect(kept[3]).toEqual({ ...step(2, "draft", "wang.wei"), reason: "wanted again" });
    });

    test("let one of two who move a version at the same time do it", async () => {
      const { strategies } = await open();
      await strategies.add(draft);
      const moves = ["zhao.min", "sun.li"].map((by) =>
        strategies.enter([step(1, "submitted", by)], ["draft"]),
      );
      expect((await Promise.all(moves)).filter((moved) => moved)).toHaveLength(1);
      expect(await strategies.history("consumer-cn")).toHaveLength(2);
    });
  });
}
