// Strategies go to version control and come back: what is written as YAML is, read again, the same document with the same
// hash.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readStrategyFile, strategyYaml } from "../../src/adapters/files/strategy-file.ts";
import { canonicalStrategy } from "../../src/policy/compile.ts";
import { parseStrategy } from "../../src/policy/parse.ts";
import type { Strategy } from "../../src/policy/strategy.ts";
import { arbitraryStrategy } from "../support/arbitrary-strategy.ts";
import { repositoryRoot } from "../support/documents.ts";
import { changed } from "../support/strategy-document.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tidemark-yaml-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

async function writtenAndRead(strategy: Strategy): Promise<Strategy> {
  const file = join(folder, "strategy.yaml");
  writeFileSync(file, strategyYaml(strategy));
  const read = await readStrategyFile(file);
  if (read.strategy === null) throw new Error(read.problems[0]!.message.en);
  return read.strategy;
}

test.each(["strategies/consumer-cn", "examples/uci-taiwan"])("%s", async (path) => {
  const { strategy } = await readStrategyFile(join(repositoryRoot, path, "strategy.yaml"));
  const again = await writtenAndRead(strategy!);
  expect(canonicalStrategy(again)).toBe(canonicalStrategy(strategy!));
  expect(strategyYaml(again)).toBe(strategyYaml(strategy!));
  expect(Object.keys(again).slice(0, 3)).toEqual(["id", "version", "label"]);
});

test("random strategies", async () => {
  let tried = 0;
  for (let seed = 1; seed <= 100; seed += 1) {
    const { strategy } = parseStrategy(arbitraryStrategy(seed));
    if (strategy === null) continue;
    tried += 1;
    const again = await writtenAndRead(strategy);
    expect(canonicalStrategy(again), `seed ${seed}`).toBe(canonicalStrategy(strategy));
  }
  expect(tried).toBeGreaterThan(50);
});

test.each([
  "true",
  "null",
  "0x10",
  "1e3",
  "2026-01-01",
  "- a",
  "# no comment",
  "a: b",
  "'\"",
  "&a *a !b",
  "line\nbreak  ",
  " 全角　：“，”",
  "~",
  "%TAG",
])("the text %j stays a text", async (text) => {
  const label = { en: text, zh: text };
  const { strategy, problems } = parseStrategy(changed("/tables/0/rows/0/note", label));
  if (strategy === null) throw new Error(problems[0]!.message.en);
  const again = await writtenAndRead(strategy);
  expect(canonicalStrategy(again)).toBe(canonicalStrategy(strategy));
});
