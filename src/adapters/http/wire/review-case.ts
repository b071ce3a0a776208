// A review case on the wire: who must agree to which decision until when, and who did.

import { z } from "zod";
import type { Currency } from "../../../domain/money.ts";
import { approvalsNeeded, reviewQueues, type ReviewCase } from "../../../domain/review-case.ts";
import { outcomeWire, wireOutcome } from "./outcome.ts";
import { dateWire, idWire, instantWire } from "./text.ts";

export const reviewCaseWire = z
  .object({
    id: idWire,
    decisionId: idWire,
    lineId: idWire,
    customerId: idWire,
    route: z.enum(["review", "four-eyes", "legal"]),
    queue: z.enum(reviewQueues),
    state: z.enum(["open", "resolved"]),
    openedAt: instantWire,
    dueAt: instantWire,
    approvalsNeeded: z.int(),
    approvals: z.array(z.object({ by: z.string(), legal: z.boolean() })),
    override: z
      .object({
        outcome: outcomeWire,
        maker: z.string(),
        reason: z.string(),
        expiresOn: dateWire,
      })
      .nullable(),
    referredBy: z.string().nullable(),
    resolution: z.enum(["approved", "rejected", "withdrawn"]).nullable(),
    resolvedBy: z.string().nullable(),
    resolvedAt: instantWire.nullable(),
    note: z.string().nullable(),
    ver: z.int(),
  })
  .meta({ id: "ReviewCase" });

/** `currency` is that of the line; it is needed for an override only. */
export function wireReviewCase(
  review: ReviewCase,
  currency: Currency,
): z.output<typeof reviewCaseWire> {
  const { bucket: _, override, approvals, ...rest } = review;
  return {
    ...rest,
    approvalsNeeded: approvalsNeeded(review),
    approvals: approvals.map((one) => ({ ...one })),
    override:
      override === null ? null : { ...override, outcome: wireOutcome(override.outcome, currency) },
  };
}
