// A published year of one calendar: which days are holidays and which weekend days are worked. Years are
// separate documents because authorities publish them one at a time; a year without one stays unconfirmed.

import type { BusinessDate, HolidayTable } from "../domain/calendar.ts";
import { addDays, dayNumber } from "../domain/calendar.ts";
import type { Text } from "../domain/text.ts";
import { checkSchema, foundText, type Problem, type Schema } from "./schema-check.ts";

/** One year as its authority published it. Days of each holiday run from first to last, both included. */
export type HolidayYear = Readonly<{
  calendar: string;
  year: number;
  version: number;
  source: string;
  /** null where the days follow from a standing law and not from a yearly notice */
  publishedOn: BusinessDate | null;
  holidays: readonly Readonly<{ name: Text; first: BusinessDate; last: BusinessDate }>[];
  /** Saturdays and Sundays on which people work */
  workdays: readonly BusinessDate[];
}>;

const date: Schema = { type: "string", format: "date" };
const nonEmpty: Schema = { type: "string", minLength: 1 };

/** JSON Schema of one published year. */
export const holidayYearSchema: Schema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: "urn:tidemark:holiday-year:1",
  title: "Tidemark holiday table of one year",
  type: "object",
  additionalProperties: false,
  required: ["calendar", "year", "version", "source", "publishedOn", "holidays", "workdays"],
  properties: {
    calendar: { type: "string", pattern: "^[a-z][a-z0-9-]*$" },
    year: { type: "integer", minimum: 1970, maximum: 2999 },
    version: { type: "integer", minimum: 1, maximum: 999_999 },
    source: nonEmpty,
    publishedOn: { type: ["string", "null"], format: "date" },
    holidays: {
      type: "array",
      items: {
        type: "object",
        additionalProperties: false,
        required: ["name", "first", "last"],
        properties: {
          name: {
            type: "object",
            additionalProperties: false,
            required: ["zh", "en"],
            properties: { zh: nonEmpty, en: nonEmpty },
          },
          first: date,
          last: date,
        },
      },
    },
    workdays: { type: "array", uniqueItems: true, items: date },
  },
};

/** A year, or everything that is wrong with it. */
export type ParsedHolidayYear =
  | Readonly<{ year: HolidayYear }>
  | Readonly<{ problems: readonly Problem[] }>;

/**
 * Reads one year. Beside its form, refused are: days of another year, a holiday that ends before it starts, a
 * worked day that is no weekend day or is a holiday.
 */
export function parseHolidayYear(document: unknown): ParsedHolidayYear {
  const problems = checkSchema(holidayYearSchema, document);
  if (problems.length > 0) return { problems };
  const year = document as HolidayYear;
  const wrong = [...checkHolidays(year), ...checkWorkdays(year)];
  return wrong.length > 0 ? { problems: wrong } : { year };
}

/**
 * One table from the years of a calendar. Its version is the sum of theirs: it grows whenever a year is
 * published or corrected. Years of other calendars are left out; a calendar without years gives an empty table.
 */
export function holidayTable(calendar: string, years: readonly HolidayYear[]): HolidayTable {
  const own = years
    .filter((year) => year.calendar === calendar)
    .toSorted((one, other) => one.year - other.year);
  return {
    id: calendar,
    version: own.reduce((sum, year) => sum + year.version, 0),
    publishedYears: own.map((year) => year.year),
    holidays: own.flatMap((year) => holidayDates(year)),
    workdays: own.flatMap((year) => year.workdays),
  };
}

function holidayDates({ holidays }: HolidayYear): readonly BusinessDate[] {
  return holidays.flatMap(({ first, last }) =>
    Array.from({ length: dayNumber(last) - dayNumber(first) + 1 }, (_, index) =>
      addDays(first, index),
    ),
  );
}

function checkHolidays({ year, holidays }: HolidayYear): readonly Problem[] {
  return holidays.flatMap(({ first, last }, index) => {
    const pointer = `/holidays/${index}`;
    const problems = [
      ...checkYear(first, year, `${pointer}/first`),
      ...checkYear(last, year, `${pointer}/last`),
    ];
    if (last < first) {
      const expected = { en: `not before ${first}`, zh: `不早于 ${first} 的日期` };
      problems.push({ pointer: `${pointer}/last`, found: foundText(last), expected });
    }
    return problems;
  });
}

function checkWorkdays(year: HolidayYear): readonly Problem[] {
  const holidays = holidayDates(year);
  return year.workdays.flatMap((day, index) => {
    const pointer = `/workdays/${index}`;
    const wrongYear = checkYear(day, year.year, pointer);
    const weekday = (dayNumber(day) + 4) % 7;
    if (wrongYear.length > 0 || ((weekday === 0 || weekday === 6) && !holidays.includes(day)))
      return wrongYear;
    const expected = { en: "a Saturday or Sunday that is no holiday", zh: "非节假日的周六或周日" };
    return [{ pointer, found: foundText(day), expected }];
  });
}

function checkYear(day: BusinessDate, year: number, pointer: string): Problem[] {
  if (day.startsWith(`${year}-`)) return [];
  return [
    {
      pointer,
      found: foundText(day),
      expected: { en: `a day of ${year}`, zh: `${year} 年内的日期` },
    },
  ];
}
