// Lines as strategies see them, many at a time: the facts that were told, and of those that are made of signals the ones
// that the strategies at hand read. Where they read none no pane is touched, so that declared facts cost a portfolio only
// what is asked of them.

import { addDays } from "../domain/calendar.ts";
import { type DeclaredFacts, namesDeclared } from "../domain/declared-fact.ts";
import { deriveFacts } from "../domain/derive-facts.ts";
import { exposureFacts } from "../domain/exposure.ts";
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
  const read = strategies.flatMap(({ facts }) =>
    facts.flatMap(({ name, readBy }) => (readBy === undefined ? [name] : [])),
  );
  const names = namesDeclared(declared.facts, read);
  const summed = Array.from(namesDeclared(declared.exposure, read), (name) =>
    declared.exposure.get(name)!,
  );
  if (names.size === 0 && summed.length === 0) return lines;
  const { asOf } = view;
  const after = addDays(asOf, -declared.reachDays);
  const panes = names.size === 0 ? nothing : await factPanes.of(view, buckets, after);
  const exposed = summed.length === 0 ? nothing : await factPanes.exposed(buckets);
  const withDerived = (one: LineToAssess): LineToAssess => {
    const { id, customerId, limitMinor } = one.line;
    const own = panes.get(id);
    const derived =
      own === undefined ? {} : deriveFacts(declared, own, { asOf, limitMinor }, names);
    const totals = exposureFacts(summed, id, exposed.get(customerId) ?? []);
    return { ...one, facts: { ...one.facts, ...derived, ...totals } };
  };
  return new Map([...lines].map(([bucket, own]) => [bucket, own.map(withDerived)]));
}

const nothing: ReadonlyMap<string, never> = new Map<string, never>();
