// Work on many buckets, a few at a time under a lease: what sweeps and the undoing of waves share. Leases only spread
// work; whoever is interrupted leaves the rest to the next run, and nothing is done twice because each bucket's own
// transaction finds what was done.

import { bucketCount, type Bucket, type Id } from "../domain/id.ts";
import { bucketsAtOnce, inParallel } from "../flow/in-parallel.ts";
import type { SweepPass, Sweeps } from "./ports.ts";

const leaseMs = 60_000;
const bucketsPerReport = 32;
const mostPerGroup = 16;

/** How far the work on leased buckets came: false ends it here. */
export type Worked = Readonly<{ goOn: boolean; rows: number }>;

/** Asked while at work: `asked` is free, `goesOn` looks at the database. */
export type Look = Readonly<{ asked: () => boolean; goesOn: () => Promise<boolean> }>;

export type BucketWork = Readonly<{
  sweeps: Pick<Sweeps, "lease" | "left">;
  /** whose buckets: a sweep, or the undoing of a wave */
  id: Id;
  pass: SweepPass;
  owner: string;
  stop: () => boolean;
  /** asked before every lease */
  mayGoOn: () => Promise<boolean>;
  /** rows that one lease shall bring; memory holds a few times as many */
  rowsPerGroup: number;
  work: (buckets: readonly Bucket[], look: Look) => Promise<Worked>;
  /** told now and then how many of all buckets are done */
  onDone: (bucketsDone: number) => Promise<void>;
}>;

/** Works on free buckets, a few at once, until none is left, `stop` says so or it may not go on. */
export async function workBuckets(
  work: BucketWork,
  pause: (ms: number) => Promise<void>,
): Promise<void> {
  while (await workFreeBuckets(work)) {
    if ((await work.sweeps.left(work.id, work.pass)) === 0) return;
    await pause(200);
  }
}

/** Works until no bucket is free; false when it may not go on. */
export async function workFreeBuckets(work: BucketWork): Promise<boolean> {
  const { sweeps, id, pass, owner, rowsPerGroup } = work;
  let done = 0;
  let stopped = false;
  // Small buckets share a lease, a look at the halts and a read; large ones are taken one by one.
  let group = 1;
  const asked = (): boolean => (stopped ||= work.stop());
  const goesOn = async (): Promise<boolean> => {
    stopped ||= work.stop() || !(await work.mayGoOn());
    return !stopped;
  };
  const worker = async (): Promise<void> => {
    while (await goesOn()) {
      const buckets = await sweeps.lease(id, pass, owner, leaseMs, group);
      if (buckets.length === 0) return;
      const { goOn, rows } = await work.work(buckets, { asked, goesOn });
      stopped ||= !goOn;
      const wanted = Math.floor((rowsPerGroup * buckets.length) / Math.max(1, rows));
      group = Math.min(mostPerGroup, group * 2, Math.max(1, wanted));
      const reported = Math.floor(done / bucketsPerReport);
      done += buckets.length;
      if (Math.floor(done / bucketsPerReport) > reported) {
        await work.onDone(bucketCount - (await sweeps.left(id, pass)));
      }
    }
  };
  await inParallel(Array.from({ length: bucketsAtOnce }), bucketsAtOnce, worker);
  return !stopped;
}
