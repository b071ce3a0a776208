// What is promised of notices whatever a provider does. Each broken promise is told by name with its number; none is none.

import { hoursAfter } from "../../src/compliance/notice-delivery.ts";
import type { Decision } from "../../src/domain/decision.ts";
import type { Notice } from "../../src/domain/notice.ts";
import type { Event } from "../../src/flow/state.ts";
import type { NoticeTrial } from "./notice-trial.ts";
import { every } from "./whole-life.ts";

/** How a trial ended. */
export type NoticeOutcome = Readonly<{
  notices: number;
  delivered: number;
  givenUp: number;
  escalations: number;
  executed: number;
  broken: Readonly<Record<string, number>>;
}>;

/** Asks rows, events and the provider's book. `escalateHours` is that of the pack. */
export async function noticeOutcome(
  { world, events, book }: NoticeTrial,
  escalateHours: number,
): Promise<NoticeOutcome> {
  const { reads, waiting } = world.store;
  const notices = await every((after) => reads.notices({ after, limit: 500 }, {}));
  const decisions = await every((after) => reads.decisions({ after, limit: 500 }, {}));
  const byDecision = new Map(notices.map((notice) => [notice.decisionId, notice]));
  const escalations = eventsOf(events, "NoticeEscalated");
  const issued = eventsOf(events, "NoticeIssued");
  const arrived = eventsOf(events, "NoticeDelivered");
  const ids = new Set(notices.flatMap(({ deliveries }) => deliveries.map(({ id }) => id)));
  const delivered = notices.filter(({ state }) => state === "delivered");
  const executed = decisions.filter(({ state }) => state === "executed");
  const withdrawn = decisions.filter(({ state }) => state === "withdrawn");
  const broken = {
    "decisions without exactly one notice":
      Math.abs(decisions.length - notices.length) + (issued.length - byDecision.size),
    "arrivals told more than once": arrived.length - new Set(arrived.map(subjectOf)).size,
    "arrivals without a delivered notice": Math.abs(arrived.length - delivered.length),
    "messages that are no attempt of a notice": book.messages.filter(
      ({ deliveryId }) => !ids.has(deliveryId),
    ).length,
    "attempts with one id": attemptsOf(notices) - ids.size,
    "messages of one notice with other words": otherWords(book.messages),
    "cuts whose customer was not told": executed.filter((one) => !wasTold(byDecision, one)).length,
    "neither told and cut nor given up": decisions.length - executed.length - withdrawn.length,
    "given up without a person": withdrawn.filter(
      ({ id }) => !escalations.some(({ subject }) => subject === id),
    ).length,
    "escalated too late": tooLate(notices, escalations, escalateHours),
    "unsigned messages": book.unsigned,
    "messages that wait": await waiting.unsent(),
    "timers that wait": (await waiting.nextDue([])) === null ? 0 : 1,
  };
  return {
    notices: notices.length,
    delivered: delivered.length,
    givenUp: withdrawn.length,
    escalations: escalations.length,
    executed: executed.length,
    broken: Object.fromEntries(Object.entries(broken).filter(([, count]) => count !== 0)),
  };
}

function eventsOf(events: readonly Event[], kind: string): readonly Event[] {
  return events.filter((event) => event.kind === kind);
}

function subjectOf({ subject }: Event): string {
  return subject;
}

function attemptsOf(notices: readonly Notice[]): number {
  return notices.reduce((sum, { deliveries }) => sum + deliveries.length, 0);
}

function wasTold(notices: ReadonlyMap<string, Notice>, { id }: Decision): boolean {
  return notices.get(id)?.state === "delivered";
}

function otherWords(messages: NoticeTrial["book"]["messages"]): number {
  const words = new Map<string, string>();
  let others = 0;
  for (const { noticeId, text } of messages) {
    if ((words.get(noticeId) ?? text) !== text) others += 1;
    words.set(noticeId, text);
  }
  return others;
}

/** A notice that had reached nobody when its time was over, and no person was asked by then. */
function tooLate(
  notices: readonly Notice[],
  escalations: readonly Event[],
  escalateHours: number,
): number {
  const asked = new Map<string, string>();
  for (const { subject, at } of escalations) if (!asked.has(subject)) asked.set(subject, at);
  return notices.filter(({ decisionId, issuedAt, deliveredAt }) => {
    const deadline = hoursAfter(issuedAt, escalateHours);
    const reached = deliveredAt !== null && deliveredAt <= deadline;
    return !reached && (asked.get(decisionId) ?? "never") > deadline;
  }).length;
}
