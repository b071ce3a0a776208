// News that wants a person: raised in the transaction of what it is about, taken by one, closed with a finding and a reason;
// past its deadline it goes up to the next role, once. Nobody is stopped by an alert, and an alert decides nothing.

import { hoursAfter } from "../compliance/notice-delivery.ts";
import type { Role } from "../domain/actor.ts";
import {
  type Alert,
  alertDesk,
  alertFindings,
  type AlertFinding,
  type AlertKind,
  hoursToAct,
} from "../domain/alert.ts";
import type { Id } from "../domain/id.ts";
import { notFound, type Refusal, refuse } from "../domain/refusal.ts";
import type { Severity } from "../domain/severity.ts";
import type { RelatedTold } from "./fell-behind.ts";
import { cancelTimers, change, setTimer, versionRefusal } from "./rows.ts";
import { type Command, type Context, reasonField, type Step } from "./step.ts";
import type { Event, NewEvent, State } from "./state.ts";

/** `role` and `hours`: absent where no rule says whose the alert is and until when. */
export type RaiseBody = Readonly<{
  alertId: Id;
  kind: AlertKind;
  severity: Severity;
  about: Readonly<Record<string, unknown>>;
  role?: Role;
  hours?: number;
}>;

function decide(state: State, command: Command, context: Context): readonly NewEvent[] | Refusal {
  if (command.kind === "RaiseAlert") return raise(state, command, context);
  const alert = state.alerts.get(command.subject);
  if (alert === undefined) return notFound({ en: "alert", zh: "预警" }, command.subject);
  if (command.kind === "EscalateAlert") return escalate(alert, context);
  return (
    versionRefusal(alert, command.expectedVer) ??
    closedRefusal(alert) ??
    (command.kind === "TakeAlert" ? take(alert, command) : close(alert, command))
  );
}

function raise(state: State, command: Command, context: Context): readonly NewEvent[] {
  const body = command.body as unknown as RaiseBody;
  const { alertId: id, kind, severity, about } = body;
  const { role = context.watch.alerts.roles[0]!, hours = hoursToAct[severity] } = body;
  const { id: lineId, customerId, bucket } = state.lines.get(command.subject)!;
  if (state.alerts.has(id)) return [];
  const dueAt = hoursAfter(context.now, hours);
  const alert: Alert = {
    ...{ bucket, id, lineId, customerId, kind, severity, about, state: "open", role, owner: null },
    ...{ raisedAt: context.now, dueAt, escalatedAt: null, closedAt: null, finding: null, ver: 1 },
  };
  const said = { kind, severity, role, dueAt, about };
  return [{ kind: "AlertRaised", lineId, customerId, subject: id, body: said, attached: alert }];
}

/** By the timer of its deadline. Whoever had it lets it go to the next role; where there is none it stays, and is seen. */
function escalate(alert: Alert, { watch }: Context): readonly NewEvent[] {
  if (alert.state === "closed" || alert.escalatedAt !== null) return [];
  const { roles } = watch.alerts;
  const to = roles[roles.indexOf(alert.role) + 1] ?? alert.role;
  return [told(alert, "AlertEscalated", { from: alert.role, to, owner: alert.owner })];
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
  const { finding, reason } = body;
  if (alert.owner === actor.id) return [told(alert, "AlertClosed", { finding, reason })];
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

function evolve(state: State, event: Event, context: Context): void {
  switch (event.kind) {
    case "AlertRaised": {
      const alert = event.attached as Alert;
      state.alerts.set(event.subject, alert);
      return setTimer(state, event, context, { kind: "alert-due", due: alert.dueAt });
    }
    case "AlertEscalated": {
      const { from, to } = event.body as Readonly<{ from: Role; to: Role }>;
      const free = from === to ? {} : ({ role: to, state: "open", owner: null } as const);
      change(state.alerts, event.subject, { ...free, escalatedAt: event.at });
      return;
    }
    case "AlertTaken":
      change(state.alerts, event.subject, { state: "taken", owner: String(event.body["owner"]) });
      return;
    case "AlertClosed":
      change(state.alerts, event.subject, {
        ...{ state: "closed", closedAt: event.at, finding: event.body["finding"] as AlertFinding },
      });
      return cancelTimers(state, event.subject);
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
      roles: alertDesk,
      label: { en: "Take an alert", zh: "领取预警" },
      fields: {},
    },
    CloseAlert: {
      subject: "alert",
      verb: "close",
      roles: alertDesk,
      label: { en: "Close an alert", zh: "关闭预警" },
      fields: {
        finding: {
          type: "enum",
          required: true,
          values: alertFindings,
          label: { en: "what was found: something to it, or not", zh: "核查结论：属实或误报" },
        },
        reason: reasonField,
      },
    },
    EscalateAlert: {
      subject: "alert",
      verb: null,
      roles: ["service"],
      label: { en: "Pass an overdue alert up", zh: "超期预警上报" },
      fields: {},
    },
  },
  events: ["AlertRaised", "AlertTaken", "AlertEscalated", "AlertClosed"],
  tables: ["alert", "timer"],
  wants: ({ kind, body }) => (kind === "RaiseAlert" ? { alerts: [String(body["alertId"])] } : {}),
  decide,
  evolve,
  follow,
};
