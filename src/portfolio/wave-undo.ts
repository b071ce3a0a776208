// Undoing a wave: one person says what shall be undone and why and sees what that does, another one approves it, and only
// then lines are given back. The work is done bucket by bucket like a sweep's: whoever is interrupted leaves the rest to
// the next run, and running it again changes nothing.

import { reachesPortfolio, type Actor, type Role } from "../domain/actor.ts";
import { bucketCount, type Bucket, type Id } from "../domain/id.ts";
import { firstRefusal, isRefusal, notFound, refuse, type Refusal } from "../domain/refusal.ts";
import { bucketsAtOnce, inParallel } from "../flow/in-parallel.ts";
import type { World } from "../flow/ports.ts";
import { stopsEverything } from "../flow/read-only.ts";
import { roleRefusal } from "../flow/role-refusal.ts";
import { workBuckets, type Look, type Worked } from "./bucket-work.ts";
import type { PortfolioStore, Sweep } from "./ports.ts";
import type { SweepRun } from "./sweep.ts";
import { countUndone, noUndoCounts } from "./wave-counts.ts";
import { undoBucket } from "./wave-undo-bucket.ts";
import type { UndoCounts, UndoneLine, WaveFilter, WaveUndo } from "./wave-ports.ts";

/** Roles that may propose to undo a wave. */
export const undoAuthorRoles: readonly Role[] = ["operator", "analyst", "compliance"];

/** Roles that may approve or reject it. */
export const undoApproverRoles: readonly Role[] = ["approver", "compliance", "legal"];

const rowsPerGroup = 500;
const mostExamples = 10;
const bucketsPerRead = 16;

export type UndoRequest = Readonly<{
  sweepId: Id;
  filter: WaveFilter;
  reason: string;
  actor: Actor;
}>;

/** `examples`: the largest amounts first. */
export type UndoPreview = Readonly<{ undo: WaveUndo; examples: readonly UndoneLine[] }>;

/**
 * Says what undoing would do, from the same commands rolled back, and stores the proposal unless it is a dry run. Refused:
 * a wrong role or scope, no reason, an unknown sweep, one that has not ended, nothing to undo.
 */
export async function proposeUndo(
  world: World,
  store: PortfolioStore,
  request: UndoRequest,
  options: Readonly<{ dryRun?: boolean }> = {},
): Promise<UndoPreview | Refusal> {
  const { sweepId, filter, actor } = request;
  const reason = request.reason.trim();
  const sweep = await store.sweeps.find(sweepId);
  const refusal = firstRefusal([
    roleRefusal(actor, undoAuthorRoles, { en: "Undo wave", zh: "撤销批次" }),
    sweep === null
      ? notFound({ en: "sweep", zh: "扫描" }, sweepId)
      : scopeRefusal(actor, sweep.portfolio, sweepId),
    reason === ""
      ? refuse(
          "invalid",
          { en: "Undo wave: found no reason", zh: "撤销批次：未填写理由" },
          "/reason",
        )
      : null,
    sweep === null ? null : endedRefusal(sweep),
  ]);
  if (refusal !== null) return refusal;
  const proposed: WaveUndo = {
    id: world.ids.fresh(),
    ...{ sweepId, portfolio: sweep!.portfolio, filter, reason, author: actor.id },
    proposedAt: await world.clock.now(),
    ...{ planned: noUndoCounts, state: "proposed", decidedBy: null },
    ...{ decidedAt: null, finishedAt: null },
  };
  const seen = await rehearsal(world, store, proposed);
  if (isRefusal(seen)) return seen;
  const undo = { ...proposed, planned: seen.counts };
  if (options.dryRun !== true) await store.waves.propose(undo);
  return { undo, examples: seen.examples };
}

function scopeRefusal(actor: Actor, portfolio: string | null, name: Id): Refusal | null {
  return reachesPortfolio(actor.scope, portfolio)
    ? null
    : refuse("out-of-scope", {
        en: `Undo wave ${name}: it is outside the scope of ${actor.id}`,
        zh: `撤销批次 ${name}：不在 ${actor.id} 的管辖范围内`,
      });
}

/** A sweep that goes on would make new decisions behind the back of whoever undoes them. */
function endedRefusal({ id, state }: Sweep): Refusal | null {
  return state === "done" || state === "cancelled"
    ? null
    : refuse("wrong-state", {
        en: `Cannot undo wave of sweep ${id}: it is ${state}, let it finish or cancel it first`,
        zh: `无法撤销扫描 ${id} 的批次：当前为 ${state}，请等其完成或先取消`,
      });
}

type Rehearsal = Readonly<{ counts: UndoCounts; examples: readonly UndoneLine[] }>;

async function rehearsal(
  world: World,
  store: PortfolioStore,
  undo: WaveUndo,
): Promise<Rehearsal | Refusal> {
  let counts = noUndoCounts;
  let examples: readonly UndoneLine[] = [];
  let halted = false;
  const groups = Array.from({ length: bucketCount / bucketsPerRead }, (_, group) =>
    Array.from({ length: bucketsPerRead }, (_none, index) => group * bucketsPerRead + index),
  );
  await inParallel(groups, bucketsAtOnce, async (buckets) => {
    for (const [bucket, found] of await store.waves.decisions(undo.sweepId, buckets)) {
      if (found.length === 0 || halted) continue;
      const lines = await undoBucket(world, undo, bucket, found, true);
      halted ||= lines === null;
      counts = (lines ?? []).reduce(countUndone, counts);
      examples = largestFirst([...examples, ...(lines ?? [])]).slice(0, mostExamples);
    }
  });
  if (halted) {
    return refuse("halted", {
      en: "Undo wave: deciding is halted, lift the halt first",
      zh: "撤销批次：决策环节已被停用，请先解除停用",
    });
  }
  return examples.length > 0
    ? { counts, examples }
    : refuse("not-found", {
        en: `Undo wave: no decision of sweep ${undo.sweepId} is left to undo under this filter`,
        zh: `撤销批次：扫描 ${undo.sweepId} 中没有符合条件且待撤销的决定`,
      });
}

function largestFirst(lines: readonly UndoneLine[]): readonly UndoneLine[] {
  return lines.toSorted(
    (left, right) =>
      right.amountMinor - left.amountMinor || (left.decisionId < right.decisionId ? -1 : 1),
  );
}

/**
 * Approves an undoing, which may run then, or rejects it for good; whoever proposed it may reject it too. Refused: a wrong
 * role or scope, an unknown one, one that was decided, and its own author's approval.
 */
export async function decideUndo(
  world: World,
  store: PortfolioStore,
  id: Id,
  verdict: "approve" | "reject",
  actor: Actor,
  options: Readonly<{ dryRun?: boolean }> = {},
): Promise<WaveUndo | Refusal> {
  const undo = await store.waves.find(id);
  const isAuthor = undo?.author === actor.id;
  const refusal = firstRefusal([
    isAuthor && verdict === "reject"
      ? null
      : roleRefusal(actor, undoApproverRoles, {
          en: "Decide on undoing a wave",
          zh: "审批批次撤销",
        }),
    undo === null
      ? notFound({ en: "undoing of a wave", zh: "批次撤销" }, id)
      : scopeRefusal(actor, undo.portfolio, id),
    undo === null || undo.state === "proposed" ? null : decidedRefusal(undo),
    isAuthor && verdict === "approve"
      ? refuse("maker-is-checker", {
          en: `Cannot approve undoing ${id}: ${actor.id} proposed it, somebody else must approve`,
          zh: `无法批准撤销 ${id}：由 ${actor.id} 提出，须由他人批准`,
        })
      : null,
  ]);
  if (refusal !== null) return refusal;
  if (options.dryRun === true) return undo!;
  const to = verdict === "approve" ? "running" : "rejected";
  await store.waves.enter(id, "proposed", to, actor.id, await world.clock.now());
  const decided = await mustFind(store, id);
  return decided.decidedBy === actor.id && decided.state !== "proposed"
    ? decided
    : decidedRefusal(decided);
}

function decidedRefusal({ id, state, decidedBy }: WaveUndo): Refusal {
  return refuse("already-resolved", {
    en: `Undoing ${id}: found ${state} by ${decidedBy ?? "nobody"}, expected proposed`,
    zh: `批次撤销 ${id}：已由 ${decidedBy ?? "—"} 处理（${state}），应为待审批`,
  });
}

/**
 * Works on an approved undoing until it is done, `stop` says so, or deciding is halted. Any number of processes may work
 * on it; running it again after any interruption leads to the same end.
 */
export async function runUndo(
  world: World,
  store: PortfolioStore,
  id: Id,
  run: Pick<SweepRun, "owner" | "stop" | "pause"> &
    Readonly<{ onDone?: (bucketsDone: number) => void }>,
): Promise<WaveUndo> {
  const undo = await mustFind(store, id);
  if (undo.state !== "running") return undo;
  const { owner, stop } = run;
  try {
    await workBuckets(
      {
        ...{ sweeps: store.sweeps, id, pass: "decide", owner, stop, rowsPerGroup },
        mayGoOn: () => mayGoOn(world),
        work: (buckets, look) => undoBuckets(world, store, undo, buckets, look),
        onDone: async (bucketsDone) => run.onDone?.(bucketsDone),
      },
      run.pause,
    );
  } finally {
    await store.sweeps.free(id, owner);
  }
  if ((await store.sweeps.left(id, "decide")) === 0) {
    await store.waves.enter(id, "running", "done", undo.decidedBy!, await world.clock.now());
  }
  return mustFind(store, id);
}

async function mayGoOn({ store, clock }: World): Promise<boolean> {
  const halts = await store.halts.list(await clock.now());
  return !stopsEverything(halts) && !halts.some(({ area }) => area === "decide");
}

async function undoBuckets(
  world: World,
  store: PortfolioStore,
  undo: WaveUndo,
  buckets: readonly Bucket[],
  { asked }: Look,
): Promise<Worked> {
  let rows = 0;
  for (const [bucket, found] of await store.waves.decisions(undo.sweepId, buckets)) {
    if (asked()) return { goOn: false, rows };
    const lines = await undoBucket(world, undo, bucket, found);
    if (lines === null) return { goOn: false, rows };
    await store.waves.saveUndone(undo.id, bucket, lines);
    rows += found.length;
  }
  return { goOn: true, rows };
}

async function mustFind(store: PortfolioStore, id: Id): Promise<WaveUndo> {
  const undo = await store.waves.find(id);
  if (undo === null) throw new Error(`Undoing of a wave is missing: ${id}`);
  return undo;
}
