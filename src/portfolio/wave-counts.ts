// Counting what undoing a wave does: the same counts for what it would do, what its approver agrees to and what it did.

import type { UndoCounts, UndoneLine } from "./wave-ports.ts";

export const noUndoCounts: UndoCounts = { withdrawn: 0, restored: 0, amountMinor: 0, refused: {} };

/** One more line in the counts. */
export function countUndone(
  counts: UndoCounts,
  { did, refused, amountMinor }: UndoneLine,
): UndoCounts {
  if (did === "refused") {
    const code = refused ?? "";
    const before = counts.refused[code] ?? 0;
    return { ...counts, refused: { ...counts.refused, [code]: before + 1 } };
  }
  return { ...counts, [did]: counts[did] + 1, amountMinor: counts.amountMinor + amountMinor };
}
