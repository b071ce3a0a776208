// What people look at asks of the world, beside the single rows and plain lists of the flow: a portfolio in view, the
// work that waits for somebody, lists of lines with their profile, and customers. These reads never decide anything;
// every one takes the scope of who asks, and what lies outside it is neither shown nor counted.

import type { Actor } from "../domain/actor.ts";
import type { BusinessDate, Instant } from "../domain/calendar.ts";
import type { CreditLine, LineStatus } from "../domain/credit-line.ts";
import type { CustomerLinkKind, IdentityField } from "../domain/customer.ts";
import type { FactValues } from "../domain/facts.ts";
import type { Id } from "../domain/id.ts";
import type { DelinquencyBucket, LineProfile } from "../domain/line-profile.ts";
import type { Currency } from "../domain/money.ts";
import type { ReasonCode } from "../domain/reason-code.ts";
import type { Language } from "../domain/text.ts";
import type { ReadyTrait } from "../domain/trait.ts";
import type { Page, PageRequest, RowScope } from "../flow/ports.ts";
import type { Event } from "../flow/state.ts";
import type { Sweep } from "./ports.ts";

/** Null: no facts were ever stored about the line. */
export type ProfiledLine = Readonly<{ line: CreditLine; profile: LineProfile | null }>;

/** What a field of the profile is called, as a key and as a filter, where the newest facts say nothing of it. */
export const unknownKey = "unknown";

/** What a list of lines may be narrowed by. Scores include both ends; `startsWith` is about the reference. */
export type LineFilter = RowScope &
  Readonly<{
    portfolio?: string;
    status?: LineStatus;
    reference?: string;
    product?: string;
    region?: string;
    industry?: string;
    loanPurpose?: string;
    campaign?: string;
    tier?: string;
    delinquency?: DelinquencyBucket | typeof unknownKey;
    scoreFrom?: number;
    scoreTo?: number;
    startsWith?: string;
  }>;

export const lineSorts = [
  "reference",
  "limit",
  "drawn",
  "score",
  "daysPastDue",
  "utilisation",
] as const;

/** Lines of which the profile knows nothing come last in either direction. */
export type LineSort = Readonly<{ by: (typeof lineSorts)[number]; descending: boolean }>;

export const overviewDimensions = [
  "status",
  "region",
  "industry",
  "purpose",
  "tier",
  "delinquency",
  "product",
] as const;

export type OverviewDimension = (typeof overviewDimensions)[number];

/** Amounts in minor units of `currency`. */
export type Exposure = Readonly<{
  currency: Currency;
  lines: number;
  limitMinor: number;
  drawnMinor: number;
}>;

/** One value of one dimension in one currency. */
export type OverviewGroup = Exposure & Readonly<{ dimension: OverviewDimension; key: string }>;

/** What stands in a portfolio now. `scoreWidth` points lie in each band, which begins at `from`. */
export type Overview = Readonly<{
  totals: readonly Exposure[];
  groups: readonly OverviewGroup[];
  scoreWidth: number;
  scores: readonly Readonly<{ from: number; lines: number }>[];
  decisionsByState: readonly Readonly<{ key: string; count: number }>[];
  /** exposure that the outcome in force takes away or would; one entry per action and currency */
  decisionsByAction: readonly Readonly<{
    key: string;
    count: number;
    currency: Currency;
    removedMinor: number;
  }>[];
  decisionsByReason: readonly Readonly<{ key: ReasonCode; count: number }>[];
  openReviews: number;
  overdueReviews: number;
  noticesByState: readonly Readonly<{ key: string; count: number }>[];
}>;

/** Whom work waits for. `now` is business time. */
export type Asker = Readonly<{
  actor: Pick<Actor, "id" | "roles" | "desk">;
  scope: RowScope;
  now: Instant;
}>;

/** How much of one kind of work waits, since when, and how much exposure it is about; nothing waiting: count 0. */
export type WaitingWork = Readonly<{
  count: number;
  oldestAt: Instant | null;
  removed: readonly Readonly<{ currency: Currency; amountMinor: number }>[];
}>;

/** The work that lies in rows of customers or of the whole installation. */
export type WorkRows = Readonly<{
  reviewsToDecide: WaitingWork;
  reviewsOverdue: WaitingWork;
  overridesToAgree: WaitingWork;
  /** cases on which the actor's opinion is asked for */
  opinionsToGive: WaitingWork;
  noticesEscalated: WaitingWork;
  /** alerts that nobody has taken, and those that the actor took */
  alertsOpen: WaitingWork;
  alertsMine: WaitingWork;
  executionsDisputed: WaitingWork;
  /** messages that were tried several times and not taken */
  outboxStuck: WaitingWork;
  /** refused signals that nobody has dealt with */
  lettersOpen: WaitingWork;
}>;

/** Exactly one of the fields, or none for everybody. */
export type CustomerFilter = RowScope &
  Readonly<{
    reference?: string;
    lineReference?: string;
    /** equal by the normal form of the blind index */
    identity?: Readonly<{ field: IdentityField; text: string }>;
  }>;

/** A customer with the exposure of the lines that the reader's scope reaches. */
export type CustomerRow = Readonly<{
  id: Id;
  reference: string;
  language: Language;
  exposure: readonly (Exposure & Readonly<{ availableMinor: number }>)[];
}>;

export type CustomerDetail = CustomerRow &
  Readonly<{
    links: readonly Readonly<{ kind: CustomerLinkKind; customerId: Id; reference: string }>[];
    lines: readonly ProfiledLine[];
    openDecisions: number;
    notices: number;
  }>;

/** Personal data in the clear; null: the customer's key was destroyed. */
export type CustomerIdentity = Readonly<Partial<Record<IdentityField, string>>> | null;

/** What one line says of a trait: whether it holds, and the values that it was held against. */
export type TraitSource = Readonly<{
  lineId: Id;
  reference: string;
  holds: boolean | null;
  facts: FactValues;
}>;

/** `since`: the oldest of the moments of the history from which on it has held without a gap; null where it does not hold. */
export type CustomerTrait = Readonly<{
  trait: ReadyTrait;
  holds: boolean | null;
  since: BusinessDate | null;
  sources: readonly TraitSource[];
}>;

/** The customer on one day: of several lines the newest tier, the lowest score, the highest utilisation and days past due. */
export type ProfilePoint = Readonly<
  Pick<LineProfile, "tier" | "score" | "utilisationBp" | "daysPastDue">
> &
  Readonly<{ asOf: BusinessDate; traits: readonly string[] }>;

/** `history`: one point a month, oldest first; the last one is the day asked for. */
export type CustomerProfile = Readonly<{
  asOf: BusinessDate;
  knownAt: Instant;
  /** what the newest decision placed the customer in */
  segment: Readonly<{ id: string; decisionId: Id; madeAt: Instant }> | null;
  traits: readonly CustomerTrait[];
  history: readonly ProfilePoint[];
}>;

/** Where the event tables stood: bucket → the sequence number that its next event gets. */
export type EventPlaces = ReadonlyMap<number, number>;

/** An event as a live view tells of it: who may see it, and no contents. */
export type EventTold = Readonly<
  Pick<Event, "bucket" | "seq" | "kind" | "lineId" | "customerId" | "subject" | "at" | "actor">
> &
  Readonly<{
    portfolio: string;
    /** of a signal: its type */
    type: string | null;
  }>;

/** An unfinished sweep with the buckets that each pass has behind it. */
export type SweepGoing = Readonly<
  Pick<Sweep, "id" | "state" | "pausedBy" | "portfolio"> & { assessed: number; decided: number }
>;

/** Reads for pages. Lists are ordered by id unless a sort says otherwise. */
export type Views = Readonly<{
  lines: (
    page: PageRequest,
    filter: LineFilter,
    sort: LineSort | null,
  ) => Promise<Page<ProfiledLine>>;
  profile: (lineId: Id) => Promise<LineProfile | null>;
  overview: (
    filter: RowScope & Readonly<{ portfolio?: string }>,
    now: Instant,
  ) => Promise<Overview>;
  work: (asker: Asker) => Promise<WorkRows>;
  customers: (page: PageRequest, filter: CustomerFilter) => Promise<Page<CustomerRow>>;
  /** null: no such customer, or no line of his lies in the scope */
  customer: (id: Id, scope: RowScope) => Promise<CustomerDetail | null>;
  identity: (id: Id) => Promise<CustomerIdentity>;
  /**
   * events of some lines of one customer before `before` in the order of their bucket, newest first, at most
   * `limit`; all kinds or one
   */
  history: (
    lineIds: readonly Id[],
    before: number | null,
    limit: number,
    kind?: string,
  ) => Promise<readonly Event[]>;
  places: () => Promise<EventPlaces>;
  /** what happened in some buckets since they stood at `from`, at most `limit` of it, by bucket and order */
  eventsSince: (from: EventPlaces, limit: number) => Promise<readonly EventTold[]>;
  /** sweeps that are neither done nor cancelled */
  sweepsGoing: () => Promise<readonly SweepGoing[]>;
  /** the report kept last; a null portfolio is every portfolio */
  newestReport: () => Promise<Readonly<{ id: Id; portfolio: string | null }> | null>;
  /** true where the lines are demo data */
  demo: () => Promise<boolean>;
}>;
