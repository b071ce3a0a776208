// A mapping that cannot work is refused as a whole, with the place, what was found and what was expected; one
// that passes can only make values of the declared types.

import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { sampleDocument } from "../../test/support/mapping-document.ts";
import { mappingSchema } from "./mapping-document.ts";
import { parseMapping } from "./parse-mapping.ts";

type Change = Readonly<Record<string, unknown>>;

function problemsOf(value: unknown): readonly string[] {
  const parsed = parseMapping(value);
  if ("mapping" in parsed) return [];
  for (const { message } of parsed.problems) expect(message.zh).not.toBe(message.en);
  return parsed.problems.map((problem) => `${problem.path} ${problem.message.en}`);
}

/** The sample with its facts or dictionary entries changed; undefined takes one out. */
function changed(facts: Change, dictionary: Readonly<Record<string, Change>> = {}): unknown {
  const document = sampleDocument() as {
    facts: Change;
    dictionary: readonly (Change & { readonly name: string })[];
  };
  return {
    ...document,
    facts: { ...document.facts, ...facts },
    dictionary: document.dictionary.map((entry) => ({ ...entry, ...dictionary[entry.name] })),
  };
}

function nested(depth: number): unknown {
  return depth === 0 ? "limit" : { sum: [nested(depth - 1)] };
}

test("a good document becomes a mapping that names every column it reads", () => {
  const parsed = parseMapping(sampleDocument());
  if (!("mapping" in parsed)) throw new Error(JSON.stringify(parsed.problems));
  const { mapping } = parsed;
  expect(mapping.columns.toSorted()).toEqual(
    ["BILL", "CUST", "DRAWN", "FLAG", "LIMIT", "LINE", "NAME", "OPENED", "OVERDUE", "PAID"]
      .concat(["PHONE", "REGION", "STATUS"])
      .toSorted(),
  );
  expect(mapping.ignore).toEqual(["NOTE"]);
  expect(mapping.format).toMatchObject({ encoding: "auto", delimiter: ",", decimal: "." });
  expect(mapping.asOf).toEqual({ fixed: "2026-02-28" });
  expect(mapping.facts.map((rule) => rule.declaration.name)).toEqual(
    Object.keys((sampleDocument() as { facts: object }).facts),
  );
});

test("the published schema takes what the reader takes", () => {
  const validate = new Ajv2020({ strict: false }).compile(mappingSchema);
  expect(validate(sampleDocument())).toBe(true);
  expect(validate(sampleDocument({ portfolios: "x" }))).toBe(false);
  expect(validate(changed({ billed: { sum: ["paid"], rounding: "down" } }))).toBe(false);
});

describe("the form", () => {
  test.each<[string, unknown, string]>([
    ["no object", [], " Cannot read document: found a list of 0, expected an object"],
    [
      "another version",
      sampleDocument({ tidemark: "mapping/2" }),
      '/tidemark Cannot read /tidemark: found "mapping/2", expected one of "mapping/1"',
    ],
    [
      "an unknown field",
      sampleDocument({ portfolios: "cards" }),
      '/portfolios Cannot read document: found unknown field "portfolios", expected "portfolio"',
    ],
    [
      "a column that is a number",
      changed({ billed: { column: 7 } }),
      "/facts/billed/column Cannot read /facts/billed/column: found 7, expected the name of a column, as text (quote numbers)",
    ],
    [
      "a fact with two sources",
      changed({ billed: { column: "BILL", sum: ["paid"] } }),
      '/facts/billed Cannot read /facts/billed: found 2 of the fields "column", "money", "number", "sum", "difference", "product", "mean", "ratio", "max", "min", "clamp", "ifNull", "lookup", "bucket", expected exactly one',
    ],
    [
      "a rounding that is not stated",
      changed({ repaymentRatio: { ratio: { of: "paid", by: "billed", scale: 4 } } }),
      '/facts/repaymentRatio/ratio Cannot read /facts/repaymentRatio/ratio: found no field "rounding", expected one',
    ],
    [
      "a fraction where a whole number belongs",
      changed({
        delinquency: { bucket: { of: "daysPastDue", starts: [0.5], values: ["M0", "M1"] } },
      }),
      '/facts/delinquency/bucket/starts/0 Cannot read /facts/delinquency/bucket/starts/0: found 0.5, expected a whole number or a decimal as text, such as "0.5"',
    ],
    [
      "operations within operations without end",
      changed({ billed: nested(60) }),
      " Cannot read document: found more than 40 levels, expected fewer",
    ],
  ])("refuses %s", (_, value, message) => {
    expect(problemsOf(value)).toContain(message);
  });
});

describe("the meaning", () => {
  test.each<[string, unknown, string]>([
    [
      "an unknown currency",
      sampleDocument({ currency: "XXX" }),
      '/currency Cannot read /currency: found "XXX", expected one of AUD, BRL',
    ],
    [
      "a date that does not exist",
      sampleDocument({ asOf: "2026-02-30" }),
      '/asOf Cannot read /asOf: found "2026-02-30", expected a date like 2026-01-31',
    ],
    [
      "a code for a status that lines do not have",
      sampleDocument({
        line: {
          ...(sampleDocument() as { line: object }).line,
          status: { column: "STATUS", values: { X: "blocked" } },
        },
      }),
      '/line/status/values/X Cannot read /line/status/values/X: found "blocked", expected one of active, frozen, closing, closed, exited',
    ],
    [
      "one mark for decimals and groups",
      sampleDocument({ format: { decimal: ",", grouping: "," } }),
      '/format/grouping Cannot read numbers: found "," both as decimal mark and between digits',
    ],
    [
      "a column that is both read and ignored",
      sampleDocument({ ignore: ["NOTE", "BILL"] }),
      '/ignore/1 Cannot ignore column "BILL": the mapping reads it',
    ],
    [
      "a fact without declaration",
      changed({ mood: { column: "MOOD" } }),
      '/facts/mood Cannot import fact "mood": found no entry in the dictionary',
    ],
    [
      "a fact that Tidemark keeps itself",
      changed({}, { billed: { name: "drawn" } }),
      '/dictionary/1/name Cannot import fact "drawn": Tidemark keeps it about every line itself',
    ],
    [
      "a fact that stands twice",
      changed({}, { paid: { name: "billed" } }),
      '/dictionary/2/name Cannot use dictionary: found fact "billed" a second time',
    ],
    [
      "a minimum above the maximum",
      changed({}, { daysPastDue: { minimum: "9", maximum: "8" } }),
      "/dictionary/0/minimum Cannot read range /dictionary/0: found a minimum above the maximum",
    ],
    [
      "bounds with more decimals than the fact",
      changed({}, { daysPastDue: { minimum: "0.5" } }),
      '/dictionary/0 Cannot read bounds of "daysPastDue": found 0.5 / 3000',
    ],
    [
      "values on a number",
      changed({}, { daysPastDue: { values: [{ value: "1", label: { zh: "一", en: "One" } }] } }),
      '/dictionary/0/values Cannot read /dictionary/0: found field "values" on type number',
    ],
    [
      "money and numbers added up",
      changed({ paid: { sum: ["billed", "daysPastDue"] } }),
      "/facts/paid/sum Cannot combine operands of /facts/paid/sum: found money and number of scale 0",
    ],
    [
      "a ratio of money and a number",
      changed({
        repaymentRatio: { ratio: { of: "paid", by: "daysPastDue", scale: 4, rounding: "down" } },
      }),
      "/facts/repaymentRatio/ratio Cannot combine operands of /facts/repaymentRatio/ratio: found money and number of scale 0",
    ],
    [
      "a ratio of another scale than declared",
      changed({
        repaymentRatio: { ratio: { of: "paid", by: "billed", scale: 2, rounding: "down" } },
      }),
      '/facts/repaymentRatio Cannot derive fact "repaymentRatio": found number of scale 2, expected number of scale 4 as declared',
    ],
    [
      "a fact that stands below",
      changed({ billed: { sum: ["paid", "limit"] } }),
      '/facts/billed/sum/0 Cannot read operand "paid": found no fact of this name above',
    ],
    [
      "an operand that is no number",
      changed({ hardship: { sum: ["delinquency"] } }),
      '/facts/hardship/sum/0 Cannot read operand "delinquency": found enum, expected a number or money fact',
    ],
    [
      "a product without a whole number",
      changed({ paid: { product: ["billed", "limit"] } }),
      "/facts/paid/product Cannot multiply /facts/paid/product: found no whole number",
    ],
    [
      "a code for a value that the enum does not have",
      changed({ region: { column: "REGION", values: { N: "north" } } }),
      '/facts/region/values/N Cannot use value of "region": found "north", expected east / west',
    ],
    [
      "an unknown value where the fact must be known",
      changed({ daysPastDue: { column: "OVERDUE", values: { "-": null } } }),
      '/facts/daysPastDue/values/- Cannot use value of "daysPastDue": found null',
    ],
    [
      "buckets that do not rise",
      changed({
        delinquency: { bucket: { of: "daysPastDue", starts: [31, 1], values: ["M0", "M1", "M2"] } },
      }),
      '/facts/delinquency/bucket Cannot make buckets of "delinquency": found 2 starts and 3 values, expected ascending starts',
    ],
    [
      "a bucket too few",
      changed({
        delinquency: { bucket: { of: "daysPastDue", starts: [1, 31], values: ["M0", "M1"] } },
      }),
      '/facts/delinquency/bucket Cannot make buckets of "delinquency": found 2 starts and 2 values',
    ],
    [
      "a look-up in a fact that stands below",
      changed({ delinquency: { lookup: { of: "region", values: { east: "M0" } } } }),
      '/facts/delinquency/lookup/of Cannot look up "region": found no fact of this name above',
    ],
    [
      "a bound with more decimals than its operand",
      changed({ daysPastDue: { clamp: { of: { number: "OVERDUE" }, minimum: "0.5" } } }),
      "/facts/daysPastDue/clamp/minimum Cannot read /facts/daysPastDue/clamp/minimum: found 0.5, expected number of scale 0",
    ],
  ])("refuses %s", (_, value, message) => {
    const problems = problemsOf(value);
    expect(
      problems.some((problem) => problem.startsWith(message)),
      problems.join("\n"),
    ).toBe(true);
  });

  test("tells every problem at once", () => {
    expect(
      problemsOf(sampleDocument({ currency: "XXX", asOf: "today", ignore: ["BILL"] })),
    ).toHaveLength(3);
  });
});
