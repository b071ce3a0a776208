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
import type { AttributeIr, BandIr, CharacteristicIr, GradesIr, ScorecardIr } from "./ir.ts";
import { checkUnique } from "./lower-facts.ts";
import { addOperand, findOperand, type Lowering, lowerCell } from "./lowering.ts";
import { domainOf, type Operand, valueText } from "./operand.ts";
import { pointer } from "./problem.ts";
import type { Characteristic, Scorecard } from "./strategy.ts";

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
    facts.add(characteristic.fact);
  });
  const { low, high } = scoreRange(card.initialScore, characteristics);
  const operand = addOperand(lowering, {
    name: `score.${card.id}`,
    type: { kind: "number", scale: 0, low, high },
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
  initial: number,
  characteristics: readonly CharacteristicIr[],
): { low: number; high: number } {
  let low = initial;
  let high = initial;
  for (const { attributes } of characteristics) {
    const points = attributes.map((attribute) => attribute.points);
    low += Math.min(...points);
    high += Math.max(...points);
  }
  return { low, high };
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
  const points = characteristic.attributes.map((attribute) => attribute.points);
  const below = card.reasonCodeAlgorithm === "pointsBelow";
  const best = below ? Math.max(...points) : Math.min(...points);
  const stated = card.baseline === "best" ? best : card.baseline;
  const baseline = characteristic.baseline ?? stated;
  const attributes = characteristic.attributes.map((attribute, index): AttributeIr => ({
    ...(sets[index] ?? emptySet),
    points: attribute.points,
    lost: below ? baseline - attribute.points : attribute.points - baseline,
    reason: attribute.reason ?? characteristic.reason,
    cell: attribute.when,
    label: attribute.label ?? null,
  }));
  const { id, label, fact } = characteristic;
  return { id, label, fact, slot: operand.slot, baseline, attributes };
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
