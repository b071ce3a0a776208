// Experiments as they are kept: per decision area the arms with their shares and digits, the strategies that run in the
// shadow, and who took which step of an experiment's life. Plain rows and the port that stores them; the laws are in
// experiment.ts and experiment-life.ts.

import type { Action, StrategyRef } from "../domain/assessment.ts";
import type { Instant } from "../domain/calendar.ts";
import type { Bucket, Id } from "../domain/id.ts";
import type { ReasonCode } from "../domain/reason-code.ts";
import type { Currency } from "../domain/money.ts";

/** In the order of its life; it may be ended from any of them. */
export const experimentStates = ["draft", "approved", "running", "ended"] as const;

export type ExperimentState = (typeof experimentStates)[number];

/** A strategy version, or with null the one that is active when a sweep begins. */
export type StrategyChoice = Readonly<{ id: string; version: number | null }>;

/** Digits from `from` up to and without `to`. */
export type DigitRange = Readonly<{ from: number; to: number }>;

/** One arm as it was asked for. The holdout names no strategy: it is assessed as the champion would assess it. */
export type ArmShare = Readonly<{
  name: string;
  strategy: StrategyChoice | null;
  /** of 10,000 */
  shareBp: number;
}>;

/** One arm with its digits: as many as its share, in order; none before the experiment was started. */
export type Arm = ArmShare & Readonly<{ ranges: readonly DigitRange[] }>;

/** Who let an experiment enter a state, when and why. */
export type ExperimentStep = Readonly<{
  state: ExperimentState;
  at: Instant;
  by: string;
  reason: string | null;
}>;

/** One experiment. Only its state, its steps and, at its start, its place and the digits of its arms ever change. */
export type Experiment = Readonly<{
  id: string;
  /** the decision area; at most one experiment of an area is running */
  area: string;
  state: ExperimentState;
  /** its place among the experiments of the area that were started, from 0; null before its start */
  place: number | null;
  arms: readonly Arm[];
  /** run beside on the same facts, without effect */
  shadows: readonly StrategyChoice[];
  /** reasons for which a holdout customer is acted on all the same */
  actOn: readonly ReasonCode[];
  /** in the order in which they were taken; the first is its author's */
  steps: readonly ExperimentStep[];
}>;

/** An arm with the very strategy that a sweep runs. */
export type FixedArm = Readonly<{
  name: string;
  strategy: StrategyRef;
  ranges: readonly DigitRange[];
}>;

/** The arms of a sweep as they stood when it began: what happens to the experiment later changes nothing for it. */
export type SweepExperiment = Readonly<{
  id: string;
  area: string;
  arms: readonly FixedArm[];
  actOn: readonly ReasonCode[];
}>;

/** The digit of a customer in one area, drawn once; `heldOut` once it fell into a holdout, for ever. */
export type CustomerDigit = Readonly<{
  bucket: Bucket;
  area: string;
  customerId: Id;
  digit: number;
  heldOut: boolean;
}>;

/** How many customers have a digit. */
export type DigitCount = Readonly<{ digit: number; heldOut: boolean; customers: number }>;

/** Decisions of one arm and action. `cutMinor`: limit taken by the decreases that stand (not withdrawn or refused). */
export type ArmDecisions = Readonly<{
  arm: string;
  action: Action;
  currency: Currency;
  decisions: number;
  cutMinor: number;
}>;

export type Experiments = Readonly<{
  /** stores a draft; "exists" when the id is taken, with nothing changed */
  add: (experiment: Experiment) => Promise<"added" | "exists">;
  /**
   * Enters a state and keeps the step, in one transaction; `ranges` are the digits of the arms by name. Entering
   * `running` gives it its place.
   * @returns false, with nothing changed, where it is in none of the states `from`, or another of its area runs
   */
  enter: (
    id: string,
    step: ExperimentStep,
    from: readonly ExperimentState[],
    ranges?: Readonly<Record<string, readonly DigitRange[]>>,
  ) => Promise<boolean>;
  find: (id: string) => Promise<Experiment | null>;
  /** by the first step, newest first, then by id */
  list: () => Promise<readonly Experiment[]>;
  running: (area: string) => Promise<Experiment | null>;
  /** the digits that customers of these buckets have in an area, by customer */
  digits: (
    area: string,
    buckets: readonly Bucket[],
  ) => Promise<ReadonlyMap<Id, Pick<CustomerDigit, "digit" | "heldOut">>>;
  /** keeps digits of a bucket: the first one of a customer stays, and a holdout stays one */
  keep: (bucket: Bucket, digits: readonly CustomerDigit[]) => Promise<void>;
  /** customers of an area by digit */
  digitCounts: (area: string) => Promise<readonly DigitCount[]>;
  /** decisions under an experiment by arm and action, in the order of both */
  decisions: (id: string) => Promise<readonly ArmDecisions[]>;
}>;

/** One arm with what became of it. */
export type ViewedArm = Arm &
  Readonly<{
    /** customers drawn so far who are, or before the start would be, in it */
    customers: number;
    /** by action and currency; decisions that a person changed count by what they changed it to */
    decisions: readonly ArmDecisions[];
  }>;

/** An experiment as people look at it: not yet started, its arms have the digits that they would get now. */
export type ViewedExperiment = Omit<Experiment, "arms"> &
  Readonly<{
    arms: readonly ViewedArm[];
    /** customers, in basis points of all, who are in another arm than before it; all of its arms where none was before */
    movedBp: number;
    /** the experiment of the same area that is running, when that is another one */
    running: string | null;
  }>;
