// What is known of one line on a date, as far as it was known at an instant: the newest facts that were told, and those
// that are made of signals. A trigger, a page and a question about the past all read it here; a sweep makes the same of
// many lines at once.

import { addDays, type BusinessDate, type Instant } from "../domain/calendar.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import { type DayPane, deriveFacts, explainFacts } from "../domain/derive-facts.ts";
import type { ExplainedFacts } from "../domain/explained-facts.ts";
import {
  environmentFacts,
  environmentSince,
  environmentTypes,
  explainEnvironment,
  type EnvironmentFact,
  type Place,
} from "../domain/environment-fact.ts";
import type { FactValues } from "../domain/facts.ts";
import { placeOf } from "../domain/line-profile.ts";
import type { EnvironmentSignal, World } from "./ports.ts";
import type { Event, FactsRow } from "./state.ts";

/** `panes`: all that declared facts may look at, by day. `around`: what was told of the environment. */
export type KnownFacts = Readonly<{
  row: FactsRow | null;
  panes: readonly DayPane[];
  around: readonly EnvironmentSignal[];
}>;

/** What is known of a line. */
export async function knownFacts(
  { store, declared }: Pick<World, "store" | "declared">,
  { id }: Pick<CreditLine, "id">,
  asOf: BusinessDate,
  knownAt: Instant,
): Promise<KnownFacts> {
  const row = await store.reads.facts(id, asOf, knownAt);
  const panes = await store.reads.panes(id, addDays(asOf, -declared.reachDays), asOf, knownAt);
  const around = await environmentTold(store, [...declared.environment.values()], asOf, knownAt);
  return { row, panes, around };
}

/** What these facts are made of; nothing is read where there are none. */
export async function environmentTold(
  { environment }: Pick<World["store"], "environment">,
  facts: readonly EnvironmentFact[],
  asOf: BusinessDate,
  knownAt: Instant,
): Promise<readonly EnvironmentSignal[]> {
  if (facts.length === 0) return [];
  const after = environmentSince(facts, asOf);
  return environment.told(environmentTypes(facts), { after, asOf, knownAt });
}

/** Where a line of a jurisdiction lives, as its facts say. */
export function placeIn(country: string, facts: FactValues): Place {
  return { country, ...placeOf(facts) };
}

/** The facts that a strategy may read of a line that has any. */
export function factValues(
  { declared }: Pick<World, "declared">,
  { row, panes, around }: KnownFacts,
  line: Pick<CreditLine, "limitMinor" | "jurisdiction">,
  asOf: BusinessDate,
): FactValues {
  const { limitMinor } = line;
  const facts = row?.facts ?? {};
  const environment = environmentFacts([...declared.environment.values()], around, asOf);
  return {
    ...facts,
    ...deriveFacts(declared, panes, { asOf, limitMinor }),
    ...environment(placeIn(line.jurisdiction, facts)),
  };
}

/**
 * What is known of a line with what each declared fact rests on.
 * @param knownAt null: everything that is known now
 */
export async function factsToTell(
  world: Pick<World, "store" | "declared" | "clock">,
  line: CreditLine,
  asOf: BusinessDate,
  knownAt: Instant | null,
): Promise<KnownFacts & ExplainedFacts> {
  const known = await knownFacts(world, line, asOf, knownAt ?? (await world.clock.now()));
  const limitMinor =
    knownAt === null
      ? line.limitMinor
      : limitKnownAt(line, await world.store.reads.timeline(line.id), knownAt);
  const { declared } = world;
  const place = placeIn(line.jurisdiction, known.row?.facts ?? {});
  return {
    ...known,
    derived: explainFacts(declared, known.panes, { asOf, limitMinor }),
    environment: explainEnvironment([...declared.environment.values()], known.around, asOf)(place),
  };
}

const limitEvents: ReadonlySet<string> = new Set([
  ...["LineUpdated", "LimitDecreased", "LineRestored", "ExecutionDisputed"],
]);

/** The limit as it was known at an instant: what the first change after it began from. Minor units. */
export function limitKnownAt(
  { limitMinor }: Pick<CreditLine, "limitMinor">,
  events: readonly Event[],
  knownAt: Instant,
): number {
  const next = events.find(
    ({ at, kind, body }) =>
      at > knownAt && limitEvents.has(kind) && Number.isSafeInteger(body["fromMinor"]),
  );
  return next === undefined ? limitMinor : (next.body["fromMinor"] as number);
}
