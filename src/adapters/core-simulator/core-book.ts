// The accounts of the simulated core system and the rules by which it changes them. What happened is a record;
// memory is nothing but the records applied in order, so that a restart ends in the same state.

import type { Id } from "../../domain/id.ts";
import type { CoreAccount, CoreOperation, CoreResult } from "../../flow/core-ports.ts";
import type { CoreRefusal, Drawdown } from "../core/core-protocol.ts";

/** Answer to a drawdown; amounts after it. */
export type DrawdownResult = CoreResult;

export type BookRecord =
  | Readonly<{ kind: "accounts"; accounts: readonly CoreAccount[] }>
  | Readonly<{
      kind: "operation";
      operation: CoreOperation;
      result: CoreResult;
      account: CoreAccount | null;
    }>
  | Readonly<{
      kind: "drawdown";
      lineReference: string;
      drawdown: Drawdown;
      result: DrawdownResult;
      account: CoreAccount | null;
    }>;

type OperationRecord = BookRecord & { kind: "operation" };
type DrawdownRecord = BookRecord & { kind: "drawdown" };

/** The state of the core system. Changed by {@link applyRecord} only. */
export type Book = Readonly<{
  accounts: Map<string, CoreAccount>;
  operations: Map<Id, OperationRecord>;
  drawdowns: Map<string, DrawdownRecord>;
}>;

export function emptyBook(): Book {
  return { accounts: new Map(), operations: new Map(), drawdowns: new Map() };
}

/** Puts a record into the book: at once when it happens and again at every start. */
export function applyRecord(book: Book, record: BookRecord): void {
  switch (record.kind) {
    case "accounts":
      for (const account of record.accounts) book.accounts.set(account.lineReference, account);
      return;
    case "operation":
      book.operations.set(record.operation.operationId, record);
      if (record.account !== null) book.accounts.set(record.account.lineReference, record.account);
      return;
    case "drawdown":
      book.drawdowns.set(record.drawdown.drawdownId, record);
      if (record.account !== null) book.accounts.set(record.account.lineReference, record.account);
  }
}

/**
 * What an operation would do now. Refusals in order: declined, unknown account, another currency, account
 * closed, another limit than expected, no increase where one is given back, no decrease, below what is drawn. Freezing a
 * frozen account, closing a closed one and opening an open one change nothing and count as applied. Amounts of an unknown account are the asked
 * limit and zeros, because there are none.
 */
export function decideOperation(
  book: Book,
  operation: CoreOperation,
  declined: boolean,
): OperationRecord {
  const account = book.accounts.get(operation.lineReference);
  const because = declined ? "declined" : refusalOf(account, operation);
  if (account === undefined || because !== null) {
    const result = refusedResult(account, operation.fromMinor, because ?? "unknown-account");
    return { kind: "operation", operation, result, account: null };
  }
  const changed = changedAccount(account, operation);
  return {
    kind: "operation",
    operation,
    result: { result: "applied", ...balances(changed) },
    account: changed,
  };
}

/** What a drawdown would do now: refused when the account is unknown, not active, or has too little left. */
export function decideDrawdown(
  book: Book,
  lineReference: string,
  drawdown: Drawdown,
): DrawdownRecord {
  const account = book.accounts.get(lineReference);
  const because = drawdownRefusal(account, drawdown.amountMinor);
  if (account === undefined || because !== null) {
    const result = refusedResult(account, 0, because ?? "unknown-account");
    return { kind: "drawdown", lineReference, drawdown, result, account: null };
  }
  const changed = { ...account, drawnMinor: account.drawnMinor + drawdown.amountMinor };
  const result: DrawdownResult = { result: "applied", ...balances(changed) };
  return { kind: "drawdown", lineReference, drawdown, result, account: changed };
}

/** What may still be drawn, minor units. */
export function leftMinor(account: CoreAccount): number {
  if (account.status !== "active") return 0;
  return Math.max(0, account.limitMinor - account.drawnMinor - account.pendingMinor);
}

function refusalOf(account: CoreAccount | undefined, operation: CoreOperation): CoreRefusal | null {
  if (account === undefined) return "unknown-account";
  if (account.currency !== operation.currency) return "currency-differs";
  const ended = account.status === "closing" || account.status === "closed";
  if (ended && !["close", "reopen"].includes(operation.action)) return "account-closed";
  if (account.limitMinor !== operation.fromMinor) return "limit-differs";
  if (operation.action === "restore") {
    return operation.toMinor > operation.fromMinor ? null : "not-an-increase";
  }
  if (operation.toMinor > operation.fromMinor) return "not-a-decrease";
  if (operation.action !== "decrease") return null;
  if (operation.toMinor === operation.fromMinor) return "not-a-decrease";
  return operation.toMinor < usedOf(account) && !operation.belowDrawn ? "below-drawn" : null;
}

function drawdownRefusal(
  account: CoreAccount | undefined,
  amountMinor: number,
): CoreRefusal | null {
  if (account === undefined) return "unknown-account";
  return amountMinor > leftMinor(account) ? "not-available" : null;
}

function changedAccount(account: CoreAccount, { action, toMinor }: CoreOperation): CoreAccount {
  switch (action) {
    case "decrease":
    case "restore":
      return { ...account, limitMinor: toMinor };
    case "reinstate":
    case "reopen":
      return { ...account, limitMinor: toMinor, status: "active" };
    case "freeze":
      return { ...account, limitMinor: toMinor, status: "frozen" };
    case "close":
      return {
        ...account,
        limitMinor: toMinor,
        status: usedOf(account) === 0 ? "closed" : "closing",
      };
  }
}

function usedOf({ drawnMinor, pendingMinor }: CoreAccount): number {
  return Math.max(0, drawnMinor + pendingMinor);
}

function refusedResult(
  account: CoreAccount | undefined,
  askedMinor: number,
  because: CoreRefusal,
): CoreResult & { result: "refused" } {
  const unknown = { limitMinor: askedMinor, drawnMinor: 0, pendingMinor: 0 };
  return { result: "refused", because, ...(account === undefined ? unknown : balances(account)) };
}

function balances({ limitMinor, drawnMinor, pendingMinor }: CoreAccount): {
  limitMinor: number;
  drawnMinor: number;
  pendingMinor: number;
} {
  return { limitMinor, drawnMinor, pendingMinor };
}
