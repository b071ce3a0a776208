// Where pack or product asks for the customer's consent, an approved lower limit is offered and not announced: the
// customer accepts, declines, proposes another limit or lets the time pass, and the strategy has said what each leads to.
// What was agreed is kept with its proof; where the law asks for consent, nothing is made of a change without it.

import { isSettled } from "../compliance/notice-delivery.ts";
import type { Outcome } from "../domain/assessment.ts";
import type { Instant } from "../domain/calendar.ts";
import type { Consent } from "../domain/offer.ts";
import type { Refusal } from "../domain/refusal.ts";
import { customerWordFields, customerWordRoles } from "./customer-word.ts";
import { about, applyDecisionEvent, packOf, withdrawn } from "./decision-life.ts";
import { arrivalTimers, post } from "./notice-arrival-rows.ts";
import { answerOffer, ended } from "./offer-answers.ts";
import { lacksConsent, makeOffer, offerOf, type Made } from "./offer-making.ts";
import { applyReviewEvent } from "./review-events.ts";
import { cancelTimers, change, moveDecision, setTimer } from "./rows.ts";
import type { Command, Context, Step } from "./step.ts";
import type { Event, NewEvent, State } from "./state.ts";

function decide(state: State, command: Command, context: Context): readonly NewEvent[] | Refusal {
  switch (command.kind) {
    case "MakeOffer":
      return makeOffer(state, command, context);
    case "ExpireOffer":
      return expire(state, command, context);
    default:
      return answerOffer(state, command, context);
  }
}

/** Silence speaks only where the offer has reached the customer. */
function expire(state: State, command: Command, context: Context): readonly NewEvent[] {
  const offer = offerOf(state, command.subject);
  if (offer?.state !== "open") return [];
  const decision = state.decisions.get(offer.decisionId)!;
  const line = state.lines.get(offer.lineId)!;
  if (line.ver !== decision.lineVer) return [withdrawn(decision, "line-changed")];
  const notice = state.notices.get(offer.noticeId)!;
  if (!isSettled(packOf(decision, line, context), notice)) {
    return [withdrawn(decision, "offer-undelivered")];
  }
  const end = offer.terms.ifSilent;
  return [
    about(decision, "OfferExpired", { offerId: offer.id, end }),
    ...ended({ decision, line }, end, "no-answer", null, context),
  ];
}

function evolve(state: State, event: Event, context: Context): void {
  switch (event.kind) {
    case "OfferMade":
      return applyMade(state, event, context);
    case "OfferAccepted":
    case "OfferCountered":
      return applyAgreed(state, event);
    case "OfferDeclined":
    case "OfferExpired":
      return applyEnded(state, event);
    default:
      applyReviewEvent(state, event, context);
      applyDecisionEvent(state, event, context);
  }
}

function applyMade(state: State, event: Event, context: Context): void {
  const { offer, notice } = event.attached as Made;
  state.offers.set(offer.id, offer);
  state.notices.set(notice.id, notice);
  moveDecision(state, event.subject, "offered", { noticeId: notice.id });
  post(state, event, context, notice.deliveries[0]!);
  setTimer(state, event, context, { kind: "offer-expiry", due: offer.expiresAt });
  const due = event.body["escalateAt"] as Instant;
  setTimer(state, event, context, { kind: "notice-escalate", due });
}

/** The customer's word is the outcome from now on; a proposal still waits for a person's. */
function applyAgreed(state: State, event: Event): void {
  const consent = event.body["consent"] as Consent;
  const accepted = event.kind === "OfferAccepted";
  const offer = change(state.offers, String(event.body["offerId"]), {
    state: accepted ? "accepted" : "countered",
    settledAt: accepted ? event.at : null,
    consent,
  });
  const { fromMinor } = offer.terms;
  const outcome: Outcome = { action: "decrease", fromMinor, toMinor: consent.limitMinor };
  stopAsking(state, event);
  const agreement = { outcome, agreedAt: consent.at };
  if (accepted) moveDecision(state, event.subject, "approved", agreement);
  else change(state.decisions, event.subject, agreement);
}

function applyEnded(state: State, event: Event): void {
  const { body, subject, at } = event;
  change(state.offers, String(body["offerId"]), {
    state: event.kind === "OfferDeclined" ? "declined" : "expired",
    settledAt: at,
  });
  stopAsking(state, event);
  if (body["end"] === "proceed") moveDecision(state, subject, "approved");
}

function stopAsking(state: State, event: Event): void {
  cancelTimers(state, event.subject, ["offer-expiry", ...arrivalTimers]);
}

/** An approved decision is announced at once, or offered where the customer's consent is still to be asked for. */
function follow(state: State, event: Event, context: Context): readonly Omit<Command, "actor">[] {
  if (!approving.includes(event.kind)) return [];
  const decision = state.decisions.get(event.subject)!;
  if (decision.state !== "approved") return [];
  const kind = lacksConsent(state, decision, context) ? "MakeOffer" : "IssueNotice";
  const id = context.derive("command", event.subject, kind);
  return [{ id, kind, subject: event.subject, cause: event.cause, body: {} }];
}

const approving = ["DecisionApproved", "OfferAccepted", "OfferDeclined", "OfferExpired"];

export const offer: Step = {
  name: "offer",
  area: "offer",
  label: { en: "Offer", zh: "协商" },
  commands: {
    MakeOffer: {
      subject: "decision",
      verb: null,
      roles: ["service"],
      label: { en: "Ask the customer to agree", zh: "征求客户同意" },
      fields: {},
    },
    AcceptOffer: {
      subject: "offer",
      verb: "accept",
      roles: customerWordRoles,
      label: { en: "Accept an offer", zh: "接受要约" },
      fields: customerWordFields,
    },
    DeclineOffer: {
      subject: "offer",
      verb: "decline",
      roles: customerWordRoles,
      label: { en: "Decline an offer", zh: "拒绝要约" },
      fields: customerWordFields,
    },
    CounterOffer: {
      subject: "offer",
      verb: "counter",
      roles: customerWordRoles,
      label: { en: "Propose another limit", zh: "提议其他额度" },
      fields: {
        limit: { type: "money", required: true, label: { en: "Proposed limit", zh: "提议额度" } },
        ...customerWordFields,
      },
    },
    ExpireOffer: {
      subject: "decision",
      verb: null,
      roles: ["service"],
      label: { en: "End the time to answer", zh: "答复期限届满" },
      fields: {},
    },
  },
  events: ["OfferMade", "OfferAccepted", "OfferDeclined", "OfferCountered", "OfferExpired"],
  tables: ["offer", "decision", "notice", "timer", "outbox"],
  decide,
  evolve,
  follow,
};
