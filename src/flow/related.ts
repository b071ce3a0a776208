// A customer that falls behind is news for those who are tied to him. Nothing reads another bucket for that: the line that
// reached a worse delinquency bucket writes a message, and the message tells each linked customer one signal, through the
// door that all signals come in by, under an id that follows from its cause. A signal of this kind says nothing of the
// days past due of the line that hears it, so it leads to no further message: one hop, and no loop.

import { serviceActor } from "../domain/actor.ts";
import type { CustomerLink, CustomerLinkKind } from "../domain/customer.ts";
import type { Id } from "../domain/id.ts";
import { isRefusal } from "../domain/refusal.ts";
import { codePattern, eventTypePrefix } from "../domain/signal-catalogue.ts";
import type { FellBehind, RelatedTold } from "./fell-behind.ts";
import type { World } from "./ports.ts";
import type { OutboxEntry } from "./state.ts";
import { isAboutTheSender, judgeSignals, usualClockSkewMs } from "./take-signals.ts";

/** Source of derived signals; nobody outside sends under it. */
export const relatedSource = "tidemark/related";

const actor = serviceActor("related");

/** What the other customer is told to be tied by. */
const tieOf: Readonly<Record<CustomerLinkKind, string>> = {
  guarantor: "guarantor",
  guarantees: "guarantor",
  spouse: "linked-person",
  "same-company": "linked-person",
  "same-device": "same-device",
  "same-account": "same-account",
};

/**
 * Tells the linked customers, each once and by its first tie, as many as the facts document allows, in the order of their
 * ids. Telling them again changes nothing. Throws a retryable fault while signals are stopped.
 */
export async function tellRelated(world: World, entry: OutboxEntry): Promise<RelatedTold> {
  const { customerId, customerReference, asOf, daysPastDue } = entry.body as unknown as FellBehind;
  const { linkedAtMost: atMost } = world.declared;
  const linked = firstTies(await world.store.reads.links(customerId));
  const chosen = linked.slice(0, atMost);
  const customer = codePattern.test(customerReference) ? customerReference : customerId;
  const incoming = chosen.map(({ kind, linkedId }) => ({
    event: {
      ...{ specversion: "1.0", source: relatedSource, id: `${entry.id}:${linkedId}` },
      ...{ type: `${eventTypePrefix}related-overdue`, subject: linkedId, asof: asOf },
      data: { tie: tieOf[kind], customer, daysPastDue },
    },
  }));
  const verdicts = await judgeSignals(world, actor, incoming, { clockSkewMs: usualClockSkewMs });
  const refusals = verdicts.filter(isRefusal);
  const stopped = refusals.find(isAboutTheSender);
  if (stopped !== undefined) {
    throw Object.assign(new Error(stopped.detail.en), { retryable: true });
  }
  return {
    ...{ asOf, daysPastDue, atMost, beyond: linked.length - chosen.length },
    ...{ told: chosen.length - refusals.length, withoutLine: refusals.length },
  };
}

function firstTies(links: readonly CustomerLink[]): readonly CustomerLink[] {
  const byCustomer = new Map<Id, CustomerLink>();
  for (const link of links) {
    if (link.linkedId !== link.customerId && !byCustomer.has(link.linkedId)) {
      byCustomer.set(link.linkedId, link);
    }
  }
  return [...byCustomer.values()].toSorted((one, other) =>
    one.linkedId < other.linkedId ? -1 : 1,
  );
}
