// An adverse action notice tells the customer what will change, why and from when. It quotes the reasons of
// its own decision and is one logical notice however often, and through whatever channel, it has to be sent.

import type { BusinessDate, Instant } from "./calendar.ts";
import type { Bucket, Id } from "./id.ts";
import type { ReasonCode } from "./reason-code.ts";
import type { Text } from "./text.ts";

export const noticeStates = ["issued", "sent", "delivered", "bounced", "escalated"] as const;

/**
 * issued: on its way out · sent: a provider took it, nothing is known of its arrival · delivered: it arrived, and there
 * is proof · bounced: it came back and will be sent again · escalated: every way failed or time ran out, a person must
 * act.
 */
export type NoticeState = (typeof noticeStates)[number];

/** True where the notice has, as far as anybody knows, reached nobody. */
export function reachedNobody(state: NoticeState): boolean {
  return state === "bounced" || state === "escalated";
}

/**
 * Names that a strategy may give as its notice template. A notice always says what happens to the line, so
 * the outcome chooses among the texts whatever name stands there.
 */
export const noticeTemplates = ["limit-change", "decrease", "freeze", "close"] as const;

export const noticeChannels = ["in-app", "email", "sms", "push", "letter"] as const;

/** A way to the customer. */
export type NoticeChannel = (typeof noticeChannels)[number];

/** True for channels that carry the short form: that there is a notice, what it changes and when, but no reasons. */
export function isShortChannel(channel: NoticeChannel): boolean {
  return channel === "sms" || channel === "push";
}

/** What became of one attempt; see {@link NoticeState}. */
export type DeliveryState = "waiting" | "sent" | "delivered" | "bounced";

/** One attempt to reach the customer, and the proof of what became of it. */
export type NoticeDelivery = Readonly<{
  /** the message's own id: the same for every retry towards the provider, so that it counts once there */
  id: Id;
  channel: NoticeChannel;
  state: DeliveryState;
  /** not before: quiet hours of the channel are over then */
  notBefore: Instant;
  sentAt: Instant | null;
  /** when it is known to have arrived or come back */
  settledAt: Instant | null;
  /** why it came back */
  because: string | null;
  /** the provider's own name for the message */
  reference: string | null;
  /** SHA-256 of exactly what was handed over, hex */
  contentHash: string | null;
}>;

export type Notice = Readonly<{
  bucket: Bucket;
  id: Id;
  decisionId: Id;
  lineId: Id;
  customerId: Id;
  state: NoticeState;
  /** of the latest attempt, or of the next one while it waits for its time */
  channel: NoticeChannel;
  template: string;
  /** version of the approved texts that it was written with; 0: those that ship with Tidemark */
  textsVersion: number;
  reasons: readonly ReasonCode[];
  subject: Text;
  /** what fits into an SMS or push: the subject, who says it, and the number to the whole notice */
  short: Text;
  body: Text;
  /** compliance pack that the clock was counted by */
  pack: Readonly<{ id: string; version: number }>;
  issuedAt: Instant;
  issuedOn: BusinessDate;
  deliveredAt: Instant | null;
  /** first business date on which the change may take effect */
  effectiveOn: BusinessDate;
  /** every attempt, oldest first */
  deliveries: readonly NoticeDelivery[];
  ver: number;
}>;

/** Why an attempt ended that was taken back before it left; it counts as no failure of its channel. */
export const heldBackBecause = "held-back";

/** True for the attempt that was made last: what becomes of an earlier one decides nothing any more. */
export function isLatest(deliveries: readonly NoticeDelivery[], id: Id): boolean {
  return deliveries.at(-1)!.id === id;
}

/** The attempts with one of them changed. */
export function patched(
  deliveries: readonly NoticeDelivery[],
  id: Id,
  patch: (one: NoticeDelivery) => Partial<NoticeDelivery>,
): readonly NoticeDelivery[] {
  return deliveries.map((one) => (one.id === id ? { ...one, ...patch(one) } : one));
}
