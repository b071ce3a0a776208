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
  const bytes = digest.slice(0, 16);
  bytes[0] = bucket >> 2;
  bytes[1] = ((bucket & 3) << 6) | (bytes[1]! & 0x3f);
  bytes[6] = 0x80 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
