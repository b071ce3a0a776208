// The working rows of sweeps. Leases only spread the work: what a pass of a bucket produced counts once, because the
// row of the bucket is marked done in the transaction that stores it, and only if it was not done before.

import type { Instant } from "../../domain/calendar.ts";
import { isId, type Bucket, type Id } from "../../domain/id.ts";
import type {
  PortfolioStore,
  Sweep,
  SweepCounts,
  SweepFilter,
  SweepPass,
  Sweeps,
  SweepStanding,
} from "../../portfolio/ports.ts";
import { sumCounts } from "../../portfolio/sweep-counts.ts";
import { checkLimit } from "../store/cursor.ts";
import { conditions } from "./conditions.ts";
import type { Database, Transaction } from "./pool.ts";
import {
  ranked,
  readProposals,
  saveAssessed,
  saveDecided,
  saveGrants,
  shadowed,
} from "./proposals.ts";
import { arrayLiteral } from "./set-statement.ts";
import { readLines } from "./sweep-lines.ts";

const doneColumn = {
  ...{ ask: "asked", assess: "assessed", decide: "decided" },
} as const satisfies Record<SweepPass, string>;

/** The port over one database. */
export function sweepsIn(db: Database): Sweeps {
  return {
    count: async (strategyHash, asOf) => {
      const text =
        "select count(*) as count from sweep where strategy_hash = $1 and as_of = $2::date";
      const [row] = await db.query<Readonly<{ count: number }>>(text, [strategyHash, asOf]);
      return row?.count ?? 0;
    },
    start: (sweep) => db.transaction((tx) => start(tx, sweep)),
    find: async (id) =>
      isId(id) ? ((await readSweeps(db, "where id = $1", [id]))[0] ?? null) : null,
    list: (after, limit, filter = {}) => list(db, after, limit, filter),
    idle: async () => {
      const found = await db.query<Readonly<{ id: Id }>>(
        `select s.id from sweep s where s.state not in ('done', 'cancelled') and s.paused_by is null
           and not exists (select 1 from sweep_bucket b where b.sweep_id = s.id and b.lease_until > now())
         order by s.started_at, s.id`,
        [],
      );
      return found.map(({ id }) => id);
    },
    unfinished: async (strategyId, asOf) => {
      const where = `where strategy_id = $1 and as_of = $2 and state not in ('done', 'cancelled')
        order by started_at desc, id desc limit 1`;
      return (await readSweeps(db, where, [strategyId, asOf]))[0] ?? null;
    },
    lease: (sweepId, pass, owner, leaseMs, most) => lease(db, sweepId, pass, owner, leaseMs, most),
    left: (sweepId, pass) => left(db, sweepId, pass),
    free: async (sweepId, owner) => {
      const text = `update sweep_bucket set lease_owner = null, lease_until = null
        where sweep_id = $1 and lease_owner = $2`;
      await db.execute(text, [sweepId, owner]);
    },
    ...asking(db),
    read: (sweep, buckets) => readLines(db, sweep, buckets),
    saveAssessed: (sweepId, found) => saveAssessed(db, sweepId, found),
    ranked: (sweepId) => ranked(db, sweepId),
    saveGrants: (sweepId, granted, all) =>
      db.transaction((tx) => saveGrants(tx, sweepId, granted, all)),
    proposals: (sweepId, buckets) => readProposals(db, sweepId, buckets),
    saveDecided: (sweepId, decided) => saveDecided(db, sweepId, decided),
    setState: (sweepId, from, to, at) =>
      db.transaction((tx) => setState(tx, sweepId, from, to, at)),
    setPaused: async (sweepId, by) => {
      const text = `update sweep set paused_by = $2 where id = $1 and state not in ('done', 'cancelled')
        and paused_by is distinct from $2::text`;
      return (await db.execute(text, [sweepId, by])) === 1;
    },
    standing: async (sweepId) => {
      const text = `select state, paused_by as "pausedBy" from sweep where id = $1`;
      const [row] = await db.query<Pick<Sweep, "state" | "pausedBy">>(text, [sweepId]);
      return row ?? null;
    },
    counts: (sweepId) => readCounts(db, sweepId),
    packed: async (sweepId, bucket) => {
      const text = "select packed from sweep_bucket where bucket = $1 and sweep_id = $2";
      const [row] = await db.query<Readonly<{ packed: string | null }>>(text, [bucket, sweepId]);
      return row?.packed ?? null;
    },
    shadowed: (...asked) => shadowed(db, ...asked),
  };
}

function asking(db: Database): Pick<Sweeps, "saveAsked" | "beginAssessing"> {
  return {
    saveAsked: async (sweepId, buckets) => {
      const text = `update sweep_bucket set asked = true, lease_owner = null, lease_until = null
        where sweep_id = $1 and bucket = any($2::smallint[])`;
      await db.execute(text, [sweepId, buckets]);
    },
    beginAssessing: async (sweepId, knownAt) => {
      const text = `update sweep set state = 'assessing', known_at = $2
        where id = $1 and state = 'asking'`;
      await db.execute(text, [sweepId, knownAt]);
    },
  };
}

/** Sums over all lines, or those of one portfolio. */
export function totalsIn(db: Database): PortfolioStore["totals"] {
  return async (portfolio) => {
    const text = `select currency, count(*) as lines, sum(limit_minor)::bigint as "limitMinor" from credit_line
      where $1::text is null or portfolio = $1 group by currency order by currency`;
    type Sum = Readonly<{ currency: string; lines: number; limitMinor: number }>;
    const sums = await db.query<Sum>(text, [portfolio]);
    return {
      lines: sums.reduce((count, sum) => count + sum.lines, 0),
      limitMinorByCurrency: Object.fromEntries(sums.map((sum) => [sum.currency, sum.limitMinor])),
    };
  };
}

async function start(tx: Transaction, sweep: Sweep): Promise<void> {
  const { strategy } = sweep;
  const text = `insert into sweep (id, strategy_id, strategy_version, strategy_hash, as_of, known_at, portfolio,
      daily_cap_minor, state, maker, started_at, experiment, shadows, emergency)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict (id) do nothing`;
  const experiment = sweep.experiment === null ? null : JSON.stringify(sweep.experiment);
  const added = await tx.execute(text, [
    ...[sweep.id, strategy.id, strategy.version, strategy.hash, sweep.asOf, sweep.knownAt],
    ...[sweep.portfolio, sweep.dailyCapMinor, sweep.state, sweep.maker, sweep.startedAt],
    ...[experiment, JSON.stringify(sweep.shadows)],
    sweep.emergency === null ? null : JSON.stringify(sweep.emergency),
  ]);
  if (added === 0) return;
  await tx.execute(
    "insert into sweep_bucket (bucket, sweep_id) select n, $1::uuid from generate_series(0, 1023) as n",
    [sweep.id],
  );
}

type StoredSweep = Omit<Sweep, "strategy" | "counts"> &
  Readonly<{
    strategyId: string;
    strategyVersion: number;
    strategyHash: string;
    counts: SweepCounts | null;
  }>;

const selectSweeps = `select id, strategy_id as "strategyId", strategy_version as "strategyVersion",
  strategy_hash as "strategyHash", as_of as "asOf", known_at as "knownAt", portfolio,
  daily_cap_minor as "dailyCapMinor", state, paused_by as "pausedBy", experiment, shadows, emergency, maker,
  started_at as "startedAt", finished_at as "finishedAt", counts
  from sweep`;

/** A sweep that is done keeps its sums. Those of any other are added up now: a cancelled one may have a bucket at hand. */
async function readSweeps(
  db: Database,
  where: string,
  values: readonly unknown[],
): Promise<readonly Sweep[]> {
  const found = await db.query<StoredSweep>(`${selectSweeps} ${where}`, values);
  const sweeps: Sweep[] = [];
  for (const { strategyId, strategyVersion, strategyHash, counts, ...rest } of found) {
    sweeps.push({
      ...rest,
      strategy: { id: strategyId, version: strategyVersion, hash: strategyHash },
      counts: counts ?? (await readCounts(db, rest.id)),
    });
  }
  return sweeps;
}

const standing: Readonly<Record<SweepStanding, string>> = {
  running: "state not in ('done', 'cancelled') and paused_by is null",
  paused: "state not in ('done', 'cancelled') and paused_by is not null",
  done: "state = 'done'",
  cancelled: "state = 'cancelled'",
};

async function list(
  db: Database,
  after: string | null,
  limit: number,
  filter: SweepFilter,
): Promise<readonly Sweep[]> {
  const where = conditions();
  if (filter.standing !== undefined) where.add(standing[filter.standing]);
  if (filter.strategy !== undefined) where.add("strategy_id = ?::text", filter.strategy);
  if (after !== null) {
    if (!isId(after)) return [];
    where.add("(started_at, id) < (select started_at, id from sweep where id = ?::uuid)", after);
  }
  const order = `order by started_at desc, id desc limit ${checkLimit(limit)}`;
  return readSweeps(db, `${where.text()} ${order}`, where.values);
}

/** Whoever loses the race for buckets looks for the next ones. */
async function lease(
  db: Database,
  sweepId: Id,
  pass: SweepPass,
  owner: string,
  leaseMs: number,
  most: number,
): Promise<readonly Bucket[]> {
  type Found = Readonly<{ bucket: Bucket }>;
  const free = `not ${doneColumn[pass]} and (lease_until is null or lease_until <= now())`;
  const find = `select bucket from sweep_bucket where sweep_id = $1 and ${free} order by bucket limit $2`;
  // By its list of rows: a cluster can route that, and nobody waits for a bucket that a rival has locked first.
  const take = `update sweep_bucket set lease_owner = $3, lease_until = now() + $4 * interval '1 millisecond'
    where bucket = any($1::smallint[]) and sweep_id = $2 and ${free} returning bucket`;
  for (;;) {
    const found = await db.query<Found>(find, [sweepId, checkLimit(most)]);
    if (found.length === 0) return [];
    const buckets = arrayLiteral("integer", found, ({ bucket }) => bucket);
    const taken = await db.query<Found>(take, [buckets, sweepId, owner, leaseMs]);
    if (taken.length > 0) {
      return taken.map(({ bucket }) => bucket).toSorted((left, right) => left - right);
    }
  }
}

async function left(db: Database, sweepId: Id, pass: SweepPass): Promise<number> {
  const text = `select count(*) as count from sweep_bucket where sweep_id = $1 and not ${doneColumn[pass]}`;
  const [row] = await db.query<Readonly<{ count: number }>>(text, [sweepId]);
  return row?.count ?? 0;
}

async function setState(
  tx: Transaction,
  sweepId: Id,
  from: readonly string[],
  to: string,
  at: Instant,
): Promise<boolean> {
  const finished = to === "done" || to === "cancelled";
  const counts = to === "done" ? JSON.stringify(await readCounts(tx, sweepId)) : null;
  const text = `update sweep set state = $3, finished_at = $4::timestamptz, counts = $5::jsonb
    where id = $1 and state = any($2::text[])`;
  return (await tx.execute(text, [sweepId, from, to, finished ? at : null, counts])) === 1;
}

async function readCounts(db: Pick<Database, "query">, sweepId: Id): Promise<SweepCounts> {
  const text = `select assess_counts as assess, decide_counts as decide from sweep_bucket
    where sweep_id = $1 and (assessed or decided) order by bucket`;
  type Counts = Readonly<{ assess: SweepCounts | null; decide: SweepCounts | null }>;
  const found = await db.query<Counts>(text, [sweepId]);
  return sumCounts(found.flatMap(({ assess, decide }) => [assess, decide]));
}
