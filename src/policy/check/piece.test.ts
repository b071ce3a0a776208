// Where a piece is said to be at most another one, it is, on random lines of the box.

import fc from "fast-check";
import { expect, test } from "vitest";
import { askedLimit, usedOf } from "../limit-rule.ts";
import { type Box, isAtMost, type Piece, valueAt } from "./piece.ts";

const amount = fc.oneof(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 2_000_000 }));
const rateBp = fc.oneof(
  fc.constantFrom(0, 1, 3_000, 5_000, 9_999, 10_000),
  fc.integer({ min: 0, max: 10_000 }),
);
const rounding = fc.constantFrom("down" as const, "up" as const, "half-even" as const);

const piece: fc.Arbitrary<Exclude<Piece, { kind: "fact" }>> = fc.oneof(
  fc.record({ kind: fc.constant("amount" as const), amountMinor: amount }),
  fc.record({ kind: fc.constant("kept" as const), rateBp, rounding }),
  fc.record({ kind: fc.constant("less" as const), amountMinor: amount }),
  fc.record({ kind: fc.constant("share" as const), rateBp }),
  fc.record({ kind: fc.constant("balance" as const), rateBp, rounding }),
  fc.record({ kind: fc.constant("yearly" as const), rateBp }),
);

const range = fc.tuple(amount, amount).map(([one, other]) => ({
  low: Math.min(one, other),
  high: Math.max(one, other),
}));
const box: fc.Arbitrary<Box> = fc.record({ limit: range, used: range, before: range });

test("what is said to be at most another piece never exceeds it", () => {
  let said = 0;
  fc.assert(
    fc.property(piece, piece, box, fc.infiniteStream(fc.nat()), (left, right, within, numbers) => {
      if (!isAtMost(left, right, within)) return;
      said += 1;
      const pick = ({ low, high }: Box["limit"]): number =>
        low + (Number(numbers.next().value) % (high - low + 1));
      for (let round = 0; round < 20; round++) {
        const [limit, used, before] = [pick(within.limit), pick(within.used), pick(within.before)];
        expect(valueAt(left, limit, used, before)).toBeLessThanOrEqual(
          valueAt(right, limit, used, before),
        );
      }
    }),
    { numRuns: 4_000 },
  );
  expect(said).toBeGreaterThan(400);
});

test("pieces of targets are what the limit rule asks for", () => {
  const line = { limit: 0, drawn: 1, pending: 2, daysSinceDecrease: -1, decreasedLast12Months: -1 };
  const rule = {
    ...{ selectSlot: 0, treatments: [], floors: [], caps: [] },
    ...{ stepMinor: 1, mode: "down" as const, belowDrawn: true },
  };
  fc.assert(
    fc.property(amount, amount, rateBp, rounding, (limit, drawn, bp, mode) => {
      const values = Float64Array.of(limit, drawn, 0);
      const used = usedOf(values, line);
      const target = {
        method: "cut-by-rate" as const,
        rate: { kind: "constant" as const, value: bp },
        rounding: mode,
      };
      const treatment = {
        ...{ id: "cut", label: { zh: "降", en: "Cut" }, action: "decrease" as const },
        ...{ target, tables: [] },
      };
      expect(valueAt({ kind: "kept", rateBp: bp, rounding: mode }, limit, used, 0)).toBe(
        askedLimit(rule, treatment, values, line),
      );
      const balance = { method: "cut-to-balance" as const, bufferBp: bp, rounding: mode };
      expect(valueAt({ kind: "balance", rateBp: bp, rounding: mode }, limit, used, 0)).toBe(
        askedLimit(rule, { ...treatment, target: balance }, values, line),
      );
    }),
  );
});
