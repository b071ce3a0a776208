// A wave undone on the demo portfolio through whatever store it is given: swept, partly executed, proposed by one person,
// approved by another, run, and drained.

import type { Instant } from "../../src/domain/calendar.ts";
import { addMilliseconds } from "../../src/domain/calendar.ts";
import type { CreditLine } from "../../src/domain/credit-line.ts";
import { isRefusal, type Refusal } from "../../src/domain/refusal.ts";
import { advanceClock } from "../../src/flow/advance.ts";
import type { Sweep } from "../../src/portfolio/ports.ts";
import type { WaveFilter, WaveUndo } from "../../src/portfolio/wave-ports.ts";
import {
  decideUndo,
  proposeUndo,
  runUndo,
  type UndoPreview,
} from "../../src/portfolio/wave-undo.ts";
import {
  activateStrategy,
  approveOpen,
  every,
  importDemo,
  person,
  sweepAll,
} from "./whole-life.ts";
import { worldBegins, type TestWorld } from "./world.ts";

export const author = person("ops", "operator");
export const checker = person("app", "approver");
export const everything: WaveFilter = { segment: null, region: null, action: null, reason: null };

export const undoRun = {
  owner: "test",
  stop: () => false,
  pause: async () => undefined,
};

const dayMs = 86_400_000;

/** The demo portfolio before and after a sweep of which everything that people agree to took effect. */
export type Wave = Readonly<{ before: readonly CreditLine[]; sweep: Sweep }>;

/** A wave `days` after its approvals: 0 leaves every decision unexecuted, 30 leaves none waiting. */
export async function makeWave(given: TestWorld, days: number): Promise<Wave> {
  await importDemo(given);
  const strategy = await activateStrategy(given);
  const before = await allLines(given);
  const sweep = await sweepAll(given, strategy);
  for (const id of ["rev1", "rev2"]) await approveOpen(given, person(id, "reviewer"));
  if (days > 0) await drain(given, addMilliseconds(worldBegins, days * dayMs));
  return { before, sweep };
}

export function allLines({ world }: TestWorld): Promise<readonly CreditLine[]> {
  return every((after) => world.store.reads.lines({ after, limit: 100 }, {}));
}

/** Moves the clock with everything that falls due. */
export async function drain({ world, clock }: TestWorld, to: Instant): Promise<void> {
  await advanceClock(world, clock, to, { ...undoRun, onStep: () => undefined });
}

/** What undoing must bring back of a line. */
export function givenBack({ id, limitMinor, status }: CreditLine): object {
  return { id, limitMinor, status };
}

export async function propose(
  { world, portfolio }: TestWorld,
  sweepId: string,
  filter: WaveFilter = everything,
): Promise<UndoPreview> {
  return must(
    await proposeUndo(world, portfolio, { sweepId, filter, reason: "Wrong region", actor: author }),
  );
}

/** Proposed by one, approved by another, run to its end, and everything that follows done a day later. */
export async function undoWave(
  given: TestWorld,
  sweepId: string,
  filter: WaveFilter = everything,
): Promise<WaveUndo> {
  const { world, portfolio } = given;
  const { undo } = await propose(given, sweepId, filter);
  must(await decideUndo(world, portfolio, undo.id, "approve", checker));
  const done = await runUndo(world, portfolio, undo.id, undoRun);
  await drain(given, addMilliseconds(await world.clock.now(), dayMs));
  return done;
}

export function must<T>(result: T | Refusal): T {
  if (isRefusal(result)) throw new Error(result.detail.en);
  return result;
}
