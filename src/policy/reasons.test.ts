// Reasons are proved, ranked, and come from the real decision path only.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arbitraryFacts } from "../../test/support/arbitrary-facts.ts";
import { checkReasons, type ReasonCounts } from "../../test/support/proved-reasons.ts";
import {
  asOf,
  changed,
  compiled,
  factsWith,
  strategyDocument,
} from "../../test/support/strategy-document.ts";
import type { Assessment } from "../domain/assessment.ts";
import type { FactValues } from "../domain/facts.ts";
import type { CompiledStrategy } from "./compile.ts";
import { evaluate } from "./evaluate.ts";
import { explain, type Explanation } from "./explain.ts";

const text = (en: string) => ({ zh: "文", en });

function reasonsOf(strategy: CompiledStrategy, facts: FactValues): Assessment["reasons"] {
  return (evaluate(strategy, factsWith(facts), asOf) as Assessment).reasons;
}

describe("principal reasons", () => {
  test("cite the fact whose neutral value takes the outcome away, weighed by the limit kept", () => {
    expect(reasonsOf(compiled(), { late: 45, drawn: 700_000 })).toEqual([
      { code: "R01", facts: ["late"], cause: ["treatment/R3"], weight: 2_300 },
    ]);
  });

  test("rank what changes the outcome before lost points, and name each code once", () => {
    expect(reasonsOf(compiled(), { use: 9_500, late: 5 })).toEqual([
      { code: "R10", facts: ["use"], cause: ["rate/S2"], weight: 4_000 },
      { code: "R01", facts: ["late"], cause: ["risk/late"], weight: 30 },
    ]);
  });

  test("leave out what changes nothing: a row that adds to a cut that is capped anyway", () => {
    const capped = compiled(changed("/guards/1/rateBp", 2_500));
    const codes = reasonsOf(capped, { use: 9_500, late: 5, region: "north" }).map(
      (reason) => reason.code,
    );
    expect(codes).toContain("R10");
    expect(codes).not.toContain("R06");
    expect(
      reasonsOf(compiled(), { use: 9_500, late: 5, region: "north" }).map((reason) => reason.code),
    ).toContain("R06");
  });

  test("do not cite rows that were not hit, although their facts are bad too", () => {
    const [reason, ...others] = reasonsOf(compiled(), { breach: true, late: 5, use: 9_900 });
    expect(reason).toMatchObject({ code: "R14", facts: ["breach"], cause: ["treatment/R1"] });
    expect(others).toEqual([]);
  });

  test("where two causes each suffice, cite the one on the path with the other out of the way", () => {
    const strategy = compiled(changed("/tables/0/rows/0/then/0", '"freeze"'));
    const facts = factsWith({ breach: true, late: 70 });
    const { reasons } = explain(strategy, facts, asOf) as Explanation;
    expect(reasons.map(({ code, facts, proof }) => ({ code, facts, proof }))).toEqual([
      {
        code: "R14",
        facts: ["breach"],
        proof: {
          neutral: ["breach"],
          besides: ["late"],
          together: false,
          outcome: { action: "none" },
        },
      },
    ]);
  });

  test("where causes only count together, cite them together", () => {
    const document = strategyDocument();
    (document["tables"] as unknown[]).unshift({
      id: "flags",
      label: text("Flags"),
      hitPolicy: "C#",
      inputs: ["late", "breach"],
      outputs: [{ name: "count", label: text("Count"), type: "number", scale: 0 }],
      rows: [
        { id: "F1", note: text("late"), when: ["> 30", "-"], then: ["1"] },
        { id: "F2", note: text("breach"), when: ["-", "true"], then: ["1"] },
      ],
    });
    changed("/tables/1/inputs/1", "table.flags.count", document);
    changed(
      "/tables/1/rows",
      [
        {
          id: "R1",
          note: text("any flag"),
          when: ["-", ">= 1", "-"],
          then: ['"freeze"'],
          reasons: [
            { code: "R01", facts: ["late"] },
            { code: "R14", facts: ["breach"] },
          ],
        },
      ],
      document,
    );
    const strategy = compiled(document);
    const both = explain(strategy, factsWith({ late: 31, breach: true }), asOf) as Explanation;
    expect(both.reasons.map(({ code, proof }) => [code, proof?.neutral, proof?.besides])).toEqual([
      ["R01", ["late", "breach"], []],
      ["R14", ["late", "breach"], []],
    ]);
    expect(reasonsOf(strategy, { late: 31, breach: false }).map((reason) => reason.code)).toEqual([
      "R01",
    ]);
  });

  test("an action whose declared reasons prove nothing goes to a person", () => {
    const document = changed("/tables/0/rows/3", {
      id: "R4",
      note: text("Poor"),
      when: ["-", "-", '"C"'],
      then: ['"cut"'],
      reasons: [{ code: "R01", facts: ["late"] }],
    });
    changed("/scores/0/characteristics/1/attributes/0/points", 10, document);
    changed("/grades/bands/0/when", ">= 50", document);
    changed("/grades/bands/1/when", "[45..50)", document);
    changed("/grades/bands/2/when", "< 45", document);
    const result = evaluate(
      compiled(document),
      factsWith({ use: 6_000, late: 5 }),
      asOf,
    ) as Assessment;
    expect(result).toMatchObject({
      outcome: { action: "decrease", toMinor: 750_000 },
      reasons: [],
      route: "review",
    });
  });

  test("are at most as many as the notice allows", () => {
    const short = compiled(changed("/notice/maxReasons", 1));
    expect(reasonsOf(short, { use: 9_500, late: 5 })).toHaveLength(1);
  });

  test("points lost follow the algorithm and the baseline", () => {
    const above = changed("/scores/0/reasonCodeAlgorithm", "pointsAbove");
    changed("/scores/0/baseline", 10, above);
    changed("/scores/0/characteristics/1/baseline", 35, above);
    changed("/tables/0/rows/3/when/2", '"A"', above);
    const { reasons } = evaluate(compiled(above), factsWith({ use: 2_000 }), asOf) as Assessment;
    expect(reasons).toEqual([
      { code: "R10", facts: ["use"], cause: ["risk/use"], weight: 20 },
      { code: "R01", facts: ["late"], cause: ["risk/late"], weight: 5 },
    ]);
  });

  test("each cited fact changes the outcome or the points, on any line", () => {
    const strategy = compiled();
    const counts: ReasonCounts = { reasons: 0, points: 0, besides: 0, together: 0, unproved: 0 };
    const healthy = {
      limit: 1_000_000,
      drawn: 200_000,
      pending: 0,
      decreasedLast12Months: 0,
      daysSinceDecrease: null,
    };
    const lines = fc.oneof(
      arbitraryFacts(strategy),
      arbitraryFacts(strategy, { ...healthy, breach: false, late: 5 }),
    );
    fc.assert(
      fc.property(lines, (facts) => checkReasons(strategy, facts, counts)),
      { numRuns: 1_500 },
    );
    expect(counts.reasons).toBeGreaterThan(200);
    expect(counts.points).toBeGreaterThan(20);
    expect(counts.unproved).toBe(0);
  });
});
