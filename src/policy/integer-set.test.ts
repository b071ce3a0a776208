// Set algebra over integers, held against membership tested one value at a time.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  contains,
  difference,
  example,
  type IntegerSet,
  intersection,
  interval,
  isEmpty,
  meets,
  union,
} from "./integer-set.ts";

const universe = Array.from({ length: 41 }, (_, index) => index - 20);
const members = [...universe, null];

const someSet: fc.Arbitrary<IntegerSet> = fc
  .tuple(
    fc.array(fc.tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: 0, max: 6 })), {
      maxLength: 5,
    }),
    fc.boolean(),
  )
  .map(([parts, unknown]) =>
    union([
      ...parts.map(([low, length]) => interval(low, Math.min(20, low + length))),
      interval(1, 0, unknown),
    ]),
  );

describe("integer sets", () => {
  test("union, intersection and difference agree with membership", () => {
    fc.assert(
      fc.property(someSet, someSet, (left, right) => {
        for (const value of members) {
          expect(contains(union([left, right]), value)).toBe(
            contains(left, value) || contains(right, value),
          );
          expect(contains(intersection(left, right), value)).toBe(
            contains(left, value) && contains(right, value),
          );
          expect(contains(difference(left, right), value)).toBe(
            contains(left, value) && !contains(right, value),
          );
        }
      }),
    );
  });

  test("sets meet exactly where their intersection is not empty", () => {
    fc.assert(
      fc.property(someSet, someSet, (left, right) => {
        expect(meets(left, right)).toBe(!isEmpty(intersection(left, right)));
      }),
    );
  });

  test("bounds are ascending, disjoint and not adjacent, so equal sets are equal data", () => {
    fc.assert(
      fc.property(someSet, someSet, (left, right) => {
        for (const { bounds } of [
          union([left, right]),
          intersection(left, right),
          difference(left, right),
        ]) {
          for (let at = 0; at + 1 < bounds.length; at++) {
            expect(bounds[at + 1]! - bounds[at]!).toBeGreaterThanOrEqual(at % 2 === 0 ? 0 : 1);
          }
        }
      }),
    );
  });

  test("an example belongs to its set, and only the empty set has none", () => {
    fc.assert(
      fc.property(someSet, (set) => {
        const found = example(set);
        expect(found === undefined).toBe(isEmpty(set));
        if (found !== undefined) expect(contains(set, found)).toBe(true);
      }),
    );
  });
});
