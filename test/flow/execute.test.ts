// Nothing is executed before the notice gate opens, on a line that changed, or twice; and what the core
// system refuses is taken back.

import { expect, test } from "vitest";
import {
  command,
  decideOn,
  decisionId,
  idOf,
  later,
  line,
  lineId,
  noticed,
} from "../support/given.ts";

test("before the period has run, a person is refused and the timer waits again", () => {
  const apply = command("Apply", decisionId);
  expect(decideOn(noticed(), apply)).toBe("gate-closed");
  const state = noticed();
  expect(decideOn(state, { ...apply, timerId: idOf("timer") })).toEqual(["ExecutionDeferred"]);
  expect(state.lines.get(lineId)!.limitMinor).toBe(1_000_000);
});

test("through the gate, our book moves and one operation goes to the core system", () => {
  const state = noticed();
  expect(decideOn(state, command("Apply", decisionId), later)).toEqual(["LimitDecreased"]);
  expect(state.lines.get(lineId)).toMatchObject({
    limitMinor: 600_000,
    lastDecreaseOn: null,
    ver: 4,
  });
  const sent = state.outbox.filter((entry) => entry.kind === "core.apply");
  expect(sent).toHaveLength(1);
  expect(sent[0]!.body).toMatchObject({
    operation: { fromMinor: 1_000_000, toMinor: 600_000, belowDrawn: false },
    fromStatus: "active",
  });
  expect(decideOn(state, command("Apply", decisionId), later)).toEqual([]);
});

test("a line that changed since the decision is not cut on the old grounds", () => {
  const state = noticed();
  state.lines.set(lineId, line({ ver: 5 }));
  expect(decideOn(state, command("Apply", decisionId), later)).toEqual(["DecisionWithdrawn"]);
  expect(state.decisions.get(decisionId)!.endedBecause).toBe("line-changed");
});

test("money drawn since the notice stops the cut", () => {
  const state = noticed();
  state.lines.set(lineId, line({ drawnMinor: 900_000 }));
  expect(decideOn(state, command("Apply", decisionId), later)).toEqual(["DecisionRefused"]);
  expect(state.decisions.get(decisionId)!.endedBecause).toBe("below-drawn");
});
