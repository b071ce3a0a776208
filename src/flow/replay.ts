// A decision can be made again, years later, from what it kept: the facts it read and the strategy by its
// hash. The record that comes out must be the stored one, byte for byte.

import { canonicalJson, firstDifference } from "../domain/canonical-json.ts";
import type { DecisionRecord } from "../domain/decision.ts";
import type { Id } from "../domain/id.ts";
import { refuse, type Refusal } from "../domain/refusal.ts";
import type { CompiledStrategy } from "../policy/compile.ts";
import { evaluate } from "../policy/evaluate.ts";
import type { World } from "./ports.ts";

/** `equal` is byte equality; `at` is the first character that differs. */
export type Replay = Readonly<{
  decisionId: Id;
  equal: boolean;
  at: number | null;
  stored: string;
  replayed: string;
}>;

/**
 * Makes the decision of a stored record again. Pure.
 * @param stored canonical JSON of the record, as stored
 * @returns the comparison, or `facts-erased` when the facts are gone
 */
export function replayRecord(stored: string, strategy: CompiledStrategy): Replay | Refusal {
  const record = JSON.parse(stored) as DecisionRecord;
  if (Object.keys(record.assessment.facts).length === 0) {
    return refuse("facts-erased", {
      en: `Cannot replay decision ${record.decisionId}: its facts were erased, its proof still holds`,
      zh: `无法重放决定 ${record.decisionId}：事实已删除，存证仍有效`,
    });
  }
  const again = evaluate(strategy, record.assessment.facts, record.assessment.asOf);
  const replayed = canonicalJson({ ...record, assessment: again });
  return {
    decisionId: record.decisionId,
    equal: replayed === stored,
    at: replayed === stored ? null : firstDifference(stored, replayed),
    stored,
    replayed,
  };
}

/** Replays one stored decision; null when there is none. Refused: facts-erased. */
export async function replayDecision(
  world: Pick<World, "store" | "loadStrategy">,
  id: Id,
): Promise<Replay | Refusal | null> {
  const stored = await world.store.reads.decisionRecord(id);
  if (stored === null) return null;
  const { assessment } = JSON.parse(stored) as DecisionRecord;
  return replayRecord(stored, await world.loadStrategy(assessment.strategy.hash));
}
