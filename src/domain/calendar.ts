// Business dates and the clocks that count them. A business date is a day in the lender's time zone and
// carries no time; legal clocks count calendar or business days from versioned holiday tables, and a year
// without a published table counts as unconfirmed instead of being guessed.

declare const businessDate: unique symbol;

/** "YYYY-MM-DD", a day in the lender's time zone. */
export type BusinessDate = string & { readonly [businessDate]: true };

declare const instant: unique symbol;

/** "YYYY-MM-DDTHH:mm:ss.sssZ", a moment in UTC. Sorts as text. */
export type Instant = string & { readonly [instant]: true };

const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/;
const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** Reads a business date; null unless the text is an existing day written YYYY-MM-DD. */
export function parseBusinessDate(text: unknown): BusinessDate | null {
  return parseDayNumber(text) === null ? null : (text as BusinessDate);
}

/** The days that people may ask a lender's books for. Sums of days around them stay dates that every database knows. */
const firstAsked = "1800-01-01";
const lastAsked = "2999-12-31";

/** Reads a date that somebody asks for: as {@link parseBusinessDate}, and only years 1800 to 2999. */
export function parseAskedDate(text: unknown): BusinessDate | null {
  const date = parseBusinessDate(text);
  return date !== null && date >= firstAsked && date <= lastAsked ? date : null;
}

/** Reads a business date as {@link dayNumber} does, without making a Date: portfolios are full of dates. */
export function parseDayNumber(text: unknown): number | null {
  if (typeof text !== "string" || !datePattern.test(text)) return null;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  return daysBefore(year, month) + day - 1;
}

function twoDigits(text: string, at: number): number {
  return text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528;
}

function daysInMonth(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

/** Days from 1970-01-01 to the first of a month, counted in years that start in March so that leap days come last. */
function daysBefore(year: number, month: number): number {
  const years = month > 2 ? year : year - 1;
  const months = month > 2 ? month - 3 : month + 9;
  const leapDays = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400);
  return years * 365 + leapDays + Math.floor((months * 153 + 2) / 5) - 719_468;
}

/** Reads an instant; null unless the text has exactly the form of {@link Instant} and exists. */
export function parseInstant(text: unknown): Instant | null {
  if (typeof text !== "string" || !instantPattern.test(text)) return null;
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) || new Date(milliseconds).toISOString() !== text
    ? null
    : (text as Instant);
}

/** Days since 1970-01-01. */
export function dayNumber(date: BusinessDate): number {
  return parseDayNumber(date) ?? Number.NaN;
}

/** The business date `day` days after 1970-01-01. */
export function dateOfDay(day: number): BusinessDate {
  const milliseconds = day * 86_400_000;
  if (!(Math.abs(milliseconds) <= 8.64e15)) return "" as BusinessDate;
  return new Date(milliseconds).toISOString().slice(0, 10) as BusinessDate;
}

export function addDays(date: BusinessDate, days: number): BusinessDate {
  return dateOfDay(dayNumber(date) + days);
}

/** The same day of a later month, or that month's last day where it has no such day. */
export function addMonths(date: BusinessDate, months: number): BusinessDate {
  const month = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 + months;
  const first = dayNumber(monthStart(month));
  const length = dayNumber(monthStart(month + 1)) - first;
  return dateOfDay(first + Math.min(Number(date.slice(8)), length) - 1);
}

function monthStart(month: number): BusinessDate {
  const year = String(Math.floor(month / 12)).padStart(4, "0");
  return `${year}-${String((month % 12) + 1).padStart(2, "0")}-01` as BusinessDate;
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: BusinessDate, to: BusinessDate): number {
  return dayNumber(to) - dayNumber(from);
}

/** The Monday of the week that `date` lies in. */
export function weekStart(date: BusinessDate): BusinessDate {
  return addDays(date, -((((dayNumber(date) + 3) % 7) + 7) % 7));
}

/** Moves an instant by milliseconds. */
export function addMilliseconds(at: Instant, milliseconds: number): Instant {
  return new Date(Date.parse(at) + milliseconds).toISOString() as Instant;
}

/**
 * Holidays and make-up working days of one calendar. `publishedYears` are the years whose table its
 * authority has published; every other year is unconfirmed.
 */
export type HolidayTable = Readonly<{
  id: string;
  version: number;
  publishedYears: readonly number[];
  holidays: readonly BusinessDate[];
  workdays: readonly BusinessDate[];
}>;

export type CountedDate = Readonly<{ date: BusinessDate; unconfirmedYears: readonly number[] }>;

/** True when people work on that day: make-up workday, or neither weekend nor holiday. */
export function isWorkday(date: BusinessDate, table: HolidayTable): boolean {
  if (table.workdays.includes(date)) return true;
  const weekday = (((dayNumber(date) + 4) % 7) + 7) % 7;
  return weekday !== 0 && weekday !== 6 && !table.holidays.includes(date);
}

/**
 * The day that is `days` working days after `from`; `from` itself is not counted.
 * Years touched without a published table are named in `unconfirmedYears`: the caller must take the
 * stricter reading or ask.
 */
export function addBusinessDays(
  from: BusinessDate,
  days: number,
  table: HolidayTable,
): CountedDate {
  let date = from;
  const years = new Set<number>();
  for (let left = days; left > 0;) {
    date = addDays(date, 1);
    const year = Number(date.slice(0, 4));
    if (!table.publishedYears.includes(year)) years.add(year);
    if (isWorkday(date, table)) left -= 1;
  }
  return { date, unconfirmedYears: [...years] };
}
