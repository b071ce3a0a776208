// What a spreadsheet is given of a table's figures.
import { expect, test } from "vitest";
import { plainFigures } from "./taken-table.ts";

test("amounts of one currency are numbers, and the heading names it", () => {
  expect(
    plainFigures([
      ["Line", "Limit"],
      ["L1", "CNY 12000.00"],
      ["L2", "–"],
    ]),
  ).toEqual([
    ["Line", "Limit (CNY)"],
    ["L1", "12000.00"],
    ["L2", "–"],
  ]);
});

test("amounts of several currencies keep theirs", () => {
  const cells = [["Limit"], ["CNY 12.00"], ["JPY 7"], ["CNY 1.00 JPY 2"]];
  expect(plainFigures(cells)).toEqual(cells);
});

test("groups of digits go, texts with commas stay", () => {
  expect(plainFigures([["Count"], ["1,234,567"], ["12,34"], ["a, b"], ["-1,000.5"]])).toEqual([
    ["Count"],
    ["1234567"],
    ["12,34"],
    ["a, b"],
    ["-1000.5"],
  ]);
});
