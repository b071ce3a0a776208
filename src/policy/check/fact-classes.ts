// The classes of a fact: its values cut where any test begins or ends, and the missing value apart from all others. No
// test of the program tells two values of one class apart, so that one value of each stands for all of them.

import type { IntegerSet } from "../integer-set.ts";
import { expressionValue } from "../expression.ts";
import { holds } from "../holds.ts";
import type { ExpressionIr, FactIr, Program, SegmentIr, Tests } from "../ir.ts";
import { domainOf } from "../operand.ts";

/** Values from `low` to `high`; null is the missing value, a class of its own. */
export type FactClass = Readonly<{ low: number; high: number }> | null;

/** One fact with its place in the order in which diagrams ask for facts. */
export type ClassedFact = Readonly<{
  fact: FactIr;
  level: number;
  /** ascending, the missing value last */
  classes: readonly FactClass[];
}>;

/** Facts in the order of diagrams: first those that the arithmetic of limits reads, then as they are read. */
export function classFacts(program: Program): readonly ClassedFact[] {
  const read = setsBySlot(program);
  const order = [...new Set([...arithmeticSlots(program), ...read.keys()])];
  const rank = (fact: FactIr): number => {
    const at = order.indexOf(fact.slot);
    return at < 0 ? order.length : at;
  };
  const followed = followedExpressions(program);
  const setsOf = (fact: FactIr): readonly IntegerSet[] => [
    ...(read.get(fact.slot) ?? []),
    ...followed
      .filter(({ reads }) => reads[0] === fact.slot)
      .flatMap((one) => throughExpression(program, fact, one, read.get(one.slot) ?? [])),
  ];
  const facts = [...program.facts, ...freeFacts(program)].toSorted(
    (left, right) => rank(left) - rank(right),
  );
  return facts.map((fact, level) => ({
    fact,
    level,
    classes: classesOf(fact, setsOf(fact)),
  }));
}

const anyKnown: IntegerSet = {
  bounds: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  unknown: false,
};

/** The values of a fact for which the expression over it lies in each of the sets, and for which it is known. */
function throughExpression(
  program: Program,
  { type }: FactIr,
  expression: ExpressionIr,
  sets: readonly IntegerSet[],
): readonly IntegerSet[] {
  const { bounds } = domainOf(type, false);
  const [low, high] = [bounds[0]!, bounds.at(-1)!];
  const values = Array.from({ length: high - low + 1 }, (_, at) =>
    valueFor(program, expression, low + at),
  );
  return [...sets, anyKnown].map((set) => {
    const held = values.map((value) => holds(set, value));
    const ends = held.flatMap((one, at): number[] => {
      const starts = one && held[at - 1] !== true;
      const stops = one && held[at + 1] !== true;
      return [...(starts ? [low + at] : []), ...(stops ? [low + at] : [])];
    });
    return { bounds: ends, unknown: false };
  });
}

/**
 * What the check does not follow and takes as free, as if it were a fact of its own: the as-of date, expressions of
 * several facts or of many values, and scores with computed points. Whatever holds for all their values holds for those that they can have.
 */
function freeFacts(program: Program): readonly FactIr[] {
  const { asOfSlot, operands } = program;
  const slots = new Set([...followedNot(program), ...(asOfSlot < 0 ? [] : [asOfSlot])]);
  return [...operands.values()]
    .filter(({ slot }) => slots.has(slot))
    .map(({ name, slot, type, label, nullable }): FactIr => {
      const missing = nullable ? "unknown" : "refuse";
      const kind = { name, label, type: type.kind, source: "derived", missing } as const;
      const declaration = { ...kind, sensitivity: "ordinary" } as const;
      return { name, slot, declaration, type, codes: null, neutral: null, required: !nullable };
    });
}

/** Values of one fact that are tried one by one, so that an expression over it is followed exactly. */
const mostValues = 5_000;

/** Expressions over one fact of few values that only cells test: the fact's classes are cut where these cells change. */
export function followedExpressions(program: Program): readonly ExpressionIr[] {
  const { expressions, facts, scorecards } = program;
  const added = scorecards.flatMap(({ characteristics }) =>
    characteristics.flatMap(({ attributes }) => attributes.map(({ from }) => from?.slot)),
  );
  const used = new Set([
    ...added,
    ...arithmeticSlots(program),
    ...expressions.flatMap(({ reads }) => reads),
  ]);
  return expressions.filter(({ slot, reads, after }) => {
    const fact = facts.find((one) => one.slot === reads[0]);
    if (fact === undefined || reads.length !== 1 || after !== -2 || used.has(slot)) return false;
    const { bounds } = domainOf(fact.type, false);
    return bounds.at(-1)! - bounds[0]! < mostValues;
  });
}

/** What an expression over one fact says for a value of it. */
export function valueFor(program: Program, { steps, reads }: ExpressionIr, value: number): number {
  const values = new Float64Array(program.slotCount).fill(Number.NaN);
  values[reads[0]!] = value;
  return expressionValue(steps, values);
}

/** Slots whose value is computed in a way that the check does not follow. */
export function followedNot(program: Program): readonly number[] {
  const followed = followedExpressions(program);
  const computed = program.scorecards.filter(({ characteristics }) =>
    characteristics.some(({ attributes }) => attributes.some(({ from }) => from !== null)),
  );
  const open = program.expressions.filter((one) => !followed.includes(one));
  return [...open, ...computed].map(({ slot }) => slot);
}

/** Slots whose value, not only its class, decides how large a cut is. */
export function arithmeticSlots({ line, limit }: Program): readonly number[] {
  const sources = limit.treatments.flatMap(({ target }) => {
    if (target === null || target.method === "cut-to-balance") return [];
    const source = target.method === "cut-by-rate" ? target.rate : target.amount;
    return source.kind === "slot" && source.table < 0 ? [source.slot] : [];
  });
  const own = [line.limit, line.drawn, line.pending, line.decreasedLast12Months];
  return [...own, ...sources].filter((slot) => slot >= 0);
}

/** The sets that each slot is held against anywhere in the program, in the order of evaluation. */
function setsBySlot(program: Program): ReadonlyMap<number, readonly IntegerSet[]> {
  const found = new Map<number, IntegerSet[]>();
  const add = (slot: number, set: IntegerSet): void => {
    const sets = found.get(slot);
    if (sets === undefined) found.set(slot, [set]);
    else sets.push(set);
  };
  const addTests = (tests: Tests): void => tests.forEach((test) => add(test.slot, test));
  for (const rule of [...program.eligibility, ...program.exclusions]) addTests(rule.tests);
  const addSegments = (nodes: readonly SegmentIr[]): void => {
    for (const { tests, children } of nodes) {
      addTests(tests);
      addSegments(children);
    }
  };
  addSegments(program.segments);
  for (const { characteristics } of program.scorecards) {
    for (const { slot, attributes } of characteristics) attributes.forEach((set) => add(slot, set));
  }
  program.grades?.bands.forEach((band) => add(program.grades!.input.slot, band));
  for (const { rows } of program.tables) rows.forEach((row) => addTests(row.tests));
  for (const guard of program.guards) {
    addTests(guard.tests);
    if (guard.kind === "cool-down") add(program.line.daysSinceDecrease, coolDownDays(guard.days));
  }
  return found;
}

/** The days since the last decrease at which a cool-down still holds. */
export function coolDownDays(days: number): IntegerSet {
  return { bounds: [Number.MIN_SAFE_INTEGER, days - 1], unknown: false };
}

function classesOf({ type, required }: FactIr, sets: readonly IntegerSet[]): readonly FactClass[] {
  const domain = domainOf(type, !required);
  const [low = 0] = domain.bounds;
  const high = domain.bounds.at(-1) ?? low;
  const starts = new Set([low]);
  for (const { bounds } of sets) {
    for (let at = 0; at < bounds.length; at += 2) {
      for (const start of [bounds[at]!, bounds[at + 1]! + 1]) {
        if (start > low && start <= high) starts.add(start);
      }
    }
  }
  const ordered = [...starts].toSorted((left, right) => left - right);
  const known = ordered.map((start, at) => ({
    low: start,
    high: (ordered[at + 1] ?? high + 1) - 1,
  }));
  return required ? known : [...known, null];
}

const longAgo = 20_454;

/** The value that speaks for a class: the neutral one where it belongs, else the one nearest to nothing. */
export function valueIn(fact: FactIr, chosen: FactClass): number {
  if (chosen === null) return Number.NaN;
  const wanted = fact.neutral ?? (fact.type.kind === "date" ? longAgo : 0);
  return Math.min(chosen.high, Math.max(chosen.low, wanted));
}
