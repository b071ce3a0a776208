// Problems of a mapping file come with file and line; files that are missing or huge are refused.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Problem } from "../../policy/problem.ts";
import { readMappingFile } from "./mapping-file.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tidemark-mapping-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const problem: Problem = {
  path: "/facts/age/column",
  code: "type-mismatch",
  message: { en: "Cannot read column", zh: "无法读取列" },
};

function fileOf(text: string): string {
  const path = join(folder, "mapping.yaml");
  writeFileSync(path, text);
  return path;
}

test("a mapping is what the parser makes of the document", () => {
  const path = fileOf("facts:\n  age: { column: AGE }\n");
  expect(readMappingFile(path, (value) => ({ mapping: value }))).toEqual({
    mapping: { facts: { age: { column: "AGE" } } },
  });
});

test("a problem is told with file and line, in both languages", () => {
  const path = fileOf("facts:\n  other: 1\n  age:\n    column: 7\n");
  expect(readMappingFile(path, () => ({ problems: [problem] }))).toEqual({
    problems: [{ en: `${path}:4 Cannot read column`, zh: `${path}:4 无法读取列` }],
  });
});

test("broken YAML is told with file and line before the parser is asked", () => {
  const path = fileOf("facts:\n  age: 1\n  age: 2\n");
  const read = readMappingFile(path, () => {
    throw new Error("not to be called");
  });
  expect("problems" in read && read.problems[0]?.en).toMatch(/mapping\.yaml:3 /);
});

test("a file that is missing or too large is refused", () => {
  expect(() => readMappingFile(join(folder, "none.yaml"), () => ({ problems: [] }))).toThrow(
    /none\.yaml: found no such file, expected a mapping file/,
  );
  const path = fileOf(`# ${"x".repeat(1_100_000)}\n`);
  expect(() => readMappingFile(path, () => ({ problems: [] }))).toThrow(/found 1100003 bytes/);
});
