// Buckets are independent: a few are worked on at once, so that the commits of one wait for the disk while
// the others compute. The result never depends on who comes first.

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
