// Expressions of strategies: what they say is what FEEL says, on any strategy and line; what could not be said exactly is
// refused with its place.

import { describe, expect, test } from "vitest";
import { arbitraryStrategy } from "../../test/support/arbitrary-strategy.ts";
import { randomLines } from "../../test/support/differential.ts";
import {
  asOf,
  changed,
  compiled,
  factsWith,
  strategyDocument,
} from "../../test/support/strategy-document.ts";
import { strategyOfSeed } from "../../test/support/back-ends.ts";
import { feelOfSlot } from "../../test/support/feel-of-slot.ts";
import { explain } from "./explain.ts";
import { evaluate, isUnevaluable } from "./evaluate.ts";
import { readyExpression } from "./feel/evaluate.ts";
import { type FeelValue, isNumber, kindOf } from "./feel/value.ts";
import { feelText } from "./feel/value-text.ts";
import type { Program } from "./ir.ts";
import { decodeFact } from "./fact-text.ts";
import { parseStrategy } from "./parse.ts";
import { strategyFunctions } from "./strategy-functions.ts";
import { lineStatuses } from "../domain/credit-line.ts";
import { compiledProgram } from "./row-function.ts";
import { setAsOf } from "./evaluate.ts";

function values({ operands }: Program, slots: Float64Array): Map<string, FeelValue> {
  const known = [...operands.values()].filter(({ name }) => !name.startsWith("outcome."));
  return new Map(known.map(({ name, slot, type }) => [name, feelOfSlot(slots[slot]!, type)]));
}

describe("an expression", () => {
  test("says what FEEL says, on random strategies and lines", { timeout: 120_000 }, () => {
    let compared = 0;
    for (let seed = 1; seed <= 120; seed++) {
      const strategy = strategyOfSeed(seed);
      if (strategy === null) continue;
      const { program, document } = strategy;
      const { load, row, scratch } = compiledProgram(program);
      const names = [...program.operands.keys()];
      const feel = program.expressions.map(({ id }) => {
        const text = document.expressions!.find((one) => one.id === id)!.feel;
        const ready = readyExpression(text, names);
        if (!ready.ok) throw new Error(`${seed} ${id}: ${ready.problem.message.en}`);
        return ready.value;
      });
      if (feel.length === 0) continue;
      for (const facts of randomLines(strategy, 20, seed)) {
        load(facts, facts, scratch.values);
        setAsOf(program, scratch.values, asOf);
        row(scratch.values, scratch);
        if (scratch.excludedBy.length > 0) continue;
        const scope = values(program, scratch.values);
        program.expressions.forEach(({ id, slot, type }, at) => {
          const said = feel[at]!(scope).value;
          const ours = feelOfSlot(scratch.values[slot]!, type);
          const [found, wanted] = [ours, said].map((one) => feelText(one, () => undefined));
          const same = isNumber(said) && isNumber(ours) ? said.equals(ours) : found === wanted;
          if (!same || kindOf(said) !== kindOf(ours)) {
            const place = `${seed} expression.${id} on ${JSON.stringify(facts)}`;
            throw new Error(`${place}: ${found}, FEEL ${wanted}`);
          }
          compared += 1;
        });
      }
    }
    expect(compared).toBeGreaterThan(1_000);
  });
});

type Node = Readonly<Record<string, unknown>>;

function withExpressions(expressions: readonly Node[], document = strategyDocument()) {
  const label = { zh: "计算", en: "Computed" };
  const nodes = expressions.map((one) => ({ label, type: "number", ...one }));
  return changed("/expressions", nodes, document);
}

describe("what expressions say to each other", () => {
  test("an expression may read one that stands after it", () => {
    const document = withExpressions([
      { id: "twice", feel: "expression.once * 2" },
      { id: "once", feel: "late + 1" },
    ]);
    const { program } = compiled(document);
    expect(program.expressions.map(({ id }) => id)).toEqual(["once", "twice"]);
  });

  test.each([
    ["itself", [{ id: "a", feel: "expression.a + 1" }]],
    [
      "another that reads it",
      [
        { id: "a", feel: "expression.b + 1" },
        { id: "b", feel: "expression.a + 1" },
      ],
    ],
  ])("one that reads %s is refused as a circle", (_, nodes) => {
    const codes = parseStrategy(withExpressions(nodes)).problems.map(
      ({ code, path }) => `${code} ${path}`,
    );
    expect(codes).toEqual(nodes.map((__, at) => `cycle /expressions/${at}/feel`));
  });

  test("a table that reads what rests on its own output is refused as a circle", () => {
    const document = withExpressions([{ id: "a", feel: "if table.rate.rate > 0 then 1 else 2" }]);
    changed("/tables/0/inputs/0", "expression.a", document);
    const problems = parseStrategy(document).problems;
    expect(problems[0]).toMatchObject({ code: "cycle", path: "/tables/0/inputs/0" });
  });
});

const daysModel = {
  ...{ id: "days", label: { zh: "天数", en: "Days" }, model: "m", modelVersion: "1" },
  ...{ inputs: ["late"], unit: "days", minimum: "0", maximum: "100" },
};

describe("what cannot be said exactly is refused", () => {
  test.each([
    ["late / 2", 1, "a quotient needs its decimals"],
    ["use * use * use * use", 1, "more than 12 decimals"],
    ["use", 1, "round with decimal(…, 0)"],
    ["late + breach", 8, "expected a number"],
    ["limit - late", 1, "found money and days, expected values of one unit"],
    ["if late > drawn then 1 else 2", 4, "expected values of one unit"],
    ["max(late, drawn)", 1, "expected values of one unit"],
    ["if breach then decimal(drawn, 0) else late", 1, "expected values of one unit"],
    ["score.risk + late", 1, "found points and days, expected values of one unit"],
    ["late + nothing", 8, 'unknown name "nothing"'],
    ["late + sex", 8, 'protected fact "sex"'],
    ['if region = "west" then 1 else 2', 4, 'expected one of "east"'],
    ['split(region, "a")', 1, "expected one of decimal"],
    ["string(use)", 1, "a number of few values"],
    [
      "substring(region, 0)",
      1,
      "null for whatever value (Cannot take substring: the position lies outside)",
    ],
    ['(asOf - duration("PT36H")).year', 9, "whole days"],
    ['(asOf + duration("P9999999D") * late).year', 2, "minimum and maximum"],
    ['time("10:00:00")', 1, "expected one of decimal"],
    ["asOf + 1", 1, "found date, expected a number"],
    ["(asOf - region).days", 2, "expected a number"],
    ["sum(for i in 1..1000 return i)", 5, "expected a list of values"],
    ["late +", 7, "found the end"],
    ["decimal(late, late)", 1, "0 to 9 decimals"],
    ["now()", 1, "expected one of decimal"],
    ["{a: late}.a", 1, "context"],
  ])("%s, at character %d", (feel, character, message) => {
    const [problem, ...more] = parseStrategy(withExpressions([{ id: "x", feel }])).problems;
    expect(more).toEqual([]);
    expect(problem?.message.en).toContain(message);
    expect(problem?.message.en).toMatch(/^Cannot use expression "x" at character \d+: /);
    expect(problem?.message.zh).toMatch(/^无法使用表达式“x”第 \d+ 个字符：/);
    expect(problem?.written?.text).toBe(feel);
    expect((problem?.written?.at ?? -1) + 1).toBe(character);
  });

  test.each([
    "decimal(2 * late + 0.01 * drawn, 0)",
    "decimal(max(limit, drawn + pending) / limit, 0)",
    "if late > 30 then late - 30 else 0",
    "count([drawn, pending][item > limit])",
  ])("weighted values, and those of one unit, may stand together: %s", (feel) => {
    expect(parseStrategy(withExpressions([{ id: "x", feel }])).problems).toEqual([]);
  });

  test.each([
    ["an expression", "late + 1", "number", "score.risk + expression.x"],
    ["a table", "decimal(table.rate.rate, 0)", "number", "score.risk + expression.x"],
    ["a model", "decimal(model.days, 0)", "number", "score.risk + expression.x"],
  ])("the unit of %s goes along", (_, feel, type, sum) => {
    const document = withExpressions([
      { id: "x", feel, type },
      { id: "y", feel: sum },
    ]);
    changed("/tables/1/outputs/0/unit", "days", document);
    changed("/models", [daysModel], document);
    const problems = parseStrategy(document).problems;
    expect(problems.map(({ path, message }) => [path, message.en])).toEqual([
      ["/expressions/1/feel", expect.stringContaining("found points and days")],
    ]);
  });

  test("an amount is made of money, or of what has no unit", () => {
    const problemsOf = (feel: string) =>
      parseStrategy(withExpressions([{ id: "x", type: "money", feel }])).problems;
    expect(problemsOf("late")[0]?.message.en).toContain("found days, expected an amount of money");
    expect(problemsOf("decimal(late * 0.5, 2)")).toEqual([]);
    expect(problemsOf("drawn")).toEqual([]);
  });

  test("many values in many places are refused before they are made", () => {
    const wide = `contains(${Array.from({ length: 900 }, () => "late").join()})`;
    const began = performance.now();
    expect(parseStrategy(withExpressions([{ id: "x", feel: wide }])).problems).toHaveLength(1);
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  test("lists and steps are bounded", () => {
    const long = `sum([${Array.from({ length: 65 }, () => "late").join()}])`;
    const pairs = Array.from({ length: 64 }, (_, at) => at).join();
    const many = `count(for x in [${pairs}], y in [${pairs}] return x + y + late)`;
    for (const feel of [long, many]) {
      expect(parseStrategy(withExpressions([{ id: "x", feel }])).problems[0]?.message.en).toMatch(
        /found (a list of|more than)/,
      );
    }
  });
});

const enumOf = (...values: readonly string[]) => ({
  type: "enum",
  values: values.map((value) => ({ value, label: { zh: value, en: value } })),
});

describe("texts, dates and durations", () => {
  test.each([
    [
      "upper case(substring(region, 1, 2))",
      enumOf("EA", "NO", "SO", "WE"),
      { region: "east" },
      "EA",
    ],
    [
      'if starts with(region, "ea") then "near" else "far"',
      enumOf("far", "near"),
      { region: "east" },
      "near",
    ],
    ["region", enumOf("south", "north", "east"), { region: null }, null],
    [
      '"region-" + region',
      enumOf("region-east", "region-north", "region-south"),
      { region: "north" },
      "region-north",
    ],
    ['matches(region, "^n")', { type: "boolean" }, { region: "north" }, true],
    ['region < "f"', { type: "boolean" }, { region: "north" }, false],
    [
      "day of week(asOf)",
      enumOf("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
      {},
      "Friday",
    ],
    ['asOf + duration("P3M")', { type: "date" }, {}, "2027-02-20"],
    ['date("2026-08-31") + duration("P6M")', { type: "date" }, {}, "2027-02-28"],
    ['asOf - (asOf - date("2026-11-01"))', { type: "date" }, {}, "2026-11-01"],
    ['max(asOf, date("2026-12-24"))', { type: "date" }, {}, "2026-12-24"],
    ["date(asOf.year, 2, late)", { type: "date" }, { late: 28 }, "2026-02-28"],
    ["date(asOf.year, 2, late)", { type: "date" }, { late: 30 }, null],
    ['years and months duration(date("2024-12-31"), asOf).months', {}, {}, 10],
    ["week of year(asOf) + asOf.weekday", {}, {}, 47 + 5],
    ['asOf - date("2026-11-01") >= duration("P19D")', { type: "boolean" }, {}, true],
    ["opened.year", {}, { opened: null }, null],
    ['time("10:30:00").hour', {}, {}, 10],
    ['if date(date and time("2026-11-20T08:00:00")) = asOf then 1 else 0', {}, {}, 1],
  ] as const)("%s", (feel, shape, facts, said) => {
    const { program } = compiled(withExpressions([{ id: "x", feel, ...shape }]));
    const [one] = program.expressions;
    const { load, row, scratch } = compiledProgram(program);
    load(factsWith(facts), factsWith(facts), scratch.values);
    setAsOf(program, scratch.values, asOf);
    row(scratch.values, scratch);
    expect(decodeFact(scratch.values[one!.slot]!, one!.type)).toBe(said);
  });

  test("a text that is not declared is refused, by what it can be", () => {
    const document = withExpressions([{ id: "x", feel: "region", ...enumOf("east") }]);
    expect(parseStrategy(document).problems[0]?.message.en).toContain(
      'found that it can be "north", expected one of east',
    );
  });

  test("an enumeration without values, and values on a number, are refused", () => {
    const one = { id: "x", feel: "region", type: "enum" };
    const other = { ...enumOf("a"), id: "x", feel: "late", type: "number" };
    expect(parseStrategy(withExpressions([one])).problems[0]?.code).toBe("missing-field");
    expect(parseStrategy(withExpressions([other])).problems[0]?.code).toBe("unknown-field");
  });

  test("conditions may test a computed date and a computed text", () => {
    const document = withExpressions([
      { id: "due", feel: 'asOf + duration("P30D")', type: "date" },
      { id: "near", feel: 'if region = "east" then "near" else "far"', ...enumOf("near", "far") },
    ]);
    const when = { "expression.due": '> date("2026-12-01")', "expression.near": '"near"' };
    changed("/exclusions/0/when", when, document);
    const excluded = (region: string): unknown => {
      const result = evaluate(compiled(document), factsWith({ region }), asOf);
      return isUnevaluable(result) ? null : result.excludedBy;
    };
    expect([excluded("east"), excluded("north")]).toEqual([["recent"], []]);
  });

  test.each(strategyFunctions.flatMap(({ functions }) => functions))(
    "$name may be called as the reference says: $example",
    ({ name, example }) => {
      expect(example).toContain(`${name}(`);
      const document = strategyDocument();
      (document["facts"] as Node[]).push(lineStatus);
      // Of whatever kind it is, it can be asked for null.
      const nodes = [{ id: "x", feel: `if (${example}) = null then 0 else 1` }];
      expect(parseStrategy(withExpressions(nodes, document)).problems).toEqual([]);
    },
  );
});

const lineStatus = {
  ...{ name: "lineStatus", label: { zh: "状态", en: "Status" }, source: "line", missing: "refuse" },
  ...{ sensitivity: "ordinary", ...enumOf(...lineStatuses) },
};

describe("nodes in a decision", () => {
  test("an explanation tells each expression with what it read", () => {
    const document = withExpressions([{ id: "idle", feel: "decimal(late / 7, 1)", scale: 1 }]);
    const explained = explain(compiled(document), factsWith({ late: 10 }), asOf);
    if (!("expressions" in explained)) throw new Error("Cannot explain");
    expect(explained.expressions).toMatchObject([
      {
        ...{ id: "idle", name: "expression.idle", feel: "decimal(late / 7, 1)" },
        value: { en: "1.4" },
        reads: [{ name: "late" }],
      },
    ]);
  });

  test("a row with dates is hit only between them, both included", () => {
    const document = changed("/tables/0/rows/0/effectiveFrom", "2026-11-20");
    const table = compiled(document).document.tables[0]!;
    const hit = (from: string, to: string): readonly string[] => {
      const own = changed("/tables/0/rows/0/effectiveFrom", from);
      changed("/tables/0/rows/0/effectiveTo", to, own);
      const result = evaluate(compiled(own), factsWith({ late: 3_000, breach: true }), asOf);
      if (isUnevaluable(result)) throw new Error("Cannot evaluate");
      return result.rowsHit[table.id]!;
    };
    const first = hit("2026-11-20", "2026-11-20");
    expect(hit("2026-01-01", "2026-12-31")).toEqual(first);
    expect(hit("2026-11-21", "2026-12-31")).not.toEqual(first);
    expect(hit("2026-11-01", "2026-11-19")).not.toEqual(first);
  });

  test("a model is unknown until it is filled in, and a value outside its bounds is refused", () => {
    const label = { zh: "模型", en: "Model" };
    const model = { id: "pd", label, model: "pd-card", modelVersion: "4", inputs: ["late"] };
    const document = changed("/models", [{ ...model, scale: 4, minimum: "0", maximum: "1" }]);
    const strategy = compiled(document);
    const used = (value: number | null) =>
      evaluate(strategy, { ...factsWith(), "model.pd": value }, asOf);
    expect(used(null)).toMatchObject({ facts: { "model.pd": null } });
    expect(used(120)).toMatchObject({ facts: { "model.pd": 120 } });
    expect(used(10_001)).toMatchObject({ invalid: [{ fact: "model.pd" }] });
  });

  test("points of a bin are added to those of an expression, and lost by the algorithm", () => {
    const document = withExpressions([
      { id: "slope", feel: "if use = null then 0 else floor(use * 10)" },
    ]);
    changed("/scores/0/characteristics/0/attributes/0/pointsFrom", "expression.slope", document);
    const strategy = compiled(document);
    const plain = compiled();
    const facts = factsWith({ use: 4_200 });
    const explained = [strategy, plain].map((one) => explain(one, facts, asOf));
    const [withSlope, without] = explained.map((one) => {
      if (!("scores" in one)) throw new Error("Cannot explain");
      return one.scores[0]!;
    });
    expect(withSlope!.score - without!.score).toBe(4);
    expect(withSlope!.characteristics[0]!.points).toBe(34);
    // The best bin can now give 30 + 100 points.
    expect(withSlope!.characteristics[0]!.lost).toBe(130 - 34);
  });

  test("reasons of computed points cite the facts behind them", () => {
    const document = withExpressions([{ id: "slope", feel: "if late > 5 then 0 else 3" }]);
    changed("/scores/0/characteristics/0/attributes/0/pointsFrom", "expression.slope", document);
    changed("/scores/0/characteristics/0/fact", "use", document);
    const [card] = compiled(document).program.scorecards;
    expect(card!.characteristics.map(({ cites }) => cites)).toEqual([["use", "late"], ["late"]]);
  });

  test("points that can be unknown are refused", () => {
    const document = withExpressions([{ id: "slope", feel: "floor(use * 10)" }]);
    changed("/scores/0/characteristics/0/attributes/0/pointsFrom", "expression.slope", document);
    expect(parseStrategy(document).problems[0]).toMatchObject({
      code: "may-be-unknown",
      path: "/scores/0/characteristics/0/attributes/0/pointsFrom",
    });
  });
});

test("random strategies really have every kind of node that computes", () => {
  const seeds = Array.from({ length: 60 }, (_, at) => JSON.stringify(arbitraryStrategy(at + 1)));
  for (const part of [
    "pointsFrom",
    "effectiveFrom",
    "effectiveTo",
    '"model.',
    ".days",
    "satisfies",
  ]) {
    expect(seeds.filter((one) => one.includes(part)).length, part).toBeGreaterThan(0);
  }
});
