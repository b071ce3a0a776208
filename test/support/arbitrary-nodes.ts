// Random nodes that compute: expressions in FEEL and model references. Each expression is written so that its range is
// known beforehand, because cells that no value satisfies are refused.

import type { Random } from "./random.ts";

/** Something that cells can test: `low` … `high` are scaled numbers, day numbers or positions of values. */
export type Operand = Readonly<{
  name: string;
  kind: "number" | "enum" | "boolean" | "date";
  scale: number;
  low: number;
  high: number;
  nullable: boolean;
  /** a fact of the dictionary with its lowest value as neutral value */
  isFact: boolean;
}>;

type Label = { zh: string; en: string };
type Node = Readonly<
  Record<string, string | number | string[] | Label | { value: string; label: Label }[]>
>;
type Made = Readonly<{ node: Node; operand: Operand }>;

export function decimal(scaled: number, scale: number): string {
  const digits = String(Math.abs(scaled)).padStart(scale + 1, "0");
  const sign = scaled < 0 ? "-" : "";
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

const label = (en: string) => ({ zh: `${en}（中文）`, en });
const widest = 1_000_000_000;

/** A slot that a scorer fills. */
export function arbitraryModel(random: Random, at: number): Made {
  const [scale, low] = [random.integer(0, 4), random.pick([0, -50])];
  const high = low + random.integer(20, 5_000);
  const bounds = { minimum: decimal(low, scale), maximum: decimal(high, scale) };
  const id = `m${at}`;
  const node = { id, label: label(id), model: "scorer", modelVersion: "1", inputs: ["limit"] };
  const name = `model.${id}`;
  return {
    node: { ...node, scale, ...bounds },
    operand: { name, kind: "number", scale, low, high, nullable: true, isFact: false },
  };
}

/** An expression over what is known; `whole` asks for a number without decimals that is never unknown. */
export function arbitraryExpression(
  random: Random,
  id: string,
  known: readonly Operand[],
  whole = false,
): Made {
  const name = `expression.${id}`;
  const small = known.filter(({ low, high }) => Math.max(-low, high) <= widest);
  if (!whole && random.chance(0.35)) {
    return {
      node: { id, label: label(id), type: "boolean", feel: condition(random, small, 2) },
      operand: { name, kind: "boolean", scale: 0, low: 0, high: 1, nullable: false, isFact: false },
    };
  }
  if (!whole && random.chance(0.2)) return textExpression(random, id, small);
  if (!whole && random.chance(0.2)) return dateExpression(random, id, small);
  const scale = whole ? 0 : random.integer(0, 3);
  const low = random.integer(-40, 0);
  const high = low + random.integer(4, 90);
  const [least, most] = [decimal(low, scale), decimal(high, scale)];
  const nullable = !whole && random.chance(0.4);
  const inside = `max(${least}, min(${most}, decimal(${number(random, small, 2)}, ${scale})))`;
  const kept = nullable ? `if ${condition(random, small, 1)} then null else ${inside}` : inside;
  const otherwise = `if ${condition(random, small, 1)} then ${most} else ${kept}`;
  const feel = `if ${condition(random, small, 1)} then ${least} else ${otherwise}`;
  return {
    node: { id, label: label(id), type: "number", scale, feel },
    operand: { name, kind: "number", scale, low, high, nullable, isFact: false },
  };
}

/** Texts v0, v1, … by what FEEL says of other texts. */
function textExpression(random: Random, id: string, known: readonly Operand[]): Made {
  const high = random.integer(1, 4);
  const nullable = random.chance(0.5);
  const values = Array.from({ length: high + 1 }, (_, at) => ({
    ...{ value: `v${at}`, label: label(`v${at}`) },
  }));
  const tests = values.map(({ value }) => `contains(${text(random, known)}, "${value}")`);
  const last = nullable ? "null" : '"v0"';
  const chosen = values.reduceRight(
    (rest, { value }, at) =>
      `if ${at === 0 ? condition(random, known, 1) : tests[at]} then "${value}" else ${rest}`,
    last,
  );
  return {
    node: { id, label: label(id), type: "enum", values, feel: chosen },
    operand: {
      ...{ name: `expression.${id}`, kind: "enum", scale: 0, low: 0, high },
      ...{ nullable, isFact: false },
    },
  };
}

/** A text that can be any of v0, v1, …, v4. */
function text(random: Random, known: readonly Operand[]): string {
  const enums = known.filter(
    ({ name, kind }) => kind === "enum" && /^(fact|expression)/.test(name),
  );
  const own = enums.length === 0 ? '"v1"' : random.pick(enums).name;
  const test = condition(random, known, 0);
  const any = `(if ${test} then "v0" else if ${own} = "v1" then "v2" else "v1")`;
  return random.pick([
    `if ${test} then ${own} else substring("v0v1v2v3v4", 1, 2)`,
    `lower case(upper case(${any}))`,
    `replace(${any}, "v", "v") + ""`,
    `"v" + string(count([${test}, true][item]) + 1)`,
    `if ${test} then "v" + substring(${any}, 2) else "v3"`,
    `if starts with(${any}, "v1") then "v4" else trim(" v1 ")`,
    `if string length(${any}) > 1 and matches(${any}, "v[0-2]") then "v2" else "v4"`,
    `substring before(${any} + "-" + ${any}, "-")`,
    `if string(number(substring(${any}, 2)) > 0) = "true" then "v1" else "v0"`,
  ]);
}

/** A date around those that tests use. */
function dateExpression(random: Random, id: string, known: readonly Operand[]): Made {
  const nullable = random.chance(0.5);
  const [low, high] = [20_400, 20_400 + random.integer(300, 600)];
  const [least, most] = [low, high].map((day) => `date("${dateText(day)}")`);
  const inside = `max(${least}, min(${most}, ${date(random, known, 2)}))`;
  const kept = nullable ? `if ${condition(random, known, 1)} then null else ${inside}` : inside;
  return {
    node: {
      id,
      label: label(id),
      type: "date",
      feel: `if ${condition(random, known, 1)} then ${most} else ${kept}`,
    },
    operand: {
      ...{ name: `expression.${id}`, kind: "date", scale: 0, low, high },
      ...{ nullable, isFact: false },
    },
  };
}

/** A date that is never unknown. */
function date(random: Random, known: readonly Operand[], depth: number): string {
  const dates = known.filter(({ kind }) => kind === "date");
  const constant = `date("${dateText(random.integer(20_500, 20_900))}")`;
  const one = dates.length === 0 ? null : random.pick(dates);
  const plain =
    one === null
      ? constant
      : one.nullable
        ? `(if ${one.name} = null then ${constant} else ${one.name})`
        : one.name;
  if (depth === 0) return plain;
  const inner = date(random, known, depth - 1);
  const months = random.integer(1, 30);
  return random.pick([
    plain,
    `${inner} + duration("P${random.integer(0, 90)}D")`,
    `${inner} - duration("P${months}M")`,
    `duration("P1Y${months}M") + (${inner})`,
    `${inner} + (${plain} - ${constant})`,
    `${inner} - duration("P2D") * ${random.integer(-9, 9)}`,
    `${inner} + years and months duration(${constant}, ${plain})`,
    `min(${inner}, ${constant})`,
    `(if ${plain} > ${constant} then ${inner} else ${constant})`,
  ]);
}

/** A number that a date has. */
function partOfDate(random: Random, known: readonly Operand[]): string {
  const [one, other] = [date(random, known, 1), date(random, known, 1)];
  return random.pick([
    ...["year", "month", "day", "weekday"].map((part) => `(${one}).${part}`),
    ...["day of year", "week of year", "last day of month"].map((part) => `${part}(${one})`),
    ...["years", "months"].map((part) => `years and months duration(${one}, ${other}).${part}`),
    `string length(day of week(${one}))`,
    `decimal((${one} - (${other})) / duration("P7D"), 1)`,
  ]);
}

function constant(random: Random): string {
  return decimal(random.integer(1, 400), random.integer(0, 2));
}

/** A number that is never unknown. */
function leaf(random: Random, known: readonly Operand[]): string {
  const numbers = known.filter(({ kind }) => kind === "number");
  if (numbers.length === 0 || random.chance(0.2)) return constant(random);
  const { name, nullable } = random.pick(numbers);
  return nullable ? `(if ${name} = null then ${constant(random)} else ${name})` : name;
}

function number(random: Random, known: readonly Operand[], depth: number): string {
  if (depth === 0) return leaf(random, known);
  const [a, b] = [leaf(random, known), leaf(random, known)];
  const inner = number(random, known, depth - 1);
  const dates = known.filter(({ kind, nullable }) => kind === "date" && !nullable);
  const days = dates.length < 2 ? "30" : `(${dates[0]!.name} - ${dates[1]!.name}).days`;
  return random.pick([
    `${inner} + ${a}`,
    `${a} - (${inner})`,
    `-${a} + ${inner}`,
    `${a} * ${constant(random)}`,
    `decimal(${a} / ${constant(random)}, ${random.integer(0, 3)})`,
    `floor((${inner}) / 7)`,
    `ceiling(${a} / -3, 1)`,
    `abs(${inner})`,
    `min(${a}, ${b}, ${inner})`,
    `max([${a}, ${b}])`,
    `count([${a}, ${b}, ${inner}][item > ${constant(random)}])`,
    `sum([${a}, ${b}])`,
    `sum(for x in [${a}, ${b}] return x * 2)`,
    `[${a}, ${b}][2]`,
    `(if ${condition(random, known, 0)} then ${a} else ${inner})`,
    `${days} + ${a}`,
    `${partOfDate(random, known)} + ${a}`,
  ]);
}

/** True, false or unknown. */
function condition(random: Random, known: readonly Operand[], depth: number): string {
  const numbers = known.filter(({ kind }) => kind === "number");
  const dates = known.filter(({ kind }) => kind === "date");
  const others = known.filter(({ kind }) => kind === "boolean");
  const enums = known.filter(
    ({ name, kind }) => kind === "enum" && /^(fact|expression)/.test(name),
  );
  const one = numbers.length === 0 ? constant(random) : random.pick(numbers).name;
  const [a, k] = [leaf(random, known), constant(random)];
  const plain = [
    `${one} > ${k}`,
    `${one} <= ${a}`,
    `${one} = null`,
    `${one} != ${k}`,
    `${one} between ${k} and 500`,
    `${one} in (${k}, [1..20), > 90)`,
    ...others.map(({ name }) => `${name} = true`),
    ...enums.map(({ name, high }) => `${name} in ("v0", "v${high}")`),
    ...enums.map(({ name }) => `matches(${name}, "v[02]")`),
    ...enums.map(({ name }) => `${name} < "v2"`),
    ...dates.map(({ name }) => `${name} - duration("P1M") > date("2026-06-30")`),
    ...dates.map(({ name }) => `date(${name}.year, 2, 29) = null`),
    ...dates.map(({ name }) => `day of week(${name}) in ("Saturday", "Sunday")`),
    ...dates.map(({ name }) => `date("2026-07-01") - ${name} > duration("P30D")`),
  ];
  if (depth === 0) return random.pick(plain);
  const inner = condition(random, known, depth - 1);
  return random.pick([
    ...plain,
    `(${inner}) and ${random.pick(plain)}`,
    `(${inner} or ${random.pick(plain)})`,
    `not(${inner})`,
    `some x in [${one}, ${a}] satisfies x > ${k}`,
    `every x in [${one}, ${a}, ${k}][item != null] satisfies x < 90`,
    `any([${random.pick(plain)}, ${inner}])`,
    `all([${random.pick(plain)}, ${inner}])`,
  ]);
}

export function dateText(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

/** Days around those that tests use as the as-of date. */
export function arbitraryDates(random: Random): Record<string, string> {
  const from = random.integer(20_600, 20_850);
  const to = random.integer(from, 20_900);
  return random.pick([
    { effectiveFrom: dateText(from) },
    { effectiveTo: dateText(to) },
    { effectiveFrom: dateText(from), effectiveTo: dateText(to) },
  ]);
}
