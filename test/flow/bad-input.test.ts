// Bad input, one row per rule: each is refused with a message that names file, line, field, what was found and
// what was expected, in both languages, and leaves nothing behind.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { openLines } from "../../src/adapters/files/open-lines.ts";
import { readMappingFile } from "../../src/adapters/files/mapping-file.ts";
import { readStrategyFile } from "../../src/adapters/files/strategy-file.ts";
import { memoryStore } from "../../src/adapters/memory/store.ts";
import type { Actor } from "../../src/domain/actor.ts";
import { importLines } from "../../src/portfolio/import-lines.ts";
import { parseMapping } from "../../src/portfolio/parse-mapping.ts";
import { importWorld, keepRejects, operator } from "../support/import-world.ts";

const folder = mkdtempSync(join(tmpdir(), "tidemark-bad-input-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const root = fileURLToPath(new URL("../..", import.meta.url));
const strategyText = readFileSync(join(root, "strategies/consumer-cn/strategy.yaml"), "utf8");
const han = /\p{Script=Han}/u;

describe("a strategy is refused with", () => {
  test.each<[string, string, string, RegExp]>([
    ["an unknown field", "limitRule:\n", "limitRule:\n  bonus: 1\n", /bonus/],
    ["a type mismatch", '{ when: "< 0.50", points: 20 }', '{ when: "true", points: 20 }', /true/],
    [
      "overlapping scorecard bins",
      '{ when: "[0.50..0.80)", points: 12 }',
      '{ when: "[0.40..0.80)", points: 12 }',
      /0\.40?/,
    ],
    [
      "a limit rule that could raise a limit",
      "    - { id: freeze, label",
      '    - { id: gift, label: { zh: 定额, en: Fixed }, action: decrease, target: { method: to-amount, amount: "9000000.00" } }\n    - { id: freeze, label',
      /gift|method|amount/,
    ],
  ])("%s", async (_name, from, to, names) => {
    expect(strategyText).toContain(from);
    const file = join(folder, "strategy.yaml");
    writeFileSync(file, strategyText.replace(from, to));
    const read = await readStrategyFile(file);
    expect(read.strategy).toBeNull();
    const [problem] = read.problems;
    expect(problem!.message.en).toMatch(/strategy\.yaml:\d+:\d+: /);
    expect(problem!.message.en).toMatch(/found .*expected /s);
    expect(problem!.message.en).toMatch(names);
    expect(problem!.message.zh).toMatch(han);
  });
});

const header = readFileSync(join(root, "examples/demo/lines.csv"), "utf8").split("\n", 3);

async function load(text: string, actor: Actor = operator) {
  const read = await readMappingFile(join(root, "examples/demo/mapping.yaml"), parseMapping);
  if (!("mapping" in read)) throw new Error("The demo mapping is broken");
  const path = join(folder, "lines.csv");
  writeFileSync(path, text);
  const store = memoryStore();
  const world = importWorld(store);
  const rejects = keepRejects();
  const file = await openLines(path, { format: read.mapping.format });
  const options = { actor, importId: world.ids.fresh(), dryRun: false, rejects };
  const outcome = await importLines(world, file, read.mapping, options);
  const { rows } = await store.reads.lines({ after: null, limit: 10 }, {});
  return { outcome, rejected: rejects.problems, stored: rows.length };
}

/** The first row of the demo file with one cell changed. */
function rowWith(column: string, value: string): string {
  const columns = header[0]!.split(",");
  const cells = header[1]!.split(",");
  const index = columns.indexOf(column);
  expect(index, column).toBeGreaterThanOrEqual(0);
  return `${header[0]!}\n${cells.map((cell, at) => (at === index ? value : cell)).join(",")}\n`;
}

describe("a file of lines", () => {
  test("is what it is without a fault", async () => {
    const { rejected, stored } = await load(`${header[0]!}\n${header[1]!}\n`);
    expect(rejected).toEqual([]);
    expect(stored).toBe(1);
  });

  test("is refused whole when columns are missing, and nothing loads", async () => {
    const cut = (line: string): string => line.split(",").slice(1).join(",");
    const { outcome, stored } = await load(`${cut(header[0]!)}\n${cut(header[1]!)}\n`);
    expect(outcome).toMatchObject({ problems: expect.any(Array) });
    expect(JSON.stringify(outcome)).toContain(header[0]!.split(",")[0]!);
    expect(JSON.stringify(outcome)).toMatch(han);
    expect(stored).toBe(0);
  });

  test("is refused for an actor without the right, and nothing loads", async () => {
    const auditor: Actor = { id: "aud", roles: ["auditor"], scope: { kind: "all" } };
    const { outcome, stored } = await load(`${header[0]!}\n${header[1]!}\n`, auditor);
    expect(JSON.stringify(outcome)).toMatch(/forbidden/);
    expect(stored).toBe(0);
  });
});

describe("a row is refused, by line and column, with", () => {
  test("a broken number", async () => {
    const { rejected, stored } = await load(rowWith("LIMIT", "12x4"));
    expect(rejected[0]).toMatchObject({ line: 2, column: "LIMIT", found: "12x4" });
    expect(rejected[0]!.expected.en).not.toBe("");
    expect(rejected[0]!.expected.zh).toMatch(han);
    expect(stored).toBe(0);
  });

  test("a duplicate id", async () => {
    const { rejected, stored } = await load(`${header[0]!}\n${header[1]!}\n${header[1]!}\n`);
    expect(rejected[0]).toMatchObject({ line: 3, reason: "duplicate-line" });
    expect(rejected[0]!.expected.en).toContain("line 2");
    expect(stored).toBe(1);
  });

  test("a future date", async () => {
    const { rejected, stored } = await load(rowWith("OPENED", "2031-01-31"));
    expect(rejected[0]).toMatchObject({ line: 2, found: "2031-01-31" });
    expect(rejected[0]!.reason).toMatch(/future/);
    expect(stored).toBe(0);
  });
});
