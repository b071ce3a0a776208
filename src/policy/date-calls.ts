// What an expression of a strategy asks of the calendar, over day numbers: whole numbers in, a whole number out, so that
// the interpreter and the row function call the very same. The rules are those of FEEL's dates.

import { dayOfYear, monthsBetween, weekOfYear } from "./feel/built-ins-temporal.ts";
import { weekday } from "./feel/members.ts";
import { addMonths, dateOfDay, dayNumber, daysInMonth, makeDate } from "./feel/temporal.ts";
import type { FeelDate } from "./feel/temporal-value.ts";

export type DateCall =
  | "year"
  | "month"
  | "day"
  | "weekday"
  | "day of year"
  | "week of year"
  | "last day of month"
  | "date"
  | "add months"
  | "months between"
  | "years of months"
  | "months of months";

function dayOrUnknown(date: FeelDate | null): number {
  return date === null ? Number.NaN : dayNumber(date);
}

const ofDate =
  (part: (date: FeelDate) => number) =>
  (day = Number.NaN): number =>
    part(dateOfDay(day)!);

const calls: Readonly<Record<DateCall, (...given: readonly number[]) => number>> = {
  year: ofDate(({ year }) => year),
  month: ofDate(({ month }) => month),
  day: ofDate(({ day }) => day),
  weekday: ofDate(weekday),
  "day of year": ofDate(dayOfYear),
  "week of year": ofDate(weekOfYear),
  "last day of month": ofDate(({ year, month }) => daysInMonth(year, month)),
  date: (year = 0, month = 0, day = 0) => dayOrUnknown(makeDate(year, month, day)),
  "add months": (day = 0, months = 0) => dayOrUnknown(addMonths(dateOfDay(day)!, months)),
  "months between": (from = 0, to = 0) => monthsBetween(dateOfDay(from)!, dateOfDay(to)!) + 0,
  "years of months": (months = 0) => Math.trunc(months / 12) + 0,
  "months of months": (months = 0) => (months % 12) + 0,
};

/** A call over days that FEEL's calendar has; unknown where anything given is, and for a date that does not exist. */
export function dateCall(call: DateCall): (...given: readonly number[]) => number {
  const work = calls[call];
  return (...given) => (given.some(Number.isNaN) ? Number.NaN : work(...given));
}
