// The protection of personal data: every customer has an own row key, wrapped by a master key; every field
// is encrypted under the row key and bound to its table, column and row; look-ups go through keyed blind
// indexes. Destroying a row key erases the person while commitments in the log still prove.

import { createHmac, createSecretKey, randomFillSync, type KeyObject } from "node:crypto";
import { Fault } from "../fault.ts";
import type { Keys, WrappedKey } from "../store/keys.ts";
import { open, seal, sizes } from "./aes-gcm.ts";
import { normalIdentity } from "./blind-index-form.ts";
import type { KeyRing } from "./key-ring.ts";

/** Encryption of personal data: what the stores use, and what beside them reads and rotates. Throws Faults. */
export type IdentityKeys = Keys &
  Readonly<{
    /** the same row key under the current master key: rotation without touching the fields */
    rewrap: (wrapped: Uint8Array, keyId: string) => WrappedKey;
    /** keyed digest by which equal personal data are told from others without being kept; 64 hex digits */
    mark: (text: string) => string;
    /** keyed digest that draws lots, told apart from a mark by what it is taken over; 64 hex digits */
    lot: (text: string) => string;
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
      const rowKey = randomPiece(sizes.key);
      return { rowKey, ...wrap(rowKey) };
    },
    unwrap,
    rewrap: (wrapped, keyId) => wrap(unwrap(wrapped, keyId)),
    commit: (rowKey, text) => hmacHex(partsOf(rowKey).commit, text),
    encryptField,
    decryptField,
    mark: (text) => hmacHex(objectOf(ring.index), `tidemark.mark\0${text}`),
    lot: (text) => hmacHex(objectOf(ring.index), `tidemark.lot\0${text}`),
    blindIndex: (field, text) => {
      const mac = hmac(objectOf(ring.index), `${field}\0${normalIdentity(field, text)}`);
      return new Uint8Array(mac);
    },
  };
}

function wrapRowKey(ring: KeyRing, rowKey: Uint8Array): WrappedKey {
  const prefix = wrappedPrefix(ring.current);
  const nonce = randomPiece(sizes.nonce);
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

function masterKey(ring: KeyRing, keyId: string): KeyObject {
  const key = ring.keys.get(keyId);
  if (key !== undefined) return objectOf(key);
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
  const nonce = randomPiece(sizes.nonce);
  const associated = associatedData(prefix, table, column, rowId);
  const sealed = seal(partsOf(rowKey).field, nonce, associated, Buffer.from(text, "utf8"));
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
  const plain = open(partsOf(rowKey).field, nonceOf(body), associated, body.subarray(sizes.nonce));
  if (plain === null)
    throw fault(`Cannot decrypt ${where}: it was changed or belongs to another row`);
  return plain.toString("utf8");
}

function fieldPrefix(rowKey: Uint8Array): Buffer {
  return partsOf(rowKey).prefix;
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

/** One row key, three uses: each gets a key of its own, so that none weakens another. */
type Parts = Readonly<{ commit: KeyObject; field: KeyObject; prefix: Buffer }>;

const parts = new WeakMap<Uint8Array, Parts>();

/** Derived once per row key and kept as key objects, which Node uses several times faster than bytes. */
function partsOf(rowKey: Uint8Array): Parts {
  const known = parts.get(rowKey);
  if (known !== undefined) return known;
  const key = createSecretKey(rowKey);
  const part = (use: "commit" | "field" | "id"): Buffer => hmac(key, `tidemark.row-key.${use}`);
  let field: KeyObject | undefined;
  let prefix: Buffer | undefined;
  const made: Parts = {
    commit: createSecretKey(part("commit")),
    // Most transactions commit to a customer; few read or write personal data.
    get field() {
      return (field ??= createSecretKey(part("field")));
    },
    get prefix() {
      return (prefix ??= Buffer.concat([Buffer.from([version]), part("id").subarray(0, 4)]));
    },
  };
  parts.set(rowKey, made);
  return made;
}

const objects = new WeakMap<Uint8Array, KeyObject>();

/** The key object of bytes that live as long as the key ring. */
function objectOf(key: Uint8Array): KeyObject {
  const known = objects.get(key);
  if (known !== undefined) return known;
  const made = createSecretKey(key);
  objects.set(key, made);
  return made;
}

function hmac(key: KeyObject, text: string): Buffer {
  return createHmac("sha256", key).update(text, "utf8").digest();
}

function hmacHex(key: KeyObject, text: string): string {
  return createHmac("sha256", key).update(text, "utf8").digest("hex");
}

const poolBytes = 4_096;
let pool = new Uint8Array(0);
let poolUsed = 0;

/** Random bytes, cut from a larger piece because asking the system for 12 costs as much as for 4,096. Never given twice. */
function randomPiece(length: number): Uint8Array {
  if (poolUsed + length > pool.length) {
    pool = randomFillSync(new Uint8Array(poolBytes));
    poolUsed = 0;
  }
  const piece = pool.slice(poolUsed, poolUsed + length);
  pool.fill(0, poolUsed, poolUsed + length);
  poolUsed += length;
  return piece;
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
