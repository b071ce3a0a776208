// Law changes on a date, so a jurisdiction has many packs and one of them holds on any day. Which one that is
// must not depend on the order of files.

import type { BusinessDate } from "../domain/calendar.ts";
import type { CompliancePack, PackRef } from "./pack.ts";

/**
 * The pack of a jurisdiction that holds on a date (first and last day included), null when none does. Where
 * several do, the one in force since the later date wins, then the higher version, then the id that sorts last. With a
 * product only packs that have it in their scope count.
 */
export function packInForce(
  packs: readonly CompliancePack[],
  jurisdiction: string,
  date: BusinessDate,
  product?: string,
): CompliancePack | null {
  let best: CompliancePack | null = null;
  for (const pack of packs) {
    if (pack.jurisdiction !== jurisdiction || !holdsOn(pack, date)) continue;
    if (product !== undefined && !pack.productScope.includes(product)) continue;
    if (best === null || comparePacks(best, pack) < 0) best = pack;
  }
  return best;
}

/** Exactly one version of a pack, whatever holds today; null where nobody ever released it. */
export function packVersion(
  packs: readonly CompliancePack[],
  { id, version }: PackRef,
): CompliancePack | null {
  return packs.find((pack) => pack.id === id && pack.version === version) ?? null;
}

function holdsOn(pack: CompliancePack, date: BusinessDate): boolean {
  return pack.effectiveFrom <= date && (pack.effectiveTo === null || date <= pack.effectiveTo);
}

function comparePacks(one: CompliancePack, other: CompliancePack): number {
  if (one.effectiveFrom !== other.effectiveFrom)
    return one.effectiveFrom < other.effectiveFrom ? -1 : 1;
  if (one.version !== other.version) return one.version - other.version;
  return one.id < other.id ? -1 : 1;
}
