// Nothing waits for ever: every wait is a timer row, and a timer row is the only way to wait.

import type { Instant } from "./calendar.ts";
import type { Bucket, Id } from "./id.ts";

export const timerKinds = [
  "pace",
  "review-due",
  "notice-retry",
  "execute",
  "override-expiry",
] as const;

export type TimerKind = (typeof timerKinds)[number];

/**
 * `subject` is the decision that waits. Timers fire by (due, priority descending, id); `priority` lets
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
