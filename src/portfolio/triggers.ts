// News of a line or of its place, and the strategies that want to look at it at once: the trigger that holds gives the cause,
// the same evaluation as everywhere gives the outcome, and the same command makes the decision. A customer is looked at once for
// one cause until the trigger's days of quiet are over, however many lines and signals there are.

import { exposureRemovedMinor, type Assessment } from "../domain/assessment.ts";
import { addMilliseconds, type BusinessDate, type Instant } from "../domain/calendar.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import type { Decision } from "../domain/decision.ts";
import type { FactValues } from "../domain/facts.ts";
import { serviceActor } from "../domain/actor.ts";
import type { Bucket, Id } from "../domain/id.ts";
import { isRefusal } from "../domain/refusal.ts";
import type { Timer } from "../domain/timer.ts";
import type { DecideBody } from "../flow/decide.ts";
import { assess, lineFactsOf } from "../flow/evaluate.ts";
import { bucketsAtOnce, inParallel } from "../flow/in-parallel.ts";
import { factsAround, type FactsAround } from "../flow/known-environment.ts";
import { factValues, knownFacts } from "../flow/known-facts.ts";
import { pagesOf } from "../flow/page.ts";
import { isStopped } from "../flow/read-only.ts";
import type { World } from "../flow/ports.ts";
import type { State } from "../flow/state.ts";
import { nothing } from "../flow/strategy-effective.ts";
import type { Command } from "../flow/step.ts";
import { transact } from "../flow/transact.ts";
import { releaseUnusedTurns, takeTurns } from "../flow/turns.ts";
import type { CompiledStrategy } from "../policy/compile.ts";
import { isUnevaluable } from "../policy/evaluate.ts";
import type { TriggerIr } from "../policy/ir.ts";
import type { Strategy } from "../policy/strategy.ts";
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
  const lookout = await lookoutNow(world, portfolio);
  const { bucketsTogether } = world.store;
  for (const some of partsOf(timers, timersTogether)) {
    const batches = [...Map.groupBy(some, ({ bucket }) => bucket).values()];
    const lanes = bucketsTogether === 1 ? bucketsAtOnce : 1;
    await inParallel(partsOf(batches, bucketsTogether), lanes, (group) =>
      fireGroup(world, portfolio, lookout, group),
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
      const news: News = { of: "line", timer };
      const look = await lookAt(world, lookout, news, timer, states);
      if ((await actOn(world, portfolio, lookout, news, look)) === "nothing") done.push(timer);
    }
  });
  await consume(world, done, seqs);
}

/** A line that is looked at, which is the subject of the timer where there is one. */
type Subject = Readonly<{ bucket: Bucket; subject: Id }>;

/** Rows of lines as they are now, and how far the order of their buckets had come by then. */
type ReadLines = Readonly<{
  states: ReadonlyMap<Bucket, State>;
  seqs: ReadonlyMap<Bucket, number>;
}>;

/** Reads lines that are looked at; nothing where nobody looks. */
async function readLines(
  { store, clock }: World,
  { watches }: Lookout,
  about: readonly Subject[],
): Promise<ReadLines> {
  if (watches.length === 0) return { states: new Map(), seqs: new Map() };
  const batches = Map.groupBy(about, ({ bucket }) => bucket);
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

/** Why a line is looked at. Of a place: the environment as it was `before`, and the facts about it that `changed`. */
export type News =
  | Readonly<{ of: "line"; timer: Timer }>
  | Readonly<{ of: "place"; id: Id; changed: ReadonlySet<string>; before: FactsAround }>;

/** A strategy with triggers, and the arms of the experiment that concerns it. */
export type Watch = Pick<SweepPlan, "experiment"> & Readonly<{ strategies: SweepStrategies }>;

/** What is looked at, and what is known of the environment: read once for all timers at hand. */
export type Lookout = Readonly<{ watches: readonly Watch[]; around: FactsAround | null }>;

/** The strategies in force that have triggers, and the environment as it is now. */
export async function lookoutNow(
  world: World,
  portfolio: Pick<PortfolioStore, "experiments">,
): Promise<Lookout> {
  const watches = await watchesNow(world, portfolio);
  return { watches, around: await aroundNow(world, watches) };
}

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

/** Looks at a line alone, and lets the first strategy with a trigger that holds decide about it. */
export async function lookAndAct(
  world: World,
  portfolio: Pick<PortfolioStore, "experiments">,
  lookout: Lookout,
  news: News,
  about: Subject,
): Promise<Came> {
  const { states } = await readLines(world, lookout, [about]);
  const look = await lookAt(world, lookout, news, about, states);
  return actOn(world, portfolio, lookout, news, look);
}

type Came = "nothing" | "decided" | "refused" | "stopped";

/** A command that was sent has consumed the timer, or a stop switch lets it wait. */
async function actOn(
  world: World,
  portfolio: Pick<PortfolioStore, "experiments">,
  lookout: Lookout,
  news: News,
  look: Look | null,
): Promise<Came> {
  if (look === null) return "nothing";
  for (const watch of lookout.watches) {
    const command = await commandFor(world, portfolio, watch, look, news);
    if (command === null) continue;
    const [result] = await transact(world, look.line.bucket, [command]);
    const { decisionId, turns } = command.body as unknown as DecideBody;
    const ledToNothing = result === undefined || "refusal" in result || result.events.length === 0;
    if (ledToNothing) await releaseUnusedTurns(world, [{ decisionId, turns }]);
    if (result === undefined || !("refusal" in result)) return "decided";
    return isStopped(result.refusal) ? "stopped" : "refused";
  }
  return "nothing";
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
  news: News,
  { bucket, subject }: Subject,
  states: ReadLines["states"],
): Promise<Look | null> {
  const { clock } = world;
  const now = await clock.now();
  const today = clock.dateOf(now);
  const state = states.get(bucket);
  const line = state?.lines.get(subject);
  if (state === undefined || line === undefined) return null;
  const [known, then] = await Promise.all([
    knownFacts(world, line, today, now, readsExposure(world, watches)),
    news.of === "line" && asksBefore(watches)
      ? factsBefore(world, line, today, news.timer.due, around)
      : null,
  ]);
  if (known.row === null) return null;
  const facts = factValues(world, known, line, today, around);
  const before =
    news.of === "place" && asksBefore(watches)
      ? factValues(world, known, line, today, news.before)
      : then;
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
  around: FactsAround | null,
): Promise<FactValues | null> {
  const known = await knownFacts(world, line, today, addMilliseconds(newsAt, -1), false);
  // The environment is as it is now: a change of it is news of a place, which spreads by itself.
  return known.row === null ? null : factValues(world, known, line, today, around);
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
  news: News,
): Promise<Command | null> {
  const strategy = strategies.own;
  const { document } = strategy;
  const { line, facts, decreasedMinor, now } = look;
  const isMeant =
    line.currency === document.currency && line.jurisdiction === document.jurisdiction;
  const { bucket } = line;
  const causeId = news.of === "line" ? news.timer.id : news.id;
  const consumed: Pick<Command, "timerId"> = news.of === "line" ? { timerId: causeId } : {};
  const decisionId = world.ids.derive(bucket, "decision", causeId, line.id, document.area);
  const trigger = isMeant ? await triggerOf(world, strategy, look, news, decisionId) : null;
  if (trigger === null) return null;
  const asOf = world.clock.dateOf(now);
  const arm = await armFor(world, portfolio, experiment, line);
  const own = arm === null ? strategy : strategies.arms.get(arm)!;
  const assessment = assess(own, line, facts, decreasedMinor, asOf);
  if (isUnevaluable(assessment) || assessment.outcome.action === "none") return null;
  if (isHeldOut(experiment, arm, assessment)) return null;
  const turns = turnsNeeded(strategy, line, assessment);
  const granted = await takeTurns(world, [{ decisionId, turns }], asOf);
  const body: DecideBody = {
    ...{ decisionId, assessment, turns, granted: granted.has(decisionId) },
    ...{ area: document.area, cause: trigger.cause, causeId, knownAt: now },
    ...{ lineVer: line.ver, maker: `trigger:${trigger.id}` },
    trigger: { id: trigger.id, severity: trigger.severity },
    ...(experiment === null || arm === null ? {} : { arm: { experiment: experiment.id, arm } }),
  };
  return {
    id: world.ids.derive(bucket, "decide", decisionId),
    ...{ kind: "Decide", subject: line.id, actor, cause: causeId, ...consumed, body },
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
  news: News,
  decisionId: Id,
): Promise<TriggerIr | null> {
  const { line, facts, before, decreasedMinor, now } = look;
  const asOf = world.clock.dateOf(now);
  const own = lineFactsOf(line, decreasedMinor, asOf);
  const then = before === null ? null : { ...before, ...own };
  const all = { ...facts, ...own };
  for (const one of triggersHeeding(strategy, news, all, then, asOf)) {
    if (!(await isQuiet(world, strategy, one, look, decisionId))) return one;
  }
  return null;
}

/** The triggers that hold; because of a place only those that test what changed there. */
export function triggersHeeding(
  { program, document }: Pick<CompiledStrategy, "program" | "document">,
  news: News,
  facts: FactValues,
  before: FactValues | null,
  asOf: BusinessDate,
): readonly TriggerIr[] {
  const held = triggersThatHold(program, facts, before, asOf);
  if (news.of === "line") return held;
  const heeding = new Set(triggersOn(document, news.changed));
  return held.filter(({ id }) => heeding.has(id));
}

/** The ids of the triggers that test one of these facts, as they are or as they were. */
export function triggersOn(
  { triggers = [] }: Pick<Strategy, "triggers">,
  names: ReadonlySet<string>,
): readonly string[] {
  return triggers
    .filter(({ when, was }) => Object.keys({ ...when, ...was }).some((name) => names.has(name)))
    .map(({ id }) => id);
}

const dayMs = 86_400_000;
const decisionsAtOnce = 200;

/** True where the customer has another decision in the area for the cause that is younger than the days of quiet. */
async function isQuiet(
  { store }: World,
  { document }: CompiledStrategy,
  { cause, coolDownDays }: TriggerIr,
  { line, now }: Look,
  decisionId: Id,
): Promise<boolean> {
  const madeFrom = addMilliseconds(now, -coolDownDays * dayMs);
  const filter = { customerId: line.customerId, madeFrom };
  const pages = pagesOf((page) => store.reads.decisions(page, filter), decisionsAtOnce);
  for await (const decisions of pages) {
    const isOther = ({ id, record, area }: Decision): boolean =>
      id !== decisionId && area === document.area && record.cause === cause;
    if (decisions.some(isOther)) return true;
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
