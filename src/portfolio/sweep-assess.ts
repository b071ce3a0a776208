// Pass one of a sweep, one bucket at a time: evaluate every line by the strategy of its customer's arm, keep proposals and,
// packed into one row, what was said about the lines left unchanged. It has no effect on any line.

import { holdoutArm } from "../domain/arm.ts";
import { exposureRemovedMinor, type Assessment } from "../domain/assessment.ts";
import { liesIn } from "../domain/blackout.ts";
import { canonicalJson } from "../domain/canonical-json.ts";
import type { Bucket, Id } from "../domain/id.ts";
import { placeOf } from "../domain/line-profile.ts";
import { lineFactsOf } from "../flow/evaluate.ts";
import { evaluateOrLeave, isLeftAlone, isUnevaluable } from "../policy/evaluate.ts";
import type { BucketAssessed, LineToAssess, Proposal, Sweep } from "./ports.ts";
import { isHeldOut, type Drawn, type SweepStrategies } from "./sweep-arms.ts";
import { noCounts } from "./sweep-counts.ts";
import { shadowWatch } from "./sweep-shadow.ts";

/**
 * Assesses the lines of one bucket. Pure; lines must come ordered by line id.
 * @param drawn who is in which arm; null without an experiment
 */
export function assessBucket(
  sweep: Sweep,
  strategies: SweepStrategies,
  bucket: Bucket,
  lines: readonly LineToAssess[],
  drawn: Drawn | null,
): BucketAssessed {
  const kept = keeping(sweep, bucket);
  const meant = linesMeant(sweep, lines);
  const shadows = shadowWatch(strategies.shadows, sweep.asOf);
  for (const { line, facts, decreasedLast12MonthsMinor } of meant) {
    const own = lineFactsOf(line, decreasedLast12MonthsMinor, sweep.asOf);
    const arm = drawn?.armOf(line.customerId) ?? null;
    const strategy = arm === null ? strategies.own : strategies.arms.get(arm)!;
    const found = evaluateOrLeave(strategy, facts, own, sweep.asOf);
    if (arm === holdoutArm) shadows.heldOut();
    else shadows.compare(line.id, found, facts, own);
    if (isLeftAlone(found)) kept.leave(line.id, arm, found.said, found.excludedBy);
    else if (isUnevaluable(found)) kept.passOver(line.id, arm, found.missing);
    else if (isHeldOut(sweep.experiment, arm, found)) {
      kept.leave(line.id, arm, canonicalJson(found), [holdoutArm]);
    } else kept.propose(line, arm, found);
  }
  return kept.assessed(meant.length, shadows.packed(), drawn?.fresh.get(bucket) ?? []);
}

/** An emergency looks at the lines of its profile and at no others. */
export function linesMeant(
  { emergency }: Pick<Sweep, "emergency">,
  lines: readonly LineToAssess[],
): readonly LineToAssess[] {
  if (emergency === null) return lines;
  return lines.filter(({ facts }) => liesIn(emergency, placeOf(facts)));
}

type Keeping = Readonly<{
  leave: (lineId: Id, arm: string | null, said: string, because: readonly string[]) => void;
  passOver: (lineId: Id, arm: string | null, missing: readonly string[]) => void;
  propose: (line: LineToAssess["line"], arm: string | null, found: Assessment) => void;
  assessed: (
    planned: number,
    shadows: BucketAssessed["shadows"],
    digits: BucketAssessed["digits"],
  ) => BucketAssessed;
}>;

/** What is kept of a bucket while its lines are gone through. */
function keeping(sweep: Sweep, bucket: Bucket): Keeping {
  const packed: string[] = [];
  const proposals: Proposal[] = [];
  const refused: Record<string, number> = {};
  const removed: Record<string, number> = {};
  let evaluated = 0;
  const pack = (lineId: Id, arm: string | null, said: string): void => {
    const behind = arm === null ? "" : `,${canonicalJson(arm)}`;
    packed.push(`[${canonicalJson(lineId)},${said}${behind}]`);
  };
  const refuseFor = (reason: string): void => {
    refused[reason] = (refused[reason] ?? 0) + 1;
  };
  return {
    leave: (lineId, arm, said, because) => {
      evaluated += 1;
      because.forEach(refuseFor);
      pack(lineId, arm, said);
    },
    passOver: (lineId, arm, missing) => {
      refuseFor("facts-missing");
      pack(lineId, arm, canonicalJson({ missing }));
    },
    propose: (line, arm, found) => {
      evaluated += 1;
      const proposal = proposalOf(sweep, bucket, line, arm, found);
      const segment = proposal.segment ?? "";
      removed[segment] = (removed[segment] ?? 0) + proposal.removedMinor;
      proposals.push(proposal);
    },
    assessed: (planned, shadows, digits) => {
      const proposed = proposals.length;
      const counted = { planned, evaluated, unchanged: evaluated - proposed, proposed, refused };
      const counts = { ...noCounts, ...counted, removedBySegment: removed };
      return { bucket, packed: `[${packed.join(",")}]`, shadows, digits, proposals, counts };
    },
  };
}

function proposalOf(
  sweep: Sweep,
  bucket: Bucket,
  line: LineToAssess["line"],
  arm: string | null,
  found: Assessment,
): Proposal {
  return {
    sweepId: sweep.id,
    bucket,
    lineId: line.id,
    customerId: line.customerId,
    lineVer: line.ver,
    portfolio: line.portfolio,
    segment: found.segment,
    removedMinor: exposureRemovedMinor(found.outcome, line.drawnMinor),
    expectedLossAvoidedMinor: found.expectedLossAvoidedMinor,
    arm,
    assessment: canonicalJson(found),
    granted: null,
  };
}
