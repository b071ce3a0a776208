// What holds a decision back although its notice gate may be open: a blackout window that covers its line, or its wave
// being paused. Notices and executions ask here, so that both wait for the same end and name the same reason.

import { holdsBack, type Blackout, type LinePlace } from "../domain/blackout.ts";
import { isRestoring } from "../domain/assessment.ts";
import { addDays, type BusinessDate, type Instant } from "../domain/calendar.ts";
import type { Decision } from "../domain/decision.ts";
import type { Id } from "../domain/id.ts";
import { waveArea } from "../domain/halt-area.ts";
import { refuse, type Refusal } from "../domain/refusal.ts";
import type { Halt } from "./hold-ports.ts";

/** What holds decisions back at one instant. `placeOf` answers for lines that were loaded. */
export type Holds = Readonly<{
  blackouts: readonly Blackout[];
  halts: readonly Halt[];
  placeOf: (lineId: Id) => LinePlace;
}>;

/** Until when a decision waits, what makes it wait, and how a person is told so. */
export type Held = Readonly<{ until: Instant; by: string; refusal: Refusal }>;

/** What holds this decision back now; null where nothing does. Of several holds the one that ends last. */
export function heldBack(
  decision: Decision,
  { blackouts, halts, placeOf }: Holds,
  context: Readonly<{ today: BusinessDate; startOf: (date: BusinessDate) => Instant }>,
): Held | null {
  const { action } = decision.outcome;
  if (isRestoring(action)) return null;
  const pause = halts.find(({ area }) => area === waveArea(decision.causeId));
  const found = pause === undefined ? [] : [pausedBy(decision, pause)];
  for (const blackout of blackouts) {
    const change = { action, cause: decision.record.cause, place: placeOf(decision.lineId) };
    if (!holdsBack(blackout, change, context.today)) continue;
    const until = context.startOf(addDays(blackout.toOn, 1));
    found.push({ until, by: `blackout ${blackout.id}`, refusal: blackedOut(decision, blackout) });
  }
  return found.toSorted((left, right) => (left.until < right.until ? 1 : -1))[0] ?? null;
}

function pausedBy({ id }: Decision, { area, by, reason, expiresAt }: Halt): Held {
  const refusal = refuse("halted", {
    en: `Decision ${id}: its wave is paused by ${by} until ${expiresAt}: ${reason}`,
    zh: `决定 ${id}：所属批次已由 ${by} 暂停至 ${expiresAt}：${reason}`,
  });
  return { until: expiresAt, by: area, refusal };
}

function blackedOut({ id }: Decision, { event, fromOn, toOn, reason }: Blackout): Refusal {
  return refuse("blackout", {
    en: `Decision ${id}: blackout window ${event} from ${fromOn} to ${toOn} covers its line: ${reason}`,
    zh: `决定 ${id}：其授信处于禁止窗口“${event}”（${fromOn} 至 ${toOn}）内：${reason}`,
  });
}
