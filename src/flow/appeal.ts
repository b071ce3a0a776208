// The customer says that a decision is wrong. It becomes a review case with its own clock before somebody who had no part in
// the decision: overturned, it is taken back like any other; upheld, it stands, and a decision that changes nothing says so.
// Either way one notice tells the customer the answer. What was only announced waits for that answer where the customer has a
// right to a person; what has taken effect stays until then.

import { forbiddenPhraseAmong } from "../compliance/forbidden-phrase.ts";
import { isRestoring } from "../domain/assessment.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import type { Decision } from "../domain/decision.ts";
import { firstRefusal, isRefusal, notFound, refuse, type Refusal } from "../domain/refusal.ts";
import {
  answerIdOf,
  appealGrounds,
  reviewQueues,
  type Appeal,
  type ReviewCase,
} from "../domain/review-case.ts";
import { customerWord, customerWordFields, customerWordRoles } from "./customer-word.ts";
import { busyRefusal } from "./decide.ts";
import { about, applyDecisionEvent } from "./decision-life.ts";
import { madeAbout, takeBackRefusal, type RestoreBody } from "./restore.ts";
import { appealIdOf, applyReviewEvent, openAppeal, resolveReview } from "./review-events.ts";
import { makerRefusal, verdictRefusals } from "./review-refusals.ts";
import { setTimer, versionRefusal } from "./rows.ts";
import { reasonField, type Command, type Context, type Step } from "./step.ts";
import type { Event, NewEvent, State } from "./state.ts";

function decide(state: State, command: Command, context: Context): readonly NewEvent[] | Refusal {
  return command.kind === "LodgeAppeal"
    ? lodge(state, command, context)
    : answer(state, command, context);
}

function lodge(state: State, command: Command, context: Context): readonly NewEvent[] | Refusal {
  const decision = state.decisions.get(command.subject);
  if (decision === undefined) return notFound({ en: "decision", zh: "决定" }, command.subject);
  const line = state.lines.get(decision.lineId)!;
  const word = customerWord(command, { en: "Appeal", zh: "申诉" });
  const refusal = firstRefusal([
    isRefusal(word) ? word : null,
    twiceRefusal(state.reviews.get(appealIdOf(decision.id, context))),
    versionRefusal(decision, command.expectedVer),
    standsRefusal(state, decision, line, context),
  ]);
  if (isRefusal(word) || refusal !== null) return refusal!;
  const { id: by } = command.actor;
  const ground = command.body["ground"] as Appeal["ground"];
  const appeal: Appeal = { ground, by, ...word, decidedBy: decidersIn(state, decision) };
  const parts = [...partsIn(state, decision), ...(word.channel === "app" ? [] : [by])];
  return [openAppeal(decision, line, { appeal, parts: [...new Set(parts)] }, context)];
}

/** A decision is appealed against once; what a person answered stands. */
function twiceRefusal(before: ReviewCase | undefined): Refusal | null {
  if (before === undefined) return null;
  return before.state === "open"
    ? refuse("already-exists", {
        en: `Appeal: found ${before.id} against this decision, which waits for its answer`,
        zh: `申诉：该决定已有申诉 ${before.id}，尚待答复`,
      })
    : refuse("already-resolved", {
        en: `Appeal: found ${before.id} against this decision, ${before.resolution} on ${before.resolvedAt}`,
        zh: `申诉：该决定的申诉 ${before.id} 已于 ${before.resolvedAt} 办结（${before.resolution}）`,
      });
}

/** Only what the customer was told of, and what an answer could still take back, is appealed against. */
function standsRefusal(
  state: State,
  decision: Decision,
  line: CreditLine,
  context: Context,
): Refusal | null {
  const { id, state: stands, outcome } = decision;
  if (isRestoring(outcome.action) || (stands !== "noticed" && stands !== "executed")) {
    return refuse("wrong-state", {
      en: `Cannot appeal against decision ${id}: found ${stands} with outcome ${outcome.action}, expected an announced or executed decrease, freeze or closure`,
      zh: `无法对决定 ${id} 申诉：当前为 ${stands}，结果为 ${outcome.action}，应为已通知或已执行的降额、冻结或关闭`,
    });
  }
  return stands === "executed" ? takeBackRefusal(state, decision, line, context) : null;
}

/** Whoever approved, changed or passed on the decision while it was reviewed. */
function partsIn({ reviews }: State, { id }: Decision): readonly string[] {
  const before = [...reviews.values()].filter(({ decisionId }) => decisionId === id);
  return before.flatMap(({ touchedBy, approvals }) => [
    ...touchedBy,
    ...approvals.map(({ by }) => by),
  ]);
}

/** Whoever approved the decision as it stands, or changed it. */
function decidersIn({ reviews }: State, { id }: Decision): readonly string[] {
  const before = [...reviews.values()].filter(({ decisionId }) => decisionId === id);
  const deciders = before.flatMap(({ approvals, override }) => [
    ...approvals.map(({ by }) => by),
    ...(override === null ? [] : [override.maker]),
  ]);
  return [...new Set(deciders)];
}

function answer(state: State, command: Command, context: Context): readonly NewEvent[] | Refusal {
  const review = state.reviews.get(command.subject);
  if (review === undefined) return notFound({ en: "review case", zh: "复核件" }, command.subject);
  const decision = state.decisions.get(review.decisionId)!;
  const line = state.lines.get(decision.lineId)!;
  const overturns = command.kind === "Overturn";
  const refusal = firstRefusal([
    ...verdictRefusals(review, command),
    makerRefusal(review, decision, command),
    wordsRefusal(line, command, context),
    overturns ? overturnRefusal(state, decision, line, context) : null,
  ]);
  if (refusal !== null) return refusal;
  const resolved = about(decision, "ReviewResolved", {
    reviewId: review.id,
    resolution: overturns ? "overturned" : "upheld",
    note: command.body["answer"],
  });
  return overturns ? [resolved] : [resolved, ...upheld(decision, line, review, command, context)];
}

/** The decision by which the customer is told that the one appealed against stands. */
function upheld(
  decision: Decision,
  line: CreditLine,
  review: ReviewCase,
  { actor }: Command,
  context: Context,
): readonly NewEvent[] {
  const body: RestoreBody = {
    decisionId: answerIdOf(review, "upheld", context.derive),
    causeId: review.id,
    maker: review.appeal!.by,
    approvedBy: actor.id,
  };
  const outcome = { action: "uphold", fromMinor: line.limitMinor } as const;
  return madeAbout(decision, line, { outcome, body, link: { upholds: decision.id } }, context);
}

/** The customer reads the answer as it is written, so it may hold nothing that no notice may hold. */
function wordsRefusal(line: CreditLine, { body }: Command, context: Context): Refusal | null {
  const { forbiddenTexts } = context.pack(line.jurisdiction).duties.reasons;
  const lines = String(body["answer"]).split("\n");
  const phrase = forbiddenPhraseAmong(lines, forbiddenTexts?.value ?? []);
  if (phrase === null) return null;
  const detail = {
    en: `Cannot answer the appeal: found "${phrase}", expected words that tell the customer a reason`,
    zh: `无法答复申诉：含禁用表述“${phrase}”，答复须向客户说明具体理由`,
  };
  return refuse("invalid", detail, "/answer");
}

function overturnRefusal(
  state: State,
  decision: Decision,
  line: CreditLine,
  context: Context,
): Refusal | null {
  if (decision.state === "executed") return takeBackRefusal(state, decision, line, context);
  return decision.operationId === null
    ? busyRefusal(state, line, decision.area, context, decision.id)
    : refuse("wrong-state", {
        en: `Cannot overturn decision ${decision.id}: it is being executed, wait for the core system's answer`,
        zh: `无法推翻决定 ${decision.id}：正在执行，请待核心系统答复`,
      });
}

function evolve(state: State, event: Event, context: Context): void {
  applyDecisionEvent(state, event, context);
  applyReviewEvent(state, event, context);
  if (event.kind !== "ReviewResolved") return;
  resolveReview(state, event);
  const decision = state.decisions.get(event.subject)!;
  // What the appeal held back is tried again at once.
  if (event.body["resolution"] === "upheld" && decision.state === "noticed") {
    setTimer(state, event, context, { kind: "execute", due: event.at });
  }
}

/** An overturned decision is withdrawn where it has not taken effect, and taken back by a decision of its own. */
function follow(state: State, event: Event, context: Context): readonly Omit<Command, "actor">[] {
  if (event.kind !== "ReviewResolved" || event.body["resolution"] !== "overturned") return [];
  const decision = state.decisions.get(event.subject)!;
  const review = state.reviews.get(String(event.body["reviewId"]))!;
  const { id: subject } = decision;
  const common = { subject, cause: event.cause };
  const restoring = {
    ...common,
    id: context.derive("command", review.id, "Restore"),
    kind: "Restore",
    body: {
      decisionId: answerIdOf(review, "overturned", context.derive),
      causeId: review.id,
      maker: review.appeal!.by,
      approvedBy: event.actor,
    } satisfies RestoreBody,
  };
  if (decision.state === "executed") return [restoring];
  const id = context.derive("command", review.id, "Withdraw");
  const body = { reason: `appeal ${review.id}` };
  return [{ ...common, id, kind: "Withdraw", body }, restoring];
}

const answerFields = {
  answer: { ...reasonField, label: { en: "Answer to the customer", zh: "给客户的答复" } },
} as const;

export const appeal: Step = {
  name: "appeal",
  area: "review",
  label: { en: "Appeal", zh: "申诉" },
  commands: {
    LodgeAppeal: {
      subject: "decision",
      verb: "appeal",
      roles: customerWordRoles,
      label: { en: "Appeal against a decision", zh: "对决定提出申诉" },
      records: true,
      fields: {
        ground: {
          type: "enum",
          required: true,
          values: appealGrounds,
          label: { en: "Why the customer appeals", zh: "申诉事由" },
        },
        ...customerWordFields,
      },
    },
    Uphold: {
      subject: "review-case",
      verb: "uphold",
      roles: reviewQueues,
      label: { en: "Uphold the decision appealed against", zh: "维持被申诉的决定" },
      fields: answerFields,
    },
    Overturn: {
      subject: "review-case",
      verb: "overturn",
      roles: reviewQueues,
      label: { en: "Overturn the decision appealed against", zh: "推翻被申诉的决定" },
      fields: answerFields,
    },
  },
  events: ["AppealLodged", "ReviewResolved", "DecisionMade", "DecisionApproved"],
  tables: ["review_case", "decision", "timer"],
  decide,
  evolve,
  follow,
};
