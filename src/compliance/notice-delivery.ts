// How a notice gets to its customer: which channel is tried next and when, which hours stay quiet, and when sending it
// was enough. All of it is read off the pack, so that a sweep, a person, a timer and a replay send in the same way.

import { addDays, addMilliseconds, type BusinessDate, type Instant } from "../domain/calendar.ts";
import type { Notice, NoticeChannel, NoticeDelivery } from "../domain/notice.ts";
import type { CompliancePack, QuietHours } from "./pack.ts";
import { carriesNotice, needsProofOfDelivery, sureSubstitute } from "./strict-reading.ts";

const hourMs = 3_600_000;

/** Where and after how many hours the next attempt is made. */
export type NextAttempt = Readonly<{ channel: NoticeChannel; afterHours: number }>;

/**
 * The attempt that follows one that came back. The same channel again, each wait twice as long as the one before, until
 * its attempts are used up or it said that trying again is of no use; then at once the first channel of the pack that
 * nobody tried; null when there is none left.
 */
export function nextAttempt(
  { notice }: Pick<CompliancePack, "notice">,
  deliveries: readonly Pick<NoticeDelivery, "channel">[],
  permanent: boolean,
): NextAttempt | null {
  const { attempts, retryHours } = notice.delivery.value;
  const last = deliveries.at(-1)!.channel;
  const tried = deliveries.filter(({ channel }) => channel === last).length;
  if (!permanent && tried < attempts) {
    return { channel: last, afterHours: retryHours * 2 ** (tried - 1) };
  }
  const used = new Set(deliveries.map(({ channel }) => channel));
  const next = notice.channels.value.find((channel) => !used.has(channel));
  return next === undefined ? null : { channel: next, afterHours: 0 };
}

/** The first channel of the pack that nobody tried and that carries the whole notice; null when there is none left. */
export function carryingChannel(
  pack: Pick<CompliancePack, "notice">,
  deliveries: readonly Pick<NoticeDelivery, "channel">[],
): NoticeChannel | null {
  const used = new Set(deliveries.map(({ channel }) => channel));
  const next = pack.notice.channels.value.find(
    (channel) => !used.has(channel) && carriesNotice(pack, channel),
  );
  return next ?? null;
}

/** An instant so many hours later. */
export function hoursAfter(at: Instant, hours: number): Instant {
  return addMilliseconds(at, hours * hourMs);
}

/** The zone whose clock quiet hours are read off for a line in this region; null: the lender's. */
export function quietZone(quiet: QuietHours | null, region: string | null): string | null {
  if (region === null) return null;
  return quiet?.zones?.find(({ regions }) => regions.includes(region))?.zone ?? null;
}

/**
 * The first instant from `at` on at which this channel may be used: `at` itself outside quiet hours. The hours are read
 * off the clock of `time`; on a day of a clock change they are off by that change.
 */
export function afterQuietHours(
  quiet: QuietHours | null,
  channel: NoticeChannel,
  at: Instant,
  time: Readonly<{
    dateOf: (at: Instant) => BusinessDate;
    startOf: (date: BusinessDate) => Instant;
  }>,
): Instant {
  if (quiet?.channels.includes(channel) !== true) return at;
  const date = time.dateOf(at);
  const todayAt = (clock: string): Instant => atClock(time.startOf(date), clock);
  const overnight = quiet.from > quiet.to;
  if (at < todayAt(quiet.to) && (overnight || at >= todayAt(quiet.from))) return todayAt(quiet.to);
  if (overnight && at >= todayAt(quiet.from)) {
    return atClock(time.startOf(addDays(date, 1)), quiet.to);
  }
  return at;
}

/** The instant at which the clock of a day that begins at `start` shows HH:MM; off by the change on a day of a clock change. */
export function atClock(start: Instant, clock: string): Instant {
  const [hours = 0, minutes = 0] = clock.split(":").map(Number);
  return addMilliseconds(start, (hours * 60 + minutes) * 60_000);
}

/** True where the pack asks for nothing beyond handing the notice to this channel. */
export function sendingSuffices(pack: CompliancePack, channel: NoticeChannel): boolean {
  return !needsProofOfDelivery(pack) || sureSubstitute(pack, channel) !== null;
}

/** True while nothing more need be done for a notice, unless it comes back. */
export function isSettled(pack: CompliancePack, { state, channel }: Notice): boolean {
  return state === "delivered" || (state === "sent" && sendingSuffices(pack, channel));
}
