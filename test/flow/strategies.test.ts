// The strategies that ship: valid by language and by published schema, faithful to their golden cases, with
// provable reasons, and blind to protected facts.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { schemaPath, schemaText } from "../../scripts/strategy-schema.ts";
import { readStrategyFile, readYamlFile } from "../../src/adapters/files/strategy-file.ts";
import { canonicalJson } from "../../src/domain/canonical-json.ts";
import { compileStrategy, type CompiledStrategy } from "../../src/policy/compile.ts";
import { evaluate } from "../../src/policy/evaluate.ts";
import { parseGoldenCases, runGoldenCases } from "../../src/policy/golden.ts";
import { wayBack } from "../../src/policy/way-back.ts";
import { strategySchema } from "../../src/policy/strategy-shape.ts";
import { arbitraryFacts } from "../support/arbitrary-facts.ts";
import { checkReasons, type ReasonCounts } from "../support/proved-reasons.ts";
import { asOf, changed, sha256, strategyDocument } from "../support/strategy-document.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folders = ["strategies/consumer-cn", "examples/uci-taiwan"] as const;

async function load(folder: string): Promise<CompiledStrategy> {
  const { strategy, problems } = await readStrategyFile(`${root}${folder}/strategy.yaml`);
  if (strategy === null) throw new Error(problems.map((problem) => problem.message.en).join("\n"));
  return compileStrategy(strategy, sha256);
}

async function readPlain(path: string): Promise<unknown> {
  const file = await readYamlFile(path);
  if ("problems" in file)
    throw new Error(file.problems.map((problem) => problem.message.en).join("\n"));
  return file.value;
}

const validate = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(
  strategySchema,
);

describe.each(folders)("%s", (folder) => {
  test("fits the published schema", async () => {
    const valid = validate(await readPlain(`${root}${folder}/strategy.yaml`));
    expect(validate.errors ?? []).toEqual([]);
    expect(valid).toBe(true);
  });

  test("says what its golden cases say", async () => {
    const compiled = await load(folder);
    const ready = parseGoldenCases(await readPlain(`${root}${folder}/golden.yaml`), compiled);
    if ("problems" in ready) throw new Error(JSON.stringify(ready.problems));
    expect(ready.cases.length).toBeGreaterThanOrEqual(
      folder === "strategies/consumer-cn" ? 25 : 10,
    );
    expect(runGoldenCases(compiled, ready)).toEqual([]);
  });

  test(
    "every row that its tables have can be hit, and golden cases reach each action",
    { timeout: 60_000 },
    async () => {
      const compiled = await load(folder);
      const hit = new Set<string>();
      const actions = new Set<string>();
      const ready = parseGoldenCases(await readPlain(`${root}${folder}/golden.yaml`), compiled);
      if ("problems" in ready) throw new Error(JSON.stringify(ready.problems));
      for (const one of ready.cases) {
        const result = evaluate(compiled, one.facts, ready.asOf);
        if (!("outcome" in result)) throw new Error(one.id);
        actions.add(result.outcome.action);
        for (const [table, rows] of Object.entries(result.rowsHit))
          for (const row of rows) hit.add(`${table}/${row}`);
      }
      for (let seed = 1; seed <= 2; seed++) {
        for (const facts of fc.sample(
          arbitraryFacts(compiled, {
            lineStatus: "active",
            hardship: null,
            openDispute: null,
            disasterArea: null,
            daysSinceDecrease: null,
          }),
          { numRuns: 3_000, seed },
        )) {
          const result = evaluate(compiled, facts, asOf);
          if ("outcome" in result)
            for (const [table, rows] of Object.entries(result.rowsHit))
              for (const row of rows) hit.add(`${table}/${row}`);
        }
      }
      const all = compiled.program.tables.flatMap((table) =>
        table.rows.map((row) => `${table.id}/${row.id}`),
      );
      expect(all.filter((row) => !hit.has(row))).toEqual([]);
      expect(
        [...compiled.program.limit.treatments.map((treatment) => treatment.action)].filter(
          (action) => !actions.has(action),
        ),
      ).toEqual([]);
    },
  );

  test("finds every way back within its bound, from what is declared alone", async () => {
    const compiled = await load(folder);
    const declared = compiled.document.facts.filter((fact) => fact.actionable !== undefined);
    const names = new Set(declared.map(({ name }) => name));
    expect(declared.every(({ sensitivity }) => sensitivity !== "personal")).toBe(true);
    const active = { lineStatus: "active", daysSinceDecrease: null, hardship: null } as const;
    let found = 0;
    for (const facts of fc.sample(arbitraryFacts(compiled, active), { numRuns: 300, seed: 1 })) {
      const way = wayBack(compiled, facts, asOf);
      if ("missing" in way) throw new Error(JSON.stringify(way));
      expect(way.exhaustive).toBe(true);
      if (way.better === null) continue;
      found += 1;
      expect(way.better.changes.filter(({ name }) => !names.has(name))).toEqual([]);
      const then = evaluate(compiled, { ...facts, ...way.better.facts }, asOf);
      expect(then).toMatchObject({ outcome: way.better.outcome });
    }
    expect(found).toBeGreaterThan(10);
  });

  test("each reason holds when its facts are perturbed", { timeout: 60_000 }, async () => {
    const compiled = await load(folder);
    const counts: ReasonCounts = { reasons: 0, points: 0, besides: 0, together: 0, unproved: 0 };
    const active = {
      lineStatus: "active",
      limit: 5_000_000,
      drawn: 2_000_000,
      pending: 0,
      daysSinceDecrease: null,
      decreasedLast12Months: 0,
      hardship: null,
      openDispute: null,
      disasterArea: null,
    };
    const lines = fc.oneof(
      arbitraryFacts(compiled, active),
      arbitraryFacts(compiled, { ...active, daysPastDue: 0, purposeBreach: null, drawn: 500_000 }),
      arbitraryFacts(compiled),
    );
    fc.assert(
      fc.property(lines, (facts) => checkReasons(compiled, facts, counts)),
      { numRuns: 2_000 },
    );
    expect(counts.reasons).toBeGreaterThan(300);
    expect(counts.points).toBeGreaterThan(100);
    expect(counts.unproved).toBe(0);
  });

  test("reads no protected fact and keeps none", async () => {
    const compiled = await load(folder);
    const declared = compiled.document.facts
      .filter((fact) => fact.sensitivity === "protected")
      .map((fact) => fact.name);
    expect(
      compiled.program.facts.map((fact) => fact.name).filter((name) => declared.includes(name)),
    ).toEqual([]);
    const protectedValues = fc.record(
      Object.fromEntries(
        declared.map((name) => [name, fc.constantFrom("male", "female", "single", 25, 60, null)]),
      ),
    );
    fc.assert(
      fc.property(arbitraryFacts(compiled), protectedValues, (facts, added) => {
        expect(canonicalJson(evaluate(compiled, { ...facts, ...added }, asOf))).toBe(
          canonicalJson(evaluate(compiled, facts, asOf)),
        );
      }),
      { numRuns: 200 },
    );
  });
});

describe("the published schema", () => {
  test("is current in docs/reference", () => {
    expect(readFileSync(schemaPath, "utf8")).toBe(schemaText());
  });

  test("refuses what the reader refuses by shape", () => {
    expect(validate(strategyDocument())).toBe(true);
    expect(validate(changed("/surplus", 1))).toBe(false);
    expect(validate(changed("/tables/0/rows/0/when/1", true))).toBe(false);
    expect(validate(changed("/label", { en: "only" }))).toBe(false);
    expect(validate(changed("/guards/0/rateBp", 1))).toBe(false);
    expect(validate(changed("/segmentation/0/children", []))).toBe(false);
  });
});
