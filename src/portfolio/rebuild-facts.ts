// All panes made again from the signals that were recorded, and held against those that stand. Equal panes are equal
// facts, because facts are made of panes by one function. Each bucket is held still while it is looked at, so that a signal
// that comes in meanwhile is never a difference.

import type { Actor, Role } from "../domain/actor.ts";
import type { Bucket } from "../domain/id.ts";
import {
  emptyPane,
  equalPanes,
  type Pane,
  paneKey,
  type PaneKey,
  type PaneRow,
} from "../domain/pane.ts";
import type { Refusal } from "../domain/refusal.ts";
import { observationsOf, paneAfter } from "../flow/fact-panes.ts";
import { bucketsAtOnce, inParallel } from "../flow/in-parallel.ts";
import type { BucketTransaction, World } from "../flow/ports.ts";
import { nothing } from "../flow/strategy-effective.ts";
import { wholeLenderRefusal } from "../flow/whole-lender.ts";
import type { PortfolioStore } from "./ports.ts";

/** Roles that may rebuild the facts of every line. */
export const rebuildRoles = ["operator", "administrator"] as const satisfies readonly Role[];

/** A pane that is not what the signals say; null where there is none. */
export type PaneDifference = PaneKey & Readonly<{ stored: Pane | null; expected: Pane | null }>;

/** `differences`: the first of all `different` ones. `written`: new versions that were stored. */
export type Rebuilt = Readonly<{
  buckets: number;
  signals: number;
  panes: number;
  different: number;
  written: number;
  differences: readonly PaneDifference[];
}>;

export type RebuildRun = Readonly<{
  /** compare and change nothing */
  check: boolean;
  stop: () => boolean;
  onProgress: (done: Rebuilt, buckets: number) => void;
}>;

const mostTold = 1_000;

/** Compares every bucket and, unless it only checks, writes what is different anew. Refused: forbidden. */
export async function rebuildFacts(
  world: World,
  { factPanes }: Pick<PortfolioStore, "factPanes">,
  actor: Actor,
  { check, stop, onProgress }: RebuildRun,
): Promise<Rebuilt | Refusal> {
  const forbidden = wholeLenderRefusal(actor, rebuildRoles, {
    en: "Rebuild facts",
    zh: "重建事实",
  });
  if (forbidden !== null) return forbidden;
  const buckets = await factPanes.buckets();
  let done: Rebuilt = {
    ...{ buckets: 0, signals: 0, panes: 0, different: 0, written: 0, differences: [] },
  };
  await inParallel(buckets, bucketsAtOnce, async (bucket) => {
    if (stop()) return;
    const found = await world.store.transaction(bucket, check, async (transaction) => {
      const compared = await compareBucket(world, factPanes, bucket);
      if (!check) await write(world, transaction, bucket, compared.differences);
      return compared;
    });
    const different = found.differences.length;
    done = {
      buckets: done.buckets + 1,
      signals: done.signals + found.signals,
      panes: done.panes + found.panes,
      different: done.different + different,
      written: done.written + (check ? 0 : different),
      differences: [...done.differences, ...found.differences].slice(0, mostTold),
    };
    onProgress(done, buckets.length);
  });
  return { ...done, differences: done.differences.toSorted(byKey) };
}

function byKey(one: PaneDifference, other: PaneDifference): number {
  return paneKey(one) < paneKey(other) ? -1 : 1;
}

type Compared = Pick<Rebuilt, "signals" | "panes" | "differences">;

async function compareBucket(
  { declared, clock }: Pick<World, "declared" | "clock">,
  panes: PortfolioStore["factPanes"],
  bucket: Bucket,
): Promise<Compared> {
  const expected = new Map<string, PaneKey & Readonly<{ pane: Pane }>>();
  let signals = 0;
  for await (const { lineId, at, signal } of panes.signals(bucket)) {
    signals += 1;
    for (const one of observationsOf(declared, signal, clock.dateOf(at))) {
      const key: PaneKey = { lineId, measure: one.measure.id, onDate: signal.asOf };
      const name = paneKey(key);
      expected.set(name, { ...key, pane: paneAfter(expected.get(name)?.pane, one) });
    }
  }
  const made = expected.size;
  const differences: PaneDifference[] = [];
  for await (const row of panes.all(bucket)) {
    const { lineId, measure, onDate } = row;
    const name = paneKey(row);
    const pane = expected.get(name)?.pane ?? null;
    expected.delete(name);
    if (equalPanes(row, pane ?? emptyPane)) continue;
    differences.push({ lineId, measure, onDate, stored: paneIn(row), expected: pane });
  }
  for (const { pane, ...key } of expected.values()) {
    differences.push({ ...key, stored: null, expected: pane });
  }
  return { signals, panes: made, differences };
}

function paneIn({ count, sum, low, high, last, seen, lastSeen, lastAt }: PaneRow): Pane {
  return { count, sum, low, high, last, seen, lastSeen, lastAt };
}

async function write(
  { clock }: Pick<World, "clock">,
  transaction: BucketTransaction,
  bucket: Bucket,
  differences: readonly PaneDifference[],
): Promise<void> {
  if (differences.length === 0) return;
  const knownAt = await clock.now();
  const state = await transaction.load({ ...nothing, today: clock.dateOf(knownAt) });
  for (const { stored: _, expected, ...key } of differences) {
    state.panes.set(paneKey(key), { ...(expected ?? emptyPane), bucket, ...key, knownAt });
  }
  await transaction.save({ state, events: [], leaves: [], doneOutbox: [], reply: null });
}
