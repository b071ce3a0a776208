// An explanation as plain text in one language: the same story, for terminals, review screens and files.

import { type Currency, moneyText } from "../domain/money.ts";
import type { Language, Text } from "../domain/text.ts";
import type { ExplainedReason, ExplainedTable, ExplainedTest, Explanation } from "./explain.ts";
import type { ChangedFact, Way } from "./way-back.ts";
import { actionLabels } from "./lower.ts";
import { percentText } from "./value-text.ts";

const words = {
  strategy: { zh: "策略", en: "Strategy" },
  asOf: { zh: "数据日期", en: "As of" },
  outcome: { zh: "结果", en: "Outcome" },
  route: { zh: "审批路径", en: "Route" },
  facts: { zh: "事实", en: "Facts" },
  expressions: { zh: "计算", en: "Computed" },
  rules: { zh: "准入与排除", en: "Eligibility and exclusions" },
  segment: { zh: "客群", en: "Segment" },
  score: { zh: "评分", en: "Score" },
  initial: { zh: "初始分", en: "initial" },
  lost: { zh: "失分", en: "lost" },
  grade: { zh: "风险等级", en: "Risk grade" },
  table: { zh: "决策表", en: "Decision table" },
  hit: { zh: "命中", en: "hit" },
  notHit: { zh: "未命中", en: "not hit" },
  byDefault: { zh: "无行命中，使用默认输出", en: "no row hit, default used" },
  because: { zh: "因为", en: "because" },
  isNot: { zh: "不满足", en: "does not satisfy" },
  arithmetic: { zh: "额度计算", en: "Limit arithmetic" },
  guards: { zh: "护栏", en: "Guards" },
  bound: { zh: "生效", en: "bound" },
  free: { zh: "未触及", en: "did not bind" },
  reasons: { zh: "主要原因", en: "Principal reasons" },
  noReasons: { zh: "无", en: "none" },
  proof: { zh: "若为中性值，结果为", en: "at neutral values the outcome would be" },
  besides: { zh: "并排除", en: "with these out of the way" },
  pointsLost: { zh: "共失分", en: "points lost" },
  wayBack: { zh: "改善途径", en: "Way back" },
  better: { zh: "最省力的改善", en: "least costly to something better" },
  unchanged: { zh: "最省力地避免处置", en: "least costly to no action" },
  alone: {
    zh: "以下为假设其他情况不变时，按同一策略重新计算的结果",
    en: "what the same strategy says with everything else as it was",
  },
  noWay: { zh: "无：客户能改变的事项都不会改变结果", en: "none that the customer can go" },
  bounded: {
    zh: "组合过多，未全部试算",
    en: "too many combinations, not all of them were tried",
  },
  cost: { zh: "代价", en: "cost" },
  earliest: { zh: "最早", en: "at the earliest on" },
  follows: { zh: "随之变化", en: "moves along" },
  excludes: { zh: "排除", en: "excludes" },
  passes: { zh: "通过", en: "passes" },
} as const satisfies Readonly<Record<string, Text>>;

const routeLabels: Readonly<Record<string, Text>> = {
  "straight-through": { zh: "自动通过", en: "straight through" },
  review: { zh: "人工复核", en: "review by one person" },
  "four-eyes": { zh: "双人复核", en: "two people must agree" },
  legal: { zh: "法务确认", en: "legal must agree" },
};

const colons = { zh: "：", en: ": " } as const satisfies Readonly<Record<Language, string>>;

type Writer = Readonly<{ language: Language; colon: string; currency: Currency; lines: string[] }>;

/** Writes an explanation for people, one thought a line, headings without indent. */
export function explanationText(explanation: Explanation, language: Language): string {
  const { assessment } = explanation;
  const colon = colons[language];
  const writer: Writer = { language, colon, currency: assessment.currency, lines: [] };
  const { strategy } = assessment;
  const say = (key: keyof typeof words): string => words[key][language];
  writer.lines.push(
    `${say("strategy")}${colon}${explanation.label[language]} (${strategy.id} v${strategy.version}, ${strategy.hash.slice(0, 12)})`,
    `${say("asOf")}${colon}${assessment.asOf}`,
    `${say("outcome")}${colon}${outcomeText(writer, assessment.outcome)}`,
    `${say("route")}${colon}${routeLabels[explanation.routing.route]?.[language]} – ${explanation.routing.label[language]}`,
  );
  writeReasons(writer, explanation.reasons);
  writeFacts(writer, explanation);
  writeExpressions(writer, explanation);
  writeRules(writer, explanation);
  writeScores(writer, explanation);
  for (const table of explanation.tables) writeTable(writer, table);
  writeArithmetic(writer, explanation);
  writeWayBack(writer, explanation);
  return `${writer.lines.join("\n")}\n`;
}

function amount(writer: Writer, amountMinor: number): string {
  return moneyText({ amountMinor, currency: writer.currency });
}

function outcomeText(writer: Writer, outcome: Explanation["assessment"]["outcome"]): string {
  const action = actionLabels[outcome.action][writer.language];
  if (outcome.action === "none") return action;
  const from = amount(writer, outcome.fromMinor);
  return outcome.action === "decrease"
    ? `${action} ${from} → ${amount(writer, outcome.toMinor)}`
    : `${action} (${from})`;
}

function writeReasons(writer: Writer, reasons: readonly ExplainedReason[]): void {
  const { language, lines } = writer;
  lines.push("", `${words.reasons[language]}${writer.colon.trimEnd()}`);
  if (reasons.length === 0) lines.push(`  ${words.noReasons[language]}`);
  reasons.forEach((reason, at) => {
    lines.push(`  ${at + 1}. ${reason.code} ${reason.text[language]}`);
    for (const { label, value } of reason.values)
      lines.push(`     ${label[language]}${writer.colon}${value[language]}`);
    lines.push(`     ${proofText(writer, reason)} [${reason.cause.join(", ")}]`);
  });
}

function proofText(writer: Writer, reason: ExplainedReason): string {
  const { language } = writer;
  if (reason.proof === null) return `${words.pointsLost[language]}${writer.colon}${reason.weight}`;
  const outcome = outcomeText(writer, reason.proof.outcome);
  const besides =
    reason.proof.besides.length === 0
      ? ""
      : ` (${words.besides[language]}${writer.colon}${reason.proof.besides.join(", ")})`;
  return `${words.proof[language]}${writer.colon}${outcome}${besides}`;
}

function writeFacts(writer: Writer, explanation: Explanation): void {
  const { language, lines } = writer;
  lines.push("", `${words.facts[language]}${writer.colon.trimEnd()}`);
  for (const { label, value, name } of explanation.facts) {
    lines.push(`  ${label[language]}${writer.colon}${value[language]} [${name}]`);
  }
}

function writeExpressions(writer: Writer, { expressions }: Explanation): void {
  const { language, lines, colon } = writer;
  if (expressions.length === 0) return;
  lines.push("", `${words.expressions[language]}${colon.trimEnd()}`);
  for (const { label, value, feel, reads } of expressions) {
    lines.push(`  ${label[language]}${colon}${value[language]} = ${feel}`);
    for (const one of reads) lines.push(`    ${one.label[language]}${colon}${one.value[language]}`);
  }
}

function writeRules(writer: Writer, explanation: Explanation): void {
  const { language, lines } = writer;
  lines.push("", `${words.rules[language]}${writer.colon.trimEnd()}`);
  for (const rule of explanation.rules) {
    lines.push(
      `  ${rule.label[language]}${writer.colon}${words[rule.excludes ? "excludes" : "passes"][language]} [${rule.id}]`,
    );
  }
  const path = explanation.segment.map((node) => node.label[language]).join(" → ");
  if (path !== "") lines.push("", `${words.segment[language]}${writer.colon}${path}`);
}

function writeScores(writer: Writer, explanation: Explanation): void {
  const { language, lines } = writer;
  for (const score of explanation.scores) {
    lines.push(
      "",
      `${words.score[language]} ${score.label[language]}${writer.colon}${score.score} (${words.initial[language]} ${score.initialScore})`,
    );
    for (const { label, value, cell, points, lost } of score.characteristics) {
      const less = lost > 0 ? `, ${words.lost[language]} ${lost}` : "";
      lines.push(
        `  ${label[language]}${writer.colon}${value[language]} ∈ ${cell} → ${points}${less}`,
      );
    }
  }
  const { grade } = explanation;
  if (grade === null) return;
  lines.push(
    "",
    `${words.grade[language]}${writer.colon}${grade.grade} ${grade.label[language]} (${grade.input.label[language]} ${grade.input.value[language]} ∈ ${grade.cell}, PD ${percentText(grade.pdBp)})`,
  );
}

function writeTable(writer: Writer, table: ExplainedTable): void {
  const { language, lines } = writer;
  lines.push(
    "",
    `${words.table[language]} ${table.label[language]} [${table.id}, ${table.hitPolicy}]${writer.colon.trimEnd()}`,
  );
  const inputs = table.inputs.map(({ label, value }) => `${label[language]} ${value[language]}`);
  lines.push(`  ${inputs.join("; ")}`);
  const unseen = (table.missed[0]?.position ?? 1) - 1;
  if (unseen > 0) lines.push(`  … (${unseen})`);
  for (const row of table.missed) {
    lines.push(
      `  ${row.id} ${words.notHit[language]}${writer.colon}${row.note[language]} – ${failureText(writer, row.because)}`,
    );
  }
  for (const row of table.hit)
    lines.push(`  ${row.id} ${words.hit[language]}${writer.colon}${row.note[language]}`);
  if (table.byDefault) lines.push(`  ${words.byDefault[language]}`);
  for (const output of table.outputs)
    lines.push(`  → ${output.label[language]}${writer.colon}${output.value[language]}`);
}

function failureText(writer: Writer, test: ExplainedTest): string {
  const { language } = writer;
  return `${words.because[language]} ${test.label[language]} ${test.value[language]} ${words.isNot[language]} ${test.cell}`;
}

function writeArithmetic(writer: Writer, explanation: Explanation): void {
  const { language, lines } = writer;
  if (explanation.treatment !== null)
    lines.push(
      "",
      `${words.arithmetic[language]}${writer.colon}${explanation.treatment.label[language]}`,
    );
  for (const step of explanation.arithmetic) {
    lines.push(
      `  ${step.label[language]}${writer.colon}${stepText(writer, step)}${roundingText(writer, step.rounding)}`,
    );
  }
  lines.push("", `${words.guards[language]}${writer.colon.trimEnd()}`);
  for (const guard of explanation.guards) {
    lines.push(
      `  ${guard.label[language]}${writer.colon}${words[guard.bound ? "bound" : "free"][language]} [${guard.id}]`,
    );
  }
}

function writeWayBack(writer: Writer, { assessment, wayBack }: Explanation): void {
  if (assessment.outcome.action === "none") return;
  const { language, lines } = writer;
  const { better, unchanged, exhaustive } = wayBack;
  lines.push("", `${words.wayBack[language]}${writer.colon.trimEnd()}`);
  if (better === null) lines.push(`  ${words.noWay[language]}`);
  else lines.push(`  ${words.alone[language]}`);
  if (better !== null && better.outcome.action !== "none") writeWay(writer, "better", better);
  if (unchanged !== null) writeWay(writer, "unchanged", unchanged);
  if (!exhaustive) lines.push(`  ${words.bounded[language]}`);
}

function writeWay(writer: Writer, goal: "better" | "unchanged", way: Way): void {
  const { language, lines, colon } = writer;
  const changed = ({ label, before, after }: ChangedFact): string =>
    `${label[language]} ${before[language]} → ${after[language]}`;
  const when = `${words.cost[language]} ${way.cost}, ${words.earliest[language]} ${way.earliestOn}`;
  lines.push(
    `  ${words[goal][language]}${colon}${outcomeText(writer, way.outcome)} (${when})`,
    ...way.changes.map((change) => `    ${change.how[language]}${colon}${changed(change)}`),
    ...way.follow.map((one) => `    ${words.follows[language]}${colon}${changed(one)}`),
  );
}

const roundings = {
  down: { zh: "（向下取整）", en: " (rounded down)" },
  up: { zh: "（向上取整）", en: " (rounded up)" },
  "half-even": { zh: "（四舍六入五成双）", en: " (rounded to nearest, ties to even)" },
} as const;

function roundingText(
  writer: Writer,
  rounding: Explanation["arithmetic"][number]["rounding"],
): string {
  return rounding === null ? "" : roundings[rounding][writer.language];
}

function stepText(writer: Writer, step: Explanation["arithmetic"][number]): string {
  const before = amount(writer, step.beforeMinor);
  const after = amount(writer, step.afterMinor);
  switch (step.kind) {
    case "cut-by-rate":
      return `${before} × (1 − ${percentText(step.operand)}) = ${after}`;
    case "cut-by-amount":
      return `${before} − ${amount(writer, step.operand)} = ${after}`;
    case "cut-to-balance":
      return `(${writer.language === "zh" ? "已用 + 在途" : "drawn + pending"}) × (1 + ${percentText(step.operand)}) = ${after}`;
    case "set-to":
      return `= ${after}`;
    case "floor":
    case "guard-floor":
      return `max(${before}, ${amount(writer, step.operand)}) = ${after}`;
    case "cap":
      return `min(${before}, ${amount(writer, step.operand)}) = ${after}`;
    case "round":
    case "guard-round":
      return `${before} → ${after} (${amount(writer, step.operand)})`;
    case "guard-stop":
      return `${before} → ${after}`;
  }
}
