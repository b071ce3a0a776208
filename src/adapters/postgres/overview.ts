// A portfolio in view: everything is counted by the database in a handful of statements. Lines are grouped in two
// halves of the buckets at once, because one connection uses one core and a million lines shall take about a second.

import { bucketCount } from "../../domain/id.ts";
import type { Instant } from "../../domain/calendar.ts";
import type { Currency } from "../../domain/money.ts";
import type { ReasonCode } from "../../domain/reason-code.ts";
import type { RowScope } from "../../flow/ports.ts";
import {
  overviewDimensions,
  unknownKey,
  type Exposure,
  type Overview,
  type OverviewDimension,
  type OverviewGroup,
} from "../../portfolio/view-ports.ts";
import { conditions, type Conditions } from "./conditions.ts";
import type { Queryable } from "./pool.ts";
import { narrowLines } from "./profiles.ts";

type Filter = RowScope & Readonly<{ portfolio?: string }>;

const scoreWidth = 50;

const dimensions = {
  status: "l.status",
  product: "l.product",
  region: "p.region",
  industry: "p.industry",
  purpose: "p.loan_purpose",
  tier: "p.tier",
  delinquency: "p.delinquency",
} as const satisfies Record<OverviewDimension, string>;

const names = Object.keys(dimensions) as OverviewDimension[];
const columns = names.map((name) => dimensions[name]);
const band = `div(p.score, ${scoreWidth})::integer`;

/** Everything of {@link Overview}, each statement by itself: a view, not a balance. */
export async function readOverview(
  db: Pick<Queryable, "query">,
  filter: Filter,
  now: Instant,
): Promise<Overview> {
  const half = bucketCount / 2;
  const [lower, upper, decisions, reasons, reviews, notices] = await Promise.all([
    readGroups(db, filter, 0, half - 1),
    readGroups(db, filter, half, bucketCount - 1),
    readDecisions(db, filter),
    readReasons(db, filter),
    readReviews(db, filter, now),
    readNotices(db, filter),
  ]);
  return {
    ...summed([...lower, ...upper]),
    scoreWidth,
    ...decisions,
    decisionsByReason: reasons,
    ...reviews,
    noticesByState: notices,
  };
}

type GroupRow = Readonly<{
  grouped: number;
  currency: Currency | null;
  band: number | null;
  lines: number;
  limitMinor: number;
  drawnMinor: number;
}> &
  Readonly<Record<OverviewDimension, string | null>>;

/** One row per value of each dimension and currency, per currency alone, and per score band. */
async function readGroups(
  db: Pick<Queryable, "query">,
  filter: Filter,
  from: number,
  to: number,
): Promise<readonly GroupRow[]> {
  const where = conditions();
  where.add("l.bucket between ?::smallint and ?::smallint", from, to);
  narrowLines(where, filter);
  const sets = ["(l.currency)", ...columns.map((column) => `(l.currency, ${column})`), `(${band})`];
  const selected = names.map((name) => `${dimensions[name]} as "${name}"`).join(", ");
  return db.query<GroupRow>(
    `select grouping(${[band, ...columns].join(", ")}) as grouped, l.currency, ${band} as band, ${selected},
       count(*) as lines, sum(l.limit_minor)::bigint as "limitMinor", sum(l.drawn_minor)::bigint as "drawnMinor"
     from credit_line l left join line_profile p on p.bucket = l.bucket and p.line_id = l.id
     ${where.text()} group by grouping sets (${sets.join(", ")})`,
    where.values,
  );
}

/** What `grouping(…)` says of a row grouped by one of its arguments: all bits set but that one. */
function groupedBy(position: number): number {
  const last = columns.length;
  return 2 ** (last + 1) - 1 - 2 ** (last - position);
}

function summed(
  found: readonly GroupRow[],
): Readonly<Pick<Overview, "totals" | "groups" | "scores">> {
  const totals = new Map<string, Exposure>();
  const groups = new Map<string, OverviewGroup>();
  const scores = new Map<number, number>();
  const byBand = groupedBy(0);
  const dimensionOf = new Map(names.map((name, index) => [groupedBy(index + 1), name]));
  for (const row of found) {
    if (row.grouped === byBand) {
      if (row.band !== null) scores.set(row.band, (scores.get(row.band) ?? 0) + row.lines);
      continue;
    }
    const dimension = dimensionOf.get(row.grouped);
    if (dimension === undefined) add(totals, row.currency!, row, {});
    else {
      const key = row[dimension] ?? unknownKey;
      add(groups, `${dimension} ${row.currency} ${key}`, row, { dimension, key });
    }
  }
  return {
    totals: sortedBy([...totals.values()], ({ currency }) => currency),
    groups: overviewDimensions.flatMap((dimension) =>
      sortedBy(
        [...groups.values()].filter((group) => group.dimension === dimension),
        ({ key, currency }) => `${key}\0${currency}`,
      ),
    ),
    scores: [...scores]
      .map(([one, lines]) => ({ from: one * scoreWidth, lines }))
      .toSorted((left, right) => left.from - right.from),
  };
}

function add<Row extends Exposure>(
  sums: Map<string, Row>,
  key: string,
  row: GroupRow,
  more: Omit<Row, keyof Exposure>,
): void {
  const held = sums.get(key);
  const sum: Exposure = {
    currency: row.currency!,
    lines: row.lines + (held?.lines ?? 0),
    limitMinor: row.limitMinor + (held?.limitMinor ?? 0),
    drawnMinor: row.drawnMinor + (held?.drawnMinor ?? 0),
  };
  sums.set(key, { ...sum, ...more } as Row);
}

function sortedBy<Row>(list: readonly Row[], keyOf: (row: Row) => string): readonly Row[] {
  return list.toSorted((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
}

/** Rows `t` about a line, narrowed to the lines of the filter. */
export function aboutLines(filter: Filter): Conditions {
  const where = conditions();
  const inner: string[] = [];
  const values: unknown[] = [];
  if (filter.portfolios !== undefined) {
    inner.push("l.portfolio = any(?::text[])");
    values.push(filter.portfolios);
  }
  if (filter.portfolio !== undefined) {
    inner.push("l.portfolio = ?::text");
    values.push(filter.portfolio);
  }
  if (filter.customerId !== undefined) where.add("t.customer_id = ?::uuid", filter.customerId);
  if (inner.length > 0) {
    where.add(
      `exists (select 1 from credit_line l where l.bucket = t.bucket and l.id = t.line_id and ${inner.join(" and ")})`,
      ...values,
    );
  }
  return where;
}

type DecisionRow = Readonly<{
  state: string;
  action: string;
  currency: Currency;
  count: number;
  removedMinor: number;
}>;

async function readDecisions(
  db: Pick<Queryable, "query">,
  filter: Filter,
): Promise<Pick<Overview, "decisionsByState" | "decisionsByAction">> {
  const where = aboutLines(filter);
  const found = await db.query<DecisionRow>(
    `select t.state, t.action, l.currency, count(*) as count,
       coalesce(sum(case t.action when 'decrease' then t.from_minor - t.to_minor
         when 'freeze' then greatest(0, t.from_minor - l.drawn_minor)
         when 'close' then greatest(0, t.from_minor - l.drawn_minor) else 0 end), 0)::bigint as "removedMinor"
     from decision t join credit_line l on l.bucket = t.bucket and l.id = t.line_id
     ${where.text()} group by t.state, t.action, l.currency order by t.state, t.action, l.currency`,
    where.values,
  );
  const states = new Map<string, number>();
  const actions = new Map<string, Overview["decisionsByAction"][number]>();
  for (const { state, action, currency, count, removedMinor } of found) {
    states.set(state, (states.get(state) ?? 0) + count);
    const place = `${action} ${currency}`;
    const held = actions.get(place) ?? { key: action, count: 0, currency, removedMinor: 0 };
    actions.set(place, {
      ...held,
      count: held.count + count,
      removedMinor: held.removedMinor + removedMinor,
    });
  }
  return {
    decisionsByState: Array.from(states, ([key, count]) => ({ key, count })),
    decisionsByAction: [...actions.values()],
  };
}

async function readReasons(
  db: Pick<Queryable, "query">,
  filter: Filter,
): Promise<Overview["decisionsByReason"]> {
  const where = aboutLines(filter);
  return db.query<Readonly<{ key: ReasonCode; count: number }>>(
    `select r.code as key, count(*) as count from decision t
       cross join lateral jsonb_array_elements_text(t.reasons) as r(code)
     ${where.text()} group by r.code order by count(*) desc, r.code`,
    where.values,
  );
}

async function readReviews(
  db: Pick<Queryable, "query">,
  filter: Filter,
  now: Instant,
): Promise<Pick<Overview, "openReviews" | "overdueReviews">> {
  const where = aboutLines(filter);
  where.add("t.state = 'open'");
  const values = [...where.values, now];
  const [row] = await db.query<Readonly<{ open: number; overdue: number }>>(
    `select count(*) as open, count(*) filter (where t.due_at < $${values.length}::timestamptz) as overdue
     from review_case t ${where.text()}`,
    values,
  );
  return { openReviews: row?.open ?? 0, overdueReviews: row?.overdue ?? 0 };
}

async function readNotices(
  db: Pick<Queryable, "query">,
  filter: Filter,
): Promise<Overview["noticesByState"]> {
  const where = aboutLines(filter);
  return db.query<Readonly<{ key: string; count: number }>>(
    `select t.state as key, count(*) as count from notice t ${where.text()} group by t.state order by t.state`,
    where.values,
  );
}
