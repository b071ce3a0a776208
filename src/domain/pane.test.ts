// Panes merge to the same in any order and grouping: that is what late and shuffled signals rest on.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { Instant } from "./calendar.ts";
import { emptyPane, equalPanes, mergePanes, type Pane, paneOf, type ToldValue } from "./pane.ts";

const atMost = 3;
const moment = fc.option(
  fc.constantFrom("2026-03-01T01:00:00.000Z" as Instant, "2026-03-01T02:00:00.000Z" as Instant),
);
const numbers = fc.record({ value: fc.integer({ min: -50, max: 50 }), at: moment });
const codes = fc.record({ value: fc.constantFrom("a", "b", "c", "d", "e"), at: moment });
const counted = fc.record({ value: fc.constant(null), at: moment });

function merged(told: readonly ToldValue[]): Pane {
  return told.map(paneOf).reduce((one, other) => mergePanes(one, other, atMost), emptyPane);
}

test.each<[string, fc.Arbitrary<ToldValue>]>([
  ["numbers", numbers],
  ["codes", codes],
  ["counts", counted],
])("%s lead to the same pane in any order and any grouping", (_, values) => {
  fc.assert(
    fc.property(fc.array(values, { minLength: 1, maxLength: 12 }), fc.nat(), (told, cut) => {
      const at = cut % told.length;
      const grouped = mergePanes(merged(told.slice(at)), merged(told.slice(0, at)), atMost);
      expect(merged(told.toReversed())).toEqual(merged(told));
      expect(grouped).toEqual(merged(told));
    }),
  );
});

test("panes are equal where everything that they say is", () => {
  const told = fc.array(fc.oneof(numbers, codes, counted), { maxLength: 3 });
  fc.assert(
    fc.property(told, told, (left, right) => {
      const [one, other] = [merged(left), merged(right)];
      expect(equalPanes(one, other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      expect(equalPanes(one, merged(left))).toBe(true);
      for (const name of Object.keys(one)) {
        expect(equalPanes(one, { ...one, [name]: "another" })).toBe(false);
      }
    }),
  );
});

test("a pane tells count, sum, smallest, largest and the value that happened last", () => {
  const told = [
    { value: 70, at: "2026-03-01T02:00:00.000Z" as Instant },
    { value: -5, at: null },
    { value: 20, at: "2026-03-01T01:00:00.000Z" as Instant },
  ];
  expect(merged(told)).toEqual({
    ...{ count: 3, sum: 85, low: -5, high: 70, last: 70, seen: null, lastSeen: null },
    lastAt: "2026-03-01T02:00:00.000Z",
  });
});

test("of codes the first in order are kept, however many there were", () => {
  const told = ["e", "c", "a", "d"].map((value) => ({ value, at: null }));
  expect(merged(told)).toMatchObject({ count: 4, seen: ["a", "c", "d"], lastSeen: "e", sum: null });
});
