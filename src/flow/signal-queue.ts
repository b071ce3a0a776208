// Signals that come in at the same time are taken together: what arrives while a batch is being written waits for it and
// makes the next one. So one transaction serves many senders without anybody waiting for a clock, each sender hears of
// its own events only, and a queue that is full says so instead of growing.

import type { Actor } from "../domain/actor.ts";
import { refuse, type Refusal } from "../domain/refusal.ts";
import type { IncomingSignal, TakenSignal } from "../domain/signal.ts";
import { mayPass } from "./in-parallel.ts";

/** Takes events of one sender; what became of each, in their order. */
export type Take = (
  actor: Actor,
  incoming: readonly IncomingSignal[],
) => Promise<readonly TakenSignal[]>;

/** `waiting`: events that may wait; `atOnce`: events of one batch, a request is never split; `batches` under way. */
export type QueueLimits = Readonly<{ waiting: number; atOnce: number; batches: number }>;

export const usualQueueLimits: QueueLimits = { waiting: 10_000, atOnce: 500, batches: 2 };

type Request = Readonly<{
  actor: Actor;
  sender: string;
  incoming: readonly IncomingSignal[];
  resolve: (taken: readonly TakenSignal[]) => void;
  reject: (error: unknown) => void;
}>;

/**
 * The same as `take`, for many callers at once. Events of one sender are taken in the order in which they came. Refused
 * (busy, nothing is kept) where too many wait already. What `take` throws is thrown to those whose events it was about.
 */
export function signalQueue(take: Take, limits: QueueLimits = usualQueueLimits): Take {
  let queue: Request[] = [];
  let waiting = 0;
  let underWay = 0;
  const begin = (): void => {
    while (underWay < limits.batches && queue.length > 0) {
      const batch = nextBatch(queue, limits.atOnce);
      queue = queue.filter((one) => !batch.has(one));
      waiting -= eventsOf(batch);
      underWay += 1;
      void takeTogether(take, [...batch]).finally(() => {
        underWay -= 1;
        begin();
      });
    }
  };
  return (actor, incoming) => {
    if (waiting > 0 && waiting + incoming.length > limits.waiting) {
      const refusal = busy(waiting, limits);
      return Promise.resolve(incoming.map(() => ({ outcome: "refused", refusal })));
    }
    return new Promise((resolve, reject) => {
      const sender = JSON.stringify([actor.id, actor.roles, actor.scope]);
      queue.push({ actor, sender, incoming, resolve, reject });
      waiting += incoming.length;
      begin();
    });
  };
}

/** The oldest request and those of the same sender behind it, as many as fit. */
function nextBatch(queue: readonly Request[], atOnce: number): ReadonlySet<Request> {
  const { sender } = queue[0]!;
  const batch = new Set<Request>();
  let events = 0;
  for (const request of queue) {
    if (request.sender !== sender) continue;
    events += request.incoming.length;
    if (batch.size > 0 && events > atOnce) break;
    batch.add(request);
  }
  return batch;
}

function eventsOf(batch: Iterable<Request>): number {
  let events = 0;
  for (const { incoming } of batch) events += incoming.length;
  return events;
}

async function takeTogether(take: Take, batch: readonly Request[]): Promise<void> {
  try {
    const { actor } = batch[0]!;
    const taken = await take(
      actor,
      batch.flatMap(({ incoming }) => incoming),
    );
    let from = 0;
    for (const { incoming, resolve } of batch) {
      resolve(taken.slice(from, (from += incoming.length)));
    }
  } catch (error) {
    // A lost connection concerns everybody; anything else is the doing of one, who shall not take the others along.
    if (batch.length === 1 || mayPass(error)) for (const { reject } of batch) reject(error);
    else for (const request of batch) await takeTogether(take, [request]);
  }
}

function busy(waiting: number, limits: QueueLimits): Refusal {
  return refuse("busy", {
    en: `Signals: ${waiting} events wait already, expected at most ${limits.waiting}`,
    zh: `信号接入：已有 ${waiting} 个事件等待处理，上限为 ${limits.waiting}`,
  });
}
