// Declared values are found at their position, and every lookup that is made tells all of them apart.

import fc from "fast-check";
import { expect, test } from "vitest";
import { enumLookup, lookupKey } from "./enum-lookup.ts";

test("values are found at their position", () => {
  const texts = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { minLength: 1 });
  fc.assert(
    fc.property(texts, (values) => {
      const lookup = enumLookup(values);
      if (lookup === null) return;
      values.forEach((value, at) => {
        expect(lookup.places[lookupKey(lookup, value)]).toBe(at);
        expect(lookup.values[at]).toBe(value);
      });
    }),
  );
});

test("ordinary lists of values have a lookup", () => {
  const numbered = Array.from({ length: 40 }, (_, at) => `industry${at}`);
  for (const values of [
    ["active", "frozen", "closing", "closed", "exited"],
    ["east", "north", "south"],
    ["华东", "华北", "华南"],
    numbered,
  ]) {
    expect(enumLookup(values)?.values).toEqual(values);
  }
});

test("values that two characters and the length do not tell apart have none", () => {
  const alike = ["x", "y", "z"].map((middle) => `aaaaaaaaaa${middle}aaaaaaaaaa`);
  expect(enumLookup(alike)).toBeNull();
  expect(enumLookup(["", "a"])).toBeNull();
});
