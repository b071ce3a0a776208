// A line is given back by a new decision, never by striking out the old one: it names the decision that it takes back,
// keeps that one's assessment, tells the customer and goes to the core system like any other. It gives back what that
// decision took and no more, and only where nothing else has changed the line since. Where a change was only announced,
// the new decision says that it is not made.

import type { Restoration } from "../domain/assessment.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import { recordText, type Decision, type DecisionRecord } from "../domain/decision.ts";
import type { Id } from "../domain/id.ts";
import { firstRefusal, notFound, refuse, type Refusal } from "../domain/refusal.ts";
import { busyRefusal, newDecision, outcomeRefusal } from "./decide.ts";
import { about, applyDecisionEvent, packOf } from "./decision-life.ts";
import { applyReviewEvent, resolveReview } from "./review-events.ts";
import type { Event, NewEvent, State } from "./state.ts";
import type { Command, Context, Step } from "./step.ts";

/** Body of Restore; its subject is the decision that is taken back. */
export type RestoreBody = Readonly<{
  decisionId: Id;
  /** what asks for it: the undoing of a wave, an appeal */
  causeId: Id;
  /** who asked for it, and who approved it: two people */
  maker: string;
  approvedBy: string;
}>;

function decide(state: State, command: Command, context: Context): readonly NewEvent[] | Refusal {
  const body = command.body as unknown as RestoreBody;
  if (state.decisions.has(body.decisionId)) return [];
  const undone = state.decisions.get(command.subject);
  if (undone === undefined) return notFound({ en: "decision", zh: "决定" }, command.subject);
  const line = state.lines.get(undone.lineId)!;
  const outcome = restorationOf(undone, line);
  const refusal = takeBackRefusal(state, undone, line, context);
  if (refusal !== null || outcome === null) return refusal!;
  return restored(state, undone, line, { outcome, body }, context);
}

/**
 * What stands against giving back what a decision took, or against saying that what was only announced is not made; null
 * where nothing does.
 */
export function takeBackRefusal(
  state: State,
  undone: Decision,
  line: CreditLine,
  context: Context,
): Refusal | null {
  const outcome = restorationOf(undone, line);
  if (outcome === null) {
    return refuse("wrong-state", {
      en: `Cannot take back decision ${undone.id}: found ${undone.state} with outcome ${undone.outcome.action}, expected an executed decrease, freeze or closure, or one withdrawn after its notice`,
      zh: `无法收回决定 ${undone.id}：当前为 ${undone.state}，结果为 ${undone.outcome.action}，应为已执行的降额、冻结或关闭，或通知后撤回的决定`,
    });
  }
  return firstRefusal([
    busyRefusal(state, line, undone.area, context, undone.id),
    outcome.action === "keep" ? null : changedSince(undone, line),
    outcomeRefusal(line, outcome, packOf(undone, line, context)),
  ]);
}

/** What gives back exactly what a decision took, or only announced; null where it did neither. */
function restorationOf(
  { state, outcome, noticeId }: Decision,
  line: CreditLine,
): Restoration | null {
  if (state === "withdrawn" && noticeId !== null) {
    return { action: "keep", fromMinor: line.limitMinor };
  }
  if (state !== "executed") return null;
  switch (outcome.action) {
    case "decrease":
      return { action: "restore", fromMinor: line.limitMinor, toMinor: outcome.fromMinor };
    case "freeze":
      return { action: "reinstate", fromMinor: line.limitMinor };
    case "close":
      return { action: "reopen", fromMinor: line.limitMinor };
    default:
      return null;
  }
}

/**
 * Execution is one version on, and settling a closed line another. A line that was no longer active before would get
 * back more than was taken.
 */
function changedSince(undone: Decision, line: CreditLine): Refusal | null {
  const expected = undone.lineVer + (line.status === "closed" ? 2 : 1);
  if (line.ver !== expected) {
    return refuse("stale-approval", {
      en: `Line ${line.reference}: left at version ${expected} by decision ${undone.id}, now at ${line.ver}: something else changed it since`,
      zh: `授信 ${line.reference}：决定 ${undone.id} 执行后为版本 ${expected}，现为 ${line.ver}，其后另有变更`,
    });
  }
  const { outcome, statusBefore } = undone;
  if (outcome.action !== "close" || statusBefore === "active") return null;
  return refuse("wrong-state", {
    en: `Cannot reopen line ${line.reference}: it was ${statusBefore} before it was closed and would become active`,
    zh: `授信 ${line.reference} 无法重新开立：关闭前为 ${statusBefore}，重开后将变为正常`,
  });
}

function restored(
  state: State,
  undone: Decision,
  line: CreditLine,
  { outcome, body }: Readonly<{ outcome: Restoration; body: RestoreBody }>,
  context: Context,
): readonly NewEvent[] {
  return [
    ...appealSettled(state, undone),
    ...madeAbout(undone, line, { outcome, body, link: { undoes: undone.id } }, context),
  ];
}

/** A new decision about an earlier one, whose assessment it keeps: made by one person and agreed to by another. */
export function madeAbout(
  earlier: Decision,
  line: CreditLine,
  made: Readonly<{
    outcome: Restoration;
    body: RestoreBody;
    link: Readonly<{ undoes: Id }> | Readonly<{ upholds: Id }>;
  }>,
  context: Context,
): readonly NewEvent[] {
  const { outcome, link } = made;
  const { decisionId, causeId, maker, approvedBy } = made.body;
  const pack = context.pack(line.jurisdiction);
  // No arm of an experiment chose this.
  const { arm: _arm, ...kept } = earlier.record;
  const record: DecisionRecord = {
    ...kept,
    ...{ decisionId, causeId, ...link },
    pack: { id: pack.id, version: pack.version },
  };
  const decision = newDecision(line, record, { outcome, maker, turns: [] }, context);
  const { area, cause, assessment } = record;
  return [
    {
      ...about(decision, "DecisionMade", {
        ...{ area, cause, causeId, outcome, maker, ...link },
        strategy: assessment.strategy,
        reasons: [],
        recordHash: context.sha256(recordText(record)),
      }),
      attached: decision,
    },
    about(decision, "DecisionApproved", { by: approvedBy }),
  ];
}

/** Nobody needs to answer an appeal against what is taken back for another reason. */
function appealSettled(state: State, undone: Decision): readonly NewEvent[] {
  const review = undone.reviewId === null ? undefined : state.reviews.get(undone.reviewId);
  if (review?.state !== "open") return [];
  return [about(undone, "ReviewResolved", { reviewId: review.id, resolution: "withdrawn" })];
}

function evolve(state: State, event: Event, context: Context): void {
  if (event.kind === "ReviewResolved") return resolveReview(state, event);
  applyDecisionEvent(state, event, context);
  applyReviewEvent(state, event, context);
}

export const restore: Step = {
  name: "restore",
  area: "decide",
  label: { en: "Restore", zh: "恢复" },
  commands: {
    Restore: {
      subject: "decision",
      verb: null,
      roles: ["service"],
      label: { en: "Give back what a decision took", zh: "恢复某一决定所收回的额度" },
      fields: {},
    },
  },
  events: ["DecisionMade", "DecisionApproved", "ReviewResolved"],
  tables: ["decision", "review_case", "timer"],
  wants: (command) => ({ decisions: [String(command.body["decisionId"])] }),
  decide,
  evolve,
};
