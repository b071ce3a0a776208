// Making an offer: whether an approved decrease needs the customer's word, on which terms it is asked for, and in which
// words. Where the law asks for consent, no strategy's terms can go without it.

import { consentRule, type ConsentRule } from "../compliance/consent.ts";
import { hoursAfter } from "../compliance/notice-delivery.ts";
import { isRestoring, type Outcome } from "../domain/assessment.ts";
import { addDays } from "../domain/calendar.ts";
import { canonicalJson } from "../domain/canonical-json.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import type { Decision } from "../domain/decision.ts";
import type { Id } from "../domain/id.ts";
import type { Notice } from "../domain/notice.ts";
import { counterBounds, type Offer, type OfferEnd, type OfferTerms } from "../domain/offer.ts";
import { notFound, refuse, type Refusal } from "../domain/refusal.ts";
import { about, packOf, refused, withdrawn } from "./decision-life.ts";
import { reasonsToQuote, type NoticeSubject } from "./notice-content.ts";
import { composeNotice, textHash } from "./notify.ts";
import type { Command, Context } from "./step.ts";
import type { NewEvent, State } from "./state.ts";

function ruleFor(decision: Decision, line: CreditLine, context: Context): ConsentRule | null {
  const { action } = decision.outcome;
  if (action === "none" || isRestoring(action)) return null;
  return consentRule(packOf(decision, line, context), { action, product: line.product });
}

/** The offer of a decision; it has one at most. */
export function offerOf(state: State, decisionId: Id): Offer | undefined {
  return [...state.offers.values()].find((offer) => offer.decisionId === decisionId);
}

/** True while an approved change must not be announced: nobody was asked yet, or the law asks for a yes that is missing. */
export function lacksConsent(state: State, decision: Decision, context: Context): boolean {
  if (decision.agreedAt !== null) return false;
  const rule = ruleFor(decision, state.lines.get(decision.lineId)!, context);
  if (rule === null) return false;
  return rule.by === "law" || offerOf(state, decision.id) === undefined;
}

/** Offers an approved decrease, with its terms and its words; where the customer was asked before, the change is given up. */
export function makeOffer(
  state: State,
  command: Command,
  context: Context,
): readonly NewEvent[] | Refusal {
  const decision = state.decisions.get(command.subject);
  if (decision === undefined) return notFound({ en: "decision", zh: "决定" }, command.subject);
  const line = state.lines.get(decision.lineId)!;
  const { outcome } = decision;
  const rule = ruleFor(decision, line, context);
  if (decision.state !== "approved" || rule === null || outcome.action !== "decrease") {
    return refuse("wrong-state", {
      en: `Cannot offer decision ${decision.id}: it is ${decision.state} with outcome ${outcome.action}, expected an approved decrease that needs consent`,
      zh: `无法就决定 ${decision.id} 征求同意：当前为 ${decision.state}，结果为 ${outcome.action}，应为须经客户同意且已批准的降额`,
    });
  }
  // A customer is asked once.
  if (offerOf(state, decision.id) !== undefined) return [withdrawn(decision, "no-consent")];
  const terms = termsOf(decision, outcome, line, rule, context);
  if (terms === null) return [refused(decision, "no-offer-terms")];
  const subject: NoticeSubject = {
    // What is offered takes effect only as agreed.
    decision: { ...decision, agreedAt: context.now },
    line,
    action: outcome.action,
  };
  const reasons = reasonsToQuote(subject, context);
  if (reasons.length === 0) return [refused(decision, "no-reason-to-quote")];
  const notice = composeNotice(subject, reasons, { offer: terms }, context);
  return [offered(decision, line, { terms, rule, notice }, context)];
}

/** Null where the strategy does not say how to negotiate. What the law asks consent for is not done without it. */
function termsOf(
  decision: Decision,
  outcome: Extract<Outcome, { action: "decrease" }>,
  line: CreditLine,
  rule: ConsentRule,
  context: Context,
): OfferTerms | null {
  const { offer } = context.strategy(decision.record.assessment.strategy.hash).document;
  if (offer === undefined) return null;
  const { answerWithinDays, ifDeclined, ifSilent, counter } = offer;
  const { fromMinor, toMinor } = outcome;
  const lawful = (end: OfferEnd): OfferEnd => (rule.by === "law" ? "withdraw" : end);
  return {
    decisionId: decision.id,
    lineReference: line.reference,
    currency: line.currency,
    fromMinor,
    toMinor,
    answerBy: addDays(context.today, answerWithinDays),
    ifDeclined: lawful(ifDeclined),
    ifSilent: lawful(ifSilent),
    counter: counter === null ? null : counterBounds(outcome, counter),
  };
}

/** What an OfferMade event brings along. */
export type Made = Readonly<{ offer: Offer; notice: Notice }>;

function offered(
  decision: Decision,
  line: CreditLine,
  { terms, rule, notice }: Readonly<{ terms: OfferTerms; rule: ConsentRule; notice: Notice }>,
  context: Context,
): NewEvent {
  const offer: Offer = {
    bucket: decision.bucket,
    id: context.derive("offer", decision.id),
    decisionId: decision.id,
    lineId: decision.lineId,
    customerId: decision.customerId,
    state: "open",
    noticeId: notice.id,
    terms,
    termsHash: context.sha256(canonicalJson(terms)),
    madeAt: context.now,
    expiresAt: context.startOf(addDays(terms.answerBy, 1)),
    settledAt: null,
    consent: null,
    ver: 1,
  };
  const { escalateHours } = packOf(decision, line, context).notice.delivery.value;
  const body = {
    ...{ offerId: offer.id, noticeId: notice.id, channel: notice.channel, reasons: notice.reasons },
    ...{ terms, termsHash: offer.termsHash, expiresAt: offer.expiresAt },
    ...{ rule: { by: rule.by, pointer: rule.pointer }, pack: notice.pack },
    ...{ textHash: textHash(notice, context), textsVersion: notice.textsVersion },
    escalateAt: hoursAfter(context.now, escalateHours),
  };
  const attached: Made = { offer, notice };
  return { ...about(decision, "OfferMade", body), attached };
}
