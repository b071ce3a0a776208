// What becomes of the rows while a notice is on its way: the attempts beside it, its state, and what it waits for. Kept
// apart from deciding about attempts (notice-arrival.ts), because whatever was decided is applied in one way only.

import type { Instant } from "../domain/calendar.ts";
import type { Id } from "../domain/id.ts";
import { isLatest, type Notice, type NoticeDelivery, patched } from "../domain/notice.ts";
import type { TimerKind } from "../domain/timer.ts";
import { cancelTimers, change, setTimer } from "./rows.ts";
import type { Context } from "./step.ts";
import type { Event, State } from "./state.ts";

/** The waits of a notice that end when it has arrived. */
export const arrivalTimers: readonly TimerKind[] = [
  "notice-retry",
  "notice-release",
  "notice-receipt",
  "notice-escalate",
];

/** Writes the message of an attempt, or waits until it may leave. */
export function post(state: State, event: Event, context: Context, delivery: NoticeDelivery): void {
  if (delivery.notBefore > event.at) {
    return setTimer(state, event, context, { kind: "notice-release", due: delivery.notBefore });
  }
  const { noticeId } = state.decisions.get(event.subject)!;
  state.outbox.push({
    bucket: event.bucket,
    id: delivery.id,
    kind: "notice.deliver",
    subject: noticeId!,
    body: { channel: delivery.channel },
  });
}

/** The notice as it is once an attempt got so far now. */
export function reaching(
  notice: Notice,
  id: Id,
  state: "sent" | "delivered",
  { now }: Pick<Context, "now">,
): Notice {
  const deliveries = notice.deliveries.map((one) =>
    one.id === id ? { ...one, state, sentAt: one.sentAt ?? now } : one,
  );
  return { ...notice, state, deliveries, deliveredAt: state === "delivered" ? now : null };
}

/** Applies one of the `arrivalEvents`. */
export function applyArrivalEvent(state: State, event: Event, context: Context): void {
  const { body } = event;
  const notice = state.notices.get(String(body["noticeId"]))!;
  const deliveryId = String(body["delivery"]);
  switch (event.kind) {
    case "NoticeReissued":
      return applyReissued(state, event, context, notice);
    case "NoticeReleased": {
      const delivery = notice.deliveries.find(({ id }) => id === deliveryId)!;
      return post(state, event, context, { ...delivery, notBefore: event.at });
    }
    case "NoticeHeld": {
      const notBefore = body["until"] as Instant;
      if (body["delivery"] === null) {
        return setTimer(state, event, context, { kind: "notice-escalate", due: notBefore });
      }
      const deliveries = patched(notice.deliveries, deliveryId, () => ({ notBefore }));
      change(state.notices, notice.id, { deliveries });
      return setTimer(state, event, context, { kind: "notice-release", due: notBefore });
    }
    case "ShortFormSent":
      return applyShortForm(state, event, notice, deliveryId);
    case "NoticeSent":
    case "NoticeDelivered":
      return applyArrived(state, event, context, notice, deliveryId);
    case "NoticeBounced":
      return applyBounced(state, event, context, notice, deliveryId);
    default:
      change(state.notices, notice.id, { state: "escalated" });
      cancelTimers(state, event.subject, ["notice-retry", "notice-receipt", "notice-escalate"]);
      return setTimerAt(state, event, context, "notice-escalate", body["giveUpAt"]);
  }
}

function applyReissued(state: State, event: Event, context: Context, notice: Notice): void {
  const delivery = event.attached as NoticeDelivery;
  const { channel } = delivery;
  const deliveries = [...notice.deliveries, delivery];
  change(state.notices, notice.id, { state: "issued", channel, deliveries });
  cancelTimers(state, event.subject, ["notice-retry"]);
  if (event.body["escalateAt"] !== null) cancelTimers(state, event.subject, ["notice-escalate"]);
  setTimerAt(state, event, context, "notice-escalate", event.body["escalateAt"]);
  post(state, event, context, delivery);
}

/** The attempt has its proof; the notice itself is where it was. */
function applyShortForm(state: State, { body, at }: Event, notice: Notice, id: Id): void {
  const { result, reference, contentHash } = body as Pick<
    NoticeDelivery,
    "reference" | "contentHash"
  > &
    Readonly<{ result: "sent" | "delivered" }>;
  const deliveries = patched(notice.deliveries, id, (one) => ({
    ...{ state: result, sentAt: one.sentAt ?? at, settledAt: result === "delivered" ? at : null },
    reference: reference ?? one.reference,
    contentHash: contentHash ?? one.contentHash,
  }));
  change(state.notices, notice.id, { deliveries });
}

function applyArrived(state: State, event: Event, context: Context, notice: Notice, id: Id): void {
  const { body, at } = event;
  const arrivedNow = event.kind === "NoticeDelivered";
  const next = reaching(notice, id, arrivedNow ? "delivered" : "sent", { now: at });
  const deliveries = patched(next.deliveries, id, (one) => ({
    settledAt: arrivedNow ? at : null,
    reference: (body["reference"] as string | null) ?? one.reference,
    contentHash: (body["contentHash"] as string | null) ?? one.contentHash,
  }));
  // An older attempt that only left now says nothing of the one that counts.
  if (!arrivedNow && !isLatest(notice.deliveries, id)) {
    change(state.notices, notice.id, { deliveries });
    return;
  }
  const { channel } = deliveries.find((one) => one.id === id)!;
  const { state: reached, deliveredAt } = next;
  change(state.notices, notice.id, { state: reached, channel, deliveredAt, deliveries });
  const receiptBy = arrivedNow ? null : body["receiptBy"];
  cancelTimers(state, event.subject, receiptBy === null ? arrivalTimers : ["notice-retry"]);
  setTimerAt(state, event, context, "notice-receipt", receiptBy);
  if (body["executeAt"] === null) return;
  cancelTimers(state, event.subject, ["execute"]);
  setTimerAt(state, event, context, "execute", body["executeAt"]);
}

function applyBounced(state: State, event: Event, context: Context, notice: Notice, id: Id): void {
  const because = String(event.body["because"]);
  const latest = isLatest(notice.deliveries, id);
  change(state.notices, notice.id, {
    ...(latest && notice.state !== "escalated" ? { state: "bounced" as const } : {}),
    deliveries: patched(notice.deliveries, id, () => ({
      ...{ state: "bounced" as const, settledAt: event.at, because },
    })),
  });
  if (latest) cancelTimers(state, event.subject, ["notice-receipt"]);
  setTimerAt(state, event, context, "notice-retry", event.body["retryAt"]);
  setTimerAt(state, event, context, "notice-escalate", event.body["escalateAt"]);
}

/** Events keep instants as text or null. */
function setTimerAt(
  state: State,
  event: Event,
  context: Context,
  kind: TimerKind,
  due: unknown,
): void {
  if (typeof due === "string") setTimer(state, event, context, { kind, due: due as Instant });
}
