// The reads for pages over one database: this file is the whole list, each part has its own. Live views poll the row
// of every bucket, which each transaction moves on, and read events only of those that moved.

import type { EventPlaces, EventTold, SweepGoing, Views } from "../../portfolio/view-ports.ts";
import { sharedAnswer } from "../shared-answer.ts";
import { checkLimit } from "../store/cursor.ts";
import {
  readCustomer,
  readCustomers,
  readHistory,
  readIdentity,
  type LookupKeys,
} from "./customers.ts";
import { readOverview } from "./overview.ts";
import type { Queryable } from "./pool.ts";
import { readProfile, readProfiledLines } from "./profiles.ts";
import { readWork } from "./work-list.ts";

type OverviewAsked = Readonly<{
  filter: Parameters<Views["overview"]>[0];
  now: Parameters<Views["overview"]>[1];
}>;

/** The port over one database. */
export function viewsIn(db: Pick<Queryable, "query">, keys: LookupKeys): Views {
  const overview = sharedAnswer(
    ({ filter, now }: OverviewAsked) => readOverview(db, filter, now),
    ({ filter }) => JSON.stringify(filter),
    () => performance.now(),
  );
  return {
    lines: (page, filter, sort) => readProfiledLines(db, page, filter, sort),
    profile: (lineId) => readProfile(db, lineId),
    overview: (filter, now) => overview({ filter, now }),
    work: (asker) => readWork(db, asker),
    customers: (page, filter) => readCustomers(db, keys, page, filter),
    customer: (id, scope) => readCustomer(db, id, scope),
    identity: (id) => readIdentity(db, keys, id),
    history: (lineIds, before, limit, kind) =>
      readHistory(db, lineIds, before, limit, kind ?? null),
    places: () => readPlaces(db),
    eventsSince: (from, limit) => readEventsSince(db, from, limit),
    sweepsGoing: () => readSweepsGoing(db),
    newestReport: async () => {
      const text = `select id, nullif(portfolio, '') as portfolio from report order by made_at desc, id desc limit 1`;
      const [row] = await db.query<Readonly<{ id: string; portfolio: string | null }>>(text);
      return row ?? null;
    },
    demo: async () => {
      const text = "select demo is not null as demo from installation";
      const [row] = await db.query<Readonly<{ demo: boolean }>>(text);
      return row?.demo ?? false;
    },
  };
}

async function readPlaces(db: Pick<Queryable, "query">): Promise<EventPlaces> {
  type Place = Readonly<{ bucket: number; nextSeq: number }>;
  const found = await db.query<Place>(`select bucket, next_seq as "nextSeq" from bucket`);
  return new Map(found.map(({ bucket, nextSeq }) => [bucket, nextSeq]));
}

async function readEventsSince(
  db: Pick<Queryable, "query">,
  from: EventPlaces,
  limit: number,
): Promise<readonly EventTold[]> {
  if (from.size === 0) return [];
  const text = `select e.bucket, e.seq, e.kind, e.line_id as "lineId", e.customer_id as "customerId", e.subject,
      e.at, e.actor, case when e.kind = 'SignalRecorded' then e.body->>'type' end as type, l.portfolio
    from unnest($1::smallint[], $2::bigint[]) as w(bucket, seq)
      join event e on e.bucket = w.bucket and e.seq >= w.seq
      join credit_line l on l.bucket = e.bucket and l.id = e.line_id
    order by e.bucket, e.seq limit ${checkLimit(limit)}`;
  return db.query<EventTold>(text, [[...from.keys()], [...from.values()]]);
}

async function readSweepsGoing(db: Pick<Queryable, "query">): Promise<readonly SweepGoing[]> {
  return db.query<SweepGoing>(
    `select s.id, s.state, s.paused_by as "pausedBy", s.portfolio,
       count(*) filter (where b.assessed) as assessed, count(*) filter (where b.decided) as decided
     from sweep s join sweep_bucket b on b.sweep_id = s.id
     where s.state not in ('done', 'cancelled') group by s.id order by s.id`,
  );
}
