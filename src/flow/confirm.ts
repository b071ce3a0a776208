// The core system and we agree, or somebody is told. A refusal by the core system (say, a drawdown won the
// race against the cut) takes our book back to what the core system has and ends the decision.

import { notFound } from "../domain/refusal.ts";
import { afterBalance } from "../domain/balance.ts";
import type { BusinessDate } from "../domain/calendar.ts";
import { usedMinor, type CreditLine, type LineStatus } from "../domain/credit-line.ts";
import type { Decision } from "../domain/decision.ts";
import { hasEnded } from "../domain/decision.ts";
import type { Refusal } from "../domain/refusal.ts";
import { about, applyDecisionEvent, refused } from "./decision-life.ts";
import type { CoreResult } from "./core-ports.ts";
import { cancelTimers, change, moveDecision } from "./rows.ts";
import type { Command, Context, Step } from "./step.ts";
import type { Event, NewEvent, State } from "./state.ts";

function decide(state: State, command: Command, context: Context): readonly NewEvent[] | Refusal {
  const decision = state.decisions.get(command.subject);
  if (decision === undefined) return notFound({ en: "decision", zh: "决定" }, command.subject);
  if (hasEnded(decision.state) || decision.operationId === null) return [];
  const result = command.body as unknown as CoreResult;
  const fromStatus = command.body["fromStatus"] as LineStatus;
  if (result.result === "refused") return disputed(state, decision, result, fromStatus, context);
  return result.limitMinor === state.lines.get(decision.lineId)!.limitMinor
    ? confirmed(state, decision, result, context)
    : disputed(state, decision, { ...result, because: "limit-differs" }, fromStatus, context);
}

function confirmed(
  state: State,
  decision: Decision,
  result: CoreResult & { result: "applied" },
  context: Context,
): readonly NewEvent[] {
  const line = state.lines.get(decision.lineId)!;
  const settles =
    line.status === "closing" &&
    usedMinor({ ...line, drawnMinor: result.drawnMinor, pendingMinor: result.pendingMinor }) === 0;
  return [
    about(decision, "ExecutionConfirmed", {
      operationId: decision.operationId,
      on: context.today,
      action: decision.outcome.action,
      limitMinor: result.limitMinor,
      drawnMinor: result.drawnMinor,
      pendingMinor: result.pendingMinor,
    }),
    ...(settles ? [about(decision, "LineSettled", {})] : []),
  ];
}

function disputed(
  state: State,
  decision: Decision,
  result: Omit<CoreResult, "result"> & { because: string },
  fromStatus: LineStatus,
  context: Context,
): readonly NewEvent[] {
  const line = state.lines.get(decision.lineId)!;
  const { outcome } = decision;
  // A core system that does not know the account has no limit and no balance to tell: ours stay as they were.
  const unknown = result.because === "unknown-account";
  const before = "fromMinor" in outcome ? outcome.fromMinor : line.limitMinor;
  return [
    about(decision, "ExecutionDisputed", {
      operationId: decision.operationId,
      on: context.today,
      because: result.because,
      fromStatus,
      action: outcome.action,
      fromMinor: line.limitMinor,
      toMinor: unknown ? before : result.limitMinor,
      ...(unknown ? {} : { drawnMinor: result.drawnMinor, pendingMinor: result.pendingMinor }),
    }),
    refused(decision, "core-refused"),
  ];
}

function evolve(state: State, event: Event, context: Context): void {
  switch (event.kind) {
    case "ExecutionConfirmed":
      setBalance(
        state,
        event,
        event.body["action"] === "decrease"
          ? { lastDecreaseOn: event.body["on"] as BusinessDate }
          : {},
      );
      cancelTimers(state, event.subject, ["execute"]);
      moveDecision(state, event.subject, "executed");
      return;
    case "LineSettled":
      change(state.lines, event.lineId, { status: "closed" });
      return;
    case "ExecutionDisputed":
      return setBalance(state, event, {
        limitMinor: Number(event.body["toMinor"]),
        status: event.body["fromStatus"] as LineStatus,
      });
    default:
      applyDecisionEvent(state, event, context);
  }
}

/** What the core system answers is a word on the balance like any other, as of the day of the answer. */
function setBalance(state: State, event: Event, more: Partial<CreditLine>): void {
  const line = state.lines.get(event.lineId)!;
  const { on, drawnMinor, pendingMinor } = event.body;
  const told = {
    asOf: on as BusinessDate,
    drawnMinor: Number(drawnMinor),
    pendingMinor: Number(pendingMinor),
  };
  const next = { ...(drawnMinor === undefined ? line : afterBalance(line, told)), ...more };
  const moved = next.limitMinor !== line.limitMinor || next.status !== line.status;
  state.lines.set(line.id, moved ? { ...next, ver: line.ver + 1 } : next);
}

export const confirm: Step = {
  name: "confirm",
  area: "execute",
  label: { en: "Confirm", zh: "确认" },
  commands: {
    ConfirmExecution: {
      subject: "decision",
      verb: null,
      roles: ["service"],
      records: true,
      label: { en: "Confirm an execution", zh: "确认执行结果" },
      fields: {},
    },
  },
  events: ["ExecutionConfirmed", "ExecutionDisputed", "LineSettled"],
  tables: ["credit_line", "decision"],
  decide,
  evolve,
};
