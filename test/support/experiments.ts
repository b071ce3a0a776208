// Versions of the consumer strategy that cut otherwise, and experiments with them, for tests over any store.

import { readStrategyFile } from "../../src/adapters/files/strategy-file.ts";
import { isRefusal } from "../../src/domain/refusal.ts";
import { canonicalStrategy } from "../../src/policy/compile.ts";
import type { Strategy } from "../../src/policy/strategy.ts";
import {
  approveExperiment,
  createExperiment,
  startExperiment,
} from "../../src/portfolio/experiment-life.ts";
import type { ArmShare, Experiment, StrategyChoice } from "../../src/portfolio/experiment-ports.ts";
import { repositoryRoot } from "./documents.ts";
import { actor } from "./given.ts";
import { worldBegins, type TestWorld } from "./world.ts";

export const analyst = actor("ann", "analyst");
export const approver = actor("app", "approver");

/** Puts the consumer strategy in force as it is, without the check of its laws. */
export async function storeActive({ world }: Pick<TestWorld, "world">): Promise<void> {
  const file = `${repositoryRoot}/strategies/consumer-cn/strategy.yaml`;
  const { strategy } = await readStrategyFile(file);
  if (strategy === null) throw new Error("The strategy cannot be read");
  const document = canonicalStrategy(strategy);
  const { id, version } = strategy;
  await world.store.strategies.add({
    ...{ id, version, document, hash: world.ids.sha256(document), state: "active" },
    ...{
      author: "ann",
      editedBy: [],
      approvedBy: "app",
      signedOff: [],
      effectiveOn: null,
      restores: null,
    },
    addedAt: worldBegins,
  });
}

/** Stores a version of the active consumer strategy with another basic rate of a cut; approved, not in force. */
export async function storeCutting(
  { world }: Pick<TestWorld, "world">,
  version: number,
  rate: string,
): Promise<void> {
  const stored = (await world.store.strategies.active("consumer-cn"))!;
  const strategy = JSON.parse(stored.document) as Strategy;
  const tables = strategy.tables.map((table) =>
    table.id === "cut-rate"
      ? { ...table, rows: table.rows.map((row, at) => (at === 0 ? { ...row, then: [rate] } : row)) }
      : table,
  );
  const document = canonicalStrategy({ ...strategy, version, tables });
  const hash = world.ids.sha256(document);
  await world.store.strategies.add({ ...stored, version, state: "approved", hash, document });
}

export const active: StrategyChoice = { id: "consumer-cn", version: null };

/** Arms over the consumer strategy: challengers by name with version and share, the holdout's share, the rest champion. */
export function armsOf(
  challengers: Readonly<Record<string, readonly [version: number, shareBp: number]>>,
  holdoutBp = 0,
): readonly ArmShare[] {
  const others: ArmShare[] = Object.entries(challengers).map(([name, [version, shareBp]]) => {
    return { name, strategy: { id: "consumer-cn", version }, shareBp };
  });
  if (holdoutBp > 0) others.push({ name: "holdout", strategy: null, shareBp: holdoutBp });
  const taken = others.reduce((sum, { shareBp }) => sum + shareBp, 0);
  return [{ name: "champion", strategy: active, shareBp: 10_000 - taken }, ...others];
}

/** Creates, approves and starts an experiment. */
export async function startArms(
  { world, portfolio }: TestWorld,
  id: string,
  arms: readonly ArmShare[],
  more: Readonly<{ shadows?: readonly StrategyChoice[]; actOn?: readonly string[] }> = {},
): Promise<Experiment> {
  const { shadows = [], actOn = [] } = more;
  const created = await createExperiment(world, portfolio, { id, arms, shadows, actOn }, analyst);
  if (isRefusal(created)) throw new Error(created.detail.en);
  const approved = await approveExperiment(world, portfolio, id, approver);
  if (isRefusal(approved)) throw new Error(approved.detail.en);
  const started = await startExperiment(world, portfolio, id, analyst);
  if (isRefusal(started)) throw new Error(started.detail.en);
  return started;
}
