// The interpreter's nodes: hit policies, scorecards, grades and segments.

import { describe, expect, test } from "vitest";
import {
  asOf,
  changed,
  compiled,
  factsWith,
  strategyDocument,
} from "../../test/support/strategy-document.ts";
import type { Assessment } from "../domain/assessment.ts";
import type { FactValues } from "../domain/facts.ts";
import { evaluate } from "./evaluate.ts";
import { explain, type Explanation } from "./explain.ts";
import type { HitPolicy } from "./strategy.ts";

const text = (en: string) => ({ zh: "文", en });

/** The document with a table of three overlapping rows over `late`, under any hit policy, before the others. */
function withProbe(
  hitPolicy: HitPolicy,
  options: { outputs?: string[]; default?: string[]; when?: string[] } = {},
): ReturnType<typeof strategyDocument> {
  const [first = ">= 10", second = ">= 20", third = "[10..50]"] = options.when ?? [];
  const outputs = options.outputs ?? ['"b"', '"a"', '"c"'];
  const numeric = hitPolicy === "C#" || !outputs[0]!.startsWith('"');
  const output = numeric
    ? {
        name: "out",
        label: text("Out"),
        type: "number",
        scale: hitPolicy === "C#" ? 0 : 1,
        minimum: "-100",
        maximum: "100",
      }
    : {
        name: "out",
        label: text("Out"),
        type: "enum",
        values: ["a", "b", "c"].map((value) => ({ value, label: text(value) })),
      };
  const probe = {
    id: "probe",
    label: text("Probe"),
    hitPolicy,
    inputs: ["late"],
    outputs: [output],
    rows: [
      { id: "P1", note: text("first"), when: [first], then: [outputs[0]] },
      { id: "P2", note: text("second"), when: [second], then: [outputs[1]] },
      { id: "P3", note: text("third"), when: [third], then: [outputs[2]] },
    ],
    ...(options.default === undefined ? {} : { default: options.default }),
  };
  const document = strategyDocument();
  (document["tables"] as unknown[]).unshift(probe);
  return document;
}

/** Rows hit and the output as explained. */
function probe(
  document: ReturnType<typeof strategyDocument>,
  late: number,
): [readonly string[], string] {
  const strategy = compiled(document);
  const facts = factsWith({ late });
  const { rowsHit } = evaluate(strategy, facts, asOf) as Assessment;
  const table = (explain(strategy, facts, asOf) as Explanation).tables[0]!;
  return [rowsHit["probe"]!, table.outputs[0]!.value.en];
}

describe("hit policies", () => {
  test.each<[HitPolicy, number, readonly string[], string]>([
    ["F", 30, ["P1"], "b"],
    ["F", 5, [], "unknown"],
    ["P", 30, ["P2"], "a"],
    ["P", 15, ["P1"], "b"],
    ["R", 30, ["P1", "P2", "P3"], "unknown"],
    ["O", 30, ["P2", "P1", "P3"], "unknown"],
    ["C", 15, ["P1", "P3"], "unknown"],
  ])("%s at %i days", (policy, late, rows, output) => {
    expect(probe(withProbe(policy), late)).toEqual([rows, output]);
  });

  test.each<[HitPolicy, number, readonly string[], string]>([
    ["C+", 30, ["P1", "P2", "P3"], "4.5"],
    ["C+", 60, ["P1", "P2"], "2.0"],
    ["C+", 5, [], "unknown"],
    ["C<", 30, ["P2"], "-0.5"],
    ["C>", 30, ["P1", "P3"], "2.5"],
    ["C>", 60, ["P1"], "2.5"],
  ])("%s over numbers at %i days", (policy, late, rows, output) => {
    expect(probe(withProbe(policy, { outputs: ["2.5", "-0.5", "2.5"] }), late)).toEqual([
      rows,
      output,
    ]);
  });

  test("C# counts the rows that hold", () => {
    const counting = withProbe("C#", { outputs: ["1", "1", "1"] });
    expect(probe(counting, 30)).toEqual([["P1", "P2", "P3"], "3"]);
    expect(probe(counting, 5)).toEqual([[], "0"]);
  });

  test("U hits the one row that holds, A all that agree", () => {
    const apart = { when: ["[10..20]", "[21..30]", "> 30"] };
    expect(probe(withProbe("U", apart), 25)).toEqual([["P2"], "a"]);
    expect(probe(withProbe("A", { outputs: ['"b"', '"b"', '"b"'] }), 30)).toEqual([
      ["P1", "P2", "P3"],
      "b",
    ]);
  });

  test.each<[HitPolicy, string, string[], string]>([
    ["F", '"c"', ['"b"', '"a"', '"c"'], "c"],
    ["P", "null", ['"b"', '"a"', '"c"'], "unknown"],
    ["C+", "-1.5", ["1", "2", "3"], "-1.5"],
    ["C#", "7", ["1", "2", "3"], "7"],
  ])("%s falls back to its default %s", (policy, fallback, outputs, output) => {
    expect(probe(withProbe(policy, { default: [fallback], outputs }), 5)).toEqual([[], output]);
  });

  test("a later table reads the output, unknown included", () => {
    const document = withProbe("F");
    changed("/tables/1/inputs/1", "table.probe.out", document);
    changed("/tables/1/rows/0/when/1", "null", document);
    changed("/tables/1/rows/0/reasons", [{ code: "R01", facts: ["late"] }], document);
    const strategy = compiled(document);
    expect(
      (evaluate(strategy, factsWith({ late: 5 }), asOf) as Assessment).rowsHit["treatment"],
    ).toEqual(["R1"]);
    expect(
      (evaluate(strategy, factsWith({ late: 15 }), asOf) as Assessment).rowsHit["treatment"],
    ).toEqual([]);
  });
});

describe("scores, grades and segments", () => {
  const strategy = compiled();
  const assess = (facts: FactValues): Assessment =>
    evaluate(strategy, factsWith(facts), asOf) as Assessment;

  test.each<[FactValues, number, string]>([
    [{}, 80, "A"],
    [{ use: 5_000 }, 65, "A"],
    [{ use: 8_999, late: 1 }, 35, "B"],
    [{ use: 9_000, late: 3_000 }, 20, "C"],
    [{ use: null }, 70, "A"],
    [{ use: null, late: 1 }, 40, "B"],
  ])("%j scores %i, grade %s", (facts, score, grade) => {
    const result = assess(facts);
    expect([result.scores["risk"], result.grade]).toEqual([score, grade]);
  });

  test("every line has exactly one segment", () => {
    expect(assess({ region: "south" }).segment).toBe("far");
    expect(assess({ region: "east" }).segment).toBe("near");
    expect(assess({ region: null }).segment).toBe("near");
  });

  test("a tree may be nested: the path ends at a leaf", () => {
    const nested = [
      {
        id: "late",
        label: text("Late"),
        when: { late: "> 0" },
        children: [
          { id: "very", label: text("Very"), when: { late: "> 90" } },
          { id: "little", label: text("Little"), when: {} },
        ],
      },
      { id: "far", label: text("Rest"), when: {} },
    ];
    const deep = compiled(
      changed(
        "/segmentation",
        nested,
        changed(
          "/tables/1/rows/2/reasons",
          [{ code: "R01", facts: ["late"] }],
          changed("/tables/1/rows/2/when/1", '"very"'),
        ),
      ),
    );
    const segmentOf = (late: number): string | null =>
      (evaluate(deep, factsWith({ late }), asOf) as Assessment).segment;
    expect([segmentOf(91), segmentOf(1), segmentOf(0)]).toEqual(["very", "little", "far"]);
  });

  test("a strategy without segments, scores or grades runs too", () => {
    const plain = strategyDocument();
    changed("/segmentation", [], plain);
    changed("/scores", [], plain);
    changed("/grades", null, plain);
    changed("/pace/budgets", [], plain);
    changed("/tables/0/inputs/2", "use", plain);
    changed(
      "/tables/0/rows/3",
      {
        id: "R4",
        note: text("Heavy"),
        when: ["-", "-", ">= 0.9"],
        then: ['"cut"'],
        reasons: [{ code: "R10", facts: ["use"] }],
      },
      plain,
    );
    changed("/tables/1/inputs/1", "region", plain);
    changed("/tables/1/rows/2/when/1", '"north"', plain);
    const result = evaluate(compiled(plain), factsWith({ use: 9_500 }), asOf) as Assessment;
    expect(result).toMatchObject({
      segment: null,
      grade: null,
      scores: {},
      pdBp: null,
      expectedLossAvoidedMinor: 0,
    });
    expect(result.outcome).toMatchObject({ action: "decrease", toMinor: 600_000 });
  });
});
