// What cells mean: which values of a typed fact they hold for, unknown included, as DMN 1.5 says.

import { describe, expect, test } from "vitest";
import { asOf, changed, compiled, factsWith } from "../../test/support/strategy-document.ts";
import type { FactValue } from "../domain/facts.ts";
import { evaluate, isUnevaluable } from "./evaluate.ts";

/** Whether an exclusion with this one cell holds for the value. */
function holdsFor(fact: string, cell: string, value: FactValue): boolean {
  const strategy = compiled(changed("/exclusions/0/when", { [fact]: cell }));
  const result = evaluate(strategy, factsWith({ [fact]: value }), asOf);
  if (isUnevaluable(result)) throw new Error(`not evaluated: ${JSON.stringify(result)}`);
  return result.excludedBy.includes("recent");
}

describe("cells", () => {
  test.each<[string, string, FactValue[], FactValue[]]>([
    ["late", "-", [0, 3_000], []],
    ["late", ">= 31", [31, 3_000], [30, 0]],
    ["late", "> 31", [32], [31]],
    ["late", "< 31", [0, 30], [31]],
    ["late", "[1..30]", [1, 30], [0, 31]],
    ["late", "(1..30]", [2, 30], [1, 31]],
    ["late", "[1..30)", [1, 29], [30]],
    ["late", "]1..30[", [2, 29], [1, 30]],
    ["late", "5, [10..20], > 100", [5, 10, 20, 101], [6, 9, 21, 100]],
    ["late", "not(5, [10..20])", [4, 6, 21], [5, 10, 15]],
    ["late", "!= 5", [4, 6], [5]],
    ["late", "= 5", [5], [4]],
    ["use", "0.55", [5_500], [5_501, 5_499, null]],
    ["use", "< 0.55", [5_499, -10_000], [5_500, null]],
    ["use", "(0.5..0.9]", [5_001, 9_000], [5_000, 9_001, null]],
    ["use", "-0.25", [-2_500], [2_500, null]],
    ["use", ".5", [5_000], [500]],
    ["use", "null", [null], [0]],
    ["use", "not(null)", [0, 100_000], [null]],
    ["use", "null, > 1", [null, 10_001], [10_000]],
    ["use", "not(0.5)", [4_999, null], [5_000]],
    ["use", "not(> 0.5)", [5_000], [5_001, null]],
    ["use", "!= null", [1], [null]],
    ["use", "= null", [null], [1]],
    ["region", '"east"', ["east"], ["north", null]],
    ["region", '"east","north"', ["east", "north"], ["south", null]],
    ["region", 'not("east")', ["north", "south", null], ["east"]],
    ["region", 'not("east", null)', ["north"], ["east", null]],
    ["breach", "true", [true], [false, null]],
    ["breach", "not(true)", [false, null], [true]],
    ["opened", '< date("2020-05-01")', ["2020-04-30"], ["2020-05-01", null]],
    [
      "opened",
      '[@"2020-01-01"..@"2020-12-31"]',
      ["2020-01-01", "2020-12-31"],
      ["2021-01-01", null],
    ],
    ["limit", "(0..10000.00]", [1, 1_000_000], [1_000_001]],
    ["drawn", "<= -0.01", [-1], [0]],
  ])("%s %s", (fact, cell, inside, outside) => {
    for (const value of inside) expect(holdsFor(fact, cell, value), String(value)).toBe(true);
    for (const value of outside) expect(holdsFor(fact, cell, value), String(value)).toBe(false);
  });
});
