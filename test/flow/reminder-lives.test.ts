// Random months of two customers with two lines each: whatever statements, payments, providers and a clock that jumps do,
// nobody who has paid is reminded, nobody in quiet hours, nobody above the cap, and nobody twice of the same thing.

import fc from "fast-check";
import { expect, test } from "vitest";
import {
  addDays,
  addMilliseconds,
  type BusinessDate,
  type Instant,
} from "../../src/domain/calendar.ts";
import type { CreditLine } from "../../src/domain/credit-line.ts";
import type { Id } from "../../src/domain/id.ts";
import { advanceClock } from "../../src/flow/advance.ts";
import type { HandOver } from "../../src/flow/notice-ports.ts";
import type { World } from "../../src/flow/ports.ts";
import { cny, lineIn, minor, tell } from "../support/declared-facts.ts";
import { standardWatch } from "../support/watch.ts";
import { memoryWorld, worldBegins } from "../support/world.ts";

const line = fc.nat(3);
const statement = fc.record({
  ...{ kind: fc.constant("statement" as const), line },
  due: fc.integer({ min: 1, max: 25 }),
  minimum: fc.constantFrom(0, 10_000, 20_000),
});
const payment = fc.record({
  ...{ kind: fc.constant("payment" as const), line },
  amount: fc.constantFrom(5_000, 10_000, 20_000),
});
const time = fc.record({
  kind: fc.constant("time" as const),
  hours: fc.constantFrom(1, 11, 24, 24, 72, 240),
});
const fates = [
  { result: "delivered" },
  { result: "sent" },
  { result: "bounced", because: "mailbox full", permanent: false },
  { result: "bounced", because: "no-address", permanent: true },
] as const satisfies readonly HandOver[];
const month = fc.record({
  moves: fc.array(fc.oneof(statement, payment, time), { minLength: 4, maxLength: 24 }),
  fates: fc.array(fc.constantFrom(...fates), { minLength: 1, maxLength: 6 }),
  hour: fc.constantFrom("07:30", "10:00", "20:59", "21:00", "23:15"),
  most: fc.integer({ min: 1, max: 3 }),
});

type Month = typeof month extends fc.Arbitrary<infer Value> ? Value : never;

const capDays = 7;
const dayMs = 86_400_000;

/** What the watch remembers beside the product: payments by line, and what reached somebody. */
type Seen = {
  readonly paid: { lineId: Id; on: BusinessDate; amount: number }[];
  readonly reached: { id: string; customerId: Id; at: Instant }[];
  readonly broken: string[];
  left: number;
};

function watched(base: World, { fates: given, hour, most }: Month, seen: Seen): World {
  let tries = 0;
  const { clock } = base;
  return {
    ...base,
    watch: {
      ...standardWatch,
      reminders: {
        ...standardWatch.reminders!,
        ...{ at: hour, channels: ["push", "sms"], cap: { most, days: capDays } },
      },
    },
    channels: {
      ...base.channels,
      remind: async ({ id, customerId, lineId, statementOn, dueOn, minimumDueMinor }) => {
        const at = await clock.now();
        const localMs = Date.parse(at) - Date.parse(clock.startOf(clock.dateOf(at)));
        const atHour = localMs / 3_600_000;
        if (atHour < 8 || atHour >= 21) seen.broken.push(`quiet hours: ${at}`);
        if (clock.dateOf(at) > dueOn) seen.broken.push(`after the due date: ${at} > ${dueOn}`);
        const paid = seen.paid
          .filter((one) => one.lineId === lineId && one.on > statementOn)
          .reduce((sum, { amount }) => sum + amount, 0);
        if (paid >= minimumDueMinor) seen.broken.push(`paid ${paid} of ${minimumDueMinor}`);
        if (seen.reached.some((one) => one.id === id)) seen.broken.push(`reached twice: ${id}`);
        const answer = given[tries++ % given.length]!;
        seen.left += 1;
        if (answer.result === "bounced") return answer;
        seen.reached.push({ id, customerId, at });
        const since = addMilliseconds(at, -capDays * dayMs);
        const recent = seen.reached.filter(
          (one) => one.customerId === customerId && one.at > since,
        );
        if (recent.length > most) seen.broken.push(`${recent.length} in ${capDays} days`);
        return answer;
      },
    },
  };
}

async function play(given: Month): Promise<Seen> {
  const here = memoryWorld();
  const seen: Seen = { paid: [], reached: [], broken: [], left: 0 };
  const world = watched(here.world, given, seen);
  const lines: CreditLine[] = [];
  for (const name of ["L-0", "L-1", "L-2", "L-3"]) {
    const customer = name < "L-2" ? "C-1" : "C-2";
    lines.push(await lineIn(world, name, {}, customer, { drawnMinor: 5_000_000 }));
  }
  const run = { owner: "test", stop: () => false, pause: async () => {}, onStep: () => {} };
  let now = worldBegins;
  const pass = async (hours: number): Promise<void> => {
    now = addMilliseconds(now, hours * 3_600_000);
    await advanceClock(world, here.clock, now, run);
  };
  for (const [at, move] of given.moves.entries()) {
    const today = world.clock.dateOf(now);
    if (move.kind === "time") await pass(move.hours);
    else if (move.kind === "payment") {
      const { id } = lines[move.line]!;
      const said = { type: "repayment", asOf: today, amount: minor(move.amount) };
      await tell(world, lines[move.line]!, said);
      seen.paid.push({ lineId: id, on: today, amount: move.amount });
    } else {
      const dueOn = addDays(today, move.due);
      const data = { balance: cny(5_000_000), minimumDue: cny(move.minimum), dueOn };
      // Told twice: once under its id, and once under another.
      for (const id of [`s-${at}`, `s-${at}`, `t-${at}`]) {
        await tell(world, lines[move.line]!, { id, type: "statement", asOf: today, data });
      }
    }
  }
  await pass(24 * 60);
  const { rows } = await world.store.reads.reminders({ after: null, limit: 200 }, {});
  const steps = rows.map(({ lineId, dueOn, daysBefore }) => `${lineId} ${dueOn} ${daysBefore}`);
  if (new Set(steps).size !== steps.length) seen.broken.push("one step twice");
  for (const { state } of rows) {
    if (state === "planned" || state === "waiting") seen.broken.push(`${state} at the end`);
  }
  return seen;
}

test("no random month breaks what is promised of reminders", async () => {
  let left = 0;
  await fc.assert(
    fc.asyncProperty(month, async (given) => {
      const seen = await play(given);
      left += seen.left;
      expect(seen.broken).toEqual([]);
    }),
    { numRuns: 120 },
  );
  // Months in which nobody is ever reminded would promise nothing.
  expect(left).toBeGreaterThan(20);
}, 240_000);
