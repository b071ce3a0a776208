// What a row becomes, and every way in which it can be refused: the line of the file, the column, what was
// found, what was expected and why, in both languages, with no personal data in any of it.

import { describe, expect, test } from "vitest";
import {
  sampleCells,
  sampleColumns,
  sampleDocument,
  sampleMapping,
} from "../../test/support/mapping-document.ts";
import type { BusinessDate } from "../domain/calendar.ts";
import { planRows, type RowRead } from "./apply-mapping.ts";
import type { Mapping } from "./mapping.ts";
import { rowProblemText, type RowProblem } from "./row-problem.ts";

const today = "2026-03-02" as BusinessDate;
const document = sampleDocument() as {
  line: Record<string, unknown>;
  facts: Record<string, unknown>;
  dictionary: readonly object[];
};
const header = { line: 1, columns: sampleColumns };

function plan(mapping: Mapping = sampleMapping()) {
  const made = planRows(mapping, header, today, ["cn", "jp"]);
  if ("problems" in made) throw new Error(JSON.stringify(made.problems));
  return made;
}

function problemsOf(read: RowRead): readonly RowProblem[] {
  return "problems" in read ? read.problems : [];
}

/** `column reason: found → expected` of each problem. */
function refusals(change: Readonly<Record<string, string>>, mapping?: Mapping): readonly string[] {
  const problems = problemsOf(plan(mapping).read({ line: 17, cells: sampleCells(change) }));
  return problems.map((problem) => {
    expect(problem.line).toBe(17);
    expect(problem.expected.zh).not.toBe("");
    return `${problem.column} ${problem.reason}: ${problem.found} → ${problem.expected.en}`;
  });
}

describe("a good row", () => {
  test("becomes a line with its facts in declared types and units", () => {
    const made = plan();
    const read = made.read({ line: 2, cells: sampleCells() });
    if (!("row" in read)) throw new Error(JSON.stringify(read.problems));
    const { values, ...row } = read.row;
    expect(row).toEqual({
      customerReference: "C-1",
      lineReference: "L-1",
      portfolio: "cards",
      product: "card",
      jurisdiction: "cn",
      currency: "CNY",
      language: "zh",
      limitMinor: 1_000_000,
      drawnMinor: 250_000,
      pendingMinor: 0,
      status: "active",
      openedOn: "2024-05-31",
      asOf: "2026-02-28",
      identity: { name: "演示一", phone: "138-0000-0001" },
    });
    expect(values).toHaveLength(7);
    expect(made.factsOf(read.row)).toEqual({
      daysPastDue: 35,
      billed: 250_000,
      paid: 25_000,
      repaymentRatio: 1000,
      delinquency: "M2",
      hardship: true,
      region: "east",
    });
  });

  test("may leave out what may be unknown", () => {
    const made = plan();
    const cells = sampleCells({ PAID: "", FLAG: " ", REGION: "", OPENED: "", NAME: "", PHONE: "" });
    const read = made.read({ line: 2, cells });
    if (!("row" in read)) throw new Error(JSON.stringify(read.problems));
    expect(read.row).toMatchObject({ openedOn: null, identity: {} });
    expect(made.factsOf(read.row)).toMatchObject({
      paid: null,
      repaymentRatio: null,
      hardship: null,
      region: null,
    });
  });

  test("is read by the format of the mapping", () => {
    const format = { decimal: ",", grouping: ".", dates: "DD/MM/YYYY" };
    const cells = sampleCells({
      LIMIT: "1.234.567,8",
      DRAWN: "-2500,00",
      BILL: "2500",
      PAID: "0,5",
      OPENED: "31/05/2024",
    });
    const made = plan(sampleMapping({ format }));
    const read = made.read({ line: 2, cells });
    if (!("row" in read)) throw new Error(JSON.stringify(read.problems));
    expect(read.row).toMatchObject({
      limitMinor: 123_456_780,
      drawnMinor: -250_000,
      openedOn: "2024-05-31",
    });
    expect(made.factsOf(read.row)).toMatchObject({ billed: 250_000, paid: 50, repaymentRatio: 2 });
  });

  test("may hold amounts in minor units", () => {
    const mapping = sampleMapping({ format: { amounts: "minor" } });
    const change = { LIMIT: "1000000", DRAWN: "1", BILL: "2", PAID: "3" };
    const read = plan(mapping).read({ line: 2, cells: sampleCells(change) });
    expect(read).toMatchObject({ row: { limitMinor: 1_000_000, drawnMinor: 1 } });
    expect(refusals({ ...change, LIMIT: "1.5" }, mapping)).toEqual([
      "LIMIT broken-number: 1.5 → an amount in minor units of CNY with at most 0 decimals, not below 0",
    ]);
  });

  test("may state its own currency, date and language", () => {
    const { openedOn: _, ...line } = document.line;
    const { region: _region, hardship: _hardship, ...facts } = document.facts;
    const mapping = sampleMapping({
      currency: { column: "REGION" },
      asOf: { column: "OPENED" },
      language: { column: "FLAG", values: { Y: "en" }, otherwise: "zh" },
      line,
      facts,
      dictionary: document.dictionary.slice(0, 5),
    });
    const made = plan(mapping);
    const read = made.read({
      line: 2,
      cells: sampleCells({ REGION: "JPY", LIMIT: "500", BILL: "1000", PAID: "500" }),
    });
    expect(read).toMatchObject({
      row: { currency: "JPY", limitMinor: 500, asOf: "2024-05-31", language: "en" },
    });
    expect(refusals({ REGION: "JPY", LIMIT: "10000.50" }, mapping)).toContain(
      "LIMIT broken-number: 10000.50 → an amount in JPY with at most 0 decimals, not below 0",
    );
    expect(refusals({ OPENED: "2026-03-03" }, mapping)).toContain(
      "OPENED future-date: 2026-03-03 → a date not after 2026-03-02",
    );
    expect(refusals({ OPENED: "" }, mapping)).toContain(
      "OPENED missing-value:  → a date not after 2026-03-02",
    );
  });
});

describe("a bad row", () => {
  const amount = "an amount in CNY with at most 2 decimals";

  test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ["no reference", { CUST: " " }, ["CUST missing-value:  → a reference of 1 to 64 characters"]],
    [
      "a reference with a control character",
      { LINE: "L\u00001" },
      ["LINE broken-text: L�1 → a reference of 1 to 64 characters"],
    ],
    [
      "a broken number",
      { LIMIT: "12,000" },
      [`LIMIT broken-number: 12,000 → ${amount}, not below 0`],
    ],
    [
      "a number in letters",
      { LIMIT: "1e4" },
      [`LIMIT broken-number: 1e4 → ${amount}, not below 0`],
    ],
    ["too many decimals", { DRAWN: "1.005" }, [`DRAWN broken-number: 1.005 → ${amount}`]],
    ["no amount", { DRAWN: "" }, ["DRAWN missing-value:  → an amount in CNY"]],
    ["a limit below zero", { LIMIT: "-1" }, [`LIMIT out-of-range: -1 → ${amount}, not below 0`]],
    [
      "a number beyond 2^53",
      { LIMIT: "99999999999999999" },
      [`LIMIT broken-number: 99999999999999999 → ${amount}, not below 0`],
    ],
    ["an unknown status", { STATUS: "Z" }, ["STATUS unknown-code: Z → one of A, F"]],
    [
      "a date that does not exist",
      { OPENED: "2025-02-29" },
      ["OPENED broken-date: 2025-02-29 → an existing date written YYYY-MM-DD"],
    ],
    [
      "a line opened after the date of the file",
      { OPENED: "2026-03-01" },
      ["OPENED future-date: 2026-03-01 → a date not after 2026-02-28"],
    ],
    [
      "a fact out of its range",
      { OVERDUE: "3001" },
      ["OVERDUE out-of-range: 3001 → a number with at most 0 decimals, within 0 – 3000"],
    ],
    [
      "a fact that must be known",
      { OVERDUE: "" },
      ["OVERDUE missing-value:  → a value: the fact must be known"],
    ],
    ["an unknown code", { REGION: "N" }, ["REGION unknown-code: N → one of E, W"]],
    [
      "a derived fact out of its range",
      { PAID: "100000" },
      ["repaymentRatio out-of-range: 40.0000 → a known value, within … – 10.0000"],
    ],
    [
      "text that could not be decoded",
      { REGION: "\uFFFD" },
      ["REGION encoding: \uFFFD → text in the encoding that the mapping states"],
    ],
    [
      "personal data that cannot be right",
      { PHONE: "call me 5" },
      ["PHONE broken-text: *** → a phone number of 5 to 20 digits"],
    ],
    [
      "several things at once, but no derived fact on top",
      { LIMIT: "x", OVERDUE: "y", REGION: "N" },
      [
        `LIMIT broken-number: x → ${amount}, not below 0`,
        "OVERDUE broken-number: y → a number with at most 0 decimals, within 0 – 3000",
        "REGION unknown-code: N → one of E, W",
      ],
    ],
  ])("is refused for %s", (_, change, expected) => {
    expect(refusals(change)).toEqual(expected);
  });

  test("is refused for another number of cells", () => {
    const [problem] = problemsOf(plan().read({ line: 3, cells: ["C-1", "L-1"] }));
    expect(rowProblemText("lines.csv", problem!)).toEqual({
      en: 'Cannot read lines.csv:3: the row has another number of cells than the header, found "2", expected 14 cells, as the header has',
      zh: '无法读取 lines.csv:3：该行列数与表头不符，发现 "2"，应为与表头一致的 14 列',
    });
  });

  test("is refused for another currency than the mapping allows", () => {
    const { region: _, ...facts } = document.facts;
    const mapping = sampleMapping({
      currency: { column: "REGION", values: { RMB: "CNY" } },
      facts,
      dictionary: document.dictionary.slice(0, -1),
    });
    expect(refusals({ REGION: "RMB" }, mapping)).toEqual([]);
    expect(refusals({ REGION: "USD" }, mapping)).toEqual([
      "REGION currency-mismatch: USD → one of RMB",
    ]);
  });

  test("never shows personal data", () => {
    const secrets = { NAME: "12 Wang Secret", PHONE: "13800000000 ext Wang" };
    for (const line of refusals(secrets)) expect(line).not.toMatch(/Wang|138/);
    expect(refusals(secrets)).toHaveLength(2);
  });
});

describe("the header", () => {
  const headerOf = (columns: readonly string[]): readonly string[] => {
    const made = planRows(sampleMapping(), { line: 1, columns }, today, ["cn"]);
    return "problems" in made
      ? made.problems.map((problem) => rowProblemText("lines.csv", problem).en)
      : [];
  };

  test("must have every column of the mapping", () => {
    const columns = sampleColumns.filter((name) => name !== "LIMIT" && name !== "NOTE");
    expect(headerOf(columns)).toEqual([
      `Cannot read lines.csv:1 LIMIT: the file lacks a column, found "${columns.join(", ").slice(0, 79)}…", expected a column "LIMIT"`,
    ]);
  });

  test("may have no column that the mapping neither uses nor ignores", () => {
    expect(headerOf([...sampleColumns, "INCOME", "ETHNICITY"])).toEqual([
      'Cannot read lines.csv:1 INCOME: the mapping neither uses nor ignores this column, found "INCOME", expected a column that the mapping uses, or names under ignore',
      'Cannot read lines.csv:1 ETHNICITY: the mapping neither uses nor ignores this column, found "ETHNICITY", expected a column that the mapping uses, or names under ignore',
    ]);
  });

  test("may have no column twice", () => {
    expect(headerOf([...sampleColumns, "LIMIT"])).toEqual([
      'Cannot read lines.csv:1 LIMIT: a column stands twice in the file, found "LIMIT", expected each column name once',
    ]);
  });

  test("may not be of a day that has not come", () => {
    const made = planRows(sampleMapping({ asOf: "2026-03-03" }), header, today, ["cn"]);
    expect("problems" in made && made.problems.map((problem) => problem.reason)).toEqual([
      "future-date",
    ]);
  });
});

test("a look-up follows another fact, and refuses codes it does not know", () => {
  const facts = {
    ...document.facts,
    region: { lookup: { of: "daysPastDue", values: { "0": "east", "35": "west" } } },
  };
  const mapping = sampleMapping({ facts, ignore: ["NOTE", "REGION"] });
  const made = plan(mapping);
  const read = made.read({ line: 2, cells: sampleCells() });
  expect("row" in read && made.factsOf(read.row)["region"]).toBe("west");
  expect(refusals({ OVERDUE: "7" }, mapping)).toEqual(["region unknown-code: 7 → one of 0, 35"]);
  const open = sampleMapping({
    facts: {
      ...document.facts,
      region: { lookup: { of: "daysPastDue", values: { "0": "east" }, otherwise: null } },
    },
    ignore: ["NOTE", "REGION"],
  });
  const other = plan(open).read({ line: 2, cells: sampleCells() });
  expect("row" in other && plan(open).factsOf(other.row)["region"]).toBeNull();
});
