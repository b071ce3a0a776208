// Exposure counts open lines of one currency, each once, and is unknown rather than wrong.

import { expect, test } from "vitest";
import { type ExposedLine, type ExposureFact, exposureFacts, exposureForm } from "./exposure.ts";

const line = (id: string, change: Partial<ExposedLine> = {}): ExposedLine => ({
  ...{ id, customerId: "c", currency: "CNY", status: "active", daysPastDue: null },
  ...{ limitMinor: 10_000, drawnMinor: 4_000, pendingMinor: 1_000 },
  ...change,
});
const fact = (name: string, rest: Pick<ExposureFact, "total" | "over">): ExposureFact => ({
  ...{ name, label: { en: name, zh: name }, sensitivity: "financial" },
  ...rest,
});
const facts = [
  fact("limit", { total: "limit" }),
  fact("drawn", { total: "drawn" }),
  fact("available", { total: "available" }),
  fact("use", { total: "drawn", over: "limit" }),
  fact("lines", { total: "lines" }),
  fact("late", { total: "daysPastDue" }),
];

test("adds up the open lines of the line's currency", () => {
  const lines = [
    line("a", { daysPastDue: 3 }),
    line("b", { status: "frozen", drawnMinor: 9_000, daysPastDue: 40 }),
    line("c", { status: "closed", daysPastDue: 90 }),
    line("d", { status: "exited" }),
    line("e", { currency: "USD", daysPastDue: 200 }),
  ];
  expect(exposureFacts(facts, "a", lines)).toEqual({
    ...{ limit: 20_000, drawn: 13_000, available: 5_000, use: 6_500, lines: 2, late: 40 },
  });
  expect(exposureFacts(facts, "e", lines)).toMatchObject({ limit: 10_000, lines: 1, late: 200 });
});

test("is unknown where nothing is told, cannot be divided or is no safe integer", () => {
  expect(exposureFacts(facts, "a", [line("a", { limitMinor: 0 })])).toMatchObject({
    ...{ limit: 0, use: null, late: null },
  });
  const huge = { limitMinor: Number.MAX_SAFE_INTEGER };
  expect(exposureFacts(facts, "a", [line("a", huge), line("b", huge)])).toMatchObject({
    ...{ limit: null, use: null, drawn: 8_000 },
  });
  expect(exposureFacts(facts, "nobody", [line("a")])).toEqual({});
});

test("of a closed line is what the open ones add up to", () => {
  const lines = [line("a", { status: "closed" }), line("b")];
  expect(exposureFacts(facts, "a", lines)).toMatchObject({ limit: 10_000, lines: 1 });
});

test("has the form that strategies declare", () => {
  expect(exposureForm({ total: "available" })).toEqual({ type: "money" });
  expect(exposureForm({ total: "drawn", over: "limit" })).toMatchObject({ unit: "ratio" });
  expect(exposureForm({ total: "lines" })).toMatchObject({ unit: "count" });
  expect(exposureForm({ total: "daysPastDue" })).toMatchObject({ unit: "days" });
});
