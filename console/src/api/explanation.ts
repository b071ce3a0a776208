// The explanation of a decision as the server tells it: made again from what was kept, in the reader's language, with
// amounts as money.
import type { components } from "./schema.ts";

type Money = components["schemas"]["Money"];

export type ExplainedValue = Readonly<{ name: string; label: string; value: string }>;
export type ExplainedTest = ExplainedValue & Readonly<{ cell: string; holds: boolean }>;

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

export type ExplainedTable = Readonly<{
  id: string;
  label: string;
  hitPolicy: string;
  hit: readonly Readonly<{ id: string; note: string; tests: readonly ExplainedTest[] }>[];
  missed: readonly Readonly<{ id: string; note: string; because: ExplainedTest }>[];
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

export type ExplainedReason = Readonly<{
  code: string;
  text: string;
  cause: readonly string[];
  weight: number;
  values: readonly ExplainedValue[];
  proof: Readonly<{
    outcome: Readonly<{ action: string; from?: Money; to?: Money }>;
    besides: readonly string[];
  }> | null;
}>;

export type Explanation = Readonly<{
  label: string;
  facts: readonly ExplainedValue[];
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
}>;
