// The protection of personal data: every customer has an own row key, wrapped by a master key; every field
// is encrypted under the row key and bound to its table, column and row; look-ups go through keyed blind
// indexes. Destroying a row key erases the person while commitments in the log still prove.

import { createHmac, createSecretKey, randomBytes, type KeyObject } from "node:crypto";
import { Fault } from "../fault.ts";
import type { Keys, WrappedKey } from "../store/keys.ts";
import { open, seal, sizes } from "./aes-gcm.ts";
import { normalIdentity } from "./blind-index-form.ts";
import type { KeyRing } from "./key-ring.ts";

/** Encryption of personal data: what the stores use, and what beside them reads and rotates. Throws Faults. */
export type IdentityKeys = Keys &
  Readonly<{
    decryptField: (
      rowKey: Uint8Array,
      table: string,
      column: string,
      rowId: string,
      sealed: Uint8Array,
    ) => string;
    /** the same row key under the current master key: rotation without touching the fields */
    rewrap: (wrapped: Uint8Array, keyId: string) => WrappedKey;
    /** keyed digest by which equal personal data are told from others without being kept; 64 hex digits */
    mark: (text: string) => string;
  }>;

const version = 1;
const maximumKeyIdLength = 32;

/**
 * Layout of a wrapped key: version, length of the key id, key id, nonce, ciphertext, tag. Layout of a field:
 * version, 4 bytes of the row key's own id, nonce, ciphertext, tag. Both prefixes are authenticated. The
 * blind index is an HMAC-SHA-256 over the field's normal form: one for a phone number however it is written.
 */
export function createKeys(ring: KeyRing): IdentityKeys {
  const unwrap = (wrapped: Uint8Array, keyId: string): Uint8Array =>
    unwrapRowKey(ring, wrapped, keyId);
  const wrap = (rowKey: Uint8Array): WrappedKey => wrapRowKey(ring, rowKey);
  return {
    keyId: ring.current,
    newRowKey: () => {
      const rowKey = new Uint8Array(randomBytes(sizes.key));
      return { rowKey, ...wrap(rowKey) };
    },
    unwrap,
    rewrap: (wrapped, keyId) => wrap(unwrap(wrapped, keyId)),
    commit: (rowKey, text) => hmac(commitKeyOf(rowKey), text).toString("hex"),
    encryptField,
    decryptField,
    mark: (text) => hmac(ring.index, `tidemark.mark\0${text}`).toString("hex"),
    blindIndex: (field, text) => {
      const mac = hmac(ring.index, `${field}\0${normalIdentity(field, text)}`);
      return new Uint8Array(mac);
    },
  };
}

function wrapRowKey(ring: KeyRing, rowKey: Uint8Array): WrappedKey {
  const prefix = wrappedPrefix(ring.current);
  const nonce = randomBytes(sizes.nonce);
  const sealed = seal(masterKey(ring, ring.current), nonce, prefix, rowKey);
  return { wrapped: joined(prefix, nonce, sealed), keyId: ring.current };
}

function unwrapRowKey(ring: KeyRing, wrapped: Uint8Array, keyId: string): Uint8Array {
  const prefix = wrappedPrefix(keyId);
  const master = masterKey(ring, keyId);
  const same = Buffer.from(wrapped.subarray(0, prefix.length)).equals(prefix);
  const body = wrapped.subarray(prefix.length);
  const rowKey = same ? open(master, nonceOf(body), prefix, body.subarray(sizes.nonce)) : null;
  if (rowKey?.length === sizes.key) return new Uint8Array(rowKey);
  throw fault(
    `Cannot unwrap row key: master key ${keyId} does not open it, it is another key or changed data`,
  );
}

function masterKey(ring: KeyRing, keyId: string): Uint8Array {
  const key = ring.keys.get(keyId);
  if (key !== undefined) return key;
  const present = [...ring.keys.keys()].join(", ");
  throw fault(
    `Cannot unwrap row key: master key ${keyId} is not in the key ring, which has ${present}`,
  );
}

function wrappedPrefix(keyId: string): Buffer {
  const id = Buffer.from(keyId, "utf8");
  if (id.length === 0 || id.length > maximumKeyIdLength) {
    throw fault(
      `Cannot use master key id of ${id.length} bytes: expected 1 to ${maximumKeyIdLength}`,
    );
  }
  return Buffer.concat([Buffer.from([version, id.length]), id]);
}

function encryptField(
  rowKey: Uint8Array,
  table: string,
  column: string,
  rowId: string,
  text: string,
): Uint8Array {
  const prefix = fieldPrefix(rowKey);
  const nonce = randomBytes(sizes.nonce);
  const associated = associatedData(prefix, table, column, rowId);
  const sealed = seal(part(rowKey, "field"), nonce, associated, Buffer.from(text, "utf8"));
  return joined(prefix, nonce, sealed);
}

function decryptField(
  rowKey: Uint8Array,
  table: string,
  column: string,
  rowId: string,
  sealed: Uint8Array,
): string {
  const prefix = fieldPrefix(rowKey);
  const where = `${table}.${column}`;
  if (!Buffer.from(sealed.subarray(0, prefix.length)).equals(prefix)) {
    throw fault(`Cannot decrypt ${where}: it was encrypted under another row key or format`);
  }
  const body = sealed.subarray(prefix.length);
  const associated = associatedData(prefix, table, column, rowId);
  const plain = open(part(rowKey, "field"), nonceOf(body), associated, body.subarray(sizes.nonce));
  if (plain === null)
    throw fault(`Cannot decrypt ${where}: it was changed or belongs to another row`);
  return plain.toString("utf8");
}

function fieldPrefix(rowKey: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([version]), part(rowKey, "id").subarray(0, 4)]);
}

// Lengths in front of the parts: "a" + "bc" must not equal "ab" + "c".
function associatedData(prefix: Uint8Array, ...parts: readonly string[]): Buffer {
  const texts = parts.map((text) => Buffer.from(text, "utf8"));
  const framed = texts.flatMap((text) => [uint32(text.length), text]);
  return Buffer.concat([prefix, ...framed]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

// One row key, three uses: each gets a key of its own, so that none weakens another.
function part(rowKey: Uint8Array, use: "commit" | "field" | "id"): Buffer {
  return hmac(rowKey, `tidemark.row-key.${use}`);
}

// Committing is hot: deriving the key once per row key, and as a key object, makes it five times cheaper.
const commitKeys = new WeakMap<Uint8Array, KeyObject>();

function commitKeyOf(rowKey: Uint8Array): KeyObject {
  const known = commitKeys.get(rowKey);
  if (known !== undefined) return known;
  const key = createSecretKey(part(rowKey, "commit"));
  commitKeys.set(rowKey, key);
  return key;
}

function hmac(key: Uint8Array | KeyObject, text: string): Buffer {
  // Node takes several times longer where it gets the bytes of a key instead of a key object.
  const object = key instanceof Uint8Array ? createSecretKey(key) : key;
  return createHmac("sha256", object).update(text, "utf8").digest();
}

// A body shorter than its nonce opens with nothing; the tag check then refuses it.
function nonceOf(body: Uint8Array): Uint8Array {
  const nonce = new Uint8Array(sizes.nonce);
  nonce.set(body.subarray(0, sizes.nonce));
  return nonce;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function fault(message: string): Fault {
  return new Fault(message, { retryable: false });
}
