// The rows of line_profile: written in the transaction of the facts that they project, and read beside their lines in
// any of the orders that a list of lines offers. A page goes on from the sort value in its cursor, so it neither
// repeats nor leaves out a line when others move.

import { bucketOfId, isId, type Bucket, type Id } from "../../domain/id.ts";
import { profileOf, type LineProfile } from "../../domain/line-profile.ts";
import type { Page, PageRequest } from "../../flow/ports.ts";
import type { FactsRow } from "../../flow/state.ts";
import {
  unknownKey,
  type LineFilter,
  type LineSort,
  type ProfiledLine,
} from "../../portfolio/view-ports.ts";
import { BrokenCursor, checkLimit, pageOf, parseCursor } from "../store/cursor.ts";
import { conditions, type Conditions } from "./conditions.ts";
import type { Queryable } from "./pool.ts";
import * as rows from "./rows.ts";
import { columnName, table, type Across } from "./set-statement.ts";

type ProfileRow = LineProfile & Readonly<{ bucket: Bucket; lineId: Id }>;

export const profiles = table<ProfileRow>("line_profile", {
  lineId: "uuid",
  region: "text",
  industry: "text",
  loanPurpose: "text",
  campaign: "text",
  tier: "text",
  score: "integer",
  daysPastDue: "integer",
  delinquency: "text",
  utilisationBp: "integer",
  factsAsOf: "date",
});

const replaced = profiles.columns
  .map(([property]) => columnName(property))
  .filter((column) => column !== "line_id")
  .map((column) => `${column} = excluded.${column}`);

// Facts of an earlier date than those in view are history and change no profile.
const upsert = `on conflict (bucket, line_id) do update set ${replaced.join(", ")}
  where excluded.facts_as_of >= line_profile.facts_as_of`;

/** Projects facts rows, those of one line in the order in which they were written; of one line the newest counts. */
export async function saveProfiles(
  tx: Pick<Queryable, "execute">,
  bucket: Bucket | Across,
  facts: readonly FactsRow[],
): Promise<void> {
  if (facts.length === 0) return;
  const newest = new Map<Id, FactsRow>();
  for (const row of facts) {
    const held = newest.get(row.lineId);
    if (held === undefined || row.asOf >= held.asOf) newest.set(row.lineId, row);
  }
  const projected = Array.from(newest.values(), (row): ProfileRow => ({
    bucket: row.bucket,
    lineId: row.lineId,
    ...profileOf(row.facts, row.asOf),
  }));
  const across = bucket === "each-its-own" ? bucket : undefined;
  await tx.execute(profiles.insert(upsert, across), profiles.values(bucket, projected));
}

const profileColumns = profiles.columns
  .filter(([property]) => property !== "lineId")
  .map(([property]) => property as keyof LineProfile);

const selectProfile = profileColumns
  .map((property) => `p.${columnName(property)} as "p.${property}"`)
  .join(", ");

/** A line and its profile in one statement: `l` and `p`. */
export const selectProfiled = `select ${rows.lines.select("l")}, ${selectProfile}
  from credit_line l left join line_profile p on p.bucket = l.bucket and p.line_id = l.id`;

type FlatRow = rows.RowOf<typeof rows.lines> & Readonly<Record<`p.${keyof LineProfile}`, unknown>>;

/** The two parts of a row of {@link selectProfiled}. */
export function profiledLineOf(row: object): ProfiledLine {
  const line: Record<string, unknown> = {};
  const profile: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(row)) {
    if (key.startsWith("p.")) profile[key.slice(2)] = value;
    else line[key] = value;
  }
  return {
    line: line as ProfiledLine["line"],
    profile: profile["factsAsOf"] === null ? null : (profile as LineProfile),
  };
}

/** The profile of one line, null without facts. */
export async function readProfile(
  db: Pick<Queryable, "query">,
  lineId: Id,
): Promise<LineProfile | null> {
  if (!isId(lineId)) return null;
  const text = `select ${profiles.select()} from line_profile where bucket = $1 and line_id = $2`;
  const [row] = await db.query<ProfileRow>(text, [bucketOfId(lineId), lineId]);
  if (row === undefined) return null;
  const { bucket: _bucket, lineId: _lineId, ...profile } = row;
  return profile;
}

/** One page of lines with their profiles; without a sort by id. */
export async function readProfiledLines(
  db: Pick<Queryable, "query">,
  page: PageRequest,
  filter: LineFilter,
  sort: LineSort | null,
): Promise<Page<ProfiledLine>> {
  const where = conditions();
  narrowLines(where, filter);
  const limit = checkLimit(page.limit);
  if (sort === null) {
    const after = parseCursor("lines", page.after);
    if (after !== null) {
      where.add("(l.bucket, l.id) > (?::smallint, ?::uuid)", bucketOfId(after.id), after.id);
    }
    const found = await db.query<FlatRow>(
      `${selectProfiled} ${where.text()} order by l.bucket, l.id limit ${limit + 1}`,
      where.values,
    );
    const list = pageOf("lines", found, limit, (row) => ({ at: null, id: row.id }));
    return { ...list, rows: list.rows.map(profiledLineOf) };
  }
  return readSorted(db, page, where, sort);
}

const sortColumns: Readonly<Record<LineSort["by"], Readonly<{ sql: string; type: string }>>> = {
  reference: { sql: "l.reference", type: "text" },
  limit: { sql: "l.limit_minor", type: "bigint" },
  drawn: { sql: "l.drawn_minor", type: "bigint" },
  score: { sql: "p.score", type: "bigint" },
  daysPastDue: { sql: "p.days_past_due", type: "bigint" },
  utilisation: { sql: "p.utilisation_bp", type: "bigint" },
};

// Beyond every integer column, so that unknown values come last in either direction.
const unknownLast = 2 ** 40;

async function readSorted(
  db: Pick<Queryable, "query">,
  page: PageRequest,
  where: Conditions,
  sort: LineSort,
): Promise<Page<ProfiledLine>> {
  const { sql, type } = sortColumns[sort.by];
  const { descending } = sort;
  const key = sql.startsWith("p.")
    ? `coalesce(${sql}::bigint, ${descending ? -unknownLast : unknownLast})`
    : sql;
  const after = parseSortCursor(sort, page.after);
  if (after !== null) {
    const value = sort.by === "reference" ? await referenceOf(db, after.id) : String(after.value);
    where.add(
      `(${key}, l.bucket, l.id) ${descending ? "<" : ">"} (?::${type}, ?::smallint, ?::uuid)`,
      ...[value, bucketOfId(after.id), after.id],
    );
  }
  const way = descending ? "desc" : "asc";
  const found = await db.query<FlatRow & Readonly<{ sortKey: string | number }>>(
    `${selectProfiled.replace("select ", `select ${key} as "sortKey", `)} ${where.text()}
     order by ${key} ${way}, l.bucket ${way}, l.id ${way} limit ${page.limit + 1}`,
    where.values,
  );
  const kept = found.slice(0, page.limit);
  const last = found.length > page.limit ? kept.at(-1) : undefined;
  const next = last === undefined ? null : sortCursor(sort, { value: last.sortKey, id: last.id });
  return { rows: kept.map(({ sortKey: _sortKey, ...row }) => profiledLineOf(row)), next };
}

/** Null compares with nothing: after a line that is gone there is nothing to go on with. */
async function referenceOf(db: Pick<Queryable, "query">, id: Id): Promise<string | null> {
  const text = "select reference from credit_line where bucket = $1 and id = $2";
  const [row] = await db.query<Readonly<{ reference: string }>>(text, [bucketOfId(id), id]);
  return row?.reference ?? null;
}

type SortPosition = Readonly<{ value: string | number; id: Id }>;

function sortCursor(sort: LineSort, { value, id }: SortPosition): string {
  // A reference never changes and could be too long for an address: it is looked up again by its line.
  const kept = sort.by === "reference" ? null : value;
  const parts = ["lines", sort.by, sort.descending, kept, id];
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}

/** Throws BrokenCursor for anything but what `sortCursor` gave for the same order. */
function parseSortCursor(sort: LineSort, cursor: string | null): SortPosition | null {
  if (cursor === null) return null;
  const parsed = jsonOf(Buffer.from(cursor, "base64url").toString("utf8"));
  const [list, by, descending, value, id] = Array.isArray(parsed) ? (parsed as unknown[]) : [];
  const ours = list === "lines" && by === sort.by && descending === sort.descending && isId(id);
  if (!ours || (sort.by !== "reference" && !Number.isSafeInteger(value))) {
    throw new BrokenCursor("lines", cursor);
  }
  return { value: value as number, id };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Adds the conditions of a filter over `l` and `p`. */
export function narrowLines(where: Conditions, filter: LineFilter): void {
  const { customerId, portfolios } = filter;
  if (customerId !== undefined) {
    const known = isId(customerId);
    where.add(
      "l.bucket = ?::smallint and l.customer_id = ?::uuid",
      ...[known ? bucketOfId(customerId) : null, known ? customerId : null],
    );
  }
  if (portfolios !== undefined) where.add("l.portfolio = any(?::text[])", portfolios);
  for (const [key, column] of Object.entries(equalColumns)) {
    const value = filter[key as keyof typeof equalColumns];
    if (value === undefined) continue;
    // A word of the facts may itself be "unknown": both are one key, here as in totals.
    const found = column.startsWith("p.") && value === unknownKey;
    where.add(
      `${found ? `coalesce(${column}, ?::text)` : column} = ?::text`,
      ...(found ? [value, value] : [value]),
    );
  }
  if (filter.scoreFrom !== undefined) where.add("p.score >= ?::bigint", filter.scoreFrom);
  if (filter.scoreTo !== undefined) where.add("p.score <= ?::bigint", filter.scoreTo);
  if (filter.startsWith !== undefined) addPrefix(where, "l.reference", filter.startsWith);
}

const equalColumns = {
  portfolio: "l.portfolio",
  status: "l.status",
  reference: "l.reference",
  product: "l.product",
  region: "p.region",
  industry: "p.industry",
  loanPurpose: "p.loan_purpose",
  campaign: "p.campaign",
  tier: "p.tier",
  delinquency: "p.delinquency",
} as const satisfies Partial<Record<keyof LineFilter, string>>;

/** Texts that begin so, as a range of an index in byte order; U+10FFFF stands above everything that follows. */
function addPrefix(where: Conditions, column: string, prefix: string): void {
  where.add(`${column} >= ?::text and ${column} < ?::text`, prefix, `${prefix}\u{10ffff}`);
}
