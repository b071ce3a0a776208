// The public API of the package `tidemark`: the pure parts that a program may run itself. The running product is
// the command line and the HTTP API; everything not listed here may change.

export type { Actor, Role, Scope } from "./domain/actor.ts";
export type {
  Action,
  Assessment,
  Outcome,
  PrincipalReason,
  Route,
  StrategyRef,
} from "./domain/assessment.ts";
export {
  parseBusinessDate,
  parseInstant,
  type BusinessDate,
  type HolidayTable,
  type Instant,
} from "./domain/calendar.ts";
export { canonicalJson } from "./domain/canonical-json.ts";
export type { CreditLine, LineStatus } from "./domain/credit-line.ts";
export type { Decision, DecisionRecord, DecisionState } from "./domain/decision.ts";
export type { FactDeclaration, FactValue, FactValues } from "./domain/facts.ts";
export { bucketOfCustomer, bucketOfId, type Bucket, type Id } from "./domain/id.ts";
export { minorUnits, money, moneyText, type Currency, type Money } from "./domain/money.ts";
export { reasonCodes, type ReasonCode } from "./domain/reason-code.ts";
export { isRefusal, refusals, type Refusal, type RefusalCode } from "./domain/refusal.ts";
export type { Language, Text } from "./domain/text.ts";
export { leafHash, leafText, type Leaf } from "./audit/leaf.ts";
export type { CompliancePack } from "./compliance/pack.ts";
export { noticeGate } from "./compliance/notice-gate.ts";
export { canonicalStrategy, compileStrategy, type CompiledStrategy } from "./policy/compile.ts";
export { evaluate, isUnevaluable, type Unevaluable } from "./policy/evaluate.ts";
export { explain, type Explanation } from "./policy/explain.ts";
export { type Way, wayBack, type WayBack, type WayBackOptions } from "./policy/way-back.ts";
export { parseStrategy, type ParsedStrategy } from "./policy/parse.ts";
export type { Problem } from "./policy/problem.ts";
export type { Strategy } from "./policy/strategy.ts";
export { pipeline } from "./flow/pipeline.ts";
export { replayRecord, type Replay } from "./flow/replay.ts";
export type { Event } from "./flow/state.ts";
export type { Command, CommandSpec, Field, Step } from "./flow/step.ts";
