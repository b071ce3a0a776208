// The typed intermediate form that every back end runs: slots of integers, tests as intervals, rows as short
// lists of tests. Nothing in it is parsed, looked up by name or rounded implicitly. Unknown is NaN in a slot.

import type { Action, Route } from "../domain/assessment.ts";
import type { Cause } from "../domain/decision.ts";
import type { Severity } from "../domain/severity.ts";
import type { FactDeclaration } from "../domain/facts.ts";
import type { Rounding } from "../domain/money.ts";
import type { ReasonCode } from "../domain/reason-code.ts";
import type { Text } from "../domain/text.ts";
import type { Steps } from "./expression.ts";
import type { IntegerSet } from "./integer-set.ts";
import type { Operand, OperandType } from "./operand.ts";
import type { HitPolicy } from "./strategy.ts";

/** The value in `slot` must belong to the set. `column` is the index of the table's input, −1 in conditions. */
export type Test = IntegerSet &
  Readonly<{ slot: number; column: number; operand: string; cell: string }>;

export type Tests = readonly Test[];

export type FactIr = Readonly<{
  name: string;
  slot: number;
  declaration: FactDeclaration;
  type: OperandType;
  /** enum only: value → index */
  codes: ReadonlyMap<string, number> | null;
  /** the value that gives no ground for concern; null where none is declared */
  neutral: number | null;
  /** a line without it is not evaluated */
  required: boolean;
}>;

/** A number that moves with another: its change is that one's change × `perOne` ÷ the value in `bySlot`, towards zero. */
export type FollowIr = Readonly<{ fact: FactIr; bySlot: number; perOne: number }>;

/** A fact that the borrower can move, in slot units, and what moves with it. */
export type MoveIr = Readonly<{
  fact: FactIr;
  how: Text;
  /** signs of the directions in which it moves: −1 down, 1 up */
  signs: readonly (-1 | 1)[];
  step: number;
  /** how far it moves at most, both included */
  low: number;
  high: number;
  cost: number;
  days: number;
  followers: readonly FollowIr[];
}>;

export type RuleIr = Readonly<{ id: string; label: Text; tests: Tests }>;

/** `code` is the segment's index for leaves and −1 for inner nodes. */
export type SegmentIr = Readonly<{
  id: string;
  label: Text;
  code: number;
  tests: Tests;
  children: readonly SegmentIr[];
}>;

/**
 * A value that is computed from others, once these are known: `after` −2 right after the facts, −1 after segments, scores
 * and grades, else after the table of that index. NaN where it is unknown.
 */
export type ExpressionIr = Readonly<{
  id: string;
  label: Text;
  slot: number;
  type: OperandType;
  /** as written */
  feel: string;
  steps: Steps;
  after: number;
  /** slots that it reads */
  reads: readonly number[];
}>;

/** Points that a bin adds from a slot (PMML 4.4 ComplexPartialScore); they count as lost by `sign`. */
export type PointsFromIr = Readonly<{ slot: number; operand: string; sign: -1 | 1 }>;

export type AttributeIr = IntegerSet &
  Readonly<{
    points: number;
    /** points lost, apart from those of `from` */
    lost: number;
    from: PointsFromIr | null;
    reason: ReasonCode;
    cell: string;
    label: Text | null;
  }>;

/** Exactly one attribute holds for any value: bins are disjoint, and complete or closed by `otherwise`. */
export type CharacteristicIr = Readonly<{
  id: string;
  label: Text;
  fact: string;
  /** facts that its points rest on */
  cites: readonly string[];
  slot: number;
  baseline: number;
  attributes: readonly AttributeIr[];
}>;

export type ScorecardIr = Readonly<{
  id: string;
  label: Text;
  slot: number;
  initialScore: number;
  characteristics: readonly CharacteristicIr[];
}>;

export type BandIr = IntegerSet &
  Readonly<{ grade: string; label: Text; pdBp: number; cell: string }>;

export type GradesIr = Readonly<{ input: Operand; slot: number; bands: readonly BandIr[] }>;

export type RowReasonIr = Readonly<{ code: ReasonCode; facts: readonly FactIr[] }>;

export type RowIr = Readonly<{
  id: string;
  note: Text;
  /** its cells, and one on the as-of date where it is in force only for a time */
  tests: Tests;
  /** one value per output; NaN for null */
  outputs: readonly number[];
  reasons: readonly RowReasonIr[];
  /** indices of scorecards whose lost points are reasons */
  scores: readonly number[];
  /** indices of the tables whose outputs the row tests */
  upstream: readonly number[];
}>;

export type OutputIr = Readonly<{ name: string; label: Text; slot: number; type: OperandType }>;

export type TableIr = Readonly<{
  id: string;
  label: Text;
  hitPolicy: HitPolicy;
  inputs: readonly Operand[];
  outputs: readonly OutputIr[];
  rows: readonly RowIr[];
  /** NaN for null; null when the table has no default */
  defaults: readonly number[] | null;
  /** indices of the enum outputs that give priority, for P and O */
  priority: readonly number[];
}>;

/** A constant, or the value of a slot. */
export type SourceIr =
  | Readonly<{ kind: "constant"; value: number }>
  | Readonly<{ kind: "slot"; slot: number; operand: string; table: number }>;

export type TargetIr =
  | Readonly<{ method: "cut-by-rate"; rate: SourceIr; rounding: Rounding }>
  | Readonly<{ method: "cut-by-amount"; amount: SourceIr }>
  | Readonly<{ method: "cut-to-balance"; bufferBp: number; rounding: Rounding }>
  | Readonly<{ method: "set-to"; amount: SourceIr }>;

export type TreatmentIr = Readonly<{
  id: string;
  label: Text;
  action: Action;
  target: TargetIr | null;
  /** tables that decided for it: the selector's and those of its rate or amount */
  tables: readonly number[];
}>;

/** Amounts in minor units. */
export type BoundIr = Readonly<{ id: string; label: Text }> &
  (
    | Readonly<{ kind: "amount"; amountMinor: number }>
    | Readonly<{ kind: "rate"; rateBp: number }>
    | Readonly<{ kind: "present-limit" }>
  );

export type LimitIr = Readonly<{
  selectSlot: number;
  /** by value of the selector */
  treatments: readonly TreatmentIr[];
  floors: readonly BoundIr[];
  stepMinor: number;
  mode: "down" | "up";
  caps: readonly BoundIr[];
  belowDrawn: boolean;
}>;

export type GuardIr = Readonly<{ id: string; label: Text; tests: Tests }> &
  (
    | Readonly<{ kind: "cool-down"; days: number; actions: readonly Action[] }>
    | Readonly<{ kind: "max-cut"; rateBp: number }>
    | Readonly<{ kind: "max-cut-12-months"; rateBp: number }>
    | Readonly<{ kind: "minimum-line"; amountMinor: number }>
    | Readonly<{ kind: "minimum-cut"; amountMinor: number; rateBp: number }>
  );

/** Slots of the line facts that the limit rule and the guards read; −1 where the document declares none. */
export type LineSlots = Readonly<{
  limit: number;
  drawn: number;
  pending: number;
  daysSinceDecrease: number;
  decreasedLast12Months: number;
}>;

export type OutcomeSlots = Readonly<{
  action: number;
  cutRate: number;
  cutAmount: number;
  exposureRemoved: number;
}>;

export type RouteIr = RuleIr & Readonly<{ route: Route }>;

/** What lets a strategy be evaluated at once; its tests read facts only. */
/** `before` is tested against what was known before the news; empty where nothing is. */
export type TriggerIr = RuleIr &
  Readonly<{ before: Tests; cause: Cause; severity: Severity; coolDownDays: number }>;

/** A whole strategy, ready to run. */
export type Program = Readonly<{
  slotCount: number;
  operands: ReadonlyMap<string, Operand>;
  facts: readonly FactIr[];
  /** slot of the as-of date, −1 where nothing reads it */
  asOfSlot: number;
  /** in the order of evaluation */
  expressions: readonly ExpressionIr[];
  /** what the borrower can influence, in declared order */
  moves: readonly MoveIr[];
  /** every readable fact as unknown: the form that an assessment's facts start from */
  noFacts: Readonly<Record<string, null>>;
  line: LineSlots;
  triggers: readonly TriggerIr[];
  /** facts that triggers alone test */
  triggerFacts: readonly FactIr[];
  eligibility: readonly RuleIr[];
  exclusions: readonly RuleIr[];
  segments: readonly SegmentIr[];
  segmentSlot: number;
  segmentIds: readonly string[];
  scorecards: readonly ScorecardIr[];
  grades: GradesIr | null;
  tables: readonly TableIr[];
  limit: LimitIr;
  guards: readonly GuardIr[];
  outcomeSlots: OutcomeSlots;
  routing: readonly RouteIr[];
}>;
