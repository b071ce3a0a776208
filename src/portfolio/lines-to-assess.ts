// Lines as strategies see them, many at a time: the facts that were told, and of those that are made of signals the ones
// that the strategies at hand read. Where they read none nothing else is touched, so that declared facts cost a portfolio only
// what is asked of them. What was told of the environment is read once for all lines of the buckets.

import { addDays } from "../domain/calendar.ts";
import { namesDeclared } from "../domain/declared-fact.ts";
import { deriveFacts } from "../domain/derive-facts.ts";
import { exposureFacts } from "../domain/exposure.ts";
import type { Bucket } from "../domain/id.ts";
import { factsAround, placeIn } from "../flow/known-environment.ts";
import type { World } from "../flow/ports.ts";
import type { Strategy } from "../policy/strategy.ts";
import type { LineToAssess, PortfolioStore, SweepView } from "./ports.ts";

/** The lines of buckets for these strategies, each bucket by line id. */
export async function readLinesToAssess(
  world: Pick<World, "declared" | "store">,
  { sweeps, factPanes }: Pick<PortfolioStore, "sweeps" | "factPanes">,
  view: SweepView,
  buckets: readonly Bucket[],
  strategies: readonly Pick<Strategy, "facts" | "jurisdiction">[],
): Promise<ReadonlyMap<Bucket, readonly LineToAssess[]>> {
  const lines = await sweeps.read(view, buckets);
  const { declared } = world;
  const read = new Set(
    strategies.flatMap(({ facts }) =>
      facts.flatMap(({ name, readBy }) => (readBy === undefined ? [name] : [])),
    ),
  );
  const names = namesDeclared(declared.facts, read);
  const summed = Array.from(namesDeclared(declared.exposure, read), (name) =>
    declared.exposure.get(name)!,
  );
  const around = await factsAround(world, read, view);
  // Strategies that look at the same lines are of one jurisdiction, and so are the lines that they may decide about.
  const country = strategies[0]?.jurisdiction ?? "";
  if (names.size === 0 && summed.length === 0 && around === null) return lines;
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
    const environment = around?.(placeIn(country, one.facts));
    return { ...one, facts: { ...one.facts, ...derived, ...totals, ...environment } };
  };
  return new Map([...lines].map(([bucket, own]) => [bucket, own.map(withDerived)]));
}

const nothing: ReadonlyMap<string, never> = new Map<string, never>();
