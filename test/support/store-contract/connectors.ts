// What is remembered of asking sources: a breaker changes only under the version that was seen, an ask is kept once, and
// costs are summed by day and source.

import { describe, expect, test } from "vitest";
import { addMilliseconds, type BusinessDate } from "../../../src/domain/calendar.ts";
import type { ConnectorAsk } from "../../../src/domain/connector.ts";
import { closedBreaker } from "../../../src/domain/circuit-breaker.ts";
import { idOf, noon, type OpenStore } from "./rows.ts";

const [may, june] = ["2026-05-31" as BusinessDate, "2026-06-01" as BusinessDate] as const;

function ask(name: string, change: Partial<ConnectorAsk> = {}): ConnectorAsk {
  return {
    ...{ id: idOf(0, `ask ${name}`), source: "bureau", lineId: idOf(0, "line") },
    ...{ purpose: "account-review", at: noon, on: june, by: "ann", outcome: "answered" },
    ...{ because: null, calls: 1, costMinor: 150, currency: "CNY", tookMs: 12 },
    ...change,
  };
}

const page = { after: null, limit: 10 };
const soon = 1_780_000_000_000;

export function connectorsContract(open: OpenStore): void {
  describe("breakers", () => {
    test("are closed at first and change under the version that was seen", async () => {
      const { connectors } = await open();
      expect(await connectors.breaker("bureau")).toEqual({ breaker: closedBreaker, ver: 0 });
      const opened = { state: "open", untilMs: 1_780_000_000_123 } as const;
      expect(await connectors.putBreaker("bureau", opened, 0)).toBe(true);
      expect(await connectors.putBreaker("bureau", closedBreaker, 0)).toBe(false);
      expect(await connectors.breaker("bureau")).toEqual({ breaker: opened, ver: 1 });
      const closed = { state: "closed", recent: [true, false] } as const;
      expect(await connectors.putBreaker("bureau", closed, 1)).toBe(true);
      expect(await connectors.putBreaker("bureau", closed, 1)).toBe(false);
      expect(await connectors.breaker("bureau")).toEqual({ breaker: closed, ver: 2 });
      expect((await connectors.breaker("other")).ver).toBe(0);
    });
  });

  describe("asks", () => {
    test("are kept once, listed by time and narrowed", async () => {
      const { connectors } = await open();
      const [first, later] = [ask("a"), ask("b", { at: addMilliseconds(noon, 1_000) })];
      const other = ask("c", {
        ...{ source: "registry", outcome: "none", because: "ceiling", calls: 0, costMinor: 0 },
        at: addMilliseconds(noon, 2_000),
      });
      for (const one of [first, later, other]) await connectors.keep(one);
      await connectors.keep(ask("a", { by: "bob" }));
      expect((await connectors.asks(page, {}, soon)).rows).toEqual([first, later, other]);
      const newest = { ...page, newestFirst: true };
      expect((await connectors.asks(newest, { source: "bureau" }, soon)).rows).toEqual([
        later,
        first,
      ]);
      expect((await connectors.asks(page, { outcome: "none" }, soon)).rows).toEqual([other]);
      const begun = await connectors.asks({ ...page, limit: 2 }, {}, soon);
      expect((await connectors.asks({ ...page, after: begun.next }, {}, soon)).rows).toEqual([
        other,
      ]);
    });

    test("begin one at a time for a customer and source, and are lost where nobody kept them in time", async () => {
      const { connectors } = await open();
      const started = { outcome: "asking", calls: 0, costMinor: 0, tookMs: 0 } as const;
      const [one, next, other] = [ask("a", started), ask("b", started), ask("c", started)];
      const claim = { customerId: idOf(0, "customer"), nowMs: soon, untilMs: soon + 1_000 };
      expect(await connectors.begin(one, claim)).toBeNull();
      expect(await connectors.begin(next, claim)).toBe(one.id);
      expect(await connectors.begin(other, { ...claim, customerId: idOf(0, "2") })).toBeNull();
      await connectors.charge(one.id, 2, 300);
      const sent = { ...one, calls: 2, costMinor: 300 };
      expect(await connectors.find(one.id, soon + 999)).toEqual(sent);
      const lost = { ...sent, outcome: "none", because: "lost" };
      expect(await connectors.find(one.id, claim.untilMs)).toEqual(lost);
      const asking = await connectors.asks(page, { outcome: "asking" }, soon);
      expect(new Set(asking.rows.map(({ id }) => id))).toEqual(new Set([one.id, other.id]));
      expect((await connectors.asks(page, { outcome: "none" }, claim.untilMs)).rows).toHaveLength(
        2,
      );
      // What was sent is counted although nobody knows what came of it.
      expect(await connectors.costs(june, june)).toMatchObject([{ asks: 2, costMinor: 300 }]);
      const after = { ...claim, nowMs: claim.untilMs, untilMs: claim.untilMs + 1_000 };
      expect(await connectors.begin(next, after)).toBeNull();
      expect(await connectors.find(one.id, soon)).toEqual(lost);
      const word = ask("a", { calls: 2, costMinor: 300 });
      await connectors.keep(word);
      await connectors.keep(ask("a", { outcome: "none", because: "down" }));
      expect(await connectors.find(one.id, after.untilMs)).toEqual(word);
      await connectors.keep(ask("b"));
      const asked = (since: typeof noon) =>
        connectors.answered("bureau", since, [claim.customerId, idOf(0, "2")]);
      expect(await asked(addMilliseconds(noon, -1))).toEqual(new Set([claim.customerId]));
      expect(await asked(noon)).toEqual(new Set());
      expect(await connectors.answered("bureau", addMilliseconds(noon, -1), [])).toEqual(new Set());
      expect(await connectors.begin(ask("d", started), after)).toBeNull();
      expect(await connectors.find(idOf(0, "nobody"), soon)).toBeNull();
    });

    test("are summed by day and source, newest day first", async () => {
      const { connectors } = await open();
      await connectors.keep(ask("a", { calls: 3, costMinor: 450 }));
      await connectors.keep(ask("b", { outcome: "cached", calls: 0, costMinor: 0 }));
      await connectors.keep(ask("c", { source: "registry" }));
      await connectors.keep(ask("d", { on: may }));
      const bureau = { source: "bureau", on: june, currency: "CNY" };
      expect(await connectors.costs(may, june)).toEqual([
        { ...bureau, asks: 2, calls: 3, costMinor: 450 },
        { ...bureau, source: "registry", asks: 1, calls: 1, costMinor: 150 },
        { ...bureau, on: may, asks: 1, calls: 1, costMinor: 150 },
      ]);
      expect(await connectors.costs(may, may)).toHaveLength(1);
    });
  });
}
