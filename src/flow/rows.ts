// Small, total ways to change the rows of a transaction: replace one row by a newer one, or refuse to
// invent it. Every step's `evolve` is written with these.

import type { Alert } from "../domain/alert.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import { mayFollow, type Decision, type DecisionState } from "../domain/decision.ts";
import type { Id } from "../domain/id.ts";
import { refuse, type Refusal } from "../domain/refusal.ts";
import type { Reminder } from "../domain/reminder.ts";
import type { ReviewCase } from "../domain/review-case.ts";
import type { Offer } from "../domain/offer.ts";
import type { Notice } from "../domain/notice.ts";
import type { TimerKind } from "../domain/timer.ts";
import type { Instant } from "../domain/calendar.ts";
import type { Context } from "./step.ts";
import type { Event, State } from "./state.ts";

type Changeable = CreditLine | Decision | ReviewCase | Notice | Offer | Alert | Reminder;

/** Replaces a row by itself with `change`, one version on. A missing row is a bug. */
export function change<Row extends Changeable>(
  rows: Map<Id, Row>,
  id: Id,
  patch: Partial<Omit<Row, "id" | "bucket" | "ver">>,
): Row {
  const row = rows.get(id);
  if (row === undefined) throw new Error(`Row not loaded: ${id}`);
  const next = { ...row, ...patch, ver: row.ver + 1 };
  rows.set(id, next);
  return next;
}

/** Moves a decision on; a move that its life does not have is a bug. */
export function moveDecision(
  state: State,
  id: Id,
  to: DecisionState,
  patch: Partial<Omit<Decision, "id" | "bucket" | "ver" | "state">> = {},
): Decision {
  const from = state.decisions.get(id)?.state;
  if (from === undefined || !mayFollow(from, to)) {
    throw new Error(`Decision ${id} cannot move from ${from ?? "nowhere"} to ${to}`);
  }
  return change(state.decisions, id, { ...patch, state: to });
}

/** Sets a timer for a decision; `round` tells repeated waits of one kind apart. */
export function setTimer(
  state: State,
  event: Event,
  context: Context,
  wait: Readonly<{ kind: TimerKind; due: Instant; priority?: number }>,
): void {
  const decisionId = event.subject;
  const id = context.derive("timer", decisionId, wait.kind, wait.due);
  state.timers.set(id, {
    bucket: event.bucket,
    id,
    kind: wait.kind,
    subject: decisionId,
    due: wait.due,
    priority: wait.priority ?? 0,
    owner: event.actor,
    state: "waiting",
  });
}

/** Cancels what a decision still waits for. */
export function cancelTimers(state: State, decisionId: Id, kinds?: readonly TimerKind[]): void {
  for (const timer of state.timers.values()) {
    if (timer.subject !== decisionId || timer.state !== "waiting") continue;
    if (kinds !== undefined && !kinds.includes(timer.kind)) continue;
    state.timers.set(timer.id, { ...timer, state: "cancelled" });
  }
}

/** The refusal for a version that is not the one the actor saw; null when it is, or none was named. */
export function versionRefusal(
  row: Readonly<{ id: Id; ver: number }>,
  expectedVer: number | undefined,
): Refusal | null {
  return expectedVer === undefined || expectedVer === row.ver
    ? null
    : refuse("stale-approval", {
        en: `${row.id} changed: found version ${row.ver}, expected ${expectedVer}`,
        zh: `${row.id} 已变更：当前版本 ${row.ver}，预期版本 ${expectedVer}`,
      });
}
