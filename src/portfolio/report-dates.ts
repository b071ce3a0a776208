// The dates that a daily report compares: its own, the day before, and the month before. Both the pages and the bulk
// reads need the same ones, so they are worked out once.

import { addDays, parseBusinessDate, type BusinessDate, type Instant } from "../domain/calendar.ts";
import type { Clock } from "../flow/ports.ts";
import type { ReportWindow } from "./report-ports.ts";

/**
 * The same day of the month before, or that month's last day where it has no such day. The last day of a month
 * answers to the last day of the month before, because lenders close their books then.
 */
export function monthBefore(date: BusinessDate): BusinessDate {
  const lastOfBefore = addDays(`${date.slice(0, 8)}01` as BusinessDate, -1);
  if (addDays(date, 1).slice(8) === "01") return lastOfBefore;
  return parseBusinessDate(`${lastOfBefore.slice(0, 8)}${date.slice(8)}`) ?? lastOfBefore;
}

/** The window of a report: its dates and the instants where its day and its month begin and end. */
export function reportWindow(
  clock: Pick<Clock, "startOf">,
  asOf: BusinessDate,
  knownAt: Instant,
  portfolio: string | null,
): ReportWindow {
  const month = monthBefore(asOf);
  return {
    ...{ asOf, knownAt, portfolio },
    dayBefore: addDays(asOf, -1),
    monthBefore: month,
    dayStart: clock.startOf(asOf),
    monthStart: clock.startOf(addDays(month, 1)),
    end: clock.startOf(addDays(asOf, 1)),
  };
}
