// Names of what a stop switch can stop beside the areas of the steps: every write at once, and the wave of one sweep.

import type { Id } from "./id.ts";

/** Makes everything read-only. */
export const readOnlyArea = "read-only";

const wavePrefix = "wave:";

/** Holds the wave of one sweep: its remaining notices and executions. */
export function waveArea(sweepId: Id): string {
  return `${wavePrefix}${sweepId}`;
}

/** The sweep whose wave an area holds; null for any other area. */
export function waveOfArea(area: string): Id | null {
  return area.startsWith(wavePrefix) ? area.slice(wavePrefix.length) : null;
}
