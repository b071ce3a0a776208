// The demo portfolio's past, bucket by bucket through the one write path, under a clock that stands on the evening of a
// month end, so that what was known when is much as it would have been. Loading a bucket twice changes nothing.

import { addDays, addMilliseconds, type BusinessDate, type Instant } from "../domain/calendar.ts";
import { bucketCount, bucketOfCustomer, type Bucket } from "../domain/id.ts";
import type { Registration } from "../flow/registration.ts";
import { bucketsAtOnce, inParallel } from "../flow/in-parallel.ts";
import type { Clock, World } from "../flow/ports.ts";
import type { Command } from "../flow/step.ts";
import { transact } from "../flow/transact.ts";
import { demoOwner } from "./demo-block.ts";
import { demoMonthEnds, demoMonths } from "./demo-calendar.ts";
import { demoCommands, type DemoTelling } from "./demo-commands.ts";
import { demoCustomerReference } from "./demo-customer.ts";
import { demoLife } from "./demo-life.ts";
import { demoLine } from "./demo-line.ts";

/** Which portfolio: how many lines, from which seed. */
export type DemoPlan = Readonly<{ lines: number; seed: number }>;

/** Above this many lines the last three months are told; what came before is history that lines are registered with. */
export const mostLinesWithAllMovements = 100_000;

const commandsAtOnce = 2_000;

/** Months of a small bucket share a transaction until it is worth one. */
const commandsWorthATransaction = 150;

/** The numbers of the lines of every bucket, in order. */
export function demoBuckets({ lines, seed }: DemoPlan): readonly (readonly number[])[] {
  const buckets: number[][] = Array.from({ length: bucketCount }, () => []);
  for (let number = 0; number < lines; number += 1) {
    const reference = demoCustomerReference(demoOwner(seed, number));
    buckets[bucketOfCustomer(reference)]!.push(number);
  }
  return buckets;
}

/** Some buckets in a row, to be shared out among `of` members, and the months that they get. */
export type DemoPart = Readonly<{
  plan: DemoPlan;
  months: Readonly<{ from: number; to: number }>;
  first: Bucket;
  count: number;
  of: number;
}>;

/**
 * Stores one member's share of a part, a few buckets at once.
 * @param stop asked between buckets; true leaves the rest to a later run
 * @returns commands sent
 */
export async function loadDemoShare(
  world: World,
  part: DemoPart,
  member: number,
  buckets: readonly (readonly number[])[],
  stop: () => boolean,
  onBucket: () => void = () => undefined,
): Promise<number> {
  const share: Bucket[] = [];
  for (let bucket = part.first + member; bucket < part.first + part.count; bucket += part.of) {
    share.push(bucket);
  }
  let sent = 0;
  await inParallel(share, bucketsAtOnce, async (bucket) => {
    const numbers = buckets[bucket]!;
    if (stop()) return;
    if (numbers.length > 0) {
      const loaded = await loadDemoBucket(world, part.plan, bucket, numbers, part.months);
      sent += loaded;
    }
    onBucket();
  });
  return sent;
}

/** How the commands of a plan are told. */
export function demoTelling({ ids }: Pick<World, "ids">, plan: DemoPlan): DemoTelling {
  const all = plan.lines <= mostLinesWithAllMovements;
  return { ids, lines: plan.lines, registeredAt: all ? 0 : demoMonths - 3 };
}

/** The evening of a business date, two hours before it ends: when its statements are known. */
export function eveningOf(clock: Pick<Clock, "startOf">, date: BusinessDate): Instant {
  return addMilliseconds(clock.startOf(addDays(date, 1)), -7_200_000);
}

/** The same world with a clock that stands still on the evening of a date. */
export function standingAt(world: World, date: BusinessDate): World {
  const at = eveningOf(world.clock, date);
  return { ...world, clock: { ...world.clock, now: async () => at } };
}

/**
 * Stores some months of one bucket, in order.
 * @returns commands sent
 */
async function loadDemoBucket(
  world: World,
  plan: DemoPlan,
  bucket: Bucket,
  numbers: readonly number[],
  months: Readonly<{ from: number; to: number }>,
): Promise<number> {
  const telling = demoTelling(world, plan);
  const lives = numbers.map((number) => {
    const line = demoLine(plan.seed, number);
    return { line, life: demoLife(line) };
  });
  let sent = 0;
  let batch: Command[] = [];
  for (let month = months.from; month <= months.to; month += 1) {
    for (const { line, life } of lives) batch.push(...demoCommands(telling, line, life, month));
    if (batch.length < commandsWorthATransaction && month < months.to) continue;
    await store(standingAt(world, demoMonthEnds[month]!), bucket, batch);
    sent += batch.length;
    batch = [];
  }
  return sent;
}

async function store(world: World, bucket: Bucket, commands: readonly Command[]): Promise<void> {
  for (let from = 0; from < commands.length; from += commandsAtOnce) {
    const batch = commands.slice(from, from + commandsAtOnce);
    await claim(world, batch);
    for (const result of await transact(world, bucket, batch)) {
      if (!("refusal" in result)) continue;
      const { command, refusal } = result;
      throw new Error(`Cannot load demo: ${command.kind} ${command.subject}: ${refusal.detail.en}`);
    }
  }
}

async function claim(world: World, batch: readonly Command[]): Promise<void> {
  const lines = batch
    .filter(({ kind }) => kind === "RegisterLine")
    .map(({ subject: lineId, body }) => {
      const { lineReference, portfolio, customerReference } = body as unknown as Registration;
      return { reference: lineReference, lineId, portfolio, customerReference };
    });
  const [held] = lines.length === 0 ? [] : await world.store.references.claim(lines);
  if (held === undefined) return;
  throw new Error(`Cannot load demo: reference ${held.reference} belongs to another line`);
}
