// An assessment becomes a decision: an outcome with principal reasons, or a person asked. A line has at
// most one live decision per decision area, and none while a reviewer's override is in force.

import type { CompliancePack } from "../compliance/pack.ts";
import { allowsBelowDrawn } from "../compliance/strict-reading.ts";
import type { ArmRef } from "../domain/arm.ts";
import type { Assessment, Outcome, Restoration } from "../domain/assessment.ts";
import type { Instant } from "../domain/calendar.ts";
import { statusAfter, usedMinor, type CreditLine } from "../domain/credit-line.ts";
import {
  hasEnded,
  recordText,
  type Cause,
  type Decision,
  type DecisionRecord,
  type PaceTurn,
} from "../domain/decision.ts";
import type { Id } from "../domain/id.ts";
import type { Severity } from "../domain/severity.ts";
import { firstRefusal, notFound, type Refusal, refuse } from "../domain/refusal.ts";
import { afterTurn, applyTurnEvent, waitForTurn } from "./pace.ts";
import { applyDecisionEvent, withdrawn } from "./decision-life.ts";
import { applyReviewEvent } from "./review-events.ts";
import { reasonField, type Command, type Context, type Step } from "./step.ts";
import type { Event, NewEvent, State } from "./state.ts";

/** Body of Decide. */
export type DecideBody = Readonly<{
  decisionId: Id;
  assessment: Assessment;
  /** the arm of an experiment that the customer is in; absent without one */
  arm?: ArmRef;
  area: string;
  cause: Cause;
  causeId: Id;
  knownAt: Instant;
  /** version of the line that was assessed */
  lineVer: number;
  /** who started it */
  maker: string;
  /** the trigger that started it; absent where none did */
  trigger?: Readonly<{ id: string; severity: Severity }>;
  /** budgets that it needs a turn in; empty when its pace is unlimited */
  turns: readonly PaceTurn[];
  /** true when its turn in the budget is taken, or the pace is unlimited */
  granted: boolean;
}>;

function decide(state: State, command: Command, context: Context): readonly NewEvent[] | Refusal {
  return command.kind === "Withdraw"
    ? withdraw(state, command)
    : makeDecision(state, command, context);
}

function makeDecision(
  state: State,
  command: Command,
  context: Context,
): readonly NewEvent[] | Refusal {
  const body = command.body as unknown as DecideBody;
  const line = state.lines.get(command.subject);
  if (line === undefined) return notFound({ en: "line", zh: "授信" }, command.subject);
  const { decisionId } = body;
  if (state.decisions.has(decisionId)) return [];
  const pack = context.pack(line.jurisdiction);
  const refusal = decideRefusal(state, line, body, context);
  if (refusal !== null) return refusal;
  const record: DecisionRecord = {
    decisionId,
    lineId: line.id,
    customerId: line.customerId,
    area: body.area,
    cause: body.cause,
    causeId: body.causeId,
    knownAt: body.knownAt,
    pack: { id: pack.id, version: pack.version },
    ...(body.arm === undefined ? {} : { arm: body.arm }),
    assessment: body.assessment,
  };
  const { maker, turns } = body;
  const decision = newDecision(
    line,
    record,
    { outcome: body.assessment.outcome, maker, turns },
    context,
  );
  return [
    {
      kind: "DecisionMade",
      lineId: line.id,
      customerId: line.customerId,
      subject: decisionId,
      body: {
        area: body.area,
        cause: body.cause,
        causeId: body.causeId,
        strategy: body.assessment.strategy,
        ...(body.arm === undefined ? {} : { arm: body.arm }),
        outcome: body.assessment.outcome,
        reasons: body.assessment.reasons.map((reason) => reason.code),
        route: body.assessment.route,
        recordHash: context.sha256(recordText(record)),
        maker: body.maker,
        ...(body.trigger === undefined ? {} : { trigger: body.trigger }),
      },
      attached: decision,
    },
    ...(body.granted ? afterTurn(decision, line, context) : waitForTurn(decision, context)),
  ];
}

/** A decision as it is before its first turn. */
export function newDecision(
  line: CreditLine,
  record: DecisionRecord,
  { outcome, maker, turns }: Pick<Decision, "outcome" | "maker" | "turns">,
  context: Context,
): Decision {
  return {
    bucket: line.bucket,
    id: record.decisionId,
    lineId: line.id,
    customerId: line.customerId,
    causeId: record.causeId,
    area: record.area,
    state: "proposed",
    record,
    outcome,
    lineVer: line.ver,
    madeAt: context.now,
    maker,
    turns,
    reviewId: null,
    noticeId: null,
    agreedAt: null,
    effectiveOn: null,
    operationId: null,
    statusBefore: null,
    overrideExpiresOn: null,
    endedBecause: null,
    ver: 1,
  };
}

function decideRefusal(
  state: State,
  line: CreditLine,
  body: DecideBody,
  context: Context,
): Refusal | null {
  const { outcome, currency } = body.assessment;
  return firstRefusal([
    currency === line.currency
      ? null
      : refuse("currency-mismatch", {
          en: `Line ${line.reference}: strategy is in ${currency}, the line in ${line.currency}`,
          zh: `授信 ${line.reference}：策略币种为 ${currency}，额度币种为 ${line.currency}`,
        }),
    busyRefusal(state, line, body.area, context),
    line.ver === body.lineVer
      ? null
      : refuse("stale-approval", {
          en: `Line ${line.reference}: assessed at version ${body.lineVer}, now at ${line.ver}`,
          zh: `授信 ${line.reference}：评估时版本 ${body.lineVer}，现为 ${line.ver}`,
        }),
    outcomeRefusal(line, outcome, context.pack(line.jurisdiction)),
    turnRefusal(line, body.turns),
  ]);
}

/** What is larger than a whole window would wait for ever. */
function turnRefusal(line: CreditLine, turns: readonly PaceTurn[]): Refusal | null {
  const turn = turns.find(({ amount, cap }) => amount > cap);
  return turn === undefined
    ? null
    : refuse("budget-exhausted", {
        en: `Line ${line.reference}: found ${turn.amount}, expected at most ${turn.cap}, the whole ${turn.window} of budget ${turn.ledger}`,
        zh: `授信 ${line.reference}：需要 ${turn.amount}，而预算 ${turn.ledger} 每${turn.window === "day" ? "日" : "周"}总量仅为 ${turn.cap}`,
      });
}

/**
 * One live decision per line and area; an override that is in force keeps the strategy away.
 * @param except the decision that is taken back: neither it nor its own override stands in the way of that
 */
export function busyRefusal(
  state: State,
  line: CreditLine,
  area: string,
  context: Context,
  except: Id | null = null,
): Refusal | null {
  for (const decision of state.decisions.values()) {
    if (decision.lineId !== line.id || decision.area !== area || decision.id === except) continue;
    // An answer changes nothing and stands in nobody's way.
    if (decision.outcome.action === "uphold") continue;
    const expiry = decision.overrideExpiresOn;
    if (hasEnded(decision.state) && (expiry === null || expiry < context.today)) continue;
    return refuse("already-exists", {
      en: `Line ${line.reference}: decision ${decision.id} is ${expiry === null ? decision.state : `overridden until ${expiry}`}`,
      zh: `授信 ${line.reference}：已有决定 ${decision.id}（${expiry === null ? decision.state : `改判有效期至 ${expiry}`}）`,
    });
  }
  return null;
}

/** What the line and the law say about an outcome, whoever asks for it. */
export function outcomeRefusal(
  line: CreditLine,
  outcome: Outcome | Restoration,
  pack: CompliancePack,
): Refusal | null {
  if (outcome.action === "none") {
    return refuse("invalid", {
      en: `Line ${line.reference}: found outcome none, expected a change`,
      zh: `授信 ${line.reference}：结果为不变，应为一项调整`,
    });
  }
  if (outcome.action === "keep" || outcome.action === "uphold") return null;
  if (statusAfter(line.status, outcome.action) === null) {
    return refuse("wrong-state", {
      en: `Cannot ${outcome.action} line ${line.reference}: it is ${line.status}`,
      zh: `授信 ${line.reference} 无法执行 ${outcome.action}：当前状态为 ${line.status}`,
    });
  }
  if (outcome.action !== "decrease") return null;
  if (outcome.toMinor >= line.limitMinor || outcome.toMinor < 0) {
    return refuse("not-a-decrease", {
      en: `Cannot lower line ${line.reference}: limit ${line.limitMinor} would become ${outcome.toMinor} (minor units)`,
      zh: `授信 ${line.reference} 无法降额：现额度 ${line.limitMinor}，拟调为 ${outcome.toMinor}（最小货币单位）`,
    });
  }
  return allowsBelowDrawn(pack) || outcome.toMinor >= usedMinor(line)
    ? null
    : refuse("below-drawn", {
        en: `Cannot lower line ${line.reference} to ${outcome.toMinor}: ${usedMinor(line)} is drawn or pending (minor units)`,
        zh: `授信 ${line.reference} 无法降至 ${outcome.toMinor}：已用及在途 ${usedMinor(line)}（最小货币单位）`,
      });
}

function withdraw(state: State, command: Command): readonly NewEvent[] | Refusal {
  const decision = state.decisions.get(command.subject);
  if (decision === undefined) return notFound({ en: "decision", zh: "决定" }, command.subject);
  if (hasEnded(decision.state) || decision.operationId !== null) {
    return refuse("already-resolved", {
      en: `Cannot withdraw decision ${decision.id}: it is ${decision.operationId === null ? decision.state : "being executed"}`,
      zh: `无法撤回决定 ${decision.id}：当前为 ${decision.operationId === null ? decision.state : "执行中"}`,
    });
  }
  return [withdrawn(decision, String(command.body["reason"]))];
}

function evolve(state: State, event: Event, context: Context): void {
  applyDecisionEvent(state, event, context);
  applyTurnEvent(state, event, context);
  applyReviewEvent(state, event, context);
}

export const decideStep: Step = {
  name: "decide",
  area: "decide",
  label: { en: "Decide", zh: "决策" },
  commands: {
    Decide: {
      subject: "line",
      verb: null,
      roles: ["service"],
      label: { en: "Decide", zh: "作出决定" },
      fields: {},
    },
    Withdraw: {
      subject: "decision",
      verb: "withdraw",
      roles: ["approver", "compliance", "legal", "service"],
      label: { en: "Withdraw a decision", zh: "撤回决定" },
      fields: {
        reason: reasonField,
      },
    },
  },
  events: ["DecisionMade", "DecisionWithdrawn", "DecisionRefused"],
  tables: ["decision"],
  wants: (command) =>
    command.kind === "Decide" ? { decisions: [String(command.body["decisionId"])] } : {},
  decide,
  evolve,
};
