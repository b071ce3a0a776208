// An assessment is what one strategy says about one line as of one date: the facts read, the scores, the
// rows hit and the outcome. It is a pure function of strategy, facts and date, and has no effect.

import type { BusinessDate } from "./calendar.ts";
import type { FactValues } from "./facts.ts";
import type { Currency } from "./money.ts";
import type { ReasonCode } from "./reason-code.ts";

/** Names exactly one strategy: the hash is over its RFC 8785 canonical form. */
export type StrategyRef = Readonly<{ id: string; version: number; hash: string }>;

export const actions = ["none", "decrease", "freeze", "close"] as const;

export type Action = (typeof actions)[number];

/** What shall happen to the line. Amounts are the limit in minor units; "freeze" keeps the limit. */
export type Outcome =
  | Readonly<{ action: "none" }>
  | Readonly<{ action: "decrease"; fromMinor: number; toMinor: number }>
  | Readonly<{ action: "freeze"; fromMinor: number }>
  | Readonly<{ action: "close"; fromMinor: number }>;

export const restoringActions = ["restore", "reinstate", "reopen", "keep", "uphold"] as const;

/**
 * restore: the limit before a decrease · reinstate: a frozen line is active again · reopen: a closed one is · keep: a
 * change that the customer was told of is not made · uphold: an appeal is answered, and what was decided stands.
 */
export type RestoringAction = (typeof restoringActions)[number];

/** Gives a line back, or leaves it as it is. No strategy says this: people do, by a decision of its own. Amounts as in {@link Outcome}. */
export type Restoration =
  | Readonly<{ action: "restore"; fromMinor: number; toMinor: number }>
  | Readonly<{ action: "reinstate" | "reopen" | "keep" | "uphold"; fromMinor: number }>;

/** Everything that a decision may do to its line. */
export const decisionActions = [...actions, ...restoringActions] as const;

export type DecisionAction = (typeof decisionActions)[number];

/** True for what gives a line back, or leaves it as it is: the customer is told, and no notice law holds it up. */
export function isRestoring(action: DecisionAction): action is RestoringAction {
  return (restoringActions as readonly string[]).includes(action);
}

/**
 * Whether one outcome is better for the customer than another about the same limit. From best to worst: none, a smaller
 * decrease, a larger one, freeze, close.
 */
export function isBetter(left: Outcome, right: Outcome): boolean {
  const rank = actions.indexOf(left.action) - actions.indexOf(right.action);
  if (rank !== 0) return rank < 0;
  return left.action === "decrease" && right.action === "decrease" && left.toMinor > right.toMinor;
}

export const routes = ["straight-through", "review", "four-eyes", "legal"] as const;

/** Who must agree: nobody, one reviewer, two different people, or legal. */
export type Route = (typeof routes)[number];

/**
 * One principal reason. `cause` names the parts of the strategy that make it a reason (characteristic or
 * row as `table/row` or `scorecard/characteristic`). Reasons that change the outcome come first, weighed by
 * the limit that the customer keeps when the facts are put to their neutral values, in basis points; then
 * points lost. A reason is cited only if each of its facts changes the outcome, alone or (where several
 * causes each suffice) once the others are out of the way, or if points were lost by it.
 */
export type PrincipalReason = Readonly<{
  code: ReasonCode;
  facts: readonly string[];
  cause: readonly string[];
  weight: number;
}>;

export type Assessment = Readonly<{
  strategy: StrategyRef;
  asOf: BusinessDate;
  currency: Currency;
  /** every fact the strategy declares, as it was used */
  facts: FactValues;
  /** ids of the eligibility rules that exclude the line; empty when it is eligible */
  excludedBy: readonly string[];
  segment: string | null;
  /** score id → points */
  scores: Readonly<Record<string, number>>;
  grade: string | null;
  /** table id → ids of the rows hit, in order */
  rowsHit: Readonly<Record<string, readonly string[]>>;
  outcome: Outcome;
  /** what the limit rule asked for before guards, minor units; null when it asked for nothing */
  askedLimitMinor: number | null;
  /** ids of the guards that bounded or stopped the outcome */
  guardsBound: readonly string[];
  /** principal reasons, most important first, at most as many as the strategy's notice part allows */
  reasons: readonly PrincipalReason[];
  /** probability of default of the grade, basis points */
  pdBp: number | null;
  /** PD × LGD × CCF × exposure removed, minor units: the rank in the pace budget */
  expectedLossAvoidedMinor: number;
  route: Route;
}>;

/** Exposure that an outcome takes away, minor units of undrawn or total limit as the action implies. */
export function exposureRemovedMinor(outcome: Outcome | Restoration, drawnMinor: number): number {
  switch (outcome.action) {
    case "none":
    case "restore":
    case "reinstate":
    case "reopen":
    case "keep":
    case "uphold":
      return 0;
    case "decrease":
      return outcome.fromMinor - outcome.toMinor;
    case "freeze":
    case "close":
      return Math.max(0, outcome.fromMinor - drawnMinor);
  }
}
