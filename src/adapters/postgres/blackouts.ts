// Blackout windows. A window stays as the record of who kept what away from whom; a transaction reads those of its day
// under its bucket's lock.

import type { Blackout, LinePlace, ListedBlackout } from "../../domain/blackout.ts";
import type { BusinessDate, Instant } from "../../domain/calendar.ts";
import { isId, type Bucket, type Id } from "../../domain/id.ts";
import type { Blackouts } from "../../flow/hold-ports.ts";
import { checkLimit } from "../store/cursor.ts";
import type { Database, Queryable } from "./pool.ts";
import { arrayLiteral } from "./set-statement.ts";

const fields = `id, event, from_on as "fromOn", to_on as "toOn", regions, industries, exempt, reason,
  set_by as "by", at`;

/** Windows that hold on a day, in the order in which they were set. */
export function readBlackouts(db: Queryable, today: BusinessDate): Promise<readonly Blackout[]> {
  const text = `select ${fields} from blackout
    where lifted_at is null and from_on <= $1::date and to_on >= $1::date order by at, id`;
  return db.query<Blackout>(text, [today]);
}

type Row = Blackout &
  Readonly<{ liftedBy: string | null; liftedAt: Instant | null; liftedBecause: string | null }>;

function listedOf({ liftedBy: by, liftedAt: at, liftedBecause, ...blackout }: Row): ListedBlackout {
  const because = liftedBecause ?? "";
  return { ...blackout, lifted: by === null || at === null ? null : { by, at, because } };
}

async function readListed(
  db: Queryable,
  where: string,
  values: readonly unknown[],
): Promise<readonly ListedBlackout[]> {
  const text = `select ${fields}, lifted_by as "liftedBy", lifted_at as "liftedAt",
    lifted_because as "liftedBecause" from blackout ${where}`;
  return (await db.query<Row>(text, [...values])).map(listedOf);
}

/** The port over one database. */
export function blackoutsIn(db: Database): Blackouts {
  return {
    set: async (blackout) => {
      const { id, event, fromOn, toOn, regions, industries, exempt, reason, by, at } = blackout;
      const text = `insert into blackout
          (id, event, from_on, to_on, regions, industries, exempt, reason, set_by, at)
        values ($1, $2, $3, $4, $5::jsonb, $6::jsonb, $7::jsonb, $8, $9, $10) on conflict (id) do nothing`;
      const lists = [regions, industries, exempt].map((list) => JSON.stringify(list));
      await db.execute(text, [id, event, fromOn, toOn, ...lists, reason, by, at]);
    },
    list: async (after, limit) => {
      const order = `order by at desc, id desc limit ${checkLimit(limit)}`;
      if (after === null) return readListed(db, order, []);
      if (!isId(after)) return [];
      const where = "where (at, id) < (select at, id from blackout where id = $1)";
      return readListed(db, `${where} ${order}`, [after]);
    },
    find: async (id) =>
      isId(id) ? ((await readListed(db, "where id = $1", [id]))[0] ?? null) : null,
    inForce: (today) => readBlackouts(db, today),
    lift: async (id, by, at, because) => {
      const text = `update blackout set lifted_by = $2, lifted_at = $3, lifted_because = $4
        where id = $1 and lifted_at is null`;
      return (await db.execute(text, [id, by, at, because])) === 1;
    },
  };
}

/** Where lines of one bucket lie; those without facts are left out. */
export async function readPlaces(
  db: Queryable,
  bucket: Bucket,
  lineIds: readonly Id[],
): Promise<ReadonlyMap<Id, LinePlace>> {
  const text = `select line_id as "lineId", region, industry from line_profile
    where bucket = $1 and line_id = any($2::uuid[])`;
  type Place = LinePlace & Readonly<{ lineId: Id }>;
  const found = await db.query<Place>(text, [bucket, arrayLiteral("uuid", lineIds, (id) => id)]);
  return new Map(found.map(({ lineId, ...place }) => [lineId, place]));
}
