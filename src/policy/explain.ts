// The full story of one assessment, told by running the line again: facts, segment, points, rows hit and why
// the rows before them were not, the limit arithmetic with its roundings, guards and reasons with their
// proofs. It is never stored; it is replayed from facts and strategy.

import type { Action, Assessment, PrincipalReason, Route } from "../domain/assessment.ts";
import type { BusinessDate } from "../domain/calendar.ts";
import type { FactValues } from "../domain/facts.ts";
import type { Currency } from "../domain/money.ts";
import { type ReasonCode, reasonCodes } from "../domain/reason-code.ts";
import type { Text } from "../domain/text.ts";
import type { CompiledStrategy } from "./compile.ts";
import { assessmentOf, loadFacts, type Unevaluable } from "./evaluate.ts";
import { holds, holdsAll } from "./holds.ts";
import type { ExpressionIr, Program, RuleIr, ScorecardIr, SegmentIr, TableIr, Test } from "./ir.ts";
import { builtInGuards, type LimitStep } from "./limit-rule.ts";
import { attributeOf, principalReasons, type ReasonProof } from "./reasons.ts";
import { isSingleHit, lostOf, pointsOf, routeOf, run, type Run } from "./run.ts";
import type { HitPolicy } from "./strategy.ts";
import { readableFact, readableValue } from "./value-text.ts";
import { wayBack, type WayBack } from "./way-back.ts";

/** A named value as it was used. */
export type ExplainedValue = Readonly<{ name: string; label: Text; value: Text }>;

/** One cell against the value it was held against. */
export type ExplainedTest = ExplainedValue & Readonly<{ cell: string; holds: boolean }>;

/** A computed value, as it is written and what it read. */
export type ExplainedExpression = ExplainedValue &
  Readonly<{ id: string; feel: string; reads: readonly ExplainedValue[] }>;

export type ExplainedRule = Readonly<{
  id: string;
  label: Text;
  /** eligibility rules must hold, exclusions must not */
  kind: "eligibility" | "exclusion";
  holds: boolean;
  excludes: boolean;
  tests: readonly ExplainedTest[];
}>;

export type ExplainedScore = Readonly<{
  id: string;
  label: Text;
  initialScore: number;
  score: number;
  characteristics: readonly (ExplainedValue &
    Readonly<{
      id: string;
      cell: string;
      points: number;
      baseline: number;
      lost: number;
      reason: ReasonCode;
    }>)[];
}>;

/** One row of a table, in the order of its inputs and outputs. */
export type ExplainedRow = Readonly<{
  id: string;
  /** from 1 */
  position: number;
  note: Text;
  /** as written; `-` where the row tests nothing */
  cells: readonly string[];
  outputs: readonly Text[];
}>;

/** A row that was not hit, its first cell that failed, and in which column from 0 that stands; −1 for its dates. */
export type MissedRow = ExplainedRow & Readonly<{ because: ExplainedTest; column: number }>;

export type ExplainedTable = Readonly<{
  id: string;
  label: Text;
  hitPolicy: HitPolicy;
  inputs: readonly ExplainedValue[];
  hit: readonly ExplainedRow[];
  /** rows before the hit (all others where several may hit): the nearest three, in the order of the table */
  missed: readonly MissedRow[];
  rowCount: number;
  /** true when no row was hit and the default, if any, was used */
  byDefault: boolean;
  outputs: readonly ExplainedValue[];
}>;

export type ExplainedReason = PrincipalReason &
  Readonly<{ text: Text; values: readonly ExplainedValue[]; proof: ReasonProof }>;

export type Explanation = Readonly<{
  assessment: Assessment;
  label: Text;
  facts: readonly ExplainedValue[];
  expressions: readonly ExplainedExpression[];
  rules: readonly ExplainedRule[];
  /** from the root to the leaf */
  segment: readonly Readonly<{ id: string; label: Text }>[];
  scores: readonly ExplainedScore[];
  grade: Readonly<{
    grade: string;
    label: Text;
    input: ExplainedValue;
    cell: string;
    pdBp: number;
  }> | null;
  tables: readonly ExplainedTable[];
  treatment: Readonly<{ id: string; label: Text; action: Action }> | null;
  arithmetic: readonly (LimitStep & Readonly<{ label: Text }>)[];
  guards: readonly Readonly<{ id: string; label: Text; bound: boolean }>[];
  reasons: readonly ExplainedReason[];
  routing: Readonly<{ id: string; label: Text; route: Route }>;
  wayBack: WayBack;
}>;

const missedRows = 3;

/** Explains what {@link evaluate} says about the same facts; the assessment in it is byte-equal to that. */
export function explain(
  compiled: CompiledStrategy,
  facts: FactValues,
  asOf: BusinessDate,
): Explanation | Unevaluable {
  const { program, document } = compiled;
  const loaded = loadFacts(program, facts, asOf);
  if ("missing" in loaded) return loaded;
  const steps: LimitStep[] = [];
  const made = run(program, loaded.values, (step) => steps.push(step));
  const proved = principalReasons(program, made, run);
  const assessment = assessmentOf(
    compiled,
    asOf,
    loaded.used,
    made,
    proved.map((one) => one.reason),
  );
  const { currency } = document;
  const way = wayBack(compiled, facts, asOf);
  if ("missing" in way) return way;
  const excluded = made.excludedBy.length > 0;
  const { id, label, route } = routeOf(program.routing, made.values);
  return {
    assessment,
    label: document.label,
    facts: program.facts.map((fact) => namedFact(program, fact.name, made, currency)),
    expressions: program.expressions.map((one) => explainExpression(program, one, made, currency)),
    rules: explainRules(program, made, currency),
    segment: segmentPath(program.segments, made),
    scores: program.scorecards.map((card) => explainScore(program, card, made, currency)),
    grade: explainGrade(program, made, currency),
    tables: excluded
      ? []
      : program.tables.map((table, at) =>
          explainTable(program, table, made.hits[at] ?? [], made, currency),
        ),
    treatment:
      made.treatment === null
        ? null
        : { id: made.treatment.id, label: made.treatment.label, action: made.treatment.action },
    arithmetic: steps.map((step) => ({ ...step, label: stepLabel(program, made, step) })),
    guards: explainGuards(program, made),
    reasons: proved.slice(0, document.notice.maxReasons).map(({ reason, proof }) => ({
      ...reason,
      text: reasonCodes[reason.code],
      values: reason.facts.map((name) => namedFact(program, name, made, currency)),
      proof,
    })),
    routing: { id, label, route: assessment.route === route ? route : assessment.route },
    wayBack: way,
  };
}

function namedFact(program: Program, name: string, made: Run, currency: Currency): ExplainedValue {
  const fact = program.facts.find((candidate) => candidate.name === name);
  if (fact === undefined) return namedOperand(program, name, made, currency);
  return {
    name,
    label: fact.declaration.label,
    value: readableFact(fact, made.values[fact.slot]!, currency),
  };
}

function namedOperand(
  program: Program,
  name: string,
  made: Run,
  currency: Currency,
): ExplainedValue {
  const operand = program.operands.get(name)!;
  return {
    name,
    label: operand.label,
    value: readableValue(made.values[operand.slot]!, operand.type, currency),
  };
}

function explainExpression(
  program: Program,
  { id, feel, reads }: ExpressionIr,
  made: Run,
  currency: Currency,
): ExplainedExpression {
  const names = [...program.operands.values()].filter(({ slot }) => reads.includes(slot));
  return {
    ...namedOperand(program, `expression.${id}`, made, currency),
    ...{ id, feel },
    reads: names.map(({ name }) => namedFact(program, name, made, currency)),
  };
}

function explainTest(program: Program, test: Test, made: Run, currency: Currency): ExplainedTest {
  const value = made.values[test.slot]!;
  return {
    ...namedFact(program, test.operand, made, currency),
    cell: test.cell,
    holds: holds(test, value),
  };
}

function explainRules(program: Program, made: Run, currency: Currency): ExplainedRule[] {
  const explained = (rule: RuleIr, kind: ExplainedRule["kind"]): ExplainedRule => {
    const held = holdsAll(rule.tests, made.values);
    const tests = rule.tests.map((test) => explainTest(program, test, made, currency));
    return {
      id: rule.id,
      label: rule.label,
      kind,
      holds: held,
      excludes: held === (kind === "exclusion"),
      tests,
    };
  };
  return [
    ...program.eligibility.map((rule) => explained(rule, "eligibility")),
    ...program.exclusions.map((rule) => explained(rule, "exclusion")),
  ];
}

function segmentPath(nodes: readonly SegmentIr[], made: Run): { id: string; label: Text }[] {
  const node = nodes.find((candidate) => holdsAll(candidate.tests, made.values));
  if (node === undefined) return [];
  return [{ id: node.id, label: node.label }, ...segmentPath(node.children, made)];
}

function explainScore(
  program: Program,
  card: ScorecardIr,
  made: Run,
  currency: Currency,
): ExplainedScore {
  const { id, label, initialScore } = card;
  const characteristics = card.characteristics.map((one) => {
    const attribute = attributeOf(one, made.values[one.slot]!);
    const named = namedFact(program, one.fact, made, currency);
    return {
      ...named,
      id: one.id,
      label: one.label,
      cell: attribute?.cell ?? "-",
      points: attribute === undefined ? 0 : pointsOf(attribute, made.values),
      baseline: one.baseline,
      lost: attribute === undefined ? 0 : lostOf(attribute, made.values),
      reason: attribute?.reason ?? one.attributes[0]!.reason,
    };
  });
  return { id, label, initialScore, score: made.values[card.slot]!, characteristics };
}

function explainGrade(program: Program, made: Run, currency: Currency): Explanation["grade"] {
  const band = program.grades?.bands[made.grade];
  if (band === undefined || program.grades === null) return null;
  const { grade, label, cell, pdBp } = band;
  return {
    grade,
    label,
    cell,
    pdBp,
    input: namedFact(program, program.grades.input.name, made, currency),
  };
}

function explainTable(
  program: Program,
  table: TableIr,
  hits: readonly number[],
  made: Run,
  currency: Currency,
): ExplainedTable {
  const { id, label, hitPolicy } = table;
  const last = isSingleHit(table) && hits.length > 0 ? hits[0]! : table.rows.length;
  const missed: MissedRow[] = [];
  for (let at = last - 1; at >= 0 && missed.length < missedRows; at--) {
    const failed = table.rows[at]!.tests.find((test) => !holds(test, made.values[test.slot]!));
    if (failed === undefined) continue;
    const because = explainTest(program, failed, made, currency);
    missed.unshift({ ...explainRow(table, at, currency), because, column: failed.column });
  }
  return {
    id,
    label,
    hitPolicy,
    inputs: table.inputs.map((input) => namedFact(program, input.name, made, currency)),
    hit: hits.map((at) => explainRow(table, at, currency)),
    rowCount: table.rows.length,
    missed,
    byDefault: hits.length === 0,
    outputs: table.outputs.map((output) => ({
      name: output.name,
      label: output.label,
      value: readableValue(made.values[output.slot]!, output.type, currency),
    })),
  };
}

function explainRow(table: TableIr, at: number, currency: Currency): ExplainedRow {
  const { id, note, tests, outputs } = table.rows[at]!;
  return {
    id,
    position: at + 1,
    note,
    cells: table.inputs.map((_, column) => tests.find((one) => one.column === column)?.cell ?? "-"),
    outputs: table.outputs.map(({ type }, column) =>
      readableValue(outputs[column]!, type, currency),
    ),
  };
}

const builtInLabels: Readonly<Record<string, Text>> = {
  [builtInGuards.neverBelowDrawn]: {
    zh: "额度不低于已用与在途之和",
    en: "Not below drawn plus pending",
  },
  [builtInGuards.neverAboveLimit]: { zh: "额度不高于现有额度", en: "Not above the present limit" },
};

function stepLabel(program: Program, made: Run, step: LimitStep): Text {
  const rounding: Text = { zh: "取整", en: "Rounding" };
  if (step.id === null) return rounding;
  const named = [made.treatment, ...program.limit.floors, ...program.limit.caps, ...program.guards];
  const found = named.find((candidate) => candidate?.id === step.id);
  return found?.label ?? builtInLabels[step.id] ?? rounding;
}

function explainGuards(program: Program, made: Run): Explanation["guards"] {
  const bound = new Set(made.guardsBound);
  const declared = program.guards.map(({ id, label }) => ({ id, label, bound: bound.has(id) }));
  const builtIn = Object.values(builtInGuards)
    .filter((id) => id !== builtInGuards.neverBelowDrawn || !program.limit.belowDrawn)
    .map((id) => ({ id, label: builtInLabels[id]!, bound: bound.has(id) }));
  return [...builtIn, ...declared];
}
