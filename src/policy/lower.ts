// From a well-formed document to its typed form, part by part in the order of evaluation. Lowering is also
// the check: a document without problems here can be run on any line without error.

import { actions } from "../domain/assessment.ts";
import { lineFacts } from "../domain/facts.ts";
import { checkDesk } from "./desk.ts";
import { checkDirection } from "./direction.ts";
import type { OutcomeSlots, Program, RouteIr, RuleIr, TriggerIr } from "./ir.ts";
import { checkUnique, lowerFacts } from "./lower-facts.ts";
import { amountMinor, lineSlots, lowerGuards, lowerLimit } from "./lower-limit.ts";
import { lowerMoves } from "./lower-moves.ts";
import { lowerModels, lowerReady, readExpressions, refuseCircles } from "./lower-nodes.ts";
import { lowerGrades, lowerScores } from "./lower-scores.ts";
import { lowerSegments } from "./lower-segments.ts";
import { lowerTables } from "./lower-tables.ts";
import { addOperand, asOfName, type Lowering, lowerCondition } from "./lowering.ts";
import { collectProblems, pointer, type Problem } from "./problem.ts";
import type { Condition, Rule, Strategy } from "./strategy.ts";

export type Lowered = Readonly<{ program: Program | null; problems: readonly Problem[] }>;

/**
 * Lowers a document whose shape is right. With problems, `program` is null, unless all of them are rows that overlap:
 * those can be run, so that a check can show a line that hits both.
 */
export function lowerStrategy(strategy: Strategy): Lowered {
  const lowering = emptyLowering(strategy);
  const program = lowerParts(lowering);
  const { list } = lowering.problems;
  const runs = list.every((problem) => problem.code === "overlapping-rows");
  return { program: runs ? program : null, problems: list };
}

/** Every name that a document whose shape is right makes known, whatever problems it holds. */
export function lowerNames(strategy: Strategy): Lowering {
  const lowering = emptyLowering(strategy);
  lowerParts(lowering);
  return lowering;
}

function emptyLowering(strategy: Strategy): Lowering {
  return {
    strategy,
    problems: collectProblems(),
    operands: new Map(),
    declarations: new Map(strategy.facts.map((fact) => [fact.name, fact])),
    lists: new Set(),
    later: new Set(),
    readsAsOf: false,
    slots: 0,
  };
}

function lowerParts(lowering: Lowering): Program | null {
  const { strategy } = lowering;
  const all = lowerFacts(lowering);
  const triggers = lowerTriggers(lowering);
  const declared = all.filter(({ declaration }) => declaration.readBy === undefined);
  const triggerFacts = all.filter(({ declaration }) => declaration.readBy !== undefined);
  for (const { name } of triggerFacts) lowering.operands.delete(name);
  const facts = [...declared, ...lowerModels(lowering)];
  const asOf = addAsOf(lowering);
  const line = lineSlots(lowering);
  const expressions = readExpressions(lowering);
  lowerReady(lowering, expressions, -2);
  lowerRules(lowering, strategy.restoration.criteria, "criterion", "/restoration/criteria");
  const eligibility = lowerRules(lowering, strategy.eligibility, "rule", "/eligibility");
  const exclusions = lowerRules(lowering, strategy.exclusions, "rule", "/exclusions");
  checkUnique(
    lowering,
    "rule",
    [...eligibility, ...exclusions].map((rule) => rule.id),
    "/exclusions",
  );
  const segments = lowerSegments(lowering);
  const scorecards = lowerScores(lowering);
  const grades = lowerGrades(lowering);
  lowerReady(lowering, expressions, -1);
  const tables = lowerTables(lowering, { facts, scorecards }, (after) =>
    lowerReady(lowering, expressions, after),
  );
  refuseCircles(lowering, expressions);
  const limit = lowerLimit(lowering, tables);
  if (limit !== null && lowering.problems.list.length === 0) checkDirection(lowering, limit, line);
  const moves = lowerMoves(lowering, declared, limit);
  const guards = lowerGuards(lowering, facts);
  checkBudgets(lowering, segments.ids);
  const outcomeSlots = addOutcome(lowering);
  const routing = lowerRouting(lowering);
  checkDesk(lowering, segments.ids);
  checkTexts(lowering);
  checkOffer(lowering);
  if (limit === null) return null;
  return {
    slotCount: lowering.slots,
    operands: lowering.operands,
    facts,
    asOfSlot: lowering.readsAsOf ? asOf : -1,
    expressions: expressions.ready,
    moves,
    noFacts: Object.fromEntries(facts.map((fact) => [fact.name, null])),
    line,
    triggers,
    triggerFacts,
    eligibility,
    exclusions,
    segments: segments.roots,
    segmentSlot: segments.slot,
    segmentIds: segments.ids,
    scorecards,
    grades,
    tables,
    limit,
    guards,
    outcomeSlots,
    routing,
  };
}

function lowerRules(
  lowering: Lowering,
  rules: readonly Rule[],
  kind: string,
  path: string,
): RuleIr[] {
  checkUnique(
    lowering,
    kind,
    rules.map((rule) => rule.id),
    path,
  );
  return rules.map(({ id, label, when }, at) => {
    const place = `${pointer(path, at)}/when`;
    if (Object.keys(when).length === 0) {
      lowering.problems.add(
        "missing-field",
        place,
        `Cannot use ${kind} "${id}": found no condition, expected at least one`,
        `无法使用规则“${id}”：没有条件，应至少有一项`,
      );
    }
    return { id, label, tests: lowerCondition(lowering, when, place) };
  });
}

/** Makes the as-of date known; the slot that it stands in. */
function addAsOf(lowering: Lowering): number {
  return addOperand(lowering, {
    ...{ name: asOfName, type: { kind: "date" }, nullable: false, facts: new Set<string>() },
    ...{ label: { zh: "数据日期", en: "As-of date" }, table: -1, score: null },
  }).slot;
}

/** Before anything is computed: a trigger reads facts alone, so that it can be tried without running the strategy. */
function lowerTriggers(lowering: Lowering): TriggerIr[] {
  const { triggers = [] } = lowering.strategy;
  const rules = lowerRules(lowering, triggers, "trigger", "/triggers");
  return triggers.map(({ was = {}, cause, severity = "medium", coolDownDays }, at) => {
    const place = `${pointer("/triggers", at)}/was`;
    refuseLineFacts(lowering, was, place);
    const before = lowerCondition(lowering, was, place);
    return { ...rules[at]!, before, cause, severity, coolDownDays };
  });
}

/** Facts that Tidemark itself keeps of a line are kept as they are now. */
function refuseLineFacts(lowering: Lowering, was: Condition, path: string): void {
  for (const name of Object.keys(was)) {
    if (!Object.hasOwn(lineFacts, name)) continue;
    lowering.problems.add(
      "type-mismatch",
      pointer(path, name),
      `Cannot test ${name} before the news: found a fact that is known as it is now alone, expected a fact that was told or made of signals`,
      `无法检验消息之前的“${name}”：该事实仅保留当前值，应为已告知或依据信号生成的事实`,
    );
  }
}

/** Makes the parts of the outcome known to the routing rules. */
function addOutcome(lowering: Lowering): OutcomeSlots {
  const none = new Set<string>();
  const labels = actions.map((action) => ({
    zh: actionLabels[action].zh,
    en: actionLabels[action].en,
  }));
  const add = (
    name: string,
    type: Parameters<typeof addOperand>[1]["type"],
    zh: string,
    en: string,
  ): number =>
    addOperand(lowering, {
      name,
      type,
      nullable: false,
      label: { zh, en },
      facts: none,
      table: -1,
      score: null,
    }).slot;
  const limit = lowering.operands.get("limit")?.type;
  const money =
    limit?.kind === "money" ? limit : ({ kind: "money", scale: 0, low: 0, high: 0 } as const);
  const drawn = lowering.operands.get("drawn")?.type;
  const credit = drawn?.kind === "money" ? Math.min(0, drawn.low) : 0;
  return {
    action: add("outcome.action", { kind: "enum", values: actions, labels }, "处置动作", "Action"),
    cutRate: add(
      "outcome.cutRate",
      { kind: "number", scale: 4, low: 0, high: 10_000 },
      "降幅",
      "Cut as a share of the limit",
    ),
    cutAmount: add("outcome.cutAmount", { ...money, low: 0 }, "降额金额", "Amount of the cut"),
    exposureRemoved: add(
      "outcome.exposureRemoved",
      { ...money, low: 0, high: money.high - credit },
      "压降敞口",
      "Exposure removed",
    ),
  };
}

/** What the actions are called where people read them. */
export const actionLabels = {
  none: { zh: "不处置", en: "No action" },
  decrease: { zh: "降额", en: "Limit decrease" },
  freeze: { zh: "冻结", en: "Freeze" },
  close: { zh: "关闭", en: "Close" },
} as const;

function lowerRouting(lowering: Lowering): RouteIr[] {
  const { routing } = lowering.strategy;
  checkUnique(
    lowering,
    "route",
    routing.map((rule) => rule.id),
    "/routing",
  );
  const last = routing.length - 1;
  return routing.map(({ id, label, when, route }, at) => {
    const path = `${pointer("/routing", at)}/when`;
    const always = Object.keys(when).length === 0;
    if (always !== (at === last)) {
      lowering.problems.add(
        always ? "never-matches" : "gap",
        path,
        always
          ? `Cannot use routing rule "${id}": found {} before the last rule, expected a condition so that later rules can be reached`
          : `Cannot use routing rule "${id}": found a condition on the last rule, expected {} so that every outcome has a route`,
        always
          ? `无法使用路由规则“${id}”：{} 出现在最后一条之前，其后的规则将无法到达`
          : `无法使用路由规则“${id}”：最后一条带有条件，应为 {}，以保证每个结果都有路由`,
      );
    }
    return { id, label, route, tests: lowerCondition(lowering, when, path) };
  });
}

function checkBudgets(lowering: Lowering, segments: readonly string[]): void {
  const { budgets } = lowering.strategy.pace;
  checkUnique(
    lowering,
    "budget",
    budgets.map((budget) => budget.id),
    "/pace/budgets",
  );
  budgets.forEach((budget, at) => {
    if (budget.cap.kind === "exposure") {
      amountMinor(lowering, budget.cap.amount, `/pace/budgets/${at}/cap/amount`, 0);
    }
    if (budget.scope.kind !== "segment" || segments.includes(budget.scope.segment)) return;
    lowering.problems.add(
      "unknown-name",
      `/pace/budgets/${at}/scope/segment`,
      `Cannot use budget "${budget.id}": found unknown segment "${budget.scope.segment}", expected one of ${segments.join(", ")}`,
      `无法使用预算“${budget.id}”：未知客群“${budget.scope.segment}”，应为以下之一：${segments.join("、")}`,
    );
  });
}

/** What is agreed to at once must be something that may be proposed at all. */
function checkOffer(lowering: Lowering): void {
  const counter = lowering.strategy.offer?.counter ?? null;
  if (counter === null || counter.minimumBp <= counter.acceptBp) return;
  const { minimumBp, acceptBp } = counter;
  lowering.problems.add(
    "out-of-range",
    "/offer/counter/acceptBp",
    `Cannot use offer: found acceptBp ${acceptBp}, expected at least minimumBp ${minimumBp}`,
    `无法使用协商条款：acceptBp 为 ${acceptBp}，应不小于 minimumBp ${minimumBp}`,
  );
}

function checkTexts(lowering: Lowering): void {
  const { languages } = lowering.strategy.notice;
  if (new Set(languages).size === languages.length) return;
  lowering.problems.add(
    "duplicate-id",
    "/notice/languages",
    `Cannot use notice languages: found ${languages.join(", ")}, expected each language once`,
    `无法使用通知语言：发现 ${languages.join("、")}，每种语言只能出现一次`,
  );
}
