// evaluate(strategy, facts, asOf): the one function behind live decisions, sweeps, simulations and replay.
// Equal facts, strategy version and date give equal bytes.

import {
  type Assessment,
  exposureRemovedMinor,
  type PrincipalReason,
  type Route,
} from "../domain/assessment.ts";
import type { BusinessDate } from "../domain/calendar.ts";
import type { FactValue, FactValues } from "../domain/facts.ts";
import { basisPointsPerOne, mulDiv } from "../domain/money.ts";
import type { CompiledStrategy } from "./compile.ts";
import { encodeFact, rangeText } from "./fact-text.ts";
import type { Program } from "./ir.ts";
import { shown } from "./problem.ts";
import { principalReasons } from "./reasons.ts";
import { routeOf, run, type Run } from "./run.ts";

/** A line that a strategy cannot be asked about: facts that it needs are missing or not what was declared. */
export type Unevaluable = Readonly<{
  /** names of absent facts whose declaration says "refuse" */
  missing: readonly string[];
  /** facts whose value is of another type or outside its bounds or values */
  invalid: readonly Readonly<{ fact: string; found: string; expected: string }>[];
}>;

/** True for the refusal of {@link evaluate}. */
export function isUnevaluable(result: Assessment | Unevaluable): result is Unevaluable {
  return "missing" in result;
}

/** Facts in their slots, and the values as they were used: every declared fact except protected ones. */
export type LoadedFacts = Readonly<{ values: Float64Array; used: FactValues }>;

/** Puts facts into their slots; facts that the strategy does not declare are not looked at. */
export function loadFacts(program: Program, facts: FactValues): LoadedFacts | Unevaluable {
  const values = new Float64Array(program.slotCount).fill(Number.NaN);
  const used: Record<string, FactValue> = { ...program.noFacts };
  let refused = false;
  for (const fact of program.facts) {
    const value = facts[fact.name] ?? null;
    const code = encodeFact(value, fact.type, fact.codes);
    if (code === undefined || (value === null && fact.required)) {
      refused = true;
      continue;
    }
    values[fact.slot] = code;
    used[fact.name] = value;
  }
  return refused ? unevaluable(program, facts) : { values, used };
}

function unevaluable(program: Program, facts: FactValues): Unevaluable {
  const missing: string[] = [];
  const invalid: { fact: string; found: string; expected: string }[] = [];
  for (const { name, type, codes, declaration } of program.facts) {
    const value = Object.hasOwn(facts, name) ? facts[name] : null;
    const code = encodeFact(value, type, codes);
    if (code === undefined)
      invalid.push({ fact: name, found: shown(value), expected: rangeText(type) });
    else if (Number.isNaN(code) && declaration.missing === "refuse") missing.push(name);
  }
  return { missing, invalid };
}

/**
 * What the strategy says about one line as of one date. Pure and deterministic.
 * @returns the assessment, or which facts are missing or invalid
 */
export function evaluate(
  compiled: CompiledStrategy,
  facts: FactValues,
  asOf: BusinessDate,
): Assessment | Unevaluable {
  const loaded = loadFacts(compiled.program, facts);
  if ("missing" in loaded) return loaded;
  const made = run(compiled.program, loaded.values);
  const proved = principalReasons(compiled.program, made).map((one) => one.reason);
  return assessmentOf(compiled, asOf, loaded.used, made, proved);
}

/** The assessment that a run and its proved reasons amount to. */
export function assessmentOf(
  compiled: CompiledStrategy,
  asOf: BusinessDate,
  facts: FactValues,
  made: Run,
  proved: readonly PrincipalReason[],
): Assessment {
  const { program, document, ref } = compiled;
  const { outcome, excludedBy, guardsBound, askedMinor } = made;
  const band = program.grades?.bands[made.grade];
  const pdBp = band?.pdBp ?? null;
  const removed = exposureRemovedMinor(outcome, made.values[program.line.drawn]!);
  return {
    strategy: ref,
    asOf,
    currency: document.currency,
    facts,
    excludedBy,
    segment: program.segmentIds[made.segment] ?? null,
    scores: Object.fromEntries(
      program.scorecards.map((card) => [card.id, made.values[card.slot]!]),
    ),
    grade: band?.grade ?? null,
    rowsHit: excludedBy.length > 0 ? {} : rowsHit(program, made),
    outcome,
    askedLimitMinor: askedMinor,
    guardsBound,
    reasons: proved.slice(0, document.notice.maxReasons),
    pdBp,
    expectedLossAvoidedMinor: expectedLoss(compiled, pdBp ?? 0, removed),
    route: safeRoute(routeOf(program.routing, made.values).route, outcome.action, proved),
  };
}

function rowsHit(program: Program, made: Run): Record<string, readonly string[]> {
  return Object.fromEntries(
    program.tables.map((table, index) => [
      table.id,
      (made.hits[index] ?? []).map((row) => table.rows[row]!.id),
    ]),
  );
}

/** PD × LGD × CCF × exposure removed, rounded once, half to even. */
function expectedLoss(compiled: CompiledStrategy, pdBp: number, removedMinor: number): number {
  const { lgdBp, ccfBp } = compiled.document.pace;
  return mulDiv(removedMinor, pdBp * lgdBp * ccfBp, basisPointsPerOne ** 3, "half-even");
}

/** An action without a proved reason never goes straight through: a person looks at it. */
function safeRoute(route: Route, action: string, proved: readonly PrincipalReason[]): Route {
  return action !== "none" && proved.length === 0 && route === "straight-through"
    ? "review"
    : route;
}
