// What is known of one line on a date, as far as it was known at an instant: the newest facts that were told, and those
// that are made of signals. A trigger, a page and a question about the past all read it here; a sweep makes the same of
// many lines at once.

import { addDays, type BusinessDate, type Instant } from "../domain/calendar.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import { type DayPane, deriveFacts, explainFacts } from "../domain/derive-facts.ts";
import type { ExplainedFacts } from "../domain/explained-facts.ts";
import { explainEnvironment } from "../domain/environment-fact.ts";
import type { FactValues } from "../domain/facts.ts";
import { environmentTold, type FactsAround, placeIn } from "./known-environment.ts";
import type { World } from "./ports.ts";
import type { Event, FactsRow } from "./state.ts";

/** `panes`: all that declared facts may look at, by day. */
export type KnownFacts = Readonly<{ row: FactsRow | null; panes: readonly DayPane[] }>;

/** What is known of a line. */
export async function knownFacts(
  { store: { reads }, declared }: Pick<World, "store" | "declared">,
  { id }: Pick<CreditLine, "id">,
  asOf: BusinessDate,
  knownAt: Instant,
): Promise<KnownFacts> {
  const row = await reads.facts(id, asOf, knownAt);
  const panes = await reads.panes(id, addDays(asOf, -declared.reachDays), asOf, knownAt);
  return { row, panes };
}

/**
 * The facts that a strategy may read of a line that has any.
 * @param around null: the strategies at hand read nothing of the environment
 */
export function factValues(
  { declared }: Pick<World, "declared">,
  { row, panes }: KnownFacts,
  { limitMinor, jurisdiction }: Pick<CreditLine, "limitMinor" | "jurisdiction">,
  asOf: BusinessDate,
  around: FactsAround | null,
): FactValues {
  const facts = row?.facts ?? {};
  return {
    ...facts,
    ...deriveFacts(declared, panes, { asOf, limitMinor }),
    ...around?.(placeIn(jurisdiction, facts)),
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
  const moment = { asOf, knownAt: knownAt ?? (await world.clock.now()) };
  const known = await knownFacts(world, line, asOf, moment.knownAt);
  const around = [...world.declared.environment.values()];
  const told = await environmentTold(world.store, around, moment);
  const limitMinor =
    knownAt === null
      ? line.limitMinor
      : limitKnownAt(line, await world.store.reads.timeline(line.id), knownAt);
  const { declared } = world;
  const place = placeIn(line.jurisdiction, known.row?.facts ?? {});
  return {
    ...known,
    derived: explainFacts(declared, known.panes, { asOf, limitMinor }),
    environment: explainEnvironment(around, told, asOf)(place),
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
