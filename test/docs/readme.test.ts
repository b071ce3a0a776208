// Both READMEs are short enough to be read.
import { expect, test } from "vitest";
import { readDocument } from "../support/documents.ts";

const mostLines = 150;

test.each(["README.md", "README.zh-CN.md"])("%s has at most 150 lines", (path) => {
  const lines = readDocument(path).trimEnd().split("\n").length;
  expect(lines).toBeGreaterThan(20);
  expect(lines).toBeLessThanOrEqual(mostLines);
});
