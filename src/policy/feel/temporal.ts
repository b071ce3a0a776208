// Dates, times and durations as texts and numbers (DMN 1.5 §10.3.2.3, ISO 8601): read, written, made and checked here.
// The calendar is the proleptic Gregorian one. Offsets are numbers; named time zones need a machine's table and are
// refused, so that the same text means the same moment everywhere.

import type {
  FeelDate,
  FeelDateTime,
  FeelDuration,
  FeelMonths,
  FeelTemporal,
  FeelTime,
} from "./temporal-value.ts";

export const nanosPerSecond = 1_000_000_000;
export const secondsPerDay = 86_400;
export const nanosPerDay = BigInt(secondsPerDay) * BigInt(nanosPerSecond);
const mostYear = 999_999_999;
const mostMonths = 12_000_000_000;
const mostNanos = nanosPerDay * 400_000_000_000n;

/** A date that exists, or null. */
export function makeDate(year: number, month: number, day: number): FeelDate | null {
  if (![year, month, day].every(Number.isSafeInteger)) return null;
  if (Math.abs(year) > mostYear || month < 1 || month > 12) return null;
  return day >= 1 && day <= daysInMonth(year, month) ? { kind: "date", year, month, day } : null;
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Days since 1970-01-01. */
export function dayNumber({ year, month, day }: FeelDate): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The date of a day number, or null outside the years that FEEL knows. */
export function dateOfDay(days: number): FeelDate | null {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9);
  return makeDate(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day);
}

/** A time of day, or null; `seconds` may have a fraction of up to nine digits. */
export function makeTime(
  hour: number,
  minute: number,
  nanosOfMinute: number,
  offset: number | null,
): FeelTime | null {
  if (!Number.isInteger(hour) || hour < 0 || hour > 23) return null;
  if (!Number.isInteger(minute) || minute < 0 || minute > 59) return null;
  if (nanosOfMinute < 0 || nanosOfMinute >= 60 * nanosPerSecond) return null;
  if (offset !== null && Math.abs(offset) > 18 * 3_600) return null;
  const nanos = (hour * 60 + minute) * 60 * nanosPerSecond + Math.floor(nanosOfMinute);
  return { kind: "time", nanos, offset };
}

export function makeDateTime(date: FeelDate, time: FeelTime): FeelDateTime {
  return { kind: "date-time", date, time };
}

export function makeMonths(months: number): FeelMonths | null {
  if (!Number.isSafeInteger(months) || Math.abs(months) > mostMonths) return null;
  return { kind: "years-months", months: months === 0 ? 0 : months };
}

export function makeDuration(nanos: bigint): FeelDuration | null {
  return nanos > mostNanos || nanos < -mostNanos ? null : { kind: "days-time", nanos };
}

const datePattern = /^(-?(?:[1-9]\d{4,8}|\d{4}))-(\d{2})-(\d{2})$/;
const timePattern = /^(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9})\d*)?(Z|[+-]\d{2}:\d{2}(?::\d{2})?)?$/;
const monthsPattern = /^(-)?P(?:(\d{1,10})Y)?(?:(\d{1,11})M)?$/;
const daysPattern =
  /^(-)?P(?:(\d{1,12})D)?(?:T(?:(\d{1,14})H)?(?:(\d{1,15})M)?(?:(\d{1,16})(?:\.(\d{1,9})\d*)?S)?)?$/;
const longest = 64;

export function parseDate(text: string): FeelDate | null {
  const found = text.length > longest ? null : datePattern.exec(text);
  return found === null ? null : makeDate(Number(found[1]), Number(found[2]), Number(found[3]));
}

export function parseTime(text: string): FeelTime | null {
  const found = text.length > longest ? null : timePattern.exec(text);
  if (found === null) return null;
  const nanos = Number(found[3]) * nanosPerSecond + Number((found[4] ?? "").padEnd(9, "0"));
  return makeTime(Number(found[1]), Number(found[2]), nanos, parseOffset(found[5]));
}

function parseOffset(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (text === "Z") return 0;
  const [hours = "0", minutes = "0", seconds = "0"] = text.slice(1).split(":");
  const size = Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
  return size === 0 ? 0 : text.startsWith("-") ? -size : size;
}

/** `2026-01-31T10:00:00`, or a date alone as its midnight. */
export function parseDateTime(text: string): FeelDateTime | null {
  const at = text.indexOf("T");
  const date = parseDate(at === -1 ? text : text.slice(0, at));
  const time = at === -1 ? parseTime("00:00:00") : parseTime(text.slice(at + 1));
  return date === null || time === null ? null : makeDateTime(date, time);
}

export function parseDuration(text: string): FeelMonths | FeelDuration | null {
  if (text.length > longest || /[PT]$/.test(text)) return null;
  const months = monthsPattern.exec(text);
  if (months !== null) {
    const size = Number(months[2] ?? 0) * 12 + Number(months[3] ?? 0);
    return makeMonths(months[1] === undefined ? size : -size);
  }
  const days = daysPattern.exec(text);
  if (days === null) return null;
  const [, minus, day = "0", hour = "0", minute = "0", second = "0", fraction = ""] = days;
  const seconds =
    BigInt(day) * BigInt(secondsPerDay) +
    BigInt(hour) * 3_600n +
    BigInt(minute) * 60n +
    BigInt(second);
  const nanos = seconds * BigInt(nanosPerSecond) + BigInt(fraction.padEnd(9, "0"));
  return makeDuration(minus === undefined ? nanos : -nanos);
}

/** What `@"…"` means: a date, time, date and time or duration; null for anything else. */
export function parseTemporal(text: string): FeelTemporal | null {
  if (/^-?P/.test(text)) return parseDuration(text);
  if (text.includes("T")) return parseDateTime(text);
  return text.includes(":") ? parseTime(text) : parseDate(text);
}

/** Nanoseconds on the line of time; local values are taken as UTC. */
export function instantNanos({ date, time }: FeelDateTime): bigint {
  const seconds = BigInt(dayNumber(date)) * BigInt(secondsPerDay) - BigInt(time.offset ?? 0);
  return seconds * BigInt(nanosPerSecond) + BigInt(time.nanos);
}

/** The date and time at an instant, in an offset. */
export function dateTimeAt(nanos: bigint, offset: number | null): FeelDateTime | null {
  const local = nanos + BigInt(offset ?? 0) * BigInt(nanosPerSecond);
  const rest = ((local % nanosPerDay) + nanosPerDay) % nanosPerDay;
  const date = dateOfDay(Number((local - rest) / nanosPerDay));
  return date === null ? null : makeDateTime(date, { kind: "time", nanos: Number(rest), offset });
}

/** A date so many months later; the day is cut to the month's last. */
export function addMonths(date: FeelDate, months: number): FeelDate | null {
  const count = date.year * 12 + date.month - 1 + months;
  const year = Math.floor(count / 12);
  const month = count - year * 12 + 1;
  return makeDate(year, month, Math.min(date.day, daysInMonth(year, month)));
}

/** The text that FEEL writes for a temporal value; reading it again gives the same value. */
export function temporalText(value: FeelTemporal): string {
  switch (value.kind) {
    case "date":
      return dateText(value);
    case "time":
      return timeText(value);
    case "date-time":
      return `${dateText(value.date)}T${timeText(value.time)}`;
    case "years-months":
      return monthsText(value.months);
    case "days-time":
      return durationText(value.nanos);
  }
}

function dateText({ year, month, day }: FeelDate): string {
  const sign = year < 0 ? "-" : "";
  return `${sign}${String(Math.abs(year)).padStart(4, "0")}-${two(month)}-${two(day)}`;
}

function timeText({ nanos, offset }: FeelTime): string {
  const seconds = Math.floor(nanos / nanosPerSecond);
  const clock = `${two(Math.floor(seconds / 3_600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `${clock}${fractionText(nanos % nanosPerSecond)}${offsetText(offset)}`;
}

function fractionText(nanos: number): string {
  return nanos === 0 ? "" : `.${String(nanos).padStart(9, "0").replace(/0+$/, "")}`;
}

function offsetText(offset: number | null): string {
  if (offset === null) return "";
  if (offset === 0) return "Z";
  const size = Math.abs(offset);
  const seconds = size % 60 === 0 ? "" : `:${two(size % 60)}`;
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(size / 3_600))}:${two(Math.floor(size / 60) % 60)}${seconds}`;
}

function monthsText(months: number): string {
  const size = Math.abs(months);
  const years = Math.floor(size / 12);
  const rest = size % 12;
  const text = `${years === 0 ? "" : `${years}Y`}${rest === 0 && years !== 0 ? "" : `${rest}M`}`;
  return `${months < 0 ? "-" : ""}P${text}`;
}

function durationText(nanos: bigint): string {
  const size = nanos < 0n ? -nanos : nanos;
  const seconds = size / BigInt(nanosPerSecond);
  const days = seconds / BigInt(secondsPerDay);
  const ofDay = Number(seconds % BigInt(secondsPerDay));
  const fraction = fractionText(Number(size % BigInt(nanosPerSecond)));
  const parts: readonly (readonly [number, string, string])[] = [
    [Math.floor(ofDay / 3_600), "H", ""],
    [Math.floor(ofDay / 60) % 60, "M", ""],
    [ofDay % 60, "S", fraction],
  ];
  const time = parts
    .filter(([count, , rest]) => count > 0 || rest !== "")
    .map(([count, unit, rest]) => `${count}${rest}${unit}`)
    .join("");
  if (days === 0n && time === "") return "PT0S";
  return `${nanos < 0n ? "-" : ""}P${days === 0n ? "" : `${days}D`}${time === "" ? "" : `T${time}`}`;
}

function two(count: number): string {
  return String(count).padStart(2, "0");
}
