// Words on a balance lead to the same balance in whatever order they arrive, and what is kept for that is bounded.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { afterBalance, afterMovement, daysKept, type Balance } from "./balance.ts";
import { addDays, type BusinessDate } from "./calendar.ts";

const first = "2026-03-01" as BusinessDate;
const day = (number: number): BusinessDate => addDays(first, number);

/** A balance of the first day. */
const start: Balance = {
  drawnMinor: 1_000,
  pendingMinor: 7,
  balanceAsOf: first,
  movements: null,
};

/** A word of a day: a balance, or what one movement comes to. */
type Word = Readonly<{ on: BusinessDate } & ({ drawnMinor: number } | { netMinor: number })>;

const balance = (on: number, drawnMinor: number): Word => ({ on: day(on), drawnMinor });
const moved = (on: number, netMinor: number): Word => ({ on: day(on), netMinor });

function told(words: readonly Word[], from = start): Balance {
  return words.reduce<Balance>(
    (row, word) =>
      "netMinor" in word
        ? afterMovement(row, word)
        : afterBalance(row, { asOf: word.on, drawnMinor: word.drawnMinor, pendingMinor: 0 }),
    from,
  );
}

test("words of different days lead to the same balance in any order", () => {
  const amount = fc.integer({ min: -1_000_000, max: 1_000_000 });
  const word = fc.record({ on: fc.integer({ min: -5, max: 60 }), balance: fc.boolean(), amount });
  const words = fc.uniqueArray(word, { selector: ({ on }) => on, maxLength: daysKept });
  const both = words.chain((list) =>
    fc.tuple(
      fc.constant(list),
      fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length }),
    ),
  );
  fc.assert(
    fc.property(both, ([list, shuffled]) => {
      const [ordered, other] = [list.toSorted((one, two) => one.on - two.on), shuffled].map((all) =>
        told(all.map((one) => (one.balance ? balance : moved)(one.on, one.amount))),
      );
      expect(other).toEqual(ordered);
    }),
  );
});

describe("a balance", () => {
  test("that arrives after movements of later days is counted with them", () => {
    const words = [moved(5, 40), moved(7, -10), balance(3, 500)];
    expect(told(words)).toEqual({
      ...{ drawnMinor: 530, pendingMinor: 0, balanceAsOf: day(3) },
      movements: [
        { on: day(5), netMinor: 40 },
        { on: day(7), netMinor: -10 },
      ],
    });
    const next = told([...words, balance(6, 800)]);
    expect(next).toMatchObject({
      drawnMinor: 790,
      movements: [{ on: day(7), netMinor: -10 }],
    });
    expect(told([...words, balance(7, 900)])).toMatchObject({ drawnMinor: 900, movements: null });
  });

  test("older than the newest one changes nothing, nor does a movement of a day before it", () => {
    const newest = told([balance(5, 500)]);
    expect(told([balance(4, 1), moved(4, 99)], newest)).toEqual(newest);
  });

  test("covers the movements of its day that came before it; those that come later count on top", () => {
    expect(told([moved(5, 40), balance(5, 500)])).toMatchObject({ drawnMinor: 500 });
    const after = told([balance(5, 500), moved(5, 40)]);
    expect(after).toMatchObject({ drawnMinor: 540, movements: null });
    expect(told([balance(5, 600)], after)).toMatchObject({ drawnMinor: 600 });
  });
});

describe("days beyond those that are kept apart", () => {
  const days = Array.from({ length: daysKept + 5 }, (_, index) =>
    moved(index + 1, 10 ** 3 + index),
  );
  const all = told(days);

  test("become one sum under the last of their dates, and nothing is lost", () => {
    const total = days.reduce((sum, word) => sum + ("netMinor" in word ? word.netMinor : 0), 0);
    expect(all).toMatchObject({ drawnMinor: start.drawnMinor + total });
    expect(all.movements).toHaveLength(daysKept + 1);
    expect(all.movements?.[0]).toEqual({
      on: day(5),
      netMinor: 1_000 + 1_001 + 1_002 + 1_003 + 1_004,
    });
    expect(told([moved(2, 7)], all)).toMatchObject({
      drawnMinor: all.drawnMinor + 7,
      movements: [{ on: day(5), netMinor: 5_017 }, ...all.movements!.slice(1)],
    });
  });

  test("are covered by a balance as a whole or not at all", () => {
    expect(told([balance(4, 1)], all)).toEqual(all);
    const covered = told([balance(5, 0)], all);
    expect(covered.movements).toEqual(all.movements!.slice(1));
    expect(covered.drawnMinor).toBe(all.drawnMinor - start.drawnMinor - 5_010);
  });
});
