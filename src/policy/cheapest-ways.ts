// The search behind the way back: for every fact that moves the first value behind each edge of a cell, and of those
// values all combinations of up to three facts. Nothing is sampled. Of the facts that move, the arithmetic of the limit
// reads only what is drawn; that moves only down, and less drawn never means a milder cut, so that the first value
// stands for the whole cell.

import { isBetter, type Outcome } from "../domain/assessment.ts";
import { mulDiv } from "../domain/money.ts";
import type { IntegerSet } from "./integer-set.ts";
import type { FollowIr, MoveIr, Program, SegmentIr } from "./ir.ts";
import type { Values } from "./limit-rule.ts";
import { domainOf } from "./operand.ts";
import { compiledProgram, emptyNote } from "./row-function.ts";

/** No way asks for more facts to change than a person can keep in mind. */
const mostFacts = 3;

/** One fact moved: its value, those of its followers in their order, and what it costs. */
export type Point = Readonly<{
  move: MoveIr;
  value: number;
  followed: readonly number[];
  cost: number;
}>;

/** A combination of moves in declared order, and what the strategy says after it. */
export type Found = Readonly<{
  points: readonly Point[];
  cost: number;
  days: number;
  outcome: Outcome;
}>;

/** `exhaustive` is false when the search ended at its bound, or an expression reads what moves by many steps. */
export type CheapestWays = Readonly<{
  better: Found | null;
  unchanged: Found | null;
  exhaustive: boolean;
}>;

type Search = {
  readonly now: Outcome;
  readonly points: readonly (readonly Point[])[];
  readonly outcomeOf: (points: readonly Point[]) => Outcome;
  runsLeft: number;
  better: Found | null;
  unchanged: Found | null;
};

/**
 * The cheapest combinations of moves to an outcome better than `now`, and to none at all. Equal costs: the better
 * outcome, then the fewer days, then fewer facts, then declared order, smaller moves first and down before up.
 */
export function cheapestWays(
  program: Program,
  facts: Values,
  now: Outcome,
  mostRuns: number,
): CheapestWays {
  const points = program.moves
    .map((move) => pointsOf(program, facts, move))
    .filter((some) => some.length > 0);
  const search: Search = {
    ...{ now, points, outcomeOf: outcomesOver(program, facts), runsLeft: mostRuns },
    ...{ better: null, unchanged: null },
  };
  let exhaustive = program.moves.every((move) => everyStepIsTried(program, facts, move));
  for (let size = 1; size <= mostFacts; size++) {
    if (combine(search, size, 0, [], 0)) continue;
    exhaustive = false;
    break;
  }
  return { better: search.better, unchanged: search.unchanged, exhaustive };
}

/** A computed value has edges that no cell of a fact names: of what it reads, so many steps are tried one by one. */
const mostStepsTried = 200;

/** Whether an expression reads what moves. */
function isComputedFrom({ expressions, operands }: Program, { fact, followers }: MoveIr): boolean {
  const moving = [fact.name, ...followers.map((one) => one.fact.name)];
  return expressions.some(({ id }) => {
    const read = operands.get(`expression.${id}`)?.facts;
    return moving.some((name) => read?.has(name) === true);
  });
}

function everyStepIsTried(program: Program, facts: Values, move: MoveIr): boolean {
  if (!isComputedFrom(program, move) || Number.isNaN(facts[move.fact.slot]!)) return true;
  return move.signs.every((sign) => mostSteps(move, facts, sign) <= mostStepsTried);
}

/** Adds `more` moves to those chosen, of facts from position `first` on; false when the bound is reached. */
function combine(
  search: Search,
  more: number,
  first: number,
  chosen: readonly Point[],
  cost: number,
): boolean {
  if (more === 0) return attempt(search, chosen, cost);
  for (let at = first; at <= search.points.length - more; at++) {
    for (const point of search.points[at]!) {
      const total = cost + point.cost;
      if (total > (search.unchanged?.cost ?? Number.MAX_SAFE_INTEGER)) break;
      if (!combine(search, more - 1, at + 1, [...chosen, point], total)) return false;
    }
  }
  return true;
}

function attempt(search: Search, points: readonly Point[], cost: number): boolean {
  if (search.runsLeft === 0) return false;
  search.runsLeft -= 1;
  const outcome = search.outcomeOf(points);
  if (!isBetter(outcome, search.now)) return true;
  const days = Math.max(...points.map(({ move }) => move.days));
  const found: Found = { points, cost, days, outcome };
  if (isPreferred(found, search.better)) search.better = found;
  if (outcome.action === "none" && isPreferred(found, search.unchanged)) search.unchanged = found;
  return true;
}

function isPreferred(found: Found, known: Found | null): boolean {
  if (known === null) return true;
  if (found.cost !== known.cost) return found.cost < known.cost;
  if (isBetter(found.outcome, known.outcome)) return true;
  return !isBetter(known.outcome, found.outcome) && found.days < known.days;
}

/** What the strategy says about the line with some facts moved. */
function outcomesOver(program: Program, facts: Values): Search["outcomeOf"] {
  const { row } = compiledProgram(program);
  const values = new Float64Array(program.slotCount);
  const note = emptyNote(program, values);
  return (points) => {
    values.set(facts);
    for (const { move, value, followed } of points) {
      values[move.fact.slot] = value;
      move.followers.forEach(({ fact }, at) => (values[fact.slot] = followed[at]!));
    }
    row(values, note);
    return note.outcome;
  };
}

/** The first point behind each edge that a fact or a follower of it can cross, cheapest first; none for an unknown fact. */
function pointsOf(program: Program, facts: Values, move: MoveIr): readonly Point[] {
  if (Number.isNaN(facts[move.fact.slot]!)) return [];
  const edges = edgesOf(program);
  const slots = [move.fact, ...move.followers.map(({ fact }) => fact)].map(({ slot }) => slot);
  const points = move.signs.flatMap((sign) => {
    const reached = new Set<number>();
    if (isComputedFrom(program, move)) {
      const most = Math.min(mostStepsTried, mostSteps(move, facts, sign));
      for (let steps = 1; steps <= most; steps++) reached.add(steps);
    }
    slots.forEach((slot, at) => {
      const valueAfter = (steps: number): number => {
        const { value, followed } = pointAfter(move, facts, sign, steps);
        return at === 0 ? value : followed[at - 1]!;
      };
      for (const edge of edges.get(slot) ?? []) {
        const isBehind = (value: number): boolean => (sign < 0 ? value < edge : value >= edge);
        if (isBehind(facts[slot]!) || Number.isNaN(facts[slot]!)) continue;
        const steps = fewest(mostSteps(move, facts, sign), (some) => isBehind(valueAfter(some)));
        if (steps !== null) reached.add(steps);
      }
    });
    return [...reached].map((steps) => pointAfter(move, facts, sign, steps));
  });
  return points
    .filter(({ cost }) => Number.isSafeInteger(cost))
    .toSorted((left, right) => left.cost - right.cost);
}

function mostSteps({ fact, step, low, high }: MoveIr, facts: Values, sign: -1 | 1): number {
  const present = facts[fact.slot]!;
  return Math.ceil((sign < 0 ? present - low : high - present) / step);
}

function pointAfter(move: MoveIr, facts: Values, sign: -1 | 1, steps: number): Point {
  const present = facts[move.fact.slot]!;
  const value = Math.min(move.high, Math.max(move.low, present + sign * steps * move.step));
  const followed = move.followers.map((one) => followedValue(one, facts, value - present));
  return { move, value, followed, cost: steps * move.cost };
}

/** A ratio by something unknown or not above zero stays as it is. */
function followedValue({ fact, bySlot, perOne }: FollowIr, facts: Values, change: number): number {
  const present = facts[fact.slot]!;
  const by = facts[bySlot]!;
  if (Number.isNaN(present) || !(by > 0)) return present;
  const { bounds } = domainOf(fact.type, false);
  const moved = Math.sign(change) * mulDiv(Math.abs(change), perOne, by, "down");
  return Math.min(bounds.at(-1)!, Math.max(bounds[0]!, present + moved));
}

/** The smallest count from 1 to `most` that is enough, where more is never less; null where `most` is not. */
function fewest(most: number, isEnough: (count: number) => boolean): number | null {
  if (most < 1 || !isEnough(most)) return null;
  let [low, high] = [1, most];
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Per slot the values at which some cell, bin or band begins to hold or to fail: what lies below differs from what lies at it. */
type Edges = ReadonlyMap<number, readonly number[]>;

const known = new WeakMap<Program, Edges>();

function edgesOf(program: Program): Edges {
  const edges = known.get(program) ?? collectEdges(program);
  known.set(program, edges);
  return edges;
}

function collectEdges(program: Program): Edges {
  const { eligibility, exclusions, segments, tables, guards, scorecards, grades } = program;
  const edges = new Map<number, Set<number>>();
  const add = (slot: number, { bounds }: IntegerSet): void => {
    const some = edges.get(slot) ?? new Set();
    bounds.forEach((bound, at) => some.add(at % 2 === 0 ? bound : bound + 1));
    edges.set(slot, some);
  };
  const rows = tables.flatMap((table) => table.rows);
  for (const { tests } of [
    ...eligibility,
    ...exclusions,
    ...allNodes(segments),
    ...rows,
    ...guards,
  ]) {
    for (const test of tests) add(test.slot, test);
  }
  for (const { slot, attributes } of scorecards.flatMap((card) => card.characteristics)) {
    for (const attribute of attributes) add(slot, attribute);
  }
  for (const band of grades?.bands ?? []) add(grades!.input.slot, band);
  return new Map([...edges].map(([slot, some]) => [slot, [...some]]));
}

function allNodes(nodes: readonly SegmentIr[]): readonly SegmentIr[] {
  return nodes.flatMap((node) => [node, ...allNodes(node.children)]);
}
