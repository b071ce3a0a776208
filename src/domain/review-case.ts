// A review case asks people to agree to one decision. Whoever made the decision, or a changed outcome, may
// not be the one who approves it.

import type { Role } from "./actor.ts";
import type { Outcome, Route } from "./assessment.ts";
import type { BusinessDate, Instant } from "./calendar.ts";
import type { Bucket, Id } from "./id.ts";

export const reviewQueues = ["reviewer", "approver", "compliance", "legal"] as const;

export type ReviewQueue = (typeof reviewQueues)[number];

export type ReviewState = "open" | "resolved";

export type Resolution = "approved" | "rejected" | "withdrawn";

/** A changed outcome that still waits for somebody else's approval. */
export type ProposedOverride = Readonly<{
  outcome: Outcome;
  maker: string;
  reason: string;
  expiresOn: BusinessDate;
}>;

/** One person's agreement and whether that person speaks for legal. */
export type Approval = Readonly<{ by: string; legal: boolean }>;

/** `queue` is the role that works on it. How many approvals it takes: see `approvalsNeeded`. */
export type ReviewCase = Readonly<{
  bucket: Bucket;
  id: Id;
  decisionId: Id;
  lineId: Id;
  customerId: Id;
  route: Exclude<Route, "straight-through">;
  queue: ReviewQueue;
  state: ReviewState;
  openedAt: Instant;
  dueAt: Instant;
  approvals: readonly Approval[];
  override: ProposedOverride | null;
  referredBy: string | null;
  resolution: Resolution | null;
  resolvedBy: string | null;
  resolvedAt: Instant | null;
  note: string | null;
  ver: number;
}>;

/** How many different people must approve: two for four-eyes and legal, else one. */
export function approvalsNeeded(review: ReviewCase): number {
  return review.route === "review" ? 1 : 2;
}

/** The queues whose cases a person of these roles works on: his own, and an approver also the reviewers'. */
export function workableQueues(roles: readonly Role[]): readonly ReviewQueue[] {
  return reviewQueues.filter(
    (queue) => roles.includes(queue) || (queue === "reviewer" && roles.includes("approver")),
  );
}
