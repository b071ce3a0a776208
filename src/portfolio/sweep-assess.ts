// Pass one of a sweep, one bucket at a time: evaluate every line, keep proposals and, packed into one row,
// what was said about the lines left unchanged. It has no effect on any line.

import { exposureRemovedMinor } from "../domain/assessment.ts";
import { canonicalJson } from "../domain/canonical-json.ts";
import type { Bucket } from "../domain/id.ts";
import { lineFactsOf } from "../flow/evaluate.ts";
import type { CompiledStrategy } from "../policy/compile.ts";
import { evaluateOrLeave, isLeftAlone, isUnevaluable } from "../policy/evaluate.ts";
import type { BucketAssessed, LineToAssess, Proposal, Sweep } from "./ports.ts";
import { noCounts } from "./sweep-counts.ts";

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
    const own = lineFactsOf(line, decreasedLast12MonthsMinor, sweep.asOf);
    const found = evaluateOrLeave(strategy, facts, own, sweep.asOf);
    if (isLeftAlone(found)) {
      evaluated += 1;
      refuseFor(found.excludedBy);
      packed.push(`[${canonicalJson(line.id)},${found.said}]`);
      continue;
    }
    if (isUnevaluable(found)) {
      refuseFor(["facts-missing"]);
      packed.push(canonicalJson([line.id, { missing: found.missing }]));
      continue;
    }
    evaluated += 1;
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
    bucket,
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
