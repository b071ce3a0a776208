// Unusual use of a line becomes an alert where the watch rules say so: the same looks that a page shows, in their own words
// and figures. One look at one line raises one alert until its days of quiet are over, whoever looks and however often.

import { serviceActor } from "../domain/actor.ts";
import type { BehaviourFinding } from "../domain/behaviour.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import type { Timer } from "../domain/timer.ts";
import type { LookRule } from "../domain/watch-rules.ts";
import { hoursAfter } from "../compliance/notice-delivery.ts";
import type { RaiseBody } from "./alert.ts";
import { bucketsAtOnce, inParallel } from "./in-parallel.ts";
import { behaviourOf } from "./known-facts.ts";
import type { World } from "./ports.ts";
import type { Command } from "./step.ts";
import { saveTimer } from "./strategy-effective.ts";
import { transact } from "./transact.ts";

const actor = serviceActor("behaviour");

/** Looks at the lines of these timers, raises what the rules ask for, and consumes the timers. */
export async function fireLooks(world: World, timers: readonly Timer[]): Promise<void> {
  await inParallel(timers, bucketsAtOnce, async (timer) => {
    const line = await world.store.reads.line(timer.subject);
    const commands = line === null ? [] : await alertsFor(world, line, timer);
    if (commands.length > 0) await transact(world, timer.bucket, commands);
    await saveTimer(world, { ...timer, state: "fired" });
  });
}

async function alertsFor(
  world: World,
  line: CreditLine,
  timer: Timer,
): Promise<readonly Command[]> {
  const looks = world.watch?.alerts.looks ?? [];
  if (looks.length === 0) return [];
  const { findings } = await behaviourOf(world, line, { asOf: null, knownAt: null });
  const commands: Command[] = [];
  for (const rule of looks) {
    const found = findings.find(({ look }) => look === rule.look);
    if (found?.isUnusual !== true) continue;
    const command = await alertFor(world, line, timer, rule, found);
    if (command !== null) commands.push(command);
  }
  return commands;
}

/** Null while the look is quiet. Two who look at once name the same alert, because both know the same one before it. */
async function alertFor(
  { store, clock, ids }: World,
  { id: lineId, bucket }: CreditLine,
  timer: Timer,
  { look, severity, role, hours, coolDownDays }: LookRule,
  { text, figures }: BehaviourFinding,
): Promise<Command | null> {
  const newest = { after: null, limit: 1, newestFirst: true };
  const { rows } = await store.reads.alerts(newest, { lineId, kind: "behaviour", look });
  const before = rows[0];
  const quietFrom = hoursAfter(await clock.now(), -24 * coolDownDays);
  if (before !== undefined && before.raisedAt > quietFrom) return null;
  const alertId = ids.derive(bucket, "alert", "behaviour", lineId, look, before?.id ?? "first");
  const about = { look, text, figures };
  const body: RaiseBody = { alertId, kind: "behaviour", severity, about, role, hours };
  const id = ids.derive(bucket, "raise-alert", alertId);
  return { id, kind: "RaiseAlert", subject: lineId, actor, cause: timer.id, body };
}
