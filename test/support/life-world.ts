// The world around a random life: channels and a core system that do well, are slow, say no, or get lost on the way there or
// back, each message by its fate, and a watch that sees everything that leaves.

import { applyRecord, decideOperation } from "../../src/adapters/core-simulator/core-book.ts";
import { Fault } from "../../src/adapters/fault.ts";
import type { Notice } from "../../src/domain/notice.ts";
import type { World } from "../../src/flow/ports.ts";
import type { Event } from "../../src/flow/state.ts";
import type { Fate } from "./life-moves.ts";
import type { Watch } from "./life-watch.ts";
import type { TestWorld } from "./world.ts";

/** Faults are given back without a wait, messages leave one at a time: what happens next never depends on real time. */
export function worldOf(
  test: TestWorld,
  watch: Watch,
  events: Event[],
  fates: readonly Fate[],
  honest: Readonly<{ now: boolean }>,
): World {
  const { store } = test.world;
  const tries = new Map<string, number>();
  const fateOf = (id: string): Fate => {
    const tried = tries.get(id) ?? 0;
    tries.set(id, tried + 1);
    // The third try of any message does well, else one dispatch would never end.
    if (honest.now || tried > 1) return "well";
    return fates[(Number.parseInt(id.slice(-4), 16) + tried) % fates.length]!;
  };
  return {
    ...test.world,
    store: {
      ...store,
      waiting: {
        ...store.waiting,
        leaseOutbox: (owner, leaseMs, _limit, except) =>
          store.waiting.leaseOutbox(owner, leaseMs, 1, except),
        retryOutbox: (entry, owner, _delayMs, fault) =>
          store.waiting.retryOutbox(entry, owner, 0, fault),
      },
    },
    observe: (happened) => {
      events.push(...happened);
      watch.observe(happened);
    },
    channels: {
      ...test.world.channels,
      deliver: async (notice, delivery) => deliver(watch, notice, fateOf(delivery.id)),
    },
    core: coreOf(test, watch, fateOf),
  };
}

function lost(): never {
  throw new Fault("Lost on the way", { retryable: true });
}

function deliver(watch: Watch, notice: Notice, fate: Fate) {
  watch.onDeliver(notice);
  if (fate === "lost") lost();
  if (fate === "no" || fate === "never") {
    return { result: "bounced", because: "no such address", permanent: fate === "never" } as const;
  }
  watch.onDelivered(notice);
  if (fate === "late") lost();
  return { result: fate === "slow" ? "sent" : "delivered" } as const;
}

function coreOf({ book, world }: TestWorld, watch: Watch, fateOf: (id: string) => Fate) {
  const { core } = world;
  return {
    ...core,
    apply: async (operation: Parameters<typeof core.apply>[0]) => {
      const fate = fateOf(operation.operationId);
      if (fate === "lost") lost();
      if (!book.operations.has(operation.operationId)) {
        watch.onApply(operation, world.clock.dateOf(await world.clock.now()));
        applyRecord(book, decideOperation(book, operation, fate === "never"));
      }
      if (fate === "late") lost();
      return core.apply(operation);
    },
  };
}
