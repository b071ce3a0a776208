// AES-256-GCM against Wycheproof: every valid vector opens, every invalid one (changed tag, changed nonce …)
// is refused. Vectors with other nonce, key or tag sizes do not apply: the functions do not offer them.

import { createSecretKey, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { hasShared, sharedPath } from "../../../test/support/shared-data.ts";
import { open, seal, sizes } from "./aes-gcm.ts";

type Vector = Readonly<{
  tcId: number;
  key: string;
  iv: string;
  aad: string;
  msg: string;
  ct: string;
  tag: string;
  result: "valid" | "invalid";
}>;

type Group = Readonly<{
  keySize: number;
  ivSize: number;
  tagSize: number;
  tests: readonly Vector[];
}>;

const vectorFile = "vectors/wycheproof/testvectors_v1/aes_gcm_test.json";

const hex = (text: string): Buffer => Buffer.from(text, "hex");

function keyOf(vector: Vector): KeyObject {
  return createSecretKey(hex(vector.key));
}

describe("AES-256-GCM", () => {
  test.skipIf(!hasShared(vectorFile))("agrees with every applicable Wycheproof vector", () => {
    const { testGroups } = JSON.parse(readFileSync(sharedPath(vectorFile), "utf8")) as {
      testGroups: readonly Group[];
    };
    const vectors = testGroups
      .filter((group) => group.keySize === 256 && group.ivSize === 96 && group.tagSize === 128)
      .flatMap((group) => group.tests);
    expect(vectors.length).toBeGreaterThan(60);
    expect(vectors.some((vector) => vector.result === "invalid")).toBe(true);
    for (const vector of vectors) {
      const sealed = Buffer.concat([hex(vector.ct), hex(vector.tag)]);
      const opened = open(keyOf(vector), hex(vector.iv), hex(vector.aad), sealed);
      const expected = vector.result === "valid" ? vector.msg : undefined;
      expect(opened?.toString("hex"), `vector ${vector.tcId}`).toBe(expected);
      if (vector.result === "invalid") continue;
      const made = seal(keyOf(vector), hex(vector.iv), hex(vector.aad), hex(vector.msg));
      expect(made.equals(sealed), `vector ${vector.tcId}`).toBe(true);
    }
  });

  test("refuses a nonce of another size", () => {
    const key = new Uint8Array(sizes.key);
    expect(() => seal(createSecretKey(key), new Uint8Array(16), key, key)).toThrow(
      "Cannot use nonce: found 16 bytes, expected 12",
    );
  });

  test("gives null for data shorter than a tag", () => {
    const key = new Uint8Array(sizes.key);
    expect(open(createSecretKey(key), new Uint8Array(12), key, new Uint8Array(15))).toBeNull();
  });
});
