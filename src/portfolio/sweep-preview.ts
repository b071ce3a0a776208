// What a sweep would do, with nothing stored: the same lines, the same evaluation, the same ranking, and what asking sources
// first would cost. What was told of the environment is read once for all buckets.

import { bucketCount } from "../domain/id.ts";
import { isRefusal, type Refusal } from "../domain/refusal.ts";
import { bucketsAtOnce, inParallel } from "../flow/in-parallel.ts";
import type { World } from "../flow/ports.ts";
import { readStored } from "../flow/strategy-laws.ts";
import type { CompiledStrategy } from "../policy/compile.ts";
import { lineReader } from "./lines-to-assess.ts";
import type { PortfolioStore, Proposal, Sweep, SweepCounts, SweepPreview } from "./ports.ts";
import { drawArms, sweepStrategies, type SweepStrategies } from "./sweep-arms.ts";
import { askPlanner, sourcesToAsk, type ToAsk } from "./sweep-ask.ts";
import { assessBucket } from "./sweep-assess.ts";
import { addCounts, noCounts } from "./sweep-counts.ts";
import { decideBucket } from "./sweep-decide.ts";
import { grantRanked } from "./sweep-pace.ts";
import {
  askingOf,
  documentsOf,
  newSweep,
  strategyFor,
  type SweepRequest,
  type SweepRun,
} from "./sweep.ts";

/**
 * What a sweep would do, from the same evaluate and the same ranking, with nothing stored. Versions on their way into
 * force may be previewed too.
 */
export async function previewSweep(
  world: World,
  store: PortfolioStore,
  request: SweepRequest,
  run: Pick<SweepRun, "stop" | "onProgress"> &
    Readonly<{ onProposals?: (proposals: readonly Proposal[]) => void }>,
): Promise<SweepPreview | Refusal> {
  const stored = await strategyFor(world, request, ["active", "approved", "submitted", "draft"]);
  if (isRefusal(stored)) return stored;
  // Only a draft can hold problems.
  const read = stored.state === "draft" ? readStored(stored) : null;
  if (isRefusal(read)) return read;
  const sweep = await newSweep(world, store, request, stored);
  if (isRefusal(sweep)) return sweep;
  // What a shadow would say is told of a sweep that was kept; here it only has to be one that may run.
  const strategies = await sweepStrategies(world.loadStrategy, { ...sweep, shadows: [] });
  const strategy = strategies.own;
  const readLines = lineReader(world, store, sweep, documentsOf(strategies));
  const planner = askPlanner(world, sweep, neededBy(world, sweep, strategies));
  const proposals: Proposal[] = [];
  let counts = noCounts;
  for (let bucket = 0; bucket < bucketCount && !run.stop(); bucket += 1) {
    const lines = await readLines([bucket]);
    const drawn = await drawArms(world, store, sweep, lines);
    await planner.add(lines.get(bucket) ?? []);
    const found = assessBucket(sweep, strategies, bucket, lines.get(bucket) ?? [], drawn);
    proposals.push(...found.proposals);
    run.onProposals?.(found.proposals);
    counts = addCounts(counts, found.counts);
    run.onProgress({ phase: "assess", bucketsDone: bucket + 1, buckets: bucketCount, counts });
  }
  const decided = await previewPass(world, strategy, sweep, proposals, counts);
  return { ...sweep, counts: decided, asks: await planner.plan() };
}

/** What it would ask; nothing where it would begin without. */
function neededBy(
  world: World,
  { state }: Pick<Sweep, "state">,
  strategies: SweepStrategies,
): readonly ToAsk[] {
  const found = state === "asking" ? sourcesToAsk(world, askingOf(strategies)) : [];
  return isRefusal(found) ? [] : found;
}

async function previewPass(
  world: World,
  strategy: CompiledStrategy,
  sweep: Sweep,
  proposals: Proposal[],
  counts: SweepCounts,
): Promise<SweepCounts> {
  proposals.sort(
    (left, right) =>
      right.expectedLossAvoidedMinor - left.expectedLossAvoidedMinor ||
      (left.lineId < right.lineId ? -1 : 1),
  );
  const today = world.clock.dateOf(await world.clock.now());
  const { granted } = await grantRanked(world, strategy.document, sweep, today, proposals);
  const turn = new Set(granted.map((one) => one.lineId));
  const buckets = Map.groupBy(
    proposals.map((one) => ({ ...one, granted: turn.has(one.lineId) })),
    (one) => one.bucket,
  );
  let total = counts;
  await inParallel(buckets, bucketsAtOnce, async ([bucket, own]) => {
    const decided = await decideBucket(world, strategy.document, sweep, bucket, own, null);
    total = addCounts(total, decided ?? noCounts);
  });
  return total;
}
