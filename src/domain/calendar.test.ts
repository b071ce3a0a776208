// Business dates exist, count correctly across leap years, and working days come from published tables.

import fc from "fast-check";
import { expect, test } from "vitest";
import {
  addBusinessDays,
  addDays,
  addMonths,
  dateOfDay,
  dayNumber,
  daysBetween,
  isWorkday,
  parseAskedDate,
  parseBusinessDate,
  parseInstant,
  weekStart,
  type BusinessDate,
  type HolidayTable,
} from "./calendar.ts";

const date = (text: string): BusinessDate => parseBusinessDate(text)!;

const table: HolidayTable = {
  id: "cn",
  version: 1,
  publishedYears: [2026],
  holidays: [date("2026-10-01"), date("2026-10-02"), date("2026-10-05")],
  workdays: [date("2026-10-10")],
};

test("only existing days and instants are read", () => {
  expect(parseBusinessDate("2024-02-29")).toBe("2024-02-29");
  for (const broken of ["2023-02-29", "2024-2-9", "2024-13-01", "", 20240229, "2024-02-29T00:00"]) {
    expect(parseBusinessDate(broken), String(broken)).toBeNull();
  }
  expect(parseInstant("2026-01-01T00:00:00.000Z")).toBe("2026-01-01T00:00:00.000Z");
  expect(parseInstant("2026-02-30T00:00:00.000Z")).toBeNull();
  expect(parseInstant("2026-01-01T00:00:00Z")).toBeNull();
});

test("adding days and counting them are each other's inverse", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -100_000, max: 100_000 }),
      fc.integer({ min: -5000, max: 5000 }),
      (day, days) => {
        const from = dateOfDay(day);
        return daysBetween(from, addDays(from, days)) === days && dayNumber(from) === day;
      },
    ),
  );
});

test.each([
  ["2026-01-15", 2, "2026-03-15"],
  ["2026-12-31", 2, "2027-02-28"],
  ["2027-12-31", 2, "2028-02-29"],
  ["2026-08-31", 1, "2026-09-30"],
  ["2026-10-31", 14, "2027-12-31"],
  ["2026-06-30", 0, "2026-06-30"],
])("%s and %i months is %s: the same day, or the last of a shorter month", (from, months, to) => {
  expect(addMonths(date(from), months)).toBe(to);
});

test("weekends and holidays are not workdays, make-up days are", () => {
  expect(isWorkday(date("2026-10-01"), table)).toBe(false);
  expect(isWorkday(date("2026-10-03"), table)).toBe(false);
  expect(isWorkday(date("2026-10-10"), table)).toBe(true);
  expect(isWorkday(date("2026-10-12"), table)).toBe(true);
});

test("business days skip what nobody works, and name the years that nobody published", () => {
  expect(addBusinessDays(date("2026-09-30"), 3, table)).toEqual({
    date: "2026-10-08",
    unconfirmedYears: [],
  });
  expect(addBusinessDays(date("2026-12-31"), 1, table)).toEqual({
    date: "2027-01-01",
    unconfirmedYears: [2027],
  });
});

test("weeks begin on Monday", () => {
  expect(weekStart(date("2026-11-22"))).toBe("2026-11-16");
  expect(weekStart(date("2026-11-16"))).toBe("2026-11-16");
});

test.each([
  ["1800-01-01", true],
  ["2999-12-31", true],
  ["1799-12-31", false],
  ["0001-01-01", false],
  ["9999-12-31", false],
  ["2025-02-29", false],
])("%s may be asked for: %s", (text, asked) => {
  expect(parseAskedDate(text)).toBe(asked ? text : null);
});
