// An adverse action notice tells the customer what will change, why and from when. It quotes the reasons of
// its own decision and is one logical notice whatever the channel does with it.

import type { BusinessDate, Instant } from "./calendar.ts";
import type { Bucket, Id } from "./id.ts";
import type { ReasonCode } from "./reason-code.ts";
import type { Text } from "./text.ts";

export type NoticeState = "issued" | "delivered" | "bounced";

export type Notice = Readonly<{
  bucket: Bucket;
  id: Id;
  decisionId: Id;
  lineId: Id;
  customerId: Id;
  state: NoticeState;
  channel: string;
  template: string;
  reasons: readonly ReasonCode[];
  subject: Text;
  body: Text;
  /** compliance pack that the clock was counted by */
  pack: Readonly<{ id: string; version: number }>;
  issuedAt: Instant;
  issuedOn: BusinessDate;
  deliveredAt: Instant | null;
  /** first business date on which the change may take effect */
  effectiveOn: BusinessDate;
  attempts: number;
  ver: number;
}>;
