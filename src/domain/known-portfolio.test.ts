// A mistyped portfolio is refused with the ones that it could be, and never with those of somebody else's scope.

import { expect, test } from "vitest";
import type { Scope } from "./actor.ts";
import { portfolioRefusal } from "./known-portfolio.ts";

const all: Scope = { kind: "all" };
const cards: Scope = { kind: "portfolios", portfolios: ["cards", "empty"] };

const names = async (named: string | null): Promise<readonly string[]> =>
  ["cards", "loans"].filter((one) => one === (named ?? one));
const none = async (): Promise<readonly string[]> => [];

test.each<Readonly<[string | null | undefined, Scope]>>([
  [null, all],
  [undefined, cards],
  ["cards", all],
  ["cards", cards],
  ["anything", { kind: "own", customerId: "c" }],
])("%j passes", async (portfolio, scope) => {
  expect(await portfolioRefusal(names, portfolio, scope)).toBeNull();
});

test.each<Readonly<[string, Scope, typeof names, string]>>([
  ["card", all, names, "Portfolio: found card, expected one of cards, loans"],
  ["loans", cards, names, "Portfolio: found loans, expected one of cards"],
  ["empty", cards, names, "Portfolio: found empty, expected one of cards"],
  ["cards", all, none, "Portfolio: found cards, expected none, there are no lines"],
])("%j is refused", async (portfolio, scope, known, text) => {
  const refusal = await portfolioRefusal(known, portfolio, scope);
  expect([refusal?.refused, refusal?.detail.en]).toEqual(["invalid", text]);
});
