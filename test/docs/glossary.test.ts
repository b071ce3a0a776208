// The glossary gives each term one meaning in both languages, and the words that it rejects stand in no other document.
import { describe, expect, test } from "vitest";
import { proseOf, quotedIn, readDocument, readDocuments, tablesOf } from "../support/documents.ts";

const path = "docs/concepts/glossary.md";
const tables = tablesOf(readDocument(path));
const terms = tables.filter(({ heading }) => heading.includes("term")).flatMap(({ rows }) => rows);
const rejected = tables.find(({ heading }) => heading[0] === "rejected")?.rows ?? [];
const chinese = /\p{Script=Han}/u;

const required = [
  ...["signal", "facts", "assessment", "decision", "reason code", "review case", "referral"],
  ...["override", "maker", "checker", "adverse action notice", "limit decrease", "limit increase"],
  ...["freeze", "reinstate", "close", "exit", "available credit", "exposure", "utilisation"],
  ...["days past due", "delinquency bucket", "cut to balance", "champion", "challenger", "shadow"],
  ...["holdout", "swap set", "backtest", "vintage", "roll rate", "PD", "LGD", "EAD", "CCF", "EL"],
  ...["behaviour score", "pace", "budget", "reservation", "notice gate", "compliance pack"],
  ...["rehabilitation", "restoration", "correction", "recovery of data", "recovery of debt"],
  ...["outbox", "dead letter", "idempotency key", "watermark", "lease", "leaf", "checkpoint"],
  ...["inclusion proof", "consistency proof", "witness", "effective date", "booked date", "as-of"],
];

describe("the glossary", () => {
  test("has terms and rejected words", () => {
    expect(terms.length).toBeGreaterThan(50);
    expect(rejected.length).toBeGreaterThan(5);
  });

  test.each(terms)("has %s in both languages with a meaning in each", (...cells) => {
    const [english = "", native = "", meaning = "", nativeMeaning = ""] = cells;
    expect(english).toMatch(/[A-Za-z]/);
    expect(english).not.toMatch(chinese);
    expect(native).toMatch(chinese);
    expect(meaning.length).toBeGreaterThan(8);
    expect(nativeMeaning).toMatch(chinese);
  });

  test("has every term that code and texts rest on", () => {
    const known = terms.map(([english = ""]) => english);
    expect(required.filter((term) => !known.includes(term))).toEqual([]);
  });

  test("explains no term twice", () => {
    for (const at of [0, 1]) {
      const all = terms.map((row) => (row[at] ?? "").toLowerCase());
      expect(all.filter((term, index) => all.indexOf(term) !== index)).toEqual([]);
    }
  });
});

const others = [...readDocuments()].filter(([name]) => name !== path);

test.each(rejected.map((row) => [row[0] ?? ""]))("no document writes %s", (cell) => {
  for (const word of quotedIn(cell)) {
    const found = others
      .filter(([, text]) => containsWord(proseOf(text), word))
      .map(([name]) => name);
    expect(found, word).toEqual([]);
  }
});

// Latin words as whole words in the written case, Chinese ones anywhere.
function containsWord(text: string, word: string): boolean {
  if (chinese.test(word)) return text.includes(word);
  const flags = word === word.toUpperCase() ? "" : "i";
  return new RegExp(`(?<![\\w-])${word.replaceAll(" ", "\\s+")}(?![\\w-])`, flags).test(text);
}
