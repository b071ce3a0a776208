// How points and ranges stand to each other (DMN 1.5 §10.3.4.8, Allen's relations). A point is a range of itself.

import { type BuiltIn, builtIn } from "./built-in.ts";
import { compare } from "./compare.ts";
import type { Run } from "./run.ts";
import { type FeelRange, type FeelValue, ofKind } from "./value.ts";

/** Order of two ends and whether each belongs to its range. */
type Ends = Readonly<{
  run: Run;
  a: FeelRange;
  b: FeelRange;
  order: (left: FeelValue, right: FeelValue) => number;
}>;
type Relation = (ends: Ends) => boolean;

class NoOrder extends Error {}

function asRange(value: FeelValue): FeelRange {
  if (ofKind(value, "range")) return value;
  return { kind: "range", from: value, to: value, fromIncluded: true, toIncluded: true };
}

function related(run: Run, one: FeelValue, other: FeelValue, relation: Relation): boolean | null {
  const order = (left: FeelValue, right: FeelValue): number => {
    const found = compare(run, left, right);
    if (found === null) throw new NoOrder();
    return found;
  };
  try {
    return relation({ run, a: asRange(one), b: asRange(other), order });
  } catch (error) {
    if (error instanceof NoOrder) return null;
    throw error;
  }
}

const before: Relation = ({ a, b, order }) => {
  const found = order(a.to, b.from);
  return found < 0 || (found === 0 && !(a.toIncluded && b.fromIncluded));
};
const meets: Relation = ({ a, b, order }) =>
  a.toIncluded && b.fromIncluded && order(a.to, b.from) === 0;
const startsNoLater: Relation = ({ a, b, order }) => {
  const found = order(a.from, b.from);
  return found < 0 || (found === 0 && (a.fromIncluded || !b.fromIncluded));
};
const endsNoEarlier: Relation = ({ a, b, order }) => {
  const found = order(a.to, b.to);
  return found > 0 || (found === 0 && (a.toIncluded || !b.toIncluded));
};
const swapped =
  (relation: Relation): Relation =>
  (ends) =>
    relation({ ...ends, a: ends.b, b: ends.a });
const overlaps: Relation = (ends) => !before(ends) && !swapped(before)(ends);
const includes: Relation = (ends) => startsNoLater(ends) && endsNoEarlier(ends);
const sameStart: Relation = ({ a, b, order }) =>
  order(a.from, b.from) === 0 && a.fromIncluded === b.fromIncluded;
const sameEnd: Relation = ({ a, b, order }) =>
  order(a.to, b.to) === 0 && a.toIncluded === b.toIncluded;
const coincides: Relation = (ends) => sameStart(ends) && sameEnd(ends);
const overlapsBefore: Relation = (ends) =>
  overlaps(ends) && startsNoLater(ends) && !sameStart(ends) && swapped(endsNoEarlier)(ends);
const starts: Relation = (ends) => sameStart(ends) && swapped(endsNoEarlier)(ends);
const finishes: Relation = (ends) => sameEnd(ends) && swapped(startsNoLater)(ends);

function relationFunction(name: string, relation: Relation): BuiltIn {
  return builtIn(name, "boolean", [
    "a: any, b: any",
    (run, [a = null, b = null]) => (a === null || b === null ? null : related(run, a, b, relation)),
  ]);
}

export const rangeFunctions: readonly BuiltIn[] = [
  relationFunction("before", before),
  relationFunction("after", swapped(before)),
  relationFunction("meets", meets),
  relationFunction("met by", swapped(meets)),
  relationFunction("overlaps", overlaps),
  relationFunction("overlaps before", overlapsBefore),
  relationFunction("overlaps after", swapped(overlapsBefore)),
  relationFunction("finishes", finishes),
  relationFunction("finished by", swapped(finishes)),
  relationFunction("includes", includes),
  relationFunction("during", swapped(includes)),
  relationFunction("starts", starts),
  relationFunction("started by", swapped(starts)),
  relationFunction("coincides", coincides),
];
