// Derives the integer points of the example scorecard from a fitted weight-of-evidence model and writes them
// into examples/uci-taiwan/strategy.yaml between its two markers, so that the points can be traced and made
// again. Scaling: score = offset + factor × ln(good:bad odds), 20 points double the odds, 600 points are
// odds of 30:1; each partial score and the initial score are rounded to the nearest integer, ties to even.
//
//   node scripts/uci-scorecard.ts MODEL.json

import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** Points to double the odds, and the score at which the odds are `baseOdds`. */
export const scaling = { pointsToDouble: 20, baseScore: 600, baseOdds: 30 } as const;

/** A fitted model: logit(PD) = intercept + Σ coefficient × WOE; bin j is edges[j-1] < x ≤ edges[j], then missing. */
export type WoeModel = Readonly<{
  used: readonly string[];
  coef: readonly number[];
  intercept: number;
  bins: Readonly<Record<string, Readonly<{ edges: readonly number[]; woe: readonly number[] }>>>;
}>;

type Column = Readonly<{ id: string; fact: string; reason: string; zh: string; en: string }>;

const months = ["2005-09", "2005-08", "2005-07", "2005-06", "2005-05", "2005-04"] as const;

/** The fact and the reason that each column of the data stands for. */
function columnOf(name: string): Column {
  if (name === "LIMIT_BAL") {
    return { id: "limit", fact: "limit", reason: "R09", zh: "授信额度", en: "Credit limit" };
  }
  const status = /^PAY_(\d)$/.exec(name)?.[1];
  if (status !== undefined) {
    const month = status === "0" ? 1 : Number(status);
    return {
      id: `repayment-status-${month}`,
      fact: `repaymentStatus${month}`,
      reason: "R01",
      zh: `${months[month - 1]} 还款状态`,
      en: `Repayment status ${months[month - 1]}`,
    };
  }
  const month = Number(/^PAY_AMT(\d)$/.exec(name)?.[1] ?? Number.NaN);
  if (Number.isNaN(month))
    throw new Error(`Cannot place column ${name}: expected LIMIT_BAL, PAY_n or PAY_AMTn`);
  return {
    id: `paid-${month}`,
    fact: `paid${month}`,
    reason: "R12",
    zh: `${months[month - 1]} 还款金额`,
    en: `Amount paid ${months[month - 1]}`,
  };
}

/** The two constants of the scaling. */
export function scalingConstants(): { factor: number; offset: number } {
  const factor = scaling.pointsToDouble / Math.log(2);
  return { factor, offset: scaling.baseScore - factor * Math.log(scaling.baseOdds) };
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** The cells of a column's bins, the missing one last; a limit is never missing. */
function cellsOf(edges: readonly number[], fact: string): string[] {
  const inner = edges.slice(1).map((edge, index) => `(${edges[index]}..${edge}]`);
  return [`<= ${edges[0]}`, ...inner, `> ${edges.at(-1)}`, ...(fact === "limit" ? [] : ["null"])];
}

/** The `scores` part of the strategy as YAML lines. Every number in it is an integer. */
export function scorecardYaml(model: WoeModel): string {
  const { factor, offset } = scalingConstants();
  const initial = roundHalfEven(offset - factor * model.intercept);
  const { pointsToDouble, baseScore, baseOdds } = scaling;
  const lines = [
    "scores:",
    "  - id: behaviour",
    "    label: { zh: 行为评分, en: Behaviour score }",
    "    origin:",
    `      zh: 证据权重逻辑回归，不含人口属性；PDO ${pointsToDouble}，${baseScore} 分对应好坏比 ${baseOdds}:1；各项分值四舍六入五成双取整`,
    `      en: "Weight-of-evidence logistic regression without demographics; PDO ${pointsToDouble}, ${baseScore} points are odds of ${baseOdds}:1; every partial score rounded to the nearest integer, ties to even"`,
    `    initialScore: ${initial}`,
    "    reasonCodeAlgorithm: pointsBelow",
    "    baseline: best",
    "    characteristics:",
  ];
  model.used.forEach((name, index) => {
    const bin = model.bins[name];
    if (bin === undefined)
      throw new Error(`Cannot find bins of ${name}: expected one entry per used column`);
    const { id, fact, reason, zh, en } = columnOf(name);
    lines.push(
      `      - id: ${id}`,
      `        label: { zh: ${zh}, en: ${en} }`,
      `        fact: ${fact}`,
      `        reason: ${reason}`,
      "        attributes:",
    );
    cellsOf(bin.edges, fact).forEach((cell, at) => {
      const points = roundHalfEven(-factor * model.coef[index]! * bin.woe[at]!);
      lines.push(`          - { when: "${cell}", points: ${points === 0 ? 0 : points} }`);
    });
  });
  return `${lines.join("\n")}\n`;
}

const begin = "# begin: points written by scripts/uci-scorecard.ts\n";
const end = "# end: points written by scripts/uci-scorecard.ts\n";

/** The strategy file with its scorecard replaced by the one derived from the model. */
export function withScorecard(strategyYaml: string, model: WoeModel): string {
  const from = strategyYaml.indexOf(begin);
  const to = strategyYaml.indexOf(end);
  if (from < 0 || to < from)
    throw new Error("Cannot place points: the strategy file has no markers");
  return strategyYaml.slice(0, from + begin.length) + scorecardYaml(model) + strategyYaml.slice(to);
}

/** The strategy file that this script keeps. */
export const strategyPath = fileURLToPath(
  new URL("../examples/uci-taiwan/strategy.yaml", import.meta.url),
);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , modelPath] = process.argv;
  if (modelPath === undefined) throw new Error("Cannot derive points: name the model file");
  const model = JSON.parse(await readFile(modelPath, "utf8")) as WoeModel;
  await writeFile(strategyPath, withScorecard(await readFile(strategyPath, "utf8"), model));
  console.log(`Points written to ${strategyPath}`);
}
