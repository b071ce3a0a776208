// evaluate(strategy, facts, asOf): the one function behind live decisions, sweeps, simulations and replay.
// Equal facts, strategy version and date give equal bytes.

import {
  type Assessment,
  exposureRemovedMinor,
  type PrincipalReason,
  type Route,
} from "../domain/assessment.ts";
import { type BusinessDate, dayNumber } from "../domain/calendar.ts";
import type { FactValue, FactValues } from "../domain/facts.ts";
import { basisPointsPerOne, mulDiv } from "../domain/money.ts";
import type { CompiledStrategy } from "./compile.ts";
import { encodeFact, rangeText } from "./fact-text.ts";
import type { Program } from "./ir.ts";
import type { Values } from "./limit-rule.ts";
import { shown } from "./problem.ts";
import { saidOf } from "./said.ts";
import { principalReasons } from "./reasons.ts";
import { compiledProgram, runRow } from "./row-function.ts";
import type { Run } from "./run.ts";

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
export function loadFacts(
  program: Program,
  facts: FactValues,
  asOf: BusinessDate,
): LoadedFacts | Unevaluable {
  const { load } = compiledProgram(program);
  const values = new Float64Array(program.slotCount).fill(Number.NaN);
  setAsOf(program, values, asOf);
  return load(facts, facts, values)
    ? { values, used: usedFacts(program, facts) }
    : unevaluable(program, facts);
}

/** Puts the as-of date where rows and expressions read it. */
export function setAsOf({ asOfSlot }: Program, values: Values, asOf: BusinessDate): void {
  if (asOfSlot >= 0) values[asOfSlot] = dayNumber(asOf);
}

function usedFacts(program: Program, facts: FactValues): FactValues {
  const used: Record<string, FactValue> = { ...program.noFacts };
  compiledProgram(program).use(facts, used);
  return used;
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

const noReasons: readonly PrincipalReason[] = [];

/**
 * What the strategy says about one line as of one date. Pure and deterministic.
 * @returns the assessment, or which facts are missing or invalid
 */
export function evaluate(
  compiled: CompiledStrategy,
  facts: FactValues,
  asOf: BusinessDate,
): Assessment | Unevaluable {
  const { program } = compiled;
  const { load, row, scratch } = compiledProgram(program);
  if (!load(facts, facts, scratch.values)) return unevaluable(program, facts);
  setAsOf(program, scratch.values, asOf);
  row(scratch.values, scratch);
  return assessed(compiled, facts, asOf, scratch);
}

/** The assessment of a line that was just run. */
function assessed(
  compiled: CompiledStrategy,
  facts: FactValues,
  asOf: BusinessDate,
  made: Run,
): Assessment {
  const { program } = compiled;
  const proved =
    made.outcome.action === "none"
      ? noReasons
      : principalReasons(program, made, runRow).map((one) => one.reason);
  return assessmentOf(compiled, asOf, usedFacts(program, facts), made, proved);
}

/** A line that the strategy leaves unchanged, and what is kept of why. */
export type LeftAlone = Readonly<{
  excludedBy: readonly string[];
  segment: string | null;
  /** RFC 8785 JSON of excludedBy, grade, guardsBound, rowsHit, scores and segment of the assessment */
  said: string;
}>;

/** True for the lines that {@link evaluateOrLeave} leaves alone. */
export function isLeftAlone(result: Assessment | LeftAlone | Unevaluable): result is LeftAlone {
  return "said" in result;
}

/**
 * {@link evaluate} for many lines, of which most are left unchanged: of those it says only what a sweep keeps, and
 * neither copies facts nor makes an assessment.
 * @param facts facts of the line as imported
 * @param own the facts that Tidemark keeps itself; they win over imported ones of the same name
 */
export function evaluateOrLeave(
  compiled: CompiledStrategy,
  facts: FactValues,
  own: FactValues,
  asOf: BusinessDate,
): Assessment | LeftAlone | Unevaluable {
  const { program } = compiled;
  const { load, row, scratch } = compiledProgram(program);
  if (!load(facts, own, scratch.values)) return unevaluable(program, { ...facts, ...own });
  setAsOf(program, scratch.values, asOf);
  row(scratch.values, scratch);
  if (scratch.outcome.action !== "none") {
    return assessed(compiled, { ...facts, ...own }, asOf, scratch);
  }
  const { excludedBy } = scratch;
  const segment = program.segmentIds[scratch.segment] ?? null;
  return { excludedBy, segment, said: saidOf(program, scratch) };
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
  const { route } = program.routing[compiledProgram(program).route(made.values)]!;
  return {
    strategy: ref,
    asOf,
    currency: document.currency,
    facts,
    excludedBy,
    segment: program.segmentIds[made.segment] ?? null,
    scores: scoresOf(program, made),
    grade: band?.grade ?? null,
    rowsHit: excludedBy.length > 0 ? {} : rowsHit(program, made),
    outcome,
    askedLimitMinor: askedMinor,
    guardsBound,
    reasons: proved.slice(0, document.notice.maxReasons),
    pdBp,
    expectedLossAvoidedMinor: expectedLoss(compiled, pdBp ?? 0, removed),
    route: safeRoute(route, outcome.action, proved),
  };
}

function scoresOf(program: Program, made: Run): Record<string, number> {
  const scores: Record<string, number> = {};
  for (const { id, slot } of program.scorecards) scores[id] = made.values[slot]!;
  return scores;
}

function rowsHit(program: Program, made: Run): Record<string, readonly string[]> {
  const hit: Record<string, readonly string[]> = {};
  program.tables.forEach(({ id, rows }, at) => {
    hit[id] = made.hits[at]!.map((row) => rows[row]!.id);
  });
  return hit;
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
