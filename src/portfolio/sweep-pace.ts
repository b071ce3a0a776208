// Between the passes of a sweep: all proposals are ranked by expected loss avoided, and as many as the
// budgets' present windows hold get their turn. A proposal that does not fit waits; smaller ones behind it
// may still go, so that one big line never blocks the day.

import type { BusinessDate } from "../domain/calendar.ts";
import type { PaceTurn } from "../domain/decision.ts";
import { minorUnits } from "../domain/money.ts";
import type { Id } from "../domain/id.ts";
import type { Ids, World } from "../flow/ports.ts";
import { windowOf } from "../flow/turns.ts";
import type { Strategy } from "../policy/strategy.ts";
import type { PortfolioStore, Proposal, Sweep } from "./ports.ts";

type Ranked = Omit<Proposal, "assessment">;

/** The turns that one proposal needs: one in each budget of the strategy whose scope it is in, and the sweep's own cap. */
export function turnsOf(
  strategy: Strategy,
  sweep: Pick<Sweep, "id" | "dailyCapMinor">,
  proposal: Pick<Ranked, "portfolio" | "segment" | "removedMinor">,
): readonly PaceTurn[] {
  const turns: PaceTurn[] = [];
  for (const budget of strategy.pace.budgets) {
    const { scope, cap } = budget;
    if (scope.kind === "portfolio" && scope.portfolio !== proposal.portfolio) continue;
    if (scope.kind === "segment" && scope.segment !== proposal.segment) continue;
    turns.push({
      ledger: `${strategy.id}/${budget.id}`,
      window: budget.window,
      cap: cap.kind === "count" ? cap.count : (minorUnits(cap.amount, strategy.currency) ?? 0),
      amount: cap.kind === "count" ? 1 : proposal.removedMinor,
    });
  }
  if (sweep.dailyCapMinor !== null) {
    turns.push({
      ledger: `sweep/${sweep.id}`,
      window: "day",
      cap: sweep.dailyCapMinor,
      amount: proposal.removedMinor,
    });
  }
  return turns;
}

/** The decision that a proposal becomes: derived, so that deciding it again is the same decision. */
export function decisionOf(
  ids: Pick<Ids, "derive">,
  strategy: Strategy,
  sweep: Sweep,
  { bucket, lineId }: Pick<Proposal, "bucket" | "lineId">,
): Id {
  return ids.derive(bucket, "decision", sweep.id, lineId, strategy.area);
}

export type Granted = Readonly<{
  /** nothing has to wait */
  all: boolean;
  granted: readonly Readonly<Pick<Proposal, "bucket" | "lineId">>[];
}>;

/**
 * Ranks and grants. Nothing is reserved here: each granted decision takes its turns, keyed by its own id,
 * just before it is made, so that doing this again after an interruption never takes twice.
 */
export async function grantTurns(
  world: Pick<World, "store">,
  store: PortfolioStore,
  strategy: Strategy,
  sweep: Sweep,
  today: BusinessDate,
): Promise<Granted> {
  if (strategy.pace.budgets.length === 0 && sweep.dailyCapMinor === null) {
    return { all: true, granted: [] };
  }
  return grantRanked(world, strategy, sweep, today, store.sweeps.ranked(sweep.id));
}

/** Walks proposals in rank order against what the windows still hold. */
export async function grantRanked(
  world: Pick<World, "store">,
  strategy: Strategy,
  sweep: Sweep,
  today: BusinessDate,
  ranked: AsyncIterable<Ranked> | Iterable<Ranked>,
): Promise<Granted> {
  const remaining = new Map<string, number>();
  const granted: Pick<Proposal, "bucket" | "lineId">[] = [];
  let all = true;
  for await (const proposal of ranked) {
    const turns = turnsOf(strategy, sweep, proposal);
    for (const turn of turns) {
      if (remaining.has(turn.ledger)) continue;
      const window = windowOf(turn, today);
      remaining.set(turn.ledger, await world.store.ledger.remaining(turn.ledger, window, turn.cap));
    }
    if (turns.some((turn) => turn.amount > remaining.get(turn.ledger)!)) {
      all = false;
      continue;
    }
    for (const turn of turns) {
      remaining.set(turn.ledger, remaining.get(turn.ledger)! - turn.amount);
    }
    granted.push({ bucket: proposal.bucket, lineId: proposal.lineId });
  }
  return { all, granted };
}
