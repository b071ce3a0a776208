// The strategy document: what analysts write, reviewers approve and the content hash is taken over. Only
// data, no code; every part is typed against the fact dictionary that the document itself declares. The
// parts appear here in the order in which they are evaluated.

import type { Action, Route } from "../domain/assessment.ts";
import type { DataPurpose } from "../domain/connector.ts";
import type { Cause } from "../domain/decision.ts";
import type { FactDeclaration } from "../domain/facts.ts";
import type { Currency, Rounding } from "../domain/money.ts";
import type { OfferEnd } from "../domain/offer.ts";
import type { ReasonCode } from "../domain/reason-code.ts";
import type { ReviewPriority } from "../domain/review-case.ts";
import type { Severity } from "../domain/severity.ts";
import type { Language, Text } from "../domain/text.ts";

/** An S-FEEL unary test as text: `-`, `>= 31`, `[1..30]`, `"east","north"`, `not(null)`, `0.55`, `true`. */
export type Cell = string;

/** An S-FEEL literal as text: `"freeze"`, `0.30`, `true`, `date("2026-01-01")`. */
export type LiteralCell = string;

/** A decimal amount in major units as text: "1000.00". */
export type DecimalText = string;

/**
 * Operand → cell; all must hold. Operands are facts, `asOf`, `model.ID`, `expression.ID`, `segment`, `grade`,
 * `score.ID`, `table.ID.OUTPUT`, and in routing also `outcome.action`, `outcome.cutRate`, `outcome.cutAmount`, `outcome.exposureRemoved`.
 * `{}` always holds.
 */
export type Condition = Readonly<Record<string, Cell>>;

/**
 * A score that is worked out elsewhere, read as `model.ID`. Its place is kept here: until a scorer has filled it in, the
 * value is unknown.
 */
export type ModelReference = Readonly<{
  id: string;
  label: Text;
  /** name and version of the model that alone may fill it in */
  model: string;
  modelVersion: string;
  /** what the model is given; never a protected fact */
  inputs: readonly string[];
  scale?: number;
  /** what one unit is, as of a fact */
  unit?: string;
  minimum: DecimalText;
  maximum: DecimalText;
  neutral?: DecimalText;
  harsherWhen?: "higher" | "lower";
}>;

/** A computed value, read as `expression.ID`. `feel` reads what was decided before it; circles are refused. */
export type ExpressionNode = Readonly<{
  id: string;
  label: Text;
  type: FactDeclaration["type"];
  /** number only: decimals of the result, 0 when absent */
  scale?: number;
  /** enum only: the closed list of what it can be */
  values?: NonNullable<FactDeclaration["values"]>;
  /** FEEL, as in `decimal(drawn / limit, 4)`; its functions are those of `strategy-functions.ts` */
  feel: string;
}>;

/** A named test of the line. */
export type Rule = Readonly<{ id: string; label: Text; when: Condition }>;

/** A node of the segmentation tree: the first child that holds is taken; a node without children is a segment. */
export type SegmentNode = Readonly<{
  id: string;
  label: Text;
  when: Condition;
  children?: readonly SegmentNode[];
}>;

/** One bin of a characteristic. `when` is a cell, or `otherwise` for whatever no other bin takes. */
export type ScorecardAttribute = Readonly<{
  when: Cell;
  points: number;
  /** a whole number that is added to `points`: PMML 4.4 ComplexPartialScore */
  pointsFrom?: string;
  /** overrides the characteristic's reason */
  reason?: ReasonCode;
  label?: Text;
}>;

/** PMML 4.4 Scorecard, Characteristic: one fact, its bins, and the reason that lost points are told by. */
export type Characteristic = Readonly<{
  id: string;
  label: Text;
  fact: string;
  reason: ReasonCode;
  /** points that count as "nothing lost"; overrides the scorecard's baseline */
  baseline?: number;
  attributes: readonly ScorecardAttribute[];
}>;

/** PMML 4.4 Scorecard with integer points. Read as `score.ID`. */
export type Scorecard = Readonly<{
  id: string;
  label: Text;
  /** where the points come from: model, base, points to double the odds, rounding */
  origin?: Text;
  initialScore: number;
  /** points lost are baseline − partial (pointsBelow) or partial − baseline (pointsAbove) */
  reasonCodeAlgorithm: "pointsBelow" | "pointsAbove";
  /** baseline of characteristics that state none; "best" is the best bin of each characteristic */
  baseline: number | "best";
  characteristics: readonly Characteristic[];
}>;

/** Risk grades over one operand. Bands are disjoint and complete. `pdBp` is the probability of default. */
export type Grades = Readonly<{
  input: string;
  bands: readonly Readonly<{ grade: string; label: Text; when: Cell; pdBp: number }>[];
}>;

export const hitPolicies = ["U", "A", "P", "F", "R", "O", "C", "C+", "C<", "C>", "C#"] as const;

/** DMN 1.5 §8.2.8: unique, any, priority, first, rule order, output order, collect (sum, minimum, maximum, count). */
export type HitPolicy = (typeof hitPolicies)[number];

/** A typed output column. `values` in order of falling priority (P and O). */
export type TableOutput = Readonly<{
  name: string;
  label: Text;
  type: "number" | "money" | "boolean" | "enum" | "date";
  scale?: number;
  /** number only: what one unit is, as of a fact; values of two units are not added or compared */
  unit?: string;
  minimum?: DecimalText;
  maximum?: DecimalText;
  values?: readonly Readonly<{ value: string; label: Text }>[];
}>;

/** A reason that a row gives when it is hit, and the facts that speak for it. */
export type RowReason = Readonly<{ code: ReasonCode; facts: readonly string[] }>;

/** One row. `when` has one cell per input, `then` one literal per output. */
export type TableRow = Readonly<{
  id: string;
  note: Text;
  when: readonly Cell[];
  then: readonly LiteralCell[];
  reasons?: readonly RowReason[];
  /** scorecards whose lost points are reasons too, because the row tests the score or a grade of it */
  reasonsFrom?: readonly string[];
  /** first and last as-of date on which the row can be hit; without them it always can */
  effectiveFrom?: string;
  effectiveTo?: string;
}>;

/** A decision table. Its outputs are read as `table.ID.OUTPUT` by what follows it. */
export type DecisionTable = Readonly<{
  id: string;
  label: Text;
  hitPolicy: HitPolicy;
  inputs: readonly string[];
  outputs: readonly TableOutput[];
  rows: readonly TableRow[];
  /** the outputs when no row is hit; without it they are unknown */
  default?: readonly LiteralCell[];
}>;

/** A rate: fixed, or read from an operand of scale 4 (0.3000 = 30 %). */
export type RateSource = Readonly<{ bp: number }> | Readonly<{ operand: string }>;

/** An amount of money: fixed, or read from an operand. */
export type AmountSource = Readonly<{ amount: DecimalText }> | Readonly<{ operand: string }>;

/**
 * How a decrease finds its new limit.
 * cut-by-rate: limit − limit × rate, the cut rounded to minor units as stated ·
 * cut-by-amount: limit − amount, at least 0 ·
 * cut-to-balance: max(0, drawn + pending) × (1 + bufferBp), the buffer rounded as stated ·
 * set-to: the amount itself.
 */
export type Target =
  | Readonly<{ method: "cut-by-rate"; rate: RateSource; rounding: Rounding }>
  | Readonly<{ method: "cut-by-amount"; amount: AmountSource }>
  | Readonly<{ method: "cut-to-balance"; bufferBp: number; rounding: Rounding }>
  | Readonly<{ method: "set-to"; amount: AmountSource }>;

/** What a value of the limit rule's selector does to the line. */
export type Treatment =
  | Readonly<{ id: string; label: Text; action: Exclude<Action, "decrease"> }>
  | Readonly<{ id: string; label: Text; action: "decrease"; target: Target }>;

/** A lower bound of the limit the rule asks for: an amount, or a share of the present limit. */
export type Floor =
  | Readonly<{ id: string; label: Text; amount: DecimalText }>
  | Readonly<{ id: string; label: Text; rateBp: number }>;

/** An upper bound of the limit the rule asks for. */
export type Cap =
  | Readonly<{ id: string; label: Text; amount: DecimalText }>
  | Readonly<{ id: string; label: Text; of: "present-limit" }>;

/**
 * From the selected treatment to the limit asked for: target, then floors, then rounding to a multiple of
 * `step`, then caps. In a decrease strategy it is refused unless it is proved never to exceed the limit.
 */
export type LimitRule = Readonly<{
  /** an enum output `table.ID.OUTPUT`; its values are the treatment ids */
  select: string;
  treatments: readonly Treatment[];
  floors: readonly Floor[];
  rounding: Readonly<{ step: DecimalText; mode: "down" | "up" }>;
  caps: readonly Cap[];
  /** "never": the limit stays at or above drawn + pending */
  belowDrawn: "never" | "allowed";
}>;

type GuardOf<Kind extends string, Fields> = Readonly<
  { id: string; label: Text; kind: Kind; when?: Condition } & Fields
>;

/**
 * What bounds or stops the outcome after the limit rule. A guard never lowers a limit.
 * cool-down: no such action within `days` after the last decrease ·
 * max-cut: the cut is at most rateBp of the limit ·
 * max-cut-12-months: with the decreases of the last 12 months, at most rateBp of the limit before them ·
 * minimum-line: not below the amount · minimum-cut: a smaller cut is not made.
 */
export type Guard =
  | GuardOf<"cool-down", { days: number; actions: readonly Exclude<Action, "none">[] }>
  | GuardOf<"max-cut", { rateBp: number }>
  | GuardOf<"max-cut-12-months", { rateBp: number }>
  | GuardOf<"minimum-line", { amount: DecimalText }>
  | GuardOf<"minimum-cut", { amount: DecimalText; rateBp: number }>;

/** A budget of the pace ledger. "exposure": exposure removed; "count": number of lines. */
export type PaceBudget = Readonly<{
  id: string;
  label: Text;
  window: "day" | "week";
  scope:
    | Readonly<{ kind: "all" }>
    | Readonly<{ kind: "portfolio"; portfolio: string }>
    | Readonly<{ kind: "segment"; segment: string }>;
  cap:
    | Readonly<{ kind: "exposure"; amount: DecimalText }>
    | Readonly<{ kind: "count"; count: number }>;
}>;

/** Ranking and budgets. Loss given default and credit conversion factor in basis points. */
export type Pace = Readonly<{ lgdBp: number; ccfBp: number; budgets: readonly PaceBudget[] }>;

/** Who must agree; the first rule that holds. The last one holds always. */
export type RoutingRule = Rule & Readonly<{ route: Route }>;

/** Which review cases a desk rule is about: all that is given must hold; `{}` always holds. */
export type DeskCondition = Readonly<{
  routes?: readonly Exclude<Route, "straight-through">[];
  actions?: readonly Action[];
  segments?: readonly string[];
  grades?: readonly string[];
  /** exposure that the decision takes away, at least */
  impactFrom?: DecimalText;
}>;

/** What a review case needs of who decides it, and how soon. */
export type DeskRule = Readonly<{
  id: string;
  label: Text;
  when: DeskCondition;
  skills: readonly string[];
  priority: ReviewPriority;
}>;

/** How review cases are worked; the first rule that holds. The last one holds always. */
export type DeskPart = Readonly<{
  /** calendar days in which a case of each priority is resolved, or passed up */
  dueDays: Readonly<Record<ReviewPriority, number>>;
  /** calendar days in which an appeal is to be answered; absent: 15 */
  appealDays?: number;
  /** impact from which a review takes two people; null: as routed */
  fourEyesFrom: DecimalText | null;
  rules: readonly DeskRule[];
}>;

export type NoticePart = Readonly<{
  template: string;
  maxReasons: number;
  languages: readonly Language[];
}>;

/**
 * How a lower limit is negotiated where pack or product asks for the customer's consent; unused elsewhere. `counter`
 * bounds what the customer may propose, as shares of the offered cut: at least `minimumBp` of it, and from `acceptBp` on
 * it is agreed to at once, below that a person decides; null: yes or no only.
 */
export type OfferPart = Readonly<{
  answerWithinDays: number;
  ifDeclined: OfferEnd;
  ifSilent: OfferEnd;
  counter: Readonly<{ minimumBp: number; acceptBp: number }> | null;
}>;

/** The written way back: checkable criteria, when they are looked at again, and the size of a step. */
export type RestorationPart = Readonly<{
  criteria: readonly Rule[];
  reEvaluateAfterDays: number;
  /** of the limit before the decrease, given back per step */
  stepBp: number;
}>;

/** A source that is asked before a sweep of today about every customer whose last answer is older than `freshDays`. */
export type NeededSource = Readonly<{ source: string; purpose: DataPurpose; freshDays: number }>;

/**
 * News that a line is looked at for at once: when a signal has changed its facts and all of `when` holds, and all of `was`
 * held for what was known of the line before the news, the strategy is evaluated for that line with this cause. Of
 * several that hold the most severe counts, and of equal ones the first; absent, the severity is medium. Once a customer
 * has a decision in the area for the cause, the trigger is quiet for that customer for `coolDownDays`.
 */
export type Trigger = Rule &
  Readonly<{ was?: Condition; cause: Cause; severity?: Severity; coolDownDays: number }>;

export type Strategy = Readonly<{
  id: string;
  version: number;
  label: Text;
  area: "limit-decrease";
  direction: "decrease";
  /** why the line is looked at; notice law keys on it */
  cause: Cause;
  product: string;
  jurisdiction: string;
  currency: Currency;
  author: string;
  facts: readonly FactDeclaration[];
  models?: readonly ModelReference[];
  expressions?: readonly ExpressionNode[];
  /** what news is looked at for at once */
  triggers?: readonly Trigger[];
  /** what is asked before a sweep */
  sources?: readonly NeededSource[];
  /** all must hold, else the line is left alone */
  eligibility: readonly Rule[];
  /** any that holds leaves the line alone */
  exclusions: readonly Rule[];
  /** siblings end with one that always holds; empty: no segments */
  segmentation: readonly SegmentNode[];
  scores: readonly Scorecard[];
  grades: Grades | null;
  tables: readonly DecisionTable[];
  limitRule: LimitRule;
  guards: readonly Guard[];
  pace: Pace;
  routing: readonly RoutingRule[];
  /** absent: no special skill, normal priority, five days */
  desk?: DeskPart;
  notice: NoticePart;
  offer?: OfferPart;
  restoration: RestorationPart;
}>;
