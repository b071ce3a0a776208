// What is made of panes: every way of taking a value, at the edges of its window, and what is unknown.

import { expect, test } from "vitest";
import { addDays, type BusinessDate } from "./calendar.ts";
import {
  type DeclaredFact,
  declaredFacts,
  formOf,
  type Measure,
  type Taken,
} from "./declared-fact.ts";
import { type DayPane, deriveFacts, explainFacts } from "./derive-facts.ts";
import { mergePanes, paneOf } from "./pane.ts";

const asOf = "2026-03-31" as BusinessDate;
const label = { zh: "事实", en: "Fact" };
const measures: readonly Measure[] = [
  { id: "drawn", label, signal: "drawdown", value: "amount", reachDays: 100 },
  { id: "score", label, signal: "bureau-report", value: "score", reachDays: 100 },
  { id: "status", label, signal: "employment-change", value: "status", atMost: 6, reachDays: 100 },
  { id: "open", label, signal: "dispute", value: "open", reachDays: 100 },
];

/** The pane of a day so many days ago. */
function told(measure: string, daysAgo: number, ...values: readonly (number | string)[]): DayPane {
  const pane = values
    .map((value) => paneOf({ value, at: null }))
    .reduce((one, other) => mergePanes(one, other, 6));
  return { measure, onDate: addDays(asOf, -daysAgo), ...pane };
}

const panes = [
  told("drawn", 0, 300),
  told("drawn", 6, 100, 200),
  told("drawn", 7, 50),
  told("drawn", 40, 1_000),
  told("drawn", 99, 7),
  told("drawn", 100, 999_999),
  told("score", 2, 600),
  told("score", 33, 680),
  told("score", 64, 700),
  told("status", 3, "employed"),
  told("status", 60, "student", "unemployed"),
  told("open", 5, "true"),
];

type Over = Pick<DeclaredFact, "over">;

function declaring(taken: Taken & Over) {
  const fact: DeclaredFact = { ...taken, name: "it", label, sensitivity: "financial" };
  return declaredFacts({ lateDays: 30, measures, facts: [fact] });
}

function made(taken: Taken & Over, limitMinor = 2_000) {
  return deriveFacts(declaring(taken), panes, { asOf, limitMinor })["it"];
}

test.each<[string, Taken & Over, unknown]>([
  ["the newest value", { take: "latest", of: "score" }, 600],
  ["the newest value of a list", { take: "latest", of: "status" }, "employed"],
  ["the newest yes or no", { take: "latest", of: "open" }, true],
  ["days since it", { take: "age", of: "score" }, 2],
  ["a change against the value that held then", { take: "change", of: "score", days: 30 }, -80],
  ["a change against a value of that very day", { take: "change", of: "score", days: 33 }, -80],
  ["a change against the value before it", { take: "change", of: "score", days: 34 }, -100],
  ["a change against nothing", { take: "change", of: "score", days: 90 }, null],
  ["a count, the first day of the window included", { take: "count", of: "drawn", days: 7 }, 3],
  ["a count, the day before it left out", { take: "count", of: "drawn", days: 8 }, 4],
  ["a sum up to the reach", { take: "sum", of: "drawn", days: 100 }, 1_657],
  ["the smallest", { take: "min", of: "drawn", days: 7 }, 100],
  ["the largest", { take: "max", of: "drawn", days: 60 }, 1_000],
  ["an average of amounts, half to even", { take: "average", of: "drawn", days: 8 }, 162],
  ["an average of numbers with two decimals", { take: "average", of: "score", days: 50 }, 64_000],
  ["different codes", { take: "distinct", of: "status", days: 70 }, 3],
  ["the last cycles", { take: "sum", of: "drawn", cycles: 2 }, 600],
  ["a share of the limit", { take: "sum", of: "drawn", days: 7, over: "limit" }, 3_000],
  ["nothing in the window", { take: "sum", of: "score", days: 2 }, 0],
])("%s", (_, taken, value) => {
  expect(made(taken)).toBe(value);
});

test("a ratio of two windows is unknown where the lower one is empty or 0", () => {
  const over = { take: "sum", of: "drawn", days: 60 } as const;
  expect(made({ take: "sum", of: "drawn", days: 7, over })).toBe(3_636);
  expect(made({ take: "sum", of: "drawn", days: 7, over: "limit" }, 0)).toBeNull();
});

test("a slope is the least-squares change from step to step", () => {
  // Sums by 20 days, oldest first: 1000, 0, 650.
  expect(made({ take: "slope", of: "drawn", days: 60, stepDays: 20 })).toBe(-175);
});

test("what nobody told of within reach is unknown, and what is told of the future is not looked at", () => {
  const none = deriveFacts(declaring({ take: "count", of: "drawn", days: 7 }), [], {
    ...{ asOf, limitMinor: 1 },
  });
  expect(none).toEqual({ it: null });
  const earlier = addDays(asOf, -41);
  const at = { asOf: earlier, limitMinor: 1 };
  const declared = declaring({ take: "count", of: "drawn", days: 7 });
  expect(deriveFacts(declared, panes, at)).toEqual({ it: 0 });
  expect(deriveFacts(declared, panes, { asOf: addDays(asOf, -201), limitMinor: 1 })).toEqual({
    it: null,
  });
});

test("an explained fact has the value, its first day, its age and the panes that it rests on", () => {
  const over = { take: "sum", of: "score", days: 90 } as const;
  const taken = { take: "count", of: "drawn", days: 7 } as const;
  const [one] = explainFacts(declaring({ ...taken, over }), panes, { asOf, limitMinor: 1 });
  expect(one).toMatchObject({ from: "2026-03-25", ageDays: 0 });
  expect(one!.panes.map(({ measure, onDate }) => `${measure} ${onDate}`)).toEqual([
    ...["drawn 2026-03-25", "drawn 2026-03-31"],
    ...["score 2026-01-26", "score 2026-02-26", "score 2026-03-29"],
  ]);
});

test("type, scale and unit follow from what is taken of what", () => {
  const form = (taken: Taken & Over) => formOf(declaring(taken).measures, taken);
  expect(form({ take: "count", of: "drawn", days: 7 })).toEqual({
    ...{ type: "number", scale: 0, unit: "count" },
  });
  expect(form({ take: "age", of: "drawn" })).toMatchObject({ unit: "days" });
  expect(form({ take: "average", of: "drawn", days: 7 })).toEqual({ type: "money" });
  expect(form({ take: "average", of: "score", days: 7 })).toMatchObject({
    scale: 2,
    unit: "points",
  });
  expect(form({ take: "sum", of: "drawn", days: 7, over: "limit" })).toMatchObject({
    ...{ type: "number", scale: 4, unit: "ratio" },
  });
  expect(form({ take: "latest", of: "status" }).values).toHaveLength(6);
  expect(form({ take: "latest", of: "open" })).toEqual({ type: "boolean" });
});
