// The change takes effect, only through the notice gate. Our book moves and the message to the core system
// is written in the same transaction; the message's derived id is the operation's name for every retry.

import { noticeGate, type GatedAction } from "../compliance/notice-gate.ts";
import { givesHumanReview } from "../compliance/strict-reading.ts";
import { isRestoring } from "../domain/assessment.ts";
import { addDays, type BusinessDate, type Instant } from "../domain/calendar.ts";
import { statusAfter, usedMinor, type CreditLine } from "../domain/credit-line.ts";
import { hasEnded, type Decision } from "../domain/decision.ts";
import { notFound, type Refusal, refuse } from "../domain/refusal.ts";
import { outcomeRefusal } from "./decide.ts";
import { about, applyDecisionEvent, packOf, refused, withdrawn } from "./decision-life.ts";
import { gateNotice } from "./gate-notice.ts";
import { heldBack } from "./hold.ts";
import { changeToday } from "./line-change.ts";
import type { CoreOperation } from "./core-ports.ts";
import { cancelTimers, change, moveDecision, setTimer } from "./rows.ts";
import type { Command, Context, Step } from "./step.ts";
import type { Event, NewEvent, State } from "./state.ts";

const eventOf = {
  decrease: "LimitDecreased",
  freeze: "LineFrozen",
  close: "LineClosed",
  restore: "LineRestored",
  reinstate: "LineRestored",
  reopen: "LineRestored",
} as const satisfies Readonly<Record<CoreOperation["action"], string>>;

function decide(state: State, command: Command, context: Context): readonly NewEvent[] | Refusal {
  const decision = state.decisions.get(command.subject);
  if (decision === undefined) return notFound({ en: "decision", zh: "决定" }, command.subject);
  const { action } = decision.outcome;
  if (decision.operationId !== null || hasEnded(decision.state)) return [];
  if (decision.state !== "noticed" || action === "none") {
    return refuse("wrong-state", {
      en: `Cannot execute decision ${decision.id}: found ${decision.state}, expected noticed`,
      zh: `无法执行决定 ${decision.id}：当前为 ${decision.state}，应为已通知`,
    });
  }
  if (action === "keep" || action === "uphold")
    return [about(decision, "LineKept", { on: context.today })];
  const line = state.lines.get(decision.lineId)!;
  // No law holds up what gives a line back.
  const waits = isRestoring(action)
    ? null
    : (held(decision, context) ??
      appealed(state, decision, line, context) ??
      gateClosed(state, decision, action, line, context));
  if (waits !== null) return command.timerId === undefined ? waits.refusal : [waits.deferred];
  const stopped = stoppedBecause(decision, line, context);
  return stopped === null ? [effect(decision, action, line, context)] : [stopped];
}

/** A refusal for people, a later try for the timer. */
type Waits = Readonly<{ refusal: Refusal; deferred: NewEvent }>;

/** What holds the change back, whatever the gate says. */
function held(decision: Decision, context: Context): Waits | null {
  const hold = heldBack(decision, context.holds, context);
  if (hold === null) return null;
  const { until: due, by, refusal } = hold;
  const until = context.dateOf(due);
  const because = refusal.detail;
  return { refusal, deferred: about(decision, "ExecutionDeferred", { until, due, by, because }) };
}

/** Where the customer has a right to a person, an appeal that still waits for one holds the change back. */
function appealed(
  state: State,
  decision: Decision,
  line: CreditLine,
  context: Context,
): Waits | null {
  const review = decision.reviewId === null ? undefined : state.reviews.get(decision.reviewId);
  if (review?.state !== "open" || review.appeal === null) return null;
  if (!givesHumanReview(packOf(decision, line, context))) return null;
  const tomorrow = context.startOf(addDays(context.today, 1));
  const due = review.dueAt > tomorrow ? review.dueAt : tomorrow;
  const refusal = refuse("wrong-state", {
    en: `Cannot execute decision ${decision.id}: the customer's appeal ${review.id} waits for its answer`,
    zh: `无法执行决定 ${decision.id}：客户的申诉 ${review.id} 尚待答复`,
  });
  const body = { until: context.dateOf(due), due, by: `appeal ${review.id}` };
  return {
    refusal,
    deferred: about(decision, "ExecutionDeferred", { ...body, because: refusal.detail }),
  };
}

/** What the gate says when it is closed. */
function gateClosed(
  state: State,
  decision: Decision,
  action: GatedAction,
  line: CreditLine,
  context: Context,
): Waits | null {
  const notice = decision.noticeId === null ? undefined : state.notices.get(decision.noticeId);
  const pack = packOf(decision, line, context);
  const answer = noticeGate({
    pack,
    ...changeToday(decision, line, action, context),
    notice: notice === undefined ? null : gateNotice(notice, pack, context),
    today: context.today,
    holidays: context.holidays(pack.calendar),
  });
  if (answer.open) return toldLater(decision, context);
  const tomorrow = addDays(context.today, 1);
  const until =
    answer.opensOn !== null && answer.opensOn > context.today ? answer.opensOn : tomorrow;
  return {
    refusal: refuse("gate-closed", answer.because),
    deferred: about(decision, "ExecutionDeferred", { until, because: answer.because }),
  };
}

/** Nothing takes effect before the day that the notice names, even where a holiday table or a rule has changed since. */
function toldLater(decision: Decision, context: Context): Waits | null {
  const { id, effectiveOn: until } = decision;
  if (until === null || until <= context.today) return null;
  const because = {
    en: `Decision ${id}: its notice names ${until} as the first day, today is ${context.today}`,
    zh: `决定 ${id}：通知所载生效日为 ${until}，今天为 ${context.today}`,
  };
  return {
    refusal: refuse("gate-closed", because),
    deferred: about(decision, "ExecutionDeferred", { until, because }),
  };
}

/** A line that changed, or was drawn on, since the decision is not cut on the old grounds. */
function stoppedBecause(decision: Decision, line: CreditLine, context: Context): NewEvent | null {
  if (line.ver !== decision.lineVer) return withdrawn(decision, "line-changed");
  const refusal = outcomeRefusal(line, decision.outcome, packOf(decision, line, context));
  return refusal === null ? null : refused(decision, refusal.refused);
}

function effect(
  decision: Decision,
  action: keyof typeof eventOf,
  line: CreditLine,
  context: Context,
): NewEvent {
  const { outcome } = decision;
  return about(decision, eventOf[action], {
    ...(isRestoring(action) ? { action } : {}),
    on: context.today,
    operationId: context.derive("operation", decision.id),
    fromMinor: line.limitMinor,
    toMinor: "toMinor" in outcome ? outcome.toMinor : line.limitMinor,
    fromStatus: line.status,
    toStatus: statusAfter(line.status, action),
  });
}

function evolve(state: State, event: Event, context: Context): void {
  switch (event.kind) {
    case "ExecutionDeferred":
      return setTimer(state, event, context, {
        kind: "execute",
        due:
          (event.body["due"] as Instant | undefined) ??
          context.startOf(event.body["until"] as BusinessDate),
      });
    case "LimitDecreased":
    case "LineFrozen":
    case "LineClosed":
    case "LineRestored":
      return applyEffect(state, event);
    case "LineKept":
      cancelTimers(state, event.subject, ["execute"]);
      moveDecision(state, event.subject, "executed");
      return;
    default:
      applyDecisionEvent(state, event, context);
  }
}

function applyEffect(state: State, event: Event): void {
  const toMinor = Number(event.body["toMinor"]);
  const operationId = String(event.body["operationId"]);
  const before = state.lines.get(event.lineId)!;
  const lowered = event.kind === "LimitDecreased";
  const line = change(state.lines, event.lineId, {
    limitMinor: toMinor,
    status: event.body["toStatus"] as CreditLine["status"],
    decidedOn: event.body["on"] as BusinessDate,
  });
  change(state.decisions, event.subject, { operationId, statusBefore: before.status });
  const operation: CoreOperation = {
    operationId,
    lineReference: line.reference,
    action: actionOf(event),
    fromMinor: before.limitMinor,
    toMinor,
    currency: line.currency,
    belowDrawn: lowered && toMinor < usedMinor(before),
  };
  state.outbox.push({
    bucket: event.bucket,
    id: operationId,
    kind: "core.apply",
    subject: event.subject,
    body: { operation, fromStatus: event.body["fromStatus"] },
  });
}

function actionOf({ kind, body }: Event): CoreOperation["action"] {
  switch (kind) {
    case "LimitDecreased":
      return "decrease";
    case "LineFrozen":
      return "freeze";
    case "LineClosed":
      return "close";
    default:
      return body["action"] as CoreOperation["action"];
  }
}

export const execute: Step = {
  name: "execute",
  area: "execute",
  label: { en: "Execute", zh: "执行" },
  commands: {
    Apply: {
      subject: "decision",
      verb: "apply",
      roles: ["operator", "service"],
      label: { en: "Execute a decision", zh: "执行决定" },
      fields: {},
    },
  },
  events: [
    "LimitDecreased",
    "LineFrozen",
    "LineClosed",
    "LineRestored",
    "LineKept",
    "ExecutionDeferred",
  ],
  tables: ["credit_line", "limit_change", "decision", "outbox", "timer"],
  decide,
  evolve,
};
