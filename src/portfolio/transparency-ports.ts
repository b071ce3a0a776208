// What the transparency report is counted from and what it says: sums over what was decided, told, reviewed and heard in a
// period. Only sums leave the store, so that nothing about one customer is in a report's hands.

import type { GatedAction } from "../compliance/pack.ts";
import type { BusinessDate, Instant } from "../domain/calendar.ts";
import type { ComplaintTopic } from "../domain/complaint.ts";
import type { Cause, DecisionState } from "../domain/decision.ts";
import type { ReasonCode } from "../domain/reason-code.ts";
import type { Cell } from "../domain/small-cells.ts";

/** From the first instant of the period up to and without the last; null: every portfolio. */
export type TransparencyWindow = Readonly<{
  start: Instant;
  end: Instant;
  portfolio: string | null;
}>;

/**
 * What people made of a decision that was put before them. upheld: approved as it was · changed: another outcome put in its
 * place · rejected · withdrawn: it ended while it waited.
 */
export const reviewVerdicts = ["upheld", "changed", "rejected", "withdrawn"] as const;

export type ReviewVerdict = (typeof reviewVerdicts)[number];

/** What became of appeals. withdrawn: what was appealed against ended or was taken back before anybody answered. */
export const appealVerdicts = ["upheld", "overturned", "withdrawn"] as const;

export type AppealVerdict = (typeof appealVerdicts)[number];

type Counted = Readonly<{ count: number }>;

/** Half and nine tenths were at least as fast, whole seconds; of how many. */
export type Waited = Counted & Readonly<{ medianSeconds: number; p90Seconds: number }>;

export type TransparencySums = Readonly<{
  /** decisions to the customers' disadvantage that were made in the period, as they stand now */
  decisions: readonly (Counted &
    Readonly<{ action: GatedAction; jurisdiction: string; cause: Cause; state: DecisionState }>)[];
  /** principal reasons of those decisions */
  reasons: readonly (Counted & Readonly<{ code: ReasonCode }>)[];
  /** notices of such decisions issued in the period */
  notices: number;
  /** review cases resolved in the period, without appeals */
  reviews: readonly (Counted & Readonly<{ verdict: ReviewVerdict }>)[];
  /** appeals answered or ended in the period */
  appeals: readonly (Counted & Readonly<{ verdict: AppealVerdict }>)[];
  /** complaints opened in the period, and questions asked */
  complaints: readonly (Counted & Readonly<{ topic: ComplaintTopic }>)[];
  inquiries: number;
  /** decisions of waves that undoings approved in the period took back */
  undone: Readonly<{ withdrawn: number; restored: number; refused: number }>;
  /** of decisions made in the period: to their notice, and from the notice to the change; null: there were none */
  toNotice: Waited | null;
  toExecution: Waited | null;
}>;

/** Reads the sums of one period. */
export type Transparency = (window: TransparencyWindow) => Promise<TransparencySums>;

export const transparencySchema = "tidemark/transparency-report/1";

/** Counts under this are left out unless somebody asks for more caution. */
export const usualCell = 10;

export const transparencyTables = [
  "actions",
  "causes",
  "jurisdictions",
  "reasons",
  "standing",
  "reviews",
  "appeals",
  "complaints",
  "undone",
] as const;

export type TransparencyTableName = (typeof transparencyTables)[number];

/** One table: its rows add up to its total. null: left out, because few customers are behind it. */
export type TransparencyTable = Readonly<{
  name: TransparencyTableName;
  total: Cell;
  rows: readonly Readonly<{ key: string; count: Cell }>[];
}>;

/** Hours, rounded down; null: too few decisions to say. */
export type TransparencyTimes = Readonly<{ medianHours: number; p90Hours: number }> | null;

export type TransparencyReport = Readonly<{
  schema: typeof transparencySchema;
  from: BusinessDate;
  to: BusinessDate;
  portfolio: string | null;
  madeAt: Instant;
  /** counts from 1 to this less 1 are left out */
  smallestCell: number;
  tables: readonly TransparencyTable[];
  notices: Cell;
  inquiries: Cell;
  /** complaints and questions per 10,000 notices, reviews that changed or rejected the decision per 10,000, and appeals
   * overturned per 10,000; rounded half to even; null where a number that it is made of is left out, or nothing was counted */
  complaintsPer10k: number | null;
  inquiriesPer10k: number | null;
  overturnedPer10k: number | null;
  appealsOverturnedPer10k: number | null;
  toNotice: TransparencyTimes;
  toExecution: TransparencyTimes;
}>;
