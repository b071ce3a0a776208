// Which active strategy speaks of a line, and what its dictionary calls things. A report has no rules of its own: segment,
// grade and scores are those that a sweep of the same strategy would find.

import type { CreditLine } from "../domain/credit-line.ts";
import type { FactDeclaration } from "../domain/facts.ts";
import type { Text } from "../domain/text.ts";
import type { CompiledStrategy } from "../policy/compile.ts";
import type { SegmentNode } from "../policy/strategy.ts";

/** Strategies by what they speak of. */
export type ReportStrategies = Readonly<{
  all: readonly CompiledStrategy[];
  /** same jurisdiction and currency; that of the line's product before the others, then by id; undefined for none */
  of: (line: CreditLine) => CompiledStrategy | undefined;
  /** the declaration of a fact in the first strategy that has it */
  fact: (name: string) => FactDeclaration | undefined;
  /** label of a value of an enum fact */
  valueLabel: (fact: string, value: string) => Text | null;
  segmentLabel: (id: string) => Text | null;
  gradeLabel: (grade: string) => Text | null;
}>;

/** @param active compiled strategies, each in force */
export function reportStrategies(active: readonly CompiledStrategy[]): ReportStrategies {
  const all = active.toSorted((one, other) => (one.ref.id < other.ref.id ? -1 : 1));
  const chosen = new Map<string, CompiledStrategy | undefined>();
  const facts = firstOf(
    all.flatMap(({ document }) => document.facts.map((one) => [one.name, one])),
  );
  const values = firstOf(
    [...facts.values()].flatMap((fact) =>
      (fact.values ?? []).map(({ value, label }) => [`${fact.name}/${value}`, label] as const),
    ),
  );
  const segments = firstOf(all.flatMap(({ document }) => labelsOf(document.segmentation)));
  const grades = firstOf(
    all.flatMap(({ document }) =>
      (document.grades?.bands ?? []).map(({ grade, label }) => [grade, label] as const),
    ),
  );
  return {
    all,
    of: (line) => {
      const key = `${line.jurisdiction}/${line.currency}/${line.product}`;
      if (!chosen.has(key)) chosen.set(key, choose(all, line));
      return chosen.get(key);
    },
    fact: (name) => facts.get(name),
    valueLabel: (fact, value) => values.get(`${fact}/${value}`) ?? null,
    segmentLabel: (id) => segments.get(id) ?? null,
    gradeLabel: (grade) => grades.get(grade) ?? null,
  };
}

function choose(all: readonly CompiledStrategy[], line: CreditLine): CompiledStrategy | undefined {
  const fitting = all.filter(
    ({ document }) =>
      document.jurisdiction === line.jurisdiction && document.currency === line.currency,
  );
  return fitting.find(({ document }) => document.product === line.product) ?? fitting[0];
}

function labelsOf(nodes: readonly SegmentNode[]): readonly (readonly [string, Text])[] {
  return nodes.flatMap(({ id, label, children = [] }) => [
    [id, label] as const,
    ...labelsOf(children),
  ]);
}

function firstOf<Value>(
  entries: readonly (readonly [string, Value])[],
): ReadonlyMap<string, Value> {
  return new Map(entries.toReversed());
}
