// The demo on all cores: the job by which the members of a crew load their shares of the buckets at hand, and how whoever
// loads a demo asks them. Small demos are loaded before a thread has started and get no crew.

import {
  demoBuckets,
  loadDemoShare,
  type DemoPart,
  type DemoPlan,
} from "./portfolio/demo-history.ts";
import type { DemoRun } from "./portfolio/demo-seed.ts";
import { moduleName, type Crew, type Job } from "./crew.ts";

/** Which lines lie in which bucket is worked out once for each portfolio. */
let known: Readonly<{
  lines: number;
  seed: number;
  buckets: ReturnType<typeof demoBuckets>;
}> | null = null;

/** Loads a share; the result is the number of commands sent. */
export const run: Job<DemoPart, number> = async ({ world }, part, { member, stopped }) => {
  const { lines, seed } = part.plan;
  if (known === null || known.lines !== lines || known.seed !== seed) {
    known = { lines, seed, buckets: demoBuckets(part.plan) };
  }
  return loadDemoShare(world, part, member, known.buckets, stopped);
};

const linesWorthACrew = 50_000;

/** The `crew` of a demo's loading; empty where it is not worth one. */
export function demoCrew(crew: Crew, { lines }: DemoPlan): Pick<DemoRun, "crew"> {
  if (crew.size === 0 || lines < linesWorthACrew) return {};
  const module = new URL(moduleName("demo-job"), import.meta.url);
  const load = async (part: DemoPart): Promise<number> => {
    const sent = await crew.run<DemoPart, number>(module, part);
    return sent.reduce((sum, one) => sum + one, 0);
  };
  return { crew: { size: crew.size, load } };
}
