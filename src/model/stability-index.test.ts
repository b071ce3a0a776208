// PSI against values worked out by hand, and its laws.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { histogramCounter, type Histogram } from "./histogram.ts";
import { stability, stabilityBand, stabilityIndex } from "./stability-index.ts";

function counted(values: readonly number[]): Histogram {
  const counter = histogramCounter();
  for (const value of values) counter.add(value);
  return counter.histogram();
}

describe("the population stability index", () => {
  test("is the sum of share differences times log ratios", () => {
    // 0.1·ln(0.6/0.5) + (−0.1)·ln(0.4/0.5) = 0.018232156 + 0.022314355
    const { index, parts } = stabilityIndex([50, 50], [60, 40]);
    expect(parts[0]).toBeCloseTo(0.018232156, 9);
    expect(parts[1]).toBeCloseTo(0.022314355, 9);
    expect(index).toBeCloseTo(0.040546511, 9);
  });

  test("of three bins is that of a worked example", () => {
    // (0.3−0.2)·ln1.5 + (0.5−0.5)·ln1 + (0.2−0.3)·ln(2/3) = 0.2·ln1.5 = 0.081093022
    expect(stabilityIndex([20, 50, 30], [30, 50, 20]).index).toBeCloseTo(0.081093022, 9);
  });

  test("counts an empty bin as one in ten thousand", () => {
    // (0.0001−0.5)·ln(0.0001/0.5) + (1−0.5)·ln(1/0.5) = 4.257744876 + 0.346573590
    expect(stabilityIndex([5, 5], [0, 10]).index).toBeCloseTo(4.604318467, 8);
  });

  test.each([
    [0, "stable"],
    [999, "stable"],
    [1_000, "moved"],
    [2_499, "moved"],
    [2_500, "shifted"],
  ] as const)("of %i ten-thousandths is %s", (indexE4, band) => {
    expect(stabilityBand(indexE4)).toBe(band);
  });
});

describe("the stability of a score", () => {
  test("cuts at the deciles of the earlier date", () => {
    const before = counted(Array.from({ length: 100 }, (_, value) => value));
    const found = stability(before, before);
    expect(found?.bins.map(({ upTo }) => upTo)).toEqual([9, 19, 29, 39, 49, 59, 69, 79, 89, null]);
    expect(found).toMatchObject({ indexE4: 0, band: "stable" });
  });

  test("has fewer bins where values tie", () => {
    const found = stability(counted([1, 1, 1, 2]), counted([1, 2, 2, 2]));
    expect(found?.bins.map(({ upTo, before, now }) => [upTo, before, now])).toEqual([
      [1, 3, 1],
      [null, 1, 3],
    ]);
    // 2 · 0.5 · ln 3 = 1.0986
    expect(found).toMatchObject({ indexE4: 10_986, band: "shifted" });
  });

  test("is unknown without values on either date", () => {
    expect(stability(counted([]), counted([1]))).toBeNull();
    expect(stability(counted([1]), counted([]))).toBeNull();
  });

  test("is never below nothing, and counts every value once", () => {
    const values = fc.array(fc.integer({ min: 300, max: 900 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(values, values, (before, now) => {
        const found = stability(counted(before), counted(now))!;
        expect(found.indexE4).toBeGreaterThanOrEqual(0);
        const sum = (side: "before" | "now"): number =>
          found.bins.reduce((total, bin) => total + bin[side], 0);
        expect([sum("before"), sum("now")]).toEqual([before.length, now.length]);
      }),
    );
  });
});
