// A small portfolio with open review cases, made quickly: what benches of the API and of starting begin with.

import { setTimeout } from "node:timers/promises";
import { join } from "node:path";
import { readStrategyFile } from "../src/adapters/files/strategy-file.ts";
import { packageFolder, type Tidemark } from "../src/compose.ts";
import { serviceActor } from "../src/domain/actor.ts";
import { isRefusal } from "../src/domain/refusal.ts";
import { canonicalStrategy } from "../src/policy/compile.ts";
import type { Strategy } from "../src/policy/strategy.ts";
import type { Sweep } from "../src/portfolio/ports.ts";
import { openSweep, runSweep, type SweepRun } from "../src/portfolio/sweep.ts";
import { run as loadShare } from "./load-job.ts";

/** Share of the lines that the strategy changes. */
export const share = 0.5;

type Budgets = Strategy["pace"]["budgets"];

/** Stores the demo strategy as active, without its budgets where nobody says otherwise: every proposal shall have its turn. */
export async function activateDemoStrategy(
  { world }: Tidemark,
  budgetsOf: (budgets: Budgets) => Budgets = () => [],
): Promise<void> {
  const file = await readStrategyFile(join(packageFolder, "strategies/consumer-cn/strategy.yaml"));
  if (!("strategy" in file)) throw new Error("Cannot read the demo strategy");
  const read = file.strategy as Strategy;
  const strategy: Strategy = {
    ...read,
    pace: { ...read.pace, budgets: budgetsOf(read.pace.budgets) },
  };
  const document = canonicalStrategy(strategy);
  await world.store.strategies.add({
    ...{ id: strategy.id, version: strategy.version, document },
    ...{
      hash: world.ids.sha256(document),
      state: "active",
      author: "bench",
      editedBy: [],
      approvedBy: "bench",
      signedOff: [],
    },
    ...{ effectiveOn: null, restores: null },
    addedAt: await world.clock.now(),
  });
}

/** Registers so many lines, half of which the strategy changes. */
export async function loadLines(tidemark: Tidemark, lines: number): Promise<void> {
  const asOf = tidemark.world.clock.dateOf(await tidemark.world.clock.now());
  const alone = { member: 0, size: 1, stopped: () => false };
  await loadShare(tidemark, { ...{ lines, share, asOf }, first: 0, shares: 1 }, alone);
}

/** Sweeps them to the end; nobody helps where `help` is absent. */
export async function sweepOnce(
  { world, portfolio, owner }: Tidemark,
  help?: NonNullable<SweepRun["help"]>,
): Promise<Sweep> {
  const asOf = world.clock.dateOf(await world.clock.now());
  const sweep = await openSweep(world, portfolio, {
    ...{ strategyId: "consumer-cn", asOf, portfolio: null, dailyCapMinor: null },
    actor: serviceActor("bench"),
  });
  if (isRefusal(sweep)) throw new Error(sweep.detail.en);
  return runSweep(world, portfolio, sweep.id, {
    ...{ owner, stop: () => false, onProgress: () => undefined },
    ...{ pause: (ms) => setTimeout(ms), ...(help === undefined ? {} : { help }) },
  });
}
