// Two versions of a strategy are compared by meaning: rows by their id, not by their place.
import { expect, test } from "vitest";
import { differences } from "./differences.ts";

test("a row put in the middle is told as that row alone", () => {
  const before = {
    rows: [
      { id: "R1", cut: 1 },
      { id: "R3", cut: 3 },
    ],
  };
  const after = {
    rows: [
      { id: "R1", cut: 1 },
      { id: "R2", cut: 2 },
      { id: "R3", cut: 3 },
    ],
  };
  expect(differences(before, after)).toEqual([
    { at: "rows.R2.id", before: null, after: "R2" },
    { at: "rows.R2.cut", before: null, after: "2" },
  ]);
});

test("a changed and a removed value are told with both sides", () => {
  expect(differences({ a: 1, b: { c: true } }, { a: 2, b: {} })).toEqual([
    { at: "a", before: "1", after: "2" },
    { at: "b.c", before: "true", after: null },
  ]);
});

test("the same document has no differences", () => {
  expect(differences({ a: [1, { name: "x" }] }, { a: [1, { name: "x" }] })).toEqual([]);
});
