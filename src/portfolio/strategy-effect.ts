// What a version would change for the lines of today if it took the place of the one in force: asked before it is handed
// in or approved, on every line or on a sample of buckets, with nothing stored. A sweep with the version in its shadow
// tells the same of every line, and keeps it.

import { bucketCount } from "../domain/id.ts";
import { isRefusal, type Refusal } from "../domain/refusal.ts";
import { lineFactsOf } from "../flow/evaluate.ts";
import type { World } from "../flow/ports.ts";
import { readStored } from "../flow/strategy-laws.ts";
import { missing } from "../flow/strategy-life.ts";
import { compileStrategy } from "../policy/compile.ts";
import { evaluateOrLeave } from "../policy/evaluate.ts";
import { comparisonTally, type BucketCompared } from "./comparison.ts";
import { lineReader } from "./lines-to-assess.ts";
import type { PortfolioStore, StrategyEffect, SweepView } from "./ports.ts";
import { shadowWatch } from "./sweep-shadow.ts";

/** Lines after which no further bucket is read: enough for counts, and done before the reader has read the rest. */
const enoughLines = 2_000;

/** Coprime to the number of buckets, so that a sample is spread over all of them. */
const stride = 389;

/**
 * Compares a stored version with the one in force; null where no other version is.
 * Refused: not-found, invalid (the document holds problems).
 */
export async function strategyEffect(
  world: Pick<World, "store" | "clock" | "declared">,
  portfolio: PortfolioStore,
  id: string,
  version: number,
): Promise<StrategyEffect | null | Refusal> {
  const { store, clock } = world;
  const stored = await store.strategies.find(id, version);
  if (stored === null) return missing(id, version);
  const strategy = readStored(stored);
  if (isRefusal(strategy)) return strategy;
  const active = await store.strategies.active(id);
  if (active === null || active.version === version) return null;
  const inForce = readStored(active);
  if (isRefusal(inForce)) return inForce;
  const live = compileStrategy(inForce, () => active.hash);
  const knownAt = await clock.now();
  const seen: SweepView = { asOf: clock.dateOf(knownAt), knownAt, portfolio: null };
  const watch = shadowWatch([compileStrategy(strategy, () => stored.hash)], seen.asOf);
  const readLines = lineReader(world, portfolio, seen, [strategy, inForce]);
  let lines = 0;
  let read = 0;
  while (read < bucketCount && lines < enoughLines) {
    // As many again as were read: few reads where buckets are small, no more lines than were enough where they are large.
    const next = Math.min(Math.max(1, read), bucketCount - read);
    const buckets = Array.from({ length: next }, (_, at) => ((read + at) * stride) % bucketCount);
    const found = await readLines(buckets);
    for (const members of found.values()) {
      for (const one of members) {
        const own = lineFactsOf(one.line, one.decreasedLast12MonthsMinor, seen.asOf);
        const said = evaluateOrLeave(live, one.facts, own, seen.asOf);
        watch.compare(one.line.id, said, one.facts, own);
      }
      lines += members.length;
    }
    read += next;
  }
  const tally = comparisonTally();
  for (const packed of watch.packed().values()) tally.add(JSON.parse(packed) as BucketCompared);
  const { currency } = strategy;
  return { against: active.version, whole: read === bucketCount, currency, ...tally.sum() };
}
