// The profile of a customer: tier, segment and traits with where they come from, and how they went over a year. Nothing of
// it is stored: it is made of facts that are kept by day and by knowledge, so that it can be asked for any past moment.

import {
  addDays,
  addMilliseconds,
  addMonths,
  type BusinessDate,
  type Instant,
} from "../domain/calendar.ts";
import { type CreditLine, isOpenLine } from "../domain/credit-line.ts";
import { deriveFacts } from "../domain/derive-facts.ts";
import { exposureFacts } from "../domain/exposure.ts";
import type { FactValues } from "../domain/facts.ts";
import type { Id } from "../domain/id.ts";
import { type LineProfile, profileOf } from "../domain/line-profile.ts";
import { type ReadyTrait, traitOfCustomer, traitOfLine } from "../domain/trait.ts";
import { bucketsAtOnce, inParallel } from "../flow/in-parallel.ts";
import { knownFacts, type KnownFacts } from "../flow/known-facts.ts";
import type { RowScope, World } from "../flow/ports.ts";
import type { CustomerProfile, CustomerTrait, ProfilePoint } from "./view-ports.ts";

const months = 12;
const linesAtMost = 100;

/**
 * The profile over the open lines that the scope reaches, at most a hundred of them.
 * @param knownAt null: everything that is known now
 * @returns null where the scope reaches no line of such a customer
 */
export async function customerProfile(
  world: Pick<World, "store" | "declared" | "clock">,
  customerId: Id,
  scope: RowScope,
  when: Readonly<{ asOf: BusinessDate | null; knownAt: Instant | null }>,
): Promise<CustomerProfile | null> {
  if (scope.customerId !== undefined && scope.customerId !== customerId) return null;
  const { reads } = world.store;
  const filter = { ...scope, customerId };
  const { rows } = await reads.lines({ after: null, limit: linesAtMost }, filter);
  if (rows.length === 0) return null;
  const now = await world.clock.now();
  const knownAt = when.knownAt ?? now;
  const asOf = when.asOf ?? world.clock.dateOf(now);
  const lines = rows.filter(({ status }) => isOpenLine(status));
  const days = Array.from({ length: months + 1 }, (_, back) => addMonths(asOf, back - months));
  const isNow = when.knownAt === null && asOf === world.clock.dateOf(now);
  const seen: Seen[] = [];
  await inParallel(lines.keys(), bucketsAtOnce, async (at) => {
    seen[at] = await lineOver(world, lines[at]!, days, knownAt, isNow);
  });
  const history = days.map((day, at) => pointOf(world.declared.traits, day, seen, at));
  return {
    ...{ asOf, knownAt, history },
    segment: await segmentOf(world, filter, knownAt),
    traits: world.declared.traits.map((trait) => traitNow(trait, seen, history)),
  };
}

/** A line on each of the days, oldest first. */
type Seen = Readonly<{
  line: CreditLine;
  days: readonly Readonly<{ profile: LineProfile | null; facts: FactValues }>[];
}>;

/** What is known of one line on several days: its panes are read once. Exposure is known as it is now alone. */
async function lineOver(
  world: Pick<World, "store" | "declared">,
  line: CreditLine,
  days: readonly BusinessDate[],
  knownAt: Instant,
  isNow: boolean,
): Promise<Seen> {
  const { declared, store } = world;
  const { id, limitMinor } = line;
  const last: KnownFacts = await knownFacts(world, line, days.at(-1)!, knownAt, isNow);
  const from = addDays(days[0]!, -declared.reachDays);
  const panes = await store.reads.panes(id, from, days.at(-1)!, knownAt);
  const names = new Set(declared.traits.flatMap(({ tests }) => tests.map(({ fact }) => fact)));
  const over: Seen["days"][number][] = [];
  for (const [at, asOf] of days.entries()) {
    const isLast = at === days.length - 1;
    const row = isLast ? last.row : await store.reads.facts(id, asOf, knownAt);
    over.push({
      profile: row === null ? null : profileOf(row.facts, row.asOf),
      facts: {
        ...deriveFacts(declared, panes, { asOf, limitMinor }, names),
        ...(isLast ? exposureFacts(declared.exposure.values(), id, last.lines) : {}),
      },
    });
  }
  return { line, days: over };
}

function pointOf(
  traits: readonly ReadyTrait[],
  asOf: BusinessDate,
  seen: readonly Seen[],
  at: number,
): ProfilePoint {
  const profiles = seen.flatMap(({ days }) => days[at]!.profile ?? []);
  const newest = profiles
    .filter(({ tier }) => tier !== null)
    .toSorted((one, other) => (one.factsAsOf < other.factsAsOf ? 1 : -1))[0];
  const known = (field: "score" | "utilisationBp" | "daysPastDue"): readonly number[] =>
    profiles.flatMap((profile) => profile[field] ?? []);
  return {
    asOf,
    tier: newest?.tier ?? null,
    score: extreme(known("score"), Math.min),
    utilisationBp: extreme(known("utilisationBp"), Math.max),
    daysPastDue: extreme(known("daysPastDue"), Math.max),
    traits: traits.filter((trait) => holdsAt(trait, seen, at) === true).map(({ name }) => name),
  };
}

function extreme(
  values: readonly number[],
  of: (...values: readonly number[]) => number,
): number | null {
  return values.length === 0 ? null : of(...values);
}

function holdsAt(trait: ReadyTrait, seen: readonly Seen[], at: number): boolean | null {
  return traitOfCustomer(
    trait,
    seen.map(({ days }) => traitOfLine(trait, days[at]!.facts)),
  );
}

function traitNow(
  trait: ReadyTrait,
  seen: readonly Seen[],
  history: readonly ProfilePoint[],
): CustomerTrait {
  const last = history.length - 1;
  const missed = history.findLastIndex(({ traits }) => !traits.includes(trait.name));
  return {
    trait,
    holds: holdsAt(trait, seen, last),
    since: history[missed + 1]?.asOf ?? null,
    sources: seen.map(({ line: { id: lineId, reference }, days }) => {
      const { facts } = days[last]!;
      const read = trait.tests.map(({ fact }) => [fact, facts[fact] ?? null] as const);
      return {
        lineId,
        reference,
        holds: traitOfLine(trait, facts),
        facts: Object.fromEntries(read),
      };
    }),
  };
}

async function segmentOf(
  { store }: Pick<World, "store">,
  filter: RowScope,
  knownAt: Instant,
): Promise<CustomerProfile["segment"]> {
  const page = { after: null, limit: 1, newestFirst: true };
  const { rows } = await store.reads.decisions(page, {
    ...filter,
    madeBefore: addMilliseconds(knownAt, 1),
  });
  const [newest] = rows;
  const id = newest?.record.assessment.segment ?? null;
  return id === null ? null : { id, decisionId: newest!.id, madeAt: newest!.madeAt };
}
