// What is known of one line on a date, as far as it was known at an instant: the newest facts that were told, and those
// that are made of signals. A trigger, a page and a question about the past all read it here; a sweep makes the same of
// many lines at once.

import { type BehaviourFinding, lookAtBehaviour } from "../domain/behaviour.ts";
import { addDays, type BusinessDate, type Instant } from "../domain/calendar.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import { measuresRead } from "../domain/declared-fact.ts";
import {
  type DayPane,
  type DerivedFact,
  deriveFacts,
  explainFacts,
} from "../domain/derive-facts.ts";
import { explainEnvironment } from "../domain/environment-fact.ts";
import type { ExplainedFacts } from "../domain/explained-facts.ts";
import { type ExposedLine, exposureFacts } from "../domain/exposure.ts";
import type { FactValues } from "../domain/facts.ts";
import type { PaneRow } from "../domain/pane.ts";
import type { Signal } from "../domain/signal.ts";
import { environmentTold, type FactsAround, placeIn } from "./known-environment.ts";
import type { World } from "./ports.ts";
import type { Event, FactsRow } from "./state.ts";

/**
 * `panes`: all that declared facts may look at, by day. `lines`: the customer's lines as they are now; empty where nobody
 * asked for them, and then facts over the customer's exposure are absent.
 */
export type KnownFacts = Readonly<{
  row: FactsRow | null;
  panes: readonly DayPane[];
  lines: readonly ExposedLine[];
}>;

type KnownLine = Pick<CreditLine, "id" | "customerId">;

/**
 * What is known of a line.
 * @param withExposure whether to look at the customer's other lines too
 */
export async function knownFacts(
  { store: { reads }, declared }: Pick<World, "store" | "declared">,
  { id, customerId }: KnownLine,
  asOf: BusinessDate,
  knownAt: Instant,
  withExposure = declared.exposure.size > 0,
): Promise<KnownFacts> {
  const [row, panes, lines] = await Promise.all([
    reads.facts(id, asOf, knownAt),
    reads.panes(id, addDays(asOf, -declared.reachDays), asOf, knownAt),
    withExposure ? reads.exposedLines(customerId) : [],
  ]);
  return { row, panes, lines };
}

/**
 * The facts that a strategy may read of a line that has any.
 * @param around null: the strategies at hand read nothing of the environment
 */
export function factValues(
  { declared }: Pick<World, "declared">,
  { row, panes, lines }: KnownFacts,
  { id, limitMinor, jurisdiction }: Pick<CreditLine, "id" | "limitMinor" | "jurisdiction">,
  asOf: BusinessDate,
  around: FactsAround | null,
): FactValues {
  const facts = row?.facts ?? {};
  return {
    ...facts,
    ...deriveFacts(declared, panes, { asOf, limitMinor }),
    ...around?.(placeIn(jurisdiction, facts)),
    ...exposureFacts(declared.exposure.values(), id, lines),
  };
}

/** `exposure`: values of the facts over the customer's open lines, which are kept as they are now and for no other day. */
export type FactsTold = KnownFacts & ExplainedFacts & Readonly<{ exposure: FactValues }>;

/**
 * What is known of a line with what each declared fact rests on.
 * @param knownAt null: everything that is known now
 */
export async function factsToTell(
  world: Pick<World, "store" | "declared" | "clock">,
  line: CreditLine,
  asOf: BusinessDate,
  knownAt: Instant | null,
): Promise<FactsTold> {
  const now = await world.clock.now();
  const isNow = knownAt === null && asOf === world.clock.dateOf(now);
  const moment = { asOf, knownAt: knownAt ?? now };
  const known = await knownFacts(world, line, asOf, moment.knownAt, isNow);
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
    exposure: exposureFacts(declared.exposure.values(), line.id, known.lines),
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

/** How a line is used against how it was used before; nothing where the facts document does not say by which measures. */
export async function behaviourOf(
  { store, declared, clock }: Pick<World, "store" | "declared" | "clock">,
  { id, limitMinor, currency }: Pick<CreditLine, "id" | "limitMinor" | "currency">,
  when: Readonly<{ asOf: BusinessDate | null; knownAt: Instant | null }>,
): Promise<Readonly<{ asOf: BusinessDate; findings: readonly BehaviourFinding[] }>> {
  const now = await clock.now();
  const asOf = when.asOf ?? clock.dateOf(now);
  if (declared.behaviour === null) return { asOf, findings: [] };
  const after = addDays(asOf, -declared.reachDays);
  const panes = await store.reads.panes(id, after, asOf, when.knownAt ?? now);
  const hourOf = (at: Instant): number =>
    Math.floor((Date.parse(at) - Date.parse(clock.startOf(clock.dateOf(at)))) / hourMs);
  const context = { asOf, limitMinor, currency, hourOf };
  return { asOf, findings: lookAtBehaviour(panes, declared.behaviour, context) };
}

const hourMs = 3_600_000;

/** A version of a pane, and a signal that was told of a measure on a day. */
export type FactTrail = Readonly<{
  derived: DerivedFact;
  versions: readonly PaneRow[];
  signals: readonly Event[];
}>;

/**
 * Where a fact that is made of signals comes from: every version of the panes it looks at, by day, and the signals that
 * were told of those days, in their order, all as known at an instant.
 * @returns null where nobody declares such a fact
 */
export async function factTrail(
  world: Pick<World, "store" | "declared" | "clock">,
  line: CreditLine,
  name: string,
  asOf: BusinessDate,
  knownAt: Instant | null,
): Promise<FactTrail | null> {
  const { declared, store } = world;
  const fact = declared.facts.get(name);
  if (fact === undefined) return null;
  const until = knownAt ?? (await world.clock.now());
  const { derived: all } = await factsToTell(world, line, asOf, knownAt);
  const derived = all.find((one) => one.fact === fact)!;
  const measures = measuresRead(fact);
  const looked = [derived.from, ...derived.panes.map(({ onDate }) => onDate)].toSorted();
  const after = addDays(looked[0]!, -1);
  const versions = await store.reads.paneVersions(line.id, measures, after, asOf, until);
  const days = new Set(versions.map(({ onDate }) => onDate));
  const types = new Set(measures.map((measure) => declared.measures.get(measure)!.signal));
  const signals = (await store.reads.timeline(line.id)).filter(({ kind, at, body }) => {
    const { type, asOf: onDate } = body as unknown as Signal;
    return kind === "SignalRecorded" && at <= until && types.has(type) && days.has(onDate);
  });
  return { derived, versions, signals };
}
