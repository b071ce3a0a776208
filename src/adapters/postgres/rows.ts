// How rows of the domain lie in tables. Most tables have a column for each property; decisions, review cases
// and notices are flattened for filters and put together again here, and nowhere else.

import type { DecisionAction } from "../../domain/assessment.ts";
import { canonicalJson } from "../../domain/canonical-json.ts";
import type { CreditLine } from "../../domain/credit-line.ts";
import {
  recordText,
  type Decision,
  type DecisionRecord,
  principalReasons,
} from "../../domain/decision.ts";
import type { FactValues } from "../../domain/facts.ts";
import type { Bucket, Id } from "../../domain/id.ts";
import type { Notice } from "../../domain/notice.ts";
import type { PaneRow } from "../../domain/pane.ts";
import type { Offer } from "../../domain/offer.ts";
import type { ReasonCode } from "../../domain/reason-code.ts";
import type { ReviewCase } from "../../domain/review-case.ts";
import type { Timer } from "../../domain/timer.ts";
import type { LeafRow } from "../../flow/ports.ts";
import type { Event, FactsRow, OutboxEntry } from "../../flow/state.ts";
import type { Customer, CustomerLink } from "../../domain/customer.ts";
import type { UndoneLine } from "../../portfolio/wave-ports.ts";
import type { CustomerDigit } from "../../portfolio/experiment-ports.ts";
import type { Proposal } from "../../portfolio/ports.ts";
import type { SealedAttachment } from "../store/sealed-attachment.ts";
import type { LimitChange, RecordedSignal } from "../store/writes.ts";
import { table, type Table } from "./set-statement.ts";

/** The row type of a table. */
export type RowOf<T> = T extends Table<infer Row> ? Row : never;

export const customers = table<Customer>("customer", {
  id: "uuid",
  reference: "text",
  language: "text",
});

export type CustomerKey = Readonly<{
  bucket: Bucket;
  customerId: Id;
  wrappedKey: Uint8Array;
  keyId: string;
}>;

export const customerKeys = table<CustomerKey>("customer_key", {
  customerId: "uuid",
  wrappedKey: "bytea",
  keyId: "text",
});

export const identities = table<
  Readonly<{
    bucket: Bucket;
    customerId: Id;
    field: string;
    ciphertext: Uint8Array;
    keyId: string;
    blindIndex: Uint8Array;
  }>
>("customer_identity", {
  customerId: "uuid",
  field: "text",
  ciphertext: "bytea",
  keyId: "text",
  blindIndex: "bytea",
});

export const customerLinks = table<CustomerLink>("customer_link", {
  customerId: "uuid",
  kind: "text",
  linkedId: "uuid",
  linkedReference: "text",
});

export const lines = table<CreditLine>("credit_line", {
  id: "uuid",
  customerId: "uuid",
  reference: "text",
  customerReference: "text",
  portfolio: "text",
  product: "text",
  jurisdiction: "text",
  currency: "text",
  limitMinor: "bigint",
  drawnMinor: "bigint",
  pendingMinor: "bigint",
  status: "text",
  openedOn: "date",
  lastDecreaseOn: "date",
  decidedOn: "date",
  balanceAsOf: "date",
  movements: "jsonb",
  ver: "integer",
});

/** A facts row as stored: canonical JSON, and the place among rows that became known at the same instant. */
export type StoredFacts = Omit<FactsRow, "facts"> & Readonly<{ facts: string; seq: number }>;

export const facts = table<StoredFacts>("line_facts", {
  lineId: "uuid",
  asOf: "date",
  knownAt: "timestamptz",
  seq: "bigint",
  hash: "text",
  facts: "text",
});

/** The row as stored; `seq` is the bucket's next_seq at the start of the transaction. */
export function storedFactsOf(row: FactsRow, seq: number): StoredFacts {
  return { ...row, facts: canonicalJson(row.facts), seq };
}

/** The row with its values instead of their JSON. */
export function factsRowOf(stored: StoredFacts): FactsRow {
  const { seq: _, ...row } = stored;
  return { ...row, facts: JSON.parse(row.facts) as FactValues };
}

export const limitChanges = table<LimitChange>("limit_change", {
  lineId: "uuid",
  seq: "bigint",
  onDate: "date",
  knownAt: "timestamptz",
  fromMinor: "bigint",
  toMinor: "bigint",
});

export const signals = table<RecordedSignal & Readonly<{ bucket: Bucket; seq: number }>>("signal", {
  source: "text",
  id: "text",
  seq: "bigint",
  content: "text",
});

/** `seq` is the bucket's next_seq at the start of the transaction, as of facts. */
export const panes = table<PaneRow & Readonly<{ seq: number }>>("fact_pane", {
  lineId: "uuid",
  onDate: "date",
  measure: "text",
  knownAt: "timestamptz",
  seq: "bigint",
  count: "integer",
  sum: "bigint",
  low: "bigint",
  high: "bigint",
  last: "bigint",
  seen: "jsonb",
  lastSeen: "text",
  lastAt: "timestamptz",
});

/** A pane as it was put. */
export function paneRowOf(stored: RowOf<typeof panes>): PaneRow {
  const { seq: _, ...row } = stored;
  return row;
}

export const events = table<Omit<Event, "attached">>("event", {
  seq: "bigint",
  kind: "text",
  lineId: "uuid",
  customerId: "uuid",
  subject: "uuid",
  cause: "uuid",
  actor: "text",
  at: "timestamptz",
  body: "jsonb",
});

export const leaves = table<Omit<LeafRow, "hash"> & Readonly<{ hash: Uint8Array }>>("log_leaf", {
  seq: "bigint",
  leaf: "text",
  hash: "bytea",
});

type StoredDecision = Omit<Decision, "record" | "outcome"> &
  Readonly<{
    action: DecisionAction;
    fromMinor: number | null;
    toMinor: number | null;
    record: string;
  }> &
  FoundBy;

/** What is taken out of the record because lists ask for it; like the record it never changes. */
type FoundBy = Readonly<{
  reasons: readonly ReasonCode[];
  segment: string | null;
  experiment: string | null;
  arm: string | null;
}>;

const decisionStateColumns = {
  id: "uuid",
  lineId: "uuid",
  customerId: "uuid",
  causeId: "uuid",
  area: "text",
  state: "text",
  action: "text",
  fromMinor: "bigint",
  toMinor: "bigint",
  lineVer: "integer",
  madeAt: "timestamptz",
  maker: "text",
  reviewId: "uuid",
  noticeId: "uuid",
  agreedAt: "timestamptz",
  effectiveOn: "date",
  operationId: "uuid",
  statusBefore: "text",
  overrideExpiresOn: "date",
  endedBecause: "text",
  turns: "jsonb",
  ver: "integer",
} as const;

export const decisions = table<StoredDecision>("decision", {
  ...decisionStateColumns,
  reasons: "jsonb",
  segment: "text",
  experiment: "text",
  arm: "text",
  record: "text",
});

type DecisionState = Omit<StoredDecision, "record" | keyof FoundBy>;

/** What may still change of a decision once it is made; its record never does. */
export const decisionStates = table<DecisionState>("decision", decisionStateColumns);

/** A decision without its record, as columns. */
export function decisionStateRow(decision: Decision): DecisionState {
  const { outcome, record: _, ...rest } = decision;
  return {
    ...rest,
    action: outcome.action,
    fromMinor: outcome.action === "none" ? null : outcome.fromMinor,
    toMinor: "toMinor" in outcome ? outcome.toMinor : null,
  };
}

/** A new decision as columns; its record becomes the canonical bytes that stay for ever. */
export function decisionRow(decision: Decision): StoredDecision {
  const { arm, assessment } = decision.record;
  return {
    ...decisionStateRow(decision),
    reasons: principalReasons(decision.record).map(({ code }) => code),
    segment: assessment.segment,
    experiment: arm?.experiment ?? null,
    arm: arm?.arm ?? null,
    record: recordText(decision.record),
  };
}

/** A decision as it was put. */
export function decisionOf(stored: StoredDecision): Decision {
  const {
    action,
    fromMinor,
    toMinor,
    record,
    reasons: _reasons,
    segment: _segment,
    experiment: _experiment,
    arm: _arm,
    ...rest
  } = stored;
  const outcome = outcomeOf(action, fromMinor, toMinor);
  return { ...rest, outcome, record: JSON.parse(record) as DecisionRecord };
}

function outcomeOf(
  action: DecisionAction,
  fromMinor: number | null,
  toMinor: number | null,
): Decision["outcome"] {
  switch (action) {
    case "none":
      return { action };
    case "decrease":
    case "restore":
      return { action, fromMinor: fromMinor ?? 0, toMinor: toMinor ?? 0 };
    case "freeze":
    case "close":
    case "reinstate":
    case "reopen":
    case "keep":
    case "uphold":
      return { action, fromMinor: fromMinor ?? 0 };
  }
}

export const reviews = table<ReviewCase>("review_case", {
  id: "uuid",
  decisionId: "uuid",
  lineId: "uuid",
  customerId: "uuid",
  route: "text",
  queue: "text",
  skills: "jsonb",
  priority: "text",
  currency: "text",
  impactMinor: "bigint",
  state: "text",
  openedAt: "timestamptz",
  dueAt: "timestamptz",
  escalatedAt: "timestamptz",
  assignedTo: "text",
  snooze: "jsonb",
  opinions: "jsonb",
  files: "integer",
  approvals: "jsonb",
  override: "jsonb",
  referredBy: "text",
  appeal: "jsonb",
  touchedBy: "jsonb",
  resolution: "text",
  resolvedBy: "text",
  resolvedAt: "timestamptz",
  note: "text",
  ver: "integer",
});

export const attachments = table<SealedAttachment>("review_attachment", {
  id: "uuid",
  reviewId: "uuid",
  customerId: "uuid",
  type: "text",
  sizeBytes: "integer",
  sha256: "text",
  addedBy: "text",
  addedAt: "timestamptz",
  name: "bytea",
  contents: "bytea",
});

type StoredNotice = Omit<Notice, "subject" | "short" | "body" | "pack"> &
  Readonly<{
    subjectZh: string;
    subjectEn: string;
    shortZh: string;
    shortEn: string;
    bodyZh: string;
    bodyEn: string;
    packId: string;
    packVersion: number;
  }>;

export const notices = table<StoredNotice>("notice", {
  id: "uuid",
  decisionId: "uuid",
  lineId: "uuid",
  customerId: "uuid",
  state: "text",
  channel: "text",
  template: "text",
  textsVersion: "integer",
  reasons: "jsonb",
  subjectZh: "text",
  subjectEn: "text",
  shortZh: "text",
  shortEn: "text",
  bodyZh: "text",
  bodyEn: "text",
  packId: "text",
  packVersion: "integer",
  issuedAt: "timestamptz",
  issuedOn: "date",
  deliveredAt: "timestamptz",
  effectiveOn: "date",
  deliveries: "jsonb",
  ver: "integer",
});

/** A notice as columns. */
export function noticeRow(notice: Notice): StoredNotice {
  const { subject, short, body, pack, ...rest } = notice;
  return {
    ...rest,
    subjectZh: subject.zh,
    subjectEn: subject.en,
    shortZh: short.zh,
    shortEn: short.en,
    bodyZh: body.zh,
    bodyEn: body.en,
    packId: pack.id,
    packVersion: pack.version,
  };
}

/** A notice as it was put. */
export function noticeOf(stored: StoredNotice): Notice {
  const { subjectZh, subjectEn, shortZh, shortEn, bodyZh, bodyEn, packId, packVersion, ...rest } =
    stored;
  return {
    ...rest,
    subject: { zh: subjectZh, en: subjectEn },
    short: { zh: shortZh, en: shortEn },
    body: { zh: bodyZh, en: bodyEn },
    pack: { id: packId, version: packVersion },
  };
}

export const offers = table<Offer>("offer", {
  id: "uuid",
  decisionId: "uuid",
  lineId: "uuid",
  customerId: "uuid",
  state: "text",
  noticeId: "uuid",
  terms: "jsonb",
  termsHash: "text",
  madeAt: "timestamptz",
  expiresAt: "timestamptz",
  settledAt: "timestamptz",
  consent: "jsonb",
  ver: "integer",
});

export const timers = table<Timer>("timer", {
  id: "uuid",
  kind: "text",
  subject: "uuid",
  due: "timestamptz",
  priority: "bigint",
  owner: "text",
  state: "text",
});

/** `place` orders the messages of one subject; see {@link placeOf}. */
export const outbox = table<OutboxEntry & Readonly<{ place: number }>>("outbox", {
  id: "uuid",
  place: "bigint",
  kind: "text",
  subject: "uuid",
  body: "jsonb",
});

const mostMessages = 65_536;

/** Place of the n-th message of a transaction that began at `nextSeq`; throws RangeError beyond 65,536. */
export function placeOf(nextSeq: number, position: number): number {
  if (position < mostMessages) return nextSeq * mostMessages + position;
  throw new RangeError(
    `Cannot save outbox: found message ${position}, expected below ${mostMessages}`,
  );
}

/** A proposal as stored; who has a turn is kept beside it. */
export const proposals = table<Omit<Proposal, "granted">>("proposal", {
  sweepId: "uuid",
  lineId: "uuid",
  customerId: "uuid",
  lineVer: "integer",
  portfolio: "text",
  segment: "text",
  removedMinor: "bigint",
  expectedLossAvoidedMinor: "bigint",
  arm: "text",
  assessment: "text",
});

export const undoneLines = table<UndoneLine>("undone_line", {
  undoId: "uuid",
  decisionId: "uuid",
  lineId: "uuid",
  reference: "text",
  did: "text",
  amountMinor: "bigint",
  restorationId: "uuid",
  refused: "text",
  because: "jsonb",
});

export const customerDigits = table<CustomerDigit>("customer_digit", {
  area: "text",
  customerId: "uuid",
  digit: "integer",
  heldOut: "boolean",
});
