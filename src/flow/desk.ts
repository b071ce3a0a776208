// People share the work: they take a case, hand it out, let it rest for a while, ask somebody else, and lay notes and
// files beside it. None of this decides anything; the service level runs on whatever they do.

import { reachesPortfolio, type Actor } from "../domain/actor.ts";
import { type BusinessDate, parseBusinessDate } from "../domain/calendar.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import type { Decision } from "../domain/decision.ts";
import { firstRefusal, notFound, type Refusal, refuse } from "../domain/refusal.ts";
import {
  leadOf,
  reviewQueues,
  type ReviewCase,
  type SecondOpinion,
  workableQueues,
} from "../domain/review-case.ts";
import { attach, attachmentOf } from "./attach.ts";
import { about } from "./decision-life.ts";
import { lackRefusal, openRefusals, resolvedRefusal, queueRefusal } from "./review-refusals.ts";
import { cancelTimers, change, setTimer, versionRefusal } from "./rows.ts";
import { reasonField, type Command, type Context, type Step } from "./step.ts";
import type { Event, NewEvent, State } from "./state.ts";

type Under = Readonly<{
  review: ReviewCase;
  decision: Decision;
  line: CreditLine;
  command: Command;
  context: Context;
}>;

type Decided = readonly NewEvent[] | Refusal;

function decide(state: State, command: Command, context: Context): Decided {
  if (command.kind === "WakeReview") return wake(state, command);
  const review = state.reviews.get(command.subject);
  if (review === undefined) return notFound({ en: "review case", zh: "复核件" }, command.subject);
  const decision = state.decisions.get(review.decisionId)!;
  const line = state.lines.get(decision.lineId)!;
  return deciders[command.kind]!({ review, decision, line, command, context });
}

const deciders: Readonly<Record<string, (under: Under) => Decided>> = {
  TakeReview: take,
  ReleaseReview: release,
  AssignReview: assign,
  SnoozeReview: snooze,
  AskOpinion: ask,
  GiveOpinion: give,
  NoteReview: note,
  AttachToReview: ({ review, decision, command, context }) =>
    attach(review, decision, command, context),
  OpenAttachment: ({ review, decision, command }) => [
    told(decision, review, "AttachmentOpened", { attachmentId: command.body["attachmentId"] }),
  ],
};

function told(
  decision: Decision,
  review: ReviewCase,
  kind: string,
  body: Readonly<Record<string, unknown>> = {},
): NewEvent {
  return about(decision, kind, { reviewId: review.id, ...body });
}

/** Only who could decide a case takes it: it would wait in the wrong hands. */
function take({ review, decision, command }: Under): Decided {
  const refusal = firstRefusal([
    ...openRefusals(review, command),
    lackRefusal(review, command.actor),
  ]);
  if (refusal !== null) return refusal;
  const to = command.actor.id;
  return review.assignedTo === to && review.snooze === null
    ? []
    : [told(decision, review, "ReviewAssigned", { to })];
}

function release({ review, decision, command }: Under): Decided {
  const refusal = firstRefusal([
    ...(leads(review, command) ? leadRefusals(review, command) : openRefusals(review, command)),
    queueRefusal(review, command),
    review.assignedTo === null
      ? refuse("wrong-state", {
          en: `Review case ${review.id}: found it in nobody's hands, expected it taken`,
          zh: `复核件 ${review.id}：当前无人领取，无需退回`,
        })
      : null,
  ]);
  return refusal ?? [told(decision, review, "ReviewReleased", { from: review.assignedTo })];
}

/** Whoever leads the queue hands out its cases, also one that somebody has already. */
function assign({ review, decision, line, command, context }: Under): Decided {
  const to = person(command, context, line, "to");
  const refusal = firstRefusal([
    ...leadRefusals(review, command),
    leads(review, command)
      ? null
      : refuse("needs-other-authority", {
          en: `Review case ${review.id} is handed out by ${leadOf(review.queue)}: found roles ${command.actor.roles.join(", ")}`,
          zh: `复核件 ${review.id} 由 ${leadOf(review.queue)} 分派：当前角色为 ${command.actor.roles.join("、")}`,
        }),
    "refused" in to ? to : lackRefusal(review, to),
  ]);
  if (refusal !== null) return refusal;
  if ("refused" in to) return to;
  return review.assignedTo === to.id
    ? []
    : [told(decision, review, "ReviewAssigned", { to: to.id, ...reasonOf(command) })];
}

function leads(review: ReviewCase, { actor }: Command): boolean {
  return actor.roles.includes(leadOf(review.queue));
}

function leadRefusals(review: ReviewCase, command: Command): readonly (Refusal | null)[] {
  return [resolvedRefusal(review), versionRefusal(review, command.expectedVer)];
}

function reasonOf({ body }: Command): Readonly<Record<string, unknown>> {
  return body["reason"] === undefined ? {} : { reason: body["reason"] };
}

/** Whom a field names: somebody who works at the desk and reaches the line, or the refusal that says so. */
function person(
  { body }: Command,
  context: Context,
  { portfolio }: CreditLine,
  field: string,
): Actor | Refusal {
  const name = String(body[field]);
  const found = context.person(name);
  const works = found !== null && workableQueues(found.roles).length > 0;
  if (works && reachesPortfolio(found.scope, portfolio)) return found;
  return refuse(
    "invalid",
    {
      en: `Account: found ${JSON.stringify(name)}, expected the login of somebody at the review desk who reaches portfolio ${portfolio}`,
      zh: `账号：为 ${JSON.stringify(name)}，应为复核台人员的登录名，且其范围包含组合 ${portfolio}`,
    },
    `/${field}`,
  );
}

function snooze({ review, decision, command, context }: Under): Decided {
  const until = parseBusinessDate(command.body["until"])!;
  const refusal = firstRefusal([
    ...openRefusals(review, command),
    queueRefusal(review, command),
    snoozeRefusal(review, until, command.body["pastDue"] === true, context),
  ]);
  if (refusal !== null) return refusal;
  return [
    told(decision, review, "ReviewSnoozed", {
      until,
      reason: command.body["reason"],
      pastDue: context.startOf(until) > review.dueAt,
    }),
  ];
}

function snoozeRefusal(
  review: ReviewCase,
  until: BusinessDate,
  pastDue: boolean,
  context: Context,
): Refusal | null {
  if (until <= context.today) {
    return refuse(
      "invalid",
      {
        en: `Snooze until: found ${until}, expected after ${context.today}`,
        zh: `暂缓至：为 ${until}，应晚于 ${context.today}`,
      },
      "/until",
    );
  }
  if (pastDue || context.startOf(until) <= review.dueAt) return null;
  const due = context.dateOf(review.dueAt);
  return refuse(
    "invalid",
    {
      en: `Snooze until: found ${until}, past the service level of ${due}; expected ${due} or earlier, or pastDue to say that it is meant`,
      zh: `暂缓至：为 ${until}，晚于办理时限 ${due}；应不晚于 ${due}，或以 pastDue 表明确为有意`,
    },
    "/until",
  );
}

function wake(state: State, command: Command): Decided {
  const decision = state.decisions.get(command.subject);
  if (decision === undefined) return notFound({ en: "decision", zh: "决定" }, command.subject);
  const review = decision.reviewId === null ? undefined : state.reviews.get(decision.reviewId);
  if (review?.state !== "open" || review.snooze === null) return [];
  return [told(decision, review, "ReviewWoken")];
}

/** One question to one person at a time; asking does not hold the case up. */
function ask({ review, decision, line, command, context }: Under): Decided {
  const of = person(command, context, line, "of");
  const waiting =
    "id" in of && review.opinions.some((one) => one.askedOf === of.id && one.given === null);
  const refusal = firstRefusal([
    ...openRefusals(review, command),
    queueRefusal(review, command),
    "refused" in of ? of : null,
    "id" in of && of.id === command.actor.id
      ? refuse(
          "invalid",
          {
            en: `Second opinion: found ${of.id}, who asks for it; expected somebody else`,
            zh: `第二意见：${of.id} 为征询人本人，应为他人`,
          },
          "/of",
        )
      : null,
    waiting && "id" in of
      ? refuse("already-exists", {
          en: `Review case ${review.id}: ${of.id} was asked already and has not answered`,
          zh: `复核件 ${review.id}：已征询 ${of.id}，尚未答复`,
        })
      : null,
  ]);
  if (refusal !== null) return refusal;
  if ("refused" in of) return of;
  const question = command.body["question"];
  return [told(decision, review, "OpinionAsked", { of: of.id, question })];
}

function give({ review, decision, command }: Under): Decided {
  const { id } = command.actor;
  const asked = review.opinions.some((one) => one.askedOf === id && one.given === null);
  const refusal = firstRefusal([
    ...leadRefusals(review, command),
    asked
      ? null
      : refuse("needs-other-authority", {
          en: `Review case ${review.id}: found no question to ${id}, expected one that waits for an answer`,
          zh: `复核件 ${review.id}：没有待 ${id} 答复的征询`,
        }),
  ]);
  if (refusal !== null) return refusal;
  const { opinion, reason } = command.body;
  return [told(decision, review, "OpinionGiven", { agrees: opinion === "agree", reason })];
}

/** Also beside a closed case: what comes to light later belongs there. */
function note({ review, decision, command }: Under): Decided {
  return [told(decision, review, "ReviewNoted", { text: command.body["text"] })];
}

function evolve(state: State, event: Event, context: Context): void {
  const reviewId = String(event.body["reviewId"]);
  const review = state.reviews.get(reviewId)!;
  switch (event.kind) {
    case "ReviewAssigned":
      wakeUp(state, event);
      change(state.reviews, reviewId, { assignedTo: String(event.body["to"]), snooze: null });
      return;
    case "ReviewReleased":
      change(state.reviews, reviewId, { assignedTo: null });
      return;
    case "ReviewSnoozed":
      return applySnoozed(state, event, context);
    case "ReviewWoken":
      change(state.reviews, reviewId, { snooze: null });
      return;
    case "OpinionAsked":
      change(state.reviews, reviewId, { opinions: [...review.opinions, questionOf(event)] });
      return;
    case "OpinionGiven":
      change(state.reviews, reviewId, { opinions: answered(review.opinions, event) });
      return;
    case "ReviewNoted":
    case "AttachmentOpened":
      return;
    case "AttachmentAdded":
      change(state.reviews, reviewId, { files: review.files + 1 });
      state.attachments.push(attachmentOf(review, event));
  }
}

/** A snooze past the service level puts passing up off as well, as its reason says; the case still counts as overdue. */
function applySnoozed(state: State, event: Event, context: Context): void {
  const { until, reason, pastDue } = event.body as Readonly<{
    until: BusinessDate;
    reason: string;
    pastDue: boolean;
  }>;
  const due = context.startOf(until);
  wakeUp(state, event);
  change(state.reviews, String(event.body["reviewId"]), {
    snooze: { until, by: event.actor, reason },
  });
  setTimer(state, event, context, { kind: "review-wake", due });
  if (!pastDue) return;
  cancelTimers(state, event.subject, ["review-due"]);
  setTimer(state, event, context, { kind: "review-due", due });
}

function wakeUp(state: State, event: Event): void {
  cancelTimers(state, event.subject, ["review-wake"]);
}

function questionOf({ actor, at, body }: Event): SecondOpinion {
  const question = String(body["question"]);
  return { askedOf: String(body["of"]), askedBy: actor, askedAt: at, question, given: null };
}

function answered(
  opinions: readonly SecondOpinion[],
  { actor, at, body }: Event,
): readonly SecondOpinion[] {
  const given = { agrees: body["agrees"] === true, reason: String(body["reason"]), at };
  return opinions.map((one) =>
    one.askedOf === actor && one.given === null ? { ...one, given } : one,
  );
}

export const desk: Step = {
  name: "desk",
  area: "review",
  label: { en: "Review desk", zh: "复核台" },
  commands: {
    TakeReview: {
      subject: "review-case",
      verb: "take",
      roles: reviewQueues,
      label: { en: "Take", zh: "领取" },
      fields: {},
    },
    ReleaseReview: {
      subject: "review-case",
      verb: "release",
      roles: reviewQueues,
      label: { en: "Give back", zh: "退回" },
      fields: {},
    },
    AssignReview: {
      subject: "review-case",
      verb: "assign",
      roles: ["approver", "compliance", "legal"],
      label: { en: "Assign", zh: "分派" },
      fields: {
        to: { type: "account", required: true, label: { en: "To", zh: "分派给" } },
        reason: { ...reasonField, required: false },
      },
    },
    SnoozeReview: {
      subject: "review-case",
      verb: "snooze",
      roles: reviewQueues,
      label: { en: "Snooze", zh: "暂缓" },
      fields: {
        until: { type: "date", required: true, label: { en: "Until", zh: "暂缓至" } },
        reason: reasonField,
        pastDue: {
          type: "boolean",
          required: false,
          label: { en: "Also past the service level", zh: "允许超过办理时限" },
        },
      },
    },
    AskOpinion: {
      subject: "review-case",
      verb: "ask-opinion",
      roles: reviewQueues,
      label: { en: "Ask for a second opinion", zh: "征询第二意见" },
      fields: {
        of: { type: "account", required: true, label: { en: "Of", zh: "征询对象" } },
        question: { ...reasonField, label: { en: "Question", zh: "问题" } },
      },
    },
    GiveOpinion: {
      subject: "review-case",
      verb: "give-opinion",
      roles: reviewQueues,
      label: { en: "Give a second opinion", zh: "答复第二意见" },
      fields: {
        opinion: {
          type: "enum",
          required: true,
          values: ["agree", "disagree"],
          label: { en: "Opinion of what is proposed", zh: "对拟定处置的意见" },
        },
        reason: reasonField,
      },
    },
    NoteReview: {
      subject: "review-case",
      verb: "note",
      roles: reviewQueues,
      label: { en: "Add a note", zh: "添加备注" },
      fields: { text: { ...reasonField, label: { en: "Note", zh: "备注" } } },
    },
    AttachToReview: {
      subject: "review-case",
      verb: null,
      roles: reviewQueues,
      label: { en: "Attach a file", zh: "添加附件" },
      fields: {},
    },
    OpenAttachment: {
      subject: "review-case",
      verb: null,
      roles: reviewQueues,
      label: { en: "Open an attached file", zh: "查看附件" },
      records: true,
      fields: {},
    },
    WakeReview: {
      subject: "decision",
      verb: null,
      roles: ["service"],
      label: { en: "End a snooze", zh: "暂缓到期" },
      fields: {},
    },
  },
  events: [
    "ReviewAssigned",
    "ReviewReleased",
    "ReviewSnoozed",
    "ReviewWoken",
    "OpinionAsked",
    "OpinionGiven",
    "ReviewNoted",
    "AttachmentAdded",
    "AttachmentOpened",
  ],
  tables: ["review_case", "review_attachment", "timer"],
  decide,
  evolve,
};
