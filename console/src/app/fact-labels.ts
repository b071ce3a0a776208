// The lender's own words for facts and their values, from the fact dictionaries of the strategies in force: what a
// region or an industry is called is data, not a text of the console.
import { useMemo } from "react";
import { reads } from "../api/reads.ts";
import { useLook } from "./language.tsx";
import { useRead } from "./read.ts";

type Labelled = Readonly<{ zh: string; en: string }>;
type Declared = Readonly<{
  name: string;
  label: Labelled;
  values?: readonly Readonly<{ value: string; label: Labelled }>[];
}>;

type Named = Readonly<{ id?: string; label?: Labelled; children?: readonly Named[] }>;
type Dictionary = Readonly<{ facts: readonly Declared[]; parts: ReadonlyMap<string, Labelled> }>;

export type FactLabels = Readonly<{
  /** the fact's label, its name where no strategy in force declares it */
  fact: (name: string) => string;
  /** the label of a value of an enumeration, the value itself otherwise */
  value: (fact: string, value: string) => string;
  /** values of an enumeration, empty when it is none */
  options: (fact: string) => readonly Readonly<{ value: string; label: string }>[];
  /** the label of a rule or a segment of a strategy in force, its id otherwise */
  part: (id: string) => string;
}>;

const nothing: Dictionary = { facts: [], parts: new Map() };

function addNamed(named: readonly Named[], parts: Map<string, Labelled>): void {
  for (const { id, label, children = [] } of named) {
    if (id !== undefined && label !== undefined) parts.set(id, label);
    addNamed(children, parts);
  }
}

async function readDictionaries(): Promise<Dictionary> {
  const { data } = await reads.strategies();
  const active = data.filter(({ state }) => state === "active");
  const documents = await Promise.all(
    active.map(({ id, version }) => reads.strategy(id, String(version))),
  );
  const parts = new Map<string, Labelled>();
  for (const { document } of documents) {
    for (const name of ["eligibility", "exclusions", "segmentation"]) {
      addNamed((document[name] ?? []) as readonly Named[], parts);
    }
  }
  const facts = documents.flatMap(
    ({ document }) => (document["facts"] ?? []) as readonly Declared[],
  );
  return { facts, parts };
}

export function useFactLabels(): FactLabels {
  const { language } = useLook();
  const { data = nothing } = useRead(["strategies", "dictionaries"], readDictionaries);
  return useMemo(() => {
    const { facts, parts } = data;
    const byName = new Map(facts.map((fact) => [fact.name, fact]));
    const valuesOf = (fact: string): Declared["values"] => byName.get(fact)?.values ?? [];
    return {
      fact: (name) => byName.get(name)?.label[language] ?? name,
      value: (fact, value) =>
        valuesOf(fact)?.find((one) => one.value === value)?.label[language] ?? value,
      options: (fact) =>
        (valuesOf(fact) ?? []).map(({ value, label }) => ({ value, label: label[language] })),
      part: (id) => parts.get(id)?.[language] ?? id,
    };
  }, [data, language]);
}
