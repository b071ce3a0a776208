// People agree, disagree, change or pass on. Whoever made the decision or the changed outcome is never the
// one who approves it; an override is never harsher than the strategy and its guards, always has a reason
// and always ends; an approval of something that has changed since is refused.

import type { Outcome } from "../domain/assessment.ts";
import { addDays, type BusinessDate } from "../domain/calendar.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import type { Decision } from "../domain/decision.ts";
import { moneyText, type Money } from "../domain/money.ts";
import { firstRefusal, notFound, type Refusal, refuse } from "../domain/refusal.ts";
import {
  approvalsNeeded,
  leadOf,
  reviewQueues,
  type ProposedOverride,
  type ReviewCase,
  type ReviewQueue,
} from "../domain/review-case.ts";
import { dueDaysOf } from "../policy/desk.ts";
import { outcomeRefusal } from "./decide.ts";
import { about, applyDecisionEvent, packOf, withdrawn } from "./decision-life.ts";
import { applyReviewEvent, resolveReview } from "./review-events.ts";
import { makerRefusal, openRefusals, queueRefusal, verdictRefusals } from "./review-refusals.ts";
import { cancelTimers, change, setTimer } from "./rows.ts";
import { reasonField, type Command, type Context, type Step } from "./step.ts";
import type { Event, NewEvent, State } from "./state.ts";

/** The longest an override may keep the strategy away from a line, days. */
const overrideDays = 365;

type Under = Readonly<{ review: ReviewCase; decision: Decision; line: CreditLine }>;

function decide(state: State, command: Command, context: Context): readonly NewEvent[] | Refusal {
  if (command.kind === "EscalateReview" || command.kind === "ExpireOverride") {
    return byTimer(state, command, context);
  }
  const review = state.reviews.get(command.subject);
  if (review === undefined) return notFound({ en: "review case", zh: "复核件" }, command.subject);
  const decision = state.decisions.get(review.decisionId)!;
  const under: Under = { review, decision, line: state.lines.get(decision.lineId)! };
  switch (command.kind) {
    case "Approve":
      return approve(under, command, context);
    case "Reject":
      return reject(under, command);
    case "Override":
      return override(under, command, context);
    default:
      return refer(under, command);
  }
}

function approve(under: Under, command: Command, context: Context): readonly NewEvent[] | Refusal {
  const { review, decision } = under;
  const refusal = firstRefusal([
    ...verdictRefusals(review, command),
    staleRefusal(under, context),
    makerRefusal(review, decision, command),
  ]);
  if (refusal !== null) return refusal;
  const approvals = [
    ...review.approvals,
    { by: command.actor.id, legal: command.actor.roles.includes("legal"), at: context.now },
  ];
  const approved = about(decision, "ReviewApproved", { reviewId: review.id, approvals });
  const enough =
    approvals.length >= approvalsNeeded(review) &&
    (review.route !== "legal" || approvals.some((one) => one.legal));
  return enough ? [approved, ...resolved(under, command)] : [approved];
}

/** The events of the last approval that was needed. */
function resolved({ review, decision }: Under, command: Command): readonly NewEvent[] {
  const { override } = review;
  const resolution = about(decision, "ReviewResolved", {
    reviewId: review.id,
    resolution: "approved",
    ...(command.body["note"] === undefined ? {} : { note: command.body["note"] }),
  });
  const end = about(decision, "DecisionApproved", {
    by: command.actor.id,
    ...(override === null
      ? {}
      : { override: { outcome: override.outcome, expiresOn: override.expiresOn } }),
  });
  return override?.outcome.action === "none"
    ? [
        resolution,
        about(decision, "OverrideInForce", { expiresOn: override.expiresOn }),
        withdrawn(decision, "override"),
      ]
    : [resolution, end];
}

/** The line must still be what was decided on, and the outcome still be possible. */
function staleRefusal({ review, decision, line }: Under, context: Context): Refusal | null {
  if (line.ver !== decision.lineVer) {
    return refuse("stale-approval", {
      en: `Line ${line.reference}: decided at version ${decision.lineVer}, now at ${line.ver}`,
      zh: `授信 ${line.reference}：决定时版本 ${decision.lineVer}，现为 ${line.ver}`,
    });
  }
  const { override } = review;
  if (override !== null && override.expiresOn <= context.today) {
    return refuse("stale-approval", {
      en: `Review case ${review.id}: its override ended on ${override.expiresOn}`,
      zh: `复核件 ${review.id}：改判已于 ${override.expiresOn} 到期`,
    });
  }
  const outcome = override?.outcome ?? decision.outcome;
  if (outcome.action === "none") return null;
  const refusal = outcomeRefusal(line, outcome, packOf(decision, line, context));
  return refusal === null ? null : refuse("stale-approval", refusal.detail);
}

function reject({ review, decision }: Under, command: Command): readonly NewEvent[] | Refusal {
  const refusal = firstRefusal(verdictRefusals(review, command));
  if (refusal !== null) return refusal;
  return [
    about(decision, "ReviewResolved", {
      reviewId: review.id,
      resolution: "rejected",
      note: command.body["reason"],
    }),
    withdrawn(decision, "rejected"),
  ];
}

function override(under: Under, command: Command, context: Context): readonly NewEvent[] | Refusal {
  const { review, decision, line } = under;
  const outcome = overrideOutcome(under, command);
  const refused = firstRefusal([
    ...verdictRefusals(review, command),
    "refused" in outcome ? outcome : null,
  ]);
  if (refused !== null) return refused;
  if ("refused" in outcome) return outcome;
  const expiresOn = command.body["expires"] as BusinessDate;
  const last = addDays(context.today, overrideDays);
  const refusal = firstRefusal([
    expiresOn > context.today && expiresOn <= last
      ? null
      : refuse(
          "invalid",
          {
            en: `Override expiry: found ${expiresOn}, expected after ${context.today} and not after ${last}`,
            zh: `改判到期日：为 ${expiresOn}，应晚于 ${context.today} 且不晚于 ${last}`,
          },
          "/expires",
        ),
    outcome.action === "none"
      ? null
      : outcomeRefusal(line, outcome, packOf(decision, line, context)),
  ]);
  if (refusal !== null) return refusal;
  const proposed: ProposedOverride = {
    outcome,
    maker: command.actor.id,
    reason: String(command.body["reason"]),
    expiresOn,
    at: context.now,
  };
  return [about(decision, "OverrideProposed", { reviewId: review.id, override: proposed })];
}

/** The changed outcome, if it is not harsher than what the strategy and its guards allow. */
function overrideOutcome({ decision, line }: Under, command: Command): Outcome | Refusal {
  const action = String(command.body["action"]);
  const asked = decision.record.assessment.outcome;
  if (action === "none") return { action: "none" };
  const limit = command.body["limit"] as Money | undefined;
  if (limit === undefined) {
    return refuse(
      "invalid",
      {
        en: "Override to a decrease: found no limit, expected the new limit",
        zh: "改判为降额：未给出额度，应填写新额度",
      },
      "/limit",
    );
  }
  if (limit.currency !== line.currency) {
    return refuse(
      "currency-mismatch",
      {
        en: `Override limit: found ${limit.currency}, expected ${line.currency}`,
        zh: `改判额度：币种为 ${limit.currency}，应为 ${line.currency}`,
      },
      "/limit",
    );
  }
  const lowest = asked.action === "decrease" ? asked.toMinor : 0;
  return limit.amountMinor >= lowest
    ? { action: "decrease", fromMinor: line.limitMinor, toMinor: limit.amountMinor }
    : refuse(
        "override-out-of-bounds",
        {
          en: `Override limit: found ${moneyText(limit)}, expected ${moneyText({ amountMinor: lowest, currency: line.currency })} or more: an override is never harsher than the strategy`,
          zh: `改判额度：为 ${moneyText(limit)}，不得低于策略结果 ${moneyText({ amountMinor: lowest, currency: line.currency })}`,
        },
        "/limit",
      );
}

/** Who lacks the skill or the authority passes the case on: his role is enough for that. */
function refer({ review, decision }: Under, command: Command): readonly NewEvent[] | Refusal {
  const refusal = firstRefusal([...openRefusals(review, command), queueRefusal(review, command)]);
  if (refusal !== null) return refusal;
  return [
    about(decision, "ReviewReferred", {
      reviewId: review.id,
      queue: command.body["to"],
      by: command.actor.id,
      note: command.body["reason"],
    }),
  ];
}

function touched(state: State, { actor, body }: Event): readonly string[] {
  const before = state.reviews.get(String(body["reviewId"]))?.touchedBy ?? [];
  return before.includes(actor) ? before : [...before, actor];
}

/** What is overdue leaves the hands it was in, and nobody's snooze hides it any longer. */
function passUp(state: State, event: Event): void {
  const reviewId = String(event.body["reviewId"]);
  change(state.reviews, reviewId, {
    queue: event.body["queue"] as ReviewQueue,
    escalatedAt: state.reviews.get(reviewId)?.escalatedAt ?? event.at,
    assignedTo: null,
    snooze: null,
  });
  cancelTimers(state, event.subject, ["review-wake"]);
}

/** A case of legal goes back to legal, any other to who leads its queue. */
function nextQueue({ route, queue }: ReviewCase): ReviewQueue {
  return route === "legal" ? "legal" : leadOf(queue);
}

function byTimer(state: State, command: Command, context: Context): readonly NewEvent[] | Refusal {
  const decision = state.decisions.get(command.subject);
  if (decision === undefined) return notFound({ en: "decision", zh: "决定" }, command.subject);
  if (command.kind === "ExpireOverride") {
    const waits = ["approved", "offered", "noticed"].includes(decision.state);
    return [
      about(decision, "OverrideExpired", {}),
      ...(waits && decision.operationId === null ? [withdrawn(decision, "override-expired")] : []),
    ];
  }
  const review = decision.reviewId === null ? undefined : state.reviews.get(decision.reviewId);
  if (review?.state !== "open") return [];
  const { document } = context.strategy(decision.record.assessment.strategy.hash);
  return [
    about(decision, "ReviewOverdue", {
      reviewId: review.id,
      queue: nextQueue(review),
      nextDueOn: addDays(context.today, dueDaysOf(document, review.priority)),
    }),
  ];
}

function evolve(state: State, event: Event, context: Context): void {
  const reviewId = String(event.body["reviewId"]);
  switch (event.kind) {
    case "ReviewApproved":
      change(state.reviews, reviewId, {
        approvals: event.body["approvals"] as ReviewCase["approvals"],
        assignedTo: null,
      });
      return;
    case "ReviewResolved":
      return resolveReview(state, event);
    case "OverrideProposed":
      change(state.reviews, reviewId, {
        override: event.body["override"] as ProposedOverride,
        touchedBy: touched(state, event),
        approvals: [],
        assignedTo: null,
      });
      return;
    case "ReviewReferred":
      change(state.reviews, reviewId, {
        queue: event.body["queue"] as ReviewQueue,
        referredBy: event.actor,
        touchedBy: touched(state, event),
        assignedTo: null,
        note: String(event.body["note"]),
      });
      return;
    case "ReviewOverdue":
      passUp(state, event);
      setTimer(state, event, context, {
        kind: "review-due",
        due: context.startOf(event.body["nextDueOn"] as BusinessDate),
      });
      return;
    case "OverrideInForce":
      change(state.decisions, event.subject, {
        overrideExpiresOn: event.body["expiresOn"] as BusinessDate,
      });
      return;
    case "OverrideExpired":
      cancelTimers(state, event.subject, ["override-expiry"]);
      return;
    default:
      applyReviewEvent(state, event, context);
      applyDecisionEvent(state, event, context);
  }
}

export const review: Step = {
  name: "review",
  area: "review",
  label: { en: "Review", zh: "人工复核" },
  commands: {
    Approve: {
      subject: "review-case",
      verb: "approve",
      roles: reviewQueues,
      label: { en: "Approve", zh: "批准" },
      fields: { note: { ...reasonField, required: false, label: { en: "Note", zh: "备注" } } },
    },
    Reject: {
      subject: "review-case",
      verb: "reject",
      roles: reviewQueues,
      label: { en: "Reject", zh: "驳回" },
      fields: { reason: reasonField },
    },
    Override: {
      subject: "review-case",
      verb: "override",
      roles: reviewQueues,
      label: { en: "Override", zh: "改判" },
      fields: {
        action: {
          type: "enum",
          required: true,
          values: ["none", "decrease"],
          label: { en: "Action", zh: "处置" },
        },
        limit: { type: "money", required: false, label: { en: "New limit", zh: "新额度" } },
        reason: reasonField,
        expires: { type: "date", required: true, label: { en: "Expires on", zh: "到期日" } },
      },
    },
    Refer: {
      subject: "review-case",
      verb: "refer",
      roles: reviewQueues,
      label: { en: "Refer", zh: "转交" },
      fields: {
        to: {
          type: "enum",
          required: true,
          values: reviewQueues,
          label: { en: "To", zh: "转交至" },
        },
        reason: reasonField,
      },
    },
    EscalateReview: {
      subject: "decision",
      verb: null,
      roles: ["service"],
      label: { en: "Pass up an overdue review", zh: "逾期复核升级" },
      fields: {},
    },
    ExpireOverride: {
      subject: "decision",
      verb: null,
      roles: ["service"],
      label: { en: "End an override", zh: "改判到期" },
      fields: {},
    },
  },
  events: [
    "ReviewOpened",
    "ReviewApproved",
    "ReviewResolved",
    "ReviewReferred",
    "ReviewOverdue",
    "OverrideProposed",
    "OverrideInForce",
    "OverrideExpired",
    "DecisionApproved",
  ],
  tables: ["review_case", "decision", "timer"],
  decide,
  evolve,
};
