// A notice as the gate looks at it, on the business dates of the lender. Whoever asks the gate asks with the same notice.

import type { GateNotice } from "../compliance/notice-gate.ts";
import type { Notice } from "../domain/notice.ts";
import type { Context } from "./step.ts";

/** What the gate is told of a notice. */
export function gateNotice(
  { state, channel, issuedOn, deliveredAt, deliveries }: Notice,
  { dateOf }: Pick<Context, "dateOf">,
): GateNotice {
  const sentAt = deliveries.at(-1)?.sentAt ?? null;
  return {
    ...{ state, channel, issuedOn },
    sentOn: sentAt === null ? null : dateOf(sentAt),
    deliveredOn: deliveredAt === null ? null : dateOf(deliveredAt),
  };
}
