// Values that filters offer. The generated types hold them: a value that the server does not know does not compile.
import type { components } from "../api/schema.ts";
import type { Word } from "./text.ts";

type Schemas = components["schemas"];

export const lineStatuses = [
  "active",
  "frozen",
  "closing",
  "closed",
  "exited",
] as const satisfies readonly Schemas["Line"]["status"][];

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
] as const satisfies readonly Schemas["Decision"]["state"][];

export const actions = [
  "decrease",
  "freeze",
  "close",
  "restore",
  "reinstate",
  "reopen",
  "keep",
  "uphold",
  "none",
] as const satisfies readonly Schemas["Outcome"]["action"][];

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
] as const satisfies readonly NonNullable<Schemas["Decision"]["cause"]>[];

export const reviewStates = [
  "open",
  "resolved",
] as const satisfies readonly Schemas["ReviewCase"]["state"][];

export const priorities = [
  "urgent",
  "high",
  "normal",
] as const satisfies readonly Schemas["ReviewCase"]["priority"][];

export const wordChannels = ["phone", "branch", "letter"] as const;

export const appealGrounds = [
  "wrong-data",
  "can-repay",
  "wants-person",
  "disagrees",
] as const satisfies readonly Schemas["Appeal"]["ground"][];

export const desks = ["mine", "queues", "asked"] as const;

export const queues = [
  "reviewer",
  "approver",
  "compliance",
  "legal",
] as const satisfies readonly Schemas["ReviewCase"]["queue"][];

export const noticeStates = [
  "issued",
  "sent",
  "delivered",
  "bounced",
  "escalated",
] as const satisfies readonly Schemas["Notice"]["state"][];

export const alertStates = [
  "open",
  "taken",
  "closed",
] as const satisfies readonly Schemas["Alert"]["state"][];

export const alertKinds = [
  "behaviour",
  "trigger",
  "linked-beyond",
] as const satisfies readonly Schemas["Alert"]["kind"][];

export const alertFindings = ["confirmed", "false-alarm"] as const satisfies readonly NonNullable<
  Schemas["Alert"]["finding"]
>[];

export const severities = [
  "high",
  "medium",
  "low",
] as const satisfies readonly Schemas["Alert"]["severity"][];

export const strategyStates = [
  "draft",
  "submitted",
  "approved",
  "active",
  "retired",
] as const satisfies readonly Schemas["StrategySummary"]["state"][];

export const experimentStates = [
  "draft",
  "approved",
  "running",
  "ended",
] as const satisfies readonly Schemas["Experiment"]["state"][];

export const sweepStandings = ["running", "paused", "done", "cancelled"] as const;

export const offerStates = [
  "open",
  "countered",
  "accepted",
  "declined",
  "expired",
  "withdrawn",
] as const satisfies readonly Schemas["Offer"]["state"][];

export const offerEnds = [
  "proceed",
  "withdraw",
  "review",
] as const satisfies readonly Schemas["Offer"]["ifDeclined"][];

export const deadLetterStates = [
  "open",
  "sent",
  "discarded",
] as const satisfies readonly Schemas["DeadLetterRow"]["state"][];

export const askOutcomes = [
  "answered",
  "cached",
  "stale",
  "none",
] as const satisfies readonly Schemas["ConnectorAsk"]["outcome"][];

export const delinquencies = ["M0", "M1", "M2", "M3", "M4", "M5", "M6", "M6+"] as const;

/** Choices of a filter in the reader's words. */
export function options(
  word: Word,
  group: string,
  values: readonly string[],
): readonly Readonly<{ value: string; label: string }>[] {
  return values.map((value) => ({ value, label: word(group, value) }));
}
