// What a signal leaves in the panes of its line: one new version of the pane of its day for each measure that looks at its
// type, and nothing else, so that the cost of a signal does not grow with the history of the line. The incremental way and
// the rebuild from all signals are this one function over the same signals.

import { type BusinessDate, daysBetween } from "../domain/calendar.ts";
import type { DeclaredFacts, Measure } from "../domain/declared-fact.ts";
import { emptyPane, mergePanes, type Pane, paneOf, type ToldValue } from "../domain/pane.ts";
import { signalCatalogue } from "../domain/signal-catalogue.ts";
import type { Signal } from "../domain/signal.ts";

/** What one measure keeps of a signal. */
export type Observation = Readonly<{ measure: Measure; told: ToldValue }>;

/**
 * What the measures keep of a signal that was recorded on `knownOn`: nothing where its day is longer ago than the
 * document says.
 */
export function observationsOf(
  { lateDays, measuresOf }: DeclaredFacts,
  signal: Signal,
  knownOn: BusinessDate,
): readonly Observation[] {
  const measures = measuresOf.get(signal.type);
  if (measures === undefined || daysBetween(signal.asOf, knownOn) > lateDays) return [];
  return measures.flatMap((measure) => {
    if (!isMeant(measure, signal)) return [];
    const value = measure.value === undefined ? null : plainValue(signal, measure.value);
    return value === undefined ? [] : [{ measure, told: { value, at: signal.happenedAt ?? null } }];
  });
}

/** The pane after one more observation of its measure. */
export function paneAfter(held: Pane = emptyPane, { measure, told }: Observation): Pane {
  return mergePanes(held, paneOf(told), measure.atMost);
}

function isMeant({ where = {} }: Measure, signal: Signal): boolean {
  return Object.entries(where).every(([name, values]) =>
    values.includes(String(plainValue(signal, name))),
  );
}

/** Numbers as they are, amounts in minor units, everything else as text; undefined where the signal does not tell it. */
function plainValue(signal: Signal, name: string): number | string | undefined {
  const { type, data } = signal;
  const fields: object = signalCatalogue[type].does === "kept" ? (data ?? {}) : signal;
  const told: unknown = Object.hasOwn(fields, name)
    ? fields[name as keyof typeof fields]
    : undefined;
  switch (typeof told) {
    case "number":
    case "string":
      return told;
    case "boolean":
      return String(told);
    case "object":
      return amountOf(told ?? {});
    default:
      return undefined;
  }
}

/** The minor units of money, however it is written. */
function amountOf(money: object): number | undefined {
  return Object.values(money).find((one): one is number => typeof one === "number");
}
