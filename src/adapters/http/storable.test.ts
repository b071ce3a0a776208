// What no row could hold is found wherever it hides, without recursion.

import fc from "fast-check";
import { expect, test } from "vitest";
import { deepestInput, unstorable } from "./storable.ts";

test.each([
  ["U+0000 in a value", { a: [{ b: "x\0y" }] }, "/a/0/b"],
  ["U+0000 in a name", { "a\0": 1 }, ""],
  ["half a surrogate pair", { a: "\ud800" }, "/a"],
])("%s is found", (_name, input, pointer) => {
  expect(unstorable(input)?.pointer).toBe(pointer);
});

test("nesting is bounded, and a hundred thousand levels do not overflow the stack", () => {
  let nested: unknown = "x";
  for (let level = 0; level < deepestInput; level += 1) nested = [nested];
  expect(unstorable(nested)).toBeNull();
  expect(unstorable([nested])).not.toBeNull();
  for (let level = 0; level < 100_000; level += 1) nested = [nested];
  expect(unstorable(nested)).not.toBeNull();
});

test("well-formed JSON without U+0000 is never refused", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8, stringUnit: "grapheme" }), (value) => {
      fc.pre(!JSON.stringify(value).includes("\\u0000"));
      expect(unstorable(value)).toBeNull();
    }),
  );
});
