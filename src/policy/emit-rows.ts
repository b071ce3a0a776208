// The generated code that finds the rows of a table which hold. A few rows are compared one after the other; more of them
// are found by the bits of an index, per column the rows that its value leaves possible; a large table is left to the
// index itself, because a function that grows with the table is no longer optimised by the engine below.

import { constant, pickCode, testsCode } from "./emit-sets.ts";
import { type Emitting, read, takeRoom } from "./emitting.ts";
import type { IntegerSet } from "./integer-set.ts";
import type { TableIr } from "./ir.ts";
import { allRows, type Column, firstRow, indexRows, type RowIndex } from "./row-index.ts";
import { isSingleHit } from "./run.ts";

const mostCompared = 8;
const bitsOfWord = 32;
const mostWords = 2;

/**
 * Statements that set `NAME`: for single hits to the first row that holds, −1 for none; else to the rows that hold, as a
 * mask of 31 bits or as their list where there are more rows than bits.
 */
export function rowsCode(emit: Emitting, table: TableIr, name: string): string {
  const single = isSingleHit(table);
  const masked = single || table.rows.length < bitsOfWord;
  const tests = table.rows.reduce((sum, row) => sum + row.tests.length, 0);
  if (masked && table.rows.length <= mostCompared && takeRoom(emit, tests)) {
    return comparedCode(emit, table, name, single);
  }
  const index = indexRows(table.rows.map((row) => row.tests));
  const small = masked && index.words <= mostWords && index.rest === null;
  if (small && takeRoom(emit, sizeOf(index))) return bitsCode(emit, index, name, single);
  emit.delegates = true;
  const find = constant(emit.constants, single ? firstRow : allRows);
  return `${name} = ${find}(${constant(emit.constants, index)}, v);`;
}

/** Rows of a mask, as a list. */
export function rowsIn(mask: number): number[] {
  const rows: number[] = [];
  for (let left = mask; left !== 0; left &= left - 1) {
    rows.push(bitsOfWord - 1 - Math.clz32(left & -left));
  }
  return rows;
}

function sizeOf({ columns }: RowIndex): number {
  return columns.reduce((sum, column) => sum + Math.min(column.starts.length, 16), 0);
}

function comparedCode(emit: Emitting, table: TableIr, name: string, single: boolean): string {
  const lines = table.rows.map((row, at) => {
    const held = testsCode(row.tests, (slot) => read(emit, slot), emit.ranges, emit.constants);
    return single
      ? `if (${held}) { ${name} = ${at}; break ${name}of; }`
      : `if (${held}) ${name} |= ${1 << at};`;
  });
  return [`${name} = ${single ? -1 : 0};`, `${name}of: {`, ...lines, "}"].join("\n");
}

function bitsCode(emit: Emitting, index: RowIndex, name: string, single: boolean): string {
  const { columns, words, rowCount } = index;
  const places = columns.map((column, at) => `const i${at} = ${intervalCode(emit, column)};`);
  const masks = Array.from({ length: words }, (_, word) => {
    const own = columns.map((column, at) => {
      const part = column.masks.filter((_, place) => place % words === word);
      return `${constant(emit.constants, part)}[i${at}]`;
    });
    const left = rowCount - word * bitsOfWord;
    return [...own, String(left >= bitsOfWord ? -1 : (1 << left) - 1)].join(" & ");
  });
  const lines = single ? masks.map((mask, word) => firstBitCode(name, mask, word)) : [];
  const start = single ? `${name} = -1;` : "";
  const end = single ? "" : `${name} = ${masks[0]};`;
  return [start, `${name}of: {`, ...places, ...lines, end, "}"].join("\n");
}

function firstBitCode(name: string, mask: string, word: number): string {
  const row = `${word * bitsOfWord + bitsOfWord - 1} - Math.clz32(m${word} & -m${word})`;
  return `const m${word} = ${mask}; if (m${word} !== 0) { ${name} = ${row}; break ${name}of; }`;
}

/** Position of the interval that the value lies in; the last one is for unknown. */
function intervalCode(emit: Emitting, { slot, starts }: Column): string {
  const sets = [...starts].map((start, at): IntegerSet => ({
    bounds: [start, (starts[at + 1] ?? Infinity) - 1],
    unknown: false,
  }));
  sets.push({ bounds: [], unknown: true });
  const places = sets.map((_, at) => at);
  const range = emit.ranges(slot);
  return pickCode(sets, places, starts.length, read(emit, slot), range, emit.constants);
}
