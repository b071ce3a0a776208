// The way back: the least costly change in facts that the borrower can influence after which the strategy says
// something better. Only facts declared actionable move, by whole steps in their direction, and what follows them moves
// along. What a strategy says changes only where a value crosses the edge of a cell, so that the first value behind each
// edge is all that has to be tried; no answer is given that `evaluate` did not confirm.

import type { Outcome } from "../domain/assessment.ts";
import { addDays, type BusinessDate } from "../domain/calendar.ts";
import { canonicalJson } from "../domain/canonical-json.ts";
import type { FactValues } from "../domain/facts.ts";
import type { Text } from "../domain/text.ts";
import type { CompiledStrategy } from "./compile.ts";
import { evaluate, isUnevaluable, loadFacts, type Unevaluable } from "./evaluate.ts";
import { decodeFact } from "./fact-text.ts";
import { cheapestWays, type Found } from "./cheapest-ways.ts";
import type { FactIr } from "./ir.ts";
import { readableFact } from "./value-text.ts";

/** One fact before and after; `fromMinor` and `toMinor` where it is money. */
export type ChangedFact = Readonly<{
  name: string;
  label: Text;
  before: Text;
  after: Text;
  fromMinor?: number;
  toMinor?: number;
}>;

/** What the borrower does about one fact. */
export type WayChange = ChangedFact & Readonly<{ how: Text; cost: number; days: number }>;

/** Changes that together lead to `outcome`, everything else being as it was. */
export type Way = Readonly<{
  /** at most three, in the order of the dictionary */
  changes: readonly WayChange[];
  /** facts that move along with them */
  follow: readonly ChangedFact[];
  /** the values of all of them, as {@link evaluate} takes them */
  facts: FactValues;
  cost: number;
  /** the changes go on side by side: the longest of their times */
  days: number;
  earliestOn: BusinessDate;
  outcome: Outcome;
}>;

export type WayBack = Readonly<{
  /** the least costly way to a better outcome; null where there is none, as for a line that is left unchanged */
  better: Way | null;
  /** the least costly way to no action at all; the same as `better` where that leads there */
  unchanged: Way | null;
  /**
   * false when the search ended at its bound, or an expression reads what moves by many steps: something less costly may exist, or
   * something at all
   */
  exhaustive: boolean;
}>;

/** `from`: the day from which times count, by default the as-of date. `mostRuns`: the bound of the search. */
export type WayBackOptions = Readonly<{ from?: BusinessDate; mostRuns?: number }>;

/** So many combinations are tried unless the caller says otherwise. */
export const mostRunsByDefault = 20_000;

const noWay: WayBack = { better: null, unchanged: null, exhaustive: true };

/**
 * The least costly way from what the strategy says about a line to something better. Outcomes from best to worst: no
 * action, a smaller decrease, a larger one, a freeze, closing. Of equally costly ways it takes the one with the better
 * outcome, then the earlier one, then the one with fewer changes, then the one that comes first in the dictionary.
 */
export function wayBack(
  compiled: CompiledStrategy,
  facts: FactValues,
  asOf: BusinessDate,
  { from = asOf, mostRuns = mostRunsByDefault }: WayBackOptions = {},
): WayBack | Unevaluable {
  const now = evaluate(compiled, facts, asOf);
  if (isUnevaluable(now)) return now;
  if (now.outcome.action === "none") return noWay;
  const loaded = loadFacts(compiled.program, facts, asOf);
  if ("missing" in loaded) return loaded;
  const { better, unchanged, exhaustive } = cheapestWays(
    compiled.program,
    loaded.values,
    now.outcome,
    mostRuns,
  );
  const told = (found: Found | null): Way | null =>
    found === null ? null : wayOf(compiled, { facts, asOf, from, values: loaded.values }, found);
  return { better: told(better), unchanged: told(unchanged), exhaustive };
}

type Line = Readonly<{
  facts: FactValues;
  asOf: BusinessDate;
  from: BusinessDate;
  values: Float64Array;
}>;

function wayOf(compiled: CompiledStrategy, line: Line, found: Found): Way {
  const { currency } = compiled.document;
  const changed = (fact: FactIr, value: number): ChangedFact => {
    const present = line.values[fact.slot]!;
    const { name, type, declaration } = fact;
    return {
      name,
      label: declaration.label,
      before: readableFact(fact, present, currency),
      after: readableFact(fact, value, currency),
      ...(type.kind === "money" ? { fromMinor: present, toMinor: value } : {}),
    };
  };
  const days = Math.max(...found.points.map(({ move }) => move.days));
  const follow = found.points.flatMap(({ move, followed }) =>
    move.followers.map(({ fact }, at) => ({ fact, value: followed[at]! })),
  );
  const moved = found.points.map(({ move, value }) => ({ fact: move.fact, value }));
  const way: Way = {
    changes: found.points.map(({ move, value, cost }) => {
      return { ...changed(move.fact, value), how: move.how, cost, days: move.days };
    }),
    follow: follow
      .filter(({ fact, value }) => value !== line.values[fact.slot]! && !Number.isNaN(value))
      .map(({ fact, value }) => changed(fact, value)),
    facts: Object.fromEntries(
      [...moved, ...follow].map(({ fact, value }) => [fact.name, decodeFact(value, fact.type)]),
    ),
    cost: found.cost,
    days,
    earliestOn: addDays(line.from, days),
    outcome: found.outcome,
  };
  confirm(compiled, line, way);
  return way;
}

/** An answer that the engine does not confirm is a bug of the search, and nobody may read it. */
function confirm(
  compiled: CompiledStrategy,
  { facts, asOf }: Line,
  { facts: changed, outcome }: Way,
): void {
  const then = evaluate(compiled, { ...facts, ...changed }, asOf);
  if (!isUnevaluable(then) && canonicalJson(then.outcome) === canonicalJson(outcome)) return;
  throw new Error(
    `Cannot confirm way back: ${canonicalJson(changed)} does not lead to ${canonicalJson(outcome)}`,
  );
}
