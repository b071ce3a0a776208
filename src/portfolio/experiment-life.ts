// The life of an experiment: draft → approved → running → ended. An analyst writes it down, somebody else approves it, and
// while it runs nobody can change it: other shares are another experiment, which takes over the digits of the one before.
// It treats customers of every portfolio differently, so all of this is for people who answer for the whole lender.

import type { Actor, Role } from "../domain/actor.ts";
import { championArm } from "../domain/arm.ts";
import type { ReasonCode } from "../domain/reason-code.ts";
import { firstRefusal, notFound, refuse, type Refusal } from "../domain/refusal.ts";
import type { Text } from "../domain/text.ts";
import type { StoredStrategy, World } from "../flow/ports.ts";
import { wholeLenderRefusal } from "../flow/whole-lender.ts";
import type { Strategy } from "../policy/strategy.ts";
import { layOut } from "./experiment.ts";
import { shapeRefusal, type ExperimentRequest } from "./experiment-shape.ts";
import {
  experimentStates,
  type Arm,
  type Experiment,
  type ExperimentState,
  type StrategyChoice,
} from "./experiment-ports.ts";
import type { PortfolioStore } from "./ports.ts";

/** Roles that may write experiments down. */
export const experimentAuthorRoles = ["analyst"] as const satisfies readonly Role[];

/** Roles that may approve them. */
export const experimentApproverRoles = ["approver"] as const satisfies readonly Role[];

/** Roles that may start an approved one, and end one. */
export const experimentRunnerRoles = ["analyst", "approver"] as const satisfies readonly Role[];

/** The states in words. */
export const experimentStateNames: Readonly<Record<ExperimentState, Text>> = {
  draft: { en: "draft", zh: "草稿" },
  approved: { en: "approved", zh: "已批准" },
  running: { en: "running", zh: "进行中" },
  ended: { en: "ended", zh: "已结束" },
};

const what: Text = { en: "experiment", zh: "实验" };

type ExperimentWorld = Pick<World, "store" | "clock">;
type ExperimentStore = Pick<PortfolioStore, "experiments">;

/** `reason` is kept with the step; a dry run refuses alike and changes nothing. */
export type ExperimentOptions = Readonly<{ reason?: string | null; dryRun?: boolean }>;

/**
 * Writes an experiment down as a draft.
 * Refused: forbidden, invalid (names, shares, arms without or with too many strategies, unknown reasons; arms of another
 * area or cause), not-found (a strategy), already-exists, currency-mismatch, strategy-inactive.
 */
export async function createExperiment(
  world: ExperimentWorld,
  store: ExperimentStore,
  request: ExperimentRequest,
  actor: Actor,
  { reason = null, dryRun = false }: ExperimentOptions = {},
): Promise<Experiment | Refusal> {
  const refusal = firstRefusal([
    wholeLenderRefusal(actor, experimentAuthorRoles, {
      en: "Create experiment",
      zh: "建立实验",
    }),
    shapeRefusal(request),
    (await store.experiments.find(request.id)) === null ? null : takenRefusal(request.id),
  ]);
  if (refusal !== null) return refusal;
  const champion = request.arms.find(({ name }) => name === championArm)!;
  const stored = await chosenStrategy(world, champion.strategy!);
  const wrong = await strategiesRefusal(world, request);
  if (wrong !== null) return wrong;
  const experiment: Experiment = {
    id: request.id,
    area: documentOf(stored!).area,
    state: "draft",
    place: null,
    arms: request.arms.map((arm) => ({ ...arm, ranges: [] })),
    shadows: request.shadows,
    actOn: request.actOn as readonly ReasonCode[],
    steps: [{ state: "draft", at: await world.clock.now(), by: actor.id, reason }],
  };
  if (dryRun) return experiment;
  const added = await store.experiments.add(experiment);
  return added === "added" ? experiment : takenRefusal(request.id);
}

/** Approves a draft. Refused: forbidden, not-found, already-resolved, strategy-inactive, maker-is-checker. */
export async function approveExperiment(
  world: ExperimentWorld,
  store: ExperimentStore,
  id: string,
  actor: Actor,
  options: ExperimentOptions = {},
): Promise<Experiment | Refusal> {
  const found = await store.experiments.find(id);
  const author = found?.steps[0]?.by;
  const refusal = firstRefusal([
    wholeLenderRefusal(actor, experimentApproverRoles, {
      en: "Approve experiment",
      zh: "批准实验",
    }),
    found === null ? notFound(what, id) : stateRefusal(found, "draft"),
    found?.state === "draft" ? await strategiesRefusal(world, found) : null,
    author !== actor.id
      ? null
      : refuse("maker-is-checker", {
          en: `Experiment ${id}: ${actor.id} created it, expected approval by somebody else`,
          zh: `实验 ${id}：由 ${actor.id} 建立，须由他人批准`,
        }),
  ]);
  return refusal ?? entered(world, store, found!, "approved", ["draft"], actor, options);
}

/**
 * Starts an approved experiment: its arms get their digits, as few customers as possible change theirs.
 * Refused: forbidden, not-found, already-resolved, wrong-state (not approved; another of the area is running),
 * strategy-inactive.
 */
export async function startExperiment(
  world: ExperimentWorld,
  store: ExperimentStore,
  id: string,
  actor: Actor,
  options: ExperimentOptions = {},
): Promise<Experiment | Refusal> {
  const found = await store.experiments.find(id);
  const rival = found === null ? null : await store.experiments.running(found.area);
  const refusal = firstRefusal([
    wholeLenderRefusal(actor, experimentRunnerRoles, { en: "Start experiment", zh: "启动实验" }),
    found === null ? notFound(what, id) : stateRefusal(found, "approved"),
    found?.state === "approved" ? await strategiesRefusal(world, found) : null,
    rival === null || rival.id === id ? null : rivalRefusal(id, rival),
  ]);
  if (refusal !== null) return refusal;
  const arms = await plannedArms(store, found!);
  return entered(world, store, { ...found!, arms }, "running", ["approved"], actor, options);
}

/** Ends an experiment, whatever its state. Refused: forbidden, invalid (no reason), not-found, already-resolved. */
export async function endExperiment(
  world: ExperimentWorld,
  store: ExperimentStore,
  id: string,
  actor: Actor,
  { reason = null, dryRun = false }: ExperimentOptions,
): Promise<Experiment | Refusal> {
  const found = await store.experiments.find(id);
  const refusal = firstRefusal([
    wholeLenderRefusal(actor, experimentRunnerRoles, { en: "End experiment", zh: "结束实验" }),
    reason === null || reason.trim() === ""
      ? refuse(
          "invalid",
          { en: "End experiment: found no reason", zh: "结束实验：未填写理由" },
          "/reason",
        )
      : null,
    found === null
      ? notFound(what, id)
      : found.state === "ended"
        ? stateRefusal(found, "running")
        : null,
  ]);
  if (refusal !== null) return refusal;
  const from = ["draft", "approved", "running"] as const;
  return entered(world, store, found!, "ended", from, actor, { reason: reason!.trim(), dryRun });
}

/** The arms as they would be laid out if it were started now, or as they were at its start. */
export async function plannedArms(
  store: ExperimentStore,
  experiment: Experiment,
): Promise<readonly Arm[]> {
  if (experiment.arms.some(({ ranges }) => ranges.length > 0)) return experiment.arms;
  return layOut(experiment.arms, await armsBefore(store, experiment));
}

/** The layout that the area had before an experiment; null where none of it was started earlier. */
export async function armsBefore(
  store: ExperimentStore,
  experiment: Experiment,
): Promise<readonly Arm[] | null> {
  const own = experiment.place ?? Number.MAX_SAFE_INTEGER;
  const last = (await store.experiments.list())
    .filter(({ area, place }) => area === experiment.area && place !== null && place < own)
    .toSorted((one, other) => one.place! - other.place!)
    .at(-1);
  return last?.arms ?? null;
}

async function entered(
  world: ExperimentWorld,
  store: ExperimentStore,
  experiment: Experiment,
  state: ExperimentState,
  from: readonly ExperimentState[],
  actor: Actor,
  { reason = null, dryRun = false }: ExperimentOptions,
): Promise<Experiment | Refusal> {
  const step = { state, at: await world.clock.now(), by: actor.id, reason };
  const { id, area, arms, steps } = experiment;
  if (dryRun) return { ...experiment, state, steps: [...steps, step] };
  const ranges = Object.fromEntries(arms.map((arm) => [arm.name, arm.ranges]));
  const moved = await store.experiments.enter(id, step, from, ranges);
  const now = (await store.experiments.find(id))!;
  if (moved) return now;
  const rival = await store.experiments.running(area);
  return stateRefusal(now, from.at(-1)!) ?? rivalRefusal(id, rival ?? now);
}

/** What the strategies of all arms and shadows must be: stored, approved, and about the same as the champion's. */
async function strategiesRefusal(
  world: Pick<World, "store">,
  { id, arms, shadows }: Pick<ExperimentRequest, "id" | "arms" | "shadows">,
): Promise<Refusal | null> {
  const champion = arms.find(({ name }) => name === championArm)?.strategy ?? null;
  const first = champion === null ? null : await chosenStrategy(world, champion);
  const found: (Refusal | null)[] = [];
  for (const { name, strategy } of arms) {
    if (strategy !== null) found.push(await armRefusal(world, `${id}/${name}`, strategy, first));
  }
  for (const strategy of shadows) {
    const stored = await chosenStrategy(world, strategy);
    found.push(stored === null ? unknownStrategy(id, strategy) : differs(id, stored, first));
  }
  return firstRefusal(found);
}

async function armRefusal(
  world: Pick<World, "store">,
  where: string,
  strategy: StrategyChoice,
  champion: StoredStrategy | null,
): Promise<Refusal | null> {
  const stored = await chosenStrategy(world, strategy);
  if (stored === null) return unknownStrategy(where, strategy);
  return firstRefusal([inactiveRefusal(where, stored), differs(where, stored, champion)]);
}

/** Refuses (strategy-inactive) a version that may decide about nobody. */
export function inactiveRefusal(
  where: string,
  { id, version, state }: StoredStrategy,
): Refusal | null {
  if (state === "approved" || state === "active") return null;
  return refuse("strategy-inactive", {
    en: `Experiment ${where}: found strategy ${id} version ${version} ${state}, expected approved or active`,
    zh: `实验 ${where}：策略 ${id} 第 ${version} 版未获批准或已停用，应为已批准或生效`,
  });
}

/** Arms differ in how they decide, not in what about. */
function differs(
  where: string,
  stored: StoredStrategy,
  champion: StoredStrategy | null,
): Refusal | null {
  if (champion === null) return null;
  const [own, first] = [documentOf(stored), documentOf(champion)];
  const name = `${stored.id} ${stored.version}`;
  if (own.currency !== first.currency) {
    return refuse("currency-mismatch", {
      en: `Experiment ${where}: strategy ${name} is in ${own.currency}, the champion's in ${first.currency}`,
      zh: `实验 ${where}：策略 ${name} 的币种为 ${own.currency}，冠军策略为 ${first.currency}`,
    });
  }
  if (own.area === first.area && own.cause === first.cause) return null;
  return refuse("invalid", {
    en: `Experiment ${where}: strategy ${name} is about ${own.area} (${own.cause}), the champion's about ${first.area} (${first.cause})`,
    zh: `实验 ${where}：策略 ${name} 的决策领域与起因为 ${own.area}（${own.cause}），冠军策略为 ${first.area}（${first.cause}）`,
  });
}

/** The version that a choice means now; null where there is none. */
export async function chosenStrategy(
  { store: { strategies } }: Pick<World, "store">,
  { id, version }: StrategyChoice,
): Promise<StoredStrategy | null> {
  return version === null ? strategies.active(id) : strategies.find(id, version);
}

export function documentOf({ document }: StoredStrategy): Strategy {
  return JSON.parse(document) as Strategy;
}

/** `id@version`, or the id alone for the active one. */
export function choiceText({ id, version }: StrategyChoice): string {
  return version === null ? id : `${id}@${version}`;
}

/** Refuses (not-found) a choice that means nothing. */
export function unknownStrategy(where: string, choice: StrategyChoice): Refusal {
  const state = choice.version === null ? "active" : "stored";
  return refuse("not-found", {
    en: `Experiment ${where}: strategy ${choiceText(choice)} is not ${state}`,
    zh: `实验 ${where}：策略 ${choiceText(choice)} 不存在或无生效版本`,
  });
}

function takenRefusal(id: string): Refusal {
  return refuse(
    "already-exists",
    { en: `Experiment ${id}: the id is taken`, zh: `实验 ${id}：编号已被使用` },
    "/id",
  );
}

function rivalRefusal(id: string, rival: Experiment): Refusal {
  return refuse("wrong-state", {
    en: `Cannot start experiment ${id}: ${rival.id} is running in ${rival.area}, end it first`,
    zh: `无法启动实验 ${id}：决策领域 ${rival.area} 中实验 ${rival.id} 正在进行，请先结束`,
  });
}

/** What has been done already is resolved; everything else is the wrong state. */
function stateRefusal({ id, state }: Experiment, expected: ExperimentState): Refusal | null {
  if (state === expected) return null;
  const done = experimentStates.indexOf(state) > experimentStates.indexOf(expected);
  return refuse(done ? "already-resolved" : "wrong-state", {
    en: `Experiment ${id}: found ${state}, expected ${expected}`,
    zh: `实验 ${id}：当前为${experimentStateNames[state].zh}，应为${experimentStateNames[expected].zh}`,
  });
}
