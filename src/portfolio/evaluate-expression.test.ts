// Expressions are exact over whole numbers, unknown where an operand is, and refuse to leave the safe integers.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mulDiv, type Currency } from "../domain/money.ts";
import { sampleMapping } from "../../test/support/mapping-document.ts";
import { compileExpression, type Setting, type Slots } from "./evaluate-expression.ts";
import type { Expression, ValueType } from "./mapping.ts";
import type { RowInProgress } from "./read-cell.ts";

const format = sampleMapping().format;
const money: ValueType = { kind: "money" };
const number = (scale: number): ValueType => ({ kind: "number", scale });

function setting(currency: Currency = "CNY"): Setting {
  return {
    format,
    currency,
    columnOf: (name) => ({ name, index: 0 }),
    slotOf: (name) => name.charCodeAt(0) - 97,
  };
}

const name = (letter: string, type: ValueType = money): Expression => ({
  op: "name",
  name: letter,
  type,
});
const constant = (value: string, type: ValueType = money): Expression => ({
  op: "constant",
  value,
  type,
});

function run(expression: Expression, slots: Slots, currency?: Currency): number | null {
  const row: RowInProgress = { line: 2, cells: ["12.50"], problems: [] };
  return compileExpression(expression, setting(currency))(row, slots);
}

describe("operations", () => {
  const of = [name("a"), name("b"), name("c")];
  const ratio: Expression = {
    op: "ratio",
    of: name("a"),
    by: name("b"),
    rounding: "half-even",
    type: number(4),
  };

  test.each<[string, Expression, Slots, number | null]>([
    ["sum", { op: "sum", of, type: money }, [1, 2, 3], 6],
    ["difference", { op: "difference", of: [name("a"), name("b")], type: money }, [1, 5], -4],
    ["max", { op: "max", of: [name("a"), constant("0")], type: money }, [-7], 0],
    ["min", { op: "min", of, type: money }, [4, 2, 9], 2],
    [
      "mean, tie to even",
      { op: "mean", of: [name("a"), name("b")], rounding: "half-even", type: money },
      [1, 4],
      2,
    ],
    [
      "mean, up",
      { op: "mean", of: [name("a"), name("b")], rounding: "up", type: money },
      [-1, 0],
      0,
    ],
    [
      "mean, down",
      { op: "mean", of: [name("a"), name("b")], rounding: "down", type: money },
      [-1, 0],
      -1,
    ],
    ["product", { op: "product", of: name("a"), by: 30, type: money }, [2], 60],
    [
      "clamp below",
      { op: "clamp", of: name("a"), minimum: "0", maximum: "1.50", type: money },
      [-3],
      0,
    ],
    [
      "clamp above",
      { op: "clamp", of: name("a"), minimum: "0", maximum: "1.50", type: money },
      [900],
      150,
    ],
    [
      "clamp open",
      { op: "clamp", of: name("a"), minimum: null, maximum: null, type: money },
      [-3],
      -3,
    ],
    [
      "ifNull",
      { op: "ifNull", of: [name("a"), name("b"), constant("5")], type: money },
      [null, 7],
      7,
    ],
    [
      "ifNull to the end",
      { op: "ifNull", of: [name("a"), constant("5")], type: money },
      [null],
      500,
    ],
    ["ratio, tie to even", ratio, [391_300, 2_000_000], 1956],
    ["ratio of a negative", ratio, [-1, 3], -3333],
    ["ratio by zero", ratio, [1, 0], null],
    ["ratio by less than zero", ratio, [1, -5], null],
    ["ratio by unknown", ratio, [1, null], null],
  ])("%s", (_, expression, slots, expected) => {
    expect(run(expression, slots)).toBe(expected);
  });

  test("a ratio of numbers of two scales is divided and rounded once", () => {
    const expression: Expression = {
      op: "ratio",
      of: name("a", number(4)),
      by: name("b", number(0)),
      rounding: "down",
      type: number(2),
    };
    // 0.9999 / 3 = 0.3333
    expect(run(expression, [9999, 3])).toBe(33);
    const wide: Expression = { ...expression, of: name("a", number(0)), by: name("b", number(4)) };
    // 3 / 0.9999 = 3.00030003
    expect(run(wide, [3, 9999])).toBe(300);
  });

  test("a column read on the way is money of the row's currency", () => {
    const cell: Expression = { op: "cell", column: "X", type: money };
    expect(run(cell, [])).toBe(1250);
    expect(run(constant("3"), [], "JPY")).toBe(3);
    expect(run(constant("3"), [], "CNY")).toBe(300);
  });

  test("an unknown operand makes every result unknown but that of ifNull", () => {
    const many = ["sum", "difference", "max", "min"] as const;
    for (const op of many) {
      expect(run({ op, of: [name("a"), name("b")], type: money }, [1, null]), op).toBeNull();
    }
    expect(run({ op: "mean", of, rounding: "down", type: money }, [1, 2, null])).toBeNull();
    expect(run({ op: "product", of: name("a"), by: 2, type: money }, [null])).toBeNull();
    expect(
      run({ op: "clamp", of: name("a"), minimum: "0", maximum: null, type: money }, [null]),
    ).toBeNull();
  });

  test("what is no safe integer is NaN and stays NaN", () => {
    const most = Number.MAX_SAFE_INTEGER;
    const sum: Expression = { op: "sum", of: [name("a"), name("b")], type: money };
    expect(run(sum, [most, 1])).toBeNaN();
    expect(run({ op: "difference", of: [sum, name("a")], type: money }, [most, 1])).toBeNaN();
    expect(run({ op: "product", of: name("a"), by: 3, type: money }, [most])).toBeNaN();
    expect(run({ ...ratio, type: number(9) }, [most, 1])).toBeNaN();
    expect(run({ op: "max", of: [sum, constant("0")], type: money }, [most, 1])).toBeNaN();
    expect(
      run({ op: "mean", of: [sum, name("a")], rounding: "down", type: money }, [most, 1]),
    ).toBeNaN();
  });
});

test("ratios agree with exact division for any operands", () => {
  const safe = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });
  const positive = fc.integer({ min: 1, max: 1_000_000_000 });
  const rounding = fc.constantFrom("down", "up", "half-even");
  fc.assert(
    fc.property(
      safe,
      positive,
      fc.integer({ min: 0, max: 5 }),
      rounding,
      (above, below, scale, mode) => {
        const expression: Expression = {
          op: "ratio",
          of: name("a"),
          by: name("b"),
          rounding: mode as "down",
          type: number(scale),
        };
        expect(run(expression, [above, below])).toBe(
          mulDiv(above, 10 ** scale, below, mode as "down"),
        );
      },
    ),
  );
});
