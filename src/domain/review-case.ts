// A review case asks people to agree to one decision, or to look again at one that the customer appealed against. Whoever
// made the decision, or a changed outcome, may not be the one who approves it or answers the appeal; and who lacks the
// role, a skill or the authority that it needs does not decide it.

import type { Actor, Role } from "./actor.ts";
import type { Outcome, Route } from "./assessment.ts";
import type { BusinessDate, Instant } from "./calendar.ts";
import { authorityIn, plainDeskRights } from "./desk-rights.ts";
import type { Bucket, Id } from "./id.ts";
import type { Currency } from "./money.ts";
import type { CustomerWord } from "./offer.ts";

export const reviewQueues = ["reviewer", "approver", "compliance", "legal"] as const;

export type ReviewQueue = (typeof reviewQueues)[number];

export type ReviewState = "open" | "resolved";

/** upheld, overturned: what became of an appeal. withdrawn: what the case was about ended before anybody resolved it. */
export const resolutions = ["approved", "rejected", "upheld", "overturned", "withdrawn"] as const;

export type Resolution = (typeof resolutions)[number];

/** Why a customer appeals: our data are wrong · the limit can be carried · a person shall decide · another reason. */
export const appealGrounds = ["wrong-data", "can-repay", "wants-person", "disagrees"] as const;

export type AppealGround = (typeof appealGrounds)[number];

/**
 * What the customer said against a decision, how it reached us, the account that said or recorded it, and whoever approved
 * or changed that decision; nobody where it went straight through.
 */
export type Appeal = CustomerWord &
  Readonly<{ ground: AppealGround; by: string; decidedBy: readonly string[] }>;

/** A changed outcome that still waits for somebody else's approval. */
export type ProposedOverride = Readonly<{
  outcome: Outcome;
  maker: string;
  reason: string;
  expiresOn: BusinessDate;
  at: Instant;
}>;

/** One person's agreement and whether that person speaks for legal. */
export type Approval = Readonly<{ by: string; legal: boolean; at: Instant }>;

/** How soon a case is worked: the strategy says in how many days. */
export const reviewPriorities = ["urgent", "high", "normal"] as const;

export type ReviewPriority = (typeof reviewPriorities)[number];

/** A case that is out of sight until the start of a date. The service level runs on. */
export type Snooze = Readonly<{ until: BusinessDate; by: string; reason: string }>;

/** What somebody else thinks of a case. It decides nothing; null until it was given. */
export type SecondOpinion = Readonly<{
  askedOf: string;
  askedBy: string;
  askedAt: Instant;
  question: string;
  given: Readonly<{ agrees: boolean; reason: string; at: Instant }> | null;
}>;

/**
 * `queue` is the role that works on it. How many approvals it takes: see `approvalsNeeded`. `impactMinor` is the exposure
 * that the decision takes away, in minor units of `currency`, as it was when the case was opened.
 */
export type ReviewCase = Readonly<{
  bucket: Bucket;
  id: Id;
  decisionId: Id;
  lineId: Id;
  customerId: Id;
  route: Exclude<Route, "straight-through">;
  queue: ReviewQueue;
  skills: readonly string[];
  priority: ReviewPriority;
  currency: Currency;
  impactMinor: number;
  state: ReviewState;
  openedAt: Instant;
  /** end of the service level */
  dueAt: Instant;
  /** when it was first passed up because nobody had resolved it in time */
  escalatedAt: Instant | null;
  /** who works on it; null: whoever takes it */
  assignedTo: string | null;
  snooze: Snooze | null;
  opinions: readonly SecondOpinion[];
  /** how many files lie beside it */
  files: number;
  approvals: readonly Approval[];
  override: ProposedOverride | null;
  referredBy: string | null;
  /** set where the customer appeals against the decision; null: the decision waits for its approval */
  appeal: Appeal | null;
  /**
   * everybody who ever changed it or passed it on, and of an appeal whoever had a part in the decision: they made what is
   * asked now, and do not resolve it
   */
  touchedBy: readonly string[];
  resolution: Resolution | null;
  resolvedBy: string | null;
  resolvedAt: Instant | null;
  note: string | null;
  ver: number;
}>;

/** How many different people must approve: two for four-eyes and legal, else one. An appeal is answered, not approved. */
export function approvalsNeeded({ appeal, route }: ReviewCase): number {
  if (appeal !== null) return 0;
  return route === "review" ? 1 : 2;
}

/** What somebody lacks to decide a case. */
export type Lack =
  | Readonly<{ lacks: "role"; queue: ReviewQueue }>
  | Readonly<{ lacks: "skills"; skills: readonly string[] }>
  | Readonly<{ lacks: "authority"; limitMinor: number }>;

/** The first thing that an actor lacks to decide a case (role, skills, authority), or null. */
export function lackOf(review: ReviewCase, actor: Pick<Actor, "roles" | "desk">): Lack | null {
  const { queue, currency, impactMinor } = review;
  const rights = actor.desk ?? plainDeskRights;
  if (!workableQueues(actor.roles).includes(queue)) return { lacks: "role", queue };
  const skills = review.skills.filter((skill) => !rights.skills.includes(skill));
  if (skills.length > 0) return { lacks: "skills", skills };
  const limitMinor = authorityIn(rights, currency);
  return limitMinor !== null && limitMinor < impactMinor
    ? { lacks: "authority", limitMinor }
    : null;
}

/** The role that leads a queue: it hands out the cases and takes over what is overdue. */
export function leadOf(queue: ReviewQueue): ReviewQueue {
  return queue === "reviewer" ? "approver" : queue;
}

/** The queues whose cases a person of these roles works on: his own, and an approver also the reviewers'. */
export function workableQueues(roles: readonly Role[]): readonly ReviewQueue[] {
  return reviewQueues.filter(
    (queue) => roles.includes(queue) || (queue === "reviewer" && roles.includes("approver")),
  );
}

type Derive = (...parts: readonly string[]) => Id;

/** The id of the decision by which the customer is told the answer to an appeal. */
export function answerIdOf(
  { id, decisionId }: Pick<ReviewCase, "id" | "decisionId">,
  verdict: "upheld" | "overturned",
  derive: Derive,
): Id {
  return derive(verdict === "upheld" ? "upholding" : "restoration", id, decisionId);
}

/** The notice that tells the customer the answer to an appeal; null where nobody has answered it. */
export function answerNoticeIdOf(review: ReviewCase, derive: Derive): Id | null {
  const { resolution } = review;
  if (resolution !== "upheld" && resolution !== "overturned") return null;
  return derive("notice", answerIdOf(review, resolution, derive));
}
