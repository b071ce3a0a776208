// The directory of references: one row per reference in the whole installation. Its primary key decides who comes
// first, whatever buckets the rivals write to, and a claim costs one statement however many lines it is for.

import type { LineReference, References } from "../../flow/ports.ts";
import type { Database, Queryable } from "./pool.ts";
import { arrayLiteral } from "./set-statement.ts";

// Each side looks up by key for each row asked: the table is far larger than any batch.
const claimAll = `with asked as (select * from unnest($1::text[], $2::uuid[], $3::text[], $4::text[])
    with ordinality as a(reference, line_id, portfolio, customer_reference, place)),
  claimed as (insert into line_reference (reference, line_id, portfolio, customer_reference)
    select reference, line_id, portfolio, customer_reference from asked order by place
    on conflict (reference) do nothing returning reference, line_id, portfolio, customer_reference)
  select a.reference, coalesce(c.line_id, h.line_id) as "lineId", coalesce(c.portfolio, h.portfolio) as portfolio,
    coalesce(c.customer_reference, h.customer_reference) as "customerReference"
  from asked a left join claimed c on c.reference = a.reference
  left join lateral (select * from line_reference r where r.reference = a.reference offset 0) h on true
  where coalesce(c.line_id, h.line_id) is distinct from a.line_id`;

const look = `select h.reference, h.line_id as "lineId", h.portfolio, h.customer_reference as "customerReference"
  from unnest($1::text[]) as a(reference)
  cross join lateral (select * from line_reference r where r.reference = a.reference offset 0) h`;

/** A reference in dispute; no holder where a rival took it after the statement began. */
type Disputed = Pick<LineReference, "reference"> & Readonly<{ lineId: string | null }>;

/** The port over one database. */
export function referencesIn(db: Database): References {
  return {
    claim: (lines) => claim(db, lines),
    holders: (references) => holders(db, references),
  };
}

async function claim(
  db: Queryable,
  lines: readonly LineReference[],
): Promise<readonly LineReference[]> {
  if (lines.length === 0) return [];
  // All in one order, so that rivals wait for each other and never in a circle.
  const sorted = lines.toSorted((one, other) => compare(one.reference, other.reference));
  const disputed = await db.query<LineReference | Disputed>(claimAll, [
    arrayLiteral("text", sorted, (line) => line.reference),
    arrayLiteral("uuid", sorted, (line) => line.lineId),
    arrayLiteral("text", sorted, (line) => line.portfolio),
    arrayLiteral("text", sorted, (line) => line.customerReference),
  ]);
  const known = disputed.filter((row): row is LineReference => row.lineId !== null);
  const unseen = disputed.filter((row) => row.lineId === null).map(({ reference }) => reference);
  if (unseen.length === 0) return once(known);
  const late = await holders(db, unseen);
  const own = new Map(lines.map((line) => [line.reference, line.lineId]));
  return once([...known, ...late.filter((held) => held.lineId !== own.get(held.reference))]);
}

async function holders(
  db: Queryable,
  references: readonly string[],
): Promise<readonly LineReference[]> {
  if (references.length === 0) return [];
  return once(
    await db.query<LineReference>(look, [arrayLiteral("text", references, (one) => one)]),
  );
}

function once(rows: readonly LineReference[]): readonly LineReference[] {
  return [...new Map(rows.map((row) => [row.reference, row])).values()];
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
