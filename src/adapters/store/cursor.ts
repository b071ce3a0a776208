// Cursors of pages: opaque to whoever holds them, a position in the list's order to us. A cursor that was cut,
// changed or taken from another list is refused; it never silently starts from the beginning.

import { isId } from "../../domain/id.ts";
import { parseInstant } from "../../domain/calendar.ts";

/** Where a page begins: after this row. `at` is the instant that lists of things in time are ordered by. */
export type Position = Readonly<{ at: string | null; id: string }>;

/** A cursor that no list of ours has given out. */
export class BrokenCursor extends Error {
  constructor(list: string, found: string) {
    super(
      `Cannot continue list of ${list}: found cursor ${JSON.stringify(found.slice(0, 80))}, expected the "next" of a page of this list`,
    );
    this.name = "BrokenCursor";
  }
}

/** Writes the cursor of the page after `position`. */
export function cursorAfter(list: string, position: Position): string {
  return Buffer.from(JSON.stringify([list, position.at, position.id])).toString("base64url");
}

/**
 * Reads a cursor of that list; null stays null. Throws {@link BrokenCursor} for anything else than what
 * `cursorAfter` gave for the same list.
 */
export function parseCursor(list: string, cursor: string | null): Position | null {
  if (cursor === null) return null;
  const parsed = parseJson(Buffer.from(cursor, "base64url").toString("utf8"));
  if (!Array.isArray(parsed) || parsed.length !== 3) throw new BrokenCursor(list, cursor);
  const [ofList, at, id] = parsed as readonly unknown[];
  const known = ofList === list && isId(id) && (at === null || parseInstant(at) !== null);
  const position = { at: at as string | null, id: id as string };
  if (!known || cursorAfter(list, position) !== cursor) throw new BrokenCursor(list, cursor);
  return position;
}

/** The list that a page in time belongs to: newest first is another list, whose cursors mean other rows. */
export function listInTime(
  list: string,
  page: Readonly<{ newestFirst?: boolean | undefined }>,
): string {
  return page.newestFirst === true ? `${list} newest first` : list;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Refuses a page size that is not a whole number above 0. */
export function checkLimit(limit: number): number {
  if (Number.isSafeInteger(limit) && limit > 0) return limit;
  throw new RangeError(`Cannot read page: found limit ${limit}, expected a whole number above 0`);
}

/** A page from up to `limit + 1` rows in order: the extra row only shows that there is more. */
export function pageOf<Row>(
  list: string,
  rows: readonly Row[],
  limit: number,
  positionOf: (row: Row) => Position,
): Readonly<{ rows: readonly Row[]; next: string | null }> {
  if (rows.length <= limit) return { rows, next: null };
  const kept = rows.slice(0, limit);
  return { rows: kept, next: cursorAfter(list, positionOf(kept[limit - 1]!)) };
}
