// From treatment to outcome: the arithmetic and its roundings, each guard, and the laws that hold for all.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arbitraryFacts } from "../../test/support/arbitrary-facts.ts";
import { asOf, changed, compiled, factsWith } from "../../test/support/strategy-document.ts";
import type { Assessment } from "../domain/assessment.ts";
import type { FactValues } from "../domain/facts.ts";
import { evaluate } from "./evaluate.ts";

const strategy = compiled();

function assess(facts: FactValues, using = strategy): Assessment {
  return evaluate(using, factsWith(facts), asOf) as Assessment;
}

/** Facts that lead to row R4, a cut by a rate, and to row R3, a cut to balance. */
const poor: FactValues = { use: 9_500, late: 5 };
const late: FactValues = { late: 45 };

describe("the limit rule", () => {
  test.each<[string, FactValues, number | null, number | null, string[]]>([
    ["cuts by the sum of the rates, down to the step", poor, 600_000, 600_000, []],
    ["takes every rate that holds", { ...poor, region: "north" }, 500_000, 500_000, []],
    [
      "rounds an uneven limit down to a multiple of the step",
      { ...poor, limit: 1_234_567 },
      740_000,
      740_000,
      [],
    ],
    ["cuts to balance plus buffer", { ...late, drawn: 700_000 }, 770_000, 770_000, []],
    [
      "counts pending transactions as balance",
      { ...late, drawn: 600_000, pending: 100_000 },
      770_000,
      770_000,
      [],
    ],
    [
      "keeps a tenth however little is drawn, and no more than half goes",
      { ...late, drawn: 0 },
      100_000,
      500_000,
      ["most"],
    ],
    [
      "treats a credit balance as nothing drawn",
      { ...late, drawn: -50_000 },
      100_000,
      500_000,
      ["most"],
    ],
    [
      "never goes below what is drawn, rounded up to the step",
      { ...poor, drawn: 654_321 },
      600_000,
      660_000,
      ["never-below-drawn"],
    ],
    [
      "leaves a line over its limit alone",
      { ...poor, drawn: 1_200_000 },
      600_000,
      null,
      ["never-below-drawn"],
    ],
    ["caps the balance at the present limit", { ...late, drawn: 980_000 }, 1_000_000, null, []],
    [
      "counts earlier decreases of the year",
      { ...poor, decreasedLast12Months: 1_000_000 },
      600_000,
      800_000,
      ["year"],
    ],
    [
      "stops when the year's share is used up",
      { ...poor, decreasedLast12Months: 1_500_000 },
      600_000,
      null,
      ["year"],
    ],
    [
      "waits while the line cools down",
      { ...poor, daysSinceDecrease: 89 },
      600_000,
      null,
      ["cool"],
    ],
    ["goes on after the cool-down", { ...poor, daysSinceDecrease: 90 }, 600_000, 600_000, []],
    ["leaves the minimum line", { ...poor, limit: 80_000, drawn: 0 }, 40_000, 50_000, ["least"]],
    [
      "does not touch a line at the minimum",
      { ...poor, limit: 50_000, drawn: 0 },
      30_000,
      null,
      ["least"],
    ],
    [
      "does not make small cuts",
      { ...poor, limit: 60_000, drawn: 0 },
      30_000,
      null,
      ["least", "small"],
    ],
  ])("%s", (_, facts, asked, to, guards) => {
    const { outcome, askedLimitMinor, guardsBound } = assess(facts);
    expect(askedLimitMinor).toBe(asked);
    expect(outcome.action === "decrease" ? outcome.toMinor : null).toBe(to);
    expect(guardsBound).toEqual(guards);
  });

  test("freezes and closes without touching the amount", () => {
    expect(assess({ late: 61 }).outcome).toEqual({ action: "freeze", fromMinor: 1_000_000 });
    expect(assess({ breach: true }).outcome).toEqual({ action: "close", fromMinor: 1_000_000 });
    expect(assess({ breach: true }).askedLimitMinor).toBe(0);
    expect(assess({ late: 61 }).askedLimitMinor).toBe(1_000_000);
    expect(assess({}).askedLimitMinor).toBeNull();
  });

  test("cools down only the actions that it names", () => {
    expect(assess({ late: 61, daysSinceDecrease: 40 }).outcome.action).toBe("freeze");
    const strict = compiled(changed("/guards/0/actions", ["freeze"]));
    expect(assess({ late: 61, daysSinceDecrease: 40 }, strict).guardsBound).toEqual(["cool"]);
  });

  test("applies a guard only where its condition holds", () => {
    const near = compiled(
      changed("/guards/1", {
        id: "most",
        label: { zh: "文", en: "text" },
        kind: "max-cut",
        rateBp: 2_000,
        when: { region: '"south"' },
      }),
    );
    expect(assess({ ...poor, region: "south" }, near).outcome).toMatchObject({ toMinor: 800_000 });
    expect(assess(poor, near).outcome).toMatchObject({ toMinor: 600_000 });
  });

  test("goes below what is drawn only where the document allows it", () => {
    const allowed = compiled(changed("/limitRule/belowDrawn", "allowed"));
    expect(assess({ ...poor, drawn: 654_321 }, allowed).outcome).toMatchObject({
      toMinor: 600_000,
    });
  });

  test("rounds each amount as its rule says", () => {
    for (const [rounding, toMinor] of [
      ["down", 600_001],
      ["up", 600_000],
      ["half-even", 600_001],
    ] as const) {
      const document = changed("/limitRule/rounding/step", "0.01");
      changed("/limitRule/treatments/1/target/rounding", rounding, document);
      expect(assess({ ...poor, limit: 1_000_001 }, compiled(document)).outcome).toMatchObject({
        toMinor,
      });
    }
  });

  test("outcomes obey every guard on any line", () => {
    fc.assert(
      fc.property(arbitraryFacts(strategy), (facts) => {
        const result = evaluate(strategy, facts, asOf) as Assessment;
        const { outcome, askedLimitMinor } = result;
        if (outcome.action !== "decrease") return;
        const limit = facts["limit"] as number;
        const cut = outcome.fromMinor - outcome.toMinor;
        const before = facts["decreasedLast12Months"] as number;
        expect(outcome.fromMinor).toBe(limit);
        expect(cut).toBeGreaterThanOrEqual(20_000);
        expect(cut * 2).toBeLessThanOrEqual(limit);
        expect((cut + before) * 10).toBeLessThanOrEqual((limit + before) * 6);
        expect(outcome.toMinor).toBeGreaterThanOrEqual(
          Math.max(50_000, (facts["drawn"] as number) + (facts["pending"] as number)),
        );
        expect(outcome.toMinor).toBeGreaterThanOrEqual(askedLimitMinor!);
        expect(
          facts["daysSinceDecrease"] === null || (facts["daysSinceDecrease"] as number) >= 90,
        ).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
