// One difference between two strategy documents, as data and in words.

import type { Text } from "../../domain/text.ts";

/** `moved`: the same part at another place; `before` and `after` are then the places, counted from 1. */
export type ChangeKind = "added" | "removed" | "moved" | "changed";

/**
 * `path` names parts by id, as in `tables/treatment/rows/T20/when/daysPastDue`; `before` and `after` are null where there
 * is none.
 */
export type Change = Readonly<{
  path: string;
  kind: ChangeKind;
  before: unknown;
  after: unknown;
  text: Text;
}>;
