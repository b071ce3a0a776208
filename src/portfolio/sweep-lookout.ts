// Sweeps that nobody works on although they may go on: resumed by another process, held by a halt that has been lifted,
// or left by a process that died. A sweep that does not come to its end is tried again later and later.

import type { Id } from "../domain/id.ts";
import type { World } from "../flow/ports.ts";
import type { PortfolioStore } from "./ports.ts";
import { sweepHalts } from "./sweep.ts";

const firstWaitMs = 4_000;
const longestWaitMs = 300_000;

type Wait = Readonly<{ untilMs: number; waitMs: number }>;

const newest = 100;

/** All that may go on, leased or not: whoever held a lease may have been killed with the process before this one. */
async function goingOn({ list }: PortfolioStore["sweeps"]): Promise<readonly Id[]> {
  const ended = ["done", "cancelled"];
  return (await list(null, newest))
    .filter(({ state, pausedBy }) => !ended.includes(state) && pausedBy === null)
    .map(({ id }) => id);
}

/**
 * Finds the sweeps to go on with each time it is called, with real time in milliseconds. `isAtWork` says that this
 * process works on one already.
 */
export function sweepLookout(
  world: World,
  { sweeps }: Pick<PortfolioStore, "sweeps">,
  isAtWork: (id: Id) => boolean,
): (nowMs: number) => Promise<readonly Id[]> {
  const waits = new Map<Id, Wait>();
  let hasLooked = false;
  return async (nowMs) => {
    const found = await (hasLooked ? sweeps.idle() : goingOn(sweeps));
    hasLooked = true;
    const idle = found.filter((id) => !isAtWork(id));
    for (const id of waits.keys()) if (!idle.includes(id) && !isAtWork(id)) waits.delete(id);
    const halts = idle.length === 0 ? [] : await world.store.halts.list(await world.clock.now());
    if (sweepHalts(halts)) return [];
    const due = idle.filter((id) => (waits.get(id)?.untilMs ?? 0) <= nowMs);
    for (const id of due) {
      const waitMs = Math.min(longestWaitMs, (waits.get(id)?.waitMs ?? firstWaitMs / 2) * 2);
      waits.set(id, { untilMs: nowMs + waitMs, waitMs });
    }
    return due;
  };
}
