// Decision tables (DMN 1.5 §8): every hit policy and aggregation. A table that breaks its own policy (two rows under
// UNIQUE, different answers under ANY) gives null with a reason, never one of the rows.

import { equal } from "../feel/compare.ts";
import type { Closure, TestsClosure } from "../feel/compile.ts";
import { builtIns } from "../feel/built-ins.ts";
import { nothing, type Run, spend } from "../feel/run.ts";
import type { Scope } from "../feel/scope.ts";
import { feelNumber, type FeelValue } from "../feel/value.ts";
import type { DmnRule, DmnTable, FeelSource } from "./dmn-model.ts";

/** Compiles texts in the scope of the table; what is wrong with them is reported there. */
export type TableCompiler = Readonly<{
  expression: (source: FeelSource, where: string) => Closure;
  tests: (source: FeelSource, where: string) => TestsClosure;
  /** texts of a list of values, for the order of PRIORITY and OUTPUT ORDER */
  values: (source: FeelSource, where: string) => readonly Closure[];
}>;

type Row = Readonly<{ tests: readonly TestsClosure[]; outputs: readonly Closure[] }>;
type Hit = readonly FeelValue[];
type Ready = Readonly<{
  table: DmnTable;
  inputs: readonly Readonly<{ value: Closure; allowed: TestsClosure | null; label: string }>[];
  rows: readonly Row[];
  fallbacks: readonly (Closure | null)[];
  ranks: readonly (readonly Closure[])[];
}>;

/** Compiles a table to a closure that gives its outcome. */
export function compileTable(table: DmnTable, compiler: TableCompiler): Closure {
  const ready: Ready = {
    table,
    inputs: table.inputs.map(({ label, source, allowed }) => ({
      label,
      value: compiler.expression(source, label),
      allowed: allowed && compiler.tests(allowed, label),
    })),
    rows: table.rules.map((rule) => compileRow(rule, table, compiler)),
    fallbacks: table.outputs.map(
      ({ name, fallback }) => fallback && compiler.expression(fallback, name),
    ),
    ranks: table.outputs.map(({ name, allowed }) =>
      allowed === null ? [] : compiler.values(allowed, name),
    ),
  };
  return (run, scope) => outcome(run, scope, ready);
}

function compileRow(rule: DmnRule, table: DmnTable, compiler: TableCompiler): Row {
  const where = (label: string | undefined): string => `${rule.id}, ${label ?? ""}`;
  return {
    tests: rule.inputs.map((source, at) => compiler.tests(source, where(table.inputs[at]?.label))),
    outputs: rule.outputs.map((source, at) =>
      compiler.expression(source, where(table.outputs[at]?.name)),
    ),
  };
}

function outcome(run: Run, scope: Scope, ready: Ready): FeelValue {
  const values: FeelValue[] = [];
  for (const { value, allowed, label } of ready.inputs) {
    const one = value(run, scope);
    if (allowed !== null && one !== null && allowed(run, scope, one) !== true) {
      return nothing(
        run,
        `Cannot use table: the value of ${label} is not one of its input values`,
        `无法使用决策表：${label} 的值不在允许范围内`,
      );
    }
    values.push(one);
  }
  const hits = hitsOf(run, scope, ready, values);
  if (hits.length > 0) return resolved(run, scope, ready, hits);
  return ready.fallbacks.every((one) => one === null) ? null : fallback(run, scope, ready);
}

function hitsOf(
  run: Run,
  scope: Scope,
  { rows, table }: Ready,
  values: readonly FeelValue[],
): Hit[] {
  const hits: Hit[] = [];
  for (const { tests, outputs } of rows) {
    spend(run, 1);
    const held = tests.every((test, at) => test(run, scope, values[at] ?? null) === true);
    if (!held) continue;
    hits.push(outputs.map((output) => output(run, scope)));
    if (table.hitPolicy === "FIRST") break;
  }
  return hits;
}

function fallback(run: Run, scope: Scope, ready: Ready): FeelValue {
  const hit = ready.fallbacks.map((one) => one?.(run, scope) ?? null);
  const many = ["RULE ORDER", "OUTPUT ORDER", "COLLECT"].includes(ready.table.hitPolicy);
  const one = asOutcome(ready, hit);
  return many && ready.table.aggregation === null ? [one] : one;
}

/** One output is its value, several are a context. */
function asOutcome({ table }: Ready, hit: Hit): FeelValue {
  if (table.outputs.length === 1) return hit[0] ?? null;
  return new Map(table.outputs.map(({ name }, at) => [name, hit[at] ?? null]));
}

function resolved(run: Run, scope: Scope, ready: Ready, hits: readonly Hit[]): FeelValue {
  const outcomes = hits.map((hit) => asOutcome(ready, hit));
  switch (ready.table.hitPolicy) {
    case "UNIQUE":
      if (hits.length === 1) return outcomes[0] ?? null;
      return nothing(
        run,
        `Cannot decide: ${hits.length} rows hit under UNIQUE`,
        `无法决定：UNIQUE 表命中 ${hits.length} 行`,
      );
    case "ANY":
      if (outcomes.every((one) => equal(run, one, outcomes[0] ?? null) === true))
        return outcomes[0] ?? null;
      return nothing(
        run,
        "Cannot decide: rows hit under ANY with different outcomes",
        "无法决定：ANY 表命中的各行结果不同",
      );
    case "FIRST":
      return outcomes[0] ?? null;
    case "PRIORITY":
      return byRank(run, scope, ready, hits)[0] ?? null;
    case "OUTPUT ORDER":
      return byRank(run, scope, ready, hits);
    case "RULE ORDER":
      return outcomes;
    case "COLLECT":
      return collected(run, ready, outcomes);
  }
}

/** Outcomes by the place of their outputs in the output values, the first output first; those not listed last. */
function byRank(run: Run, scope: Scope, ready: Ready, hits: readonly Hit[]): readonly FeelValue[] {
  const orders = ready.ranks.map((values) => values.map((value) => value(run, scope)));
  const ranked = hits.map((hit) => ({
    hit,
    rank: hit.map((value, at) => {
      const place = (orders[at] ?? []).findIndex((one) => equal(run, one, value) === true);
      return place === -1 ? Number.MAX_SAFE_INTEGER : place;
    }),
  }));
  spend(run, hits.length * 8);
  const sorted = ranked.toSorted((a, b) => {
    const at = a.rank.findIndex((place, index) => place !== b.rank[index]);
    return at === -1 ? 0 : (a.rank[at] ?? 0) - (b.rank[at] ?? 0);
  });
  return sorted.map(({ hit }) => asOutcome(ready, hit));
}

function collected(run: Run, { table }: Ready, outcomes: readonly FeelValue[]): FeelValue {
  const { aggregation } = table;
  if (aggregation === null) return outcomes;
  if (aggregation === "COUNT") return feelNumber(outcomes.length);
  if (table.outputs.length > 1) {
    return nothing(
      run,
      `Cannot aggregate ${aggregation}: the table has several outputs`,
      `无法汇总 ${aggregation}：决策表有多个输出`,
    );
  }
  return builtIns.get(aggregation.toLowerCase())?.call(run, [outcomes]) ?? null;
}
