// Personal data opens only with its own row key, in its own table, column and row; every flipped bit is
// noticed; rotation keeps everything readable; blind indexes meet however a value is written.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Fault } from "../fault.ts";
import { newKeyRing, withFreshKey } from "./key-ring.ts";
import { createKeys } from "./keys.ts";

const ring = newKeyRing();
const keys = createKeys(ring);
const { rowKey } = keys.newRowKey();

describe("a field", () => {
  test("comes back as it went in, and never twice as the same bytes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (text) => {
        const once = keys.encryptField(rowKey, "customer_identity", "name", "row-1", text);
        const again = keys.encryptField(rowKey, "customer_identity", "name", "row-1", text);
        expect(Buffer.from(once).equals(Buffer.from(again))).toBe(false);
        expect(keys.decryptField(rowKey, "customer_identity", "name", "row-1", once)).toBe(text);
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    ["table", "customer", "name", "row-1"],
    ["column", "customer_identity", "phone", "row-1"],
    ["row", "customer_identity", "name", "row-2"],
    ["split of the same letters", "customer_identityn", "ame", "row-1"],
  ])("does not open in another %s", (_, table, column, row) => {
    const sealed = keys.encryptField(rowKey, "customer_identity", "name", "row-1", "潮位");
    expect(() => keys.decryptField(rowKey, table, column, row, sealed)).toThrow(
      `Cannot decrypt ${table}.${column}: it was changed or belongs to another row`,
    );
  });

  test("does not open with another row key", () => {
    const sealed = keys.encryptField(rowKey, "customer_identity", "name", "row-1", "潮位");
    const other = keys.newRowKey().rowKey;
    expect(() => keys.decryptField(other, "customer_identity", "name", "row-1", sealed)).toThrow(
      "Cannot decrypt customer_identity.name: it was encrypted under another row key or format",
    );
  });

  test("does not open with any bit flipped or any byte missing", () => {
    const sealed = keys.encryptField(rowKey, "customer_identity", "phone", "row-1", "13800000001");
    const opens = (bytes: Uint8Array): boolean => {
      try {
        keys.decryptField(rowKey, "customer_identity", "phone", "row-1", bytes);
        return true;
      } catch (error) {
        expect(error).toBeInstanceOf(Fault);
        expect((error as Fault).retryable).toBe(false);
        return false;
      }
    };
    expect(opens(sealed)).toBe(true);
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Uint8Array.from(sealed);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(opens(changed), `bit ${bit}`).toBe(false);
    }
    for (let length = 0; length < sealed.length; length++) {
      expect(opens(sealed.subarray(0, length)), `length ${length}`).toBe(false);
    }
  });
});

describe("a row key", () => {
  test("opens under its master key only", () => {
    const made = keys.newRowKey();
    expect(keys.unwrap(made.wrapped, made.keyId)).toEqual(made.rowKey);
    const stranger = createKeys(newKeyRing());
    expect(() => stranger.unwrap(made.wrapped, made.keyId)).toThrow(
      "Cannot unwrap row key: master key k1 does not open it, it is another key or changed data",
    );
    expect(() => stranger.unwrap(made.wrapped, "k9")).toThrow(
      "Cannot unwrap row key: master key k9 is not in the key ring, which has k1",
    );
    for (let at = 0; at < made.wrapped.length; at++) {
      const changed = Uint8Array.from(made.wrapped);
      changed[at]! ^= 1;
      expect(() => keys.unwrap(changed, made.keyId), `byte ${at}`).toThrow(Fault);
    }
  });

  test("carries the id of its master key in front", () => {
    const { wrapped } = keys.newRowKey();
    expect(Buffer.from(wrapped.subarray(0, 4))).toEqual(Buffer.from([1, 2, 0x6b, 0x31]));
  });

  test("survives rotation: the fields stay, only the wrapping changes", () => {
    const made = keys.newRowKey();
    const sealed = keys.encryptField(made.rowKey, "t", "c", "r", "text");
    const rotated = createKeys(withFreshKey(ring));
    expect(rotated.keyId).toBe("k2");
    expect(rotated.newRowKey().keyId).toBe("k2");
    const rewrapped = rotated.rewrap(made.wrapped, made.keyId);
    expect(rewrapped.keyId).toBe("k2");
    const opened = rotated.unwrap(rewrapped.wrapped, rewrapped.keyId);
    expect(rotated.decryptField(opened, "t", "c", "r", sealed)).toBe("text");
    expect(() => keys.unwrap(rewrapped.wrapped, "k2")).toThrow(/k2 is not in the key ring/);
    expect(rotated.blindIndex("phone", "1")).toEqual(keys.blindIndex("phone", "1"));
  });
});

test("a commitment is one for each row key and text", () => {
  const other = keys.newRowKey().rowKey;
  expect(keys.commit(rowKey, "a")).toMatch(/^[0-9a-f]{64}$/);
  expect(keys.commit(rowKey, "a")).toBe(keys.commit(rowKey, "a"));
  expect(keys.commit(rowKey, "a")).not.toBe(keys.commit(rowKey, "b"));
  expect(keys.commit(rowKey, "a")).not.toBe(keys.commit(other, "a"));
});

describe("a blind index", () => {
  test.each([
    ["phone", "138-0000 0001", "１３８０００００００１"],
    ["email", " Demo@Example.COM ", "demo@example.com"],
    ["document", "11010119900101 003x", "11010119900101-003X"],
    ["name", "Demo  Wang", "demo wang"],
    ["address", "示例路 1 号", "示例路  1 号 "],
  ] as const)("of a %s is the same for %s and %s", (field, one, other) => {
    expect(keys.blindIndex(field, one)).toHaveLength(32);
    expect(keys.blindIndex(field, one)).toEqual(keys.blindIndex(field, other));
  });

  test("differs between fields, values and installations", () => {
    const index = keys.blindIndex("phone", "13800000001");
    expect(keys.blindIndex("document", "13800000001")).not.toEqual(index);
    expect(keys.blindIndex("phone", "13800000002")).not.toEqual(index);
    expect(createKeys(newKeyRing()).blindIndex("phone", "13800000001")).not.toEqual(index);
  });
});

test("a mark is one for each text and installation, and survives rotation", () => {
  expect(keys.mark("a")).toMatch(/^[0-9a-f]{64}$/);
  expect(keys.mark("a")).not.toBe(keys.mark("b"));
  expect(createKeys(withFreshKey(ring)).mark("a")).toBe(keys.mark("a"));
  expect(createKeys(newKeyRing()).mark("a")).not.toBe(keys.mark("a"));
});
