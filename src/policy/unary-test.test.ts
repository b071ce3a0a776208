// The cell grammar: what it accepts, where it points when it refuses, and that no text can break it.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseLiteral, parseUnaryTests, type Literal, type PositiveTest } from "./unary-test.ts";

const number = (text: string): Literal => ({ kind: "number", text });
const date = (text: string): Literal => ({ kind: "date", text });
const is = (operator: "=" | "<" | ">=", operand: Literal): PositiveTest => ({
  ...{ kind: "comparison", operator, operand },
});

describe("unary tests", () => {
  test("reads the dash as any value", () => {
    expect(parseUnaryTests("-")).toEqual({ ok: true, value: { kind: "any" } });
  });

  test.each<[string, PositiveTest]>([
    [">= 31", is(">=", number("31"))],
    ["31", is("=", number("31"))],
    ["-5", is("=", number("-5"))],
    ["- .5", is("=", number("-.5"))],
    ['@"2026-01-31"', is("=", date("2026-01-31"))],
    ['< date("2026-01-31")', is("<", date("2026-01-31"))],
    ["true", is("=", { kind: "boolean", value: true })],
    ["null", is("=", { kind: "null" })],
    [
      "[1..30]",
      {
        ...{ kind: "range", from: number("1"), to: number("30") },
        ...{ fromIncluded: true, toIncluded: true },
      },
    ],
    [
      "(-1..30)",
      {
        ...{ kind: "range", from: number("-1"), to: number("30") },
        ...{ fromIncluded: false, toIncluded: false },
      },
    ],
    [
      "]0.5..1.5[",
      {
        ...{ kind: "range", from: number("0.5"), to: number("1.5") },
        ...{ fromIncluded: false, toIncluded: false },
      },
    ],
  ])("reads %s", (cell, expected) => {
    expect(parseUnaryTests(cell)).toEqual({
      ok: true,
      value: { kind: "tests", negated: false, tests: [expected] },
    });
  });

  test("reads lists, and not before them", () => {
    expect(parseUnaryTests('not( "a" , null )')).toEqual({
      ok: true,
      value: {
        ...{ kind: "tests", negated: true },
        tests: [is("=", { kind: "string", value: "a" }), is("=", { kind: "null" })],
      },
    });
  });

  test("reads escapes in texts", () => {
    expect(parseLiteral(String.raw`"a\"\\\u4e2d"`)).toEqual({
      ok: true,
      value: { kind: "string", value: 'a"\\中' },
    });
  });

  test.each([
    ["", 0, "found the end, expected an expression"],
    [">> 5", 1, "found >, expected a value"],
    ["1..30", 1, "found .., expected the end"],
    ["[1..30", 6, 'found the end, expected "]"'],
    ['"east', 0, "expected a closing quote"],
    ["not(1", 5, 'found the end, expected ")"'],
    ["1,", 2, "found the end"],
    ["≥ 5", 0, "found ≥, expected FEEL written with half-width signs"],
    ["“east”", 0, "found “"],
    ["east", 0, 'found "east", expected a value; texts stand in quotes: "east"'],
    ["not", 0, "expected a value"],
    ["[1,30]", 0, 'found "[1,30]", expected a number'],
    ["> [1..30]", 2, 'found "[1..30]", expected a number'],
    ["f(1)", 0, 'found "f(1)", expected a number'],
    ["1 + 1", 0, 'found "1 + 1", expected a number'],
    ["- 5 -", 5, "found the end"],
    ["--5", 0, 'found "--5", expected a number'],
    ["1e3", 0, 'found "1e3", expected a number'],
    ["(> 5)", 0, 'found "(> 5)", expected a number'],
    ["? > 5", 0, 'found "? > 5", expected a number'],
    ["if true then 1 else 2", 0, "expected a number"],
    ['"a", "b"[1]', 5, "expected a number"],
    ["date(2026)", 5, 'found "2026", expected a date in quotes'],
    ['date("2026-01-31", 1)', 0, "expected a number"],
  ])("refuses %s at character %i", (cell, at, says) => {
    const parsed = parseUnaryTests(cell);
    if (parsed.ok) throw new Error(`was read: ${JSON.stringify(parsed.value)}`);
    expect(parsed.problem.message.en).toContain(says);
    expect(parsed.problem.span.at).toBe(at);
  });

  test.each(["-", "> 5", "[1..2]", "1, 2", "not(1)"])("refuses %s as an output", (cell) => {
    expect(parseLiteral(cell).ok).toBe(false);
  });

  test("refuses endless lists instead of growing", () => {
    const parsed = parseUnaryTests(Array.from({ length: 2_001 }, () => "1").join(","));
    expect(!parsed.ok && parsed.problem.code).toBe("too-large");
  });

  test("is total: any text is read or refused", () => {
    const pieces = fc.constantFrom(
      "-",
      "1",
      ".5",
      "..",
      "[",
      "]",
      "(",
      ")",
      ",",
      "not",
      '"a"',
      "null",
      "date",
      "@",
      "<=",
      " ",
      "\\",
      '"',
      "中",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const parsed = parseUnaryTests(parts.join(""));
        expect(parsed.ok || parsed.problem.span.at <= parts.join("").length).toBe(true);
      }),
    );
  });
});
