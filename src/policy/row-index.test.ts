// An index finds the rows that looking at each row in turn finds.

import { describe, expect, test } from "vitest";
import { randomFrom } from "../../test/support/random.ts";
import { holdsAll } from "./holds.ts";
import type { Test, Tests } from "./ir.ts";
import { allRows, firstRow, indexRows } from "./row-index.ts";

function testOf(slot: number, bounds: readonly number[], unknown: boolean): Test {
  return { slot, bounds, unknown, column: slot, operand: `operand${slot}`, cell: "" };
}

/** Rows over some slots; about half of the cells say nothing. */
function randomRows(seed: number, count: number, slots: number, width: number): Tests[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, () =>
    Array.from({ length: slots }, (_, slot) => {
      const low = random.integer(0, width);
      const high = low + random.integer(0, width >> 3);
      const more = random.chance(0.3) ? [high + 2, high + 2 + random.integer(0, 5)] : [];
      return testOf(slot, [low, high, ...more], random.chance(0.2));
    }).filter(() => random.chance(0.5)),
  );
}

describe("a row index", () => {
  test.each([
    [1, 3],
    [31, 40],
    [32, 40],
    [33, 1_000],
    [400, 50],
    [400, 100_000],
  ])("of %i rows with values up to %i finds the same rows", (count, width) => {
    const rows = randomRows(count + width, count, 4, width);
    const index = indexRows(rows);
    const random = randomFrom(width);
    for (let line = 0; line < 500; line++) {
      const values = Float64Array.from({ length: 4 }, () =>
        random.chance(0.1) ? Number.NaN : random.integer(-1, width + 10),
      );
      const expected = rows.flatMap((tests, at) => (holdsAll(tests, values) ? [at] : []));
      expect(allRows(index, values)).toEqual(expected);
      expect(firstRow(index, values)).toBe(expected[0] ?? -1);
    }
  });

  test("tests row by row the columns whose masks would be too large", () => {
    const rows = Array.from({ length: 8_000 }, (_, at) => [
      testOf(0, [at * 3, at * 3 + 1], false),
      testOf(1, [at * 5, at * 5 + 2], at === 7),
    ]);
    const index = indexRows(rows);
    expect(index.rest).not.toBeNull();
    for (const [left, right, row] of [
      [21, Number.NaN, 7],
      [24, Number.NaN, -1],
      [300, 501, 100],
      [302, 501, -1],
    ] as const) {
      expect(firstRow(index, Float64Array.of(left, right))).toBe(row);
    }
  });
});
