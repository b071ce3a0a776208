// What the parts of generated code share while it is written: the constants, the names of values, and how much one
// function may still hold before the engine below stops optimising it.

import { basisPointsPerOne, floorTo, mulDiv, type Rounding } from "../domain/money.ts";
import { constant, type Constants, noConstants, type SlotRange, slotRanges } from "./emit-sets.ts";
import { quotient } from "./expression.ts";
import type { Program } from "./ir.ts";

/** State of writing the code of one program. */
export type Emitting = {
  readonly program: Program;
  readonly constants: Constants;
  readonly ranges: (slot: number) => SlotRange;
  /** slots whose values the code reads under the name that {@link read} gives */
  readonly reads: Set<number>;
  /** tests, amounts and choices that the function may still hold */
  room: number;
  /** whether a part was left to a function that reads and writes the values themselves */
  delegates: boolean;
  /** whether computed values also stand among the values, for such a part */
  readonly keeps: boolean;
  /** names of the empty list, of the arithmetic and of what adds to a list */
  readonly none: string;
  readonly mulDiv: string;
  readonly quotient: string;
  readonly floorTo: string;
  readonly add: string;
};

const mostRoom = 512;

/** The empty list that stands for no rules and no guards; never written to. */
const empty: readonly string[] = [];

function add(list: readonly string[], item: string): readonly string[] {
  return list === empty ? [item] : [...list, item];
}

/** Starts writing the code of a program. */
export function emitting(program: Program, keeps: boolean): Emitting {
  const constants = noConstants();
  return {
    ...{ program, constants, ranges: slotRanges(program), reads: new Set<number>() },
    ...{ room: mostRoom, delegates: false, keeps },
    none: constant(constants, empty),
    mulDiv: constant(constants, mulDiv),
    quotient: constant(constants, quotient),
    floorTo: constant(constants, floorTo),
    add: constant(constants, add),
  };
}

/** The list itself, or the empty one that generated code compares with. */
export function listOrNone(list: readonly string[]): readonly string[] {
  return list.length === 0 ? empty : list;
}

/** Takes room for a part of some size; false when it has to be left to a function of its own. */
export function takeRoom(emit: Emitting, size: number): boolean {
  if (size > emit.room) {
    emit.delegates = true;
    return false;
  }
  emit.room -= size;
  return true;
}

/** The name under which the code reads a slot's value. */
export function read(emit: Emitting, slot: number): string {
  emit.reads.add(slot);
  return `x${slot}`;
}

/** The place of a slot's value in the values of the run. */
export function slotCode(slot: number): string {
  return `v[${slot}]`;
}

const roundings: Readonly<Record<Rounding, string>> = {
  down: '"down"',
  up: '"up"',
  "half-even": '"half-even"',
};

/** `value` × a rate in basis points, rounded. */
export function rateCode(
  emit: Emitting,
  value: string,
  rateBp: string,
  rounding: Rounding,
): string {
  return `${emit.mulDiv}(${value}, ${rateBp}, ${basisPointsPerOne}, ${roundings[rounding]})`;
}

/** The cut as a share of the limit in basis points, rounded up. */
export function cutRateCode(emit: Emitting, limit: string): string {
  return `cut === 0 ? 0 : ${emit.mulDiv}(cut, ${basisPointsPerOne}, ${limit}, "up")`;
}

/** Slots that are computed, in the order in which they are. */
export function computedSlots(program: Program): readonly number[] {
  return [
    ...(program.segmentSlot < 0 ? [] : [program.segmentSlot]),
    ...program.scorecards.map((card) => card.slot),
    ...(program.grades === null ? [] : [program.grades.slot]),
    ...program.tables.flatMap((table) => table.outputs.map((output) => output.slot)),
    ...program.expressions.map((one) => one.slot),
  ];
}

/** Declares every name that the body sets. */
export function declarations({ program, none }: Emitting): string {
  const computed = computedSlots(program).map((slot) => `x${slot} = NaN`);
  const hits = program.tables.flatMap((_, at) => [`row${at} = 0`, `hit${at} = null`]);
  const names = [
    ...[`ids = ${none}`, "segment = NaN", "grade = -1", "treatment = -1", "asked = 0"],
    ...["asks = false", "action = 0", "cut = 0", `guards = ${none}`, ...computed, ...hits],
  ];
  return `let ${names.join(", ")};`;
}
