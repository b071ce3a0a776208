// A business date is a day in the lender's time zone, whatever the machine's own zone, also where clocks change.

import fc from "fast-check";
import { expect, test } from "vitest";
import { addDays, parseBusinessDate, type BusinessDate, type Instant } from "../domain/calendar.ts";
import { businessTime } from "./business-time.ts";

const day = (text: string): BusinessDate => parseBusinessDate(text)!;

test("a date begins at midnight of the lender's zone", () => {
  const { startOf, dateOf } = businessTime("Asia/Shanghai");
  expect(startOf(day("2026-03-02"))).toBe("2026-03-01T16:00:00.000Z");
  expect(dateOf("2026-03-01T15:59:59.999Z" as Instant)).toBe("2026-03-01");
  expect(dateOf("2026-03-01T16:00:00.000Z" as Instant)).toBe("2026-03-02");
});

test("where clocks jump over midnight the day begins with its first moment", () => {
  // São Paulo, 4 November 2018: 23:59:59 was followed by 01:00.
  const { startOf, dateOf } = businessTime("America/Sao_Paulo");
  expect(startOf(day("2018-11-04"))).toBe("2018-11-04T03:00:00.000Z");
  expect(dateOf("2018-11-04T02:59:59.999Z" as Instant)).toBe("2018-11-03");
});

test("a day that a zone left out does not stop the reckoning", () => {
  // Samoa had no 30 December 2011.
  const { dateOf } = businessTime("Pacific/Apia");
  expect(dateOf("2011-12-30T09:59:59.999Z" as Instant)).toBe("2011-12-29");
  expect(dateOf("2011-12-30T10:00:00.000Z" as Instant)).toBe("2011-12-31");
});

test("every instant lies between the starts of its date and of the next", () => {
  const zones = [
    "Asia/Shanghai",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "UTC",
  ];
  const times = new Map(zones.map((zone) => [zone, businessTime(zone)]));
  const min = new Date("1990-01-01");
  const max = new Date("2060-01-01");
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.date({ min, max, noInvalidDate: true }),
      (zone, moment) => {
        const { dateOf, startOf } = times.get(zone)!;
        const at = moment.toISOString() as Instant;
        const date = dateOf(at);
        return startOf(date) <= at && at < startOf(addDays(date, 1));
      },
    ),
  );
});

test("an unknown zone is refused with what was expected", () => {
  expect(() => businessTime("Mars/Olympus")).toThrow(
    'Cannot use time zone: found "Mars/Olympus", expected an IANA name such as Asia/Shanghai',
  );
});
