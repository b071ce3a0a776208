// The strategy as functions of its facts, part by part along the requirement graph: what evaluation puts into each slot,
// for every class of facts at once. It follows run.ts rule by rule; tests hold the two against each other.

import { holds } from "../holds.ts";
import type { IntegerSet } from "../integer-set.ts";
import type { Program, SegmentIr, TableIr, Tests } from "../ir.ts";
import { byPriority } from "../run.ts";
import {
  choose,
  combine,
  constant,
  type Diagram,
  map,
  openDiagram,
  type Ref,
  variable,
} from "./diagram.ts";
import {
  type ClassedFact,
  classFacts,
  followedExpressions,
  followedNot,
  valueFor,
  valueIn,
} from "./fact-classes.ts";

/** In the functions of a table: the line is excluded, or no row holds. */
export const excluded = -2;
export const noRow = -1;

/** One table as functions of facts. */
export type TableGraph = Readonly<{
  table: TableIr;
  /** per row whether its cells hold, whatever the other rows say */
  holding: readonly Ref[];
  /** rows in the order in which they win; null where several count */
  order: readonly number[] | null;
  /** per place in `order`: the first row from there on that holds, or {@link noRow}; one more at the end */
  firsts: readonly Ref[];
  /** whether any row holds */
  any: Ref;
}>;

export type Graph = Readonly<{
  program: Program;
  diagram: Diagram;
  facts: readonly ClassedFact[];
  /** what stands in each slot that was built so far */
  slots: Map<number, Ref>;
  tables: TableGraph[];
}> & {
  /** 1 where the line is neither ineligible nor excluded */
  included: Ref;
};

/** The facts; the other parts follow in this order: {@link addRules}, {@link addScores}, {@link addTable} for each. */
export function openGraph(program: Program, most?: number): Graph {
  const diagram = openDiagram(most);
  const facts = classFacts(program);
  const slots = new Map<number, Ref>();
  for (const { fact, level, classes } of facts) {
    const values = classes.map((one) => valueIn(fact, one));
    slots.set(fact.slot, variable(diagram, level, values));
  }
  for (const one of followedExpressions(program)) {
    const read = slots.get(one.reads[0]!)!;
    slots.set(
      one.slot,
      map(diagram, read, (value) => valueFor(program, one, value)),
    );
  }
  return { program, diagram, facts, slots, tables: [], included: constant(diagram, 1) };
}

/** Which lines are looked at: all that are eligible and not excluded. */
export function addRules(graph: Graph): void {
  const { program, diagram } = graph;
  const no = constant(diagram, 0);
  const eligible = testsOf(
    graph,
    program.eligibility.flatMap((rule) => rule.tests),
  );
  graph.included = program.exclusions.reduce(
    (rest, rule) => choose(diagram, testsOf(graph, rule.tests), no, rest),
    eligible,
  );
}

/** Whether all tests hold: 1 or 0. */
export function testsOf(graph: Pick<Graph, "diagram" | "slots">, tests: Tests): Ref {
  const { diagram } = graph;
  const no = constant(diagram, 0);
  return tests.reduce(
    (left, test) => choose(diagram, belongs(graph, test.slot, test), left, no),
    constant(diagram, 1),
  );
}

/** Whether the value of a slot belongs to a set: 1 or 0. */
export function belongs(
  { diagram, slots }: Pick<Graph, "diagram" | "slots">,
  slot: number,
  set: IntegerSet,
): Ref {
  return map(diagram, slots.get(slot)!, (value) => (holds(set, value) ? 1 : 0));
}

/** Segments, scores and grades. */
export function addScores(graph: Graph): void {
  const { program, diagram, slots } = graph;
  if (program.segmentSlot >= 0) slots.set(program.segmentSlot, segmentOf(graph, program.segments));
  const free = followedNot(program);
  for (const card of program.scorecards) {
    if (free.includes(card.slot)) continue;
    let score = constant(diagram, card.initialScore);
    for (const { slot, attributes } of card.characteristics) {
      const points = map(
        diagram,
        slots.get(slot)!,
        (value) => attributes.find((attribute) => holds(attribute, value))?.points ?? 0,
      );
      score = combine(diagram, score, points, (sum, more) => sum + more);
    }
    slots.set(card.slot, score);
  }
  const { grades } = program;
  if (grades === null) return;
  const grade = map(diagram, slots.get(grades.input.slot)!, (value) =>
    grades.bands.findIndex((band) => holds(band, value)),
  );
  slots.set(grades.slot, grade);
}

function segmentOf(graph: Graph, nodes: readonly SegmentIr[]): Ref {
  const { diagram } = graph;
  return nodes.reduceRight(
    (rest, { tests, children, code }) => {
      const inside = children.length === 0 ? constant(diagram, code) : segmentOf(graph, children);
      return choose(diagram, testsOf(graph, tests), inside, rest);
    },
    constant(diagram, Number.NaN),
  );
}

/** The next table: which rows count, and its outputs in their slots. */
export function addTable(graph: Graph, table: TableIr): void {
  const { diagram, slots } = graph;
  const holding = table.rows.map((row) => testsOf(graph, row.tests));
  const one = constant(diagram, 1);
  const any = holding.reduce((rest, row) => choose(diagram, row, one, rest), constant(diagram, 0));
  const order = winningOrder(table);
  const firsts = [constant(diagram, noRow)];
  for (const row of (order ?? []).toReversed()) {
    firsts.unshift(choose(diagram, holding[row]!, constant(diagram, row), firsts[0]!));
  }
  const made = { table, holding, order, firsts, any };
  table.outputs.forEach((output, column) => slots.set(output.slot, outputOf(graph, made, column)));
  graph.tables.push(made);
}

/** DMN 1.5 §8.2.8: under U, A, F and P one row decides, the first in this order that holds. */
function winningOrder(table: TableIr): readonly number[] | null {
  const rows = table.rows.map((_, at) => at);
  if (["U", "A", "F"].includes(table.hitPolicy)) return rows;
  return table.hitPolicy === "P" ? byPriority(table, rows) : null;
}

function outputOf({ diagram }: Graph, made: TableGraph, column: number): Ref {
  const { table, holding, order, firsts, any } = made;
  const fallback = table.defaults?.[column] ?? (table.hitPolicy === "C#" ? 0 : Number.NaN);
  const valueOf = (row: number): number => table.rows[row]!.outputs[column]!;
  if (order !== null) {
    return map(diagram, firsts[0]!, (row) => (row === noRow ? fallback : valueOf(row)));
  }
  const nothing = constant(diagram, Number.NaN);
  const join = joinOf(table);
  const joined = holding.reduce((sum, row, at) => {
    const value = constant(diagram, table.hitPolicy === "C#" ? 1 : valueOf(at));
    return combine(diagram, sum, choose(diagram, row, value, nothing), join);
  }, nothing);
  return choose(diagram, any, joined, constant(diagram, fallback));
}

type Join = (left: number, right: number) => number;

/** How the values of rows that hold are joined; unknown ones do not count, and a list is unknown. */
function joinOf({ hitPolicy }: TableIr): Join {
  const known =
    (join: Join): Join =>
    (left, right) =>
      Number.isNaN(left) ? right : Number.isNaN(right) ? left : join(left, right);
  switch (hitPolicy) {
    case "C+":
    case "C#":
      return known((left, right) => left + right);
    case "C<":
      return known(Math.min);
    case "C>":
      return known(Math.max);
    default:
      return () => Number.NaN;
  }
}
