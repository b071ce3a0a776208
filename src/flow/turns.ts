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

/** Takes every turn of a decision, or none: what was taken is given back when a later budget is used up. */
export async function takeTurns(
  world: Pick<World, "store">,
  turns: readonly PaceTurn[],
  decisionId: Id,
  today: BusinessDate,
): Promise<boolean> {
  for (const [index, turn] of turns.entries()) {
    const granted = await world.store.ledger.reserve(
      turn.ledger,
      windowOf(turn, today),
      turn.cap,
      decisionId,
      turn.amount,
    );
    if (granted) continue;
    const taken = turns.slice(0, index).map((one) => one.ledger);
    await releaseTurns(world, taken, decisionId);
    return false;
  }
  return true;
}

/** Gives back what a decision holds in these ledgers; nothing where it holds nothing. */
export async function releaseTurns(
  world: Pick<World, "store">,
  ledgers: readonly string[],
  decisionId: Id,
): Promise<void> {
  for (const ledger of ledgers) await world.store.ledger.release(ledger, decisionId);
}

/**
 * Gives back turns that led to nothing: their decision was never made, or it ended without effect.
 * @param wanted turns taken for a decision that may not exist; else those that the decision names
 */
export async function releaseUnusedTurns(
  world: Pick<World, "store">,
  decisionId: Id,
  wanted?: readonly PaceTurn[],
): Promise<void> {
  const decision = await world.store.reads.decision(decisionId);
  if (decision !== null && !endedWithoutEffect(decision.state)) return;
  const ledgers = (wanted ?? decision?.turns ?? []).map((turn) => turn.ledger);
  await releaseTurns(world, ledgers, decisionId);
}
