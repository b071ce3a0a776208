// From the first attempt until the notice arrived: one logical notice, as many attempts as it takes, each with its own
// id and proof. Whatever a provider does (fails, repeats itself, answers out of order) moves the notice at most once;
// what has reached nobody in time goes to a person, and nobody is cut without having been told.

import {
  afterQuietHours,
  carryingChannel,
  hoursAfter,
  isSettled,
  nextAttempt,
  quietZone,
  sendingSuffices,
} from "../compliance/notice-delivery.ts";
import { noticeGate } from "../compliance/notice-gate.ts";
import type { CompliancePack } from "../compliance/pack.ts";
import { carriesNotice } from "../compliance/strict-reading.ts";
import { isRestoring } from "../domain/assessment.ts";
import type { Instant } from "../domain/calendar.ts";
import { noticeStands, type Decision } from "../domain/decision.ts";
import type { Id } from "../domain/id.ts";
import {
  heldBackBecause,
  isLatest,
  reachedNobody,
  type Notice,
  type NoticeChannel,
  type NoticeDelivery,
} from "../domain/notice.ts";
import { notFound, type Refusal, refuse } from "../domain/refusal.ts";
import { about, packOf, withdrawn } from "./decision-life.ts";
import { gateNotice } from "./gate-notice.ts";
import { heldBack } from "./hold.ts";
import { changeToday } from "./line-change.ts";
import { reaching } from "./notice-arrival-rows.ts";
import type { HandOver } from "./notice-ports.ts";
import type { Command, Context } from "./step.ts";
import type { NewEvent, State } from "./state.ts";

/** The events that tell what became of a notice after it was issued. */
export const arrivalEvents: readonly string[] = [
  "NoticeReissued",
  "NoticeReleased",
  "NoticeHeld",
  "ShortFormSent",
  "NoticeSent",
  "NoticeDelivered",
  "NoticeBounced",
  "NoticeEscalated",
];

/** The first instant at which an attempt may leave: its decision is not held back, and no quiet hours of its channel. */
function mayLeaveAt(
  decision: Decision,
  channel: NoticeChannel,
  pack: CompliancePack,
  context: Context,
): Instant {
  const { quietHours } = pack.notice.delivery.value;
  const held = heldBack(decision, context.holds, context);
  const zone = quietZone(quietHours, context.holds.placeOf(decision.lineId).region);
  const time = zone === null ? context : context.timeIn(zone);
  return afterQuietHours(quietHours, channel, held?.until ?? context.now, time);
}

type Attempt = Readonly<{ noticeId: Id; number: number; channel: NoticeChannel }>;

/** The `number`th attempt, waiting until it may leave. */
export function newDelivery(
  decision: Decision,
  { noticeId, number, channel }: Attempt,
  pack: CompliancePack,
  context: Context,
): NoticeDelivery {
  return {
    id: context.derive("outbox", noticeId, "notice.deliver", String(number)),
    channel,
    state: "waiting",
    notBefore: mayLeaveAt(decision, channel, pack, context),
    sentAt: null,
    settledAt: null,
    because: null,
    reference: null,
    contentHash: null,
  };
}

type Under = Readonly<{ notice: Notice; decision: Decision; pack: CompliancePack }>;

function under(state: State, notice: Notice, context: Context): Under {
  const decision = state.decisions.get(notice.decisionId)!;
  return { notice, decision, pack: packOf(decision, state.lines.get(decision.lineId)!, context) };
}

/** What a channel answered, or a provider reported later, of one attempt. Said twice, it changes nothing. */
export function recordDelivery(
  state: State,
  command: Command,
  context: Context,
): readonly NewEvent[] | Refusal {
  const notice = state.notices.get(command.subject);
  if (notice === undefined) return notFound({ en: "notice", zh: "通知" }, command.subject);
  const deliveryId = String(command.body["delivery"]);
  const delivery = notice.deliveries.find(({ id }) => id === deliveryId);
  if (delivery === undefined) return notFound({ en: "delivery", zh: "送达记录" }, deliveryId);
  const of = under(state, notice, context);
  // What has arrived has arrived, whatever a provider says of it, or of another attempt, afterwards.
  const hasArrived = notice.state === "delivered" || delivery.state === "delivered";
  if (hasArrived || !noticeStands(of.decision, notice.id)) return [];
  const answer = command.body as unknown as HandOver | Readonly<{ result: "held" }>;
  if (answer.result === "held")
    return delivery.state === "waiting" ? heldUp(of, delivery, context) : [];
  if (answer.result === "bounced") {
    return delivery.state === "bounced" ? [] : bounced(of, delivery, answer, context);
  }
  if (answer.result === "sent" && delivery.state !== "waiting") return [];
  return carriesNotice(of.pack, delivery.channel)
    ? [arrived(state, of, delivery, answer, context)]
    : shortFormSent(of, delivery, answer, context);
}

/** A message that was about to leave when a hold began is taken back, and written again for when it ends. */
function heldUp(of: Under, delivery: NoticeDelivery, context: Context): readonly NewEvent[] {
  const { notice, decision } = of;
  const said = { noticeId: notice.id, delivery: delivery.id, because: heldBackBecause };
  const takenBack = about(decision, "NoticeBounced", { ...said, retryAt: null, escalateAt: null });
  const goesOn = isLatest(notice.deliveries, delivery.id) && notice.state !== "escalated";
  return goesOn ? [takenBack, reissued(of, delivery.channel, null, context)] : [takenBack];
}

/** A short form that is not enough is written down, and the whole notice follows at once where nothing else is under way. */
function shortFormSent(
  of: Under,
  { id }: NoticeDelivery,
  { result, reference, contentHash }: Exclude<HandOver, { result: "bounced" }>,
  context: Context,
): readonly NewEvent[] {
  const { notice, decision, pack } = of;
  const said = { reference: reference ?? null, contentHash: contentHash ?? null };
  const sent = about(decision, "ShortFormSent", {
    ...{ noticeId: notice.id, delivery: id, result, ...said },
  });
  if (!isLatest(notice.deliveries, id) || notice.state === "escalated") return [sent];
  const channel = carryingChannel(pack, notice.deliveries);
  return channel === null
    ? [sent, escalated(of, "every-channel-failed", context)]
    : [sent, reissued(of, channel, null, context)];
}

function arrived(
  state: State,
  { notice, decision, pack }: Under,
  { id, channel }: NoticeDelivery,
  { result, reference, contentHash }: Exclude<HandOver, { result: "bounced" }>,
  context: Context,
): NewEvent {
  const said = { reference: reference ?? null, contentHash: contentHash ?? null };
  const proof = { noticeId: notice.id, delivery: id, ...said };
  const executeAt = opensAt(state, decision, reaching(notice, id, result, context), context);
  if (result === "delivered") return about(decision, "NoticeDelivered", { ...proof, executeAt });
  const counts = isLatest(notice.deliveries, id);
  const suffices = sendingSuffices(pack, channel);
  const { receiptHours } = pack.notice.delivery.value;
  return about(decision, "NoticeSent", {
    ...proof,
    executeAt: counts && suffices ? executeAt : null,
    receiptBy: counts && !suffices ? hoursAfter(context.now, receiptHours) : null,
  });
}

/** When the gate opens for a notice that got so far: at once, or at the start of its day. An offer opens nothing. */
function opensAt(
  state: State,
  decision: Decision,
  notice: Notice,
  context: Context,
): Instant | null {
  const { action } = decision.outcome;
  if (action === "none" || isRestoring(action) || !waits(decision)) return null;
  const line = state.lines.get(decision.lineId)!;
  const pack = packOf(decision, line, context);
  const answer = noticeGate({
    pack,
    ...changeToday(decision, line, action, context),
    notice: gateNotice(notice, pack, context),
    today: context.today,
    holidays: context.holidays(pack.calendar),
  });
  if (answer.open) return context.now;
  return answer.opensOn === null ? null : context.startOf(answer.opensOn);
}

/**
 * An attempt came back. The next one is chosen by the pack, made at once through another channel or later through the
 * same; when none is left, or a person has the notice already, nothing is tried behind that person's back.
 */
function bounced(
  of: Under,
  delivery: NoticeDelivery,
  { because, permanent }: Readonly<{ because: string; permanent: boolean }>,
  context: Context,
): readonly NewEvent[] {
  const { notice, decision, pack } = of;
  const said = { noticeId: notice.id, delivery: delivery.id, because };
  if (!isLatest(notice.deliveries, delivery.id) || notice.state === "escalated") {
    return [about(decision, "NoticeBounced", { ...said, retryAt: null, escalateAt: null })];
  }
  const failed = notice.deliveries.filter((one) => one.because !== heldBackBecause);
  const next = nextAttempt(pack, failed, permanent);
  const later = next !== null && next.afterHours > 0;
  const bounce = about(decision, "NoticeBounced", {
    ...said,
    retryAt: later ? hoursAfter(context.now, next.afterHours) : null,
    // A notice that counted as told and came back has no wait any more that ends in a person's hands.
    escalateAt: isSettled(pack, notice) ? escalationFrom(pack, context) : null,
  });
  if (next === null) return [bounce, escalated(of, "every-channel-failed", context)];
  return later ? [bounce] : [bounce, reissued(of, next.channel, null, context)];
}

function escalationFrom(pack: CompliancePack, { now }: Context): Instant {
  return hoursAfter(now, pack.notice.delivery.value.escalateHours);
}

function reissued(
  { notice, decision, pack }: Under,
  channel: NoticeChannel,
  escalateAt: Instant | null,
  context: Context,
): NewEvent {
  const number = notice.deliveries.length + 1;
  const attempt = { noticeId: notice.id, number, channel };
  const delivery = newDelivery(decision, attempt, pack, context);
  const body = { noticeId: notice.id, attempt: number, channel, escalateAt };
  return { ...about(decision, "NoticeReissued", body), attached: delivery };
}

/** A change that still waits for this notice is given up when the person's time is over as well. */
function escalated({ notice, decision, pack }: Under, because: string, context: Context): NewEvent {
  const { personHours } = pack.notice.delivery.value;
  const giveUpAt = waits(decision) ? hoursAfter(context.now, personHours) : null;
  return about(decision, "NoticeEscalated", { noticeId: notice.id, because, giveUpAt });
}

function waits({ state, operationId }: Decision): boolean {
  return state === "noticed" && operationId === null;
}

/** Again, by the timer of a bounce or by a person, who may choose another channel of the pack. */
export function redeliver(
  state: State,
  decision: Decision,
  command: Command,
  context: Context,
): readonly NewEvent[] | Refusal {
  const notice = decision.noticeId === null ? undefined : state.notices.get(decision.noticeId);
  const stands = notice !== undefined && noticeStands(decision, notice.id);
  if (command.timerId !== undefined) {
    // A timer that comes too late does nothing.
    if (!stands || notice.state !== "bounced") return [];
    return [reissued(under(state, notice, context), notice.channel, null, context)];
  }
  if (!stands || !reachedNobody(notice.state)) {
    return refuse("wrong-state", {
      en: `Cannot deliver again for decision ${decision.id}: it is ${decision.state}, its notice ${notice?.state ?? "not issued"}, expected a notice that stands and has reached nobody`,
      zh: `无法为决定 ${decision.id} 重新送达：决定为 ${decision.state}，通知为 ${notice?.state ?? "未发出"}，应为仍有效且未送达任何人的通知`,
    });
  }
  const of = under(state, notice, context);
  const channel = (command.body["channel"] as NoticeChannel | undefined) ?? notice.channel;
  const known = of.pack.notice.channels.value;
  if (!known.includes(channel)) {
    const detail = {
      en: `Cannot deliver by ${channel}: pack ${of.pack.id} version ${of.pack.version} expects one of ${known.join(", ")}`,
      zh: `无法通过 ${channel} 送达：规则包 ${of.pack.id} 第 ${of.pack.version} 版所列渠道为 ${known.join("、")}`,
    };
    return refuse("invalid", detail, "/channel");
  }
  return [reissued(of, channel, escalationFrom(of.pack, context), context)];
}

/** What a timer of this notice found; nothing where its wait has ended otherwise. */
export function waitedLongEnough(
  state: State,
  decision: Decision,
  command: Command,
  context: Context,
): readonly NewEvent[] {
  const notice = decision.noticeId === null ? undefined : state.notices.get(decision.noticeId);
  if (notice === undefined || !noticeStands(decision, notice.id)) return [];
  const of = under(state, notice, context);
  if (isSettled(of.pack, notice)) return [];
  switch (command.kind) {
    case "ReleaseNotice":
      return released(of, state.timers.get(command.timerId ?? "")?.due, context);
    case "MissReceipt":
      return receiptMissed(of, context);
    default:
      return lateNotice(of, context);
  }
}

/** What may not leave yet after all, because of a window that was set meanwhile, waits on. */
function released(
  { notice, decision, pack }: Under,
  due: Instant | undefined,
  context: Context,
): readonly NewEvent[] {
  return notice.deliveries
    .filter((one) => one.state === "waiting" && one.notBefore === due)
    .map(({ id, channel }) => {
      const said = { noticeId: notice.id, delivery: id };
      const until = mayLeaveAt(decision, channel, pack, context);
      return until > context.now
        ? about(decision, "NoticeHeld", { ...said, until })
        : about(decision, "NoticeReleased", said);
    });
}

function receiptMissed(of: Under, context: Context): readonly NewEvent[] {
  const delivery = of.notice.deliveries.at(-1)!;
  const { receiptHours } = of.pack.notice.delivery.value;
  if (delivery.state !== "sent" || hoursAfter(delivery.sentAt!, receiptHours) > context.now) {
    return [];
  }
  return bounced(of, delivery, { because: "no-receipt", permanent: true }, context);
}

/** What may not be sent cannot be late: the time in which it must arrive begins anew when the hold ends. */
function lateNotice(of: Under, context: Context): readonly NewEvent[] {
  const held = heldBack(of.decision, context.holds, context);
  if (held !== null) {
    const until = hoursAfter(held.until, of.pack.notice.delivery.value.escalateHours);
    return [about(of.decision, "NoticeHeld", { noticeId: of.notice.id, delivery: null, until })];
  }
  if (of.notice.state !== "escalated") return [escalated(of, "not-in-time", context)];
  return waits(of.decision) ? [withdrawn(of.decision, "notice-undeliverable")] : [];
}
