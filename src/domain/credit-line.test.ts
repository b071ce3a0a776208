// The transition table of the docs is the one in the code, and nothing leaves an exited line.

import { expect, test } from "vitest";
import {
  availableCreditMinor,
  lineStatuses,
  statusAfter,
  usedMinor,
  type CreditLine,
  type LineChange,
} from "./credit-line.ts";

const changes: readonly LineChange[] = [
  "decrease",
  "freeze",
  "reinstate",
  "restore",
  "close",
  "settle",
  "reopen",
  "exit",
];

test("every cell of the transition table", () => {
  const cells = lineStatuses.map((from) =>
    [from, ...changes.map((change) => statusAfter(from, change) ?? "–")].join(" "),
  );
  expect(cells).toEqual([
    "active active frozen – active closing – – exited",
    "frozen frozen – active – closing – – exited",
    "closing – – – – – closed active exited",
    "closed – – – – – – active –",
    "exited – – – – – – – –",
  ]);
});

test("available credit is never negative and only an active line has any", () => {
  const line = {
    limitMinor: 1000,
    drawnMinor: 300,
    pendingMinor: 100,
    status: "active",
  } as CreditLine;
  expect(availableCreditMinor(line)).toBe(600);
  expect(availableCreditMinor({ ...line, drawnMinor: 2000 })).toBe(0);
  expect(availableCreditMinor({ ...line, status: "frozen" })).toBe(0);
  expect(usedMinor({ ...line, drawnMinor: -500 })).toBe(0);
});
