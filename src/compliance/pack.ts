// A compliance pack is dated data: what a jurisdiction, or where it is silent the product's contract, asks
// of a lender before, at and after a change to a credit line. Each value says how sure it is and where it
// was read.

import type { BusinessDate } from "../domain/calendar.ts";
import type { ReasonCode } from "../domain/reason-code.ts";
import type { Cause } from "../domain/decision.ts";
import type { Text } from "../domain/text.ts";

/** confirmed: read in the source · unconfirmed: take the stricter reading, no straight-through · contract: law is silent, product terms say it. */
export type ValueStatus = "confirmed" | "unconfirmed" | "contract";

export type Value<T> = Readonly<{ value: T; status: ValueStatus; source: string }>;

/** How many days must lie between notice and effect, and what is counted. */
export type NoticePeriod = Readonly<{
  when: "before" | "at" | "after";
  days: number;
  counting: "calendar" | "business";
}>;

export type NoticeException = Readonly<{ causes: readonly Cause[]; period: NoticePeriod }>;

export type CompliancePack = Readonly<{
  id: string;
  version: number;
  jurisdiction: string;
  label: Text;
  productScope: readonly string[];
  effectiveFrom: BusinessDate;
  effectiveTo: BusinessDate | null;
  /** id of the holiday table that its business days count by */
  calendar: string;
  notice: Readonly<{
    decrease: Value<NoticePeriod>;
    freeze: Value<NoticePeriod>;
    close: Value<NoticePeriod>;
    exceptions: readonly Value<NoticeException>[];
    /** channels in order of preference */
    channels: Value<readonly string[]>;
    /** the notice must have been delivered, not only issued, before the effect */
    proofOfDelivery: Value<boolean>;
  }>;
  reasons: Readonly<{
    maximum: Value<number>;
    forbidden: Value<readonly ReasonCode[]>;
  }>;
  humanReview: Readonly<{ right: Value<boolean> }>;
  belowDrawnAllowed: Value<boolean>;
}>;
