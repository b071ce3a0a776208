// What the application asks of whoever keeps review cases and the files beside them, and what it answers about many cases.

import type { Actor, Role } from "../domain/actor.ts";
import type { Attachment, NewAttachment } from "../domain/attachment.ts";
import type { BusinessDate, Instant } from "../domain/calendar.ts";
import type { Id } from "../domain/id.ts";
import type { Money } from "../domain/money.ts";
import type { Refusal, RefusalCode } from "../domain/refusal.ts";
import type { ReviewCase } from "../domain/review-case.ts";
import type { ReviewStatistics } from "../domain/review-statistics.ts";
import type { Text } from "../domain/text.ts";

/** Files beside review cases. Who opens one says so first: see OpenAttachment. */
export type Attachments = Readonly<{
  /** in the order in which they were added; `name` is null once the customer's key is destroyed */
  list: (reviewId: Id) => Promise<readonly (Attachment & Readonly<{ name: string | null }>)[]>;
  /** its contents; null where there is no such file, or its customer's key was destroyed */
  open: (id: Id) => Promise<NewAttachment | null>;
}>;

/** What a list of review cases may be narrowed by. */
export type ReviewFilter = Readonly<{
  lineId?: Id;
  state?: string;
  queue?: string;
  priority?: string;
  skill?: string;
  decisionId?: Id;
  causeId?: Id;
  assignedTo?: string;
  /** only appeals, or only what waits for its approval */
  appeals?: boolean;
  /** open, and this account was asked for an opinion that it has not given */
  askedOf?: string;
  /** open and due before this instant */
  overdueAt?: Instant;
  /**
   * open and awake, in no other's hands, and the actor could decide it: queue, skills and authority, neither made
   * nor touched by him
   */
  workableBy?: Pick<Actor, "id" | "roles" | "desk">;
  /** resolved at this instant or later */
  resolvedFrom?: Instant;
  resolvedBefore?: Instant;
}>;

export const bulkVerbs = ["approve", "reject", "assign", "snooze"] as const;

export type BulkVerb = (typeof bulkVerbs)[number];

/** Most cases of one request. */
export const bulkMost = 1_000;

/** `reason` is needed for every verb; `to` for assign; `until` for snooze. */
export type BulkRequest = Readonly<{
  verb: BulkVerb;
  /** with the version that was looked at, where one was */
  cases: readonly Readonly<{ id: Id; ver?: number }>[];
  reason: string;
  to?: string;
  until?: BusinessDate;
  pastDue?: boolean;
  actor: Actor;
}>;

export type BulkItem = Readonly<{ id: Id; refusal: Refusal | null }>;

/** `impact` and `examples` (largest first) are those of the cases that go through. */
export type BulkResult = Readonly<{
  items: readonly BulkItem[];
  done: number;
  refusals: readonly Readonly<{ code: RefusalCode; count: number; first: Text }>[];
  impact: readonly Money[];
  examples: readonly ReviewCase[];
}>;

/** What an idempotency key stands for. */
type Once = Readonly<{ client: string; key: string; bodyHash: string }>;

export type BulkOptions = Readonly<{
  dryRun: boolean;
  /** absent: asking again is asking anew */
  idempotency?: Once;
  /** asked between cases; what is left is not in the result */
  stop?: () => boolean;
  onItem?: (done: number) => void;
}>;

/** One note beside a case. */
export type ReviewNote = Readonly<{ by: string; at: Instant; text: string }>;

/** Who may compare people: those who lead a queue, and those who look after the desk as a whole. */
export const statisticsRoles: readonly Role[] = [
  "approver",
  "compliance",
  "legal",
  "auditor",
  "administrator",
];

/** The review desk over the world: `review-bulk.ts` and `review-record.ts`. */
export type ReviewDesk = Readonly<{
  /** each case by itself; with `dryRun` only told */
  bulk: (request: BulkRequest, options: BulkOptions) => Promise<BulkResult | Refusal>;
  notes: (review: Pick<ReviewCase, "id" | "lineId">) => Promise<readonly ReviewNote[]>;
  attach: (
    asked: Readonly<{
      reviewId: Id;
      name: string;
      bytes: Uint8Array;
      sha256: string;
      actor: Actor;
    }>,
    options: Readonly<{ idempotency: Once }>,
  ) => Promise<Readonly<{ attachmentId: Id }> | Refusal>;
  /** writes down who opened it first */
  open: (
    asked: Readonly<{ reviewId: Id; attachmentId: Id; actor: Actor }>,
  ) => Promise<NewAttachment | Refusal>;
  /** over what was resolved from the start of one business date until before that of another */
  statistics: (
    scope: Readonly<{ customerId?: Id; portfolios?: readonly string[] }>,
    period: Readonly<{ from: BusinessDate; before: BusinessDate }>,
  ) => Promise<ReviewStatistics>;
}>;
