// Holding a sweep that runs: pause, go on, cancel. What was decided stays decided. Whoever works on the sweep looks before
// every lease, and in pass two again after every fifty decisions, whether it may go on: each worker stops after the bucket
// at hand and at most that many decisions, in pass one, which has no effect, after the lease at hand. Roles and scope are
// those of starting a sweep, and a control that changes nothing says why.

import { reachesPortfolio, type Actor } from "../domain/actor.ts";
import type { Id } from "../domain/id.ts";
import { firstRefusal, isRefusal, refuse, type Refusal } from "../domain/refusal.ts";
import { bucketsAtOnce, inParallel } from "../flow/in-parallel.ts";
import type { World } from "../flow/ports.ts";
import { roleRefusal } from "../flow/role-refusal.ts";
import type { PortfolioStore, Sweep, SweepState } from "./ports.ts";
import { returnProposedTurns } from "./sweep-decide.ts";
import { sweepRoles } from "./sweep-roles.ts";

const leaseMs = 60_000;
const bucketsPerLease = 16;
const openStates: readonly SweepState[] = ["asking", "assessing", "ranking", "deciding"];

/** `dryRun` only says whether it would be refused. */
export type ControlOptions = Readonly<{ dryRun?: boolean }>;

/** pause: hold it until somebody resumes or cancels it · resume: let it go on · cancel: end it, paused or not. */
export type SweepControl = "pause" | "resume" | "cancel";

const words: Readonly<Record<SweepControl, Readonly<{ en: string; zh: string }>>> = {
  pause: { en: "pause", zh: "暂停" },
  resume: { en: "resume", zh: "恢复" },
  cancel: { en: "cancel", zh: "取消" },
};

/**
 * Pauses, resumes or cancels an unfinished sweep. The work itself is `runSweep`'s. Of a cancelled one, turns in the
 * budgets that were taken for decisions never made are given back, here for every bucket that nobody works on, and by
 * whoever works on the others. Refuses a wrong role or scope, an unknown sweep, one that has ended, and a control that
 * would change nothing.
 * @returns the sweep as it stands then, with its counts
 */
export async function controlSweep(
  world: World,
  store: PortfolioStore,
  id: Id,
  control: SweepControl,
  actor: Actor,
  options: ControlOptions = {},
): Promise<Sweep | Refusal> {
  const sweep = await controlled(store, id, actor, control);
  if (isRefusal(sweep)) return sweep;
  const isHeld = sweep.pausedBy !== null;
  if (control !== "cancel" && isHeld === (control === "pause")) return unchanged(control, sweep);
  if (options.dryRun === true) return sweep;
  if (control !== "cancel") return setPaused(store, sweep, control === "pause" ? actor.id : null);
  const now = await world.clock.now();
  if (!(await store.sweeps.setState(id, openStates, "cancelled", now))) {
    return controlSweep(world, store, id, control, actor);
  }
  await returnTurns(world, store, sweep, `cancel ${world.ids.fresh()}`);
  return standing(store, id);
}

/** Where somebody was faster, what they did says why this is refused now. */
async function setPaused(
  store: PortfolioStore,
  { id }: Sweep,
  by: string | null,
): Promise<Sweep | Refusal> {
  const changed = await store.sweeps.setPaused(id, by);
  const sweep = await standing(store, id);
  if (changed) return sweep;
  const control = by === null ? "resume" : "pause";
  return openStates.includes(sweep.state) ? unchanged(control, sweep) : ended(control, sweep);
}

/**
 * Gives back the turns of a cancelled sweep that led to no decision, in the buckets that are leased to nobody else.
 * Doing it again changes nothing.
 */
export async function returnTurns(
  world: World,
  store: PortfolioStore,
  sweep: Sweep,
  owner: string,
): Promise<void> {
  const { document } = await world.loadStrategy(sweep.strategy.hash);
  if (document.pace.budgets.length === 0 && sweep.dailyCapMinor === null) return;
  const workFreeBuckets = async (): Promise<void> => {
    for (;;) {
      const buckets = await store.sweeps.lease(sweep.id, "decide", owner, leaseMs, bucketsPerLease);
      if (buckets.length === 0) return;
      for (const proposals of (await store.sweeps.proposals(sweep.id, buckets)).values()) {
        await returnProposedTurns(world, document, sweep, proposals);
      }
    }
  };
  try {
    await inParallel(Array.from({ length: bucketsAtOnce }), bucketsAtOnce, workFreeBuckets);
  } finally {
    await store.sweeps.free(sweep.id, owner);
  }
}

async function controlled(
  store: PortfolioStore,
  id: Id,
  actor: Actor,
  control: SweepControl,
): Promise<Sweep | Refusal> {
  const sweep = await store.sweeps.find(id);
  const { en, zh } = words[control];
  const refusal = firstRefusal([
    roleRefusal(actor, sweepRoles, { en: `Cannot ${en} sweep`, zh: `无法${zh}扫描` }),
    sweep === null || reachesPortfolio(actor.scope, sweep.portfolio)
      ? null
      : refuse("out-of-scope", {
          en: `Cannot ${en} sweep ${id}: it is outside the scope of ${actor.id}`,
          zh: `无法${zh}扫描 ${id}：不在 ${actor.id} 的管辖范围内`,
        }),
    sweep === null
      ? refuse("not-found", { en: `Cannot find sweep: ${id}`, zh: `未找到扫描：${id}` })
      : null,
    sweep === null || openStates.includes(sweep.state) ? null : ended(control, sweep),
  ]);
  return refusal ?? sweep!;
}

function ended(control: SweepControl, { id, state }: Sweep): Refusal {
  const { en, zh } = words[control];
  return refuse("already-resolved", {
    en: `Cannot ${en} sweep ${id}: it is ${state}`,
    zh: `无法${zh}扫描 ${id}：该扫描${state === "done" ? "已完成" : "已取消"}`,
  });
}

function unchanged(control: Exclude<SweepControl, "cancel">, { id, pausedBy }: Sweep): Refusal {
  return control === "pause"
    ? refuse("wrong-state", {
        en: `Cannot pause sweep ${id}: it is paused by ${pausedBy}`,
        zh: `无法暂停扫描 ${id}：已由 ${pausedBy} 暂停`,
      })
    : refuse("wrong-state", {
        en: `Cannot resume sweep ${id}: it is not paused`,
        zh: `无法恢复扫描 ${id}：该扫描未暂停`,
      });
}

async function standing(store: PortfolioStore, id: Id): Promise<Sweep> {
  const sweep = await store.sweeps.find(id);
  if (sweep === null) throw new Error(`Sweep is missing: ${id}`);
  return { ...sweep, counts: await store.sweeps.counts(id) };
}
