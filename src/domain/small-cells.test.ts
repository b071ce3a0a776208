// No small count is told, and none can be worked out: tried over every small table there is, as somebody would who knows
// the rule.

import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { publishCells, publishCount, type Cell } from "./small-cells.ts";

/** Every table of `size` counts up to `most`. */
function* tables(size: number, most: number): Generator<readonly number[]> {
  if (size === 0) return yield [];
  for (const rest of tables(size - 1, most)) {
    for (let count = 0; count <= most; count += 1) yield [...rest, count];
  }
}

/** What is published → all tables that it could have been, to somebody who knows the rule. */
function worldsOf(size: number, most: number, k: number): ReadonlyMap<string, number[][]> {
  const worlds = new Map<string, number[][]>();
  for (const table of tables(size, most)) {
    const key = JSON.stringify(publishCells(table, k));
    const known = worlds.get(key) ?? [];
    known.push([...table]);
    worlds.set(key, known);
  }
  return worlds;
}

describe("small cells", () => {
  it.each([
    [2, 12, 3],
    [3, 9, 3],
    [3, 12, 4],
    [4, 7, 3],
    [5, 6, 3],
    [3, 16, 5],
  ])(
    "no small cell of %i with counts up to %i and k %i can be worked out, even by somebody who knows the rule",
    (size, most, k) => {
      let met = 0;
      for (const [key, worlds] of worldsOf(size, most, k)) {
        const { cells } = JSON.parse(key) as { cells: Cell[] };
        for (const [at, cell] of cells.entries()) {
          if (cell !== null) continue;
          const values = new Set(worlds.map((table) => table[at]!));
          const hasSmall = [...values].some((value) => value > 0 && value < k);
          if (!hasSmall) continue;
          met += 1;
          expect(values.size, `${key} cell ${at}`).toBeGreaterThan(1);
        }
      }
      expect(met).toBeGreaterThan(0);
    },
  );

  it("what is published is true, no small count is among it, and a second look at the sum gives nothing away", () => {
    const counts = fc.array(fc.nat(40), { minLength: 1, maxLength: 13 });
    fc.assert(
      fc.property(counts, fc.integer({ min: 3, max: 12 }), (table, k) => {
        const { total, cells } = publishCells(table, k);
        const sum = table.reduce((all, count) => all + count, 0);
        expect([sum, null]).toContain(total);
        const missing = cells.filter((cell) => cell === null).length;
        expect(missing).not.toBe(1 - Number(total === null && cells.length === 1));
        for (const [at, cell] of cells.entries()) {
          if (cell === null) continue;
          expect(cell).toBe(table[at]);
          expect(cell === 0 || cell >= k).toBe(true);
        }
      }),
    );
  });

  it("leaves a table alone that has no small counts", () => {
    expect(publishCells([0, 12, 30], 5)).toEqual({ total: 42, cells: [0, 12, 30] });
  });

  it("leaves out the next larger count beside a single small one", () => {
    expect(publishCells([2, 12, 30, 0], 5)).toEqual({ total: 44, cells: [null, null, 30, 0] });
  });

  it("leaves out everything where there is too little to hide in", () => {
    expect(publishCells([1, 1, 1, 1, 1, 0], 5)).toEqual({
      total: 5,
      cells: [null, null, null, null, null, null],
    });
    expect(publishCells([3, 0], 5)).toEqual({ total: null, cells: [null, null] });
  });

  it("says nothing of a single count under the bound, and says so of a bound that hides nothing", () => {
    expect([publishCount(0, 5), publishCount(4, 5), publishCount(5, 5)]).toEqual([0, null, 5]);
    expect(() => publishCells([1], 2)).toThrow("found 2, expected 3 or more");
  });
});
