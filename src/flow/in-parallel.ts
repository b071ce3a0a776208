// Buckets are independent: a few are worked on at once, so that the commits of one wait for the disk while
// the others compute. The result never depends on who comes first.

import type { Bucket } from "../domain/id.ts";

/** Buckets worked on at once; more only fills the queue of the database. */
export const bucketsAtOnce = 4;

/**
 * Runs `work` on every item, at most `limit` at once. The first failure lets the running ones end, starts
 * no more, and is thrown.
 */
export async function inParallel<Item>(
  items: Iterable<Item>,
  limit: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    while (failures.length === 0) {
      const next = queue.next();
      if (next.done === true) return;
      try {
        await work(next.value);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  if (failures.length > 0) throw failures[0];
}

/** Buckets whose work failed for a reason that trying again does not cure, with that reason. */
export type Broken = Map<Bucket, unknown>;

/**
 * Works on items bucket by bucket, a few buckets at once, items of one bucket in their order. A failure that
 * may pass (a fault of the world) is thrown at once; any other sets its bucket aside in `broken`.
 */
export async function perBucket<Item>(
  items: readonly Item[],
  bucketOf: (item: Item) => Bucket,
  broken: Broken,
  work: (bucket: Bucket, items: readonly Item[]) => Promise<void>,
): Promise<void> {
  const batches = Map.groupBy(items, bucketOf);
  await inParallel(batches, bucketsAtOnce, async ([bucket, batch]) => {
    try {
      await work(bucket, batch);
    } catch (error) {
      if (mayPass(error)) throw error;
      broken.set(bucket, error);
    }
  });
}

/** Throws the first failure of the buckets set aside, naming the bucket; nothing when there is none. */
export function throwFirst(broken: Broken): void {
  for (const [bucket, cause] of broken) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Bucket ${bucket} was set aside: ${message}`, { cause });
  }
}

/** True for a failure that may pass, such as a fault of the world: trying again can help. */
export function mayPass(error: unknown): boolean {
  return error instanceof Error && "retryable" in error && error.retryable === true;
}
