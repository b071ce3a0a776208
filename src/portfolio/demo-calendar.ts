// When the demo portfolio lives: thirteen month ends that never depend on the real date, so that the same seed gives
// the same rows for ever, and the month, the region and the industries of the shock.

import type { BusinessDate } from "../domain/calendar.ts";

/** Months of history after the opening balance. */
export const demoMonths = 12;

/** Month ends: 0 is the opening balance, 1 to 12 are the history. */
export const demoMonthEnds: readonly BusinessDate[] = [
  "2025-06-30",
  "2025-07-31",
  "2025-08-31",
  "2025-09-30",
  "2025-10-31",
  "2025-11-30",
  "2025-12-31",
  "2026-01-31",
  "2026-02-28",
  "2026-03-31",
  "2026-04-30",
  "2026-05-31",
  "2026-06-30",
].map((date) => date as BusinessDate);

/** The last date of the history. */
export const demoLastDate: BusinessDate = demoMonthEnds[demoMonths]!;

/** The day on which the demo's own life begins: after the last month end. */
export const demoToday = "2026-07-01" as BusinessDate;

/** The day on which the bureau has news of some lines, and on which the demo is handed over. */
export const demoNewsDate = "2026-07-20" as BusinessDate;

/** From month 10 on one region and two industries are in trouble; where both meet it is worst. */
export const demoShock = {
  month: 10,
  region: "south",
  industries: ["catering", "construction"],
} as const;

/** How much of the shock has arrived, by months since it began. */
export const shockArrived: readonly number[] = [0.55, 0.85, 1];
