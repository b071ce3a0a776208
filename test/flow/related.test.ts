// A customer that falls behind is news for those who are linked to him: once, through the door of all signals, as far as
// the facts document allows, and never further than one hop.

import { beforeEach, describe, expect, test } from "vitest";
import { serviceActor } from "../../src/domain/actor.ts";
import { addMilliseconds } from "../../src/domain/calendar.ts";
import type { CreditLine } from "../../src/domain/credit-line.ts";
import type { CustomerLinkKind } from "../../src/domain/customer.ts";
import { customerIdOf } from "../../src/flow/customer-id.ts";
import { dispatch } from "../../src/flow/dispatch.ts";
import { fellBehindBy } from "../../src/flow/fell-behind.ts";
import { factsToTell } from "../../src/flow/known-facts.ts";
import type { World } from "../../src/flow/ports.ts";
import { setHalt } from "../../src/flow/stop-switch.ts";
import { takeSignals, usualClockSkewMs } from "../../src/flow/take-signals.ts";
import { transact } from "../../src/flow/transact.ts";
import { lineIn } from "../support/declared-facts.ts";
import { actor } from "../support/given.ts";
import { memoryWorld, type TestWorld } from "../support/world.ts";

let given: TestWorld;
let world: World;

beforeEach(() => {
  given = memoryWorld();
  ({ world } = given);
});

const today = "2026-03-02";
let sent = 0;

async function customer(
  name: string,
  ...links: readonly (readonly [CustomerLinkKind, string])[]
): Promise<CreditLine> {
  const told = links.map(([kind, to]) => ({
    ...{ kind, customerReference: to, customerId: customerIdOf(world.ids, to) },
  }));
  const line = await lineIn(world, name, { daysPastDue: 0 }, name, { links: told });
  await world.store.references.claim([
    { reference: name, lineId: line.id, portfolio: "cards", customerReference: name },
  ]);
  return line;
}

/** The core system says how late a line is. */
async function late(line: string, daysPastDue: number): Promise<void> {
  sent += 1;
  const event = {
    ...{ specversion: "1.0", id: `late-${sent}`, source: "/core", subject: line, asof: today },
    type: "tidemark.signal.past-due",
    data: { daysPastDue, amount: { amount: 100, currency: "CNY" } },
  };
  const clerk = serviceActor("core");
  const [taken] = await takeSignals(world, clerk, [{ event }], { clockSkewMs: usualClockSkewMs });
  expect(taken).toMatchObject({ outcome: "recorded" });
}

const kindsOf = async ({ id }: CreditLine) =>
  (await world.store.reads.timeline(id)).map(({ kind }) => kind);

async function signalsOf({ id }: CreditLine) {
  const events = await world.store.reads.timeline(id);
  return events.filter(({ kind }) => kind === "SignalRecorded").map(({ body }) => body);
}

describe("a line that reaches a worse delinquency bucket", () => {
  test("is told to those linked to its customer, in their own buckets, with the tie", async () => {
    const first = await customer("C-1", ["guarantor", "C-2"], ["same-device", "C-3"]);
    const [second, third] = [await customer("C-2"), await customer("C-3")];
    await late("C-1", 12);
    expect(await dispatch(world, "t")).toMatchObject({ sent: 1, faults: 0 });
    expect(await signalsOf(second)).toMatchObject([
      {
        ...{ type: "related-overdue", source: "tidemark/related", asOf: today },
        data: { tie: "guarantor", customer: "C-1", daysPastDue: 12 },
      },
    ]);
    expect(await signalsOf(third)).toMatchObject([{ data: { tie: "same-device" } }]);
    const { derived } = await factsToTell(world, second, today as never, null);
    const value = (name: string) => derived.find(({ fact }) => fact.name === name)!.value;
    expect(value("relatedWorstPastDue90Days")).toBe(12);
    expect(value("relatedCustomersPastDue90Days")).toBe(1);
    const told = (await world.store.reads.timeline(first.id)).at(-1)!;
    expect(told).toMatchObject({
      ...{ kind: "RelatedTold", subject: first.id },
      body: { told: 2, withoutLine: 0, beyond: 0, atMost: 20, daysPastDue: 12 },
    });
  });

  test("is told of again only when it gets worse by a bucket", async () => {
    await customer("C-1", ["spouse", "C-2"]);
    const second = await customer("C-2");
    for (const days of [1, 29, 30, 31, 5, 0 + 1, 32]) {
      await late("C-1", days);
      await dispatch(world, "t");
    }
    const told = (await signalsOf(second)).map(
      ({ data }) => (data as { daysPastDue: number }).daysPastDue,
    );
    expect(told).toEqual([1, 31, 32]);
  });

  test("is told once, however often the message is sent", async () => {
    const first = await customer("C-1", ["spouse", "C-2"]);
    const second = await customer("C-2");
    await late("C-1", 5);
    const [entry] = await world.store.waiting.leaseOutbox("dead", 0, 10, []);
    expect(entry).toMatchObject({ kind: "related.tell" });
    await dispatch(world, "t");
    await dispatch(world, "t");
    expect(await signalsOf(second)).toHaveLength(1);
    expect((await kindsOf(first)).filter((kind) => kind === "RelatedTold")).toHaveLength(1);
  });

  test("leads to one hop and no loop, whatever the ties", async () => {
    const first = await customer("C-1", ["spouse", "C-2"], ["spouse", "C-1"]);
    const second = await customer("C-2", ["spouse", "C-1"], ["guarantor", "C-3"]);
    const third = await customer("C-3", ["guarantees", "C-2"]);
    await late("C-1", 45);
    let sends = 0;
    for (let round = 0; round < 5; round += 1) sends += (await dispatch(world, "t")).sent;
    expect(sends).toBe(1);
    expect(await signalsOf(second)).toHaveLength(1);
    expect(await signalsOf(third)).toEqual([]);
    expect((await signalsOf(first)).map(({ type }) => type)).toEqual(["past-due"]);
  });

  test("is told to as many as the document allows, and says how many were left out", async () => {
    world = { ...world, declared: { ...world.declared, linkedAtMost: 2 } };
    const names = ["C-2", "C-3", "C-4", "C-5"];
    const first = await customer("C-1", ...names.map((name) => ["same-company", name] as const));
    const others = await Promise.all(names.map((name) => customer(name)));
    await late("C-1", 5);
    await dispatch(world, "t");
    const heard = await Promise.all(others.map(signalsOf));
    expect(heard.flat()).toHaveLength(2);
    const events = await world.store.reads.timeline(first.id);
    const told = events.find(({ kind }) => kind === "RelatedTold")!;
    expect(told.body).toMatchObject({ told: 2, beyond: 2, atMost: 2 });
  });

  test("leaves no dead letter for a linked customer without a line", async () => {
    const first = await customer("C-1", ["guarantor", "nobody"]);
    await late("C-1", 5);
    await dispatch(world, "t");
    const told = (await world.store.reads.timeline(first.id)).at(-1)!;
    expect(told.body).toMatchObject({ told: 0, withoutLine: 1 });
    expect((await world.store.deadLetters.list({ after: null, limit: 9 }, {})).rows).toEqual([]);
  });

  test("without ties leaves nothing behind", async () => {
    const first = await customer("C-1");
    await late("C-1", 5);
    expect(await dispatch(world, "t")).toMatchObject({ sent: 1 });
    expect(await kindsOf(first)).toEqual(["LineRegistered", "SignalRecorded"]);
  });

  test("waits while signals are halted", async () => {
    await customer("C-1", ["spouse", "C-2"]);
    const second = await customer("C-2");
    await late("C-1", 5);
    const expiresAt = addMilliseconds(await world.clock.now(), 3_600_000);
    await setHalt(world, { area: "ingest", reason: "t", actor: actor("o", "operator"), expiresAt });
    expect(await dispatch(world, "t")).toMatchObject({ sent: 0 });
    await given.clock.set(addMilliseconds(expiresAt, 1));
    expect(await dispatch(world, "t")).toMatchObject({ sent: 1 });
    expect(await signalsOf(second)).toHaveLength(1);
  });

  test("by a file is news as well, the first registration is not", async () => {
    await lineIn(world, "C-9", { daysPastDue: 40 }, "C-9", {
      links: [
        { kind: "spouse", customerReference: "C-2", customerId: customerIdOf(world.ids, "C-2") },
      ],
    });
    const second = await customer("C-2");
    expect(await dispatch(world, "t")).toMatchObject({ sent: 0 });
    await lineIn(world, "C-9", { daysPastDue: 70 }, "C-9", { asOf: "2026-03-01" });
    await dispatch(world, "t");
    expect(await signalsOf(second)).toMatchObject([{ data: { daysPastDue: 70 } }]);
  });
});

test("history that is told once is no news", async () => {
  const line = await customer("C-1", ["spouse", "C-2"]);
  const data = { daysPastDue: 45, amount: { amount: 1, currency: "CNY" } };
  const id = world.ids.fresh();
  const body = { source: "core", id: "old", type: "past-due", asOf: today, data };
  const command = { id, kind: "RecordSignal", subject: line.id, cause: id, body };
  await transact(world, line.bucket, [{ ...command, actor: serviceActor("demo") }]);
  expect(await world.store.waiting.unsent()).toBe(0);
});

test("a worse bucket is one further along, and unknown is not past due", () => {
  const by = (was: number | null, is: number | null) =>
    fellBehindBy({ daysPastDue: was }, { daysPastDue: is });
  expect([by(0, 1), by(30, 31), by(null, 1), by(180, 181)]).toEqual([1, 31, 1, 181]);
  expect([by(1, 30), by(31, 30), by(0, 0), by(5, null), by(181, 400)]).toEqual(
    Array.from({ length: 5 }, () => null),
  );
});
