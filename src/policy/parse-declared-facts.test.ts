// The facts document: the shipped one says what its comments say, and every mistake is told by place, with what was found
// and what was expected.

import { expect, test } from "vitest";
import { parseDeclaredFacts } from "./parse-declared-facts.ts";

const label = { zh: "事实", en: "Fact" };
const good = {
  lateDays: 30,
  measures: [
    { id: "drawn", label, signal: "drawdown", value: "amount", reachDays: 100 },
    { id: "status", label, signal: "employment-change", value: "status", atMost: 6, reachDays: 90 },
    { id: "cured", label, signal: "cure", reachDays: 90 },
  ],
  facts: [
    { name: "drawdowns", label, take: "count", of: "drawn", days: 7, sensitivity: "financial" },
  ],
};

type Json = Readonly<Record<string, unknown>>;

const measured = (change: Json): unknown => ({
  ...good,
  measures: [{ ...good.measures[0], ...change }, ...good.measures.slice(1)],
});
const around = { name: "rate", label, by: "country", take: "latest", sensitivity: "ordinary" };
const living = (change: Json): unknown => ({
  ...good,
  environment: [{ ...around, series: "unemployment", ...change }],
});
const taking = (change: Json): unknown => ({ ...good, facts: [{ ...good.facts[0], ...change }] });

function problemsOf(document: unknown): readonly string[] {
  const parsed = parseDeclaredFacts(document);
  return "declared" in parsed
    ? []
    : parsed.problems.map(({ path, message }) => `${path} ${message.en}`);
}

test("a good document has no problems, and knows what is watched", () => {
  expect(problemsOf(good)).toEqual([]);
  const parsed = parseDeclaredFacts(taking({ watched: true }));
  expect("declared" in parsed && [...parsed.declared.watched]).toEqual(["drawn"]);
});

test("facts about where a line lives are read beside the others", () => {
  for (const change of [
    ...[{}, { take: "age" }, { take: "change", months: 12 }],
    ...[
      { take: "worst", by: "region", series: undefined, days: 30 },
      { take: "count", by: "industry", series: undefined, days: 30 },
    ],
  ]) {
    const document = JSON.parse(JSON.stringify(living(change))) as unknown;
    expect(problemsOf(document)).toEqual([]);
    const parsed = parseDeclaredFacts(document);
    expect("declared" in parsed && [...parsed.declared.environment.keys()]).toEqual(["rate"]);
  }
});

test.each<[string, unknown, string]>([
  ["no document", [], " Cannot read document: found a list of 0"],
  [
    "an unknown field",
    { ...good, more: 1 },
    '/more Cannot read document: found unknown field "more"',
  ],
  [
    "an unknown signal",
    measured({ signal: "gossip" }),
    '/measures/0/signal Cannot read /measures/0/signal: found "gossip"',
  ],
  ["a signal about the environment", measured({ signal: "macro-value" }), "/measures/0/signal"],
  [
    "an unknown value",
    measured({ value: "colour" }),
    '/measures/0/value Cannot measure drawdown: found field "colour", expected one of amount',
  ],
  [
    "codes without a cap",
    measured({ signal: "employment-change", value: "status" }),
    '/measures/0/atMost Cannot measure drawn: found no field "atMost"',
  ],
  [
    "a cap of numbers",
    measured({ atMost: 3 }),
    '/measures/0/atMost Cannot measure drawn: found a field "atMost"',
  ],
  [
    "an unknown choice",
    measured({ where: { kind: ["cash"] } }),
    "/measures/0/where/kind Cannot measure drawdown",
  ],
  [
    "a choice of an unknown value",
    measured({ signal: "fee", where: { kind: ["bribe"] } }),
    "/measures/0/where/kind Cannot choose signals: found bribe",
  ],
  [
    "a choice by amount",
    measured({ where: { amount: ["5"] } }),
    "/measures/0/where/amount Cannot choose signals: found a field of type money",
  ],
  [
    "a measure twice",
    { ...good, measures: [good.measures[0], good.measures[0]] },
    "/measures/1/id Cannot use drawn: found it a second time",
  ],
  [
    "a fact twice",
    { ...good, facts: [good.facts[0], good.facts[0]] },
    "/facts/1/name Cannot use drawdowns",
  ],
  [
    "a place that is none",
    living({ by: "street" }),
    '/environment/0/by Cannot read /environment/0/by: found "street"',
  ],
  [
    "a change without months",
    living({ take: "change" }),
    "/environment/0 Cannot take change: found series, expected series + months",
  ],
  [
    "the gravest of a series",
    living({ take: "worst", by: "region", days: 30 }),
    "/environment/0 Cannot take worst: found series + days, expected days",
  ],
  [
    "events by country",
    { ...good, environment: [{ ...around, take: "count", days: 30 }] },
    "/environment/0/by Cannot take count: found events by country, expected by region or industry",
  ],
  [
    "a name of both kinds",
    living({ name: "drawdowns" }),
    "/environment/0/name Cannot declare fact drawdowns",
  ],
  ["a place's name that a signal tells", living({ name: "daysPastDue" }), "/environment/0/name"],
  ["a name of the line", taking({ name: "limit" }), "/facts/0/name Cannot declare fact limit"],
  [
    "a name that a signal tells",
    taking({ name: "daysPastDue" }),
    "/facts/0/name Cannot declare fact daysPastDue",
  ],
  [
    "an unknown measure",
    taking({ of: "nothing" }),
    '/facts/0/of Cannot take count: found measure "nothing", expected one of drawn, status, cured',
  ],
  [
    "a sum of codes",
    taking({ take: "sum", of: "status" }),
    "/facts/0/take Cannot take sum of status: found a closed list, expected numbers or amounts",
  ],
  [
    "a sum of nothing",
    taking({ take: "sum", of: "cured" }),
    "/facts/0/take Cannot take sum of cured: found a measure without values",
  ],
  [
    "different numbers",
    taking({ take: "distinct" }),
    "/facts/0/take Cannot take distinct of drawn: found numbers or amounts, expected a closed list or codes",
  ],
  ["no window", taking({ days: undefined }), "/facts/0"],
  [
    "both windows",
    taking({ cycles: 2 }),
    "/facts/0 Cannot take count: found window days + cycles, expected days or cycles",
  ],
  [
    "a window of the newest",
    taking({ take: "latest" }),
    "/facts/0 Cannot take latest: found window days, expected none",
  ],
  [
    "a window beyond the reach",
    taking({ days: 101 }),
    "/facts/0/days Cannot take count: found a window of 101 days, expected at most the 100 days that drawn reaches back",
  ],
  ["cycles beyond the reach", taking({ days: undefined, cycles: 4 }), "/facts/0"],
  [
    "broken steps",
    taking({ take: "slope", days: 7, stepDays: 2 }),
    "/facts/0/stepDays Cannot take slope: found steps of 2 days in 7",
  ],
  [
    "a count over the limit",
    taking({ over: "limit" }),
    "/facts/0/over Cannot divide drawdowns: found number over money",
  ],
  [
    "a broken divisor",
    taking({ over: { take: "sum", of: "cured", days: 7 } }),
    "/facts/0/over/take Cannot take sum of cured",
  ],
  [
    "watched as text",
    taking({ watched: "yes" }),
    '/facts/0/watched Cannot read /facts/0/watched: found "yes"',
  ],
])("%s is refused where it stands", (_, document, expected) => {
  const [first = ""] = problemsOf(JSON.parse(JSON.stringify(document)));
  expect(first.slice(0, expected.length)).toBe(expected);
});
