// The differential test of the back ends: many random strategies, many random lines each, one comparison. The comparison
// is the same whoever is compared, so that a back end with a planted fault shows that it would find one.

import fc from "fast-check";
import { canonicalJson } from "../../src/domain/canonical-json.ts";
import type { FactValues } from "../../src/domain/facts.ts";
import type { CompiledStrategy } from "../../src/policy/compile.ts";
import {
  type CompiledProgram,
  compiledProgram,
  interpretedProgram,
} from "../../src/policy/row-function.ts";
import type { Program } from "../../src/policy/ir.ts";
import { setAsOf } from "../../src/policy/evaluate.ts";
import { asOf } from "./strategy-document.ts";
import { arbitraryFacts } from "./arbitrary-facts.ts";
import { type Coverage, emptyCells, observe } from "./back-end-coverage.ts";
import { strategyOfSeed } from "./back-ends.ts";

/** What two back ends say differently about a line, in words; null where they agree. */
export function firstDifference(
  program: Program,
  left: CompiledProgram,
  right: CompiledProgram,
  facts: FactValues,
): string | null {
  const [one, other] = [left.scratch, right.scratch];
  const taken = left.load(facts, facts, one.values);
  if (taken !== right.load(facts, facts, other.values)) return `load: ${taken} and ${!taken}`;
  if (!taken) return null;
  setAsOf(program, one.values, asOf);
  setAsOf(program, other.values, asOf);
  left.row(one.values, one);
  right.row(other.values, other);
  for (const [slot, value] of one.values.entries()) {
    if (!Object.is(value, other.values[slot])) {
      return `slot ${slot}: ${value} and ${other.values[slot]}`;
    }
  }
  const parts = [
    (note: typeof one) => note.excludedBy.join(),
    (note: typeof one) => String(note.segment),
    (note: typeof one) => String(note.grade),
    (note: typeof one) => note.hits.map((rows) => rows.join()).join(";"),
    (note: typeof one) => note.treatment?.id ?? "none",
    (note: typeof one) => String(note.askedMinor),
    (note: typeof one) => canonicalJson(note.outcome),
    (note: typeof one) => note.guardsBound.join(),
  ];
  for (const part of parts) {
    if (part(one) !== part(other)) return `${part(one)} and ${part(other)}`;
  }
  const routes = [left.route(one.values), right.route(other.values)];
  if (routes[0] !== routes[1]) return `route: ${routes.join(" and ")}`;
  const lost = [left.lost(one.values), right.lost(other.values)].map((codes) => codes.join());
  return lost[0] === lost[1] ? null : `points lost: ${lost.join(" and ")}`;
}

/** Random lines of a strategy, drawn from the edges of its cells; the same for the same seed. */
export function randomLines(strategy: CompiledStrategy, lines: number, seed: number): FactValues[] {
  return fc.sample(arbitraryFacts(strategy), { numRuns: lines, seed });
}

/** Strategies accepted and lines compared. */
export type Compared = { strategies: number; lines: number };

/**
 * Compares interpreter and row function on so many accepted strategies from a seed on, and counts what was met. What is
 * rare may not have been met by then: a tenth of the lines of further strategies, ten times as many at most, look for it.
 * Throws at the first difference, with the seed of the strategy and the line.
 */
export function compareBackEnds(
  first: number,
  strategies: number,
  lines: number,
  coverage: Coverage,
): Compared {
  const compared: Compared = { strategies: 0, lines: 0 };
  let seed = first;
  for (; compared.strategies < strategies; seed++) compareOn(seed, lines, compared, coverage);
  for (const end = seed + strategies * 10; seed < end && emptyCells(coverage).length > 0; seed++) {
    compareOn(seed, Math.ceil(lines / 10), compared, coverage);
  }
  return compared;
}

function compareOn(seed: number, lines: number, compared: Compared, coverage: Coverage): void {
  const strategy = strategyOfSeed(seed);
  if (strategy === null) return;
  const { program } = strategy;
  const [plain, generated] = [interpretedProgram(program), compiledProgram(program)];
  if (generated.backEnd !== "row-function") throw new Error(`No row function for seed ${seed}`);
  for (const facts of randomLines(strategy, lines, seed)) {
    const difference = firstDifference(program, plain, generated, facts);
    if (difference !== null) {
      throw new Error(`Strategy ${seed}: ${difference} on ${JSON.stringify(facts)}`);
    }
    observe(coverage, program, plain.scratch);
    compared.lines += 1;
  }
  compared.strategies += 1;
}
