// The events of a decision's own life, shared by every step that can start or end one, so that a decision
// ends in exactly one way: its timers cancelled, its review closed, its offer ended, its turn in the budget given back.

import type { CompliancePack } from "../compliance/pack.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import type { Decision } from "../domain/decision.ts";
import { cancelTimers, change, moveDecision } from "./rows.ts";
import type { Context } from "./step.ts";
import type { Event, NewEvent, State } from "./state.ts";

/** The event that ends a decision without effect. */
export function withdrawn(decision: Decision, because: string): NewEvent {
  return about(decision, "DecisionWithdrawn", { because });
}

/** The event that ends a decision because a rule or the core system said no. */
export function refused(decision: Decision, because: string): NewEvent {
  return about(decision, "DecisionRefused", { because });
}

/** The law of a decision: the pack version it was made under, whatever was released since. */
export function packOf(
  { record }: Decision,
  { jurisdiction }: CreditLine,
  context: Pick<Context, "pack">,
): CompliancePack {
  return context.pack(jurisdiction, record.pack);
}

/** An event about a decision. */
export function about(
  decision: Decision,
  kind: string,
  body: Readonly<Record<string, unknown>>,
): NewEvent {
  return {
    kind,
    lineId: decision.lineId,
    customerId: decision.customerId,
    subject: decision.id,
    body,
  };
}

/** Applies the events about a decision's own life; steps that emit them delegate here. */
export function applyDecisionEvent(state: State, event: Event, context: Context): void {
  if (event.kind === "DecisionMade") {
    state.decisions.set(event.subject, event.attached as Decision);
    return;
  }
  if (event.kind !== "DecisionWithdrawn" && event.kind !== "DecisionRefused") return;
  const decision = moveDecision(
    state,
    event.subject,
    event.kind === "DecisionWithdrawn" ? "withdrawn" : "refused",
    { endedBecause: String(event.body["because"]) },
  );
  cancelTimers(state, decision.id);
  closeReview(state, event, decision);
  endOffer(state, event, "withdrawn");
  releaseBudget(state, event, decision, context);
}

/** A review case never outlives its decision. */
function closeReview(state: State, event: Event, decision: Decision): void {
  const review = decision.reviewId === null ? undefined : state.reviews.get(decision.reviewId);
  if (review?.state !== "open") return;
  change(state.reviews, review.id, {
    state: "resolved",
    resolution: "withdrawn",
    resolvedBy: event.actor,
    resolvedAt: event.at,
    note: decision.endedBecause,
  });
}

/**
 * Ends the offer of an event's decision if it still waits. A customer's own proposal that comes to nothing was declined,
 * one that a person agreed to unchanged is accepted.
 */
export function endOffer(state: State, event: Event, as: "accepted" | "withdrawn"): void {
  for (const offer of state.offers.values()) {
    if (offer.decisionId !== event.subject) continue;
    if (offer.state !== "open" && offer.state !== "countered") continue;
    const declined = as === "withdrawn" && offer.state === "countered";
    change(state.offers, offer.id, { state: declined ? "declined" : as, settledAt: event.at });
  }
}

/** A decision that ends without effect gives its turn back. */
function releaseBudget(state: State, event: Event, decision: Decision, context: Context): void {
  if (decision.turns.length === 0) return;
  state.outbox.push({
    bucket: event.bucket,
    id: context.derive("outbox", decision.id, "budget.release"),
    kind: "budget.release",
    subject: decision.id,
    body: { ledgers: decision.turns.map((turn) => turn.ledger) },
  });
}
