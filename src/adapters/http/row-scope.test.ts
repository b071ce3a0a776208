// Rows outside the scope never come through, even where the store forgot its filter.

import { expect, test } from "vitest";
import type { Scope } from "../../domain/actor.ts";
import type { CreditLine } from "../../domain/credit-line.ts";
import { reached, reachesLine, rowScopeOf, withinPortfolio } from "./row-scope.ts";

const line = (id: string, customerId: string, portfolio: string): CreditLine =>
  ({ id, customerId, portfolio }) as CreditLine;

const lines = [line("l1", "c1", "cards"), line("l2", "c2", "loans")];
const rows = [
  { lineId: "l1", customerId: "c1" },
  { lineId: "l2", customerId: "c2" },
  { lineId: "gone", customerId: "c3" },
];

const scopes: readonly Readonly<[Scope, readonly string[]]>[] = [
  [{ kind: "all" }, ["l1", "l2", "gone"]],
  [{ kind: "own", customerId: "c2" }, ["l2"]],
  [{ kind: "portfolios", portfolios: ["cards"] }, ["l1"]],
  [{ kind: "portfolios", portfolios: ["cards", "loans"] }, ["l1", "l2"]],
  [{ kind: "portfolios", portfolios: [] }, []],
];

test.each(scopes)("%o reaches %o", async (scope, expected) => {
  const reads = { line: async (id: string) => lines.find((one) => one.id === id) ?? null };
  const seen = await reached(reads, scope, rows);
  expect(seen.map((row) => row.lineId)).toEqual(expected);
  const seenLines = lines.filter((one) => reachesLine(scope, one)).map((one) => one.id);
  expect(seenLines).toEqual(expected.filter((id) => id !== "gone"));
});

test("each line is read once for a page", async () => {
  let reads = 0;
  const counted = {
    line: async (id: string) => {
      reads += 1;
      return lines.find((one) => one.id === id) ?? null;
    },
  };
  await reached(counted, { kind: "portfolios", portfolios: ["cards"] }, [...rows, ...rows]);
  expect(reads).toBe(3);
});

test("a scope is the filter that the store is asked with", () => {
  expect(rowScopeOf({ kind: "all" })).toEqual({});
  expect(rowScopeOf({ kind: "own", customerId: "c" })).toEqual({ customerId: "c" });
  expect(rowScopeOf({ kind: "portfolios", portfolios: ["p"] })).toEqual({ portfolios: ["p"] });
});

test("naming a portfolio narrows a scope and never widens it", () => {
  const cards: Scope = { kind: "portfolios", portfolios: ["cards"] };
  expect(withinPortfolio({ kind: "all" }, "loans")).toEqual({
    ...{ kind: "portfolios", portfolios: ["loans"] },
  });
  expect(withinPortfolio(cards, "cards")).toEqual(cards);
  expect(withinPortfolio(cards, "loans")).toEqual({ kind: "portfolios", portfolios: [] });
  expect(withinPortfolio(cards, undefined)).toBe(cards);
  const own = { kind: "own", customerId: "c1" } as Scope;
  expect(withinPortfolio(own, "cards")).toBe(own);
});
