// Random facts for a compiled strategy, drawn mostly from the edges of the cells that test them: where rows
// begin and end is where mistakes live.

import fc from "fast-check";
import type { FactValue, FactValues } from "../../src/domain/facts.ts";
import type { CompiledStrategy } from "../../src/policy/compile.ts";
import { decodeFact } from "../../src/policy/fact-text.ts";
import { contains } from "../../src/policy/integer-set.ts";
import type { FactIr, Program } from "../../src/policy/ir.ts";
import { domainOf } from "../../src/policy/operand.ts";

/** Facts of one line, valid for the strategy's dictionary; `fixed` overrides some. */
export function arbitraryFacts(
  compiled: CompiledStrategy,
  fixed: FactValues = {},
): fc.Arbitrary<FactValues> {
  const { program } = compiled;
  const values = program.facts.map((fact) => [fact.name, arbitraryValue(program, fact)] as const);
  return fc.record(Object.fromEntries(values)).map((facts) => ({ ...facts, ...fixed }));
}

function arbitraryValue(program: Program, fact: FactIr): fc.Arbitrary<FactValue> {
  const domain = domainOf(fact.type, !fact.required);
  const low = domain.bounds[0]!;
  const high = domain.bounds.at(-1)!;
  const edges = edgesOf(program, fact.slot)
    .flatMap((edge) => [edge - 1, edge, edge + 1])
    .filter((edge) => contains(domain, edge));
  const codes: fc.Arbitrary<number>[] = [fc.integer({ min: low, max: high })];
  if (edges.length > 0) codes.push(fc.constantFrom(...edges), fc.constantFrom(...edges));
  if (fact.neutral !== null) codes.push(fc.constant(fact.neutral), fc.constant(fact.neutral));
  const known = fc.oneof(...codes).map((code) => decodeFact(code, fact.type));
  return fact.required
    ? known
    : fc.oneof({ weight: 6, arbitrary: known }, { weight: 1, arbitrary: fc.constant(null) });
}

/** The ends of every set that a fact is held against anywhere. */
function edgesOf(program: Program, slot: number): number[] {
  const tests = [
    ...program.eligibility.flatMap((rule) => rule.tests),
    ...program.exclusions.flatMap((rule) => rule.tests),
    ...program.tables.flatMap((table) => table.rows.flatMap((row) => row.tests)),
    ...program.guards.flatMap((guard) => guard.tests),
  ].filter((test) => test.slot === slot);
  const bins = program.scorecards.flatMap((card) =>
    card.characteristics.filter((one) => one.slot === slot).flatMap((one) => one.attributes),
  );
  const bands = program.grades?.input.slot === slot ? program.grades.bands : [];
  return [
    ...[...tests, ...bins, ...bands].flatMap((set) => set.bounds),
    ...constants(program, slot),
  ];
}

/** Numbers that expressions compare a fact with, at whatever scale they do so. */
function constants({ expressions }: Program, slot: number): number[] {
  return expressions
    .filter(({ reads }) => reads.includes(slot))
    .flatMap(({ steps }) => steps)
    .flatMap((step) => (step.op === "constant" ? [step.value] : []))
    .flatMap((value) => [1, 10, 100, 1_000, 10_000].map((unit) => value / unit))
    .filter((value) => Number.isSafeInteger(value));
}
