// The documented list of functions that an expression of a strategy may call: DMN's (1.5 §10.3.4), as far as they can be said in
// whole numbers of a proved range. The reference is printed from it, and tests try each example.

import type { Text } from "../domain/text.ts";

/** A function with a way to call it. */
export type StrategyFunction = Readonly<{ name: string; example: string }>;

export type FunctionGroup = Readonly<{ title: Text; functions: readonly StrategyFunction[] }>;

function group(zh: string, en: string, functions: Readonly<Record<string, string>>): FunctionGroup {
  const named = Object.entries(functions).map(([name, example]) => ({ name, example }));
  return { title: { zh, en }, functions: named };
}

/** Every function by what it is about. */
export const strategyFunctions: readonly FunctionGroup[] = [
  group("数字", "Numbers", {
    decimal: "decimal(drawn / 3, 2)",
    floor: "floor(drawn / 3)",
    ceiling: "ceiling(drawn / 3, 1)",
    abs: "abs(drawn - limit)",
  }),
  group("列表", "Lists", {
    min: "min(drawn, limit)",
    max: "max([drawn, limit])",
    sum: "sum([drawn, pending][item > 0])",
    count: "count([drawn, pending][item > 0])",
    all: "all([drawn > 0, pending > 0])",
    any: "any([drawn > 0, pending > 0])",
  }),
  group("真假与类型转换", "Logic and conversion", {
    not: "not(drawn > 0)",
    string: "string(drawn > 0)",
    number: 'number(if drawn > 0 then "7" else "30")',
  }),
  group("日期与时长", "Dates and durations", {
    date: 'date("2026-01-31")',
    duration: 'asOf - duration("P90D")',
    "years and months duration": 'years and months duration(date("2024-01-31"), asOf).years',
    "day of year": "day of year(asOf)",
    "week of year": "week of year(asOf)",
    "last day of month": "last day of month(asOf)",
    "day of week": "day of week(asOf)",
    "month of year": "month of year(asOf)",
  }),
  group("文本", "Texts", {
    substring: "substring(lineStatus, 1, 2)",
    "string length": "string length(lineStatus)",
    "upper case": "upper case(lineStatus)",
    "lower case": "lower case(lineStatus)",
    "substring before": 'substring before(lineStatus, "-")',
    "substring after": 'substring after(lineStatus, "-")',
    contains: 'contains(lineStatus, "clos")',
    "starts with": 'starts with(lineStatus, "clos")',
    "ends with": 'ends with(lineStatus, "ed")',
    matches: 'matches(lineStatus, "^clos(ed|ing)$")',
    replace: 'replace(lineStatus, "e", "E")',
    trim: "trim(lineStatus)",
  }),
];

/** Their names. */
export const callableNames: readonly string[] = strategyFunctions.flatMap(({ functions }) =>
  functions.map(({ name }) => name),
);
