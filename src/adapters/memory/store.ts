// The store in memory, for simulation and model-based tests: the same contract as PostgreSQL, one transaction per
// bucket at a time, and nothing of a transaction that threw or was only tried.

import { bucketCount, type Bucket } from "../../domain/id.ts";
import type { BucketTransaction, GroupTransaction, Store } from "../../flow/ports.ts";
import type { State } from "../../flow/state.ts";
import type { PortfolioStore } from "../../portfolio/ports.ts";
import { Fault } from "../fault.ts";
import type { Keys } from "../store/keys.ts";
import { rowKeysOver } from "../store/row-keys.ts";
import { emptyWorkingState } from "../store/working-state.ts";
import { writesOf } from "../store/writes.ts";
import { blackoutsIn, blackoutsOn, placeIn } from "./blackouts.ts";
import { attachmentsIn } from "./attachments.ts";
import { haltsAt, haltsIn, ledgerIn, referencesIn } from "./controls.ts";
import { connectorsIn } from "./connectors.ts";
import { emergenciesIn } from "./emergencies.ts";
import { deadLettersIn, environmentIn } from "./kept-signals.ts";
import { experimentsIn } from "./experiments.ts";
import { factPanesIn } from "./fact-panes.ts";
import { loadWanted } from "./load.ts";
import { plainKeys } from "./plain-keys.ts";
import { noticeTextsIn } from "./notice-texts.ts";
import { readsIn } from "./reads.ts";
import { prepareWrites } from "./save.ts";
import { strategiesIn } from "./strategies.ts";
import { sweepsIn, totalsIn } from "./sweeps.ts";
import { bucketOf, emptyTables, keyOf, type Tables } from "./tables.ts";
import { transparencyIn } from "./transparency.ts";
import { waitingIn } from "./waiting.ts";
import { wavesIn } from "./waves.ts";

/** All ports over rows that end with the process. Without keys, personal data is not protected. */
export function memoryStore(keys: Keys = plainKeys()): Store & PortfolioStore {
  const tables = emptyTables();
  const inTurn = turnsByBucket();
  return {
    transaction: (bucket, dryRun, work) =>
      inTurn(bucket, async () => {
        const open = openBucket(tables, bucket, keys);
        const result = await work(open.transaction).finally(open.end);
        if (!dryRun) open.commit();
        return result;
      }),
    group: (buckets, dryRun, work) => {
      const sorted = [...new Set(buckets)].toSorted((one, other) => one - other);
      const whole = async () => {
        const open = new Map(
          sorted.map((bucket) => [bucket, openBucket(tables, bucket, keys)] as const),
        );
        const end = (): void => open.forEach((one) => one.end());
        const result = await work(groupOf(tables, open)).finally(end);
        if (!dryRun) open.forEach((one) => one.commit());
        return result;
      };
      // Turns are taken in rising order, so that groups wait for each other and never in a circle.
      return sorted.reduceRight((next, bucket) => () => inTurn(bucket, next), whole)();
    },
    bucketsTogether: 256,
    reads: readsIn(tables),
    waiting: waitingIn(tables),
    halts: haltsIn(tables),
    blackouts: blackoutsIn(tables),
    ledger: ledgerIn(tables),
    references: referencesIn(tables),
    strategies: strategiesIn(tables),
    noticeTexts: noticeTextsIn(tables),
    deadLetters: deadLettersIn(tables),
    environment: environmentIn(tables),
    connectors: connectorsIn(tables),
    attachments: attachmentsIn(tables, keys),
    sweeps: sweepsIn(tables),
    waves: wavesIn(tables),
    emergencies: emergenciesIn(tables),
    experiments: experimentsIn(tables),
    factPanes: factPanesIn(tables),
    totals: totalsIn(tables),
    transparency: transparencyIn(tables),
  };
}

/** Runs work on one bucket in the order it was asked for, whatever became of the work before. */
function turnsByBucket(): <T>(bucket: Bucket, work: () => Promise<T>) => Promise<T> {
  const tails = new Map<Bucket, Promise<unknown>>();
  return (bucket, work) => {
    const turn = (tails.get(bucket) ?? Promise.resolve()).then(work);
    tails.set(
      bucket,
      turn.catch(() => undefined),
    );
    return turn;
  };
}

type OpenBucket = Readonly<{
  transaction: BucketTransaction;
  end: () => void;
  commit: () => void;
}>;

function openBucket(tables: Tables, bucket: Bucket, keys: Keys): OpenBucket {
  checkBucket(bucket);
  const rows = bucketOf(tables, bucket);
  const working = emptyWorkingState();
  const rowKeys = rowKeysOver(keys);
  let ended = false;
  let saved = false;
  let apply: (() => void) | null = null;
  const live = (): void => {
    if (ended) throw new Fault("Cannot use transaction: it has ended", { retryable: false });
  };
  const transaction: BucketTransaction = {
    nextSeq: rows.nextSeq,
    halts: async (now) => {
      live();
      return haltsAt(tables, now);
    },
    blackouts: async (today) => {
      live();
      return blackoutsOn(tables, today);
    },
    places: async (lineIds) => {
      live();
      const found = lineIds.map((id) => [id, placeIn(rows, id)] as const);
      return new Map(found.flatMap(([id, place]) => (place === null ? [] : [[id, place]])));
    },
    recall: async ({ client, key }) => {
      live();
      return rows.replies.get(keyOf(client, key)) ?? null;
    },
    load: async (wanted) => {
      live();
      return loadWanted({ tables: rows, working, rowKeys }, wanted);
    },
    commit: rowKeys.commit,
    save: async (changes) => {
      live();
      if (saved) throw new Error("Cannot save: this transaction has been saved already");
      saved = true;
      const writes = writesOf(bucket, rows.nextSeq, working, rowKeys, changes);
      apply = prepareWrites({ tables: rows, keys, rowKeys }, writes, changes);
    },
  };
  const commit = (): void => {
    if (saved && apply === null) {
      const state = "saving failed and the failure was not passed on";
      throw new Fault(`Cannot commit transaction: ${state}`, { retryable: false });
    }
    apply?.();
  };
  return { transaction, end: () => void (ended = true), commit };
}

function groupOf(tables: Tables, open: ReadonlyMap<Bucket, OpenBucket>): GroupTransaction {
  const transactionOf = (bucket: Bucket): BucketTransaction => open.get(bucket)!.transaction;
  return {
    buckets: new Map(Array.from(open, ([bucket, { transaction }]) => [bucket, transaction])),
    halts: async (now) => haltsAt(tables, now),
    load: async (wanted) => {
      const states = new Map<Bucket, State>();
      for (const [bucket, some] of wanted) {
        states.set(bucket, await transactionOf(bucket).load(some));
      }
      return states;
    },
    save: async (changes) => {
      for (const [bucket, some] of changes) await transactionOf(bucket).save(some);
    },
  };
}

function checkBucket(bucket: Bucket): void {
  if (Number.isInteger(bucket) && bucket >= 0 && bucket < bucketCount) return;
  throw new Fault(
    `Cannot lock bucket ${bucket}: found no such row, expected 0 to ${bucketCount - 1}`,
    {
      retryable: false,
    },
  );
}
