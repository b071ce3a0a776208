// The explanation tells the real run: facts, points, rows hit and why earlier rows were not, arithmetic.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arbitraryFacts } from "../../test/support/arbitrary-facts.ts";
import {
  asOf,
  changed,
  compiled,
  factsWith,
  strategyDocument,
} from "../../test/support/strategy-document.ts";
import { canonicalJson } from "../domain/canonical-json.ts";
import { evaluate } from "./evaluate.ts";
import { explain, type Explanation } from "./explain.ts";
import { explanationText } from "./explanation-text.ts";

const strategy = compiled();
const cut = explain(
  strategy,
  factsWith({ use: 9_500, late: 5, region: "north", drawn: 512_345 }),
  asOf,
) as Explanation;

describe("an explanation", () => {
  test("says why the rows before the hit did not hold", () => {
    const [treatment] = cut.tables;
    expect(treatment?.hit.map((row) => row.id)).toEqual(["R4"]);
    expect(
      treatment?.missed.map(({ id, because }) => [
        id,
        because.name,
        because.cell,
        because.value.en,
      ]),
    ).toEqual([
      ["R1", "breach", "true", "no"],
      ["R2", "late", ">= 61", "5"],
      ["R3", "late", "[31..60]", "5"],
    ]);
  });

  test("shows the rows as they stand in their table, and the column that failed", () => {
    const [treatment] = cut.tables;
    expect(treatment?.rowCount).toBe(4);
    expect(treatment?.hit).toMatchObject([
      { id: "R4", position: 4, cells: ["-", "-", '"C"'], outputs: [{ en: "cut" }] },
    ]);
    expect(
      treatment?.missed.map(({ position, cells, column }) => [position, cells, column]),
    ).toEqual([
      [1, ["-", "true", "-"], 1],
      [2, [">= 61", "-", "-"], 0],
      [3, ["[31..60]", "-", "-"], 0],
    ]);
  });

  test("tells of no more than the three nearest rows", () => {
    const rows = Array.from({ length: 5 }, (_, at) => ({
      id: `X${at}`,
      note: { zh: "多余", en: "more" },
      when: [`>= ${100 + at}`, "-", "-"],
      then: ['"freeze"'],
      reasons: [{ code: "R01", facts: ["late"] }],
    }));
    const document = strategyDocument();
    const [table] = document["tables"] as { rows: unknown[] }[];
    table!.rows.unshift(...rows);
    const long = explain(
      compiled(document),
      factsWith({ use: 9_500, late: 31 }),
      asOf,
    ) as Explanation;
    expect(long.tables[0]?.hit.map((row) => row.id)).toEqual(["R3"]);
    expect(long.tables[0]?.missed.map((row) => row.position)).toEqual([5, 6, 7]);
    expect(explanationText(long, "en")).toContain("\n  … (4)\n  X4 not hit: more");
  });

  test("shows points per characteristic and what was lost", () => {
    expect(
      cut.scores[0]?.characteristics.map(({ id, cell, points, lost }) => [id, cell, points, lost]),
    ).toEqual([
      ["use", ">= 0.9", 0, 30],
      ["late", "otherwise", 10, 30],
    ]);
    expect(cut.scores[0]?.score).toBe(20);
    expect(cut.grade).toMatchObject({ grade: "C", cell: "< 30", pdBp: 2_000 });
    expect(cut.segment.map((node) => node.id)).toEqual(["far"]);
  });

  test("gives the limit arithmetic step by step, each rounding with its mode", () => {
    expect(
      cut.arithmetic.map(({ kind, id, beforeMinor, afterMinor, operand, rounding }) => [
        kind,
        id,
        beforeMinor,
        afterMinor,
        operand,
        rounding,
      ]),
    ).toEqual([
      ["cut-by-rate", "cut", 1_000_000, 500_000, 5_000, "down"],
      ["floor", "tenth", 500_000, 500_000, 100_000, "down"],
      ["round", null, 500_000, 500_000, 10_000, "down"],
      ["cap", "present", 500_000, 500_000, 1_000_000, null],
      ["guard-floor", "never-below-drawn", 500_000, 512_345, 512_345, "up"],
      ["guard-round", null, 512_345, 520_000, 10_000, "up"],
    ]);
    expect(cut.guards.filter((guard) => guard.bound).map((guard) => guard.id)).toEqual([
      "never-below-drawn",
    ]);
    expect(cut.treatment?.id).toBe("cut");
  });

  test("tells a stop by a guard", () => {
    const stopped = explain(
      strategy,
      factsWith({ use: 9_500, late: 5, daysSinceDecrease: 60 }),
      asOf,
    ) as Explanation;
    expect(stopped.arithmetic.at(-1)).toMatchObject({
      kind: "guard-stop",
      id: "cool",
      afterMinor: 1_000_000,
      operand: 90,
    });
    expect(stopped.assessment.outcome).toEqual({ action: "none" });
  });

  test("tells which rule excluded a line, with its value", () => {
    const left = explain(strategy, factsWith({ daysSinceDecrease: 3 }), asOf) as Explanation;
    expect(left.rules.filter((rule) => rule.excludes)).toMatchObject([
      {
        id: "recent",
        kind: "exclusion",
        tests: [{ name: "daysSinceDecrease", cell: "< 30", holds: true, value: { en: "3" } }],
      },
    ]);
    expect(left.tables).toEqual([]);
  });

  test("refuses what cannot be evaluated, in the same way", () => {
    expect(explain(strategy, factsWith({ late: null }), asOf)).toEqual({
      missing: ["late"],
      invalid: [],
    });
  });

  test("carries the assessment of evaluate, byte for byte, on any line", () => {
    fc.assert(
      fc.property(arbitraryFacts(strategy), (facts) => {
        const { assessment } = explain(strategy, facts, asOf) as Explanation;
        expect(canonicalJson(assessment)).toBe(canonicalJson(evaluate(strategy, facts, asOf)));
      }),
      { numRuns: 300 },
    );
  });

  test("reads in English", () => {
    expect(explanationText(cut, "en").split("\n").slice(0, 12)).toEqual([
      `Strategy: Small strategy (small v3, ${strategy.ref.hash.slice(0, 12)})`,
      "As of: 2026-11-20",
      "Outcome: Limit decrease 10,000.00 CNY → 5,200.00 CNY",
      "Route: review by one person – Big cuts",
      "",
      "Principal reasons:",
      "  1. R10 Proportion of balances to credit limits is too high",
      "     Use: 0.9500",
      "     at neutral values the outcome would be: No action [rate/S2]",
      "  2. R06 Temporary or irregular employment",
      "     Region: north",
      "     at neutral values the outcome would be: Limit decrease 10,000.00 CNY → 6,000.00 CNY [rate/S3]",
    ]);
    expect(explanationText(cut, "en")).toContain(
      "Cut: 10,000.00 CNY × (1 − 50.00 %) = 5,000.00 CNY (rounded down)",
    );
    expect(explanationText(cut, "en")).toContain(
      "R2 not hit: Very late freezes – because Days late 5 does not satisfy >= 61",
    );
    expect(explanationText(cut, "en")).toContain(
      "Decision table Treatment [treatment, F]:\n  Days late 5; Breach no; Risk grade Poor\n  R1 not hit",
    );
  });

  test("says the way back in both languages, and where there is none", () => {
    const actionable = {
      ...{ how: { zh: "还清逾期", en: "Pay what is late" }, direction: "down" },
      ...{ step: "10", cost: 2, days: 30 },
    };
    const using = compiled(changed("/facts/5/actionable", actionable));
    const very = explain(using, factsWith({ late: 75, drawn: 800_000 }), asOf) as Explanation;
    expect(explanationText(very, "en")).toContain(
      [
        "Way back:",
        "  what the same strategy says with everything else as it was",
        "  least costly to something better: Limit decrease 10,000.00 CNY → 8,800.00 CNY (cost 4, at the earliest on 2026-12-20)",
        "    Pay what is late: Days late 75 → 55",
        "  least costly to no action: No action (cost 10, at the earliest on 2026-12-20)",
        "    Pay what is late: Days late 75 → 25",
        "",
      ].join("\n"),
    );
    expect(explanationText(very, "zh")).toContain(
      [
        "改善途径：",
        "  以下为假设其他情况不变时，按同一策略重新计算的结果",
        "  最省力的改善：降额 10,000.00 CNY → 8,800.00 CNY (代价 4, 最早 2026-12-20)",
        "    还清逾期：Days late（中文） 75 → 55",
        "  最省力地避免处置：不处置 (代价 10, 最早 2026-12-20)",
      ].join("\n"),
    );
    expect(explanationText(cut, "en")).toContain("Way back:\n  none that the customer can go\n");
    const well = explain(using, factsWith(), asOf) as Explanation;
    expect(explanationText(well, "en")).not.toContain("Way back");
  });

  test("reads in Chinese, with labels, headings and unknown values", () => {
    const chinese = explanationText(
      explain(strategy, factsWith({ use: null, late: 61 }), asOf) as Explanation,
      "zh",
    );
    expect(chinese).toContain("结果：冻结 (10,000.00 CNY)");
    expect(chinese).toContain("1. R01 在本机构的还款记录不佳");
    expect(chinese).toContain("Use（中文）：未知（No limit（中文））");
  });
});
