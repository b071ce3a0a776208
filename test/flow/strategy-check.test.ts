// The check on strategies that people wrote: those that ship are proved, and a published table with a gap is found out.

import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readStrategyFile } from "../../src/adapters/files/strategy-file.ts";
import { checkStrategy } from "../../src/policy/check/check-strategy.ts";
import { compileStrategy, type CompiledStrategy } from "../../src/policy/compile.ts";
import { evaluate, isUnevaluable } from "../../src/policy/evaluate.ts";
import { tryLaws, type Verdicts } from "../support/law-trial.ts";
import {
  asOf,
  compiled,
  factsWith,
  sha256,
  strategyDocument,
} from "../support/strategy-document.ts";

async function shipped(folder: string): Promise<CompiledStrategy> {
  const path = fileURLToPath(new URL(`../../${folder}/strategy.yaml`, import.meta.url));
  const { strategy, problems } = await readStrategyFile(path);
  if (strategy === null) throw new Error(JSON.stringify(problems));
  return compileStrategy(strategy, sha256);
}

const directions = {
  "strategies/consumer-cn": [
    ...["behaviourScore", "scoreChange90Days", "daysPastDue", "utilisation"],
    ...["utilisation12mAverage", "multiLenderCount3m", "overdueOthers", "incomeChange"],
    "repaymentRatio3m",
  ],
  "examples/uci-taiwan": ["daysPastDue", "utilisation"],
} as const;

describe("the strategies that ship", () => {
  test.for(Object.keys(directions) as (keyof typeof directions)[])(
    "%s keeps every law, and random lines agree",
    { timeout: 60_000 },
    async (folder) => {
      const verdicts: Verdicts = {};
      const report = tryLaws(await shipped(folder), 7, 1_000, verdicts);
      expect(report.laws.map(({ verdict }) => verdict)).toEqual(
        report.laws.map(() => "proved" as const),
      );
      const facts = report.laws.flatMap(({ fact }) => (fact === null ? [] : [fact]));
      expect(new Set(facts)).toEqual(new Set(directions[folder]));
      expect(report.findings.filter(({ severity }) => severity !== "note")).toEqual([]);
      expect(report.steps).toBeLessThan(1_000_000);
    },
  );
});

// The utilisation table of the "credit limit adjustment" template of GoRules (MIT), cell by cell. Both columns are in
// percent there and ratios here.
const published = [
  ["low", "< 0.30", "< 0.50"],
  ["moderate", "[0.30..0.50)", "[0.50..0.70)"],
  ["high", "[0.50..0.70)", "[0.70..0.85)"],
  ["very-high", "[0.70..0.85)", "[0.85..0.95)"],
  ["excessive", "-", "-"],
] as const;

describe("a published table", () => {
  function publishedStrategy(): CompiledStrategy {
    const document = strategyDocument();
    const text = (en: string) => ({ zh: `${en}（中文）`, en });
    const facts = document["facts"] as Record<string, unknown>[];
    facts.push({ ...facts.find((fact) => fact["name"] === "use")!, name: "useAverage" });
    (document["tables"] as unknown[]).push({
      ...{ id: "rating", label: text("Utilisation rating"), hitPolicy: "F" },
      inputs: ["use", "useAverage"],
      outputs: [
        {
          ...{ name: "rating", label: text("Rating"), type: "enum" },
          values: published.map(([value]) => ({ value, label: text(value) })),
        },
      ],
      rows: published.map(([rating, ...when]) => {
        return { id: rating, note: text(rating), when, then: [`"${rating}"`] };
      }),
    });
    return compiled(document);
  }

  test("has a gap: 55 % now with an average of 40 % falls through to excessive", () => {
    const strategy = publishedStrategy();
    const reported = evaluate(strategy, factsWith({ use: 5_500, useAverage: 4_000 }), asOf);
    if (isUnevaluable(reported)) throw new Error("Cannot evaluate");
    expect(reported.rowsHit["rating"]).toEqual(["excessive"]);
    const gaps = checkStrategy(strategy).findings.filter(({ kind }) => kind === "gap");
    const same = gaps.find(({ example }) => {
      const [use, average] = [example!.facts["use"], example!.facts["useAverage"]].map(Number);
      return use! >= 5_000 && use! < 7_000 && average! < 5_000;
    });
    expect(same?.at).toMatchObject({ table: "rating" });
    expect(same?.text.en).toContain('row "excessive"');
    expect(gaps).toHaveLength(12);
  });
});
