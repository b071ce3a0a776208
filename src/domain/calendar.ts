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
  if (typeof text !== "string") return null;
  const match = datePattern.exec(text);
  if (match === null) return null;
  const day = dayNumber(text as BusinessDate);
  return dateOfDay(day) === text ? (text as BusinessDate) : null;
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
  return Math.floor(Date.parse(`${date}T00:00:00Z`) / 86_400_000);
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
