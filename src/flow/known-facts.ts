// What is known of one line on a date, as far as it was known at an instant: the newest facts that were told, and those
// that are made of signals. A trigger, a page and a question about the past all read it here; a sweep makes the same of
// many lines at once.

import { addDays, type BusinessDate, type Instant } from "../domain/calendar.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import {
  type DayPane,
  type DerivedFact,
  deriveFacts,
  explainFacts,
} from "../domain/derive-facts.ts";
import type { FactValues } from "../domain/facts.ts";
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

/** The facts that a strategy may read of a line that has any. */
export function factValues(
  { declared }: Pick<World, "declared">,
  { row, panes }: KnownFacts,
  { limitMinor }: Pick<CreditLine, "limitMinor">,
  asOf: BusinessDate,
): FactValues {
  return { ...row?.facts, ...deriveFacts(declared, panes, { asOf, limitMinor }) };
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
): Promise<KnownFacts & Readonly<{ derived: readonly DerivedFact[] }>> {
  const known = await knownFacts(world, line, asOf, knownAt ?? (await world.clock.now()));
  const limitMinor =
    knownAt === null
      ? line.limitMinor
      : limitKnownAt(line, await world.store.reads.timeline(line.id), knownAt);
  return { ...known, derived: explainFacts(world.declared, known.panes, { asOf, limitMinor }) };
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
