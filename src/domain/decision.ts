// A decision is one aggregate with one life. Its record (what was decided, on which facts, by which
// strategy) never changes after it is made and can be reproduced byte for byte; only its state moves.

import type { ArmRef } from "./arm.ts";
import type { Assessment, Outcome, PrincipalReason, Restoration } from "./assessment.ts";
import type { BusinessDate, Instant } from "./calendar.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { LineStatus } from "./credit-line.ts";
import type { Bucket, Id } from "./id.ts";

export const decisionStates = [
  "proposed",
  "paced",
  "in-review",
  "approved",
  "offered",
  "noticed",
  "executed",
  "withdrawn",
  "refused",
] as const;

/**
 * proposed: made, its turn in the budget not yet settled · paced: waits for a later window · in-review: a
 * person must agree · approved: agreed, notice not yet issued · offered: the customer is asked to agree ·
 * noticed: the clock runs · executed: the core system confirmed · withdrawn: a person or a later fact took it back · refused: a rule or the core
 * system said no.
 */
export type DecisionState = (typeof decisionStates)[number];

const successors: Readonly<Record<DecisionState, readonly DecisionState[]>> = {
  proposed: ["paced", "in-review", "approved", "withdrawn", "refused"],
  paced: ["in-review", "approved", "withdrawn", "refused"],
  "in-review": ["approved", "withdrawn", "refused"],
  approved: ["offered", "noticed", "withdrawn", "refused"],
  offered: ["in-review", "approved", "withdrawn", "refused"],
  noticed: ["executed", "withdrawn", "refused"],
  executed: [],
  withdrawn: [],
  refused: [],
};

/** True where a decision may move from one state to the other. */
export function mayFollow(from: DecisionState, to: DecisionState): boolean {
  return successors[from].includes(to);
}

/** Why the line was looked at at all; notice law keys on it. */
export const causes = [
  "own-delinquency",
  "other-account",
  "bureau",
  "behaviour",
  "related-party",
  "income",
  "macro",
  "region",
  "industry",
  "fraud",
  "inactivity",
  "request",
  "appetite",
] as const;

export type Cause = (typeof causes)[number];

/** The immutable part: canonical JSON of this is stored, hashed and replayed. */
export type DecisionRecord = Readonly<{
  decisionId: Id;
  lineId: Id;
  customerId: Id;
  area: string;
  cause: Cause;
  /** the sweep or signal that led here */
  causeId: Id;
  knownAt: Instant;
  /** the version of the compliance pack that it was made under; a later release changes nothing for it */
  pack: Readonly<{ id: string; version: number }>;
  /** of a restoration: the decision that it takes back, whose assessment it keeps */
  undoes?: Id;
  /** of the answer to an appeal: the decision that stands after it, whose assessment it keeps */
  upholds?: Id;
  /** the arm that chose the strategy; absent where no experiment ran */
  arm?: ArmRef;
  assessment: Assessment;
}>;

/** Why a line changes to the customer's disadvantage; what gives a line back, or changes nothing, has no such reasons. */
export function principalReasons({
  undoes,
  upholds,
  assessment,
}: DecisionRecord): readonly PrincipalReason[] {
  return undoes === undefined && upholds === undefined ? assessment.reasons : [];
}

const recordTexts = new WeakMap<DecisionRecord, string>();

/**
 * The bytes of a record, RFC 8785 canonical JSON: what is hashed is what is stored. Written once for each record, which
 * never changes.
 */
export function recordText(record: DecisionRecord): string {
  const known = recordTexts.get(record);
  if (known !== undefined) return known;
  const text = canonicalJson(record);
  recordTexts.set(record, text);
  return text;
}

/**
 * What a decision takes from one budget: `amount` of a window's `cap`, both in minor units of exposure
 * removed or both in decisions. A week begins on Monday.
 */
export type PaceTurn = Readonly<{
  ledger: string;
  window: "day" | "week";
  cap: number;
  amount: number;
}>;

/** One decision with its record and its present state. Amounts in minor units. */
export type Decision = Readonly<{
  bucket: Bucket;
  id: Id;
  lineId: Id;
  customerId: Id;
  causeId: Id;
  area: string;
  state: DecisionState;
  record: DecisionRecord;
  /** the outcome in force: the record's, that of an approved override, or what a restoration gives back */
  outcome: Outcome | Restoration;
  /** version of the line when it was decided: another one makes an approval stale */
  lineVer: number;
  madeAt: Instant;
  /** who started it: maker is not checker */
  maker: string;
  /** the budgets that it takes its turn from; empty when its pace is unlimited */
  turns: readonly PaceTurn[];
  reviewId: Id | null;
  noticeId: Id | null;
  /** when the customer agreed to the outcome in force; null where it is the lender's own act */
  agreedAt: Instant | null;
  /** first business date on which the change may take effect; null until a notice was issued */
  effectiveOn: BusinessDate | null;
  operationId: Id | null;
  /** of the line when the change took effect in our book; null until then */
  statusBefore: LineStatus | null;
  /** an approved override falls back to the strategy's outcome after this date */
  overrideExpiresOn: BusinessDate | null;
  /** why it ended, when it was withdrawn or refused */
  endedBecause: string | null;
  ver: number;
}>;

/** True while a notice stands: it is the one that holds for its decision now, and the decision was not taken back. */
export function noticeStands(
  { state, noticeId }: Pick<Decision, "state" | "noticeId">,
  id: Id,
): boolean {
  const told = state === "offered" || state === "noticed" || state === "executed";
  return told && noticeId === id;
}

/** True once a decision has ended and left the line as it was. */
export function endedWithoutEffect(state: DecisionState): boolean {
  return hasEnded(state) && state !== "executed";
}

/** True once nothing more can happen to a decision. */
export function hasEnded(state: DecisionState): boolean {
  return successors[state].length === 0;
}
