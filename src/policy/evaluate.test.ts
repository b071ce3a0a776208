// The contract of evaluate: what it refuses, what it keeps, and that nothing but its arguments matters.

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
import type { Assessment } from "../domain/assessment.ts";
import { canonicalJson } from "../domain/canonical-json.ts";
import type { FactValue } from "../domain/facts.ts";
import { evaluate } from "./evaluate.ts";

const strategy = compiled();

describe("evaluate", () => {
  test("names the facts that it cannot do without", () => {
    expect(evaluate(strategy, factsWith({ late: null, limit: null }), asOf)).toEqual({
      missing: ["limit", "late"],
      invalid: [],
    });
    const { late, ...rest } = factsWith();
    expect(late).toBe(0);
    expect(evaluate(strategy, rest, asOf)).toEqual({ missing: ["late"], invalid: [] });
  });

  test.each<[string, FactValue, string, string]>([
    ["late", 3_001, "3001", "0 … 3000"],
    ["late", 1.5, "1.5", "0 … 3000"],
    ["late", "5", '"5"', "0 … 3000"],
    ["limit", -1, "-1", "0.00 … 1000000.00"],
    ["region", "west", '"west"', "east, north, south"],
    ["breach", 1, "1", "false … true"],
    ["opened", "2026-02-30", '"2026-02-30"', 'date("0001-01-01") … date("9999-12-31")'],
  ])(
    "refuses %s = %j, which is not what the dictionary declares",
    (fact, value, found, expected) => {
      expect(evaluate(strategy, factsWith({ [fact]: value }), asOf)).toEqual({
        missing: [],
        invalid: [{ fact, found, expected }],
      });
    },
  );

  test("keeps every declared fact as it was used, except protected ones, and ignores others", () => {
    const { facts } = evaluate(strategy, factsWith({ foreign: 5, use: null }), asOf) as Assessment;
    expect(Object.keys(facts)).toEqual([
      "limit",
      "drawn",
      "pending",
      "decreasedLast12Months",
      "daysSinceDecrease",
      "late",
      "use",
      "region",
      "breach",
      "opened",
    ]);
    expect(facts["use"]).toBeNull();
  });

  test("leaves an excluded line alone and says by which rules", () => {
    const result = evaluate(
      strategy,
      factsWith({ limit: 0, daysSinceDecrease: 3, late: 90 }),
      asOf,
    ) as Assessment;
    expect(result).toMatchObject({
      excludedBy: ["has-limit", "recent"],
      outcome: { action: "none" },
      rowsHit: {},
      reasons: [],
      askedLimitMinor: null,
      route: "straight-through",
    });
  });

  test("ranks by expected loss avoided: PD × LGD × CCF × exposure removed, rounded once", () => {
    const result = evaluate(
      strategy,
      factsWith({ use: 9_500, late: 5, limit: 1_000_000 }),
      asOf,
    ) as Assessment;
    expect(result.pdBp).toBe(2_000);
    expect(result.expectedLossAvoidedMinor).toBe(24_000);
    const frozen = evaluate(strategy, factsWith({ late: 61, drawn: 300_001 }), asOf) as Assessment;
    expect(frozen.expectedLossAvoidedMinor).toBe(10_500);
  });

  test("routes by the outcome, the first rule that holds", () => {
    expect((evaluate(strategy, factsWith({ use: 9_500, late: 5 }), asOf) as Assessment).route).toBe(
      "review",
    );
    expect(
      (evaluate(strategy, factsWith({ late: 45, drawn: 700_000 }), asOf) as Assessment).route,
    ).toBe("straight-through");
  });

  test("a protected fact changes not one byte of the assessment", () => {
    fc.assert(
      fc.property(
        arbitraryFacts(strategy),
        fc.constantFrom("f", "m", null, "other", 7),
        (facts, sex) => {
          const plain = canonicalJson(evaluate(strategy, facts, asOf));
          expect(canonicalJson(evaluate(strategy, { ...facts, sex }, asOf))).toBe(plain);
        },
      ),
    );
  });

  test("depends on nothing but strategy, facts and date: order of facts and earlier calls do not matter", () => {
    fc.assert(
      fc.property(arbitraryFacts(strategy), arbitraryFacts(strategy), (facts, others) => {
        const first = canonicalJson(evaluate(strategy, facts, asOf));
        evaluate(strategy, others, asOf);
        const reversed = Object.fromEntries(Object.entries(facts).toReversed());
        expect(canonicalJson(evaluate(compiled(), reversed, asOf))).toBe(first);
      }),
      { numRuns: 50 },
    );
  });

  test("answers any facts that fit the dictionary", () => {
    fc.assert(
      fc.property(arbitraryFacts(strategy), (facts) => {
        const result = evaluate(strategy, facts, asOf) as Assessment;
        expect(result.strategy).toEqual(strategy.ref);
        expect(result.outcome.action === "none" || result.excludedBy.length === 0).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("the content hash", () => {
  test("does not depend on the order of keys", () => {
    const document = strategyDocument();
    const turned = Object.fromEntries(Object.entries(document).toReversed());
    expect(compiled(turned).ref).toEqual(strategy.ref);
  });

  test("changes with any content", () => {
    expect(compiled(changed("/guards/1/rateBp", 5_001)).ref.hash).not.toBe(strategy.ref.hash);
    expect(compiled(changed("/label/zh", "别名")).ref.hash).not.toBe(strategy.ref.hash);
    expect(strategy.ref.hash).toMatch(/^[0-9a-f]{64}$/);
  });
});
