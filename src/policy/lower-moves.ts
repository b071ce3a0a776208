// What the borrower can influence: which facts move on the way back, and which follow. Refused is whatever would make
// its answers untrue or unseemly: a personal fact as something to change, a number that the lender keeps, a ratio that
// moves apart from what it is a ratio of, and a number that the limit rule computes with.

import { type Actionable, lineFacts } from "../domain/facts.ts";
import { scaledInteger } from "../domain/money.ts";
import type { FactIr, FollowIr, LimitIr, MoveIr } from "./ir.ts";
import type { Lowering } from "./lowering.ts";
import { domainOf, type OperandType } from "./operand.ts";
import { pointer, shown } from "./problem.ts";

/** Lowers `actionable` and `follows` of the dictionary; the facts that move, in declared order. */
export function lowerMoves(
  lowering: Lowering,
  facts: readonly FactIr[],
  limit: LimitIr | null,
): readonly MoveIr[] {
  checkFactsOnly(lowering);
  const computed = new Set(limit === null ? [] : computedSlots(limit));
  const followers = facts.flatMap((fact) => lowerFollower(lowering, facts, fact, computed));
  return facts.flatMap((fact) => {
    const { actionable } = fact.declaration;
    if (actionable === undefined) return [];
    const reach = lowerReach(lowering, fact, actionable, computed);
    if (reach === null) return [];
    const { how, direction, cost, days } = actionable;
    const signs =
      direction === "either" ? ([-1, 1] as const) : ([direction === "up" ? 1 : -1] as const);
    const own = followers.filter((one) => one.of === fact.name).map(({ follow }) => follow);
    return [{ fact, how, signs, ...reach, cost, days, followers: own }];
  });
}

/** Protected facts have no slot, so that they are looked at in the document itself. */
function checkFactsOnly(lowering: Lowering): void {
  lowering.strategy.facts.forEach(({ name, actionable, follows, sensitivity }, at) => {
    if (sensitivity !== "personal" && sensitivity !== "protected") return;
    for (const [field, value] of Object.entries({ actionable, follows })) {
      if (value === undefined) continue;
      lowering.problems.add(
        "protected-fact",
        `${pointer("/facts", at)}/${field}`,
        `Cannot use "${field}" of fact "${name}": found sensitivity ${sensitivity}, expected a fact that a customer may be asked to change`,
        `无法使用事实“${name}”的“${field}”：敏感级别为 ${sensitivity}，不得要求客户改变此类事实`,
      );
    }
  });
}

/** Slots of facts that are a rate or an amount of a treatment. */
function computedSlots(limit: LimitIr): readonly number[] {
  return limit.treatments.flatMap(({ target }) => {
    if (target === null || target.method === "cut-to-balance") return [];
    const source = target.method === "cut-by-rate" ? target.rate : target.amount;
    return source.kind === "slot" ? [source.slot] : [];
  });
}

function pathOf({ strategy }: Lowering, { name }: FactIr): string {
  return pointer(
    "/facts",
    strategy.facts.findIndex((one) => one.name === name),
  );
}

type Reach = Pick<MoveIr, "step" | "low" | "high">;

type Report = (found: string, expected: string, zh: string, field?: string) => null;

/** Step and range in slot units; null where the declaration cannot be used. */
function lowerReach(
  lowering: Lowering,
  fact: FactIr,
  actionable: Actionable,
  computed: ReadonlySet<number>,
): Reach | null {
  const { name, type } = fact;
  const report: Report = (found, expected, zh, field = "") => {
    lowering.problems.add(
      "type-mismatch",
      `${pathOf(lowering, fact)}/actionable${field}`,
      `Cannot use "actionable" of fact "${name}": found ${found}, expected ${expected}`,
      `无法使用事实“${name}”的“actionable”：${zh}`,
    );
    return null;
  };
  if (Object.hasOwn(lineFacts, name) && (name !== "drawn" || actionable.direction !== "down")) {
    return report(
      `line fact "${name}" moving ${actionable.direction}`,
      'of the line\'s own facts only "drawn" with direction "down"',
      "额度自身的事实中，只有“drawn”可以声明，且方向应为“down”",
    );
  }
  if (computed.has(fact.slot)) {
    return report(
      "a rate or amount of the limit rule",
      "a fact that only cells test",
      "该事实是额度规则的比例或金额，应只用于单元格判断",
    );
  }
  switch (type.kind) {
    case "date":
      return report("a date", "another type", "日期不能声明");
    case "boolean":
    case "enum":
      return lowerOrder(fact, actionable, report);
    case "number":
    case "money":
      return lowerScale(type, actionable, report);
  }
}

/** Booleans and enums move by one value. */
function lowerOrder({ type }: FactIr, actionable: Actionable, report: Report): Reach | null {
  for (const field of ["step", "until"] as const) {
    if (actionable[field] === undefined) continue;
    return report(
      `"${field}" on type ${type.kind}`,
      "none",
      `类型 ${type.kind} 不应有“${field}”`,
      `/${field}`,
    );
  }
  const { bounds } = domainOf(type, false);
  return { step: 1, low: bounds[0]!, high: bounds.at(-1)! };
}

function lowerScale(
  { scale, low, high }: Extract<OperandType, { kind: "number" | "money" }>,
  { step, until, direction }: Actionable,
  report: Report,
): Reach | null {
  if (!Number.isSafeInteger(high - low)) {
    return report("no usable bounds", "a minimum and maximum", "应声明上下限");
  }
  const length = step === undefined ? null : scaledInteger(step, scale);
  if (length === null || length <= 0) {
    return report(
      `step ${shown(step)}`,
      `a number above 0 with at most ${scale} decimals`,
      `步长为 ${shown(step)}，应为大于 0、最多 ${scale} 位小数的数字`,
      "/step",
    );
  }
  if (until === undefined) return { step: length, low, high };
  const end = direction === "either" ? null : scaledInteger(until, scale);
  if (end === null || end < low || end > high) {
    return report(
      `until ${shown(until)} moving ${direction}`,
      `one direction and a number within the bounds with at most ${scale} decimals`,
      `终点为 ${shown(until)}、方向为 ${direction}；应只有一个方向，终点应在上下限之内，最多 ${scale} 位小数`,
      "/until",
    );
  }
  return direction === "up" ? { step: length, low, high: end } : { step: length, low: end, high };
}

type Follower = Readonly<{ of: string; follow: FollowIr }>;

function lowerFollower(
  lowering: Lowering,
  facts: readonly FactIr[],
  fact: FactIr,
  computed: ReadonlySet<number>,
): readonly Follower[] {
  const { follows, actionable } = fact.declaration;
  if (follows === undefined) return [];
  const named = (name: string): FactIr | undefined => facts.find((one) => one.name === name);
  const [of, by] = [named(follows.of), named(follows.by)];
  const fits =
    fact.type.kind === "number" &&
    actionable === undefined &&
    !computed.has(fact.slot) &&
    of?.declaration.actionable !== undefined &&
    by !== undefined &&
    stays(by) &&
    sameUnit(of, by);
  if (fits) {
    const perOne = fact.type.kind === "number" ? 10 ** fact.type.scale : 1;
    return [{ of: of.name, follow: { fact, bySlot: by.slot, perOne } }];
  }
  lowering.problems.add(
    "type-mismatch",
    `${pathOf(lowering, fact)}/follows`,
    `Cannot use "follows" of fact "${fact.name}": found ${follows.of} by ${follows.by}, expected an actionable fact by one of the same type and scale that stays, on a number that is neither actionable itself nor a rate of the limit rule`,
    `无法使用事实“${fact.name}”的“follows”：发现 ${follows.of} 除以 ${follows.by}；前者应为可改变的事实，后者应为类型与小数位相同且不变的事实，且本事实应为数字，自身不可改变，也不是额度规则的比例`,
  );
  return [];
}

function stays({ declaration }: FactIr): boolean {
  return declaration.actionable === undefined && declaration.follows === undefined;
}

function sameUnit({ type: left }: FactIr, { type: right }: FactIr): boolean {
  const numeric = left.kind === "number" || left.kind === "money";
  return numeric && left.kind === right.kind && left.scale === right.scale;
}
