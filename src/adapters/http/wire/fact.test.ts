// Facts are told in words and units, and protected ones to nobody who may not read personal data.

import { expect, test } from "vitest";
import type { BusinessDate, Instant } from "../../../domain/calendar.ts";
import type { FactDeclaration } from "../../../domain/facts.ts";
import { wireFacts, wireSignal } from "./fact.ts";

const label = { zh: "事实", en: "Fact" };
const base = { label, source: "import", missing: "unknown", sensitivity: "ordinary" } as const;

const declared: readonly FactDeclaration[] = [
  { ...base, name: "utilisation", type: "number", scale: 4, unit: "ratio" },
  { ...base, name: "income", type: "money", sensitivity: "financial" },
  {
    ...{ ...base, name: "region", type: "enum" },
    values: [{ value: "east", label: { zh: "华东", en: "East" } }],
  },
  { ...base, name: "age", type: "number", sensitivity: "protected" },
];

const row = {
  ...{ bucket: 7, lineId: "l", hash: "h", asOf: "2026-03-01" as BusinessDate },
  knownAt: "2026-03-02T00:00:00.000Z" as Instant,
  facts: { utilisation: 5125, income: 1_200_000, region: "east", age: 41, other: 3 },
};

const reading = {
  dictionary: new Map(declared.map((one) => [one.name, one])),
  ...{ currency: "CNY" as const, on: "2026-03-31" as BusinessDate },
};

test("values are told in their unit, with their words and their age", () => {
  const { data } = wireFacts(row, { ...reading, withheld: new Set<string>() });
  expect(data.map(({ name, value }) => [name, value])).toEqual([
    ["utilisation", "0.5125"],
    ["income", { amount: 1_200_000, currency: "CNY" }],
    ["region", "east"],
    ["age", "41"],
    ["other", "3"],
  ]);
  expect(data[2]).toMatchObject({ text: { zh: "华东", en: "East" }, ageDays: 30 });
  expect(data[4]).toMatchObject({ type: null, label: { zh: "other", en: "other" } });
});

test("facts that are withheld are said to be, without their value", () => {
  const { data } = wireFacts(row, { ...reading, withheld: new Set(["age"]) });
  expect(data.filter(({ withheld }) => withheld)).toMatchObject([{ name: "age", value: null }]);
});

test("a signal names the facts that are withheld and leaves their values out", () => {
  const body = { id: "s-1", source: "core", type: "facts", asOf: "2026-03-01" };
  const event = {
    ...{ bucket: 7, seq: 9, kind: "SignalRecorded", lineId: "l", customerId: "c", subject: "l" },
    ...{ at: row.knownAt, actor: "a", cause: "x" },
    body: { ...body, facts: { age: 41, region: "east" } },
  };
  const told = (...withheld: readonly string[]) => wireSignal(event, "CNY", new Set(withheld)).body;
  expect(told()).toEqual({ facts: { age: 41, region: "east" } });
  expect(told("age")).toEqual({ facts: { region: "east" }, withheld: ["age"] });
});

test("a payload names the fields whose facts are withheld and leaves their values out", () => {
  const event = {
    ...{ bucket: 7, seq: 9, kind: "SignalRecorded", lineId: "l", customerId: "c", subject: "l" },
    ...{ at: row.knownAt, actor: "a", cause: "x" },
    body: {
      ...{ id: "s-1", source: "payroll", type: "income-change", asOf: "2026-03-01" },
      ...{ data: { change: -2_500, verified: true }, facts: { age: 41, region: "east" } },
    },
  };
  const told = (...withheld: readonly string[]) => wireSignal(event, "CNY", new Set(withheld)).body;
  expect(told()).toEqual({
    data: { change: -2_500, verified: true },
    facts: { age: 41, region: "east" },
  });
  expect(told("incomeChange", "age")).toEqual({
    ...{ data: { verified: true }, facts: { region: "east" } },
    withheld: ["change", "age"],
  });
});

test("without facts there is nothing to tell", () => {
  expect(wireFacts(null, { ...reading, withheld: new Set<string>() }).data).toEqual([]);
});
