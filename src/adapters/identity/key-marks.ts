// Marks by which master keys are told apart without being told: a backup names the keys its personal data needs, and
// a restore under another ring is refused before it can leave names and phone numbers that nobody can ever read.

import { hkdfSync } from "node:crypto";
import type { KeyRing } from "./key-ring.ts";

/** A mark per key id, and that of the key of the blind indexes. Not secret. */
export type KeyMarks = Readonly<{ keys: Readonly<Record<string, string>>; index: string }>;

const markBytes = 16;

/** The marks of a ring: the same key always has the same mark, and no mark tells anything about its key. */
export function keyMarks({ keys, index }: KeyRing): KeyMarks {
  return {
    keys: Object.fromEntries([...keys].map(([id, key]) => [id, markOf(key)])),
    index: markOf(index),
  };
}

/** The ids of the keys that `needed` names and `ring` lacks or holds differently; "index" for the blind indexes. */
export function missingKeys(needed: KeyMarks, ring: KeyRing): readonly string[] {
  const held = keyMarks(ring);
  const ids = Object.keys(needed.keys).filter((id) => held.keys[id] !== needed.keys[id]);
  return held.index === needed.index ? ids : [...ids, "index"];
}

function markOf(key: Uint8Array): string {
  return Buffer.from(hkdfSync("sha256", key, "", "tidemark.key-mark", markBytes)).toString("hex");
}
