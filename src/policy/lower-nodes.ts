// Nodes that compute: model references, whose value a scorer fills in as if it were a fact, and expressions over whatever
// was decided before them. An expression is lowered as soon as everything that it reads is known, wherever it stands in
// the document; what is left at the end reads itself, by whatever way, and is refused as a circle.

import type { FactDeclaration } from "../domain/facts.ts";
import { currencyExponents, scaledInteger } from "../domain/money.ts";
import { type Expression, partsOf } from "./feel/ast.ts";
import { scopeNames } from "./feel/evaluate.ts";
import {
  FeelSyntaxError,
  type FeelProblem,
  refuse,
  type Span,
  stateOf,
} from "./feel/feel-problem.ts";
import { parseExpression } from "./feel/parse.ts";
import type { ExpressionIr, FactIr } from "./ir.ts";
import { checkUnique, factIr } from "./lower-facts.ts";
import { lowerFeel } from "./lower-feel.ts";
import { addOperand, findOperand, type Lowering } from "./lowering.ts";
import { declaredType, type Operand, type OperandType } from "./operand.ts";
import { pointer, shown } from "./problem.ts";
import type { ExpressionNode, ModelReference, Strategy } from "./strategy.ts";
import { slotsOf } from "./expression.ts";
import {
  type BooleanValue,
  type NumberValue,
  stepBuilder,
  type Typed,
  withScale,
} from "./typed-steps.ts";

/** Lowers model references: values that a line may come with, unknown until a scorer has filled them in. */
export function lowerModels(lowering: Lowering): FactIr[] {
  const models = lowering.strategy.models ?? [];
  const ids = models.map(({ id }) => id);
  checkUnique(lowering, "model", ids, "/models");
  return models.flatMap((model, at) => {
    const path = pointer("/models", at);
    model.inputs.forEach((name, place) => findOperand(lowering, name, `${path}/inputs/${place}`));
    const declaration = modelDeclaration(model);
    const type = declaredType(declaration, lowering.strategy.currency);
    const bounded = type?.kind === "number" && type.low <= type.high;
    const neutral = bounded ? neutralOf(model, type) : null;
    if (bounded && (model.neutral === undefined || neutral !== null)) {
      return [factIr(lowering, declaration, type, neutral)];
    }
    lowering.problems.add(
      "out-of-range",
      path,
      `Cannot use model "${model.id}": found values from ${shown(model.minimum)} to ${shown(model.maximum)}, neutral ${shown(model.neutral)}, expected a range at scale ${model.scale ?? 0} with the neutral value inside`,
      `无法使用模型“${model.id}”：取值范围为 ${shown(model.minimum)} 至 ${shown(model.maximum)}，中性值 ${shown(model.neutral)}；应为小数位 ${model.scale ?? 0} 的范围，中性值在其内`,
    );
    return [];
  });
}

/** Everything that a line can come with: the facts of the dictionary, and models as facts of their own. */
export function givenFacts({ facts, models = [] }: Strategy): readonly FactDeclaration[] {
  return [...facts, ...models.map(modelDeclaration)];
}

/** A model as evaluation, check and explanation see it: a fact that is called `model.ID`. */
function modelDeclaration(model: ModelReference): FactDeclaration {
  const { id, label, scale = 0, minimum, maximum, neutral, harsherWhen } = model;
  return {
    ...{ name: `model.${id}`, label, type: "number", scale, minimum, maximum, source: "model" },
    ...{ missing: "unknown", sensitivity: "financial" },
    ...(neutral === undefined ? {} : { neutral }),
    ...(harsherWhen === undefined ? {} : { harsherWhen }),
  };
}

function neutralOf({ neutral }: ModelReference, type: OperandType): number | null {
  if (neutral === undefined || type.kind !== "number") return null;
  const value = scaledInteger(neutral, type.scale);
  return value !== null && value >= type.low && value <= type.high ? value : null;
}

type Waiting = Readonly<{
  node: ExpressionNode;
  path: string;
  tree: Expression;
  reads: readonly string[];
}>;

/** Expressions that wait for something that is not decided yet. */
export type Expressions = { readonly ready: ExpressionIr[]; waiting: readonly Waiting[] };

/** Reads all expressions; none is lowered before {@link lowerReady}. */
export function readExpressions(lowering: Lowering): Expressions {
  const nodes = lowering.strategy.expressions ?? [];
  checkUnique(
    lowering,
    "expression",
    nodes.map(({ id }) => id),
    "/expressions",
  );
  const names = new Set(allNames(lowering));
  const waiting = nodes.flatMap((node, at): Waiting[] => {
    const path = pointer("/expressions", at);
    const parsed = parseExpression(node.feel, scopeNames(names));
    if (!parsed.ok) {
      report(lowering, node, path, parsed.problem);
      return [];
    }
    const reads = namesIn(parsed.value).filter((name) => names.has(name));
    return [{ node, path, tree: parsed.value, reads }];
  });
  for (const { node } of waiting) lowering.later.add(nameOf(node));
  return { ready: [], waiting };
}

function nameOf({ id }: ExpressionNode): string {
  return `expression.${id}`;
}

/** Every name that the document makes known somewhere. */
function allNames({ strategy, operands }: Lowering): readonly string[] {
  const { scores, tables, segmentation, grades, expressions = [] } = strategy;
  return [
    ...operands.keys(),
    ...expressions.map(nameOf),
    ...(segmentation.length > 0 ? ["segment"] : []),
    ...(grades === null ? [] : ["grade"]),
    ...scores.map(({ id }) => `score.${id}`),
    ...tables.flatMap(({ id, outputs }) => outputs.map(({ name }) => `table.${id}.${name}`)),
  ];
}

function namesIn(tree: Expression): readonly string[] {
  const own = tree.kind === "name" ? [tree.name] : [];
  return [...own, ...partsOf(tree).flatMap(namesIn)];
}

/** Lowers whatever can be lowered by now; `after` is the table that was lowered last, see {@link ExpressionIr}. */
export function lowerReady(lowering: Lowering, expressions: Expressions, after: number): void {
  for (;;) {
    const isReady = ({ reads }: Waiting): boolean =>
      reads.every((name) => lowering.operands.has(name) || lowering.lists.has(name));
    const ready = expressions.waiting.filter(isReady);
    if (ready.length === 0) return;
    expressions.waiting = expressions.waiting.filter((one) => !isReady(one));
    for (const one of ready) {
      const lowered = lowerOne(lowering, one, after);
      if (lowered !== null) expressions.ready.push(lowered);
    }
  }
}

/** Refuses what still waits: it reads itself, or something that does, or a list. */
export function refuseCircles(lowering: Lowering, { waiting }: Expressions): void {
  for (const { node, path, reads } of waiting) {
    const open = reads.filter((name) => !lowering.operands.has(name));
    lowering.problems.add(
      "cycle",
      `${path}/feel`,
      `Cannot order expression "${node.id}": found that it reads ${open.join(", ")}, which rests on it or on another circle, expected only what is decided before it`,
      `无法排列表达式“${node.id}”：它读取 ${open.join("、")}，而后者又依赖它或另一循环，应只读取在它之前得出的结果`,
    );
  }
}

function report(
  lowering: Lowering,
  { id, feel }: ExpressionNode,
  path: string,
  { span, message }: FeelProblem,
): void {
  const [state, place] = [stateOf(message), span.at + 1];
  lowering.problems.add(
    "syntax",
    `${path}/feel`,
    `Cannot use expression "${id}" at character ${place}: ${state.en}`,
    `无法使用表达式“${id}”第 ${place} 个字符：${state.zh}`,
    { text: feel, at: span.at, length: span.length },
  );
}

function lowerOne(lowering: Lowering, waiting: Waiting, after: number): ExpressionIr | null {
  const { node, path, tree } = waiting;
  const builder = stepBuilder();
  const read = new Set<Operand>();
  const operand = (name: string, span: Span): Operand => {
    const found =
      lowering.operands.get(name) === undefined ? null : findOperand(lowering, name, path);
    if (found === null) return unknownName(lowering, name, span);
    read.add(found);
    return found;
  };
  try {
    const place = {
      builder,
      operand,
      locals: new Map(),
      present: new Set<string>(),
      lower: lowerFeel,
    };
    const value = lowerFeel(place, tree);
    const result = resultOf(lowering, node, value, tree.span, (number, scale) =>
      withScale(builder, number, scale, tree.span),
    );
    // The result is the last step, also where an earlier one already is that value.
    const steps = [...builder.steps.slice(0, result.at + 1)];
    const { slot } = addExpression(lowering, node, result, [...read]);
    const { id, label, feel } = node;
    const { type } = lowering.operands.get(nameOf(node))!;
    return { id, label, slot, type, feel, steps, after, reads: slotsOf(steps) };
  } catch (error) {
    if (!(error instanceof FeelSyntaxError)) throw error;
    report(lowering, node, path, error.problem);
    lowering.later.delete(nameOf(node));
    return null;
  }
}

function unknownName(lowering: Lowering, name: string, span: Span): never {
  const isProtected = lowering.declarations.get(name)?.sensitivity === "protected";
  return refuse(
    "unknown-name",
    span,
    isProtected
      ? `Cannot use expression: found protected fact "${name}", expected only facts that may reach an outcome`
      : `Cannot use expression: found unknown name "${name}", expected a declared fact or something decided earlier`,
    isProtected
      ? `无法使用表达式：发现受保护的事实“${name}”，只能读取可影响结果的事实`
      : `无法使用表达式：发现未知名称“${name}”，应为已声明的事实或之前已得出的结果`,
  );
}

/** The value in the type that the node declares; refuses another kind, and decimals that would be lost. */
function resultOf(
  lowering: Lowering,
  { type, scale: declared }: ExpressionNode,
  value: Typed,
  span: Span,
  scaled: (value: NumberValue, scale: number) => NumberValue,
): NumberValue | BooleanValue {
  const found = value.kind === "number" ? `${value.scale} decimals` : value.kind;
  const mismatch = (en: string, zh: string): never =>
    refuse(
      "type-mismatch",
      span,
      `Cannot use expression: found ${found}, expected ${en}`,
      `无法使用表达式：发现 ${found}，应为${zh}`,
    );
  if (type === "boolean") {
    return value.kind === "boolean" ? value : mismatch("true or false", "真假值");
  }
  const scale = type === "money" ? currencyExponents[lowering.strategy.currency] : (declared ?? 0);
  if (value.kind !== "number") return mismatch(`a value of type ${type}`, `${type} 类型的值`);
  if (value.scale <= scale) return scaled(value, scale);
  return mismatch(
    `at most the ${scale} that are declared: round with decimal(…, ${scale})`,
    `不超过声明的 ${scale} 位：请用 decimal(…, ${scale}) 取整`,
  );
}

function addExpression(
  lowering: Lowering,
  node: ExpressionNode,
  value: NumberValue | BooleanValue,
  read: readonly Operand[],
): Operand {
  const scores = new Set(read.map(({ score }) => score).filter((score) => score !== null));
  const [score] = scores;
  const tables = read.flatMap(({ table, through }) => [...(table < 0 ? [] : [table]), ...through]);
  const name = nameOf(node);
  lowering.later.delete(name);
  const type: OperandType =
    value.kind === "boolean"
      ? { kind: "boolean" }
      : {
          kind: node.type === "money" ? "money" : "number",
          ...{ scale: value.scale, low: value.low, high: value.high },
        };
  return addOperand(lowering, {
    ...{ name, type, nullable: value.nullable, label: node.label },
    facts: new Set(read.flatMap(({ facts }) => [...facts])),
    ...{ table: -1, through: [...new Set(tables)] },
    score: scores.size === 1 && score !== undefined ? score : null,
  });
}
