// What is known of the environment on a date: read once for all lines that are looked at together, and only where something
// reads a fact that is made of it.

import type { BusinessDate, Instant } from "../domain/calendar.ts";
import {
  environmentFacts,
  environmentSince,
  environmentTypes,
  type EnvironmentFact,
  type Place,
} from "../domain/environment-fact.ts";
import type { FactValues } from "../domain/facts.ts";
import { placeOf } from "../domain/line-profile.ts";
import type { EnvironmentSignal } from "./environment-ports.ts";
import type { World } from "./ports.ts";

/** The facts about any place. */
export type FactsAround = (place: Place) => FactValues;

type Moment = Readonly<{ asOf: BusinessDate; knownAt: Instant }>;

/** The facts about any place among those of the names; null where there are none, and then nothing is read. */
export async function factsAround(
  { declared: { environment }, store }: Pick<World, "declared" | "store">,
  names: ReadonlySet<string>,
  moment: Moment,
): Promise<FactsAround | null> {
  const facts = [...environment.values()].filter(({ name }) => names.has(name));
  if (facts.length === 0) return null;
  return environmentFacts(facts, await environmentTold(store, facts, moment), moment.asOf);
}

/** The signals that these facts are made of. */
export async function environmentTold(
  { environment }: Pick<World["store"], "environment">,
  facts: readonly EnvironmentFact[],
  { asOf, knownAt }: Moment,
): Promise<readonly EnvironmentSignal[]> {
  if (facts.length === 0) return [];
  const after = environmentSince(facts, asOf);
  return environment.told(environmentTypes(facts), { after, asOf, knownAt });
}

/** Where a line of a jurisdiction lives, as its facts say. */
export function placeIn(country: string, facts: FactValues): Place {
  return { country, ...placeOf(facts) };
}
