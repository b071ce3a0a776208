// The direction laws, each for all lines at once: effects are followed through every cell, amounts are ordered piece by
// piece, and what that does not show is looked for as a line that breaks the law. A law that neither way settles is
// undecided, and says where.

import type { FactValues } from "../../domain/facts.ts";
import type { Text } from "../../domain/text.ts";
import type { CompiledStrategy } from "../compile.ts";
import type { FactIr, LimitIr } from "../ir.ts";
import type { Operand } from "../operand.ts";
import { boundOf } from "../limit-rule.ts";
import { type Run, run } from "../run.ts";
import {
  attempt,
  combine,
  eachAbove,
  fixed,
  map,
  type Path,
  pathTo,
  type Ref,
  valuesOf,
} from "./diagram.ts";
import type { Decrease, Effect, Effects } from "./effect.ts";
import { doubtfulFloors, isNeverMilder, isNeverRaising } from "./effect-order.ts";
import {
  arithmeticSlots,
  type ClassedFact,
  type FactClass,
  followedNot,
  valueIn,
} from "./fact-classes.ts";
import { type Example, type Law, type LawName, type Place, placeAt } from "./finding.ts";
import type { Graph } from "./graph.ts";
import {
  boxAt,
  compareOutcomes,
  factsOf,
  inputText,
  lineAt,
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
import { readsOf, wayOf } from "./reads.ts";

/** What laws are checked on. `effects` is null where the strategy was too large to be followed. */
export type Lawful = Readonly<{
  compiled: CompiledStrategy;
  graph: Graph;
  effects: Effects | null;
}>;

/** All laws of a strategy: one of never-milder per fact that is declared to have a direction, then the others. */
export function lawsOf(lawful: Lawful): readonly Law[] {
  const directed = lawful.graph.facts
    .filter(({ fact }) => fact.declaration.harsherWhen !== undefined)
    .toSorted((left, right) => left.fact.slot - right.fact.slot);
  return [
    ...directed.map((fact) => neverMilder(lawful, fact)),
    neverRaises(lawful),
    withinCaps(lawful),
    protectedApart(lawful),
  ];
}

type Broken = Readonly<{ example: Example; where: Place; text: Text }>;
type Doubt = Readonly<{ where: Place; text: Text }>;

/** What was found on the way: the first line that breaks the law, and the first place that could not be settled. */
type Finds = { broken: Broken | null; doubt: Doubt | null };

const tooLarge: Doubt = {
  where: placeAt("/tables"),
  text: {
    zh: "策略过大：需查看的单元超出上限",
    en: "the strategy is too large: more cells than may be looked at",
  },
};

function settled(
  law: LawName,
  fact: string | null,
  title: Text,
  holds: Text,
  finds: Finds | null,
): Law {
  const { broken, doubt } = finds ?? { broken: null, doubt: tooLarge };
  const said = broken?.text ?? doubt?.text ?? holds;
  return {
    law,
    fact,
    verdict: broken !== null ? "refuted" : doubt !== null ? "undecided" : "proved",
    where: broken?.where ?? doubt?.where ?? null,
    example: broken?.example ?? null,
    text: { zh: `${title.zh}：${said.zh}`, en: `${title.en}: ${said.en}` },
  };
}

const shown = -1;

/**
 * Visits what is not {@link shown} to keep the law for amounts of any size, once per box of amounts in which it occurs;
 * `visit` decides whether it keeps the law there.
 */
function eachDoubt(
  graph: Graph,
  ref: Ref,
  visit: (found: number, box: Box, path: Path) => void,
): void {
  const { diagram, program } = graph;
  eachAbove(diagram, ref, arithmeticSlots(program).length, (path, below) => {
    const box = boxAt(graph, path);
    for (const found of valuesOf(diagram, below)) {
      if (found !== shown) visit(found, box, joined(path, pathTo(diagram, below, found)));
    }
  });
}

/** Holds every decrease against a law: first for amounts of any size, then box by box. */
function eachDecrease(
  { graph }: Lawful,
  { ref, list }: Effects,
  keeps: (decrease: Decrease, box: Box) => boolean,
  broken: (decrease: Decrease, box: Box, path: Path) => void,
): void {
  const everywhere = boxAt(graph, new Map());
  const doubts = map(graph.diagram, ref, (at) => {
    const effect = list[at]!;
    return effect.action !== "decrease" || keeps(effect, everywhere) ? shown : at;
  });
  eachDoubt(graph, doubts, (at, box, path) => {
    const decrease = list[at] as Decrease;
    if (!keeps(decrease, box)) broken(decrease, box, path);
  });
}

function joined(path: Path, rest: Path | null): Path {
  return new Map([...path, ...(rest ?? [])]);
}

/** The finds of a law over effects; null where the bound on cells was reached. */
function findOver(lawful: Lawful, look: (effects: Effects, finds: Finds) => void): Finds | null {
  const { graph, effects } = lawful;
  if (effects === null) return null;
  return attempt(graph.diagram, () => {
    const finds: Finds = { broken: null, doubt: null };
    look(effects, finds);
    return finds;
  });
}

function neverMilder(lawful: Lawful, classed: ClassedFact): Law {
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

function nameOf(effect: Effect): string {
  return effect.action === "decrease" ? effect.treatment.id : effect.action;
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

function scaleOf({ facts, program }: Graph): number {
  const type = facts.find(({ fact }) => fact.slot === program.line.limit)?.fact.type;
  return type?.kind === "money" ? type.scale : 0;
}

function moneySlots({ program }: Graph): number[] {
  return [program.line.limit, program.line.drawn];
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

function neverRaises(lawful: Lawful): Law {
  const { graph } = lawful;
  const { limit } = graph.program;
  const title: Text = { zh: "不得提高额度", en: "Never raises a limit" };
  const holds: Text = {
    zh: "每种处置要求的额度均不高于现有额度",
    en: "no treatment asks for more than the present limit",
  };
  const keeps = (decrease: Decrease, box: Box): boolean => isNeverRaising(limit, decrease, box);
  const finds = findOver(lawful, (effects, found) =>
    eachDecrease(lawful, effects, keeps, (decrease, _, path) => {
      const at = limit.treatments.indexOf(decrease.treatment);
      const where = placeAt(`/limitRule/treatments/${at}`);
      const raised = (made: Run, line: Line): boolean =>
        (made.askedMinor ?? 0) > line[graph.program.line.limit]!;
      settle(lawful, path, where, raised, found, decrease);
    }),
  );
  return settled("never-raises", null, title, holds, finds);
}

function withinCaps(lawful: Lawful): Law {
  const { graph } = lawful;
  const { limit, line } = graph.program;
  const title: Text = { zh: "降额不得突破下限", en: "No decrease goes below its floors" };
  const holds: Text = {
    zh: "额度规则的下限与护栏的最大降幅在任何额度上均成立",
    en: "floors of the limit rule and largest cuts of the guards hold on every line",
  };
  const doubtful = (decrease: Decrease, box: Box) => doubtfulFloors(limit, decrease, box);
  const keeps = (decrease: Decrease, box: Box): boolean => doubtful(decrease, box).length === 0;
  const finds = findOver(lawful, (effects, found) =>
    eachDecrease(lawful, effects, keeps, (decrease, box, path) => {
      for (const floor of doubtful(decrease, box)) {
        const where = placeAt(`/limitRule/floors/${limit.floors.indexOf(floor)}`);
        settle(lawful, path, where, isBelow(floor, line.limit), found, decrease);
      }
    }),
  );
  return settled("within-caps", null, title, holds, finds);
}

function isBelow(floor: LimitIr["floors"][number], slot: number) {
  return ({ outcome }: Run, line: Line): boolean => {
    const limit = line[slot]!;
    return (
      outcome.action === "decrease" && outcome.toMinor < Math.min(limit, boundOf(floor, limit))
    );
  };
}

/** Looks for a line of the cells that breaks a law; notes the doubt where there is none. */
function settle(
  { compiled, graph }: Lawful,
  path: Path,
  where: Place,
  breaks: (made: Run, line: Line) => boolean,
  finds: Finds,
  effect: Effect,
): void {
  if (finds.broken !== null) return;
  const isBroken = (line: Line): boolean => breaks(run(graph.program, line.slice()), line);
  for (const found of linesIn(graph, path)) {
    if (!isBroken(found)) continue;
    const line = simplest(graph, found, isBroken);
    const facts = factsOf(graph, line);
    const outcome = outcomeAt(compiled, facts);
    const told = inputText(graph, compiled, line, moneySlots(graph));
    const then = outcomeText(outcome, scaleOf(graph));
    finds.broken = {
      example: { facts, changed: null, outcome, outcomeChanged: null },
      where,
      text: { zh: `${told.zh}：结果为${then.zh}`, en: `${told.en} gives ${then.en}` },
    };
    return;
  }
  const text: Text = {
    zh: `未能证明处置“${nameOf(effect)}”，也未找到反例`,
    en: `not shown for treatment "${nameOf(effect)}", and no line found that breaks it`,
  };
  finds.doubt ??= { where, text };
}

function protectedApart({ compiled, graph }: Lawful): Law {
  const { program } = graph;
  const reads = readsOf(program);
  const title: Text = { zh: "受保护的事实不得影响结果", en: "Protected facts stay apart" };
  const count = compiled.document.facts.filter((fact) => fact.sensitivity === "protected").length;
  const holds: Text = {
    zh: `已声明 ${count} 项受保护的事实，没有任何规则读取`,
    en: `${count} protected facts are declared, and nothing reads them`,
  };
  const reached = program.facts.find(
    (fact) => fact.declaration.sensitivity === "protected" && reads.has(fact.slot),
  );
  if (reached === undefined) {
    return settled("protected-apart", null, title, holds, { broken: null, doubt: null });
  }
  const way = wayOf(program, reads, reached);
  const facts = factsOf(graph, lineAt(graph, new Map()));
  const broken: Broken = {
    example: { facts, changed: null, outcome: outcomeAt(compiled, facts), outcomeChanged: null },
    where: placeAt(`/${way[0] ?? ""}`),
    text: {
      zh: `“${reached.declaration.label.zh}”经由 ${way.join(" → ")} 到达结果`,
      en: `"${reached.declaration.label.en}" reaches the outcome by ${way.join(" → ")}`,
    },
  };
  return settled("protected-apart", reached.name, title, holds, { broken, doubt: null });
}
