// The generated code of the limit rule and the guards: the same arithmetic as `limit-rule.ts`, with the strategy's
// amounts and rates as numbers in it. What all treatments share stands once after the choice of the treatment, so that
// the code grows with the sum of treatments and guards and not with their product.

import { type Action, actions } from "../domain/assessment.ts";
import { constant, numberCode, testsCode } from "./emit-sets.ts";
import { type Emitting, listOrNone, rateCode, read, takeRoom } from "./emitting.ts";
import type { BoundIr, GuardIr, Program, SourceIr, TargetIr } from "./ir.ts";
import { askedLimit, builtInGuards, guardOutcome, type Values } from "./limit-rule.ts";

const decrease = actions.indexOf("decrease");
const close = actions.indexOf("close");

/**
 * Statements that turn the selected treatment into the outcome. They set `treatment`; `asked` and `asks`, what the rule
 * asked for and whether it did; `action`, its position; `cut`, how much the limit falls; and `guards`.
 */
export function limitCode(emit: Emitting): string {
  const { limit, line } = emit.program;
  const chosen = [
    `treatment = ${read(emit, limit.selectSlot)};`,
    `const limit = ${read(emit, line.limit)};`,
  ];
  if (!takeRoom(emit, sizeOf(emit.program))) return [...chosen, delegatedCode(emit)].join("\n");
  return [
    ...chosen,
    "decide: {",
    "switch (treatment) {",
    ...limit.treatments.map((_, at) => treatmentCode(emit, at)),
    "default: break decide;",
    "}",
    "asks = true;",
    boundedCode(emit),
    ...emit.program.guards.map((guard) => coolingCode(emit, guard)),
    `if (action === ${close}) cut = limit;`,
    `if (action !== ${decrease}) break decide;`,
    guardedCode(emit),
    "}",
  ].join("\n");
}

function sizeOf({ limit, guards }: Program): number {
  const tests = guards.reduce((sum, guard) => sum + 2 + guard.tests.length, 0);
  return limit.treatments.length + limit.floors.length + limit.caps.length + tests;
}

/** The interpreter's own arithmetic, for a rule too large to be written out. */
function delegatedCode(emit: Emitting): string {
  const { limit, guards, line } = emit.program;
  const decide = (values: Values, treatment: number) => {
    const chosen = limit.treatments[treatment]!;
    const asked = askedLimit(limit, chosen, values, line);
    const { outcome, guardsBound } = guardOutcome(
      limit,
      guards,
      chosen.action,
      asked,
      values,
      line,
    );
    const to = outcome.action === "decrease" ? outcome.toMinor : values[line.limit]!;
    return {
      ...{ asked, action: actions.indexOf(outcome.action), guards: listOrNone(guardsBound) },
      cut: outcome.action === "close" ? outcome.fromMinor : values[line.limit]! - to,
    };
  };
  return [
    `const made = ${constant(emit.constants, decide)}(v, treatment);`,
    "asks = made.asked !== null; asked = asks ? made.asked : 0;",
    "action = made.action; cut = made.cut; guards = made.guards;",
  ].join("\n");
}

function sourceCode(emit: Emitting, source: SourceIr): string {
  return source.kind === "constant" ? numberCode(source.value) : read(emit, source.slot);
}

function usedCode(emit: Emitting): string {
  const { drawn, pending } = emit.program.line;
  return `Math.max(0, ${read(emit, drawn)} + ${read(emit, pending)})`;
}

/** One case of the choice: what the treatment aims at and its action. */
function treatmentCode(emit: Emitting, at: number): string {
  const { action, target } = emit.program.limit.treatments[at]!;
  if (action === "none") return "";
  const aim = target === null ? (action === "freeze" ? "limit" : "0") : targetCode(emit, target);
  return `case ${at}: asked = ${aim}; action = ${actions.indexOf(action)}; break;`;
}

function targetCode(emit: Emitting, target: TargetIr): string {
  switch (target.method) {
    case "cut-by-rate":
      return `limit - ${rateCode(emit, "limit", sourceCode(emit, target.rate), target.rounding)}`;
    case "cut-by-amount":
      return `limit - Math.min(${sourceCode(emit, target.amount)}, limit)`;
    case "cut-to-balance": {
      const used = usedCode(emit);
      return `${used} + ${rateCode(emit, used, numberCode(target.bufferBp), target.rounding)}`;
    }
    case "set-to":
      return sourceCode(emit, target.amount);
  }
}

/** Floors, rounding and caps of what a decrease asks for. */
function boundedCode(emit: Emitting): string {
  const { floors, caps, mode, stepMinor } = emit.program.limit;
  const step = numberCode(stepMinor);
  return [
    `if (action === ${decrease}) {`,
    ...floors.map((floor) => `asked = Math.max(asked, ${boundCode(emit, floor)});`),
    `const whole = ${emit.floorTo}(asked, ${step});`,
    mode === "down" ? "asked = whole;" : `if (whole !== asked) asked = whole + ${step};`,
    ...caps.map((cap) => `asked = Math.min(asked, ${boundCode(emit, cap)});`),
    "}",
  ].join("\n");
}

function boundCode(emit: Emitting, bound: BoundIr): string {
  switch (bound.kind) {
    case "amount":
      return numberCode(bound.amountMinor);
    case "rate":
      return rateCode(emit, "limit", numberCode(bound.rateBp), "down");
    case "present-limit":
      return "limit";
  }
}

function guardTests(emit: Emitting, guard: GuardIr): string {
  return testsCode(guard.tests, (slot) => read(emit, slot), emit.ranges, emit.constants);
}

/** A cool-down that stops the action; the first one counts. */
function coolingCode(emit: Emitting, guard: GuardIr): string {
  const slot = emit.program.line.daysSinceDecrease;
  if (guard.kind !== "cool-down" || slot < 0) return "";
  const codes = guard.actions.map((action: Action) => `action === ${actions.indexOf(action)}`);
  const recent = `${read(emit, slot)} < ${numberCode(guard.days)}`;
  const stop = `guards = [${constant(emit.constants, guard.id)}]; action = 0; break decide;`;
  return `if (${recent} && (${codes.join(" || ")}) && ${guardTests(emit, guard)}) { ${stop} }`;
}

/** The lowest limit that a guard allows; null for guards of another kind. */
function guardFloorCode(emit: Emitting, guard: GuardIr): string | null {
  switch (guard.kind) {
    case "max-cut":
      return `limit - ${rateCode(emit, "limit", numberCode(guard.rateBp), "down")}`;
    case "max-cut-12-months": {
      const before = read(emit, emit.program.line.decreasedLast12Months);
      const allowed = rateCode(emit, `limit + ${before}`, numberCode(guard.rateBp), "down");
      return `limit - Math.min(limit, Math.max(0, ${allowed} - ${before}))`;
    }
    case "minimum-line":
      return numberCode(guard.amountMinor);
    case "cool-down":
    case "minimum-cut":
      return null;
  }
}

/** The highest of the floors above what was asked for, and the guards that set it. */
function floorsCode(emit: Emitting): string[] {
  const { guards, limit } = emit.program;
  const consider = (floor: string, tests: string, id: string): string => {
    const name = constant(emit.constants, id);
    return [
      tests === "true" ? "{" : `if (${tests}) {`,
      `const f = ${floor};`,
      `if (f > asked && f >= floor) {`,
      `if (f > floor) { floor = f; guards = [${name}]; } else guards = ${emit.add}(guards, ${name});`,
      "}}",
    ].join("\n");
  };
  const drawn = limit.belowDrawn
    ? []
    : [consider(usedCode(emit), "true", builtInGuards.neverBelowDrawn)];
  return [
    ...drawn,
    ...guards.flatMap((guard) => {
      const floor = guardFloorCode(emit, guard);
      return floor === null ? [] : [consider(floor, guardTests(emit, guard), guard.id)];
    }),
  ];
}

function smallCutsCode(emit: Emitting): string[] {
  return emit.program.guards.flatMap((guard) => {
    if (guard.kind !== "minimum-cut") return [];
    const rate = rateCode(emit, "limit", numberCode(guard.rateBp), "up");
    const least = `Math.max(${numberCode(guard.amountMinor)}, ${rate})`;
    const id = constant(emit.constants, guard.id);
    return [
      `if (cut > 0 && ${guardTests(emit, guard)} && cut < ${least}) {`,
      `guards = ${emit.add}(guards, ${id}); action = 0; cut = 0; break decide;`,
      "}",
    ];
  });
}

/** What the guards leave of a decrease. */
function guardedCode(emit: Emitting): string {
  const above = constant(emit.constants, builtInGuards.neverAboveLimit);
  const step = numberCode(emit.program.limit.stepMinor);
  return [
    "let floor = asked, to = asked;",
    ...floorsCode(emit),
    `if (guards !== ${emit.none}) {`,
    `const whole = ${emit.floorTo}(floor, ${step});`,
    `to = Math.min(limit, whole === floor ? floor : whole + ${step});`,
    "}",
    `if (to > limit) { guards = ${emit.add}(guards, ${above}); to = limit; }`,
    "cut = limit - to;",
    ...smallCutsCode(emit),
    "if (cut === 0) action = 0;",
  ].join("\n");
}
