// One policy in two languages, from one seed: a scorecard of 12 characteristics (9 of numbers, 3 of categories, each with a
// bin for the unknown value), six bands, a table of 40 rules over 8 inputs where the first hit counts, and a limit rule
// with a cap of the cut per product. Everything is a whole number, so that results can be compared exactly.
//
// What differs from a policy that could be written in either language alone: there are no raises of limits (a decrease
// strategy refuses them); points are chosen so that a score cannot leave 300 … 900, so neither side clamps it; a rule
// that acts tests the band, because Tidemark wants a reason for every action.

import { type Random, randomFrom } from "../test/support/random.ts";

/** One line as both engines receive it. */
export type Row = Readonly<Record<string, number | string | null>>;

type NumberBins = Readonly<{ name: string; high: number; cuts: readonly number[] }>;
type Categories = Readonly<{ name: string; values: readonly string[] }>;

/** Points lost: per bin, with the last one for the unknown value. */
type Characteristic = Readonly<{
  code: string;
  on: NumberBins | Categories;
  lost: readonly number[];
}>;

type Cell =
  | Readonly<{ kind: "any" }>
  | Readonly<{ kind: "range"; low: number; high: number }>
  | Readonly<{ kind: "among"; values: readonly string[] }>;

type Rule = Readonly<{
  id: string;
  cells: readonly Cell[];
  treatment: string;
  cutBp: number;
}>;

/** The policy as data, before it is written in a language. */
export type Policy = Readonly<{
  characteristics: readonly Characteristic[];
  rules: readonly Rule[];
  caps: readonly Readonly<{ product: string; capBp: number }>[];
}>;

const best = 900;
const bands = [
  { grade: "A", low: 760 },
  { grade: "B", low: 680 },
  { grade: "C", low: 610 },
  { grade: "D", low: 540 },
  { grade: "E", low: 470 },
  { grade: "F", low: 300 },
] as const;

const numbers: readonly NumberBins[] = [
  { name: "utilisationBp", high: 15_000, cuts: [500, 3_000, 5_000, 7_500, 9_000, 10_000] },
  { name: "worstDaysPastDue", high: 360, cuts: [1, 8, 31, 61, 91] },
  { name: "bureauScore", high: 999, cuts: [400, 500, 560, 620, 680, 740] },
  { name: "inquiries", high: 50, cuts: [1, 3, 5, 9] },
  { name: "monthsOnBook", high: 600, cuts: [6, 12, 24, 48, 96] },
  { name: "paymentRateBp", high: 10_000, cuts: [300, 1_000, 3_000, 7_000] },
  { name: "debtToIncomeBp", high: 30_000, cuts: [1_000, 2_500, 4_000, 6_000, 9_000] },
  { name: "activeLines", high: 40, cuts: [2, 4, 7, 11] },
  { name: "cashAdvances", high: 30, cuts: [1, 2, 4, 8] },
];

function categories(name: string, size: number): Categories {
  return { name, values: Array.from({ length: size }, (_, at) => `${name}${at}`) };
}

const lists: readonly Categories[] = [
  categories("employment", 6),
  categories("region", 12),
  categories("industry", 16),
];

const codes = ["R01", "R02", "R03", "R04", "R05", "R06", "R07", "R09", "R10", "R11", "R12", "R13"];

/** What rules test beside the band, in the order of their columns. */
const columns: readonly (NumberBins | Categories)[] = [
  { name: "daysPastDue", high: 180, cuts: [1, 8, 16, 31, 46, 61, 91] },
  numbers[0]!,
  numbers[4]!,
  categories("regionRisk", 3),
  categories("industryRisk", 4),
  categories("purpose", 4),
  categories("product", 4),
];
const products = columns[6] as Categories;

/** A policy that depends on the seed alone. */
export function policyOf(seed: number): Policy {
  const random = randomFrom(seed);
  const characteristics = [...numbers, ...lists].map((on, at) =>
    characteristic(random, codes[at]!, on),
  );
  const rules = Array.from({ length: 39 }, (_, at) => rule(random, `T${at + 1}`));
  const last = {
    id: "T40",
    cells: Array.from({ length: 8 }, () => any),
    treatment: "keep",
    cutBp: 0,
  };
  const caps = products.values.map((product) => ({ product, capBp: random.integer(20, 60) * 100 }));
  return { characteristics, rules: [...rules, last], caps };
}

const any: Cell = { kind: "any" };

/** The best bin loses nothing, the worst 50 points: twelve of them stay within 600. */
function characteristic(random: Random, code: string, on: NumberBins | Categories): Characteristic {
  const bins = "cuts" in on ? on.cuts.length + 1 : on.values.length;
  const lost = Array.from({ length: bins + 1 }, () => random.integer(0, 5) * 10);
  lost[random.integer(0, bins - 1)] = 0;
  return { code, on, lost };
}

function rule(random: Random, id: string): Rule {
  const from = random.integer(0, 5);
  const graded = bands.slice(from, from + random.integer(1, 2)).map((band) => band.grade);
  const cells = columns.map((on): Cell => {
    if (random.chance(0.45)) return any;
    if ("values" in on)
      return { kind: "among", values: random.some(on.values, random.integer(1, 2)) };
    const [low, high] = [random.pick(on.cuts), random.pick(on.cuts)].toSorted((a, b) => a - b) as [
      number,
      number,
    ];
    return { kind: "range", low, high: random.chance(0.5) ? on.high : high };
  });
  const treatment = random.pick(["keep", "cut", "cut", "cut", "freeze", "close"]);
  const cutBp = treatment === "cut" ? random.integer(10, 80) * 100 : 0;
  return { id, cells: [{ kind: "among", values: graded }, ...cells], treatment, cutBp };
}

/** A random line, in the form that a parser of JSON gives objects. */
export function rowOf(random: Random): Row {
  const limit = random.integer(10, 2_000) * 10_000;
  const row: Record<string, number | string | null> = {
    ...{ limit, drawn: Math.floor((limit * random.integer(0, 100)) / 100) },
    pending: random.chance(0.1) ? 5_000 : 0,
  };
  for (const on of [...numbers, ...lists])
    row[on.name] = random.chance(0.04) ? null : valueOf(random, on);
  for (const on of columns) row[on.name] ??= valueOf(random, on);
  return JSON.parse(JSON.stringify(row)) as Row;
}

function valueOf(random: Random, on: NumberBins | Categories): number | string {
  if ("values" in on) return random.pick(on.values);
  const around = random.pick(on.cuts) + random.integer(-3, 3);
  const value = random.chance(0.3) ? random.integer(0, on.high) : around;
  return Math.min(on.high, Math.max(0, value));
}

const say = (text: string): Readonly<{ zh: string; en: string }> => ({ zh: text, en: text });

/** The policy as a Tidemark strategy document. */
export function tidemarkDocument(policy: Policy): unknown {
  return {
    ...{ id: "bench", version: 1, label: say("Bench"), area: "limit-decrease" },
    ...{ direction: "decrease", cause: "behaviour", product: "card", jurisdiction: "cn" },
    ...{ currency: "CNY", author: "bench", eligibility: [], exclusions: [], segmentation: [] },
    facts: facts(),
    scores: [scorecard(policy)],
    grades: {
      input: "score.risk",
      bands: bands.map(({ grade, low }, at) => {
        const when = at === 0 ? `>= ${low}` : `[${low}..${bands[at - 1]!.low})`;
        return { grade, label: say(grade), when, pdBp: 100 * (at + 1) };
      }),
    },
    tables: [table(policy)],
    limitRule: limitRule(),
    guards: policy.caps.map(({ product, capBp }) => ({
      ...{ id: `cap-${product}`, label: say(product), kind: "max-cut", rateBp: capBp },
      when: { product: `"${product}"` },
    })),
    pace: { lgdBp: 6_000, ccfBp: 5_000, budgets: [] },
    routing: [{ id: "all", label: say("All"), when: {}, route: "straight-through" }],
    notice: { template: "limit-change", maxReasons: 4, languages: ["zh", "en"] },
    restoration: {
      criteria: [{ id: "on-time", label: say("On time"), when: { daysPastDue: "0" } }],
      ...{ reEvaluateAfterDays: 90, stepBp: 2_500 },
    },
  };
}

function facts(): unknown[] {
  const own = { source: "import", sensitivity: "financial" };
  const amount = { type: "money", minimum: "0.00", maximum: "10000000.00", source: "line" };
  const line = ["limit", "drawn", "pending"].map((name) => ({
    ...{ name, label: say(name), ...amount, missing: "refuse", sensitivity: "financial" },
  }));
  const nullable = new Set([...numbers, ...lists].map((on) => on.name));
  const imported = new Map([...numbers, ...lists, ...columns].map((on) => [on.name, on]));
  // Tidemark counts the months on the books itself and so gives that name to no imported fact but its own.
  const sourced = (name: string): object =>
    name === "monthsOnBook" ? { ...own, source: "line" } : own;
  const others = [...imported.values()].map((on) => ({
    ...{ name: on.name, label: say(on.name), ...sourced(on.name) },
    missing: nullable.has(on.name) ? "unknown" : "refuse",
    ...("values" in on
      ? { type: "enum", values: on.values.map((value) => ({ value, label: say(value) })) }
      : { type: "number", minimum: "0", maximum: String(on.high) }),
  }));
  return [...line, ...others];
}

function scorecard({ characteristics }: Policy): unknown {
  return {
    ...{ id: "risk", label: say("Risk"), initialScore: best, reasonCodeAlgorithm: "pointsBelow" },
    baseline: 0,
    characteristics: characteristics.map(({ code, on, lost }) => ({
      ...{ id: on.name, label: say(on.name), fact: on.name, reason: code },
      attributes: [...binCells(on), "null"].map((when, at) => ({ when, points: -lost[at]! + 0 })),
    })),
  };
}

function binCells(on: NumberBins | Categories): string[] {
  if ("values" in on) return on.values.map((value) => `"${value}"`);
  const { cuts } = on;
  return [
    `< ${cuts[0]}`,
    ...cuts.map((cut, at) => (at === cuts.length - 1 ? `>= ${cut}` : `[${cut}..${cuts[at + 1]})`)),
  ];
}

function table({ rules }: Policy): unknown {
  const treatments = ["keep", "cut", "freeze", "close"];
  return {
    ...{ id: "treatment", label: say("Treatment"), hitPolicy: "F" },
    inputs: ["grade", ...columns.map((on) => on.name)],
    outputs: [
      {
        ...{ name: "treatment", label: say("Treatment"), type: "enum" },
        values: treatments.map((value) => ({ value, label: say(value) })),
      },
      { name: "rate", label: say("Rate"), type: "number", scale: 4, minimum: "0", maximum: "1" },
    ],
    rows: rules.map(({ id, cells, treatment, cutBp }) => ({
      ...{ id, note: say(id), when: cells.map(unaryTest) },
      then: [`"${treatment}"`, (cutBp / 10_000).toFixed(4)],
      ...(treatment === "keep" ? {} : { reasonsFrom: ["risk"] }),
    })),
  };
}

function unaryTest(cell: Cell): string {
  switch (cell.kind) {
    case "any":
      return "-";
    case "range":
      return `[${cell.low}..${cell.high}]`;
    case "among":
      return cell.values.map((value) => `"${value}"`).join(",");
  }
}

function limitRule(): unknown {
  const rate = { operand: "table.treatment.rate" };
  return {
    select: "table.treatment.treatment",
    treatments: [
      { id: "keep", label: say("Keep"), action: "none" },
      {
        ...{ id: "cut", label: say("Cut"), action: "decrease" },
        target: { method: "cut-by-rate", rate, rounding: "down" },
      },
      { id: "freeze", label: say("Freeze"), action: "freeze" },
      { id: "close", label: say("Close"), action: "close" },
    ],
    floors: [],
    rounding: { step: "100.00", mode: "down" },
    caps: [{ id: "present", label: say("Present"), of: "present-limit" }],
    belowDrawn: "never",
  };
}

/** Places of the ranks of codes below the points lost, in the keys that the other engine compares. */
const ranks = 16;

/** The policy as a JDM graph: expressions, a table, expressions. */
export function jdmGraph(policy: Policy): unknown {
  const nodes = [
    { id: "in", type: "inputNode", name: "in" },
    expressionNode("score", true, scoreExpressions(policy)),
    tableNode(policy),
    expressionNode("limit", true, limitExpressions(policy)),
    expressionNode("result", false, resultExpressions()),
    { id: "out", type: "outputNode", name: "out" },
  ];
  const edges = nodes.slice(1).map((node, at) => ({
    ...{ id: `edge${at}`, type: "edge", sourceId: nodes[at]!.id, targetId: node.id },
  }));
  return { nodes: nodes.map((node) => ({ ...node, position: { x: 0, y: 0 } })), edges };
}

type Expression = readonly [key: string, value: string];

function expressionNode(id: string, passThrough: boolean, list: readonly Expression[]) {
  const expressions = list.map(([key, value], at) => ({ id: `${id}${at}`, key, value }));
  const content = {
    expressions,
    passThrough,
    inputField: null,
    outputPath: null,
    executionMode: "single",
  };
  return { id, type: "expressionNode", name: id, content };
}

function scoreExpressions({ characteristics }: Policy): Expression[] {
  const keys = characteristics.map(({ on, lost }, at): Expression => {
    const key = (bin: number): number => lost[bin]! * ranks + ranks - 1 - at;
    return [`key${at}`, `${on.name} == null ? ${key(lost.length - 1)} : ${binChoice(on, key)}`];
  });
  const names = keys.map(([name]) => `$.${name}`).join(", ");
  const rest = characteristics.reduce((sum, _, at) => sum + ranks - 1 - at, 0);
  const band = bands
    .slice(0, -1)
    .map(({ grade, low }) => `$.score >= ${low} ? "${grade}" : `)
    .join("");
  const most = [1, 2, 3].map((at): Expression => [
    `k${at}`,
    `max(filter($.keys, # < $.k${at - 1}))`,
  ]);
  return [
    ...keys,
    ["keys", `[${names}]`],
    ["score", `${best} - (sum($.keys) - ${rest}) / ${ranks}`],
    ["grade", `${band}"F"`],
    ["k0", "max($.keys)"],
    ...most,
  ];
}

function binChoice(on: NumberBins | Categories, key: (bin: number) => number): string {
  if ("cuts" in on) {
    return [
      ...on.cuts.map((cut, at) => `${on.name} < ${cut} ? ${key(at)} : `),
      key(on.cuts.length),
    ].join("");
  }
  const byKey = Map.groupBy(on.values, (_, at) => key(at));
  const groups = [...byKey].toSorted(([, left], [, right]) => left.length - right.length);
  const last = groups.pop()!;
  const tests = groups.map(([result, values]) => {
    const listed = values.map((value) => `"${value}"`).join(", ");
    const test = values.length === 1 ? `${on.name} == ${listed}` : `${on.name} in [${listed}]`;
    return `${test} ? ${result} : `;
  });
  return `${tests.join("")}${last[0]}`;
}

function tableNode({ rules }: Policy) {
  const inputs = ["grade", ...columns.map((on) => on.name)].map((field) => ({
    id: field,
    name: field,
    field,
  }));
  const outputs = ["treatment", "cutBp", "rule"].map((field) => ({
    id: `out-${field}`,
    name: field,
    field,
  }));
  const content = {
    ...{ hitPolicy: "first", passThrough: true, inputs, outputs },
    ...{ inputField: null, outputPath: null, executionMode: "single" },
    rules: rules.map(({ id, cells, treatment, cutBp }) => ({
      _id: id,
      ...Object.fromEntries(
        cells.map((cell, at) => [inputs[at]!.id, cell.kind === "any" ? "" : unaryTest(cell)]),
      ),
      ...{ "out-treatment": `"${treatment}"`, "out-cutBp": String(cutBp), "out-rule": `"${id}"` },
    })),
  };
  return { id: "table", type: "decisionTableNode", name: "table", content };
}

const step = 10_000;

function limitExpressions({ caps }: Policy): Expression[] {
  const capBp = caps.map(({ product, capBp }) => `product == "${product}" ? ${capBp} : `).join("");
  const used = "(drawn + pending > 0 ? drawn + pending : 0)";
  return [
    ["asked", `floor((limit - floor(limit * cutBp / 10000)) / ${step}) * ${step}`],
    ["least", `max([${used}, limit - floor(limit * (${capBp}0) / 10000)])`],
    ["raised", `$.asked >= $.least ? $.asked : min([limit, ceil($.least / ${step}) * ${step}])`],
    [
      "action",
      'treatment == "cut" ? ($.raised >= limit ? "none" : "decrease") : treatment == "keep" ? "none" : treatment',
    ],
  ];
}

function resultExpressions(): Expression[] {
  const listed = `[${codes.map((code) => `"${code}"`).join(", ")}]`;
  const reasons = [0, 1, 2, 3].map((at): Expression => [
    `r${at + 1}`,
    `k${at} < ${ranks} ? null : ${listed}[${ranks - 1} - k${at} % ${ranks}]`,
  ]);
  const cut = 'action == "close" ? limit : action == "decrease" ? limit - raised : 0';
  return [
    ["score", "score"],
    ["band", "grade"],
    ...reasons,
    ["action", "action"],
    ["cutBp", `limit <= 0 ? 0 : ceil((${cut}) * 10000 / limit)`],
    ["rule", "rule"],
    ["limit", `limit - (${cut})`],
  ];
}
