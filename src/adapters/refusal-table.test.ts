// One table for all refusals: complete, and in the ranges that HTTP and shells give meaning to.

import { expect, test } from "vitest";
import { refusals, type RefusalCode } from "../domain/refusal.ts";
import { exitCodes, refusalTable } from "./refusal-table.ts";

test("every refusal has an answer, and there is no answer without a refusal", () => {
  expect(Object.keys(refusalTable).toSorted()).toEqual(Object.keys(refusals).toSorted());
});

test.each(Object.keys(refusals) as RefusalCode[])(
  "%s is a client error, or says to come again, with an exit code",
  (code) => {
    const { httpStatus, exitCode } = refusalTable[code];
    // Who sends too much at once has done nothing wrong.
    if (code === "busy") expect(httpStatus).toBe(503);
    else expect(httpStatus).toBeGreaterThanOrEqual(400);
    expect(httpStatus).toBeLessThanOrEqual(code === "busy" ? 503 : 499);
    expect(exitCode).toBeGreaterThanOrEqual(64);
    expect(exitCode).toBeLessThanOrEqual(78);
    // A bug of ours never looks like a refusal.
    expect(exitCode).not.toBe(exitCodes.bug);
  },
);
