// Loading in bulk: streams of commands, one for each bucket, through the one write path. Commands of a bucket stay in
// their order and go in batches, buckets go side by side; memory holds one batch for each bucket at work. What is
// loaded twice changes nothing the second time, because every command has its own id, so an interrupted load is
// finished by loading again. To use all cores, let several members of a crew (`src/crew.ts`) load their share of the
// buckets each.

import { bucketOfCustomer, type Bucket } from "../domain/id.ts";
import type { Refusal } from "../domain/refusal.ts";
import type { Registration } from "../flow/registration.ts";
import { bucketsAtOnce, inParallel } from "../flow/in-parallel.ts";
import type { World } from "../flow/ports.ts";
import type { Command } from "../flow/step.ts";
import { transact, type CommandResult } from "../flow/transact.ts";

/** The commands of one bucket, in their order; read once, and only as fast as they are stored. */
export type BucketLoad = Readonly<{
  bucket: Bucket;
  commands: Iterable<Command> | AsyncIterable<Command>;
}>;

export type BulkLoadOptions = Readonly<{
  /** most commands in one transaction; default 1,000 */
  batch?: number;
  /** buckets at work at the same time; default `bucketsAtOnce` */
  parallel?: number;
  /** asked between transactions; true leaves the rest to the next load */
  stop?: () => boolean;
  /** after each transaction, with everything so far */
  onProgress?: (sofar: BulkLoaded) => void;
  /** each refused command; without it the first refusal ends the load with an Error */
  onRefusal?: (command: Command, refusal: Refusal) => void;
}>;

/** Counts of commands: `stored` led to events, `unchanged` were known already, `refused` changed nothing. */
export type BulkLoaded = Readonly<{
  commands: number;
  stored: number;
  unchanged: number;
  refused: number;
  events: number;
}>;

/**
 * Loads all buckets. References of RegisterLine are claimed before their lines are registered. Throws faults of the
 * store; what was committed before stays.
 */
export async function bulkLoad(
  world: World,
  loads: Iterable<BucketLoad>,
  options: BulkLoadOptions = {},
): Promise<BulkLoaded> {
  const counts = { commands: 0, stored: 0, unchanged: 0, refused: 0, events: 0 };
  const size = options.batch ?? 1_000;
  const stopped = (): boolean => options.stop?.() === true;
  const store = async (bucket: Bucket, batch: readonly Command[]): Promise<void> => {
    await claim(world, batch);
    for (const result of await transact(world, bucket, batch)) count(counts, result, options);
    options.onProgress?.({ ...counts });
  };
  await inParallel(loads, options.parallel ?? bucketsAtOnce, async ({ bucket, commands }) => {
    let batch: Command[] = [];
    if (stopped()) return;
    for await (const command of commands) {
      batch.push(command);
      if (batch.length < size) continue;
      await store(bucket, batch);
      batch = [];
      if (stopped()) return;
    }
    if (batch.length > 0) await store(bucket, batch);
  });
  return counts;
}

type Counts = { -readonly [Key in keyof BulkLoaded]: BulkLoaded[Key] };

function count(counts: Counts, result: CommandResult, options: BulkLoadOptions): void {
  counts.commands += 1;
  if ("refusal" in result) {
    counts.refused += 1;
    if (options.onRefusal === undefined) {
      const { command, refusal } = result;
      throw new Error(`Cannot load: ${command.kind} ${command.subject}: ${refusal.detail.en}`);
    }
    options.onRefusal(result.command, result.refusal);
    return;
  }
  counts.events += result.events.length;
  if (result.events.length > 0) counts.stored += 1;
  else counts.unchanged += 1;
}

/** One reference is one line of the installation: a line whose reference belongs to another line ends the load. */
async function claim(world: World, batch: readonly Command[]): Promise<void> {
  const lines = batch
    .filter(({ kind }) => kind === "RegisterLine")
    .map(({ subject, body }) => {
      const { lineReference, portfolio, customerReference } = body as unknown as Registration;
      return { reference: lineReference, lineId: subject, portfolio, customerReference };
    });
  if (lines.length === 0) return;
  const [holder] = await world.store.references.claim(lines);
  if (holder === undefined) return;
  throw new Error(
    `Cannot load line ${holder.reference}: customer ${holder.customerReference} in portfolio ${holder.portfolio} has it`,
  );
}

/** Items by the bucket of their customer, buckets in order. */
export function byBucket<Item>(
  items: Iterable<Item>,
  customerReferenceOf: (item: Item) => string,
): readonly (readonly [Bucket, readonly Item[]])[] {
  const groups = Map.groupBy(items, (item) => bucketOfCustomer(customerReferenceOf(item)));
  return [...groups].toSorted(([left], [right]) => left - right);
}
