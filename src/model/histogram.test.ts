// Counts in bounded memory are the same in whatever order values came.

import fc from "fast-check";
import { expect, test } from "vitest";
import {
  ascending,
  coarsened,
  countsBetween,
  histogramCounter,
  quantile,
  type Histogram,
} from "./histogram.ts";

function counted(values: readonly number[], most?: number): Histogram {
  const counter = histogramCounter(most);
  for (const value of values) counter.add(value);
  return counter.histogram();
}

test("every value has its own bin while there are few", () => {
  expect(counted([3, 1, 3])).toEqual({
    width: 1,
    total: 3,
    counts: new Map([
      [3, 2],
      [1, 1],
    ]),
  });
});

test("neighbours are counted together when there are too many", () => {
  const found = counted([-3, -2, -1, 0, 1, 2], 3);
  expect(found.width).toBe(4);
  expect(ascending(found)).toEqual([
    [-4, 3],
    [0, 3],
  ]);
});

test("the order of values changes nothing, and bins stay few", () => {
  const values = fc.array(fc.integer({ min: -1e9, max: 1e9 }), { maxLength: 100 });
  fc.assert(
    fc.property(values, fc.integer({ min: 2, max: 20 }), (given, most) => {
      const found = counted(given, most);
      const reversed = counted(given.toReversed(), most);
      expect(ascending(reversed)).toEqual(ascending(found));
      expect(reversed.width).toBe(found.width);
      expect(found.counts.size).toBeLessThanOrEqual(most);
      expect(found.total).toBe(given.length);
    }),
  );
});

test("a quantile is the first value that reaches the share", () => {
  const found = counted([10, 20, 20, 30]);
  expect([0.25, 0.5, 0.75, 1].map((share) => quantile(found, share))).toEqual([10, 20, 20, 30]);
  expect(quantile(counted([]), 0.5)).toBeNull();
});

test("counts between edges include the upper edge", () => {
  expect(countsBetween(counted([1, 2, 3, 4]), [2, 3])).toEqual([2, 1, 1]);
});

test("bins are made wider and never narrower", () => {
  const narrow = counted([1, 2, 3]);
  expect(ascending(coarsened(narrow, 2))).toEqual([
    [0, 1],
    [2, 2],
  ]);
  expect(coarsened(counted([-3, -2, -1, 0, 1, 2], 3), 2).width).toBe(4);
});
