// An explanation as a person reads it on the command line: facts, points, rows hit and why not the ones before,
// the limit arithmetic step by step, guards, reasons, and who has to agree.

import { localised } from "../adapters/localised.ts";
import { toldJson, type Withheld } from "../adapters/http/withheld.ts";
import type { Decision } from "../domain/decision.ts";
import { isRefusal } from "../domain/refusal.ts";
import type { Language, Text } from "../domain/text.ts";
import { explainRecord } from "../flow/explain-decision.ts";
import type {
  Explanation,
  ExplainedScore,
  ExplainedTable,
  ExplainedTest,
} from "../policy/explain.ts";
import type { Tidemark } from "../compose.ts";
import { amountText } from "./amount.ts";
import { tableText, type Column } from "./table.ts";
import { routeWords } from "./words.ts";

/** The explanation of a decision, as text and as plain data in the language, told without what is withheld. */
export async function explainDecision(
  { world }: Pick<Tidemark, "world">,
  decision: Decision,
  language: Language,
  withheld: Withheld,
): Promise<Readonly<{ text: string; wire: unknown }>> {
  const { record } = decision;
  const strategy = await world.loadStrategy(record.assessment.strategy.hash);
  const found = explainRecord(record, strategy);
  if (isRefusal(found)) return { text: `${found.detail[language]}\n`, wire: null };
  const told = toldJson(found, withheld);
  const { assessment: _, ...wire } = told;
  return { text: explanationText(told, language), wire: localised(wire, language) };
}

function explanationText(found: Explanation, language: Language): string {
  const sections = [
    section(words.facts, factsText(found, language), language),
    section(words.rules, rulesText(found, language), language),
    section(words.segment, segmentText(found, language), language),
    ...found.scores.map((score) => section(words.score, scoreText(score, language), language)),
    section(words.grade, gradeText(found, language), language),
    ...found.tables.map((table) => section(words.table, tableOf(table, language), language)),
    section(words.arithmetic, arithmeticText(found, language), language),
    section(words.guards, guardsText(found, language), language),
    section(words.reasons, reasonsText(found, language), language),
    section(
      words.routing,
      `${found.routing.label[language]} (${found.routing.id}): ${routeWords[found.routing.route][language]}`,
      language,
    ),
  ];
  return sections.filter((one) => one !== "").join("\n");
}

const words = {
  facts: { en: "Facts", zh: "事实" },
  rules: { en: "Eligibility", zh: "准入与排除" },
  segment: { en: "Segment", zh: "客群" },
  score: { en: "Score", zh: "评分" },
  grade: { en: "Risk grade", zh: "风险等级" },
  table: { en: "Decision table", zh: "决策表" },
  arithmetic: { en: "Limit arithmetic", zh: "额度计算" },
  guards: { en: "Guards", zh: "保护规则" },
  reasons: { en: "Principal reasons", zh: "主要理由" },
  routing: { en: "Routing", zh: "审批路径" },
  hit: { en: "hit", zh: "命中" },
  missed: { en: "not hit", zh: "未命中" },
  byDefault: { en: "no row hit, default used", zh: "无命中行，采用缺省值" },
  bound: { en: "bound the outcome", zh: "已生效" },
  free: { en: "did not bind", zh: "未触发" },
  points: { en: "points", zh: "得分" },
  lost: { en: "lost", zh: "失分" },
  value: { en: "value", zh: "取值" },
  bin: { en: "bin", zh: "分箱" },
  excludes: { en: "excludes", zh: "排除" },
  passed: { en: "passed", zh: "通过" },
  characteristic: { en: "characteristic", zh: "特征" },
  before: { en: "before", zh: "之前" },
  after: { en: "after", zh: "之后" },
  step: { en: "step", zh: "步骤" },
} as const satisfies Readonly<Record<string, Text>>;

function section(title: Text, body: string, language: Language): string {
  if (body.trim() === "") return "";
  const lines = body
    .trimEnd()
    .split("\n")
    .map((line) => `  ${line}`);
  return `${title[language]}\n${lines.join("\n")}\n`;
}

function plain(
  language: Language,
  rows: readonly (readonly string[])[],
  columns: readonly Column[],
): string {
  return tableText({ language }, columns, rows);
}

const left = (label: Text): Column => ({ label });
const right = (label: Text): Column => ({ label, right: true });

function factsText({ facts }: Explanation, language: Language): string {
  const rows = facts.map(({ name, label, value }) => [label[language], value[language], name]);
  return plain(language, rows, [
    left(words.facts),
    left(words.value),
    left({ en: "name", zh: "名称" }),
  ]);
}

function rulesText({ rules }: Explanation, language: Language): string {
  return rules
    .map(
      ({ id, label, excludes }) =>
        `${label[language]} (${id}): ${words[excludes ? "excludes" : "passed"][language]}`,
    )
    .join("\n");
}

function segmentText({ segment }: Explanation, language: Language): string {
  return segment.map(({ label }) => label[language]).join(" › ");
}

function scoreText(
  { label, initialScore, score, characteristics }: ExplainedScore,
  language: Language,
): string {
  const rows = characteristics.map((one) => [
    one.label[language],
    one.value[language],
    one.cell,
    String(one.points),
    one.lost === 0 ? "" : `${one.lost} ${one.reason}`,
  ]);
  const columns = [
    left(words.characteristic),
    left(words.value),
    left(words.bin),
    right(words.points),
    right(words.lost),
  ];
  return `${label[language]}: ${score} (${initialScore} + …)\n${plain(language, rows, columns)}`;
}

function gradeText({ grade }: Explanation, language: Language): string {
  if (grade === null) return "";
  const { label, input, cell, pdBp } = grade;
  return `${grade.grade} ${label[language]}: ${input.label[language]} ${input.value[language]} ∈ ${cell}, PD ${(pdBp / 100).toFixed(2)} %`;
}

function tableOf(table: ExplainedTable, language: Language): string {
  const hit = table.hit.map(
    ({ id, note, tests }) =>
      `${words.hit[language]} ${id}: ${note[language]} [${tests.map((one) => testText(one, language)).join("; ")}]`,
  );
  const missed = table.missed.map(
    ({ id, note, because }) =>
      `${words.missed[language]} ${id}: ${note[language]} [${testText(because, language)}]`,
  );
  const outputs = table.outputs.map(
    ({ label, value }) => `→ ${label[language]}: ${value[language]}`,
  );
  const byDefault = table.byDefault ? [words.byDefault[language]] : [];
  return [
    `${table.label[language]} (${table.id})`,
    ...missed,
    ...hit,
    ...byDefault,
    ...outputs,
  ].join("\n");
}

function testText({ label, value, cell, holds }: ExplainedTest, language: Language): string {
  return `${label[language]} ${value[language]} ${holds ? "∈" : "∉"} ${cell}`;
}

function arithmeticText({ arithmetic, assessment }: Explanation, language: Language): string {
  const { currency } = assessment;
  const rows = arithmetic.map(({ label, kind, beforeMinor, afterMinor }) => [
    label[language],
    kind,
    amountText(beforeMinor, currency),
    amountText(afterMinor, currency),
  ]);
  return plain(language, rows, [
    left(words.step),
    left({ en: "kind", zh: "类型" }),
    right(words.before),
    right(words.after),
  ]);
}

function guardsText({ guards }: Explanation, language: Language): string {
  return guards
    .map(
      ({ id, label, bound }) =>
        `${label[language]} (${id}): ${words[bound ? "bound" : "free"][language]}`,
    )
    .join("\n");
}

function reasonsText({ reasons }: Explanation, language: Language): string {
  return reasons
    .map(({ code, text, values, cause, weight }) => {
      const shown = values
        .map(({ label, value }) => `${label[language]} ${value[language]}`)
        .join("; ");
      return `${code} ${text[language]} [${shown}] (${cause.join(", ")}, ${weight})`;
    })
    .join("\n");
}
