// Numbers, dates and times as text, digit by digit.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Notation } from "./lines-format.ts";
import {
  dayCell,
  floatCell,
  momentCell,
  numberCell,
  plainDigits,
  scaledCell,
} from "./typed-cells.ts";

const plain: Notation = { decimal: ".", grouping: "none", dates: "YYYY-MM-DD" };

describe("a number", () => {
  test.each([
    ["1e21", "1000000000000000000000"],
    ["1.5e-7", "0.00000015"],
    ["-2.50e+2", "-250"],
    ["12345e-2", "123.45"],
    ["1e0", "1"],
    ["42", "42"],
  ])("of the form %s is written %s", (text, expected) => {
    expect(plainDigits(text)).toBe(expected);
  });

  test("keeps its value when the exponent is written out", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = floatCell(plain, value);
        expect(text).toMatch(/^-?\d+(?:\.\d+)?$/);
        expect(Number(text)).toBe(Object.is(value, -0) ? 0 : value);
      }),
      { verbose: true },
    );
  });

  test("of whole minor units is written with the point in its place", () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.integer({ min: 0, max: 9 }), (value, scale) => {
        const text = scaledCell(plain, value, scale);
        expect(BigInt(text.replace(".", ""))).toBe(value);
        expect(text.split(".")[1]?.length ?? 0).toBe(scale);
      }),
      { verbose: true },
    );
  });

  test("is padded and grouped as it is asked to be, and never a negative zero", () => {
    const german: Notation = { decimal: ",", grouping: ".", dates: "DD/MM/YYYY" };
    const digits = { plain: "-1234567.5", leastFraction: 2, grouped: true };
    expect(numberCell(german, digits)).toBe("-1.234.567,50");
    expect(numberCell(plain, digits)).toBe("-1234567.50");
    expect(numberCell(plain, { plain: "7", leastWhole: 4 })).toBe("0007");
    expect(numberCell(plain, { plain: "-0" })).toBe("0");
    expect(floatCell(plain, Number.NaN)).toBe("NaN");
  });
});

describe("a date", () => {
  test.each<[Notation["dates"], string]>([
    ["YYYY-MM-DD", "2026-03-02"],
    ["YYYYMMDD", "20260302"],
    ["YYYY/MM/DD", "2026/03/02"],
    ["DD/MM/YYYY", "02/03/2026"],
    ["MM/DD/YYYY", "03/02/2026"],
  ])("is written %s", (dates, expected) => {
    expect(dayCell({ ...plain, dates }, 20_514)).toBe(expected);
  });

  test("out of the calendar stays the number that it is", () => {
    expect(dayCell(plain, 1e12)).toBe("1000000000000");
  });

  test("stands alone at midnight and has its time otherwise", () => {
    const midnight = 20_514 * 86_400_000;
    expect(momentCell(plain, midnight, "Z")).toBe("2026-03-02");
    expect(momentCell(plain, midnight + 1_500, "Z")).toBe("2026-03-02T00:00:01.5Z");
    expect(momentCell(plain, midnight + 60_000, "")).toBe("2026-03-02T00:01:00");
  });
});
