// The one scheduler: it fires timers in due order, equal instants by priority, and never fires one twice,
// because a timer is consumed in the transaction of the command it sends. Timers of a halted area wait.

import { serviceActor } from "../domain/actor.ts";
import type { Instant } from "../domain/calendar.ts";
import { readOnlyArea } from "../domain/halt-area.ts";
import { bucketOfId, type Id } from "../domain/id.ts";
import type { ReminderEnd } from "../domain/reminder.ts";
import type { LineTimerKind, Timer, TimerKind } from "../domain/timer.ts";
import { perBucket, throwFirst, type Broken } from "./in-parallel.ts";
import type { Halt, HeldBy } from "./hold-ports.ts";
import type { World } from "./ports.ts";
import { alertStep } from "./alert.ts";
import { decideStep } from "./decide.ts";
import { fireLooks } from "./behaviour-looks.ts";
import { stepOf } from "./pipeline.ts";
import { stoppedReminders } from "./reminder-standing.ts";
import { stopsEverything } from "./read-only.ts";
import { fireStrategies } from "./strategy-effective.ts";
import type { Command } from "./step.ts";
import { transact, type CommandResult } from "./transact.ts";
import { releaseUnusedTurns, takeTurns } from "./turns.ts";

/** What each kind of timer sends when it fires. */
const commandOf: Readonly<Record<LineTimerKind, string>> = {
  pace: "Reserve",
  "review-due": "EscalateReview",
  "notice-issue": "IssueNotice",
  "review-wake": "WakeReview",
  "notice-retry": "Redeliver",
  "notice-release": "ReleaseNotice",
  "notice-receipt": "MissReceipt",
  "notice-escalate": "EscalateNotice",
  "offer-expiry": "ExpireOffer",
  execute: "Apply",
  "override-expiry": "ExpireOverride",
  reminder: "SendReminder",
  "alert-due": "EscalateAlert",
};

// All timers of one instant that fit: the more of them, the more of one bucket share a transaction.
const timersAtOnce = 20_000;

const actor = serviceActor("scheduler");

/** Kinds of timers that must wait: their command lies in a halted area, or nobody here makes reports. */
export function haltedTimers(
  halts: readonly Halt[],
  world: Pick<World, "reports" | "triggers" | "environment" | "waves">,
): readonly TimerKind[] {
  const areas = new Set(halts.map((halt) => halt.area));
  const stopped = stopsEverything(halts);
  const ofLines = (Object.keys(commandOf) as LineTimerKind[]).filter(
    (kind) => stopped || areas.has(stepOf(commandOf[kind])!.area),
  );
  const kinds: TimerKind[] = [...ofLines];
  const decidesNot = stopped || areas.has(decideStep.area);
  if (decidesNot || world.triggers === undefined) kinds.push("trigger");
  if (decidesNot || world.environment === undefined) kinds.push("environment-news");
  // A look at waves only ever stops something, so a halt of everything does not keep it from looking.
  if (areas.has(readOnlyArea) || world.waves === undefined) kinds.push("wave-watch");
  if (stopped || world.reports === undefined) kinds.push("daily-report");
  if (stopped) kinds.push("strategy-effective");
  if (stopped || areas.has(alertStep.area)) kinds.push("behaviour");
  return kinds;
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
    const except = haltedTimers(await world.store.halts.list(now), world);
    const due = await world.store.waiting.dueTimers(now, timersAtOnce, except, [...broken.keys()]);
    if (due.length === 0) break;
    const ofLines = due.filter(({ kind }) => kind in commandOf);
    if (ofLines.length > 0) await fire(world, ofLines, now, broken);
    const news = due.filter(({ kind }) => kind === "trigger");
    if (news.length > 0) await world.triggers!.fire(news);
    const heard = due.filter(({ kind }) => kind === "wave-watch");
    if (heard.length > 0) await world.waves!.fire(heard);
    await fireLooks(
      world,
      due.filter(({ kind }) => kind === "behaviour"),
    );
    for (const timer of due) {
      if (timer.kind === "environment-news") await world.environment!.fire(timer);
      if (timer.kind === "daily-report") await world.reports!.fire(timer);
      if (timer.kind === "strategy-effective") await fireStrategies(world, timer);
    }
    fired += due.length;
  }
  throwFirst(broken);
  return fired;
}

/** The kinds of timers that wait for the end of a hold. */
const heldKinds: readonly TimerKind[] = ["notice-issue", "notice-release", "execute"];

/**
 * Fires now what was put off to the end of a hold that was lifted before it: each command finds out by itself whether
 * something else still holds it back.
 * @returns how many timers fired
 */
export async function fireHeld(world: World, until: Instant, of: HeldBy): Promise<number> {
  let fired = 0;
  const broken: Broken = new Map();
  const now = await world.clock.now();
  const except = haltedTimers(await world.store.halts.list(now), world);
  const kinds = heldKinds.filter((kind) => !except.includes(kind));
  let after: Id | null = null;
  for (;;) {
    const held = await world.store.waiting.heldTimers(until, kinds, of, after, timersAtOnce);
    await fire(world, held, now, broken);
    fired += held.length;
    if (held.length < timersAtOnce) break;
    after = held.at(-1)!.id;
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
  const turns = await takeDueTurns(world, due, now);
  const stopped = await stoppedReminders(world, due);
  const commands = due.map((timer) => commandFor(world, timer, bodyOf(timer, turns, stopped)));
  await perBucket(
    commands,
    (command) => bucketOfId(command.subject),
    broken,
    async (bucket, batch) => {
      const results = await transact(world, bucket, batch);
      await releaseUnusedTurns(world, results.filter(ledToNothing).map(turnsOf));
    },
  );
}

/** A turn that was taken for a decision which ended in the meantime belongs to the budget again. */
function ledToNothing(result: CommandResult): boolean {
  const { command } = result;
  if (command.kind !== "Reserve" || command.body["granted"] !== true) return false;
  return "refusal" in result || result.events.length === 0;
}

function turnsOf({ command }: CommandResult): Readonly<{ decisionId: Id; turns: null }> {
  return { decisionId: command.subject, turns: null };
}

/** What a timer's command is told beside its subject: whether a turn was granted, or why nothing is sent any more. */
function bodyOf(
  { kind, subject }: Timer,
  turns: ReadonlySet<Id>,
  stopped: ReadonlyMap<Id, ReminderEnd>,
): Command["body"] {
  if (kind === "pace") return { granted: turns.has(subject) };
  return kind === "reminder" ? { stop: stopped.get(subject) ?? null } : {};
}

function commandFor(world: World, timer: Timer, body: Command["body"]): Command {
  return {
    id: world.ids.derive(timer.bucket, "fire", timer.id),
    kind: commandOf[timer.kind as LineTimerKind],
    subject: timer.subject,
    actor,
    cause: timer.id,
    timerId: timer.id,
    body,
  };
}

/**
 * Asks the ledger for today's turns, all due decisions at once and in due order; the answer is the same however often
 * it is asked. A decision that no longer waits counts as granted: its command finds out what became of it.
 */
async function takeDueTurns(
  world: World,
  due: readonly Timer[],
  now: Instant,
): Promise<ReadonlySet<Id>> {
  const ids = due.filter(({ kind }) => kind === "pace").map(({ subject }) => subject);
  if (ids.length === 0) return new Set();
  const found = await world.store.waiting.turnsOf(ids);
  const waiting = ids.flatMap((decisionId) => {
    const decision = found.get(decisionId);
    return decision?.state === "paced" ? [{ decisionId, turns: decision.turns }] : [];
  });
  const granted = await takeTurns(world, waiting, world.clock.dateOf(now));
  const asked = new Set(waiting.map(({ decisionId }) => decisionId));
  return new Set(ids.filter((id) => granted.has(id) || !asked.has(id)));
}
