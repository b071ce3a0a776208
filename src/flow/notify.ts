// The customer is told what will change, why and from when, in the decision's own reasons and inside the
// clock of the compliance pack. Issuing the notice starts the wait for the first business date on which the
// change may take effect.

import { classifyAdverseAction } from "../compliance/adverse-action.ts";
import { firstEffect, noticeGate } from "../compliance/notice-gate.ts";
import type { GatedAction } from "../compliance/pack.ts";
import { addDays, type BusinessDate, type Instant } from "../domain/calendar.ts";
import { canonicalJson } from "../domain/canonical-json.ts";
import { type Cause, noticeStands, type Decision } from "../domain/decision.ts";
import type { Notice } from "../domain/notice.ts";
import type { ReasonCode } from "../domain/reason-code.ts";
import { notFound, type Refusal, refuse } from "../domain/refusal.ts";
import type { CompiledStrategy } from "../policy/compile.ts";
import { type Way, wayBack } from "../policy/way-back.ts";
import { about, applyDecisionEvent, packOf, refused, withdrawn } from "./decision-life.ts";
import { changeToday } from "./line-change.ts";
import { cancelTimers, change, moveDecision, setTimer } from "./rows.ts";
import type { Command, Context, Step } from "./step.ts";
import type { Event, NewEvent, State } from "./state.ts";

/**
 * After so many failed deliveries a decision that waits is withdrawn: nobody is cut without having been told. Where the
 * cut is made already and its notice must follow, the notice stays with the work that waits for people.
 */
const maximumAttempts = 3;

function decide(state: State, command: Command, context: Context): readonly NewEvent[] | Refusal {
  if (command.kind === "RecordDelivery") return recordDelivery(state, command, context);
  const decision = state.decisions.get(command.subject);
  if (decision === undefined) return notFound({ en: "decision", zh: "决定" }, command.subject);
  return command.kind === "IssueNotice"
    ? issue(state, decision, context)
    : redeliver(state, decision, command);
}

function issue(state: State, decision: Decision, context: Context): readonly NewEvent[] | Refusal {
  const { action } = decision.outcome;
  if (decision.state !== "approved" || action === "none") {
    return refuse("wrong-state", {
      en: `Cannot issue a notice for decision ${decision.id}: it is ${decision.state} with outcome ${action}`,
      zh: `无法为决定 ${decision.id} 发出通知：当前为 ${decision.state}，结果为 ${action}`,
    });
  }
  const reasons = reasonsToQuote(state, decision, context);
  if (reasons.length === 0) return [refused(decision, "no-reason-to-quote")];
  const notice = composeNotice(state, decision, { action, reasons }, context);
  return [
    {
      ...about(decision, "NoticeIssued", {
        noticeId: notice.id,
        channel: notice.channel,
        reasons: notice.reasons,
        pack: notice.pack,
        effectiveOn: notice.effectiveOn,
        owed: owedFor(state, decision, action, context),
        textHash: context.sha256(`${notice.body.zh}\n${notice.body.en}`),
      }),
      attached: notice,
    },
  ];
}

/** What the law asks of the notice, and the rule that says so. */
function owedFor(
  state: State,
  decision: Decision,
  action: GatedAction,
  context: Context,
): Readonly<Record<string, unknown>> {
  const line = state.lines.get(decision.lineId)!;
  const asked = changeToday(decision, line, action, context);
  const { notice, content, rule } = classifyAdverseAction(packOf(decision, line, context), asked);
  return { notice, content, rule: rule.pointer };
}

function composeNotice(
  state: State,
  decision: Decision,
  {
    action,
    reasons,
  }: Readonly<{
    action: GatedAction;
    reasons: readonly ReasonCode[];
  }>,
  context: Context,
): Notice {
  const line = state.lines.get(decision.lineId)!;
  const pack = packOf(decision, line, context);
  const { assessment } = decision.record;
  const compiled = context.strategy(assessment.strategy.hash);
  const { notice, restoration } = compiled.document;
  const issuedOn = context.today;
  const effect = firstEffect({
    pack,
    ...changeToday(decision, line, action, context),
    issuedOn,
    holidays: context.holidays(pack.calendar),
  });
  const text = context.compose({
    template: notice.template,
    line,
    outcome: decision.outcome,
    reasons,
    currency: line.currency,
    issuedOn,
    effectiveOn: effect.date,
    wayBack: {
      zh: restoration.criteria.map((criterion) => criterion.label.zh).join("；"),
      en: restoration.criteria.map((criterion) => criterion.label.en).join("; "),
    },
    ways: waysToTell(compiled, decision, issuedOn),
    asOf: assessment.asOf,
    reviewOn: addDays(effect.date, restoration.reEvaluateAfterDays),
  });
  return {
    bucket: decision.bucket,
    id: context.derive("notice", decision.id),
    decisionId: decision.id,
    lineId: decision.lineId,
    customerId: decision.customerId,
    state: "issued",
    channel: pack.notice.channels.value[0] ?? "in-app",
    template: notice.template,
    reasons,
    subject: text.subject,
    body: text.body,
    pack: { id: pack.id, version: pack.version },
    issuedAt: context.now,
    issuedOn,
    deliveredAt: null,
    effectiveOn: effect.date,
    attempts: 1,
    ver: 1,
  };
}

/** Nobody is taught what fraud would have gone unnoticed, and nobody talked out of a wish of their own. */
const untold: readonly Cause[] = ["fraud", "request"];

/**
 * What the customer could have done about the decision: the nearest better outcome and no action at all. Nothing where
 * people decided otherwise than the strategy, because then it is not the strategy that would have to say something else.
 */
function waysToTell(
  compiled: CompiledStrategy,
  { outcome, record }: Decision,
  from: BusinessDate,
): readonly Way[] {
  const { facts, asOf, outcome: proposed } = record.assessment;
  if (untold.includes(record.cause)) return [];
  if (canonicalJson(outcome) !== canonicalJson(proposed)) return [];
  const found = wayBack(compiled, facts, asOf, { from });
  if ("missing" in found) return [];
  const { better, unchanged } = found;
  const part = better?.outcome.action === "none" ? null : better;
  return [part, unchanged].filter((way) => way !== null);
}

/** The decision's own principal reasons, each once, in order, as many as the pack allows. */
function reasonsToQuote(state: State, decision: Decision, context: Context): readonly ReasonCode[] {
  const line = state.lines.get(decision.lineId)!;
  const { maximum, forbidden } = packOf(decision, line, context).reasons;
  const codes = decision.record.assessment.reasons.map((reason) => reason.code);
  return [...new Set(codes)]
    .filter((code) => !forbidden.value.includes(code))
    .slice(0, maximum.value);
}

function recordDelivery(
  state: State,
  command: Command,
  context: Context,
): readonly NewEvent[] | Refusal {
  const notice = state.notices.get(command.subject);
  if (notice === undefined) return notFound({ en: "notice", zh: "通知" }, command.subject);
  const decision = state.decisions.get(notice.decisionId)!;
  if (notice.state === "delivered" || !noticeStands(decision.state)) return [];
  if (command.body["delivered"] === true) {
    const executeAt = opensAt(state, decision, notice, context);
    return [about(decision, "NoticeDelivered", { noticeId: notice.id, executeAt })];
  }
  const bounced = about(decision, "NoticeBounced", {
    noticeId: notice.id,
    because: command.body["because"],
    retryOn: addDays(context.today, 1),
    last: notice.attempts >= maximumAttempts,
  });
  const waits = decision.state === "noticed" && decision.operationId === null;
  return notice.attempts >= maximumAttempts && waits
    ? [bounced, withdrawn(decision, "notice-undeliverable")]
    : [bounced];
}

/** When the gate opens for a notice that is delivered now: at once, or at the start of its day. */
function opensAt(
  state: State,
  decision: Decision,
  notice: Notice,
  context: Context,
): Instant | null {
  const { action } = decision.outcome;
  if (action === "none" || decision.operationId !== null) return null;
  const line = state.lines.get(decision.lineId)!;
  const pack = packOf(decision, line, context);
  const answer = noticeGate({
    pack,
    ...changeToday(decision, line, action, context),
    notice: {
      state: "delivered",
      channel: notice.channel,
      issuedOn: notice.issuedOn,
      deliveredOn: context.today,
    },
    today: context.today,
    holidays: context.holidays(pack.calendar),
  });
  if (answer.open) return context.now;
  return answer.opensOn === null ? null : context.startOf(answer.opensOn);
}

/** A timer that comes too late does nothing; a person is told. */
function redeliver(
  state: State,
  decision: Decision,
  command: Command,
): readonly NewEvent[] | Refusal {
  const notice = decision.noticeId === null ? undefined : state.notices.get(decision.noticeId);
  if (!noticeStands(decision.state) || notice?.state !== "bounced") {
    if (command.timerId !== undefined) return [];
    return refuse("wrong-state", {
      en: `Cannot deliver again for decision ${decision.id}: it is ${decision.state}, its notice ${notice?.state ?? "not issued"}, expected a bounced notice that stands`,
      zh: `无法为决定 ${decision.id} 重新送达：决定为 ${decision.state}，通知为 ${notice?.state ?? "未发出"}，应为仍有效且被退回的通知`,
    });
  }
  return [about(decision, "NoticeReissued", { noticeId: notice.id, attempt: notice.attempts + 1 })];
}

function evolve(state: State, event: Event, context: Context): void {
  const noticeId = String(event.body["noticeId"]);
  switch (event.kind) {
    case "NoticeIssued":
      return applyIssued(state, event, context);
    case "NoticeReissued":
      change(state.notices, noticeId, { state: "issued", attempts: Number(event.body["attempt"]) });
      return send(state, event, context, noticeId, Number(event.body["attempt"]));
    case "NoticeDelivered":
      change(state.notices, noticeId, { state: "delivered", deliveredAt: event.at });
      if (event.body["executeAt"] !== null) {
        const due = event.body["executeAt"] as Instant;
        cancelTimers(state, event.subject, ["execute"]);
        setTimer(state, event, context, { kind: "execute", due });
      }
      return;
    case "NoticeBounced":
      change(state.notices, noticeId, { state: "bounced" });
      if (event.body["last"] !== true) {
        const due = context.startOf(event.body["retryOn"] as BusinessDate);
        setTimer(state, event, context, { kind: "notice-retry", due });
      }
      return;
    default:
      applyDecisionEvent(state, event, context);
  }
}

function applyIssued(state: State, event: Event, context: Context): void {
  const notice = event.attached as Notice;
  state.notices.set(notice.id, notice);
  moveDecision(state, event.subject, "noticed", {
    noticeId: notice.id,
    effectiveOn: notice.effectiveOn,
  });
  send(state, event, context, notice.id, 1);
  setTimer(state, event, context, { kind: "execute", due: context.startOf(notice.effectiveOn) });
}

function send(
  state: State,
  event: Event,
  context: Context,
  noticeId: string,
  attempt: number,
): void {
  state.outbox.push({
    bucket: event.bucket,
    id: context.derive("outbox", noticeId, "notice.deliver", String(attempt)),
    kind: "notice.deliver",
    subject: noticeId,
    body: { attempt },
  });
}

export const notify: Step = {
  name: "notify",
  area: "notify",
  label: { en: "Notify", zh: "通知客户" },
  commands: {
    IssueNotice: {
      subject: "decision",
      verb: null,
      roles: ["service"],
      label: { en: "Issue the notice", zh: "发出通知" },
      fields: {},
    },
    RecordDelivery: {
      subject: "notice",
      verb: null,
      roles: ["service"],
      records: true,
      label: { en: "Record a delivery", zh: "记录送达" },
      fields: {},
    },
    Redeliver: {
      subject: "decision",
      verb: "redeliver",
      roles: ["operator", "compliance", "service"],
      label: { en: "Deliver again", zh: "重新送达" },
      fields: {},
    },
  },
  events: ["NoticeIssued", "NoticeDelivered", "NoticeBounced", "NoticeReissued"],
  tables: ["notice", "decision", "timer", "outbox"],
  decide,
  evolve,
};
