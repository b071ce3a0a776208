// Turns in the pace budgets, as the ledger grants them: a decision gets all the turns it needs in one
// window each, or none. Reservations are keyed by decision, so asking again never takes twice.

import { weekStart, type BusinessDate } from "../domain/calendar.ts";
import { endedWithoutEffect, type PaceTurn } from "../domain/decision.ts";
import type { Id } from "../domain/id.ts";
import type { World } from "./ports.ts";

/** First day of the window that `today` lies in. */
export function windowOf(turn: PaceTurn, today: BusinessDate): BusinessDate {
  return turn.window === "day" ? today : weekStart(today);
}

/** A decision and the turns that it needs. */
export type WantedTurns = Readonly<{ decisionId: Id; turns: readonly PaceTurn[] }>;

/**
 * Asks for the turns of many decisions, the first first: what one after the other would get.
 * @returns the decisions that hold all their turns, now or before; those that need none are among them
 */
export async function takeTurns(
  world: Pick<World, "store">,
  wanted: readonly WantedTurns[],
  today: BusinessDate,
): Promise<ReadonlySet<Id>> {
  const requests = wanted.map(({ decisionId, turns }) => ({
    key: decisionId,
    turns: turns.map((turn) => ({
      ...{ budget: turn.ledger, window: windowOf(turn, today) },
      ...{ cap: turn.cap, amount: turn.amount },
    })),
  }));
  return world.store.ledger.reserveAll(requests);
}

/** Gives back what decisions hold in these ledgers; nothing where they hold nothing. */
export async function releaseTurns(
  world: Pick<World, "store">,
  ledgers: readonly string[],
  decisionIds: readonly Id[],
): Promise<void> {
  await world.store.ledger.releaseAll(ledgers, decisionIds);
}

/**
 * Gives back turns that led to nothing: their decision was never made, or it ended without effect.
 * @param wanted decisions with the turns that were asked for, or null for those that the decision names
 */
export async function releaseUnusedTurns(
  world: Pick<World, "store">,
  wanted: readonly Readonly<{ decisionId: Id; turns: readonly PaceTurn[] | null }>[],
): Promise<void> {
  if (wanted.length === 0) return;
  const found = await world.store.waiting.turnsOf(wanted.map(({ decisionId }) => decisionId));
  const ledgers = new Set<string>();
  const unused: Id[] = [];
  for (const { decisionId, turns } of wanted) {
    const decision = found.get(decisionId);
    if (decision !== undefined && !endedWithoutEffect(decision.state)) continue;
    unused.push(decisionId);
    for (const turn of turns ?? decision?.turns ?? []) ledgers.add(turn.ledger);
  }
  await releaseTurns(world, [...ledgers], unused);
}
