// What an unconfirmed value means. A value that nobody has read in its source may be more lenient than the law
// it stands for, so it is read as strictly as its words allow and never makes anything easier; confirmed and
// contract values are read as they are written.

import type { Cause } from "../domain/decision.ts";
import type { CompliancePack, NoticePeriod, Value } from "./pack.ts";

/**
 * How a notice period is applied. Unconfirmed, it becomes the strictest period of its own length: notice comes
 * *before* the effect and its days are *business* days (never fewer than calendar days). No number is invented:
 * 0 days stay 0, and then mean that the notice must exist when the change takes effect.
 */
export function appliedPeriod({ value, status }: Value<NoticePeriod>): NoticePeriod {
  if (status !== "unconfirmed") return value;
  return { when: value.days === 0 ? "at" : "before", days: value.days, counting: "business" };
}

/** True where the clock starts with delivery: the pack says so, or does not say surely that issue is enough. */
export function needsProofOfDelivery({ notice }: CompliancePack): boolean {
  return notice.proofOfDelivery.value || notice.proofOfDelivery.status === "unconfirmed";
}

/** True where a limit may fall below what is drawn; an unconfirmed leave is none. */
export function allowsBelowDrawn({ belowDrawnAllowed }: CompliancePack): boolean {
  return belowDrawnAllowed.value && belowDrawnAllowed.status !== "unconfirmed";
}

/** True where the customer may ask for a person; an unconfirmed "no" is no "no". */
export function givesHumanReview({ humanReview }: CompliancePack): boolean {
  return humanReview.right.value || humanReview.right.status === "unconfirmed";
}

/** False where the period that would decide is unconfirmed: then a person must agree to the decision first. */
export function allowsStraightThrough(
  pack: CompliancePack,
  action: "decrease" | "freeze" | "close",
  cause: Cause,
): boolean {
  const exception = pack.notice.exceptions.find(({ value }) => value.causes.includes(cause));
  return (exception ?? pack.notice[action]).status !== "unconfirmed";
}
