// A live installation has no clock but the real one; the test clock of a sandbox stands still until it is moved.

import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Instant } from "../domain/calendar.ts";
import { sandboxClock, systemClock } from "./clock.ts";

const later = "2030-01-01T00:00:00.000Z" as Instant;

/** One installation row, as two processes would share it. */
function sharedRow(mode: "sandbox" | "live") {
  const row = { at: null as Instant | null, reads: 0 };
  const statements = {
    query: async <R extends object>(): Promise<R[]> => {
      row.reads += 1;
      return [{ at: row.at }] as R[];
    },
    execute: async (_text: string, [to]: readonly unknown[] = []): Promise<number> => {
      if (mode === "live") return 0;
      row.at = to as Instant;
      return 1;
    },
  };
  return { row, statements };
}

test("a test clock is real time until it is set, then stands still for every process", async () => {
  const { statements } = sharedRow("sandbox");
  const [one, other] = [sandboxClock(statements, "UTC"), sandboxClock(statements, "UTC")];
  expect(Math.abs(Date.parse(await one.now()) - Date.now())).toBeLessThan(5_000);
  await one.set(later);
  expect(await one.now()).toBe(later);
  await sleep(30);
  expect(await other.now()).toBe(later);
  expect(await other.reading()).toBe(later);
});

test("readings at the same moment ask once", async () => {
  const { row, statements } = sharedRow("sandbox");
  const clock = sandboxClock(statements, "UTC");
  await Promise.all(Array.from({ length: 50 }, () => clock.now()));
  expect(row.reads).toBe(1);
});

test("a live installation refuses a test clock", async () => {
  const clock = sandboxClock(sharedRow("live").statements, "UTC");
  await expect(clock.set(later)).rejects.toThrow(
    "Cannot set test clock: this installation is live",
  );
});

test("the system clock is real time in the lender's zone", async () => {
  const clock = systemClock("Asia/Shanghai");
  const now = await clock.now();
  expect(Math.abs(Date.parse(now) - Date.now())).toBeLessThan(5_000);
  expect(clock.startOf(clock.dateOf(now)) <= now).toBe(true);
});
