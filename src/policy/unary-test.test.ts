// The cell grammar: what it accepts, where it points when it refuses, and that no text can break it.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseLiteral, parseUnaryTests } from "./unary-test.ts";

function accepted(cell: string): unknown {
  const parsed = parseUnaryTests(cell);
  return "value" in parsed ? parsed.value : parsed.error;
}

describe("unary tests", () => {
  test.each([
    ["-", { kind: "any" }],
    [
      ">= 31",
      {
        kind: "tests",
        negated: false,
        tests: [
          {
            kind: "comparison",
            operator: ">=",
            operand: { kind: "number", text: "31", at: 3 },
            at: 0,
          },
        ],
      },
    ],
    [
      "-5",
      {
        kind: "tests",
        negated: false,
        tests: [
          {
            kind: "comparison",
            operator: "=",
            operand: { kind: "number", text: "-5", at: 0 },
            at: 0,
          },
        ],
      },
    ],
    [
      "[1..30]",
      {
        kind: "tests",
        negated: false,
        tests: [
          {
            kind: "range",
            from: { kind: "number", text: "1", at: 1 },
            to: { kind: "number", text: "30", at: 4 },
            fromIncluded: true,
            toIncluded: true,
            at: 0,
          },
        ],
      },
    ],
    [
      "]0.5..1.5[",
      {
        kind: "tests",
        negated: false,
        tests: [
          {
            kind: "range",
            from: { kind: "number", text: "0.5", at: 1 },
            to: { kind: "number", text: "1.5", at: 6 },
            fromIncluded: false,
            toIncluded: false,
            at: 0,
          },
        ],
      },
    ],
    [
      'not( "a" , null )',
      {
        kind: "tests",
        negated: true,
        tests: [
          {
            kind: "comparison",
            operator: "=",
            operand: { kind: "string", value: "a", at: 5 },
            at: 5,
          },
          { kind: "comparison", operator: "=", operand: { kind: "null", at: 11 }, at: 11 },
        ],
      },
    ],
    [
      '@"2026-01-31"',
      {
        kind: "tests",
        negated: false,
        tests: [
          {
            kind: "comparison",
            operator: "=",
            operand: { kind: "date", text: "2026-01-31", at: 0 },
            at: 0,
          },
        ],
      },
    ],
    [
      '< date("2026-01-31")',
      {
        kind: "tests",
        negated: false,
        tests: [
          {
            kind: "comparison",
            operator: "<",
            operand: { kind: "date", text: "2026-01-31", at: 2 },
            at: 0,
          },
        ],
      },
    ],
    [
      "true",
      {
        kind: "tests",
        negated: false,
        tests: [
          {
            kind: "comparison",
            operator: "=",
            operand: { kind: "boolean", value: true, at: 0 },
            at: 0,
          },
        ],
      },
    ],
  ])("reads %s", (cell, expected) => {
    expect(accepted(cell)).toEqual(expected);
  });

  test("reads escapes in texts", () => {
    expect(parseLiteral(String.raw`"a\"\\\u4e2d"`)).toEqual({
      value: { kind: "string", value: 'a"\\中', at: 0 },
    });
  });

  test.each([
    ["", 0, "the end"],
    [">> 5", 1, ">"],
    ["1..30", 1, ".."],
    ["[1..30", 6, "the end"],
    ["[1,30]", 2, ","],
    ["east", 0, "east"],
    ['"east', 0, '"east'],
    ["not(1", 5, "the end"],
    ["1,", 2, "the end"],
    ["- 5 -", 4, "-"],
    ["≥ 5", 0, "≥"],
    ["“east”", 0, "“"],
    ["f(1)", 0, "f"],
    ["1 + 1", 2, "+"],
    ["date(2026)", 5, "2026"],
    [String.raw`"\x"`, 1, String.raw`\x`],
  ])("refuses %s at character %i", (cell, at, found) => {
    const parsed = parseUnaryTests(cell);
    expect("error" in parsed && { at: parsed.error.at, found: parsed.error.found }).toEqual({
      at,
      found,
    });
  });

  test("refuses endless lists instead of growing", () => {
    const parsed = parseUnaryTests(Array.from({ length: 2_001 }, () => "1").join(","));
    expect("error" in parsed && parsed.error.en).toBe("at most 2000 tests");
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
        expect("value" in parsed || parsed.error.at <= parts.join("").length).toBe(true);
      }),
    );
  });
});
