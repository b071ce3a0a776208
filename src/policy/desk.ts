// How review cases of a strategy are worked: which skills a case needs, how soon it is due, and from which impact two
// people must agree. Said by the strategy that made the decision, so that it is checked, approved and kept with it.

import type { Assessment, Route } from "../domain/assessment.ts";
import { type Currency, minorUnits } from "../domain/money.ts";
import type { ReviewPriority } from "../domain/review-case.ts";
import { checkUnique } from "./lower-facts.ts";
import { amountMinor } from "./lower-limit.ts";
import type { Lowering } from "./lowering.ts";
import { pointer } from "./problem.ts";
import type { DeskCondition, DeskPart, Strategy } from "./strategy.ts";

/** What a review case is opened with. */
export type DeskTerms = Readonly<{
  route: Exclude<Route, "straight-through">;
  skills: readonly string[];
  priority: ReviewPriority;
  dueDays: number;
}>;

/** A case as the rules look at it. `impactMinor` in minor units of the strategy's currency. */
export type DeskQuestion = Readonly<{
  route: Exclude<Route, "straight-through">;
  action: string;
  assessment: Pick<Assessment, "segment" | "grade">;
  impactMinor: number;
}>;

/** Where a strategy says nothing about its desk. */
const plainDesk: DeskPart = {
  dueDays: { urgent: 1, high: 3, normal: 5 },
  fourEyesFrom: null,
  rules: [
    {
      id: "all",
      label: { zh: "全部", en: "All" },
      when: {},
      skills: [],
      priority: "normal",
    },
  ],
};

/** What a case needs by the strategy that made its decision; never fewer people than its route asks for. */
export function deskTerms(strategy: Strategy, asked: DeskQuestion): DeskTerms {
  const { dueDays, fourEyesFrom, rules } = strategy.desk ?? plainDesk;
  const { currency } = strategy;
  const rule = rules.find(({ when }) => holds(when, asked, currency)) ?? rules.at(-1)!;
  const { skills, priority } = rule;
  const two = fourEyesFrom !== null && asked.impactMinor >= minorUnits(fourEyesFrom, currency)!;
  const route = two && asked.route === "review" ? "four-eyes" : asked.route;
  return { route, skills, priority, dueDays: dueDays[priority] };
}

/** Calendar days in which an appeal is to be answered, where a strategy does not say. */
const plainAppealDays = 15;

/** Calendar days in which an appeal against a decision of this strategy is to be answered. */
export function appealDaysOf({ desk }: Strategy): number {
  return desk?.appealDays ?? plainAppealDays;
}

/** Calendar days that a case of a priority may take. */
export function dueDaysOf(strategy: Strategy, priority: ReviewPriority): number {
  return (strategy.desk ?? plainDesk).dueDays[priority];
}

function holds(
  { routes, actions, segments, grades, impactFrom }: DeskCondition,
  { route, action, assessment, impactMinor }: DeskQuestion,
  currency: Currency,
): boolean {
  const among = (allowed: readonly string[] | undefined, found: string | null): boolean =>
    allowed === undefined || (found !== null && allowed.includes(found));
  return (
    among(routes, route) &&
    among(actions, action) &&
    among(segments, assessment.segment) &&
    among(grades, assessment.grade) &&
    (impactFrom === undefined || impactMinor >= minorUnits(impactFrom, currency)!)
  );
}

/** Adds the problems of the desk part: rules that cannot be reached, names that nothing has, amounts. */
export function checkDesk(lowering: Lowering, segments: readonly string[]): void {
  const { desk, grades } = lowering.strategy;
  if (desk === undefined) return;
  const bands = grades?.bands.map(({ grade }) => grade) ?? [];
  checkUnique(
    lowering,
    "rule",
    desk.rules.map(({ id }) => id),
    "/desk/rules",
  );
  if (desk.fourEyesFrom !== null) amountMinor(lowering, desk.fourEyesFrom, "/desk/fourEyesFrom", 0);
  desk.rules.forEach(({ id, when }, at) => {
    const path = `${pointer("/desk/rules", at)}/when`;
    checkReach(lowering, id, path, Object.keys(when).length === 0, at === desk.rules.length - 1);
    checkNames(lowering, id, `${path}/segments`, when.segments ?? [], segments);
    checkNames(lowering, id, `${path}/grades`, when.grades ?? [], bands);
    if (when.impactFrom !== undefined) {
      amountMinor(lowering, when.impactFrom, `${path}/impactFrom`, 0);
    }
  });
}

function checkReach(
  { problems }: Lowering,
  id: string,
  path: string,
  always: boolean,
  last: boolean,
): void {
  if (always === last) return;
  problems.add(
    always ? "never-matches" : "gap",
    path,
    always
      ? `Cannot use desk rule "${id}": found {} before the last rule, expected a condition so that later rules can be reached`
      : `Cannot use desk rule "${id}": found a condition on the last rule, expected {} so that every review case has its terms`,
    always
      ? `无法使用复核台规则“${id}”：{} 出现在最后一条之前，其后的规则将无法到达`
      : `无法使用复核台规则“${id}”：最后一条带有条件，应为 {}，以保证每个复核件都有办理要求`,
  );
}

function checkNames(
  { problems }: Lowering,
  id: string,
  path: string,
  found: readonly string[],
  known: readonly string[],
): void {
  found.forEach((name, at) => {
    if (known.includes(name)) return;
    problems.add(
      "unknown-name",
      pointer(path, at),
      `Cannot use desk rule "${id}": found unknown name "${name}", expected one of ${known.join(", ")}`,
      `无法使用复核台规则“${id}”：未知名称“${name}”，应为以下之一：${known.join("、")}`,
    );
  });
}
