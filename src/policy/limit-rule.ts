// The arithmetic of a decrease: from the selected treatment to the limit asked for, and from there through
// the guards to the outcome. Integers only, each rounding with its mode, and a record of every step for
// whoever asks. Guards only ever move the limit back towards the present one.

import type { Action, Outcome } from "../domain/assessment.ts";
import { basisPointsPerOne, floorTo, mulDiv, type Rounding } from "../domain/money.ts";
import { holdsAll } from "./holds.ts";
import type {
  BoundIr,
  GuardIr,
  LimitIr,
  LineSlots,
  SourceIr,
  TargetIr,
  TreatmentIr,
} from "./ir.ts";

/** Slots of a run: one number per operand, NaN for unknown. */
export type Values = Float64Array;

/** One step of the arithmetic. Amounts in minor units; `rounding` where one took place. */
export type LimitStep = Readonly<{
  kind:
    | "cut-by-rate"
    | "cut-by-amount"
    | "cut-to-balance"
    | "set-to"
    | "floor"
    | "round"
    | "cap"
    | "guard-floor"
    | "guard-round"
    | "guard-stop";
  /** id of the treatment, floor, cap or guard; null for rounding */
  id: string | null;
  beforeMinor: number;
  afterMinor: number;
  /** the rate, amount, step or days that the step used */
  operand: number;
  rounding: Rounding | null;
}>;

/** Receives the steps in order. */
export type StepRecorder = (step: LimitStep) => void;

const ignore: StepRecorder = () => {};

/** Ids of the two guards that every strategy has. */
export const builtInGuards = {
  neverAboveLimit: "never-above-limit",
  neverBelowDrawn: "never-below-drawn",
} as const;

function amountOf(source: SourceIr, values: Values): number {
  return source.kind === "constant" ? source.value : values[source.slot]!;
}

/** What is drawn and pending, at least 0, minor units. */
export function usedOf(values: Values, line: LineSlots): number {
  return Math.max(0, values[line.drawn]! + values[line.pending]!);
}

/** The limit that a treatment asks for, before guards. Null where it asks for nothing. */
export function askedLimit(
  rule: LimitIr,
  treatment: TreatmentIr,
  values: Values,
  line: LineSlots,
  record: StepRecorder = ignore,
): number | null {
  const limit = values[line.limit]!;
  if (treatment.action === "none") return null;
  if (treatment.action === "freeze") return limit;
  if (treatment.action === "close" || treatment.target === null) return 0;
  let asked = targetOf(treatment.target, treatment.id, values, line, record);
  for (const floor of rule.floors) {
    const after = Math.max(asked, boundOf(floor, limit));
    record(
      step(
        "floor",
        floor.id,
        asked,
        after,
        boundOf(floor, limit),
        floor.kind === "rate" ? "down" : null,
      ),
    );
    asked = after;
  }
  const rounded =
    rule.mode === "down" ? floorTo(asked, rule.stepMinor) : ceilTo(asked, rule.stepMinor);
  record(step("round", null, asked, rounded, rule.stepMinor, rule.mode));
  asked = rounded;
  for (const cap of rule.caps) {
    const after = Math.min(asked, boundOf(cap, limit));
    record(step("cap", cap.id, asked, after, boundOf(cap, limit), null));
    asked = after;
  }
  return asked;
}

function step(
  kind: LimitStep["kind"],
  id: string | null,
  beforeMinor: number,
  afterMinor: number,
  operand: number,
  rounding: Rounding | null,
): LimitStep {
  return { kind, id, beforeMinor, afterMinor, operand, rounding };
}

function targetOf(
  target: TargetIr,
  id: string,
  values: Values,
  line: LineSlots,
  record: StepRecorder,
): number {
  const limit = values[line.limit]!;
  switch (target.method) {
    case "cut-by-rate": {
      const rateBp = amountOf(target.rate, values);
      const after = limit - mulDiv(limit, rateBp, basisPointsPerOne, target.rounding);
      record(step(target.method, id, limit, after, rateBp, target.rounding));
      return after;
    }
    case "cut-by-amount": {
      const amount = amountOf(target.amount, values);
      const after = limit - Math.min(amount, limit);
      record(step(target.method, id, limit, after, amount, null));
      return after;
    }
    case "cut-to-balance": {
      const used = usedOf(values, line);
      const after = used + mulDiv(used, target.bufferBp, basisPointsPerOne, target.rounding);
      record(step(target.method, id, limit, after, target.bufferBp, target.rounding));
      return after;
    }
    case "set-to": {
      const amount = amountOf(target.amount, values);
      record(step(target.method, id, limit, amount, amount, null));
      return amount;
    }
  }
}

/** A floor or cap in minor units, for a present limit. */
export function boundOf(bound: BoundIr, limit: number): number {
  switch (bound.kind) {
    case "amount":
      return bound.amountMinor;
    case "rate":
      return mulDiv(limit, bound.rateBp, basisPointsPerOne, "down");
    case "present-limit":
      return limit;
  }
}

function ceilTo(value: number, step: number): number {
  const down = floorTo(value, step);
  return down === value ? value : down + step;
}

export type Guarded = Readonly<{ outcome: Outcome; guardsBound: readonly string[] }>;

const none: Outcome = { action: "none" };

/** Applies the guards to what the treatment asked for. `asked` is null when it asked for nothing. */
export function guardOutcome(
  rule: LimitIr,
  guards: readonly GuardIr[],
  action: Action,
  asked: number | null,
  values: Values,
  line: LineSlots,
  record: StepRecorder = ignore,
): Guarded {
  if (action === "none" || asked === null) return { outcome: none, guardsBound: [] };
  const fromMinor = values[line.limit]!;
  const stopped = coolingDown(guards, action, values, line);
  if (stopped !== null) {
    record(
      step(
        "guard-stop",
        stopped.id,
        asked,
        fromMinor,
        stopped.kind === "cool-down" ? stopped.days : 0,
        null,
      ),
    );
    return { outcome: none, guardsBound: [stopped.id] };
  }
  if (action !== "decrease") return { outcome: { action, fromMinor }, guardsBound: [] };
  return guardDecrease(rule, guards, asked, values, line, record);
}

function coolingDown(
  guards: readonly GuardIr[],
  action: Action,
  values: Values,
  line: LineSlots,
): GuardIr | null {
  const days = line.daysSinceDecrease < 0 ? Number.NaN : values[line.daysSinceDecrease]!;
  for (const guard of guards) {
    if (guard.kind !== "cool-down" || !guard.actions.includes(action)) continue;
    if (days < guard.days && holdsAll(guard.tests, values)) return guard;
  }
  return null;
}

function guardDecrease(
  rule: LimitIr,
  guards: readonly GuardIr[],
  asked: number,
  values: Values,
  line: LineSlots,
  record: StepRecorder,
): Guarded {
  const limit = values[line.limit]!;
  const binding = bindingFloors(rule, guards, asked, values, line);
  const guardsBound = binding.ids.slice();
  let to = asked;
  if (binding.ids.length > 0) {
    for (const id of binding.ids)
      record(step("guard-floor", id, asked, binding.floor, binding.floor, "up"));
    to = Math.min(limit, ceilTo(binding.floor, rule.stepMinor));
    record(step("guard-round", null, binding.floor, to, rule.stepMinor, "up"));
  }
  if (to > limit) {
    record(step("guard-floor", builtInGuards.neverAboveLimit, to, limit, limit, null));
    guardsBound.push(builtInGuards.neverAboveLimit);
    to = limit;
  }
  const small = tooSmall(guards, limit, to, values);
  if (small !== null) {
    record(step("guard-stop", small.id, to, limit, limit - to, null));
    return { outcome: none, guardsBound: [...guardsBound, small.id] };
  }
  if (to >= limit) return { outcome: none, guardsBound };
  return { outcome: { action: "decrease", fromMinor: limit, toMinor: to }, guardsBound };
}

/** The highest of the guards' floors above the limit asked for, and the guards that set it. */
function bindingFloors(
  rule: LimitIr,
  guards: readonly GuardIr[],
  asked: number,
  values: Values,
  line: LineSlots,
): { floor: number; ids: string[] } {
  const binding = { floor: asked, ids: [] as string[] };
  const consider = (id: string, floor: number): void => {
    if (floor <= asked || floor < binding.floor) return;
    if (floor > binding.floor) binding.ids.length = 0;
    binding.floor = floor;
    binding.ids.push(id);
  };
  if (!rule.belowDrawn) consider(builtInGuards.neverBelowDrawn, usedOf(values, line));
  for (const guard of guards) {
    const floor = guardFloor(guard, values[line.limit]!, values, line);
    if (floor !== null && holdsAll(guard.tests, values)) consider(guard.id, floor);
  }
  return binding;
}

/** The lowest limit that a guard allows; null for guards of another kind. */
function guardFloor(guard: GuardIr, limit: number, values: Values, line: LineSlots): number | null {
  switch (guard.kind) {
    case "max-cut":
      return limit - mulDiv(limit, guard.rateBp, basisPointsPerOne, "down");
    case "max-cut-12-months": {
      const before = values[line.decreasedLast12Months]!;
      const allowed = mulDiv(limit + before, guard.rateBp, basisPointsPerOne, "down");
      return limit - Math.min(limit, Math.max(0, allowed - before));
    }
    case "minimum-line":
      return guard.amountMinor;
    case "cool-down":
    case "minimum-cut":
      return null;
  }
}

function tooSmall(
  guards: readonly GuardIr[],
  limit: number,
  to: number,
  values: Values,
): GuardIr | null {
  const cut = limit - to;
  if (cut <= 0) return null;
  for (const guard of guards) {
    if (guard.kind !== "minimum-cut" || !holdsAll(guard.tests, values)) continue;
    const least = Math.max(guard.amountMinor, mulDiv(limit, guard.rateBp, basisPointsPerOne, "up"));
    if (cut < least) return guard;
  }
  return null;
}
