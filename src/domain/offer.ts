// Where law or contract asks for it, a lower limit is first offered to the customer, who accepts it, declines it or
// proposes another one. An offer is answered once, ends at its own time, and what the customer agreed to is kept with its
// proof; a decision has one offer at most.

import type { BusinessDate, Instant } from "./calendar.ts";
import type { Bucket, Id } from "./id.ts";
import { basisPointsPerOne, mulDiv, type Currency } from "./money.ts";

export const offerStates = [
  "open",
  "countered",
  "accepted",
  "declined",
  "expired",
  "withdrawn",
] as const;

/**
 * open: waits for the customer · countered: the customer proposed another limit, on which a person decides · accepted:
 * customer and lender agree, and there is proof · declined: the customer said no, or a person said no to the proposal ·
 * expired: nobody answered in time · withdrawn: the decision ended before the customer answered.
 */
export type OfferState = (typeof offerStates)[number];

/** What becomes of the change: made after an ordinary notice, not made at all, or put before a person. */
export const offerEnds = ["proceed", "withdraw", "review"] as const;

export type OfferEnd = (typeof offerEnds)[number];

/** Limits that the customer may propose, minor units; one of at most `acceptedToMinor` is agreed to at once. */
export type CounterBounds = Readonly<{
  lowestMinor: number;
  highestMinor: number;
  acceptedToMinor: number;
}>;

/** What is offered, and what each answer leads to: exactly this is hashed, shown and agreed to. Amounts in minor units. */
export type OfferTerms = Readonly<{
  decisionId: Id;
  lineReference: string;
  currency: Currency;
  fromMinor: number;
  toMinor: number;
  /** last business date on which the customer may answer */
  answerBy: BusinessDate;
  ifDeclined: OfferEnd;
  ifSilent: OfferEnd;
  /** null: the customer may only say yes or no */
  counter: CounterBounds | null;
}>;

/** How an agreement reached the lender. "app": the customer did it alone; otherwise a member of staff wrote it down. */
export const consentChannels = ["app", "phone", "branch", "letter"] as const;

export type ConsentChannel = (typeof consentChannels)[number];

/** How a word of the customer reached the lender; `how` in the words of the member of staff, null in the app. */
export type CustomerWord = Readonly<{ channel: ConsentChannel; how: string | null }>;

/** Proof that the customer agreed: to which limit, in which words, when and how, and who recorded it. */
export type Consent = CustomerWord &
  Readonly<{
    limitMinor: number;
    at: Instant;
    /** the account that gave or recorded it */
    by: string;
    /** SHA-256 of the canonical JSON of the terms with the limit that was agreed to, hex */
    termsHash: string;
    /** the offer in words: its notice, SHA-256 of its text in both languages, and the version of the texts */
    noticeId: Id;
    textHash: string;
    textsVersion: number;
  }>;

export type Offer = Readonly<{
  bucket: Bucket;
  id: Id;
  decisionId: Id;
  lineId: Id;
  customerId: Id;
  state: OfferState;
  /** the notice that told the customer of it */
  noticeId: Id;
  terms: OfferTerms;
  /** SHA-256 of the canonical JSON of `terms`, hex */
  termsHash: string;
  madeAt: Instant;
  /** from this instant on it can no longer be answered */
  expiresAt: Instant;
  /** when it was answered or ended otherwise */
  settledAt: Instant | null;
  /** given with an acceptance or a proposal of another limit; null without either */
  consent: Consent | null;
  ver: number;
}>;

/** The limits of proposals that take these shares of the offered cut, in basis points; never lower than what was offered. */
export function counterBounds(
  { fromMinor, toMinor }: Readonly<{ fromMinor: number; toMinor: number }>,
  shares: Readonly<{ minimumBp: number; acceptBp: number }>,
): CounterBounds {
  const cut = fromMinor - toMinor;
  const after = (bp: number): number => fromMinor - mulDiv(cut, bp, basisPointsPerOne, "up");
  return {
    lowestMinor: toMinor,
    highestMinor: after(shares.minimumBp),
    acceptedToMinor: after(shares.acceptBp),
  };
}
