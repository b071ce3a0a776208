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

type Node = Readonly<Record<string, string | number | string[] | { zh: string; en: string }>>;
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
  ]);
}

/** True, false or unknown. */
function condition(random: Random, known: readonly Operand[], depth: number): string {
  const numbers = known.filter(({ kind }) => kind === "number");
  const others = known.filter(({ kind }) => kind === "boolean");
  const enums = known.filter(({ name, kind }) => kind === "enum" && name.startsWith("fact"));
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
