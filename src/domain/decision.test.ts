// A decision has one life: it moves forward, and what has ended stays ended.

import { expect, test } from "vitest";
import { decisionStates, hasEnded, mayFollow } from "./decision.ts";

test("every move of a decision's life", () => {
  const moves = decisionStates.map(
    (from) => `${from} → ${decisionStates.filter((to) => mayFollow(from, to)).join(" ") || "–"}`,
  );
  expect(moves).toEqual([
    "proposed → paced in-review approved withdrawn refused",
    "paced → in-review approved withdrawn refused",
    "in-review → approved withdrawn refused",
    "approved → offered noticed withdrawn refused",
    "offered → in-review approved withdrawn refused",
    "noticed → executed withdrawn refused",
    "executed → –",
    "withdrawn → –",
    "refused → –",
  ]);
  expect(decisionStates.filter(hasEnded)).toEqual(["executed", "withdrawn", "refused"]);
});
