// Why a decision came out as it did, told from what it kept: the same facts through the same strategy version.
// An explanation is made again each time it is asked for and never stored.

import type { ArmRef } from "../domain/arm.ts";
import type { DecisionRecord } from "../domain/decision.ts";
import { refuse, type Refusal } from "../domain/refusal.ts";
import type { CompiledStrategy } from "../policy/compile.ts";
import { explain, type Explanation } from "../policy/explain.ts";

/** `arm`: what chose the strategy; null where no experiment ran. */
export type ExplainedDecision = Explanation & Readonly<{ arm: ArmRef | null }>;

/** Explains a record under its own strategy. Pure. Refused: facts-erased. */
export function explainRecord(
  record: DecisionRecord,
  strategy: CompiledStrategy,
): ExplainedDecision | Refusal {
  const { facts, asOf } = record.assessment;
  const explanation = explain(strategy, facts, asOf);
  return "missing" in explanation
    ? refuse("facts-erased", {
        en: `Cannot explain decision ${record.decisionId}: its facts were erased`,
        zh: `无法解释决定 ${record.decisionId}：事实已删除`,
      })
    : { ...explanation, arm: record.arm ?? null };
}
