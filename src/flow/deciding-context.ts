// What deciding knows beside the rows: which of them its commands need, whom they name, the strategies, the words of
// notices and what holds decisions back. All of it is there before the first command of a batch is decided, so that
// deciding itself asks the world for nothing.

import type { Actor } from "../domain/actor.ts";
import { nowhere } from "../domain/blackout.ts";
import type { BusinessDate, Instant } from "../domain/calendar.ts";
import type { Bucket } from "../domain/id.ts";
import { noWatch } from "../domain/watch-rules.ts";
import type { CompiledStrategy } from "../policy/compile.ts";
import type { DecideBody } from "./decide.ts";
import type { Holds } from "./hold.ts";
import type { Halt } from "./hold-ports.ts";
import type { Wording } from "./notice-ports.ts";
import { stepOf } from "./pipeline.ts";
import type { BucketInGroup, Wanted, World } from "./ports.ts";
import type { State } from "./state.ts";
import type { Command, Context } from "./step.ts";

/** People by the name that a command gives them; null: nobody on the lender's side. */
export type People = ReadonlyMap<string, Actor | null>;

/** One bucket under its lock, with the rows that its commands need. */
export type Place = BucketInGroup &
  Readonly<{
    bucket: Bucket;
    state: State;
    now: Instant;
    halts: readonly Halt[];
    people: People;
    dryRun: boolean;
  }>;

/** Whom the "account" fields of the commands name; looked up before the bucket is locked. */
export async function peopleOf(world: World, commands: readonly Command[]): Promise<People> {
  const people = new Map<string, Actor | null>();
  for (const { kind, body } of commands) {
    const fields = stepOf(kind)?.commands[kind]?.fields ?? {};
    for (const [field, { type }] of Object.entries(fields)) {
      const name = body[field];
      if (type !== "account" || typeof name !== "string" || people.has(name)) continue;
      people.set(name, await world.people(name));
    }
  }
  return people;
}

/** What deciding these commands may know: asked of the world once, before the first of them is decided. */
export async function contextFor(
  world: World,
  place: Place,
  commands: readonly Command[],
): Promise<Context> {
  const { bucket, state, now, people } = place;
  const strategies = await strategiesOf(world, state, commands);
  // Only a decision can have a notice, and every decision has its strategy here; a reminder is written when it is sent.
  const writes = strategies.size > 0 || commands.some(({ kind }) => kind === "SendReminder");
  const wording = writes ? await world.wordings.inForce() : null;
  const holds = await holdsOn(world, place, strategies.size > 0);
  return contextOf(world, bucket, now, { strategies, wording, holds, people });
}

/** The strategies that decisions and commands of this batch name, by hash. */
async function strategiesOf(
  world: World,
  state: State,
  commands: readonly Command[],
): Promise<ReadonlyMap<string, CompiledStrategy>> {
  const hashes = new Set<string>();
  for (const decision of state.decisions.values()) {
    hashes.add(decision.record.assessment.strategy.hash);
  }
  for (const { kind, body } of commands) {
    if (kind === "Decide") hashes.add((body as unknown as DecideBody).assessment.strategy.hash);
  }
  const strategies = new Map<string, CompiledStrategy>();
  for (const hash of hashes) strategies.set(hash, await world.loadStrategy(hash));
  return strategies;
}

/** Only decisions are held back, windows are rare, and so are packs that tell zones apart: what cannot matter is not asked for. */
async function holdsOn(
  { clock, packs }: Pick<World, "clock" | "packs">,
  { state, halts, now, ...place }: Place,
  hasDecisions: boolean,
): Promise<Holds> {
  const blackouts = hasDecisions ? await place.blackouts(clock.dateOf(now)) : [];
  const matters = blackouts.length > 0 || (hasDecisions && tellsZones(packs, state));
  const lineIds = matters ? [...state.lines.keys()] : [];
  const places = lineIds.length === 0 ? null : await place.places(lineIds);
  return { blackouts, halts, placeOf: (id) => places?.get(id) ?? nowhere };
}

/** True where a pack of these lines, in force now or when something about them was decided, tells zones apart. */
function tellsZones(packs: World["packs"], { lines, decisions }: State): boolean {
  const inForce = new Set(Array.from(lines.values(), ({ jurisdiction }) => jurisdiction));
  const found = [
    ...Array.from(inForce, (jurisdiction) => packs(jurisdiction)),
    ...Array.from(decisions.values(), ({ lineId, record }) =>
      packs(lines.get(lineId)!.jurisdiction, record.pack),
    ),
  ];
  return found.some(({ notice }) => notice.delivery.value.quietHours?.zones !== undefined);
}

type Loaded = Readonly<{
  strategies: ReadonlyMap<string, CompiledStrategy>;
  wording: Wording | null;
  holds: Holds;
  people: People;
}>;

function contextOf(
  world: World,
  bucket: Bucket,
  now: Instant,
  { strategies, wording, holds, people }: Loaded,
): Context {
  return {
    now,
    holds,
    today: world.clock.dateOf(now),
    derive: (...parts) => world.ids.derive(bucket, ...parts),
    sha256: world.ids.sha256,
    pack: world.packs,
    holidays: world.holidays,
    dateOf: world.clock.dateOf,
    startOf: world.clock.startOf,
    timeIn: world.clock.timeIn,
    declared: world.declared,
    watch: world.watch ?? noWatch,
    compose: (parameters) => loaded(wording).compose(parameters),
    remind: (parameters) => loaded(wording).remind(parameters),
    strategy: (hash) => {
      const strategy = strategies.get(hash);
      if (strategy === undefined) throw new Error(`Strategy not loaded: ${hash}`);
      return strategy;
    },
    person: (name) => people.get(name) ?? null,
  };
}

function loaded(wording: Wording | null): Wording {
  if (wording === null) throw new Error("Wording not loaded");
  return wording;
}

type Lists = { -readonly [Key in keyof Omit<Wanted, "today">]: Wanted[Key][number][] };

/** The rows that commands name or ask for. Throws for a kind of command that no step knows. */
export function wantedBy(
  { declared }: Pick<World, "declared">,
  commands: readonly Command[],
  today: BusinessDate,
): Wanted {
  const lists: Lists = {
    lines: [],
    decisions: [],
    reviews: [],
    notices: [],
    offers: [],
    alerts: [],
    reminders: [],
    remindersOf: [],
    customers: [],
    signals: [],
    factsOf: [],
    decreasedOf: [],
    panes: [],
  };
  const bySubject = {
    line: lists.lines,
    decision: lists.decisions,
    "review-case": lists.reviews,
    notice: lists.notices,
    offer: lists.offers,
    alert: lists.alerts,
    reminder: lists.reminders,
  } as const;
  for (const command of commands) {
    const step = stepOf(command.kind);
    const spec = step?.commands[command.kind];
    if (spec === undefined) throw new Error(`Unknown command: ${command.kind}`);
    bySubject[spec.subject].push(command.subject);
    for (const [key, some] of Object.entries(step?.wants?.(command, declared) ?? {})) {
      (lists[key as keyof Lists] as unknown[]).push(...(some as readonly unknown[]));
    }
  }
  return { ...lists, today };
}
