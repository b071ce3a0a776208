// Loading the rows of one transaction: what the commands name, and the relatives that deciding about them needs.
// One set statement per kind of row, whatever the number of commands; kinds that nobody asked for cost nothing.

import { addDays } from "../../domain/calendar.ts";
import type { Bucket, Id } from "../../domain/id.ts";
import { signalKey } from "../../domain/signal.ts";
import type { Wanted } from "../../flow/ports.ts";
import type { State } from "../../flow/state.ts";
import type { RowKeys } from "../store/row-keys.ts";
import type { RecordedSignal } from "../store/writes.ts";
import type { WorkingState } from "../store/working-state.ts";
import type { Queryable } from "./pool.ts";
import * as rows from "./rows.ts";
import { arrayLiteral } from "./set-statement.ts";

/** What loading works with: an open transaction on one bucket, and where the rows go. */
export type Loading = Readonly<{
  tx: Queryable;
  bucket: Bucket;
  working: WorkingState;
  rowKeys: RowKeys;
}>;

const selectReviews = `select ${rows.reviews.select()} from review_case`;
const selectNotices = `select ${rows.notices.select()} from notice`;
const selectOffers = `select ${rows.offers.select()} from offer`;
const selectDecisions = `select ${rows.decisions.select()} from decision`;

/**
 * Adds the wanted rows and their relatives to the state: review case, notice and offer → decision → line; line →
 * customer, its live decisions and those whose override is still in force; decision → review case, notice, offer;
 * of all of these the waiting timers. Ids that do not exist are passed over.
 */
export async function loadWanted(loading: Loading, wanted: Wanted): Promise<State> {
  const { state } = loading.working;
  await adoptReviews(loading, "id", wanted.reviews);
  await adoptNotices(loading, "id", wanted.notices);
  await adoptOffers(loading, "id", wanted.offers);
  const named = [state.reviews, state.notices, state.offers].flatMap((held) => [...held.values()]);
  await adoptDecisions(loading, [...wanted.decisions, ...named.map((row) => row.decisionId)]);
  const lineIds = unique([...wanted.lines, ...fieldOf(state.decisions.values(), "lineId")]);
  await adoptLines(loading, lineIds);
  await adoptLiveDecisions(loading, wanted, [...state.lines.keys()]);
  const decisionIds = [...state.decisions.keys()];
  await adoptReviews(loading, "decision_id", decisionIds);
  await adoptNotices(loading, "decision_id", decisionIds);
  await adoptOffers(loading, "decision_id", decisionIds);
  await adoptTimers(loading);
  await adoptCustomers(loading, [
    ...wanted.customers,
    ...fieldOf(state.lines.values(), "customerId"),
  ]);
  await adoptFacts(loading, wanted.factsOf);
  await adoptSignals(loading, wanted);
  await sumDecreases(loading, wanted);
  return state;
}

async function adoptReviews({ tx, bucket, working }: Loading, by: string, ids: readonly Id[]) {
  if (ids.length === 0) return;
  const text = `${selectReviews} where bucket = $1 and ${by} = any($2::uuid[]) order by id`;
  for (const row of await tx.query<rows.RowOf<typeof rows.reviews>>(text, [bucket, idArray(ids)])) {
    working.adopt("reviews", row.id, row);
  }
}

async function adoptNotices({ tx, bucket, working }: Loading, by: string, ids: readonly Id[]) {
  if (ids.length === 0) return;
  const text = `${selectNotices} where bucket = $1 and ${by} = any($2::uuid[]) order by id`;
  for (const stored of await tx.query<rows.RowOf<typeof rows.notices>>(text, [
    bucket,
    idArray(ids),
  ])) {
    const notice = rows.noticeOf(stored);
    working.adopt("notices", notice.id, notice);
  }
}

async function adoptOffers({ tx, bucket, working }: Loading, by: string, ids: readonly Id[]) {
  if (ids.length === 0) return;
  const text = `${selectOffers} where bucket = $1 and ${by} = any($2::uuid[]) order by id`;
  for (const row of await tx.query<rows.RowOf<typeof rows.offers>>(text, [bucket, idArray(ids)])) {
    working.adopt("offers", row.id, row);
  }
}

async function adoptDecisions(loading: Loading, ids: readonly Id[]) {
  if (ids.length === 0) return;
  const text = `${selectDecisions} where bucket = $1 and id = any($2::uuid[]) order by id`;
  await adoptStoredDecisions(loading, text, [loading.bucket, idArray(ids)]);
}

async function adoptLiveDecisions(loading: Loading, wanted: Wanted, lineIds: readonly Id[]) {
  if (lineIds.length === 0) return;
  const text = `${selectDecisions} where bucket = $1 and line_id = any($2::uuid[])
    and (state not in ('executed', 'withdrawn', 'refused') or override_expires_on >= $3::date) order by id`;
  await adoptStoredDecisions(loading, text, [loading.bucket, idArray(lineIds), wanted.today]);
}

async function adoptStoredDecisions({ tx, working }: Loading, text: string, values: unknown[]) {
  for (const stored of await tx.query<rows.RowOf<typeof rows.decisions>>(text, values)) {
    if (working.state.decisions.has(stored.id)) continue;
    working.adopt("decisions", stored.id, rows.decisionOf(stored));
  }
}

async function adoptLines({ tx, bucket, working }: Loading, ids: readonly Id[]) {
  if (ids.length === 0) return;
  const text = `select ${rows.lines.select()} from credit_line
    where bucket = $1 and id = any($2::uuid[]) order by id`;
  for (const line of await tx.query<rows.RowOf<typeof rows.lines>>(text, [bucket, idArray(ids)])) {
    working.adopt("lines", line.id, line);
  }
}

async function adoptTimers({ tx, bucket, working }: Loading) {
  const { lines, decisions, reviews, notices } = working.state;
  const subjects = [lines, decisions, reviews, notices].flatMap((held) => [...held.keys()]);
  if (subjects.length === 0) return;
  const text = `select ${rows.timers.select()} from timer
    where bucket = $1 and subject = any($2::uuid[]) and state = 'waiting' order by id`;
  for (const timer of await tx.query<rows.RowOf<typeof rows.timers>>(text, [
    bucket,
    idArray(subjects),
  ])) {
    working.adopt("timers", timer.id, timer);
  }
}

type CustomerWithKey = rows.RowOf<typeof rows.customers> &
  Readonly<{ wrapped: Uint8Array | null; keyId: string | null }>;

async function adoptCustomers({ tx, bucket, working, rowKeys }: Loading, ids: readonly Id[]) {
  if (ids.length === 0) return;
  const text = `select ${rows.customers.select("c")}, k.wrapped_key as "wrapped", k.key_id as "keyId"
    from customer c left join customer_key k on k.bucket = c.bucket and k.customer_id = c.id
    where c.bucket = $1 and c.id = any($2::uuid[]) order by c.id`;
  for (const { wrapped, keyId, ...customer } of await tx.query<CustomerWithKey>(text, [
    bucket,
    idArray(unique(ids)),
  ])) {
    rowKeys.remember(customer.id, wrapped === null || keyId === null ? null : { wrapped, keyId });
    working.adopt("customers", customer.id, customer);
  }
}

async function adoptFacts({ tx, bucket, working }: Loading, lineIds: readonly Id[]) {
  if (lineIds.length === 0) return;
  const text = `select ${rows.facts.select("f")} from unnest($2::uuid[]) as w(line_id)
    cross join lateral (select * from line_facts f where f.bucket = $1 and f.line_id = w.line_id
      order by f.as_of desc, f.known_at desc, f.seq desc limit 1) f`;
  for (const stored of await tx.query<rows.StoredFacts>(text, [bucket, idArray(unique(lineIds))])) {
    working.adopt("facts", stored.lineId, rows.factsRowOf(stored));
  }
}

async function adoptSignals({ tx, bucket, working }: Loading, wanted: Wanted) {
  if (wanted.signals.length === 0) return;
  const text = `select s.source, s.id, s.content from unnest($2::text[], $3::text[]) as w(source, id)
    join signal s on s.bucket = $1 and s.source = w.source and s.id = w.id`;
  const found = await tx.query<RecordedSignal>(text, [
    bucket,
    arrayLiteral("text", wanted.signals, (signal) => signal.source),
    arrayLiteral("text", wanted.signals, (signal) => signal.id),
  ]);
  for (const { source, id, content } of found) {
    working.adoptSignal(signalKey(source, id), content);
  }
}

/** Decreases after the date that lies 365 days before today, today's included. */
async function sumDecreases({ tx, bucket, working }: Loading, wanted: Wanted) {
  const lineIds = [...working.state.lines.keys()].filter((id) => !working.state.decreased.has(id));
  if (lineIds.length === 0) return;
  const text = `select line_id as "lineId", sum(from_minor - to_minor)::bigint as sum from limit_change
    where bucket = $1 and line_id = any($2::uuid[]) and on_date > $3::date and on_date <= $4::date
    group by line_id`;
  const sums = await tx.query<Readonly<{ lineId: Id; sum: number }>>(text, [
    bucket,
    idArray(lineIds),
    addDays(wanted.today, -365),
    wanted.today,
  ]);
  for (const id of lineIds) working.state.decreased.set(id, 0);
  for (const { lineId, sum } of sums) working.state.decreased.set(lineId, sum);
}

function idArray(ids: readonly Id[]): string {
  return arrayLiteral("uuid", ids, (id) => id);
}

function unique(ids: readonly Id[]): readonly Id[] {
  return [...new Set(ids)];
}

function fieldOf<Key extends string>(
  held: Iterable<Readonly<Record<Key, Id>>>,
  field: Key,
): readonly Id[] {
  return Array.from(held, (row) => row[field]);
}
