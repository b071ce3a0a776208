// Reports over one database: lines with their facts on three dates in one statement per bucket, the shelf of kept
// versions, and the one waiting timer of the schedule.

import { isId, type Bucket } from "../../domain/id.ts";
import type { FactValues } from "../../domain/facts.ts";
import { addDays, type BusinessDate } from "../../domain/calendar.ts";
import type { Timer } from "../../domain/timer.ts";
import type { OutboxEntry } from "../../flow/state.ts";
import type {
  KeptReport,
  ReportedLine,
  ReportEntry,
  ReportFilter,
  Reports,
  ReportWindow,
} from "../../portfolio/report-ports.ts";
import { checkLimit, pageOf, parseCursor } from "../store/cursor.ts";
import { conditions, type Conditions } from "./conditions.ts";
import type { Database, Transaction } from "./pool.ts";
import { readActivity } from "./report-activity.ts";
import * as rows from "./rows.ts";

/** The port over one database. */
export function reportsIn(db: Database): Reports {
  return {
    read: (bucket, window) => readLines(db, bucket, window),
    activity: (window) => readActivity(db, window),
    keep: (report, caused) => db.transaction((tx) => keep(tx, report, caused)),
    find: async (id) => (isId(id) ? found(await db.query<StoredReport>(byId, [id])) : null),
    newest: async (kind, asOf, portfolio) =>
      found(await db.query<StoredReport>(newestOf, [kind, asOf, portfolio ?? every])),
    list: (page, filter) => list(db, page, filter),
    unread: async (filter) => {
      const where = wanted(filter);
      where.add(unreadBy, filter.accountId);
      const text = `select count(*) as count from report t ${where.text()}`;
      const [row] = await db.query<Readonly<{ count: number }>>(text, where.values);
      return row?.count ?? 0;
    },
    markRead: async (id, accountId) => {
      const text = `insert into report_reading (account_id, report_id) values ($1, $2)
        on conflict (account_id, report_id) do nothing`;
      await db.execute(text, [accountId, id]);
    },
    schedule: (timer) => db.transaction((tx) => schedule(tx, timer)),
    scheduled: async () => {
      const [timer] = await db.query<Timer>(waitingTimer, []);
      return timer ?? null;
    },
    sent: async ({ bucket, id }) => {
      const text = `update outbox set state = 'done', lease_owner = null, lease_until = null, fault = null
        where bucket = $1 and id = $2 and state = 'waiting'`;
      await db.execute(text, [bucket, id]);
    },
  };
}

/** What the column says for "every portfolio". */
const every = "";

type StoredReport = Omit<KeptReport, "portfolio"> & Readonly<{ portfolio: string }>;

const entryColumns = `t.id, t.kind, t.as_of as "asOf", t.portfolio, t.made_at as "madeAt", t.maker, t.hash`;
const byId = `select ${entryColumns}, t.document from report t where t.id = $1`;
const newestOf = `select ${entryColumns}, t.document from report t
  where t.kind = $1 and t.as_of = $2::date and t.portfolio = $3 order by t.made_at desc, t.id desc limit 1`;
const isNewest = `not exists (select 1 from report n where n.kind = t.kind and n.as_of = t.as_of
  and n.portfolio = t.portfolio and (n.made_at, n.id) > (t.made_at, t.id))`;
const unreadBy =
  "not exists (select 1 from report_reading r where r.report_id = t.id and r.account_id = ?)";
const waitingTimer = `select ${rows.timers.select()} from timer
  where bucket = 0 and kind = 'daily-report' and state = 'waiting' order by due limit 1`;

function found([row]: readonly StoredReport[]): KeptReport | null {
  return row === undefined ? null : { ...row, portfolio: row.portfolio || null };
}

async function list(
  db: Database,
  page: Parameters<Reports["list"]>[0],
  filter: ReportFilter,
): ReturnType<Reports["list"]> {
  const after = parseCursor("report", page.after);
  const where = wanted(filter);
  if (after !== null)
    where.add("(t.made_at, t.id) < (?::timestamptz, ?::uuid)", after.at, after.id);
  const text = `select ${entryColumns}, exists (select 1 from report_reading r
      where r.report_id = t.id and r.account_id = $${where.values.length + 1}) as read
    from report t ${where.text()} order by t.made_at desc, t.id desc limit ${checkLimit(page.limit) + 1}`;
  type Row = Omit<ReportEntry, "portfolio"> & Readonly<{ portfolio: string }>;
  const stored = await db.query<Row>(text, [...where.values, filter.accountId]);
  const result = pageOf("report", stored, page.limit, (row) => ({ at: row.madeAt, id: row.id }));
  return {
    ...result,
    rows: result.rows.map((row) => ({ ...row, portfolio: row.portfolio || null })),
  };
}

function wanted({ portfolios, portfolio, asOf }: ReportFilter): Conditions {
  const where = conditions();
  where.add(isNewest);
  if (portfolios !== undefined) where.add("t.portfolio = any(?::text[])", portfolios);
  if (portfolio !== undefined) where.add("t.portfolio = ?", portfolio);
  if (asOf !== undefined) where.add("t.as_of = ?::date", asOf);
  return where;
}

async function keep(
  tx: Transaction,
  report: KeptReport,
  { messages, fired, next }: Parameters<Reports["keep"]>[1],
): Promise<boolean> {
  if (fired !== undefined && !(await fire(tx, fired))) return false;
  const { id, kind, asOf, portfolio, madeAt, maker, hash, document } = report;
  await tx.execute(
    `insert into report (id, kind, as_of, portfolio, made_at, maker, hash, document)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (id) do nothing`,
    [id, kind, asOf, portfolio ?? every, madeAt, maker, hash, document],
  );
  for (const message of messages) await addMessage(tx, message);
  if (next !== undefined) await addTimer(tx, next);
  return true;
}

async function fire(tx: Transaction, { bucket, id }: Timer): Promise<boolean> {
  const text = `update timer set state = 'fired' where bucket = $1 and id = $2 and state = 'waiting'`;
  return (await tx.execute(text, [bucket, id])) === 1;
}

/** Each message has a subject of its own, so none waits for another. */
async function addMessage(tx: Transaction, { bucket, ...entry }: OutboxEntry): Promise<void> {
  const row = { bucket, ...entry, place: 0 };
  const text = rows.outbox.insert("on conflict (bucket, id) do nothing");
  await tx.execute(text, rows.outbox.values(bucket, [row]));
}

async function addTimer(tx: Transaction, timer: Timer): Promise<void> {
  const text = rows.timers.insert("on conflict (bucket, id) do update set state = excluded.state");
  await tx.execute(text, rows.timers.values(timer.bucket, [timer]));
}

async function schedule(tx: Transaction, timer: Timer | null): Promise<void> {
  // The bucket's row lock makes two starting processes take turns.
  await tx.query("select 1 from bucket where bucket = 0 for update");
  await tx.execute(
    `update timer set state = 'cancelled'
     where bucket = 0 and kind = 'daily-report' and state = 'waiting' and id is distinct from $1::uuid`,
    [timer?.id ?? null],
  );
  if (timer !== null) await addTimer(tx, timer);
}

// An earlier date has the same newest row where that row is old enough: it is looked for only otherwise.
const selectLines = `select ${rows.lines.select("l")}, f.as_of as "factsOf", f.facts as "factsJson",
    d.as_of as "dayOf", d.facts as "dayJson", m.facts as "monthJson",
    coalesce(c.decreased, 0)::bigint as "decreased"
  from credit_line l
  left join lateral (${newestFacts("$2::date", "true")}) f on true
  left join lateral (${newestFacts("$4::date", "f.as_of > $4::date")}) d on true
  left join lateral (${newestFacts("$5::date", "coalesce(d.as_of, f.as_of) > $5::date")}) m on true
  left join (select line_id, sum(from_minor - to_minor) as decreased from limit_change
    where bucket = $1 and on_date > $6::date and on_date <= $2::date and known_at <= $3::timestamptz
    group by line_id) c on c.line_id = l.id
  where l.bucket = $1 and ($7::text is null or l.portfolio = $7)
  order by l.id`;

function newestFacts(on: string, needed: string): string {
  return `select as_of, facts from line_facts x where x.bucket = $1 and x.line_id = l.id
    and x.as_of <= ${on} and x.known_at <= $3::timestamptz and ${needed}
    order by x.as_of desc, x.known_at desc, x.seq desc limit 1`;
}

type LineRow = rows.RowOf<typeof rows.lines> &
  Readonly<{
    factsOf: BusinessDate | null;
    factsJson: string | null;
    dayOf: BusinessDate | null;
    dayJson: string | null;
    monthJson: string | null;
    decreased: number;
  }>;

async function readLines(
  db: Database,
  bucket: Bucket,
  window: ReportWindow,
): Promise<readonly ReportedLine[]> {
  const { asOf, dayBefore, monthBefore, knownAt, portfolio } = window;
  const values = [bucket, asOf, knownAt, dayBefore, monthBefore, addDays(asOf, -365), portfolio];
  const found = await db.query<LineRow>(selectLines, values);
  return found.map((row) => reportedLine(row, window));
}

function reportedLine(row: LineRow, window: ReportWindow): ReportedLine {
  const { factsOf, factsJson, dayOf, dayJson, monthJson, decreased, ...line } = row;
  const facts = parsed(factsJson);
  const isOf = (date: BusinessDate | null, latest: BusinessDate): boolean =>
    date !== null && date <= latest;
  const dayBefore = isOf(factsOf, window.dayBefore) ? facts : parsed(dayJson);
  const monthBefore = isOf(dayOf ?? factsOf, window.monthBefore) ? dayBefore : parsed(monthJson);
  return { line, facts, dayBefore, monthBefore, decreasedLast12MonthsMinor: decreased };
}

function parsed(json: string | null): FactValues | null {
  return json === null ? null : (JSON.parse(json) as FactValues);
}
