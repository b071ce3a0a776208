// What opening and approving mean for the rows. Kept apart from the review step because a review opens when
// a decision is made, gets its turn or is appealed against, and an approval may need no person at all.

import { exposureRemovedMinor, type Outcome, type Route } from "../domain/assessment.ts";
import { addDays, type BusinessDate } from "../domain/calendar.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import type { Decision } from "../domain/decision.ts";
import type { Id } from "../domain/id.ts";
import { leadOf, type Appeal, type ReviewCase, type ReviewQueue } from "../domain/review-case.ts";
import { appealDaysOf, deskTerms, type DeskTerms } from "../policy/desk.ts";
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
  const { dueDays, ...terms } = termsOf(decision, line, route, context);
  return about(decision, "ReviewOpened", {
    reviewId: context.derive("review", decision.id, ...(offer === null ? [] : ["offer"])),
    ...terms,
    queue: firstQueue[terms.route],
    dueOn: addDays(context.today, dueDays),
    ...(offer === null ? {} : { referredBy: offer.referredBy }),
  });
}

/**
 * The event that puts an appeal before somebody who leads a queue and had no part in the decision.
 * @param parts everybody who had one
 */
export function openAppeal(
  decision: Decision,
  line: CreditLine,
  { appeal, parts }: Readonly<{ appeal: Appeal; parts: readonly string[] }>,
  context: Context,
): NewEvent {
  const { route, strategy } = decision.record.assessment;
  const { document } = context.strategy(strategy.hash);
  const asked = route === "legal" ? route : "review";
  const { dueDays: _, ...terms } = termsOf(decision, line, asked, context);
  return about(decision, "AppealLodged", {
    reviewId: appealIdOf(decision.id, context),
    ...terms,
    queue: leadOf(firstQueue[terms.route]),
    dueOn: addDays(context.today, appealDaysOf(document)),
    appeal,
    touchedBy: parts,
  });
}

/** The id of the only appeal that a decision can have. */
export function appealIdOf(decisionId: Id, context: Pick<Context, "derive">): Id {
  return context.derive("review", decisionId, "appeal");
}

/** What its strategy asks of whoever works on such a case. */
function termsOf(
  decision: Decision,
  line: CreditLine,
  route: Exclude<Route, "straight-through">,
  context: Context,
): DeskTerms & Pick<ReviewCase, "currency" | "impactMinor"> {
  const { assessment } = decision.record;
  const { action } = decision.outcome;
  const impactMinor = exposureRemovedMinor(decision.outcome, line.drawnMinor);
  const { document } = context.strategy(assessment.strategy.hash);
  const terms = deskTerms(document, { route, action, assessment, impactMinor });
  return { ...terms, currency: line.currency, impactMinor };
}

/** Applies ReviewOpened, AppealLodged and DecisionApproved. */
export function applyReviewEvent(state: State, event: Event, context: Context): void {
  if (event.kind === "ReviewOpened" || event.kind === "AppealLodged") {
    applyOpened(state, event, context);
  }
  if (event.kind === "DecisionApproved") applyApproved(state, event, context);
}

function applyOpened(state: State, event: Event, context: Context): void {
  const opened = event.body as Pick<
    ReviewCase,
    "route" | "queue" | "skills" | "priority" | "currency" | "impactMinor"
  > &
    Readonly<{
      reviewId: string;
      dueOn: BusinessDate;
      referredBy?: string | null;
      appeal?: Appeal;
      touchedBy?: readonly string[];
    }>;
  const {
    reviewId,
    dueOn,
    referredBy = null,
    appeal = null,
    touchedBy = referredBy === null ? [] : [referredBy],
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
    ...{ referredBy, appeal, touchedBy },
    resolution: null,
    resolvedBy: null,
    resolvedAt: null,
    note: null,
    ver: 1,
  };
  state.reviews.set(reviewId, review);
  if (appeal === null) moveDecision(state, event.subject, "in-review", { reviewId });
  else change(state.decisions, event.subject, { reviewId });
  setTimer(state, event, context, { kind: "review-due", due: dueAt });
}

function applyApproved(state: State, event: Event, context: Context): void {
  const override = event.body["override"] as
    | Readonly<{ outcome: Outcome; expiresOn: BusinessDate }>
    | undefined;
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

/** Closes a review case with its resolution; nothing waits for it any more. */
export function resolveReview(state: State, event: Event): void {
  cancelTimers(state, event.subject, ["review-due", "review-wake"]);
  change(state.reviews, String(event.body["reviewId"]), {
    state: "resolved",
    resolution: event.body["resolution"] as ReviewCase["resolution"],
    resolvedBy: event.actor,
    resolvedAt: event.at,
    note: (event.body["note"] as string | undefined) ?? null,
  });
}
