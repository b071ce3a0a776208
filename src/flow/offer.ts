// Where pack or product asks for the customer's consent, an approved lower limit is offered and not announced: the
// customer accepts, declines, proposes another limit or lets the time pass, and the strategy has said what each leads to.
// What was agreed is kept with its proof; where the law asks for consent, nothing is made of a change without it.

import { consentRule, type ConsentRule } from "../compliance/consent.ts";
import { hoursAfter, isSettled } from "../compliance/notice-delivery.ts";
import { isRestoring, type Outcome } from "../domain/assessment.ts";
import { addDays, type Instant } from "../domain/calendar.ts";
import { canonicalJson } from "../domain/canonical-json.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import type { Decision } from "../domain/decision.ts";
import { moneyText, type Money } from "../domain/money.ts";
import type { Notice } from "../domain/notice.ts";
import {
  consentChannels,
  counterBounds,
  type Consent,
  type Offer,
  type OfferEnd,
  type OfferTerms,
} from "../domain/offer.ts";
import { firstRefusal, isRefusal, notFound, refuse, type Refusal } from "../domain/refusal.ts";
import { outcomeRefusal } from "./decide.ts";
import { about, applyDecisionEvent, packOf, refused, withdrawn } from "./decision-life.ts";
import { arrivalTimers, post } from "./notice-arrival.ts";
import { reasonsToQuote, type NoticeSubject } from "./notice-content.ts";
import { composeNotice, textHash } from "./notify.ts";
import { applyReviewEvent, openReview } from "./review-events.ts";
import { cancelTimers, change, moveDecision, setTimer, versionRefusal } from "./rows.ts";
import type { Command, Context, Step } from "./step.ts";
import type { Event, NewEvent, State } from "./state.ts";

type Under = Readonly<{ offer: Offer; decision: Decision; line: CreditLine }>;

/** How an answer came in. */
type Evidence = Pick<Consent, "channel" | "how">;

function decide(state: State, command: Command, context: Context): readonly NewEvent[] | Refusal {
  if (command.kind === "MakeOffer") return make(state, command, context);
  if (command.kind === "ExpireOffer") return expire(state, command, context);
  const offer = state.offers.get(command.subject);
  if (offer === undefined) return notFound({ en: "offer", zh: "协商要约" }, command.subject);
  const decision = state.decisions.get(offer.decisionId)!;
  const under: Under = { offer, decision, line: state.lines.get(offer.lineId)! };
  const evidence = evidenceOf(command);
  const refusal = firstRefusal([
    isRefusal(evidence) ? evidence : null,
    ...answerRefusals(under, command, context),
  ]);
  if (isRefusal(evidence) || refusal !== null) return refusal!;
  const notice = state.notices.get(offer.noticeId)!;
  switch (command.kind) {
    case "AcceptOffer":
      return [agreed(under, notice, offer.terms.toMinor, evidence, command, context)];
    case "DeclineOffer":
      return declined(under, evidence, command, context);
    default:
      return counter(under, notice, evidence, command, context);
  }
}

function ruleFor(decision: Decision, line: CreditLine, context: Context): ConsentRule | null {
  const { action } = decision.outcome;
  if (action === "none" || isRestoring(action)) return null;
  return consentRule(packOf(decision, line, context), { action, product: line.product });
}

function offerOf(state: State, decisionId: string): Offer | undefined {
  return [...state.offers.values()].find((offer) => offer.decisionId === decisionId);
}

/** True while an approved change must not be announced: nobody was asked yet, or the law asks for a yes that is missing. */
function lacksConsent(state: State, decision: Decision, context: Context): boolean {
  if (decision.agreedAt !== null) return false;
  const rule = ruleFor(decision, state.lines.get(decision.lineId)!, context);
  if (rule === null) return false;
  return rule.by === "law" || offerOf(state, decision.id) === undefined;
}

function make(state: State, command: Command, context: Context): readonly NewEvent[] | Refusal {
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
  const notice = composeNotice(subject, reasons, terms, context);
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

type Made = Readonly<{ offer: Offer; notice: Notice }>;

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

/** A borrower answers alone; whoever answers for one says how the answer was given. */
function evidenceOf({ actor, body }: Command): Evidence | Refusal {
  const channel = body["channel"] as Evidence["channel"] | undefined;
  const how = body["how"] as string | undefined;
  if (actor.roles.includes("borrower")) {
    if (channel === undefined && how === undefined) return { channel: "app", how: null };
    return refuse(
      "invalid",
      {
        en: "Answer to an offer: found channel or how, expected neither: a borrower's own answer speaks for itself",
        zh: "答复协商要约：填写了 channel 或 how，借款人本人答复时无须填写",
      },
      channel === undefined ? "/how" : "/channel",
    );
  }
  if (channel !== undefined && how !== undefined) return { channel, how };
  const missing = channel === undefined ? "channel" : "how";
  return refuse(
    "invalid",
    {
      en: `Answer to an offer: found no ${missing}, expected how the customer answered: channel and how`,
      zh: `答复协商要约：未填写 ${missing}，代客户答复须写明渠道（channel）与方式（how）`,
    },
    `/${missing}`,
  );
}

/** What stops every answer alike, in any order: the table of refusals says which one is told. */
function answerRefusals(
  { offer, decision, line }: Under,
  command: Command,
  context: Context,
): readonly (Refusal | null)[] {
  const settled = ["accepted", "declined", "withdrawn"].includes(offer.state);
  const late = offer.state === "expired" || (!settled && context.now >= offer.expiresAt);
  return [
    settled
      ? refuse("already-resolved", {
          en: `Offer ${offer.id}: found ${offer.state}, expected open`,
          zh: `协商要约 ${offer.id}：当前为 ${offer.state}，应为待答复`,
        })
      : null,
    late
      ? refuse("offer-expired", {
          en: `Offer ${offer.id}: could be answered until ${offer.terms.answerBy}, today is ${context.today}`,
          zh: `协商要约 ${offer.id}：答复期限为 ${offer.terms.answerBy}，今天为 ${context.today}`,
        })
      : null,
    offer.state === "countered"
      ? refuse("wrong-state", {
          en: `Offer ${offer.id}: the customer's own proposal took its place and is being reviewed`,
          zh: `协商要约 ${offer.id}：客户已提出其他额度，正在复核`,
        })
      : null,
    versionRefusal(offer, command.expectedVer),
    line.ver === decision.lineVer
      ? null
      : refuse("stale-approval", {
          en: `Line ${line.reference}: offered at version ${decision.lineVer}, now at ${line.ver}`,
          zh: `授信 ${line.reference}：发出要约时版本 ${decision.lineVer}，现为 ${line.ver}`,
        }),
  ];
}

/** The event of an agreement to a limit: accepted as offered, or a proposal that the strategy agrees to. */
function agreed(
  under: Under,
  notice: Notice,
  limitMinor: number,
  evidence: Evidence,
  command: Command,
  context: Context,
): NewEvent {
  const consent = consentTo(under, notice, limitMinor, evidence, command, context);
  return about(under.decision, "OfferAccepted", { offerId: under.offer.id, consent });
}

function consentTo(
  { offer }: Under,
  notice: Notice,
  limitMinor: number,
  evidence: Evidence,
  { actor }: Command,
  context: Context,
): Consent {
  return {
    limitMinor,
    at: context.now,
    by: actor.id,
    ...evidence,
    termsHash: context.sha256(canonicalJson({ ...offer.terms, toMinor: limitMinor })),
    noticeId: notice.id,
    textHash: textHash(notice, context),
    textsVersion: notice.textsVersion,
  };
}

function declined(
  { offer, decision }: Under,
  evidence: Evidence,
  { actor }: Command,
  context: Context,
): readonly NewEvent[] {
  const end = offer.terms.ifDeclined;
  const said = { offerId: offer.id, end, by: actor.id, ...evidence };
  const staff = evidence.how === null ? null : actor.id;
  return [
    about(decision, "OfferDeclined", said),
    ...ended(decision, end, "declined", staff, context),
  ];
}

/** What follows when an offer ends without agreement; nothing more where the change is to be announced after all. */
function ended(
  decision: Decision,
  end: OfferEnd,
  because: string,
  referredBy: string | null,
  context: Context,
): readonly NewEvent[] {
  switch (end) {
    case "proceed":
      return [];
    case "withdraw":
      return [withdrawn(decision, because)];
    case "review":
      return [openReview(decision, "review", context, { referredBy })];
  }
}

function counter(
  under: Under,
  notice: Notice,
  evidence: Evidence,
  command: Command,
  context: Context,
): readonly NewEvent[] | Refusal {
  const { offer, decision, line } = under;
  const limit = command.body["limit"] as Money;
  const { fromMinor } = offer.terms;
  const outcome: Outcome = { action: "decrease", fromMinor, toMinor: limit.amountMinor };
  const refusal =
    boundsRefusal(offer, limit) ?? outcomeRefusal(line, outcome, packOf(decision, line, context));
  if (refusal !== null) return refusal;
  if (limit.amountMinor <= offer.terms.counter!.acceptedToMinor) {
    return [agreed(under, notice, limit.amountMinor, evidence, command, context)];
  }
  const consent = consentTo(under, notice, limit.amountMinor, evidence, command, context);
  const referredBy = evidence.how === null ? null : command.actor.id;
  return [
    about(decision, "OfferCountered", { offerId: offer.id, consent }),
    openReview(decision, "review", context, { referredBy }),
  ];
}

function boundsRefusal({ id, terms }: Offer, limit: Money): Refusal | null {
  const { currency, counter: bounds } = terms;
  if (limit.currency !== currency) {
    return refuse(
      "currency-mismatch",
      {
        en: `Proposed limit: found ${limit.currency}, expected ${currency}`,
        zh: `提议额度：币种为 ${limit.currency}，应为 ${currency}`,
      },
      "/limit",
    );
  }
  const { amountMinor } = limit;
  if (bounds === null) {
    return refuse(
      "counter-out-of-bounds",
      {
        en: `Offer ${id}: found a proposal, expected yes or no: its strategy takes no proposals`,
        zh: `协商要约 ${id}：不接受其他额度，只能同意或拒绝`,
      },
      "/limit",
    );
  }
  if (amountMinor >= bounds.lowestMinor && amountMinor <= bounds.highestMinor) return null;
  const [lowest, highest] = [bounds.lowestMinor, bounds.highestMinor].map((bound) =>
    moneyText({ amountMinor: bound, currency }),
  );
  return refuse(
    "counter-out-of-bounds",
    {
      en: `Proposed limit: found ${moneyText(limit)}, expected ${lowest} to ${highest}`,
      zh: `提议额度：为 ${moneyText(limit)}，应在 ${lowest} 至 ${highest} 之间`,
    },
    "/limit",
  );
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
    ...ended(decision, end, "no-answer", null, context),
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

const evidenceFields = {
  channel: {
    type: "enum",
    required: false,
    values: consentChannels.filter((channel) => channel !== "app"),
    label: {
      en: "staff only: how the customer's answer came in",
      zh: "仅限员工：客户答复的渠道",
    },
  },
  how: {
    type: "text",
    required: false,
    maxLength: 2000,
    label: {
      en: "staff only: how it was given and the customer recognised",
      zh: "仅限员工：答复方式及身份核实情况",
    },
  },
} as const;

const answering = ["borrower", "operator", "compliance"] as const;

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
      roles: answering,
      label: { en: "Accept an offer", zh: "接受要约" },
      fields: evidenceFields,
    },
    DeclineOffer: {
      subject: "offer",
      verb: "decline",
      roles: answering,
      label: { en: "Decline an offer", zh: "拒绝要约" },
      fields: evidenceFields,
    },
    CounterOffer: {
      subject: "offer",
      verb: "counter",
      roles: answering,
      label: { en: "Propose another limit", zh: "提议其他额度" },
      fields: {
        limit: { type: "money", required: true, label: { en: "Proposed limit", zh: "提议额度" } },
        ...evidenceFields,
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
