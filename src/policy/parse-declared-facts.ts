// The border of the facts document: unknown input becomes facts that can be made for any line, or a list of problems that
// says where and why. Every measure is held against the signal catalogue and every fact against its measure.

import {
  type BehaviourMeasures,
  type DeclaredFact,
  type DeclaredFacts,
  declaredFacts,
  fieldOf,
  formOf,
  type FactsDocument,
  type Measure,
  type Taken,
  takes,
} from "../domain/declared-fact.ts";
import { type ExposureFact, exposureTotals, isAmount } from "../domain/exposure.ts";
import {
  type EnvironmentFact,
  environmentPlaces,
  environmentTakes,
} from "../domain/environment-fact.ts";
import { type FactForm, lineFacts, sensitivityClasses } from "../domain/facts.ts";
import { type PayloadField, signalCatalogue } from "../domain/signal-catalogue.ts";
import { lineSignalTypes } from "../domain/signal.ts";
import type { Text } from "../domain/text.ts";
import type { Trait, TraitTest } from "../domain/trait.ts";
import { checkBehaviour, checkTrait, type Checking } from "./parse-traits.ts";
import { collectProblems, pointer, type Problem, type Problems } from "./problem.ts";
import {
  bilingual,
  integer,
  type JsonSchema,
  list,
  object,
  oneOf,
  optional,
  record,
  type Shape,
  string,
} from "./shape.ts";

/** The facts, or every problem with its JSON pointer. */
export type ParsedFacts =
  | Readonly<{ declared: DeclaredFacts }>
  | Readonly<{ problems: readonly Problem[] }>;

const mostDays = 1_100;

const name = string({
  pattern: /^[a-z][A-Za-z0-9]{0,63}$/,
  maximum: 64,
  en: "a name such as drawdowns30Days: a small letter, then letters and digits, at most 64",
  zh: "名称，如 drawdowns30Days：以小写字母开头，后接字母或数字，最多 64 个字符",
});
const value = string({
  pattern: /^[A-Za-z0-9._:/-]{1,64}$/,
  maximum: 64,
  en: "a value of the field as text",
  zh: "以文本表示的字段取值",
});
const label = bilingual(200);
const days = integer(1, mostDays);

const measure: Shape<Measure> = object<Measure>({
  id: name,
  label,
  signal: oneOf(lineSignalTypes),
  value: optional(name),
  where: optional(record(list(value, { minimum: 1, maximum: 50 }), /^[a-z][A-Za-z0-9]*$/, 10)),
  reachDays: days,
  atMost: optional(integer(1, 1_000)),
});

const takenFields = {
  take: oneOf(takes),
  of: name,
  days: optional(days),
  cycles: optional(integer(1, 36)),
  stepDays: optional(days),
} as const;

const otherTaken: Shape<Taken> = object<Taken>(takenFields);

const over: Shape<"limit" | Taken> = {
  schema: { anyOf: [{ const: "limit" }, otherTaken.schema] },
  read: (found, path, problems) => {
    if (found !== "limit") otherTaken.read(found, path, problems);
  },
};

const isTrue: Shape<true> = {
  schema: { const: true },
  read: (found, path, problems) => {
    if (found === true) return;
    problems.add(
      "type-mismatch",
      path,
      `Cannot read ${path}: found ${JSON.stringify(found)}, expected true or no such field`,
      `无法读取 ${path}：应为 true，或不填`,
    );
  },
};

const fact: Shape<DeclaredFact> = object<DeclaredFact>({
  name,
  label,
  ...takenFields,
  over: optional(over),
  sensitivity: oneOf(sensitivityClasses),
  watched: optional(isTrue),
});

const exposureFact: Shape<ExposureFact> = object<ExposureFact>({
  name,
  label,
  total: oneOf(exposureTotals),
  over: optional(oneOf(exposureTotals)),
  sensitivity: oneOf(sensitivityClasses),
});

const bound = string({
  pattern: /^-?\d{1,12}(\.\d{1,4})?$/,
  maximum: 20,
  en: "a number as text, at most four decimals",
  zh: "以文本表示的数值，最多四位小数",
});

const trait: Shape<Trait> = object<Trait>({
  name: string({
    pattern: /^[a-z][a-z0-9-]{0,63}$/,
    maximum: 64,
    en: "a name such as multi-borrower: small letters, digits and -, at most 64",
    zh: "名称，如 multi-borrower：小写字母、数字及连字符，最多 64 个字符",
  }),
  label,
  holds: oneOf(["any", "every"] as const),
  when: list(object<TraitTest>({ fact: name, atLeast: optional(bound), atMost: optional(bound) }), {
    minimum: 1,
    maximum: 20,
  }),
});

const around: Shape<EnvironmentFact> = object<EnvironmentFact>({
  name,
  label,
  by: oneOf(environmentPlaces),
  take: oneOf(environmentTakes),
  series: optional(value),
  months: optional(integer(1, 36)),
  days: optional(days),
  sensitivity: oneOf(sensitivityClasses),
});

const documentShape: Shape<FactsDocument> = object<FactsDocument>({
  lateDays: integer(0, mostDays),
  linkedAtMost: optional(integer(0, 1_000)),
  measures: list(measure, { maximum: 200 }),
  facts: list(fact, { maximum: 500 }),
  exposure: optional(list(exposureFact, { maximum: 50 })),
  traits: optional(list(trait, { maximum: 50 })),
  behaviour: optional(object<BehaviourMeasures>({ drawn: name, repaid: name, cash: name })),
  environment: optional(list(around, { maximum: 100 })),
});

/** The published JSON Schema of the document. */
export const factsSchema: JsonSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Tidemark facts document",
  ...documentShape.schema,
};

/** Reads a document of facts: form first, then every name, field, type and window. */
export function parseDeclaredFacts(source: unknown): ParsedFacts {
  const problems = collectProblems();
  documentShape.read(source, "", problems);
  if (problems.list.length > 0) return { problems: problems.list };
  const document = source as FactsDocument;
  checkOnce(problems, "/measures", "id", document.measures);
  checkOnce(problems, "/facts", "name", document.facts);
  const { exposure = [], traits = [], environment = [] } = document;
  checkOnce(problems, "/traits", "name", traits);
  checkOnce(problems, "/exposure", "name", exposure, document.facts);
  checkOnce(problems, "/environment", "name", environment, exposure);
  document.measures.forEach((one, at) => checkMeasure(problems, pointer("/measures", at), one));
  if (problems.list.length > 0) return { problems: problems.list };
  // Traits read facts, so that the facts must be sound first.
  const declared = declaredFacts({ ...document, traits: [] });
  exposure.forEach((one, at) => checkExposure(problems, pointer("/exposure", at), one));
  document.facts.forEach((one, at) =>
    checkFact({ problems, declared }, pointer("/facts", at), one),
  );
  environment.forEach((one, at) =>
    checkAround({ problems, declared }, pointer("/environment", at), one),
  );
  if (problems.list.length > 0) return { problems: problems.list };
  for (const [use, of] of Object.entries(document.behaviour ?? {})) {
    checkBehaviour({ problems, declared }, use, of);
  }
  traits.forEach((one, at) => checkTrait({ problems, declared }, pointer("/traits", at), one));
  return problems.list.length > 0
    ? { problems: problems.list }
    : { declared: declaredFacts(document) };
}

/** What each way of taking is declared with, beside the names. */
const aroundWindows: Readonly<Record<EnvironmentFact["take"], string>> = {
  ...{ latest: "series", age: "series", change: "series + months" },
  ...{ worst: "days", count: "days" },
};

function checkAround({ problems, declared }: Checking, path: string, one: EnvironmentFact): void {
  const { name: called, by, take, series, months, days: window } = one;
  if (isTaken(called) || declared.facts.has(called)) reportTaken(problems, path, called);
  const wanted = aroundWindows[take];
  const found = Object.entries({ series, months, days: window })
    .filter(([, given]) => given !== undefined)
    .map(([field]) => field)
    .join(" + ");
  const isNowhere = series === undefined && by === "country";
  if (found === wanted && !isNowhere) return;
  problems.add(
    isNowhere ? "undeclared-value" : "unknown-field",
    isNowhere ? `${path}/by` : path,
    isNowhere
      ? `Cannot take ${take}: found events by country, expected by region or industry`
      : `Cannot take ${take}: found ${found || "none"}, expected ${wanted}`,
    isNowhere
      ? `无法取 ${take}：事件只能按 region 或 industry 统计`
      : `无法取 ${take}：给出 ${found || "无"}，应为 ${wanted}`,
  );
}

function checkOnce<Key extends string>(
  problems: Problems,
  path: string,
  key: Key,
  all: readonly Readonly<Record<Key, string>>[],
  others: readonly Readonly<Record<Key, string>>[] = [],
): void {
  const seen = new Set<string>(others.map((one) => one[key]));
  all.forEach((one, at) => {
    const found = one[key];
    if (seen.has(found)) {
      problems.add(
        "duplicate-id",
        `${path}/${at}/${key}`,
        `Cannot use ${found}: found it a second time, expected each name once`,
        `无法使用“${found}”：重复出现，每个名称只能使用一次`,
      );
    }
    seen.add(found);
  });
}

function checkMeasure(problems: Problems, path: string, one: Measure): void {
  const fields: Readonly<Record<string, PayloadField>> = signalCatalogue[one.signal].fields;
  const unknown = (at: string, found: string): void => {
    const known = Object.keys(fields).join(", ");
    problems.add(
      "unknown-name",
      at,
      `Cannot measure ${one.signal}: found field "${found}", expected one of ${known}`,
      `无法度量 ${one.signal}：没有字段“${found}”，应为 ${known} 之一`,
    );
  };
  for (const [field, values] of Object.entries(one.where ?? {})) {
    const at = pointer(`${path}/where`, field);
    if (!Object.hasOwn(fields, field)) unknown(at, field);
    else checkWhere(problems, at, fields[field]!, values);
  }
  if (one.value !== undefined && !Object.hasOwn(fields, one.value)) {
    return unknown(`${path}/value`, one.value);
  }
  const field = fieldOf(one);
  if (field?.type === "facts") return unknown(`${path}/value`, one.value!);
  const isCode = field?.type === "enum" || field?.type === "code";
  if (isCode === (one.atMost !== undefined)) return;
  problems.add(
    isCode ? "missing-field" : "unknown-field",
    `${path}/atMost`,
    `Cannot measure ${one.id}: found ${isCode ? "no" : "a"} field "atMost", expected ${isCode ? "one, because values are codes" : "none, because values are no codes"}`,
    `无法度量 ${one.id}：取值${isCode ? "为代码，应填写" : "不是代码，不应填写"}“atMost”`,
  );
}

function checkWhere(
  problems: Problems,
  path: string,
  { type, values: known }: PayloadField,
  values: readonly string[],
): void {
  const allowed = type === "boolean" ? ["true", "false"] : known;
  const isClosed = type === "boolean" || type === "enum";
  const foreign = values.find((one) => isClosed && !allowed!.includes(one));
  if ((isClosed || type === "code") && foreign === undefined) return;
  const expected = isClosed
    ? allowed!.join(", ")
    : "a field of codes, of a closed list or of yes and no";
  problems.add(
    "undeclared-value",
    path,
    `Cannot choose signals: found ${foreign ?? `a field of type ${type}`}, expected ${expected}`,
    `无法筛选信号：为 ${foreign ?? `${type} 类型的字段`}，应为 ${isClosed ? allowed!.join("、") : "代码、封闭列表或是否类字段"}`,
  );
}

/** Facts that signals of the catalogue tell by themselves. */
const told: ReadonlySet<string> = new Set(
  Object.values(signalCatalogue).flatMap(({ fields, tells }) => [
    ...Object.values(fields).flatMap((field) => field.fact ?? []),
    ...Object.keys(tells ?? {}),
  ]),
);

function isTaken(name: string): boolean {
  return Object.hasOwn(lineFacts, name) || told.has(name) || name in Object.prototype;
}

function reportTaken(problems: Problems, path: string, name: string): void {
  problems.add(
    "duplicate-id",
    `${path}/name`,
    `Cannot declare fact ${name}: found a name that Tidemark or a signal tells already, expected another one`,
    `无法声明事实“${name}”：该名称已由系统或信号给出，请另取名称`,
  );
}

function checkExposure(problems: Problems, path: string, one: ExposureFact): void {
  if (isTaken(one.name)) reportTaken(problems, path, one.name);
  if (one.over === undefined || (isAmount(one.total) && isAmount(one.over))) return;
  problems.add(
    "type-mismatch",
    `${path}/over`,
    `Cannot divide ${one.name}: found ${one.total} over ${one.over}, expected two of limit, drawn and available`,
    `无法计算 ${one.name} 的比率：为 ${one.total} 与 ${one.over} 之比，应取 limit、drawn、available 中的两项`,
  );
}

function checkFact(checking: Checking, path: string, one: DeclaredFact): void {
  const { problems, declared } = checking;
  if (isTaken(one.name)) reportTaken(problems, path, one.name);
  if (!checkTaken(checking, path, one)) return;
  if (one.over === undefined) return;
  if (one.over !== "limit" && !checkTaken(checking, `${path}/over`, one.over)) return;
  const { over: _, ...plain } = one;
  const above = formOf(declared.measures, plain);
  const below: FactForm =
    one.over === "limit" ? { type: "money" } : formOf(declared.measures, one.over);
  const fits = above.type === below.type && (above.scale ?? 0) === (below.scale ?? 0);
  if (fits && (above.type === "money" || above.type === "number")) return;
  problems.add(
    "type-mismatch",
    `${path}/over`,
    `Cannot divide ${one.name}: found ${above.type} over ${below.type}, expected two amounts or two numbers of the same decimals`,
    `无法计算 ${one.name} 的比率：分子为 ${above.type}，分母为 ${below.type}，应同为金额或小数位相同的数值`,
  );
}

function checkTaken({ problems, declared }: Checking, path: string, taken: Taken): boolean {
  const measured = declared.measures.get(taken.of);
  if (measured === undefined) {
    const known = [...declared.measures.keys()].join(", ");
    problems.add(
      "unknown-name",
      `${path}/of`,
      `Cannot take ${taken.take}: found measure "${taken.of}", expected one of ${known}`,
      `无法取 ${taken.take}：没有度量“${taken.of}”，应为 ${known} 之一`,
    );
    return false;
  }
  const kind = kindOf(fieldOf(measured));
  const wanted = kinds[taken.take];
  const fits = wanted.includes(kind);
  if (!fits) {
    const expected = wanted.map((one) => kindWords[one]);
    problems.add(
      "type-mismatch",
      `${path}/take`,
      `Cannot take ${taken.take} of ${taken.of}: found ${kindWords[kind].en}, expected ${expected.map(({ en }) => en).join(" or ")}`,
      `无法对 ${taken.of} 取 ${taken.take}：${kindWords[kind].zh}，应为${expected.map(({ zh }) => zh).join("或")}`,
    );
  }
  return checkWindow(problems, path, taken, measured) && fits;
}

type Kind = "none" | "number" | "plain" | "enum" | "code";

function kindOf(field: PayloadField | undefined): Kind {
  if (field === undefined) return "none";
  if (field.type === "money" || field.type === "integer") return "number";
  return field.type === "enum" || field.type === "code" ? field.type : "plain";
}

const kindWords: Readonly<Record<Kind, Text>> = {
  none: { en: "a measure without values", zh: "没有取值" },
  number: { en: "numbers or amounts", zh: "数值或金额" },
  plain: { en: "dates or yes and no", zh: "日期或是否" },
  enum: { en: "a closed list", zh: "封闭列表" },
  code: { en: "codes", zh: "代码" },
};

const every: readonly Kind[] = ["none", "number", "plain", "enum", "code"];

/** What each kind of taking can be done with. */
const kinds: Readonly<Record<Taken["take"], readonly Kind[]>> = {
  ...{ latest: ["number", "plain", "enum"], age: every, count: every, distinct: ["enum", "code"] },
  ...{ change: ["number"], sum: ["number"], min: ["number"], max: ["number"] },
  ...{ average: ["number"], slope: ["number"] },
};

/** Days on which a cycle may come at the latest, and as many again for the first of them. */
const cycleDays = 31;

function checkWindow(
  problems: Problems,
  path: string,
  { take, days: span, cycles, stepDays }: Taken,
  { id, reachDays }: Measure,
): boolean {
  const found = Object.entries({ days: span, cycles, stepDays })
    .filter(([, given]) => given !== undefined)
    .map(([field]) => field)
    .join(" + ");
  const wanted = windows[take];
  if (!wanted.includes(found)) {
    const expected = wanted.map((one) => one || "none").join(" or ");
    problems.add(
      "unknown-field",
      path,
      `Cannot take ${take}: found window ${found || "none"}, expected ${expected}`,
      `无法取 ${take}：窗口为 ${found || "无"}，应为 ${wanted.map((one) => one || "无").join(" 或 ")}`,
    );
    return false;
  }
  const needed = span ?? (cycles === undefined ? 0 : (cycles + 1) * cycleDays);
  if (needed > reachDays) {
    problems.add(
      "out-of-range",
      `${path}/${span === undefined ? "cycles" : "days"}`,
      `Cannot take ${take}: found a window of ${needed} days, expected at most the ${reachDays} days that ${id} reaches back`,
      `无法取 ${take}：窗口为 ${needed} 天，不应超过 ${id} 的回溯天数 ${reachDays}`,
    );
    return false;
  }
  if (stepDays === undefined || (span! % stepDays === 0 && span! / stepDays >= 2)) return true;
  problems.add(
    "out-of-range",
    `${path}/stepDays`,
    `Cannot take ${take}: found steps of ${stepDays} days in ${span}, expected two whole steps or more`,
    `无法取 ${take}：${span} 天按 ${stepDays} 天分段，应能整分为两段或以上`,
  );
  return false;
}

const windows: Readonly<Record<Taken["take"], readonly string[]>> = {
  ...{ latest: [""], age: [""], change: ["days"], slope: ["days + stepDays"] },
  ...{ count: ["days", "cycles"], sum: ["days", "cycles"], min: ["days", "cycles"] },
  ...{ max: ["days", "cycles"], average: ["days", "cycles"], distinct: ["days", "cycles"] },
};
