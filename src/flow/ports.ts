// What the application asks of the world. `Store` has two adapters, PostgreSQL and memory, which pass the
// same contract tests; everything else is as narrow as its one use.

import type { Blackout, LinePlace } from "../domain/blackout.ts";
import type { Actor } from "../domain/actor.ts";
import type { Alert, AlertCount, AlertFilter } from "../domain/alert.ts";
import type { BusinessDate, HolidayTable, Instant } from "../domain/calendar.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import type { CustomerLink } from "../domain/customer.ts";
import type { Decision } from "../domain/decision.ts";
import type { ExposedLine } from "../domain/exposure.ts";
import type { Bucket, Id } from "../domain/id.ts";
import type { PortfolioNames } from "../domain/known-portfolio.ts";
import type { DeclaredFacts } from "../domain/declared-fact.ts";
import type { Notice } from "../domain/notice.ts";
import type { PaneKey, PaneRow } from "../domain/pane.ts";
import type { Offer } from "../domain/offer.ts";
import type { ReviewCase } from "../domain/review-case.ts";
import type { Reminder, ReminderFilter } from "../domain/reminder.ts";
import type { Timer, TimerKind } from "../domain/timer.ts";
import type { WatchRules } from "../domain/watch-rules.ts";
import type { CompliancePack, PackRef } from "../compliance/pack.ts";
import type { CoreSystem } from "./core-ports.ts";
import type { CheckedDocument } from "../policy/check/check-document.ts";
import type { CompiledStrategy } from "../policy/compile.ts";
import type { Problem } from "../policy/problem.ts";
import type { Connectors, Sources } from "./connector-ports.ts";
import type { EnvironmentSignals } from "./environment-ports.ts";
import type { Page, PageRequest } from "./page.ts";
import type { DeadLetters } from "./dead-letter-ports.ts";
import type { EnvironmentDuties, ReportDuties, TriggerDuties, WaveDuties } from "./duties.ts";
import type { Blackouts, Halt, Halts, HeldBy } from "./hold-ports.ts";
import type { Attachments, ReviewFilter } from "./review-ports.ts";
import type { Channels, NoticeTexts, Wordings } from "./notice-ports.ts";
import type { Event, FactsRow, OutboxEntry, OutboxKind, State } from "./state.ts";

export type { Page, PageRequest };

// Adapters import ports only; these are the rows that the ports speak of.
/** Legal and contractual time. Leases, rate limits and sessions use real time instead. */
export type Clock = Readonly<{
  now: () => Promise<Instant>;
  /** the business date of an instant in the lender's time zone */
  dateOf: (at: Instant) => BusinessDate;
  startOf: (date: BusinessDate) => Instant;
  /** the same in another IANA time zone */
  timeIn: (zone: string) => ZoneTime;
}>;

/** Days and their starts in one time zone. */
export type ZoneTime = Pick<Clock, "dateOf" | "startOf">;

/** Hashes, random bytes and new ids. */
export type Ids = Readonly<{
  sha256: (text: string) => string;
  /** UUIDv8 from SHA-256 of the parts, first ten bits the bucket */
  derive: (bucket: Bucket, ...parts: readonly string[]) => Id;
  /** UUIDv7 for what a person or an outside system starts */
  fresh: () => Id;
}>;

/** What an idempotency key stands for. Scoped to client and bucket. */
export type IdempotencyKey = Readonly<{ client: string; key: string; bodyHash: string }>;

export type StoredReply = Readonly<{ bodyHash: string; status: number; reply: unknown }>;

/** Rows to load, by what the commands name. Relatives (line, decision, review case, notice, offer) come along. */
export type Wanted = Readonly<{
  lines: readonly Id[];
  decisions: readonly Id[];
  reviews: readonly Id[];
  notices: readonly Id[];
  offers: readonly Id[];
  /** come along with nothing: only who names them gets them */
  alerts: readonly Id[];
  /** with them come the other recent ones of their customers, which count against the same cap */
  reminders: readonly Id[];
  /** recent reminders of these lines */
  remindersOf: readonly Id[];
  customers: readonly Id[];
  signals: readonly Readonly<{ source: string; id: string }>[];
  /** newest facts rows are loaded for these lines only */
  factsOf: readonly Id[];
  /** decreases are summed for these lines only */
  decreasedOf: readonly Id[];
  panes: readonly PaneKey[];
  today: BusinessDate;
}>;

/** One leaf of the tamper-evident log, in its final bytes. */
export type LeafRow = Readonly<{ bucket: Bucket; seq: number; leaf: string; hash: string }>;

/** Everything one transaction writes, in set statements; all of it or nothing. */
export type Changes = Readonly<{
  state: State;
  events: readonly Event[];
  leaves: readonly LeafRow[];
  doneOutbox: readonly Id[];
  reply: (IdempotencyKey & Readonly<{ status: number; reply: unknown }>) | null;
}>;

/** An open transaction that holds the row lock of one bucket: the single writer. */
export type BucketTransaction = Readonly<{
  /** sequence number that the next event of this bucket gets */
  nextSeq: number;
  halts: (now: Instant) => Promise<readonly Halt[]>;
  /** windows that hold on a day */
  blackouts: (today: BusinessDate) => Promise<readonly Blackout[]>;
  /** where lines of this bucket lie; those without facts are left out */
  places: (lineIds: readonly Id[]) => Promise<ReadonlyMap<Id, LinePlace>>;
  recall: (key: IdempotencyKey) => Promise<StoredReply | null>;
  load: (wanted: Wanted) => Promise<State>;
  /** commitment to a customer's data under the customer's row key: HMAC-SHA-256, hex; "erased" when the key is gone */
  commit: (customerId: Id, text: string) => string;
  save: (changes: Changes) => Promise<void>;
}>;

/** What deciding about one bucket asks of the transaction beside its rows. */
export type BucketInGroup = Pick<BucketTransaction, "nextSeq" | "commit" | "blackouts" | "places">;

/** The row locks of several buckets, taken in rising order: each keeps its order and state, all share their statements. */
export type GroupTransaction = Readonly<{
  buckets: ReadonlyMap<Bucket, BucketInGroup>;
  halts: BucketTransaction["halts"];
  load: (wanted: ReadonlyMap<Bucket, Wanted>) => Promise<ReadonlyMap<Bucket, State>>;
  save: (changes: ReadonlyMap<Bucket, Changes>) => Promise<void>;
}>;
type InGroup<T> = (group: GroupTransaction) => Promise<T>;

/** Waiting timers and unsent messages, as the scheduler and the dispatcher need them. */
export type Waiting = Readonly<{
  /**
   * waiting timers due at the earliest due instant ≤ now, in (priority descending, id) order, at most
   * `limit`; where that is news of lines alone ("trigger"), all news ≤ now that is due before anything else
   * is, in (due, priority descending, id) order. Kinds in `except` (their area is halted) and buckets in
   * `aside` (broken) are passed over
   */
  dueTimers: (
    now: Instant,
    limit: number,
    except: readonly TimerKind[],
    aside?: readonly Bucket[],
  ) => Promise<readonly Timer[]>;
  nextDue: (except: readonly TimerKind[]) => Promise<Instant | null>;
  /**
   * waiting timers of these kinds, due at exactly that instant, of decisions of one wave or of lines that lie in a window,
   * after that id and in the order of ids, at most `limit`
   */
  heldTimers: (
    due: Instant,
    kinds: readonly TimerKind[],
    of: HeldBy,
    after: Id | null,
    limit: number,
  ) => Promise<readonly Timer[]>;
  /**
   * unsent messages whose next attempt is due, leased to `owner` for `leaseMs` of real time; `attempts`
   * counts leases, this one included; kinds in `except` are passed over
   */
  leaseOutbox: (
    owner: string,
    leaseMs: number,
    limit: number,
    except: readonly OutboxKind[],
  ) => Promise<readonly (OutboxEntry & Readonly<{ attempts: number }>)[]>;
  /** gives a message back: not before `delayMs` from now (real time), with the fault's text */
  retryOutbox: (entry: OutboxEntry, owner: string, delayMs: number, fault: string) => Promise<void>;
  /** number of messages not yet sent */
  unsent: () => Promise<number>;
  /** where decisions stand and which turns they need; those that do not exist are left out */
  turnsOf: (decisionIds: readonly Id[]) => Promise<ReadonlyMap<Id, DecisionTurns>>;
}>;

/** A decision as the scheduler and a sweep look at it when they ask for or give back turns. */
export type DecisionTurns = Readonly<Pick<Decision, "state" | "turns">>;

/** Whose rows a list may show: one customer's, or those of lines in some portfolios. Absent: everybody's. */
export type RowScope = Readonly<{ customerId?: Id; portfolios?: readonly string[] }>;

/** Reads for people and reports. Never decides anything. */
export type Reads = Readonly<{
  line: (id: Id) => Promise<CreditLine | null>;
  lines: (
    page: PageRequest,
    filter: RowScope & Readonly<{ portfolio?: string; status?: string; reference?: string }>,
  ) => Promise<Page<CreditLine>>;
  portfolios: PortfolioNames;
  /** all events of one line, oldest first */
  timeline: (lineId: Id) => Promise<readonly Event[]>;
  facts: (lineId: Id, asOf: BusinessDate, knownAt: Instant) => Promise<FactsRow | null>;
  /** where a line lies, as its newest facts say */
  place: (lineId: Id) => Promise<LinePlace>;
  /** the newest versions known at an instant of a line's panes of the days after one and up to another, by day */
  panes: (
    lineId: Id,
    after: BusinessDate,
    asOf: BusinessDate,
    knownAt: Instant,
  ) => Promise<readonly PaneRow[]>;
  /** every version of a line's panes of some measures, of the days after one and up to another, as `panes` but by day and measure in the order in which they became known */
  paneVersions: (
    lineId: Id,
    measures: readonly string[],
    after: BusinessDate,
    asOf: BusinessDate,
    knownAt: Instant,
  ) => Promise<readonly PaneRow[]>;
  /** ties of a customer, by kind and linked customer */
  links: (customerId: Id) => Promise<readonly CustomerLink[]>;
  /** all lines of a customer, whatever their status, by id */
  exposedLines: (customerId: Id) => Promise<readonly ExposedLine[]>;
  decision: (id: Id) => Promise<Decision | null>;
  decisions: (
    page: PageRequest,
    filter: RowScope &
      Readonly<{
        lineId?: Id;
        state?: string;
        causeId?: Id;
        /** of the outcome in force */
        action?: string;
        reason?: string;
        segment?: string;
        /** made under this experiment, and in this arm of it */
        experiment?: string;
        arm?: string;
        /** made at this instant or later */
        madeFrom?: Instant;
        madeBefore?: Instant;
      }>,
  ) => Promise<Page<Decision>>;
  /** the stored canonical JSON of the decision record, exactly as written */
  decisionRecord: (id: Id) => Promise<string | null>;
  review: (id: Id) => Promise<ReviewCase | null>;
  reviews: (page: PageRequest, filter: RowScope & ReviewFilter) => Promise<Page<ReviewCase>>;
  notice: (id: Id) => Promise<Notice | null>;
  notices: (
    page: PageRequest,
    filter: RowScope &
      Readonly<{ lineId?: Id; decisionId?: Id; state?: string; channel?: string; causeId?: Id }>,
  ) => Promise<Page<Notice>>;
  alert: (id: Id) => Promise<Alert | null>;
  alerts: (page: PageRequest, filter: RowScope & AlertFilter) => Promise<Page<Alert>>;
  /** by kind and look */
  alertCounts: (scope: RowScope) => Promise<readonly AlertCount[]>;
  reminder: (id: Id) => Promise<Reminder | null>;
  /** by the instant that they are planned for */
  reminders: (page: PageRequest, filter: RowScope & ReminderFilter) => Promise<Page<Reminder>>;
  offer: (id: Id) => Promise<Offer | null>;
  offers: (
    page: PageRequest,
    filter: RowScope & Readonly<{ lineId?: Id; decisionId?: Id; state?: string; causeId?: Id }>,
  ) => Promise<Page<Offer>>;
}>;

/** What one key wants from the ledger: everything, or nothing. */
export type TurnRequest = Readonly<{
  key: string;
  turns: readonly Readonly<{
    budget: string;
    window: BusinessDate;
    cap: number;
    amount: number;
  }>[];
}>;

/** Budget windows of the pace ledger. Amounts in minor units, or a count of decisions. */
export type Ledger = Readonly<{
  /**
   * Takes `amount` from a window, once per `key`, if that much remains (`remaining >= amount` is checked in
   * the UPDATE). The window is made with `cap` on first use.
   * @returns true when reserved now or before under the same key
   */
  reserve: (
    budget: string,
    window: BusinessDate,
    cap: number,
    key: string,
    amount: number,
  ) => Promise<boolean>;
  /** gives back what `key` holds in that budget; nothing when it holds nothing */
  release: (budget: string, key: string) => Promise<void>;
  remaining: (budget: string, window: BusinessDate, cap: number) => Promise<number>;
  /**
   * Reserves for many keys in their order, all at once or not at all: what `reserve` in a loop would grant, except
   * that a key gets every turn it wants or holds none of them.
   * @returns the keys that hold all their turns, now or before
   */
  reserveAll: (requests: readonly TurnRequest[]) => Promise<ReadonlySet<string>>;
  /** gives back what these keys hold in these budgets, all at once */
  releaseAll: (budgets: readonly string[], keys: readonly string[]) => Promise<void>;
}>;

/** Whom a reference belongs to: one line of one customer in one portfolio. */
export type LineReference = Readonly<{
  reference: string;
  lineId: Id;
  portfolio: string;
  customerReference: string;
}>;

/**
 * The directory of references. The core system knows an account by its reference alone, so a reference names one line
 * in the whole installation, whatever the customer, the portfolio or the bucket.
 */
export type References = Readonly<{
  /**
   * Claims references that nobody holds, for ever; of claims at the same moment exactly one wins, and claiming again
   * changes nothing.
   * @returns the holders of those references that belong to another line
   */
  claim: (lines: readonly LineReference[]) => Promise<readonly LineReference[]>;
  /** who holds these references now; those that nobody holds are left out */
  holders: (references: readonly string[]) => Promise<readonly LineReference[]>;
}>;

/** What a strategy version can be, in the order of its life; it may be retired from any of them. */
export const strategyStates = ["draft", "submitted", "approved", "active", "retired"] as const;

export type StrategyState = (typeof strategyStates)[number];

/** Who let a version enter a state, when and why. A version enters each state once at most. */
export type StrategyStep = Readonly<{
  id: string;
  version: number;
  state: StrategyState;
  at: Instant;
  by: string;
  /** in the words of who did it; null: none was asked for */
  reason: string | null;
}>;

/** One strategy version as stored. */
export type StoredStrategy = Readonly<{
  id: string;
  version: number;
  hash: string;
  state: StrategyState;
  author: string;
  /** everybody who changed its document while it was a draft, in the order of their first change */
  editedBy: readonly string[];
  approvedBy: string | null;
  /** undecided laws that the approver answered for by name */
  signedOff: readonly string[];
  /** active from this business date on; null until it is approved */
  effectiveOn: BusinessDate | null;
  /** the earlier version whose contents this one has again */
  restores: number | null;
  /** RFC 8785 canonical JSON of the document; that of a draft may hold problems, every other one has none */
  document: string;
  addedAt: Instant;
}>;

/** What an approval leaves on a version. */
export type StrategyApproval = Pick<StoredStrategy, "signedOff"> &
  Readonly<{ approvedBy: string; effectiveOn: BusinessDate }>;

/** A draft as it is stored now, and what the language says against it. */
export type EditedDraft = Readonly<{ strategy: StoredStrategy; problems: readonly Problem[] }>;

/** What the check says of one version, whatever state it is in. */
export type CheckedVersion = CheckedDocument & Readonly<{ stored: StoredStrategy }>;

export type Strategies = Readonly<{
  /**
   * Stores a version together with its first step, which is into the state that it has. `taken`: the version stands with
   * other contents, and nothing was changed.
   */
  add: (strategy: StoredStrategy, reason?: string | null) => Promise<"added" | "exists" | "taken">;
  /**
   * Lets one version enter states one after the other, all or nothing, and keeps the steps; entering `active` retires
   * the active version of the same id, which is a step of that one.
   * @param steps at least one, all of the same version
   * @returns false, with nothing changed, where the version is in none of the states `from`
   */
  enter: (
    steps: readonly StrategyStep[],
    from: readonly StrategyState[],
    approval?: StrategyApproval,
  ) => Promise<boolean>;
  /**
   * Gives a draft another document, by somebody who is remembered as its editor.
   * @param was the hash of the document that it takes the place of
   * @returns false, with nothing changed, where the version is no draft or has another document by now
   */
  edit: (
    draft: Pick<StoredStrategy, "id" | "version" | "hash" | "document">,
    was: string,
    by: string,
  ) => Promise<boolean>;
  find: (id: string, version?: number) => Promise<StoredStrategy | null>;
  active: (id: string) => Promise<StoredStrategy | null>;
  byHash: (hash: string) => Promise<StoredStrategy | null>;
  list: () => Promise<readonly StoredStrategy[]>;
  /** every step of every version of one strategy, oldest version first, each in the order of its life */
  history: (id: string) => Promise<readonly StrategyStep[]>;
}>;

export type Store = Readonly<{
  /** Runs `work` under the bucket's row lock; a dry run is the same path rolled back. */
  transaction: <T>(
    bucket: Bucket,
    dryRun: boolean,
    work: (transaction: BucketTransaction) => Promise<T>,
  ) => Promise<T>;
  /** The same for several buckets, at most `bucketsTogether`: all of it is written or nothing. */
  group: <T>(buckets: readonly Bucket[], dryRun: boolean, work: InGroup<T>) => Promise<T>;
  /** 1 on a cluster, where the next bucket may lie on another machine */
  bucketsTogether: number;
  reads: Reads;
  waiting: Waiting;
  halts: Halts;
  blackouts: Blackouts;
  ledger: Ledger;
  references: References;
  strategies: Strategies;
  noticeTexts: NoticeTexts;
  deadLetters: DeadLetters;
  environment: EnvironmentSignals;
  connectors: Connectors;
  attachments: Attachments;
}>;

/** The check of a strategy document, see `checkDocument`; `hash` is that of the document. */
export type StrategyCheck = (
  document: unknown,
  declared: DeclaredFacts,
  hash: string,
) => Promise<CheckedDocument>;

/** Everything the flow runs on. Built once in compose.ts. */
export type World = Readonly<{
  store: Store;
  clock: Clock;
  ids: Ids;
  /** HMAC-SHA-256 of a text under the installation's own secret, hex: lots that nobody outside can foresee */
  hmac: (text: string) => string;
  /** the facts that are made of signals */
  declared: DeclaredFacts;
  /** when borrowers are reminded, and what behaviour raises alerts; absent: nobody is reminded or alerted */
  watch?: WatchRules;
  wordings: Wordings;
  channels: Channels;
  core: CoreSystem;
  /** the version named, or the one in force today; throws where there is none */
  packs: (jurisdiction: string, version?: PackRef) => CompliancePack;
  /** the jurisdictions that have packs */
  jurisdictions: readonly string[];
  holidays: (calendar: string) => HolidayTable;
  /** the compiled strategy of a hash, from the cache or the store; throws when nobody ever stored it */
  loadStrategy: (hash: string) => Promise<CompiledStrategy>;
  /** the enabled staff account of a login or an id, as the actor that it is; null where there is none */
  people: (name: string) => Promise<Actor | null>;
  /** absent: the check runs where it is asked for, and nothing else does meanwhile */
  check?: StrategyCheck;
  /** absent where no reports are made: their timers and messages wait for a process that makes them */
  reports?: ReportDuties;
  /** absent where no triggers are tried: their timers wait for a process that tries them */
  triggers?: TriggerDuties;
  /** absent where no source is configured */
  sources?: Sources;
  /** absent where news of places is not spread: its timers wait for a process that spreads it */
  environment?: EnvironmentDuties;
  /** absent where no waves are watched: their timers wait for a process that watches them */
  waves?: WaveDuties;
  /** called after each commit with what happened, for metrics and live views; must not throw */
  observe?: (events: readonly Event[]) => void;
  /** called after each commit that left a timer waiting whose instant has come; must not throw */
  onDue?: () => void;
}>;
