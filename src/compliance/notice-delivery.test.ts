// Quiet hours by the lender's clock, and which channel comes next.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addMilliseconds, type BusinessDate, type Instant } from "../domain/calendar.ts";
import { packOf, testDelivery, value } from "../../test/support/compliance-pack.ts";
import { afterQuietHours, nextAttempt } from "./notice-delivery.ts";

const night = { channels: ["sms"], from: "21:00", to: "08:00" } as const;
const noon = { channels: ["sms"], from: "12:00", to: "14:30" } as const;
const eightHoursMs = 8 * 3_600_000;
const shanghai = {
  dateOf: (moment: Instant) => addMilliseconds(moment, eightHoursMs).slice(0, 10) as BusinessDate,
  startOf: (date: BusinessDate) =>
    addMilliseconds(`${date}T00:00:00.000Z` as Instant, -eightHoursMs),
};
const at = (text: string): Instant => text as Instant;

describe("afterQuietHours", () => {
  test.each([
    ["before midnight", night, "2026-03-02T13:00:00.000Z", "2026-03-03T00:00:00.000Z"],
    ["after midnight", night, "2026-03-01T18:00:00.000Z", "2026-03-02T00:00:00.000Z"],
    ["at their end", night, "2026-03-02T00:00:00.000Z", "2026-03-02T00:00:00.000Z"],
    ["just before them", night, "2026-03-02T12:59:59.999Z", "2026-03-02T12:59:59.999Z"],
    ["within a day", noon, "2026-03-02T04:00:00.000Z", "2026-03-02T06:30:00.000Z"],
    ["before those of a day", noon, "2026-03-02T03:59:00.000Z", "2026-03-02T03:59:00.000Z"],
    ["after those of a day", noon, "2026-03-02T06:30:00.000Z", "2026-03-02T06:30:00.000Z"],
  ])("%s, in the lender's time zone", (_name, quiet, from, to) => {
    expect(afterQuietHours(quiet, "sms", at(from), shanghai)).toBe(to);
  });

  test("hold nothing back through another channel, or where there are none", () => {
    const from = at("2026-03-02T18:00:00.000Z");
    expect(afterQuietHours(night, "email", from, shanghai)).toBe(from);
    expect(afterQuietHours(null, "sms", from, shanghai)).toBe(from);
  });

  test("end outside themselves, never earlier and less than a day later", () => {
    const clock = fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
      .map((parts) => parts.map((part) => String(part).padStart(2, "0")).join(":"));
    const instant = fc
      .integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 })
      .map((ms) => at(new Date(ms).toISOString()));
    fc.assert(
      fc.property(clock, clock, instant, (from, to, start) => {
        const quiet = { channels: ["sms"], from, to } as const;
        const end = afterQuietHours(quiet, "sms", start, shanghai);
        expect(end >= start).toBe(true);
        expect(Date.parse(end) - Date.parse(start)).toBeLessThan(86_400_000);
        expect(afterQuietHours(quiet, "sms", end, shanghai)).toBe(end);
      }),
    );
  });
});

test("every channel of a pack is tried, each as often as the pack says, and then none", () => {
  const pack = packOf({});
  const channels = value(["push", "sms", "letter"] as const);
  const delivery = value({ ...testDelivery, attempts: 2, retryHours: 6 });
  const law = { notice: { ...pack.notice, channels, delivery } };
  const tried: { channel: "push" | "sms" | "letter" }[] = [{ channel: "push" }];
  const waits: number[] = [];
  for (;;) {
    const next = nextAttempt(law, tried, false);
    if (next === null) break;
    tried.push({ channel: next.channel as "push" });
    waits.push(next.afterHours);
  }
  expect(tried.map(({ channel }) => channel)).toEqual([
    ...["push", "push", "sms", "sms", "letter", "letter"],
  ]);
  expect(waits).toEqual([6, 0, 6, 0, 6]);
});
