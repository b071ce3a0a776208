// AES-256-GCM and nothing beside it: one nonce size, one tag size, the tag always checked. Everything that
// encrypts personal data goes through these two functions, so that no caller can choose weaker parameters.

import { createCipheriv, createDecipheriv, type KeyObject } from "node:crypto";

/** Bytes of a key, of a nonce and of an authentication tag. */
export const sizes = { key: 32, nonce: 12, tag: 16 } as const;

/** Encrypts; returns ciphertext followed by the 16-byte tag. A nonce must never be used twice under one key. */
export function seal(
  key: KeyObject,
  nonce: Uint8Array,
  associated: Uint8Array,
  plain: Uint8Array,
): Buffer {
  const cipher = createCipheriv("aes-256-gcm", key, checkedNonce(nonce), {
    authTagLength: sizes.tag,
  });
  cipher.setAAD(associated);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Decrypts what {@link seal} returned; null when key, nonce, associated data or any byte is not the original. */
export function open(
  key: KeyObject,
  nonce: Uint8Array,
  associated: Uint8Array,
  sealed: Uint8Array,
): Buffer | null {
  if (sealed.length < sizes.tag) return null;
  const split = sealed.length - sizes.tag;
  const decipher = createDecipheriv("aes-256-gcm", key, checkedNonce(nonce), {
    authTagLength: sizes.tag,
  });
  decipher.setAAD(associated);
  decipher.setAuthTag(sealed.subarray(split));
  const plain = decipher.update(sealed.subarray(0, split));
  try {
    return Buffer.concat([plain, decipher.final()]);
  } catch {
    return null;
  }
}

function checkedNonce(nonce: Uint8Array): Uint8Array {
  if (nonce.length === sizes.nonce) return nonce;
  throw new RangeError(`Cannot use nonce: found ${nonce.length} bytes, expected ${sizes.nonce}`);
}
