// Facts are the typed values a strategy may read about one line, as of one date. Numbers are safe
// integers scaled as their declaration says, so that equal facts are equal bytes on any machine.

import type { Text } from "./text.ts";

/** number/money: scaled integer · date: business date text · enum: its value · null: unknown. */
export type FactValue = number | string | boolean | null;

export type FactValues = Readonly<Record<string, FactValue>>;

export const sensitivityClasses = ["ordinary", "financial", "personal", "protected"] as const;

/**
 * "ordinary" and "financial" facts are told to all staff. "personal" ones could tell a person apart or say how somebody
 * is doing, and are told only to those who may read personal data; so are "protected" ones (sex, age, marriage,
 * ethnicity …), which can never reach an outcome. A coarse attribute that lines are grouped by is ordinary.
 */
export type SensitivityClass = (typeof sensitivityClasses)[number];

export const directions = ["up", "down", "either"] as const;

/**
 * How a borrower can change a fact, for the way back. The value moves by whole steps as far as `until`, or the declared
 * bound; a step that would go further ends there, so that a step as long as the range means all or nothing. Booleans and
 * enums have neither `step` nor `until`: they move by one value, in the order false, true or in the declared order.
 */
export type Actionable = Readonly<{
  /** what the borrower does, e.g. "Repay part of the balance" */
  how: Text;
  direction: (typeof directions)[number];
  /** number and money only: decimal text in the unit */
  step?: string;
  /** number and money only, not with "either": the furthest value that anybody is asked to reach */
  until?: string;
  /** of one step, in a unit that all facts of the dictionary share */
  cost: number;
  /** days until such a change can show at the earliest, however many steps it has */
  days: number;
}>;

/** A ratio that moves when `of` moves, by that change ÷ `by`: utilisation follows what is drawn, by the limit. */
export type Follows = Readonly<{ of: string; by: string }>;

/** One entry of the fact dictionary. */
export type FactDeclaration = Readonly<{
  /** camelCase identifier, unique in the dictionary */
  name: string;
  label: Text;
  type: "number" | "money" | "boolean" | "enum" | "date";
  /** number only: decimals kept; the value is an integer scaled by 10^scale. Default 0. */
  scale?: number;
  /** number only: what one unit is: "days", "points", "ratio", "count", "months" … */
  unit?: string;
  /** number and money: inclusive bounds, written as decimal text in the unit */
  minimum?: string;
  maximum?: string;
  /** enum only: the closed list of values */
  values?: readonly Readonly<{ value: string; label: Text }>[];
  /** where the value comes from: "line", "import", "bureau", "derived" … */
  source: string;
  /** time span that the value sums up, e.g. "6 cycles", "30 days" */
  window?: string;
  /** "refuse": a line without the value is not evaluated · "unknown": null is a value that rules may test */
  missing: "refuse" | "unknown";
  /** what an unknown value means to the lender, when null is allowed */
  missingMeans?: Text;
  /**
   * the value that gives no ground for concern, written as in an import file ("0", "0.25", "true", "stable");
   * needed where the fact is cited as a reason: a reason is proved by putting its facts to this value
   */
  neutral?: string;
  /** absent: nothing that the borrower does moves the fact, or nobody should ask for it */
  actionable?: Actionable;
  /** number only, and never together with `actionable` */
  follows?: Follows;
  /**
   * ordered types only: the outcome may never become milder when the value goes this way, all other facts equal;
   * for a boolean true is the higher value. It is a law that the check of a strategy proves or refutes
   */
  harsherWhen?: "higher" | "lower";
  /** only triggers test the fact: no rule reads it, and a sweep never looks for it */
  readBy?: "triggers";
  sensitivity: SensitivityClass;
}>;

/** Type, scale, unit and values, as a strategy has to declare them. */
export type FactForm = Pick<FactDeclaration, "type" | "scale" | "unit" | "values">;

/**
 * Facts that Tidemark itself keeps about every line; a strategy that reads one declares it under the same
 * name with source "line". Money is in minor units of the line's currency.
 */
export const lineFacts = {
  limit: "money",
  drawn: "money",
  pending: "money",
  lineStatus: "enum",
  monthsOnBook: "number",
  /** null when the limit was never lowered */
  daysSinceDecrease: "number",
  /** sum of decreases in the 365 days up to the as-of date */
  decreasedLast12Months: "money",
} as const;
