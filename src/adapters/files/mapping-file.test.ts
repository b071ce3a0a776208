// Problems of a mapping file come with file, line and column; files that cannot be read are problems themselves.

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

test("a mapping is what the parser makes of the document", async () => {
  const path = fileOf("facts:\n  age: { column: AGE }\n");
  expect(await readMappingFile(path, (value) => ({ mapping: value }))).toEqual({
    mapping: { facts: { age: { column: "AGE" } } },
  });
});

test("a problem is told with file, line and column, in both languages", async () => {
  const path = fileOf("facts:\n  other: 1\n  age:\n    column: 7\n");
  expect(await readMappingFile(path, () => ({ problems: [problem] }))).toEqual({
    problems: [{ en: `${path}:4:13: Cannot read column`, zh: `${path}:4:13: 无法读取列` }],
  });
});

test("what is missing is told at the place it is missing from", async () => {
  const path = fileOf("facts:\n  age: { row: 7 }\n");
  const read = await readMappingFile(path, () => ({ problems: [problem] }));
  expect("problems" in read && read.problems[0]?.en).toBe(`${path}:2:8: Cannot read column`);
});

test("broken YAML and missing files are told before the parser is asked", async () => {
  const parse = (): never => {
    throw new Error("not to be called");
  };
  const twice = await readMappingFile(fileOf("facts:\n  age: 1\n  age: 2\n"), parse);
  expect("problems" in twice && twice.problems[0]?.en).toMatch(
    /mapping\.yaml:3:3: Cannot read YAML/,
  );
  const missing = await readMappingFile(join(folder, "none.yaml"), parse);
  expect("problems" in missing && missing.problems[0]?.en).toMatch(/^Cannot read .*none\.yaml/);
});
