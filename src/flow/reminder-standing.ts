// Whether a reminder may leave now. Asked when its time has come and again at the moment of sending, so that nobody who has
// paid in between is reminded, and nobody in the hours that are to be quiet.

import { afterQuietHours, quietZone } from "../compliance/notice-delivery.ts";
import { type LinePlace, liesIn } from "../domain/blackout.ts";
import type { Instant } from "../domain/calendar.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import type { NoticeChannel } from "../domain/notice.ts";
import type { Id } from "../domain/id.ts";
import type { Reminder, ReminderEnd } from "../domain/reminder.ts";
import type { Timer } from "../domain/timer.ts";
import { bucketsAtOnce, inParallel } from "./in-parallel.ts";
import { factValues, knownFacts } from "./known-facts.ts";
import type { ReminderPreview } from "./notice-ports.ts";
import type { World } from "./ports.ts";

/** What of the world is asked. */
export type StandingWorld = Pick<World, "store" | "declared" | "clock" | "packs" | "watch">;

/**
 * `stop`: why the reminder is not to be sent any more; `leavesAt`: the first instant from now on at which a channel may
 * be used for it, which is now unless hours are quiet.
 */
export type ReminderStanding = Readonly<{ stop: ReminderEnd | null; leavesAt: Instant }>;

export async function reminderStanding(
  world: StandingWorld,
  reminder: Reminder,
  channel: NoticeChannel,
): Promise<ReminderStanding> {
  const line = (await world.store.reads.line(reminder.lineId))!;
  const at = { line, place: await world.store.reads.place(line.id), now: await world.clock.now() };
  return { stop: await stopOf(world, reminder, at), leavesAt: leavesAt(world, at, channel) };
}

/** A line, where it lies, and the moment at which it is looked at. */
type Moment = Readonly<{ line: CreditLine; place: LinePlace; now: Instant }>;

async function stopOf(
  world: StandingWorld,
  { statementOn, dueOn, minimumDueMinor }: Reminder,
  { line, place, now }: Moment,
): Promise<ReminderEnd | null> {
  const rules = world.watch?.reminders ?? null;
  const today = world.clock.dateOf(now);
  if (rules === null) return "left-alone";
  if (today > dueOn) return "too-late";
  if (line.drawnMinor <= 0) return "paid";
  const blackouts = await world.store.blackouts.inForce(today);
  if (blackouts.some((blackout) => liesIn(blackout, place))) return "left-alone";
  const known = await knownFacts(world, line, today, now, false);
  const repaid = known.panes
    .filter(
      ({ measure, onDate }) => measure === world.declared.behaviour?.repaid && onDate > statementOn,
    )
    .reduce((sum, pane) => sum + (pane.sum ?? 0), 0);
  if (repaid >= minimumDueMinor) return "paid";
  const facts = factValues(world, known, line, today, null);
  const holds = rules.leaveAlone.some((name) => {
    const value = facts[name];
    return value === true || (typeof value === "number" && value > 0);
  });
  return holds ? "left-alone" : null;
}

function leavesAt(
  { clock, packs }: StandingWorld,
  { line: { jurisdiction }, place, now }: Moment,
  channel: NoticeChannel,
): Instant {
  const { quietHours } = packs(jurisdiction).notice.delivery.value;
  const zone = quietZone(quietHours, place.region);
  return afterQuietHours(quietHours, channel, now, zone === null ? clock : clock.timeIn(zone));
}

/** Which of the reminders of these timers are not to be sent any more, and why. */
export async function stoppedReminders(
  world: StandingWorld,
  timers: readonly Timer[],
): Promise<ReadonlyMap<Id, ReminderEnd>> {
  const stopped = new Map<Id, ReminderEnd>();
  const due = timers.filter(({ kind }) => kind === "reminder");
  await inParallel(due, bucketsAtOnce, async ({ subject }) => {
    const reminder = await world.store.reads.reminder(subject);
    const channel = world.watch?.reminders?.channels[0];
    if (reminder?.state !== "planned" || channel === undefined) return;
    const { stop } = await reminderStanding(world, reminder, channel);
    if (stop !== null) stopped.set(subject, stop);
  });
  return stopped;
}

/** What a reminder says and whether it would be sent. Changes nothing and sends nothing. */
export async function previewReminder(
  world: StandingWorld & Pick<World, "wordings">,
  reminder: Reminder,
): Promise<ReminderPreview> {
  const { id, lineId, state, because, deliveries, plannedAt } = reminder;
  // The pack in force is that of today.
  await world.clock.now();
  const line = (await world.store.reads.line(lineId))!;
  const pack = world.packs(line.jurisdiction);
  const wording = await world.wordings.inForce();
  const words = reminder.words ?? wording.remind({ ...reminder, line, pack });
  if (state !== "planned" && state !== "waiting")
    return { id, stop: because, leavesAt: null, words };
  const channel = deliveries.at(-1)?.channel ?? world.watch?.reminders?.channels[0] ?? "in-app";
  const { stop, leavesAt: free } = await reminderStanding(world, reminder, channel);
  return { id, stop, leavesAt: stop !== null ? null : free > plannedAt ? free : plannedAt, words };
}
