// What a sweep runs: the arms of the experiment that concerns it and the strategies in its shadow, both fixed when it
// begins, so that going on later, or somewhere else, assesses every line by the same strategy. The arm only chooses which
// compiled strategy is asked; there is no second way to assess.

import type { Assessment, StrategyRef } from "../domain/assessment.ts";
import { championArm, holdoutArm } from "../domain/arm.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import type { Bucket, Id } from "../domain/id.ts";
import { isRefusal, notFound, refuse, type Refusal } from "../domain/refusal.ts";
import type { StoredStrategy, World } from "../flow/ports.ts";
import type { CompiledStrategy } from "../policy/compile.ts";
import { armOf, digitOf } from "./experiment.ts";
import {
  choiceText,
  chosenStrategy,
  documentOf,
  inactiveRefusal,
  unknownStrategy,
} from "./experiment-life.ts";
import type {
  CustomerDigit,
  Experiment,
  FixedArm,
  StrategyChoice,
  SweepExperiment,
} from "./experiment-ports.ts";
import type { PortfolioStore, Sweep } from "./ports.ts";

/** The champion's version, and what else a sweep of it runs. */
export type SweepPlan = Readonly<{
  champion: StoredStrategy;
  experiment: SweepExperiment | null;
  shadows: readonly StrategyRef[];
}>;

/**
 * Fixes what a sweep of a strategy runs. An experiment concerns the sweeps of its champion's strategy; sweeps of a
 * strategy that has no arm take no part.
 * @param asked strategies to run in the shadow beside those of the experiment
 * Refused: wrong-state (the strategy is a challenger's), strategy-inactive (an arm's), not-found and currency-mismatch
 * (a shadow's).
 */
export async function planSweep(
  world: Pick<World, "store">,
  store: Pick<PortfolioStore, "experiments">,
  stored: StoredStrategy,
  asked: readonly StrategyChoice[],
): Promise<SweepPlan | Refusal> {
  const running = await store.experiments.running(documentOf(stored).area);
  const concerned = running === null ? null : concerns(running, stored.id);
  if (isRefusal(concerned)) return concerned;
  const fixed = concerned === null ? null : await fixArms(world, concerned, stored);
  if (isRefusal(fixed)) return fixed;
  const champion = fixed?.champion ?? stored;
  const shadows = new Map<string, StrategyRef>();
  for (const choice of [...(concerned?.shadows ?? []), ...asked]) {
    const shadow = await shadowOf(world, choice, champion);
    if (isRefusal(shadow)) return shadow;
    shadows.set(shadow.hash, shadow);
  }
  return { champion, experiment: fixed?.experiment ?? null, shadows: [...shadows.values()] };
}

function concerns(running: Experiment, strategyId: string): Experiment | Refusal | null {
  const champion = running.arms.find(({ name }) => name === championArm)!.strategy!.id;
  if (champion === strategyId) return running;
  if (!running.arms.some(({ strategy }) => strategy?.id === strategyId)) return null;
  return refuse("wrong-state", {
    en: `Cannot sweep ${strategyId}: it is a challenger in experiment ${running.id}, sweep its champion ${champion} or end the experiment`,
    zh: `无法扫描 ${strategyId}：它是实验 ${running.id} 的挑战者，请扫描其冠军策略 ${champion}，或结束该实验`,
  });
}

async function fixArms(
  world: Pick<World, "store">,
  { id, area, arms, actOn }: Experiment,
  stored: StoredStrategy,
): Promise<Readonly<{ champion: StoredStrategy; experiment: SweepExperiment }> | Refusal> {
  const versions = new Map<string, StoredStrategy>();
  for (const { name, strategy } of arms) {
    if (strategy === null) continue;
    // Without a version it means the one that is asked for: a dry run may try one that is not in force yet.
    const own = strategy.version === null && strategy.id === stored.id;
    const chosen = own ? stored : await chosenStrategy(world, strategy);
    if (chosen === null) return unknownStrategy(`${id}/${name}`, strategy);
    const inactive = own ? null : inactiveRefusal(`${id}/${name}`, chosen);
    if (inactive !== null) return inactive;
    versions.set(name, chosen);
  }
  const champion = versions.get(championArm)!;
  const fixed = arms.map(({ name, ranges }): FixedArm => {
    return { name, strategy: refOf(versions.get(name) ?? champion), ranges };
  });
  return { champion, experiment: { id, area, arms: fixed, actOn } };
}

async function shadowOf(
  world: Pick<World, "store">,
  choice: StrategyChoice,
  champion: StoredStrategy,
): Promise<StrategyRef | Refusal> {
  const found = await chosenStrategy(world, choice);
  const name = choiceText(choice);
  if (found === null) return notFound({ en: "strategy for the shadow", zh: "陪跑策略" }, name);
  const [own, live] = [documentOf(found).currency, documentOf(champion).currency];
  if (own === live) return refOf(found);
  return refuse("currency-mismatch", {
    en: `Cannot run ${name} in the shadow: it is in ${own}, the strategy of the sweep in ${live}`,
    zh: `无法陪跑策略 ${name}：其币种为 ${own}，扫描的策略为 ${live}`,
  });
}

function refOf({ id, version, hash }: StoredStrategy): StrategyRef {
  return { id, version, hash };
}

/** The compiled strategies of a sweep: its own, those of its arms by name, and those in its shadow. */
export type SweepStrategies = Readonly<{
  own: CompiledStrategy;
  arms: ReadonlyMap<string, CompiledStrategy>;
  shadows: readonly CompiledStrategy[];
}>;

/** Loads what a sweep was fixed to run. */
export async function sweepStrategies(
  load: (hash: string) => Promise<CompiledStrategy>,
  { strategy, experiment, shadows }: Pick<Sweep, "strategy" | "experiment" | "shadows">,
): Promise<SweepStrategies> {
  const own = await load(strategy.hash);
  const arms = new Map<string, CompiledStrategy>([[holdoutArm, own]]);
  for (const arm of experiment?.arms ?? []) arms.set(arm.name, await load(arm.strategy.hash));
  return { own, arms, shadows: await Promise.all(shadows.map(({ hash }) => load(hash))) };
}

/** Which arm each customer is in, and the digits that were drawn or became a holdout's just now. */
export type Drawn = Readonly<{
  armOf: (customerId: Id) => string;
  fresh: ReadonlyMap<Bucket, readonly CustomerDigit[]>;
}>;

/** Draws the customers of some buckets in one look at what was drawn before; null where no experiment concerns them. */
export async function drawArms(
  { hmac }: Pick<World, "hmac">,
  store: Pick<PortfolioStore, "experiments">,
  { experiment }: Pick<Sweep, "experiment">,
  lines: ReadonlyMap<Bucket, readonly Readonly<{ line: Pick<CreditLine, "customerId"> }>[]>,
): Promise<Drawn | null> {
  if (experiment === null) return null;
  const { area, arms } = experiment;
  const known = await store.experiments.digits(area, [...lines.keys()]);
  const drawn = new Map<Id, string>();
  const fresh = new Map<Bucket, CustomerDigit[]>();
  for (const [bucket, own] of lines) {
    for (const { customerId } of own.map(({ line }) => line)) {
      if (drawn.has(customerId)) continue;
      const before = known.get(customerId);
      const digit = before?.digit ?? digitOf(hmac, area, customerId);
      const arm = armOf(arms, { digit, heldOut: before?.heldOut ?? false });
      drawn.set(customerId, arm);
      const heldOut = arm === holdoutArm;
      if (before?.heldOut === heldOut) continue;
      const rows = fresh.get(bucket) ?? [];
      rows.push({ bucket, area, customerId, digit, heldOut });
      fresh.set(bucket, rows);
    }
  }
  return { armOf: (customerId) => drawn.get(customerId)!, fresh };
}

/** A holdout is left alone unless one of the reasons is among those that the experiment always acts on. */
export function isHeldOut(
  experiment: SweepExperiment | null,
  arm: string | null,
  { reasons }: Pick<Assessment, "reasons">,
): boolean {
  if (arm !== holdoutArm) return false;
  return !reasons.some(({ code }) => experiment?.actOn.includes(code) === true);
}
