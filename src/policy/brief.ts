// What a strategy says about one line in few words: enough to count, compare and rank, without the copy of the facts and
// the proof of reasons that a decision rests on. It comes from the same row function as the assessment of the line.

import { actions } from "../domain/assessment.ts";
import type { BusinessDate } from "../domain/calendar.ts";
import type { FactValues } from "../domain/facts.ts";
import type { CompiledStrategy } from "./compile.ts";
import { decidingTable } from "./emit-brief.ts";
import { setAsOf } from "./evaluate.ts";
import type { Program } from "./ir.ts";
import { type Brief, compiledProgram } from "./row-function.ts";

/**
 * The brief of lines, one after the other. Each call of the returned function is complete in itself.
 * @returns a function that gives null for a line whose facts `evaluate` would refuse
 */
export function briefs(
  compiled: CompiledStrategy,
  asOf: BusinessDate,
): (facts: FactValues) => Brief | null {
  const { program } = compiled;
  return compiledProgram(program).brief ?? briefsByNote(program, asOf);
}

/** The same from the note of a run, for programs that have no function of their own for it. */
export function briefsByNote(
  program: Program,
  asOf: BusinessDate,
): (facts: FactValues) => Brief | null {
  const { load, row, lost, scratch } = compiledProgram(program);
  const { outcomeSlots, line, scorecards } = program;
  const { values } = scratch;
  const score = scorecards[0]?.slot ?? -1;
  const bands = program.grades?.bands ?? [];
  const deciding = decidingTable(program);
  return (facts) => {
    if (!load(facts, facts, values)) return null;
    setAsOf(program, values, asOf);
    row(values, scratch);
    const { excludedBy, grade } = scratch;
    return {
      excludedBy,
      score: score < 0 ? null : values[score]!,
      grade: bands[grade]?.grade ?? null,
      lost: lost(values),
      action: actions[values[outcomeSlots.action]!]!,
      row: excludedBy.length > 0 ? null : (scratch.tables[deciding]!.ids[0] ?? null),
      cutRateBp: values[outcomeSlots.cutRate]!,
      limitMinor: values[line.limit]! - values[outcomeSlots.cutAmount]!,
    };
  };
}
