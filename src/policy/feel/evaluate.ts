// FEEL from the outside: read a text once against the names in scope, run it as often as wanted. Nothing is thrown to
// the caller: a text that is none gives a problem, a budget that is spent gives null and says so.

import { builtIns } from "./built-ins.ts";
import { type Closure, compileExpression, compileTests } from "./compile.ts";
import type { FeelProblem } from "./feel-problem.ts";
import type { TypeLookup } from "./feel-type.ts";
import { nameTable } from "./name-table.ts";
import { type FeelParsed, namesInScope, parseExpression, parseTests } from "./parse.ts";
import { type Budget, FeelBudgetError, type Run, startRun, usualBudget } from "./run.ts";
import { emptyScope, scopeOf } from "./scope.ts";
import type { FeelDateTime } from "./temporal-value.ts";
import type { FeelValue } from "./value.ts";

const builtInNames = nameTable(builtIns.keys());

/** Names in scope together with the built-in functions. */
export function scopeNames(
  names: Iterable<string>,
  members: Iterable<string> = [],
): ReturnType<typeof namesInScope> {
  return namesInScope(names, members, builtInNames);
}

/** Options of one evaluation: a budget, and the present for `now()` and `today()`. */
export type RunOptions = Readonly<{ budget?: Budget; now?: FeelDateTime }>;

/** What came out, why parts of it are null, and how much of the budget it took. */
export type Evaluated = Readonly<{
  value: FeelValue;
  problems: readonly FeelProblem[];
  steps: number;
}>;

/** An expression ready to run with values by name. */
export type ReadyExpression = (
  values: ReadonlyMap<string, FeelValue>,
  options?: RunOptions,
) => Evaluated;

/** Tests of a cell ready to run on a value. */
export type ReadyTests = (
  value: FeelValue,
  values?: ReadonlyMap<string, FeelValue>,
  options?: RunOptions,
) => Evaluated;

/** Reads an expression; the problem says where it is wrong. */
export function readyExpression(
  text: string,
  names: Iterable<string> = [],
  types?: TypeLookup,
): FeelParsed<ReadyExpression> {
  const parsed = parseExpression(text, scopeNames(names));
  if (!parsed.ok) return parsed;
  const closure = compileExpression(parsed.value, types);
  return { ok: true, value: (values, options) => runClosure(closure, values, options) };
}

/** Reads the tests of a cell. */
export function readyTests(text: string, names: Iterable<string> = []): FeelParsed<ReadyTests> {
  const parsed = parseTests(text, scopeNames(names));
  if (!parsed.ok) return parsed;
  const tests = compileTests(parsed.value);
  const value: ReadyTests = (tested, values = new Map(), options = {}) =>
    runClosure((run, scope) => tests(run, scope, tested), values, options);
  return { ok: true, value };
}

function runClosure(
  closure: Closure,
  values: ReadonlyMap<string, FeelValue>,
  options: RunOptions = {},
): Evaluated {
  const run = startRun(options.budget ?? usualBudget, options.now ?? null);
  return bounded(run, () => closure(run, scopeOf(values, emptyScope)));
}

/** Runs work within its budget; null with the reason when that is spent. */
export function bounded(run: Run, work: () => FeelValue): Evaluated {
  try {
    const value = work();
    return { value, problems: run.problems, steps: Math.ceil(run.steps) };
  } catch (error) {
    if (!(error instanceof FeelBudgetError)) throw error;
    return { value: null, problems: [...run.problems, error.problem], steps: Math.ceil(run.steps) };
  }
}
