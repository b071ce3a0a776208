// The simulated core system without its network: requests are decided one after another, each is on the disk
// before it is answered, and the same id is the same operation for ever, also across restarts.

import type { Id } from "../../domain/id.ts";
import type { CoreAccount, CoreOperation, CoreResult } from "../../flow/ports.ts";
import { operationText, type Drawdown } from "../core/core-protocol.ts";
import {
  applyRecord,
  decideDrawdown,
  decideOperation,
  emptyBook,
  leftMinor,
  type BookRecord,
  type DrawdownResult,
} from "./core-book.ts";
import { openJournal } from "./journal.ts";

/** An id that already stands for another request. */
export type Conflict = Readonly<{ conflict: true }>;

/** Drawn just before an operation, as a customer who is faster than the cut. */
export type Before = Readonly<{ declined: boolean; drawdown: boolean }>;

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
  let sorted: readonly string[] | null = null;

  // Deciding and applying happen in one turn of the event loop, so that requests never mix.
  const keep = async (record: BookRecord): Promise<void> => {
    applyRecord(book, record);
    await journal.append(record);
  };

  return {
    load: async (accounts) => {
      const added = accounts.filter(({ lineReference }) => !book.accounts.has(lineReference));
      sorted = null;
      if (added.length > 0) await keep({ kind: "accounts", accounts: added });
      return { added: added.length, kept: accounts.length - added.length };
    },
    operate: async (operation, before) => {
      const known = book.operations.get(operation.operationId);
      if (known !== undefined) {
        await journal.settled();
        const same = operationText(known.operation) === operationText(operation);
        return same ? { result: known.result, fresh: false } : { conflict: true };
      }
      const drawn = before.drawdown ? keepDrawdownBefore(operation) : Promise.resolve();
      const record = decideOperation(book, operation, before.declined);
      await Promise.all([drawn, keep(record)]);
      return { result: record.result, fresh: true };
    },
    find: async (operationId) => {
      await journal.settled();
      return book.operations.get(operationId)?.result ?? null;
    },
    draw: async (lineReference, drawdown) => {
      const known = book.drawdowns.get(drawdown.drawdownId);
      if (known !== undefined) {
        await journal.settled();
        const same =
          known.lineReference === lineReference &&
          known.drawdown.amountMinor === drawdown.amountMinor;
        return same ? known.result : { conflict: true };
      }
      const record = decideDrawdown(book, lineReference, drawdown);
      await keep(record);
      return record.result;
    },
    page: async (after, limit) => {
      await journal.settled();
      sorted ??= [...book.accounts.keys()].toSorted(compareText);
      const start = after === null ? 0 : firstAfter(sorted, after);
      return sorted.slice(start, start + limit).map((key) => book.accounts.get(key) as CoreAccount);
    },
    counts: () => ({
      accounts: book.accounts.size,
      operations: book.operations.size,
      drawdowns: book.drawdowns.size,
    }),
    close: () => journal.close(),
  };

  async function keepDrawdownBefore(operation: CoreOperation): Promise<void> {
    const account = book.accounts.get(operation.lineReference);
    const amountMinor = account === undefined ? 0 : leftMinor(account);
    if (amountMinor === 0) return;
    const drawdown = { drawdownId: `before-${operation.operationId}`, amountMinor };
    await keep(decideDrawdown(book, operation.lineReference, drawdown));
  }
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
