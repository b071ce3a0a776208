// Boxed expressions of DMN 1.5 (§10.2) become closures over the same scopes as FEEL: literals, tables, contexts, lists,
// relations, functions, invocations, conditionals, loops, quantifiers and filters. Names in scope are known here, so that names with spaces resolve.

import {
  type Closure,
  compileExpression,
  compileTests,
  type TestsClosure,
} from "../feel/compile.ts";
import { compileFilter, compileLoop, compileQuantifier } from "../feel/compile-lists.ts";
import { scopeNames } from "../feel/evaluate.ts";
import type { TypeLookup } from "../feel/feel-type.ts";
import { parseExpression, parseTests } from "../feel/parse.ts";
import { deeper, nothing, spendItems } from "../feel/run.ts";
import { scopeOf } from "../feel/scope.ts";
import { type FeelFunction, type FeelValue, ofKind } from "../feel/value.ts";
import { compileTable } from "./compile-table.ts";
import type { DmnEntry, DmnExpression, FeelSource } from "./dmn-model.ts";
import { type DmnProblem, feelInModel } from "./dmn-problem.ts";
import { coerceToItem, type ItemTypes } from "./item-type.ts";

/** What logic is compiled against. */
export type LogicPlace = Readonly<{
  where: string;
  names: readonly string[];
  items: ItemTypes;
  problems: DmnProblem[];
}>;

/** How many levels of the budget a call of boxed logic takes. */
const callLevels = 40;

/** Compiles logic; what is wrong with its texts is added to the problems of the place. */
export function compileLogic(logic: DmnExpression, place: LogicPlace): Closure {
  switch (logic.kind) {
    case "literal":
      return compileText(logic.source, place);
    case "table":
      return compileTable(logic.table, {
        expression: (source, where) => compileText(source, within(place, where)),
        tests: (source, where) => compileCell(source, within(place, where)),
        values: (source, where) => compileValues(source, within(place, where)),
      });
    case "context":
      return compileContext(logic.entries, logic.result, place);
    case "list": {
      const items = logic.items.map((item) => compileLogic(item, place));
      return (run, scope) => items.map((item) => item(run, scope));
    }
    case "relation":
      return compileRelation(logic, place);
    case "function":
      return compileFunction(logic, place);
    case "invocation":
      return compileInvocation(logic, place);
    case "for":
    case "some":
    case "every": {
      const names = [...place.names, logic.variable, ...(logic.kind === "for" ? ["partial"] : [])];
      const body = compileLogic(logic.body, { ...place, names });
      const over = { name: logic.variable, from: compileLogic(logic.over, place), to: null };
      return logic.kind === "for"
        ? compileLoop([over], body, true)
        : compileQuantifier(logic.kind, [over], body);
    }
    case "filter": {
      const match = compileLogic(logic.match, { ...place, names: [...place.names, "item"] });
      return compileFilter(compileLogic(logic.over, place), match);
    }
    case "conditional": {
      const [test, then, otherwise] = [logic.test, logic.then, logic.otherwise].map((part) =>
        compileLogic(part, place),
      );
      return (run, scope) => {
        const chosen = test?.(run, scope) === true ? then : otherwise;
        return chosen?.(run, scope) ?? null;
      };
    }
  }
}

function within(place: LogicPlace, where: string): LogicPlace {
  return where === "" ? place : { ...place, where: `${place.where}: ${where}` };
}

const typesOf =
  ({ items }: LogicPlace): TypeLookup =>
  (name) =>
    items.find(name)?.type;

function compileText({ text, line }: FeelSource, place: LogicPlace): Closure {
  if (text.trim() === "") return () => null;
  const parsed = parseExpression(text, scopeNames(place.names, place.items.members));
  if (parsed.ok) return compileExpression(parsed.value, typesOf(place));
  place.problems.push(feelInModel(place.where, line, text, parsed.problem));
  return () => null;
}

function compileCell({ text, line }: FeelSource, place: LogicPlace): TestsClosure {
  if (text.trim() === "") return () => true;
  const parsed = parseTests(text, scopeNames(place.names, place.items.members));
  if (parsed.ok) return compileTests(parsed.value, typesOf(place));
  place.problems.push(feelInModel(place.where, line, text, parsed.problem));
  return () => null;
}

/** The values of a list of output values; tests that are no values have no rank. */
function compileValues({ text, line }: FeelSource, place: LogicPlace): readonly Closure[] {
  const parsed = parseTests(text, scopeNames(place.names, place.items.members));
  if (!parsed.ok) {
    place.problems.push(feelInModel(place.where, line, text, parsed.problem));
    return [];
  }
  if (parsed.value.kind === "any") return [];
  return parsed.value.tests
    .filter(({ expression }) => expression.kind !== "test")
    .map(({ expression }) => compileExpression(expression, typesOf(place)));
}

function compileContext(
  entries: readonly DmnEntry[],
  result: DmnExpression | null,
  place: LogicPlace,
): Closure {
  const names = [...place.names];
  const compiled = entries.map(({ name, typeRef, value }) => {
    const entry = {
      name,
      item: place.items.find(typeRef),
      value: compileLogic(value, { ...place, names: [...names] }),
    };
    names.push(name);
    return entry;
  });
  const last = result && compileLogic(result, { ...place, names });
  return (run, scope) => {
    spendItems(run, compiled.length);
    const values = new Map<string, FeelValue>();
    const inner = scopeOf(values, scope);
    for (const { name, item, value } of compiled) {
      const one = value(run, inner);
      values.set(name, item === undefined ? one : coerceToItem(run, one, item, name));
    }
    return last === null ? values : last(run, inner);
  };
}

function compileRelation(
  { columns, rows }: Extract<DmnExpression, { kind: "relation" }>,
  place: LogicPlace,
): Closure {
  const compiled = rows.map((row) => row.map((cell) => compileLogic(cell, place)));
  return (run, scope) =>
    compiled.map((row) => {
      spendItems(run, columns.length);
      return new Map(columns.map((name, at) => [name, row[at]?.(run, scope) ?? null]));
    });
}

function compileFunction(
  { parameters, body }: Extract<DmnExpression, { kind: "function" }>,
  place: LogicPlace,
): Closure {
  const names = parameters.map(({ name }) => name);
  const types = parameters.map(({ typeRef }) => place.items.find(typeRef));
  const inner = compileLogic(body, { ...place, names: [...place.names, ...names] });
  return (_, scope): FeelFunction => ({
    ...{ kind: "function", name: place.where, parameters: names },
    call: (run, given) => {
      const values = new Map<string, FeelValue>();
      for (const [at, name] of names.entries()) {
        const [type, value] = [types[at], given[at] ?? null];
        values.set(name, type === undefined ? value : coerceToItem(run, value, type, name));
      }
      return deeper(run, callLevels, () => inner(run, scopeOf(values, scope)));
    },
  });
}

function compileInvocation(
  { target, bindings }: Extract<DmnExpression, { kind: "invocation" }>,
  place: LogicPlace,
): Closure {
  const called = compileLogic(target, place);
  const given = bindings.map(({ name, value }) => ({ name, value: compileLogic(value, place) }));
  return (run, scope) => {
    const work = called(run, scope);
    if (!ofKind(work, "function")) {
      return nothing(
        run,
        `Cannot invoke: ${place.where} names no function`,
        `无法调用：${place.where} 不是函数`,
      );
    }
    const values = new Map(given.map(({ name, value }) => [name, value(run, scope)]));
    if (work.invoke !== undefined) {
      return work.invoke(
        run,
        [...values].map(([name, value]) => ({ name, value })),
      );
    }
    const missing = work.parameters.find((name) => !values.has(name));
    if (missing !== undefined || values.size !== work.parameters.length) {
      return nothing(
        run,
        `Cannot invoke: expected ${work.parameters.join(", ")}`,
        `无法调用：参数应为 ${work.parameters.join(", ")}`,
      );
    }
    return work.call(
      run,
      work.parameters.map((name) => values.get(name) ?? null),
    );
  };
}
