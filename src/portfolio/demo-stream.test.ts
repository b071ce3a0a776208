// The stream of the demo is the same on any machine, holds something of everything, and says of a line's facts the same
// whenever it speaks of them.

import { expect, test } from "vitest";
import type { Instant } from "../domain/calendar.ts";
import { demoStreamEvent } from "./demo-stream.ts";

const plan = { lines: 50, seed: 11 };
const at = "2026-07-20T01:00:00.000Z" as Instant;
const events = Array.from({ length: 3_000 }, (_, number) => demoStreamEvent(plan, 1, number, at));

test("the same run and number give the same event, another run gives others", () => {
  expect(demoStreamEvent(plan, 1, 7, at)).toEqual(events[7]);
  expect(demoStreamEvent(plan, 2, 7, at)).not.toEqual(events[7]);
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
});

test("every kind of event comes, money in whole units above nothing", () => {
  const types = new Set(events.map(({ type }) => type.slice("tidemark.signal.".length)));
  expect([...types].toSorted()).toEqual([
    ...["authorisation", "contact-change", "drawdown", "facts", "fee", "past-due", "repayment"],
  ]);
  for (const { data } of events) {
    const money = data["amount"] as Readonly<{ amount: number }> | undefined;
    if (money !== undefined) expect(money.amount).toBeGreaterThan(0);
    if (money !== undefined) expect(Number.isSafeInteger(money.amount)).toBe(true);
  }
});

test("what is said of a line's facts is the same whenever it is said, so that no order matters", () => {
  for (const [type, field] of [
    ["facts", "facts"],
    ["past-due", "daysPastDue"],
  ] as const) {
    const told = events.filter((event) => event.type === `tidemark.signal.${type}`);
    const byLine = Map.groupBy(told, ({ subject }) => subject);
    for (const [, same] of byLine) {
      expect(new Set(same.map(({ data }) => JSON.stringify(data[field]))).size).toBe(1);
    }
  }
});
