// A cut waits for its turn in the budget. The ledger decides outside the bucket's transaction whether a
// turn is free (one UPDATE that checks what remains, idempotent by decision); here the answer is written
// down, and a decision without a turn waits by a timer that ranks by expected loss avoided.

import { isRestoring } from "../domain/assessment.ts";
import { addDays, daysBetween } from "../domain/calendar.ts";
import { allowsStraightThrough } from "../compliance/straight-through.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import type { Decision } from "../domain/decision.ts";
import { notFound, type Refusal, refuse } from "../domain/refusal.ts";
import { about, applyDecisionEvent, packOf, withdrawn } from "./decision-life.ts";
import { changeToday } from "./line-change.ts";
import { applyReviewEvent, openReview } from "./review-events.ts";
import { moveDecision, setTimer } from "./rows.ts";
import type { Command, Context, Step } from "./step.ts";
import type { Event, NewEvent, State } from "./state.ts";

/** A cut that found no turn for so long rests on old facts: the next sweep looks at the line anew. */
const longestWaitDays = 30;

/** Events of a decision whose turn is taken: approved straight through, or a review case. */
export function afterTurn(
  decision: Decision,
  line: CreditLine,
  context: Context,
): readonly NewEvent[] {
  const { route } = decision.record.assessment;
  const reserved =
    decision.turns.length === 0
      ? []
      : [about(decision, "BudgetReserved", { turns: decision.turns, on: context.today })];
  if (route === "straight-through" && !needsPerson(decision, line, context)) {
    return [...reserved, about(decision, "DecisionApproved", { by: "route:straight-through" })];
  }
  return [
    ...reserved,
    openReview(decision, line, route === "straight-through" ? "review" : route, context),
  ];
}

/** Straight-through is refused where the pack asks for a person, or where a value it rests on is unconfirmed. */
function needsPerson(decision: Decision, line: CreditLine, context: Context): boolean {
  const { action } = decision.outcome;
  if (action === "none" || isRestoring(action)) return false;
  const pack = packOf(decision, line, context);
  const clock = { holidays: context.holidays(pack.calendar), issuedOn: context.today };
  return !allowsStraightThrough(pack, changeToday(decision, line, action, context), clock);
}

/** The event of a decision that finds no free turn: it waits for the next day's window. */
export function waitForTurn(decision: Decision, context: Context): readonly NewEvent[] {
  return [
    about(decision, "DecisionPaced", {
      next: addDays(context.today, 1),
      priority: decision.record.assessment.expectedLossAvoidedMinor,
    }),
  ];
}

function decide(state: State, command: Command, context: Context): readonly NewEvent[] | Refusal {
  const decision = state.decisions.get(command.subject);
  if (decision === undefined) return notFound({ en: "decision", zh: "决定" }, command.subject);
  if (command.kind === "MarkReleased") {
    return [about(decision, "BudgetReleased", { turns: decision.turns })];
  }
  if (decision.state !== "paced") {
    return refuse("wrong-state", {
      en: `Cannot take a turn for decision ${decision.id}: it is ${decision.state}`,
      zh: `决定 ${decision.id} 无法排期：当前为 ${decision.state}`,
    });
  }
  const line = state.lines.get(decision.lineId)!;
  if (line.ver !== decision.lineVer) return [withdrawn(decision, "line-changed")];
  const waited = daysBetween(context.dateOf(decision.madeAt), context.today);
  if (command.body["granted"] !== true && waited >= longestWaitDays) {
    return [withdrawn(decision, "no-turn-in-time")];
  }
  return command.body["granted"] === true
    ? afterTurn(decision, line, context)
    : waitForTurn(decision, context);
}

/** Applies the events about turns; the step that makes decisions delegates here too. */
export function applyTurnEvent(state: State, event: Event, context: Context): void {
  if (event.kind !== "DecisionPaced") return;
  if (state.decisions.get(event.subject)?.state !== "paced") {
    moveDecision(state, event.subject, "paced");
  }
  setTimer(state, event, context, {
    kind: "pace",
    due: context.startOf(event.body["next"] as Parameters<Context["startOf"]>[0]),
    priority: Number(event.body["priority"]),
  });
}

function evolve(state: State, event: Event, context: Context): void {
  applyTurnEvent(state, event, context);
  applyReviewEvent(state, event, context);
  applyDecisionEvent(state, event, context);
}

export const pace: Step = {
  name: "pace",
  area: "pace",
  label: { en: "Pace", zh: "节奏控制" },
  commands: {
    Reserve: {
      subject: "decision",
      verb: null,
      roles: ["service"],
      label: { en: "Take a turn in the budget", zh: "占用预算" },
      fields: {},
    },
    MarkReleased: {
      subject: "decision",
      verb: null,
      roles: ["service"],
      records: true,
      label: { en: "Give a turn back", zh: "退回预算" },
      fields: {},
    },
  },
  events: ["BudgetReserved", "BudgetReleased", "DecisionPaced"],
  tables: ["decision", "timer", "budget_window", "reservation"],
  decide,
  evolve,
};
