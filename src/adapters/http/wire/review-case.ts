// A review case on the wire: who must agree to which decision until when, who works on it, and who did.

import { z } from "zod";
import { consentChannels } from "../../../domain/offer.ts";
import {
  appealGrounds,
  approvalsNeeded,
  resolutions,
  reviewPriorities,
  reviewQueues,
  type ReviewCase,
} from "../../../domain/review-case.ts";
import { bilingual } from "../bilingual.ts";
import { moneyWire, wireMoney } from "./money.ts";
import { outcomeWire, wireOutcome } from "./outcome.ts";
import { dateWire, idWire, instantWire } from "./text.ts";

const opinionWire = z.object({
  askedOf: z.string(),
  askedBy: z.string(),
  askedAt: instantWire,
  question: z.string(),
  given: z
    .object({ agrees: z.boolean(), reason: z.string(), at: instantWire })
    .nullable()
    .describe(bilingual("null until it is answered", "未答复时为 null")),
});

export const reviewCaseWire = z
  .object({
    id: idWire,
    decisionId: idWire,
    lineId: idWire,
    customerId: idWire,
    route: z.enum(["review", "four-eyes", "legal"]),
    queue: z.enum(reviewQueues),
    skills: z.array(z.string()).describe(bilingual("Needed to decide it", "办理所需技能")),
    priority: z.enum(reviewPriorities),
    impact: moneyWire.describe(
      bilingual(
        "Exposure that the decision takes away: the authority that deciding takes",
        "该决定压降的敞口，即所需审批权限",
      ),
    ),
    state: z.enum(["open", "resolved"]),
    openedAt: instantWire,
    dueAt: instantWire.describe(bilingual("End of the service level", "办理时限")),
    escalatedAt: instantWire
      .nullable()
      .describe(bilingual("First passed up because it was overdue", "首次因逾期升级的时间")),
    assignedTo: z.string().nullable().describe(bilingual("Who works on it", "办理人")),
    snooze: z.object({ until: dateWire, by: z.string(), reason: z.string() }).nullable(),
    opinions: z.array(opinionWire),
    files: z.int(),
    approvalsNeeded: z.int(),
    approvals: z.array(z.object({ by: z.string(), legal: z.boolean(), at: instantWire })),
    override: z
      .object({
        outcome: outcomeWire,
        maker: z.string(),
        reason: z.string(),
        expiresOn: dateWire,
        at: instantWire,
      })
      .nullable(),
    referredBy: z.string().nullable(),
    appeal: z
      .object({
        ground: z.enum(appealGrounds),
        by: z.string(),
        channel: z.enum(consentChannels),
        how: z.string().nullable(),
        decidedBy: z
          .array(z.string())
          .describe(bilingual("Who approved or changed the decision", "批准或改判该决定的账户")),
      })
      .nullable()
      .describe(
        bilingual(
          "What the customer said against the decision; null where it waits for its approval",
          "客户对决定的申诉；待批准的决定为 null",
        ),
      ),
    touchedBy: z
      .array(z.string())
      .describe(
        bilingual(
          "Changed it or passed it on, or had a part in the decision appealed against: they do not resolve it",
          "曾改判、转交，或参与过被申诉的决定，不得办结",
        ),
      ),
    resolution: z.enum(resolutions).nullable(),
    resolvedBy: z.string().nullable(),
    resolvedAt: instantWire.nullable(),
    note: z.string().nullable(),
    ver: z.int(),
  })
  .meta({ id: "ReviewCase" });

export function wireReviewCase(review: ReviewCase): z.output<typeof reviewCaseWire> {
  const {
    touchedBy,
    bucket: _,
    currency,
    impactMinor,
    override,
    approvals,
    skills,
    opinions,
    appeal,
    ...rest
  } = review;
  return {
    ...rest,
    impact: wireMoney(impactMinor, currency),
    skills: [...skills],
    appeal: appeal === null ? null : { ...appeal, decidedBy: [...appeal.decidedBy] },
    touchedBy: [...touchedBy],
    opinions: opinions.map((one) => ({ ...one })),
    approvalsNeeded: approvalsNeeded(review),
    approvals: approvals.map((one) => ({ ...one })),
    override:
      override === null ? null : { ...override, outcome: wireOutcome(override.outcome, currency) },
  };
}
