// Which facts row speaks for a line: the newest date first, then what became known last, then what was written
// last. And how much a line was lowered in a year. Loading, sweeps and reads all ask here.

import { addDays, type BusinessDate, type Instant } from "../../domain/calendar.ts";
import type { ExposedLine } from "../../domain/exposure.ts";
import type { Id } from "../../domain/id.ts";
import { profileOf } from "../../domain/line-profile.ts";
import { paneKey, type PaneRow } from "../../domain/pane.ts";
import type { FactsRow } from "../../flow/state.ts";
import { compareText, type BucketTables } from "./tables.ts";

/** The newest facts of a line as of a date and known at an instant; null asks for no bound. */
export function newestFacts(
  tables: BucketTables,
  lineId: Id,
  asOf: BusinessDate | null,
  knownAt: Instant | null,
): FactsRow | null {
  let newest: FactsRow | null = null;
  for (const row of tables.facts.get(lineId) ?? []) {
    if (asOf !== null && row.asOf > asOf) continue;
    if (knownAt !== null && row.knownAt > knownAt) continue;
    if (newest === null || !isBefore(row, newest)) newest = row;
  }
  return newest;
}

function isBefore(row: FactsRow, other: FactsRow): boolean {
  return row.asOf === other.asOf ? row.knownAt < other.knownAt : row.asOf < other.asOf;
}

/** The newest version of each of a line's panes that was known at an instant, by day; null asks for no bound. */
export function newestPanes(
  tables: BucketTables,
  lineId: Id,
  knownAt: Instant | null,
): readonly PaneRow[] {
  const newest = new Map<string, PaneRow>();
  for (const row of tables.panes.get(lineId) ?? []) {
    if (knownAt === null || row.knownAt <= knownAt) newest.set(paneKey(row), row);
  }
  return [...newest.values()].toSorted(
    (one, other) =>
      compareText(one.onDate, other.onDate) || compareText(one.measure, other.measure),
  );
}

/** Every version of a line's panes of some measures of the days after one and up to another, as known at an instant. */
export function paneVersions(
  tables: BucketTables,
  lineId: Id,
  measures: readonly string[],
  after: BusinessDate,
  asOf: BusinessDate,
  knownAt: Instant,
): readonly PaneRow[] {
  return (tables.panes.get(lineId) ?? [])
    .filter(
      (row) =>
        measures.includes(row.measure) &&
        row.onDate > after &&
        row.onDate <= asOf &&
        row.knownAt <= knownAt,
    )
    .toSorted(
      (one, other) =>
        compareText(one.onDate, other.onDate) ||
        compareText(one.measure, other.measure) ||
        compareText(one.knownAt, other.knownAt),
    );
}

/** Sum of decreases in the 365 days up to and including `today`, minor units. */
export function decreasedMinor(
  tables: BucketTables,
  lineId: Id,
  today: BusinessDate,
  knownAt: Instant | null,
): number {
  const after = addDays(today, -365);
  let sum = 0;
  for (const change of tables.limitChanges.get(lineId) ?? []) {
    if (change.onDate <= after || change.onDate > today) continue;
    if (knownAt === null || change.knownAt <= knownAt) sum += change.fromMinor - change.toMinor;
  }
  return sum;
}

/** The lines of every customer of a bucket as exposure counts them, each customer's by id. */
export function exposedIn(tables: BucketTables): ReadonlyMap<Id, readonly ExposedLine[]> {
  const lines = [...tables.lines.values()].toSorted((one, other) => compareText(one.id, other.id));
  const exposed = lines.map((line): ExposedLine => {
    const { id, customerId, currency, status, limitMinor, drawnMinor, pendingMinor } = line;
    const row = newestFacts(tables, id, null, null);
    const daysPastDue = row === null ? null : profileOf(row.facts, row.asOf).daysPastDue;
    return { id, customerId, currency, status, limitMinor, drawnMinor, pendingMinor, daysPastDue };
  });
  return Map.groupBy(exposed, ({ customerId }) => customerId);
}
