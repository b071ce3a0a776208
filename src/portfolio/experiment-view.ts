// An experiment as people look at it, with what became of each arm: how many customers, which decisions, how much limit.
// Nothing here decides anything.

import { championArm } from "../domain/arm.ts";
import { armOf, digitCount, movedBp } from "./experiment.ts";
import { armsBefore, plannedArms } from "./experiment-life.ts";
import type { Arm, Experiment, ViewedExperiment } from "./experiment-ports.ts";
import type { PortfolioStore } from "./ports.ts";

/** Before any experiment everybody was treated as the champion treats them. */
const everybody: readonly Arm[] = [
  { name: championArm, strategy: null, shareBp: digitCount, ranges: [{ from: 0, to: digitCount }] },
];

/** Looks at one experiment. */
export async function viewExperiment(
  store: Pick<PortfolioStore, "experiments">,
  experiment: Experiment,
): Promise<ViewedExperiment> {
  const { experiments } = store;
  const { id, area } = experiment;
  const arms = await plannedArms(store, experiment);
  const decisions = await experiments.decisions(id);
  const customers = new Map<string, number>();
  for (const count of await experiments.digitCounts(area)) {
    const arm = armOf(arms, count);
    customers.set(arm, (customers.get(arm) ?? 0) + count.customers);
  }
  const running = await experiments.running(area);
  return {
    ...experiment,
    arms: arms.map((arm) => ({
      ...arm,
      customers: customers.get(arm.name) ?? 0,
      decisions: decisions.filter((one) => one.arm === arm.name),
    })),
    movedBp: movedBp((await armsBefore(store, experiment)) ?? everybody, arms),
    running: running === null || running.id === id ? null : running.id,
  };
}
