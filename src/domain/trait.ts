// What kind of customer somebody is (pays in full, revolves, lies dormant …), as conditions over declared facts. Traits are
// data of the facts document and are never stored: they follow from the facts, so that a trait as of any past day is what
// it was then, and whoever asks why is told the facts.

import type { FactValue, FactValues } from "./facts.ts";
import type { Text } from "./text.ts";

/** Bounds are inclusive and written as decimal text in the unit of the fact. */
export type TraitTest = Readonly<{ fact: string; atLeast?: string; atMost?: string }>;

/** any: one open line of the customer is enough · every: all of them must hold. */
export type Trait = Readonly<{
  name: string;
  label: Text;
  holds: "any" | "every";
  when: readonly TraitTest[];
}>;

/** A test with its bounds in the integers that facts are kept in; null: no bound. */
export type ReadyTest = Readonly<{ fact: string; low: number | null; high: number | null }>;

export type ReadyTrait = Omit<Trait, "when"> & Readonly<{ tests: readonly ReadyTest[] }>;

/** Whether a trait holds of one line; null where that is unknown: no test fails and a fact is unknown. */
export function traitOfLine(
  { tests }: Pick<ReadyTrait, "tests">,
  facts: FactValues,
): boolean | null {
  return all(tests.map((test) => passes(test, facts[test.fact] ?? null)));
}

/** Whether it holds of the customer; null where that is unknown, and where there is no line. */
export function traitOfCustomer(
  { holds }: Pick<ReadyTrait, "holds">,
  lines: readonly (boolean | null)[],
): boolean | null {
  if (lines.length === 0) return null;
  if (holds === "every") return all(lines);
  return lines.includes(true) ? true : lines.includes(null) ? null : false;
}

function all(found: readonly (boolean | null)[]): boolean | null {
  return found.includes(false) ? false : found.includes(null) ? null : true;
}

function passes({ low, high }: ReadyTest, value: FactValue): boolean | null {
  if (typeof value !== "number") return null;
  return (low === null || value >= low) && (high === null || value <= high);
}
