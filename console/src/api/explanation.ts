// The explanation of a decision as the server tells it: made again from what was kept, in the reader's language, with
// amounts as money.
import type { components } from "./schema.ts";

type Outcome = components["schemas"]["Outcome"];
type Money = components["schemas"]["Money"];

export type ExplainedValue = Readonly<{ name: string; label: string; value: string }>;
export type ExplainedTest = ExplainedValue & Readonly<{ cell: string; holds: boolean }>;

/** A computed value, the FEEL that computed it, and what that read. */
export type ExplainedExpression = ExplainedValue &
  Readonly<{ id: string; feel: string; reads: readonly ExplainedValue[] }>;

export type ExplainedRule = Readonly<{
  id: string;
  label: string;
  kind: "eligibility" | "exclusion";
  holds: boolean;
  excludes: boolean;
  tests: readonly ExplainedTest[];
}>;

export type ExplainedScore = Readonly<{
  id: string;
  label: string;
  initialScore: number;
  score: number;
  characteristics: readonly (ExplainedValue &
    Readonly<{ id: string; cell: string; points: number; baseline: number; lost: number }>)[];
}>;

export type ExplainedRow = Readonly<{
  id: string;
  position: number;
  note: string;
  cells: readonly string[];
  outputs: readonly string[];
}>;

export type MissedRow = ExplainedRow & Readonly<{ because: ExplainedTest; column: number }>;

export type ExplainedTable = Readonly<{
  id: string;
  label: string;
  hitPolicy: string;
  inputs: readonly ExplainedValue[];
  hit: readonly ExplainedRow[];
  missed: readonly MissedRow[];
  rowCount: number;
  byDefault: boolean;
  outputs: readonly ExplainedValue[];
}>;

export type ArithmeticStep = Readonly<{
  kind: string;
  id: string | null;
  label: string;
  before: Money;
  after: Money;
  operand: number;
  rounding: string | null;
}>;

type ExplainedOutcome = Readonly<{ action: Outcome["action"]; from?: Money; to?: Money }>;

export type ChangedFact = Readonly<{ name: string; label: string; before: string; after: string }>;

export type Way = Readonly<{
  changes: readonly (ChangedFact & Readonly<{ how: string; cost: number; days: number }>)[];
  follow: readonly ChangedFact[];
  cost: number;
  earliestOn: string;
  outcome: ExplainedOutcome;
}>;

export type WayBack = Readonly<{ better: Way | null; unchanged: Way | null; exhaustive: boolean }>;

export type ExplainedReason = Readonly<{
  code: string;
  text: string;
  cause: readonly string[];
  weight: number;
  values: readonly ExplainedValue[];
  proof: Readonly<{
    outcome: ExplainedOutcome;
    besides: readonly string[];
  }> | null;
}>;

export type Explanation = Readonly<{
  label: string;
  facts: readonly ExplainedValue[];
  expressions: readonly ExplainedExpression[];
  rules: readonly ExplainedRule[];
  segment: readonly Readonly<{ id: string; label: string }>[];
  scores: readonly ExplainedScore[];
  grade: Readonly<{
    grade: string;
    label: string;
    input: ExplainedValue;
    cell: string;
    pdBp: number;
  }> | null;
  tables: readonly ExplainedTable[];
  treatment: Readonly<{ id: string; label: string; action: string }> | null;
  arithmetic: readonly ArithmeticStep[];
  guards: readonly Readonly<{ id: string; label: string; bound: boolean }>[];
  reasons: readonly ExplainedReason[];
  routing: Readonly<{ id: string; label: string; route: string }>;
  wayBack: WayBack;
}>;
