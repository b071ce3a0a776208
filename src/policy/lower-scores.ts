// Scorecards with PMML 4.4 semantics, in integers: the partial score of a characteristic is that of the one
// bin that holds the value, the score is the initial score plus all partial scores. Bins may not overlap and
// may not leave a gap; points lost are measured against the baseline as the reason code algorithm says.

import type { Text } from "../domain/text.ts";
import {
  difference,
  emptySet,
  example,
  type IntegerSet,
  intersection,
  isEmpty,
  type Member,
  union,
} from "./integer-set.ts";
import type {
  AttributeIr,
  BandIr,
  CharacteristicIr,
  GradesIr,
  PointsFromIr,
  ScorecardIr,
} from "./ir.ts";
import { checkUnique } from "./lower-facts.ts";
import { addOperand, findOperand, type Lowering, lowerCell } from "./lowering.ts";
import { domainOf, type Operand, valueText } from "./operand.ts";
import { pointer } from "./problem.ts";
import type { Characteristic, Scorecard, ScorecardAttribute } from "./strategy.ts";

/** Lowers all scorecards and makes `score.ID` known. */
export function lowerScores(lowering: Lowering): ScorecardIr[] {
  const { scores } = lowering.strategy;
  checkUnique(
    lowering,
    "scorecard",
    scores.map((card) => card.id),
    "/scores",
  );
  return scores.map((card, index) => lowerScorecard(lowering, card, pointer("/scores", index)));
}

function lowerScorecard(lowering: Lowering, card: Scorecard, path: string): ScorecardIr {
  const place = pointer(path, "characteristics");
  checkUnique(
    lowering,
    "characteristic",
    card.characteristics.map((one) => one.id),
    place,
  );
  const facts = new Set<string>();
  const characteristics: CharacteristicIr[] = [];
  card.characteristics.forEach((characteristic, index) => {
    const lowered = lowerCharacteristic(lowering, card, characteristic, pointer(place, index));
    if (lowered === null) return;
    characteristics.push(lowered);
    lowered.cites.forEach((name) => facts.add(name));
  });
  const { low, high } = scoreRange(lowering, card.initialScore, characteristics, path);
  const operand = addOperand(lowering, {
    name: `score.${card.id}`,
    type: { kind: "number", scale: 0, low, high, unit: "points" },
    nullable: false,
    label: card.label,
    facts,
    table: -1,
    score: card.id,
  });
  const { id, label, initialScore } = card;
  return { id, label, initialScore, slot: operand.slot, characteristics };
}

function scoreRange(
  lowering: Lowering,
  initial: number,
  characteristics: readonly CharacteristicIr[],
  path: string,
): { low: number; high: number } {
  let low = initial;
  let high = initial;
  for (const { attributes } of characteristics) {
    const ranges = attributes.map((one) => pointsRange(lowering, one));
    low += Math.min(...ranges.map((range) => range.low));
    high += Math.max(...ranges.map((range) => range.high));
  }
  if (Number.isSafeInteger(low) && Number.isSafeInteger(high)) return { low, high };
  lowering.problems.add(
    "unsafe-range",
    path,
    `Cannot add up scorecard ${path}: found scores from ${low} to ${high}, expected them within ±(2^53 - 1)`,
    `无法计算评分卡 ${path}：分数范围 ${low} 至 ${high}，应在 ±(2^53 - 1) 之内`,
  );
  return { low: initial, high: initial };
}

/** The points that a bin can give. */
function pointsRange(
  { operands }: Lowering,
  { points, from }: Pick<AttributeIr, "points" | "from">,
): { low: number; high: number } {
  const type = from === null ? undefined : operands.get(from.operand)?.type;
  return type?.kind === "number"
    ? { low: points + type.low, high: points + type.high }
    : { low: points, high: points };
}

function lowerCharacteristic(
  lowering: Lowering,
  card: Scorecard,
  characteristic: Characteristic,
  path: string,
): CharacteristicIr | null {
  const operand = findOperand(lowering, characteristic.fact, `${path}/fact`);
  if (operand === null) return null;
  const place = pointer(path, "attributes");
  const cells = characteristic.attributes.map((attribute) => attribute.when);
  const sets = lowerBins(lowering, cells, operand, place, "overlapping-bins");
  const below = card.reasonCodeAlgorithm === "pointsBelow";
  const sources = characteristic.attributes.map((attribute, index) =>
    pointsFrom(lowering, attribute, below ? -1 : 1, `${place}/${index}/pointsFrom`),
  );
  const ranges = characteristic.attributes.map(({ points }, index) =>
    pointsRange(lowering, { points, from: sources[index] ?? null }),
  );
  const best = below
    ? Math.max(...ranges.map((range) => range.high))
    : Math.min(...ranges.map((range) => range.low));
  const stated = card.baseline === "best" ? best : card.baseline;
  const baseline = characteristic.baseline ?? stated;
  const attributes = characteristic.attributes.map((attribute, index): AttributeIr => ({
    ...(sets[index] ?? emptySet),
    points: attribute.points,
    lost: below ? baseline - attribute.points : attribute.points - baseline,
    from: sources[index] ?? null,
    reason: attribute.reason ?? characteristic.reason,
    cell: attribute.when,
    label: attribute.label ?? null,
  }));
  const { id, label, fact } = characteristic;
  const names = [fact, ...sources.flatMap((from) => (from === null ? [] : [from.operand]))];
  const cites = names.flatMap((name) => [...(lowering.operands.get(name)?.facts ?? [])]);
  return { id, label, fact, cites: [...new Set(cites)], slot: operand.slot, baseline, attributes };
}

/** The operand that a bin adds to its points; null for none, and after reporting one that cannot be added. */
function pointsFrom(
  lowering: Lowering,
  { pointsFrom: name }: ScorecardAttribute,
  sign: -1 | 1,
  path: string,
): PointsFromIr | null {
  const operand = name === undefined ? null : findOperand(lowering, name, path);
  if (operand === null) return null;
  const { type, slot, nullable } = operand;
  const whole = type.kind === "number" && type.scale === 0;
  if (whole && !nullable) return { slot, operand: operand.name, sign };
  const found = nullable ? "that it can be unknown" : `type ${type.kind}`;
  lowering.problems.add(
    nullable ? "may-be-unknown" : "type-mismatch",
    path,
    `Cannot add points from "${operand.name}": found ${found}, expected a number without decimals that is always known`,
    `无法从“${operand.name}”加分：${nullable ? "其取值可能未知" : `类型为 ${type.kind}`}，应为恒已知的整数`,
  );
  return null;
}

/**
 * Lowers bins over one operand: disjoint, and complete unless one is `otherwise`.
 * @returns one set per cell; `otherwise` gets what the others leave
 */
function lowerBins(
  lowering: Lowering,
  cells: readonly string[],
  operand: Operand,
  path: string,
  overlap: "overlapping-bins" | "overlapping-bands",
): IntegerSet[] {
  const domain = domainOf(operand.type, operand.nullable);
  const problemsBefore = lowering.problems.list.length;
  const sets = cells.map((cell, index) => {
    if (cell.trim() === "otherwise") return null;
    return lowerCell(lowering, cell, operand, `${path}/${index}/when`) ?? domain;
  });
  if (lowering.problems.list.length > problemsBefore) return sets.map((set) => set ?? emptySet);
  reportOverlaps(lowering, cells, sets, operand, path, overlap);
  const rest = difference(domain, union(sets.map((set) => set ?? emptySet)));
  const catchAlls = sets.filter((set) => set === null).length;
  if (catchAlls === 0 && !isEmpty(rest)) reportGap(lowering, example(rest) ?? null, operand, path);
  if (catchAlls > 1) {
    lowering.problems.add(
      overlap,
      path,
      `Cannot use bins ${path}: found ${catchAlls} times "otherwise", expected at most one`,
      `无法使用分箱 ${path}：“otherwise”出现 ${catchAlls} 次，最多一次`,
    );
  }
  return sets.map((set) => set ?? rest);
}

function reportOverlaps(
  lowering: Lowering,
  cells: readonly string[],
  sets: readonly (IntegerSet | null)[],
  operand: Operand,
  path: string,
  code: "overlapping-bins" | "overlapping-bands",
): void {
  for (let later = 1; later < sets.length; later++) {
    for (let earlier = 0; earlier < later; earlier++) {
      const left = sets[earlier];
      const right = sets[later];
      if (left == null || right == null) continue;
      const shared = intersection(left, right);
      if (isEmpty(shared)) continue;
      const value = shownMember(example(shared) ?? null, operand);
      lowering.problems.add(
        code,
        `${path}/${later}/when`,
        `Cannot use bin ${path}/${later} (${cells[later]}): found "${operand.name}" = ${value} also in bin ${earlier} (${cells[earlier]}), expected bins that do not overlap`,
        `无法使用分箱 ${path}/${later}（${cells[later]}）：“${operand.name}” = ${value} 同时落入第 ${earlier} 箱（${cells[earlier]}），分箱不得重叠`,
      );
    }
  }
}

function reportGap(lowering: Lowering, value: Member, operand: Operand, path: string): void {
  const found = shownMember(value, operand);
  lowering.problems.add(
    "gap",
    path,
    `Cannot use bins ${path}: found no bin for "${operand.name}" = ${found}, expected a bin for every value or one with "otherwise"`,
    `无法使用分箱 ${path}：“${operand.name}” = ${found} 没有对应分箱，应覆盖全部取值或设置“otherwise”`,
  );
}

function shownMember(value: Member, operand: Operand): string {
  return valueText(value, operand.type);
}

/** Lowers the grade bands and makes `grade` known; null when the strategy has none. */
export function lowerGrades(lowering: Lowering): GradesIr | null {
  const { grades } = lowering.strategy;
  if (grades === null) return null;
  const input = findOperand(lowering, grades.input, "/grades/input");
  if (input === null) return null;
  checkUnique(
    lowering,
    "grade",
    grades.bands.map((band) => band.grade),
    "/grades/bands",
    "grade",
  );
  const cells = grades.bands.map((band) => band.when);
  const sets = lowerBins(lowering, cells, input, "/grades/bands", "overlapping-bands");
  const bands = grades.bands.map((band, index): BandIr => ({
    ...(sets[index] ?? emptySet),
    grade: band.grade,
    label: band.label,
    pdBp: band.pdBp,
    cell: band.when,
  }));
  const label: Text = { zh: "风险等级", en: "Risk grade" };
  const operand = addOperand(lowering, {
    name: "grade",
    type: {
      kind: "enum",
      values: bands.map((band) => band.grade),
      labels: bands.map((band) => band.label),
    },
    nullable: false,
    label,
    facts: input.facts,
    table: -1,
    score: input.score,
  });
  return { input, slot: operand.slot, bands };
}
