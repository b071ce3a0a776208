// The daily report makes itself: one timer waits for the time of day, makes the report of the day before, and sets the
// next. Days that were missed are caught up by the latest one alone, because its reader wants to know how things stand.

import type { Actor } from "../domain/actor.ts";
import { serviceActor } from "../domain/actor.ts";
import { addDays, addMilliseconds, type BusinessDate, type Instant } from "../domain/calendar.ts";
import { isRefusal } from "../domain/refusal.ts";
import type { Timer } from "../domain/timer.ts";
import { mayPass } from "../flow/in-parallel.ts";
import type { Clock, World } from "../flow/ports.ts";
import type { OutboxEntry } from "../flow/state.ts";
import { draftDailyReport } from "./report-make.ts";
import type { KeptReport, Reports } from "./report-ports.ts";

/** `minutes` after midnight of the lender's day, null: no schedule. `recipients` are mail addresses. */
export type ReportSchedule = Readonly<{
  minutes: number | null;
  recipients: readonly string[];
}>;

const actor: Actor = serviceActor("report");

type DailyWorld = Pick<World, "clock" | "ids">;

/**
 * Makes the schedule's one timer what the settings say. A timer that is overdue stays: it is how a missed report is
 * caught up.
 */
export async function keepSchedule(
  world: DailyWorld,
  reports: Pick<Reports, "schedule" | "scheduled">,
  { minutes }: Pick<ReportSchedule, "minutes">,
): Promise<void> {
  if (minutes === null) return reports.schedule(null);
  const now = await world.clock.now();
  const waiting = await reports.scheduled();
  if (waiting !== null && waiting.due <= now) return;
  await reports.schedule(timerAt(world, nextDue(world.clock, now, minutes)));
}

/**
 * Does what a timer of the schedule asks for: the report of the day before the latest due time, messages to its
 * recipients, the next timer, all in one transaction. A report that cannot be made is told to `onFailure` and left
 * out, so that it does not stop what else is due; a fault that may pass is thrown and tried again.
 */
export async function fireDailyReport(
  world: World,
  reports: Reports,
  timer: Timer,
  { minutes, recipients }: ReportSchedule,
  onFailure: (error: unknown) => void,
): Promise<void> {
  if (minutes === null) return reports.schedule(null);
  const now = await world.clock.now();
  const next = timerAt(world, nextDue(world.clock, now, minutes));
  try {
    const asOf = reportDay(world.clock, now, minutes);
    const made = await draftDailyReport(world, reports, { asOf, portfolio: null, actor });
    if (made === null || isRefusal(made))
      throw new Error(`Report refused: ${JSON.stringify(made)}`);
    const messages = recipients.map((to) => mailOf(world, made.kept, to));
    await reports.keep(made.kept, { messages, fired: timer, next });
  } catch (error) {
    if (mayPass(error)) throw error;
    onFailure(error);
    await reports.schedule(next);
  }
}

function timerAt({ ids }: DailyWorld, due: Instant): Timer {
  return {
    ...{ bucket: 0, kind: "daily-report", due, priority: 0, owner: "report", state: "waiting" },
    id: ids.derive(0, "daily-report", due),
    subject: ids.derive(0, "daily-report"),
  };
}

type DailyClock = Pick<Clock, "startOf" | "dateOf">;

/** The first time of day after an instant; on a day of a clock change it is off by that change. */
export function nextDue(clock: DailyClock, now: Instant, minutes: number): Instant {
  const today = clock.dateOf(now);
  const due = dueOn(clock, today, minutes);
  return due > now ? due : dueOn(clock, addDays(today, 1), minutes);
}

/** The day before the latest time of day that is not after `now`. */
export function reportDay(clock: DailyClock, now: Instant, minutes: number): BusinessDate {
  const today = clock.dateOf(now);
  return addDays(today, dueOn(clock, today, minutes) <= now ? -1 : -2);
}

function dueOn(clock: DailyClock, date: BusinessDate, minutes: number): Instant {
  return addMilliseconds(clock.startOf(date), minutes * 60_000);
}

/** One message for each recipient: a bad address keeps the report from nobody else. */
function mailOf({ ids }: DailyWorld, report: KeptReport, to: string): OutboxEntry {
  const id = ids.derive(0, "report.mail", report.id, to);
  return { bucket: 0, id, kind: "report.mail", subject: id, body: { reportId: report.id, to } };
}
