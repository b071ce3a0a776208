// A sweep re-evaluates a portfolio in two passes: every bucket is assessed without effect, all proposals
// are ranked against the budgets, and every bucket is decided within its grants. Each bucket is one small
// piece of durable work under a lease, so that a sweep that was interrupted is finished by running it again
// and ends with the same bytes.

import { reachesPortfolio, type Actor, type Role } from "../domain/actor.ts";
import type { BusinessDate } from "../domain/calendar.ts";
import { bucketCount, type Id } from "../domain/id.ts";
import { firstRefusal, isRefusal, refuse, type Refusal } from "../domain/refusal.ts";
import { bucketsAtOnce, inParallel } from "../flow/in-parallel.ts";
import type { StoredStrategy, World } from "../flow/ports.ts";
import type { CompiledStrategy } from "../policy/compile.ts";
import type { PortfolioStore, Proposal, Sweep, SweepCounts } from "./ports.ts";
import { assessBucket } from "./sweep-assess.ts";
import { addCounts, noCounts } from "./sweep-counts.ts";
import { decideBucket } from "./sweep-decide.ts";
import { grantRanked, grantTurns } from "./sweep-pace.ts";

const leaseMs = 60_000;
const bucketsPerReport = 16;

/** Roles that may start, pause or cancel a sweep. */
export const sweepRoles: readonly Role[] = ["operator", "analyst", "administrator", "service"];

export type SweepRequest = Readonly<{
  strategyId: string;
  asOf: BusinessDate;
  portfolio: string | null;
  dailyCapMinor: number | null;
  actor: Actor;
}>;

export type SweepProgress = Readonly<{
  phase: "assess" | "decide";
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
}>;

/**
 * Finds the unfinished sweep of this strategy and date, or starts one. `asOf` and `knownAt` are fixed here.
 * Refuses a future date, an unknown or inactive strategy, a wrong role, and a halted area.
 */
export async function openSweep(
  world: World,
  store: PortfolioStore,
  request: SweepRequest,
): Promise<Sweep | Refusal> {
  const strategy = await strategyFor(world, request, ["active"]);
  if (isRefusal(strategy)) return strategy;
  const open = await store.sweeps.unfinished(request.strategyId, request.asOf);
  if (open !== null) return otherSweep(open, request) ?? open;
  const sweep = await newSweep(world, store, request, strategy);
  await store.sweeps.start(sweep);
  return sweep;
}

/** Going on with an unfinished sweep must be what was asked for, not another sweep of the same day. */
function otherSweep(open: Sweep, request: SweepRequest): Refusal | null {
  return open.portfolio === request.portfolio && open.dailyCapMinor === request.dailyCapMinor
    ? null
    : refuse("already-exists", {
        en: `Cannot start sweep: sweep ${open.id} of this strategy and date is unfinished and has another portfolio or daily cap, let it finish or cancel it`,
        zh: `无法启动扫描：同一策略、同一日期的扫描 ${open.id} 尚未完成，且组合或每日上限不同；请等其完成或取消`,
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

async function strategyFor(
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
    request.actor.roles.some((role) => sweepRoles.includes(role))
      ? null
      : refuse("forbidden", {
          en: `Sweep: found roles ${request.actor.roles.join(", ")}, expected one of ${sweepRoles.join(", ")}`,
          zh: `扫描：当前角色为 ${request.actor.roles.join("、")}，需要 ${sweepRoles.join("、")} 之一`,
        }),
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
  return refusal ?? stored!;
}

/** The id is derived from what is swept and how often that was done before: the same history, the same ids. */
async function newSweep(
  world: World,
  store: PortfolioStore,
  request: SweepRequest,
  strategy: StoredStrategy,
): Promise<Sweep> {
  const now = await world.clock.now();
  const earlier = await store.sweeps.count(strategy.hash, request.asOf);
  return {
    id: world.ids.derive(
      0,
      "sweep",
      strategy.hash,
      request.asOf,
      request.portfolio ?? "",
      String(earlier),
    ),
    strategy: { id: strategy.id, version: strategy.version, hash: strategy.hash },
    asOf: request.asOf,
    knownAt: now,
    portfolio: request.portfolio,
    dailyCapMinor: request.dailyCapMinor,
    state: "assessing",
    maker: request.actor.id,
    startedAt: now,
    finishedAt: null,
    counts: noCounts,
  };
}

/**
 * Works on a sweep until it is done, cancelled or `stop` says so. Any number of processes may work on one
 * sweep. Running it again after any interruption leads to the same decisions.
 * @returns the sweep as it stands, with its counts
 */
export async function runSweep(
  world: World,
  store: PortfolioStore,
  id: Id,
  run: SweepRun,
): Promise<Sweep> {
  const sweep = await mustFind(store, id);
  const strategy = await world.loadStrategy(sweep.strategy.hash);
  try {
    if (sweep.state === "assessing") {
      await pass(world, store, sweep, run, "assess", (bucket) =>
        assessOne(store, sweep, strategy, bucket),
      );
    }
    if (!run.stop()) await rank(world, store, sweep, strategy);
    if ((await mustFind(store, id)).state === "deciding") {
      await pass(world, store, sweep, run, "decide", (bucket) =>
        decideOne(world, store, sweep, strategy, bucket),
      );
    }
  } finally {
    await store.sweeps.free(id, run.owner);
  }
  if ((await store.sweeps.left(id, "decide")) === 0) {
    await store.sweeps.setState(id, ["deciding"], "done", await world.clock.now());
  }
  return mustFind(store, id);
}

async function mustFind(store: PortfolioStore, id: Id): Promise<Sweep> {
  const sweep = await store.sweeps.find(id);
  if (sweep === null) throw new Error(`Sweep is missing: ${id}`);
  return { ...sweep, counts: await store.sweeps.counts(id) };
}

/**
 * Works on free buckets, a few at once, until every bucket of the pass is done, `stop` says so, the sweep
 * is cancelled, or its area is halted: what is left waits for the next run.
 */
async function pass(
  world: World,
  store: PortfolioStore,
  sweep: Sweep,
  run: SweepRun,
  phase: "assess" | "decide",
  work: (bucket: number) => Promise<boolean>,
): Promise<void> {
  let done = 0;
  let stopped = false;
  const goesOn = async (): Promise<boolean> => {
    stopped ||= run.stop() || !(await mayGoOn(world, store, sweep.id));
    return !stopped;
  };
  const workFreeBuckets = async (): Promise<void> => {
    while (await goesOn()) {
      const bucket = await store.sweeps.lease(sweep.id, phase, run.owner, leaseMs);
      if (bucket === null) return;
      stopped ||= !(await work(bucket));
      done += 1;
      if (done % bucketsPerReport === 0) run.onProgress(await progressOf(store, sweep.id, phase));
    }
  };
  while (await goesOn()) {
    await inParallel(Array.from({ length: bucketsAtOnce }), bucketsAtOnce, workFreeBuckets);
    if (stopped || (await store.sweeps.left(sweep.id, phase)) === 0) return;
    await run.pause(200);
  }
}

async function mayGoOn(world: World, store: PortfolioStore, id: Id): Promise<boolean> {
  const halts = await world.store.halts.list(await world.clock.now());
  if (halts.some((halt) => ["sweep", "decide", "all"].includes(halt.area))) return false;
  const state = (await store.sweeps.find(id))?.state;
  return state !== "cancelled" && state !== "done";
}

async function progressOf(
  store: PortfolioStore,
  id: Id,
  phase: "assess" | "decide",
): Promise<SweepProgress> {
  const left = await store.sweeps.left(id, phase);
  return {
    phase,
    bucketsDone: bucketCount - left,
    buckets: bucketCount,
    counts: await store.sweeps.counts(id),
  };
}

async function assessOne(
  store: PortfolioStore,
  sweep: Sweep,
  strategy: CompiledStrategy,
  bucket: number,
): Promise<boolean> {
  const lines = await store.sweeps.read(sweep, bucket);
  const found = assessBucket(sweep, strategy, bucket, lines);
  await store.sweeps.saveAssessed(sweep.id, bucket, found.packed, found.proposals, found.counts);
  return true;
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
  if ((await mustFind(store, sweep.id)).state !== "ranking") return;
  const today = world.clock.dateOf(now);
  const turns = await grantTurns(world, store, strategy.document, sweep, today);
  await store.sweeps.saveGrants(sweep.id, turns.granted, turns.all);
}

async function decideOne(
  world: World,
  store: PortfolioStore,
  sweep: Sweep,
  strategy: CompiledStrategy,
  bucket: number,
): Promise<boolean> {
  const proposals = await store.sweeps.proposals(sweep.id, bucket);
  const counts = await decideBucket(world, strategy.document, sweep, bucket, proposals);
  if (counts === null) return false;
  await store.sweeps.saveDecided(sweep.id, bucket, counts);
  return true;
}

/**
 * What a sweep would do, from the same evaluate and the same ranking, with nothing stored. Drafts may be
 * previewed too.
 */
export async function previewSweep(
  world: World,
  store: PortfolioStore,
  request: SweepRequest,
  compile: (stored: StoredStrategy) => CompiledStrategy,
  run: Pick<SweepRun, "stop" | "onProgress">,
): Promise<Sweep | Refusal> {
  const stored = await strategyFor(world, request, ["active", "draft"]);
  if (isRefusal(stored)) return stored;
  const strategy = compile(stored);
  const sweep = await newSweep(world, store, request, stored);
  const proposals: Proposal[] = [];
  let counts = noCounts;
  for (let bucket = 0; bucket < bucketCount && !run.stop(); bucket += 1) {
    const found = assessBucket(sweep, strategy, bucket, await store.sweeps.read(sweep, bucket));
    proposals.push(...found.proposals);
    counts = addCounts(counts, found.counts);
    run.onProgress({ phase: "assess", bucketsDone: bucket + 1, buckets: bucketCount, counts });
  }
  return { ...sweep, counts: await previewPass(world, strategy, sweep, proposals, counts) };
}

async function previewPass(
  world: World,
  strategy: CompiledStrategy,
  sweep: Sweep,
  proposals: Proposal[],
  counts: SweepCounts,
): Promise<SweepCounts> {
  proposals.sort(
    (left, right) =>
      right.expectedLossAvoidedMinor - left.expectedLossAvoidedMinor ||
      (left.lineId < right.lineId ? -1 : 1),
  );
  const today = world.clock.dateOf(await world.clock.now());
  const { granted } = await grantRanked(world, strategy.document, sweep, today, proposals);
  const turn = new Set(granted.map((one) => one.lineId));
  const buckets = Map.groupBy(
    proposals.map((one) => ({ ...one, granted: turn.has(one.lineId) })),
    (one) => one.bucket,
  );
  let total = counts;
  await inParallel(buckets, bucketsAtOnce, async ([bucket, own]) => {
    const decided = await decideBucket(world, strategy.document, sweep, bucket, own, true);
    total = addCounts(total, decided ?? noCounts);
  });
  return total;
}
