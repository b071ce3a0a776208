// Three-valued logic (DMN 1.5 §10.3.2.12, tables 44-45): what is not a boolean counts as unknown, false decides a
// conjunction and true a disjunction whatever is unknown.

import type { FeelValue } from "./value.ts";

/** The conjunction of values read one after the other; reading ends at the first false. */
export function conjunction(values: Iterable<FeelValue>): boolean | null {
  return decided(values, false);
}

/** The disjunction of values read one after the other; reading ends at the first true. */
export function disjunction(values: Iterable<FeelValue>): boolean | null {
  return decided(values, true);
}

function decided(values: Iterable<FeelValue>, deciding: boolean): boolean | null {
  let unknown = false;
  for (const value of values) {
    if (value === deciding) return deciding;
    if (typeof value !== "boolean") unknown = true;
  }
  return unknown ? null : !deciding;
}

/** null for everything that is no boolean. */
export function negation(value: FeelValue): boolean | null {
  return typeof value === "boolean" ? !value : null;
}
