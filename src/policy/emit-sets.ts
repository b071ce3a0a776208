// The smallest pieces of generated code: numbers, tests of a value against a set, and the choice of one of several
// disjoint sets. What is written into the code is digits, operators and names made up here; everything that comes
// from the document as text stays in a list of constants that the code reaches by position.

import type { FactIr, Program, Test } from "./ir.ts";
import type { IntegerSet } from "./integer-set.ts";
import { domainOf } from "./operand.ts";

/** Constants of the generated code, each under a name made up here, and how many bytes wide lookups may still take. */
export type Constants = { readonly values: unknown[]; lookupBytes: number };

/** Bytes that the wide lookups of one program may take, so that they stay near the processor. */
const mostLookupBytes = 1 << 20;

/** An empty list of constants. */
export function noConstants(): Constants {
  return { values: [], lookupBytes: mostLookupBytes };
}

/** Puts a value among the constants; the name that the code reaches it by. */
export function constant(constants: Constants, value: unknown): string {
  constants.values.push(value);
  return `k${constants.values.length - 1}`;
}

/** A number as code; the sign of zero and NaN survive. */
export function numberCode(value: number): string {
  if (value === -Infinity) return "(-Infinity)";
  if (Object.is(value, -0)) return "(-0)";
  return value < 0 ? `(${value})` : String(value);
}

/** What is known about the values of a slot: they lie in `low` … `high`, and are never NaN unless `nullable`. */
export type SlotRange = Readonly<{ low: number; high: number; nullable: boolean }>;

const anything: SlotRange = { low: -Infinity, high: Infinity, nullable: true };

/**
 * What a run guarantees about each slot. Facts were checked when they were loaded, except that dates reach beyond
 * the calendar of cells; nothing is taken for granted about the rest.
 */
export function slotRanges(program: Program): (slot: number) => SlotRange {
  const known = new Map(program.facts.map((fact) => [fact.slot, factRange(fact)]));
  return (slot) => known.get(slot) ?? anything;
}

function factRange({ type, required }: FactIr): SlotRange {
  if (type.kind === "date") return { ...anything, nullable: !required };
  const { bounds } = domainOf(type, false);
  return { low: bounds[0] ?? 0, high: bounds.at(-1) ?? 0, nullable: !required };
}

/** Sets of more intervals than this are looked up instead of compared with one after the other. */
const mostComparisons = 4;
const narrowLookup = 4_096;
const widestLookup = 65_536;

/** An expression that is true when the value of the expression `x` belongs to the set. `x` is a name. */
export function setCode(
  set: IntegerSet,
  x: string,
  range: SlotRange,
  constants: Constants,
): string {
  const known = knownCode(set, x, range, constants);
  if (!range.nullable) return known;
  if (set.unknown) return known === "true" ? "true" : `(${x} !== ${x} || ${known})`;
  return known === "true" ? `${x} === ${x}` : known;
}

/** As {@link setCode} for a value that is not NaN; false for NaN unless it is just "true". */
function knownCode(set: IntegerSet, x: string, range: SlotRange, constants: Constants): string {
  const { bounds } = set;
  if (bounds.length === 0) return "false";
  if (bounds.length / 2 > mostComparisons) return lookupCode(bounds, x, constants);
  const parts: string[] = [];
  for (let at = 0; at < bounds.length; at += 2) {
    parts.push(intervalCode(bounds[at]!, bounds[at + 1]!, x, range));
  }
  return parts.length === 1 ? parts[0]! : `(${parts.join(" || ")})`;
}

function intervalCode(low: number, high: number, x: string, range: SlotRange): string {
  if (low === high) return `${x} === ${numberCode(low)}`;
  const sides: string[] = [];
  if (low > range.low) sides.push(`${x} >= ${numberCode(low)}`);
  if (high < range.high) sides.push(`${x} <= ${numberCode(high)}`);
  if (sides.length === 0) return "true";
  return sides.length === 1 ? sides[0]! : `(${sides.join(" && ")})`;
}

function lookupCode(bounds: readonly number[], x: string, constants: Constants): string {
  const low = bounds[0]!;
  const high = bounds.at(-1)!;
  if (high - low >= narrowLookup) {
    return `${constant(constants, isAmong)}(${constant(constants, Float64Array.from(bounds))}, ${x})`;
  }
  const members = new Uint8Array(high - low + 1);
  for (let at = 0; at < bounds.length; at += 2) {
    members.fill(1, bounds[at]! - low, bounds[at + 1]! - low + 1);
  }
  const place = constant(constants, members);
  const index = low === 0 ? x : `${x} - ${numberCode(low)}`;
  return `(${x} >= ${numberCode(low)} && ${x} <= ${numberCode(high)} && ${place}[${index}] === 1)`;
}

/** Whether a value lies in one of the intervals lo0, hi0, lo1, hi1, … by halving; false for NaN. */
export function isAmong(bounds: Float64Array, value: number): boolean {
  let low = 0;
  let high = bounds.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value > bounds[2 * middle + 1]!) low = middle + 1;
    else high = middle;
  }
  return 2 * low < bounds.length && value >= bounds[2 * low]! && value <= bounds[2 * low + 1]!;
}

/** An expression that is true when all tests hold. `name` gives the name that a slot's value stands under. */
export function testsCode(
  tests: readonly Test[],
  name: (slot: number) => string,
  ranges: (slot: number) => SlotRange,
  constants: Constants,
): string {
  const parts = tests
    .map((test) => setCode(test, name(test.slot), ranges(test.slot), constants))
    .filter((code) => code !== "true");
  return parts.length === 0 ? "true" : parts.join(" && ");
}

type Piece = Readonly<{ low: number; high: number; result: number }>;

/**
 * An expression for the number that belongs to the one set which holds the value of `x`; sets are disjoint.
 * @param otherwise the number when none holds
 */
export function pickCode(
  sets: readonly IntegerSet[],
  results: readonly number[],
  otherwise: number,
  x: string,
  range: SlotRange,
  constants: Constants,
): string {
  const unknown = sets.findIndex((set) => set.unknown);
  const ifUnknown = unknown < 0 ? otherwise : results[unknown]!;
  const pieces = piecesOf(sets, results, otherwise, range);
  if (isCounted(pieces, range)) return pickByCounting(pieces, ifUnknown, x, constants);
  const table = lookupOf(pieces, range, constants);
  const known =
    table === null ? pickByHalving(pieces, x, constants) : pickByTable(table, x, range, constants);
  return range.nullable ? `(${x} !== ${x} ? ${numberCode(ifUnknown)} : ${known})` : known;
}

const mostCounted = 16;
const smallLookup = 512;

function isCounted(pieces: readonly Piece[], range: SlotRange): boolean {
  return pieces.length > 2 && pieces.length <= mostCounted && range.high - range.low >= smallLookup;
}

/** How many pieces start at or below the value is its place in a short list; no piece does below NaN. */
function pickByCounting(
  pieces: readonly Piece[],
  ifUnknown: number,
  x: string,
  constants: Constants,
): string {
  const results = arrayFor([...pieces, { result: ifUnknown }], pieces.length + 1);
  results.set([ifUnknown, ...pieces.map(({ result }) => result)]);
  const counted = pieces.map(({ low }) => `((${x} >= ${numberCode(low)}) | 0)`).join(" + ");
  return `${constant(constants, results)}[${counted}]`;
}

/** Every value from `range.low` to `range.high`, in pieces of equal result. */
function piecesOf(
  sets: readonly IntegerSet[],
  results: readonly number[],
  otherwise: number,
  range: SlotRange,
): Piece[] {
  const stated = sets
    .flatMap(({ bounds }, at) =>
      bounds.flatMap((low, end): Piece[] =>
        end % 2 === 0 ? [{ low, high: bounds[end + 1]!, result: results[at]! }] : [],
      ),
    )
    .filter(({ low, high }) => high >= range.low && low <= range.high)
    .toSorted((left, right) => left.low - right.low);
  const pieces: Piece[] = [];
  let next = range.low;
  for (const piece of stated) {
    if (next < piece.low) pieces.push({ low: next, high: piece.low - 1, result: otherwise });
    pieces.push(piece);
    next = piece.high + 1;
  }
  if (next <= range.high && next < Infinity) {
    pieces.push({ low: next, high: range.high, result: otherwise });
  }
  return pieces;
}

/** The result of every value of the range, in the narrowest array that holds them; null where halving is better. */
function lookupOf(
  pieces: readonly Piece[],
  range: SlotRange,
  constants: Constants,
): LookupArray | null {
  const size = range.high - range.low + 1;
  if (pieces.length <= 2 || size > widestLookup) return null;
  const results = arrayFor(pieces, size);
  if (results.byteLength > constants.lookupBytes) return null;
  constants.lookupBytes -= results.byteLength;
  for (const { low, high, result } of pieces) {
    results.fill(result, Math.max(low, range.low) - range.low, high - range.low + 1);
  }
  return results;
}

type LookupArray = Int8Array | Int16Array | Int32Array | Float64Array;

function arrayFor(pieces: readonly Pick<Piece, "result">[], size: number): LookupArray {
  const fits = (bits: number): boolean =>
    pieces.every(({ result }) => Object.is((result << (32 - bits)) >> (32 - bits), result));
  if (fits(8)) return new Int8Array(size);
  if (fits(16)) return new Int16Array(size);
  return fits(32) ? new Int32Array(size) : new Float64Array(size);
}

function pickByTable(
  results: LookupArray,
  x: string,
  range: SlotRange,
  constants: Constants,
): string {
  const index = range.low === 0 ? x : `${x} - ${numberCode(range.low)}`;
  return `${constant(constants, results)}[${index}]`;
}

const mostBranches = 64;

function pickByHalving(pieces: readonly Piece[], x: string, constants: Constants): string {
  if (pieces.length > mostBranches) {
    const starts = Float64Array.from(pieces, (piece) => piece.low);
    const results = Float64Array.from(pieces, (piece) => piece.result);
    const place = `${constant(constants, pieceOf)}(${constant(constants, starts)}, ${x})`;
    return `${constant(constants, results)}[${place}]`;
  }
  if (pieces.length <= 1) return numberCode(pieces[0]?.result ?? Number.NaN);
  const half = pieces.length >> 1;
  const left = pickByHalving(pieces.slice(0, half), x, constants);
  const right = pickByHalving(pieces.slice(half), x, constants);
  return `(${x} < ${numberCode(pieces[half]!.low)} ? ${left} : ${right})`;
}

/** Index of the last start that is not above the value; 0 when all are. */
export function pieceOf(starts: Float64Array, value: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (value < starts[middle]!) high = middle - 1;
    else low = middle;
  }
  return low;
}
