// A line that is told signals, for tests of the facts that are made of them.

import { serviceActor } from "../../src/domain/actor.ts";
import { addDays, addMilliseconds, type BusinessDate } from "../../src/domain/calendar.ts";
import type { CreditLine } from "../../src/domain/credit-line.ts";
import type { FactValues } from "../../src/domain/facts.ts";
import { bucketOfCustomer, type Bucket } from "../../src/domain/id.ts";
import { customerIdOf } from "../../src/flow/customer-id.ts";
import type { World } from "../../src/flow/ports.ts";
import { transact, type CommandResult } from "../../src/flow/transact.ts";
import type { Random } from "./random.ts";
import type { TestWorld } from "./world.ts";

/** What a signal says beside its source; without an id it gets one. */
export type Said = Readonly<{ id?: string; type: string; asOf: string }> &
  Readonly<Record<string, unknown>>;

const actor = serviceActor("test");
let made = 0;

/**
 * Registers a line with a limit of 10,000.00 as of 28 February 2026, of a customer of the same name or of another.
 * `change` is of the registration.
 */
export async function lineIn(
  world: World,
  reference: string,
  facts: FactValues = {},
  customer = reference,
  change: object = {},
): Promise<CreditLine> {
  const bucket = bucketOfCustomer(customer);
  const lineId = world.ids.derive(bucket, "line", "cards", reference);
  const body = {
    ...{ customerId: customerIdOf(world.ids, customer) },
    ...{ customerReference: customer, lineReference: reference, portfolio: "cards" },
    ...{ product: "card", jurisdiction: "cn", currency: "CNY", language: "zh" },
    ...{ limitMinor: 1_000_000, drawnMinor: 0, pendingMinor: 0, status: "active" },
    ...{ openedOn: null, asOf: "2026-02-28", facts, identity: {} },
    ...change,
  };
  const id = world.ids.fresh();
  const command = { id, kind: "RegisterLine", subject: lineId, actor, cause: id, body };
  const [result] = await transact(world, bucket, [command]);
  if (result === undefined || "refusal" in result) throw new Error("Line was not registered");
  return (await world.store.reads.line(lineId))!;
}

/** Tells signals about lines of one bucket in one transaction. */
export async function tellOf(
  world: World,
  bucket: Bucket,
  said: readonly Readonly<{ line: Pick<CreditLine, "id">; one: Said }>[],
): Promise<readonly CommandResult[]> {
  const commands = said.map(({ line, one }) => {
    const id = world.ids.fresh();
    made += 1;
    const body = { source: "core", id: `made-${made}`, isNews: true, ...one };
    return { id, kind: "RecordSignal", subject: line.id, actor, cause: id, body };
  });
  return transact(world, bucket, commands);
}

/** Tells one line signals, all of which must be recorded or known. */
export async function tell(
  world: World,
  line: CreditLine,
  ...said: readonly Said[]
): Promise<void> {
  const results = await tellOf(
    world,
    line.bucket,
    said.map((one) => ({ line, one })),
  );
  for (const result of results) {
    if ("refusal" in result) throw new Error(result.refusal.detail.en);
  }
}

/** Moves the clock of a world. */
export async function laterBy({ world, clock }: TestWorld, milliseconds: number): Promise<void> {
  await clock.set(addMilliseconds(await world.clock.now(), milliseconds));
}

export const cny = (amount: number) => ({ amount, currency: "CNY" });
export const minor = (amountMinor: number) => ({ amountMinor, currency: "CNY" });

/** Signals of the days before a date, some longer ago than anybody recomputes. */
export function randomSignals(random: Random, today: BusinessDate, count: number): readonly Said[] {
  const amount = (): number => random.integer(1, 500_000);
  const kinds: readonly (() => Omit<Said, "asOf">)[] = [
    () => ({ type: "drawdown", amount: minor(amount()) }),
    () => ({ type: "repayment", amount: minor(amount()) }),
    () => ({ type: "balance", drawn: minor(amount()) }),
    () => ({
      type: "statement",
      data: { balance: cny(amount()), minimumDue: cny(amount()), dueOn: "2026-04-01" },
    }),
    () => ({ type: "past-due", data: { daysPastDue: random.integer(1, 90), amount: cny(5) } }),
    () => ({ type: "bureau-report", data: { score: random.integer(300, 900) } }),
    () => ({ type: "bureau-report", data: { lenders3Months: random.integer(0, 9) } }),
    () => ({
      type: "related-overdue",
      data: {
        ...{ tie: "guarantor", customer: `C-${random.integer(1, 4)}` },
        daysPastDue: random.integer(0, 99),
      },
    }),
    () => ({
      type: "authorisation",
      data: { amount: cny(amount()), result: random.pick(["approved", "declined"]), kind: "cash" },
    }),
  ];
  return Array.from({ length: count }, (_, at) => {
    const asOf = addDays(today, -random.integer(0, random.chance(0.1) ? 300 : 80));
    const hour = String(random.integer(10, 12));
    const moment = random.chance(0.5) ? { happenedAt: `${asOf}T${hour}:00:00.000Z` } : {};
    const said = random.pick(kinds)();
    return { ...said, type: String(said["type"]), id: `s-${at}`, asOf, ...moment };
  });
}
