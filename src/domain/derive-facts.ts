// The one place where declared facts are made of panes: for one line on a page, for a trigger and for every line of a
// sweep. Pure in panes, date and limit, so that the same panes are the same facts, whenever and for whom they are made.
// Quotients are rounded half to even; a result beyond the safe integers is unknown.

import { type BusinessDate, dateOfDay, dayNumber } from "./calendar.ts";
import {
  type DeclaredFact,
  type DeclaredFacts,
  formOf,
  fieldOf,
  type Measure,
  scaleOf,
  type Taken,
} from "./declared-fact.ts";
import type { FactValue, FactValues } from "./facts.ts";
import { mulDiv } from "./money.ts";
import { firstCodes, type Pane, type PaneKey } from "./pane.ts";

/** A pane and where it stands; of each measure and day at most one. */
export type DayPane = Pane & Pick<PaneKey, "measure" | "onDate">;

/** What a fact is made for. */
export type DerivedAt = Readonly<{ asOf: BusinessDate; limitMinor: number }>;

/** A value, the days that it looks at (both included) and the panes that it is made of, oldest first. */
export type DerivedFact = Readonly<{
  fact: DeclaredFact;
  value: FactValue;
  from: BusinessDate;
  /** days since anything was told of its measure; null: nothing within reach */
  ageDays: number | null;
  panes: readonly DayPane[];
}>;

/** Values of the declared facts, or of those among `names`; unknown where nothing was told within reach. */
export function deriveFacts(
  declared: DeclaredFacts,
  panes: readonly DayPane[],
  at: DerivedAt,
  names?: ReadonlySet<string>,
): FactValues {
  const timelines = timelinesOf(panes, at.asOf);
  const values: Record<string, FactValue> = {};
  for (const fact of declared.facts.values()) {
    if (names !== undefined && !names.has(fact.name)) continue;
    values[fact.name] = valueOf(declared, fact, timelines, at);
  }
  return values;
}

/** The same with what each value rests on. */
export function explainFacts(
  declared: DeclaredFacts,
  panes: readonly DayPane[],
  at: DerivedAt,
): readonly DerivedFact[] {
  const timelines = timelinesOf(panes, at.asOf);
  const { day: today } = timelines;
  return [...declared.facts.values()].map((fact) => {
    const measure = declared.measures.get(fact.of)!;
    const known = withinReach(timelines, measure);
    const over = fact.over === undefined || fact.over === "limit" ? [] : [fact.over];
    const used = [fact, ...over].flatMap((taken) => usedOf(declared, taken, timelines));
    return {
      fact,
      value: valueOf(declared, fact, timelines, at),
      from: dateOfDay(used[0]?.from ?? today),
      ageDays: known.length === 0 ? null : today - known.at(-1)!.day,
      panes: [...new Set(used.flatMap((one) => one.panes))],
    };
  });
}

type Dated = DayPane & Readonly<{ day: number }>;

/** Panes by measure, oldest first, up to a day. */
type Timelines = Readonly<{ day: number; of: ReadonlyMap<string, readonly Dated[]> }>;

function timelinesOf(panes: readonly DayPane[], asOf: BusinessDate): Timelines {
  const of = new Map<string, Dated[]>();
  for (const pane of panes) {
    if (pane.onDate > asOf || pane.count === 0) continue;
    const dated = { ...pane, day: dayNumber(pane.onDate) };
    const known = of.get(pane.measure);
    if (known === undefined) of.set(pane.measure, [dated]);
    else known.push(dated);
  }
  for (const known of of.values()) known.sort((one, other) => one.day - other.day);
  return { day: dayNumber(asOf), of };
}

function withinReach({ day, of }: Timelines, { id, reachDays }: Measure): readonly Dated[] {
  return after(of.get(id) ?? [], day - reachDays);
}

/** Panes of the days after a day. */
function after(panes: readonly Dated[], day: number): readonly Dated[] {
  const from = panes.findIndex((pane) => pane.day > day);
  return from < 0 ? [] : from === 0 ? panes : panes.slice(from);
}

function usedOf(
  { measures }: DeclaredFacts,
  taken: Taken,
  timelines: Timelines,
): Readonly<{ from: number; panes: readonly Dated[] }>[] {
  const known = withinReach(timelines, measures.get(taken.of)!);
  const { day: today } = timelines;
  const newest = known.slice(-1);
  if (taken.take === "latest" || taken.take === "age") {
    return [{ from: newest[0]?.day ?? today, panes: newest }];
  }
  if (taken.take === "change") {
    const before = known.findLast(({ day }) => day <= today - taken.days!);
    return [
      { from: today - taken.days!, panes: before === undefined ? newest : [before, ...newest] },
    ];
  }
  const panes = inWindow(taken, known, today);
  const from = taken.days === undefined ? (panes[0]?.day ?? today) : today - taken.days + 1;
  return [{ from, panes }];
}

function inWindow({ days, cycles }: Taken, known: readonly Dated[], today: number) {
  return days === undefined ? known.slice(-cycles!) : after(known, today - days);
}

function valueOf(
  declared: DeclaredFacts,
  fact: DeclaredFact,
  timelines: Timelines,
  { limitMinor }: DerivedAt,
): FactValue {
  const { over } = fact;
  const value = take(declared, fact, timelines);
  if (over === undefined || typeof value !== "number") return value;
  const divisor = over === "limit" ? limitMinor : take(declared, over, timelines);
  return typeof divisor === "number" && divisor > 0 ? quotient(value, 10 ** 4, divisor) : null;
}

function take(declared: DeclaredFacts, taken: Taken, timelines: Timelines): FactValue {
  const measure = declared.measures.get(taken.of)!;
  const known = withinReach(timelines, measure);
  const newest = known.at(-1);
  if (newest === undefined) return null;
  const { day: today } = timelines;
  switch (taken.take) {
    case "latest":
      return latestOf(measure, newest);
    case "age":
      return today - newest.day;
    case "change": {
      const before = known.findLast(({ day }) => day <= today - taken.days!);
      return before === undefined ? null : newest.last! - before.last!;
    }
    default:
      return takeWindow(declared, taken.take, taken, inWindow(taken, known, today), today);
  }
}

function latestOf(measure: Measure, { last, lastSeen }: Pane): FactValue {
  return fieldOf(measure)?.type === "boolean" ? lastSeen === "true" : (last ?? lastSeen);
}

type Windowed = Exclude<Taken["take"], "latest" | "age" | "change">;

function takeWindow(
  { measures }: DeclaredFacts,
  how: Windowed,
  taken: Taken,
  panes: readonly Dated[],
  today: number,
): FactValue {
  const measure = measures.get(taken.of)!;
  switch (how) {
    case "count":
      return total(panes, ({ count }) => count);
    case "sum":
      return total(panes, ({ sum }) => sum!);
    case "min":
      return panes.length === 0 ? null : Math.min(...panes.map(({ low }) => low!));
    case "max":
      return panes.length === 0 ? null : Math.max(...panes.map(({ high }) => high!));
    case "average":
      return averageOf(panes, finerBy(measures, how, measure));
    case "distinct": {
      const seen = panes.flatMap((pane) => pane.seen!);
      return firstCodes(seen, measure.atMost!).length;
    }
    case "slope":
      return slopeOf(taken, panes, today, finerBy(measures, how, measure));
  }
}

/** How many times smaller the unit of the result is than that of the values that it is made of. */
function finerBy(measures: DeclaredFacts["measures"], take: Windowed, measure: Measure): number {
  const field = fieldOf(measure)!;
  const { scale = 0 } = formOf(measures, { take, of: measure.id });
  return field.type === "money" ? 1 : 10 ** (scale - scaleOf(field));
}

function averageOf(panes: readonly Dated[], finer: number): number | null {
  const sum = total(panes, (pane) => pane.sum!);
  const count = total(panes, (pane) => pane.count);
  return sum === null || count === null || count === 0 ? null : quotient(sum, finer, count);
}

function total(panes: readonly Dated[], of: (pane: Dated) => number): number | null {
  let sum = 0;
  for (const pane of panes) sum += of(pane);
  return Number.isSafeInteger(sum) ? sum : null;
}

/** Steps are counted back from today; x is the number of the step, oldest 0, y its sum. */
function slopeOf(
  { days, stepDays }: Taken,
  panes: readonly Dated[],
  today: number,
  finer: number,
): number | null {
  const steps = days! / stepDays!;
  const sums = Array.from({ length: steps }, () => 0);
  for (const { day, sum } of panes) {
    sums[steps - 1 - Math.floor((today - day) / stepDays!)]! += sum!;
  }
  const all = sums.reduce((sum, one) => sum + one, 0);
  const weighted = sums.reduce((sum, one, step) => sum + step * one, 0);
  const dividend = 12 * weighted - 6 * (steps - 1) * all;
  return quotient(dividend, finer, steps * (steps * steps - 1));
}

function quotient(value: number, numerator: number, divisor: number): number | null {
  const isSafe = Number.isSafeInteger(value) && (Math.abs(value) / divisor) * numerator < 2 ** 53;
  return isSafe ? mulDiv(value, numerator, divisor, "half-even") : null;
}
