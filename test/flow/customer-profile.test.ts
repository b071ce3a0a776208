// The profile of a customer: traits follow from facts, with their history, and are those of any past day and knowledge.

import { beforeEach, expect, test } from "vitest";
import type { BusinessDate } from "../../src/domain/calendar.ts";
import type { CreditLine } from "../../src/domain/credit-line.ts";
import type { World } from "../../src/flow/ports.ts";
import { customerProfile } from "../../src/portfolio/customer-profile.ts";
import { laterBy, lineIn, minor, tell } from "../support/declared-facts.ts";
import { memoryWorld, type TestWorld } from "../support/world.ts";

const today = "2026-03-02" as BusinessDate;
const dayMs = 86_400_000;

let given: TestWorld;
let world: World;
let line: CreditLine;

beforeEach(async () => {
  given = memoryWorld();
  ({ world } = given);
  line = await lineIn(world, "L-1", { customerTier: "premium", utilisation: 2_000 }, "C-1");
});

async function profile(asOf: BusinessDate | null = null, knownAt: string | null = null) {
  const when = { asOf, knownAt: knownAt as never };
  return (await customerProfile(world, line.customerId, {}, when))!;
}

async function traits(...asked: Parameters<typeof profile>) {
  const found = await profile(...asked);
  return Object.fromEntries(found.traits.map(({ trait, holds }) => [trait.name, holds]));
}

const lenders = (asOf: string, count: number) => ({
  ...{ type: "bureau-report", asOf, data: { lenders3Months: count } },
});

test("has tier, a year of points, and traits that are unknown before anything is told", async () => {
  const found = await profile();
  expect(found.history).toHaveLength(13);
  expect(found.history.at(-1)).toMatchObject({
    asOf: today,
    tier: "premium",
    utilisationBp: 2_000,
  });
  expect(found.history[0]).toMatchObject({ asOf: "2025-03-02", tier: null, traits: [] });
  expect(new Set(Object.values(await traits()))).toEqual(new Set([null]));
});

test("says since when a trait holds and by which facts of which line", async () => {
  await tell(world, line, lenders("2026-01-10", 4));
  const { traits: found } = await profile();
  const one = found.find(({ trait }) => trait.name === "multi-borrower")!;
  expect(one).toMatchObject({ holds: true, since: "2026-02-02" });
  expect(one.sources).toEqual([
    { lineId: line.id, reference: "L-1", holds: true, facts: { lendersTold: 4 } },
  ]);
  expect((await traits("2025-12-31" as BusinessDate))["multi-borrower"]).toBeNull();
});

test("is as it was known then", async () => {
  await tell(world, line, lenders("2026-02-01", 1));
  const before = await world.clock.now();
  await laterBy(given, dayMs);
  await tell(world, line, lenders("2026-02-20", 5));
  expect((await traits())["multi-borrower"]).toBe(true);
  expect((await traits(today, before))["multi-borrower"]).toBe(false);
});

test("of several open lines any or every one must show a trait, closed ones none", async () => {
  const other = await lineIn(world, "L-2", {}, "C-1");
  await lineIn(world, "L-3", {}, "C-1", { status: "closed" });
  const paid = (amount: number) => [
    {
      ...{ type: "statement", asOf: "2026-02-05" },
      data: {
        ...{ balance: { amount: 100_000, currency: "CNY" }, dueOn: "2026-02-25" },
        minimumDue: { amount: 1_000, currency: "CNY" },
      },
    },
    { type: "repayment", asOf: "2026-02-20", amount: minor(amount) },
  ];
  await tell(world, line, ...paid(100_000));
  expect(await traits()).toMatchObject({ transactor: null, revolver: null });
  await tell(world, other, ...paid(10_000));
  expect(await traits()).toMatchObject({ transactor: false, revolver: true });
});

test("is for who reaches a line of the customer, over the lines that he reaches", async () => {
  const when = { asOf: null, knownAt: null };
  const { customerId } = line;
  expect(await customerProfile(world, customerId, { portfolios: ["loans"] }, when)).toBeNull();
  expect(await customerProfile(world, customerId, { portfolios: ["cards"] }, when)).not.toBeNull();
  expect(await customerProfile(world, "nobody", {}, when)).toBeNull();
});
