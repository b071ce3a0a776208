// Writing one transaction, for one command or a thousand and for one bucket or several, in set statements. Updates name
// the version that was loaded; should it not match, somebody wrote past the bucket's lock and nothing stays.

import type { Bucket, Id } from "../../domain/id.ts";
import type { Changes } from "../../flow/ports.ts";
import { Fault } from "../fault.ts";
import type { Keys } from "../store/keys.ts";
import { identityPlace, type RowKeys } from "../store/row-keys.ts";
import { sealAttachment } from "../store/sealed-attachment.ts";
import type { Difference, Writes } from "../store/writes.ts";
import type { Queryable, Transaction } from "./pool.ts";
import { saveProfiles } from "./profiles.ts";
import * as rows from "./rows.ts";
import { arrayLiteral, type Across, type Table } from "./set-statement.ts";
import { alerts, reminders } from "./watch-rows.ts";

/** From here on COPY is faster than one insert of arrays, by a third in the server and by more here. */
const copyRows = 32;

/** One bucket of a transaction, and what is to be written of it. */
export type SavedBucket = Readonly<{
  bucket: Bucket;
  nextSeq: number;
  rowKeys: RowKeys;
  writes: Writes;
  changes: Changes;
}>;

/** What saving works with: an open transaction that holds these buckets, at least one. */
export type Saving = Readonly<{ tx: Transaction; keys: Keys; parts: readonly SavedBucket[] }>;

const upsertIdentity = `on conflict (bucket, customer_id, field) do update set ciphertext = excluded.ciphertext,
  key_id = excluded.key_id, blind_index = excluded.blind_index`;
const keepLink = "on conflict (bucket, customer_id, kind, linked_id) do nothing";
const upsertTimer = `on conflict (bucket, id) do update set due = excluded.due, priority = excluded.priority,
  owner = excluded.owner, state = excluded.state`;

/**
 * Stores everything of one transaction. Throws a fault: retryable with code "stale-row" when a row is no
 * longer the loaded one, not retryable with the SQLSTATE when a new row exists already (23505).
 */
export async function saveWrites(saving: Saving): Promise<void> {
  // A COPY needs the connection for itself, and is worth it where there is much of one bucket.
  if (isLarge(saving)) {
    for (const work of steps) await work(saving);
    return;
  }
  await saving.tx.together(steps.map((work) => () => work(saving)));
}

const steps: readonly ((saving: Saving) => Promise<void>)[] = [
  saveCustomers,
  saveIdentities,
  (saving) => saveDifference(saving, rows.lines, rows.lines, differenceOf(saving, "lines")),
  (saving) =>
    saveDifference(
      saving,
      rows.decisions,
      rows.decisionStates,
      stored(differenceOf(saving, "decisions"), rows.decisionRow, rows.decisionStateRow),
    ),
  (saving) => saveDifference(saving, rows.reviews, rows.reviews, differenceOf(saving, "reviews")),
  saveAttachments,
  (saving) =>
    saveDifference(
      saving,
      rows.notices,
      rows.notices,
      stored(differenceOf(saving, "notices"), rows.noticeRow, rows.noticeRow),
    ),
  (saving) => saveDifference(saving, rows.offers, rows.offers, differenceOf(saving, "offers")),
  (saving) => saveDifference(saving, alerts, alerts, differenceOf(saving, "alerts")),
  (saving) => saveDifference(saving, reminders, reminders, differenceOf(saving, "reminders")),
  (saving) => insertRows(saving, rows.timers, all(saving, "timers"), upsertTimer),
  saveFacts,
  (saving) => saveProfiles(saving.tx, bucketsOf(saving), all(saving, "facts")),
  saveSignals,
  savePanes,
  (saving) => insertRows(saving, rows.limitChanges, all(saving, "limitChanges")),
  saveOutbox,
  (saving) =>
    insertRows(
      saving,
      rows.events,
      saving.parts.flatMap(({ changes }) => changes.events),
    ),
  saveLeaves,
  moveOn,
  saveReplies,
];

/** Only one bucket at a time is ever large: several are written together because each has little. */
function isLarge({ parts: [first, ...others] }: Saving): boolean {
  if (first === undefined || others.length > 0) return false;
  const { writes, changes } = first;
  const counts = [writes.facts, writes.signals, writes.panes, writes.limitChanges, changes.events];
  const added = [writes.customers, writes.lines, writes.decisions, writes.reviews, writes.notices];
  return (
    counts.some(({ length }) => length >= copyRows) ||
    added.some((one) => one.added.length >= copyRows)
  );
}

/** What is written of one kind, of all buckets. */
function all<Kind extends "timers" | "facts" | "limitChanges" | "identities" | "links">(
  { parts }: Saving,
  kind: Kind,
): readonly Writes[Kind][number][] {
  return parts.flatMap(({ writes }) => writes[kind] as readonly Writes[Kind][number][]);
}

type DifferenceKind =
  | "customers"
  | "lines"
  | "decisions"
  | "reviews"
  | "notices"
  | "offers"
  | "alerts"
  | "reminders";
type RowOfKind<Kind extends DifferenceKind> =
  Writes[Kind] extends Difference<infer Row> ? Row : never;

function differenceOf<Kind extends DifferenceKind>(
  { parts }: Saving,
  kind: Kind,
): Difference<RowOfKind<Kind>> {
  const each = parts.map(({ writes }) => writes[kind] as unknown as Difference<RowOfKind<Kind>>);
  return {
    added: each.flatMap(({ added }) => added),
    changed: each.flatMap(({ changed }) => changed),
  };
}

/** The same difference as columns. */
function stored<Row, Added, State>(
  { added, changed }: Difference<Row>,
  rowOf: (row: Row) => Added,
  stateOf: (row: Row) => State,
) {
  return {
    added: added.map(rowOf),
    changed: changed.map(({ row, before }) => ({ row: stateOf(row), before: stateOf(before) })),
  };
}

/** The one bucket, which a cluster finds the machine by, or that each row says its own. */
function bucketsOf({ parts }: Saving): Bucket | Across {
  return parts.length === 1 ? parts[0]!.bucket : "each-its-own";
}

async function insertRows<Row>(
  saving: Saving,
  table: Table<Row>,
  added: readonly Row[],
  tail?: string,
): Promise<void> {
  if (added.length === 0) return;
  const { tx } = saving;
  const bucket = bucketsOf(saving);
  if (tail === undefined && added.length >= copyRows && bucket !== "each-its-own") {
    await tx.copyTextFrom(table.copy(), table.copyText(bucket, added));
    return;
  }
  const across = bucket === "each-its-own" ? bucket : undefined;
  await tx.execute(table.insert(tail, across), table.values(bucket, added));
}

type Versioned = Readonly<{ id: Id; ver: number }>;

/** `stateTable` holds the columns that may change. */
async function saveDifference<Row extends StateRow, StateRow extends Versioned>(
  saving: Saving,
  table: Table<Row>,
  stateTable: Table<StateRow>,
  difference: Readonly<{
    added: readonly Row[];
    changed: readonly Readonly<{ row: StateRow; before: StateRow }>[];
  }>,
): Promise<void> {
  await insertRows(saving, table, difference.added);
  if (difference.changed.length === 0) return;
  const after = difference.changed.map(({ row }) => row);
  const loaded = arrayLiteral("integer", difference.changed, ({ before }) => before.ver);
  const bucket = bucketsOf(saving);
  const across = bucket === "each-its-own" ? bucket : undefined;
  const values = [...stateTable.values(bucket, after), loaded];
  const matched = await saving.tx.execute(stateTable.update(across), values);
  if (matched === after.length) return;
  throw new Fault(
    `Cannot save ${table.name}: ${after.length - matched} of ${after.length} rows changed since they were loaded`,
    { retryable: true, code: "stale-row" },
  );
}

async function saveCustomers(saving: Saving): Promise<void> {
  const { tx, parts } = saving;
  await insertRows(saving, rows.customers, differenceOf(saving, "customers").added);
  const wrapped = parts.flatMap(({ bucket, writes, rowKeys }) =>
    writes.customers.added.map((customer): rows.CustomerKey => {
      const { wrapped: wrappedKey, keyId } = rowKeys.keyOfNew(customer.id);
      return { bucket, customerId: customer.id, wrappedKey, keyId };
    }),
  );
  await insertRows(saving, rows.customerKeys, wrapped);
  for (const { bucket, writes } of parts) {
    await updateCustomers(tx, bucket, writes.customers.changed);
  }
}

async function saveAttachments(saving: Saving): Promise<void> {
  const sealed = saving.parts.flatMap(({ writes, rowKeys }) =>
    writes.attachments.map((one) => sealAttachment(rowKeys, one)),
  );
  await insertRows(saving, rows.attachments, sealed);
}

async function saveIdentities(saving: Saving): Promise<void> {
  const { keys, parts } = saving;
  const identities = parts.flatMap(({ bucket, writes, rowKeys }) =>
    writes.identities.map(({ customerId, field, text }) => ({
      ...{ bucket, customerId, field, keyId: keys.keyId },
      ciphertext: rowKeys.encrypt(customerId, identityPlace(customerId, field), text),
      blindIndex: keys.blindIndex(field, text),
    })),
  );
  await insertRows(saving, rows.identities, identities, upsertIdentity);
  await insertRows(saving, rows.customerLinks, all(saving, "links"), keepLink);
}

async function updateCustomers(
  tx: Queryable,
  bucket: Bucket,
  changed: Difference<rows.RowOf<typeof rows.customers>>["changed"],
): Promise<void> {
  if (changed.length === 0) return;
  const after = changed.map(({ row }) => row);
  const text = `update customer t set reference = v.reference, language = v.language
    from unnest($2::uuid[], $3::text[], $4::text[]) as v(id, reference, language)
    where t.bucket = $1::smallint and t.id = v.id`;
  await tx.execute(text, rows.customers.values(bucket, after));
}

async function saveFacts(saving: Saving): Promise<void> {
  const facts = saving.parts.flatMap(({ writes, nextSeq }) =>
    writes.facts.map((row) => rows.storedFactsOf(row, nextSeq)),
  );
  await insertRows(saving, rows.facts, facts);
}

async function saveSignals(saving: Saving): Promise<void> {
  const signals = saving.parts.flatMap(({ bucket, nextSeq, writes }) =>
    writes.signals.map((signal) => ({ ...signal, bucket, seq: nextSeq })),
  );
  await insertRows(saving, rows.signals, signals);
}

async function savePanes(saving: Saving): Promise<void> {
  const panes = saving.parts.flatMap(({ nextSeq, writes }) =>
    writes.panes.map((row) => ({ ...row, seq: nextSeq })),
  );
  await insertRows(saving, rows.panes, panes);
}

async function saveOutbox(saving: Saving): Promise<void> {
  const { tx, parts } = saving;
  const entries = parts.flatMap(({ writes, nextSeq }) =>
    writes.outbox.map((entry, position) => ({
      ...entry,
      place: rows.placeOf(nextSeq, position),
    })),
  );
  await insertRows(saving, rows.outbox, entries, "on conflict (bucket, id) do nothing");
  const text = `update outbox set state = 'done', lease_owner = null, lease_until = null, fault = null
    where bucket = $1 and id = any($2::uuid[]) and state = 'waiting'`;
  for (const { bucket, changes } of parts) {
    if (changes.doneOutbox.length === 0) continue;
    await tx.execute(text, [bucket, arrayLiteral("uuid", changes.doneOutbox, (id) => id)]);
  }
}

async function saveLeaves(saving: Saving): Promise<void> {
  const leaves = saving.parts.flatMap(({ changes }) =>
    changes.leaves.map((leaf) => ({ ...leaf, hash: Buffer.from(leaf.hash, "hex") })),
  );
  await insertRows(saving, rows.leaves, leaves);
}

/** Each bucket stands after its last event. */
async function moveOn({ tx, parts }: Saving): Promise<void> {
  const [first, ...others] = parts.filter(({ changes }) => changes.events.length > 0);
  if (first === undefined) return;
  if (others.length === 0) {
    const text = "update bucket set next_seq = $2 where bucket = $1";
    await tx.execute(text, [first.bucket, first.writes.nextSeq]);
    return;
  }
  const text = `update bucket b set next_seq = v.next_seq
    from unnest($1::smallint[], $2::bigint[]) as v(bucket, next_seq) where b.bucket = v.bucket`;
  await tx.execute(text, [
    arrayLiteral("integer", [first, ...others], ({ bucket }) => bucket),
    arrayLiteral("bigint", [first, ...others], ({ writes }) => writes.nextSeq),
  ]);
}

async function saveReplies({ tx, parts }: Saving): Promise<void> {
  const text = `insert into idempotency (bucket, client, key, body_hash, status, reply)
    values ($1, $2, $3, $4, $5, $6)`;
  for (const { bucket, changes } of parts) {
    const { reply } = changes;
    if (reply === null) continue;
    const json = JSON.stringify(reply.reply ?? null);
    await tx.execute(text, [bucket, reply.client, reply.key, reply.bodyHash, reply.status, json]);
  }
}
