// The generated code of a brief: from an object of facts to the few words about the line in one function, with every value
// in a name of its own and none in memory.

import { actions } from "../domain/assessment.ts";
import { loadOne } from "./emit-facts.ts";
import { lostLines } from "./emit-lost.ts";
import { constant } from "./emit-sets.ts";
import { cutRateCode, declarations, type Emitting, read } from "./emitting.ts";
import type { Program } from "./ir.ts";

const mostFacts = 64;

/** `brief(f)`: see `brief.ts`; null where the program is too large for one function, or reads the as-of date. `body` sets what is declared. */
export function briefCode(emit: Emitting, body: string): string | null {
  const { program } = emit;
  const { facts, line } = program;
  const lost = lostLines(emit, (slot) => read(emit, slot));
  if (emit.delegates || facts.length > mostFacts || lost === null) return null;
  if (program.asOfSlot >= 0) return null;
  const limit = read(emit, line.limit);
  return [
    "function brief(f) {",
    `let x, place, ${facts.map(({ slot }) => `x${slot}`).join(", ")};`,
    ...facts.map((fact) => loadOne(emit, fact, "f", `x${fact.slot}`, "return null;")),
    declarations(emit),
    body,
    ...lost,
    `return { excludedBy: ids, score: ${scoreOf(program)}, grade: ${gradeOf(emit)}, lost: codes,`,
    `action: ${constant(emit.constants, actions)}[action], row: ${rowOf(program)},`,
    `cutRateBp: ${cutRateCode(emit, limit)}, limitMinor: ${limit} - cut };`,
    "}",
  ].join("\n");
}

function scoreOf({ scorecards }: Program): string {
  const [first] = scorecards;
  return first === undefined ? "null" : `x${first.slot}`;
}

function gradeOf({ program, constants }: Emitting): string {
  if (program.grades === null) return "null";
  const names = program.grades.bands.map((band) => band.grade);
  return `grade < 0 ? null : ${constant(constants, names)}[grade]`;
}

/** Position of the table that chooses the treatment. */
export function decidingTable({ tables, limit }: Program): number {
  return tables.findIndex((table) => table.outputs.some(({ slot }) => slot === limit.selectSlot));
}

function rowOf(program: Program): string {
  const hit = `hit${decidingTable(program)}`;
  return `${hit} === null || ${hit}.ids.length === 0 ? null : ${hit}.ids[0]`;
}
