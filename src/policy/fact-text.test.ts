// Fact values as text: read exactly or refused, and written so that reading gives them back.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arbitraryFacts } from "../../test/support/arbitrary-facts.ts";
import { compiled } from "../../test/support/strategy-document.ts";
import type { FactDeclaration } from "../domain/facts.ts";
import { decodeFact, encodeFact, readFactText, writeFactText } from "./fact-text.ts";

const { document, program } = compiled();

function declaration(name: string): FactDeclaration {
  return document.facts.find((fact) => fact.name === name)!;
}

describe("facts as text", () => {
  test.each([
    ["late", "31", 31],
    ["use", "0.55", 5_500],
    ["use", "-0.5", -5_000],
    ["use", "0.55000", 5_500],
    ["limit", "12000.5", 1_200_050],
    ["region", "north", "north"],
    ["breach", "false", false],
    ["opened", "2026-01-31", "2026-01-31"],
  ])("%s %s is read as %j", (name, text, value) => {
    expect(readFactText(declaration(name), "CNY", text)).toEqual({ value });
  });

  test.each([
    ["late", "3001", 'found "3001", expected a number within 0 … 3000'],
    ["late", "1.5", 'found "1.5", expected a number with at most 0 decimals'],
    ["late", "1e3", 'found "1e3", expected a number with at most 0 decimals'],
    ["late", "", 'found "", expected a number with at most 0 decimals'],
    ["limit", "0.001", 'found "0.001", expected a number with at most 2 decimals'],
    ["region", "North", 'found "North", expected one of east, north, south'],
    ["breach", "yes", 'found "yes", expected true or false'],
    ["opened", "31.01.2026", 'found "31.01.2026", expected a date written YYYY-MM-DD'],
  ])("%s %s is refused", (name, text, says) => {
    const read = readFactText(declaration(name), "CNY", text);
    expect("problem" in read && read.problem.en).toBe(says);
    expect("problem" in read && read.problem.zh).toMatch(/[\u4e00-\u9fff]/);
  });

  test("writing and reading, encoding and decoding give the value back", () => {
    fc.assert(
      fc.property(arbitraryFacts(compiled()), (facts) => {
        for (const fact of program.facts) {
          const value = facts[fact.name] ?? null;
          const text = writeFactText(fact.declaration, "CNY", value);
          if (text !== null) expect(readFactText(fact.declaration, "CNY", text)).toEqual({ value });
          expect(decodeFact(encodeFact(value, fact.type, fact.codes)!, fact.type)).toEqual(value);
        }
      }),
    );
  });
});
