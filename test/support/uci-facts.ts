// The UCI example's facts straight from its CSV, for tests of the strategy and its scorecard alone. Written
// independently of the import mapping, so that the two can be held against each other.

import { readFileSync } from "node:fs";
import type { FactValues } from "../../src/domain/facts.ts";

export type UciRow = Readonly<{
  column: (name: string) => number;
  facts: FactValues;
  bad: boolean;
}>;

const statusColumns = ["PAY_0", "PAY_2", "PAY_3", "PAY_4", "PAY_5", "PAY_6"] as const;
const sexes = ["", "male", "female"];
const educations = [
  "unknown",
  "graduate-school",
  "university",
  "high-school",
  "other",
  "unknown",
  "unknown",
];
const marriages = ["unknown", "married", "single", "other"];

/** All rows of the CSV. Amounts become minor units (two decimals). */
export function readUciRows(path: string): UciRow[] {
  const [head = "", ...lines] = readFileSync(path, "utf8").trimEnd().split(/\r?\n/);
  const index = new Map(head.split(",").map((name, at) => [name, at]));
  return lines.map((line) => {
    const cells = line.split(",").map(Number);
    const column = (name: string): number => cells[index.get(name) ?? -1] ?? Number.NaN;
    return { column, facts: factsOf(column), bad: column("Y") === 1 };
  });
}

/** A ratio at scale 4, towards negative infinity; null when there is nothing to divide by. */
function ratio(numerator: number, denominator: number): number | null {
  return denominator <= 0 ? null : Math.floor((numerator * 10_000) / denominator);
}

function factsOf(column: (name: string) => number): FactValues {
  const limit = column("LIMIT_BAL");
  const billed = [1, 2, 3, 4, 5, 6].map((month) => column(`BILL_AMT${month}`));
  const paid = [1, 2, 3, 4, 5, 6].map((month) => column(`PAY_AMT${month}`));
  const status = statusColumns.map(column);
  const sum = (values: readonly number[]): number =>
    values.reduce((total, value) => total + value, 0);
  const facts: Record<string, number | string | null> = {
    limit: limit * 100,
    drawn: billed[0]! * 100,
    pending: 0,
    lineStatus: "active",
    monthsOnBook: null,
    daysSinceDecrease: null,
    decreasedLast12Months: 0,
    utilisation: ratio(billed[0]!, limit),
    utilisation6mAverage: ratio(sum(billed), limit * 6),
    daysPastDue: 30 * Math.max(0, status[0]!),
    repaymentRatio: ratio(paid[0]!, billed[1]!),
    repaymentRatio6m: ratio(sum(paid.slice(0, 5)), sum(billed.slice(1))),
    utilisationTrend: ratio(billed[0]! * 3 - sum(billed.slice(3)), limit * 3),
    sex: sexes[column("SEX")] ?? null,
    education: educations[column("EDUCATION")] ?? null,
    marriage: marriages[column("MARRIAGE")] ?? null,
    age: column("AGE"),
  };
  status.forEach((value, at) => (facts[`repaymentStatus${at + 1}`] = value));
  billed.forEach((value, at) => (facts[`billed${at + 1}`] = value * 100));
  paid.forEach((value, at) => (facts[`paid${at + 1}`] = value * 100));
  return facts;
}
