// Rows come out of the waiting room as they went in, in their order, bucket by bucket.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { LineRow } from "./apply-mapping.ts";
import { waitingRows } from "./waiting-rows.ts";

const row: LineRow = {
  customerReference: "C-1",
  lineReference: "L-1",
  portfolio: "cards",
  product: "card",
  jurisdiction: "cn",
  currency: "CNY",
  language: "zh",
  limitMinor: 1,
  drawnMinor: -2,
  pendingMinor: 3,
  status: "active",
  openedOn: null,
  asOf: "2026-02-28" as LineRow["asOf"],
  identity: {},
  values: [1, null, true, "M0"],
};

test("rows come out as they went in, whatever they hold", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(1023), fc.string({ unit: "grapheme" }), fc.string()), {
        maxLength: 60,
      }),
      (given) => {
        const waiting = waitingRows();
        const expected = new Map<number, unknown[]>();
        given.forEach(([bucket, name, reference], index) => {
          const one = { ...row, identity: { name }, lineReference: reference };
          waiting.add(bucket, index + 2, one);
          const came = { line: index + 2, row: one };
          expected.set(bucket, [...(expected.get(bucket) ?? []), came]);
        });
        expect(waiting.size()).toBe(given.length);
        for (const [bucket, rows] of expected) expect(waiting.take(bucket)).toEqual(rows);
        expect(waiting.size()).toBe(0);
      },
    ),
  );
});

test("the fullest bucket is first, and an emptied one can be filled again", () => {
  const waiting = waitingRows();
  for (const bucket of [5, 9, 9, 0, 9, 0]) waiting.add(bucket, 2, row);
  expect(waiting.fullest()).toEqual([9, 0, 5]);
  expect(waiting.take(9)).toHaveLength(3);
  expect(waiting.take(9)).toEqual([]);
  expect(waiting.fullest()).toEqual([0, 5]);
  waiting.add(9, 7, row);
  expect(waiting.take(9)).toMatchObject([{ line: 7, row }]);
});

test("the memory held is known, grows with the rows and is given back by large buckets", () => {
  const waiting = waitingRows();
  expect(waiting.bytes()).toBe(0);
  const long = { ...row, identity: { address: "样例路".repeat(2_000) } };
  for (let line = 2; line < 12; line += 1) waiting.add(3, line, long);
  expect(waiting.bytes()).toBeGreaterThan(10 * 18_000);
  expect(waiting.bytes()).toBeLessThan(2 * 10 * 18_400);
  expect(waiting.take(3)).toHaveLength(10);
  expect(waiting.bytes()).toBe(0);
});
