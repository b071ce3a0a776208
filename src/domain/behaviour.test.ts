// A line that is used as ever is told as usual, one that is not stands out with the figures, and too little history says
// nothing.

import { expect, test } from "vitest";
import { type BehaviourFinding, type BehaviourLook, lookAtBehaviour } from "./behaviour.ts";
import { addDays, type BusinessDate, type Instant } from "./calendar.ts";
import type { DayPane } from "./derive-facts.ts";
import { emptyPane } from "./pane.ts";

const asOf = "2026-07-01" as BusinessDate;
const measures = { drawn: "drawn", repaid: "repaid", cash: "cash" };
const context = {
  ...{ asOf, limitMinor: 1_000_000, currency: "CNY" as const },
  hourOf: (at: Instant) => Number(at.slice(11, 13)),
};

const pane = (measure: string, back: number, sum: number, hour = 12, count = 1): DayPane => {
  const onDate = addDays(asOf, -back);
  const lastAt = `${onDate}T${String(hour).padStart(2, "0")}:00:00.000Z` as Instant;
  return { ...emptyPane, measure, onDate, count, sum, low: sum, high: sum, last: sum, lastAt };
};

/** A drawdown of about 500.00 at noon every fifth day. */
const usual = Array.from({ length: 30 }, (_, at) =>
  pane("drawn", 10 + at * 5, 50_000 + (at % 5) * 1_000, 11 + (at % 3)),
);

function found(look: BehaviourLook, ...panes: readonly DayPane[]): BehaviourFinding {
  return lookAtBehaviour(panes, measures, context).find((one) => one.look === look)!;
}

const isUnusual = (...given: Parameters<typeof found>) => found(...given).isUnusual;

test("an amount far above the line's own usual ones stands out, whatever one wild day was before", () => {
  expect(isUnusual("amount", ...usual, pane("drawn", 1, 60_000))).toBe(false);
  const wild = pane("drawn", 30, 900_000);
  const finding = found("amount", ...usual, wild, pane("drawn", 1, 200_000));
  expect(finding).toMatchObject({
    isUnusual: true,
    figures: { newest: 200_000, median: 52_000, deviation: 5_200, days: 31 },
  });
  expect(finding.text.en).toContain("2,000.00 CNY");
  expect(finding.text.zh).toContain("通常");
});

test("an hour far from the usual ones stands out, around midnight too", () => {
  expect(isUnusual("hour", ...usual, pane("drawn", 1, 1, 14))).toBe(false);
  expect(isUnusual("hour", ...usual, pane("drawn", 1, 1, 3))).toBe(true);
  const late = usual.map((one, at) => pane("drawn", 10 + at * 5, one.sum!, at % 2 === 0 ? 23 : 0));
  expect(isUnusual("hour", ...late, pane("drawn", 1, 1, 1))).toBe(false);
  expect(isUnusual("hour", ...late, pane("drawn", 1, 1, 12))).toBe(true);
});

test("many drawdowns in a week stand out", () => {
  expect(isUnusual("frequency", ...usual, pane("drawn", 1, 1, 12, 4))).toBe(false);
  expect(isUnusual("frequency", ...usual, pane("drawn", 1, 1, 12, 9))).toBe(true);
});

test("a sudden full draw stands out, not one of a line that is always drawn in full", () => {
  const full = [pane("drawn", 0, 500_000), pane("drawn", 2, 400_000)];
  expect(found("full-draw", ...usual, ...full)).toMatchObject({
    ...{ isUnusual: true, figures: { newestBp: 9_000, mostBp: 540 } },
  });
  expect(isUnusual("full-draw", ...usual, pane("drawn", 60, 900_000), ...full)).toBe(false);
  expect(isUnusual("full-draw", ...usual, pane("drawn", 3, 900_000))).toBe(false);
});

test("payments made by new borrowing stand out", () => {
  const borrowed = [5, 20].flatMap((back) => [
    pane("repaid", back, 80_000),
    pane("drawn", back + 2, 80_000),
  ]);
  const paid = [60, 90, 120].map((back) => pane("repaid", back, 80_000));
  expect(isUnusual("borrowed-payment", ...borrowed, ...paid)).toBe(true);
  const own = [5, 20].map((back) => pane("repaid", back, 80_000));
  expect(isUnusual("borrowed-payment", ...own, ...paid)).toBe(false);
  expect(isUnusual("borrowed-payment", own[0]!)).toBeNull();
});

test("cash taken in a part of the limit stands out where that was not usual", () => {
  const out = pane("cash", 1, 400_000);
  expect(isUnusual("cash-out", ...usual, out)).toBe(true);
  expect(isUnusual("cash-out", ...usual, pane("cash", 1, 200_000))).toBe(false);
  const always = usual.map(({ sum }, at) => pane("cash", 10 + at * 5, sum!));
  expect(isUnusual("cash-out", ...usual, ...always, out)).toBe(false);
});

test("of too little history, and of the days to come, nothing is said", () => {
  expect(lookAtBehaviour([], measures, context).map((one) => one.isUnusual)).toEqual(
    Array.from({ length: 6 }, () => null),
  );
  expect(isUnusual("amount", ...usual.slice(0, 7), pane("drawn", 1, 900_000))).toBeNull();
  expect(isUnusual("amount", ...usual, pane("drawn", -1, 900_000))).toBe(false);
});
