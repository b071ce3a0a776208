// Nothing waits for ever: every wait is a timer row, and a timer row is the only way to wait.

import type { Instant } from "./calendar.ts";
import type { Bucket, Id } from "./id.ts";

export const timerKinds = [
  "pace",
  "review-due",
  "notice-issue",
  "review-wake",
  "notice-retry",
  "notice-release",
  "notice-receipt",
  "notice-escalate",
  "offer-expiry",
  "execute",
  "override-expiry",
  "trigger",
  "environment-news",
  "wave-watch",
  "reminder",
  "alert-due",
  "behaviour",
  "daily-report",
  "strategy-effective",
] as const;

export type TimerKind = (typeof timerKinds)[number];

/** Kinds that fire a command about a decision, a reminder or an alert of a line. */
export type LineTimerKind = Exclude<
  TimerKind,
  | "trigger"
  | "wave-watch"
  | "environment-news"
  | "behaviour"
  | "daily-report"
  | "strategy-effective"
>;

/**
 * `subject` is the decision, reminder or alert that waits; the line that a trigger or a look at behaviour is about, or that
 * somebody complained about; or an id of what waits that is about no line: news of a place, the schedule of reports, a
 * strategy version. Timers fire by (due, priority descending, id); `priority` lets
 * waiting cuts take their turn by expected loss avoided.
 */
export type Timer = Readonly<{
  bucket: Bucket;
  id: Id;
  kind: TimerKind;
  subject: Id;
  due: Instant;
  priority: number;
  owner: string;
  state: "waiting" | "fired" | "cancelled";
}>;
