// One table or literal expression of a DMN model as a part of a strategy: the table or expression itself, the facts and
// expressions that it reads, and every cell that a strategy cannot hold, by row and column. Labels are the names of the
// model in both languages, so that the check asks for a translation.

import type { Text } from "../../domain/text.ts";
import { parseLiteral, parseUnaryTests, type Literal } from "../unary-test.ts";
import type {
  DecisionTable,
  ExpressionNode,
  HitPolicy,
  LiteralCell,
  TableOutput,
} from "../strategy.ts";
import type { FactDeclaration } from "../../domain/facts.ts";
import type { DmnDecision, DmnInput, DmnModel, DmnTable, FeelSource } from "./dmn-model.ts";
import { dmnPolicies, type Unsaid } from "./model-of-strategy.ts";

/** Parts to be put into a strategy; what the lender must still decide is left at its most cautious. */
export type StrategyPart = Readonly<{
  facts: readonly FactDeclaration[];
  expressions: readonly ExpressionNode[];
  tables: readonly DecisionTable[];
}>;

/** `unsaid` names what the part does not hold; `path` is where in the part it would stand. */
export type ImportedPart = Readonly<{ part: StrategyPart; unsaid: readonly Unsaid[] }>;

type Reading = {
  readonly model: DmnModel;
  readonly facts: Map<string, FactDeclaration>;
  readonly expressions: ExpressionNode[];
  readonly unsaid: Unsaid[];
};

/** What can be imported: tables and literal expressions of decisions and business knowledge models. */
export function importableNames(model: DmnModel): readonly string[] {
  return importable(model).map(({ decision }) => decision.name);
}

type Importable = Readonly<{ decision: DmnDecision; inputs: readonly DmnInput[] }>;

/** A business knowledge model is a decision over its parameters. */
function importable({ decisions, knowledge, inputs }: DmnModel): readonly Importable[] {
  const functions = knowledge.flatMap(({ logic, ...rest }): readonly Importable[] => {
    if (logic === null) return [];
    const given = logic.parameters.map((one) => ({ ...one, id: one.name, line: logic.line }));
    return [{ decision: { ...rest, typeRef: null, logic: logic.body }, inputs: given }];
  });
  return [...decisions.map((decision) => ({ decision, inputs })), ...functions].filter(
    ({ decision: { logic } }) => logic?.kind === "table" || logic?.kind === "literal",
  );
}

/** What has that name or id as a part of a strategy; null where nothing that can be imported has. */
export function strategyPart(model: DmnModel, name: string): ImportedPart | null {
  const chosen = importable(model).find(
    ({ decision }) => decision.name === name || decision.id === name,
  );
  if (chosen === undefined) return null;
  const { decision: found, inputs } = chosen;
  const reading: Reading = {
    ...{ model: { ...model, inputs }, facts: new Map(), expressions: [], unsaid: [] },
  };
  const id = idOf(found.name, "table");
  const tables =
    found.logic?.kind === "table" ? [tableOf(reading, found, id, found.logic.table)] : [];
  if (found.logic?.kind === "literal") readLiteral(reading, found, id, found.logic.source);
  const { facts, expressions, unsaid } = reading;
  return { part: { facts: [...facts.values()], expressions, tables }, unsaid };
}

const same = (text: string): Text => ({ zh: text, en: text });

/** Letters, digits and hyphens of a name, beginning with a letter. */
function idOf(name: string, otherwise: string): string {
  const id = name
    .replaceAll(/[^A-Za-z0-9]+/g, "-")
    .replaceAll(/^[^A-Za-z]+|-+$/g, "")
    .slice(0, 64);
  return id === "" ? otherwise : id;
}

/** A name in camel case, as facts have them. */
function camelCase(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const joined = words
    .map((word, at) => (at === 0 ? word : word[0]!.toUpperCase() + word.slice(1)))
    .join("");
  const first = joined.replace(/^[^A-Za-z]+/, "");
  return first === "" ? "value" : first[0]!.toLowerCase() + first.slice(1);
}

function unique(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  for (let count = 2; ; count++) if (!taken.has(`${wanted}${count}`)) return `${wanted}${count}`;
}

function tableOf(
  reading: Reading,
  decision: DmnDecision,
  id: string,
  table: DmnTable,
): DecisionTable {
  const inputs = table.inputs.map(({ source, label }, at) => inputOf(reading, source, label, at));
  const outputs = table.outputs.map((_, at) => outputOf(reading, decision, table, at));
  const ids = new Set<string>();
  const rows = table.rules.map((rule, at) => {
    const row = unique(idOf(rule.id, `R${at + 1}`), ids);
    ids.add(row);
    const place = `/tables/0/rows/${at}`;
    return {
      id: row,
      note: same(rule.note === "" ? row : rule.note),
      when: rule.inputs.map((cell, column) => testCell(reading, cell, `${place}/when/${column}`)),
      then: rule.outputs.map((cell, column) => valueCell(reading, cell, `${place}/then/${column}`)),
    };
  });
  const fallbacks = table.outputs.map(({ fallback }) => fallback);
  const fallback = fallbacks.some((one) => one !== null)
    ? { default: fallbacks.map((one, at) => valueCell(reading, one, `/tables/0/default/${at}`)) }
    : {};
  const label = same(decision.label ?? decision.name);
  return { id, label, hitPolicy: policyOf(table), inputs, outputs, rows, ...fallback };
}

function policyOf({ hitPolicy, aggregation }: DmnTable): HitPolicy {
  const found = Object.entries(dmnPolicies).find(
    ([, one]) => one.hitPolicy === hitPolicy && one.aggregation === aggregation,
  );
  return (found?.[0] ?? "U") as HitPolicy;
}

/** The operand of a column: a fact, the output of another decision, or an expression made for it. */
function inputOf(reading: Reading, { text }: FeelSource, label: string, at: number): string {
  const { model, expressions, unsaid } = reading;
  const input = model.inputs.find(({ name }) => name === text);
  if (input !== undefined) return factOf(reading, input);
  const made = model.decisions.find(({ name }) => name === text);
  if (made !== undefined) {
    const output = made.logic?.kind === "table" ? made.logic.table.outputs[0]?.name : undefined;
    const operand =
      made.logic?.kind === "literal"
        ? `expression.${idOf(made.name, "value")}`
        : `table.${idOf(made.name, "table")}.${camelCase(output ?? made.name)}`;
    unsaid.push(needs(`/tables/0/inputs/${at}`, made.name, operand));
    return operand;
  }
  const id = idOf(label, `input-${at + 1}`);
  expressions.push({
    id,
    label: same(label),
    type: "number",
    scale: 0,
    feel: renamedText(reading, text),
  });
  unsaid.push({
    path: `/expressions/${expressions.length - 1}`,
    text: {
      en: `Column ${at + 1} computes "${text}": state the type and the decimals of the expression`,
      zh: `第 ${at + 1} 列为计算“${text}”：请写明表达式的类型与小数位`,
    },
  });
  return `expression.${id}`;
}

function needs(path: string, name: string, operand: string): Unsaid {
  return {
    path,
    text: {
      en: `Rests on decision "${name}": import it too, it is read as ${operand}`,
      zh: `依赖决策“${name}”：请一并导入，读作 ${operand}`,
    },
  };
}

const factTypes: Readonly<Record<string, FactDeclaration["type"]>> = {
  ...{ number: "number", boolean: "boolean", date: "date", string: "enum" },
};

/** A fact for input data, as careful as can be: unknown is allowed, and nobody but readers of personal data sees it. */
function factOf({ facts, model, unsaid }: Reading, input: DmnInput): string {
  const name = camelCase(input.name);
  if (facts.has(name)) return name;
  const typeRef = (input.typeRef ?? "").replace(/^.*[:.]/, "");
  const item = model.items.find((one) => one.name === typeRef);
  const base = (item?.typeRef ?? typeRef).replace(/^.*[:.]/, "");
  const type = factTypes[base] ?? "number";
  const values = type === "enum" ? textsOf(item?.allowed?.text ?? "") : [];
  facts.set(name, {
    ...{ name, label: same(input.label ?? input.name), type },
    ...(type === "enum" ? { values: values.map((value) => ({ value, label: same(value) })) } : {}),
    ...{ source: "import", missing: "unknown", sensitivity: "personal" },
  });
  const open = type === "number" ? "decimals and bounds" : type === "enum" ? "values" : "meaning";
  unsaid.push({
    path: `/facts/${facts.size - 1}`,
    text: {
      en: `Fact "${name}" from "${input.name}": complete ${open}, neutral value and sensitivity`,
      zh: `事实“${name}”取自“${input.name}”：请补全小数位、上下限或取值，以及中性值与敏感级别`,
    },
  });
  return name;
}

/** Texts of a list of values such as `"a", "b"`. */
function textsOf(text: string): readonly string[] {
  const parsed = parseUnaryTests(text === "" ? "-" : text);
  if (!parsed.ok || parsed.value.kind === "any") return [];
  return parsed.value.tests.flatMap((test) =>
    test.kind === "comparison" && test.operand.kind === "string" ? [test.operand.value] : [],
  );
}

/** The name of each input by that of its fact, in a text of FEEL. */
function renamedText(reading: Reading, text: string): string {
  const { model } = reading;
  return model.inputs
    .toSorted((left, right) => right.name.length - left.name.length)
    .reduce((left, input) => {
      if (!left.includes(input.name)) return left;
      return left.replaceAll(input.name, factOf(reading, input));
    }, text);
}

function testCell({ unsaid }: Reading, { text }: FeelSource, path: string): string {
  if (text.trim() === "") return "-";
  const parsed = parseUnaryTests(text);
  if (!parsed.ok) unsaid.push({ path, text: unusable(text, parsed.problem.message) });
  return text;
}

function unusable(text: string, { en, zh }: Text): Text {
  return { en: `Cell ${text}: ${en}`, zh: `单元格 ${text}：${zh}` };
}

function valueCell({ unsaid }: Reading, source: FeelSource | null, path: string): LiteralCell {
  const text = source?.text.trim() ?? "";
  if (text === "" || text === "-") return "null";
  const parsed = parseLiteral(text);
  if (!parsed.ok) unsaid.push({ path, text: unusable(text, parsed.problem.message) });
  return text;
}

/** The type of an output by what its rows say, with every value that they name. */
function outputOf(
  { unsaid }: Reading,
  decision: DmnDecision,
  { outputs, rules }: DmnTable,
  at: number,
): TableOutput {
  const { name, allowed, fallback } = outputs[at]!;
  const output = {
    name: camelCase(name === "" ? decision.name : name),
    label: same(name || decision.name),
  };
  const cells = [...rules.map((rule) => rule.outputs[at]), fallback ?? undefined];
  const literals = cells.flatMap((cell): Literal[] => {
    const parsed = cell === undefined || cell.text === "" ? null : parseLiteral(cell.text);
    return parsed?.ok === true && parsed.value.kind !== "null" ? [parsed.value] : [];
  });
  const kinds = new Set(literals.map(({ kind }) => kind));
  if (kinds.size > 1) {
    unsaid.push({
      path: `/tables/0/outputs/${at}`,
      text: {
        en: `Output "${name}" has values of ${[...kinds].join(" and ")}: expected one type`,
        zh: `输出“${name}”的取值类型不一：${[...kinds].join("、")}，应为同一类型`,
      },
    });
  }
  const [kind] = kinds;
  if (kind === "boolean" || kind === "date") return { ...output, type: kind };
  if (kind !== "string") return numberOutput(output, literals);
  const texts = literals.flatMap((one) => (one.kind === "string" ? [one.value] : []));
  const values = [...new Set([...textsOf(allowed?.text ?? ""), ...texts])];
  return {
    ...output,
    type: "enum",
    values: values.map((value) => ({ value, label: same(value) })),
  };
}

function numberOutput(
  output: Pick<TableOutput, "name" | "label">,
  literals: readonly Literal[],
): TableOutput {
  const texts = literals.flatMap((one) => (one.kind === "number" ? [one.text] : []));
  const scale = Math.max(0, ...texts.map((text) => text.split(".")[1]?.length ?? 0));
  const ordered = texts.toSorted((left, right) => Number(left) - Number(right));
  const [minimum = "0", maximum = ordered.at(-1) ?? "0"] = [ordered[0], ordered.at(-1)];
  return { ...output, type: "number", scale, minimum, maximum };
}

function readLiteral(
  reading: Reading,
  decision: DmnDecision,
  id: string,
  source: FeelSource,
): void {
  const { expressions, unsaid } = reading;
  const label = same(decision.label ?? decision.name);
  const feel = renamedText(reading, source.text);
  const typeRef = (decision.typeRef ?? "").replace(/^.*[:.]/, "");
  const type = typeRef === "boolean" || typeRef === "date" ? typeRef : "number";
  expressions.push({ id, label, type, ...(type === "number" ? { scale: 0 } : {}), feel });
  unsaid.push({
    path: `/expressions/${expressions.length - 1}`,
    text: {
      en: `Expression "${id}": state its decimals; a quotient is written decimal(a / b, decimals)`,
      zh: `表达式“${id}”：请写明小数位；商应写作 decimal(a / b, 小数位)`,
    },
  });
}
