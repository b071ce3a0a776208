// Which language an answer speaks: what the header prefers, and nothing where it names neither.

import { expect, test } from "vitest";
import { preferredLanguage } from "./language.ts";

const cases: readonly Readonly<[string | undefined, "zh" | "en" | null]>[] = [
  [undefined, null],
  ["", null],
  ["zh", "zh"],
  ["zh-CN,zh;q=0.9,en;q=0.8", "zh"],
  ["en-GB,en;q=0.9,zh-CN;q=0.8", "en"],
  ["fr, zh-Hant;q=0.3, en;q=0.2", "zh"],
  ["EN", "en"],
  ["fr,de", null],
  ["zh;q=0, en;q=0.1", "en"],
  ["zh;q=2, en;q=0.1", "en"],
  ["zh;q=nonsense", null],
  ["*", null],
];

test.each(cases)("%j prefers %j", (header, expected) => {
  expect(preferredLanguage(header)).toBe(expected);
});
