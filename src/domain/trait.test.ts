// A trait holds, does not hold or is unknown, of a line and of a customer.

import { expect, test } from "vitest";
import { traitOfCustomer, traitOfLine } from "./trait.ts";

const tests = [
  { fact: "share", low: 1_000, high: null },
  { fact: "age", low: 0, high: 30 },
];

test("holds of a line within all bounds, both ends included", () => {
  expect(traitOfLine({ tests }, { share: 1_000, age: 30 })).toBe(true);
  expect(traitOfLine({ tests }, { share: 999, age: 30 })).toBe(false);
  expect(traitOfLine({ tests }, { share: 1_000, age: 31 })).toBe(false);
});

test("is unknown where a fact is and none fails", () => {
  expect(traitOfLine({ tests }, { share: 1_000 })).toBeNull();
  expect(traitOfLine({ tests }, { share: 1, age: null })).toBe(false);
});

test("holds of a customer by any of the lines or by every one", () => {
  const any = (...lines: (boolean | null)[]) => traitOfCustomer({ holds: "any" }, lines);
  const every = (...lines: (boolean | null)[]) => traitOfCustomer({ holds: "every" }, lines);
  expect([any(true, null), any(false, null), any(false), any()]).toEqual([true, null, false, null]);
  expect([every(true), every(true, null), every(false, null), every()]).toEqual([
    ...[true, null, false, null],
  ]);
});
