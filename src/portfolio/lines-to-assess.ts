// Lines as strategies see them, many at a time: the facts that were told, and of those that are made of signals the ones
// that the strategies at hand read. Where they read none nothing else is touched, so that declared facts cost a portfolio only
// what is asked of them. What was told of the environment is read once for all buckets.

import { addDays } from "../domain/calendar.ts";
import { namesDeclared } from "../domain/declared-fact.ts";
import { deriveFacts } from "../domain/derive-facts.ts";
import { exposureFacts } from "../domain/exposure.ts";
import type { FactDeclaration } from "../domain/facts.ts";
import type { Bucket } from "../domain/id.ts";
import { factsAround, placeIn, type FactsAround } from "../flow/known-environment.ts";
import type { World } from "../flow/ports.ts";
import type { LineToAssess, PortfolioStore, SweepView } from "./ports.ts";

/** Reads the lines of buckets, each bucket by line id. */
export type LineReader = (
  buckets: readonly Bucket[],
) => Promise<ReadonlyMap<Bucket, readonly LineToAssess[]>>;

/** A strategy as far as it says what is read: all its facts but those that only triggers test. */
export type ReadingStrategy = Readonly<{
  facts: readonly Pick<FactDeclaration, "name" | "readBy">[];
}>;

/** Lines for these strategies as seen at one moment. */
export function lineReader(
  world: Pick<World, "declared" | "store">,
  { sweeps, factPanes }: Pick<PortfolioStore, "sweeps" | "factPanes">,
  view: SweepView,
  strategies: readonly ReadingStrategy[],
): LineReader {
  const { declared } = world;
  const { asOf } = view;
  const read = new Set(
    strategies.flatMap(({ facts }) =>
      facts.flatMap(({ name, readBy }) => (readBy === undefined ? [name] : [])),
    ),
  );
  const names = namesDeclared(declared.facts, read);
  const summed = Array.from(namesDeclared(declared.exposure, read), (name) =>
    declared.exposure.get(name)!,
  );
  const around = once(() => factsAround(world, read, view));
  return async (buckets) => {
    const lines = await sweeps.read(view, buckets);
    const factsOf = await around();
    if (names.size === 0 && summed.length === 0 && factsOf === null) return lines;
    const after = addDays(asOf, -declared.reachDays);
    const panes = names.size === 0 ? nothing : await factPanes.of(view, buckets, after);
    const exposed = summed.length === 0 ? nothing : await factPanes.exposed(buckets);
    const withDerived = (one: LineToAssess): LineToAssess => {
      const { id, customerId, limitMinor, jurisdiction } = one.line;
      const own = panes.get(id);
      const derived =
        own === undefined ? {} : deriveFacts(declared, own, { asOf, limitMinor }, names);
      const totals = exposureFacts(summed, id, exposed.get(customerId) ?? []);
      const environment = factsOf?.(placeIn(jurisdiction, one.facts));
      return { ...one, facts: { ...one.facts, ...derived, ...totals, ...environment } };
    };
    return new Map([...lines].map(([bucket, own]) => [bucket, own.map(withDerived)]));
  };
}

/** Asks the first time, and again only after a failure. */
function once(ask: () => Promise<FactsAround | null>): () => Promise<FactsAround | null> {
  let asked: Promise<FactsAround | null> | null = null;
  return () => {
    asked ??= ask().catch((error: unknown) => {
      asked = null;
      throw error;
    });
    return asked;
  };
}

const nothing: ReadonlyMap<string, never> = new Map<string, never>();
