// How big a demo portfolio will be, told from its first lines: nothing is stored, and a million lines take no longer
// than a few thousand.

import type { Ids } from "../flow/ports.ts";
import { demoOwner } from "./demo-block.ts";
import { demoMonths } from "./demo-calendar.ts";
import { demoCommands } from "./demo-commands.ts";
import { demoTelling, type DemoPlan } from "./demo-history.ts";
import { demoLife } from "./demo-life.ts";
import { demoLine } from "./demo-line.ts";

/** Rounded estimates for the whole portfolio. */
export type DemoSample = Readonly<{ customers: number; records: number; bytes: number }>;

const mostSampled = 2_000;

/** Measured: a record with its event, log leaf, facts and indexes. */
const bytesPerRecord = 1_600;

export function demoSample(ids: Ids, plan: DemoPlan): DemoSample {
  const telling = demoTelling({ ids }, plan);
  const sampled = Math.min(plan.lines, mostSampled);
  let customers = 0;
  let records = 0;
  for (let number = 0; number < sampled; number += 1) {
    if (demoOwner(plan.seed, number) === number) customers += 1;
    const line = demoLine(plan.seed, number);
    const life = demoLife(line);
    for (let month = 0; month <= demoMonths; month += 1) {
      records += demoCommands(telling, line, life, month).length;
    }
  }
  const whole = (count: number): number => Math.round((count * plan.lines) / sampled);
  const all = whole(records);
  return { customers: whole(customers), records: all, bytes: all * bytesPerRecord };
}
