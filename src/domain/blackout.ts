// A blackout window: days on which nobody in a region or an industry is told of a cut, and nobody is cut, because something
// happens there. Which lines a window covers and which changes it lets through is decided here and nowhere else, so that
// the write path, the dispatcher and a page mean the same by it.

import { isRestoring, type DecisionAction } from "./assessment.ts";
import type { BusinessDate, Instant } from "./calendar.ts";
import type { Cause } from "./decision.ts";
import type { Id } from "./id.ts";
import type { LineProfile } from "./line-profile.ts";

/** Where a line lies, as its newest facts say; null: they say nothing of it. */
export type LinePlace = Readonly<Pick<LineProfile, "region" | "industry">>;

/** Where a line without facts lies: nobody knows. */
export const nowhere: LinePlace = { region: null, industry: null };

/** One window. Both days belong to it; an empty list of regions or industries stands for all of them. */
export type Blackout = Readonly<{
  id: Id;
  /** what happens there, in a few words: every refusal names it */
  event: string;
  fromOn: BusinessDate;
  toOn: BusinessDate;
  regions: readonly string[];
  industries: readonly string[];
  /** decisions with these causes are let through, such as fraud: they protect the customer as well */
  exempt: readonly Cause[];
  reason: string;
  by: string;
  at: Instant;
}>;

/** A window as it is listed: who ended it before its last day, when and why; null while nobody has. */
export type ListedBlackout = Blackout &
  Readonly<{ lifted: Readonly<{ by: string; at: Instant; because: string }> | null }>;

/**
 * True where a window holds back a change on a day. What gives a line back is never held back. A line whose region or
 * industry is unknown is not covered by a window that names some.
 */
export function holdsBack(
  blackout: Blackout,
  change: Readonly<{ action: DecisionAction; cause: Cause; place: LinePlace }>,
  today: BusinessDate,
): boolean {
  const { fromOn, toOn, exempt } = blackout;
  const { action, cause, place } = change;
  if (isRestoring(action) || today < fromOn || today > toOn || exempt.includes(cause)) return false;
  return liesIn(blackout, place);
}

/** True where a line lies in the regions and industries of a window, or of anything else that names some. */
export function liesIn(
  { regions, industries }: Pick<Blackout, "regions" | "industries">,
  { region, industry }: LinePlace,
): boolean {
  return names(regions, region) && names(industries, industry);
}

function names(list: readonly string[], value: string | null): boolean {
  return list.length === 0 || (value !== null && list.includes(value));
}
