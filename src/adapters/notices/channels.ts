// Ways a notice reaches the customer. Whatever a channel does, one notice id is one notice: delivering it again
// answers as the first time. Faults carry ids only, never a text or a name.

import type { Id } from "../../domain/id.ts";
import type { Notice } from "../../domain/notice.ts";
import type { Channels } from "../../flow/ports.ts";
import { Fault } from "../fault.ts";

/** What became of a notice. */
export type Delivery = Awaited<ReturnType<Channels["deliver"]>>;

/** Sends notices outside the app. Idempotent by the notice's id; throws Faults, after which it may be asked again. */
export type OutboundProvider = Readonly<{
  send: (notice: Notice, customerId: Id) => Promise<Delivery>;
}>;

/** The channel whose delivery is the stored notice itself: the borrower's message box reads it. */
const inAppChannel = "in-app";

/**
 * Delivers by the channel that the notice names. In-app is always delivered, because the notice is already
 * stored when it is sent. Throws a Fault that is not retryable for a channel nobody provides.
 */
export function createChannels(
  providers: ReadonlyMap<string, OutboundProvider> = new Map(),
): Channels {
  return {
    deliver: async (notice, customerId) => {
      if (notice.channel === inAppChannel) return { delivered: true };
      const provider = providers.get(notice.channel);
      if (provider === undefined) {
        const known = [inAppChannel, ...providers.keys()].join(", ");
        throw new Fault(
          `Cannot deliver notice ${notice.id}: found channel ${notice.channel}, expected one of ${known}`,
          { retryable: false },
        );
      }
      return provider.send(notice, customerId);
    },
  };
}
