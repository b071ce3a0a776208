// Facts that are declared as data over the signal catalogue: a measure says what of which signal is kept by day, a fact
// says what is made of it over which window. Type, scale and unit follow from both, so that a document cannot get them
// wrong, and a strategy that names such a fact is held against them.

import { type ExposureFact, exposureForm, exposureSource } from "./exposure.ts";
import { environmentForm, environmentSource, type EnvironmentFact } from "./environment-fact.ts";
import type { FactDeclaration, FactForm, FactValues, SensitivityClass } from "./facts.ts";
import { type PayloadField, signalCatalogue, type SignalType } from "./signal-catalogue.ts";
import { scaledInteger } from "./money.ts";
import type { Text } from "./text.ts";
import type { ReadyTrait, Trait } from "./trait.ts";

/** What is kept by day of the signals of one type. */
export type Measure = Readonly<{
  id: string;
  label: Text;
  signal: SignalType;
  /** the field of the signal whose values are kept; absent: signals are only counted */
  value?: string;
  /** only signals whose fields have one of these values */
  where?: Readonly<Record<string, readonly string[]>>;
  /** how far back anybody looks: a line of which nothing was told for longer has unknown facts */
  reachDays: number;
  /** of codes only: how many different ones are told apart; as many mean that many or more */
  atMost?: number;
}>;

export const takes = [
  ...(["latest", "age", "change", "count", "sum", "min", "max"] as const),
  ...(["average", "distinct", "slope"] as const),
] as const;

/**
 * latest: the newest value · age: days since it · change: the newest value less the one of `days` days ago · count, sum,
 * min, max, average, distinct: over the window · slope: the least-squares change of the sum from one `stepDays` to the
 * next. The window is the last `days` days, or the last `cycles` days on which the measure was told.
 */
export type Taken = Readonly<{
  take: (typeof takes)[number];
  of: string;
  days?: number;
  cycles?: number;
  stepDays?: number;
}>;

/** `over`: what the value is divided by, the limit of the line or something else that is taken. */
export type DeclaredFact = Taken &
  Readonly<{
    name: string;
    label: Text;
    over?: "limit" | Taken;
    sensitivity: SensitivityClass;
    /** news of its measures is looked at by triggers at once */
    watched?: true;
  }>;

/** Which measures of the facts document say what was drawn, repaid, and taken as cash or transferred. */
export type BehaviourMeasures = Readonly<{ drawn: string; repaid: string; cash: string }>;

/** The document: `facts/standard.yaml` or the lender's own. */
export type FactsDocument = Readonly<{
  /** signals about days that are longer ago are kept and recompute nothing */
  lateDays: number;
  /** how many linked customers are told at most when a customer falls behind; absent: 20 */
  linkedAtMost?: number;
  measures: readonly Measure[];
  facts: readonly DeclaredFact[];
  /** facts over all open lines of the customer */
  exposure?: readonly ExposureFact[];
  /** kinds of customers */
  traits?: readonly Trait[];
  /** the measures by which a line's use is held against how it was used before; absent: nobody looks */
  behaviour?: BehaviourMeasures;
  /** facts about where a line lives */
  environment?: readonly EnvironmentFact[];
}>;

/** The document, ready to be asked. */
export type DeclaredFacts = Readonly<{
  lateDays: number;
  linkedAtMost: number;
  measures: ReadonlyMap<string, Measure>;
  measuresOf: ReadonlyMap<SignalType, readonly Measure[]>;
  facts: ReadonlyMap<string, DeclaredFact>;
  exposure: ReadonlyMap<string, ExposureFact>;
  traits: readonly ReadyTrait[];
  behaviour: BehaviourMeasures | null;
  environment: ReadonlyMap<string, EnvironmentFact>;
  /** measures of watched facts */
  watched: ReadonlySet<string>;
  /** the longest reach of all measures */
  reachDays: number;
}>;

/** Source of declared facts in the dictionary of a strategy. */
export const declaredSource = "signals";

const usualLinkedAtMost = 20;

/** Indexes a document that was checked. */
export function declaredFacts({
  lateDays,
  linkedAtMost = usualLinkedAtMost,
  measures,
  facts,
  exposure = [],
  traits = [],
  behaviour = null,
  environment = [],
}: Omit<FactsDocument, "behaviour"> &
  Readonly<{ behaviour?: BehaviourMeasures | null }>): DeclaredFacts {
  const byId = new Map(measures.map((measure) => [measure.id, measure]));
  return {
    lateDays,
    linkedAtMost,
    measures: byId,
    measuresOf: Map.groupBy(measures, ({ signal }) => signal),
    facts: new Map(facts.map((fact) => [fact.name, fact])),
    exposure: new Map(exposure.map((fact) => [fact.name, fact])),
    behaviour,
    traits: traits.map((trait) =>
      readyTrait(trait, (name) => scaleIn(byId, { facts, exposure }, name)),
    ),
    environment: new Map(environment.map((fact) => [fact.name, fact])),
    watched: new Set(facts.filter(({ watched }) => watched).flatMap(measuresRead)),
    reachDays: Math.max(0, ...measures.map(({ reachDays }) => reachDays)),
  };
}

function readyTrait({ when, ...trait }: Trait, scale: (fact: string) => number): ReadyTrait {
  const bound = (text: string | undefined, fact: string): number | null =>
    text === undefined ? null : scaledInteger(text, scale(fact));
  return {
    ...trait,
    tests: when.map(({ fact, atLeast, atMost }) => ({
      ...{ fact, low: bound(atLeast, fact), high: bound(atMost, fact) },
    })),
  };
}

function scaleIn(
  measures: DeclaredFacts["measures"],
  { facts, exposure }: Required<Pick<FactsDocument, "facts" | "exposure">>,
  name: string,
): number {
  const made = facts.find((fact) => fact.name === name);
  const summed = exposure.find((fact) => fact.name === name);
  const form = made === undefined ? summed && exposureForm(summed) : formOf(measures, made);
  return form?.scale ?? 0;
}

/** Nothing is declared. */
export const noDeclaredFacts: DeclaredFacts = declaredFacts({
  lateDays: 0,
  measures: [],
  facts: [],
});

/** The measures that a fact reads. */
export function measuresRead({ of, over }: Pick<DeclaredFact, "of" | "over">): readonly string[] {
  return over === undefined || over === "limit" || over.of === of ? [of] : [of, over.of];
}

const ratio: FactForm = { type: "number", scale: 4, unit: "ratio" };

/** The form of a declared fact. */
export function formOf(
  measures: DeclaredFacts["measures"],
  fact: Taken & Pick<DeclaredFact, "over">,
): FactForm {
  if (fact.over !== undefined) return ratio;
  const { take, of } = fact;
  if (take === "age") return { type: "number", scale: 0, unit: "days" };
  if (take === "count" || take === "distinct") return { type: "number", scale: 0, unit: "count" };
  const form = fieldForm(fieldOf(measures.get(of)!)!);
  const isFiner = take === "average" || take === "slope";
  return form.type === "number" && isFiner ? { ...form, scale: Math.max(2, form.scale!) } : form;
}

/** The field whose values a measure keeps. */
export function fieldOf({ signal, value }: Measure): PayloadField | undefined {
  const { fields } = signalCatalogue[signal];
  return value !== undefined && Object.hasOwn(fields, value) ? fields[value] : undefined;
}

/** Decimals that the values of a field are kept with. */
export function scaleOf({ unit }: PayloadField): number {
  return unit === "bp" || unit === "units of 1/10,000" ? 4 : 0;
}

function fieldForm(field: PayloadField): FactForm {
  switch (field.type) {
    case "money":
    case "date":
    case "boolean":
      return { type: field.type };
    case "enum": {
      const named = field.values!.map((value) => ({ value, label: { zh: value, en: value } }));
      return { type: "enum", values: named };
    }
    default: {
      const unit = field.unit === "bp" ? "ratio" : field.unit!;
      return { type: "number", scale: scaleOf(field), unit };
    }
  }
}

/** What a strategy has to say of a fact that is made here; undefined for a fact that somebody tells. */
export function declaredForm(
  { facts, measures, environment, exposure }: DeclaredFacts,
  name: string,
): (FactForm & Readonly<{ source: string; sensitivity: SensitivityClass }>) | undefined {
  const own = facts.get(name);
  if (own !== undefined) {
    return { ...formOf(measures, own), source: declaredSource, sensitivity: own.sensitivity };
  }
  const summed = exposure.get(name);
  if (summed !== undefined) {
    return { ...exposureForm(summed), source: exposureSource, sensitivity: summed.sensitivity };
  }
  const around = environment.get(name);
  if (around === undefined) return undefined;
  const { sensitivity } = around;
  return { ...environmentForm(around), source: environmentSource, sensitivity };
}

/** Every fact that is made here as a strategy begins to declare it; its bounds and what its absence means are the strategy's own. */
export function declarations(declared: DeclaredFacts): readonly FactDeclaration[] {
  const { facts, exposure, environment } = declared;
  return [...facts.values(), ...exposure.values(), ...environment.values()].map(
    ({ name, label }) => ({
      ...{ name, label, missing: "unknown" },
      ...declaredForm(declared, name)!,
    }),
  );
}

/** The names of a kind of declared facts among those that somebody reads. */
export function namesDeclared(
  kind: ReadonlyMap<string, unknown>,
  names: Iterable<string>,
): ReadonlySet<string> {
  return new Set([...names].filter((name) => kind.has(name)));
}

/** Names of declared facts among values that somebody tells: they are made here and told by nobody. */
export function firstDeclared(
  { facts, exposure, environment }: DeclaredFacts,
  values: FactValues,
): string | undefined {
  const kinds = [facts, exposure, environment];
  return Object.keys(values).find((name) => kinds.some((kind) => kind.has(name)));
}
