// One leaf of the tamper-evident log: who did what on which grounds, in RFC 8785 bytes, with commitments
// instead of personal data. The format is final from the first row on; integration into the Merkle tree
// reads these bytes as they are.

import { canonicalJson } from "../domain/canonical-json.ts";

/**
 * What a leaf says. `cause`, `subject`, `customer`, `line` and `body` are HMAC-SHA-256 commitments under the customer's row key
 * (hex): whoever holds the key can open them, and destroying the key unlinks them for ever.
 */
export type Leaf = Readonly<{
  v: 1;
  bucket: number;
  seq: number;
  kind: string;
  at: string;
  actor: string;
  cause: string;
  subject: string;
  customer: string;
  line: string;
  body: string;
}>;

/** The leaf's bytes as text: RFC 8785 canonical JSON. */
export function leafText(leaf: Leaf): string {
  return canonicalJson(leaf);
}

/** RFC 6962 §2.1 leaf hash, hex: SHA-256(0x00 || leaf). The hash is an argument. */
export function leafHash(leaf: string, sha256: (text: string) => string): string {
  return sha256(`\u0000${leaf}`);
}
