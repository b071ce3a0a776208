// Files beside review cases in memory, read back as the PostgreSQL store reads them.

import { bucketOfId, isId, type Id } from "../../domain/id.ts";
import type { Attachments } from "../../flow/review-ports.ts";
import type { Keys } from "../store/keys.ts";
import { namedAttachment, openAttachment, type Opening } from "../store/sealed-attachment.ts";
import { bucketOf, compareText, type Tables } from "./tables.ts";

/** The port over the tables. */
export function attachmentsIn(tables: Tables, keys: Keys): Attachments {
  const opening = (id: Id, customerId: Id): Opening => ({
    keys,
    key: bucketOf(tables, bucketOfId(id)).keys.get(customerId) ?? null,
  });
  return {
    list: async (reviewId) => {
      if (!isId(reviewId)) return [];
      return [...bucketOf(tables, bucketOfId(reviewId)).attachments.values()]
        .filter((row) => row.reviewId === reviewId)
        .toSorted(
          (left, right) =>
            compareText(left.addedAt, right.addedAt) || compareText(left.id, right.id),
        )
        .map((row) => namedAttachment(opening(row.id, row.customerId), row));
    },
    open: async (id) => {
      if (!isId(id)) return null;
      const row = bucketOf(tables, bucketOfId(id)).attachments.get(id);
      return row === undefined ? null : openAttachment(opening(id, row.customerId), row);
    },
  };
}
