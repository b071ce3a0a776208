// What stands behind a dot (DMN 1.5 §10.3.2.5 and tables 60-66): members of contexts, parts of dates, times, durations
// and ranges. Lists answer for each of their items.

import { nothing, type Run, spend, spendItems } from "./run.ts";
import { dayNumber, nanosPerSecond } from "./temporal.ts";
import type { FeelDate, FeelTime } from "./temporal-value.ts";
import {
  feelNumber,
  type FeelValue,
  isContext,
  isList,
  kindNames,
  kindOf,
  ofKind,
} from "./value.ts";

/** The member of a value; null with a reason when there is none. */
export function memberOf(run: Run, value: FeelValue, member: string): FeelValue {
  spend(run, 1);
  if (value === null) return null;
  if (isList(value)) {
    spendItems(run, value.length);
    return value.map((item) => memberOf(run, item, member));
  }
  const found = isContext(value) ? value.get(member) : partOf(value, member);
  if (found !== undefined) return found;
  const kind = kindNames[kindOf(value)];
  return nothing(
    run,
    `Cannot read ${member}: the ${kind} has no such member`,
    `无法读取 ${member}：该 ${kind} 没有此成员`,
  );
}

function partOf(value: FeelValue, member: string): FeelValue | undefined {
  if (ofKind(value, "date")) return partOfDate(value, member);
  if (ofKind(value, "time")) return partOfTime(value, member);
  if (ofKind(value, "date-time")) {
    return partOfDate(value.date, member) ?? partOfTime(value.time, member);
  }
  if (ofKind(value, "years-months")) {
    if (member === "years") return feelNumber(Math.trunc(value.months / 12));
    return member === "months" ? feelNumber(value.months % 12) : undefined;
  }
  if (ofKind(value, "days-time")) return partOfDuration(value.nanos, member);
  if (!ofKind(value, "range")) return undefined;
  switch (member) {
    case "start":
      return value.from;
    case "end":
      return value.to;
    case "start included":
      return value.fromIncluded;
    case "end included":
      return value.toIncluded;
    default:
      return undefined;
  }
}

function partOfDate(date: FeelDate, member: string): FeelValue | undefined {
  switch (member) {
    case "year":
      return feelNumber(date.year);
    case "month":
      return feelNumber(date.month);
    case "day":
      return feelNumber(date.day);
    case "weekday":
      return feelNumber(weekday(date));
    default:
      return undefined;
  }
}

/** 1 is Monday. */
export function weekday(date: FeelDate): number {
  return ((((dayNumber(date) + 3) % 7) + 7) % 7) + 1;
}

function partOfTime({ nanos, offset }: FeelTime, member: string): FeelValue | undefined {
  const seconds = Math.floor(nanos / nanosPerSecond);
  switch (member) {
    case "hour":
      return feelNumber(Math.floor(seconds / 3_600));
    case "minute":
      return feelNumber(Math.floor(seconds / 60) % 60);
    case "second":
      return feelNumber(seconds % 60);
    case "time offset":
      return offset === null
        ? null
        : { kind: "days-time", nanos: BigInt(offset) * BigInt(nanosPerSecond) };
    case "timezone":
      return null;
    default:
      return undefined;
  }
}

function partOfDuration(nanos: bigint, member: string): FeelValue | undefined {
  const seconds = nanos / BigInt(nanosPerSecond);
  switch (member) {
    case "days":
      return feelNumber(String(seconds / 86_400n));
    case "hours":
      return feelNumber(String((seconds / 3_600n) % 24n));
    case "minutes":
      return feelNumber(String((seconds / 60n) % 60n));
    case "seconds":
      return feelNumber(String(seconds % 60n));
    default:
      return undefined;
  }
}
