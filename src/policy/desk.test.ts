// What a strategy says about its review cases: the first rule that holds, and never fewer people than its route asks for.

import { describe, expect, test } from "vitest";
import { strategyDocument } from "../../test/support/strategy-document.ts";
import { deskTerms, dueDaysOf, type DeskQuestion } from "./desk.ts";
import { lowerStrategy } from "./lower.ts";
import type { DeskPart, Strategy } from "./strategy.ts";

const label = { zh: "规则", en: "Rule" };

const desk: DeskPart = {
  dueDays: { urgent: 1, high: 2, normal: 7 },
  fourEyesFrom: "5000.00",
  rules: [
    { id: "closures", label, when: { actions: ["close"] }, skills: ["closures"], priority: "high" },
    { id: "large", label, when: { impactFrom: "9000.00" }, skills: [], priority: "urgent" },
    { id: "rest", label, when: {}, skills: [], priority: "normal" },
  ],
};

const base = strategyDocument() as unknown as Strategy;
const strategy: Strategy = { ...base, desk };

const asked = (change: Partial<DeskQuestion> = {}): DeskQuestion => ({
  ...{ route: "review", action: "decrease", assessment: { segment: null, grade: null } },
  impactMinor: 100_000,
  ...change,
});

describe("the terms of a case", () => {
  test.each([
    ["an ordinary one", asked(), { route: "review", skills: [], priority: "normal", dueDays: 7 }],
    [
      "a closure",
      asked({ action: "close" }),
      { route: "review", skills: ["closures"], priority: "high", dueDays: 2 },
    ],
    [
      "one just below four eyes",
      asked({ impactMinor: 499_999 }),
      { route: "review", skills: [], priority: "normal", dueDays: 7 },
    ],
    [
      "one from which four eyes look",
      asked({ impactMinor: 500_000 }),
      { route: "four-eyes", skills: [], priority: "normal", dueDays: 7 },
    ],
    [
      "a large one of legal",
      asked({ route: "legal", impactMinor: 900_000 }),
      { route: "legal", skills: [], priority: "urgent", dueDays: 1 },
    ],
  ])("%s", (_name, question, terms) => {
    expect(deskTerms(strategy, question)).toEqual(terms);
  });

  test("of a strategy that says nothing are five days and no special skill", () => {
    const { desk: _none, ...silent } = strategy;
    expect(deskTerms(silent, asked({ impactMinor: 9_999_999_999 }))).toEqual({
      ...{ route: "review", skills: [], priority: "normal", dueDays: 5 },
    });
    expect(dueDaysOf(silent, "urgent")).toBe(1);
  });
});

describe("a desk part is refused", () => {
  const problemsOf = (change: Partial<DeskPart>): readonly string[] =>
    lowerStrategy({ ...strategy, desk: { ...desk, ...change } }).problems.map(({ path }) => path);

  test("not when all is well", () => {
    expect(problemsOf({})).toEqual([]);
  });

  test.each([
    ["whose last rule has a condition", { rules: desk.rules.slice(0, 1) }, ["/desk/rules/0/when"]],
    [
      "whose earlier rule always holds",
      { rules: [desk.rules[2]!, { ...desk.rules[2]!, id: "other" }] },
      ["/desk/rules/0/when"],
    ],
    [
      "that names an unknown segment and grade",
      {
        rules: [
          { ...desk.rules[0]!, when: { segments: ["nowhere"], grades: ["Z9"] } },
          desk.rules[2]!,
        ],
      },
      ["/desk/rules/0/when/segments/0", "/desk/rules/0/when/grades/0"],
    ],
    ["with an amount that the currency has not", { fourEyesFrom: "1.005" }, ["/desk/fourEyesFrom"]],
    [
      "with two rules of one name",
      { rules: [desk.rules[0]!, { ...desk.rules[2]!, id: "closures" }] },
      ["/desk/rules/1/id"],
    ],
  ])("%s", (_name, change, paths) => {
    expect(problemsOf(change)).toEqual(paths);
  });
});
