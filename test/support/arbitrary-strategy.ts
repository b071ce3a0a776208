// Random strategy documents that use every part of the language: all types of facts, trees, scorecards, grades, all hit
// policies, all targets and guards. They are meant to be accepted; the caller counts those that are not.

import {
  arbitraryDates,
  arbitraryExpression,
  arbitraryModel,
  dateText,
  decimal,
  type Operand,
} from "./arbitrary-nodes.ts";
import { randomFrom, type Random } from "./random.ts";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Member = Readonly<Record<string, Json>>;

const text = (en: string): Json => ({ zh: `${en}（中文）`, en });

const codes = ["R01", "R05", "R06", "R10", "R14"];

/** A document that depends on the seed alone. */
export function arbitraryStrategy(seed: number): Member {
  const random = randomFrom(seed);
  const known: Operand[] = [...lineOperands];
  const own = list(random, 3, 8, (at) => fact(random, at));
  known.push(...own.map((one) => one.operand));
  const computed = computedNodes(random, known);
  const eligibility = list(random, 0, 1, (at) => rule(random, `ok${at}`, known, 1));
  const exclusions = list(random, 0, 2, (at) => rule(random, `out${at}`, known, 3));
  const segmentation = random.chance(0.7) ? siblings(random, known, 1, { next: 0 }) : [];
  addSegments(known, segmentation);
  const scores = list(random, 0, 2, (at) => scorecard(random, `s${at}`, known));
  const later = random.chance(0.3) ? arbitraryExpression(random, "later", known) : null;
  if (later !== null) (computed["expressions"] as Json[]).unshift(later.node);
  const grades = random.chance(0.7) ? gradesOf(random, known) : null;
  if (later !== null) known.push(later.operand);
  if (grades !== null) known.push(enumOperand("grade", (grades["bands"] as Json[]).length));
  const tables = list(random, 0, 3, (at) => anyTable(random, `t${at}`, known));
  tables.push(rateTable(random, known));
  const treatments = treatmentsOf(random);
  tables.push(treatmentTable(random, known, treatments));
  return {
    ...heading,
    facts: [...lineFactDeclarations, ...own.map((one) => one.declaration)],
    ...computed,
    ...{ eligibility, exclusions, segmentation, scores, grades, tables },
    limitRule: limitRule(random, treatments),
    guards: list(random, 0, 6, (at) => guard(random, at, known)),
    pace: { lgdBp: random.integer(0, 10_000), ccfBp: random.integer(0, 10_000), budgets: [] },
    routing: routing(random, known),
    notice: { template: "limit-change", maxReasons: random.integer(1, 4), languages: ["zh", "en"] },
    restoration: { criteria: [onTime], reEvaluateAfterDays: 90, stepBp: 2_500 },
  };
}

const asOfOperand: Operand = {
  ...{ name: "asOf", kind: "date", scale: 0, low: 20_600, high: 20_900, nullable: false },
  isFact: false,
};

/** Models and expressions; half of the documents have none. */
function computedNodes(random: Random, known: Operand[]): Record<string, Json> {
  if (random.chance(0.5)) return { expressions: [] };
  const models = list(random, 0, 2, (at) => arbitraryModel(random, at));
  known.push(...models.map(({ operand }) => operand));
  if (random.chance(0.5)) known.push(asOfOperand);
  const expressions = list(random, 1, 3, (at) => {
    const made = arbitraryExpression(random, `e${at}`, known, random.chance(0.3));
    known.push(made.operand);
    return made.node;
  });
  return { models: models.map(({ node }) => node as Json), expressions };
}

const heading = {
  ...{ id: "random", version: 1, label: text("Random"), area: "limit-decrease" },
  ...{ direction: "decrease", cause: "behaviour", product: "card", jurisdiction: "cn" },
  ...{ currency: "CNY", author: "someone" },
} satisfies Member;

const onTime: Json = { id: "on-time", label: text("On time"), when: { drawn: "0" } };

const highestMinor = 100_000_000;

const lineOperands: readonly Operand[] = [
  lineOperand("limit", 0, highestMinor, false),
  lineOperand("drawn", -100_000, highestMinor, false),
  lineOperand("pending", 0, highestMinor, false),
  lineOperand("decreasedLast12Months", 0, highestMinor, false),
  { ...lineOperand("daysSinceDecrease", 0, 9_999, true), scale: 0 },
];

function lineOperand(name: string, low: number, high: number, nullable: boolean): Operand {
  return { name, kind: "number", scale: 2, low, high, nullable, isFact: false };
}

const lineFactDeclarations = lineOperands.map((one): Json => ({
  name: one.name,
  label: text(one.name),
  type: one.scale === 2 ? "money" : "number",
  minimum: decimal(one.low, one.scale),
  maximum: decimal(one.high, one.scale),
  source: "line",
  missing: one.nullable ? "unknown" : "refuse",
  sensitivity: "financial",
}));

function list<Item>(
  random: Random,
  least: number,
  most: number,
  make: (at: number) => Item,
): Item[] {
  return Array.from({ length: random.integer(least, most) }, (_, at) => make(at));
}

function enumOperand(name: string, size: number, nullable = false): Operand {
  return { name, kind: "enum", scale: 0, low: 0, high: size - 1, nullable, isFact: false };
}

function valueName(operand: string, at: number): string {
  if (operand === "grade") return `g${at}`;
  return operand === "segment" ? `seg${at}` : `v${at}`;
}

function fact(random: Random, at: number): { operand: Operand; declaration: Json } {
  const name = `fact${at}`;
  const kind = random.pick(["number", "number", "number", "enum", "boolean", "date"] as const);
  const scale = kind === "number" ? random.integer(0, 4) : 0;
  const [low, high] = domain(random, kind);
  const nullable = random.chance(0.6);
  const operand: Operand = { name, kind, scale, low, high, nullable, isFact: true };
  const bounds = { minimum: decimal(low, scale), maximum: decimal(high, scale) };
  const shape: Record<string, Json> =
    kind === "number"
      ? { scale, ...bounds }
      : kind === "enum"
        ? { values: valuesOf(high + 1) }
        : {};
  return {
    operand,
    declaration: {
      ...{ name, label: text(name), type: kind, ...shape, source: "import" },
      missing: nullable ? "unknown" : "refuse",
      neutral: literal(operand, low).replaceAll(/^"|"$|^date\("|"\)$/g, ""),
      sensitivity: "ordinary",
    },
  };
}

function domain(random: Random, kind: Operand["kind"]): [number, number] {
  switch (kind) {
    case "boolean":
      return [0, 1];
    case "enum":
      return [0, random.integer(1, 40)];
    case "date":
      return [0, 20_000];
    case "number": {
      const low = random.pick([0, 0, -100, -9_007_199_254_740_991]);
      return [low, random.pick([low + 9, low + 1_000, low + 100_000, 9_007_199_254_740_991])];
    }
  }
}

/** A value as a cell writes it. */
function literal(operand: Operand, value: number): string {
  switch (operand.kind) {
    case "number":
      return decimal(value, operand.scale);
    case "enum":
      return `"${valueName(operand.name, value)}"`;
    case "boolean":
      return value === 1 ? "true" : "false";
    case "date":
      return `date("${dateText(value)}")`;
  }
}

/** A cell that some value satisfies; the lowest value never does when `bad`. */
function cell(random: Random, operand: Operand, bad = false): string {
  const { low, high, nullable } = operand;
  const value = (): string => literal(operand, random.integer(Math.min(low + 1, high), high));
  if (nullable && random.chance(0.15))
    return random.pick(["null", "not(null)"].slice(0, bad ? 1 : 2));
  const several = list(random, 1, operand.kind === "boolean" ? 1 : 7, value).join(",");
  if (operand.kind === "boolean") return bad ? "true" : random.pick(["true", "false"]);
  if (high - low < 2 || random.chance(0.2)) return several;
  if (!bad && random.chance(0.15)) return `not(${value()})`;
  if (operand.kind === "enum") return several;
  const first = random.integer(low + 1, high - 1);
  const [from, to] = [literal(operand, first), literal(operand, random.integer(first + 1, high))];
  const range = random.pick([
    `>= ${from}`,
    `[${from}..${to}]`,
    `[${from}..${to})`,
    `(${from}..${to}]`,
  ]);
  if (bad) return range;
  return random.pick([range, range, `< ${from}`, `<= ${from}`, `[${from}..${to}],${value()}`]);
}

function condition(random: Random, known: readonly Operand[], most: number): Member {
  const tested = random.some(known, random.integer(1, most));
  return Object.fromEntries(tested.map((operand) => [operand.name, cell(random, operand)]));
}

function rule(random: Random, id: string, known: readonly Operand[], most: number): Json {
  return { id, label: text(id), when: condition(random, known, most) };
}

type Counter = { next: number };

function siblings(random: Random, known: readonly Operand[], depth: number, ids: Counter): Json[] {
  const count = random.integer(1, 4);
  return Array.from({ length: count }, (_, at): Json => {
    const when = at === count - 1 ? {} : condition(random, known, 2);
    if (depth < 3 && random.chance(0.3)) {
      const id = `node${ids.next++}x${depth}`;
      return { id, label: text(id), when, children: siblings(random, known, depth + 1, ids) };
    }
    const id = `leaf${ids.next++}`;
    return { id, label: text(id), when };
  });
}

/** Leaves are named in the order of the tree, as cells name them. */
function addSegments(known: Operand[], nodes: readonly Json[]): void {
  let leaves = 0;
  const walk = (node: Json): void => {
    const one = node as Record<string, Json>;
    if (Array.isArray(one["children"])) one["children"].forEach(walk);
    else one["id"] = valueName("segment", leaves++);
  };
  nodes.forEach(walk);
  if (leaves > 0) known.push(enumOperand("segment", leaves));
}

/** Cells that are disjoint and leave no gap. */
function bins(random: Random, operand: Operand, most: number): string[] {
  const { kind, low, high, nullable } = operand;
  const last = nullable ? ["null"] : [];
  if (kind === "boolean") return ["true", "false", ...last];
  if (kind === "enum") {
    const some = random.some(
      Array.from({ length: high - low + 1 }, (_, at) => low + at),
      random.integer(0, Math.min(most, high - low)),
    );
    return [...some.map((value) => literal(operand, value)), "otherwise"];
  }
  const cuts = new Set(list(random, 1, most, () => random.integer(low + 1, high)));
  const ordered = [...cuts]
    .toSorted((left, right) => left - right)
    .map((cut) => literal(operand, cut));
  const cells = ordered.map((cut, at) => (at === 0 ? `< ${cut}` : `[${ordered[at - 1]}..${cut})`));
  return [...cells, random.chance(0.5) ? "otherwise" : `>= ${ordered.at(-1)}`, ...last].filter(
    (one, _, all) => one !== "null" || !all.includes("otherwise"),
  );
}

function scorecard(random: Random, id: string, known: Operand[]): Json {
  const initialScore = random.integer(-50, 500);
  let [low, high] = [initialScore, initialScore];
  const facts = known.filter((one) => one.isFact);
  const whole = known.filter(
    ({ name, scale, kind, nullable }) =>
      name.startsWith("expression.e") && scale === 0 && kind === "number" && !nullable,
  );
  const characteristics = random.some(facts, random.integer(1, 6)).map((operand, at): Json => {
    const cells = bins(random, operand, random.chance(0.05) ? 90 : 6);
    const points = cells.map(() => random.integer(-40, 90));
    const added = cells.map(() =>
      whole.length > 0 && random.chance(0.3) ? random.pick(whole) : null,
    );
    low += Math.min(...points.map((some, bin) => some + (added[bin]?.low ?? 0)));
    high += Math.max(...points.map((some, bin) => some + (added[bin]?.high ?? 0)));
    return {
      ...{
        id: `c${at}`,
        label: text(operand.name),
        fact: operand.name,
        reason: random.pick(codes),
      },
      attributes: cells.map((when, bin): Json => {
        const from = added[bin];
        const plain = { when, points: points[bin]! };
        return from == null ? plain : { ...plain, pointsFrom: from.name };
      }),
    };
  });
  const name = `score.${id}`;
  known.push({ name, kind: "number", scale: 0, low, high, nullable: false, isFact: false });
  return {
    ...{ id, label: text(id), initialScore, characteristics },
    reasonCodeAlgorithm: random.pick(["pointsBelow", "pointsAbove"]),
    baseline: random.chance(0.5) ? "best" : random.integer(-20, 60),
  };
}

function gradesOf(random: Random, known: readonly Operand[]): Member | null {
  const input = random.pick(known.filter((one) => one.kind === "number" && one.high - one.low > 1));
  const bands = bins(random, input, 5).map((when, at): Json => {
    return { grade: `g${at}`, label: text(`g${at}`), when, pdBp: random.integer(0, 10_000) };
  });
  return { input: input.name, bands };
}

/** Rows whose cells are random; reasons where a cell of a fact stays clear of its neutral value. */
function rows(
  random: Random,
  inputs: readonly Operand[],
  count: number,
  then: (at: number) => string[],
): Record<string, Json>[] {
  return Array.from({ length: count }, (_, at) => {
    const cited = random.pick(inputs.filter((one) => one.isFact));
    const when = inputs.map((operand) => {
      if (operand === cited) return cell(random, operand, true);
      return random.chance(0.5) ? "-" : cell(random, operand);
    });
    const reasons = [{ code: random.pick(codes), facts: [cited.name] }];
    const dates = random.chance(0.1) ? arbitraryDates(random) : {};
    return { id: `r${at}`, note: text(`row ${at}`), when, then: then(at), reasons, ...dates };
  });
}

function inputsOf(random: Random, known: readonly Operand[]): Operand[] {
  const one = random.pick(known.filter((operand) => operand.isFact));
  const others = known.filter((operand) => operand !== one);
  return [one, ...random.some(others, random.integer(0, 4))];
}

function rowCount(random: Random): number {
  return random.chance(0.12) ? random.integer(40, 200) : random.integer(1, 10);
}

const policies = ["U", "A", "P", "F", "R", "O", "C", "C+", "C<", "C>", "C#"] as const;

function anyTable(random: Random, id: string, known: Operand[]): Json {
  const hitPolicy = random.pick(policies);
  const numeric = hitPolicy.length === 2;
  const isList = ["R", "O", "C"].includes(hitPolicy);
  const inputs = inputsOf(random, known);
  const size = random.integer(2, 5);
  const scale = hitPolicy === "C#" ? 0 : 1;
  const output: Json = numeric
    ? { name: "out", label: text("out"), type: "number", scale, minimum: "-100", maximum: "100" }
    : { name: "out", label: text("out"), type: "enum", values: valuesOf(size) };
  const value = (): string =>
    random.chance(0.2)
      ? "null"
      : numeric
        ? decimal(random.integer(-99, 99) * (scale === 0 ? 1 : 10), scale)
        : `"v${random.integer(0, size - 1)}"`;
  const same = value();
  const made =
    hitPolicy === "U"
      ? partition(random, inputs[0]!, value)
      : rows(random, inputs, rowCount(random), () => [hitPolicy === "A" ? same : value()]);
  if (!isList && !numeric) known.push(enumOperand(`table.${id}.out`, size, true));
  if (hitPolicy === "C#") known.push({ ...enumOperand(`table.${id}.out`, 2), kind: "number" });
  return {
    ...{ id, label: text(id), hitPolicy, outputs: [output], rows: made },
    inputs: (hitPolicy === "U" ? inputs.slice(0, 1) : inputs).map((input) => input.name),
    ...(random.chance(0.5) ? { default: [value()] } : {}),
  };
}

function valuesOf(size: number): Json[] {
  return Array.from({ length: size }, (_, at) => ({ value: `v${at}`, label: text(`v${at}`) }));
}

/** Rows of one column that never overlap. */
function partition(random: Random, input: Operand, value: () => string): Json[] {
  return bins(random, input, 8)
    .filter((when) => when !== "otherwise")
    .map((when, at) => ({ id: `r${at}`, note: text(`row ${at}`), when: [when], then: [value()] }));
}

function rateTable(random: Random, known: Operand[]): Json {
  const inputs = inputsOf(random, known);
  const hitPolicy = random.pick(["C+", "F", "C>", "C<"]);
  const output = {
    name: "rate",
    label: text("rate"),
    type: "number",
    scale: 4,
    minimum: "0",
    maximum: "1",
  };
  const most = hitPolicy === "C+" ? 900 : 10_000;
  const then = (): string[] => [decimal(random.integer(0, most), 4)];
  return {
    ...{ id: "rate", label: text("rate"), hitPolicy, inputs: inputs.map((input) => input.name) },
    ...{ outputs: [output], rows: rows(random, inputs, random.integer(1, 10), then) },
    default: [decimal(random.integer(0, most), 4)],
  };
}

type Treatment = Readonly<{ id: string; action: string } & Member>;

function treatmentsOf(random: Random): Treatment[] {
  const decrease = (id: string, target: Json): Treatment => {
    return { id, label: text(id), action: "decrease", target };
  };
  const rounding = random.pick(["down", "up", "half-even"]);
  const rate = random.chance(0.7)
    ? { operand: "table.rate.rate" }
    : { bp: random.integer(0, 10_000) };
  const amount = decimal(random.integer(0, 2_000_000), 2);
  return [
    { id: "keep", label: text("keep"), action: "none" },
    decrease("rate", { method: "cut-by-rate", rate, rounding }),
    decrease("amount", { method: "cut-by-amount", amount: { amount } }),
    decrease("balance", {
      method: "cut-to-balance",
      bufferBp: random.integer(0, 10_000),
      rounding,
    }),
    decrease("set", { method: "set-to", amount: { amount } }),
    { id: "freeze", label: text("freeze"), action: "freeze" },
    { id: "close", label: text("close"), action: "close" },
  ];
}

function treatmentTable(random: Random, known: Operand[], treatments: readonly Treatment[]): Json {
  const inputs = inputsOf(random, known);
  const values = treatments.map(({ id }): Json => ({ value: id, label: text(id) }));
  const then = (): string[] => [`"${random.pick(treatments).id}"`];
  return {
    ...{ id: "act", label: text("act"), hitPolicy: random.pick(["F", "P"]) },
    inputs: inputs.map((input) => input.name),
    outputs: [{ name: "treatment", label: text("treatment"), type: "enum", values }],
    rows: rows(random, inputs, rowCount(random), then),
    default: ['"keep"'],
  };
}

function limitRule(random: Random, treatments: readonly Treatment[]): Json {
  const floor = (at: number): Json =>
    random.chance(0.5)
      ? { id: `f${at}`, label: text("floor"), rateBp: random.integer(0, 10_000) }
      : { id: `f${at}`, label: text("floor"), amount: decimal(random.integer(0, 500_000), 2) };
  return {
    select: "table.act.treatment",
    treatments: [...treatments],
    floors: list(random, 0, 2, floor),
    rounding: {
      step: random.pick(["0.01", "1.00", "100.00", "33.33"]),
      mode: random.pick(["down", "up"]),
    },
    caps: [
      ...list(random, 0, 1, (at) => ({
        ...{
          id: `a${at}`,
          label: text("cap"),
          amount: decimal(random.integer(0, highestMinor), 2),
        },
      })),
      { id: "present", label: text("present"), of: "present-limit" },
    ],
    belowDrawn: random.pick(["never", "never", "allowed"]),
  };
}

function guard(random: Random, at: number, known: readonly Operand[]): Json {
  const base = {
    ...{ id: `g${at}`, label: text(`g${at}`) },
    ...(random.chance(0.4) ? { when: condition(random, known, 2) } : {}),
  };
  const amount = decimal(random.integer(0, 300_000), 2);
  const rateBp = random.integer(0, 10_000);
  return random.pick<Json>([
    {
      ...base,
      kind: "cool-down",
      days: random.integer(1, 400),
      actions: random.some(["decrease", "freeze", "close"], 2),
    },
    { ...base, kind: "max-cut", rateBp },
    { ...base, kind: "max-cut-12-months", rateBp },
    { ...base, kind: "minimum-line", amount },
    { ...base, kind: "minimum-cut", amount, rateBp: random.integer(0, 2_000) },
  ]);
}

function routing(random: Random, known: readonly Operand[]): Json[] {
  const outcome: readonly Operand[] = [
    { ...lineOperand("outcome.cutRate", 0, 10_000, false), scale: 4 },
    lineOperand("outcome.cutAmount", 0, highestMinor, false),
    lineOperand("outcome.exposureRemoved", 0, highestMinor, false),
  ];
  const route = (): string => random.pick(["straight-through", "review", "four-eyes", "legal"]);
  const some = list(random, 0, 4, (at) => ({
    ...(rule(random, `way${at}`, [...known, ...outcome, ...outcome], 2) as Member),
    route: route(),
  }));
  return [...some, { id: "rest", label: text("rest"), when: {}, route: route() }];
}
