// Reading what a sweep kept of a strategy in its shadow: the comparison with the live one, and the lines behind every number
// of it. Both stream bucket by bucket, in the order of line ids, and never hold a whole portfolio.

import type { StrategyRef } from "../domain/assessment.ts";
import { bucketOfId } from "../domain/id.ts";
import { refuse, type Refusal } from "../domain/refusal.ts";
import {
  comparisonTally,
  swapOf,
  type BucketCompared,
  type ComparedFilter,
  type ComparedLine,
  type Comparison,
} from "./comparison.ts";
import { choiceText } from "./experiment-life.ts";
import type { StrategyChoice } from "./experiment-ports.ts";
import type { Sweeps, Sweep } from "./ports.ts";

/**
 * The strategy in a sweep's shadow that is meant; null asks for the only or first one.
 * Refused: not-found (the sweep ran none, or not that one).
 */
export function shadowIn(
  { id, shadows }: Pick<Sweep, "id" | "shadows">,
  choice: StrategyChoice | null,
): StrategyRef | Refusal {
  const [first] = shadows;
  if (first === undefined) {
    return refuse("not-found", {
      en: `Cannot compare sweep ${id}: it ran no strategy in the shadow, start one with --shadow`,
      zh: `无法比较扫描 ${id}：未陪跑任何策略，可用 --shadow 启动扫描`,
    });
  }
  if (choice === null) return first;
  const found = shadows.find(
    (one) => one.id === choice.id && (choice.version === null || one.version === choice.version),
  );
  if (found !== undefined) return found;
  const ran = shadows.map(choiceText).join(", ");
  return refuse("not-found", {
    en: `Cannot compare sweep ${id}: found ${ran} in the shadow, expected ${choiceText(choice)}`,
    zh: `无法比较扫描 ${id}：陪跑策略为 ${ran}，并非 ${choiceText(choice)}`,
  });
}

/** The live strategies of a sweep against one in its shadow, over the buckets that were assessed so far. */
export async function compareSweep(
  sweeps: Pick<Sweeps, "shadowed">,
  { id }: Pick<Sweep, "id">,
  { hash }: StrategyRef,
): Promise<Comparison> {
  const tally = comparisonTally();
  for await (const packed of sweeps.shadowed(id, hash)) {
    tally.add(JSON.parse(packed) as BucketCompared);
  }
  return tally.sum();
}

/**
 * The lines behind the numbers of a comparison, by id, after the line `after`; those that both strategies leave as they are
 * were only counted and are not among them.
 */
export async function comparedLines(
  sweeps: Pick<Sweeps, "shadowed">,
  { id }: Pick<Sweep, "id">,
  { hash }: StrategyRef,
  filter: ComparedFilter,
  { after, limit }: Readonly<{ after: string | null; limit: number }>,
): Promise<Readonly<{ rows: readonly ComparedLine[]; next: string | null }>> {
  const rows: ComparedLine[] = [];
  const from = after === null ? 0 : bucketOfId(after);
  for await (const packed of sweeps.shadowed(id, hash, from)) {
    for (const line of (JSON.parse(packed) as BucketCompared).lines) {
      if ((after !== null && line.lineId <= after) || !fits(line, filter)) continue;
      if (rows.length === limit) return { rows, next: rows.at(-1)!.lineId };
      rows.push(line);
    }
  }
  return { rows, next: null };
}

function fits(line: ComparedLine, filter: ComparedFilter): boolean {
  const { live, shadow, segment, swap, liveReason, shadowReason } = filter;
  return (
    (liveReason === undefined || line.live.reasons.includes(liveReason)) &&
    (shadowReason === undefined || line.shadow.reasons.includes(shadowReason)) &&
    (live ?? line.live.action) === line.live.action &&
    (shadow ?? line.shadow.action) === line.shadow.action &&
    (segment ?? line.segment) === line.segment &&
    (swap === undefined || swapOf(line) === swap)
  );
}
