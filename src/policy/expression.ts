// The arithmetic of an expression node: a short list of steps over slots, each a whole number, 0 or 1 for false and true,
// NaN for unknown. What a step does stands here once as a function and once as code, side by side, because the
// interpreter and the row function must agree on every bit.

import { mulDiv, type Rounding } from "../domain/money.ts";
import { type DateCall, dateCall } from "./date-calls.ts";

/** Steps that join two earlier ones, named by their position. */
export type JoinOp =
  | "add"
  | "subtract"
  | "multiply"
  | "least"
  | "greatest"
  | "below"
  | "at-most"
  | "same"
  | "and"
  | "or";

/**
 * One step. `divide` is left × `by` ÷ right, rounded; unknown where right is 0. `pick` is the value at the place that an
 * earlier step gives: what a text means is worked out for each of its few values beforehand. `call` asks the calendar.
 */
export type StepIr =
  | Readonly<{ op: "constant"; value: number }>
  | Readonly<{ op: "slot"; slot: number }>
  | Readonly<{ op: JoinOp; left: number; right: number }>
  | Readonly<{ op: "divide"; left: number; right: number; by: number; rounding: Rounding }>
  | Readonly<{ op: "known"; of: number }>
  | Readonly<{ op: "pick"; of: number; values: readonly number[] }>
  | Readonly<{ op: "call"; call: DateCall; of: readonly number[] }>
  | Readonly<{ op: "if"; test: number; then: number; otherwise: number }>;

/** Steps in the order of evaluation; the last one is the value. */
export type Steps = readonly StepIr[];

type Join = Readonly<{
  of: (left: number, right: number) => number;
  code: (left: string, right: string) => string;
}>;

/** FEEL's logic of three values; `same` is its `=`, for which unknown equals unknown. Adding 0 makes -0 a 0. */
const joins: Readonly<Record<JoinOp, Join>> = {
  add: { of: (a, b) => a + b + 0, code: (a, b) => `${a} + ${b} + 0` },
  subtract: { of: (a, b) => a - b + 0, code: (a, b) => `${a} - ${b} + 0` },
  multiply: { of: (a, b) => a * b + 0, code: (a, b) => `${a} * ${b} + 0` },
  least: { of: (a, b) => Math.min(a, b) + 0, code: (a, b) => `Math.min(${a}, ${b}) + 0` },
  greatest: { of: (a, b) => Math.max(a, b) + 0, code: (a, b) => `Math.max(${a}, ${b}) + 0` },
  below: {
    of: (a, b) => (a < b ? 1 : a >= b ? 0 : Number.NaN),
    code: (a, b) => `${a} < ${b} ? 1 : ${a} >= ${b} ? 0 : NaN`,
  },
  "at-most": {
    of: (a, b) => (a <= b ? 1 : a > b ? 0 : Number.NaN),
    code: (a, b) => `${a} <= ${b} ? 1 : ${a} > ${b} ? 0 : NaN`,
  },
  same: {
    of: (a, b) => (a === b || (Number.isNaN(a) && Number.isNaN(b)) ? 1 : 0),
    code: (a, b) => `${a} === ${b} || (${a} !== ${a} && ${b} !== ${b}) ? 1 : 0`,
  },
  and: {
    of: (a, b) => (a === 0 || b === 0 ? 0 : a * b),
    code: (a, b) => `${a} === 0 || ${b} === 0 ? 0 : ${a} * ${b}`,
  },
  or: {
    of: (a, b) => (a === 1 || b === 1 ? 1 : a + b),
    code: (a, b) => `${a} === 1 || ${b} === 1 ? 1 : ${a} + ${b}`,
  },
};

/** left × by ÷ right over integers of any size; unknown by 0 and by unknown. */
export function quotient(left: number, right: number, by: number, rounding: Rounding): number {
  if (right === 0 || Number.isNaN(left) || Number.isNaN(right)) return Number.NaN;
  return right > 0 ? mulDiv(left, by, right, rounding) : mulDiv(-left, by, -right, rounding);
}

/** What the steps amount to over the values of a run. */
export function expressionValue(steps: Steps, values: Float64Array): number {
  const results = new Float64Array(steps.length);
  for (const [at, step] of steps.entries()) results[at] = stepValue(step, results, values);
  return results[steps.length - 1]!;
}

function stepValue(step: StepIr, results: Float64Array, values: Float64Array): number {
  switch (step.op) {
    case "constant":
      return step.value;
    case "slot":
      return values[step.slot]!;
    case "divide":
      return quotient(results[step.left]!, results[step.right]!, step.by, step.rounding);
    case "known":
      return Number.isNaN(results[step.of]!) ? 0 : 1;
    case "pick":
      return step.values[results[step.of]!] ?? Number.NaN;
    case "call":
      return dateCall(step.call)(...step.of.map((at) => results[at]!));
    case "if":
      return results[results[step.test] === 1 ? step.then : step.otherwise]!;
    default:
      return joins[step.op].of(results[step.left]!, results[step.right]!);
  }
}

/** How generated code names what a step needs. */
export type StepNames = Readonly<{
  result: (at: number) => string;
  slot: (slot: number) => string;
  number: (value: number) => string;
  constant: (value: unknown) => string;
  quotient: string;
}>;

/** One step as an expression of code. */
export function stepCode(step: StepIr, names: StepNames): string {
  switch (step.op) {
    case "constant":
      return Number.isNaN(step.value) ? "NaN" : names.number(step.value);
    case "slot":
      return names.slot(step.slot);
    case "divide": {
      const [left, right] = [names.result(step.left), names.result(step.right)];
      const by = names.number(step.by);
      return `${names.quotient}(${left}, ${right}, ${by}, ${JSON.stringify(step.rounding)})`;
    }
    case "known": {
      const of = names.result(step.of);
      return `${of} === ${of} ? 1 : 0`;
    }
    case "pick": {
      const of = names.result(step.of);
      return `${of} === ${of} ? ${names.constant(Float64Array.from(step.values))}[${of}] : NaN`;
    }
    case "call":
      return `${names.constant(dateCall(step.call))}(${step.of.map(names.result).join(", ")})`;
    case "if": {
      const [then, otherwise] = [names.result(step.then), names.result(step.otherwise)];
      return `${names.result(step.test)} === 1 ? ${then} : ${otherwise}`;
    }
    default:
      return joins[step.op].code(names.result(step.left), names.result(step.right));
  }
}

/** Slots that the steps read. */
export function slotsOf(steps: Steps): readonly number[] {
  return [...new Set(steps.flatMap((step) => (step.op === "slot" ? [step.slot] : [])))];
}
