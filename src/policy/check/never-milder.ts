// The law that an outcome never becomes milder when a fact worsens: neighbouring classes of the fact, and of what is computed
// from it and moves with it, are compared while everything else stays. What that does not show is looked for as a line.

import type { FactValues } from "../../domain/facts.ts";
import type { Text } from "../../domain/text.ts";
import type { FactIr } from "../ir.ts";
import type { Operand } from "../operand.ts";
import { type Run, run } from "../run.ts";
import { combine, fixed, type Path, type Ref } from "./diagram.ts";
import type { Effect, Effects } from "./effect.ts";
import { isNeverMilder } from "./effect-order.ts";
import {
  arithmeticSlots,
  type ClassedFact,
  type FactClass,
  followedNot,
  valueIn,
} from "./fact-classes.ts";
import { type Law, type Place, placeAt } from "./finding.ts";
import type { Graph } from "./graph.ts";
import {
  boxAt,
  compareOutcomes,
  factsOf,
  inputText,
  type Line,
  linesIn,
  outcomeAt,
  outcomeText,
  sayFacts,
  simplest,
} from "./line-example.ts";
import type { Box } from "./piece.ts";
import { declarationPath } from "./document-findings.ts";
import { signOf } from "./motion.ts";
import { readsOf } from "./reads.ts";
import {
  type Lawful,
  type Broken,
  type Doubt,
  type Finds,
  settled,
  shown,
  eachDoubt,
  findOver,
  nameOf,
  scaleOf,
  moneySlots,
} from "./law-finds.ts";

/** The law for one fact that is declared to have a direction. */
export function neverMilder(lawful: Lawful, classed: ClassedFact): Law {
  const { fact } = classed;
  const { declaration, slot, name } = fact;
  const higher = declaration.harsherWhen === "higher";
  const title: Text = {
    zh: `“${declaration.label.zh}”${higher ? "上升" : "下降"}时结果不得变轻`,
    en: `Never milder when "${declaration.label.en}" ${higher ? "grows" : "falls"}`,
  };
  const holds: Text = {
    zh: "对事实字典允许的一切取值成立",
    en: "holds for every input that the dictionary allows",
  };
  const path = placeAt(declarationPath(lawful.compiled.document, fact));
  if (arithmeticSlots(lawful.graph.program).includes(slot)) {
    const text: Text = {
      zh: "该事实直接参与额度计算，无法逐档比较",
      en: "this fact enters the limit arithmetic itself, so classes cannot be compared",
    };
    return settled("never-milder", name, title, holds, {
      broken: null,
      doubt: { where: path, text },
    });
  }
  const { followed, open } = computedFrom(lawful.graph, fact);
  if (open !== null) {
    const text: Text = {
      zh: `该事实参与计算“${open.label.zh}”，检查不追踪其取值`,
      en: `this fact enters "${open.label.en}", whose values the check does not follow`,
    };
    return settled("never-milder", name, title, holds, {
      broken: null,
      doubt: { where: path, text },
    });
  }
  const worse = higher ? 1 : -1;
  const moving = [{ classed, sign: 1 }, ...followed];
  const finds = findOver(lawful, (effects, found) => {
    for (const { classed: one, sign } of moving) {
      compareAll(
        lawful,
        effects,
        { classed: one, higher: sign * worse > 0, by: classed, worse },
        found,
      );
    }
  });
  return settled("never-milder", name, title, holds, finds);
}

/** What is compared class by class: the fact of the law, or what moves with it, and in which direction it worsens. */
type Moving = Readonly<{ classed: ClassedFact; higher: boolean; by: ClassedFact; worse: 1 | -1 }>;

/** Compares each class with the next worse one while everything else stays. */
function compareAll(lawful: Lawful, effects: Effects, moving: Moving, found: Finds): void {
  const known = moving.classed.classes.flatMap((one, at) => (one === null ? [] : [at]));
  const worse = moving.higher ? known : known.toReversed();
  for (const [at, earlier] of worse.slice(0, -1).entries()) {
    if (found.broken === null)
      compareClasses(lawful, effects, moving, [earlier, worse[at + 1]!], found);
  }
}

/** Worse values of the law's fact to try on a line: of what moves with it, whatever the fact can come to. */
function worseValues(
  { classed, by, worse }: Moving,
  later: number,
  own: number,
): readonly number[] {
  if (classed === by) return [valueIn(by.fact, by.classes[later]!)];
  const ends = by.classes.flatMap((one) => (one === null ? [] : [one.low, one.high]));
  return ends.filter((value) => (value - own) * worse > 0);
}

type Computed = Readonly<{
  /** what moves one way when the fact grows */
  followed: readonly Readonly<{ classed: ClassedFact; sign: number }>[];
  /** something of which that is not shown */
  open: Operand | null;
}>;

/** What matters, is computed from the fact, and is taken as free by the graph. */
function computedFrom({ program, facts }: Graph, fact: FactIr): Computed {
  const free = new Set(followedNot(program));
  const reads = readsOf(program);
  const amounts = new Set(arithmeticSlots(program));
  const computed = [...program.operands.values()].filter(
    ({ slot, facts: from }) => free.has(slot) && reads.has(slot) && from.has(fact.name),
  );
  const signed = computed.map((operand) => ({
    operand,
    sign: amounts.has(operand.slot) ? null : signOf(program, operand, fact),
  }));
  const followed = signed.flatMap(({ operand, sign }) => {
    const classed = facts.find((one) => one.fact.slot === operand.slot);
    return classed === undefined || sign === null || sign === 0 ? [] : [{ classed, sign }];
  });
  return { followed, open: signed.find(({ sign }) => sign === null)?.operand ?? null };
}

/** Compares two neighbouring classes of a fact, all other facts equal. */
function compareClasses(
  lawful: Lawful,
  effects: Effects,
  moving: Moving,
  [earlier, later]: readonly [number, number],
  finds: Finds,
): void {
  const { graph } = lawful;
  const { classed } = moving;
  const { diagram, program } = graph;
  const pairs: (readonly [number, number])[] = [];
  const known = new Map<string, number>();
  const everywhere = boxAt(graph, new Map());
  const isShown = ([left, right]: readonly [number, number], box: Box): boolean =>
    isNeverMilder(program.limit, effects.list[left]!, effects.list[right]!, box);
  const pairOf = (left: number, right: number): number => {
    const key = `${left} ${right}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const pair = [left, right] as const;
    const number = isShown(pair, everywhere) ? shown : pairs.push(pair) - 1;
    known.set(key, number);
    return number;
  };
  const side = (choice: number): Ref => fixed(diagram, effects.ref, classed.level, choice);
  const both = combine(diagram, side(earlier), side(later), pairOf);
  eachDoubt(graph, both, (at, box, path) => {
    const pair = pairs[at]!;
    if (finds.broken !== null || isShown(pair, box)) return;
    const broken = milderLine(lawful, moving, later, new Map([...path, [classed.level, earlier]]));
    if (broken !== null) finds.broken = broken;
    else finds.doubt ??= doubtOf(effects.list[pair[0]]!, effects.list[pair[1]]!);
  });
}

function doubtOf(left: Effect, right: Effect): Doubt {
  return {
    where: placeAt("/limitRule/treatments"),
    text: {
      zh: `未能证明从“${nameOf(left)}”到“${nameOf(right)}”不变轻，也未找到反例`,
      en: `not shown from "${nameOf(left)}" to "${nameOf(right)}", and no line found that breaks it`,
    },
  };
}

/** A line of the cells that is treated milder once the fact is worse. */
function milderLine(lawful: Lawful, moving: Moving, later: number, path: Path): Broken | null {
  const { graph } = lawful;
  const { fact, classes } = moving.by;
  const withFact = (line: Line, value: number): Line => {
    const other = line.slice();
    other[fact.slot] = value;
    return other;
  };
  const worsens = (line: Line, value: number): boolean =>
    compareOutcomes(outcomeOf(graph, line), outcomeOf(graph, withFact(line, value))) > 0;
  for (const found of linesIn(graph, path)) {
    for (const own of valuesLike(found[fact.slot]!, classes)) {
      const start = withFact(found, own);
      for (const value of worseValues(moving, later, own)) {
        if (!worsens(start, value)) continue;
        const kept = (tried: Line): boolean => tried[fact.slot] === own && worsens(tried, value);
        const line = simplest(graph, start, kept);
        const broken = brokenBy(lawful, fact, line, withFact(line, value));
        if (broken !== null) return broken;
      }
    }
  }
  return null;
}

/** The value itself and the ends of its class: what is computed from a fact may differ within a class. */
function valuesLike(value: number, classes: readonly FactClass[]): readonly number[] {
  const own = classes.find((one) => one !== null && one.low <= value && value <= one.high);
  return own === undefined || own === null ? [value] : [...new Set([value, own.low, own.high])];
}

/** The two lines as an example, once evaluation itself has said so. */
function brokenBy(
  { compiled, graph }: Lawful,
  fact: FactIr,
  line: Line,
  other: Line,
): Broken | null {
  const facts = factsOf(graph, line);
  const changed: FactValues = { [fact.name]: factsOf(graph, other)[fact.name]! };
  const outcome = outcomeAt(compiled, facts);
  const outcomeChanged = outcomeAt(compiled, { ...facts, ...changed });
  if (compareOutcomes(outcome, outcomeChanged) <= 0) return null;
  const told = inputText(graph, compiled, line, [...moneySlots(graph), fact.slot]);
  const then = sayFacts(compiled, other, [fact]);
  const scale = scaleOf(graph);
  const [before, after] = [outcomeText(outcome, scale), outcomeText(outcomeChanged, scale)];
  return {
    example: { facts, changed, outcome, outcomeChanged },
    where: placeOfRun(graph, run(graph.program, other)),
    text: {
      zh: `${told.zh}：结果为${before.zh}；若${then.zh}，结果反为${after.zh}`,
      en: `${told.en} gives ${before.en}, yet ${then.en} gives ${after.en}`,
    },
  };
}

function outcomeOf({ program }: Graph, line: Line): Run["outcome"] {
  return run(program, line.slice()).outcome;
}

/** The row that chose the treatment of a run. */
function placeOfRun({ program }: Graph, { hits }: Run): Place {
  const at = program.tables.findIndex(({ outputs }) =>
    outputs.some((output) => output.slot === program.limit.selectSlot),
  );
  const row = hits[at]?.[0];
  const table = program.tables[at]!;
  return row === undefined
    ? placeAt(`/tables/${at}`, { table: table.id })
    : placeAt(`/tables/${at}/rows/${row}`, { table: table.id, row: table.rows[row]!.id });
}
