// A file of a macro series becomes signals about the environment, through the one door of all signals. A value that is known
// already changes nothing; another value for a known period is a revision, which is told beside what was known before, so that
// the past stays as it was known. Running the same command again goes on where it stopped.

import type { Actor } from "../domain/actor.ts";
import { dateOfDay, type BusinessDate, type Instant } from "../domain/calendar.ts";
import { isRefusal, type Refusal } from "../domain/refusal.ts";
import { eventTypePrefix } from "../domain/signal-catalogue.ts";
import type { World } from "../flow/ports.ts";
import { takeSignals } from "../flow/take-signals.ts";
import { macroReader, type MacroMapping, type MacroRow } from "./macro-mapping.ts";
import type { LinesFile } from "./ports.ts";

/** A row that was refused. */
export type MacroProblem = Readonly<{ line: number; refusal: Refusal }>;

export type MacroSummary = Readonly<{
  dryRun: boolean;
  rows: number;
  /** periods that were not known */
  added: number;
  /** known periods with another value */
  revised: number;
  unchanged: number;
  /** rows without a value, or about a place that the mapping does not name */
  leftOut: number;
  rejected: number;
  /** the first of them */
  problems: readonly MacroProblem[];
}>;

const mostProblems = 20;
const signalsAtOnce = 200;

type Counts = {
  -readonly [Key in "rows" | "added" | "revised" | "unchanged" | "leftOut" | "rejected"]: number;
};

/** Imports a file. Refused: forbidden, halted, invalid (a column is missing). */
export async function importMacro(
  world: World,
  file: LinesFile,
  mapping: MacroMapping,
  { actor, dryRun }: Readonly<{ actor: Actor; dryRun: boolean }>,
): Promise<MacroSummary | Refusal> {
  const now = await world.clock.now();
  const today = world.clock.dateOf(now);
  const read = macroReader(mapping, file.header.columns, today);
  if (isRefusal(read)) return read;
  const known = await knownValues(world, mapping, today, now);
  const counts: Counts = { rows: 0, added: 0, revised: 0, unchanged: 0, leftOut: 0, rejected: 0 };
  const problems: MacroProblem[] = [];
  const reject = (line: number, refusal: Refusal): void => {
    counts.rejected += 1;
    if (problems.length < mostProblems) problems.push({ line, refusal });
  };
  let batch: Told[] = [];
  const send = async (): Promise<Refusal | null> => {
    const sent = batch;
    batch = [];
    return sendBatch(world, mapping, sent, { actor, dryRun }, counts, reject);
  };
  for await (const portion of file.read()) {
    for (const { line, cells } of portion) {
      counts.rows += 1;
      const row = read(cells);
      if (row === "left-out") counts.leftOut += 1;
      else if (isRefusal(row)) reject(line, row);
      else {
        const told = toldOf(known, row, line);
        if (told === null) counts.unchanged += 1;
        else batch.push(told);
      }
      const stopped = batch.length < signalsAtOnce ? null : await send();
      if (stopped !== null) return stopped;
    }
  }
  const stopped = batch.length === 0 ? null : await send();
  return stopped ?? { dryRun, ...counts, problems };
}

/** What is known of a period: its last value and how many were told. */
type Known = Map<string, Readonly<{ value: number; told: number }>>;

type Told = Readonly<{ line: number; row: MacroRow; revision: number }>;

const keyOf = (place: string, period: unknown): string => JSON.stringify([place, period]);
const beginning = dateOfDay(-200_000);

async function knownValues(
  { store: { environment } }: World,
  { series, source }: MacroMapping,
  asOf: BusinessDate,
  knownAt: Instant,
): Promise<Known> {
  const known: Known = new Map();
  const view = { after: beginning, asOf, knownAt };
  // They come in the order in which they became known, so that the last one stands.
  for (const one of await environment.told(["macro-value"], view)) {
    if (one.source !== source || one.data["series"] !== series) continue;
    const key = keyOf(one.subject, one.data["period"]);
    const value = one.data["value"] as number;
    known.set(key, { value, told: (known.get(key)?.told ?? 0) + 1 });
  }
  return known;
}

/** The signal that a row needs; null where it says what is known. */
function toldOf(known: Known, row: MacroRow, line: number): Told | null {
  const key = keyOf(row.place, row.period);
  const held = known.get(key);
  if (held?.value === row.value) return null;
  const revision = held?.told ?? 0;
  known.set(key, { value: row.value, told: revision + 1 });
  return { line, row, revision };
}

async function sendBatch(
  world: World,
  { series, source }: MacroMapping,
  batch: readonly Told[],
  { actor, dryRun }: Readonly<{ actor: Actor; dryRun: boolean }>,
  counts: Counts,
  reject: (line: number, refusal: Refusal) => void,
): Promise<Refusal | null> {
  const events = batch.map(({ row: { place, period, value, asOf }, revision }) => ({
    event: {
      ...{ specversion: "1.0", type: `${eventTypePrefix}macro-value`, source },
      ...{ id: `${series}/${place}/${period}/${revision}`, subject: place, asof: asOf },
      data: { series, period, value },
    },
  }));
  const taken = await takeSignals(world, actor, events, { dryRun, clockSkewMs: 0 });
  for (const [at, one] of taken.entries()) {
    const { line, revision } = batch[at]!;
    if (one.outcome === "refused") return one.refusal;
    if (one.outcome === "rejected") reject(line, one.refusal);
    else if (one.outcome === "duplicate") counts.unchanged += 1;
    else if (revision === 0) counts.added += 1;
    else counts.revised += 1;
  }
  return null;
}
