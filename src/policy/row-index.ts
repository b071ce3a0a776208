// An index over the rows of a large table: per column the values fall into intervals, and each interval has one bit
// per row that may still hold. A row holds when its bit is set in every column. Compiling a large table into
// comparisons instead makes a function that the engine below no longer optimises.

import { pieceOf } from "./emit-sets.ts";
import { holds } from "./holds.ts";
import { type IntegerSet, intersection } from "./integer-set.ts";
import type { Tests } from "./ir.ts";

/** One column: the interval of a value starts at the last of `starts` not above it; the last mask is for unknown. */
export type Column = Readonly<{ slot: number; starts: Float64Array; masks: Int32Array }>;

/** Rows by the tests that they hold; built by {@link indexRows}. */
export type RowIndex = Readonly<{
  rowCount: number;
  /** 32-bit words of one mask */
  words: number;
  columns: readonly Column[];
  /** per row the tests whose column would need too large an index; null when there are none at all */
  rest: readonly Tests[] | null;
  /** where each column's mask starts for the line being looked at */
  offsets: Int32Array;
}>;

/** Words that the masks of one table may take; columns beyond it are tested row by row. */
const mostWords = 1 << 22;

/** Indexes rows; any number of them, with any tests. */
export function indexRows(rows: readonly Tests[]): RowIndex {
  const words = Math.max(1, Math.ceil(rows.length / 32));
  const bySlot = new Map<number, (IntegerSet | null)[]>();
  rows.forEach((tests, row) => {
    for (const test of tests) {
      const column = bySlot.get(test.slot) ?? rows.map(() => null);
      bySlot.set(test.slot, column);
      column[row] = column[row] == null ? test : intersection(column[row], test);
    }
  });
  const candidates = [...bySlot].map(([slot, tests]) => ({ slot, tests, starts: startsOf(tests) }));
  candidates.sort((left, right) => left.starts.length - right.starts.length);
  let room = mostWords;
  const columns: Column[] = [];
  const unindexed = new Set<number>();
  for (const { slot, tests, starts } of candidates) {
    room -= (starts.length + 1) * words;
    if (room < 0) unindexed.add(slot);
    else columns.push({ slot, starts, masks: masksOf(tests, starts, words) });
  }
  const rest =
    unindexed.size === 0
      ? null
      : rows.map((tests) => tests.filter((test) => unindexed.has(test.slot)));
  const offsets = new Int32Array(columns.length);
  return { rowCount: rows.length, words, columns, rest, offsets };
}

/** The least of all intervals on which every test of the column says the same, by their starts. */
function startsOf(tests: readonly (IntegerSet | null)[]): Float64Array {
  const starts = new Set<number>([-Infinity]);
  for (const test of tests) {
    const bounds = test?.bounds ?? [];
    for (let at = 0; at < bounds.length; at += 2) {
      starts.add(bounds[at]!);
      starts.add(bounds[at + 1]! + 1);
    }
  }
  return Float64Array.from(starts).toSorted();
}

/** Bits are flipped where a row's intervals begin and after they end, then carried on from interval to interval. */
function masksOf(
  tests: readonly (IntegerSet | null)[],
  starts: Float64Array,
  words: number,
): Int32Array {
  const masks = new Int32Array((starts.length + 1) * words);
  const flip = (interval: number, row: number): void => {
    if (interval < starts.length) masks[interval * words + (row >> 5)]! ^= 1 << (row & 31);
  };
  tests.forEach((test, row) => {
    if (test === null) flip(0, row);
    const bounds = test?.bounds ?? [];
    for (let at = 0; at < bounds.length; at += 2) {
      flip(pieceOf(starts, bounds[at]!), row);
      flip(pieceOf(starts, bounds[at + 1]! + 1), row);
    }
  });
  for (let at = words; at < starts.length * words; at++) masks[at]! ^= masks[at - words]!;
  tests.forEach((test, row) => {
    if (test?.unknown ?? true) masks[starts.length * words + (row >> 5)]! |= 1 << (row & 31);
  });
  return masks;
}

function locate(index: RowIndex, values: Float64Array): void {
  const { columns, offsets, words } = index;
  for (let at = 0; at < columns.length; at++) {
    const { slot, starts } = columns[at]!;
    const value = values[slot]!;
    // Only NaN differs from itself.
    offsets[at] = (value !== value ? starts.length : pieceOf(starts, value)) * words;
  }
}

/** One word of the rows that hold in every indexed column. */
function wordAt(index: RowIndex, word: number): number {
  const { columns, offsets, rowCount } = index;
  const left = rowCount - word * 32;
  let mask = left >= 32 ? -1 : (1 << left) - 1;
  for (let at = 0; at < columns.length && mask !== 0; at++) {
    mask &= columns[at]!.masks[offsets[at]! + word]!;
  }
  return mask;
}

function restHolds(index: RowIndex, row: number, values: Float64Array): boolean {
  if (index.rest === null) return true;
  for (const test of index.rest[row]!) if (!holds(test, values[test.slot]!)) return false;
  return true;
}

/** The first row that holds, −1 when none does. */
export function firstRow(index: RowIndex, values: Float64Array): number {
  locate(index, values);
  for (let word = 0; word < index.words; word++) {
    for (let mask = wordAt(index, word); mask !== 0; mask &= mask - 1) {
      const row = word * 32 + (31 - Math.clz32(mask & -mask));
      if (restHolds(index, row, values)) return row;
    }
  }
  return -1;
}

/** All rows that hold, ascending. */
export function allRows(index: RowIndex, values: Float64Array): number[] {
  locate(index, values);
  const rows: number[] = [];
  for (let word = 0; word < index.words; word++) {
    for (let mask = wordAt(index, word); mask !== 0; mask &= mask - 1) {
      const row = word * 32 + (31 - Math.clz32(mask & -mask));
      if (restHolds(index, row, values)) rows.push(row);
    }
  }
  return rows;
}
