// RFC 8785 against the test vectors of its authors, and the values that JSON cannot hold.

import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hasShared, sharedPath } from "../../test/support/shared-data.ts";
import { canonicalJson } from "./canonical-json.ts";

const vectors = "vectors/cyberphone-jcs/testdata";

describe("canonical JSON", () => {
  test("sorts keys by UTF-16 code units and drops white space", () => {
    expect(
      canonicalJson({ b: [1, { d: null, c: true }], a: "é", "\u{1F600}": 1, "\uFB33": 2 }),
    ).toBe('{"a":"é","b":[1,{"c":true,"d":null}],"\u{1F600}":1,"\uFB33":2}');
  });

  test("writes numbers as ECMAScript does, minus zero as zero", () => {
    expect(canonicalJson([1e21, 1e-7, 0.1, -0, 4.5, 9_007_199_254_740_991])).toBe(
      "[1e+21,1e-7,0.1,0,4.5,9007199254740991]",
    );
  });

  test("leaves out members that are undefined", () => {
    expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
  });

  test.each([
    ["NaN", Number.NaN],
    ["Infinity", [Number.POSITIVE_INFINITY]],
    ["undefined in a list", [undefined]],
    ["a bigint", 1n],
    ["a function", { call: () => 1 }],
    ["a lone surrogate", "\uD83D"],
    ["a lone surrogate as key", { "\uDE00": 1 }],
    ["an object of a class", new Map()],
  ])("refuses %s", (_, value) => {
    expect(() => canonicalJson(value)).toThrow(/Cannot write canonical JSON: found /);
  });

  test("refuses nesting beyond its depth instead of overflowing", () => {
    let nested: unknown = 1;
    for (let depth = 0; depth < 100_000; depth++) nested = [nested];
    expect(() => canonicalJson(nested)).toThrow(/nesting deeper than 200/);
  });

  test("is a fixed point: parsing and writing again gives the same text", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "grapheme" }), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  test.skipIf(!hasShared(vectors))("writes the bytes of the JCS test vectors", () => {
    const folder = sharedPath(vectors);
    const names = readdirSync(`${folder}/input`);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      const input: unknown = JSON.parse(readFileSync(`${folder}/input/${name}`, "utf8"));
      const hex = readFileSync(`${folder}/outhex/${name.replace(".json", ".txt")}`, "utf8");
      const expected = Buffer.from(hex.replaceAll(/\s/g, ""), "hex");
      expect(Buffer.from(canonicalJson(input), "utf8").equals(expected), name).toBe(true);
    }
  });
});
