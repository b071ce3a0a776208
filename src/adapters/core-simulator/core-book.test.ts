// The core system's rules: one row for each refusal, in the order in which they are checked, and what each change
// does to an account.

import { describe, expect, test } from "vitest";
import type { CoreAccount, CoreOperation } from "../../flow/core-ports.ts";
import { coreRefusals } from "../core/core-protocol.ts";
import { applyRecord, decideDrawdown, decideOperation, emptyBook, type Book } from "./core-book.ts";

const account: CoreAccount = {
  lineReference: "A1",
  limitMinor: 1_000,
  drawnMinor: 600,
  pendingMinor: 50,
  status: "active",
  currency: "CNY",
};

const operation: CoreOperation = {
  operationId: "00400000-0000-8000-8000-000000000001",
  lineReference: "A1",
  action: "decrease",
  fromMinor: 1_000,
  toMinor: 700,
  currency: "CNY",
  belowDrawn: false,
};

function bookOf(change: Partial<CoreAccount> = {}): Book {
  const book = emptyBook();
  applyRecord(book, { kind: "accounts", accounts: [{ ...account, ...change }] });
  return book;
}

describe("an operation is refused", () => {
  const wrong: Partial<CoreOperation> = { currency: "TWD", fromMinor: 2_000, toMinor: 3_000 };

  test.each<readonly [string, Partial<CoreOperation>, Partial<CoreAccount>, boolean]>([
    ["declined", { ...wrong, lineReference: "A2" }, { status: "closed" }, true],
    ["unknown-account", { ...wrong, lineReference: "A2" }, { status: "closed" }, false],
    ["currency-differs", wrong, { status: "closed" }, false],
    ["account-closed", { ...wrong, currency: "CNY" }, { status: "closing" }, false],
    ["limit-differs", { ...wrong, currency: "CNY" }, {}, false],
    ["not-a-decrease", { toMinor: 1_001 }, {}, false],
    ["not-a-decrease", { toMinor: 1_000 }, {}, false],
    ["below-drawn", { toMinor: 649 }, {}, false],
  ])("%s", (because, asked, change, declined) => {
    const { result, account: changed } = decideOperation(
      bookOf(change),
      { ...operation, ...asked },
      declined,
    );
    expect(result).toMatchObject({ result: "refused", because });
    expect(changed).toBeNull();
    expect(Object.keys(coreRefusals)).toContain(because);
  });

  test("with the balances that the core system has", () => {
    expect(decideOperation(bookOf(), { ...operation, toMinor: 1 }, false).result).toEqual({
      result: "refused",
      because: "below-drawn",
      limitMinor: 1_000,
      drawnMinor: 600,
      pendingMinor: 50,
    });
  });

  test("with the asked limit where there is no account", () => {
    expect(decideOperation(emptyBook(), operation, false).result).toEqual({
      result: "refused",
      because: "unknown-account",
      limitMinor: 1_000,
      drawnMinor: 0,
      pendingMinor: 0,
    });
  });
});

describe("an operation is applied", () => {
  test.each<readonly [string, Partial<CoreOperation>, Partial<CoreAccount>, Partial<CoreAccount>]>([
    [
      "a decrease down to what is drawn",
      { toMinor: 650 },
      {},
      { limitMinor: 650, status: "active" },
    ],
    [
      "a decrease below what is drawn where that is allowed",
      { toMinor: 0, belowDrawn: true },
      {},
      { limitMinor: 0 },
    ],
    [
      "a decrease of a frozen account",
      {},
      { status: "frozen" },
      { limitMinor: 700, status: "frozen" },
    ],
    [
      "a freeze, whatever is drawn",
      { action: "freeze", toMinor: 1_000 },
      { drawnMinor: 2_000 },
      { status: "frozen" },
    ],
    [
      "a freeze of a frozen account",
      { action: "freeze", toMinor: 1_000 },
      { status: "frozen" },
      { status: "frozen" },
    ],
    ["a closure with a balance", { action: "close", toMinor: 1_000 }, {}, { status: "closing" }],
    [
      "a closure without one",
      { action: "close", toMinor: 1_000 },
      { drawnMinor: -50 },
      { status: "closed" },
    ],
    [
      "a closure of an account that closes",
      { action: "close", toMinor: 1_000 },
      { status: "closing", drawnMinor: 0, pendingMinor: 0 },
      { status: "closed" },
    ],
  ])("%s", (_, asked, change, expected) => {
    const book = bookOf(change);
    const record = decideOperation(book, { ...operation, ...asked }, false);
    applyRecord(book, record);
    expect(record.result.result).toBe("applied");
    expect(book.accounts.get("A1")).toMatchObject(expected);
  });
});

describe("a drawdown", () => {
  test.each<readonly [string, number, Partial<CoreAccount>, object]>([
    ["takes what is left", 350, {}, { result: "applied", drawnMinor: 950 }],
    [
      "never more than is left",
      351,
      {},
      { result: "refused", because: "not-available", drawnMinor: 600 },
    ],
    [
      "nothing from a frozen account",
      1,
      { status: "frozen" },
      { result: "refused", because: "not-available" },
    ],
  ])("takes %s", (_, amountMinor, change, expected) => {
    expect(
      decideDrawdown(bookOf(change), "A1", { drawdownId: "d1", amountMinor }).result,
    ).toMatchObject(expected);
  });

  test("needs an account", () => {
    expect(
      decideDrawdown(bookOf(), "A2", { drawdownId: "d1", amountMinor: 1 }).result,
    ).toMatchObject({
      because: "unknown-account",
    });
  });
});
