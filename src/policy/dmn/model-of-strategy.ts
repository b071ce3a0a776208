// A strategy as a DMN 1.5 model: its dictionary as input data, expressions as literal expressions, bins of scorecards as
// business knowledge models, segments, grades and tables as decision tables, with the requirements between them. What DMN
// has no word for is named, never left out in silence.

import type { Language, Text } from "../../domain/text.ts";
import type { FactDeclaration } from "../../domain/facts.ts";
import { type Expression, partsOf } from "../feel/ast.ts";
import { scopeNames } from "../feel/evaluate.ts";
import { parseExpression } from "../feel/parse.ts";
import { givenFacts } from "../lower-nodes.ts";
import { asOfName } from "../lowering.ts";
import type {
  Characteristic,
  Condition,
  DecisionTable,
  HitPolicy,
  Scorecard,
  SegmentNode,
  Strategy,
  TableRow,
} from "../strategy.ts";
import type {
  Aggregation,
  DmnDecision,
  DmnExpression,
  DmnInput,
  DmnKnowledge,
  DmnModel,
  DmnRule,
  DmnTable,
  FeelSource,
  HitPolicy as DmnHitPolicy,
  Requirements,
} from "./dmn-model.ts";

/** A part of a strategy that the model does not say, or says differently. `path` is a JSON pointer into the document. */
export type Unsaid = Readonly<{ path: string; text: Text }>;

export type ExportedModel = Readonly<{ model: DmnModel; unsaid: readonly Unsaid[] }>;

type Writing = Readonly<{
  strategy: Strategy;
  language: Language;
  inputs: ReadonlyMap<string, FactDeclaration["type"]>;
  unsaid: Unsaid[];
}>;

/** The model of a strategy that the language accepts; labels and notes in one language. */
export function modelOfStrategy(strategy: Strategy, language: Language): ExportedModel {
  const given = givenFacts(strategy).filter((fact) => fact.sensitivity !== "protected");
  const inputs = new Map<string, FactDeclaration["type"]>([
    ...given.map(({ name, type }) => [name, type] as const),
    [asOfName, "date"],
  ]);
  const writing: Writing = { strategy, language, inputs, unsaid: [] };
  const { expressions = [], scores, tables, segmentation, grades } = strategy;
  const decisions = [
    ...expressions.map((one) => {
      const { text, reads } = renamed(writing, one.feel);
      return decision(writing, `expression.${one.id}`, one.label, literal(text), reads);
    }),
    ...(segmentation.length === 0 ? [] : [segments(writing)]),
    ...scores.map((card) => score(writing, card)),
    ...(grades === null ? [] : [gradesDecision(writing, grades)]),
    ...tables.map((table, at) => tableDecision(writing, table, at)),
  ];
  const knowledge = scores.flatMap((card) =>
    card.characteristics.map((one) => characteristic(writing, card, one)),
  );
  tellUnsaid(writing);
  const read = new Set([...decisions, ...knowledge].flatMap(({ requires }) => requires.inputs));
  const labels = new Map<string, Text>(given.map(({ name, label }) => [name, label]));
  const model: DmnModel = {
    ...{ name: strategy.label[language], namespace: `urn:tidemark:strategy:${strategy.id}` },
    ...{ items: [], decisions, knowledge, services: [] },
    inputs: [...inputs]
      .filter(([name]) => read.has(dmnName(name)))
      .map(([name, type]) => inputData(name, type, labels.get(name)?.[language] ?? name)),
  };
  return { model, unsaid: writing.unsaid };
}

const typeNames: Readonly<Record<FactDeclaration["type"], string>> = {
  ...{ number: "number", money: "number", boolean: "boolean", enum: "string", date: "date" },
};

function inputData(name: string, type: FactDeclaration["type"], label: string): DmnInput {
  const id = dmnName(name);
  return { id, name: id, typeRef: typeNames[type], label, line: 1 };
}

/** Names that every tool reads as one word: dots and hyphens, which ids may have, become underscores. */
export function dmnName(name: string): string {
  return name.replaceAll(/[.-]/g, "_");
}

/** How an operand is read in FEEL: a table with one output is its value, of several outputs each is a member. */
function readAs({ strategy }: Writing, operand: string): string {
  const [part, id, output] = operand.split(".");
  if (part !== "table") return dmnName(operand);
  const table = strategy.tables.find((one) => one.id === id);
  return table?.outputs.length === 1
    ? dmnName(`table.${id}`)
    : `${dmnName(`table.${id}`)}.${output}`;
}

/** Id of the element that makes an operand. */
function elementOf(operand: string): string {
  return dmnName(operand.split(".").slice(0, 2).join("."));
}

function requirements(
  { inputs }: Writing,
  operands: readonly string[],
  knowledge: readonly string[] = [],
): Requirements {
  const own = [...new Set(operands)];
  const isInput = (name: string): boolean => inputs.has(name);
  return {
    inputs: own.filter(isInput).map(dmnName),
    decisions: [...new Set(own.filter((name) => !isInput(name)).map(elementOf))],
    knowledge,
  };
}

function decision(
  writing: Writing,
  name: string,
  label: Text,
  logic: DmnExpression,
  reads: readonly string[],
  knowledge: readonly string[] = [],
): DmnDecision {
  const id = dmnName(name);
  const requires = requirements(writing, reads, knowledge);
  return { id, name: id, typeRef: null, label: label[writing.language], requires, logic, line: 1 };
}

const source = (text: string): FeelSource => ({ text, line: 1 });
const literal = (text: string): DmnExpression => ({ kind: "literal", source: source(text) });

/** The text with the names of the model in place of those of the strategy, and what it reads. */
function renamed(
  writing: Writing,
  feel: string,
): Readonly<{ text: string; reads: readonly string[] }> {
  const { strategy, inputs } = writing;
  const known = new Set([
    ...inputs.keys(),
    ...["segment", "grade"],
    ...(strategy.expressions ?? []).map(({ id }) => `expression.${id}`),
    ...strategy.scores.map(({ id }) => `score.${id}`),
    ...strategy.tables.flatMap(({ id, outputs }) =>
      outputs.map(({ name }) => `table.${id}.${name}`),
    ),
  ]);
  const parsed = parseExpression(feel, scopeNames(known));
  if (!parsed.ok) throw new Error(`Cannot export: ${parsed.problem.message.en}`);
  const names = namesIn(parsed.value).filter(({ name }) => known.has(name));
  const text = names
    .toSorted((left, right) => right.at - left.at)
    .reduce(
      (left, { name, at, length }) =>
        left.slice(0, at) + readAs(writing, name) + left.slice(at + length),
      feel,
    );
  return { text, reads: names.map(({ name }) => name) };
}

type Named = Readonly<{ name: string; at: number; length: number }>;

function namesIn(tree: Expression): readonly Named[] {
  const { at, length } = tree.span;
  const own = tree.kind === "name" ? [{ name: tree.name, at, length }] : [];
  return [...own, ...partsOf(tree).flatMap(namesIn)];
}

type Column = Readonly<{ operand: string; label: string }>;

function column(writing: Writing, operand: string): Column {
  const found = givenFacts(writing.strategy).find(({ name }) => name === operand);
  return { operand, label: found?.label[writing.language] ?? operand };
}

function inputsOf(writing: Writing, columns: readonly Column[]): DmnTable["inputs"] {
  return columns.map(({ operand, label }) => ({
    label,
    source: source(readAs(writing, operand)),
    allowed: null,
  }));
}

/** Conditions from the root to each leaf: the first that holds, as in the tree. */
function leavesOf(
  nodes: readonly SegmentNode[],
  before: readonly Condition[] = [],
): readonly Readonly<{ node: SegmentNode; when: readonly Condition[] }>[] {
  return nodes.flatMap((node) => {
    const when = [...before, node.when];
    return node.children === undefined ? [{ node, when }] : leavesOf(node.children, when);
  });
}

function segments(writing: Writing): DmnDecision {
  const leaves = leavesOf(writing.strategy.segmentation);
  const cells = leaves.map(({ when }) => when.flatMap((one) => Object.entries(one)));
  // A fact that is tested at several depths has a column for each.
  const widest = new Map<string, number>();
  for (const row of cells) {
    for (const [operand] of row) {
      const times = row.filter(([other]) => other === operand).length;
      widest.set(operand, Math.max(times, widest.get(operand) ?? 0));
    }
  }
  const columns = [...widest].flatMap(([operand, times]) =>
    Array.from({ length: times }, (_, at) => ({ ...column(writing, operand), at })),
  );
  const rules = leaves.map(({ node }, place): DmnRule => ({
    ...{ id: `segment_${dmnName(node.id)}`, note: node.label[writing.language], line: 1 },
    inputs: columns.map(({ operand, at }) =>
      source(cells[place]!.filter(([other]) => other === operand)[at]?.[1] ?? "-"),
    ),
    outputs: [source(JSON.stringify(node.id))],
  }));
  const outputs = [{ name: "segment", allowed: null, fallback: null }];
  const table: DmnTable = {
    ...{ hitPolicy: "FIRST", aggregation: null, outputs, rules, line: 1 },
    inputs: inputsOf(writing, columns),
  };
  const label = { zh: "客群", en: "Segment" };
  return decision(writing, "segment", label, { kind: "table", table }, [...widest.keys()]);
}

function knowledgeName({ id }: Scorecard, one: Characteristic): string {
  return dmnName(`score.${id}.${one.id}`);
}

/** Names of what a characteristic is given: its own value, and what its bins add. */
function givenTo({ fact, attributes }: Characteristic): readonly string[] {
  const added = attributes.flatMap(({ pointsFrom }) =>
    pointsFrom === undefined ? [] : [pointsFrom],
  );
  return [...new Set([fact, ...added])];
}

/** The bins of one characteristic as a function of its value; whatever no bin takes comes last. */
function characteristic(writing: Writing, card: Scorecard, one: Characteristic): DmnKnowledge {
  const { language } = writing;
  const name = knowledgeName(card, one);
  const ordered = one.attributes.toSorted(
    (left, right) => Number(left.when === "otherwise") - Number(right.when === "otherwise"),
  );
  const rules = ordered.map(({ when, points, pointsFrom, label }, at): DmnRule => ({
    ...{ id: `${name}_${at + 1}`, note: label?.[language] ?? "", line: 1 },
    inputs: [source(when.trim() === "otherwise" ? "-" : when)],
    outputs: [
      source(pointsFrom === undefined ? `${points}` : `${points} + ${dmnName(pointsFrom)}`),
    ],
  }));
  const inputs = [{ label: one.label[language], source: source(dmnName(one.fact)), allowed: null }];
  const outputs = [{ name: "points", allowed: null, fallback: null }];
  const hitPolicy = "FIRST";
  const table: DmnTable = { hitPolicy, aggregation: null, inputs, outputs, rules, line: 1 };
  const parameters = givenTo(one).map((given) => ({ name: dmnName(given), typeRef: null }));
  return {
    ...{ id: name, name, label: one.label[language], line: 1 },
    requires: { inputs: [], decisions: [], knowledge: [] },
    logic: { kind: "function", parameters, body: { kind: "table", table }, line: 1 },
  };
}

function score(writing: Writing, card: Scorecard): DmnDecision {
  const calls = card.characteristics.map((one) => {
    const given = givenTo(one).map((name) => readAs(writing, name));
    return `${knowledgeName(card, one)}(${given.join(", ")})`;
  });
  const text = [`${card.initialScore}`, ...calls].join(" + ");
  const reads = card.characteristics.flatMap(givenTo);
  const knowledge = card.characteristics.map((one) => knowledgeName(card, one));
  return decision(writing, `score.${card.id}`, card.label, literal(text), reads, knowledge);
}

function gradesDecision(
  writing: Writing,
  { input, bands }: NonNullable<Strategy["grades"]>,
): DmnDecision {
  const ordered = bands.toSorted(
    (left, right) => Number(left.when === "otherwise") - Number(right.when === "otherwise"),
  );
  const rules = ordered.map(({ grade, label, when }): DmnRule => ({
    ...{ id: `grade_${dmnName(grade)}`, note: label[writing.language], line: 1 },
    inputs: [source(when.trim() === "otherwise" ? "-" : when)],
    outputs: [source(JSON.stringify(grade))],
  }));
  const outputs = [{ name: "grade", allowed: null, fallback: null }];
  const inputs = inputsOf(writing, [column(writing, input)]);
  const table: DmnTable = {
    hitPolicy: "FIRST",
    aggregation: null,
    inputs,
    outputs,
    rules,
    line: 1,
  };
  const label = { zh: "风险等级", en: "Risk grade" };
  return decision(writing, "grade", label, { kind: "table", table }, [input]);
}

type Policy = Readonly<{ hitPolicy: DmnHitPolicy; aggregation: Aggregation | null }>;

/** The hit policies of strategies in the words of DMN's files. */
export const dmnPolicies: Readonly<Record<HitPolicy, Policy>> = {
  U: { hitPolicy: "UNIQUE", aggregation: null },
  A: { hitPolicy: "ANY", aggregation: null },
  P: { hitPolicy: "PRIORITY", aggregation: null },
  F: { hitPolicy: "FIRST", aggregation: null },
  R: { hitPolicy: "RULE ORDER", aggregation: null },
  O: { hitPolicy: "OUTPUT ORDER", aggregation: null },
  C: { hitPolicy: "COLLECT", aggregation: null },
  "C+": { hitPolicy: "COLLECT", aggregation: "SUM" },
  "C<": { hitPolicy: "COLLECT", aggregation: "MIN" },
  "C>": { hitPolicy: "COLLECT", aggregation: "MAX" },
  "C#": { hitPolicy: "COLLECT", aggregation: "COUNT" },
};

function tableDecision(writing: Writing, table: DecisionTable, at: number): DmnDecision {
  const { language } = writing;
  const dated = table.rows.some((row) => datesOf(row) !== "-");
  const columns = [
    ...table.inputs.map((operand) => column(writing, operand)),
    ...(dated ? [{ operand: asOfName, label: asOfName }] : []),
  ];
  const ranked = table.hitPolicy === "P" || table.hitPolicy === "O";
  const counted = table.hitPolicy === "C#" ? ["0"] : undefined;
  const defaults = table.default ?? counted;
  const outputs = table.outputs.map(({ name, values }, place) => ({
    name,
    allowed:
      ranked && values !== undefined
        ? source(values.map(({ value }) => JSON.stringify(value)).join(", "))
        : null,
    fallback: defaults === undefined ? null : source(defaults[place]!),
  }));
  const rules = countedRows(writing, table, at).map((row): DmnRule => ({
    ...{ id: dmnName(`${table.id}.${row.id}`), note: row.note[language], line: 1 },
    inputs: [...row.when, ...(dated ? [datesOf(row)] : [])].map(source),
    outputs: row.then.map(source),
  }));
  const policy = dmnPolicies[table.hitPolicy];
  const logic: DmnTable = {
    ...policy,
    inputs: inputsOf(writing, columns),
    outputs,
    rules,
    line: 1,
  };
  const reads = columns.map(({ operand }) => operand);
  return decision(
    writing,
    `table.${table.id}`,
    table.label,
    { kind: "table", table: logic },
    reads,
  );
}

/** The days of a row as a cell on the as-of date. */
function datesOf({ effectiveFrom: from, effectiveTo: to }: TableRow): string {
  if (from !== undefined && to !== undefined) return `[date("${from}")..date("${to}")]`;
  if (from !== undefined) return `>= date("${from}")`;
  return to === undefined ? "-" : `<= date("${to}")`;
}

/** Rows that give null do not count in a sum here; in DMN they make it null, so that they stay behind. */
function countedRows(writing: Writing, table: DecisionTable, at: number): readonly TableRow[] {
  if (!["C+", "C<", "C>"].includes(table.hitPolicy)) return table.rows;
  const silent = table.rows.filter(({ then }) => then[0]!.trim() === "null");
  if (silent.length > 0 && table.default !== undefined) {
    const ids = silent.map(({ id }) => id).join(", ");
    writing.unsaid.push({
      path: `/tables/${at}/rows`,
      text: {
        en: `Table "${table.id}": rows ${ids} give null; where only they are hit the model gives the default instead`,
        zh: `决策表“${table.id}”：行 ${ids} 的输出为 null；仅命中这些行时，模型给出默认值`,
      },
    });
  }
  return table.rows.filter((row) => !silent.includes(row));
}

const unsaidParts: readonly Readonly<{ part: keyof Strategy; text: Text }>[] = [
  {
    part: "models",
    text: { en: "Models: their values are input data", zh: "模型：其取值作为输入数据" },
  },
  {
    part: "eligibility",
    text: { en: "Eligibility: who is looked at", zh: "准入规则" },
  },
  {
    part: "exclusions",
    text: { en: "Exclusions: who is left alone", zh: "排除规则" },
  },
  {
    part: "limitRule",
    text: { en: "Limit rule: from treatment to limit", zh: "额度规则：由处置得出额度" },
  },
  { part: "guards", text: { en: "Guards", zh: "护栏" } },
  { part: "pace", text: { en: "Pace: budgets and ranking", zh: "节奏：预算与排序" } },
  { part: "routing", text: { en: "Routing: who must agree", zh: "审批路径" } },
  { part: "notice", text: { en: "Notice", zh: "通知" } },
  { part: "offer", text: { en: "Offer to the customer", zh: "与客户协商" } },
  { part: "restoration", text: { en: "Restoration", zh: "恢复条件" } },
];

function tellUnsaid({ strategy, unsaid }: Writing): void {
  for (const { part, text } of unsaidParts) {
    const value = strategy[part];
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    unsaid.push({ path: `/${part}`, text });
  }
  const reasoned = strategy.tables.some(({ rows }) =>
    rows.some((row) => (row.reasons ?? row.reasonsFrom ?? []).length > 0),
  );
  if (reasoned || strategy.scores.length > 0) {
    const text = { en: "Reason codes of rows and bins", zh: "行与分箱的理由代码" };
    unsaid.push({ path: "/tables", text });
  }
}
