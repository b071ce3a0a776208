// What the application asks of the world about notices: their words, where those are kept, and the ways to the customer.

import type { CompliancePack, ContentDuty } from "../compliance/pack.ts";
import type { Outcome, Restoration } from "../domain/assessment.ts";
import type { BusinessDate, Instant } from "../domain/calendar.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import type { Currency } from "../domain/money.ts";
import type { Notice, NoticeDelivery } from "../domain/notice.ts";
import type { OfferTerms } from "../domain/offer.ts";
import type { Reminder, ReminderEnd, ReminderWords } from "../domain/reminder.ts";
import type { ReasonCode } from "../domain/reason-code.ts";
import type { Id } from "../domain/id.ts";
import type { Language, Text } from "../domain/text.ts";
import type { Way } from "../policy/way-back.ts";

/** What a notice's wording is made from; texts are composed in both languages at once. */
export type NoticeParameters = Readonly<{
  template: string;
  line: CreditLine;
  outcome: Outcome | Restoration;
  reasons: readonly ReasonCode[];
  currency: Currency;
  issuedOn: BusinessDate;
  effectiveOn: BusinessDate;
  /** written restoration criteria of the strategy */
  wayBack: Text;
  /** what would have changed the decision on its own facts, everything else as it was on `asOf` */
  ways: readonly Way[];
  asOf: BusinessDate;
  reviewOn: BusinessDate;
  /** what the law asks the notice to say, and the pack that says how much and how long */
  owed: readonly ContentDuty[];
  pack: CompliancePack;
  /** the bureau's score that the decision read; null where it read none */
  score: BureauScore | null;
  /** where the change is offered and not announced: on which terms */
  offer: OfferTerms | null;
  /** where the notice answers an appeal: what it says of that */
  appeal: AnsweredAppeal | null;
}>;

/** An appeal with its answer in the words that were released to the customer, and what stands; null: it was overturned. */
export type AnsweredAppeal = Readonly<{
  lodgedOn: BusinessDate;
  answer: string;
  upheld: Readonly<{
    outcome: Outcome;
    /** what was decided has taken effect; else it does on `on` at the earliest */
    inEffect: boolean;
    on: BusinessDate;
  }> | null;
}>;

/** A credit score of the bureau, in its own points. `factors` are the principal reasons that rest on the bureau's data. */
export type BureauScore = Readonly<{
  points: number;
  lowest: number;
  highest: number;
  on: BusinessDate;
  factors: readonly ReasonCode[];
}>;

/** A notice in words: see {@link Notice}. */
export type ComposedNotice = Readonly<Pick<Notice, "subject" | "short" | "body" | "textsVersion">>;

/** What a reminder's wording is made from. Amounts in minor units. */
export type ReminderParameters = Readonly<{
  line: CreditLine;
  statementOn: BusinessDate;
  dueOn: BusinessDate;
  minimumDueMinor: number;
  pack: CompliancePack;
}>;

/** Writes notices and reminders. Throws a RangeError rather than words that neither may hold. */
export type Wording = Readonly<{
  compose: (parameters: NoticeParameters) => ComposedNotice;
  remind: (parameters: ReminderParameters) => ReminderWords;
}>;

export type Wordings = Readonly<{
  /** by the texts approved last, else by those that ship */
  inForce: () => Promise<Wording>;
  /** by texts that somebody wrote, or all that is wrong with them */
  of: (
    texts: unknown,
    version: number,
  ) => Readonly<{ wording: Wording }> | Readonly<{ problems: readonly Text[] }>;
  /** the texts that ship: `{zh: {key: message}, en: {key: message}}` */
  shipped: Readonly<Record<Language, Readonly<Record<string, string>>>>;
}>;

/** One version of the words of notices. Approved, it is in force until a later one is approved. */
export type NoticeTextsVersion = Readonly<{
  /** from 1 on; 0 stands for the texts that ship and is not stored */
  version: number;
  hash: string;
  state: "draft" | "approved";
  author: string;
  addedAt: Instant;
  approvedBy: string | null;
  approvedAt: Instant | null;
  /** RFC 8785 canonical JSON of `{zh: {key: message}, en: {key: message}}` */
  texts: string;
}>;

export type NoticeTexts = Readonly<{
  /** stores a draft under the next number; texts that are stored already stay the version they are */
  add: (
    draft: Pick<NoticeTextsVersion, "hash" | "author" | "addedAt" | "texts">,
  ) => Promise<NoticeTextsVersion>;
  /** false, with nothing changed, where the version is no draft */
  approve: (version: number, by: string, at: Instant) => Promise<boolean>;
  find: (version: number) => Promise<NoticeTextsVersion | null>;
  /** oldest first */
  list: () => Promise<readonly NoticeTextsVersion[]>;
  /** number of the latest approved version, 0: none */
  inForce: () => Promise<number>;
}>;

/** What handing over a message came to. `permanent`: trying again through the same channel is of no use. */
export type HandOver =
  | Readonly<{
      result: "sent" | "delivered";
      reference?: string | undefined;
      contentHash?: string | undefined;
    }>
  | Readonly<{ result: "bounced"; because: string; permanent: boolean }>;

/**
 * Hands one attempt to its channel. The delivery's id is the message's name for every retry: handing it over twice is
 * one message. Throws faults, which say nothing of whether it left.
 */
export type Channels = Readonly<{
  deliver: (notice: Notice, delivery: NoticeDelivery) => Promise<HandOver>;
  /** the same for a reminder that was written */
  remind: (reminder: Reminder, delivery: NoticeDelivery) => Promise<HandOver>;
}>;

/**
 * What a reminder says, or would say now; for one that is not over whether it would be sent now, and from when on its
 * first channel, or the one that it waits for, may be used.
 */
export type ReminderPreview = Readonly<{
  id: Id;
  stop: ReminderEnd | null;
  leavesAt: Instant | null;
  words: ReminderWords;
}>;
