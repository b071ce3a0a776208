// What a transaction writes, worked out from its state and checked before anything is stored: rows of another
// bucket, gaps in the order of events and malformed ids are bugs of the caller, and both adapters stop at them.

import type { Alert } from "../../domain/alert.ts";
import type { NewAttachment } from "../../domain/attachment.ts";
import { parseBusinessDate, type BusinessDate, type Instant } from "../../domain/calendar.ts";
import type { CreditLine } from "../../domain/credit-line.ts";
import type { Decision } from "../../domain/decision.ts";
import { isId, type Bucket, type Id } from "../../domain/id.ts";
import type { Notice } from "../../domain/notice.ts";
import type { PaneRow } from "../../domain/pane.ts";
import type { Offer } from "../../domain/offer.ts";
import type { Reminder } from "../../domain/reminder.ts";
import type { ReviewCase } from "../../domain/review-case.ts";
import type { Timer } from "../../domain/timer.ts";
import type { Changes } from "../../flow/ports.ts";
import type { Event, FactsRow, OutboxEntry, State } from "../../flow/state.ts";
import type { Customer, CustomerLink } from "../../domain/customer.ts";
import type { RowKeys } from "./row-keys.ts";
import type { RowKind, StateRows, WorkingState } from "./working-state.ts";

/** Rows that are new, and rows that replace the one that was loaded. */
export type Difference<Row> = Readonly<{
  added: readonly Row[];
  changed: readonly Readonly<{ row: Row; before: Row }>[];
}>;

/** One decrease that took effect, as sums over a year need it. Minor units. */
export type LimitChange = Readonly<{
  bucket: Bucket;
  lineId: Id;
  seq: number;
  onDate: BusinessDate;
  knownAt: Instant;
  fromMinor: number;
  toMinor: number;
}>;

/** A signal that counts from now on; `content` is the hash of what was said. */
export type RecordedSignal = Readonly<{ source: string; id: string; content: string }>;

export type Writes = Readonly<{
  customers: Difference<Customer>;
  lines: Difference<CreditLine>;
  decisions: Difference<Decision>;
  reviews: Difference<ReviewCase>;
  notices: Difference<Notice>;
  offers: Difference<Offer>;
  alerts: Difference<Alert>;
  reminders: Difference<Reminder>;
  timers: readonly Timer[];
  facts: readonly FactsRow[];
  signals: readonly RecordedSignal[];
  /** new versions */
  panes: readonly PaneRow[];
  limitChanges: readonly LimitChange[];
  outbox: readonly OutboxEntry[];
  attachments: readonly NewAttachment[];
  identities: readonly Readonly<{ customerId: Id; field: string; text: string }>[];
  links: readonly CustomerLink[];
  /** next_seq after this transaction */
  nextSeq: number;
}>;

/**
 * The difference between the state now and as loaded, in the order rows were put. Throws an Error (a bug of
 * the caller) when rows, events or leaves do not belong to this bucket and its next sequence numbers.
 */
export function writesOf(
  bucket: Bucket,
  nextSeq: number,
  working: WorkingState,
  rowKeys: RowKeys,
  changes: Changes,
): Writes {
  checkOrder(bucket, nextSeq, changes);
  const customers = differenceOf(bucket, working, changes, "customers");
  checkKeys(customers.added, rowKeys);
  const timers = differenceOf(bucket, working, changes, "timers");
  return {
    customers,
    lines: differenceOf(bucket, working, changes, "lines"),
    decisions: differenceOf(bucket, working, changes, "decisions"),
    reviews: differenceOf(bucket, working, changes, "reviews"),
    notices: differenceOf(bucket, working, changes, "notices"),
    offers: differenceOf(bucket, working, changes, "offers"),
    alerts: differenceOf(bucket, working, changes, "alerts"),
    reminders: differenceOf(bucket, working, changes, "reminders"),
    timers: [...timers.added, ...timers.changed.map(({ row }) => row)],
    facts: factsOf(bucket, working, changes),
    signals: signalsOf(working, changes),
    panes: panesOf(bucket, working, changes),
    limitChanges: changes.events.filter(changesLimit).map(limitChangeOf),
    outbox: changes.state.outbox.map((entry) => checkRow(bucket, "outbox", entry.id, entry)),
    attachments: changes.state.attachments.map((row) =>
      checkRow(bucket, "attachment", row.id, row),
    ),
    identities: identitiesOf(changes),
    links: linksOf(bucket, changes),
    nextSeq: nextSeq + changes.events.length,
  };
}

function differenceOf<Kind extends Exclude<RowKind, "facts">>(
  bucket: Bucket,
  working: WorkingState,
  changes: Changes,
  kind: Kind,
): Difference<StateRows[Kind]> {
  const added: StateRows[Kind][] = [];
  const changed: { row: StateRows[Kind]; before: StateRows[Kind] }[] = [];
  const loaded = working.loaded[kind] as ReadonlyMap<Id, StateRows[Kind]>;
  for (const [id, row] of rowsOf(changes.state, kind)) {
    const before = loaded.get(id);
    if (before === row) continue;
    checkRow(bucket, kind, id, row);
    if (before === undefined) added.push(row);
    else changed.push({ row, before });
  }
  return { added, changed };
}

function rowsOf<Kind extends RowKind>(state: State, kind: Kind): ReadonlyMap<Id, StateRows[Kind]> {
  return state[kind] as unknown as ReadonlyMap<Id, StateRows[Kind]>;
}

function checkRow<Row extends Readonly<{ bucket: Bucket; id: Id }>>(
  bucket: Bucket,
  kind: string,
  id: Id,
  row: Row,
): Row {
  if (row.bucket !== bucket) {
    throw new Error(
      `Cannot save ${kind} row ${row.id}: found bucket ${row.bucket}, expected ${bucket}`,
    );
  }
  if (row.id === id && isId(id)) return row;
  throw new Error(`Cannot save ${kind} row ${row.id}: found key ${id}, expected its UUID`);
}

function checkOrder(bucket: Bucket, nextSeq: number, changes: Changes): void {
  changes.events.forEach((event, index) => {
    const expected = nextSeq + index;
    if (event.seq !== expected || event.bucket !== bucket) {
      throw new Error(
        `Cannot save event ${event.kind}: found ${event.bucket}/${event.seq}, expected ${bucket}/${expected}`,
      );
    }
    for (const id of [event.lineId, event.customerId, event.subject, event.cause]) {
      if (!isId(id))
        throw new Error(`Cannot save event ${event.kind}: found id ${String(id)}, expected a UUID`);
    }
    if (changes.leaves[index]?.seq !== expected) {
      throw new Error(`Cannot save event ${event.kind}: its log leaf ${expected} is missing`);
    }
  });
  if (changes.leaves.length !== changes.events.length) {
    throw new Error(
      `Cannot save log leaves: found ${changes.leaves.length}, expected ${changes.events.length}`,
    );
  }
}

/** A commitment under a key that is thrown away could never be opened. */
function checkKeys(added: readonly Customer[], rowKeys: RowKeys): void {
  const stored = new Set(added.map((customer) => customer.id));
  for (const id of rowKeys.fresh()) {
    if (!stored.has(id)) {
      throw new Error(`Cannot save: customer ${id} was committed to but is neither loaded nor new`);
    }
  }
}

/** Rows for the same line, date and instant: the last one put holds what the others said. */
function factsOf(bucket: Bucket, working: WorkingState, changes: Changes): readonly FactsRow[] {
  const put = new Set(working.putFacts());
  for (const row of changes.state.facts.values()) {
    if (working.loaded.facts.get(row.lineId) !== row) put.add(row);
  }
  const last = new Map<string, FactsRow>();
  for (const row of put) {
    checkRow(bucket, "facts", row.lineId, { bucket: row.bucket, id: row.lineId });
    const key = `${row.lineId} ${row.asOf} ${row.knownAt}`;
    last.delete(key);
    last.set(key, row);
  }
  return [...last.values()];
}

function signalsOf(working: WorkingState, changes: Changes): readonly RecordedSignal[] {
  return [...changes.state.signals]
    .filter(([key]) => !working.loadedSignals.has(key))
    .map(([key, content]) => {
      const [source, id] = JSON.parse(key) as [string, string];
      return { source, id, content };
    });
}

function panesOf(bucket: Bucket, working: WorkingState, changes: Changes): readonly PaneRow[] {
  return [...changes.state.panes.values()]
    .filter((row) => !working.loadedPanes.has(row))
    .map((row) => {
      checkRow(bucket, "pane", row.lineId, { bucket: row.bucket, id: row.lineId });
      return row;
    });
}

function identitiesOf(changes: Changes): Writes["identities"] {
  const last = new Map<string, Readonly<{ customerId: Id; field: string; text: string }>>();
  for (const { customerId, fields } of changes.state.identities) {
    if (!changes.state.customers.has(customerId)) {
      throw new Error(
        `Cannot save identity of customer ${customerId}: it is neither loaded nor new`,
      );
    }
    for (const [field, text] of Object.entries(fields)) {
      last.set(`${customerId} ${field}`, { customerId, field, text });
    }
  }
  return [...last.values()];
}

/** Each tie once: the lines of one customer repeat them. */
function linksOf(bucket: Bucket, changes: Changes): readonly CustomerLink[] {
  const once = new Map<string, CustomerLink>();
  for (const link of changes.state.links) {
    checkRow(bucket, "customer link", link.customerId, {
      bucket: link.bucket,
      id: link.customerId,
    });
    once.set(`${link.customerId} ${link.kind} ${link.linkedId}`, link);
  }
  return [...once.values()];
}

/** A decrease, one that the core system refused, or one that is given back: the change back takes it out of the sum. */
function changesLimit(event: Event): boolean {
  return (
    event.kind === "LimitDecreased" ||
    (event.kind === "LineRestored" && event.body["action"] === "restore") ||
    (event.kind === "ExecutionDisputed" &&
      ["decrease", "restore"].includes(String(event.body["action"])))
  );
}

function limitChangeOf(event: Event): LimitChange {
  const { on, fromMinor, toMinor } = event.body;
  const onDate = parseBusinessDate(on);
  if (onDate === null || !Number.isSafeInteger(fromMinor) || !Number.isSafeInteger(toMinor)) {
    throw new Error(
      `Cannot save event ${event.kind} ${event.bucket}/${event.seq}: expected body {on, fromMinor, toMinor}`,
    );
  }
  return {
    bucket: event.bucket,
    lineId: event.lineId,
    seq: event.seq,
    onDate,
    knownAt: event.at,
    fromMinor: fromMinor as number,
    toMinor: toMinor as number,
  };
}
