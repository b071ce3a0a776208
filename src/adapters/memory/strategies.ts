// Strategy versions and their steps in memory, held to the rules that the database holds by its keys: one version is
// active, no step is taken twice.

import type { StoredStrategy, Strategies, StrategyStep } from "../../flow/ports.ts";
import { sameStrategy, unknownStrategy } from "../store/strategy-faults.ts";
import { firstStep, inOrderOfLife, replacedStep } from "../store/strategy-steps.ts";
import { compareText, keyOf, type Tables } from "./tables.ts";

/** The port over the tables. */
export function strategiesIn(tables: Tables): Strategies {
  const all = (): readonly StoredStrategy[] =>
    [...tables.strategies.values()].toSorted(
      (left, right) => compareText(left.id, right.id) || left.version - right.version,
    );
  const put = (strategy: StoredStrategy): void =>
    void tables.strategies.set(keyOf(strategy.id, strategy.version), strategy);
  const keep = (step: StrategyStep): void => void tables.strategySteps.push(step);
  const activeOf = (id: string): StoredStrategy | null =>
    all().find((one) => one.id === id && one.state === "active") ?? null;
  return {
    add: async (strategy, reason = null) => {
      const rivals = all().filter((other) => clash(other, strategy));
      if (rivals.length > 0) return sameStrategy(strategy, rivals);
      put(strategy);
      keep(firstStep(strategy, reason));
      return "added";
    },
    enter: async (steps, from, approval) => {
      const last = steps.at(-1)!;
      const { id, version, state } = last;
      const chosen = tables.strategies.get(keyOf(id, version));
      if (chosen === undefined) throw unknownStrategy(id, version);
      if (!from.includes(chosen.state)) return false;
      const active = state === "active" ? activeOf(id) : null;
      if (active !== null) {
        put({ ...active, state: "retired" });
        keep(replacedStep(last, active.version));
      }
      put({ ...chosen, ...approval, state });
      steps.forEach(keep);
      return true;
    },
    edit: async (draft, was, by) => {
      const known = tables.strategies.get(keyOf(draft.id, draft.version));
      if (known?.state !== "draft" || known.hash !== was) return false;
      put({ ...known, ...draft, editedBy: [...new Set([...known.editedBy, by])] });
      return true;
    },
    find: async (id, version) =>
      all().findLast(
        (one) => one.id === id && (version === undefined || one.version === version),
      ) ?? null,
    active: async (id) => activeOf(id),
    byHash: async (hash) => all().find((one) => one.hash === hash) ?? null,
    list: async () => all(),
    history: async (id) => inOrderOfLife(tables.strategySteps.filter((step) => step.id === id)),
  };
}

/** Where both cannot be stored: the same version, the same bytes, or two that are active. */
function clash(other: StoredStrategy, { id, version, hash, state }: StoredStrategy): boolean {
  if (other.hash === hash) return true;
  return (
    other.id === id &&
    (other.version === version || (other.state === "active" && state === "active"))
  );
}
