// What every direction law is made of: what it is checked on, what was found on the way, and the walk over cells that are not
// shown to keep it for amounts of any size.

import type { Text } from "../../domain/text.ts";
import type { CompiledStrategy } from "../compile.ts";
import { attempt, eachAbove, type Path, pathTo, type Ref, valuesOf } from "./diagram.ts";
import type { Effect, Effects } from "./effect.ts";
import { arithmeticSlots } from "./fact-classes.ts";
import { type Example, type Law, type LawName, type Place, placeAt } from "./finding.ts";
import type { Graph } from "./graph.ts";
import { boxAt } from "./line-example.ts";
import type { Box } from "./piece.ts";

/** What laws are checked on. `effects` is null where the strategy was too large to be followed. */
export type Lawful = Readonly<{
  compiled: CompiledStrategy;
  graph: Graph;
  effects: Effects | null;
}>;

/** A law that does not hold: the line that shows it, and where the strategy breaks it. */
export type Broken = Readonly<{ example: Example; where: Place; text: Text }>;

/** Where a law could not be settled. */
export type Doubt = Readonly<{ where: Place; text: Text }>;

/** What was found on the way: the first line that breaks the law, and the first place that could not be settled. */
export type Finds = { broken: Broken | null; doubt: Doubt | null };

const tooLarge: Doubt = {
  where: placeAt("/tables"),
  text: {
    zh: "策略过大：需查看的单元超出上限",
    en: "the strategy is too large: more cells than may be looked at",
  },
};

/** The law with its verdict; too large where there are no finds. */
export function settled(
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

/** In place of what is shown to keep a law. */
export const shown = -1;

/**
 * Visits what is not {@link shown} to keep the law for amounts of any size, once per box of amounts in which it occurs;
 * `visit` decides whether it keeps the law there.
 */
export function eachDoubt(
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

/** One path and the rest of it. */
export function joined(path: Path, rest: Path | null): Path {
  return new Map([...path, ...(rest ?? [])]);
}

/** The finds of a law over effects; null where the bound on cells was reached. */
export function findOver(
  lawful: Lawful,
  look: (effects: Effects, finds: Finds) => void,
): Finds | null {
  const { graph, effects } = lawful;
  if (effects === null) return null;
  return attempt(graph.diagram, () => {
    const finds: Finds = { broken: null, doubt: null };
    look(effects, finds);
    return finds;
  });
}

/** What an effect is called in a doubt. */
export function nameOf(effect: Effect): string {
  return effect.action === "decrease" ? effect.treatment.id : effect.action;
}

/** Decimals of the currency. */
export function scaleOf({ facts, program }: Graph): number {
  const type = facts.find(({ fact }) => fact.slot === program.line.limit)?.fact.type;
  return type?.kind === "money" ? type.scale : 0;
}

/** Amounts that every example tells. */
export function moneySlots({ program }: Graph): number[] {
  return [program.line.limit, program.line.drawn];
}
