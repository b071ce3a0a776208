// A small mapping that uses every part of the form, for tests that change one thing in it, and files that fit.

import type { MappingDocument } from "../../src/portfolio/mapping-document.ts";
import type { Mapping } from "../../src/portfolio/mapping.ts";
import { parseMapping } from "../../src/portfolio/parse-mapping.ts";

const label = { zh: "标签", en: "Label" };
const base = { label, source: "import", sensitivity: "financial" } as const;

/** Columns of the sample file, in order. */
export const sampleColumns = [
  "CUST",
  "LINE",
  "LIMIT",
  "DRAWN",
  "STATUS",
  "OPENED",
  "NAME",
  "PHONE",
  "OVERDUE",
  "BILL",
  "PAID",
  "FLAG",
  "REGION",
  "NOTE",
] as const;

/** One good row by column. */
export const sampleRow: Readonly<Record<(typeof sampleColumns)[number], string>> = {
  CUST: "C-1",
  LINE: "L-1",
  LIMIT: "10000.00",
  DRAWN: "2500",
  STATUS: "A",
  OPENED: "2024-05-31",
  NAME: "演示一",
  PHONE: "138-0000-0001",
  OVERDUE: "35",
  BILL: "2500.00",
  PAID: "250.00",
  FLAG: "Y",
  REGION: "E",
  NOTE: "never read",
};

/** The sample row with some cells changed, in the order of the columns. */
export function sampleCells(change: Partial<Record<string, string>> = {}): readonly string[] {
  const cells: Readonly<Record<string, string | undefined>> = { ...sampleRow, ...change };
  return sampleColumns.map((column) => cells[column] ?? "");
}

/** The sample document as plain data, with some parts replaced. */
export function sampleDocument(change: Readonly<Record<string, unknown>> = {}): unknown {
  const document: MappingDocument = {
    tidemark: "mapping/1",
    id: "sample",
    label,
    portfolio: "cards",
    product: "card",
    jurisdiction: "cn",
    currency: "CNY",
    asOf: "2026-02-28",
    language: "zh",
    line: {
      customerReference: { column: "CUST" },
      lineReference: { column: "LINE" },
      limit: { column: "LIMIT" },
      drawn: { column: "DRAWN" },
      openedOn: { column: "OPENED" },
      status: { column: "STATUS", values: { A: "active", F: "frozen" } },
    },
    identity: { name: { column: "NAME" }, phone: { column: "PHONE" } },
    dictionary: [
      {
        ...base,
        name: "daysPastDue",
        type: "number",
        unit: "days",
        minimum: "0",
        maximum: "3000",
        missing: "refuse",
      },
      { ...base, name: "billed", type: "money", minimum: "0.00", missing: "refuse" },
      { ...base, name: "paid", type: "money", missing: "unknown" },
      {
        ...base,
        name: "repaymentRatio",
        type: "number",
        scale: 4,
        maximum: "10",
        missing: "unknown",
      },
      {
        ...base,
        name: "delinquency",
        type: "enum",
        values: [
          { value: "M0", label },
          { value: "M1", label },
          { value: "M2", label },
        ],
        missing: "refuse",
      },
      { ...base, name: "hardship", type: "boolean", missing: "unknown" },
      {
        ...base,
        name: "region",
        type: "enum",
        values: [
          { value: "east", label },
          { value: "west", label },
        ],
        missing: "unknown",
      },
    ],
    facts: {
      daysPastDue: { column: "OVERDUE" },
      billed: { column: "BILL" },
      paid: { column: "PAID" },
      repaymentRatio: { ratio: { of: "paid", by: "billed", scale: 4, rounding: "half-even" } },
      delinquency: { bucket: { of: "daysPastDue", starts: [1, 31], values: ["M0", "M1", "M2"] } },
      hardship: { column: "FLAG", values: { Y: true, N: false } },
      region: { column: "REGION", values: { E: "east", W: "west" } },
    },
    ignore: ["NOTE"],
  };
  return { ...document, ...change };
}

/** The sample mapping, checked; throws with every problem when it is not good. */
export function sampleMapping(change: Readonly<Record<string, unknown>> = {}): Mapping {
  const parsed = parseMapping(sampleDocument(change));
  if ("mapping" in parsed) return parsed.mapping;
  throw new Error(parsed.problems.map((problem) => problem.message.en).join("\n"));
}
