// A file of lines becomes the portfolio: every row is checked, good rows go bucket by bucket through the one
// write path, bad rows go to the rejects with their reasons. Memory stays bounded however long the file is,
// and reading the same file again changes nothing.

import type { Actor } from "../domain/actor.ts";
import { canonicalJson } from "../domain/canonical-json.ts";
import { bucketOfCustomer, type Bucket, type Id } from "../domain/id.ts";
import { customerIdOf } from "../flow/customer-id.ts";
import type { Currency } from "../domain/money.ts";
import { refusals, type Refusal, type RefusalCode } from "../domain/refusal.ts";
import type { Registration } from "../flow/registration.ts";
import { bucketsAtOnce, inParallel } from "../flow/in-parallel.ts";
import type { World } from "../flow/ports.ts";
import type { Command } from "../flow/step.ts";
import { transact, type CommandResult } from "../flow/transact.ts";
import { type LineRow, planRows, type RowPlan } from "./apply-mapping.ts";
import { claimReferences, elsewhereProblem } from "./claim-references.ts";
import type { Mapping } from "./mapping.ts";
import type { FileRow, LinesFile, Rejects } from "./ports.ts";
import { rowProblem, type RowProblem } from "./row-problem.ts";
import { hashPair, rememberReferences, type SeenReferences } from "./seen-references.ts";
import { waitingRows, type WaitingRow, type WaitingRows } from "./waiting-rows.ts";

export type ImportOptions = Readonly<{
  actor: Actor;
  /** names this import: the cause of every command */
  importId: Id;
  dryRun: boolean;
  /** most rows in one transaction; default 500 */
  batchRows?: number;
  /** most rows waiting for their bucket; default 32,768, and fewer where they are long */
  waitingRows?: number;
  /** transactions at the same time, each on its own bucket; default `bucketsAtOnce` */
  parallel?: number;
  onProgress?: (progress: ImportProgress) => void;
  /** asked between transactions; true leaves the rows that were not tried to the next import of the file */
  stop?: () => boolean;
  rejects: Rejects;
  /**
   * keyed digest of a text (see `IdentityKeys.mark`): with it a row that differs only in personal data is a
   * change, without it such a row changes nothing
   */
  identityMark?: (text: string) => string;
}>;

/** Rows so far. `total` is null where the file does not say. */
export type ImportProgress = Readonly<{
  rows: number;
  total: number | null;
  stored: number;
  rejected: number;
}>;

/** What became of the rows. `limitMinorByCurrency` sums the limits of the accepted rows. */
export type ImportSummary = Readonly<{
  importId: Id;
  dryRun: boolean;
  rows: number;
  accepted: number;
  rejected: number;
  added: number;
  changed: number;
  unchanged: number;
  limitMinorByCurrency: Readonly<Record<string, number>>;
  rejectsFile: string | null;
  /** set where the import ended early: nobody may do this now, and rows after it were not tried */
  stoppedBy: Refusal | null;
  /** true where `stop` ended it early */
  interrupted: boolean;
}>;

/** The file as a whole does not fit the mapping: nothing was tried. Else what became of its rows. */
export type ImportOutcome =
  | Readonly<{ problems: readonly RowProblem[] }>
  | Readonly<{ summary: ImportSummary }>;

/**
 * Imports a file. Throws the faults of the file and of the store; what was stored before stays, and the same
 * call again goes on without doubling anything.
 */
export async function importLines(
  world: World,
  file: LinesFile,
  mapping: Mapping,
  options: ImportOptions,
): Promise<ImportOutcome> {
  const today = world.clock.dateOf(await world.clock.now());
  const plan = planRows(mapping, file.header, today, world.jurisdictions);
  if ("problems" in plan) return plan;
  const run = startRun(world, file, mapping, plan, options);
  try {
    for await (const portion of file.read()) {
      await takePortion(run, portion);
      if (hasStopped(run)) break;
    }
    await storeWaiting(run, 0);
    const rejectsFile = await options.rejects.finish();
    return { summary: summaryOf(run, rejectsFile) };
  } catch (error) {
    await options.rejects.abandon();
    throw error;
  }
}

/** Rows of any length wait in this much memory. */
const mostWaitingBytes = 32 * 1_048_576;

type Run = {
  readonly world: World;
  readonly file: LinesFile;
  readonly mapping: Mapping;
  readonly plan: RowPlan;
  readonly options: ImportOptions;
  readonly lines: SeenReferences;
  /** null where rows hold no personal data */
  readonly customers: SeenReferences | null;
  readonly waiting: WaitingRows;
  rows: number;
  stored: number;
  rejected: number;
  added: number;
  changed: number;
  unchanged: number;
  readonly limits: Map<Currency, number>;
  stoppedBy: Refusal | null;
};

function startRun(
  world: World,
  file: LinesFile,
  mapping: Mapping,
  plan: RowPlan,
  options: ImportOptions,
): Run {
  return {
    world,
    file,
    mapping,
    plan,
    options,
    lines: rememberReferences(8),
    customers: mapping.identity.length > 0 ? rememberReferences(32) : null,
    waiting: waitingRows(),
    rows: 0,
    stored: 0,
    rejected: 0,
    added: 0,
    changed: 0,
    unchanged: 0,
    limits: new Map(),
    stoppedBy: null,
  };
}

async function takePortion(run: Run, portion: readonly FileRow[]): Promise<void> {
  const refused: RowProblem[] = [];
  for (const row of portion) {
    run.rows += 1;
    const problems = takeRow(run, row);
    if (problems.length === 0) continue;
    run.rejected += 1;
    refused.push(...problems);
  }
  if (refused.length > 0) await run.options.rejects.write(refused);
  const most = run.options.waitingRows ?? 32_768;
  const full = run.waiting.size() >= most || run.waiting.bytes() >= mostWaitingBytes;
  if (full) await storeWaiting(run, Math.floor(Math.min(most, run.waiting.size()) / 2));
  report(run);
}

/** Puts a good row in its bucket's queue; returns what is wrong with a bad one. */
function takeRow(run: Run, fileRow: FileRow): readonly RowProblem[] {
  const read = run.plan.read(fileRow);
  if ("problems" in read) return read.problems;
  const conflict = conflictOf(run, fileRow.line, read.row);
  if (conflict !== null) return [conflict];
  const bucket = bucketOfCustomer(read.row.customerReference);
  run.waiting.add(bucket, fileRow.line, read.row);
  return [];
}

/** A line may stand in a file once, under one customer, whose own data must not differ from row to row. */
function conflictOf(run: Run, line: number, row: LineRow): RowProblem | null {
  const { line: columns } = run.mapping;
  const owner = hashPair(row.customerReference)[0] & 0xff;
  const before = run.lines.add(row.lineReference, line, owner);
  if (before !== null) {
    const same = before.mark === owner;
    const expected = {
      en: `each line once; line ${before.line} of the file has it${same ? "" : " for another customer"}`,
      zh: `每条授信只出现一次；文件第 ${before.line} 行已有该授信${same ? "" : "，且属于另一客户"}`,
    };
    const reason = same ? "duplicate-line" : "customer-conflict";
    return rowProblem(line, columns.lineReference, reason, row.lineReference, expected);
  }
  // Personal data may stand on one row of a customer and be left out on the others.
  if (run.customers === null || isEmpty(row.identity)) return null;
  const mark = hashPair(JSON.stringify([row.language, row.identity]))[0];
  const known = run.customers.add(row.customerReference, line, mark);
  if (known === null || known.mark === mark) return null;
  return rowProblem(line, columns.customerReference, "customer-conflict", row.customerReference, {
    en: `the personal data and language that line ${known.line} of the file gives this customer`,
    zh: `与文件第 ${known.line} 行该客户相同的个人信息与语言`,
  });
}

/**
 * The command of one row. Its id is over what the row says, whatever the file and the mapping look like, so
 * that the same row is the same command for ever. Personal data enter it only under a key: a digest without
 * one must not be made of a telephone number.
 */
function registerCommand(run: Run, bucket: Bucket, { row }: WaitingRow): Command {
  const { options, plan } = run;
  const { ids } = run.world;
  const { values: _, ...line } = row;
  const customerId = customerIdOf(ids, row.customerReference);
  const lineId = ids.derive(bucket, "line", row.portfolio, row.lineReference);
  const body: Registration = { ...line, customerId, facts: plan.factsOf(row) };
  const person = isEmpty(row.identity) ? "" : options.identityMark?.(canonicalJson(row.identity));
  const contentHash = ids.sha256(`${plan.contentOf(row)} ${person ?? ""}`);
  return {
    id: ids.derive(bucket, "import", lineId, row.asOf, contentHash),
    kind: "RegisterLine",
    subject: lineId,
    actor: options.actor,
    cause: options.importId,
    body,
  };
}

function hasStopped(run: Run): boolean {
  return run.stoppedBy !== null || run.options.stop?.() === true;
}

/** Stores the fullest buckets until at most `left` rows wait. */
async function storeWaiting(run: Run, left: number): Promise<void> {
  const taken = function* (): Iterable<[Bucket, readonly WaitingRow[]]> {
    for (const bucket of [...run.waiting.fullest()]) {
      if (run.waiting.size() <= left || hasStopped(run)) return;
      yield [bucket, run.waiting.take(bucket)];
    }
  };
  await inParallel(taken(), run.options.parallel ?? bucketsAtOnce, ([bucket, rows]) =>
    storeBucket(run, bucket, rows),
  );
}

async function storeBucket(run: Run, bucket: Bucket, rows: readonly WaitingRow[]): Promise<void> {
  const size = run.options.batchRows ?? 500;
  for (let from = 0; from < rows.length && !hasStopped(run); from += size) {
    const refused: RowProblem[] = [];
    const batch = await withOwnReference(run, asked(run, bucket, rows, from, size), refused);
    const commands = batch.map(({ command }) => command);
    if (commands.length > 0) {
      const { dryRun } = run.options;
      const results = await transact(run.world, bucket, commands, { dryRun });
      batch.forEach(({ row }, index) => count(run, row, results[index]!, refused));
    }
    if (refused.length > 0) await run.options.rejects.write(refused);
    report(run);
  }
}

type Asked = Readonly<{ row: WaitingRow; command: Command }>;

function asked(
  run: Run,
  bucket: Bucket,
  rows: readonly WaitingRow[],
  from: number,
  size: number,
): readonly Asked[] {
  return rows
    .slice(from, from + size)
    .map((row) => ({ row, command: registerCommand(run, bucket, row) }));
}

/** The rows whose reference is their own line's; the others are added to `refused`. */
async function withOwnReference(
  run: Run,
  batch: readonly Asked[],
  refused: RowProblem[],
): Promise<readonly Asked[]> {
  const { world, options, mapping } = run;
  const lines = batch.map(({ row: { row }, command }) => ({
    reference: row.lineReference,
    lineId: command.subject,
    portfolio: row.portfolio,
    customerReference: row.customerReference,
  }));
  const holders = await claimReferences(world.store.references, lines, options);
  return batch.filter(({ row, command }) => {
    const holder = holders.get(row.row.lineReference);
    if (holder === undefined || holder.lineId === command.subject) return true;
    run.rejected += 1;
    refused.push(elsewhereProblem(row.line, mapping.line.lineReference, holder, options));
    return false;
  });
}

/** Refusals that hold for every row alike: trying the rest would only repeat them. */
const stopping: ReadonlySet<RefusalCode> = new Set([
  "not-signed-in",
  "forbidden",
  "halted",
  "read-only",
]);

function count(run: Run, row: WaitingRow, result: CommandResult, refused: RowProblem[]): void {
  if ("refusal" in result) {
    const { refusal } = result;
    if (stopping.has(refusal.refused)) run.stoppedBy ??= refusal;
    else {
      run.rejected += 1;
      refused.push(refusedRow(row, refusal));
    }
    return;
  }
  run.stored += 1;
  const kinds = result.events.map((event) => event.kind);
  if (kinds.includes("LineRegistered")) run.added += 1;
  else if (kinds.length > 0) run.changed += 1;
  else run.unchanged += 1;
  const { currency, limitMinor } = row.row;
  run.limits.set(currency, (run.limits.get(currency) ?? 0) + limitMinor);
}

function refusedRow(row: WaitingRow, refusal: Refusal): RowProblem {
  const expected = refusals[refusal.refused];
  return rowProblem(row.line, "", "refused", row.row.lineReference, expected, refusal.detail);
}

function isEmpty(identity: Registration["identity"]): boolean {
  return Object.keys(identity).length === 0;
}

function report(run: Run): void {
  const { rows, stored, rejected, file } = run;
  run.options.onProgress?.({ rows, total: file.rows, stored, rejected });
}

function summaryOf(run: Run, rejectsFile: string | null): ImportSummary {
  const { rows, rejected, added, changed, unchanged, stoppedBy, options } = run;
  return {
    importId: options.importId,
    dryRun: options.dryRun,
    rows,
    accepted: run.stored,
    rejected,
    added,
    changed,
    unchanged,
    limitMinorByCurrency: Object.fromEntries([...run.limits].toSorted(byCurrency)),
    rejectsFile,
    stoppedBy,
    interrupted: options.stop?.() === true,
  };
}

function byCurrency(
  [one]: readonly [Currency, number],
  [other]: readonly [Currency, number],
): number {
  return one < other ? -1 : 1;
}
