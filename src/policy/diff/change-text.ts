// One difference in a sentence of each language: where it is, by the labels that analysts gave, and what became of what,
// in percent, money and values as people write them.

import { decimalText } from "../../domain/money.ts";
import type { Text } from "../../domain/text.ts";
import type { Strategy } from "../strategy.ts";
import type { Change } from "./change.ts";
import { fieldNames, memberNames, operandNames, valueNames } from "./part-names.ts";

/** Labels of two documents, the later one's first, and how their values are written. */
export type Words = Readonly<{
  operands: ReadonlyMap<string, Text>;
  /** labels of members by list and id: `tables/treatment` */
  members: ReadonlyMap<string, Text>;
  /** labels of enumerated outputs by `TABLE.OUTPUT value` */
  values: ReadonlyMap<string, Text>;
  /** table outputs that are read as a rate */
  rates: ReadonlySet<string>;
  currency: string;
}>;

/** The words for the differences between two documents. */
export function wordsOf(before: Strategy, after: Strategy): Words {
  const both = [before, after];
  return {
    operands: new Map([...Object.entries(operandNames), ...both.flatMap(operandsOf)]),
    members: new Map(both.flatMap((strategy) => labelsIn([], strategy))),
    values: new Map(both.flatMap(valuesOf)),
    rates: new Set(both.flatMap(ratesOf)),
    currency: after.currency,
  };
}

type Labels = readonly (readonly [string, Text])[];

function operandsOf({ facts, scores, tables, models, expressions }: Strategy): Labels {
  return [
    ...(models ?? []).map(({ id, label }) => [`model.${id}`, label] as const),
    ...(expressions ?? []).map(({ id, label }) => [`expression.${id}`, label] as const),
    ...facts.map(({ name, label }) => [name, label] as const),
    ...scores.map(({ id, label }) => [`score.${id}`, label] as const),
    ...tables.flatMap(({ id, outputs }) =>
      outputs.map(({ name, label }) => [`table.${id}.${name}`, label] as const),
    ),
  ];
}

function valuesOf({ tables }: Strategy): Labels {
  return tables.flatMap((table) =>
    table.outputs.flatMap(({ name, values = [] }) =>
      values.map(({ value, label }) => [`${table.id}.${name} "${value}"`, label] as const),
    ),
  );
}

function ratesOf({ limitRule }: Strategy): readonly string[] {
  return limitRule.treatments.flatMap((treatment) =>
    treatment.action === "decrease" &&
    treatment.target.method === "cut-by-rate" &&
    "operand" in treatment.target.rate
      ? [treatment.target.rate.operand.replace(/^table\./, "")]
      : [],
  );
}

/** Labels by path, of every member of every list that has one. */
function labelsIn(trail: readonly string[], part: unknown): Labels {
  if (typeof part !== "object" || part === null) return [];
  return Object.entries(part).flatMap(([name, value]: readonly [string, unknown]) => {
    if (!Array.isArray(value)) return labelsIn([...trail, name], value);
    return value.flatMap((member: unknown) => {
      const {
        id,
        name: called,
        grade,
        value: code,
        label,
      } = (member ?? {}) as Record<string, unknown>;
      const key = id ?? called ?? grade ?? code;
      if (typeof key !== "string") return [];
      const path = [...trail, name, key];
      return isText(label)
        ? [[path.join("/"), label] as const, ...labelsIn(path, member)]
        : labelsIn(path, member);
    });
  });
}

function isText(value: unknown): value is Text {
  return typeof value === "object" && value !== null && "zh" in value && "en" in value;
}

const both = (text: string): Text => ({ en: text, zh: text });

/** The sentence of one difference. */
export function changeText(
  words: Words,
  trail: readonly string[],
  { kind, before, after }: Pick<Change, "kind" | "before" | "after">,
): Text {
  const where = joined(
    trail.flatMap((step, at) =>
      cellParts.has(step) && at < trail.length - 1 ? [] : stepText(words, trail.slice(0, at + 1)),
    ),
    { en: ", ", zh: "，" },
  );
  const what = (value: unknown): Text => valueText(words, trail, value);
  const says = (en: string, zh: string): Text => ({
    en: upperFirst(`${where.en}: ${en}`),
    zh: `${where.zh}：${zh}`,
  });
  switch (kind) {
    case "added":
      return says(`added (${what(after).en})`, `新增（${what(after).zh}）`);
    case "removed":
      return says(`removed (${what(before).en})`, `删除（${what(before).zh}）`);
    case "moved":
      return says(
        `moved from place ${String(before)} to ${String(after)}`,
        `由第 ${String(before)} 位移至第 ${String(after)} 位`,
      );
    case "changed":
      return says(
        `${what(before).en} → ${what(after).en}`,
        `${what(before).zh} → ${what(after).zh}`,
      );
  }
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function joined(texts: readonly Text[], by: Text): Text {
  return {
    en: texts.map(({ en }) => en).join(by.en),
    zh: texts.map(({ zh }) => zh).join(by.zh),
  };
}

/** The last step of a trail in words; nothing where the next one says more. */
function stepText(words: Words, trail: readonly string[]): readonly Text[] {
  const step = trail.at(-1)!;
  const list = trail.at(-2);
  if (list !== undefined && isMember(trail)) return [memberText(words, trail, step, list)];
  if (cellParts.has(list ?? "")) return [operandText(words, trail, step)];
  return isList(trail) ? [] : [fieldNames[step] ?? both(step)];
}

/** Parts whose members are cells, named by what they test or say. */
const cellParts: ReadonlySet<string> = new Set(["when", "then", "default"]);

/** Parts whose values name operands. */
const operandParts: ReadonlySet<string> = new Set([
  ...["operand", "fact", "facts", "inputs", "input", "select", "reasonsFrom", "pointsFrom"],
]);

/** Lists of named members; `facts` of a reason and `values` told as a whole are plain lists. */
function isList(trail: readonly string[]): boolean {
  return (
    Object.hasOwn(memberNames, trail.at(-1)!) &&
    !(trail.at(-1) === "facts" && trail.length > 1) &&
    !cellParts.has(trail.at(-2) ?? "")
  );
}

function isMember(trail: readonly string[]): boolean {
  return isList(trail.slice(0, -1)) && !isMember(trail.slice(0, -1));
}

function memberText(words: Words, trail: readonly string[], step: string, list: string): Text {
  const noun = memberNames[list]!;
  const label = words.members.get(trail.join("/"));
  return label === undefined
    ? { en: `${noun.en} ${step}`, zh: `${noun.zh} ${step}` }
    : { en: `${noun.en} “${label.en}”`, zh: `${noun.zh}“${label.zh}”` };
}

function operandText({ operands }: Words, trail: readonly string[], step: string): Text {
  const own = trail.at(-2) === "when" ? step : `table.${trail[1]}.${step}`;
  return operands.get(own) ?? operands.get(own.split("#")[0]!) ?? both(step);
}

/** A value of the document for people; of a whole part its members, without its id and label. */
function valueText(words: Words, trail: readonly string[], value: unknown): Text {
  if (isText(value)) return { en: `“${value.en}”`, zh: `“${value.zh}”` };
  if (Array.isArray(value)) {
    const all = value.map((member: unknown) => valueText(words, [...trail, "#"], member));
    return joined(all, { en: ", ", zh: "、" });
  }
  if (typeof value !== "object" || value === null) {
    return labelOf(words, trail, String(value)) ?? both(plainText(words, trail, value));
  }
  const named = Object.entries(value).filter(([name]) => !unsaid.has(name));
  const all = named.map(([name, member]: readonly [string, unknown]) => {
    const path = [...trail, name];
    const said = valueText(words, path, member);
    const whole = typeof member === "object" && member !== null && !isText(member);
    const what = fieldOrOperand(words, path);
    return whole
      ? { en: `${what.en} (${said.en})`, zh: `${what.zh}（${said.zh}）` }
      : { en: `${what.en} ${said.en}`, zh: `${what.zh} ${said.zh}` };
  });
  return all.length === 0 ? { en: "always", zh: "恒成立" } : joined(all, { en: ", ", zh: "，" });
}

/** The label of a value that stands for something of the document. */
function labelOf(
  { values, operands }: Words,
  trail: readonly string[],
  value: string,
): Text | null {
  const part = trail.findLast((step) => step !== "#")!;
  if (operandParts.has(part)) {
    return operands.get(part === "reasonsFrom" ? `score.${value}` : value) ?? null;
  }
  const cell = cellParts.has(trail.at(-2) ?? "");
  if (cell && value === "-") return { en: "any", zh: "任意" };
  return values.get(`${trail[1]}.${part} ${value}`) ?? valueNames[`${part} ${value}`] ?? null;
}

const unsaid: ReadonlySet<string> = new Set(["id", "label"]);

function fieldOrOperand(words: Words, trail: readonly string[]): Text {
  const [list, step] = trail.slice(-2);
  return cellParts.has(list!)
    ? operandText(words, trail, step!)
    : (fieldNames[step!] ?? both(step!));
}

function plainText(words: Words, trail: readonly string[], value: unknown): string {
  const text = String(value);
  const step = trail.at(-1)!;
  if (/(^bp|Bp)$/.test(step) && typeof value === "number") return percent(value);
  const rounding = step === "step" && trail.at(-2) === "rounding";
  if (step === "amount" || rounding) return `${words.currency} ${text}`;
  return words.rates.has(`${trail[1]}.${step}`) && /^-?\d+(\.\d+)?$/.test(text)
    ? percent(Math.round(Number(text) * 10_000))
    : text;
}

/** Basis points as people say them: 3000 is "30 %". */
function percent(bp: number): string {
  return `${decimalText(bp, 2).replace(/\.?0+$/, "")} %`;
}
