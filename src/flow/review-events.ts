// What opening and approving mean for the rows. Kept apart from the review step because a review opens when
// a decision is made or gets its turn, and an approval may need no person at all.

import { exposureRemovedMinor, type Outcome, type Route } from "../domain/assessment.ts";
import { addDays, type BusinessDate } from "../domain/calendar.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import type { Decision } from "../domain/decision.ts";
import type { ReviewCase, ReviewQueue } from "../domain/review-case.ts";
import { deskTerms } from "../policy/desk.ts";
import { about, endOffer } from "./decision-life.ts";
import { cancelTimers, change, moveDecision, setTimer } from "./rows.ts";
import type { Context } from "./step.ts";
import type { Event, NewEvent, State } from "./state.ts";

const firstQueue: Readonly<Record<Exclude<Route, "straight-through">, ReviewQueue>> = {
  review: "reviewer",
  "four-eyes": "reviewer",
  legal: "legal",
};

/**
 * The event that asks people to agree to a decision, on the terms that its strategy sets for such a case.
 * @param offer set where its offer comes to a person: who wrote down what the customer said may not decide on it
 */
export function openReview(
  decision: Decision,
  line: CreditLine,
  route: Exclude<Route, "straight-through">,
  context: Context,
  offer: Readonly<{ referredBy: string | null }> | null = null,
): NewEvent {
  const { assessment } = decision.record;
  const { action } = decision.outcome;
  const impactMinor = exposureRemovedMinor(decision.outcome, line.drawnMinor);
  const { document } = context.strategy(assessment.strategy.hash);
  const terms = deskTerms(document, { route, action, assessment, impactMinor });
  return about(decision, "ReviewOpened", {
    reviewId: context.derive("review", decision.id, ...(offer === null ? [] : ["offer"])),
    route: terms.route,
    queue: firstQueue[terms.route],
    skills: terms.skills,
    priority: terms.priority,
    currency: line.currency,
    impactMinor,
    dueOn: addDays(context.today, terms.dueDays),
    ...(offer === null ? {} : { referredBy: offer.referredBy }),
  });
}

/** Applies ReviewOpened and DecisionApproved. */
export function applyReviewEvent(state: State, event: Event, context: Context): void {
  if (event.kind === "ReviewOpened") applyOpened(state, event, context);
  if (event.kind === "DecisionApproved") applyApproved(state, event, context);
}

function applyOpened(state: State, event: Event, context: Context): void {
  const opened = event.body as Pick<
    ReviewCase,
    "route" | "queue" | "skills" | "priority" | "currency" | "impactMinor"
  > &
    Readonly<{ reviewId: string; dueOn: BusinessDate; referredBy?: string | null }>;
  const {
    reviewId,
    dueOn,
    referredBy = null,
    route,
    queue,
    skills,
    priority,
    currency,
    impactMinor,
  } = opened;
  const dueAt = context.startOf(dueOn);
  const review: ReviewCase = {
    bucket: event.bucket,
    id: reviewId,
    decisionId: event.subject,
    lineId: event.lineId,
    customerId: event.customerId,
    ...{ route, queue, skills, priority, currency, impactMinor },
    state: "open",
    openedAt: event.at,
    dueAt,
    escalatedAt: null,
    assignedTo: null,
    snooze: null,
    opinions: [],
    files: 0,
    approvals: [],
    override: null,
    referredBy,
    touchedBy: referredBy === null ? [] : [referredBy],
    resolution: null,
    resolvedBy: null,
    resolvedAt: null,
    note: null,
    ver: 1,
  };
  state.reviews.set(reviewId, review);
  moveDecision(state, event.subject, "in-review", { reviewId });
  setTimer(state, event, context, { kind: "review-due", due: dueAt });
}

function applyApproved(state: State, event: Event, context: Context): void {
  const override = event.body["override"] as
    | Readonly<{ outcome: Outcome; expiresOn: BusinessDate }>
    | undefined;
  cancelTimers(state, event.subject, ["review-due", "review-wake"]);
  moveDecision(
    state,
    event.subject,
    "approved",
    override === undefined
      ? {}
      : { outcome: override.outcome, overrideExpiresOn: override.expiresOn, agreedAt: null },
  );
  endOffer(state, event, override === undefined ? "accepted" : "withdrawn");
  if (override !== undefined) {
    setTimer(state, event, context, {
      kind: "override-expiry",
      due: context.startOf(addDays(override.expiresOn, 1)),
    });
  }
}

/** Closes a review case with its resolution. */
export function resolveReview(state: State, event: Event): void {
  change(state.reviews, String(event.body["reviewId"]), {
    state: "resolved",
    resolution: event.body["resolution"] as ReviewCase["resolution"],
    resolvedBy: event.actor,
    resolvedAt: event.at,
    note: (event.body["note"] as string | undefined) ?? null,
  });
}
