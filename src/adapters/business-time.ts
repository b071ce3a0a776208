// Business dates are days in the lender's time zone. The zone's rules come from the time zone data of the
// pinned Node, never from the machine's own zone or locale, and each day's start is worked out once.

import { Temporal } from "temporal-polyfill";
import { addDays, dateOfDay, type BusinessDate, type Instant } from "../domain/calendar.ts";
import type { Clock, ZoneTime } from "../flow/ports.ts";
import { faultIn } from "./fault.ts";

/** The conversions of a clock. */
export type BusinessTime = Pick<Clock, "dateOf" | "startOf" | "timeIn">;

const dayMs = 86_400_000;
const daysKept = 4_000;

/**
 * Conversions for one IANA time zone. The start of a day is its first moment, also where a clock change makes
 * the day begin at 01:00. Throws a Fault for a zone that does not exist.
 */
export function businessTime(timeZone: string): BusinessTime {
  refuseUnknownZone(timeZone);
  const starts = new Map<BusinessDate, number>();
  const startMs = (date: BusinessDate): number => {
    const known = starts.get(date);
    if (known !== undefined) return known;
    if (starts.size >= daysKept) starts.clear();
    const start = Temporal.PlainDate.from(date).toZonedDateTime(timeZone).epochMilliseconds;
    starts.set(date, start);
    return start;
  };
  const others = new Map<string, ZoneTime>();
  return {
    timeIn: (zone) => {
      const known = others.get(zone) ?? businessTime(zone);
      others.set(zone, known);
      return known;
    },
    startOf: (date) => new Date(startMs(date)).toISOString() as Instant,
    dateOf: (at) => {
      const moment = Date.parse(at);
      let date = dateOfDay(Math.floor(moment / dayMs));
      while (startMs(date) > moment) date = addDays(date, -1);
      while (startMs(addDays(date, 1)) <= moment) date = addDays(date, 1);
      return date;
    },
  };
}

/** True for an IANA time zone that the pinned Node knows. */
export function isTimeZone(timeZone: string): boolean {
  try {
    Temporal.PlainDate.from("2000-01-01").toZonedDateTime(timeZone);
    return true;
  } catch {
    return false;
  }
}

function refuseUnknownZone(timeZone: string): void {
  if (isTimeZone(timeZone)) return;
  const found = JSON.stringify(timeZone);
  const text = {
    en: `Cannot use time zone: found ${found}, expected an IANA name such as Asia/Shanghai`,
    zh: `时区无效：为 ${found}，应为 IANA 时区名，如 Asia/Shanghai`,
  };
  throw faultIn(text, { retryable: false });
}
