// News that wants a person: raised in the transaction of what it is about, taken by one, closed with a reason. Nobody is
// stopped by an alert, and an alert decides nothing.

import { type Alert, type AlertKind, hoursToAct } from "../domain/alert.ts";
import { addMilliseconds } from "../domain/calendar.ts";
import type { Id } from "../domain/id.ts";
import { notFound, type Refusal, refuse } from "../domain/refusal.ts";
import type { Severity } from "../domain/severity.ts";
import type { RelatedTold } from "./fell-behind.ts";
import { change, versionRefusal } from "./rows.ts";
import { type Command, type Context, reasonField, type Step } from "./step.ts";
import type { Event, NewEvent, State } from "./state.ts";

type RaiseBody = Readonly<{
  alertId: Id;
  kind: AlertKind;
  severity: Severity;
  about: Readonly<Record<string, unknown>>;
}>;

const hourMs = 3_600_000;

function decide(state: State, command: Command, context: Context): readonly NewEvent[] | Refusal {
  if (command.kind === "RaiseAlert") return raise(state, command, context);
  const alert = state.alerts.get(command.subject);
  if (alert === undefined) return notFound({ en: "alert", zh: "预警" }, command.subject);
  return (
    versionRefusal(alert, command.expectedVer) ??
    closedRefusal(alert) ??
    (command.kind === "TakeAlert" ? take(alert, command) : close(alert, command))
  );
}

function raise(state: State, command: Command, context: Context): readonly NewEvent[] {
  const { alertId: id, kind, severity, about } = command.body as unknown as RaiseBody;
  const { id: lineId, customerId, bucket } = state.lines.get(command.subject)!;
  if (state.alerts.has(id)) return [];
  const dueAt = addMilliseconds(context.now, hoursToAct[severity] * hourMs);
  const alert: Alert = {
    ...{ bucket, id, lineId, customerId, kind, severity, about, state: "open", owner: null },
    ...{ raisedAt: context.now, dueAt, closedAt: null, ver: 1 },
  };
  const body = { kind, severity, dueAt, about };
  return [{ kind: "AlertRaised", lineId, customerId, subject: id, body, attached: alert }];
}

function closedRefusal({ id, state, closedAt }: Alert): Refusal | null {
  return state === "closed"
    ? refuse("already-resolved", {
        en: `Alert ${id}: closed at ${closedAt}, expected one that is open or taken`,
        zh: `预警 ${id}：已于 ${closedAt} 关闭，应为待处理或处理中`,
      })
    : null;
}

/** Whoever takes what somebody else has taken becomes its owner: people fall ill and go on leave. */
function take(alert: Alert, { actor }: Command): readonly NewEvent[] {
  return alert.owner === actor.id
    ? []
    : [told(alert, "AlertTaken", { owner: actor.id, from: alert.owner })];
}

function close(alert: Alert, { actor, body }: Command): readonly NewEvent[] | Refusal {
  if (alert.owner === actor.id) return [told(alert, "AlertClosed", { reason: body["reason"] })];
  return refuse("wrong-state", {
    en: `Alert ${alert.id}: found owner ${alert.owner ?? "nobody"}, expected ${actor.id}: take it first`,
    zh: `预警 ${alert.id}：当前负责人为 ${alert.owner ?? "无"}，应为 ${actor.id}，请先领取`,
  });
}

function told(
  { id, lineId, customerId }: Alert,
  kind: string,
  body: Readonly<Record<string, unknown>>,
): NewEvent {
  return { kind, lineId, customerId, subject: id, body };
}

function evolve(state: State, event: Event): void {
  switch (event.kind) {
    case "AlertRaised":
      state.alerts.set(event.subject, event.attached as Alert);
      return;
    case "AlertTaken":
      change(state.alerts, event.subject, { state: "taken", owner: String(event.body["owner"]) });
      return;
    case "AlertClosed":
      change(state.alerts, event.subject, { state: "closed", closedAt: event.at });
      return;
  }
}

/** What an event raises an alert about; null for nearly all of them. */
function raisedBy({ kind, body }: Event): Omit<RaiseBody, "alertId"> | null {
  if (kind === "DecisionMade") {
    const trigger = body["trigger"] as Readonly<{ id: string; severity: Severity }> | undefined;
    if (trigger?.severity !== "high") return null;
    const { cause, outcome } = body;
    return { kind: "trigger", severity: "high", about: { trigger: trigger.id, cause, outcome } };
  }
  if (kind !== "RelatedTold") return null;
  const { beyond, told: heard, atMost } = body as unknown as RelatedTold;
  return beyond === 0
    ? null
    : { kind: "linked-beyond", severity: "medium", about: { beyond, told: heard, atMost } };
}

function follow(_state: State, event: Event, context: Context): readonly Omit<Command, "actor">[] {
  const raised = raisedBy(event);
  if (raised === null) return [];
  const alertId = context.derive("alert", raised.kind, event.cause, event.lineId);
  const id = context.derive("raise-alert", alertId);
  const body = { alertId, ...raised };
  return [{ id, kind: "RaiseAlert", subject: event.lineId, cause: event.cause, body }];
}

const desk = ["reviewer", "approver", "operator", "compliance"] as const;

export const alertStep: Step = {
  name: "alert",
  area: "alert",
  label: { en: "Alert", zh: "预警" },
  commands: {
    RaiseAlert: {
      subject: "line",
      verb: null,
      roles: ["service"],
      label: { en: "Raise an alert", zh: "产生预警" },
      fields: {},
    },
    TakeAlert: {
      subject: "alert",
      verb: "take",
      roles: desk,
      label: { en: "Take an alert", zh: "领取预警" },
      fields: {},
    },
    CloseAlert: {
      subject: "alert",
      verb: "close",
      roles: desk,
      label: { en: "Close an alert", zh: "关闭预警" },
      fields: { reason: reasonField },
    },
  },
  events: ["AlertRaised", "AlertTaken", "AlertClosed"],
  tables: ["alert"],
  wants: ({ kind, body }) => (kind === "RaiseAlert" ? { alerts: [String(body["alertId"])] } : {}),
  decide,
  evolve,
  follow,
};
