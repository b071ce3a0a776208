// The one scheduler: it fires timers in due order, equal instants by priority, and never fires one twice,
// because a timer is consumed in the transaction of the command it sends. Timers of a halted area wait.

import { serviceActor } from "../domain/actor.ts";
import type { Instant } from "../domain/calendar.ts";
import { bucketOfId, type Id } from "../domain/id.ts";
import type { Timer, TimerKind } from "../domain/timer.ts";
import { perBucket, throwFirst, type Broken } from "./in-parallel.ts";
import type { Halt, World } from "./ports.ts";
import { stepOf } from "./pipeline.ts";
import type { Command } from "./step.ts";
import { transact, type CommandResult } from "./transact.ts";
import { releaseUnusedTurns, takeTurns } from "./turns.ts";

/** What each kind of timer sends when it fires. */
const commandOf: Readonly<Record<TimerKind, string>> = {
  pace: "Reserve",
  "review-due": "EscalateReview",
  "notice-retry": "Redeliver",
  execute: "Apply",
  "override-expiry": "ExpireOverride",
};

const timersAtOnce = 1000;

const actor = serviceActor("scheduler");

/** Kinds of timers whose command lies in a halted area. */
export function haltedTimers(halts: readonly Halt[]): readonly TimerKind[] {
  const areas = new Set(halts.map((halt) => halt.area));
  return (Object.keys(commandOf) as TimerKind[]).filter(
    (kind) => areas.has("all") || areas.has(stepOf(commandOf[kind])!.area),
  );
}

/**
 * Fires everything due at the clock's present instant, and what that schedules for the same instant. A
 * bucket whose transaction fails for a reason that trying again does not cure is set aside, the others go
 * on, and its failure is thrown in the end.
 * @param stop asked between batches; true ends early with everything so far committed
 * @returns how many timers fired
 */
export async function fireDue(world: World, stop: () => boolean = () => false): Promise<number> {
  let fired = 0;
  const broken: Broken = new Map();
  while (!stop()) {
    const now = await world.clock.now();
    const except = haltedTimers(await world.store.halts.list(now));
    const due = await world.store.waiting.dueTimers(now, timersAtOnce, except, [...broken.keys()]);
    if (due.length === 0) break;
    await fire(world, due, now, broken);
    fired += due.length;
  }
  throwFirst(broken);
  return fired;
}

async function fire(
  world: World,
  due: readonly Timer[],
  now: Instant,
  broken: Broken,
): Promise<void> {
  const commands: Command[] = [];
  for (const timer of due) commands.push(await commandFor(world, timer, now));
  await perBucket(
    commands,
    (command) => bucketOfId(command.subject),
    broken,
    async (bucket, batch) => {
      for (const result of await transact(world, bucket, batch))
        await giveUnusedTurnBack(world, result);
    },
  );
}

/** A turn that was taken for a decision which ended in the meantime belongs to the budget again. */
async function giveUnusedTurnBack(world: World, result: CommandResult): Promise<void> {
  const { command } = result;
  if (command.kind !== "Reserve" || command.body["granted"] !== true) return;
  if ("events" in result && result.events.length > 0) return;
  await releaseUnusedTurns(world, command.subject);
}

async function commandFor(world: World, timer: Timer, now: Instant): Promise<Command> {
  return {
    id: world.ids.derive(timer.bucket, "fire", timer.id),
    kind: commandOf[timer.kind],
    subject: timer.subject,
    actor,
    cause: timer.id,
    timerId: timer.id,
    body: timer.kind === "pace" ? { granted: await takeTurn(world, timer.subject, now) } : {},
  };
}

/** Asks the ledger for a turn today; the answer is the same however often it is asked. */
async function takeTurn(world: World, decisionId: Id, now: Instant): Promise<boolean> {
  const decision = await world.store.reads.decision(decisionId);
  return decision === null || decision.state !== "paced"
    ? true
    : takeTurns(world, decision.turns, decision.id, world.clock.dateOf(now));
}
