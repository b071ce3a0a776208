// Strategies in the shadow of a sweep: they assess the same lines, on the same facts, in the same pass, and what they said
// is kept apart, packed per bucket. Nothing that decides ever reads it. Lines of which both say that they stay as they are
// are only counted, by segment.

import { exposureRemovedMinor, type Assessment, type Outcome } from "../domain/assessment.ts";
import type { BusinessDate } from "../domain/calendar.ts";
import { canonicalJson } from "../domain/canonical-json.ts";
import type { FactValues } from "../domain/facts.ts";
import type { Id } from "../domain/id.ts";
import type { CompiledStrategy } from "../policy/compile.ts";
import {
  evaluateOrLeave,
  isLeftAlone,
  isUnevaluable,
  type LeftAlone,
  type Unevaluable,
} from "../policy/evaluate.ts";
import type { BucketCompared, ComparedLine, Said } from "./comparison.ts";

type Found = Assessment | LeftAlone | Unevaluable;

/** Watches one bucket with every strategy in the shadow. */
export type ShadowWatch = Readonly<{
  compare: (lineId: Id, live: Found, facts: FactValues, own: FactValues) => void;
  heldOut: () => void;
  /** canonical JSON of a `BucketCompared` by the hash of the strategy */
  packed: () => ReadonlyMap<string, string>;
}>;

type Tally = Readonly<{ strategy: CompiledStrategy; quiet: Record<string, number> }> & {
  heldOut: number;
  readonly lines: ComparedLine[];
};

/** Without strategies it does nothing at all. */
export function shadowWatch(
  strategies: readonly CompiledStrategy[],
  asOf: BusinessDate,
): ShadowWatch {
  const tallies = strategies.map((strategy): Tally => {
    return { strategy, heldOut: 0, quiet: {}, lines: [] };
  });
  return {
    compare: (lineId, found, facts, own) => {
      if (tallies.length === 0) return;
      const drawnMinor = Number(own["drawn"]);
      const segment = "missing" in found ? "" : (found.segment ?? "");
      const live = saidOf(found, drawnMinor);
      for (const tally of tallies) {
        const shadow = saidOf(evaluateOrLeave(tally.strategy, facts, own, asOf), drawnMinor);
        if (live.action !== "none" || shadow.action !== "none") {
          tally.lines.push({ lineId, segment, live, shadow });
        } else {
          tally.quiet[segment] = (tally.quiet[segment] ?? 0) + 1;
        }
      }
    },
    heldOut: () => {
      for (const tally of tallies) tally.heldOut += 1;
    },
    packed: () =>
      new Map(
        tallies.map(({ strategy, quiet, heldOut, lines }) => {
          const compared: BucketCompared = { quiet, heldOut, lines };
          return [strategy.ref.hash, canonicalJson(compared)];
        }),
      ),
  };
}

const silent: Omit<Said, "action"> = { toMinor: null, removedMinor: 0, reasons: [] };

function saidOf(found: Found, drawnMinor: number): Said {
  if (isUnevaluable(found as Assessment | Unevaluable)) {
    return { action: "unevaluable", ...silent };
  }
  if (isLeftAlone(found)) return { action: "none", ...silent };
  const { outcome, reasons } = found as Assessment;
  return {
    action: outcome.action,
    toMinor: toMinorOf(outcome),
    removedMinor: exposureRemovedMinor(outcome, drawnMinor),
    reasons: reasons.map(({ code }) => code),
  };
}

function toMinorOf(outcome: Outcome): number | null {
  return outcome.action === "decrease" ? outcome.toMinor : null;
}
