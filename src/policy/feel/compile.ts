// A syntax tree becomes closures once and runs many times; no text is ever turned into code. Every node pays a step, and
// what goes wrong while running is null with a recorded reason (DMN 1.5 §10.3.2.13), never an exception.

import { type Expression, type Iteration, partsOf, type UnaryTestsTree } from "./ast.ts";
import { calculate, negate } from "./arithmetic.ts";
import { builtIns } from "./built-ins.ts";
import { compare, equal, inRange, matches } from "./compare.ts";
import {
  compileFilter,
  compileLoop,
  compileQuantifier,
  type RunningIteration,
} from "./compile-lists.ts";
import { anyType, conforms, isInstance, resolveType, type TypeLookup } from "./feel-type.ts";
import { conjunction, disjunction, negation } from "./logic.ts";
import { memberOf } from "./members.ts";
import { deeper, nothing, type Run, spend, spendItems } from "./run.ts";
import { lookUp, type Scope, scopeOf } from "./scope.ts";
import { parseTemporal } from "./temporal.ts";
import {
  feelNumber,
  type FeelFunction,
  type FeelRange,
  type FeelValue,
  isContext,
  kindOf,
  ofKind,
} from "./value.ts";

/** A compiled expression. */
export type Closure = (run: Run, scope: Scope) => FeelValue;

/** Compiled tests of a cell: does the value pass? null when it cannot be told. */
export type TestsClosure = (run: Run, scope: Scope, value: FeelValue) => boolean | null;

const noTypes: TypeLookup = () => undefined;

/** Compiles an expression. */
export function compileExpression(tree: Expression, types: TypeLookup = noTypes): Closure {
  const closure = shape(tree, types);
  const { span } = tree;
  return (run, scope) => {
    spend(run, 1);
    run.span = span;
    return closure(run, scope);
  };
}

/** Compiles the tests of a cell. */
export function compileTests(tree: UnaryTestsTree, types: TypeLookup = noTypes): TestsClosure {
  if (tree.kind === "any") return () => true;
  const tests = tree.tests.map(({ expression, usesInput }) => {
    const closure = compileTest(expression, types);
    return (run: Run, scope: Scope, value: FeelValue): boolean | null =>
      closure(run, scope, value, usesInput);
  });
  return (run, scope, value) => {
    const inner = scopeOf(new Map([["?", value]]), scope);
    const held = disjunction(results(tests, run, inner, value));
    return tree.negated ? negation(held) : held;
  };
}

function* results(
  tests: readonly TestsClosure[],
  run: Run,
  scope: Scope,
  value: FeelValue,
): Generator<boolean | null> {
  for (const test of tests) yield test(run, scope, value);
}

type TestClosure = (run: Run, scope: Scope, value: FeelValue, usesInput: boolean) => boolean | null;

function compileTest(tree: Expression, types: TypeLookup): TestClosure {
  if (tree.kind === "test") {
    const operand = compileExpression(tree.operand, types);
    const { sign } = tree;
    return (run, scope, value) => compared(run, sign, value, operand(run, scope));
  }
  const closure = compileExpression(tree, types);
  return (run, scope, value, usesInput) => {
    const test = closure(run, scope);
    if (usesInput && (test === null || typeof test === "boolean")) return test;
    if (test === true && typeof value !== "boolean" && value !== null) return true;
    return matches(run, value, test);
  };
}

function compared(run: Run, sign: string, left: FeelValue, right: FeelValue): boolean | null {
  if (sign === "=") return equal(run, left, right);
  if (sign === "!=") return negation(equal(run, left, right));
  const order = compare(run, left, right);
  if (order === null) return null;
  switch (sign) {
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    default:
      return order >= 0;
  }
}

function shape(tree: Expression, types: TypeLookup): Closure {
  const part = (one: Expression): Closure => compileExpression(one, types);
  switch (tree.kind) {
    case "number":
    case "string":
    case "boolean":
    case "null":
    case "temporal":
      return literal(tree);
    case "name":
      return name(tree.name);
    case "path": {
      const [of, { member }] = [part(tree.of), tree];
      return (run, scope) => memberOf(run, of(run, scope), member);
    }
    case "filter":
      return compileFilter(part(tree.of), part(tree.by));
    case "call":
      return call(tree, part);
    case "negate": {
      const of = part(tree.of);
      return (run, scope) => negate(run, of(run, scope));
    }
    case "arithmetic": {
      const [left, right, { sign }] = [part(tree.left), part(tree.right), tree];
      return (run, scope) => calculate(run, sign, left(run, scope), right(run, scope));
    }
    case "comparison": {
      const [left, right, { sign }] = [part(tree.left), part(tree.right), tree];
      return (run, scope) => compared(run, sign, left(run, scope), right(run, scope));
    }
    case "and":
    case "or":
      return joined(tree.kind, tree.parts.map(part));
    case "if":
      return conditional(part(tree.test), part(tree.then), part(tree.otherwise));
    case "for":
      return compileLoop(
        iterations(tree.iterations, part),
        part(tree.result),
        reads(tree.result, "partial"),
      );
    case "some":
    case "every":
      return compileQuantifier(tree.kind, iterations(tree.iterations, part), part(tree.satisfies));
    default:
      return built(tree, types, part);
  }
}

function reads(tree: Expression, wanted: string): boolean {
  if (tree.kind === "name") return tree.name === wanted;
  return partsOf(tree).some((one) => reads(one, wanted));
}

type Part = (one: Expression) => Closure;

function built(tree: Expression, types: TypeLookup, part: Part): Closure {
  switch (tree.kind) {
    case "between":
      return between(part(tree.of), part(tree.low), part(tree.high));
    case "in":
      return inTests(part(tree.of), tree.tests, types);
    case "instance-of": {
      const [of, type] = [part(tree.of), resolveType(tree.type, types)];
      return (run, scope) => {
        const value = of(run, scope);
        if (type === undefined)
          return nothing(run, "Cannot test type: it is unknown", "无法判断类型：类型未知");
        return isInstance(value, type, () => spend(run, 1));
      };
    }
    case "list": {
      const items = tree.items.map(part);
      return (run, scope) => {
        spendItems(run, items.length);
        return items.map((item) => item(run, scope));
      };
    }
    case "context":
      return contextOf(tree.entries.map(([name, value]) => [name, part(value)]));
    case "function":
      return functionOf(tree, types, part(tree.body));
    case "range":
      return rangeOf(tree, part);
    default: {
      const en = "Cannot evaluate test: it stands outside a cell";
      return (run) => nothing(run, en, "无法求值：测试不在单元格内");
    }
  }
}

function literal(tree: Expression): Closure {
  switch (tree.kind) {
    case "number": {
      const value = feelNumber(tree.text);
      return () => value;
    }
    case "string":
    case "boolean": {
      const { value } = tree;
      return () => value;
    }
    case "temporal": {
      const value = parseTemporal(tree.text);
      return (run) =>
        value ??
        nothing(
          run,
          `Cannot read ${tree.text}: it is no date, time or duration`,
          `无法读取 ${tree.text}：不是日期、时间或时长`,
        );
    }
    default:
      return () => null;
  }
}

function name(text: string): Closure {
  return (run, scope) => {
    const value = lookUp(scope, text) ?? builtIns.get(text);
    if (value !== undefined) return value;
    return nothing(
      run,
      `Cannot read ${text}: no such name in scope`,
      `无法读取 ${text}：没有此名称`,
    );
  };
}

function joined(kind: "and" | "or", parts: readonly Closure[]): Closure {
  const decide = kind === "and" ? conjunction : disjunction;
  return (run, scope) => {
    const values = function* (): Generator<FeelValue> {
      for (const part of parts) yield part(run, scope);
    };
    return decide(values());
  };
}

function conditional(test: Closure, then: Closure, otherwise: Closure): Closure {
  return (run, scope) => (test(run, scope) === true ? then(run, scope) : otherwise(run, scope));
}

function between(of: Closure, low: Closure, high: Closure): Closure {
  return (run, scope) => {
    const value = of(run, scope);
    const range: FeelRange = {
      ...{ kind: "range", from: low(run, scope), to: high(run, scope) },
      ...{ fromIncluded: true, toIncluded: true },
    };
    if (range.from === null || range.to === null) return compared(run, ">=", value, null);
    return inRange(run, value, range);
  };
}

function inTests(of: Closure, trees: readonly Expression[], types: TypeLookup): Closure {
  const tests = trees.map((tree) => compileTest(tree, types));
  return (run, scope) => {
    const value = of(run, scope);
    const values = function* (): Generator<FeelValue> {
      for (const test of tests) yield test(run, scope, value, false);
    };
    return disjunction(values());
  };
}

function contextOf(entries: readonly (readonly [string, Closure])[]): Closure {
  return (run, scope) => {
    spendItems(run, entries.length);
    const values = new Map<string, FeelValue>();
    const inner = scopeOf(values, scope);
    for (const [key, value] of entries) values.set(key, value(run, inner));
    return values;
  };
}

function functionOf(
  tree: Extract<Expression, { kind: "function" }>,
  types: TypeLookup,
  body: Closure,
): Closure {
  const parameters = tree.parameters.map((one) => one.name);
  const expected = tree.parameters.map(({ type }) =>
    type === null ? undefined : resolveType(type, types),
  );
  const levels = tree.body.depth + 1;
  return (_, scope): FeelFunction => ({
    ...{ kind: "function", name: "function", parameters },
    call: (run, given) => {
      const wrong = given.findIndex(
        (value, at) => !conforms(value, expected[at] ?? anyType, () => spend(run, 1)),
      );
      if (wrong !== -1) return wrongArgument(run, parameters[wrong] ?? "");
      const values = new Map(parameters.map((key, at) => [key, given[at] ?? null]));
      return deeper(run, levels, () => body(run, scopeOf(values, scope)));
    },
  });
}

function wrongArgument(run: Run, parameter: string): null {
  const en = `Cannot call function: ${parameter} has another type`;
  return nothing(run, en, `无法调用函数：参数 ${parameter} 类型不符`);
}

function rangeOf(tree: Extract<Expression, { kind: "range" }>, part: Part): Closure {
  const [from, to] = [tree.from && part(tree.from), tree.to && part(tree.to)];
  const { fromIncluded, toIncluded } = tree;
  return (run, scope) => {
    const [low, high] = [from?.(run, scope) ?? null, to?.(run, scope) ?? null];
    const missing = (from !== null && low === null) || (to !== null && high === null);
    if (missing || (low !== null && high !== null && kindOf(low) !== kindOf(high))) {
      return nothing(
        run,
        "Cannot make range: its ends must be of one kind",
        "无法构成区间：两端类型须一致",
      );
    }
    return { kind: "range", from: low, to: high, fromIncluded, toIncluded };
  };
}

function iterations(trees: readonly Iteration[], part: Part): readonly RunningIteration[] {
  return trees.map(({ name, from, to }) => ({ name, from: part(from), to: to && part(to) }));
}

function call(tree: Extract<Expression, { kind: "call" }>, part: Part): Closure {
  const target = part(tree.target);
  const given = tree.arguments.map(({ name, value }) => ({ name, value: part(value) }));
  return (run, scope) => {
    const called = target(run, scope);
    if (!ofKind(called, "function")) return notCallable(run, called);
    const values = given.map(({ name, value }) => ({ name, value: value(run, scope) }));
    run.span = tree.span;
    if (called.invoke !== undefined) return called.invoke(run, values);
    return callByPlace(run, called, values);
  };
}

function notCallable(run: Run, value: FeelValue): null {
  const kind = isContext(value) ? "context" : kindOf(value);
  return nothing(
    run,
    `Cannot call: found ${kind}, expected function`,
    `无法调用：类型为 ${kind}，应为函数`,
  );
}

function callByPlace(
  run: Run,
  called: FeelFunction,
  given: readonly Readonly<{ name: string | null; value: FeelValue }>[],
): FeelValue {
  const { parameters } = called;
  const places = given.map(({ name }, at) => (name === null ? at : parameters.indexOf(name)));
  if (
    given.length !== parameters.length ||
    new Set(places).size !== places.length ||
    places.includes(-1)
  ) {
    const wanted = parameters.join(", ");
    return nothing(
      run,
      `Cannot call function: expected (${wanted})`,
      `无法调用函数：参数应为（${wanted}）`,
    );
  }
  const ordered: FeelValue[] = parameters.map(() => null);
  for (const [index, { value }] of given.entries()) ordered[places[index] ?? 0] = value;
  return called.call(run, ordered);
}
