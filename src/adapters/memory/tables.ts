// Everything the memory store holds. Rows are the domain's own objects and are never changed in place, so a map
// from id to row is a table and replacing an entry is an update; only a commit replaces entries.

import type { Alert } from "../../domain/alert.ts";
import type { ListedBlackout } from "../../domain/blackout.ts";
import type { BusinessDate, Instant } from "../../domain/calendar.ts";
import type { ConnectorAsk } from "../../domain/connector.ts";
import type { DeadLetter } from "../../domain/dead-letter.ts";
import type { EnvironmentNews } from "../../domain/environment-news.ts";
import type { CreditLine } from "../../domain/credit-line.ts";
import type { Decision } from "../../domain/decision.ts";
import type { Bucket, Id } from "../../domain/id.ts";
import type { Notice } from "../../domain/notice.ts";
import type { PaneRow } from "../../domain/pane.ts";
import type { Offer } from "../../domain/offer.ts";
import type { Reminder } from "../../domain/reminder.ts";
import type { ReviewCase } from "../../domain/review-case.ts";
import type { Timer } from "../../domain/timer.ts";
import type { Breaker } from "../../domain/circuit-breaker.ts";
import type { EnvironmentSignal } from "../../flow/environment-ports.ts";
import type { NoticeTextsVersion } from "../../flow/notice-ports.ts";
import type { Halt } from "../../flow/hold-ports.ts";
import type {
  LeafRow,
  LineReference,
  StoredReply,
  StoredStrategy,
  StrategyStep,
} from "../../flow/ports.ts";
import type { Event, FactsRow, OutboxEntry } from "../../flow/state.ts";
import type { Customer, CustomerLink } from "../../domain/customer.ts";
import type { CustomerDigit, Experiment } from "../../portfolio/experiment-ports.ts";
import type { EmergencyProfile } from "../../portfolio/emergency-ports.ts";
import type { Proposal, Sweep, SweepCounts } from "../../portfolio/ports.ts";
import type { UndoneLine, WaveUndo } from "../../portfolio/wave-ports.ts";
import type { WrappedKey } from "../store/keys.ts";
import type { SealedAttachment } from "../store/sealed-attachment.ts";
import type { LimitChange } from "../store/writes.ts";

/** A message with its place in the bucket's order. Times are real, in milliseconds since 1970. */
export type StoredMessage = Readonly<{
  entry: OutboxEntry;
  seq: number;
  position: number;
  done: boolean;
  attempts: number;
  nextAttemptMs: number;
  leaseOwner: string | null;
  leaseUntilMs: number;
  fault: string | null;
}>;

/** Real time in milliseconds, finely enough that what waits has an order. */
export function realNow(): number {
  return performance.timeOrigin + performance.now();
}

export type StoredIdentity = Readonly<{
  ciphertext: Uint8Array;
  keyId: string;
  blindIndex: Uint8Array;
}>;

/** The rows of one bucket. `facts`, `panes` and `limitChanges` are per line, in the order they were written. */
export type BucketTables = {
  nextSeq: number;
  readonly customers: Map<Id, Customer>;
  readonly keys: Map<Id, WrappedKey>;
  readonly identities: Map<string, StoredIdentity>;
  readonly links: Map<string, CustomerLink>;
  readonly lines: Map<Id, CreditLine>;
  readonly facts: Map<Id, FactsRow[]>;
  readonly panes: Map<Id, PaneRow[]>;
  readonly limitChanges: Map<Id, LimitChange[]>;
  readonly signals: Map<string, string>;
  readonly events: Event[];
  readonly leaves: LeafRow[];
  readonly decisions: Map<Id, Decision>;
  readonly records: Map<Id, string>;
  readonly reviews: Map<Id, ReviewCase>;
  readonly attachments: Map<Id, SealedAttachment>;
  readonly notices: Map<Id, Notice>;
  readonly offers: Map<Id, Offer>;
  readonly alerts: Map<Id, Alert>;
  readonly reminders: Map<Id, Reminder>;
  readonly waitingTimers: Map<Id, Timer>;
  readonly endedTimers: Map<Id, Timer>;
  readonly outbox: Map<Id, StoredMessage>;
  readonly replies: Map<string, StoredReply>;
  readonly digits: Map<string, CustomerDigit>;
};

/** One bucket's work in a sweep. */
export type SweepBucket = {
  asked: boolean;
  assessed: boolean;
  decided: boolean;
  leaseOwner: string | null;
  leaseUntilMs: number;
  assessCounts: SweepCounts | null;
  decideCounts: SweepCounts | null;
  packed: string | null;
  shadows: ReadonlyMap<string, string>;
  proposals: Proposal[];
};

export type UndoTables = {
  undo: WaveUndo;
  readonly buckets: readonly SweepBucket[];
  readonly lines: UndoneLine[];
};

export type SweepTables = { sweep: Sweep; readonly buckets: readonly SweepBucket[] };

export type BudgetWindow = { remaining: number };

export type Reservation = Readonly<{ window: BusinessDate; amount: number }>;

/** An ask, and until when it is under way, in milliseconds of real time; null: it never was. */
export type StoredAsk = Readonly<{
  ask: ConnectorAsk;
  claim: Readonly<{ customerId: Id; untilMs: number }> | null;
}>;

export type Tables = Readonly<{
  buckets: Map<Bucket, BucketTables>;
  halts: Map<string, Halt>;
  /** area → when its newest halt was lifted */
  liftedHalts: Map<string, Instant>;
  blackouts: Map<Id, ListedBlackout>;
  windows: Map<string, BudgetWindow>;
  reservations: Map<string, Reservation>;
  references: Map<string, LineReference>;
  strategies: Map<string, StoredStrategy>;
  readonly noticeTexts: Map<number, NoticeTextsVersion>;
  strategySteps: StrategyStep[];
  sweeps: Map<Id, SweepTables>;
  undos: Map<Id, UndoTables>;
  emergencies: Map<Id, EmergencyProfile>;
  deadLetters: Map<Id, DeadLetter>;
  environment: Map<string, EnvironmentSignal>;
  environmentNews: Map<Id, EnvironmentNews>;
  breakers: Map<string, Readonly<{ breaker: Breaker; ver: number }>>;
  asks: Map<Id, StoredAsk>;
  experiments: Map<string, Experiment>;
}>;

/** No rows at all. */
export function emptyTables(): Tables {
  return {
    buckets: new Map(),
    halts: new Map(),
    liftedHalts: new Map(),
    blackouts: new Map(),
    windows: new Map(),
    reservations: new Map(),
    references: new Map(),
    strategies: new Map(),
    noticeTexts: new Map(),
    strategySteps: [],
    sweeps: new Map(),
    undos: new Map(),
    emergencies: new Map(),
    deadLetters: new Map(),
    environment: new Map(),
    environmentNews: new Map(),
    breakers: new Map(),
    asks: new Map(),
    experiments: new Map(),
  };
}

/** The rows of a bucket, made when it is first asked for. */
export function bucketOf(tables: Tables, bucket: Bucket): BucketTables {
  const known = tables.buckets.get(bucket);
  if (known !== undefined) return known;
  const made: BucketTables = {
    nextSeq: 1,
    customers: new Map(),
    keys: new Map(),
    identities: new Map(),
    links: new Map(),
    lines: new Map(),
    facts: new Map(),
    panes: new Map(),
    limitChanges: new Map(),
    signals: new Map(),
    events: [],
    leaves: [],
    decisions: new Map(),
    records: new Map(),
    reviews: new Map(),
    attachments: new Map(),
    notices: new Map(),
    offers: new Map(),
    alerts: new Map(),
    reminders: new Map(),
    waitingTimers: new Map(),
    endedTimers: new Map(),
    outbox: new Map(),
    replies: new Map(),
    digits: new Map(),
  };
  tables.buckets.set(bucket, made);
  return made;
}

/** A key of several parts that cannot be confused with another. */
export function keyOf(...parts: readonly (string | number)[]): string {
  return JSON.stringify(parts);
}

/** Code unit order, which for ids is also their order as bytes. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
