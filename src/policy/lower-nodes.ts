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
import { startRun } from "./feel/run.ts";
import type { ExpressionIr, FactIr } from "./ir.ts";
import { checkFields, checkUnique, factIr } from "./lower-facts.ts";
import { lowerFeel } from "./lower-feel.ts";
import { addOperand, findOperand, type Lowering } from "./lowering.ts";
import { declaredType, domainOf, type Operand, type OperandType } from "./operand.ts";
import { pointer, shown } from "./problem.ts";
import type { ExpressionNode, ModelReference, Strategy } from "./strategy.ts";
import { slotsOf, type Steps } from "./expression.ts";
import { among } from "./typed-compare.ts";
import {
  both,
  type BooleanValue,
  type Builder,
  chosen,
  constantAt,
  type DateValue,
  mismatch,
  type NumberValue,
  ordered,
  stepBuilder,
  type TextValue,
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
  const { id, label, scale = 0, unit, minimum, maximum, neutral, harsherWhen } = model;
  return {
    ...{ name: `model.${id}`, label, type: "number", scale, minimum, maximum, source: "model" },
    ...{ missing: "unknown", sensitivity: "financial" },
    ...(unit === undefined ? {} : { unit }),
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
    checkFields(lowering, node, path);
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

type Lowered = Readonly<{ steps: Steps; result: Result; read: readonly Operand[] }>;

/** The steps of an expression; of one without a node, whatever type it has. Throws a FeelSyntaxError where it has none. */
function stepsOf(
  lowering: Lowering,
  node: ExpressionNode | null,
  tree: Expression,
  path: string,
): Lowered | null {
  const builder = stepBuilder();
  const read = new Set<Operand>();
  const operand = (name: string, span: Span): Operand => {
    const found =
      lowering.operands.get(name) === undefined ? null : findOperand(lowering, name, path);
    if (found === null) return unknownName(lowering, name, span);
    read.add(found);
    return found;
  };
  const known = { locals: new Map(), present: new Set<string>(), lower: lowerFeel };
  const value = lowerFeel({ builder, run: startRun(), operand, ...known }, tree);
  if (node === null) return null;
  const result = resultOf(lowering, node, value, builder, tree.span);
  // The result is the last step, also where an earlier one already is that value.
  return { steps: builder.steps.slice(0, result.at + 1), result, read: [...read] };
}

function lowerOne(lowering: Lowering, waiting: Waiting, after: number): ExpressionIr | null {
  const { node, path, tree } = waiting;
  try {
    const { steps, result, read } = stepsOf(lowering, node, tree, path)!;
    const { slot, type } = addExpression(lowering, node, result, read);
    const { id, label, feel } = node;
    return { id, label, slot, type, feel, steps, after, reads: slotsOf(steps) };
  } catch (error) {
    if (!(error instanceof FeelSyntaxError)) throw error;
    report(lowering, node, path, error.problem);
    lowering.later.delete(nameOf(node));
    return null;
  }
}

/** What is wrong with the text of an expression while it is typed, against everything that the document makes known. */
export function expressionProblem(
  lowering: Lowering,
  id: string,
  feel: string,
): FeelProblem | null {
  const parsed = parseExpression(feel, scopeNames(lowering.operands.keys()));
  if (!parsed.ok) return parsed.problem;
  const node = lowering.strategy.expressions?.find((one) => one.id === id) ?? null;
  try {
    stepsOf(lowering, node, parsed.value, id);
    return null;
  } catch (error) {
    if (!(error instanceof FeelSyntaxError)) throw error;
    return error.problem;
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

type Result = NumberValue | BooleanValue | DateValue | TextValue;

/** The value in the type that the node declares; refuses another kind, decimals that would be lost, and other texts. */
function resultOf(
  lowering: Lowering,
  node: ExpressionNode,
  value: Typed,
  builder: Builder,
  span: Span,
): Result {
  const { type } = node;
  if (type === "boolean" && value.kind === "boolean") return value;
  if (type === "date" && value.kind === "date") return withinCalendar(builder, value, span);
  if (type === "enum" && value.kind === "text") return declaredText(builder, node, value, span);
  if ((type === "number" || type === "money") && value.kind === "number") {
    const places = type === "money" ? currencyExponents[lowering.strategy.currency] : node.scale;
    if (type === "money" && (value.unit ?? "money") !== "money") {
      return mismatch(span, value.unit!, { en: "an amount of money", zh: "金额" });
    }
    return declaredNumber(builder, value, places ?? 0, span);
  }
  return mismatch(span, value.kind, { en: `a value of type ${type}`, zh: `${type} 类型的值` });
}

function declaredNumber(
  builder: Builder,
  value: NumberValue,
  scale: number,
  span: Span,
): NumberValue {
  if (value.scale <= scale) return withScale(builder, value, scale, span);
  return mismatch(span, `${value.scale} decimals`, {
    en: `at most the ${scale} that are declared: round with decimal(…, ${scale})`,
    zh: `不超过声明的 ${scale} 位：请用 decimal(…, ${scale}) 取整`,
  });
}

/** A date outside the years 1 to 9999 is unknown to cells. */
function withinCalendar(builder: Builder, value: DateValue, span: Span): DateValue {
  const { bounds } = domainOf({ kind: "date" }, false);
  const [low, high] = [bounds[0]!, bounds.at(-1)!];
  if (value.low >= low && value.high <= high) return value;
  const end = (day: number): DateValue => ({
    ...{ kind: "date", nullable: false, low: day, high: day },
    at: constantAt(builder, day, span),
  });
  const above = ordered(builder, "at-most", end(low), value, span);
  const below = ordered(builder, "at-most", value, end(high), span);
  const unknown = { at: constantAt(builder, Number.NaN, span), nullable: true };
  const at = chosen(builder, both(builder, "and", above, below, span), value, unknown, span);
  return { kind: "date", at, nullable: true, low, high };
}

function declaredText(
  builder: Builder,
  { values = [] }: ExpressionNode,
  value: TextValue,
  span: Span,
): TextValue {
  const declared = values.map((one) => one.value);
  const foreign = value.values.find((one) => !declared.includes(one));
  if (foreign === undefined) return among(builder, value, declared, span);
  return refuse(
    "undeclared-value",
    span,
    `Cannot use expression: found that it can be ${JSON.stringify(foreign)}, expected one of ${declared.join(", ")}`,
    `无法使用表达式：结果可能为 ${JSON.stringify(foreign)}，应为以下之一：${declared.join("、")}`,
  );
}

function addExpression(
  lowering: Lowering,
  node: ExpressionNode,
  value: Result,
  read: readonly Operand[],
): Operand {
  const scores = new Set(read.map(({ score }) => score).filter((score) => score !== null));
  const [score] = scores;
  const tables = read.flatMap(({ table, through }) => [...(table < 0 ? [] : [table]), ...through]);
  const name = nameOf(node);
  lowering.later.delete(name);
  return addOperand(lowering, {
    ...{ name, type: typeOf(node, value), nullable: value.nullable, label: node.label },
    facts: new Set(read.flatMap(({ facts }) => [...facts])),
    ...{ table: -1, through: [...new Set(tables)] },
    score: scores.size === 1 && score !== undefined ? score : null,
  });
}

function typeOf({ type, values = [] }: ExpressionNode, value: Result): OperandType {
  switch (value.kind) {
    case "boolean":
    case "date":
      return { kind: value.kind };
    case "text":
      return { kind: "enum", values: value.values, labels: values.map(({ label }) => label) };
    case "number": {
      const { scale, low, high } = value;
      const kind = type === "money" ? "money" : "number";
      // What was multiplied or divided has the unit that its type says, if any.
      const unit = kind === "money" ? "money" : value.unit;
      return { kind, scale, low, high, ...(unit === undefined ? {} : { unit }) };
    }
  }
}
