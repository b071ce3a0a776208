// The daily risk report as a document: one versioned shape of plain numbers from which every form (page, print, text)
// is drawn. It is hashed and kept as canonical JSON, so its fields are whole numbers and its texts are data.

import type { ComplaintTopic } from "../domain/complaint.ts";
import type { DecisionAction, Route, StrategyRef } from "../domain/assessment.ts";
import type { BusinessDate, Instant } from "../domain/calendar.ts";
import type { DecisionState } from "../domain/decision.ts";
import type { Id } from "../domain/id.ts";
import type { Currency } from "../domain/money.ts";
import type { NoticeState } from "../domain/notice.ts";
import type { ReviewQueue } from "../domain/review-case.ts";
import type { Text } from "../domain/text.ts";
import type { DelinquencyBucket } from "../domain/line-profile.ts";
import type { RollCounts } from "../model/roll-rate.ts";
import type { Stability } from "../model/stability-index.ts";

/** Raised when a field changes its meaning or goes away. */
export const reportSchema = "tidemark/daily-report/1";

/**
 * Sums in one currency, minor units. `exposure` is what is used plus the part of the available credit that the
 * strategy's credit conversion factor expects to be drawn (all of it where no strategy speaks of the line).
 */
export type Amounts = Readonly<{
  currency: Currency;
  lines: number;
  limitMinor: number;
  drawnMinor: number;
  exposureMinor: number;
}>;

/** Lines that share a value. `label` is null for values that Tidemark itself names; `key` "" is "unknown". */
export type ReportGroup = Readonly<{
  key: string;
  label: Text | null;
  lines: number;
  amounts: readonly Amounts[];
}>;

/** One way to divide the lines. `known` is false where no line has a value: the section says so. */
export type ReportDimension = Readonly<{
  id: string;
  /** null: a property of lines, not a fact */
  fact: string | null;
  label: Text | null;
  known: boolean;
  groups: readonly ReportGroup[];
}>;

/** Totals that an earlier report kept. */
export type Earlier = Readonly<{
  reportId: Id;
  asOf: BusinessDate;
  lines: number;
  amounts: readonly Amounts[];
}>;

export type Since = "day" | "month";

/** Where lines went from one date to the report's. `unknown`: lines without days past due on either date. */
export type ReportRoll = Readonly<{
  since: Since;
  from: BusinessDate;
  counts: RollCounts;
  unknown: number;
}>;

/** Spread of a score on one date; quartiles are null without values. */
export type ScoreSpread = Readonly<{
  on: BusinessDate;
  lines: number;
  missing: number;
  /** mean in tenths of a point, rounded down */
  meanTenths: number | null;
  quartiles: readonly [number, number, number] | null;
}>;

/** One score: a fact, or a scorecard of a strategy (`strategy/card`). Bins are half open: from ≤ score < to. */
export type ReportScore = Readonly<{
  id: string;
  label: Text | null;
  /** decimals: a score of 6125 at scale 1 is 612.5 points */
  scale: number;
  spreads: readonly ScoreSpread[];
  bins: readonly Readonly<{ from: number; to: number; now: number; month: number }>[];
  drift: readonly Readonly<{ since: Since; stability: Stability | null }>[];
}>;

/** A line whose score fell, or whose use rose, since the month before. */
export type Mover = Readonly<{
  lineId: Id;
  reference: string;
  portfolio: string;
  currency: Currency;
  from: number;
  to: number;
  /** use only: the rise at the present limit, minor units */
  riseMinor: number | null;
}>;

/** Decisions made on the report's day and since the month before, by what they do. `removed` counts the month. */
export type DecisionSum = Readonly<{
  action: DecisionAction;
  currency: Currency;
  day: number;
  month: number;
  removedMinor: number;
}>;

export type ReasonSum = Readonly<{ code: string; day: number; month: number }>;

/** Decreases of the month by the share of the limit taken: `fromBp` ≤ share < `toBp`, the last one with its end. */
export type CutSum = Readonly<{
  fromBp: number;
  toBp: number;
  currency: Currency;
  count: number;
  removedMinor: number;
}>;

/** Decisions by state and by age in whole days: `fromDays` to the next band. */
export type PipelineSum = Readonly<{ state: DecisionState; fromDays: number; count: number }>;

export type ReviewSum = Readonly<{
  queue: ReviewQueue;
  route: Route;
  open: number;
  overdue: number;
  oldestAt: Instant | null;
}>;

/** Notices issued since the month before. */
export type DeliverySum = Readonly<{ channel: string; state: NoticeState; count: number }>;

/**
 * Complaints about one topic by the dates that their signals name: opened and resolved on the report's day and since the
 * month before, and those still open at its end.
 */
export type ComplaintSum = Readonly<{
  topic: ComplaintTopic;
  openedDay: number;
  openedMonth: number;
  resolvedDay: number;
  resolvedMonth: number;
  open: number;
}>;

/** What happened around the lines. Windows are the report's day, and the time since the month before. */
export type Activity = Readonly<{
  decisions: readonly DecisionSum[];
  reasons: readonly ReasonSum[];
  cuts: readonly CutSum[];
  pipeline: readonly PipelineSum[];
  reviews: readonly ReviewSum[];
  deliveries: readonly DeliverySum[];
  /** messages not yet sent, and those of them that failed at least once; null in a report of one portfolio */
  outbox: Readonly<{ waiting: number; failed: number }> | null;
  /** by topic, those without any left out */
  complaints: readonly ComplaintSum[];
}>;

/** How the strategies could speak of the lines. */
export type Evaluable = Readonly<{
  evaluated: number;
  /** an active strategy fits, facts that it needs are missing or wrong */
  notEvaluable: number;
  /** no active strategy of the line's jurisdiction and currency */
  withoutStrategy: number;
  excluded: number;
  /** evaluated and not left alone: what a sweep would propose */
  wouldAct: number;
}>;

export type DailyReport = Readonly<{
  schema: typeof reportSchema;
  kind: "daily";
  asOf: BusinessDate;
  dayBefore: BusinessDate;
  monthBefore: BusinessDate;
  /** the instant of its knowledge; limits, balances and states are those of this instant */
  knownAt: Instant;
  /** null: every portfolio */
  portfolio: string | null;
  maker: string;
  strategies: readonly (StrategyRef & Readonly<{ label: Text }>)[];
  lines: number;
  /** neither closed nor exited: all sections but the one by status speak of these */
  openLines: number;
  amounts: readonly Amounts[];
  /** null: no report of that date was kept */
  earlier: Readonly<{ day: Earlier | null; month: Earlier | null }>;
  evaluable: Evaluable;
  dimensions: readonly ReportDimension[];
  delinquency: Readonly<{
    known: boolean;
    buckets: readonly Readonly<{
      bucket: DelinquencyBucket | null;
      lines: number;
      amounts: readonly Amounts[];
    }>[];
    rolls: readonly ReportRoll[];
  }>;
  scores: readonly ReportScore[];
  movers: Readonly<{
    scoreFell: readonly Mover[];
    useRose: readonly Mover[];
    /** facts that no line has on both dates */
    absent: readonly string[];
  }>;
  activity: Activity;
}>;
