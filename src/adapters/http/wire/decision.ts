// A decision on the wire. Staff see the assessment behind it; a borrower sees what was decided, the reasons
// in words and from when it holds, and only once he was given notice.

import { z } from "zod";
import { routes } from "../../../domain/assessment.ts";
import {
  causes,
  decisionStates,
  type Decision,
  principalReasons,
} from "../../../domain/decision.ts";
import { reasonCodes } from "../../../domain/reason-code.ts";
import type { Language } from "../../../domain/text.ts";
import { moneyWire, wireMoney } from "./money.ts";
import { outcomeWire, wireOutcome } from "./outcome.ts";
import { dateWire, idWire, instantWire } from "./text.ts";
import { bilingual } from "../bilingual.ts";
import { toldFacts, type Withheld } from "../withheld.ts";

const factWire = z.union([z.number(), z.string(), z.boolean(), z.null()]);

const assessmentWire = z
  .object({
    facts: z
      .record(z.string(), factWire)
      .describe(bilingual("Numbers and money as scaled integers", "数值与金额为按精度放大的整数")),
    withheld: z
      .array(z.string())
      .describe(bilingual("Facts that this reader is not told", "不向该读者展示的事实")),
    excludedBy: z.array(z.string()),
    segment: z.string().nullable(),
    scores: z.record(z.string(), z.number()),
    grade: z.string().nullable(),
    rowsHit: z.record(z.string(), z.array(z.string())),
    outcome: outcomeWire.describe(
      bilingual(
        "What the strategy said; an override may differ",
        "策略给出的结果，改判可能与之不同",
      ),
    ),
    askedLimit: moneyWire
      .nullable()
      .describe(
        bilingual("What the limit rule asked for before guards", "约束生效前额度规则给出的额度"),
      ),
    guardsBound: z.array(z.string()),
    pdBp: z
      .int()
      .nullable()
      .describe(bilingual("Probability of default, basis points", "违约概率，单位为基点")),
    expectedLossAvoided: moneyWire,
    route: z.enum(routes),
  })
  .meta({ id: "Assessment" });

export const reasonWire = z
  .object({
    code: z.string(),
    text: z.string().describe(bilingual("In the language of the request", "使用请求的语言")),
    facts: z
      .array(z.string())
      .optional()
      .describe(
        bilingual("Facts behind it; not shown to borrowers", "所依据的事实，不向借款人展示"),
      ),
  })
  .meta({ id: "Reason" });

const staffOnly = bilingual("Not shown to borrowers", "不向借款人展示");

export const decisionWire = z
  .object({
    id: idWire,
    lineId: idWire,
    customerId: idWire,
    state: z.enum(decisionStates),
    outcome: outcomeWire.describe(bilingual("The outcome in force", "当前生效的结果")),
    reasons: z.array(reasonWire),
    strategy: z.object({ id: z.string(), version: z.int(), hash: z.string() }),
    asOf: dateWire,
    madeAt: instantWire,
    noticeId: idWire.nullable(),
    agreedAt: instantWire
      .nullable()
      .describe(bilingual("When the customer agreed to the outcome", "客户同意该结果的时间")),
    effectiveOn: dateWire
      .nullable()
      .describe(bilingual("First business date on which it may take effect", "最早可生效的营业日")),
    overrideExpiresOn: dateWire.nullable(),
    ver: z.int(),
    knownAt: instantWire.optional().describe(staffOnly),
    cause: z.enum(causes).optional().describe(staffOnly),
    causeId: idWire.optional().describe(staffOnly),
    area: z.string().optional().describe(staffOnly),
    undoes: idWire
      .nullable()
      .optional()
      .describe(
        bilingual(
          "The decision that this one takes back; staff only",
          "本决定所收回的决定；仅对员工返回",
        ),
      ),
    upholds: idWire
      .nullable()
      .optional()
      .describe(
        bilingual(
          "The decision that stands after the appeal that this one answers; staff only",
          "本决定答复申诉后予以维持的决定；仅对员工返回",
        ),
      ),
    arm: z
      .object({ experiment: z.string(), arm: z.string() })
      .nullable()
      .optional()
      .describe(
        bilingual(
          "The arm of an experiment that chose the strategy; not shown to borrowers",
          "选定策略的实验组，不向借款人展示",
        ),
      ),
    maker: z.string().optional().describe(staffOnly),
    lineVer: z.int().optional().describe(staffOnly),
    reviewId: idWire.nullable().optional().describe(staffOnly),
    operationId: idWire.nullable().optional().describe(staffOnly),
    endedBecause: z.string().nullable().optional().describe(staffOnly),
    assessment: assessmentWire.optional().describe(staffOnly),
  })
  .meta({ id: "Decision" });

export type DecisionWire = z.output<typeof decisionWire>;

/** What a borrower is shown of a decision. */
export function wireDecisionForBorrower(decision: Decision, language: Language): DecisionWire {
  const { record } = decision;
  const { assessment } = record;
  return {
    id: decision.id,
    lineId: decision.lineId,
    customerId: decision.customerId,
    state: decision.state,
    outcome: wireOutcome(decision.outcome, assessment.currency),
    reasons: principalReasons(record).map(({ code }) => ({
      code,
      text: reasonCodes[code][language],
    })),
    strategy: { ...assessment.strategy },
    asOf: assessment.asOf,
    madeAt: decision.madeAt,
    noticeId: decision.noticeId,
    agreedAt: decision.agreedAt,
    effectiveOn: decision.effectiveOn,
    overrideExpiresOn: decision.overrideExpiresOn,
    ver: decision.ver,
  };
}

/** What staff are shown of a decision, without the values of the facts that are `withheld` from the reader. */
export function wireDecision(
  decision: Decision,
  language: Language,
  withheld: Withheld,
): DecisionWire {
  const { record } = decision;
  return {
    ...wireDecisionForBorrower(decision, language),
    reasons: principalReasons(record).map(({ code, facts }) => ({
      code,
      text: reasonCodes[code][language],
      facts: [...facts],
    })),
    knownAt: record.knownAt,
    cause: record.cause,
    causeId: decision.causeId,
    area: decision.area,
    undoes: record.undoes ?? null,
    upholds: record.upholds ?? null,
    arm: record.arm === undefined ? null : { ...record.arm },
    maker: decision.maker,
    lineVer: decision.lineVer,
    reviewId: decision.reviewId,
    operationId: decision.operationId,
    endedBecause: decision.endedBecause,
    assessment: wireAssessment(decision, withheld),
  };
}

function wireAssessment({ record }: Decision, withheld: Withheld): z.output<typeof assessmentWire> {
  const { assessment } = record;
  const { currency, askedLimitMinor } = assessment;
  return {
    ...toldFacts(assessment.facts, withheld),
    excludedBy: [...assessment.excludedBy],
    segment: assessment.segment,
    scores: { ...assessment.scores },
    grade: assessment.grade,
    rowsHit: Object.fromEntries(
      Object.entries(assessment.rowsHit).map(([table, rows]) => [table, [...rows]]),
    ),
    outcome: wireOutcome(assessment.outcome, currency),
    askedLimit: askedLimitMinor === null ? null : wireMoney(askedLimitMinor, currency),
    guardsBound: [...assessment.guardsBound],
    pdBp: assessment.pdBp,
    expectedLossAvoided: wireMoney(assessment.expectedLossAvoidedMinor, currency),
    route: assessment.route,
  };
}
