// Ways a notice reaches the customer. An attempt goes to the provider of its channel under its own id, which stays the
// same for every retry; where there is no provider or no address, the answer is that it came back, so that the next
// channel of the pack is tried. Faults carry ids only, never a text, a name or an address.

import { createHash } from "node:crypto";
import type { IdentityField } from "../../domain/customer.ts";
import type { Id } from "../../domain/id.ts";
import type { Notice, NoticeChannel, NoticeDelivery } from "../../domain/notice.ts";
import type { Language } from "../../domain/text.ts";
import type { Channels, HandOver } from "../../flow/notice-ports.ts";

/** Whom a notice goes to. `identity` holds what the lender knows, in the clear; null: it was erased. */
export type Recipient = Readonly<{
  /** the lender's own reference of the customer */
  reference: string;
  language: Language;
  identity: Readonly<Partial<Record<IdentityField, string>>> | null;
}>;

/** Finds a recipient; null where the customer does not exist. */
export type Recipients = Readonly<{ find: (customerId: Id) => Promise<Recipient | null> }>;

/** What is handed over: the words of a notice, or of a reminder, and whose they are. */
export type Writing = Pick<Notice, "id" | "customerId" | "subject" | "short" | "body" | "issuedAt">;

/** One message as a provider gets it. */
export type Message = Readonly<{
  notice: Writing;
  delivery: NoticeDelivery;
  language: Language;
  /** number, mail address or reference, as the channel needs it */
  to: string;
  name: string | null;
}>;

/** Sends one message. The same delivery id is the same message; throws Faults, after which it may be asked again. */
export type Provider = (message: Message) => Promise<HandOver>;

/** What a channel writes to. A push is addressed by the lender's own reference: its provider knows the devices. */
const addressOf: Readonly<
  Record<Exclude<NoticeChannel, "in-app">, (recipient: Recipient) => string | undefined>
> = {
  email: ({ identity }) => identity?.email,
  sms: ({ identity }) => identity?.phone,
  push: ({ reference }) => reference,
  letter: ({ identity }) => identity?.address,
};

/**
 * Delivers by the channel that the attempt names. In-app is always delivered: the notice is stored when it is sent, and
 * the customer's message box reads it.
 * @param inApp false where the lender has no app
 */
export function createChannels(
  recipients: Recipients,
  providers: Readonly<Partial<Record<NoticeChannel, Provider>>>,
  inApp = true,
): Channels {
  const hand = async (notice: Writing, delivery: NoticeDelivery): Promise<HandOver> => {
    const { channel } = delivery;
    if (channel === "in-app") {
      return inApp
        ? { result: "delivered", contentHash: sha256(`${notice.body.zh}\n${notice.body.en}`) }
        : cameBack("no-provider");
    }
    const provider = providers[channel];
    if (provider === undefined) return cameBack("no-provider");
    const recipient = await recipients.find(notice.customerId);
    const to = recipient === null ? undefined : addressOf[channel](recipient);
    if (recipient === null || to === undefined || to.trim() === "") return cameBack("no-address");
    const name = recipient.identity?.name ?? null;
    return provider({ notice, delivery, language: recipient.language, to, name });
  };
  return {
    deliver: hand,
    remind: ({ id, customerId, words, plannedAt: issuedAt }, delivery) =>
      hand({ id, customerId, ...words!, issuedAt }, delivery),
  };
}

/** Trying again would come back again. */
export function cameBack(because: string): HandOver {
  return { result: "bounced", because, permanent: true };
}

/** Of exactly what was handed over, hex. */
export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
