// When a line has fallen behind so far that those linked to its customer are told, and what is said and kept of it. Only a
// worse delinquency bucket is such news, so that a customer who stays where he is is told of once.

import type { BusinessDate } from "../domain/calendar.ts";
import type { FactValues } from "../domain/facts.ts";
import type { Id } from "../domain/id.ts";
import { delinquencyBuckets, delinquencyOf, profileFacts } from "../domain/line-profile.ts";

/** What a message says of the line that fell behind. */
export type FellBehind = Readonly<{
  customerId: Id;
  customerReference: string;
  asOf: BusinessDate;
  daysPastDue: number;
}>;

/** Body of RelatedTold: customers told, linked ones that have no line here, and those beyond `atMost`, who were not told. */
export type RelatedTold = Pick<FellBehind, "asOf" | "daysPastDue"> &
  Readonly<{ told: number; withoutLine: number; beyond: number; atMost: number }>;

/** The days past due by which a line has reached a worse bucket than before; null where it has not. */
export function fellBehindBy(before: FactValues, after: FactValues): number | null {
  const is = daysPastDueIn(after);
  return is !== null && stepOf(is) > stepOf(daysPastDueIn(before)) ? is : null;
}

function daysPastDueIn(facts: FactValues): number | null {
  const days = facts[profileFacts.daysPastDue];
  return typeof days === "number" ? days : null;
}

/** Unknown counts as not past due. */
function stepOf(days: number | null): number {
  return delinquencyBuckets.indexOf(delinquencyOf(days ?? 0)!);
}
