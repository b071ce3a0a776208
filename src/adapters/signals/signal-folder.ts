// Signals by file: whoever cannot call leaves a file of events in a folder, and a running server takes it. Each event
// counts once, so that a file that was half taken when the server died is simply taken again; what has been taken lies
// in `done` with what became of it beside it.

import { mkdir, readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { serviceActor, type Actor } from "../../domain/actor.ts";
import type { IncomingSignal, TakenSignal } from "../../domain/signal.ts";
import { openEventLines } from "../files/ndjson-lines.ts";

const actor = serviceActor("signal-folder");
const eventsAtOnce = 500;

/** Who takes events: what became of each, in their order. Longer events than `longestEvent` characters come cut. */
export type SignalTaker = Readonly<{
  take: (actor: Actor, incoming: readonly IncomingSignal[]) => Promise<readonly TakenSignal[]>;
  longestEvent: number;
}>;

/** What became of the events of a file; the rejected ones are dead letters. */
type FileOutcome = Record<"events" | "recorded" | "duplicates" | "rejected", number>;

/**
 * Takes the files `*.ndjson` of a folder, by name, and moves each to `done`. A file is left where it is when signals
 * are halted or too many wait; senders write under another name and rename when the file is whole.
 * @returns how many files were taken
 */
export async function takeSignalFiles(
  folder: string,
  taker: SignalTaker,
  stopped: () => boolean,
): Promise<number> {
  const done = join(folder, "done");
  await mkdir(done, { recursive: true });
  const names = (await readdir(folder)).filter((name) => /^[^.].*\.ndjson$/.test(name)).toSorted();
  let taken = 0;
  for (const name of names) {
    if (stopped()) break;
    const outcome = await takeFile(join(folder, name), taker, stopped);
    if (outcome === null) break;
    await writeFile(join(done, `${name}.json`), `${JSON.stringify(outcome, null, 2)}\n`);
    await rename(join(folder, name), join(done, name));
    taken += 1;
  }
  return taken;
}

/** Null where it has to be taken later, from the top. */
async function takeFile(
  path: string,
  { take, longestEvent }: SignalTaker,
  stopped: () => boolean,
): Promise<FileOutcome | null> {
  const outcome: FileOutcome = { events: 0, recorded: 0, duplicates: 0, rejected: 0 };
  const { lines } = await openEventLines(path, longestEvent);
  let batch: IncomingSignal[] = [];
  const takeBatch = async (): Promise<boolean> => {
    const taken = await take(actor, batch);
    batch = [];
    for (const one of taken) count(outcome, one);
    return taken.every((one) => one.outcome !== "refused") && !stopped();
  };
  for await (const { incoming } of lines) {
    batch.push(incoming);
    if (batch.length === eventsAtOnce && !(await takeBatch())) return null;
  }
  return batch.length === 0 || (await takeBatch()) ? outcome : null;
}

function count(outcome: FileOutcome, { outcome: became }: TakenSignal): void {
  outcome.events += 1;
  if (became === "recorded") outcome.recorded += 1;
  if (became === "duplicate") outcome.duplicates += 1;
  if (became === "rejected") outcome.rejected += 1;
}
