// The sandbox's test clock: moving it forward fires what falls due on the way, in due order, together with
// everything that those timers schedule. A live installation has no such clock.

import type { Instant } from "../domain/calendar.ts";
import { dispatch } from "./dispatch.ts";
import type { World } from "./ports.ts";
import { fireDue, haltedTimers } from "./scheduler.ts";

export type TestClock = Readonly<{ set: (to: Instant) => Promise<void> }>;

export type Advanced = Readonly<{ from: Instant; to: Instant; fired: number; sent: number }>;

/**
 * Advances the clock to `target`, stopping at every due instant on the way. Refuses (RangeError) to go
 * back. Ctrl-C (`stop`) leaves the clock at the last instant that was worked off.
 */
export async function advanceClock(
  world: World,
  clock: TestClock,
  target: Instant,
  owner: string,
  stop: () => boolean = () => false,
  onStep: (at: Instant, fired: number) => void = () => {},
): Promise<Advanced> {
  const from = await world.clock.now();
  if (target < from) {
    throw new RangeError(`Cannot advance clock: found ${target}, expected ${from} or later`);
  }
  let fired = 0;
  let sent = 0;
  const settle = async (): Promise<void> => {
    fired += await fireDue(world, stop);
    sent += (await dispatch(world, owner, stop)).sent;
    onStep(await world.clock.now(), fired);
  };
  await settle();
  while (!stop()) {
    const halts = await world.store.halts.list(await world.clock.now());
    const next = await world.store.waiting.nextDue(haltedTimers(halts));
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
