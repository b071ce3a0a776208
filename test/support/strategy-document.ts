// A small strategy document with one of everything, for tests that change one thing and look at what happens.

import { createHash } from "node:crypto";
import type { BusinessDate } from "../../src/domain/calendar.ts";
import type { FactValues } from "../../src/domain/facts.ts";
import { compileStrategy, type CompiledStrategy } from "../../src/policy/compile.ts";
import { type ParsedStrategy, parseStrategy } from "../../src/policy/parse.ts";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export const sha256 = (bytes: Uint8Array): string =>
  createHash("sha256").update(bytes).digest("hex");

export const asOf = "2026-11-20" as BusinessDate;

const text = (en: string): Json => ({ zh: `${en}（中文）`, en });

const money = (name: string, minimum: string): Json => ({
  name,
  label: text(name),
  type: "money",
  minimum,
  maximum: "1000000.00",
  source: "line",
  missing: "refuse",
  sensitivity: "financial",
});

/** A fresh copy of the document as untyped data. */
export function strategyDocument(): Record<string, Json> {
  return {
    id: "small",
    version: 3,
    label: text("Small strategy"),
    area: "limit-decrease",
    direction: "decrease",
    cause: "behaviour",
    product: "card",
    jurisdiction: "cn",
    currency: "CNY",
    author: "someone",
    facts: [
      money("limit", "0.00"),
      money("drawn", "-1000.00"),
      money("pending", "0.00"),
      money("decreasedLast12Months", "0.00"),
      {
        name: "daysSinceDecrease",
        label: text("Days since"),
        type: "number",
        minimum: "0",
        maximum: "9999",
        source: "line",
        missing: "unknown",
        sensitivity: "ordinary",
      },
      {
        name: "late",
        label: text("Days late"),
        type: "number",
        unit: "days",
        minimum: "0",
        maximum: "3000",
        source: "import",
        missing: "refuse",
        neutral: "0",
        sensitivity: "financial",
      },
      {
        name: "use",
        label: text("Use"),
        type: "number",
        scale: 4,
        minimum: "-1",
        maximum: "10",
        source: "import",
        missing: "unknown",
        missingMeans: text("No limit"),
        neutral: "0.3",
        sensitivity: "financial",
      },
      {
        name: "region",
        label: text("Region"),
        type: "enum",
        values: ["east", "north", "south"].map((value) => ({ value, label: text(value) })),
        source: "import",
        missing: "unknown",
        neutral: "east",
        sensitivity: "personal",
      },
      {
        name: "breach",
        label: text("Breach"),
        type: "boolean",
        source: "import",
        missing: "unknown",
        neutral: "false",
        sensitivity: "financial",
      },
      {
        name: "opened",
        label: text("Opened"),
        type: "date",
        source: "import",
        missing: "unknown",
        neutral: "2000-01-01",
        sensitivity: "ordinary",
      },
      {
        name: "sex",
        label: text("Sex"),
        type: "enum",
        values: ["f", "m"].map((value) => ({ value, label: text(value) })),
        source: "import",
        missing: "unknown",
        sensitivity: "protected",
      },
    ],
    eligibility: [{ id: "has-limit", label: text("Has a limit"), when: { limit: "> 0" } }],
    exclusions: [
      { id: "recent", label: text("Recent decrease"), when: { daysSinceDecrease: "< 30" } },
    ],
    segmentation: [
      { id: "far", label: text("Far"), when: { region: '"north","south"' } },
      { id: "near", label: text("Near"), when: {} },
    ],
    scores: [
      {
        id: "risk",
        label: text("Risk"),
        initialScore: 10,
        reasonCodeAlgorithm: "pointsBelow",
        baseline: "best",
        characteristics: [
          {
            id: "use",
            label: text("Use"),
            fact: "use",
            reason: "R10",
            attributes: [
              { when: "< 0.5", points: 30 },
              { when: "[0.5..0.9)", points: 15 },
              { when: ">= 0.9", points: 0 },
              { when: "null", points: 20 },
            ],
          },
          {
            id: "late",
            label: text("Late"),
            fact: "late",
            reason: "R01",
            attributes: [
              { when: "0", points: 40 },
              { when: "otherwise", points: 10 },
            ],
          },
        ],
      },
    ],
    grades: {
      input: "score.risk",
      bands: [
        { grade: "A", label: text("Good"), when: ">= 60", pdBp: 100 },
        { grade: "B", label: text("Middling"), when: "[30..60)", pdBp: 500 },
        { grade: "C", label: text("Poor"), when: "< 30", pdBp: 2_000 },
      ],
    },
    tables: [
      {
        id: "treatment",
        label: text("Treatment"),
        hitPolicy: "F",
        inputs: ["late", "breach", "grade"],
        outputs: [
          {
            name: "treatment",
            label: text("Treatment"),
            type: "enum",
            values: ["keep", "cut", "balance", "freeze", "close"].map((value) => ({
              value,
              label: text(value),
            })),
          },
        ],
        rows: [
          {
            id: "R1",
            note: text("Breach closes"),
            when: ["-", "true", "-"],
            then: ['"close"'],
            reasons: [{ code: "R14", facts: ["breach"] }],
          },
          {
            id: "R2",
            note: text("Very late freezes"),
            when: [">= 61", "-", "-"],
            then: ['"freeze"'],
            reasons: [{ code: "R01", facts: ["late"] }],
          },
          {
            id: "R3",
            note: text("Late cuts to balance"),
            when: ["[31..60]", "-", "-"],
            then: ['"balance"'],
            reasons: [{ code: "R01", facts: ["late"] }],
          },
          {
            id: "R4",
            note: text("Poor is cut"),
            when: ["-", "-", '"C"'],
            then: ['"cut"'],
            reasonsFrom: ["risk"],
          },
        ],
        default: ['"keep"'],
      },
      {
        id: "rate",
        label: text("Rate"),
        hitPolicy: "C+",
        inputs: ["use", "segment"],
        outputs: [
          {
            name: "rate",
            label: text("Rate"),
            type: "number",
            scale: 4,
            minimum: "0",
            maximum: "1",
          },
        ],
        rows: [
          { id: "S1", note: text("Base"), when: ["-", "-"], then: ["0.25"] },
          {
            id: "S2",
            note: text("Heavy use"),
            when: [">= 0.9", "-"],
            then: ["0.15"],
            reasons: [{ code: "R10", facts: ["use"] }],
          },
          {
            id: "S3",
            note: text("Far away"),
            when: ["-", '"far"'],
            then: ["0.1"],
            reasons: [{ code: "R06", facts: ["region"] }],
          },
        ],
      },
    ],
    limitRule: {
      select: "table.treatment.treatment",
      treatments: [
        { id: "keep", label: text("Keep"), action: "none" },
        {
          id: "cut",
          label: text("Cut"),
          action: "decrease",
          target: { method: "cut-by-rate", rate: { operand: "table.rate.rate" }, rounding: "down" },
        },
        {
          id: "balance",
          label: text("Cut to balance"),
          action: "decrease",
          target: { method: "cut-to-balance", bufferBp: 1_000, rounding: "up" },
        },
        { id: "freeze", label: text("Freeze"), action: "freeze" },
        { id: "close", label: text("Close"), action: "close" },
      ],
      floors: [{ id: "tenth", label: text("A tenth stays"), rateBp: 1_000 }],
      rounding: { step: "100.00", mode: "down" },
      caps: [{ id: "present", label: text("Not above"), of: "present-limit" }],
      belowDrawn: "never",
    },
    guards: [
      { id: "cool", label: text("Cool down"), kind: "cool-down", days: 90, actions: ["decrease"] },
      { id: "most", label: text("At most half"), kind: "max-cut", rateBp: 5_000 },
      { id: "year", label: text("At most 60 % a year"), kind: "max-cut-12-months", rateBp: 6_000 },
      { id: "least", label: text("At least 500 left"), kind: "minimum-line", amount: "500.00" },
      {
        id: "small",
        label: text("No small cuts"),
        kind: "minimum-cut",
        amount: "200.00",
        rateBp: 100,
      },
    ],
    pace: {
      lgdBp: 6_000,
      ccfBp: 5_000,
      budgets: [
        {
          id: "day",
          label: text("A day"),
          window: "day",
          scope: { kind: "segment", segment: "far" },
          cap: { kind: "exposure", amount: "100000.00" },
        },
      ],
    },
    routing: [
      {
        id: "big",
        label: text("Big cuts"),
        when: { "outcome.cutRate": ">= 0.4" },
        route: "review",
      },
      { id: "rest", label: text("The rest"), when: {}, route: "straight-through" },
    ],
    notice: { template: "limit-change", maxReasons: 4, languages: ["zh", "en"] },
    restoration: {
      criteria: [{ id: "on-time", label: text("On time"), when: { late: "0" } }],
      reEvaluateAfterDays: 90,
      stepBp: 2_500,
    },
  };
}

/** The document with the value at a JSON pointer replaced, added ("/list/-" appends) or, with undefined, removed. */
export function changed(
  path: string,
  value: unknown,
  document = strategyDocument(),
): Record<string, Json> {
  const steps = path.split("/").slice(1);
  const last = steps.pop() ?? "";
  let owner: unknown = document;
  for (const step of steps) owner = (owner as Record<string, unknown>)[step];
  if (Array.isArray(owner) && last === "-") owner.push(value);
  else if (value === undefined) delete (owner as Record<string, unknown>)[last];
  else (owner as Record<string, unknown>)[last] = value;
  return document;
}

/** Parses the document with one change. */
export function parseChanged(path: string, value: unknown): ParsedStrategy {
  return parseStrategy(changed(path, value));
}

/** Compiles a document that must be right; the problem text fails the test otherwise. */
export function compiled(document: unknown = strategyDocument()): CompiledStrategy {
  const parsed = parseStrategy(document);
  if (parsed.strategy === null) {
    throw new Error(
      parsed.problems.map((problem) => `${problem.path}: ${problem.message.en}`).join("\n"),
    );
  }
  return compileStrategy(parsed.strategy, sha256);
}

/** Facts of a healthy line of 10,000.00 with 2,000.00 drawn, with some changed. */
export function factsWith(facts: FactValues = {}): FactValues {
  return {
    limit: 1_000_000,
    drawn: 200_000,
    pending: 0,
    decreasedLast12Months: 0,
    daysSinceDecrease: null,
    late: 0,
    use: 2_000,
    region: "east",
    breach: false,
    opened: "2020-05-01",
    sex: "f",
    ...facts,
  };
}
