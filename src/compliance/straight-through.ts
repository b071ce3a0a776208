// When a decision may go through without a person. The strategy's route is one answer; the pack may overrule it: where
// the law gives the customer a person, and where the decision would rest on a value that nobody has confirmed.

import type { BusinessDate, HolidayTable } from "../domain/calendar.ts";
import type { Text } from "../domain/text.ts";
import { classifyAdverseAction, type LineChangeAsked } from "./adverse-action.ts";
import { firstEffect } from "./notice-gate.ts";
import type { CompliancePack } from "./pack.ts";
import { periodReadings } from "./strict-reading.ts";

/** One place in the pack that a person must look at first. */
export type StraightThroughBar = Readonly<{
  pointer: string;
  source: string;
  because: "unconfirmed" | "unconfirmed-year" | "person-required";
}>;

/** When and by which holidays the clock of a notice would be counted. */
export type ClockAsked = Readonly<{ holidays: HolidayTable; issuedOn: BusinessDate }>;

/**
 * Everything that stops a decision from going through without a person, none where it may: the period that sets its
 * clock, proof of delivery, whether a short form is enough, the rules on adverse action that were looked at, the customer's consent, if unconfirmed; and every rule that a
 * person must decide, unconfirmed ones included. With a clock also a period of law whose business days fall into a year
 * without a published table: by weekends alone it could end too early. A period of the contract is the lender's own word.
 */
export function straightThroughBars(
  pack: CompliancePack,
  asked: LineChangeAsked,
  clock: ClockAsked | null = null,
): readonly StraightThroughBar[] {
  return [
    ...unconfirmedValues(pack, asked),
    ...unconfirmedYears(pack, asked, clock),
    ...personRequired(pack, asked),
  ];
}

function unconfirmedValues(
  pack: CompliancePack,
  asked: LineChangeAsked,
): readonly StraightThroughBar[] {
  const { rule, passedOver, notifiable } = classifyAdverseAction(pack, asked);
  const clock = [
    ...periodReadings(pack, asked.action, asked.cause).map(({ pointer, value }) => ({
      pointer,
      ...value,
    })),
    { pointer: "/notice/proofOfDelivery", ...pack.notice.proofOfDelivery },
    { pointer: "/notice/shortFormSuffices", ...pack.notice.shortFormSuffices },
  ];
  const { decrease: consent } = pack.duties.consent;
  const agreement =
    asked.action === "decrease" && consent !== null
      ? [{ pointer: "/duties/consent/decrease", ...consent }]
      : [];
  return [...(notifiable ? clock : []), rule, ...passedOver, ...agreement]
    .filter(({ status }) => status === "unconfirmed")
    .map(({ pointer, source }) => ({ pointer, source, because: "unconfirmed" as const }));
}

function unconfirmedYears(
  pack: CompliancePack,
  asked: LineChangeAsked,
  clock: ClockAsked | null,
): readonly StraightThroughBar[] {
  if (clock === null) return [];
  const { rule } = firstEffect({ pack, ...asked, ...clock });
  if (rule.status !== "confirmed" || rule.unconfirmedYears.length === 0) return [];
  return [{ pointer: rule.pointer, source: rule.source, because: "unconfirmed-year" }];
}

function personRequired(
  { humanReview }: CompliancePack,
  { action, cause }: LineChangeAsked,
): readonly StraightThroughBar[] {
  return humanReview.mandatory.flatMap(({ value, source }, index) =>
    value.actions.includes(action) && value.causes.includes(cause)
      ? [
          {
            pointer: `/humanReview/mandatory/${index}`,
            source,
            because: "person-required" as const,
          },
        ]
      : [],
  );
}

/** False where a person must agree to the decision first; see {@link straightThroughBars}. */
export function allowsStraightThrough(
  pack: CompliancePack,
  asked: LineChangeAsked,
  clock: ClockAsked | null = null,
): boolean {
  return straightThroughBars(pack, asked, clock).length === 0;
}

/** One bar in words. */
export function barText({ pointer, source, because }: StraightThroughBar): Text {
  switch (because) {
    case "unconfirmed":
      return {
        en: `A person must agree: ${pointer} is unconfirmed (${source})`,
        zh: `须由人工同意：${pointer} 尚未核实（${source}）`,
      };
    case "unconfirmed-year":
      return {
        en: `A person must agree: ${pointer} is counted in a year without a holiday table (${source})`,
        zh: `须由人工同意：${pointer} 所涉年份没有已公布的节假日表（${source}）`,
      };
    case "person-required":
      return {
        en: `A person must decide: ${pointer} (${source})`,
        zh: `须由人工决定：${pointer}（${source}）`,
      };
  }
}
