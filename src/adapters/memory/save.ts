// Writing in memory: everything is checked while the transaction runs and applied only when it commits, so that
// a throw or a dry run leaves nothing.

import { recordText } from "../../domain/decision.ts";
import type { Id } from "../../domain/id.ts";
import { signalKey } from "../../domain/signal.ts";
import type { Changes } from "../../flow/ports.ts";
import type { FactsRow } from "../../flow/state.ts";
import { Fault } from "../fault.ts";
import type { Keys } from "../store/keys.ts";
import { identityPlace, type RowKeys } from "../store/row-keys.ts";
import { sealAttachment } from "../store/sealed-attachment.ts";
import type { Difference, Writes } from "../store/writes.ts";
import { keyOf, type BucketTables, realNow, type StoredIdentity } from "./tables.ts";

/** What saving works with. */
export type Saving = Readonly<{ tables: BucketTables; keys: Keys; rowKeys: RowKeys }>;

/**
 * Checks what PostgreSQL's keys and versions would refuse, then returns the step that applies all of it. Throws a
 * fault: retryable with code "stale-row", or not retryable with code 23505 for a row that exists already.
 */
export function prepareWrites(saving: Saving, writes: Writes, changes: Changes): () => void {
  const { tables } = saving;
  checkDifference("customer", tables.customers, writes.customers, () => 0);
  checkDifference("credit_line", tables.lines, writes.lines, (row) => row.ver);
  checkDifference("decision", tables.decisions, writes.decisions, (row) => row.ver);
  checkDifference("review_case", tables.reviews, writes.reviews, (row) => row.ver);
  checkDifference("alert", tables.alerts, writes.alerts, (row) => row.ver);
  checkDifference("reminder", tables.reminders, writes.reminders, (row) => row.ver);
  checkDifference("offer", tables.offers, writes.offers, (row) => row.ver);
  checkDifference("notice", tables.notices, writes.notices, (row) => row.ver);
  checkNew(
    "review_attachment",
    writes.attachments.map(({ id }) => id),
    tables.attachments,
  );
  checkReferences(tables, writes);
  checkNew(
    "signal",
    writes.signals.map(({ source, id }) => signalKey(source, id)),
    tables.signals,
  );
  const { reply } = changes;
  if (reply !== null) checkNew("idempotency", [keyOf(reply.client, reply.key)], tables.replies);
  const records = writes.decisions.added.map((row) => [row.id, recordText(row.record)] as const);
  const wrapped = writes.customers.added.map(
    ({ id }) => [id, saving.rowKeys.keyOfNew(id)] as const,
  );
  const identities = identitiesOf(saving, writes);
  const attachments = writes.attachments.map((one) => sealAttachment(saving.rowKeys, one));
  return () => {
    for (const [id, record] of records) tables.records.set(id, record);
    for (const [id, key] of wrapped) tables.keys.set(id, key);
    for (const [key, identity] of identities) tables.identities.set(key, identity);
    for (const attachment of attachments) tables.attachments.set(attachment.id, attachment);
    applyRows(tables, writes);
    applyMessages(tables, writes, changes);
    applyOrder(tables, writes, changes);
  };
}

function checkDifference<Row extends Readonly<{ id: Id }>>(
  name: string,
  stored: ReadonlyMap<Id, Row>,
  difference: Difference<Row>,
  versionOf: (row: Row) => number,
): void {
  checkNew(
    name,
    difference.added.map((row) => row.id),
    stored,
  );
  const stale = difference.changed.filter(({ before }) => {
    const row = stored.get(before.id);
    return row === undefined || versionOf(row) !== versionOf(before);
  });
  if (stale.length === 0) return;
  throw new Fault(
    `Cannot save ${name}: ${stale.length} of ${difference.changed.length} rows changed since they were loaded`,
    { retryable: true, code: "stale-row" },
  );
}

function checkNew(
  name: string,
  keys: readonly string[],
  stored: Readonly<{ has: (key: string) => boolean }>,
): void {
  const twice = keys.find((key) => stored.has(key));
  if (twice === undefined) return;
  throw new Fault(`Cannot save ${name} ${twice}: it exists already`, {
    retryable: false,
    code: "23505",
  });
}

/** A reference names one line within its portfolio. */
function checkReferences(tables: BucketTables, writes: Writes): void {
  if (writes.lines.added.length === 0) return;
  const referenceOf = (line: Readonly<{ reference: string; portfolio: string }>): string =>
    keyOf(line.reference, line.portfolio);
  const held = new Set([...tables.lines.values()].map(referenceOf));
  for (const line of writes.lines.added) {
    checkNew("credit_line", [referenceOf(line)], held);
    held.add(referenceOf(line));
  }
}

function identitiesOf(
  { keys, rowKeys }: Saving,
  writes: Writes,
): readonly (readonly [string, StoredIdentity])[] {
  return writes.identities.map(({ customerId, field, text }) => [
    keyOf(customerId, field),
    {
      ciphertext: rowKeys.encrypt(customerId, identityPlace(customerId, field), text),
      keyId: keys.keyId,
      blindIndex: keys.blindIndex(field, text),
    },
  ]);
}

function applyRows(tables: BucketTables, writes: Writes): void {
  put(tables.customers, writes.customers);
  put(tables.lines, writes.lines);
  put(tables.decisions, writes.decisions);
  put(tables.reviews, writes.reviews);
  put(tables.notices, writes.notices);
  put(tables.offers, writes.offers);
  put(tables.alerts, writes.alerts);
  put(tables.reminders, writes.reminders);
  for (const timer of writes.timers) {
    const waiting = timer.state === "waiting";
    (waiting ? tables.waitingTimers : tables.endedTimers).set(timer.id, timer);
    (waiting ? tables.endedTimers : tables.waitingTimers).delete(timer.id);
  }
  for (const row of writes.facts) append<FactsRow>(tables.facts, row.lineId, row);
  for (const row of writes.panes) append(tables.panes, row.lineId, row);
  for (const change of writes.limitChanges) append(tables.limitChanges, change.lineId, change);
  for (const { source, id, content } of writes.signals) {
    tables.signals.set(signalKey(source, id), content);
  }
  for (const link of writes.links) {
    const key = keyOf(link.customerId, link.kind, link.linkedId);
    if (!tables.links.has(key)) tables.links.set(key, link);
  }
}

function put<Row extends Readonly<{ id: Id }>>(
  stored: Map<Id, Row>,
  { added, changed }: Difference<Row>,
): void {
  for (const row of added) stored.set(row.id, row);
  for (const { row } of changed) stored.set(row.id, row);
}

function append<Row>(lists: Map<Id, Row[]>, id: Id, row: Row): void {
  const list = lists.get(id);
  if (list === undefined) lists.set(id, [row]);
  else list.push(row);
}

function applyMessages(tables: BucketTables, writes: Writes, changes: Changes): void {
  const nextAttemptMs = realNow();
  writes.outbox.forEach((entry, position) => {
    if (tables.outbox.has(entry.id)) return;
    tables.outbox.set(entry.id, {
      entry,
      seq: tables.nextSeq,
      position,
      done: false,
      attempts: 0,
      nextAttemptMs,
      leaseOwner: null,
      leaseUntilMs: 0,
      fault: null,
    });
  });
  for (const id of changes.doneOutbox) {
    const message = tables.outbox.get(id);
    if (message === undefined || message.done) continue;
    const unleased = { leaseOwner: null, leaseUntilMs: 0, fault: null };
    tables.outbox.set(id, { ...message, ...unleased, done: true });
  }
}

function applyOrder(tables: BucketTables, writes: Writes, changes: Changes): void {
  for (const { attached: _, ...event } of changes.events) tables.events.push(event);
  tables.leaves.push(...changes.leaves);
  tables.nextSeq = writes.nextSeq;
  if (changes.reply === null) return;
  const { client, key, bodyHash, status, reply } = changes.reply;
  tables.replies.set(keyOf(client, key), { bodyHash, status, reply: reply ?? null });
}
