// Answering an offer: once, in time, by its customer or by staff who say how the customer answered. What the customer
// agrees to, as offered or as proposed, is kept with who, when, how, the exact terms and the exact words.

import type { CreditLine } from "../domain/credit-line.ts";
import { canonicalJson } from "../domain/canonical-json.ts";
import type { Outcome } from "../domain/assessment.ts";
import type { Decision } from "../domain/decision.ts";
import { moneyText, type Money } from "../domain/money.ts";
import type { Notice } from "../domain/notice.ts";
import type { Consent, CustomerWord, Offer, OfferEnd } from "../domain/offer.ts";
import { firstRefusal, isRefusal, notFound, refuse, type Refusal } from "../domain/refusal.ts";
import { customerWord } from "./customer-word.ts";
import { outcomeRefusal } from "./decide.ts";
import { about, packOf, withdrawn } from "./decision-life.ts";
import { textHash } from "./notify.ts";
import { openReview } from "./review-events.ts";
import { versionRefusal } from "./rows.ts";
import type { Command, Context } from "./step.ts";
import type { NewEvent, State } from "./state.ts";

type Under = Readonly<{ offer: Offer; decision: Decision; line: CreditLine }>;

/** Decides on an answer of the customer. */
export function answerOffer(
  state: State,
  command: Command,
  context: Context,
): readonly NewEvent[] | Refusal {
  const offer = state.offers.get(command.subject);
  if (offer === undefined) return notFound({ en: "offer", zh: "协商要约" }, command.subject);
  const decision = state.decisions.get(offer.decisionId)!;
  const under: Under = { offer, decision, line: state.lines.get(offer.lineId)! };
  const evidence = customerWord(command, { en: "Answer to an offer", zh: "答复协商要约" });
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
  evidence: CustomerWord,
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
  evidence: CustomerWord,
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
  { offer, decision, line }: Under,
  evidence: CustomerWord,
  { actor }: Command,
  context: Context,
): readonly NewEvent[] {
  const end = offer.terms.ifDeclined;
  const said = { offerId: offer.id, end, by: actor.id, ...evidence };
  const staff = evidence.how === null ? null : actor.id;
  return [
    about(decision, "OfferDeclined", said),
    ...ended({ decision, line }, end, "declined", staff, context),
  ];
}

/** What follows when an offer ends without agreement; nothing more where the change is to be announced after all. */
export function ended(
  { decision, line }: Pick<Under, "decision" | "line">,
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
      return [openReview(decision, line, "review", context, { referredBy })];
  }
}

function counter(
  under: Under,
  notice: Notice,
  evidence: CustomerWord,
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
    openReview(decision, line, "review", context, { referredBy }),
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
