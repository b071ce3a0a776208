// Writing one transaction, for one command or a thousand, in set statements only. Updates name the version that
// was loaded; should it not match, somebody wrote past the bucket's lock and nothing of this transaction stays.

import type { Bucket, Id } from "../../domain/id.ts";
import type { Changes } from "../../flow/ports.ts";
import { Fault } from "../fault.ts";
import type { Keys } from "../store/keys.ts";
import type { RowKeys } from "../store/row-keys.ts";
import type { Difference, Writes } from "../store/writes.ts";
import type { Queryable, Transaction } from "./pool.ts";
import { saveProfiles } from "./profiles.ts";
import * as rows from "./rows.ts";
import { arrayLiteral, type Table } from "./set-statement.ts";

/** From here on COPY is faster than one insert of arrays, by a third in the server and by more here. */
const copyRows = 32;

/** What saving works with: an open transaction on one bucket. */
export type Saving = Readonly<{
  tx: Transaction;
  bucket: Bucket;
  nextSeq: number;
  keys: Keys;
  rowKeys: RowKeys;
}>;

const upsertIdentity = `on conflict (bucket, customer_id, field) do update set ciphertext = excluded.ciphertext,
  key_id = excluded.key_id, blind_index = excluded.blind_index`;
const keepLink = "on conflict (bucket, customer_id, kind, linked_id) do nothing";
const upsertTimer = `on conflict (bucket, id) do update set due = excluded.due, priority = excluded.priority,
  owner = excluded.owner, state = excluded.state`;

/**
 * Stores everything of one transaction. Throws a fault: retryable with code "stale-row" when a row is no
 * longer the loaded one, not retryable with the SQLSTATE when a new row exists already (23505).
 */
export async function saveWrites(saving: Saving, writes: Writes, changes: Changes): Promise<void> {
  await saveCustomers(saving, writes);
  await saveDifference(saving, rows.lines, rows.lines, writes.lines);
  await saveDifference(saving, rows.decisions, rows.decisionStates, {
    added: writes.decisions.added.map(rows.decisionRow),
    changed: writes.decisions.changed.map(({ row, before }) => ({
      row: rows.decisionStateRow(row),
      before: rows.decisionStateRow(before),
    })),
  });
  await saveDifference(saving, rows.reviews, rows.reviews, writes.reviews);
  await saveDifference(saving, rows.notices, rows.notices, {
    added: writes.notices.added.map(rows.noticeRow),
    changed: writes.notices.changed.map(({ row, before }) => ({
      row: rows.noticeRow(row),
      before: rows.noticeRow(before),
    })),
  });
  await saveDifference(saving, rows.offers, rows.offers, writes.offers);
  await insertRows(saving, rows.timers, writes.timers, upsertTimer);
  await saveFacts(saving, writes);
  await insertRows(saving, rows.limitChanges, writes.limitChanges);
  await saveOutbox(saving, writes, changes);
  await saveEvents(saving, writes, changes);
  await saveReply(saving, changes);
}

async function insertRows<Row>(
  { tx, bucket }: Saving,
  table: Table<Row>,
  added: readonly Row[],
  tail?: string,
): Promise<void> {
  if (added.length === 0) return;
  if (tail === undefined && added.length >= copyRows) {
    await tx.copyTextFrom(table.copy(), table.copyText(bucket, added));
    return;
  }
  await tx.execute(table.insert(tail), table.values(bucket, added));
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
  const values = [...stateTable.values(saving.bucket, after), loaded];
  const matched = await saving.tx.execute(stateTable.update(), values);
  if (matched === after.length) return;
  throw new Fault(
    `Cannot save ${table.name}: ${after.length - matched} of ${after.length} rows changed since they were loaded`,
    { retryable: true, code: "stale-row" },
  );
}

async function saveCustomers(saving: Saving, writes: Writes): Promise<void> {
  const { tx, bucket, keys, rowKeys } = saving;
  const { added, changed } = writes.customers;
  await insertRows(saving, rows.customers, added);
  const wrapped = added.map((customer): rows.CustomerKey => {
    const { wrapped: wrappedKey, keyId } = rowKeys.keyOfNew(customer.id);
    return { bucket, customerId: customer.id, wrappedKey, keyId };
  });
  await insertRows(saving, rows.customerKeys, wrapped);
  await updateCustomers(tx, bucket, changed);
  const identities = writes.identities.map(({ customerId, field, text }) => ({
    bucket,
    customerId,
    field,
    ciphertext: rowKeys.encrypt(customerId, field, text),
    keyId: keys.keyId,
    blindIndex: keys.blindIndex(field, text),
  }));
  await insertRows(saving, rows.identities, identities, upsertIdentity);
  await insertRows(saving, rows.customerLinks, writes.links, keepLink);
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

async function saveFacts(saving: Saving, writes: Writes): Promise<void> {
  const { bucket, nextSeq } = saving;
  const facts = writes.facts.map((row) => rows.storedFactsOf(row, nextSeq));
  await insertRows(saving, rows.facts, facts);
  await saveProfiles(saving.tx, bucket, writes.facts);
  const signals = writes.signals.map((signal) => ({ ...signal, bucket, seq: nextSeq }));
  await insertRows(saving, rows.signals, signals);
}

async function saveOutbox(saving: Saving, writes: Writes, changes: Changes): Promise<void> {
  const entries = writes.outbox.map((entry, position) => ({
    ...entry,
    place: rows.placeOf(saving.nextSeq, position),
  }));
  await insertRows(saving, rows.outbox, entries, "on conflict (bucket, id) do nothing");
  if (changes.doneOutbox.length === 0) return;
  const text = `update outbox set state = 'done', lease_owner = null, lease_until = null, fault = null
    where bucket = $1 and id = any($2::uuid[]) and state = 'waiting'`;
  const done = arrayLiteral("uuid", changes.doneOutbox, (id) => id);
  await saving.tx.execute(text, [saving.bucket, done]);
}

async function saveEvents(saving: Saving, writes: Writes, changes: Changes): Promise<void> {
  if (changes.events.length === 0) return;
  await insertRows(saving, rows.events, changes.events);
  const leaves = changes.leaves.map((leaf) => ({ ...leaf, hash: Buffer.from(leaf.hash, "hex") }));
  await insertRows(saving, rows.leaves, leaves);
  const text = "update bucket set next_seq = $2 where bucket = $1";
  await saving.tx.execute(text, [saving.bucket, writes.nextSeq]);
}

async function saveReply({ tx, bucket }: Saving, { reply }: Changes): Promise<void> {
  if (reply === null) return;
  const text = `insert into idempotency (bucket, client, key, body_hash, status, reply)
    values ($1, $2, $3, $4, $5, $6)`;
  const json = JSON.stringify(reply.reply ?? null);
  await tx.execute(text, [bucket, reply.client, reply.key, reply.bodyHash, reply.status, json]);
}
