// Digits and arms: every digit has one arm, shares are exact, and a new layout moves no more customers than it must.

import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { armOf, digitCount, digitOf, layOut, movedBp } from "./experiment.ts";
import type { Arm, ArmShare } from "./experiment-ports.ts";

const strategy = { id: "consumer-cn", version: 1 };

function shares(others: Readonly<Record<string, number>>): readonly ArmShare[] {
  const taken = Object.values(others).reduce((sum, share) => sum + share, 0);
  const arms = Object.entries(others)
    .filter(([, share]) => share > 0)
    .map(([name, shareBp]) => ({
      ...{ name, shareBp },
      strategy: name === "holdout" ? null : strategy,
    }));
  return [{ name: "champion", strategy, shareBp: digitCount - taken }, ...arms];
}

const names = ["holdout", "steeper", "milder"];
const share = fc.integer({ min: 0, max: 3_000 });
const anyShares = fc.record({ holdout: share, steeper: share, milder: share }).map(shares);

function armByDigit(arms: readonly Arm[]): readonly string[] {
  return Array.from({ length: digitCount }, (_, digit) => armOf(arms, { digit, heldOut: false }));
}

function count(names: readonly string[], name: string): number {
  return names.filter((one) => one === name).length;
}

describe("digits", () => {
  const hmac = (text: string): string => createHmac("sha256", "key").update(text).digest("hex");

  test("are the keyed hash of area and customer modulo 10,000", () => {
    const hash = createHmac("sha256", "key").update("limit-decrease\0customer 1").digest();
    const bytes = [...hash].reduce((rest, byte) => (rest * 256 + byte) % 10_000, 0);
    expect(digitOf(hmac, "limit-decrease", "customer 1")).toBe(bytes);
    expect(digitOf(hmac, "another", "customer 1")).not.toBe(bytes);
  });

  test("spread customers evenly", () => {
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let customer = 0; customer < 20_000; customer += 1) {
      tenths[Math.floor(digitOf(hmac, "limit-decrease", `customer ${customer}`) / 1_000)]! += 1;
    }
    // Five standard deviations of 20,000 draws with one chance in ten are 212.
    for (const found of tenths) expect(Math.abs(found - 2_000)).toBeLessThan(212);
  });
});

describe("a layout of arms", () => {
  test("gives every arm exactly its share of the digits, whatever was before", () => {
    fc.assert(
      fc.property(fc.array(anyShares, { minLength: 1, maxLength: 4 }), (steps) => {
        let arms: readonly Arm[] | null = null;
        for (const asked of steps) {
          arms = layOut(asked, arms);
          const found = armByDigit(arms);
          for (const { name, shareBp } of asked) expect(count(found, name)).toBe(shareBp);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("moves only what shares change by, and a growing arm takes from the champion", () => {
    fc.assert(
      fc.property(anyShares, anyShares, (first, second) => {
        const before = layOut(first, null);
        const after = layOut(second, before);
        const [from, to] = [armByDigit(before), armByDigit(after)];
        const changed = [...from.keys()].filter((digit) => from[digit] !== to[digit]);
        const moved = changed.length;
        const straight = changed.filter(
          (digit) => from[digit] !== "champion" && to[digit] !== "champion",
        );
        const grown = names.reduce(
          (sum, name) => sum + Math.max(0, count(to, name) - count(from, name)),
          0,
        );
        // Nobody goes straight from one arm to another as long as the champion has customers to give.
        expect(straight.length).toBeLessThanOrEqual(Math.max(0, grown - count(from, "champion")));
        const shrunk = names.reduce(
          (sum, name) => sum + Math.max(0, count(from, name) - count(to, name)),
          0,
        );
        expect(moved).toBe(grown + shrunk - straight.length);
        expect(movedBp(before, after)).toBe(moved);
      }),
      { numRuns: 60 },
    );
  });

  test("takes from what others gave up only when the champion has no more", () => {
    const before = layOut(shares({ steeper: 9_000 }), null);
    const after = layOut(shares({ milder: 9_000 }), before);
    const [from, to] = [armByDigit(before), armByDigit(after)];
    const taken = from.map((name, digit) => `${name} → ${to[digit]}`);
    expect(count(taken, "champion → milder")).toBe(1_000);
    expect(count(taken, "steeper → milder")).toBe(8_000);
    expect(count(taken, "steeper → champion")).toBe(1_000);
  });

  test("keeps a customer who was ever held out in the holdout, also when it is gone", () => {
    const arms = layOut(shares({ steeper: 9_999 }), null);
    for (const digit of [0, 5_000, 9_999]) {
      expect(armOf(arms, { digit, heldOut: true })).toBe("holdout");
      expect(armOf(arms, { digit, heldOut: false })).not.toBe("holdout");
    }
  });
});
