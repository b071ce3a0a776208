// What a line is filtered and grouped by, as of its newest facts.

import { z } from "zod";
import { delinquencyBuckets, type LineProfile } from "../../../domain/line-profile.ts";
import { bilingual } from "../bilingual.ts";
import { dateWire } from "./text.ts";

const word = z.string().nullable();

export const profileWire = z
  .object({
    region: word,
    industry: word,
    purpose: word,
    campaign: word,
    tier: word,
    score: z.int().nullable().describe(bilingual("Behaviour score, points", "行为评分（分）")),
    daysPastDue: z.int().nullable(),
    delinquency: z
      .enum(delinquencyBuckets)
      .nullable()
      .describe(bilingual("Bucket of the days past due", "逾期桶")),
    utilisation: z
      .int()
      .nullable()
      .describe(bilingual("Basis points: 10,000 is the whole limit", "基点：10,000 为全部额度")),
    factsAsOf: dateWire,
  })
  .meta({ id: "LineProfile" });

export function wireProfile(profile: LineProfile): z.output<typeof profileWire> {
  const { loanPurpose, utilisationBp, ...rest } = profile;
  return { ...rest, purpose: loanPurpose, utilisation: utilisationBp };
}
