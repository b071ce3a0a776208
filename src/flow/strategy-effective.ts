// An approved version comes into force by itself on its date: a timer waits for the start of that day, and what fires
// brings in whatever is due, so that a timer too many changes nothing and one that was missed is made good.

import { serviceActor } from "../domain/actor.ts";
import type { Timer } from "../domain/timer.ts";
import type { StoredStrategy, StrategyStep, Wanted, World } from "./ports.ts";

type TimedWorld = Pick<World, "store" | "clock" | "ids">;

const { id: by } = serviceActor("scheduler");

/** Sets the timer of a version that is about to be approved for a later day. */
export async function scheduleStrategy(
  world: TimedWorld,
  { id, version }: Pick<StoredStrategy, "id" | "version">,
  effectiveOn: NonNullable<StoredStrategy["effectiveOn"]>,
): Promise<void> {
  await saveTimer(world, {
    ...{ bucket: 0, kind: "strategy-effective", priority: 0, owner: "strategy", state: "waiting" },
    id: world.ids.derive(0, "strategy-effective", id, String(version)),
    subject: world.ids.derive(0, "strategy", id),
    due: world.clock.startOf(effectiveOn),
  });
}

/** Brings every approved version into force whose date has come, earlier dates first, and consumes the timer. */
export async function fireStrategies(world: TimedWorld, timer: Timer): Promise<void> {
  const at = await world.clock.now();
  const today = world.clock.dateOf(at);
  const due = (await world.store.strategies.list())
    .flatMap(({ id, version, state, effectiveOn }) =>
      state === "approved" && effectiveOn !== null && effectiveOn <= today
        ? [{ id, version, effectiveOn }]
        : [],
    )
    .toSorted((one, other) => (one.effectiveOn < other.effectiveOn ? -1 : 1));
  for (const { id, version } of due) {
    const step: StrategyStep = { id, version, state: "active", at, by, reason: null };
    await world.store.strategies.enter([step], ["approved"]);
  }
  await saveTimer(world, { ...timer, state: "fired" });
}

/** Stores a timer as it is now, in a transaction of its own. */
export function saveTimer(
  { store, clock }: Pick<World, "store" | "clock">,
  timer: Timer,
): Promise<void> {
  return store.transaction(timer.bucket, false, async (transaction) => {
    const today = clock.dateOf(await clock.now());
    const state = await transaction.load({ ...nothing, today });
    state.timers.set(timer.id, timer);
    await transaction.save({ state, events: [], leaves: [], doneOutbox: [], reply: null });
  });
}

/** Nothing to load. */
export const nothing: Omit<Wanted, "today"> = {
  ...{
    lines: [],
    decisions: [],
    reviews: [],
    notices: [],
    offers: [],
    alerts: [],
    reminders: [],
    remindersOf: [],
    customers: [],
    signals: [],
  },
  factsOf: [],
  decreasedOf: [],
  panes: [],
};
