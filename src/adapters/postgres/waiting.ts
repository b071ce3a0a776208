// What the scheduler and the dispatcher ask: which timers are due, which messages are unsent. Leases are taken in
// real time by one UPDATE that checks them again, so two dispatchers never hold the same message.

import { bucketOfId, type Bucket, type Id } from "../../domain/id.ts";
import type { Instant } from "../../domain/calendar.ts";
import type { Timer } from "../../domain/timer.ts";
import type { DecisionTurns, Waiting } from "../../flow/ports.ts";
import type { OutboxEntry } from "../../flow/state.ts";
import { checkLimit } from "../store/cursor.ts";
import { lastTogether } from "../store/due-together.ts";
import type { Database } from "./pool.ts";
import * as rows from "./rows.ts";
import { arrayLiteral } from "./set-statement.ts";

// Messages of one subject leave in the order they were written: only the first unsent one may be leased. Nothing can
// come before a message that is stored, so this need not be asked again when the lease is taken.
const leasable = `select o.bucket, o.id from outbox o
  where o.state = 'waiting' and o.next_attempt_at <= now() and (o.lease_until is null or o.lease_until <= now())
    and o.kind <> all($2::text[])
    and o.place = (select min(first.place) from outbox first
      where first.bucket = o.bucket and first.subject = o.subject and first.state = 'waiting')
  order by o.next_attempt_at, o.bucket, o.place limit $1`;

// Two statements: a cluster can route an UPDATE by its list of rows, not by a query over all of them.
const takeLeases = `update outbox o set lease_owner = $3, lease_until = now() + $4 * interval '1 millisecond',
    attempts = o.attempts + 1
  from unnest($1::smallint[], $2::uuid[]) as v(bucket, id)
  where o.bucket = v.bucket and o.id = v.id and o.state = 'waiting'
    and (o.lease_until is null or o.lease_until <= now()) and o.next_attempt_at <= now()
  returning o.bucket as "bucket", o.id as "id", o.kind as "kind", o.subject as "subject", o.body as "body",
    o.attempts as "attempts", o.place as "place"`;

const retryOutbox = `update outbox set lease_owner = null, lease_until = null, fault = $4,
  next_attempt_at = now() + $5 * interval '1 millisecond'
  where bucket = $1 and id = $2 and lease_owner = $3 and state = 'waiting'`;

type Leased = OutboxEntry & Readonly<{ attempts: number; place: number }>;

/** The port over one database. */
export function waitingIn(db: Database): Waiting {
  const nextDue = async (
    except: readonly string[],
    aside: readonly Bucket[] = [],
  ): Promise<Instant | null> => {
    const text = `select min(due) as due from timer
      where state = 'waiting' and kind <> all($1::text[]) and bucket <> all($2::smallint[])`;
    const [row] = await db.query<Readonly<{ due: Instant | null }>>(text, [except, aside]);
    return row?.due ?? null;
  };
  return {
    nextDue: (except) => nextDue(except),
    dueTimers: async (now, limit, except, aside = []) => {
      const due = await nextDue(except, aside);
      if (due === null || due > now) return [];
      const last = lastTogether(due, await nextDue([...except, "trigger"], aside), now);
      const text = `select ${rows.timers.select()} from timer
        where state = 'waiting' and due <= $1 and kind <> all($2::text[]) and bucket <> all($3::smallint[])
        order by due, priority desc, id limit ${checkLimit(limit)}`;
      return db.query<Timer>(text, [last, except, aside]);
    },
    heldTimers: (...asked) => heldTimers(db, ...asked),
    leaseOutbox: async (owner, leaseMs, limit, except) => {
      type Place = Pick<OutboxEntry, "bucket" | "id">;
      const found = await db.query<Place>(leasable, [checkLimit(limit), except]);
      if (found.length === 0) return [];
      const buckets = arrayLiteral("integer", found, (entry) => entry.bucket);
      const ids = arrayLiteral("uuid", found, (entry) => entry.id);
      const leased = await db.query<Leased>(takeLeases, [buckets, ids, owner, leaseMs]);
      return leased.toSorted(byPlace).map(({ place: _place, ...entry }) => entry);
    },
    retryOutbox: async (entry, owner, delayMs, fault) => {
      await db.execute(retryOutbox, [bucketOfId(entry.id), entry.id, owner, fault, delayMs]);
    },
    unsent: async () => {
      const text = "select count(*) as count from outbox where state = 'waiting'";
      const [row] = await db.query<Readonly<{ count: number }>>(text);
      return row?.count ?? 0;
    },
    turnsOf: (decisionIds) => turnsOf(db, decisionIds),
  };
}

async function heldTimers(
  db: Database,
  ...[due, kinds, of, after, limit]: Parameters<Waiting["heldTimers"]>
): Promise<readonly Timer[]> {
  const text = `select ${rows.timers.select("t")} from timer t
    join decision d on d.bucket = t.bucket and d.id = t.subject
    left join line_profile p on p.bucket = d.bucket and p.line_id = d.line_id
    where t.state = 'waiting' and t.due = $1 and t.kind = any($2::text[])
      and ($3::uuid is null or t.id > $3) and ($4::uuid is null or d.cause_id = $4)
      and (cardinality($5::text[]) = 0 or p.region = any($5::text[]))
      and (cardinality($6::text[]) = 0 or p.industry = any($6::text[]))
    order by t.id limit ${checkLimit(limit)}`;
  const { wave, regions, industries } =
    "wave" in of ? { ...of, regions: [], industries: [] } : { ...of, wave: null };
  return db.query<Timer>(text, [due, kinds, after, wave, regions, industries]);
}

async function turnsOf(
  db: Database,
  decisionIds: readonly Id[],
): Promise<ReadonlyMap<Id, DecisionTurns>> {
  if (decisionIds.length === 0) return new Map();
  const text = `select d.id as "id", d.state as "state", d.turns as "turns"
    from unnest($1::smallint[], $2::uuid[]) as v(bucket, id)
    join decision d on d.bucket = v.bucket and d.id = v.id`;
  const buckets = arrayLiteral("integer", decisionIds, bucketOfId);
  const ids = arrayLiteral("uuid", decisionIds, (id) => id);
  const found = await db.query<DecisionTurns & Readonly<{ id: Id }>>(text, [buckets, ids]);
  return new Map(found.map(({ id, ...standing }) => [id, standing]));
}

function byPlace(left: Leased, right: Leased): number {
  return left.bucket - right.bucket || left.place - right.place;
}
