// Pass one of a sweep, one bucket at a time: evaluate every line, keep proposals and, packed into one row,
// what was said about the lines left unchanged. It has no effect on any line.

import { exposureRemovedMinor } from "../domain/assessment.ts";
import { canonicalJson } from "../domain/canonical-json.ts";
import type { Bucket } from "../domain/id.ts";
import { assess } from "../flow/evaluate.ts";
import type { CompiledStrategy } from "../policy/compile.ts";
import type { LineToAssess, Proposal, Sweep, SweepCounts } from "./ports.ts";
import { noCounts } from "./sweep-counts.ts";

export type BucketAssessed = Readonly<{
  /** canonical JSON: one entry per line left unchanged, by line id: [line id, what was said] */
  packed: string;
  proposals: readonly Proposal[];
  counts: SweepCounts;
}>;

/** Assesses the lines of one bucket. Pure; lines must come ordered by line id. */
export function assessBucket(
  sweep: Sweep,
  strategy: CompiledStrategy,
  bucket: Bucket,
  lines: readonly LineToAssess[],
): BucketAssessed {
  const packed: string[] = [];
  const proposals: Proposal[] = [];
  const refused: Record<string, number> = {};
  const removed: Record<string, number> = {};
  let evaluated = 0;
  const refuseFor = (reasons: readonly string[]): void => {
    for (const reason of reasons) refused[reason] = (refused[reason] ?? 0) + 1;
  };
  for (const { line, facts, decreasedLast12MonthsMinor } of lines) {
    const found = assess(strategy, line, facts, decreasedLast12MonthsMinor, sweep.asOf);
    if ("missing" in found) {
      refuseFor(["facts-missing"]);
      packed.push(canonicalJson([line.id, { missing: found.missing }]));
      continue;
    }
    evaluated += 1;
    if (found.outcome.action === "none") {
      refuseFor(found.excludedBy);
      // Keys in the order in which canonical JSON has them, which then need not be sorted a million times.
      const { excludedBy, grade, guardsBound, rowsHit, scores, segment } = found;
      const said = { excludedBy, grade, guardsBound, rowsHit, scores, segment };
      packed.push(canonicalJson([line.id, said]));
      continue;
    }
    const removedMinor = exposureRemovedMinor(found.outcome, line.drawnMinor);
    const segment = found.segment ?? "";
    removed[segment] = (removed[segment] ?? 0) + removedMinor;
    proposals.push({
      sweepId: sweep.id,
      bucket,
      lineId: line.id,
      customerId: line.customerId,
      lineVer: line.ver,
      portfolio: line.portfolio,
      segment: found.segment,
      removedMinor,
      expectedLossAvoidedMinor: found.expectedLossAvoidedMinor,
      assessment: canonicalJson(found),
      granted: null,
    });
  }
  return {
    packed: `[${packed.join(",")}]`,
    proposals,
    counts: {
      ...noCounts,
      planned: lines.length,
      evaluated,
      unchanged: evaluated - proposals.length,
      proposed: proposals.length,
      refused,
      removedBySegment: removed,
    },
  };
}
