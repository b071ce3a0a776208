// An appeal as its customer sees it: why, since when, until when it is answered, and the answer. Who works on it, and
// whatever else stands in the review case, is for staff.

import { z } from "zod";
import type { Id } from "../../../domain/id.ts";
import { appealGrounds, type ReviewCase } from "../../../domain/review-case.ts";
import { appealVerdicts, type AppealVerdict } from "../../../portfolio/transparency-ports.ts";
import { bilingual } from "../bilingual.ts";
import { idWire, instantWire } from "./text.ts";

export const appealWire = z
  .object({
    id: idWire,
    decisionId: idWire,
    lineId: idWire,
    customerId: idWire,
    ground: z.enum(appealGrounds),
    lodgedAt: instantWire,
    dueAt: instantWire.describe(bilingual("When it is to be answered", "应答复时间")),
    verdict: z
      .enum(appealVerdicts)
      .nullable()
      .describe(
        bilingual(
          "null while it waits · withdrawn: the decision ended before the answer",
          "待答复时为 null；withdrawn 表示答复前决定已终止",
        ),
      ),
    answer: z.string().nullable(),
    answeredAt: instantWire.nullable(),
    noticeId: idWire
      .nullable()
      .describe(bilingual("The notice that tells the customer the answer", "告知客户答复的通知")),
  })
  .meta({ id: "Appeal" });

/**
 * @param review one with an appeal
 * @param noticeId of the notice that tells the answer
 */
export function wireAppeal(review: ReviewCase, noticeId: Id | null): z.output<typeof appealWire> {
  const { id, decisionId, lineId, customerId, appeal, openedAt, dueAt, resolution } = review;
  return {
    ...{ id, decisionId, lineId, customerId, dueAt, noticeId },
    ground: appeal!.ground,
    lodgedAt: openedAt,
    verdict: resolution as AppealVerdict | null,
    // Until somebody answers, and where nobody did, a note is what colleagues wrote to each other.
    answer: resolution === "upheld" || resolution === "overturned" ? review.note : null,
    answeredAt: review.resolvedAt,
  };
}
