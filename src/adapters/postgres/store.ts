// The store in PostgreSQL: one transaction per bucket under its row lock, and every other port beside it. This
// file is the whole list; each part has its own.

import { bucketCount, type Bucket } from "../../domain/id.ts";
import type { BucketTransaction, Changes, Store, StoredReply } from "../../flow/ports.ts";
import type { PortfolioStore } from "../../portfolio/ports.ts";
import { Fault } from "../fault.ts";
import type { Keys } from "../store/keys.ts";
import { rowKeysOver } from "../store/row-keys.ts";
import { emptyWorkingState } from "../store/working-state.ts";
import { writesOf } from "../store/writes.ts";
import { deadLettersIn } from "./dead-letters.ts";
import { environmentIn } from "./environment-signals.ts";
import { experimentsIn } from "./experiments.ts";
import { factPanesIn } from "./fact-panes.ts";
import { haltsIn, readHalts } from "./halts.ts";
import { ledgerIn } from "./ledger.ts";
import { loadWanted } from "./load.ts";
import type { Database, Queryable, Transaction } from "./pool.ts";
import { noticeTextsIn } from "./notice-texts.ts";
import { readsIn } from "./reads.ts";
import { referencesIn } from "./references.ts";
import { saveWrites } from "./save.ts";
import { strategiesIn } from "./strategies.ts";
import { sweepsIn, totalsIn } from "./sweeps.ts";
import { waitingIn } from "./waiting.ts";
import { wavesIn } from "./waves.ts";

/**
 * All ports over one open and migrated database. Transactions run again on 40001 and 40P01, so `work` must have
 * no other effects. Throws faults; a stale row is a retryable fault with code "stale-row".
 */
export function postgresStore(db: Database, keys: Keys): Store & PortfolioStore {
  return {
    transaction: (bucket, dryRun, work) =>
      db.transaction(async (tx) => work(await openBucket(tx, bucket, keys)), { rollback: dryRun }),
    reads: readsIn(db),
    waiting: waitingIn(db),
    halts: haltsIn(db),
    ledger: ledgerIn(db),
    references: referencesIn(db),
    strategies: strategiesIn(db),
    noticeTexts: noticeTextsIn(db),
    deadLetters: deadLettersIn(db, keys),
    environment: environmentIn(db),
    sweeps: sweepsIn(db),
    waves: wavesIn(db),
    experiments: experimentsIn(db),
    factPanes: factPanesIn(db),
    totals: totalsIn(db),
  };
}

async function openBucket(tx: Transaction, bucket: Bucket, keys: Keys): Promise<BucketTransaction> {
  const nextSeq = await lockBucket(tx, bucket);
  const working = emptyWorkingState();
  const rowKeys = rowKeysOver(keys);
  let saved = false;
  return {
    nextSeq,
    halts: (now) => readHalts(tx, now),
    recall: ({ client, key }) => recall(tx, bucket, client, key),
    load: (wanted) => loadWanted({ tx, bucket, working, rowKeys }, wanted),
    commit: rowKeys.commit,
    save: async (changes: Changes) => {
      if (saved) throw new Error("Cannot save: this transaction has been saved already");
      saved = true;
      const writes = writesOf(bucket, nextSeq, working, rowKeys, changes);
      await saveWrites({ tx, bucket, nextSeq, keys, rowKeys }, writes, changes);
    },
  };
}

/** The row lock is the single writer: whoever comes second waits here. */
async function lockBucket(tx: Queryable, bucket: Bucket): Promise<number> {
  const text = `select next_seq as "nextSeq" from bucket where bucket = $1 for update`;
  const [row] = await tx.query<Readonly<{ nextSeq: number }>>(text, [bucket]);
  if (row !== undefined) return row.nextSeq;
  throw new Fault(
    `Cannot lock bucket ${bucket}: found no such row, expected 0 to ${bucketCount - 1} in a migrated database`,
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
