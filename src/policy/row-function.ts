// The row function: a program compiled to JavaScript, run for one line at a time. It is generated from the checked form
// only, never from text of the document, and must say exactly what the interpreter says. Where the platform forbids
// code generation the interpreter does the work, and {@link backEndOf} tells so.

import type { Action } from "../domain/assessment.ts";
import { type FactValue, type FactValues, lineFacts } from "../domain/facts.ts";
import { emitProgram, type TableHit } from "./emit-program.ts";
import { encodeFact } from "./fact-text.ts";
import type { ReasonCode } from "../domain/reason-code.ts";
import { lostCodes } from "./reasons.ts";
import type { Program } from "./ir.ts";
import type { Values } from "./limit-rule.ts";
import { routeOf, run, type Run } from "./run.ts";

/** Which of the two equal ways runs a program here. */
export type BackEnd = "row-function" | "interpreter";

/**
 * What one run left behind: a {@link Run}, and what each table said. It may be filled again, so whoever keeps something
 * of it takes lists and objects from it, never the note itself or its `hits`, `tables` and `values`.
 */
export type RunNote = { -readonly [Field in keyof Run]: Run[Field] } & {
  hits: (readonly number[])[];
  tables: TableHit[];
};

/** One line in few words. */
export type Brief = Readonly<{
  /** ids of the rules that leave the line alone */
  excludedBy: readonly string[];
  /** the first scorecard's points, null without scorecards */
  score: number | null;
  grade: string | null;
  /** reasons by which most points were lost, most first, at most four; not proved to change anything */
  lost: readonly ReasonCode[];
  action: Action;
  /** the row that chose the treatment, null for the table's default and for excluded lines */
  row: string | null;
  /** what is cut, as a share of the limit in basis points, rounded up */
  cutRateBp: number;
  /** the limit after the outcome, minor units */
  limitMinor: number;
}>;

/** A program compiled for one line at a time. */
export type CompiledProgram = Readonly<{
  backEnd: BackEnd;
  /**
   * puts facts into their slots, those that Tidemark keeps itself from `own`; false when one that is required is
   * missing, or one is not what was declared
   */
  load: (facts: FactValues, own: FactValues, values: Values) => boolean;
  /** writes every declared fact that is present into `used` */
  use: (facts: FactValues, used: Record<string, FactValue>) => void;
  /** runs over facts, and the as-of date where it is read, in their slots; every other slot and every field of the note except `values` is written */
  row: (values: Values, note: RunNote) => void;
  /** position of the routing rule that decides, after {@link CompiledProgram.row} */
  route: (values: Values) => number;
  /** codes by which most points were lost, see {@link lostCodes}, after {@link CompiledProgram.row} */
  lost: (values: Values) => readonly ReasonCode[];
  /** a line in few words straight from its facts; null where it is made from a note */
  brief: ((facts: FactValues) => Brief | null) | null;
  /** a note to use again and again; its values belong to it */
  scratch: RunNote;
}>;

const compiled = new WeakMap<Program, CompiledProgram>();

/** The compiled form of a program, made on first use and kept as long as the program. */
export function compiledProgram(program: Program): CompiledProgram {
  const known = compiled.get(program);
  if (known !== undefined) return known;
  const made = generate(program) ?? interpretedProgram(program);
  compiled.set(program, made);
  return made;
}

/** "interpreter" where the platform forbids code generation: the same results at a fraction of the speed. */
export function backEndOf(program: Program): BackEnd {
  return compiledProgram(program).backEnd;
}

function generate(program: Program): CompiledProgram | null {
  const { code, constants } = emitProgram(program);
  try {
    // oxlint-disable-next-line typescript/no-implied-eval -- the code was generated from checked numbers
    const factory = new Function("k", `"use strict";\n${code}`);
    const made = factory(constants);
    const lost = made.lost ?? ((values: Values) => lostCodes(program, values));
    return { backEnd: "row-function", ...made, lost, scratch: emptyNote(program) };
  } catch (error) {
    if (error instanceof EvalError) return null;
    throw error;
  }
}

/** The same form with the interpreter inside. */
export function interpretedProgram(program: Program): CompiledProgram {
  return {
    backEnd: "interpreter",
    load: (facts, own, values) => interpretedLoad(program, facts, own, values),
    use: (facts, used) => {
      for (const { name } of program.facts) {
        const value = facts[name];
        if (value !== undefined) used[name] = value;
      }
    },
    row: (values, note) => interpretedRow(program, values, note),
    lost: (values) => lostCodes(program, values),
    brief: null,
    scratch: emptyNote(program),
    route: (values) => program.routing.indexOf(routeOf(program.routing, values)),
  };
}

function interpretedLoad(
  program: Program,
  facts: FactValues,
  own: FactValues,
  values: Values,
): boolean {
  for (const fact of program.facts) {
    const from = Object.hasOwn(lineFacts, fact.name) ? own : facts;
    const code = encodeFact(from[fact.name], fact.type, fact.codes);
    if (code === undefined || (Number.isNaN(code) && fact.required)) return false;
    values[fact.slot] = code;
  }
  return true;
}

function interpretedRow(program: Program, values: Values, note: RunNote): void {
  for (const { outputs } of program.tables) {
    for (const { slot } of outputs) values[slot] = Number.NaN;
  }
  for (const { slot } of program.expressions) values[slot] = Number.NaN;
  const { hits, ...rest } = run(program, values);
  Object.assign(note, rest);
  hits.forEach((rows, at) => {
    const { outputs, rows: all } = program.tables[at]!;
    const ids = rows.map((row) => all[row]!.id);
    note.hits[at] = rows;
    note.tables[at] = { hits: rows, ids, outputs: outputs.map(({ slot }) => values[slot]!) };
  });
}

/** A note to hand to a row function, over values of its own unless some are given. */
export function emptyNote(
  program: Program,
  values: Values = new Float64Array(program.slotCount).fill(Number.NaN),
): RunNote {
  return {
    values,
    excludedBy: [],
    segment: Number.NaN,
    grade: -1,
    hits: program.tables.map(() => []),
    treatment: null,
    askedMinor: null,
    outcome: { action: "none" },
    guardsBound: [],
    tables: [],
  };
}

/** {@link run} through the row function: the same values and the same result. */
export function runRow(program: Program, values: Values): Run {
  const note = emptyNote(program, values);
  compiledProgram(program).row(values, note);
  return note;
}
