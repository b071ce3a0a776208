// Both READMEs are short enough to be read, and every command that any document prints exists.
import { expect, test } from "vitest";
import { readDocument, repositoryRoot } from "../support/documents.ts";
import {
  commandLines,
  namedCommands,
  unknownCommands,
  unknownOptions,
} from "../support/documented-commands.ts";

const paths = ["README.md", "README.zh-CN.md"] as const;
const mostLines = 150;

test.each(paths)("%s has at most 150 lines", (path) => {
  const lines = readDocument(path).trimEnd().split("\n").length;
  expect(lines).toBeGreaterThan(20);
  expect(lines).toBeLessThanOrEqual(mostLines);
});

test("every command in every document exists, with its options", () => {
  expect(commandLines().length).toBeGreaterThan(30);
  expect(namedCommands().length).toBeGreaterThan(30);
  expect(unknownCommands(), `under ${repositoryRoot}`).toEqual([]);
  expect(unknownOptions()).toEqual([]);
});
