// Undoings of waves in memory. What became of a bucket's decisions counts once, as in the PostgreSQL store.

import { profileOf } from "../../domain/line-profile.ts";
import type { Instant } from "../../domain/calendar.ts";
import { bucketCount, bucketOfId, type Bucket, type Id } from "../../domain/id.ts";
import type { UndoneLine, WaveDecision, WaveEcho, Waves } from "../../portfolio/wave-ports.ts";
import { countUndone, noUndoCounts } from "../../portfolio/wave-counts.ts";
import { checkLimit } from "../store/cursor.ts";
import { newestFacts } from "./facts.ts";
import { emptyWork } from "./sweeps.ts";
import {
  bucketOf,
  compareText,
  type BucketTables,
  type Tables,
  type UndoTables,
} from "./tables.ts";

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
    toldOf: async (lineIds, since) => {
      const sweepIds = lineIds.flatMap((lineId) =>
        toldIn(bucketOf(tables, bucketOfId(lineId)))
          .filter((told) => told.lineId === lineId && told.at >= since)
          .map(({ causeId }) => causeId),
      );
      return [...new Set(sweepIds)].filter((id) => tables.sweeps.has(id)).toSorted(compareText);
    },
    echo: async (sweepId, since) => {
      const buckets = [...tables.buckets.values()];
      return buckets.map((rows) => echoIn(rows, sweepId, since)).reduce(addEcho, noEcho);
    },
  };
}

const noEcho: WaveEcho = { told: 0, complaints: 0, inquiries: 0 };

function addEcho(left: WaveEcho, right: WaveEcho): WaveEcho {
  return {
    told: left.told + right.told,
    complaints: left.complaints + right.complaints,
    inquiries: left.inquiries + right.inquiries,
  };
}

type Told = Readonly<{ lineId: Id; causeId: Id; at: Instant }>;

function toldIn(rows: BucketTables): readonly Told[] {
  return [...rows.notices.values()].map(({ lineId, decisionId, issuedAt: at }) => {
    const { causeId } = rows.decisions.get(decisionId)!;
    return { lineId, causeId, at };
  });
}

function echoIn(rows: BucketTables, sweepId: Id, since: Instant): WaveEcho {
  const toldAt = new Map<Id, Instant>();
  for (const { lineId, causeId, at } of toldIn(rows)) {
    const known = toldAt.get(lineId);
    if (causeId === sweepId && (known === undefined || at < known)) toldAt.set(lineId, at);
  }
  const heard = (type: string): number => {
    const lines = rows.events
      .filter(({ kind, body }) => kind === "SignalRecorded" && body["type"] === type)
      .filter(({ body }) => (body["state"] ?? "opened") === "opened")
      .filter(({ lineId, at }) => toldAt.has(lineId) && at >= toldAt.get(lineId)! && at >= since);
    return new Set(lines.map(({ lineId }) => lineId)).size;
  };
  return { told: toldAt.size, complaints: heard("complaint"), inquiries: heard("inquiry") };
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
