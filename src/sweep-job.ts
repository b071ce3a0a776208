// Sweeps on all cores: the job by which the members of a crew help with one pass, and how whoever runs a sweep asks them.
// It is the same work on the same leases as in the process that runs the sweep, so nothing depends on whether anybody
// helps; small portfolios are done before a thread has started and get no help.

import type { Tidemark } from "./compose.ts";
import { moduleName, type Crew, type Job } from "./crew.ts";
import type { Id } from "./domain/id.ts";
import { helpSweep, type HelpedPass, type SweepRun } from "./portfolio/sweep.ts";

export type SweepHelp = Readonly<{ id: Id; phase: HelpedPass }>;

/** Works on one pass until no bucket is free, the sweep may not go on, or the crew is stopped. */
export const run: Job<SweepHelp, null> = async (tidemark, { id, phase }, { stopped }) => {
  const { world, portfolio, owner } = tidemark;
  await helpSweep(world, portfolio, id, phase, {
    owner,
    stop: stopped,
    onProgress: () => undefined,
    pause: async () => undefined,
  });
  return null;
};

const linesWorthHelp = 50_000;
const lookMs = 100;

/** The `help` of a sweep's run. When `stopped` turns true the crew is stopped as well. */
export function sweepHelp(
  { portfolio }: Pick<Tidemark, "portfolio">,
  crew: Crew,
  stopped: () => boolean,
): NonNullable<SweepRun["help"]> {
  return async (id, phase) => {
    if (crew.size === 0) return;
    const { lines } = await portfolio.totals(null);
    if (lines < linesWorthHelp) return;
    const look = setInterval(() => {
      if (stopped()) crew.stop();
    }, lookMs);
    try {
      await crew.run(new URL(moduleName("sweep-job"), import.meta.url), { id, phase });
    } finally {
      clearInterval(look);
    }
  };
}
