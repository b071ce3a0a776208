// Lines as strategies see them, many at a time: the facts that were told, and of those that are made of signals the ones
// that the strategies at hand read. Where they read none no pane is touched, so that declared facts cost a portfolio only
// what is asked of them.

import { addDays } from "../domain/calendar.ts";
import { type DeclaredFacts, namesDeclared } from "../domain/declared-fact.ts";
import { deriveFacts } from "../domain/derive-facts.ts";
import type { Bucket } from "../domain/id.ts";
import type { Strategy } from "../policy/strategy.ts";
import type { LineToAssess, PortfolioStore, SweepView } from "./ports.ts";

/** The lines of buckets for these strategies, each bucket by line id. */
export async function readLinesToAssess(
  declared: DeclaredFacts,
  { sweeps, factPanes }: Pick<PortfolioStore, "sweeps" | "factPanes">,
  view: SweepView,
  buckets: readonly Bucket[],
  strategies: readonly Pick<Strategy, "facts">[],
): Promise<ReadonlyMap<Bucket, readonly LineToAssess[]>> {
  const lines = await sweeps.read(view, buckets);
  const read = strategies.flatMap(({ facts }) => facts.map(({ name }) => name));
  const names = namesDeclared(declared, read);
  if (names.size === 0) return lines;
  const { asOf } = view;
  const panes = await factPanes.of(view, buckets, addDays(asOf, -declared.reachDays));
  const withDerived = (one: LineToAssess): LineToAssess => {
    const own = panes.get(one.line.id);
    if (own === undefined) return one;
    const at = { asOf, limitMinor: one.line.limitMinor };
    return { ...one, facts: { ...one.facts, ...deriveFacts(declared, own, at, names) } };
  };
  return new Map([...lines].map(([bucket, own]) => [bucket, own.map(withDerived)]));
}
