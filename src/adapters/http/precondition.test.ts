// What If-Match asks for: nothing, one version, or something that is refused instead of guessed.

import { expect, test } from "vitest";
import { entityTag, preconditionOf, versionInTag } from "./precondition.ts";

const cases: readonly Readonly<[string | undefined, unknown]>[] = [
  [undefined, { kind: "none" }],
  ["*", { kind: "none" }],
  ['"3"', { kind: "tag", tag: "3" }],
  [' "3" ', { kind: "tag", tag: "3" }],
  ["3", { kind: "unreadable" }],
  ['W/"3"', { kind: "unreadable" }],
  ['"3","4"', { kind: "unreadable" }],
  ['""', { kind: "unreadable" }],
];

test.each(cases)("%j", (header, expected) => {
  expect(preconditionOf(header)).toEqual(expected);
});

test("a tag that we gave out comes back as its version", () => {
  expect(preconditionOf(entityTag(12))).toEqual({ kind: "tag", tag: "12" });
  expect(versionInTag("12")).toBe(12);
  expect(versionInTag("12a")).toBeNull();
});
