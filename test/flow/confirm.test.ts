// The core system and we agree, or our book goes back to what the core system has.

import { expect, test } from "vitest";
import {
  command,
  decideOn,
  decision,
  decisionId,
  emptyState,
  later,
  line,
  lineId,
  noticed,
} from "../support/given.ts";

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
    balanceAsOf: "2026-03-12",
    lastDecreaseOn: "2026-03-12",
  });
  expect(decideOn(state, confirm, later)).toEqual([]);
});

test("what the core system refuses is taken back to what it has", () => {
  const state = noticed();
  decideOn(state, command("Apply", decisionId), later);
  const refused = command("ConfirmExecution", decisionId, {
    result: "refused",
    fromStatus: "active",
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
    fromStatus: "active",
    because: "unknown-account",
    limitMinor: 0,
    drawnMinor: 0,
    pendingMinor: 0,
  });
  decideOn(state, unknown, later);
  expect(state.lines.get(lineId)).toMatchObject({
    ...{ limitMinor: 1_000_000, drawnMinor: 200_000, balanceAsOf: null },
  });
});

test("a close that the core system refuses leaves a frozen line frozen", () => {
  const state = emptyState();
  state.lines.set(lineId, line({ status: "frozen" }));
  state.decisions.set(
    decisionId,
    decision("approved", { outcome: { action: "close", fromMinor: 1_000_000 } }),
  );
  decideOn(state, command("IssueNotice", decisionId));
  expect(decideOn(state, command("Apply", decisionId), later)).toEqual(["LineClosed"]);
  const sent = state.outbox.find((entry) => entry.kind === "core.apply")!;
  const refused = command("ConfirmExecution", decisionId, {
    result: "refused",
    because: "declined",
    limitMinor: 1_000_000,
    drawnMinor: 200_000,
    pendingMinor: 0,
    fromStatus: sent.body["fromStatus"],
  });
  decideOn(state, refused, later);
  expect(state.lines.get(lineId)!.status).toBe("frozen");
});

test("an applied operation that ends at another limit than ours is a dispute", () => {
  const state = noticed();
  decideOn(state, command("Apply", decisionId), later);
  const other = command("ConfirmExecution", decisionId, {
    result: "applied",
    limitMinor: 550_000,
    drawnMinor: 0,
    pendingMinor: 0,
    fromStatus: "active",
  });
  expect(decideOn(state, other, later)).toEqual(["ExecutionDisputed", "DecisionRefused"]);
  expect(state.lines.get(lineId)!.limitMinor).toBe(550_000);
});
