// A compliance pack is dated data: what a jurisdiction, or where it is silent the product's contract, asks
// of a lender before, at and after a change to a credit line. Each value says how sure it is and where it
// was read.

import type { BusinessDate } from "../domain/calendar.ts";
import type { NoticeChannel } from "../domain/notice.ts";
import type { ReasonCode } from "../domain/reason-code.ts";
import type { Cause } from "../domain/decision.ts";
import type { Text } from "../domain/text.ts";

export const valueStatuses = ["confirmed", "unconfirmed", "contract"] as const;

/** confirmed: read in the source · unconfirmed: take the stricter reading, no straight-through · contract: law is silent, product terms say it. */
export type ValueStatus = (typeof valueStatuses)[number];

export type Value<T> = Readonly<{ value: T; status: ValueStatus; source: string }>;

/** A value that may be missing: null where nobody has read anything yet, and nothing may be built on it. */
export type Open<T> = Value<T> | null;

/** The changes that need a notice. */
export const gatedActions = ["decrease", "freeze", "close"] as const;

export type GatedAction = (typeof gatedActions)[number];

/**
 * How much time must lie between notice and effect, and what is counted: first `months` (to the same day of the
 * month, or its last day), then `days`.
 */
export type NoticePeriod = Readonly<{
  when: "before" | "at" | "after";
  months?: number;
  days: number;
  counting: "calendar" | "business";
}>;

/** Another period for some causes; for all changes unless it names `actions`. */
export type NoticeException = Readonly<{
  actions?: readonly GatedAction[];
  causes: readonly Cause[];
  period: NoticePeriod;
}>;

/** What stands in place of proof of delivery: so many days after issue through one of these channels. */
export type DeliverySubstitute = Readonly<{
  channels: readonly NoticeChannel[];
  days: number;
  counting: NoticePeriod["counting"];
}>;

/** Regions, as facts name them, whose clocks show the time of an IANA zone. */
export type RegionZone = Readonly<{ regions: readonly string[]; zone: string }>;

/**
 * Hours of the customer's day, "21:00" to "08:00", in which nothing leaves through these channels. Where a line is in none
 * of the regions of `zones`, or nobody knows where it is, they are hours of the lender's time zone.
 */
export type QuietHours = Readonly<{
  channels: readonly NoticeChannel[];
  from: string;
  to: string;
  zones?: readonly RegionZone[];
}>;

/** How hard, and how long, the lender tries to reach the customer. All waits in hours of the clock. */
export type DeliveryRules = Readonly<{
  /** through one channel, before the next one is tried */
  attempts: number;
  /** before the second attempt; each later wait is twice as long */
  retryHours: number;
  /** without word from the provider a message counts as not delivered, where proof is asked for */
  receiptHours: number;
  /** after issue: a notice that has reached nobody by then goes to a person */
  escalateHours: number;
  /** for that person; then a change that still waits is given up */
  personHours: number;
  quietHours: QuietHours | null;
}>;

/** none: the lender's own act · agreed: the customer expressly agreed to it · asked: the customer asked for it. */
export const agreements = ["none", "agreed", "asked"] as const;

export type Agreement = (typeof agreements)[number];

/** What a customer must be sent: an adverse action notice, a notice that terms change, or word that it was done. */
export const noticeKinds = ["adverse-action", "change-of-terms", "information"] as const;

export type NoticeKind = (typeof noticeKinds)[number];

/** What a notice must say. */
export const contentDuties = [
  "action-taken",
  "effective-date",
  "principal-reasons",
  "reasons-or-right-to-them",
  "creditor-name-and-address",
  "anti-discrimination-notice",
  "agency-name-and-address",
  "score-disclosure",
  "bureau-name-and-address",
  "bureau-did-not-decide",
  "free-report-right",
  "dispute-right",
  "right-to-explanation",
  "right-to-human-review",
  "chance-to-prove-ability",
  "repayment-in-instalments",
  "complaint-channel",
] as const;

export type ContentDuty = (typeof contentDuties)[number];

/**
 * One rule on what counts as adverse action. It applies where every condition it names holds; a condition that is
 * left out holds always. `id` is how it is cited, `says` is its sense in one sentence.
 */
export type AdverseActionRule = Readonly<{
  id: string;
  if: Readonly<{
    actions?: readonly GatedAction[];
    causes?: readonly Cause[];
    classWide?: boolean;
    /** true: the line itself is overdue on the day of the change */
    presentlyOverdue?: boolean;
    agreements?: readonly Agreement[];
  }>;
  /** null: no notice is owed */
  notice: NoticeKind | null;
  content: readonly ContentDuty[];
  /** also owed where bureau data were used */
  contentIfBureau: readonly ContentDuty[];
  says: Text;
}>;

/** Decisions that a person must make, whatever the strategy's route. */
export type MandatoryReview = Readonly<{
  actions: readonly GatedAction[];
  causes: readonly Cause[];
}>;

/** A length of time as laws write it. */
export type Span = Readonly<{
  length: number;
  unit: "day" | "business-day" | "week" | "month" | "year";
}>;

/** What a jurisdiction asks beside the notice itself. Every member is null where nothing was read. */
export type PackDuties = Readonly<{
  reasons: Readonly<{
    required: Open<boolean>;
    specific: Open<boolean>;
    /** where reasons are given only when asked for */
    onRequest: Open<Readonly<{ askWithin: Span; answerWithin: Span }>>;
    /** words that are no reason, beside those that no notice may ever hold */
    forbiddenTexts: Open<readonly string[]>;
  }>;
  scoreDisclosure: Open<
    Readonly<{ items: readonly string[]; maximumKeyFactors: number; extraFactor: boolean }>
  >;
  /** `products`: those whose own terms ask for consent to a decrease, where nothing else does */
  consent: Readonly<{
    increase: Open<boolean>;
    decrease: Open<boolean>;
    products: Open<readonly string[]>;
  }>;
  explanation: Open<Text>;
  automation: Open<Text>;
  overLimitGrace: Open<Readonly<{ feeDays: number; penaltyRateDays: number }>>;
  excessRepayment: Open<Readonly<{ instalments: number; extraCost: boolean }>>;
  closure: Readonly<{
    onRequest: Open<Span>;
    dormant: Open<Readonly<{ idle: Span; answerWithin: Span }>>;
    forbiddenGrounds: Open<readonly Text[]>;
  }>;
  voluntaryDecrease: Open<Readonly<{ within: Span | null; online: boolean; mayDissuade: boolean }>>;
  /** `outside`: who decides where the customer does not agree with the lender's answer, and how long after it one may ask */
  complaint: Readonly<{
    acknowledge: Open<Span>;
    final: Open<Span>;
    extension: Open<Span>;
    outside: Open<Readonly<{ name: Text; within: Span | null }>>;
  }>;
  retention: Readonly<{ records: Open<Span>; assessment: Open<Span>; logs: Open<Span> }>;
  creditBureau: Readonly<{
    noticeBeforeReport: Open<boolean>;
    dispute: Open<Span>;
    negativeShown: Open<Span>;
  }>;
  fairness: Open<Text>;
  modelGovernance: Open<Text>;
  periodicReview: Open<Span>;
}>;

/** One released version of a pack. A release is never edited: law that changes is a new version. */
export type CompliancePack = Readonly<{
  id: string;
  version: number;
  jurisdiction: string;
  label: Text;
  /** what this release changed, for those who keep the one before */
  release: Text;
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
    channels: Value<readonly NoticeChannel[]>;
    /** the notice must have been delivered, not only issued, before the effect */
    proofOfDelivery: Value<boolean>;
    /** what counts as delivery where proof is asked for and there is none */
    substitutes: readonly Value<DeliverySubstitute>[];
    /** a short message by SMS or push, which says where the whole notice is, is the notice by itself */
    shortFormSuffices: Value<boolean>;
    delivery: Value<DeliveryRules>;
  }>;
  /** in order; the first rule that applies decides, the last one applies always */
  adverseAction: readonly Value<AdverseActionRule>[];
  reasons: Readonly<{
    maximum: Value<number>;
    forbidden: Value<readonly ReasonCode[]>;
  }>;
  humanReview: Readonly<{
    right: Value<boolean>;
    mandatory: readonly Value<MandatoryReview>[];
  }>;
  belowDrawnAllowed: Value<boolean>;
  duties: PackDuties;
}>;

/** Names one version of a pack for ever. */
export type PackRef = Readonly<{ id: string; version: number }>;
