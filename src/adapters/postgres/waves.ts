// Undoings of waves. Their buckets are leased as a sweep's are; what became of a bucket's decisions is stored with the
// mark that it is done, so that a bucket counts once.

import type { Instant } from "../../domain/calendar.ts";
import { bucketOfId, isId, type Bucket, type Id } from "../../domain/id.ts";
import type {
  UndoCounts,
  UndoneLine,
  WaveDecision,
  WaveEcho,
  Waves,
  WaveUndo,
} from "../../portfolio/wave-ports.ts";
import { noUndoCounts } from "../../portfolio/wave-counts.ts";
import { checkLimit } from "../store/cursor.ts";
import type { Database, Transaction } from "./pool.ts";
import * as rows from "./rows.ts";
import { arrayLiteral } from "./set-statement.ts";

const selectUndo = `select u.id, u.sweep_id as "sweepId", u.portfolio, u.filter, u.reason, u.author,
  u.proposed_at as "proposedAt", u.planned, u.state, u.decided_by as "decidedBy", u.decided_at as "decidedAt",
  u.finished_at as "finishedAt" from wave_undo u`;

/** The port over one database. */
export function wavesIn(db: Database): Waves {
  return {
    propose: (undo) => db.transaction((tx) => propose(tx, undo)),
    find: async (id) => {
      if (!isId(id)) return null;
      const [row] = await db.query<WaveUndo>(`${selectUndo} where u.id = $1`, [id]);
      return row ?? null;
    },
    list: async (after, limit, sweepId) => {
      if (after !== null && !isId(after)) return [];
      if (sweepId !== null && !isId(sweepId)) return [];
      const text = `${selectUndo} where ($1::uuid is null or u.sweep_id = $1)
          and ($2::uuid is null or (u.proposed_at, u.id) < (select proposed_at, id from wave_undo where id = $2))
        order by u.proposed_at desc, u.id desc limit ${checkLimit(limit)}`;
      return db.query<WaveUndo>(text, [sweepId, after]);
    },
    idle: async () => {
      const text = `select u.id from wave_undo u where u.state = 'running' and not exists (
          select 1 from sweep_bucket b where b.sweep_id = u.id and b.lease_until > now())
        order by u.proposed_at, u.id`;
      return (await db.query<Readonly<{ id: Id }>>(text, [])).map(({ id }) => id);
    },
    enter: async (id, from, to, by, at) => {
      const text =
        to === "done"
          ? `update wave_undo set state = $3, decided_by = $4, finished_at = $5::timestamptz
              where id = $1 and state = $2`
          : `update wave_undo set state = $3, decided_by = $4, decided_at = $5::timestamptz
              where id = $1 and state = $2`;
      return (await db.execute(text, [id, from, to, by, at])) === 1;
    },
    decisions: (sweepId, buckets) => readDecisions(db, sweepId, buckets),
    saveUndone: (undoId, bucket, lines) =>
      db.transaction((tx) => saveUndone(tx, undoId, bucket, lines)),
    undone: async (undoId, after, limit, did) => {
      if (!isId(undoId) || (after !== null && !isId(after))) return [];
      const text = `select ${rows.undoneLines.select("t")} from undone_line t
        where t.undo_id = $1 and ($2::text is null or t.did = $2)
          and ($3::uuid is null or (t.bucket, t.decision_id) > (
            select bucket, decision_id from undone_line where undo_id = $1 and decision_id = $3))
        order by t.bucket, t.decision_id limit ${checkLimit(limit)}`;
      return db.query<UndoneLine>(text, [undoId, did, after]);
    },
    counts: (undoId) => readCounts(db, undoId),
    toldOf: async (lineIds, since) => {
      const text = `select distinct s.id from unnest($1::smallint[], $2::uuid[]) as v(bucket, line_id)
        join decision d on d.bucket = v.bucket and d.line_id = v.line_id
        join notice n on n.bucket = d.bucket and n.decision_id = d.id and n.issued_at >= $3::timestamptz
        join sweep s on s.id = d.cause_id order by s.id`;
      const buckets = arrayLiteral("integer", lineIds, bucketOfId);
      const ids = arrayLiteral("uuid", lineIds, (id) => id);
      const found = await db.query<Readonly<{ id: Id }>>(text, [buckets, ids, since]);
      return found.map(({ id }) => id);
    },
    echo: (sweepId, since) => readEcho(db, sweepId, since),
  };
}

async function propose(tx: Transaction, undo: WaveUndo): Promise<void> {
  const text = `insert into wave_undo (id, sweep_id, portfolio, filter, reason, author, proposed_at, planned, state)
    values ($1, $2, $3, $4::jsonb, $5, $6, $7::timestamptz, $8::jsonb, $9) on conflict (id) do nothing`;
  const added = await tx.execute(text, [
    ...[undo.id, undo.sweepId, undo.portfolio, JSON.stringify(undo.filter), undo.reason],
    ...[undo.author, undo.proposedAt, JSON.stringify(undo.planned), undo.state],
  ]);
  if (added === 0) return;
  await tx.execute(
    `insert into sweep_bucket (bucket, sweep_id, assessed)
      select n, $1::uuid, true from generate_series(0, 1023) as n`,
    [undo.id],
  );
}

async function readDecisions(
  db: Database,
  sweepId: Id,
  buckets: readonly Bucket[],
): Promise<ReadonlyMap<Bucket, readonly WaveDecision[]>> {
  const list = arrayLiteral("integer", buckets, (bucket) => bucket);
  const ofWave = `from decision t where t.bucket = any($1::smallint[]) and t.cause_id = $2`;
  type StoredDecision = rows.RowOf<typeof rows.decisions>;
  const stored = await db.query<StoredDecision>(
    `select ${rows.decisions.select("t")} ${ofWave} order by t.bucket, t.id`,
    [list, sweepId],
  );
  type Line = rows.RowOf<typeof rows.lines> & Readonly<{ region: string | null }>;
  const lines = await db.query<Line>(
    `select ${rows.lines.select("l")}, p.region from credit_line l
      left join line_profile p on p.bucket = l.bucket and p.line_id = l.id
      where l.bucket = any($1::smallint[]) and exists (
        select 1 from decision t where t.bucket = l.bucket and t.line_id = l.id and t.cause_id = $2)`,
    [list, sweepId],
  );
  const lineOf = new Map(lines.map((line) => [line.id, line]));
  const found = new Map<Bucket, WaveDecision[]>(buckets.map((bucket) => [bucket, []]));
  for (const row of stored) {
    const { region, ...line } = lineOf.get(row.lineId)!;
    found.get(row.bucket)!.push({ decision: rows.decisionOf(row), line, region });
  }
  return found;
}

async function saveUndone(
  tx: Transaction,
  undoId: Id,
  bucket: Bucket,
  lines: readonly UndoneLine[],
): Promise<void> {
  const mark = `update sweep_bucket set decided = true, lease_owner = null, lease_until = null
    where bucket = $1 and sweep_id = $2 and not decided`;
  if ((await tx.execute(mark, [bucket, undoId])) === 0 || lines.length === 0) return;
  await tx.execute(rows.undoneLines.insert(), rows.undoneLines.values(bucket, lines));
}

async function readEcho(db: Database, sweepId: Id, since: Instant): Promise<WaveEcho> {
  if (!isId(sweepId)) return { told: 0, complaints: 0, inquiries: 0 };
  const text = `with told as (
      select d.bucket, d.line_id, min(n.issued_at) as at from decision d
      join notice n on n.bucket = d.bucket and n.decision_id = d.id
      where d.cause_id = $1 group by d.bucket, d.line_id),
    heard as (
      select distinct e.bucket, e.line_id, e.body ->> 'type' as type from told t
      join event e on e.bucket = t.bucket and e.line_id = t.line_id
      where e.kind = 'SignalRecorded' and e.body ->> 'type' in ('complaint', 'inquiry')
        and coalesce(e.body ->> 'state', 'opened') = 'opened' and e.at >= t.at and e.at >= $2::timestamptz)
    select (select count(*) from told) as told,
      (select count(*) from heard where type = 'complaint') as complaints,
      (select count(*) from heard where type = 'inquiry') as inquiries`;
  const [echo] = await db.query<WaveEcho>(text, [sweepId, since]);
  return echo!;
}

async function readCounts(db: Database, undoId: Id): Promise<UndoCounts> {
  if (!isId(undoId)) return noUndoCounts;
  const text = `select did, refused, count(*) as count, sum(amount_minor)::bigint as "amountMinor" from undone_line
    where undo_id = $1 group by did, refused order by did, refused`;
  type Sum = Readonly<{ did: string; refused: string | null; count: number; amountMinor: number }>;
  const sums = await db.query<Sum>(text, [undoId]);
  const countOf = (did: string): number => sums.find((sum) => sum.did === did)?.count ?? 0;
  const done = sums.filter(({ refused }) => refused === null);
  return {
    withdrawn: countOf("withdrawn"),
    restored: countOf("restored"),
    amountMinor: done.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
    refused: Object.fromEntries(
      sums.flatMap(({ refused, count }) => (refused === null ? [] : [[refused, count]])),
    ),
  };
}
