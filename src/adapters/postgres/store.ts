// The store in PostgreSQL: one transaction per bucket under its row lock, and every other port beside it. This
// file is the whole list; each part has its own.

import { attachmentsIn } from "./attachments.ts";
import { bucketCount, type Bucket } from "../../domain/id.ts";
import type {
  BucketInGroup,
  BucketTransaction,
  GroupTransaction,
  Store,
  StoredReply,
} from "../../flow/ports.ts";
import type { PortfolioStore } from "../../portfolio/ports.ts";
import type { Halt } from "../../flow/hold-ports.ts";
import { Fault } from "../fault.ts";
import type { Keys } from "../store/keys.ts";
import { rowKeysOver } from "../store/row-keys.ts";
import { emptyWorkingState } from "../store/working-state.ts";
import { writesOf } from "../store/writes.ts";
import { blackoutsIn, readBlackouts, readPlaces } from "./blackouts.ts";
import { connectorsIn } from "./connectors.ts";
import { deadLettersIn } from "./dead-letters.ts";
import { emergenciesIn } from "./emergencies.ts";
import { environmentIn } from "./environment-signals.ts";
import { experimentsIn } from "./experiments.ts";
import { factPanesIn } from "./fact-panes.ts";
import { haltsIn, inForce, readHalts } from "./halts.ts";
import { ledgerIn } from "./ledger.ts";
import { loadWanted } from "./load.ts";
import type { Database, Queryable, Transaction } from "./pool.ts";
import { noticeTextsIn } from "./notice-texts.ts";
import { readsIn } from "./reads.ts";
import { referencesIn } from "./references.ts";
import { saveWrites, type SavedBucket } from "./save.ts";
import { strategiesIn } from "./strategies.ts";
import { sweepsIn, totalsIn } from "./sweeps.ts";
import { transparencyIn } from "./transparency.ts";
import { waitingIn } from "./waiting.ts";
import { wavesIn } from "./waves.ts";

/**
 * All ports over one open and migrated database. On a cluster `bucketsTogether` is 1. Transactions run again on 40001 and 40P01, so `work` must have
 * no other effects. Throws faults; a stale row is a retryable fault with code "stale-row".
 */
export function postgresStore(
  db: Database,
  keys: Keys,
  bucketsTogether = usualBucketsTogether,
): Store & PortfolioStore {
  const group: Store["group"] = (buckets, dryRun, work) =>
    db.transaction(async (tx) => work(await openGroup(tx, buckets, keys)), { rollback: dryRun });
  return {
    transaction: (bucket, dryRun, work) =>
      db.transaction(async (tx) => work(await openBucket(tx, bucket, keys)), { rollback: dryRun }),
    ...{ group, bucketsTogether },
    reads: readsIn(db),
    waiting: waitingIn(db),
    halts: haltsIn(db),
    blackouts: blackoutsIn(db),
    ledger: ledgerIn(db),
    references: referencesIn(db),
    strategies: strategiesIn(db),
    noticeTexts: noticeTextsIn(db),
    deadLetters: deadLettersIn(db, keys),
    environment: environmentIn(db),
    connectors: connectorsIn(db),
    attachments: attachmentsIn(db, keys),
    sweeps: sweepsIn(db),
    waves: wavesIn(db),
    emergencies: emergenciesIn(db),
    experiments: experimentsIn(db),
    factPanes: factPanesIn(db),
    totals: totalsIn(db),
    transparency: transparencyIn(db),
  };
}

/** More only makes writers wait for each other. */
const usualBucketsTogether = 256;

async function openBucket(tx: Transaction, bucket: Bucket, keys: Keys): Promise<BucketTransaction> {
  const group = await openGroup(tx, [bucket], keys);
  return {
    ...group.buckets.get(bucket)!,
    halts: group.halts,
    recall: ({ client, key }) => recall(tx, bucket, client, key),
    load: async (wanted) => (await group.load(new Map([[bucket, wanted]]))).get(bucket)!,
    save: (changes) => group.save(new Map([[bucket, changes]])),
  };
}

async function openGroup(
  tx: Transaction,
  buckets: readonly Bucket[],
  keys: Keys,
): Promise<GroupTransaction> {
  const { locked, halts } = await lockAndLook(tx, buckets);
  const open = new Map(
    Array.from(locked, ([bucket, nextSeq]) => {
      const rowKeys = rowKeysOver(keys);
      const working = emptyWorkingState();
      const held: BucketInGroup = {
        ...{ nextSeq, commit: rowKeys.commit },
        blackouts: (today) => readBlackouts(tx, today),
        places: (lineIds) => readPlaces(tx, bucket, lineIds),
      };
      return [bucket, { ...held, bucket, rowKeys, working }] as const;
    }),
  );
  let saved = false;
  return {
    buckets: open,
    halts: async (now) => inForce(halts, now),
    load: async (wanted) => {
      const parts = new Map(
        Array.from(wanted, ([bucket, some]) => [bucket, { ...open.get(bucket)!, wanted: some }]),
      );
      if (parts.size > 0) await loadWanted({ tx, parts });
      return new Map(Array.from(parts, ([bucket, { working }]) => [bucket, working.state]));
    },
    save: async (changes) => {
      if (saved) throw new Error("Cannot save: this transaction has been saved already");
      saved = true;
      const parts = Array.from(changes, ([bucket, some]): SavedBucket => {
        const { nextSeq, rowKeys, working } = open.get(bucket)!;
        const writes = writesOf(bucket, nextSeq, working, rowKeys, some);
        return { bucket, nextSeq, rowKeys, writes, changes: some };
      });
      if (parts.length > 0) await saveWrites({ tx, keys, parts });
    },
  };
}

/** What every transaction begins with: the lock of its buckets, and the halts as they are under it. */
async function lockAndLook(
  tx: Transaction,
  buckets: readonly Bucket[],
): Promise<Readonly<{ locked: ReadonlyMap<Bucket, number>; halts: readonly Halt[] }>> {
  let locked: ReadonlyMap<Bucket, number> = new Map();
  let halts: readonly Halt[] = [];
  await tx.together([
    async () => void (locked = await lockBuckets(tx, buckets)),
    async () => void (halts = await readHalts(tx)),
  ]);
  return { locked, halts };
}

const lockOne = `select bucket, next_seq as "nextSeq" from bucket where bucket = $1 for update`;
// In rising order, so that two transactions wait for each other and never in a circle.
const lockSeveral = `select bucket, next_seq as "nextSeq" from bucket where bucket = any($1::smallint[])
  order by bucket for update`;

/** The row lock is the single writer: whoever comes second waits here. */
async function lockBuckets(
  tx: Queryable,
  buckets: readonly Bucket[],
): Promise<ReadonlyMap<Bucket, number>> {
  type Locked = Readonly<{ bucket: Bucket; nextSeq: number }>;
  const [first, ...others] = new Set(buckets);
  const locked = await (others.length === 0
    ? tx.query<Locked>(lockOne, [first])
    : tx.query<Locked>(lockSeveral, [[first, ...others]]));
  const next = new Map(locked.map(({ bucket, nextSeq }) => [bucket, nextSeq]));
  const missing = buckets.find((bucket) => !next.has(bucket));
  if (missing === undefined) return next;
  throw new Fault(
    `Cannot lock bucket ${missing}: found no such row, expected 0 to ${bucketCount - 1} in a migrated database`,
    { retryable: false },
  );
}

async function recall(
  tx: Queryable,
  bucket: Bucket,
  client: string,
  key: string,
): Promise<StoredReply | null> {
  const text = `select body_hash as "bodyHash", status, reply from idempotency
    where bucket = $1 and client = $2 and key = $3`;
  const [found] = await tx.query<StoredReply>(text, [bucket, client, key]);
  return found ?? null;
}
