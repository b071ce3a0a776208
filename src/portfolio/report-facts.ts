// Which facts a report reads, and what for: a small table, so that another lender's dictionary needs another row and no
// other code. Facts that nobody has are said to be absent.

/**
 * dimension: lines are grouped by it · score: spread, drift and falls · days-past-due: delinquency buckets and roll
 * rates · utilisation: rises in use.
 */
export type FactRole = "dimension" | "score" | "days-past-due" | "utilisation";

export const reportFacts: readonly Readonly<{ fact: string; role: FactRole }>[] = [
  { fact: "region", role: "dimension" },
  { fact: "industry", role: "dimension" },
  { fact: "loanPurpose", role: "dimension" },
  { fact: "customerTier", role: "dimension" },
  { fact: "campaign", role: "dimension" },
  { fact: "behaviourScore", role: "score" },
  { fact: "daysPastDue", role: "days-past-due" },
  { fact: "utilisation", role: "utilisation" },
];

/** Names of the facts with a role, in order. */
export function factsFor(role: FactRole): readonly string[] {
  return reportFacts.filter((one) => one.role === role).map(({ fact }) => fact);
}
