// What a notice is written from: the decision's own reasons and way back, and what its pack asks the notice to say. A
// preview is made from the same values as the notice itself, so that what compliance approves is what customers read.

import { classifyAdverseAction, type Classification } from "../compliance/adverse-action.ts";
import { firstEffect } from "../compliance/notice-gate.ts";
import type { GatedAction } from "../compliance/pack.ts";
import { isRestoring, type Outcome, type RestoringAction } from "../domain/assessment.ts";
import { addDays, type BusinessDate } from "../domain/calendar.ts";
import { canonicalJson } from "../domain/canonical-json.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import { principalReasons, type Cause, type Decision } from "../domain/decision.ts";
import type { ReasonCode } from "../domain/reason-code.ts";
import type { CompiledStrategy } from "../policy/compile.ts";
import { type Way, wayBack } from "../policy/way-back.ts";
import { packOf } from "./decision-life.ts";
import { changeToday } from "./line-change.ts";
import type { AnsweredAppeal, BureauScore, NoticeParameters } from "./notice-ports.ts";
import type { State } from "./state.ts";
import type { Context } from "./step.ts";

/** What writing a notice may know. */
export type ContentContext = Pick<Context, "today" | "pack" | "holidays" | "strategy">;

/** What a notice is about: a decision that changes its line. */
export type NoticeSubject = Readonly<{
  decision: Decision;
  line: CreditLine;
  action: GatedAction | RestoringAction;
}>;

/** What the law asks of the notice, and the rule that says so: of what gives a line back nothing, it is told anyway. */
export function owedFor(
  { decision, line, action }: NoticeSubject,
  context: ContentContext,
): Pick<Classification, "notice" | "content"> & Readonly<{ rule: { pointer: string } | null }> {
  if (isRestoring(action)) return { notice: "information", content: [], rule: null };
  const asked = changeToday(decision, line, action, context);
  return classifyAdverseAction(packOf(decision, line, context), asked);
}

/** Everything that a notice issued today says. `reasons`: see {@link reasonsToQuote}. */
export function noticeParameters(
  subject: NoticeSubject,
  reasons: readonly ReasonCode[],
  context: ContentContext,
): NoticeParameters {
  const { decision, line, action } = subject;
  const pack = packOf(decision, line, context);
  const { assessment } = decision.record;
  const compiled = context.strategy(assessment.strategy.hash);
  const { notice, restoration } = compiled.document;
  const issuedOn = context.today;
  const effectiveOn = isRestoring(action)
    ? issuedOn
    : firstEffect({
        pack,
        ...changeToday(decision, line, action, context),
        issuedOn,
        holidays: context.holidays(pack.calendar),
      }).date;
  return {
    template: notice.template,
    line,
    outcome: decision.outcome,
    reasons,
    currency: line.currency,
    issuedOn,
    effectiveOn,
    wayBack: {
      zh: restoration.criteria.map((criterion) => criterion.label.zh).join("；"),
      en: restoration.criteria.map((criterion) => criterion.label.en).join("; "),
    },
    ways: waysToTell(compiled, decision, issuedOn),
    asOf: assessment.asOf,
    reviewOn: addDays(effectiveOn, restoration.reEvaluateAfterDays),
    owed: owedFor(subject, context).content,
    pack,
    score: bureauScore(compiled, decision),
    offer: null,
    appeal: null,
  };
}

/** What the notice of a decision says of the appeal that it answers; null where it answers none. */
export function answeredAppeal(
  state: State,
  { record }: Decision,
  { today, dateOf }: Pick<Context, "today" | "dateOf">,
): AnsweredAppeal | null {
  const review = state.reviews.get(record.causeId);
  if (review === undefined || review.appeal === null) return null;
  const decided = record.upholds === undefined ? undefined : state.decisions.get(record.upholds);
  return {
    lodgedOn: dateOf(review.openedAt),
    answer: review.note ?? "",
    upheld: decided === undefined ? null : standing(decided, today),
  };
}

function standing(
  { outcome, state, operationId, effectiveOn }: Decision,
  today: BusinessDate,
): NonNullable<AnsweredAppeal["upheld"]> {
  if (isRestoring(outcome.action)) throw new Error(`Nobody appeals against ${outcome.action}`);
  const inEffect = state === "executed" || operationId !== null;
  const on = effectiveOn === null || effectiveOn < today ? today : effectiveOn;
  return { outcome: outcome as Outcome, inEffect, on };
}

/**
 * The decision's own principal reasons, each once, in order, as many as the pack allows. The answer to an appeal that was
 * not allowed names those of the decision that stands.
 */
export function reasonsToQuote(
  { decision, line }: Pick<NoticeSubject, "decision" | "line">,
  context: ContentContext,
): readonly ReasonCode[] {
  const { maximum, forbidden } = packOf(decision, line, context).reasons;
  const { record } = decision;
  const upholds = record.upholds !== undefined;
  const codes = (upholds ? record.assessment.reasons : principalReasons(record)).map(
    ({ code }) => code,
  );
  return [...new Set(codes)]
    .filter((code) => !forbidden.value.includes(code))
    .slice(0, maximum.value);
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

/** A score is the bureau's own number in points; its factors are the reasons that rest on what the bureau said. */
function bureauScore({ document }: CompiledStrategy, { record }: Decision): BureauScore | null {
  const { facts, asOf, reasons } = record.assessment;
  const ofBureau = document.facts.filter(({ source }) => source === "bureau");
  const score = ofBureau.find(({ type, unit }) => type === "number" && unit === "points");
  const points = score === undefined ? null : facts[score.name];
  if (score === undefined || typeof points !== "number") return null;
  const names = new Set(ofBureau.map(({ name }) => name));
  const factors = reasons.filter((reason) => reason.facts.some((fact) => names.has(fact)));
  const unitOf = 10 ** (score.scale ?? 0);
  return {
    points: points / unitOf,
    lowest: Number(score.minimum),
    highest: Number(score.maximum),
    on: asOf,
    factors: [...new Set(factors.map(({ code }) => code))],
  };
}
