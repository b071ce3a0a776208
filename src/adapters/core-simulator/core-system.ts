// The simulated core system without its network: requests are decided one after another, each is on the disk
// before it is answered, and the same id is the same operation for ever, also across restarts.

import type { Id } from "../../domain/id.ts";
import type { CoreAccount, CoreOperation, CoreResult } from "../../flow/core-ports.ts";
import { operationText, type Drawdown } from "../core/core-protocol.ts";
import {
  applyRecord,
  decideDrawdown,
  decideOperation,
  emptyBook,
  leftMinor,
  type Book,
  type BookRecord,
  type DrawdownResult,
} from "./core-book.ts";
import { openJournal, type Journal } from "./journal.ts";

/** An id that already stands for another request. */
type Conflict = Readonly<{ conflict: true }>;

/** What the faults of the day put before an operation: a refusal, a customer who draws all that is left. */
type Before = Readonly<{ declined: boolean; drawdown: boolean }>;

/** The core system of one data folder. Every answer is durable when it is given. */
export type SimulatedCore = Readonly<{
  /** adds unknown accounts; known ones stay as they are, because the core system knows them better */
  load: (accounts: readonly CoreAccount[]) => Promise<Readonly<{ added: number; kept: number }>>;
  /** `fresh` is false when the operation was known before */
  operate: (
    operation: CoreOperation,
    before: Before,
  ) => Promise<Readonly<{ result: CoreResult; fresh: boolean }> | Conflict>;
  find: (operationId: Id) => Promise<CoreResult | null>;
  draw: (lineReference: string, drawdown: Drawdown) => Promise<DrawdownResult | Conflict>;
  /** accounts in the order of their reference, those after `after` */
  page: (after: string | null, limit: number) => Promise<readonly CoreAccount[]>;
  counts: () => Readonly<{ accounts: number; operations: number; drawdowns: number }>;
  close: () => Promise<void>;
}>;

/** Opens the core system kept in a journal file; `failed` is called when the disk refuses to keep it. */
export async function openSimulatedCore(
  journalPath: string,
  failed: (error: unknown) => void,
): Promise<SimulatedCore> {
  const book = emptyBook();
  const replay = (record: unknown): void => applyRecord(book, record as BookRecord);
  const journal = await openJournal(journalPath, replay, failed);
  const parts: Parts = { book, journal };
  const sorted = sortedReferences(book);
  return {
    load: (accounts) => load(parts, accounts),
    operate: (operation, before) => operate(parts, operation, before),
    find: async (operationId) => {
      await journal.settled();
      return book.operations.get(operationId)?.result ?? null;
    },
    draw: (lineReference, drawdown) => draw(parts, lineReference, drawdown),
    page: async (after, limit) => {
      await journal.settled();
      const references = sorted();
      const start = after === null ? 0 : firstAfter(references, after);
      return references
        .slice(start, start + limit)
        .map((key) => book.accounts.get(key) as CoreAccount);
    },
    counts: () => ({
      accounts: book.accounts.size,
      operations: book.operations.size,
      drawdowns: book.drawdowns.size,
    }),
    close: () => journal.close(),
  };
}

type Parts = Readonly<{ book: Book; journal: Journal }>;

/** Deciding and applying happen in one turn of the event loop, before the first wait, so that requests never mix. */
async function keep({ book, journal }: Parts, record: BookRecord): Promise<void> {
  applyRecord(book, record);
  await journal.append(record);
}

async function load(
  parts: Parts,
  accounts: readonly CoreAccount[],
): Promise<Readonly<{ added: number; kept: number }>> {
  const known = new Set(parts.book.accounts.keys());
  const added = accounts.filter(
    ({ lineReference }) => !known.has(lineReference) && known.add(lineReference),
  );
  if (added.length > 0) await keep(parts, { kind: "accounts", accounts: added });
  else await parts.journal.settled();
  return { added: added.length, kept: accounts.length - added.length };
}

async function operate(
  parts: Parts,
  operation: CoreOperation,
  before: Before,
): Promise<Readonly<{ result: CoreResult; fresh: boolean }> | Conflict> {
  const known = parts.book.operations.get(operation.operationId);
  if (known !== undefined) {
    await parts.journal.settled();
    const same = operationText(known.operation) === operationText(operation);
    return same ? { result: known.result, fresh: false } : { conflict: true };
  }
  const drawn = before.drawdown ? drawAllBefore(parts, operation) : Promise.resolve();
  const record = decideOperation(parts.book, operation, before.declined);
  await Promise.all([drawn, keep(parts, record)]);
  return { result: record.result, fresh: true };
}

async function drawAllBefore(parts: Parts, operation: CoreOperation): Promise<void> {
  const account = parts.book.accounts.get(operation.lineReference);
  const amountMinor = account === undefined ? 0 : leftMinor(account);
  if (amountMinor === 0) return;
  const drawdown = { drawdownId: `before-${operation.operationId}`, amountMinor };
  await keep(parts, decideDrawdown(parts.book, operation.lineReference, drawdown));
}

async function draw(
  parts: Parts,
  lineReference: string,
  drawdown: Drawdown,
): Promise<DrawdownResult | Conflict> {
  const known = parts.book.drawdowns.get(drawdown.drawdownId);
  if (known === undefined) {
    const record = decideDrawdown(parts.book, lineReference, drawdown);
    await keep(parts, record);
    return record.result;
  }
  await parts.journal.settled();
  const same =
    known.lineReference === lineReference && known.drawdown.amountMinor === drawdown.amountMinor;
  return same ? known.result : { conflict: true };
}

/** References in order, sorted again only when there are more of them: none is ever taken away. */
function sortedReferences({ accounts }: Book): () => readonly string[] {
  let sorted: readonly string[] = [];
  return () => {
    if (sorted.length !== accounts.size) sorted = [...accounts.keys()].toSorted(compareText);
    return sorted;
  };
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

function firstAfter(sorted: readonly string[], after: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? "") > after) high = middle;
    else low = middle + 1;
  }
  return low;
}
