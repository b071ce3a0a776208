// Facts about where a line lives: what a macro series says of its country, region or industry, and what happened there. They
// are declared beside the facts made of a line's own signals and made here, for one line and for a whole sweep alike, of
// signals that are read once for all lines; lines of one place share one answer. Numbers keep four decimals.

import { addDays, addMonths, type BusinessDate, daysBetween, type Instant } from "./calendar.ts";
import type { FactForm, FactValue, FactValues, SensitivityClass } from "./facts.ts";
import { severities, type Severity } from "./severity.ts";
import type { SignalType } from "./signal-catalogue.ts";
import type { Text } from "./text.ts";

/** What a fact looks at; a signal about one names it as `country/cn`, `region/GD` or `industry/retail`. */
export const environmentPlaces = ["country", "region", "industry"] as const;

export type EnvironmentPlace = (typeof environmentPlaces)[number];

export const environmentTakes = ["latest", "change", "age", "worst", "count"] as const;

/**
 * Of a series: latest: the value of the newest period · change: that less the value of `months` months before, or of the
 * newest period before that · age: days since anything was told of it. Of events (no series; those of the region or the
 * industry): worst: the gravest of the last `days` days · count: how many there were.
 */
export type EnvironmentFact = Readonly<{
  name: string;
  label: Text;
  by: EnvironmentPlace;
  take: (typeof environmentTakes)[number];
  series?: string;
  months?: number;
  days?: number;
  sensitivity: SensitivityClass;
}>;

/** Source of these facts in the dictionary of a strategy. */
export const environmentSource = "environment";

/** Where a line lives: `country` is its jurisdiction; null: its facts say nothing of it. */
export type Place = Readonly<Record<EnvironmentPlace, string | null>>;

/** A signal about the environment, as far as facts are made of it. */
export type ToldEnvironment = Readonly<{
  type: SignalType;
  subject: string;
  asOf: BusinessDate;
  knownAt: Instant;
  data: Readonly<Record<string, unknown>>;
}>;

/** A value and what it rests on: the signals that it was made of, oldest first. */
export type EnvironmentValue = Readonly<{
  fact: EnvironmentFact;
  value: FactValue;
  told: readonly ToldEnvironment[];
}>;

const severityLabels: Readonly<Record<Severity, Text>> = {
  low: { zh: "轻", en: "low" },
  medium: { zh: "中", en: "medium" },
  high: { zh: "重", en: "high" },
};

/** The form that a strategy has to declare such a fact in. */
export function environmentForm({ take }: Pick<EnvironmentFact, "take">): FactForm {
  switch (take) {
    case "latest":
    case "change":
      return { type: "number", scale: 4, unit: "value" };
    case "age":
      return { type: "number", scale: 0, unit: "days" };
    case "count":
      return { type: "number", scale: 0, unit: "count" };
    case "worst":
      return {
        type: "enum",
        values: severities.map((value) => ({ value, label: severityLabels[value] })),
      };
  }
}

/** The types of signals that these facts are made of. */
export function environmentTypes(facts: readonly EnvironmentFact[]): readonly SignalType[] {
  return [...new Set(facts.map(typeOf))];
}

function typeOf({ series, by }: EnvironmentFact): SignalType {
  if (series !== undefined) return "macro-value";
  return by === "industry" ? "industry-event" : "regional-event";
}

/** Series tell of periods long ago, and late: what is older than this before the window tells nothing any more. */
const reachDays = 1_100;

/** Signals about this day or an earlier one change none of these facts. */
export function environmentSince(
  facts: readonly EnvironmentFact[],
  asOf: BusinessDate,
): BusinessDate {
  const longest = Math.max(0, ...facts.map(({ months = 0, days = 0 }) => months * 31 + days));
  return addDays(asOf, -reachDays - longest);
}

/** The values for any place on a day. `signals`: those that were known then, in any order. */
export function environmentFacts(
  facts: readonly EnvironmentFact[],
  signals: readonly ToldEnvironment[],
  asOf: BusinessDate,
): (place: Place) => FactValues {
  const explain = explainEnvironment(facts, signals, asOf);
  const made = new Map<string, FactValues>();
  return (place) => {
    const key = JSON.stringify(environmentPlaces.map((by) => place[by]));
    const known = made.get(key);
    if (known !== undefined) return known;
    const values = Object.fromEntries(explain(place).map(({ fact, value }) => [fact.name, value]));
    made.set(key, values);
    return values;
  };
}

/** The same with what each value rests on. */
export function explainEnvironment(
  facts: readonly EnvironmentFact[],
  signals: readonly ToldEnvironment[],
  asOf: BusinessDate,
): (place: Place) => readonly EnvironmentValue[] {
  const within = signals.filter((signal) => signal.asOf <= asOf);
  const byKey = Map.groupBy(within.toSorted(byKnowledge), keyOfSignal);
  return (place) =>
    facts.map((fact) => {
      const code = place[fact.by];
      if (code === null) return { fact, ...unknown };
      // Whoever reads it among others that reach further back finds the same value.
      const since = environmentSince([fact], asOf);
      const told = (byKey.get(keyOf(fact, code)) ?? []).filter((one) => one.asOf > since);
      return { fact, ...made(fact, told, asOf) };
    });
}

/** What is known later stands later, and of one moment the later day. */
function byKnowledge(one: ToldEnvironment, other: ToldEnvironment): number {
  return compare(one.knownAt, other.knownAt) || compare(one.asOf, other.asOf);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function keyOf(fact: EnvironmentFact, code: string): string {
  return JSON.stringify([typeOf(fact), fact.series ?? null, `${fact.by}/${code}`]);
}

type AboutPlace = Pick<ToldEnvironment, "type" | "subject" | "data">;

function keyOfSignal(signal: AboutPlace): string {
  const { type, data } = signal;
  return JSON.stringify([type, type === "macro-value" ? data["series"] : null, placeTold(signal)]);
}

function placeTold({ type, subject, data }: AboutPlace): string {
  switch (type) {
    case "regional-event":
      return `region/${String(data["region"])}`;
    case "industry-event":
      return `industry/${String(data["industry"])}`;
    default:
      return subject;
  }
}

/** The place that a signal tells something of, as signals name it; null where none of these facts is made of it. */
export function placeOfNews(facts: Iterable<EnvironmentFact>, signal: AboutPlace): string | null {
  const place = placeTold(signal);
  const code = parsePlace(place)?.code;
  if (code === undefined) return null;
  return [...facts].some((fact) => keyOf(fact, code) === keyOfSignal(signal)) ? place : null;
}

/** The parts of a place as signals name it: `region/GD`; null where it is none. */
export function parsePlace(place: string): Readonly<{ by: EnvironmentPlace; code: string }> | null {
  const at = place.indexOf("/");
  const by = environmentPlaces.find((one) => one === place.slice(0, Math.max(0, at)));
  return by === undefined ? null : { by, code: place.slice(at + 1) };
}

type Made = Pick<EnvironmentValue, "value" | "told">;

const unknown: Made = { value: null, told: [] };

function made(fact: EnvironmentFact, told: readonly ToldEnvironment[], asOf: BusinessDate): Made {
  if (fact.series === undefined) {
    const from = addDays(asOf, -fact.days!);
    const recent = told.filter((one) => one.asOf > from);
    const grades = recent.map(({ data }) => severities.indexOf(data["severity"] as Severity));
    if (fact.take === "count") return { value: recent.length, told: recent };
    return { value: severities[Math.max(-1, ...grades)] ?? null, told: recent };
  }
  const last = told.toSorted((one, other) => compare(one.asOf, other.asOf)).at(-1);
  if (last === undefined) return unknown;
  if (fact.take === "age") return { value: daysBetween(last.asOf, asOf), told: [last] };
  const newest = newestUpTo(told, asOf);
  if (newest === null || fact.take === "latest") {
    return newest === null ? unknown : { value: valueOf(newest), told: [newest] };
  }
  const before = newestUpTo(told, addMonths(periodOf(newest), -fact.months!));
  return before === null
    ? unknown
    : { value: valueOf(newest) - valueOf(before), told: [before, newest] };
}

/** The newest period that begins by a day, in its last revision; signals stand in the order in which they became known. */
function newestUpTo(told: readonly ToldEnvironment[], day: BusinessDate): ToldEnvironment | null {
  let newest: ToldEnvironment | null = null;
  for (const one of told) {
    if (periodOf(one) > day) continue;
    if (newest === null || periodOf(one) >= periodOf(newest)) newest = one;
  }
  return newest;
}

function periodOf({ data }: ToldEnvironment): BusinessDate {
  return data["period"] as BusinessDate;
}

function valueOf({ data }: ToldEnvironment): number {
  return data["value"] as number;
}
