// What lies beside review cases on the wire: notes, files, what a bulk action did, and figures over reviewers.

import { z } from "zod";
import { attachmentTypes } from "../../../domain/attachment.ts";
import { refusals, type RefusalCode } from "../../../domain/refusal.ts";
import type { ReviewFigures, ReviewStatistics } from "../../../domain/review-statistics.ts";
import type { Attachments, BulkResult } from "../../../flow/review-ports.ts";
import { bilingual } from "../bilingual.ts";
import { moneyWire, wireMoney } from "./money.ts";
import { reviewCaseWire, wireReviewCase } from "./review-case.ts";
import { idWire, instantWire, textWire } from "./text.ts";

export const reviewNoteWire = z
  .object({ by: z.string(), at: instantWire, text: z.string() })
  .meta({ id: "ReviewNote" });

export const attachmentWire = z
  .object({
    id: idWire,
    name: z
      .string()
      .nullable()
      .describe(bilingual("null: the customer's key was destroyed", "客户密钥已销毁时为 null")),
    type: z.enum(attachmentTypes),
    sizeBytes: z.int(),
    sha256: z.string().describe(bilingual("Over the contents, hex", "内容的哈希值（十六进制）")),
    addedBy: z.string(),
    addedAt: instantWire,
  })
  .meta({ id: "ReviewAttachment" });

export function wireAttachment(
  file: Awaited<ReturnType<Attachments["list"]>>[number],
): z.output<typeof attachmentWire> {
  const { bucket: _bucket, reviewId: _reviewId, customerId: _customerId, ...rest } = file;
  return rest;
}

const codes = Object.keys(refusals) as [RefusalCode, ...RefusalCode[]];

export const bulkResultWire = z
  .object({
    dryRun: z.boolean(),
    done: z.int().describe(bilingual("Cases that go through", "可办理件数")),
    impact: z
      .array(moneyWire)
      .describe(bilingual("Their exposure, by currency", "按币种汇总的敞口")),
    examples: z
      .array(reviewCaseWire)
      .describe(
        bilingual("The largest of them as they were before", "其中金额最大的几件（办理前）"),
      ),
    refused: z
      .array(z.object({ code: z.enum(codes), title: textWire, count: z.int(), first: textWire }))
      .describe(bilingual("By reason, with the words of the first", "按原因汇总，附首例说明")),
    items: z.array(
      z.object({ id: idWire, refused: z.enum(codes).nullable(), detail: textWire.nullable() }),
    ),
  })
  .meta({ id: "BulkReview" });

export function wireBulk(result: BulkResult, dryRun: boolean): z.output<typeof bulkResultWire> {
  return {
    dryRun,
    done: result.done,
    impact: result.impact.map(({ amountMinor, currency }) => wireMoney(amountMinor, currency)),
    examples: result.examples.map(wireReviewCase),
    refused: result.refusals.map(({ code, count, first }) => ({
      ...{ code, count, title: { ...refusals[code] }, first: { ...first } },
    })),
    items: result.items.map(({ id, refusal }) => ({
      id,
      refused: refusal?.refused ?? null,
      detail: refusal === null ? null : { ...refusal.detail },
    })),
  };
}

const share = z
  .int()
  .nullable()
  .describe(bilingual("Basis points; null where nothing was counted", "基点；无样本时为 null"));

const figuresWire = z
  .object({
    verdicts: z.int(),
    approved: z.int(),
    rejected: z.int(),
    overrode: z.int(),
    agreed: z.int().describe(bilingual("Approved somebody else's override", "批准他人改判的次数")),
    agreementBp: share,
    overrideBp: share,
    medianSeconds: z.int().nullable(),
    p90Seconds: z.int().nullable(),
    opinions: z.int(),
    opinionsTrueBp: share,
    appeals: z
      .int()
      .describe(
        bilingual(
          "Answered appeals against what was decided, of a reviewer: against what he approved or changed",
          "针对决定且已答复的申诉；按复核人统计时为其批准或改判的决定",
        ),
      ),
    overturned: z.int(),
    overturnedBp: share,
    few: z.boolean().describe(bilingual("Too few to say much", "样本过少，仅供参考")),
  })
  .meta({ id: "ReviewFigures" });

export const reviewStatisticsWire = z
  .object({
    total: figuresWire,
    byReviewer: z.array(z.object({ reviewer: z.string(), figures: figuresWire })),
    byMonth: z.array(z.object({ month: z.string(), figures: figuresWire })),
  })
  .meta({ id: "ReviewStatistics" });

export function wireStatistics(
  statistics: ReviewStatistics,
): z.output<typeof reviewStatisticsWire> {
  return {
    total: wireFigures(statistics.total),
    byReviewer: statistics.byReviewer.map(({ reviewer, figures }) => ({
      reviewer,
      figures: wireFigures(figures),
    })),
    byMonth: statistics.byMonth.map(({ month, figures }) => ({
      month,
      figures: wireFigures(figures),
    })),
  };
}

function wireFigures({ medianMs, p90Ms, ...rest }: ReviewFigures): z.output<typeof figuresWire> {
  return { ...rest, medianSeconds: seconds(medianMs), p90Seconds: seconds(p90Ms) };
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms / 1_000);
}
