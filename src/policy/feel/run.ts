// One evaluation: what it may still spend, and what it noticed. Every step, nested call and large value is paid for
// here, so that no expression, however hostile, runs longer than its budget (DESIGN: steps, depth and size bounded).

import type { Text } from "../../domain/text.ts";
import type { FeelProblem, Span } from "./feel-problem.ts";
import type { FeelDateTime } from "./temporal-value.ts";

/** The most that one evaluation may use. A step is about a microsecond of work. */
export type Budget = Readonly<{
  steps: number;
  /** nested evaluation in levels of the tree */
  depth: number;
  /** longest text in UTF-16 units */
  textLength: number;
  /** longest list and largest context */
  listLength: number;
}>;

export const usualBudget: Budget = {
  steps: 25_000,
  depth: 800,
  textLength: 100_000,
  listLength: 10_000,
};

/** State of one evaluation. */
export type Run = {
  readonly budget: Budget;
  /** what `now()` and `today()` answer; null where the caller names no time */
  readonly now: FeelDateTime | null;
  readonly problems: FeelProblem[];
  steps: number;
  depth: number;
  /** where evaluation stands, for problems */
  span: Span;
};

/** Thrown when a budget is spent; caught at the top of the evaluation. */
export class FeelBudgetError extends Error {
  readonly problem: FeelProblem;
  constructor(problem: FeelProblem) {
    super(problem.message.en);
    this.problem = problem;
  }
}

const mostProblems = 20;
const start: Span = { at: 0, length: 0, line: 1, column: 1 };

/** A fresh run. */
export function startRun(budget: Budget = usualBudget, now: FeelDateTime | null = null): Run {
  return { budget, now, problems: [], steps: 0, depth: 0, span: start };
}

/** Pays for work before it is done. */
export function spend(run: Run, steps: number): void {
  run.steps += steps;
  if (run.steps > run.budget.steps) {
    exhausted(run, `more than ${run.budget.steps} steps`, `超过 ${run.budget.steps} 步`);
  }
}

/** Pays for a text of this length, before it is made. */
export function spendText(run: Run, length: number): void {
  if (length > run.budget.textLength) {
    const most = run.budget.textLength;
    exhausted(run, `a text longer than ${most} characters`, `文本超过 ${most} 个字符`);
  }
  spend(run, 1 + length / 64);
}

/** Pays for a list or context of this size, before it is made. */
export function spendItems(run: Run, count: number): void {
  if (count > run.budget.listLength) {
    const most = run.budget.listLength;
    exhausted(run, `a list longer than ${most} items`, `列表超过 ${most} 项`);
  }
  spend(run, 1 + count / 8);
}

/** Runs `work` so many levels deeper. */
export function deeper<T>(run: Run, levels: number, work: () => T): T {
  run.depth += levels;
  if (run.depth > run.budget.depth) {
    exhausted(
      run,
      `calls nested deeper than ${run.budget.depth} levels`,
      `调用嵌套超过 ${run.budget.depth} 层`,
    );
  }
  const value = work();
  run.depth -= levels;
  return value;
}

function exhausted(run: Run, en: string, zh: string): never {
  throw new FeelBudgetError({
    code: "out-of-budget",
    span: run.span,
    message: {
      en: `Cannot finish evaluation: it needs ${en}`,
      zh: `无法完成求值：${zh}`,
    },
  });
}

/** Records why something is null, at the place where evaluation stands, and gives that null. */
export function nothing(run: Run, en: string, zh: string): null {
  if (run.problems.length < mostProblems) {
    const message: Text = { en, zh };
    run.problems.push({ code: "null-result", span: run.span, message });
  }
  return null;
}
