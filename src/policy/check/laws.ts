// The direction laws, each for all lines at once: effects are followed through every cell, amounts are ordered piece by
// piece, and what that does not show is looked for as a line that breaks the law. A law that neither way settles is
// undecided, and says where.

import type { Text } from "../../domain/text.ts";
import type { LimitIr } from "../ir.ts";
import { boundOf } from "../limit-rule.ts";
import { type Run, run } from "../run.ts";
import { map, type Path } from "./diagram.ts";
import type { Decrease, Effect, Effects } from "./effect.ts";
import { doubtfulFloors, isNeverRaising } from "./effect-order.ts";
import { type Law, type Place, placeAt } from "./finding.ts";
import {
  boxAt,
  factsOf,
  inputText,
  lineAt,
  type Line,
  linesIn,
  outcomeAt,
  outcomeText,
  simplest,
} from "./line-example.ts";
import type { Box } from "./piece.ts";
import { readsOf, wayOf } from "./reads.ts";
import {
  type Lawful,
  type Broken,
  type Finds,
  settled,
  shown,
  eachDoubt,
  findOver,
  nameOf,
  scaleOf,
  moneySlots,
} from "./law-finds.ts";
import { neverMilder } from "./never-milder.ts";

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
