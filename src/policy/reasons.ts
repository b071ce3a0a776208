// Principal reasons come only from the real decision path, and each is proved: its facts are put to their
// neutral values and the line is run again. A fact is cited when the outcome then becomes milder, or when it
// lost points on a scorecard that the path used. Where several causes each suffice, none changes anything
// alone; then a cause counts if it changes the outcome once the others are out of the way.

import { actions, type Outcome, type PrincipalReason } from "../domain/assessment.ts";
import { basisPointsPerOne, mulDiv } from "../domain/money.ts";
import { type ReasonCode, reasonCodes } from "../domain/reason-code.ts";
import { holds } from "./holds.ts";
import type { CharacteristicIr, FactIr, Program, RowIr, ScorecardIr, TableIr } from "./ir.ts";
import type { Values } from "./limit-rule.ts";
import { lostOf, type Run } from "./run.ts";

/** A reason that a row on the path gives, before it is proved. */
type Candidate = Readonly<{ code: ReasonCode; facts: readonly FactIr[]; cause: string }>;

/**
 * How a reason was proved: facts put to neutral values, those that had to be out of the way as well, and
 * the outcome then. `together`: only all of them at once make the difference; otherwise each one does.
 * Null for points lost, which the scorecard shows by itself.
 */
export type ReasonProof = Readonly<{
  neutral: readonly string[];
  besides: readonly string[];
  together: boolean;
  outcome: Outcome;
}> | null;

export type ProvedReason = Readonly<{ reason: PrincipalReason; proof: ReasonProof }>;

/** One run of a program over facts in their slots: the interpreter or the row function, which agree. */
export type Runner = (program: Program, values: Values) => Run;

/** What is being proved: the run of a line, and how it is run again with other facts. */
type Proof = Readonly<{ program: Program; made: Run; runner: Runner; scratch: Values }>;

/** Reasons, most important first: those that change the outcome by how much, then points lost by how many. */
export function principalReasons(
  program: Program,
  made: Run,
  runner: Runner,
): readonly ProvedReason[] {
  if (made.outcome.action === "none" || made.treatment === null) return [];
  const path = decisionPath(program, made);
  const proof: Proof = { program, made, runner, scratch: new Float64Array(program.slotCount) };
  const alone = provedAlone(proof, path.candidates, []);
  const points = pointsLost(made, path.scorecards, alone);
  const found = [...alone, ...points];
  if (found.length > 0) return found;
  return provedTogether(proof, path.candidates);
}

type HitRow = Readonly<{ table: TableIr; row: RowIr }>;

/** The rows hit in the tables that decided for the treatment, and in those their cells rest on. */
function rowsOnPath(program: Program, made: Run): HitRow[] {
  const rows: HitRow[] = [];
  const queue = [...(made.treatment?.tables ?? [])];
  for (let at = 0; at < queue.length; at++) {
    const table = program.tables[queue[at]!]!;
    for (const hit of made.hits[queue[at]!] ?? []) {
      const row = table.rows[hit]!;
      rows.push({ table, row });
      for (const upstream of row.upstream) if (!queue.includes(upstream)) queue.push(upstream);
    }
  }
  return rows;
}

type Path = Readonly<{ candidates: readonly Candidate[]; scorecards: readonly ScorecardIr[] }>;

function decisionPath(program: Program, made: Run): Path {
  const rows = rowsOnPath(program, made);
  const candidates = rows.flatMap(({ table, row }) =>
    row.reasons.map(({ code, facts }) => ({ code, facts, cause: `${table.id}/${row.id}` })),
  );
  const cards = new Set(rows.flatMap(({ row }) => row.scores));
  return { candidates, scorecards: [...cards].map((card) => program.scorecards[card]!) };
}

/** Every fact behind the cells of the rows hit that has a neutral value. */
function factsOnPath(program: Program, made: Run): FactIr[] {
  const names = new Set<string>();
  for (const { row } of rowsOnPath(program, made)) {
    for (const test of row.tests) {
      for (const name of program.operands.get(test.operand)?.facts ?? []) names.add(name);
    }
  }
  return program.facts.filter((fact) => fact.neutral !== null && names.has(fact.name));
}

/** Runs again with some facts at their neutral values. The values of the run stand until the next one. */
function rerun(
  { program, made, runner, scratch }: Proof,
  facts: readonly FactIr[],
  values: Values = scratch,
): Run {
  values.fill(Number.NaN);
  for (const fact of program.facts) values[fact.slot] = made.values[fact.slot]!;
  if (program.asOfSlot >= 0) values[program.asOfSlot] = made.values[program.asOfSlot]!;
  for (const fact of facts) values[fact.slot] = fact.neutral!;
  return runner(program, values);
}

/** As {@link rerun}, with values that stay. */
function rerunToKeep(proof: Proof, facts: readonly FactIr[]): Run {
  return rerun(proof, facts, new Float64Array(proof.program.slotCount));
}

/** How much better for the customer: 0 when not better, else the limit kept more, in basis points, at least 1. */
function relief(program: Program, before: Run, after: Run): number {
  const limit = before.values[program.line.limit]!;
  const rank = actions.indexOf(after.outcome.action) - actions.indexOf(before.outcome.action);
  const gained = usable(program, after) - usable(program, before);
  if (rank > 0 || (rank === 0 && gained <= 0)) return 0;
  return limit <= 0
    ? 1
    : Math.max(1, mulDiv(Math.max(0, gained), basisPointsPerOne, limit, "down"));
}

/** The limit that the customer could still use, minor units. */
function usable(program: Program, made: Run): number {
  const limit = made.values[program.line.limit]!;
  switch (made.outcome.action) {
    case "none":
      return limit;
    case "decrease":
      return made.outcome.toMinor;
    case "freeze":
      return Math.min(limit, Math.max(0, made.values[program.line.drawn]!));
    case "close":
      return 0;
  }
}

/** Keeps of each candidate the facts that make the outcome milder by themselves; merges equal codes. */
function provedAlone(
  proving: Proof,
  candidates: readonly Candidate[],
  besides: readonly FactIr[],
): ProvedReason[] {
  const { program, made } = proving;
  const before = besides.length === 0 ? made : rerunToKeep(proving, besides);
  const memory = new Map<string, boolean>();
  const matters = (fact: FactIr): boolean => {
    const known = memory.get(fact.name);
    if (known !== undefined) return known;
    const better = relief(program, before, rerun(proving, [...besides, fact])) > 0;
    memory.set(fact.name, better);
    return better;
  };
  const kept = candidates.map((one) => ({ ...one, facts: one.facts.filter(matters) }));
  return mergeByCode(kept.filter((one) => one.facts.length > 0))
    .map((one) => {
      const after = rerun(proving, [...besides, ...one.facts]);
      return {
        reason: reasonOf(
          one.code,
          one.facts.map(nameOf),
          one.causes,
          relief(program, before, after),
        ),
        proof: {
          neutral: one.facts.map(nameOf),
          besides: besides.map(nameOf),
          together: false,
          outcome: after.outcome,
        },
      };
    })
    .toSorted(byWeight);
}

type Merged = Readonly<{ code: ReasonCode; facts: readonly FactIr[]; causes: readonly string[] }>;

function mergeByCode(candidates: readonly Candidate[]): Merged[] {
  const merged = new Map<ReasonCode, { facts: Set<FactIr>; causes: Set<string> }>();
  for (const { code, facts, cause } of candidates) {
    const entry = merged.get(code) ?? { facts: new Set(), causes: new Set() };
    for (const fact of facts) entry.facts.add(fact);
    entry.causes.add(cause);
    merged.set(code, entry);
  }
  return [...merged].map(([code, entry]) => ({
    code,
    facts: [...entry.facts],
    causes: [...entry.causes],
  }));
}

function nameOf(fact: FactIr): string {
  return fact.name;
}

function reasonOf(
  code: ReasonCode,
  facts: readonly string[],
  cause: readonly string[],
  weight: number,
): PrincipalReason {
  return { code, facts, cause, weight };
}

const codeOrder = Object.keys(reasonCodes);

function byWeight(left: ProvedReason, right: ProvedReason): number {
  const heavier = right.reason.weight - left.reason.weight;
  return heavier !== 0
    ? heavier
    : codeOrder.indexOf(left.reason.code) - codeOrder.indexOf(right.reason.code);
}

/** PMML 4.4 reason codes: characteristics that lost points, most first, equal codes summed. */
function pointsLost(
  made: Run,
  scorecards: readonly ScorecardIr[],
  cited: readonly ProvedReason[],
): ProvedReason[] {
  const taken = new Set(cited.map((one) => one.reason.code));
  const sums = new Map<ReasonCode, { facts: string[]; cause: string[]; weight: number }>();
  for (const card of scorecards) {
    for (const characteristic of card.characteristics) {
      const attribute = attributeOf(characteristic, made.values[characteristic.slot]!);
      const lost = attribute === undefined ? 0 : lostOf(attribute, made.values);
      if (attribute === undefined || lost <= 0 || taken.has(attribute.reason)) continue;
      const entry = sums.get(attribute.reason) ?? { facts: [], cause: [], weight: 0 };
      const cited = characteristic.cites.filter((name) => !entry.facts.includes(name));
      entry.facts.push(...cited);
      entry.cause.push(`${card.id}/${characteristic.id}`);
      entry.weight += lost;
      sums.set(attribute.reason, entry);
    }
  }
  const reasons = [...sums].map(([code, entry]): ProvedReason => ({
    reason: reasonOf(code, entry.facts, entry.cause, entry.weight),
    proof: null,
  }));
  return reasons.toSorted(byWeight);
}

/** Most codes that {@link lostCodes} names. */
export const mostLost = 4;

/**
 * The codes by which most points were lost over all scorecards, points of equal codes added up, most first, ties in the
 * order of the codes; at most {@link mostLost}. They prove nothing about the outcome.
 */
export function lostCodes(program: Program, values: Values): readonly ReasonCode[] {
  const sums = new Map<ReasonCode, number>();
  for (const { characteristics } of program.scorecards) {
    for (const characteristic of characteristics) {
      const attribute = attributeOf(characteristic, values[characteristic.slot]!);
      const lost = attribute === undefined ? 0 : lostOf(attribute, values);
      if (attribute === undefined || lost <= 0) continue;
      sums.set(attribute.reason, (sums.get(attribute.reason) ?? 0) + lost);
    }
  }
  const ordered = [...sums].toSorted(
    ([left, lost], [right, more]) =>
      more - lost || codeOrder.indexOf(left) - codeOrder.indexOf(right),
  );
  return ordered.slice(0, mostLost).map(([code]) => code);
}

/** The bin that a value falls into. */
export function attributeOf(
  characteristic: CharacteristicIr,
  value: number,
): CharacteristicIr["attributes"][number] | undefined {
  return characteristic.attributes.find((attribute) => holds(attribute, value));
}

const maximumRounds = 8;

/**
 * When no cause changes the outcome alone: puts everything on the path to neutral, then everything that
 * takes over from it, until the outcome becomes milder. A cause is cited if it then makes the difference.
 */
function provedTogether(proving: Proof, candidates: readonly Candidate[]): readonly ProvedReason[] {
  const { program, made } = proving;
  const own = new Set(candidates.flatMap((one) => one.facts));
  const others = new Set<FactIr>();
  for (let round = 0; round < maximumRounds; round++) {
    const after = rerun(proving, [...own, ...others]);
    if (relief(program, made, after) > 0)
      return separated(proving, candidates, [...own], [...others]);
    const before = others.size;
    for (const fact of factsOnPath(program, after)) if (!own.has(fact)) others.add(fact);
    if (others.size === before) return [];
  }
  return [];
}

function separated(
  proving: Proof,
  candidates: readonly Candidate[],
  own: readonly FactIr[],
  others: readonly FactIr[],
): readonly ProvedReason[] {
  const { program, made } = proving;
  if (others.length > 0) {
    const single = provedAlone(proving, candidates, others);
    if (single.length > 0) return single;
  }
  const before = others.length === 0 ? made : rerunToKeep(proving, others);
  const after = rerun(proving, [...own, ...others]);
  const weight = relief(program, before, after);
  if (weight <= 0) return [];
  const proof = {
    neutral: own.map(nameOf),
    besides: others.map(nameOf),
    together: true,
    outcome: after.outcome,
  };
  return mergeByCode(candidates).map((one) => ({
    reason: reasonOf(one.code, one.facts.map(nameOf), one.causes, weight),
    proof,
  }));
}
