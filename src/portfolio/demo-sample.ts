// How big a demo portfolio will be, told from its first lines: nothing is stored, and a million lines take no longer
// than a few thousand.

import type { Registration } from "../flow/registration.ts";
import type { Ids } from "../flow/ports.ts";
import type { Command } from "../flow/step.ts";
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

/** Measured: facts of one earlier date that a line is registered with, and their index. */
const bytesPerPastFacts = 710;

export function demoSample(ids: Ids, plan: DemoPlan): DemoSample {
  const telling = demoTelling({ ids }, plan);
  const sampled = Math.min(plan.lines, mostSampled);
  let customers = 0;
  let records = 0;
  let pastFacts = 0;
  for (let number = 0; number < sampled; number += 1) {
    if (demoOwner(plan.seed, number) === number) customers += 1;
    const line = demoLine(plan.seed, number);
    const life = demoLife(line);
    for (let month = 0; month <= demoMonths; month += 1) {
      const commands = demoCommands(telling, line, life, month);
      records += commands.length;
      for (const { body } of commands) pastFacts += historyOf(body).length;
    }
  }
  const whole = (count: number): number => Math.round((count * plan.lines) / sampled);
  const all = whole(records);
  const bytes = all * bytesPerRecord + whole(pastFacts) * bytesPerPastFacts;
  return { customers: whole(customers), records: all, bytes };
}

/** Only a registration has one. */
function historyOf(body: Command["body"]): NonNullable<Registration["history"]> {
  return (body as Partial<Registration>).history ?? [];
}
