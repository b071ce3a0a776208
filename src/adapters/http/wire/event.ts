// Events as they are told: staff see who did what on which grounds; a borrower sees what happened to the
// line, not the lender's workings.

import { z } from "zod";
import type { Currency } from "../../../domain/money.ts";
import type { Event } from "../../../flow/state.ts";
import { withWireMoney } from "./money.ts";
import { idWire, instantWire } from "./text.ts";
import { bilingual } from "../bilingual.ts";
import { toldJson, type Withheld } from "../withheld.ts";

export const eventWire = z
  .object({
    seq: z
      .int()
      .describe(
        bilingual(
          "Place in the order of the customer's bucket; gaps belong to other lines",
          "在客户所属分桶中的序号；空缺属于其他授信",
        ),
      ),
    kind: z.string(),
    at: instantWire,
    subject: idWire,
    actor: z.string().optional().describe(bilingual("Not shown to borrowers", "不向借款人展示")),
    cause: idWire.optional().describe(bilingual("Not shown to borrowers", "不向借款人展示")),
    body: z
      .record(z.string(), z.unknown())
      .optional()
      .describe(bilingual("Not shown to borrowers", "不向借款人展示")),
  })
  .meta({ id: "Event" });

/** An event as staff see it, without the values of the facts that are `withheld` from the reader. */
export function wireEvent(
  event: Event,
  currency: Currency,
  withheld: Withheld,
): z.output<typeof eventWire> {
  return {
    seq: event.seq,
    kind: event.kind,
    at: event.at,
    subject: event.subject,
    actor: event.actor,
    cause: event.cause,
    body: withWireMoney(toldJson(event.body, withheld), currency) as Readonly<
      Record<string, unknown>
    >,
  };
}

/** Kinds that a borrower is told of: what was said to him and what changed. */
const toldToBorrowers: ReadonlySet<string> = new Set([
  "LineRegistered",
  "NoticeIssued",
  "NoticeDelivered",
  "ReminderDelivered",
  "AppealLodged",
  "OfferMade",
  "OfferAccepted",
  "OfferCountered",
  "OfferDeclined",
  "OfferExpired",
  "LimitDecreased",
  "LineFrozen",
  "LineClosed",
  "LineSettled",
  "LineRestored",
  "LineKept",
  "ExecutionConfirmed",
]);

/** The borrower's view of an event, null for what he is not told of. */
export function wireEventForBorrower(event: Event): z.output<typeof eventWire> | null {
  const { seq, kind, at, subject } = event;
  return toldToBorrowers.has(kind) ? { seq, kind, at, subject } : null;
}
