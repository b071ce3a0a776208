// Every refusal of the language, one row each: one change to a good document, and what is said about it.

import { describe, expect, test } from "vitest";
import { changed, parseChanged, strategyDocument } from "../../test/support/strategy-document.ts";
import { parseStrategy } from "./parse.ts";
import type { ProblemCode } from "./problem.ts";

const text = { zh: "文", en: "text" };

type Row = [
  what: string,
  path: string,
  value: unknown,
  code: ProblemCode,
  at: string,
  says: RegExp,
];

const shape: Row[] = [
  [
    "an unknown field",
    "/limitrule",
    {},
    "unknown-field",
    "/limitrule",
    /unknown field "limitrule", expected "limitRule"/,
  ],
  [
    "an unknown field deep inside",
    "/tables/0/rows/0/reason",
    [],
    "unknown-field",
    "/tables/0/rows/0/reason",
    /unknown field "reason", expected "reasons"/,
  ],
  ["a missing field", "/notice", undefined, "missing-field", "", /found no field "notice"/],
  [
    "a wrong type",
    "/version",
    "3",
    "type-mismatch",
    "/version",
    /found "3", expected a whole number/,
  ],
  [
    "a number out of range",
    "/version",
    0,
    "out-of-range",
    "/version",
    /found 0, expected a whole number from 1/,
  ],
  [
    "a fraction",
    "/scores/0/initialScore",
    1.5,
    "type-mismatch",
    "/scores/0/initialScore",
    /found 1\.5, expected a whole number/,
  ],
  [
    "a word outside its list",
    "/tables/0/hitPolicy",
    "X",
    "undeclared-value",
    "/tables/0/hitPolicy",
    /found "X", expected one of "U"/,
  ],
  [
    "a currency outside the table",
    "/currency",
    "XYZ",
    "undeclared-value",
    "/currency",
    /found "XYZ"/,
  ],
  [
    "a missing translation",
    "/label",
    { en: "only" },
    "missing-translation",
    "/label/zh",
    /found nothing for "zh"/,
  ],
  ["an empty translation", "/label/zh", " ", "missing-translation", "/label/zh", /both languages/],
  [
    "a cell that is no text",
    "/tables/0/rows/0/when/1",
    true,
    "type-mismatch",
    "/tables/0/rows/0/when/1",
    /found true, expected a cell as text in quotes/,
  ],
  [
    "an unknown reason code",
    "/scores/0/characteristics/0/reason",
    "R99",
    "undeclared-value",
    "/scores/0/characteristics/0/reason",
    /found "R99"/,
  ],
  [
    "an unknown kind of guard",
    "/guards/0/kind",
    "warm-up",
    "undeclared-value",
    "/guards/0/kind",
    /found "warm-up", expected one of "cool-down"/,
  ],
  [
    "two forms at once",
    "/limitRule/caps/0/amount",
    "5.00",
    "unknown-field",
    "/limitRule/caps/0",
    /found 2 of the fields "amount", "of"/,
  ],
  [
    "too many rows' cells",
    "/tables/0/inputs",
    Array.from({ length: 65 }, () => "late"),
    "too-large",
    "/tables/0/inputs",
    /found 65 entries, expected 1 to 64/,
  ],
  [
    "a cell beyond its size",
    "/exclusions/0/when/daysSinceDecrease",
    "1".repeat(32_769),
    "too-large",
    "/exclusions/0/when/daysSinceDecrease",
    /32769 characters/,
  ],
];

const facts: Row[] = [
  [
    "a fact declared twice",
    "/facts/5/name",
    "use",
    "duplicate-id",
    "/facts/6/name",
    /found "use" a second time/,
  ],
  [
    "a reserved fact name",
    "/facts/5/name",
    "constructor",
    "duplicate-id",
    "/facts/5/name",
    /reserved name/,
  ],
  [
    "a scale on a boolean",
    "/facts/8/scale",
    2,
    "unknown-field",
    "/facts/8/scale",
    /field "scale" on type boolean/,
  ],
  [
    "an enum without values",
    "/facts/7/values",
    undefined,
    "missing-field",
    "/facts/7",
    /enum without "values"/,
  ],
  [
    "an enum value twice",
    "/facts/7/values/1/value",
    "east",
    "duplicate-id",
    "/facts/7/values/1/value",
    /"east" a second time/,
  ],
  [
    "bounds finer than the scale",
    "/facts/5/minimum",
    "0.5",
    "excess-digits",
    "/facts/5",
    /bounds of "late"/,
  ],
  [
    "a minimum above the maximum",
    "/facts/5/minimum",
    "4000",
    "out-of-range",
    "/facts/5/minimum",
    /minimum above the maximum/,
  ],
  [
    "a neutral value outside the list",
    "/facts/7/neutral",
    "west",
    "type-mismatch",
    "/facts/7/neutral",
    /found "west", expected one of east/,
  ],
  [
    "a line fact from elsewhere",
    "/facts/0/source",
    "import",
    "type-mismatch",
    "/facts/0/source",
    /Tidemark keeps it itself/,
  ],
  [
    "a foreign fact from the line",
    "/facts/5/source",
    "line",
    "type-mismatch",
    "/facts/5/source",
    /another source than "line"/,
  ],
  [
    "a line fact of another type",
    "/facts/4/scale",
    1,
    "type-mismatch",
    "/facts/4/type",
    /expected number of scale 0/,
  ],
  [
    "a line fact that may be missing",
    "/facts/0/missing",
    "unknown",
    "missing-field",
    "/facts",
    /no line fact "limit" with missing "refuse"/,
  ],
  [
    "ranges that leave the safe integers",
    "/facts/1/maximum",
    "90000000000000.00",
    "unsafe-range",
    "/facts",
    /leave ±\(2\^53 - 1\)/,
  ],
];

const cells: Row[] = [
  [
    "an unknown name",
    "/exclusions/0/when",
    { lateness: "> 5" },
    "unknown-name",
    "/exclusions/0/when/lateness",
    /unknown name "lateness".*did you mean "late"/,
  ],
  [
    "a name that comes later",
    "/segmentation/0/when",
    { grade: '"A"' },
    "unknown-name",
    "/segmentation/0/when/grade",
    /something decided earlier/,
  ],
  [
    "a protected fact",
    "/exclusions/0/when",
    { sex: '"f"' },
    "protected-fact",
    "/exclusions/0/when/sex",
    /found protected fact "sex"/,
  ],
  [
    "a protected fact in a table",
    "/tables/0/inputs/1",
    "sex",
    "protected-fact",
    "/tables/0/inputs/1",
    /protected fact "sex"/,
  ],
  [
    "a protected fact in a scorecard",
    "/scores/0/characteristics/0/fact",
    "sex",
    "protected-fact",
    "/scores/0/characteristics/0/fact",
    /protected fact "sex"/,
  ],
  [
    "a protected fact under the grades",
    "/grades/input",
    "sex",
    "protected-fact",
    "/grades/input",
    /protected fact "sex"/,
  ],
  [
    "a protected fact in routing",
    "/routing/0/when",
    { sex: '"f"' },
    "protected-fact",
    "/routing/0/when/sex",
    /protected fact "sex"/,
  ],
  [
    "a protected fact as a criterion",
    "/restoration/criteria/0/when",
    { sex: '"f"' },
    "protected-fact",
    "/restoration/criteria/0/when/sex",
    /protected fact "sex"/,
  ],
  [
    "a protected fact in a guard",
    "/guards/0/when",
    { sex: '"f"' },
    "protected-fact",
    "/guards/0/when/sex",
    /protected fact "sex"/,
  ],
  [
    "a cell that cannot be read",
    "/tables/0/rows/1/when/0",
    "=> 61",
    "syntax",
    "/tables/0/rows/1/when/0",
    /at character 2: found ">"/,
  ],
  [
    "a text where a number belongs",
    "/tables/0/rows/1/when/0",
    '"61"',
    "type-mismatch",
    "/tables/0/rows/1/when/0",
    /found "61" in .*expected a number with at most 0 decimals/,
  ],
  [
    "a number where a text belongs",
    "/tables/0/rows/3/when/2",
    "1",
    "type-mismatch",
    "/tables/0/rows/3/when/2",
    /of "grade" \(enum\): found 1/,
  ],
  [
    "an order on texts",
    "/tables/0/rows/3/when/2",
    '> "A"',
    "type-mismatch",
    "/tables/0/rows/3/when/2",
    /"grade" \(enum\)/,
  ],
  [
    "a value outside the enum",
    "/tables/0/rows/3/when/2",
    '"Z"',
    "undeclared-value",
    "/tables/0/rows/3/when/2",
    /found "Z".*expected one of "A", "B", "C"/,
  ],
  [
    "digits beyond the scale",
    "/exclusions/0/when",
    { use: "> 0.55555" },
    "excess-digits",
    "/exclusions/0/when/use",
    /at most 4 decimals/,
  ],
  [
    "a test that nothing satisfies",
    "/exclusions/0/when",
    { late: "> 3000" },
    "never-matches",
    "/exclusions/0/when/late",
    /no value of "late" satisfies.*\[0\.\.3000\]/,
  ],
  [
    "null for a fact that is never unknown",
    "/exclusions/0/when",
    { late: "null" },
    "never-matches",
    "/exclusions/0/when/late",
    /no value of "late"/,
  ],
  [
    "a range from high to low",
    "/exclusions/0/when",
    { late: "[30..1]" },
    "never-matches",
    "/exclusions/0/when/late",
    /empty range/,
  ],
  [
    "no such day",
    "/exclusions/0/when",
    { opened: 'date("2026-02-30")' },
    "type-mismatch",
    "/exclusions/0/when/opened",
    /date\("2026-02-30"\)/,
  ],
];

const nodes: Row[] = [
  [
    "a rule without condition",
    "/eligibility/0/when",
    {},
    "missing-field",
    "/eligibility/0/when",
    /found no condition/,
  ],
  [
    "an id used by rule and exclusion",
    "/exclusions/0/id",
    "has-limit",
    "duplicate-id",
    "/exclusions/1/id",
    /"has-limit" a second time/,
  ],
  [
    "a last segment with a condition",
    "/segmentation/1/when",
    { late: "0" },
    "gap",
    "/segmentation/1/when",
    /last of its siblings/,
  ],
  [
    "an early segment without condition",
    "/segmentation/0/when",
    {},
    "never-matches",
    "/segmentation/0/when",
    /before its last sibling/,
  ],
  [
    "overlapping bins",
    "/scores/0/characteristics/0/attributes/1/when",
    "[0.4..0.9)",
    "overlapping-bins",
    "/scores/0/characteristics/0/attributes/1/when",
    /found "use" = 0\.4000 also in bin 0 \(< 0\.5\)/,
  ],
  [
    "a gap between bins",
    "/scores/0/characteristics/0/attributes/1/when",
    "[0.6..0.9)",
    "gap",
    "/scores/0/characteristics/0/attributes",
    /no bin for "use" = 0\.5000/,
  ],
  [
    "no bin for the unknown value",
    "/scores/0/characteristics/0/attributes/3/when",
    "= 9.5, null",
    "overlapping-bins",
    "/scores/0/characteristics/0/attributes/3/when",
    /"use" = 9\.5000/,
  ],
  [
    "overlapping grade bands",
    "/grades/bands/2/when",
    "<= 30",
    "overlapping-bands",
    "/grades/bands/2/when",
    /"score.risk" = 30 also in bin 1/,
  ],
  [
    "a gap between grade bands",
    "/grades/bands/2/when",
    "< 25",
    "gap",
    "/grades/bands",
    /no bin for "score.risk" = 25/,
  ],
  [
    "a row with too few cells",
    "/tables/0/rows/1/when",
    [">= 61", "-"],
    "row-width",
    "/tables/0/rows/1/when",
    /Cannot read row "R2": found 2 input cells, expected 3/,
  ],
  [
    "a row with too many outputs",
    "/tables/0/rows/1/then",
    ['"freeze"', '"keep"'],
    "row-width",
    "/tables/0/rows/1/then",
    /found 2 output cells, expected 1/,
  ],
  [
    "a row id twice",
    "/tables/0/rows/1/id",
    "R1",
    "duplicate-id",
    "/tables/0/rows/1/id",
    /"R1" a second time/,
  ],
  [
    "an output outside its list",
    "/tables/0/rows/1/then/0",
    '"melt"',
    "undeclared-value",
    "/tables/0/rows/1/then/0",
    /found "melt"/,
  ],
  [
    "an output outside its bounds",
    "/tables/1/rows/1/then/0",
    "1.5",
    "out-of-range",
    "/tables/1/rows/1/then/0",
    /found "1\.5", expected \[0\.0000\.\.1\.0000\]/,
  ],
  [
    "rows that overlap under U",
    "/tables/0/hitPolicy",
    "U",
    "overlapping-rows",
    "/tables/0/rows/1",
    /late = 61, breach = true, grade = "A" also hits row "R1"/,
  ],
  [
    "rows that disagree under A",
    "/tables/0/hitPolicy",
    "A",
    "overlapping-rows",
    "/tables/0/rows/1",
    /overlapping rows with equal outputs/,
  ],
  [
    "a sum over texts",
    "/tables/0/hitPolicy",
    "C+",
    "type-mismatch",
    "/tables/0/outputs",
    /expected exactly one number or amount/,
  ],
  [
    "a count of another scale",
    "/tables/1/hitPolicy",
    "C#",
    "type-mismatch",
    "/tables/1/outputs/0",
    /expected a number of scale 0/,
  ],
  [
    "priority without an enum",
    "/tables/1/hitPolicy",
    "P",
    "type-mismatch",
    "/tables/1/hitPolicy",
    /no enum output/,
  ],
  [
    "a list read by the limit rule",
    "/tables/1/hitPolicy",
    "C",
    "type-mismatch",
    "/limitRule/treatments/1/target/rate/operand",
    /which is a list/,
  ],
  [
    "a table without default that selects",
    "/tables/0/default",
    undefined,
    "may-be-unknown",
    "/limitRule/select",
    /can be unknown/,
  ],
  [
    "a default that acts",
    "/tables/0/default/0",
    '"freeze"',
    "missing-reasons",
    "/tables/0/default",
    /a default has no reasons/,
  ],
  [
    "a row that acts without reasons",
    "/tables/0/rows/2/reasons",
    undefined,
    "missing-reasons",
    "/tables/0/rows/2",
    /row "R3".*leads to "balance"/,
  ],
  [
    "a row that cuts more without reasons",
    "/tables/1/rows/1/reasons",
    undefined,
    "missing-reasons",
    "/tables/1/rows/1",
    /row "S2".*leads to "cut"/,
  ],
  [
    "a reason whose fact the row does not test",
    "/tables/0/rows/2/reasons/0/facts/0",
    "use",
    "unprovable-reason",
    "/tables/0/rows/2/reasons/0/facts/0",
    /no cell of the row that depends on it/,
  ],
  [
    "a reason whose fact has no neutral value",
    "/facts/5/neutral",
    undefined,
    "unprovable-reason",
    "/tables/0/rows/1/reasons/0/facts/0",
    /no "neutral" value/,
  ],
  [
    "a neutral value that the row itself accepts",
    "/facts/5/neutral",
    "45",
    "unprovable-reason",
    "/tables/0/rows/2/reasons/0/facts/0",
    /neutral value 45 inside the cell \[31\.\.60\]/,
  ],
  [
    "reasons from a scorecard that the row does not test",
    "/tables/0/rows/2/reasonsFrom",
    ["risk"],
    "unprovable-reason",
    "/tables/0/rows/2/reasonsFrom/0",
    /no cell that tests its score/,
  ],
  [
    "treatments that the selector does not have",
    "/limitRule/treatments/3/id",
    "thaw",
    "undeclared-value",
    "/limitRule/treatments",
    /found keep, cut, balance, thaw, close, expected exactly/,
  ],
  [
    "a selector that is no enum",
    "/limitRule/select",
    "table.rate.rate",
    "type-mismatch",
    "/limitRule/select",
    /found type number/,
  ],
  [
    "a rate of another scale",
    "/limitRule/treatments/1/target/rate/operand",
    "late",
    "type-mismatch",
    "/limitRule/treatments/1/target/rate/operand",
    /expected a number of scale 4/,
  ],
  [
    "an amount finer than the currency",
    "/limitRule/rounding/step",
    "0.001",
    "excess-digits",
    "/limitRule/rounding/step",
    /at most 2 decimals/,
  ],
  [
    "a step of nothing",
    "/limitRule/rounding/step",
    "0.00",
    "out-of-range",
    "/limitRule/rounding/step",
    /above 0/,
  ],
  [
    "a guard named like a built-in one",
    "/guards/0/id",
    "never-below-drawn",
    "duplicate-id",
    "/guards/0/id",
    /never-below-drawn/,
  ],
  [
    "a budget of an unknown segment",
    "/pace/budgets/0/scope/segment",
    "moon",
    "unknown-name",
    "/pace/budgets/0/scope/segment",
    /unknown segment "moon", expected one of far, near/,
  ],
  [
    "a budget finer than the currency",
    "/pace/budgets/0/cap/amount",
    "1.001",
    "excess-digits",
    "/pace/budgets/0/cap/amount",
    /at most 2 decimals/,
  ],
  [
    "a last route with a condition",
    "/routing/1/when",
    { late: "0" },
    "gap",
    "/routing/1/when",
    /every outcome has a route/,
  ],
  [
    "a notice language twice",
    "/notice/languages",
    ["zh", "zh"],
    "duplicate-id",
    "/notice/languages",
    /each language once/,
  ],
];

describe("a strategy document", () => {
  test("is accepted as it stands", () => {
    expect(parseStrategy(strategyDocument()).problems).toEqual([]);
  });

  test.each([...shape, ...facts, ...cells, ...nodes])(
    "is refused for %s",
    (_, path, value, code, at, says) => {
      const { strategy, problems } = parseChanged(path, value);
      expect(strategy).toBeNull();
      const found = problems.filter(
        (problem) => problem.code === code && (at === "" || problem.path === at),
      );
      expect(
        found.map((problem) => problem.message.en).join("\n"),
        JSON.stringify(problems),
      ).toMatch(says);
      for (const { message } of problems) {
        expect(message.zh).toMatch(/[\u4e00-\u9fff]/);
        expect(message.en).toMatch(/^Cannot .*[^.]$/);
      }
    },
  );

  test("is refused when something is no document at all", () => {
    for (const source of [null, 5, "text", []]) {
      expect(parseStrategy(source).problems[0]?.code).toBe("type-mismatch");
    }
  });

  test("is refused when it is nested too deeply, without overflowing", () => {
    let nested: unknown = "x";
    for (let depth = 0; depth < 10_000; depth++) nested = { when: nested };
    expect(parseStrategy(nested).problems[0]?.code).toBe("too-deep");
  });

  test("does not take fields from a prototype", () => {
    const source: unknown = JSON.parse('{"__proto__": {"id": "x"}, "constructor": 1}');
    const codes = new Set(parseStrategy(source).problems.map((problem) => problem.path));
    expect(codes).toContain("/__proto__");
    expect(codes).toContain("/constructor");
  });

  test("keeps the place of the nearest part that the source has", () => {
    const source = changed("/facts/5/name", "use");
    const { problems } = parseStrategy(source, (path) =>
      path === "/facts/6"
        ? { line: 40, column: 5 }
        : path === ""
          ? { line: 1, column: 1 }
          : undefined,
    );
    expect(problems.find((problem) => problem.code === "duplicate-id")).toMatchObject({
      line: 40,
      column: 5,
      path: "/facts/6/name",
    });
  });

  test("is frozen and independent of its source once parsed", () => {
    const source = strategyDocument();
    const { strategy } = parseStrategy(source);
    (source["tables"] as unknown[]).length = 0;
    expect(strategy?.tables.length).toBe(2);
    expect(Object.isFrozen(strategy?.tables[0]?.rows)).toBe(true);
  });

  test("reports a missing label as a missing field", () => {
    expect(parseChanged("/eligibility/0", { id: "x", when: { late: "0" } }).problems[0]?.code).toBe(
      "missing-field",
    );
    expect(
      parseChanged("/eligibility/0", { id: "x", label: text, when: { late: "0" } }).problems,
    ).toEqual([]);
  });
});
