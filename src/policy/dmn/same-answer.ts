// Whether a model answered what a test wants: numbers within 1e-8 of each other, everything else exactly, contexts by
// the members that the test names.

import { equal } from "../feel/compare.ts";
import { startRun } from "../feel/run.ts";
import { type FeelValue, isContext, isList, isNumber } from "../feel/value.ts";

const tolerance = "1e-8";

/** Is `found` what was `expected`? */
export function isSameAnswer(expected: FeelValue, found: FeelValue): boolean {
  if (isNumber(expected) && isNumber(found)) {
    const distance = expected.minus(found).abs();
    return distance.lessThanOrEqualTo(expected.abs().times(tolerance));
  }
  if (isList(expected) && isList(found)) {
    const same = expected.every((one, at) => isSameAnswer(one, found[at] ?? null));
    return expected.length === found.length && same;
  }
  if (isContext(expected) && isContext(found)) {
    return [...expected].every(([name, one]) => isSameAnswer(one, found.get(name) ?? null));
  }
  return equal(startRun(), expected, found) === true;
}
