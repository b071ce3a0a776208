// Years of a calendar are checked before they count days, and years that nobody published stay named.

import { describe, expect, test } from "vitest";
import { isWorkday, type BusinessDate } from "../domain/calendar.ts";
import { holidayTable, parseHolidayYear, type HolidayYear } from "./holiday-year.ts";

const name = { zh: "春节", en: "Spring Festival" };

function document(): HolidayYear {
  return {
    calendar: "test",
    year: 2026,
    version: 1,
    source: "Notice 7",
    publishedOn: "2025-11-04" as BusinessDate,
    holidays: [{ name, first: "2026-02-15" as BusinessDate, last: "2026-02-23" as BusinessDate }],
    workdays: ["2026-02-28" as BusinessDate],
  };
}

describe("parseHolidayYear", () => {
  test("reads a published year", () => {
    expect(parseHolidayYear(document())).toEqual({ year: document() });
  });

  test.each([
    ["a day of another year", { workdays: ["2025-01-26"] }, "/workdays/0", "a day of 2026"],
    ["a worked weekday", { workdays: ["2026-03-02"] }, "/workdays/0", "a Saturday or Sunday"],
    ["a worked holiday", { workdays: ["2026-02-21"] }, "/workdays/0", "a Saturday or Sunday"],
    [
      "a holiday that ends before it starts",
      { holidays: [{ name, first: "2026-05-05", last: "2026-05-01" }] },
      "/holidays/0/last",
      "not before 2026-05-05",
    ],
    [
      "a missing name",
      { holidays: [{ first: "2026-05-01", last: "2026-05-01" }] },
      "/holidays/0/name",
      "object",
    ],
    ["a day that does not exist", { publishedOn: "2026-02-30" }, "/publishedOn", "YYYY-MM-DD"],
    ["an unknown field", { country: "cn" }, "/country", "no field of this name"],
  ])("refuses %s", (_, change, pointer, expected) => {
    const parsed = parseHolidayYear({ ...document(), ...change });
    const [problem] = "problems" in parsed ? parsed.problems : [];
    expect(problem?.pointer).toBe(pointer);
    expect(problem?.expected.en).toContain(expected);
  });
});

describe("holidayTable", () => {
  const other: HolidayYear = { ...document(), year: 2025, version: 2, holidays: [], workdays: [] };

  test("joins the years of one calendar in order", () => {
    const table = holidayTable("test", [
      document(),
      { ...document(), calendar: "elsewhere" },
      other,
    ]);
    expect(table.publishedYears).toEqual([2025, 2026]);
    expect(table.version).toBe(3);
    expect(table.holidays).toHaveLength(9);
    expect(isWorkday("2026-02-23" as BusinessDate, table)).toBe(false);
    expect(isWorkday("2026-02-28" as BusinessDate, table)).toBe(true);
  });

  test("is empty, with no published year, for a calendar nobody published", () => {
    expect(holidayTable("nowhere", [document()])).toEqual({
      id: "nowhere",
      version: 0,
      publishedYears: [],
      holidays: [],
      workdays: [],
    });
  });
});
