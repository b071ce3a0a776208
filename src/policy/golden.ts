// Golden cases: what a strategy must say about lines that people chose and checked by hand. They travel with
// the strategy and hold it still while it is edited; a difference is told as what was expected and found.

import { givenFacts } from "./lower-nodes.ts";
import { actions, type Assessment, routes } from "../domain/assessment.ts";
import { type BusinessDate, parseBusinessDate } from "../domain/calendar.ts";
import type { FactValue, FactValues } from "../domain/facts.ts";
import { currencyExponents, decimalText } from "../domain/money.ts";
import { type ReasonCode, reasonCodes } from "../domain/reason-code.ts";
import type { Text } from "../domain/text.ts";
import type { CompiledStrategy } from "./compile.ts";
import { evaluate, isUnevaluable } from "./evaluate.ts";
import { readFactText, writeFactText } from "./fact-text.ts";
import { collectProblems, pointer, type Problem, type Problems } from "./problem.ts";
import {
  bilingual,
  list,
  nullable,
  object,
  oneOf,
  optional,
  record,
  type Shape,
  string,
} from "./shape.ts";
import { triggersThatHold } from "./triggers.ts";
import { wayBack } from "./way-back.ts";

/** What a case expects; what it does not mention is not compared. Amounts are decimal text in major units. */
export type Expectation = Readonly<{
  action: (typeof actions)[number];
  /** the new limit of a decrease */
  to?: string;
  segment?: string | null;
  grade?: string | null;
  scores?: Readonly<Record<string, string>>;
  /** table id → ids of the rows hit */
  rows?: Readonly<Record<string, readonly string[]>>;
  route?: (typeof routes)[number];
  /** codes in order */
  reasons?: readonly ReasonCode[];
  guards?: readonly string[];
  excludedBy?: readonly string[];
  /** what the least costly way to a better outcome changes, without what follows; null where there is none */
  wayBack?: Readonly<Record<string, string>> | null;
  /** the trigger that looks at the line when its facts become these; null where none does */
  trigger?: string | null;
}>;

/** `facts` override the file's `base`; values are text as in an import file, null is unknown. */
export type GoldenCase = Readonly<{
  id: string;
  note: Text;
  facts: Readonly<Record<string, string | null>>;
  /** what was otherwise before the news, for triggers */
  was?: Readonly<Record<string, string | null>>;
  expect: Expectation;
}>;

export type GoldenCases = Readonly<{
  strategy: string;
  asOf: string;
  base: Readonly<Record<string, string | null>>;
  cases: readonly GoldenCase[];
}>;

const word = string({
  pattern: /^\S.{0,199}$/,
  maximum: 200,
  en: "a text of 1 to 200 characters",
  zh: "1 至 200 个字符的文本",
});
const factTexts = record(nullable(word), /^[a-z][A-Za-z0-9]*$/, 1_000);
const words: Shape<readonly string[]> = list(word, { maximum: 1_000 });

const goldenShape = object<GoldenCases>({
  strategy: word,
  asOf: word,
  base: factTexts,
  cases: list(
    object<GoldenCase>({
      id: word,
      note: bilingual(),
      facts: factTexts,
      was: optional(factTexts),
      expect: object<Expectation>({
        action: oneOf(actions),
        to: optional(word),
        segment: optional(nullable(word)),
        grade: optional(nullable(word)),
        scores: optional(record(word, /^\S+$/, 100)),
        rows: optional(record(words, /^\S+$/, 1_000)),
        route: optional(oneOf(routes)),
        reasons: optional(list(oneOf(Object.keys(reasonCodes) as ReasonCode[]), { maximum: 20 })),
        guards: optional(words),
        excludedBy: optional(words),
        wayBack: optional(nullable(record(word, /^[a-z][A-Za-z0-9]*$/, 3))),
        trigger: optional(nullable(word)),
      }),
    }),
    { minimum: 1, maximum: 10_000 },
  ),
});

/** One case with its facts read against the strategy's dictionary. */
export type ReadyCase = Readonly<{
  id: string;
  facts: FactValues;
  before: FactValues;
  expect: Expectation;
}>;

export type ReadyCases = Readonly<{ asOf: BusinessDate; cases: readonly ReadyCase[] }>;

/** Reads golden cases against the strategy that they are about. */
export function parseGoldenCases(
  source: unknown,
  compiled: CompiledStrategy,
): ReadyCases | Readonly<{ problems: readonly Problem[] }> {
  const problems = collectProblems();
  goldenShape.read(source, "", problems);
  if (problems.list.length > 0) return { problems: problems.list };
  const golden = source as GoldenCases;
  const asOf = parseBusinessDate(golden.asOf);
  if (asOf === null)
    refuse(
      problems,
      "/asOf",
      `"${golden.asOf}"`,
      "a date written YYYY-MM-DD",
      "YYYY-MM-DD 格式的日期",
    );
  if (golden.strategy !== compiled.ref.id)
    refuse(
      problems,
      "/strategy",
      `"${golden.strategy}"`,
      `"${compiled.ref.id}"`,
      `“${compiled.ref.id}”`,
    );
  const seen = new Set<string>();
  const cases = golden.cases.map((one, at): ReadyCase => {
    const path = pointer("/cases", at);
    if (seen.has(one.id))
      refuse(problems, `${path}/id`, `"${one.id}" twice`, "each id once", "每个标识只出现一次");
    seen.add(one.id);
    const facts = {
      ...readFacts(golden.base, compiled, "/base", problems),
      ...readFacts(one.facts, compiled, `${path}/facts`, problems),
    };
    const before = { ...facts, ...readFacts(one.was ?? {}, compiled, `${path}/was`, problems) };
    return { id: one.id, facts, before, expect: one.expect };
  });
  if (problems.list.length > 0 || asOf === null) return { problems: problems.list };
  return { asOf, cases };
}

function refuse(problems: Problems, path: string, found: string, en: string, zh: string): void {
  problems.add(
    "type-mismatch",
    path,
    `Cannot read golden case ${path}: found ${found}, expected ${en}`,
    `无法读取样例 ${path}：发现 ${found}，应为${zh}`,
  );
}

function readFacts(
  texts: Readonly<Record<string, string | null>>,
  compiled: CompiledStrategy,
  path: string,
  problems: Problems,
): Record<string, FactValue> {
  const facts: Record<string, FactValue> = {};
  const { document } = compiled;
  for (const [name, text] of Object.entries(texts)) {
    const declaration = givenFacts(document).find((fact) => fact.name === name);
    if (declaration === undefined) {
      refuse(
        problems,
        pointer(path, name),
        `unknown fact "${name}"`,
        "a fact of the dictionary",
        "事实字典中的事实",
      );
      continue;
    }
    const read =
      text === null ? { value: null } : readFactText(declaration, document.currency, text);
    if ("value" in read) facts[name] = read.value;
    else {
      problems.add(
        "type-mismatch",
        pointer(path, name),
        `Cannot read fact "${name}": ${read.problem.en}`,
        `无法读取事实“${name}”：${read.problem.zh}`,
      );
    }
  }
  return facts;
}

/** One thing that a case expected otherwise. */
export type GoldenDifference = Readonly<{
  id: string;
  what: string;
  expected: string;
  found: string;
}>;

/** Runs all cases; an empty list means that the strategy says what its golden cases say. */
export function runGoldenCases(
  compiled: CompiledStrategy,
  ready: ReadyCases,
): readonly GoldenDifference[] {
  return ready.cases.flatMap((one) => {
    const result = evaluate(compiled, one.facts, ready.asOf);
    if (isUnevaluable(result)) {
      const found = [...result.missing, ...result.invalid.map((fact) => fact.fact)].join(", ");
      return [{ id: one.id, what: "facts", expected: "all facts present and valid", found }];
    }
    return differences(one, {
      ...observe(result, one.expect),
      ...(one.expect.wayBack === undefined ? {} : { wayBack: nearest(compiled, one, ready.asOf) }),
      trigger: triggersThatHold(compiled.program, one.facts, one.before, ready.asOf)[0]?.id ?? null,
    });
  });
}

type Observed = Partial<Record<keyof Expectation, unknown>>;

function differences({ id, expect }: ReadyCase, observed: Observed): GoldenDifference[] {
  const list: GoldenDifference[] = [];
  for (const [what, value] of Object.entries(expect)) {
    const expected = JSON.stringify(value);
    const actual = JSON.stringify(observed[what as keyof Expectation]);
    if (expected !== actual) list.push({ id, what, expected, found: actual });
  }
  return list;
}

/** The assessment in the form of an expectation, with only the scores and tables that the case mentions. */
function observe(found: Assessment, expect: Expectation): Observed {
  const { outcome, currency } = found;
  const decimals = currencyExponents[currency];
  const only = (wanted: object | undefined, from: Readonly<Record<string, unknown>>): object =>
    Object.fromEntries(Object.keys(wanted ?? {}).map((key) => [key, from[key] ?? null]));
  const scores = Object.fromEntries(
    Object.entries(found.scores).map(([id, score]) => [id, String(score)]),
  );
  return {
    action: outcome.action,
    to: outcome.action === "decrease" ? decimalText(outcome.toMinor, decimals) : null,
    segment: found.segment,
    grade: found.grade,
    scores: only(expect.scores, scores),
    rows: only(expect.rows, found.rowsHit),
    route: found.route,
    reasons: found.reasons.map((reason) => reason.code),
    guards: found.guardsBound,
    excludedBy: found.excludedBy,
  };
}

function nearest(
  compiled: CompiledStrategy,
  { facts }: ReadyCase,
  asOf: BusinessDate,
): Expectation["wayBack"] {
  const found = wayBack(compiled, facts, asOf);
  if ("missing" in found || found.better === null) return null;
  const { changes, facts: changed } = found.better;
  const { document } = compiled;
  return Object.fromEntries(
    changes.map(({ name }) => {
      const declaration = givenFacts(document).find((fact) => fact.name === name)!;
      return [name, String(writeFactText(declaration, document.currency, changed[name]!))];
    }),
  );
}
