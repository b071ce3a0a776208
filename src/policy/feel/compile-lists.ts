// Expressions over lists: `for`, `some`, `every` and filters (DMN 1.5 §10.3.2.14 and table 54). Each item pays, so that
// `for i in 1..1000000000` ends at its budget and not at the machine's.

import { conjunction, disjunction } from "./logic.ts";
import { nothing, type Run, spend, spendItems } from "./run.ts";
import { type Scope, scopeOf } from "./scope.ts";
import { dateOfDay, dayNumber } from "./temporal.ts";
import {
  feelNumber,
  type FeelNumber,
  type FeelValue,
  isContext,
  isList,
  isNumber,
  ofKind,
} from "./value.ts";

type Closure = (run: Run, scope: Scope) => FeelValue;

export type RunningIteration = Readonly<{ name: string; from: Closure; to: Closure | null }>;

/** `for … return …`; `partial`, where it is read, is what was returned so far. */
export function compileLoop(
  iterations: readonly RunningIteration[],
  result: Closure,
  readsPartial: boolean,
): Closure {
  return (run, scope) => {
    const values: FeelValue[] = [];
    for (const each of bound(run, iterations, 0, scope)) {
      if (each === null) return null;
      if (values.length >= run.budget.listLength) spendItems(run, values.length + 1);
      values.push(result(run, readsPartial ? withPartial(run, values, each) : each));
    }
    return values;
  };
}

/** A copy, so that no list can hold itself. */
function withPartial(run: Run, values: readonly FeelValue[], scope: Scope): Scope {
  spendItems(run, values.length);
  return scopeOf(new Map([["partial", [...values]]]), scope);
}

/** `some … satisfies …` and `every … satisfies …` */
export function compileQuantifier(
  kind: "some" | "every",
  iterations: readonly RunningIteration[],
  satisfies: Closure,
): Closure {
  const decide = kind === "some" ? disjunction : conjunction;
  return (run, scope) => {
    const values = function* (): Generator<FeelValue> {
      for (const each of bound(run, iterations, 0, scope)) {
        yield each === null ? null : satisfies(run, each);
      }
    };
    return decide(values());
  };
}

/** Scopes with every combination of the variables, the last one fastest; null where one cannot be iterated. */
function* bound(
  run: Run,
  iterations: readonly RunningIteration[],
  index: number,
  scope: Scope,
): Generator<Scope | null> {
  const iteration = iterations[index];
  if (iteration === undefined) {
    yield scope;
    return;
  }
  const items = itemsOf(run, iteration, scope);
  if (items === null) {
    yield null;
    return;
  }
  for (const item of items) {
    spend(run, 1);
    yield* bound(run, iterations, index + 1, scopeOf(new Map([[iteration.name, item]]), scope));
  }
}

function itemsOf(
  run: Run,
  { from, to }: RunningIteration,
  scope: Scope,
): Iterable<FeelValue> | null {
  const first = from(run, scope);
  if (to !== null) return counted(run, first, to(run, scope));
  if (isList(first)) return first;
  if (ofKind(first, "range")) return counted(run, first.from, first.to);
  return first === null
    ? nothing(run, "Cannot iterate: found null", "无法遍历：值为 null")
    : [first];
}

/** Whole steps from one end to the other, up or down: numbers or dates. */
function counted(run: Run, from: FeelValue, to: FeelValue): Iterable<FeelValue> | null {
  if (isNumber(from) && isNumber(to)) return countedNumbers(from, to);
  if (ofKind(from, "date") && ofKind(to, "date"))
    return countedDates(dayNumber(from), dayNumber(to));
  return nothing(
    run,
    "Cannot iterate: expected two numbers or two dates",
    "无法遍历：应为两个数字或两个日期",
  );
}

function* countedNumbers(from: FeelNumber, to: FeelNumber): Generator<FeelValue> {
  const step = from.greaterThan(to) ? -1 : 1;
  for (let at = from; step > 0 ? at.lessThanOrEqualTo(to) : at.greaterThanOrEqualTo(to);) {
    yield at;
    const next = feelNumber(at.plus(step));
    // Beyond 34 digits adding one changes nothing.
    if (next === null || next.equals(at)) return;
    at = next;
  }
}

function* countedDates(from: number, to: number): Generator<FeelValue> {
  const step = from > to ? -1 : 1;
  for (let day = from; step > 0 ? day <= to : day >= to; day += step) yield dateOfDay(day);
}

/** `list[condition]` keeps the items for which it is true, `list[n]` is one of them, `-1` the last. */
export function compileFilter(of: Closure, by: Closure): Closure {
  return (run, scope) => {
    const value = of(run, scope);
    const items = isList(value) ? value : value === null ? [] : [value];
    const kept: FeelValue[] = [];
    for (const [index, item] of items.entries()) {
      spend(run, 1);
      const test = by(run, itemScope(item, scope));
      if (index === 0 && isNumber(test)) return at(run, items, test);
      if (test === true) kept.push(item);
    }
    if (items.length > 0 || !isNumber(by(run, scope))) return kept;
    return nothing(run, "Cannot take item: the list is empty", "无法取项：列表为空");
  };
}

function itemScope(item: FeelValue, scope: Scope): Scope {
  const members = isContext(item) ? scopeOf(item, scope) : scope;
  const named = isContext(item) ? item.get("item") : undefined;
  return named === undefined ? scopeOf(new Map([["item", item]]), members) : members;
}

function at(run: Run, items: readonly FeelValue[], index: FeelNumber): FeelValue {
  const place = index.toNumber();
  const item =
    Number.isInteger(place) && place !== 0 ? items.at(place > 0 ? place - 1 : place) : undefined;
  if (item !== undefined) return item;
  const en = `Cannot take item ${index.toString()}: the list has ${items.length}`;
  return nothing(run, en, `无法取第 ${index.toString()} 项：列表共 ${items.length} 项`);
}
