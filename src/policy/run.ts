// One run of a program over one line: the plain interpreter. Every question about a line (its assessment, a
// reason's proof, an explanation) is answered by this same run, so that none of them can disagree.

import { type Action, actions, exposureRemovedMinor, type Outcome } from "../domain/assessment.ts";
import { basisPointsPerOne, mulDiv } from "../domain/money.ts";
import { holds, holdsAll } from "./holds.ts";
import { expressionValue } from "./expression.ts";
import type {
  AttributeIr,
  Program,
  RouteIr,
  RowIr,
  ScorecardIr,
  SegmentIr,
  TableIr,
  TreatmentIr,
} from "./ir.ts";
import { askedLimit, guardOutcome, type StepRecorder, type Values } from "./limit-rule.ts";

/** What happened in one run. `hits` has one list of row indices per table. */
export type Run = Readonly<{
  values: Values;
  excludedBy: readonly string[];
  segment: number;
  /** index of the grade's band, −1 without grades */
  grade: number;
  hits: readonly (readonly number[])[];
  treatment: TreatmentIr | null;
  askedMinor: number | null;
  outcome: Outcome;
  guardsBound: readonly string[];
}>;

const noHits: readonly number[] = [];

/**
 * Runs a program over facts that already stand in their slots; fills the other slots of `values`.
 * @param record receives the steps of the limit arithmetic
 */
export function run(program: Program, values: Values, record?: StepRecorder): Run {
  computeAfter(program, -2, values);
  const excludedBy = exclusionsOf(program, values);
  const segment = segmentOf(program.segments, values);
  if (program.segmentSlot >= 0) values[program.segmentSlot] = segment;
  for (const card of program.scorecards) values[card.slot] = scoreOf(card, values);
  const grade = gradeOf(program, values);
  computeAfter(program, -1, values);
  if (excludedBy.length > 0) {
    const outcome: Outcome = { action: "none" };
    const hits = program.tables.map(() => noHits);
    fillOutcome(program, values, outcome);
    return {
      values,
      excludedBy,
      segment,
      grade,
      hits,
      treatment: null,
      askedMinor: null,
      outcome,
      guardsBound: [],
    };
  }
  const hits = program.tables.map((table, at) => {
    const rows = decideTable(table, values);
    computeAfter(program, at, values);
    return rows;
  });
  const { limit, guards, line } = program;
  const treatment = limit.treatments[values[limit.selectSlot]!]!;
  const askedMinor = askedLimit(limit, treatment, values, line, record);
  const guarded = guardOutcome(limit, guards, treatment.action, askedMinor, values, line, record);
  fillOutcome(program, values, guarded.outcome);
  return { values, excludedBy, segment, grade, hits, treatment, askedMinor, ...guarded };
}

/** Ids of the rules that leave the line alone, in the order of the document. */
export function exclusionsOf(program: Program, values: Values): string[] {
  const ids: string[] = [];
  for (const rule of program.eligibility) if (!holdsAll(rule.tests, values)) ids.push(rule.id);
  for (const rule of program.exclusions) if (holdsAll(rule.tests, values)) ids.push(rule.id);
  return ids;
}

/** Code of the leaf that the first holding nodes lead to; NaN when there is none. */
export function segmentOf(nodes: readonly SegmentIr[], values: Values): number {
  for (const node of nodes) {
    if (!holdsAll(node.tests, values)) continue;
    return node.children.length === 0 ? node.code : segmentOf(node.children, values);
  }
  return Number.NaN;
}

/** PMML 4.4 Scorecard: the initial score plus the partial score of each characteristic. */
export function scoreOf(card: ScorecardIr, values: Values): number {
  let score = card.initialScore;
  for (const { slot, attributes } of card.characteristics) {
    const value = values[slot]!;
    for (const attribute of attributes) {
      if (!holds(attribute, value)) continue;
      score += pointsOf(attribute, values);
      break;
    }
  }
  return score;
}

/** The partial score of a bin. */
export function pointsOf({ points, from }: AttributeIr, values: Values): number {
  return from === null ? points : points + values[from.slot]!;
}

/** The points that a bin loses against the baseline. */
export function lostOf({ lost, from }: AttributeIr, values: Values): number {
  return from === null ? lost : lost + from.sign * values[from.slot]!;
}

/** Computes the expressions that come right after a part, see {@link ExpressionIr}. */
export function computeAfter({ expressions }: Program, after: number, values: Values): void {
  for (const one of expressions) {
    if (one.after === after) values[one.slot] = expressionValue(one.steps, values);
  }
}

function gradeOf(program: Program, values: Values): number {
  const { grades } = program;
  if (grades === null) return -1;
  const value = values[grades.input.slot]!;
  const grade = grades.bands.findIndex((band) => holds(band, value));
  values[grades.slot] = grade;
  return grade;
}

/** What a table says once it is known which rows hold: the rows that count, and one value per output, NaN for unknown. */
export type Settled = Readonly<{ hits: readonly number[]; outputs: readonly number[] }>;

/** Finds the rows that count under the table's hit policy and writes its outputs. */
function decideTable(table: TableIr, values: Values): readonly number[] {
  const single = isSingleHit(table);
  const holding: number[] = [];
  for (let index = 0; index < table.rows.length; index++) {
    if (!holdsAll(table.rows[index]!.tests, values)) continue;
    holding.push(index);
    if (single) break;
  }
  const { hits, outputs } = settle(table, holding);
  for (let column = 0; column < outputs.length; column++) {
    values[table.outputs[column]!.slot] = outputs[column]!;
  }
  return hits;
}

/** Whether the first row that holds decides, so that no later one needs to be looked at. */
export function isSingleHit({ hitPolicy }: TableIr): boolean {
  return hitPolicy === "F" || hitPolicy === "U";
}

/** DMN 1.5 §8.2.8: what the rows that hold amount to under the hit policy. `holding` is ascending. */
export function settle(table: TableIr, holding: readonly number[]): Settled {
  if (holding.length === 0) return { hits: holding, outputs: defaultsOf(table) };
  switch (table.hitPolicy) {
    case "U":
    case "F":
    case "A":
      return { hits: holding, outputs: table.rows[holding[0]!]!.outputs };
    case "P": {
      const [winner = 0] = byPriority(table, holding);
      return { hits: [winner], outputs: table.rows[winner]!.outputs };
    }
    case "O":
      return { hits: byPriority(table, holding), outputs: unknownOutputs(table) };
    case "R":
    case "C":
      return { hits: holding, outputs: unknownOutputs(table) };
    case "C#":
      return { hits: holding, outputs: [holding.length] };
    case "C+":
    case "C<":
    case "C>":
      return aggregate(table, holding);
  }
}

function defaultsOf(table: TableIr): readonly number[] {
  if (table.defaults !== null) return table.defaults;
  return table.outputs.map(() => (table.hitPolicy === "C#" ? 0 : Number.NaN));
}

/** A list is no value that a cell could test. */
function unknownOutputs(table: TableIr): readonly number[] {
  return table.outputs.map(() => Number.NaN);
}

/** Hits in order of the first enum output's values, then the next one's, then of the rows. */
export function byPriority(table: TableIr, hits: readonly number[]): readonly number[] {
  const rank = (row: RowIr, column: number): number => {
    const value = row.outputs[column]!;
    return Number.isNaN(value) ? Number.MAX_SAFE_INTEGER : value;
  };
  return hits.toSorted((left, right) => {
    for (const column of table.priority) {
      const order = rank(table.rows[left]!, column) - rank(table.rows[right]!, column);
      if (order !== 0) return order;
    }
    return left - right;
  });
}

/** Sum, minimum or maximum of the first output; rows that do not make the minimum or maximum do not count. */
function aggregate(table: TableIr, holding: readonly number[]): Settled {
  const valueOf = (row: number): number => table.rows[row]!.outputs[0]!;
  const known = holding.filter((row) => !Number.isNaN(valueOf(row)));
  if (known.length === 0) return { hits: [], outputs: [Number.NaN] };
  if (table.hitPolicy === "C+") {
    return { hits: known, outputs: [known.reduce((sum, row) => sum + valueOf(row), 0)] };
  }
  const pick = table.hitPolicy === "C<" ? Math.min : Math.max;
  const extreme = known.map(valueOf).reduce((left, right) => pick(left, right));
  return { hits: known.filter((row) => valueOf(row) === extreme), outputs: [extreme] };
}

function fillOutcome(program: Program, values: Values, outcome: Outcome): void {
  const { outcomeSlots: slots, line } = program;
  const limit = values[line.limit]!;
  const cut = cutOf(outcome);
  values[slots.action] = actions.indexOf(outcome.action satisfies Action);
  values[slots.cutAmount] = cut;
  values[slots.cutRate] = limit <= 0 ? 0 : mulDiv(cut, basisPointsPerOne, limit, "up");
  values[slots.exposureRemoved] = exposureRemovedMinor(outcome, values[line.drawn]!);
}

function cutOf(outcome: Outcome): number {
  if (outcome.action === "decrease") return outcome.fromMinor - outcome.toMinor;
  return outcome.action === "close" ? outcome.fromMinor : 0;
}

/** The first rule that holds; the last one always does. */
export function routeOf(routing: readonly RouteIr[], values: Values): RouteIr {
  return routing.find((rule) => holdsAll(rule.tests, values)) ?? routing.at(-1)!;
}
