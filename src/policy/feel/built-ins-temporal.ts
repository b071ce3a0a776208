// Built-in functions over dates and times (DMN 1.5 tables 79-80). The present is an argument of the evaluation, never
// the machine's clock.

import { type BuiltIn, builtIn, type Work } from "./built-in.ts";
import { weekday } from "./members.ts";
import { nothing, type Run } from "./run.ts";
import { dateOfDay, dayNumber, daysInMonth, makeMonths } from "./temporal.ts";
import type { FeelDate } from "./temporal-value.ts";
import { feelNumber, type FeelValue, isNumber, kindOf, ofKind } from "./value.ts";

const dated = "date: date|date and time";
/** Monday first. */
export const dayNames = [
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
  "Sunday",
];
export const monthNames = [
  ...["January", "February", "March", "April", "May", "June", "July", "August"],
  ...["September", "October", "November", "December"],
];

function dateOf(value: FeelValue | undefined): FeelDate | null {
  if (value === undefined || value === null) return null;
  if (ofKind(value, "date-time")) return value.date;
  return ofKind(value, "date") ? value : null;
}

const ofDate =
  (work: (date: FeelDate) => FeelValue): Work =>
  (_, [value]) => {
    const date = dateOf(value);
    return date === null ? null : work(date);
  };

/** 1 to 366 */
export function dayOfYear(date: FeelDate): number {
  return dayNumber(date) - dayNumber({ ...date, month: 1, day: 1 }) + 1;
}

/** ISO 8601: the week with the year's first Thursday is week 1. */
export function weekOfYear(date: FeelDate): number {
  const thursday = dateOfDay(dayNumber(date) - weekday(date) + 4) ?? date;
  return Math.floor((dayOfYear(thursday) - 1) / 7) + 1;
}

/** Whole months from one date to the other, cut towards zero. */
export function monthsBetween(from: FeelDate, to: FeelDate): number {
  const months = (to.year - from.year) * 12 + to.month - from.month;
  const short = months > 0 && to.day < from.day ? -1 : months < 0 && to.day > from.day ? 1 : 0;
  return months + short;
}

const yearsAndMonths: Work = (_, given) => {
  const [from, to] = [dateOf(given[0]), dateOf(given[1])];
  return from === null || to === null ? null : makeMonths(monthsBetween(from, to));
};

function present(run: Run): FeelValue {
  return (
    run.now ??
    nothing(
      run,
      "Cannot read the present: this evaluation has none",
      "无法读取当前时间：本次求值未提供",
    )
  );
}

const lastDay: Work = ofDate(({ year, month }) => feelNumber(daysInMonth(year, month)));

export const temporalFunctions: readonly BuiltIn[] = [
  builtIn("now", "date and time", ["", present]),
  builtIn("today", "date", ["", (run) => dateOf(present(run))]),
  builtIn("day of year", "number", [dated, ofDate((date) => feelNumber(dayOfYear(date)))]),
  builtIn("day of week", "string", [dated, ofDate((date) => dayNames[weekday(date) - 1] ?? null)]),
  builtIn("month of year", "string", [dated, ofDate(({ month }) => monthNames[month - 1] ?? null)]),
  builtIn("week of year", "number", [dated, ofDate((date) => feelNumber(weekOfYear(date)))]),
  builtIn("last day of month", "number", [dated, lastDay]),
  builtIn("years and months duration", "years and months duration", [
    "from: date|date and time, to: date|date and time",
    yearsAndMonths,
  ]),
  builtIn("is", "boolean", [
    "value1: any, value2: any",
    (_, [one = null, other = null]) => isSame(one, other),
  ]),
];

/** The same kind written the same way: unlike `=`, 10:00Z is not 11:00+01:00. */
function isSame(one: FeelValue, other: FeelValue): boolean {
  if (kindOf(one) !== kindOf(other)) return false;
  if (one === null || other === null || typeof one !== "object") return one === other;
  if (ofKind(one, "date-time") && ofKind(other, "date-time")) {
    return isSame(one.date, other.date) && isSame(one.time, other.time);
  }
  if (ofKind(one, "time") && ofKind(other, "time")) {
    return one.nanos === other.nanos && one.offset === other.offset;
  }
  if (ofKind(one, "date") && ofKind(other, "date")) return dayNumber(one) === dayNumber(other);
  if (ofKind(one, "years-months") && ofKind(other, "years-months"))
    return one.months === other.months;
  if (ofKind(one, "days-time") && ofKind(other, "days-time")) return one.nanos === other.nanos;
  return feelEquals(one, other);
}

function feelEquals(one: FeelValue, other: FeelValue): boolean {
  const [a, b] = [asNumber(one), asNumber(other)];
  return a !== null && b !== null ? a === b : one === other;
}

function asNumber(value: FeelValue): string | null {
  return isNumber(value) ? value.toString() : null;
}
