// Refusals by shape and dictionary, and what parsing promises of any source.

import { describe, expect, test } from "vitest";
import { expectRefusal, type RefusalRow } from "../../test/support/refused-strategy.ts";
import { changed, parseChanged, strategyDocument } from "../../test/support/strategy-document.ts";
import { parseStrategy } from "./parse.ts";

const text = { zh: "文", en: "text" };

const shape: RefusalRow[] = [
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
    "a notice template that nothing is written from",
    "/notice/template",
    "wave",
    "undeclared-value",
    "/notice/template",
    /found "wave", expected one of "limit-change"/,
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

const facts: RefusalRow[] = [
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

describe("a strategy document", () => {
  test("is accepted as it stands", () => {
    expect(parseStrategy(strategyDocument()).problems).toEqual([]);
  });

  test.each([...shape, ...facts])("is refused for %s", (...row) => expectRefusal(row));

  test.each([null, 5, "text", [[]]])("is refused when the source is %j", (source) => {
    expect(parseStrategy(source).problems[0]?.code).toBe("type-mismatch");
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
