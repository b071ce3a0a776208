// The mappings that come with Tidemark: they fit the strategies beside them, the small demo file
// gives the strategy something of everything, and the real data add up.

import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { openLines } from "../../src/adapters/files/open-lines.ts";
import { readMappingFile } from "../../src/adapters/files/mapping-file.ts";
import { readStrategyFile } from "../../src/adapters/files/strategy-file.ts";
import { memoryStore } from "../../src/adapters/memory/store.ts";
import type { BusinessDate } from "../../src/domain/calendar.ts";
import { assess } from "../../src/flow/evaluate.ts";
import { compileStrategy } from "../../src/policy/compile.ts";
import { isUnevaluable } from "../../src/policy/evaluate.ts";
import type { Strategy } from "../../src/policy/strategy.ts";
import { importLines, type ImportSummary } from "../../src/portfolio/import-lines.ts";
import type { Mapping } from "../../src/portfolio/mapping.ts";
import { parseMapping } from "../../src/portfolio/parse-mapping.ts";
import { importWorld, keepRejects, operator } from "../support/import-world.ts";
import { hasShared, sharedPath } from "../support/shared-data.ts";

const pathOf = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

async function mappingOf(path: string): Promise<Mapping> {
  const read = await readMappingFile(pathOf(path), parseMapping);
  if ("mapping" in read) return read.mapping;
  throw new Error(read.problems.map((problem) => problem.en).join("\n"));
}

async function strategyOf(path: string): Promise<Strategy> {
  const read = await readStrategyFile(pathOf(path));
  if (read.strategy !== null) return read.strategy;
  throw new Error(read.problems.map((problem) => problem.message.en).join("\n"));
}

async function importAll(store: ReturnType<typeof memoryStore>, path: string, mapping: Mapping) {
  const world = importWorld(store);
  const rejects = keepRejects();
  const file = await openLines(path, { format: mapping.format });
  const options = { actor: operator, importId: world.ids.fresh(), dryRun: false, rejects };
  const outcome = await importLines(world, file, mapping, options);
  if (!("summary" in outcome)) throw new Error(JSON.stringify(outcome.problems));
  expect(rejects.problems).toEqual([]);
  return outcome.summary;
}

describe.each([
  ["examples/demo/mapping.yaml", "strategies/consumer-cn/strategy.yaml"],
  ["examples/uci-taiwan/mapping.yaml", "examples/uci-taiwan/strategy.yaml"],
])("%s", (mappingPath, strategyPath) => {
  test("makes every fact that the strategy reads, in its type, scale, range and values", async () => {
    const mapping = await mappingOf(mappingPath);
    const strategy = await strategyOf(strategyPath);
    expect(mapping.currency).toEqual({ fixed: strategy.currency });
    expect(mapping.product).toEqual({ fixed: strategy.product });
    expect(mapping.jurisdiction).toEqual({ fixed: strategy.jurisdiction });
    const made = new Map(mapping.facts.map(({ declaration }) => [declaration.name, declaration]));
    const read = strategy.facts.filter(
      ({ source, readBy }) => source !== "line" && readBy === undefined,
    );
    expect(read.length).toBeGreaterThan(10);
    for (const fact of read) {
      const own = made.get(fact.name);
      expect(own, fact.name).toMatchObject({ type: fact.type });
      expect([fact.name, own?.scale ?? 0, own?.unit]).toEqual([
        fact.name,
        fact.scale ?? 0,
        fact.unit,
      ]);
      expect([fact.name, own?.sensitivity]).toEqual([fact.name, fact.sensitivity]);
      const lowest = Number(own?.minimum ?? -Infinity);
      const highest = Number(own?.maximum ?? Infinity);
      expect(lowest, fact.name).toBeGreaterThanOrEqual(Number(fact.minimum ?? -Infinity));
      expect(highest, fact.name).toBeLessThanOrEqual(Number(fact.maximum ?? Infinity));
      const values = fact.values?.map(({ value }) => value) ?? [];
      for (const { value } of own?.values ?? []) expect(values, fact.name).toContain(value);
      if (fact.missing === "refuse")
        expect([fact.name, own?.missing]).toEqual([fact.name, "refuse"]);
    }
  });
});

describe("the small demo file", () => {
  test("loads whole, and gives the strategy something of everything", async () => {
    const store = memoryStore();
    const mapping = await mappingOf("examples/demo/mapping.yaml");
    const summary = await importAll(store, pathOf("examples/demo/lines.csv"), mapping);
    expect(summary).toMatchObject({ rows: 300, accepted: 300, rejected: 0, added: 300 });
    const found = await assessAll(store, "2025-06-30" as BusinessDate);
    expect(found["unevaluable"]).toBeUndefined();
    expect(found["decrease"]).toBeGreaterThan(30);
    expect(found["freeze"]).toBeGreaterThan(5);
    expect(found["close"]).toBeGreaterThan(5);
    expect(found["none"]).toBeGreaterThan(150);
    for (const route of ["straight-through", "review", "four-eyes", "legal"]) {
      expect(found[`route ${route}`], route).toBeGreaterThan(0);
    }
    for (const exclusion of ["hardship", "open-dispute", "disaster-area", "line-is-active"]) {
      expect(found[`excluded ${exclusion}`], exclusion).toBeGreaterThan(0);
    }
  });

  test("holds nobody's data", async () => {
    const { format } = await mappingOf("examples/demo/mapping.yaml");
    const file = await openLines(pathOf("examples/demo/lines.csv"), { format });
    for await (const portion of file.read()) {
      for (const { cells } of portion) {
        const [customer, line, name, phone, email, address, document] = cells;
        expect(customer).toMatch(/^DC\d{5}$/);
        expect(line).toMatch(/^DEMO-\d{4}$/);
        expect(name).toMatch(/^(?:演示|Demo )/);
        // No mobile network in China uses numbers that begin with 100.
        expect(phone).toMatch(/^\+86 100 0000 \d{4}$/);
        expect(email).toMatch(/@example\.invalid$/);
        expect(address).toMatch(/^演示市样例路|Sample Road, Demo City$/);
        expect(document).toMatch(/^DEMO\d{12}$/);
      }
    }
  });
});

/** Counts of outcomes, of routes where something is done, and of exclusions. */
async function assessAll(
  store: ReturnType<typeof memoryStore>,
  asOf: BusinessDate,
): Promise<Readonly<Record<string, number>>> {
  const strategy = compileStrategy(
    await strategyOf("strategies/consumer-cn/strategy.yaml"),
    (bytes) => createHash("sha256").update(bytes).digest("hex"),
  );
  const counts: Record<string, number> = {};
  const count = (name: string): void => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  const { rows } = await store.reads.lines({ after: null, limit: 1_000 }, {});
  for (const line of rows) {
    const facts = await store.reads.facts(line.id, asOf, "2099-01-01T00:00:00.000Z" as never);
    const assessed = assess(strategy, line, facts?.facts ?? {}, 0, asOf);
    if (isUnevaluable(assessed)) {
      count("unevaluable");
      continue;
    }
    count(assessed.outcome.action);
    if (assessed.outcome.action !== "none") count(`route ${assessed.route}`);
    for (const exclusion of assessed.excludedBy) count(`excluded ${exclusion}`);
  }
  return counts;
}

const cards = "data/uci_taiwan/default_of_credit_card_clients.csv";

test.skipIf(!hasShared(cards))(
  "all 30,000 lines of the Taiwanese data load, twice without a change",
  async () => {
    const store = memoryStore();
    const mapping = await mappingOf("examples/uci-taiwan/mapping.yaml");
    const expected: Partial<ImportSummary> = {
      rows: 30_000,
      accepted: 30_000,
      rejected: 0,
      limitMinorByCurrency: { TWD: 502_452_968_000 },
    };
    expect(await importAll(store, sharedPath(cards), mapping)).toMatchObject({
      ...expected,
      added: 30_000,
    });
    expect(await importAll(store, sharedPath(cards), mapping)).toMatchObject({
      ...expected,
      added: 0,
      changed: 0,
      unchanged: 30_000,
    });
  },
  120_000,
);
