// A model becomes runnable here: the requirement graph is ordered (a circle is refused), every text is compiled once,
// and decisions answer in the order of their requirements within one budget.

import type { Closure } from "../feel/compile.ts";
import type { FeelProblem } from "../feel/feel-problem.ts";
import { bounded, type RunOptions } from "../feel/evaluate.ts";
import { nothing, type Run, startRun, usualBudget } from "../feel/run.ts";
import { emptyScope, scopeOf } from "../feel/scope.ts";
import type { FeelFunction, FeelValue } from "../feel/value.ts";
import { compileLogic } from "./compile-logic.ts";
import type { DmnDecision, DmnKnowledge, DmnModel, DmnService, Requirements } from "./dmn-model.ts";
import type { DmnProblem } from "./dmn-problem.ts";
import {
  coerceToItem,
  type ItemType,
  itemTypes,
  type ItemTypes,
  unknownType,
} from "./item-type.ts";

/** What a model answers: each decision by its name, and why parts are null. */
export type DmnOutcome = Readonly<{
  decisions: ReadonlyMap<string, FeelValue>;
  problems: readonly FeelProblem[];
}>;

/** A model ready to run. `problems` block nothing by themselves: what they name answers null. */
export type ReadyModel = Readonly<{
  model: DmnModel;
  problems: readonly DmnProblem[];
  evaluate: (inputs: ReadonlyMap<string, FeelValue>, options?: RunOptions) => DmnOutcome;
}>;

type DecisionNode = Readonly<{
  kind: "decision";
  decision: DmnDecision;
  item: ItemType | undefined;
  logic: Closure;
}>;
type KnowledgeNode = Readonly<{ kind: "knowledge"; name: string; logic: Closure }>;
type Node = DecisionNode | KnowledgeNode;

/** Compiles a model and says everything that is wrong with it. */
export function compileModel(model: DmnModel): ReadyModel {
  const items = itemTypes(model);
  const problems = [...items.problems, ...duplicates(model)];
  const order = ordered(model, problems);
  const nodes = order.map((one) => compileNode(one, model, items, problems));
  for (const { name, typeRef, line } of model.inputs) {
    if (items.find(typeRef) === undefined) problems.push(unknownType(name, typeRef, line));
  }
  const evaluate = (inputs: ReadonlyMap<string, FeelValue>, options: RunOptions = {}): DmnOutcome =>
    evaluateModel(model, items, nodes, inputs, options);
  return { model, problems, evaluate };
}

type Element = DmnDecision | DmnKnowledge;

/** Decisions and knowledge, each behind what it requires. */
function ordered(model: DmnModel, problems: DmnProblem[]): readonly Element[] {
  const byId = new Map<string, Element>(
    [...model.decisions, ...model.knowledge].map((one) => [one.id, one]),
  );
  const inputs = new Set(model.inputs.map(({ id }) => id));
  const state = new Map<string, "open" | "done">();
  const order: Element[] = [];
  const visit = (element: Element, path: readonly string[]): void => {
    if (state.get(element.id) === "done") return;
    if (state.get(element.id) === "open") {
      const circle = [...path.slice(path.indexOf(element.name)), element.name].join(" → ");
      const message = {
        en: `Cannot order requirements: they form a circle: ${circle}`,
        zh: `无法排列依赖：存在循环：${circle}`,
      };
      problems.push({ code: "cycle", where: element.name, line: element.line, message });
      return;
    }
    state.set(element.id, "open");
    for (const id of requiredIds(element.requires)) {
      const required = byId.get(id);
      if (required !== undefined) visit(required, [...path, element.name]);
      else if (!inputs.has(id) && !model.services.some((one) => one.id === id)) {
        problems.push(unknownReference(element, id));
      }
    }
    state.set(element.id, "done");
    order.push(element);
  };
  for (const element of byId.values()) visit(element, []);
  return order;
}

function requiredIds({ decisions, knowledge, inputs }: Requirements): readonly string[] {
  return [...decisions, ...knowledge, ...inputs];
}

function unknownReference({ name, line }: Element, id: string): DmnProblem {
  const message = {
    en: `Cannot find what ${name} requires: ${id}`,
    zh: `找不到 ${name} 所依赖的元素：${id}`,
  };
  return { code: "unknown-reference", where: name, line, message };
}

function duplicates(model: DmnModel): readonly DmnProblem[] {
  const seen = new Set<string>();
  const problems: DmnProblem[] = [];
  for (const { name, line } of [...model.inputs, ...model.decisions, ...model.knowledge]) {
    const message = { en: `Cannot use name twice: ${name}`, zh: `名称重复：${name}` };
    if (seen.has(name)) problems.push({ code: "duplicate-name", where: name, line, message });
    seen.add(name);
  }
  return problems;
}

/** Names that an element may read: those of what it requires. */
function namesFor({ requires }: Element, model: DmnModel): readonly string[] {
  const ids = new Set(requiredIds(requires));
  const named = [...model.inputs, ...model.decisions, ...model.knowledge, ...model.services];
  return named.filter(({ id }) => ids.has(id)).map(({ name }) => name);
}

function compileNode(
  element: Element,
  model: DmnModel,
  items: ItemTypes,
  problems: DmnProblem[],
): Node {
  const place = { where: element.name, names: namesFor(element, model), items, problems };
  const logic = element.logic === null ? () => null : compileLogic(element.logic, place);
  if (!("typeRef" in element)) return { kind: "knowledge", name: element.name, logic };
  const item = items.find(element.typeRef);
  if (item === undefined) problems.push(unknownType(element.name, element.typeRef, element.line));
  return { kind: "decision", decision: element, item, logic };
}

function evaluateModel(
  model: DmnModel,
  items: ItemTypes,
  nodes: readonly Node[],
  inputs: ReadonlyMap<string, FeelValue>,
  options: RunOptions,
): DmnOutcome {
  const run = startRun(options.budget ?? usualBudget, options.now ?? null);
  const decisions = new Map<string, FeelValue>();
  const { problems } = bounded(run, () => {
    const values = inputValues(run, model, items, inputs);
    answer(run, nodes, values, decisions, model);
    return null;
  });
  for (const { name } of model.decisions) if (!decisions.has(name)) decisions.set(name, null);
  return { decisions, problems };
}

function inputValues(
  run: Run,
  model: DmnModel,
  items: ItemTypes,
  inputs: ReadonlyMap<string, FeelValue>,
): Map<string, FeelValue> {
  const values = new Map<string, FeelValue>();
  for (const { name, typeRef } of model.inputs) {
    const [item, value] = [items.find(typeRef), inputs.get(name) ?? null];
    values.set(name, item === undefined ? value : coerceToItem(run, value, item, name));
  }
  return values;
}

/** Runs the nodes in order; `given` are values that stand for decisions which are not made. */
function answer(
  run: Run,
  nodes: readonly Node[],
  values: Map<string, FeelValue>,
  decisions: Map<string, FeelValue>,
  model: DmnModel,
): void {
  for (const service of model.services) {
    values.set(service.name, serviceFunction(service, nodes, values, model));
  }
  for (const node of nodes) {
    const scope = scopeOf(values, emptyScope);
    if (node.kind === "knowledge") {
      values.set(node.name, node.logic(run, scope));
      continue;
    }
    const { decision, item } = node;
    if (values.has(decision.name)) continue;
    const value = node.logic(run, scope);
    const coerced = item === undefined ? value : coerceToItem(run, value, item, decision.name);
    values.set(decision.name, coerced);
    decisions.set(decision.name, coerced);
  }
}

/** A decision service as a function of its input data and input decisions (§10.4). */
function serviceFunction(
  service: DmnService,
  nodes: readonly Node[],
  outer: ReadonlyMap<string, FeelValue>,
  model: DmnModel,
): FeelFunction {
  const nameOf = (id: string): string =>
    [...model.inputs, ...model.decisions].find((one) => one.id === id)?.name ?? id;
  const parameters = [...service.inputs, ...service.inputDecisions].map(nameOf);
  const inside = new Set([...service.outputs, ...service.encapsulated]);
  const own = nodes.filter((node) => node.kind === "knowledge" || inside.has(node.decision.id));
  return {
    ...{ kind: "function", name: service.name, parameters },
    call: (run, given) => {
      if (run.depth > 0)
        return nothing(
          run,
          "Cannot call service: services do not nest",
          "无法调用决策服务：不支持嵌套",
        );
      const values = new Map<string, FeelValue>(
        parameters.map((name, at) => [name, given[at] ?? null]),
      );
      for (const { name } of model.services) values.set(name, outer.get(name) ?? null);
      const decisions = new Map<string, FeelValue>();
      run.depth += 1;
      answer(run, own, values, decisions, { ...model, services: [] });
      run.depth -= 1;
      const outputs = service.outputs.map(
        (id) => [nameOf(id), decisions.get(nameOf(id)) ?? null] as const,
      );
      return outputs.length === 1 ? (outputs[0]?.[1] ?? null) : new Map(outputs);
    },
  };
}
