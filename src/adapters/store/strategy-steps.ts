// What both stores write and answer alike about the steps of strategy versions, so that they cannot disagree.

import { strategyStates, type StoredStrategy, type StrategyStep } from "../../flow/ports.ts";

/** The step with which a version is stored. */
export function firstStep(
  { id, version, state, addedAt, author }: StoredStrategy,
  reason: string | null,
): StrategyStep {
  return { id, version, state, at: addedAt, by: author, reason };
}

/** The step of the version that was active until another one entered. */
export function replacedStep(entered: StrategyStep, version: number): StrategyStep {
  const reason = `Replaced by version ${entered.version} · 由第 ${entered.version} 版接替`;
  return { ...entered, version, state: "retired", reason };
}

/** Oldest version first, each in the order of its life. */
export function inOrderOfLife(steps: readonly StrategyStep[]): readonly StrategyStep[] {
  return steps.toSorted(
    (one, other) =>
      one.version - other.version ||
      strategyStates.indexOf(one.state) - strategyStates.indexOf(other.state),
  );
}
