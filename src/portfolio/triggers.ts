// News of a line, and the strategies that want to look at it at once: the trigger that holds gives the cause, the same
// evaluation as everywhere gives the outcome, and the same command makes the decision. A customer is looked at once for
// one cause until the trigger's days of quiet are over, however many lines and signals there are.

import { exposureRemovedMinor, type Assessment } from "../domain/assessment.ts";
import { addMilliseconds, type BusinessDate, type Instant } from "../domain/calendar.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import type { FactValues } from "../domain/facts.ts";
import type { Bucket } from "../domain/id.ts";
import { serviceActor } from "../domain/actor.ts";
import { isRefusal } from "../domain/refusal.ts";
import type { Timer } from "../domain/timer.ts";
import type { DecideBody } from "../flow/decide.ts";
import { assess, lineFactsOf } from "../flow/evaluate.ts";
import { bucketsAtOnce, inParallel } from "../flow/in-parallel.ts";
import { factsAround, type FactsAround } from "../flow/known-environment.ts";
import { factValues, knownFacts } from "../flow/known-facts.ts";
import { pagesOf } from "../flow/page.ts";
import type { World } from "../flow/ports.ts";
import type { State } from "../flow/state.ts";
import { nothing } from "../flow/strategy-effective.ts";
import type { Command } from "../flow/step.ts";
import { transact } from "../flow/transact.ts";
import { releaseUnusedTurns, takeTurns } from "../flow/turns.ts";
import type { CompiledStrategy } from "../policy/compile.ts";
import { isUnevaluable } from "../policy/evaluate.ts";
import type { TriggerIr } from "../policy/ir.ts";
import { triggersThatHold } from "../policy/triggers.ts";
import type { SweepExperiment } from "./experiment-ports.ts";
import type { PortfolioStore } from "./ports.ts";
import {
  drawArms,
  isHeldOut,
  planSweep,
  sweepStrategies,
  type SweepPlan,
  type SweepStrategies,
} from "./sweep-arms.ts";
import { turnsOf } from "./sweep-pace.ts";

const actor = serviceActor("trigger");

/**
 * Tries the triggers of every strategy in force on the lines of these timers, and consumes the timers. Under an experiment
 * the champion's triggers say when a line is looked at, and the arm of its customer by which strategy, as in a sweep; a
 * strategy whose sweeps the experiment refuses decides nothing here either.
 */
export async function fireTriggers(
  world: World,
  portfolio: Pick<PortfolioStore, "experiments">,
  timers: readonly Timer[],
): Promise<void> {
  const watches = await watchesNow(world, portfolio);
  const around = await aroundNow(world, watches);
  const { bucketsTogether } = world.store;
  for (const some of partsOf(timers, timersTogether)) {
    const batches = [...Map.groupBy(some, ({ bucket }) => bucket).values()];
    const lanes = bucketsTogether === 1 ? bucketsAtOnce : 1;
    await inParallel(partsOf(batches, bucketsTogether), lanes, (group) =>
      fireGroup(world, portfolio, { watches, around }, group),
    );
  }
}

/** More are not looked at in one transaction, so that no lock is held for long. */
const timersTogether = 200;

function partsOf<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, part) =>
    list.slice(part * size, (part + 1) * size),
  );
}

/** The timers of a few buckets: all lines are read at once, and what leads to nothing is consumed at once. */
async function fireGroup(
  world: World,
  portfolio: Pick<PortfolioStore, "experiments">,
  lookout: Lookout,
  batches: readonly (readonly Timer[])[],
): Promise<void> {
  const timers = batches.flat();
  const { states, seqs } = await readLines(world, lookout, timers);
  const done: Timer[] = [];
  await inParallel(batches, bucketsAtOnce, async (batch) => {
    for (const timer of batch) {
      const state = states.get(timer.bucket);
      if (!(await fireOne(world, portfolio, lookout, timer, state))) done.push(timer);
    }
  });
  await consume(world, done, seqs);
}

/** Rows of lines as they are now, and how far the order of their buckets had come by then. */
type ReadLines = Readonly<{
  states: ReadonlyMap<Bucket, State>;
  seqs: ReadonlyMap<Bucket, number>;
}>;

async function readLines(
  { store, clock }: World,
  { watches }: Lookout,
  timers: readonly Timer[],
): Promise<ReadLines> {
  if (watches.length === 0) return { states: new Map(), seqs: new Map() };
  const batches = Map.groupBy(timers, ({ bucket }) => bucket);
  return store.group([...batches.keys()], true, async (group) => {
    const today = clock.dateOf(await clock.now());
    const wanted = Array.from(batches, ([bucket, batch]) => {
      const lines = batch.map(({ subject }) => subject);
      return [bucket, { ...nothing, lines, decreasedOf: lines, today }] as const;
    });
    const seqs = new Map(Array.from(group.buckets, ([bucket, { nextSeq }]) => [bucket, nextSeq]));
    return { states: await group.load(new Map(wanted)), seqs };
  });
}

/** What has been told of a bucket since its lines were read may be news of one of them: its timers wait for another look. */
async function consume(
  { store, clock }: World,
  timers: readonly Timer[],
  seqs: ReadLines["seqs"],
): Promise<void> {
  if (timers.length === 0) return;
  const batches = Map.groupBy(timers, ({ bucket }) => bucket);
  await store.group([...batches.keys()], false, async (group) => {
    const today = clock.dateOf(await clock.now());
    const still = [...batches.keys()].filter((bucket) => {
      const { nextSeq } = group.buckets.get(bucket)!;
      return (seqs.get(bucket) ?? nextSeq) === nextSeq;
    });
    const states = await group.load(
      new Map(still.map((bucket) => [bucket, { ...nothing, today }])),
    );
    for (const [bucket, state] of states) {
      for (const timer of batches.get(bucket)!)
        state.timers.set(timer.id, { ...timer, state: "fired" });
    }
    const none = { events: [], leaves: [], doneOutbox: [], reply: null };
    await group.save(
      new Map(Array.from(states, ([bucket, state]) => [bucket, { state, ...none }])),
    );
  });
}

/** A strategy with triggers, and the arms of the experiment that concerns it. */
type Watch = Pick<SweepPlan, "experiment"> & Readonly<{ strategies: SweepStrategies }>;

/** What is looked at, and what is known of the environment: read once for all timers at hand. */
type Lookout = Readonly<{ watches: readonly Watch[]; around: FactsAround | null }>;

async function aroundNow(world: World, watches: readonly Watch[]): Promise<FactsAround | null> {
  const strategies = watches.flatMap(({ strategies: { own, arms } }) => [own, ...arms.values()]);
  const read = strategies.flatMap(({ document }) => document.facts.map(({ name }) => name));
  const knownAt = await world.clock.now();
  return factsAround(world, new Set(read), { asOf: world.clock.dateOf(knownAt), knownAt });
}

async function watchesNow(
  world: World,
  portfolio: Pick<PortfolioStore, "experiments">,
): Promise<readonly Watch[]> {
  const found: Watch[] = [];
  for (const stored of await world.store.strategies.list()) {
    if (stored.state !== "active") continue;
    if ((await world.loadStrategy(stored.hash)).program.triggers.length === 0) continue;
    const plan = await planSweep(world, portfolio, stored, []);
    if (isRefusal(plan)) continue;
    const { champion: strategy, experiment } = plan;
    const fixed = { strategy, experiment, shadows: [] };
    found.push({ experiment, strategies: await sweepStrategies(world.loadStrategy, fixed) });
  }
  return found;
}

/** @returns whether a command about the line took the timer with it, or a stop switch lets it wait */
async function fireOne(
  world: World,
  portfolio: Pick<PortfolioStore, "experiments">,
  lookout: Lookout,
  timer: Timer,
  state: State | undefined,
): Promise<boolean> {
  const look = state === undefined ? null : await lookAt(world, lookout, timer, state);
  if (look === null) return false;
  for (const watch of lookout.watches) {
    const command = await commandFor(world, portfolio, watch, look, timer);
    if (command === null) continue;
    const [result] = await transact(world, timer.bucket, [command]);
    const { decisionId, turns } = command.body as unknown as DecideBody;
    const ledToNothing = result === undefined || "refusal" in result || result.events.length === 0;
    if (ledToNothing) await releaseUnusedTurns(world, [{ decisionId, turns }]);
    return true;
  }
  return false;
}

/** The line as it is now, with what is known of it. */
type Look = Readonly<{
  now: Instant;
  line: CreditLine;
  facts: FactValues;
  /** what was known just before the news that it is looked at for; null where nothing was, or nobody asks */
  before: FactValues | null;
  decreasedMinor: number;
}>;

async function lookAt(
  world: World,
  { watches, around }: Lookout,
  { subject, due }: Timer,
  state: State,
): Promise<Look | null> {
  const { clock } = world;
  const now = await clock.now();
  const today = clock.dateOf(now);
  const line = state.lines.get(subject);
  if (line === undefined) return null;
  const [known, before] = await Promise.all([
    knownFacts(world, line, today, now, readsExposure(world, watches)),
    asksBefore(watches) ? factsBefore(world, line, today, due) : null,
  ]);
  if (known.row === null) return null;
  const facts = factValues(world, known, line, today, around);
  return { now, line, facts, before, decreasedMinor: state.decreased.get(subject) ?? 0 };
}

function asksBefore(watches: readonly Watch[]): boolean {
  return watches.some(({ strategies: { own } }) =>
    own.program.triggers.some(({ before }) => before.length > 0),
  );
}

/** The timer was set at the instant of the first news since the last look: what was known until then is what was before. */
async function factsBefore(
  world: World,
  line: CreditLine,
  today: BusinessDate,
  newsAt: Instant,
): Promise<FactValues | null> {
  const known = await knownFacts(world, line, today, addMilliseconds(newsAt, -1), false);
  // What was known of a place then is not asked again: a change of it is no news of a line.
  return known.row === null ? null : factValues(world, known, line, today, null);
}

function readsExposure({ declared }: World, watches: readonly Watch[]): boolean {
  return watches.some(({ strategies: { own, arms } }) =>
    [own, ...arms.values()].some(({ document: { facts } }) =>
      facts.some(({ name }) => declared.exposure.has(name)),
    ),
  );
}

/** What one strategy decides about the line because of the first of its triggers that holds and is not quiet. */
async function commandFor(
  world: World,
  portfolio: Pick<PortfolioStore, "experiments">,
  { experiment, strategies }: Watch,
  look: Look,
  timer: Timer,
): Promise<Command | null> {
  const strategy = strategies.own;
  const { document } = strategy;
  const { line, facts, decreasedMinor, now } = look;
  const isMeant =
    line.currency === document.currency && line.jurisdiction === document.jurisdiction;
  const trigger = isMeant ? await triggerOf(world, strategy, look) : null;
  if (trigger === null) return null;
  const asOf = world.clock.dateOf(now);
  const arm = await armFor(world, portfolio, experiment, line);
  const own = arm === null ? strategy : strategies.arms.get(arm)!;
  const assessment = assess(own, line, facts, decreasedMinor, asOf);
  if (isUnevaluable(assessment) || assessment.outcome.action === "none") return null;
  if (isHeldOut(experiment, arm, assessment)) return null;
  const decisionId = world.ids.derive(timer.bucket, "decision", timer.id, line.id, document.area);
  const turns = turnsNeeded(strategy, line, assessment);
  const granted = await takeTurns(world, [{ decisionId, turns }], asOf);
  const body: DecideBody = {
    ...{ decisionId, assessment, turns, granted: granted.has(decisionId) },
    ...{ area: document.area, cause: trigger.cause, causeId: timer.id, knownAt: now },
    ...{ lineVer: line.ver, maker: `trigger:${trigger.id}` },
    trigger: { id: trigger.id, severity: trigger.severity },
    ...(experiment === null || arm === null ? {} : { arm: { experiment: experiment.id, arm } }),
  };
  return {
    id: world.ids.derive(timer.bucket, "decide", decisionId),
    ...{ kind: "Decide", subject: line.id, actor, cause: timer.id, timerId: timer.id, body },
  };
}

/** The arm of the line's customer, whose digit is kept when it is drawn here; null without an experiment. */
async function armFor(
  world: World,
  portfolio: Pick<PortfolioStore, "experiments">,
  experiment: SweepExperiment | null,
  line: CreditLine,
): Promise<string | null> {
  const { bucket, customerId } = line;
  const drawn = await drawArms(world, portfolio, { experiment }, new Map([[bucket, [{ line }]]]));
  if (drawn === null) return null;
  const fresh = drawn.fresh.get(bucket) ?? [];
  if (fresh.length > 0) await portfolio.experiments.keep(bucket, fresh);
  return drawn.armOf(customerId);
}

/** The first trigger that holds and is not quiet for the customer; null for none. */
async function triggerOf(
  world: World,
  strategy: CompiledStrategy,
  look: Look,
): Promise<TriggerIr | null> {
  const { line, facts, before, decreasedMinor, now } = look;
  const asOf = world.clock.dateOf(now);
  const own = lineFactsOf(line, decreasedMinor, asOf);
  const then = before === null ? null : { ...before, ...own };
  for (const one of triggersThatHold(strategy.program, { ...facts, ...own }, then, asOf)) {
    if (!(await isQuiet(world, strategy, one, look))) return one;
  }
  return null;
}

const dayMs = 86_400_000;
const decisionsAtOnce = 200;

/** True where the customer has a decision in the area for the cause that is younger than the days of quiet. */
async function isQuiet(
  { store }: World,
  { document }: CompiledStrategy,
  { cause, coolDownDays }: TriggerIr,
  { line, now }: Look,
): Promise<boolean> {
  const madeFrom = addMilliseconds(now, -coolDownDays * dayMs);
  const filter = { customerId: line.customerId, madeFrom };
  const pages = pagesOf((page) => store.reads.decisions(page, filter), decisionsAtOnce);
  for await (const decisions of pages) {
    if (decisions.some(({ record, area }) => area === document.area && record.cause === cause)) {
      return true;
    }
  }
  return false;
}

function turnsNeeded(
  { document, ref }: CompiledStrategy,
  line: CreditLine,
  { outcome, segment }: Assessment,
): DecideBody["turns"] {
  const removedMinor = exposureRemovedMinor(outcome, line.drawnMinor);
  const { portfolio } = line;
  return turnsOf(
    document,
    { id: ref.hash, dailyCapMinor: null },
    { portfolio, segment, removedMinor },
  );
}
