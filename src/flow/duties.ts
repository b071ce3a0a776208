// What scheduler and dispatcher cannot do themselves, because it looks at many lines or at none: they hand it on through
// these, and where nobody takes a duty its timers wait.

import type { Timer } from "../domain/timer.ts";
import type { OutboxEntry } from "./state.ts";

/** What scheduler and dispatcher hand on, because it is about no line and no command of the pipeline. */
export type ReportDuties = Readonly<{
  /** does what a timer of the schedule asks for and consumes it; throws only faults that may pass */
  fire: (timer: Timer) => Promise<void>;
  /** sends one message and marks it sent; throws faults, after which it is given back */
  deliver: (entry: OutboxEntry) => Promise<void>;
}>;

/** What the scheduler hands on when there is news of lines that strategies may want to look at. */
export type TriggerDuties = Readonly<{
  /** tries the triggers of all strategies in force and consumes the timers; throws only faults that may pass */
  fire: (timers: readonly Timer[]) => Promise<void>;
}>;

/** What the scheduler hands on when there is news of a place that lines live in. */
export type EnvironmentDuties = Readonly<{
  /**
   * looks at the lines of a few buckets because of it, and consumes the timer or lets it wait for the next ones; throws
   * only faults that may pass
   */
  fire: (timer: Timer) => Promise<void>;
}>;

/** What the scheduler hands on when a customer of a wave may have complained about it. */
export type WaveDuties = Readonly<{
  /** pauses waves whose customers complain too often and consumes the timers; throws only faults that may pass */
  fire: (timers: readonly Timer[]) => Promise<void>;
}>;
