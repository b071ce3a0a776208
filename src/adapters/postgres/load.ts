// Loading the rows of one transaction: what the commands name, and the relatives that deciding about them needs.
// One set statement per kind of row, whatever the number of commands and of buckets; kinds that nobody asked for cost
// nothing. A row goes to the state of the bucket that it lies in.

import { addDays, type BusinessDate } from "../../domain/calendar.ts";
import type { Bucket, Id } from "../../domain/id.ts";
import { paneKey } from "../../domain/pane.ts";
import { reminderReachDays } from "../../domain/reminder.ts";
import { signalKey } from "../../domain/signal.ts";
import type { Wanted } from "../../flow/ports.ts";
import type { RowKeys } from "../store/row-keys.ts";
import type { RecordedSignal } from "../store/writes.ts";
import type { WorkingState } from "../store/working-state.ts";
import type { Transaction } from "./pool.ts";
import * as rows from "./rows.ts";
import { arrayLiteral } from "./set-statement.ts";
import { alerts, reminders } from "./watch-rows.ts";

/** One bucket of a transaction: what is wanted of it, and where its rows go. */
export type LoadedBucket = Readonly<{
  bucket: Bucket;
  working: WorkingState;
  rowKeys: RowKeys;
  wanted: Wanted;
}>;

/** What loading works with: an open transaction that holds these buckets, at least one. */
export type Loading = Readonly<{
  tx: Pick<Transaction, "query" | "together">;
  parts: ReadonlyMap<Bucket, LoadedBucket>;
}>;

type Ids = (part: LoadedBucket) => Iterable<Id>;

/**
 * Adds the wanted rows and their relatives to the states: review case, notice and offer → decision → line; line →
 * customer, its live decisions and those whose override is still in force; decision → review case, notice, offer;
 * of all of these the waiting timers. Ids that do not exist in their bucket are passed over.
 */
export async function loadWanted(loading: Loading): Promise<void> {
  await adoptReviews(loading, "id", ({ wanted }) => wanted.reviews);
  await adoptNotices(loading, "id", ({ wanted }) => wanted.notices);
  await adoptOffers(loading, "id", ({ wanted }) => wanted.offers);
  await adoptAlerts(loading);
  await adoptReminders(loading);
  await adoptDecisions(loading, ({ wanted, working: { state } }) => [
    ...wanted.decisions,
    ...fieldOf(state.reviews.values(), "decisionId"),
    ...fieldOf(state.notices.values(), "decisionId"),
    ...fieldOf(state.offers.values(), "decisionId"),
  ]);
  const { together } = loading.tx;
  // What does not need the answer of another question is asked in one round trip.
  await together([
    () =>
      adoptLines(loading, ({ wanted, working: { state } }) => [
        ...wanted.lines,
        ...fieldOf(state.decisions.values(), "lineId"),
        ...fieldOf(state.alerts.values(), "lineId"),
        ...wanted.reminders.flatMap((id) => state.reminders.get(id)?.lineId ?? []),
      ]),
    () => adoptFacts(loading),
    () => adoptSignals(loading),
    () => adoptPanes(loading),
    () => sumDecreases(loading),
  ]);
  await together([
    () => adoptLiveDecisions(loading),
    () => adoptCustomers(loading),
    () => adoptTimers(loading, ({ working: { state } }) => state.lines.keys()),
  ]);
  const decided: Ids = ({ working: { state } }) => state.decisions.keys();
  await together([
    () => adoptReviews(loading, "decision_id", decided),
    () => adoptNotices(loading, "decision_id", decided),
    () => adoptOffers(loading, "decision_id", decided),
  ]);
  await adoptTimers(loading, ({ working: { state } }) =>
    [
      ...[state.decisions, state.reviews, state.notices, state.offers],
      ...[state.alerts, state.reminders],
    ].flatMap((held) => [...held.keys()]),
  );
}

type Key = Readonly<{ bucket: Bucket; id: Id }>;

/** What one statement asks for: a key column, and what else must hold of the row `t` with values from `$3` on. */
type Question = Readonly<{
  select: string;
  table: string;
  column: string;
  keys: readonly Key[];
  and?: string;
  values?: readonly unknown[];
}>;

/** For several buckets each key is looked up for itself: the tables are far larger than any batch. */
async function find<Row extends object>(tx: Loading["tx"], question: Question): Promise<Row[]> {
  const { select, table, column, keys, and = "", values = [] } = question;
  if (keys.length === 0) return [];
  const { isOne, buckets } = bucketsIn(keys);
  const from = isOne
    ? `${table} t where t.bucket = $1 and t.${column} = any($2::uuid[]) ${and}`
    : `unnest($1::smallint[], $2::uuid[]) as w(bucket, key) cross join lateral (select * from ${table} t
        where t.bucket = w.bucket and t.${column} = w.key ${and} offset 0) t`;
  const text = `select ${select} from ${from} order by t.id`;
  return tx.query<Row>(text, [buckets, idsIn(keys), ...values]);
}

function keysOf({ parts }: Loading, idsOf: Ids): readonly Key[] {
  return Array.from(parts.values(), (part) =>
    Array.from(new Set(idsOf(part)), (id): Key => ({ bucket: part.bucket, id })),
  ).flat();
}

function partOf({ parts }: Loading, { bucket }: Readonly<{ bucket: Bucket }>): LoadedBucket {
  return parts.get(bucket)!;
}

const reviewColumns = rows.reviews.select("t");
const alertColumns = alerts.select("t");
const reminderColumns = reminders.select("t");
const offerColumns = rows.offers.select("t");
const noticeColumns = rows.notices.select("t");
const decisionColumns = rows.decisions.select("t");
const lineColumns = rows.lines.select("t");
const timerColumns = rows.timers.select("t");

async function adoptReviews(loading: Loading, column: string, idsOf: Ids): Promise<void> {
  const keys = keysOf(loading, idsOf);
  const asked = { select: reviewColumns, table: "review_case", column, keys };
  for (const row of await find<rows.RowOf<typeof rows.reviews>>(loading.tx, asked)) {
    partOf(loading, row).working.adopt("reviews", row.id, row);
  }
}

async function adoptOffers(loading: Loading, column: string, idsOf: Ids): Promise<void> {
  const keys = keysOf(loading, idsOf);
  const asked = { select: offerColumns, table: "offer", column, keys };
  for (const row of await find<rows.RowOf<typeof rows.offers>>(loading.tx, asked)) {
    partOf(loading, row).working.adopt("offers", row.id, row);
  }
}

async function adoptAlerts(loading: Loading): Promise<void> {
  const keys = keysOf(loading, ({ wanted }) => wanted.alerts);
  const asked = { select: alertColumns, table: "alert", column: "id", keys };
  for (const row of await find<rows.RowOf<typeof alerts>>(loading.tx, asked)) {
    partOf(loading, row).working.adopt("alerts", row.id, row);
  }
}

/** By id, then what else counts against the caps of their customers; and those of lines that are asked for. */
async function adoptReminders(loading: Loading): Promise<void> {
  await adoptRemindersBy(loading, "id", ({ wanted }) => wanted.reminders);
  const recent = [addDays(today(loading), -reminderReachDays)];
  const customers: Ids = ({ working: { state } }) =>
    fieldOf(state.reminders.values(), "customerId");
  await adoptRemindersBy(loading, "customer_id", customers, recent);
  await adoptRemindersBy(loading, "line_id", ({ wanted }) => wanted.remindersOf, recent);
}

async function adoptRemindersBy(
  loading: Loading,
  column: string,
  idsOf: Ids,
  dueFrom: readonly BusinessDate[] = [],
): Promise<void> {
  const keys = keysOf(loading, idsOf);
  const and = dueFrom.length === 0 ? "" : "and t.due_on >= $3::date";
  const asked = { select: reminderColumns, table: "reminder", column, keys, and, values: dueFrom };
  for (const row of await find<rows.RowOf<typeof reminders>>(loading.tx, asked)) {
    partOf(loading, row).working.adopt("reminders", row.id, row);
  }
}

async function adoptNotices(loading: Loading, column: string, idsOf: Ids): Promise<void> {
  const keys = keysOf(loading, idsOf);
  const asked = { select: noticeColumns, table: "notice", column, keys };
  for (const stored of await find<rows.RowOf<typeof rows.notices>>(loading.tx, asked)) {
    const notice = rows.noticeOf(stored);
    partOf(loading, notice).working.adopt("notices", notice.id, notice);
  }
}

async function adoptDecisions(loading: Loading, idsOf: Ids): Promise<void> {
  await adoptStoredDecisions(loading, { column: "id", keys: keysOf(loading, idsOf) });
}

async function adoptLiveDecisions(loading: Loading): Promise<void> {
  const and = `and (t.state not in ('executed', 'withdrawn', 'refused') or t.override_expires_on >= $3::date)`;
  const keys = keysOf(loading, ({ working }) => working.state.lines.keys());
  await adoptStoredDecisions(loading, { column: "line_id", keys, and, values: [today(loading)] });
}

async function adoptStoredDecisions(
  loading: Loading,
  asked: Omit<Question, "select" | "table">,
): Promise<void> {
  const question = { select: decisionColumns, table: "decision", ...asked };
  for (const stored of await find<rows.RowOf<typeof rows.decisions>>(loading.tx, question)) {
    const { working } = partOf(loading, stored);
    if (working.state.decisions.has(stored.id)) continue;
    working.adopt("decisions", stored.id, rows.decisionOf(stored));
  }
}

async function adoptLines(loading: Loading, idsOf: Ids): Promise<void> {
  const keys = keysOf(loading, idsOf);
  const asked = { select: lineColumns, table: "credit_line", column: "id", keys };
  for (const line of await find<rows.RowOf<typeof rows.lines>>(loading.tx, asked)) {
    partOf(loading, line).working.adopt("lines", line.id, line);
  }
}

async function adoptTimers(loading: Loading, idsOf: Ids): Promise<void> {
  const keys = keysOf(loading, idsOf);
  const and = "and t.state = 'waiting'";
  const asked = { select: timerColumns, table: "timer", column: "subject", keys, and };
  for (const timer of await find<rows.RowOf<typeof rows.timers>>(loading.tx, asked)) {
    partOf(loading, timer).working.adopt("timers", timer.id, timer);
  }
}

type CustomerWithKey = rows.RowOf<typeof rows.customers> &
  Readonly<{ wrapped: Uint8Array | null; keyId: string | null }>;

const keyOfCustomer = "from customer_key k where k.bucket = t.bucket and k.customer_id = t.id";
const customerColumns = `${rows.customers.select("t")}, (select k.wrapped_key ${keyOfCustomer}) as "wrapped",
  (select k.key_id ${keyOfCustomer}) as "keyId"`;

async function adoptCustomers(loading: Loading): Promise<void> {
  const keys = keysOf(loading, ({ wanted, working: { state } }) => [
    ...wanted.customers,
    ...fieldOf(state.lines.values(), "customerId"),
  ]);
  const asked = { select: customerColumns, table: "customer", column: "id", keys };
  for (const { wrapped, keyId, ...customer } of await find<CustomerWithKey>(loading.tx, asked)) {
    const { rowKeys, working } = partOf(loading, customer);
    rowKeys.remember(customer.id, wrapped === null || keyId === null ? null : { wrapped, keyId });
    working.adopt("customers", customer.id, customer);
  }
}

/** Where the arrays of a statement for one bucket, or for several, come from; `$1` is the bucket or their column. */
function arraysOf(isOne: boolean, arrays: string, names: string): readonly [string, string] {
  return isOne
    ? [`unnest(${arrays}) as w(${names})`, "$1::smallint"]
    : [`unnest($1::smallint[], ${arrays}) as w(bucket, ${names})`, "w.bucket"];
}

/** The bucket that all keys lie in, or the column of theirs. */
function bucketsIn(keys: readonly Readonly<{ bucket: Bucket }>[]): Readonly<{
  isOne: boolean;
  buckets: Bucket | string;
}> {
  const { bucket: first } = keys[0]!;
  return keys.every(({ bucket }) => bucket === first)
    ? { isOne: true, buckets: first }
    : { isOne: false, buckets: arrayLiteral("integer", keys, ({ bucket }) => bucket) };
}

async function adoptFacts(loading: Loading): Promise<void> {
  const keys = keysOf(loading, ({ wanted }) => wanted.factsOf);
  if (keys.length === 0) return;
  const { isOne, buckets } = bucketsIn(keys);
  const [arrays, bucket] = arraysOf(isOne, "$2::uuid[]", "line_id");
  const text = `select ${rows.facts.select("f")} from ${arrays}
    cross join lateral (select * from line_facts f where f.bucket = ${bucket} and f.line_id = w.line_id
      order by f.as_of desc, f.known_at desc, f.seq desc limit 1) f`;
  for (const stored of await loading.tx.query<rows.StoredFacts>(text, [buckets, idsIn(keys)])) {
    const row = rows.factsRowOf(stored);
    partOf(loading, row).working.adopt("facts", row.lineId, row);
  }
}

async function adoptSignals(loading: Loading): Promise<void> {
  const keys = Array.from(loading.parts.values(), ({ bucket, wanted }) =>
    wanted.signals.map(({ source, id }) => ({ bucket, source, id })),
  ).flat();
  if (keys.length === 0) return;
  const { isOne, buckets } = bucketsIn(keys);
  const [arrays, bucket] = arraysOf(isOne, "$2::text[], $3::text[]", "source, id");
  const text = `select s.bucket, s.source, s.id, s.content from ${arrays}
    cross join lateral (select * from signal s
      where s.bucket = ${bucket} and s.source = w.source and s.id = w.id offset 0) s`;
  const found = await loading.tx.query<RecordedSignal & Readonly<{ bucket: Bucket }>>(text, [
    buckets,
    arrayLiteral("text", keys, ({ source }) => source),
    arrayLiteral("text", keys, ({ id }) => id),
  ]);
  for (const { source, id, content, ...where } of found) {
    partOf(loading, where).working.adoptSignal(signalKey(source, id), content);
  }
}

async function adoptPanes(loading: Loading): Promise<void> {
  const asked = Array.from(loading.parts.values(), ({ bucket, wanted }) =>
    wanted.panes.map((key) => [paneKey(key), { ...key, bucket }] as const),
  );
  const keys = [...new Map(asked.flat()).values()];
  if (keys.length === 0) return;
  const { isOne, buckets } = bucketsIn(keys);
  const names = "line_id, on_date, measure";
  const [arrays, bucket] = arraysOf(isOne, "$2::uuid[], $3::date[], $4::text[]", names);
  const text = `select ${rows.panes.select("p")} from ${arrays}
    cross join lateral (select * from fact_pane p where p.bucket = ${bucket} and p.line_id = w.line_id
      and p.on_date = w.on_date and p.measure = w.measure
      order by p.known_at desc, p.seq desc limit 1) p`;
  const found = await loading.tx.query<rows.RowOf<typeof rows.panes>>(text, [
    buckets,
    arrayLiteral("uuid", keys, ({ lineId }) => lineId),
    arrayLiteral("date", keys, ({ onDate }) => onDate),
    arrayLiteral("text", keys, ({ measure }) => measure),
  ]);
  for (const row of found) partOf(loading, row).working.adoptPane(rows.paneRowOf(row));
}

/** Decreases after the date that lies 365 days before today, today's included. */
async function sumDecreases(loading: Loading): Promise<void> {
  const keys = keysOf(loading, ({ wanted }) => wanted.decreasedOf);
  if (keys.length === 0) return;
  const { isOne, buckets } = bucketsIn(keys);
  const [arrays, bucket] = arraysOf(isOne, "$2::uuid[]", "line_id");
  const text = `select c.* from ${arrays} cross join lateral (
      select c.bucket, c.line_id as "lineId", sum(c.from_minor - c.to_minor)::bigint as sum from limit_change c
      where c.bucket = ${bucket} and c.line_id = w.line_id and c.on_date > $3::date and c.on_date <= $4::date
      group by c.bucket, c.line_id) c`;
  const until = today(loading);
  const sums = await loading.tx.query<Readonly<{ bucket: Bucket; lineId: Id; sum: number }>>(text, [
    ...[buckets, idsIn(keys), addDays(until, -365), until],
  ]);
  for (const key of keys) partOf(loading, key).working.state.decreased.set(key.id, 0);
  for (const row of sums) partOf(loading, row).working.state.decreased.set(row.lineId, row.sum);
}

/** All buckets of a transaction are worked on at one instant. */
function today({ parts }: Loading): BusinessDate {
  for (const { wanted } of parts.values()) return wanted.today;
  throw new Error("Cannot load: found no bucket, expected at least one");
}

function idsIn(keys: readonly Key[]): string {
  return arrayLiteral("uuid", keys, ({ id }) => id);
}

function fieldOf<Key extends string>(
  held: Iterable<Readonly<Record<Key, Id>>>,
  field: Key,
): readonly Id[] {
  return Array.from(held, (row) => row[field]);
}
