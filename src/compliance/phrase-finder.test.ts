// One pass finds what a plain search in a text without blanks finds.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { phraseFinder } from "./phrase-finder.ts";

const plain = (text: string): string =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[\s\-_]+/g, "");

describe("phraseFinder", () => {
  test.each([
    ["said in capitals", ["an Internal POLICY"], "internal policy"],
    ["broken by a line", ["an inter-\nnal  policy"], "internal policy"],
    ["broken by a piece", ["an internal pol", "icy"], "internal policy"],
    ["in full-width letters", ["ｉｎｔｅｒｎａｌ policy"], "internal policy"],
    ["with a ligature", ["low pro\uFB01t"], "profit"],
    ["in mathematical letters", ["low \u{1D429}rofit"], "profit"],
    ["without blanks in Chinese", ["经系统 综合评估"], "综合评估"],
    ["that ends first", ["综合评估 profit"], "综合评估"],
    ["that another begins like", ["internal internal policy"], "internal policy"],
    ["inside another that fails", ["internal profit"], "profit"],
  ])("finds a phrase %s", (_, pieces, found) => {
    expect(phraseFinder(["internal policy", "profit", "综合评估"])(pieces)).toBe(found);
  });

  test.each([
    [["internal policies"]],
    [["pro fi\u0301t"]],
    [["综合 评 \u{1F600} 估"]],
    [[]],
    [[""]],
  ])("finds none in %j", (pieces) => {
    expect(phraseFinder(["internal policy", "profit", "综合评估"])(pieces)).toBeNull();
  });

  test("finds nothing where there is nothing to look for", () => {
    expect(phraseFinder([])(["text"])).toBeNull();
    expect(phraseFinder(["", " - "])(["text - text"])).toBeNull();
  });

  test("finds one exactly where a plain search does", () => {
    const sign = fc.constantFrom(
      "a",
      "b",
      "A",
      "ａ",
      "c",
      " ",
      "-",
      "\n",
      "评",
      "\uFB00",
      "f",
      "\u{1D41A}",
    );
    const text = fc.string({ unit: sign, maxLength: 12 });
    const phrase = fc.string({ unit: fc.constantFrom("a", "b", "f", "评", " "), maxLength: 4 });
    fc.assert(
      fc.property(
        fc.array(phrase, { maxLength: 5 }),
        fc.array(text, { maxLength: 4 }),
        (phrases, pieces) => {
          const held = phrases.filter(
            (one) => plain(one) !== "" && plain(pieces.join("")).includes(plain(one)),
          );
          const found = phraseFinder(phrases)(pieces);
          if (held.length === 0) expect(found).toBeNull();
          else expect(held).toContain(found);
        },
      ),
    );
  });
});
