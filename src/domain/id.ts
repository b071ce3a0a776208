// Identifiers carry their bucket: the first ten bits of every customer-scoped id are the bucket of its
// customer, so that any id alone finds its rows, its lock and its writer. Derived ids are UUIDv8 over a
// SHA-256 of their cause: a retry is the same id, hence a primary-key conflict and not a duplicate.

/** Lower-case UUID text. */
export type Id = string;

/** 0 ≤ bucket < {@link bucketCount}: unit of ordering, locking, batching and placement. */
export type Bucket = number;

export const bucketCount = 1024;

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** True for lower-case RFC 9562 UUID text. */
export function isId(text: unknown): text is Id {
  return typeof text === "string" && uuidPattern.test(text);
}

/** The bucket in the first ten bits of a customer-scoped id. */
export function bucketOfId(id: Id): Bucket {
  return Number.parseInt(id.slice(0, 3), 16) >> 2;
}

/**
 * The bucket of a customer, by the lender's own reference: FNV-1a (32 bit) over the UTF-8 bytes with a
 * final avalanche, so that references in sequence spread evenly. Stable for ever: changing it moves data.
 */
export function bucketOfCustomer(customerReference: string): Bucket {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(customerReference)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) & (bucketCount - 1);
}

/**
 * Formats a SHA-256 digest as a UUIDv8 (RFC 9562 §5.8) whose first ten bits are the bucket.
 * @param digest at least 16 bytes
 */
export function idFromDigest(digest: Uint8Array, bucket: Bucket): Id {
  let hex = "";
  for (let index = 0; index < 16; index++) hex += digest[index]!.toString(16).padStart(2, "0");
  return idFromHex(hex, bucket);
}

/**
 * The same of a digest in lower-case hex.
 * @param digest at least 32 digits
 */
export function idFromHex(digest: string, bucket: Bucket): Id {
  const third = Number.parseInt(digest[2]!, 16) & 3;
  const head = ((bucket << 2) | third).toString(16).padStart(3, "0");
  const variant = (8 | (Number.parseInt(digest[16]!, 16) & 3)).toString(16);
  return `${head}${digest.slice(3, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}
