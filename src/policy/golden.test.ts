// Golden cases: what is wrong with a file is named, and what a strategy says otherwise is told.

import { describe, expect, test } from "vitest";
import { compiled } from "../../test/support/strategy-document.ts";
import { type GoldenCases, parseGoldenCases, runGoldenCases } from "./golden.ts";

const strategy = compiled();

const good = {
  strategy: "small",
  asOf: "2026-11-20",
  base: {
    limit: "10000.00",
    drawn: "2000.00",
    pending: "0",
    decreasedLast12Months: "0",
    daysSinceDecrease: null,
    late: "0",
    use: "0.2",
    region: "east",
    breach: "false",
    opened: null,
  },
  cases: [
    {
      id: "healthy",
      note: { zh: "正常", en: "healthy" },
      facts: {},
      expect: {
        action: "none",
        grade: "A",
        segment: "near",
        scores: { risk: "80" },
        reasons: [],
        excludedBy: [],
      },
    },
    {
      id: "poor",
      note: { zh: "差", en: "poor" },
      facts: { use: "0.95", late: "5" },
      expect: {
        action: "decrease",
        to: "6000.00",
        rows: { rate: ["S1", "S2"] },
        reasons: ["R10", "R01"],
        guards: [],
        route: "review",
      },
    },
  ],
} as const satisfies GoldenCases;

function run(golden: unknown): unknown {
  const ready = parseGoldenCases(golden, strategy);
  return "problems" in ready
    ? ready.problems.map((problem) => `${problem.path}: ${problem.message.en}`)
    : runGoldenCases(strategy, ready);
}

describe("golden cases", () => {
  test("are silent when the strategy says what they say", () => {
    expect(run(good)).toEqual([]);
  });

  test("tell every difference, expected and found", () => {
    const [healthy, poor] = good.cases;
    const wrong = {
      ...good,
      cases: [
        healthy,
        {
          ...poor,
          expect: {
            ...poor.expect,
            to: "5000.00",
            route: "legal",
            rows: { rate: ["S1"], none: [] },
            wayBack: { late: "0" },
          },
        },
      ],
    };
    expect(run(wrong)).toEqual([
      { id: "poor", what: "to", expected: '"5000.00"', found: '"6000.00"' },
      {
        id: "poor",
        what: "rows",
        expected: '{"rate":["S1"],"none":[]}',
        found: '{"rate":["S1","S2"],"none":null}',
      },
      { id: "poor", what: "route", expected: '"legal"', found: '"review"' },
      { id: "poor", what: "wayBack", expected: '{"late":"0"}', found: "null" },
    ]);
  });

  test("tell facts that the strategy cannot do without", () => {
    const [healthy] = good.cases;
    expect(run({ ...good, cases: [{ ...healthy, facts: { late: null } }] })).toEqual([
      { id: "healthy", what: "facts", expected: "all facts present and valid", found: "late" },
    ]);
  });

  test.each<[string, unknown, string]>([
    [
      "another strategy",
      { ...good, strategy: "other" },
      '/strategy: Cannot read golden case /strategy: found "other", expected "small"',
    ],
    [
      "no such day",
      { ...good, asOf: "2026-02-30" },
      '/asOf: Cannot read golden case /asOf: found "2026-02-30", expected a date written YYYY-MM-DD',
    ],
    [
      "an unknown fact",
      { ...good, base: { ...good.base, lateness: "1" } },
      '/base/lateness: Cannot read golden case /base/lateness: found unknown fact "lateness", expected a fact of the dictionary',
    ],
    [
      "a value out of bounds",
      { ...good, base: { ...good.base, late: "9999" } },
      '/base/late: Cannot read fact "late": found "9999", expected a number within 0 … 3000',
    ],
    [
      "an id twice",
      { ...good, cases: [good.cases[0], good.cases[0]] },
      '/cases/1/id: Cannot read golden case /cases/1/id: found "healthy" twice, expected each id once',
    ],
    [
      "an unknown field",
      { ...good, cases: [{ ...good.cases[0], expects: {} }] },
      '/cases/0/expects: Cannot read /cases/0: found unknown field "expects", expected "expect"',
    ],
  ])("are refused for %s", (_, golden, says) => {
    expect(run(golden)).toContain(says);
  });
});
