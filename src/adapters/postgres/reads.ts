// Reads for people and reports. A single row is found by its id alone, because an id carries its bucket; lists are
// pages in one fixed order, continued by position and never by counting, so that they stay fast and stable.

import type { AlertCount } from "../../domain/alert.ts";
import { nowhere } from "../../domain/blackout.ts";
import type { CustomerLink } from "../../domain/customer.ts";
import type { ExposedLine } from "../../domain/exposure.ts";
import { bucketOfId, isId, type Id } from "../../domain/id.ts";
import type { PageRequest, Reads, RowScope } from "../../flow/ports.ts";
import type { Event } from "../../flow/state.ts";
import { checkLimit, listInTime, pageOf, parseCursor, type Position } from "../store/cursor.ts";
import { readPlaces } from "./blackouts.ts";
import { conditions, type Conditions } from "./conditions.ts";
import type { Database, Queryable } from "./pool.ts";
import * as rows from "./rows.ts";
import type { Table } from "./set-statement.ts";
import { addAskedOf, addWorkable } from "./work-list.ts";
import { alerts, reminders } from "./watch-rows.ts";

/** The port over one database. Lists: lines by id, the others by (when they began, id), oldest first unless asked otherwise. */
export function readsIn(db: Database): Reads {
  return {
    line: (id) => one(db, rows.lines, id),
    lines: (page, filter) => readLines(db, page, filter),
    portfolios: (named) => readPortfolios(db, named),
    timeline: (lineId) => readTimeline(db, lineId),
    facts: async (lineId, asOf, knownAt) => {
      if (!isId(lineId)) return null;
      const text = `select ${rows.facts.select()} from line_facts where bucket = $1 and line_id = $2
        and as_of <= $3::date and known_at <= $4::timestamptz
        order by as_of desc, known_at desc, seq desc limit 1`;
      const values = [bucketOfId(lineId), lineId, asOf, knownAt];
      const [stored] = await db.query<rows.StoredFacts>(text, values);
      return stored === undefined ? null : rows.factsRowOf(stored);
    },
    place: async (lineId) => {
      if (!isId(lineId)) return nowhere;
      return (await readPlaces(db, bucketOfId(lineId), [lineId])).get(lineId) ?? nowhere;
    },
    panes: async (lineId, after, asOf, knownAt) => {
      if (!isId(lineId)) return [];
      const values = [bucketOfId(lineId), lineId, after, asOf, knownAt];
      const found = await db.query<rows.RowOf<typeof rows.panes>>(selectPanes, values);
      return found.map(rows.paneRowOf);
    },
    paneVersions: async (lineId, measures, after, asOf, knownAt) => {
      if (!isId(lineId)) return [];
      const values = [bucketOfId(lineId), lineId, after, asOf, knownAt, measures];
      const found = await db.query<rows.RowOf<typeof rows.panes>>(selectPaneVersions, values);
      return found.map(rows.paneRowOf);
    },
    links: async (customerId) => {
      if (!isId(customerId)) return [];
      const text = `select ${rows.customerLinks.select()} from customer_link
        where bucket = $1 and customer_id = $2 order by kind, linked_id`;
      return db.query<CustomerLink>(text, [bucketOfId(customerId), customerId]);
    },
    exposedLines: async (customerId) => {
      if (!isId(customerId)) return [];
      const text = `${selectExposed} where l.bucket = $1 and l.customer_id = $2 order by l.id`;
      return db.query<ExposedLine>(text, [bucketOfId(customerId), customerId]);
    },
    decision: async (id) => {
      const stored = await one(db, rows.decisions, id);
      return stored === null ? null : rows.decisionOf(stored);
    },
    decisions: (page, filter) => readDecisions(db, page, filter),
    decisionRecord: async (id) => (await one(db, rows.decisions, id))?.record ?? null,
    review: (id) => one(db, rows.reviews, id),
    reviews: (page, filter) => readReviews(db, page, filter),
    notice: async (id) => {
      const stored = await one(db, rows.notices, id);
      return stored === null ? null : rows.noticeOf(stored);
    },
    notices: (page, filter) => readNotices(db, page, filter),
    alert: (id) => one(db, alerts, id),
    alerts: (page, filter) => readAlerts(db, page, filter),
    alertCounts: (scope) => countAlerts(db, scope),
    reminder: (id) => one(db, reminders, id),
    reminders: (page, filter) => readReminders(db, page, filter),
    offer: (id) => one(db, rows.offers, id),
    offers: (page, filter) => readOffers(db, page, filter),
  };
}

const selectPanes = `select distinct on (on_date, measure) ${rows.panes.select()} from fact_pane
  where bucket = $1 and line_id = $2 and on_date > $3::date and on_date <= $4::date
    and known_at <= $5::timestamptz
  order by on_date, measure, known_at desc, seq desc`;

const selectPaneVersions = `select ${rows.panes.select()} from fact_pane
  where bucket = $1 and line_id = $2 and on_date > $3::date and on_date <= $4::date
    and known_at <= $5::timestamptz and measure = any($6::text[])
  order by on_date, measure, known_at, seq`;

/** Lines as exposure counts them: `l`. */
export const selectExposed = `select l.id, l.customer_id as "customerId", l.currency, l.status,
  l.limit_minor as "limitMinor", l.drawn_minor as "drawnMinor", l.pending_minor as "pendingMinor",
  p.days_past_due as "daysPastDue"
  from credit_line l left join line_profile p on p.bucket = l.bucket and p.line_id = l.id`;

/** A text that is no id names nothing. */
async function one<Row extends object>(
  db: Database,
  table: Table<Row>,
  id: Id,
): Promise<Row | null> {
  if (!isId(id)) return null;
  const text = `select ${table.select()} from ${table.name} where bucket = $1 and id = $2`;
  const [row] = await db.query<Row>(text, [bucketOfId(id), id]);
  return row ?? null;
}

/** One name is found at its first line; all of them take a look at every line, which only a wrong name costs. */
async function readPortfolios(
  db: Pick<Queryable, "query">,
  named: string | null,
): Promise<readonly string[]> {
  const text =
    named === null
      ? `select portfolio from credit_line group by portfolio order by portfolio`
      : `select $1::text as portfolio where exists (select 1 from credit_line where portfolio = $1)`;
  const found = await db.query<Readonly<{ portfolio: string }>>(
    text,
    named === null ? [] : [named],
  );
  return found.map(({ portfolio }) => portfolio);
}

async function readTimeline(db: Database, lineId: Id): Promise<readonly Event[]> {
  if (!isId(lineId)) return [];
  const text = `select ${rows.events.select()} from event where bucket = $1 and line_id = $2 order by seq`;
  return db.query<Event>(text, [bucketOfId(lineId), lineId]);
}

async function readLines(
  db: Database,
  page: PageRequest,
  filter: Parameters<Reads["lines"]>[1],
): ReturnType<Reads["lines"]> {
  const after = parseCursor("lines", page.after);
  const where = conditions();
  addId(where, "t.customer_id", filter.customerId);
  if (filter.portfolios !== undefined) where.add("t.portfolio = any(?::text[])", filter.portfolios);
  addText(where, "t.portfolio", filter.portfolio);
  addText(where, "t.status", filter.status);
  addText(where, "t.reference", filter.reference);
  if (after !== null) {
    // The bucket leads the id, so this is the order of ids, and of the primary key.
    where.add("(t.bucket, t.id) > (?::smallint, ?::uuid)", bucketOfId(after.id), after.id);
  }
  const tail = `order by t.bucket, t.id limit ${checkLimit(page.limit) + 1}`;
  const text = `select ${rows.lines.select("t")} from credit_line t ${where.text()} ${tail}`;
  const found = await db.query<rows.RowOf<typeof rows.lines>>(text, where.values);
  return pageOf("lines", found, page.limit, (line) => ({ at: null, id: line.id }));
}

async function readDecisions(
  db: Database,
  page: PageRequest,
  filter: Parameters<Reads["decisions"]>[1],
): ReturnType<Reads["decisions"]> {
  const where = scoped(filter);
  addId(where, "t.line_id", filter.lineId);
  addText(where, "t.state", filter.state);
  if (filter.causeId !== undefined) where.add("t.cause_id = ?::uuid", uuidOrNull(filter.causeId));
  addText(where, "t.action", filter.action);
  addText(where, "t.segment", filter.segment);
  addText(where, "t.experiment", filter.experiment);
  addText(where, "t.arm", filter.arm);
  if (filter.reason !== undefined) {
    where.add("t.reasons @> ?::jsonb", JSON.stringify([filter.reason]));
  }
  if (filter.madeFrom !== undefined) where.add("t.made_at >= ?::timestamptz", filter.madeFrom);
  if (filter.madeBefore !== undefined) where.add("t.made_at < ?::timestamptz", filter.madeBefore);
  const { list, found } = await pageInTime(db, rows.decisions, "made_at", page, where);
  const result = pageOf(list, found, page.limit, (row) => ({ at: row.madeAt, id: row.id }));
  return { ...result, rows: result.rows.map(rows.decisionOf) };
}

async function readReviews(
  db: Database,
  page: PageRequest,
  filter: Parameters<Reads["reviews"]>[1],
): ReturnType<Reads["reviews"]> {
  const where = scoped(filter);
  addText(where, "t.state", filter.state);
  addText(where, "t.queue", filter.queue);
  addId(where, "t.decision_id", filter.decisionId);
  addCause(where, filter.causeId);
  addId(where, "t.line_id", filter.lineId);
  if (filter.overdueAt !== undefined) {
    where.add("t.state = 'open' and t.due_at < ?::timestamptz", filter.overdueAt);
  }
  addText(where, "t.priority", filter.priority);
  if (filter.skill !== undefined) where.add("t.skills @> ?::jsonb", JSON.stringify([filter.skill]));
  addText(where, "t.assigned_to", filter.assignedTo);
  if (filter.appeals !== undefined) where.add("(t.appeal is not null) = ?", filter.appeals);
  if (filter.askedOf !== undefined) addAskedOf(where, filter.askedOf);
  if (filter.workableBy !== undefined) addWorkable(where, filter.workableBy);
  const { resolvedFrom, resolvedBefore } = filter;
  if (resolvedFrom !== undefined) where.add("t.resolved_at >= ?::timestamptz", resolvedFrom);
  if (resolvedBefore !== undefined) where.add("t.resolved_at < ?::timestamptz", resolvedBefore);
  const { list, found } = await pageInTime(db, rows.reviews, "opened_at", page, where);
  return pageOf(list, found, page.limit, (row) => ({ at: row.openedAt, id: row.id }));
}

async function readNotices(
  db: Database,
  page: PageRequest,
  filter: Parameters<Reads["notices"]>[1],
): ReturnType<Reads["notices"]> {
  const where = scoped(filter);
  addId(where, "t.line_id", filter.lineId);
  addText(where, "t.state", filter.state);
  addText(where, "t.channel", filter.channel);
  addId(where, "t.decision_id", filter.decisionId);
  addCause(where, filter.causeId);
  const { list, found } = await pageInTime(db, rows.notices, "issued_at", page, where);
  const result = pageOf(list, found, page.limit, (row) => ({ at: row.issuedAt, id: row.id }));
  return { ...result, rows: result.rows.map(rows.noticeOf) };
}

async function readAlerts(
  db: Database,
  page: PageRequest,
  filter: Parameters<Reads["alerts"]>[1],
): ReturnType<Reads["alerts"]> {
  const where = scoped(filter);
  addId(where, "t.line_id", filter.lineId);
  addText(where, "t.state", filter.state);
  addText(where, "t.kind", filter.kind);
  addText(where, "t.about ->> 'look'", filter.look);
  addText(where, "t.severity", filter.severity);
  addText(where, "t.role", filter.role);
  addText(where, "t.owner", filter.owner);
  if (filter.overdueAt !== undefined) {
    where.add("t.state <> 'closed' and t.due_at < ?::timestamptz", filter.overdueAt);
  }
  const { list, found } = await pageInTime(db, alerts, "raised_at", page, where);
  return pageOf(list, found, page.limit, (row) => ({ at: row.raisedAt, id: row.id }));
}

function countAlerts(db: Database, scope: RowScope): Promise<readonly AlertCount[]> {
  const where = scoped(scope);
  const text = `select t.kind, (t.about ->> 'look') collate "C" as look, count(*)::int as raised,
    count(*) filter (where t.finding = 'confirmed')::int as confirmed,
    count(*) filter (where t.finding = 'false-alarm')::int as "falseAlarms"
    from alert t ${where.text()} group by 1, 2 order by 1, 2 nulls first`;
  return db.query<AlertCount>(text, where.values);
}

async function readReminders(
  db: Database,
  page: PageRequest,
  filter: Parameters<Reads["reminders"]>[1],
): ReturnType<Reads["reminders"]> {
  const where = scoped(filter);
  addId(where, "t.line_id", filter.lineId);
  addText(where, "t.state", filter.state);
  const { list, found } = await pageInTime(db, reminders, "planned_at", page, where);
  return pageOf(list, found, page.limit, (row) => ({ at: row.plannedAt, id: row.id }));
}

async function readOffers(
  db: Database,
  page: PageRequest,
  filter: Parameters<Reads["offers"]>[1],
): ReturnType<Reads["offers"]> {
  const where = scoped(filter);
  addId(where, "t.line_id", filter.lineId);
  addText(where, "t.state", filter.state);
  addId(where, "t.decision_id", filter.decisionId);
  addCause(where, filter.causeId);
  const { list, found } = await pageInTime(db, rows.offers, "made_at", page, where);
  return pageOf(list, found, page.limit, (row) => ({ at: row.madeAt, id: row.id }));
}

async function pageInTime<Row extends object>(
  db: Database,
  table: Table<Row>,
  column: string,
  page: PageRequest,
  where: Conditions,
): Promise<Readonly<{ list: string; found: readonly Row[] }>> {
  const list = listInTime(table.name, page);
  const after: Position | null = parseCursor(list, page.after);
  const [beyond, way] = page.newestFirst === true ? ["<", "desc"] : [">", "asc"];
  if (after !== null) {
    where.add(`(t.${column}, t.id) ${beyond} (?::timestamptz, ?::uuid)`, after.at, after.id);
  }
  const tail = `order by t.${column} ${way}, t.id ${way} limit ${checkLimit(page.limit) + 1}`;
  const text = `select ${table.select("t")} from ${table.name} t ${where.text()} ${tail}`;
  return { list, found: await db.query<Row>(text, where.values) };
}

/** Rows of one customer, or of lines in some portfolios. */
function scoped({ customerId, portfolios }: RowScope): Conditions {
  const where = conditions();
  addId(where, "t.customer_id", customerId);
  if (portfolios !== undefined) {
    where.add(
      `exists (select 1 from credit_line l where l.bucket = t.bucket and l.id = t.line_id
        and l.portfolio = any(?::text[]))`,
      portfolios,
    );
  }
  return where;
}

function addCause(where: Conditions, causeId: Id | undefined): void {
  if (causeId === undefined) return;
  where.add(
    `exists (select 1 from decision d where d.bucket = t.bucket and d.id = t.decision_id
      and d.cause_id = ?::uuid)`,
    uuidOrNull(causeId),
  );
}

/** By a customer-scoped id, whose bucket narrows the search to one place. */
function addId(where: Conditions, column: string, id: Id | undefined): void {
  if (id === undefined) return;
  const bucket = isId(id) ? bucketOfId(id) : null;
  where.add(`t.bucket = ?::smallint and ${column} = ?::uuid`, bucket, uuidOrNull(id));
}

function addText(where: Conditions, column: string, text: string | undefined): void {
  if (text !== undefined) where.add(`${column} = ?`, text);
}

/** `= null` matches nothing: what is no id names no row. */
function uuidOrNull(id: string): string | null {
  return isId(id) ? id : null;
}
