// Undoings of waves in memory. What became of a bucket's decisions counts once, as in the PostgreSQL store.

import { profileOf } from "../../domain/line-profile.ts";
import { bucketCount, type Bucket, type Id } from "../../domain/id.ts";
import type { UndoneLine, WaveDecision, Waves } from "../../portfolio/wave-ports.ts";
import { countUndone, noUndoCounts } from "../../portfolio/wave-counts.ts";
import { checkLimit } from "../store/cursor.ts";
import { newestFacts } from "./facts.ts";
import { emptyWork } from "./sweeps.ts";
import { bucketOf, compareText, type Tables, type UndoTables } from "./tables.ts";

/** The port over the tables. */
export function wavesIn(tables: Tables): Waves {
  const newestFirst = (): readonly UndoTables[] =>
    [...tables.undos.values()].toSorted(
      ({ undo: left }, { undo: right }) =>
        compareText(right.proposedAt, left.proposedAt) || compareText(right.id, left.id),
    );
  return {
    propose: async (undo) => {
      if (tables.undos.has(undo.id)) return;
      const buckets = Array.from({ length: bucketCount }, () => ({
        ...emptyWork(),
        assessed: true,
      }));
      tables.undos.set(undo.id, { undo, buckets, lines: [] });
    },
    find: async (id) => tables.undos.get(id)?.undo ?? null,
    list: async (after, limit, sweepId) =>
      from(newestFirst(), ({ undo }) => undo.id, after)
        .map(({ undo }) => undo)
        .filter((undo) => sweepId === null || undo.sweepId === sweepId)
        .slice(0, checkLimit(limit)),
    idle: async () =>
      newestFirst()
        .filter(({ undo }) => undo.state === "running")
        .filter(({ buckets }) => !buckets.some(({ leaseUntilMs }) => leaseUntilMs > Date.now()))
        .map(({ undo }) => undo.id)
        .toReversed(),
    enter: async (id, before, to, by, at) => {
      const held = tables.undos.get(id);
      if (held?.undo.state !== before) return false;
      const when = to === "done" ? { finishedAt: at } : { decidedAt: at };
      held.undo = { ...held.undo, state: to, decidedBy: by, ...when };
      return true;
    },
    decisions: async (sweepId, buckets) =>
      new Map(buckets.map((bucket) => [bucket, decisionsOf(tables, sweepId, bucket)])),
    saveUndone: async (undoId, bucket, lines) => {
      const held = tables.undos.get(undoId);
      const work = held?.buckets[bucket];
      if (held === undefined || work === undefined || work.decided) return;
      Object.assign(work, { decided: true, leaseOwner: null, leaseUntilMs: 0 });
      held.lines.push(...lines);
    },
    undone: async (undoId, after, limit, did) =>
      from(inOrder(tables.undos.get(undoId)?.lines ?? []), (line) => line.decisionId, after)
        .filter((line) => did === null || line.did === did)
        .slice(0, checkLimit(limit)),
    counts: async (undoId) =>
      (tables.undos.get(undoId)?.lines ?? []).reduce(countUndone, noUndoCounts),
  };
}

function from<Row>(
  all: readonly Row[],
  idOf: (row: Row) => Id,
  after: string | null,
): readonly Row[] {
  if (after === null) return all;
  const place = all.findIndex((row) => idOf(row) === after);
  return place === -1 ? [] : all.slice(place + 1);
}

function inOrder(lines: readonly UndoneLine[]): readonly UndoneLine[] {
  return lines.toSorted(
    (left, right) => left.bucket - right.bucket || compareText(left.decisionId, right.decisionId),
  );
}

function decisionsOf(tables: Tables, sweepId: Id, bucket: Bucket): readonly WaveDecision[] {
  const rows = bucketOf(tables, bucket);
  return [...rows.decisions.values()]
    .filter(({ causeId }) => causeId === sweepId)
    .toSorted((left, right) => compareText(left.id, right.id))
    .map((decision) => {
      const facts = newestFacts(rows, decision.lineId, null, null);
      const region = facts === null ? null : profileOf(facts.facts, facts.asOf).region;
      return { decision, line: rows.lines.get(decision.lineId)!, region };
    });
}
