// Signals of different days lead to the same line in whatever order they arrive, in PostgreSQL as in memory.

import { afterAll, beforeAll, expect, test } from "vitest";
import { serviceActor } from "../../src/domain/actor.ts";
import type { CreditLine } from "../../src/domain/credit-line.ts";
import { addDays } from "../../src/domain/calendar.ts";
import { bucketOfCustomer } from "../../src/domain/id.ts";
import { factValues, knownFacts } from "../../src/flow/known-facts.ts";
import { transact } from "../../src/flow/transact.ts";
import { lineIn, randomSignals, tell } from "../support/declared-facts.ts";
import { randomFrom } from "../support/random.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { databaseWorld, memoryWorld, type TestWorld } from "../support/world.ts";

const actor = serviceActor("test");

const money = (amountMinor: number) => ({ amountMinor, currency: "CNY" });

/** Told of a line that is registered as of 1 February with 100 drawn. */
const signals = [
  { id: "a", type: "balance", asOf: "2026-02-10", drawn: money(500), pending: money(20) },
  { id: "b", type: "drawdown", asOf: "2026-02-08", amount: money(40) },
  { id: "c", type: "drawdown", asOf: "2026-02-12", amount: money(300) },
  { id: "d", type: "balance", asOf: "2026-02-14", drawn: money(900) },
  { id: "e", type: "repayment", asOf: "2026-02-16", amount: money(60) },
] as const;

type Told = (typeof signals)[number];

function ordersOf(list: readonly Told[]): readonly (readonly Told[])[] {
  if (list.length === 0) return [[]];
  return list.flatMap((one) =>
    ordersOf(list.filter((other) => other !== one)).map((rest) => [one, ...rest]),
  );
}

/** Registers a line and tells it signals, each in a transaction of its own. */
async function lineAfter({ world }: TestWorld, told: readonly Told[]): Promise<CreditLine> {
  const reference = `S-${told.map(({ id }) => id).join("")}`;
  const bucket = bucketOfCustomer(reference);
  const lineId = world.ids.derive(bucket, "line", reference);
  const command = (kind: string, body: Readonly<Record<string, unknown>>) => ({
    ...{ id: world.ids.fresh(), kind, subject: lineId, actor, cause: lineId, body },
  });
  const registered = command("RegisterLine", {
    ...{ customerId: world.ids.derive(bucket, "customer", reference) },
    ...{ customerReference: reference, lineReference: reference, portfolio: "cards" },
    ...{ product: "card", jurisdiction: "cn", currency: "CNY", language: "zh" },
    ...{ limitMinor: 10_000, drawnMinor: 100, pendingMinor: 5, status: "active", openedOn: null },
    ...{ asOf: "2026-02-01", facts: {}, identity: {} },
  });
  const recorded = told.map((signal) =>
    command("RecordSignal", { ...signal, source: "core", id: `${reference} ${signal.id}` }),
  );
  for (const one of [registered, ...recorded]) {
    const [result] = await transact(world, bucket, [one]);
    expect(result).not.toHaveProperty("refusal");
  }
  return (await world.store.reads.line(lineId))!;
}

let database: FreshDatabase;

beforeAll(async () => {
  database = await freshDatabase();
});

afterAll(() => database.close());

test("every order of the same signals leads to the same line, in both stores", async () => {
  const worlds = [databaseWorld(database.db), memoryWorld()];
  for (const order of ordersOf(signals)) {
    for (const world of worlds) {
      expect(await lineAfter(world, order), order.map(({ id }) => id).join("")).toMatchObject({
        ...{ drawnMinor: 840, pendingMinor: 0, balanceAsOf: "2026-02-14", ver: 1 },
        movements: [{ on: "2026-02-16", netMinor: -60 }],
      });
    }
  }
});

test("a movement that arrives before the balance of an earlier day is not lost, nor kept for ever", async () => {
  const [first, , third, fourth] = signals;
  for (const world of [databaseWorld(database.db), memoryWorld()]) {
    expect(await lineAfter(world, [third, first])).toMatchObject({
      ...{ drawnMinor: 800, pendingMinor: 20 },
      movements: [{ on: "2026-02-12", netMinor: 300 }],
    });
    expect(await lineAfter(world, [third, fourth])).toMatchObject({
      ...{ drawnMinor: 900, movements: null },
    });
  }
});

test("random signals lead to the same facts and panes in both stores, one line and all", async () => {
  const seed = 7;
  const told = [];
  for (const given of [databaseWorld(database.db), memoryWorld()]) {
    const { world, portfolio } = given;
    const random = randomFrom(seed);
    const line = await lineIn(world, "S-facts");
    const now = await world.clock.now();
    const asOf = world.clock.dateOf(now);
    const left = [...randomSignals(random, asOf, 60)];
    while (left.length > 0) await tell(world, line, ...left.splice(0, random.integer(1, 40)));
    const known = await knownFacts(world, line, asOf, now);
    const after = addDays(asOf, -world.declared.reachDays);
    const all = await portfolio.factPanes.of({ asOf, knownAt: now }, [line.bucket], after);
    expect(all.get(line.id)).toEqual(known.panes);
    told.push({ values: factValues(world, known, line, asOf, null), panes: known.panes });
  }
  expect(told[0], `seed ${seed}`).toEqual(told[1]);
  expect(told[0]!.panes.length).toBeGreaterThan(30);
});
