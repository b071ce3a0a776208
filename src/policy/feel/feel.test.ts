// FEEL by construct: what each means, what it answers where DMN says null, and how its problems read to an author.

import { describe, expect, test } from "vitest";
import { checkExpression, checkTests } from "./check.ts";
import { readyExpression, readyTests } from "./evaluate.ts";
import { caretText } from "./feel-problem.ts";
import type { FeelType } from "./feel-type.ts";
import { feelNumber, type FeelValue } from "./value.ts";
import { feelText } from "./value-text.ts";

function answer(text: string, values: Readonly<Record<string, FeelValue>> = {}): string {
  const given = new Map(Object.entries(values));
  const ready = readyExpression(text, given.keys());
  return ready.ok ? feelText(ready.value(given).value, () => undefined) : ready.problem.message.en;
}

describe("FEEL answers", () => {
  test.each([
    ["1 + 2 * 3", "7"],
    ["-10--5", "-5"],
    ["10 / 3", "3.333333333333333333333333333333333"],
    ["0.1 + 0.2 = 0.3", "true"],
    ["1 / 0", "null"],
    ["null + 1", "null"],
    ["null = null", "true"],
    ['1 = "a"', "null"],
    ["null and false", "false"],
    ["null or true", "true"],
    ["5 in (1..5]", "true"],
    ["5 in (< 3, > 4)", "true"],
    ["5 in [1..5[", "false"],
    ["1 in ]1..5[ or 4 in ]1..5[ and true", "true"],
    ["overlaps(]1..5[, [5..8])", "false"],
    ["5 in [1..[5, 6][2][", "true"],
    ["3 in [1..5] and true", "true"],
    ["0 in [1..5] or 3 in [1, 2] and true or 3 in > 2", "true"],
    ["3 in [1..5] = true", "true"],
    ["1 between 0 and 2", "true"],
    ["[1, 2, 3][item > 1]", "[2, 3]"],
    ["[1, 2, 3][-1]", "3"],
    ["[{a: 1}, {a: 2}][a = 2]", "[{a: 2}]"],
    ["[{a: 1}, {a: 2}].a", "[1, 2]"],
    ["for i in 1..3 return i * i", "[1, 4, 9]"],
    ["for i in 1..4 return if i < 3 then 1 else partial[-1] + partial[-2]", "[1, 1, 2, 3]"],
    ["every x in [1, 2] satisfies x > 1", "false"],
    ["{a b: 1, c: a b + 2}.c", "3"],
    ["(function(x, y) x - y)(y: 1, x: 3)", "2"],
    ["1 instance of number", "true"],
    ['date("2026-01-31") + duration("P1M")', "2026-02-28"],
    ['@"2026-03-01" - @"2026-02-01"', "P28D"],
    ['@"2026-01-01T10:00:00+08:00" = @"2026-01-01T02:00:00Z"', "true"],
    ['replace("abcd", "(a)(b)", "$2$1")', "bacd"],
    ['string length("额度😀")', "3"],
    ['substring(string: "foobar", start position: 3)', "obar"],
    ["overlaps([1..5], [3..8])", "true"],
    ["today()", "null"],
  ])("%s with %s", (text, expected) => {
    expect(answer(text)).toBe(expected);
  });

  test("names with spaces and signs are resolved against the scope", () => {
    const two = feelNumber(2);
    expect(answer("Monthly Salary * 12", { "Monthly Salary": two })).toBe("24");
    expect(answer("a-b", { "a-b": two })).toBe("2");
    expect(answer("a-b", { a: two, b: two })).toBe("0");
  });
});

describe("tests of cells", () => {
  test.each([
    ["-", "true"],
    [">= 18", "true"],
    ["< 18", "false"],
    ["[10..20)", "false"],
    ["10, 20", "true"],
    ["not(10, 20)", "false"],
    ["? > 15 and ? < 25", "true"],
  ])("%s", (text, expected) => {
    const ready = readyTests(text);
    const value = ready.ok && ready.value(feelNumber(20)).value;
    expect(feelText(value, () => undefined)).toBe(expected);
  });
});

describe("problems", () => {
  test("a caret stands below the place, also after Chinese characters", () => {
    const ready = readyExpression('if 额度 then "高"');
    expect(ready.ok).toBe(false);
    const text = ready.ok ? "" : caretText('if 额度 then "高"', ready.problem, "zh");
    expect(text).toBe(
      '无法读取表达式：遇到 结尾，应为“else”\n  if 额度 then "高"\n                   ^',
    );
  });

  const risk: FeelType = { kind: "string", values: ["low", "high"] };
  const names = new Map<string, FeelType>([
    ["risk", risk],
    ["age", { kind: "number" }],
  ]);

  test.each([
    ["agee > 1", "unknown-name"],
    ['age > "1"', "type-mismatch"],
    ['risk = "medium"', "undeclared-value"],
    ["if age then 1 else 2", "type-mismatch"],
    ["substring(1, 2, 3, 4)", "wrong-arguments"],
    ["age * true", "type-mismatch"],
  ])("%s is %s", (text, code) => {
    expect(checkExpression(text, names).problems.map((one) => one.code)).toEqual([code]);
  });

  test("a cell may test only declared values", () => {
    expect(checkTests('"low", "none"', risk, names).map((one) => one.code)).toEqual([
      "undeclared-value",
    ]);
    expect(checkTests('not("low")', risk, names)).toEqual([]);
    expect(checkExpression('age > 1 and risk = "low"', names)).toEqual({
      type: { kind: "boolean" },
      problems: [],
    });
  });
});
