// What an editor asks about a stored version while somebody writes it: the whole check, and single cells against what
// they test. Nothing is changed.

import type { Refusal } from "../domain/refusal.ts";
import { checkCells, type CellFault, type CellQuestion } from "../policy/cell-check.ts";
import type { CheckedVersion, World } from "./ports.ts";
import { checkedIn } from "./strategy-laws.ts";
import { missing } from "./strategy-life.ts";

type StrategyStore = Pick<World, "store">;

/** Checks a stored version. Refused: not-found. */
export async function checkVersion(
  world: Pick<World, "store" | "check" | "declared">,
  id: string,
  version: number,
): Promise<CheckedVersion | Refusal> {
  const stored = await world.store.strategies.find(id, version);
  if (stored === null) return missing(id, version);
  return { stored, ...(await checkedIn(world, JSON.parse(stored.document), stored.hash)) };
}

/** One answer per cell, null where nothing is wrong with it. Refused: not-found. */
export async function checkVersionCells(
  { store }: StrategyStore,
  id: string,
  version: number,
  cells: readonly CellQuestion[],
): Promise<readonly (CellFault | null)[] | Refusal> {
  const stored = await store.strategies.find(id, version);
  if (stored === null) return missing(id, version);
  return checkCells(JSON.parse(stored.document), cells);
}
