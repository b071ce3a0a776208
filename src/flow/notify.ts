// The customer is told what will change, why and from when, in the decision's own reasons and inside the
// clock of the compliance pack. Issuing the notice starts the wait for the first business date on which the
// change may take effect, and the wait for its arrival (notice-arrival.ts).

import { hoursAfter } from "../compliance/notice-delivery.ts";
import { isRestoring } from "../domain/assessment.ts";
import type { Instant } from "../domain/calendar.ts";
import type { Decision } from "../domain/decision.ts";
import { noticeChannels, type Notice } from "../domain/notice.ts";
import { notFound, refuse, type Refusal } from "../domain/refusal.ts";
import { about, applyDecisionEvent, packOf, refused } from "./decision-life.ts";
import { heldBack } from "./hold.ts";
import {
  arrivalEvents,
  newDelivery,
  recordDelivery,
  redeliver,
  waitedLongEnough,
} from "./notice-arrival.ts";
import { applyArrivalEvent, post } from "./notice-arrival-rows.ts";
import {
  answeredAppeal,
  noticeParameters,
  owedFor,
  reasonsToQuote,
  type NoticeSubject,
} from "./notice-content.ts";
import type { NoticeParameters } from "./notice-ports.ts";
import { moveDecision, setTimer } from "./rows.ts";
import type { Command, Context, Step } from "./step.ts";
import type { Event, NewEvent, State } from "./state.ts";

function decide(state: State, command: Command, context: Context): readonly NewEvent[] | Refusal {
  if (command.kind === "RecordDelivery") return recordDelivery(state, command, context);
  const decision = state.decisions.get(command.subject);
  if (decision === undefined) return notFound({ en: "decision", zh: "决定" }, command.subject);
  switch (command.kind) {
    case "IssueNotice":
      return issue(state, decision, context);
    case "Redeliver":
      return redeliver(state, decision, command, context);
    default:
      return waitedLongEnough(state, decision, command, context);
  }
}

function issue(state: State, decision: Decision, context: Context): readonly NewEvent[] | Refusal {
  const { action } = decision.outcome;
  if (decision.state !== "approved" || action === "none") {
    return refuse("wrong-state", {
      en: `Cannot issue a notice for decision ${decision.id}: it is ${decision.state} with outcome ${action}`,
      zh: `无法为决定 ${decision.id} 发出通知：当前为 ${decision.state}，结果为 ${action}`,
    });
  }
  const held = heldBack(decision, context.holds, context);
  if (held !== null) {
    const { until, by, refusal } = held;
    return [about(decision, "NoticeDeferred", { until, by, because: refusal.detail })];
  }
  const subject: NoticeSubject = { decision, line: state.lines.get(decision.lineId)!, action };
  const reasons = reasonsToQuote(subject, context);
  if (reasons.length === 0 && !isRestoring(action))
    return [refused(decision, "no-reason-to-quote")];
  const notice = composeNotice(
    subject,
    reasons,
    { appeal: answeredAppeal(state, decision, context) },
    context,
  );
  const { notice: kind, content, rule } = owedFor(subject, context);
  const { escalateHours } = packOf(decision, subject.line, context).notice.delivery.value;
  return [
    {
      ...about(decision, "NoticeIssued", {
        noticeId: notice.id,
        channel: notice.channel,
        reasons: notice.reasons,
        pack: notice.pack,
        effectiveOn: notice.effectiveOn,
        owed: { notice: kind, content, rule: rule?.pointer ?? null },
        textHash: textHash(notice, context),
        textsVersion: notice.textsVersion,
        escalateAt: hoursAfter(context.now, escalateHours),
      }),
      attached: notice,
    },
  ];
}

/** What a customer was told in both languages, as the log keeps it. */
export function textHash({ body }: Notice, { sha256 }: Pick<Context, "sha256">): string {
  return sha256(`${body.zh}\n${body.en}`);
}

/** The notice of a decision with its first attempt: it tells it, offers it on these terms, or answers an appeal by it. */
export function composeNotice(
  subject: NoticeSubject,
  reasons: Notice["reasons"],
  more: Partial<Pick<NoticeParameters, "offer" | "appeal">>,
  context: Context,
): Notice {
  const { decision } = subject;
  const parameters = { ...noticeParameters(subject, reasons, context), ...more };
  const { pack, issuedOn, effectiveOn, template, offer } = parameters;
  const { subject: title, short, body, textsVersion } = context.compose(parameters);
  const id = context.derive("notice", decision.id, ...(offer === null ? [] : ["offer"]));
  const channel = pack.notice.channels.value[0]!;
  return {
    bucket: decision.bucket,
    id,
    decisionId: decision.id,
    lineId: decision.lineId,
    customerId: decision.customerId,
    state: "issued",
    channel,
    template,
    textsVersion,
    reasons,
    subject: title,
    ...{ short, body },
    pack: { id: pack.id, version: pack.version },
    issuedAt: context.now,
    issuedOn,
    deliveredAt: null,
    effectiveOn,
    deliveries: [newDelivery(decision, { noticeId: id, number: 1, channel }, pack, context)],
    ver: 1,
  };
}

function evolve(state: State, event: Event, context: Context): void {
  if (event.kind === "NoticeIssued") return applyIssued(state, event, context);
  if (event.kind === "NoticeDeferred") {
    const due = event.body["until"] as Instant;
    return setTimer(state, event, context, { kind: "notice-issue", due });
  }
  if (arrivalEvents.includes(event.kind)) return applyArrivalEvent(state, event, context);
  applyDecisionEvent(state, event, context);
}

function applyIssued(state: State, event: Event, context: Context): void {
  const notice = event.attached as Notice;
  state.notices.set(notice.id, notice);
  moveDecision(state, event.subject, "noticed", {
    noticeId: notice.id,
    effectiveOn: notice.effectiveOn,
  });
  post(state, event, context, notice.deliveries[0]!);
  setTimer(state, event, context, { kind: "execute", due: context.startOf(notice.effectiveOn) });
  const due = event.body["escalateAt"] as typeof event.at;
  setTimer(state, event, context, { kind: "notice-escalate", due });
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
      fields: {
        channel: {
          type: "enum",
          required: false,
          values: noticeChannels,
          label: {
            en: "channel of the pack; else the one that was used last",
            zh: "规则包所列渠道；缺省为上次所用渠道",
          },
        },
      },
    },
    ReleaseNotice: {
      subject: "decision",
      verb: null,
      roles: ["service"],
      label: { en: "Send after quiet hours", zh: "静默时段后发送" },
      fields: {},
    },
    MissReceipt: {
      subject: "decision",
      verb: null,
      roles: ["service"],
      label: { en: "Find that no receipt came", zh: "未收到送达回执" },
      fields: {},
    },
    EscalateNotice: {
      subject: "decision",
      verb: null,
      roles: ["service"],
      label: { en: "Pass an undelivered notice to a person", zh: "未送达通知转人工处理" },
      fields: {},
    },
  },
  events: ["NoticeIssued", "NoticeDeferred", ...arrivalEvents],
  tables: ["notice", "decision", "timer", "outbox"],
  decide,
  evolve,
};
