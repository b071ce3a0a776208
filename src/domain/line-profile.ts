// The profile of a line: the few of its newest facts that lists filter by and totals group by. Which fact feeds
// which field stands in one table here, so that stores, reports and pages cannot mean different things by a region.

import type { BusinessDate } from "./calendar.ts";
import type { FactValue, FactValues } from "./facts.ts";

export const delinquencyBuckets = ["M0", "M1", "M2", "M3", "M4", "M5", "M6", "M6+"] as const;

/** M0: not past due · M1: 1 to 30 days · … · M6: 151 to 180 · M6+: more. */
export type DelinquencyBucket = (typeof delinquencyBuckets)[number];

/** Null: the newest facts say nothing of it. `score` in points, `utilisationBp` in basis points of the limit. */
export type LineProfile = Readonly<{
  region: string | null;
  industry: string | null;
  loanPurpose: string | null;
  campaign: string | null;
  tier: string | null;
  score: number | null;
  daysPastDue: number | null;
  delinquency: DelinquencyBucket | null;
  utilisationBp: number | null;
  factsAsOf: BusinessDate;
}>;

/** Field → the fact that feeds it. `utilisation` is kept with four decimals, so its integer is basis points. */
export const profileFacts = {
  region: "region",
  industry: "industry",
  loanPurpose: "loanPurpose",
  campaign: "campaign",
  tier: "customerTier",
  score: "behaviourScore",
  daysPastDue: "daysPastDue",
  utilisationBp: "utilisation",
} as const satisfies Partial<Record<keyof LineProfile, string>>;

/** The profile that facts give. Values of another type than the field's count as unknown. */
export function profileOf(facts: FactValues, factsAsOf: BusinessDate): LineProfile {
  const daysPastDue = wholeNumber(facts[profileFacts.daysPastDue]);
  return {
    region: word(facts[profileFacts.region]),
    industry: word(facts[profileFacts.industry]),
    loanPurpose: word(facts[profileFacts.loanPurpose]),
    campaign: word(facts[profileFacts.campaign]),
    tier: word(facts[profileFacts.tier]),
    score: wholeNumber(facts[profileFacts.score]),
    daysPastDue,
    delinquency: delinquencyOf(daysPastDue),
    utilisationBp: wholeNumber(facts[profileFacts.utilisationBp]),
    factsAsOf,
  };
}

/** Where a line lies, by these facts; null: they say nothing of it. */
export function placeOf(facts: FactValues): Readonly<Pick<LineProfile, "region" | "industry">> {
  return { region: word(facts[profileFacts.region]), industry: word(facts[profileFacts.industry]) };
}

/** The bucket of a number of days past due; null where that is unknown. */
export function delinquencyOf(daysPastDue: number | null): DelinquencyBucket | null {
  if (daysPastDue === null) return null;
  const step = Math.max(0, Math.ceil(daysPastDue / 30));
  return delinquencyBuckets[Math.min(step, delinquencyBuckets.length - 1)]!;
}

const longestWord = 200;

function word(value: FactValue | undefined): string | null {
  return typeof value === "string" && value.length <= longestWord ? value : null;
}

const largest = 2 ** 31 - 1;

function wholeNumber(value: FactValue | undefined): number | null {
  const fits = typeof value === "number" && Number.isInteger(value) && Math.abs(value) <= largest;
  return fits ? value : null;
}
