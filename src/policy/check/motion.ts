// How a computed value moves when one fact grows and every other stays: read off its steps, so that a direction law of the
// fact holds once it holds for the fact and for what it moves, each on its own. Whether the value is known never changes
// with the fact where a sign is given, so that only known values need to be compared.

import type { DateCall } from "../date-calls.ts";
import type { StepIr } from "../expression.ts";
import type { FactIr, Program } from "../ir.ts";
import { domainOf, type Operand } from "../operand.ts";

/** 1 never falls, −1 never grows, 0 stays; null where none of these is shown. */
export type Sign = -1 | 0 | 1 | null;

/** A value with its sign, the range that it cannot leave, and whether it can be unknown. */
type Motion = Readonly<{ sign: Sign; low: number; high: number; nullable: boolean }>;

/** How the value of an operand moves when the fact grows. */
export function signOf(program: Program, operand: Operand, fact: FactIr): Sign {
  return motionOf(program, operand.slot, fact).sign;
}

function motionOf(program: Program, slot: number, fact: FactIr): Motion {
  const operand = [...program.operands.values()].find((one) => one.slot === slot)!;
  const { bounds } = domainOf(operand.type, false);
  const range = { low: bounds[0]!, high: bounds.at(-1)! };
  if (slot === fact.slot) return { ...range, sign: 1, nullable: false };
  const { nullable, facts } = operand;
  if (!facts.has(fact.name)) return { ...range, sign: 0, nullable };
  const expression = program.expressions.find((one) => one.slot === slot);
  if (expression === undefined) return { ...range, sign: null, nullable };
  const motions: Motion[] = [];
  for (const step of expression.steps) {
    motions.push(stepMotion(step, motions, (read) => motionOf(program, read, fact)));
  }
  return { ...motions.at(-1)!, ...range };
}

function opposite(sign: Sign): Sign {
  return sign === null ? null : ((0 - sign) as Sign);
}

/** The sign of what moves with both. */
function together(left: Sign, right: Sign): Sign {
  if (left === null || right === null) return null;
  if (left === 0 || left === right) return right;
  return right === 0 ? left : null;
}

/** The sign of `moving` × a factor that stays on one side of 0. */
function scaled(moving: Sign, { low, high }: Motion): Sign {
  if (moving === 0 || (low === 0 && high === 0)) return 0;
  return low >= 0 ? moving : high <= 0 ? opposite(moving) : null;
}

const truth = { low: 0, high: 1 } as const;

function hull(...ends: readonly number[]): Readonly<{ low: number; high: number }> {
  return { low: Math.min(...ends), high: Math.max(...ends) };
}

function stepMotion(
  step: StepIr,
  before: readonly Motion[],
  slot: (slot: number) => Motion,
): Motion {
  switch (step.op) {
    case "constant": {
      const nullable = Number.isNaN(step.value);
      const at = nullable ? 0 : step.value;
      return { sign: 0, low: at, high: at, nullable };
    }
    case "slot":
      return slot(step.slot);
    case "known": {
      const { sign } = before[step.of]!;
      return { ...truth, sign: sign === null ? null : 0, nullable: false };
    }
    case "if":
      return branches(before[step.test]!, before[step.then]!, before[step.otherwise]!);
    case "pick": {
      const { sign, nullable } = before[step.of]!;
      const known = step.values.filter((value) => !Number.isNaN(value));
      const gaps = known.length < step.values.length;
      return { ...hull(0, ...known), sign: sign === 0 ? 0 : null, nullable: nullable || gaps };
    }
    case "call":
      return callMotion(
        step.call,
        step.of.map((at) => before[at]!),
      );
    case "divide":
      return quotientMotion(before[step.left]!, before[step.right]!, step.by);
    default:
      return joinMotion(step.op, before[step.left]!, before[step.right]!);
  }
}

function joinMotion(
  op: Extract<StepIr, { left: number }>["op"],
  left: Motion,
  right: Motion,
): Motion {
  const nullable = left.nullable || right.nullable;
  const of = (a: (x: number, y: number) => number) =>
    hull(...[left.low, left.high].flatMap((x) => [right.low, right.high].map((y) => a(x, y))));
  const sum = together(left.sign, right.sign);
  const difference = together(left.sign, opposite(right.sign));
  switch (op) {
    case "add":
      return { ...of((x, y) => x + y), sign: sum, nullable };
    case "subtract":
      return { ...of((x, y) => x - y), sign: difference, nullable };
    case "multiply": {
      const sign = together(scaled(left.sign, right), scaled(right.sign, left));
      return { ...of((x, y) => x * y), sign, nullable };
    }
    case "least":
      return { ...of(Math.min), sign: sum, nullable };
    case "greatest":
      return { ...of(Math.max), sign: sum, nullable };
    case "below":
    case "at-most":
      return { ...truth, sign: opposite(difference), nullable };
    case "same":
      return { ...truth, sign: left.sign === 0 && right.sign === 0 ? 0 : null, nullable: false };
    default:
      // One side decides whether an unknown other side is told.
      return { ...truth, sign: sum !== 0 && nullable ? null : sum, nullable };
  }
}

/** A quotient is unknown by 0, which a divisor that moves must never reach. */
function quotientMotion(left: Motion, right: Motion, by: number): Motion {
  const byZero = right.low <= 0 && right.high >= 0;
  const nullable = left.nullable || right.nullable || byZero;
  const most = Math.ceil(Math.max(Math.abs(left.low), Math.abs(left.high)) * by);
  const over = together(scaled(left.sign, right), scaled(opposite(right.sign), left));
  const sign = byZero && right.sign !== 0 ? null : over;
  const low = left.low >= 0 && right.low >= 0 ? 0 : -most;
  return { low, high: most, sign, nullable };
}

/** A test that moves picks between branches that move the same way and do not overlap. */
function branches(test: Motion, then: Motion, otherwise: Motion): Motion {
  const nullable = then.nullable || otherwise.nullable;
  const range = hull(then.low, then.high, otherwise.low, otherwise.high);
  const inner = together(then.sign, otherwise.sign);
  if (test.sign === 0) return { ...range, sign: inner, nullable };
  const open = nullable || test.nullable;
  const towards =
    then.low >= otherwise.high
      ? test.sign
      : then.high <= otherwise.low
        ? opposite(test.sign)
        : null;
  return { ...range, sign: open ? null : together(inner, towards), nullable };
}

const rising: Partial<Readonly<Record<DateCall, readonly Sign[]>>> = {
  year: [1],
  "add months": [1, 1],
  "months between": [-1, 1],
  "years of months": [1],
};

function callMotion(call: DateCall, of: readonly Motion[]): Motion {
  const still = of.every(({ sign }) => sign === 0);
  const moving = rising[call]?.map((sign, at) =>
    sign === 1 ? of[at]!.sign : opposite(of[at]!.sign),
  );
  const sign = still ? 0 : (moving?.reduce<Sign>(together, 0) ?? null);
  const nullable = call === "date" || of.some((one) => one.nullable);
  return { low: Number.MIN_SAFE_INTEGER, high: Number.MAX_SAFE_INTEGER, sign, nullable };
}
