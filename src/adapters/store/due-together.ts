// Which timers fire together: those of one instant, or a run of news of lines, of which each line is looked at for itself.
// Both stores ask here, so that they cannot disagree.

import { addMilliseconds, type Instant } from "../../domain/calendar.ts";

/**
 * The last instant of the timers that fire together with those of the earliest.
 * @param due the earliest instant at which a timer is due, not after `now`
 * @param other the same among timers that are no news; null for none
 */
export function lastTogether(due: Instant, other: Instant | null, now: Instant): Instant {
  if (other === null || other > now) return now;
  return other === due ? due : addMilliseconds(other, -1);
}
