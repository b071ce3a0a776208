// Experiments and the digits of customers in memory, held to the rules that the database holds by its statements: one
// experiment of an area runs at a time, the first digit stays, and a holdout customer stays one.

import { isRestoring } from "../../domain/assessment.ts";
import type { Decision } from "../../domain/decision.ts";
import { endedWithoutEffect } from "../../domain/decision.ts";
import type {
  ArmDecisions,
  CustomerDigit,
  DigitCount,
  Experiment,
  Experiments,
} from "../../portfolio/experiment-ports.ts";
import { bucketOf, compareText, keyOf, type Tables } from "./tables.ts";

/** The port over the tables. */
export function experimentsIn(tables: Tables): Experiments {
  const all = (): readonly Experiment[] =>
    [...tables.experiments.values()].toSorted(
      (one, other) =>
        compareText(other.steps[0]!.at, one.steps[0]!.at) || compareText(one.id, other.id),
    );
  const running = (area: string): Experiment | null =>
    all().find((one) => one.area === area && one.state === "running") ?? null;
  const startedIn = (area: string): number =>
    all().filter((one) => one.area === area && one.place !== null).length;
  return {
    add: async (experiment) => {
      if (tables.experiments.has(experiment.id)) return "exists";
      tables.experiments.set(experiment.id, experiment);
      return "added";
    },
    enter: async (id, step, from, ranges) => {
      const found = tables.experiments.get(id);
      if (found === undefined || !from.includes(found.state)) return false;
      if (step.state === "running" && running(found.area) !== null) return false;
      tables.experiments.set(id, {
        ...found,
        state: step.state,
        place: step.state === "running" ? startedIn(found.area) : found.place,
        arms: found.arms.map((arm) => ({ ...arm, ranges: ranges?.[arm.name] ?? arm.ranges })),
        steps: [...found.steps, step],
      });
      return true;
    },
    find: async (id) => tables.experiments.get(id) ?? null,
    list: async () => all(),
    running: async (area) => running(area),
    digits: async (area, buckets) =>
      new Map(
        buckets
          .flatMap((bucket) => [...bucketOf(tables, bucket).digits.values()])
          .filter((one) => one.area === area)
          .map(({ customerId, digit, heldOut }) => [customerId, { digit, heldOut }]),
      ),
    keep: async (_bucket, digits) => keepDigits(tables, digits),
    digitCounts: async (area) => countDigits(tables, area),
    decisions: async (id) => decisionsByArm(tables, id),
  };
}

/** Keeps digits: the first one drawn for a customer stays, and a holdout stays one. */
export function keepDigits(tables: Tables, digits: readonly CustomerDigit[]): void {
  for (const drawn of digits) {
    const rows = bucketOf(tables, drawn.bucket).digits;
    const key = keyOf(drawn.area, drawn.customerId);
    const known = rows.get(key);
    if (known === undefined) rows.set(key, drawn);
    else if (drawn.heldOut) rows.set(key, { ...known, heldOut: true });
  }
}

function countDigits(tables: Tables, area: string): readonly DigitCount[] {
  const counts = new Map<string, DigitCount>();
  for (const bucket of tables.buckets.values()) {
    for (const { area: own, digit, heldOut } of bucket.digits.values()) {
      if (own !== area) continue;
      const key = keyOf(digit, String(heldOut));
      const customers = (counts.get(key)?.customers ?? 0) + 1;
      counts.set(key, { digit, heldOut, customers });
    }
  }
  return [...counts.values()].toSorted(
    (one, other) => one.digit - other.digit || Number(one.heldOut) - Number(other.heldOut),
  );
}

function decisionsByArm(tables: Tables, id: string): readonly ArmDecisions[] {
  const found = new Map<string, ArmDecisions>();
  for (const bucket of tables.buckets.values()) {
    for (const decision of bucket.decisions.values()) {
      const { arm } = decision.record;
      const { action } = decision.outcome;
      // What gives a line back was chosen by no arm.
      if (arm?.experiment !== id || isRestoring(action)) continue;
      const { currency } = bucket.lines.get(decision.lineId)!;
      const key = keyOf(arm.arm, action, currency);
      const sum = found.get(key) ?? { arm: arm.arm, action, currency, decisions: 0, cutMinor: 0 };
      const cutMinor = sum.cutMinor + cutOf(decision);
      found.set(key, { ...sum, decisions: sum.decisions + 1, cutMinor });
    }
  }
  return [...found].toSorted(([one], [other]) => compareText(one, other)).map(([, sum]) => sum);
}

function cutOf({ outcome, state }: Decision): number {
  if (outcome.action !== "decrease" || endedWithoutEffect(state)) return 0;
  return outcome.fromMinor - outcome.toMinor;
}
