// The sandbox's test clock: moving it forward fires what falls due on the way, in due order, together with
// everything that those timers schedule. A live installation has no such clock.

import type { Actor, Role } from "../domain/actor.ts";
import type { Instant } from "../domain/calendar.ts";
import type { Refusal } from "../domain/refusal.ts";
import { dispatch } from "./dispatch.ts";
import type { World } from "./ports.ts";
import { fireDue, haltedTimers } from "./scheduler.ts";
import { wholeLenderRefusal } from "./whole-lender.ts";

/** Roles that may move the test clock. */
export const clockRoles: readonly Role[] = ["operator", "administrator"];

/** Why this actor may not move the clock, which is everybody's. */
export function clockRefusal(actor: Actor): Refusal | null {
  return wholeLenderRefusal(actor, clockRoles, { en: "Test clock", zh: "沙箱时钟" });
}

export type TestClock = Readonly<{ set: (to: Instant) => Promise<void> }>;

export type Run = Readonly<{
  /** names the leases of this process */
  owner: string;
  stop: () => boolean;
  /** waits milliseconds of real time, for messages that were given back */
  pause: (ms: number) => Promise<void>;
  onStep: (at: Instant, fired: number) => void;
}>;

/**
 * Rounds of 100 ms to wait for messages that the world did not take, before the clock goes on without them:
 * longer than the lease of a process that was killed while it held them.
 */
const patience = 400;

/**
 * Sends every message, waiting for those that were given back after a fault. Messages of a halted area are
 * left alone.
 * @returns how many were sent
 */
export async function drain(world: World, run: Run): Promise<number> {
  let sent = 0;
  for (let round = 0; round < patience && !run.stop(); round += 1) {
    const now = (await dispatch(world, run.owner, run.stop)).sent;
    sent += now;
    const halted = (await world.store.halts.list(await world.clock.now())).length > 0;
    if ((halted && now === 0) || (await world.store.waiting.unsent()) === 0) break;
    await run.pause(100);
  }
  return sent;
}

export type Advanced = Readonly<{ from: Instant; to: Instant; fired: number; sent: number }>;

/**
 * Advances the clock to `target`, stopping at every due instant on the way. Refuses (RangeError) to go
 * back. Ctrl-C (`stop`) leaves the clock at the last instant that was worked off.
 */
export async function advanceClock(
  world: World,
  clock: TestClock,
  target: Instant,
  run: Run,
): Promise<Advanced> {
  const { stop } = run;
  const from = await world.clock.now();
  if (target < from) {
    throw new RangeError(`Cannot advance clock: found ${target}, expected ${from} or later`);
  }
  let fired = 0;
  let sent = 0;
  const settle = async (): Promise<void> => {
    fired += await fireDue(world, stop);
    sent += await drain(world, run);
    run.onStep(await world.clock.now(), fired);
  };
  await settle();
  while (!stop()) {
    const halts = await world.store.halts.list(await world.clock.now());
    const next = await world.store.waiting.nextDue(haltedTimers(halts, world));
    if (next === null || next > target) break;
    if (next > (await world.clock.now())) await clock.set(next);
    await settle();
  }
  if (!stop()) {
    await clock.set(target);
    await settle();
  }
  return { from, to: await world.clock.now(), fired, sent };
}
