// A notice as the gate looks at it, on the business dates of the lender. Whoever asks the gate asks with the same notice.

import type { GateNotice } from "../compliance/notice-gate.ts";
import type { CompliancePack } from "../compliance/pack.ts";
import { carriesNotice } from "../compliance/strict-reading.ts";
import type { Notice } from "../domain/notice.ts";
import type { Context } from "./step.ts";

/** What the gate is told of a notice. Where a short form went first and was not enough, it was issued with the whole one. */
export function gateNotice(
  { state, channel, issuedOn: composedOn, deliveredAt, deliveries }: Notice,
  pack: CompliancePack,
  { dateOf }: Pick<Context, "dateOf">,
): GateNotice {
  const first = deliveries.findIndex((one) => carriesNotice(pack, one.channel));
  const issuedOn = first > 0 ? dateOf(deliveries[first]!.notBefore) : composedOn;
  const sentAt = deliveries.at(-1)?.sentAt ?? null;
  return {
    ...{ state, channel, issuedOn },
    sentOn: sentAt === null ? null : dateOf(sentAt),
    deliveredOn: deliveredAt === null ? null : dateOf(deliveredAt),
  };
}
