// What a provider tells later: a message arrived, or came back. A receipt is believed only when it is signed, and says
// the same thing however often and in whatever order it comes.

import { z } from "zod";
import { serviceActor } from "../../domain/actor.ts";
import { bucketOfId, isId } from "../../domain/id.ts";
import type { Ids } from "../../flow/ports.ts";
import type { Command } from "../../flow/step.ts";

const actor = serviceActor("receipts");

const anId = z.string().refine(isId);

/** One receipt. `permanent` (a number that does not exist) sends the notice to its next channel at once. */
export const receiptBody = z.strictObject({
  noticeId: anId,
  deliveryId: anId,
  state: z.enum(["sent", "delivered", "bounced"]),
  because: z.string().min(1).max(200).optional(),
  permanent: z.boolean().optional(),
  reference: z.string().min(1).max(200).optional(),
});

export type Receipt = z.output<typeof receiptBody>;

/** The command that records a receipt whose signature was found to be right; `noticeId` may be that of a reminder. */
export function receiptCommand(
  ids: Pick<Ids, "derive">,
  kind: "RecordDelivery" | "RecordReminder",
  { noticeId, deliveryId, state, because, permanent, reference }: Receipt,
): Command {
  return {
    id: ids.derive(bucketOfId(noticeId), "receipt", deliveryId, state),
    kind,
    subject: noticeId,
    actor,
    cause: deliveryId,
    body: {
      delivery: deliveryId,
      result: state,
      ...(state === "bounced"
        ? { because: because ?? "unknown", permanent: permanent ?? false }
        : { reference }),
    },
  };
}
