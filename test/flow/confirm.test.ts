// The core system and we agree, or our book goes back to what the core system has.

import { expect, test } from "vitest";
import { command, decideOn, decisionId, later, lineId, noticed } from "../support/given.ts";

test("an applied operation ends the decision as executed", () => {
  const state = noticed();
  decideOn(state, command("Apply", decisionId), later);
  const confirm = command("ConfirmExecution", decisionId, {
    result: "applied",
    limitMinor: 600_000,
    drawnMinor: 250_000,
    pendingMinor: 0,
  });
  expect(decideOn(state, confirm, later)).toEqual(["ExecutionConfirmed"]);
  expect(state.decisions.get(decisionId)!.state).toBe("executed");
  expect(state.lines.get(lineId)).toMatchObject({
    drawnMinor: 250_000,
    lastDecreaseOn: "2026-03-12",
  });
  expect(decideOn(state, confirm, later)).toEqual([]);
});

test("what the core system refuses is taken back to what it has", () => {
  const state = noticed();
  decideOn(state, command("Apply", decisionId), later);
  const refused = command("ConfirmExecution", decisionId, {
    result: "refused",
    because: "below-drawn",
    limitMinor: 1_000_000,
    drawnMinor: 800_000,
    pendingMinor: 0,
  });
  expect(decideOn(state, refused, later)).toEqual(["ExecutionDisputed", "DecisionRefused"]);
  expect(state.lines.get(lineId)).toMatchObject({
    limitMinor: 1_000_000,
    drawnMinor: 800_000,
    lastDecreaseOn: null,
  });
  expect(state.decisions.get(decisionId)).toMatchObject({
    state: "refused",
    endedBecause: "core-refused",
  });
});

test("an account that the core system does not know keeps our balances", () => {
  const state = noticed();
  decideOn(state, command("Apply", decisionId), later);
  const unknown = command("ConfirmExecution", decisionId, {
    result: "refused",
    because: "unknown-account",
    limitMinor: 0,
    drawnMinor: 0,
    pendingMinor: 0,
  });
  decideOn(state, unknown, later);
  expect(state.lines.get(lineId)).toMatchObject({ limitMinor: 1_000_000, drawnMinor: 200_000 });
});
