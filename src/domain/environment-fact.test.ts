// Facts about where a line lives, of signals in any order: periods and their revisions, windows of events, and places that
// nobody knows.

import { describe, expect, test } from "vitest";
import type { BusinessDate, Instant } from "./calendar.ts";
import {
  environmentFacts,
  environmentForm,
  environmentSince,
  environmentTypes,
  explainEnvironment,
  type EnvironmentFact,
  type ToldEnvironment,
} from "./environment-fact.ts";

const label = { zh: "事实", en: "Fact" };
const fact = (name: string, rest: Partial<EnvironmentFact>): EnvironmentFact => ({
  ...{ name, label, by: "country", take: "latest", sensitivity: "ordinary" },
  ...rest,
});
const series = { series: "unemployment" };
const facts = [
  fact("now", series),
  fact("year", { ...series, take: "change", months: 12 }),
  fact("age", { ...series, take: "age" }),
  fact("worst", { by: "region", take: "worst", days: 30 }),
  fact("events", { by: "industry", take: "count", days: 30 }),
];

const date = (text: string): BusinessDate => text as BusinessDate;

function macro(
  period: string,
  value: number,
  change: Partial<ToldEnvironment> = {},
): ToldEnvironment {
  return {
    ...{ type: "macro-value", subject: "country/cn", asOf: date(period) },
    knownAt: "2026-01-01T00:00:00.000Z" as Instant,
    data: { series: "unemployment", period, value },
    ...change,
  };
}

function event(
  type: "regional-event" | "industry-event",
  asOf: string,
  severity: string,
): ToldEnvironment {
  const data = type === "regional-event" ? { region: "GD" } : { industry: "retail" };
  return {
    ...{ type, subject: "flood", asOf: date(asOf), data: { ...data, severity } },
    knownAt: "2026-01-01T00:00:00.000Z" as Instant,
  };
}

const place = { country: "cn", region: "GD", industry: "retail" };
const today = date("2026-03-02");

describe("facts of the environment", () => {
  test("are unknown where nothing was told, and events that nobody told of are none", () => {
    const values = environmentFacts(facts, [], today)(place);
    expect(values).toEqual({ now: null, year: null, age: null, worst: null, events: 0 });
  });

  test("of a line whose place is unknown are unknown", () => {
    const signals = [event("industry-event", "2026-03-01", "high")];
    const nowhere = { country: "cn", region: null, industry: null };
    expect(environmentFacts(facts, signals, today)(nowhere)).toMatchObject({
      ...{ worst: null, events: null },
    });
  });

  test("take the newest period, whatever was told last, and change against the period before", () => {
    const signals = [
      macro("2026-01-01", 52_000),
      macro("2025-01-01", 50_000),
      macro("2024-11-01", 10_000),
      macro("2026-01-01", 99_000, { subject: "country/us" }),
      macro("2026-02-01", 99_000, { data: { series: "other", period: "2026-02-01", value: 1 } }),
    ];
    for (const told of [signals, signals.toReversed()]) {
      expect(environmentFacts(facts, told, today)(place)).toMatchObject({
        ...{ now: 52_000, year: 2_000, age: 60 },
      });
    }
    expect(environmentFacts(facts, signals.slice(0, 1), today)(place)).toMatchObject({
      ...{ now: 52_000, year: null },
    });
  });

  test("take a revision in the place of what was known before, and leave the past as it was known", () => {
    const later = "2026-02-01T00:00:00.000Z" as Instant;
    const revised = macro("2026-01-01", 53_000, { knownAt: later });
    const told = [revised, macro("2026-01-01", 52_000), macro("2025-01-01", 50_000)];
    expect(environmentFacts(facts, told, today)(place)).toMatchObject({ now: 53_000, year: 3_000 });
    expect(environmentFacts(facts, told.slice(1), today)(place)).toMatchObject({ now: 52_000 });
  });

  test("do not look at what could not be known yet on their day", () => {
    const told = [macro("2026-01-01", 52_000, { asOf: date("2026-03-03") })];
    expect(environmentFacts(facts, told, today)(place)).toMatchObject({ now: null, age: null });
  });

  test("take the gravest event of the window, and count those of the industry", () => {
    const told = [
      event("regional-event", "2026-03-02", "low"),
      event("regional-event", "2026-02-01", "medium"),
      event("regional-event", "2026-01-31", "high"),
      event("industry-event", "2026-03-01", "low"),
      event("industry-event", "2026-02-01", "low"),
    ];
    const values = environmentFacts(facts, told, today)(place);
    expect(values).toMatchObject({ worst: "medium", events: 2 });
    expect(environmentFacts(facts, told, date("2026-03-03"))(place)).toMatchObject({
      ...{ worst: "low", events: 1 },
    });
  });

  test("reach as far back on their own as among others that reach further", () => {
    const told = [macro("2023-02-26", 52_000)];
    for (const read of [facts.slice(0, 1), facts]) {
      expect(environmentFacts(read, told, today)(place)).toMatchObject({ now: null });
      expect(environmentFacts(read, told, date("2026-03-01"))(place)).toMatchObject({
        now: 52_000,
      });
    }
  });

  test("say what they rest on, and share one answer by place", () => {
    const told = [macro("2026-01-01", 52_000), macro("2025-01-01", 50_000)];
    const year = explainEnvironment(facts, told, today)(place)[1]!;
    expect(year.told.map(({ asOf }) => asOf)).toEqual(["2025-01-01", "2026-01-01"]);
    const valuesOf = environmentFacts(facts, told, today);
    expect(valuesOf({ ...place })).toBe(valuesOf(place));
  });

  test("have a form, types of signals, and a day before which nothing matters", () => {
    expect(facts.map((one) => environmentForm(one).type)).toEqual([
      ...["number", "number", "number", "enum", "number"],
    ]);
    expect(environmentTypes(facts)).toEqual(["macro-value", "regional-event", "industry-event"]);
    expect(environmentSince([facts[0]!], today)).toBe("2023-02-26");
  });
});
