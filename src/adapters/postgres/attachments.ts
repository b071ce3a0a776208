// Files beside review cases, read back: their list with names, and one file with its contents.

import { bucketOfId, isId } from "../../domain/id.ts";
import type { Attachments } from "../../flow/review-ports.ts";
import type { Keys, WrappedKey } from "../store/keys.ts";
import {
  namedAttachment,
  openAttachment,
  type SealedAttachment,
} from "../store/sealed-attachment.ts";
import type { Queryable } from "./pool.ts";
import { attachments } from "./rows.ts";

type Found<Row> = Row & Readonly<{ wrapped: Uint8Array | null; keyId: string | null }>;

const listed = attachments.select("a").replace(/, a\.contents as "contents"$/, "");

const joined = `k.wrapped_key as "wrapped", k.key_id as "keyId" from review_attachment a
  left join customer_key k on k.bucket = a.bucket and k.customer_id = a.customer_id`;

/** The port over one database. A list does not read the contents. */
export function attachmentsIn(
  db: Pick<Queryable, "query">,
  keys: Pick<Keys, "unwrap" | "decryptField">,
): Attachments {
  return {
    list: async (reviewId) => {
      if (!isId(reviewId)) return [];
      const text = `select ${listed}, ${joined} where a.bucket = $1 and a.review_id = $2
        order by a.added_at, a.id`;
      const values = [bucketOfId(reviewId), reviewId];
      const found = await db.query<Found<Omit<SealedAttachment, "contents">>>(text, values);
      return found.map(({ wrapped, keyId, ...row }) =>
        namedAttachment({ keys, key: keyOf(wrapped, keyId) }, row),
      );
    },
    open: async (id) => {
      if (!isId(id)) return null;
      const text = `select ${attachments.select("a")}, ${joined} where a.bucket = $1 and a.id = $2`;
      const [found] = await db.query<Found<SealedAttachment>>(text, [bucketOfId(id), id]);
      if (found === undefined) return null;
      const { wrapped, keyId, ...row } = found;
      return openAttachment({ keys, key: keyOf(wrapped, keyId) }, row);
    },
  };
}

function keyOf(wrapped: Uint8Array | null, keyId: string | null): WrappedKey | null {
  return wrapped === null || keyId === null ? null : { wrapped, keyId };
}
