// Whether values satisfy tests: the one comparison that evaluation, guards and explanations share. An
// unknown value (NaN) satisfies a test only where its cell says so.

import type { IntegerSet } from "./integer-set.ts";
import type { Tests } from "./ir.ts";

/** Whether one value belongs to a set; NaN is the unknown value. */
export function holds(set: IntegerSet, value: number): boolean {
  if (Number.isNaN(value)) return set.unknown;
  const { bounds } = set;
  for (let at = 0; at < bounds.length; at += 2) {
    if (value >= bounds[at]! && value <= bounds[at + 1]!) return true;
  }
  return false;
}

/** Whether all tests hold; an empty list always does. */
export function holdsAll(tests: Tests, values: Float64Array): boolean {
  for (const test of tests) {
    if (!holds(test, values[test.slot]!)) return false;
  }
  return true;
}
