// Built-in functions over lists (DMN 1.5 table 77). Functions that look at every item pay for every item.

import { costlyNumber } from "./arithmetic.ts";
import { type BuiltIn, builtIn, type Work } from "./built-in.ts";
import { compare, equal } from "./compare.ts";
import { conjunction, disjunction } from "./logic.ts";
import { nothing, type Run, spend, spendItems } from "./run.ts";
import {
  Decimal128,
  feelNumber,
  type FeelFunction,
  type FeelNumber,
  type FeelValue,
  isList,
  isNumber,
  ofKind,
} from "./value.ts";

const items = (value: FeelValue | undefined): readonly FeelValue[] =>
  value !== undefined && isList(value) ? value : [];

/** Pays for a list and hands it on. */
function paid(run: Run, list: readonly FeelValue[]): readonly FeelValue[] {
  spendItems(run, list.length);
  return list;
}

/** Aggregates take one list or any number of values. */
function aggregate(
  name: string,
  result: string,
  work: (run: Run, list: readonly FeelValue[]) => FeelValue,
): BuiltIn {
  const one: Work = (run, [list]) => work(run, paid(run, items(list)));
  return builtIn(name, result, ["list: list", one], ["list: list...", one]);
}

const extreme =
  (sign: number) =>
  (run: Run, list: readonly FeelValue[]): FeelValue => {
    let best = list[0] ?? null;
    for (const value of list.slice(1)) {
      const order = compare(run, value, best);
      if (order === null) return null;
      if (order * sign > 0) best = value;
    }
    return best;
  };

const numeric =
  (work: (numbers: readonly FeelNumber[], run: Run) => FeelNumber | null) =>
  (run: Run, list: readonly FeelValue[]): FeelValue => {
    spend(run, list.length * 2);
    if (!list.every(isNumber))
      return nothing(run, "Cannot aggregate: expected numbers", "无法汇总：应为数字");
    if (list.length === 0)
      return nothing(run, "Cannot aggregate: the list is empty", "无法汇总：列表为空");
    const value = work(list, run);
    return value === null ? null : feelNumber(value);
  };

const total = (numbers: readonly FeelNumber[]): FeelNumber =>
  numbers.reduce((sum, one) => sum.plus(one), new Decimal128(0));
const product = (numbers: readonly FeelNumber[]): FeelNumber =>
  numbers.reduce((sum, one) => sum.times(one), new Decimal128(1));
const mean = (numbers: readonly FeelNumber[]): FeelNumber => total(numbers).div(numbers.length);
const ascending = (numbers: readonly FeelNumber[], run: Run): readonly FeelNumber[] => {
  spend(run, numbers.length * 16);
  return numbers.toSorted((a, b) => a.comparedTo(b));
};
const median = (numbers: readonly FeelNumber[], run: Run): FeelNumber => {
  const sorted = ascending(numbers, run);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle] ?? new Decimal128(0);
  return sorted.length % 2 === 1 ? high : high.plus(sorted[middle - 1] ?? high).div(2);
};
const deviation = (numbers: readonly FeelNumber[], run: Run): FeelNumber | null => {
  if (numbers.length < 2)
    return nothing(
      run,
      "Cannot take stddev: expected two numbers or more",
      "无法计算标准差：至少需要两个数字",
    );
  spend(run, costlyNumber);
  const middle = mean(numbers);
  const squares = numbers.map((one) => one.minus(middle).pow(2));
  return total(squares)
    .div(numbers.length - 1)
    .sqrt();
};

function mode(run: Run, list: readonly FeelValue[]): FeelValue {
  if (!list.every(isNumber))
    return nothing(run, "Cannot take mode: expected numbers", "无法取众数：应为数字");
  const counts = new Map<string, number>();
  for (const one of list) counts.set(one.toString(), (counts.get(one.toString()) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  const found = [...counts]
    .filter(([, count]) => count === most)
    .map(([text]) => new Decimal128(text));
  return ascending(found, run);
}

function holds(run: Run, list: readonly FeelValue[], value: FeelValue): boolean {
  return list.some((one) => equal(run, one, value) === true);
}

function distinct(run: Run, list: readonly FeelValue[]): readonly FeelValue[] {
  const found: FeelValue[] = [];
  for (const one of list) if (!holds(run, found, one)) found.push(one);
  return found;
}

const concatenated: Work = (run, [lists]) => {
  const all = items(lists).map((one) => (isList(one) ? one : [one]));
  spendItems(
    run,
    all.reduce((sum, one) => sum + one.length, 0),
  );
  return all.flat();
};

const union: Work = (run, given) => distinct(run, items(concatenated(run, given)));

function flat(run: Run, list: readonly FeelValue[], into: FeelValue[]): FeelValue[] {
  for (const one of list) {
    spend(run, 1);
    if (isList(one)) flat(run, one, into);
    else into.push(one);
  }
  return into;
}

/** The index of a position that counts from 1, or from the end below 0; null outside the list. */
function indexOf(run: Run, position: FeelValue | undefined, size: number): number | null {
  const at = position !== undefined && isNumber(position) ? position.trunc().toNumber() : 0;
  if (at !== 0 && Math.abs(at) <= size) return at > 0 ? at - 1 : size + at;
  return nothing(run, "Cannot use position: it lies outside the list", "位置超出列表范围");
}

const sublist: Work = (run, [list, start, length = null]) => {
  const all = paid(run, items(list));
  const from = indexOf(run, start, all.length);
  if (from === null) return null;
  const count = length !== null && isNumber(length) ? length.trunc().toNumber() : all.length - from;
  if (count >= 1 && from + count <= all.length) return all.slice(from, from + count);
  return nothing(
    run,
    "Cannot take sublist: the length is out of range",
    "无法取子列表：长度超出范围",
  );
};

const insertBefore: Work = (run, [list, position, item = null]) => {
  const all = paid(run, items(list));
  const at = indexOf(run, position, all.length);
  return at === null ? null : all.toSpliced(at, 0, item);
};

const remove: Work = (run, [list, position]) => {
  const all = paid(run, items(list));
  const at = indexOf(run, position, all.length);
  return at === null ? null : all.toSpliced(at, 1);
};

const replaceAt: Work = (run, [list, position, item = null]) => {
  const all = paid(run, items(list));
  const at = indexOf(run, position, all.length);
  return at === null ? null : all.with(at, item);
};

const replaceWhere: Work = (run, [list, match = null, item = null]) =>
  paid(run, items(list)).map((one) => (called(run, match, [one, item]) === true ? item : one));

function called(run: Run, work: FeelValue, given: readonly FeelValue[]): FeelValue {
  if (!ofKind(work, "function")) return null;
  if (work.invoke !== undefined)
    return work.invoke(
      run,
      given.map((value) => ({ name: null, value })),
    );
  if (work.parameters.length === given.length) return work.call(run, given);
  return nothing(
    run,
    `Cannot call function: expected ${given.length} parameters`,
    `无法调用函数：应有 ${given.length} 个参数`,
  );
}

const append: Work = (run, [given]) => {
  const [list = null, ...added] = items(given);
  const start = isList(list) ? list : [list];
  spendItems(run, start.length + added.length);
  return [...start, ...added];
};

/** Merge sort by `precedes`; stable, and bounded whatever the function answers. */
function sorted(
  run: Run,
  list: readonly FeelValue[],
  precedes: FeelFunction | null,
): readonly FeelValue[] {
  if (list.length < 2) return list;
  const middle = list.length >> 1;
  const left = sorted(run, list.slice(0, middle), precedes);
  const right = sorted(run, list.slice(middle), precedes);
  const merged: FeelValue[] = [];
  let [i, j] = [0, 0];
  while (i < left.length && j < right.length) {
    const [a = null, b = null] = [left[i], right[j]];
    if (comesFirst(run, b, a, precedes)) merged.push(right[j++] ?? null);
    else merged.push(left[i++] ?? null);
  }
  return [...merged, ...left.slice(i), ...right.slice(j)];
}

function comesFirst(run: Run, a: FeelValue, b: FeelValue, precedes: FeelFunction | null): boolean {
  spend(run, 1);
  if (precedes === null) return (compare(run, a, b) ?? 0) < 0;
  return called(run, precedes, [a, b]) === true;
}

const sort: Work = (run, [list, precedes = null]) =>
  sorted(run, paid(run, items(list)), ofKind(precedes, "function") ? precedes : null);

const positions: Work = (run, [list, match = null]) => {
  const found: FeelValue[] = [];
  for (const [index, one] of paid(run, items(list)).entries()) {
    if (equal(run, one, match) === true) found.push(feelNumber(index + 1));
  }
  return found;
};

const positioned = "list: list, position: number";

export const listFunctions: readonly BuiltIn[] = [
  builtIn("list contains", "boolean", [
    "list: list, element: any",
    (run, [list, value = null]) => holds(run, items(list), value),
  ]),
  builtIn("count", "number", ["list: list", (_, [list]) => feelNumber(items(list).length)]),
  aggregate("min", "any", extreme(-1)),
  aggregate("max", "any", extreme(1)),
  aggregate("sum", "number", numeric(total)),
  aggregate("product", "number", numeric(product)),
  aggregate("mean", "number", numeric(mean)),
  aggregate("median", "number", numeric(median)),
  aggregate("stddev", "number", numeric(deviation)),
  aggregate("mode", "list", mode),
  aggregate("all", "boolean", (_, list) => conjunction(list)),
  aggregate("any", "boolean", (_, list) => disjunction(list)),
  builtIn("sublist", "list", ["list: list, start position: number, length?: number", sublist]),
  builtIn("append", "list", ["list: list...", append]),
  builtIn("concatenate", "list", ["list: list...", concatenated]),
  builtIn("union", "list", ["list: list...", union]),
  builtIn("insert before", "list", [`${positioned}, newItem: any`, insertBefore]),
  builtIn("remove", "list", [positioned, remove]),
  builtIn(
    "list replace",
    "list",
    [`${positioned}, newItem: any`, replaceAt],
    ["list: list, match: function, newItem: any", replaceWhere],
  ),
  builtIn("reverse", "list", ["list: list", (run, [list]) => paid(run, items(list)).toReversed()]),
  builtIn("index of", "list", ["list: list, match: any", positions]),
  builtIn("distinct values", "list", ["list: list", (run, [list]) => distinct(run, items(list))]),
  builtIn("flatten", "list", [
    "list: list",
    (run, [list]) => paid(run, flat(run, items(list), [])),
  ]),
  builtIn("sort", "list", ["list: list, precedes?: function", sort]),
];
