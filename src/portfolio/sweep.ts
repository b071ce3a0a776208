// A sweep re-evaluates a portfolio in two passes: every bucket is assessed without effect, all proposals
// are ranked against the budgets, and every bucket is decided within its grants. A few buckets at a time are
// one small piece of durable work under a lease, so that a sweep that was interrupted is finished by running it
// again and ends with the same bytes.

import { reachesPortfolio, type Actor } from "../domain/actor.ts";
import type { BusinessDate } from "../domain/calendar.ts";
import { bucketCount, type Bucket, type Id } from "../domain/id.ts";
import { portfolioRefusal } from "../domain/known-portfolio.ts";
import { firstRefusal, isRefusal, refuse, type Refusal } from "../domain/refusal.ts";
import type { StoredStrategy, World } from "../flow/ports.ts";
import { readOnlyRefusal, stopsEverything } from "../flow/read-only.ts";
import { roleRefusal } from "../flow/role-refusal.ts";
import type { CompiledStrategy } from "../policy/compile.ts";
import type { Strategy } from "../policy/strategy.ts";
import {
  workBuckets,
  workFreeBuckets,
  type BucketWork,
  type Look,
  type Worked,
} from "./bucket-work.ts";
import type { StrategyChoice } from "./experiment-ports.ts";
import { lineReader, type LineReader } from "./lines-to-assess.ts";
import type { BucketAssessed, PortfolioStore, Sweep, SweepCounts, SweepPass } from "./ports.ts";
import type { SweepEmergency } from "./emergency-ports.ts";
import { drawArms, planSweep, sweepStrategies, type SweepStrategies } from "./sweep-arms.ts";
import { assessBucket } from "./sweep-assess.ts";
import { returnTurns } from "./sweep-control.ts";
import { noCounts } from "./sweep-counts.ts";
import { decideBucket, returnProposedTurns, takeProposedTurns } from "./sweep-decide.ts";
import { grantTurns } from "./sweep-pace.ts";
import { askFirst, sourcesToAsk } from "./sweep-ask.ts";
import { sweepRoles } from "./sweep-roles.ts";

/** Rows that one lease shall bring; memory holds a few times as many. */
const rowsPerGroup = { assess: 4_000, decide: 500 } as const;
/** After so many decisions of one lease the state of the sweep is looked at again: a look costs less than deciding one. */
const decisionsPerLook = 50;

export { sweepRoles } from "./sweep-roles.ts";

export type SweepRequest = Readonly<{
  strategyId: string;
  asOf: BusinessDate;
  portfolio: string | null;
  dailyCapMinor: number | null;
  /** run in the shadow, beside those of the experiment */
  shadows?: readonly StrategyChoice[];
  /** the profile that it is started by */
  emergency?: SweepEmergency;
  actor: Actor;
  /** names the request: the same name opens the same sweep again, also when that has ended in the meantime */
  requestId?: Id;
}>;

export type SweepProgress = Readonly<{
  phase: SweepPass;
  bucketsDone: number;
  buckets: number;
  counts: SweepCounts;
}>;

export type SweepRun = Readonly<{
  /** names the leases of this process */
  owner: string;
  /** asked between buckets; true leaves the rest to the next run */
  stop: () => boolean;
  onProgress: (progress: SweepProgress) => void;
  /** waits when every bucket left is leased to somebody else, milliseconds of real time */
  pause: (ms: number) => Promise<void>;
  /** lets others work on the same pass; resolves when they have nothing more to do. Absent: nobody helps */
  help?: (sweepId: Id, phase: HelpedPass) => Promise<void>;
}>;

/** The passes that others may help with. */
export type HelpedPass = Exclude<SweepPass, "ask">;

/**
 * Finds the unfinished sweep of this strategy and date, or starts one. `asOf` and `knownAt` are fixed here.
 * Refuses a future date, an unknown or inactive strategy, an unknown portfolio, a wrong role, a halted area, and a
 * sweep that is paused; and what `planSweep` refuses.
 */
export async function openSweep(
  world: World,
  store: PortfolioStore,
  request: SweepRequest,
): Promise<Sweep | Refusal> {
  const strategy = await strategyFor(world, request, ["active"]);
  if (isRefusal(strategy)) return strategy;
  if (request.requestId !== undefined) {
    const known = await store.sweeps.find(sweepIdOf(world, request.requestId));
    if (known !== null) return known;
  }
  const locked = readOnlyRefusal(await world.store.halts.list(await world.clock.now()));
  if (locked !== null) return locked;
  const open = await store.sweeps.unfinished(request.strategyId, request.asOf);
  if (open !== null) return otherSweep(open, request) ?? pausedRefusal(open) ?? open;
  const sweep = await newSweep(world, store, request, strategy);
  if (!isRefusal(sweep)) await store.sweeps.start(sweep);
  return sweep;
}

/** Going on with an unfinished sweep must be what was asked for, not another sweep of the same day. */
function otherSweep(open: Sweep, request: SweepRequest): Refusal | null {
  const { portfolio, dailyCapMinor, emergency } = open;
  const isSame =
    portfolio === request.portfolio &&
    dailyCapMinor === request.dailyCapMinor &&
    emergency?.profileId === request.emergency?.profileId;
  return isSame
    ? null
    : refuse("already-exists", {
        en: `Cannot start sweep: sweep ${open.id} of this strategy and date is unfinished and has another portfolio, daily cap or emergency profile, let it finish or cancel it`,
        zh: `无法启动扫描：同一策略、同一日期的扫描 ${open.id} 尚未完成，且组合、每日上限或应急方案不同；请等其完成或取消`,
      });
}

/** Starting again is no way around somebody's pause. */
function pausedRefusal({ id, pausedBy }: Sweep): Refusal | null {
  return pausedBy === null
    ? null
    : refuse("wrong-state", {
        en: `Cannot go on with sweep ${id}: it is paused by ${pausedBy}, resume or cancel it`,
        zh: `无法继续扫描 ${id}：已由 ${pausedBy} 暂停，请先恢复或取消`,
      });
}

function scopeRefusal({ actor, portfolio }: SweepRequest): Refusal | null {
  return reachesPortfolio(actor.scope, portfolio)
    ? null
    : refuse("out-of-scope", {
        en: `Sweep of ${portfolio ?? "every portfolio"}: outside the scope of ${actor.id}`,
        zh: `扫描${portfolio === null ? "全部组合" : `组合 ${portfolio}`}：不在 ${actor.id} 的管辖范围内`,
      });
}

/** The version that a request means, in one of these states. Refused: what `openSweep` refuses before it looks further. */
export async function strategyFor(
  world: World,
  request: SweepRequest,
  states: readonly StoredStrategy["state"][],
): Promise<StoredStrategy | Refusal> {
  const now = await world.clock.now();
  const today = world.clock.dateOf(now);
  const halts = await world.store.halts.list(now);
  const halt = halts.find((one) => one.area === "sweep" || one.area === "all");
  const stored =
    (await world.store.strategies.active(request.strategyId)) ??
    (await world.store.strategies.find(request.strategyId));
  const refusal = firstRefusal([
    roleRefusal(request.actor, sweepRoles, { en: "Sweep", zh: "扫描" }),
    scopeRefusal(request),
    halt === undefined
      ? null
      : refuse("halted", {
          en: `Sweep: ${halt.area} is halted by ${halt.by} until ${halt.expiresAt}: ${halt.reason}`,
          zh: `扫描：${halt.area} 已由 ${halt.by} 停用至 ${halt.expiresAt}：${halt.reason}`,
        }),
    stored === null
      ? refuse("not-found", {
          en: `Cannot find strategy: ${request.strategyId}`,
          zh: `未找到策略：${request.strategyId}`,
        })
      : null,
    request.asOf <= today
      ? null
      : refuse("future-date", {
          en: `Sweep as-of date: found ${request.asOf}, expected ${today} or earlier`,
          zh: `扫描日期：为 ${request.asOf}，不应晚于 ${today}`,
        }),
    stored !== null && !states.includes(stored.state)
      ? refuse("strategy-inactive", {
          en: `Strategy ${stored.id} version ${stored.version}: found ${stored.state}, expected active`,
          zh: `策略 ${stored.id} 第 ${stored.version} 版：当前为 ${stored.state}，应为已生效`,
        })
      : null,
  ]);
  const { reads } = world.store;
  return (
    refusal ??
    (await portfolioRefusal(reads.portfolios, request.portfolio, request.actor.scope)) ??
    stored!
  );
}

function sweepIdOf(world: World, requestId: Id): Id {
  return world.ids.derive(0, "sweep-request", requestId);
}

/**
 * The id is derived from the request where it has a name, else from what is swept and how often that was done before:
 * the same history, the same ids.
 */
export async function newSweep(
  world: World,
  store: PortfolioStore,
  request: SweepRequest,
  stored: StoredStrategy,
): Promise<Sweep | Refusal> {
  const plan = await planSweep(world, store, stored, request.shadows ?? []);
  if (isRefusal(plan)) return plan;
  const { champion: strategy, experiment, shadows } = plan;
  const now = await world.clock.now();
  const arms = await sweepStrategies(world.loadStrategy, { strategy, experiment, shadows: [] });
  const toAsk = sourcesToAsk(world, askingOf(arms));
  if (isRefusal(toAsk)) return toAsk;
  // What a source says today is no fact of an earlier day.
  const asks = toAsk.length > 0 && request.asOf === world.clock.dateOf(now);
  const { asOf, portfolio, requestId } = request;
  const earlier = await store.sweeps.count(strategy.hash, asOf);
  const parts = ["sweep", strategy.hash, asOf, portfolio ?? "", String(earlier)];
  return {
    id: requestId === undefined ? world.ids.derive(0, ...parts) : sweepIdOf(world, requestId),
    strategy: { id: strategy.id, version: strategy.version, hash: strategy.hash },
    asOf: request.asOf,
    knownAt: now,
    portfolio: request.portfolio,
    dailyCapMinor: request.dailyCapMinor,
    state: asks ? "asking" : "assessing",
    pausedBy: null,
    ...{ experiment, shadows, emergency: request.emergency ?? null },
    maker: request.actor.id,
    startedAt: now,
    finishedAt: null,
    counts: noCounts,
  };
}

/**
 * Works on a sweep until it is done, paused, cancelled or `stop` says so. Any number of processes may work on one
 * sweep. Running it again after any interruption leads to the same decisions.
 * @returns the sweep as it stands, with its counts
 */
export async function runSweep(
  world: World,
  store: PortfolioStore,
  id: Id,
  run: SweepRun,
): Promise<Sweep> {
  const found = await mustFind(store, id);
  const strategies = await sweepStrategies(world.loadStrategy, found);
  const sweep = await askFirst(world, store, found, run, {
    strategies: askingOf(strategies),
    mayGoOn: () => mayGoOn(world, store, id),
  });
  const passOf = (phase: HelpedPass): Promise<void> => {
    const work = workOf(world, store, sweep, run, phase, strategies);
    return withHelp(run, id, phase, workBuckets(work, run.pause));
  };
  try {
    if (sweep.state === "assessing") await passOf("assess");
    if (!run.stop() && (await mayGoOn(world, store, id)))
      await rank(world, store, sweep, strategies.own);
    if ((await store.sweeps.standing(id))?.state === "deciding") await passOf("decide");
  } finally {
    await store.sweeps.free(id, run.owner);
  }
  if ((await store.sweeps.left(id, "decide")) === 0) {
    await store.sweeps.setState(id, ["deciding"], "done", await world.clock.now());
  }
  const worked = await mustFind(store, id);
  if (worked.state === "cancelled") await returnTurns(world, store, worked, run.owner);
  return worked;
}

/** Both end before a failure of either is thrown. */
async function withHelp(
  run: SweepRun,
  id: Id,
  phase: HelpedPass,
  own: Promise<void>,
): Promise<void> {
  const ended = await Promise.allSettled([own, run.help?.(id, phase)]);
  for (const one of ended) if (one.status === "rejected") throw one.reason;
}

/**
 * Works on free buckets of one pass beside whoever runs the sweep, and ends when none is free. Ranking, and the end of
 * the sweep, are left to them.
 */
export async function helpSweep(
  world: World,
  store: PortfolioStore,
  id: Id,
  phase: HelpedPass,
  run: SweepRun,
): Promise<void> {
  const sweep = await mustFind(store, id);
  if (sweep.state !== (phase === "assess" ? "assessing" : "deciding")) return;
  const strategies = await sweepStrategies(world.loadStrategy, sweep);
  try {
    await workFreeBuckets(workOf(world, store, sweep, run, phase, strategies));
  } finally {
    await store.sweeps.free(id, run.owner);
  }
}

async function mustFind(store: PortfolioStore, id: Id): Promise<Sweep> {
  const sweep = await store.sweeps.find(id);
  if (sweep === null) throw new Error(`Sweep is missing: ${id}`);
  return sweep;
}

/** One pass of a sweep as work on its buckets: it ends when the sweep is paused or cancelled or its area is halted. */
function workOf(
  world: World,
  store: PortfolioStore,
  sweep: Sweep,
  run: SweepRun,
  phase: HelpedPass,
  strategies: SweepStrategies,
): BucketWork {
  const { owner, stop } = run;
  const read = lineReader(world, store, sweep, documentsOf(strategies));
  return {
    ...{ sweeps: store.sweeps, id: sweep.id, pass: phase, owner, stop },
    rowsPerGroup: rowsPerGroup[phase],
    mayGoOn: () => mayGoOn(world, store, sweep.id),
    work: (buckets, look) =>
      phase === "assess"
        ? assessAll(world, store, sweep, strategies, { buckets, read, stopped: look.asked })
        : decideAll(world, store, sweep, strategies.own, buckets, look),
    onDone: async (bucketsDone) =>
      run.onProgress({
        ...{ phase, bucketsDone, buckets: bucketCount },
        counts: await store.sweeps.counts(sweep.id),
      }),
  };
}

/** True where a halt holds every sweep. */
export function sweepHalts(halts: readonly Readonly<{ area: string }>[]): boolean {
  return stopsEverything(halts) || halts.some(({ area }) => ["sweep", "decide"].includes(area));
}

async function mayGoOn(world: World, store: PortfolioStore, id: Id): Promise<boolean> {
  if (sweepHalts(await world.store.halts.list(await world.clock.now()))) return false;
  const found = await store.sweeps.standing(id);
  if (found === null || found.pausedBy !== null) return false;
  return found.state !== "cancelled" && found.state !== "done";
}

type ToAssess = Readonly<{
  buckets: readonly Bucket[];
  read: LineReader;
  stopped: () => boolean;
}>;

async function assessAll(
  world: World,
  store: PortfolioStore,
  sweep: Sweep,
  strategies: SweepStrategies,
  { buckets, read, stopped }: ToAssess,
): Promise<Worked> {
  let rows = 0;
  const found: BucketAssessed[] = [];
  const members = await read(buckets);
  const drawn = await drawArms(world, store, sweep, members);
  for (const [bucket, lines] of members) {
    if (stopped()) break;
    rows += lines.length;
    found.push(assessBucket(sweep, strategies, bucket, lines, drawn));
  }
  await store.sweeps.saveAssessed(sweep.id, found);
  return { goOn: true, rows };
}

/** Those that have an effect: nobody is asked for the sake of a shadow. */
export function askingOf({
  own,
  arms,
}: Pick<SweepStrategies, "own" | "arms">): readonly Strategy[] {
  return [own, ...arms.values()].map(({ document }) => document);
}

/** Everything that a sweep runs. */
export function documentsOf({ own, arms, shadows }: SweepStrategies): readonly Strategy[] {
  return [own, ...arms.values(), ...shadows].map(({ document }) => document);
}

async function rank(
  world: World,
  store: PortfolioStore,
  sweep: Sweep,
  strategy: CompiledStrategy,
): Promise<void> {
  const now = await world.clock.now();
  if ((await store.sweeps.left(sweep.id, "assess")) > 0) return;
  await store.sweeps.setState(sweep.id, ["assessing"], "ranking", now);
  if ((await store.sweeps.standing(sweep.id))?.state !== "ranking") return;
  const today = world.clock.dateOf(now);
  const turns = await grantTurns(world, store, strategy.document, sweep, today);
  await store.sweeps.saveGrants(sweep.id, turns.granted, turns.all);
}

async function decideAll(
  world: World,
  store: PortfolioStore,
  sweep: Sweep,
  strategy: CompiledStrategy,
  buckets: readonly Bucket[],
  { asked, goesOn }: Look,
): Promise<Worked> {
  const { document } = strategy;
  const proposed = await store.sweeps.proposals(sweep.id, buckets);
  const rows = [...proposed.values()].flat();
  const granted = await takeProposedTurns(world, document, sweep, rows);
  const decided = new Map<Bucket, SweepCounts>();
  let goOn = true;
  let sinceLook = 0;
  for (const [bucket, proposals] of proposed) {
    const looks = sinceLook >= decisionsPerLook;
    if (asked() || (looks && !(await goesOn()))) break;
    const counts = await decideBucket(world, document, sweep, bucket, proposals, granted);
    goOn = counts !== null;
    if (counts === null) break;
    decided.set(bucket, counts);
    sinceLook = (looks ? 0 : sinceLook) + proposals.length;
  }
  await store.sweeps.saveDecided(sweep.id, decided);
  const left = rows.filter(({ bucket }) => !decided.has(bucket));
  await returnProposedTurns(world, document, sweep, left);
  return { goOn, rows: rows.length };
}
