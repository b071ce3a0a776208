// One live decision per line and area, on the line as it was assessed, within what line and law allow.

import { describe, expect, test } from "vitest";
import type { State } from "../../src/flow/state.ts";
import {
  actor,
  command,
  context,
  decideCommand,
  decideOn,
  decision,
  decisionId,
  emptyState,
  idOf,
  pack,
  withLine,
} from "../support/given.ts";

describe("deciding is refused, in order of precedence", () => {
  const withDecision = (state: Parameters<typeof decision>[0], more = {}): State => {
    const busy = withLine();
    const other = idOf("other");
    busy.decisions.set(other, decision(state, { id: other, ...more }));
    return busy;
  };
  test.each([
    ["an unknown line", () => emptyState(), decideCommand(), "not-found"],
    [
      "a line with a live decision",
      () => withDecision("in-review"),
      decideCommand(),
      "already-exists",
    ],
    [
      "a line under an override",
      () => withDecision("withdrawn", { overrideExpiresOn: "2026-04-01" }),
      decideCommand(),
      "already-exists",
    ],
    [
      "a line in another currency",
      () => withLine({ currency: "USD" }),
      decideCommand(),
      "currency-mismatch",
    ],
    ["a closed line", () => withLine({ status: "closed" }), decideCommand(), "wrong-state"],
    [
      "a line that changed since it was assessed",
      () => withLine(),
      decideCommand({ lineVer: 2 }),
      "stale-approval",
    ],
    [
      "a limit that would not fall",
      () => withLine({ limitMinor: 500_000 }),
      decideCommand(),
      "not-a-decrease",
    ],
    [
      "a limit below what is drawn",
      () => withLine({ drawnMinor: 700_000 }),
      decideCommand(),
      "below-drawn",
    ],
    [
      "no outcome at all",
      () => withLine(),
      decideCommand({ outcome: { action: "none" } }),
      "invalid",
    ],
  ])("%s", (_name, state, when, refusal) => {
    expect(decideOn(state(), when)).toBe(refusal);
  });

  test("an override that has ended keeps nobody away", () => {
    const state = withDecision("withdrawn", { overrideExpiresOn: "2026-03-01" });
    expect(decideOn(state, decideCommand())).toEqual(["DecisionMade", "ReviewOpened"]);
  });
});

test("a straight-through route approves at once, a review asks a person", () => {
  expect(decideOn(withLine(), decideCommand({ route: "straight-through" }))).toEqual([
    "DecisionMade",
    "DecisionApproved",
  ]);
  const state = withLine();
  expect(decideOn(state, decideCommand({ route: "four-eyes" }))).toEqual([
    "DecisionMade",
    "ReviewOpened",
  ]);
  expect(state.decisions.get(decisionId)!.state).toBe("in-review");
  expect([...state.reviews.values()][0]).toMatchObject({ route: "four-eyes", state: "open" });
});

test("straight-through becomes a review where the notice rule is unconfirmed", () => {
  const period = { when: "before", days: 10, counting: "calendar" } as const;
  const unsure = pack({
    notice: {
      ...pack().notice,
      decrease: { value: period, status: "unconfirmed", source: "from memory" },
    },
  });
  const events = decideOn(
    withLine(),
    decideCommand({ route: "straight-through" }),
    context({ pack: () => unsure }),
  );
  expect(events).toEqual(["DecisionMade", "ReviewOpened"]);
});

test("deciding the same again changes nothing", () => {
  const state = withLine();
  decideOn(state, decideCommand());
  expect(decideOn(state, decideCommand())).toEqual([]);
});

test("withdrawing ends a decision, its review and its waits, and gives its turns back", () => {
  const state = withLine();
  const turns = [{ ledger: "s/daily", window: "day", cap: 10, amount: 5 }];
  const made = decideCommand();
  decideOn(state, { ...made, body: { ...made.body, turns } });
  const withdraw = command(
    "Withdraw",
    decisionId,
    { reason: "late payment" },
    actor("kim", "approver"),
  );
  expect(decideOn(state, withdraw)).toEqual(["DecisionWithdrawn"]);
  expect([...state.reviews.values()][0]).toMatchObject({
    state: "resolved",
    resolution: "withdrawn",
  });
  expect([...state.timers.values()].every((timer) => timer.state === "cancelled")).toBe(true);
  expect(state.outbox.map((entry) => entry.kind)).toEqual(["budget.release"]);
  expect(decideOn(state, withdraw)).toBe("already-resolved");
});
