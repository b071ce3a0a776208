// Money never rounds on its own, never mixes currencies, and never leaves the safe integers.

import fc from "fast-check";
import { expect, test } from "vitest";
import {
  decimalText,
  floorTo,
  isCurrency,
  minorUnits,
  money,
  moneyText,
  mulDiv,
  scaledInteger,
  type Rounding,
} from "./money.ts";

test("decimal text is read as minor units exactly or not at all", () => {
  expect(minorUnits("20000", "TWD")).toBe(2_000_000);
  expect(minorUnits("-12.5", "CNY")).toBe(-1250);
  expect(minorUnits("1.500", "CNY")).toBe(150);
  expect(minorUnits("1.505", "CNY")).toBeNull();
  expect(minorUnits("100", "JPY")).toBe(100);
  for (const broken of ["", "1,000", "1e3", " 1", "0x10", "٣", "--1", "90071992547409.93"]) {
    expect(minorUnits(broken, "CNY"), broken).toBeNull();
  }
  expect(Object.is(scaledInteger("-0", 2), 0)).toBe(true);
});

test("scaled integers survive being written and read", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
      fc.integer({ min: 0, max: 6 }),
      (value, scale) => scaledInteger(decimalText(value, scale), scale) === value,
    ),
  );
});

test("mulDiv agrees with exact rational arithmetic in every rounding mode", () => {
  const modes: readonly Rounding[] = ["down", "up", "half-even"];
  fc.assert(
    fc.property(
      fc.integer({ min: -(2 ** 50), max: 2 ** 50 }),
      fc.integer({ min: -10_000, max: 10_000 }),
      fc.integer({ min: 1, max: 10_000 }),
      fc.constantFrom(...modes),
      (value, numerator, denominator, mode) => {
        const product = BigInt(value) * BigInt(numerator);
        const big = BigInt(denominator);
        let floor = product / big;
        if (product % big < 0n) floor -= 1n;
        const remainder = product - floor * big;
        let expected = floor;
        if (mode === "up" && remainder > 0n) expected += 1n;
        if (mode === "half-even") {
          const twice = remainder * 2n;
          if (twice > big || (twice === big && floor % 2n !== 0n)) expected += 1n;
        }
        fc.pre(expected <= BigInt(Number.MAX_SAFE_INTEGER));
        fc.pre(expected >= BigInt(Number.MIN_SAFE_INTEGER));
        return BigInt(mulDiv(value, numerator, denominator, mode)) === expected;
      },
    ),
  );
});

test("mulDiv refuses a denominator that is not positive and a result beyond the safe integers", () => {
  expect(() => mulDiv(1, 1, 0, "down")).toThrow(/denominator 0/);
  expect(() => mulDiv(Number.MAX_SAFE_INTEGER, 10, 1, "down")).toThrow(/safe integers/);
});

test("floorTo finds the multiple below, also under zero", () => {
  expect([floorTo(1999, 100), floorTo(2000, 100), floorTo(-1, 100)]).toEqual([1900, 2000, -100]);
});

test("money is written the same everywhere", () => {
  expect(moneyText(money(502_452_968_000, "TWD"))).toBe("5,024,529,680.00 TWD");
  expect(moneyText(money(-120_050, "CNY"))).toBe("-1,200.50 CNY");
  expect(moneyText(money(1_000_000, "JPY"))).toBe("1,000,000 JPY");
  expect(() => money(0.5, "CNY")).toThrow(/whole minor units/);
  expect(isCurrency("constructor")).toBe(false);
});
