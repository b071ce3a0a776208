// What a line is filtered and grouped by, as of its newest facts.

import { z } from "zod";
import { delinquencyBuckets, type LineProfile } from "../../../domain/line-profile.ts";
import { bilingual } from "../bilingual.ts";
import { withheldFields, type Withheld } from "../withheld.ts";
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
    withheld: z
      .array(z.string())
      .describe(bilingual("Fields that this reader is not told", "不向该读者展示的字段")),
  })
  .meta({ id: "LineProfile" });

/** Field of the profile → its name on the wire, where that differs. */
const wireNames: Readonly<Partial<Record<keyof LineProfile, string>>> = {
  loanPurpose: "purpose",
  utilisationBp: "utilisation",
};

/** A profile in which the fields that are fed by facts `withheld` from the reader are null, and named. */
export function wireProfile(
  profile: LineProfile,
  withheld: Withheld,
): z.output<typeof profileWire> {
  const fields = withheldFields(withheld);
  const told = Object.entries(profile).map(([field, value]) => [
    wireNames[field as keyof LineProfile] ?? field,
    fields.has(field as keyof LineProfile) ? null : value,
  ]);
  return {
    ...(Object.fromEntries(told) as Omit<z.output<typeof profileWire>, "withheld">),
    withheld: Array.from(fields, (field) => wireNames[field] ?? field),
  };
}
