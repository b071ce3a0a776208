// One live decision per line and area, on the line as it was assessed, within what line and law allow.

import { describe, expect, test } from "vitest";
import type { Outcome, Route } from "../../src/domain/assessment.ts";
import type { State } from "../../src/flow/state.ts";
import {
  actor,
  assessment,
  command,
  context,
  cut,
  decideOn,
  decision,
  decisionId,
  emptyState,
  idOf,
  line,
  lineId,
  now,
  pack,
} from "../support/given.ts";

function given(change: Parameters<typeof line>[0] = {}): State {
  const state = emptyState();
  state.lines.set(lineId, line(change));
  return state;
}

function decide(
  change: Partial<{
    outcome: Outcome;
    route: Route;
    lineVer: number;
    granted: boolean;
    id: string;
  }> = {},
) {
  return command("Decide", lineId, {
    decisionId: change.id ?? decisionId,
    assessment: assessment(change.outcome ?? cut, change.route),
    area: "limit-decrease",
    cause: "behaviour",
    causeId: idOf("sweep"),
    knownAt: now,
    lineVer: change.lineVer ?? 3,
    maker: "ann",
    turns: [],
    granted: change.granted ?? true,
  });
}

describe("deciding is refused, in order of precedence", () => {
  const withDecision = (state: Parameters<typeof decision>[0], more = {}): State => {
    const busy = given();
    const other = idOf("other");
    busy.decisions.set(other, decision(state, { id: other, ...more }));
    return busy;
  };
  test.each([
    ["an unknown line", () => emptyState(), decide(), "not-found"],
    ["a line with a live decision", () => withDecision("in-review"), decide(), "already-exists"],
    [
      "a line under an override",
      () => withDecision("withdrawn", { overrideExpiresOn: "2026-04-01" }),
      decide(),
      "already-exists",
    ],
    ["a line in another currency", () => given({ currency: "USD" }), decide(), "currency-mismatch"],
    ["a closed line", () => given({ status: "closed" }), decide(), "wrong-state"],
    [
      "a line that changed since it was assessed",
      () => given(),
      decide({ lineVer: 2 }),
      "stale-approval",
    ],
    [
      "a limit that would not fall",
      () => given({ limitMinor: 500_000 }),
      decide(),
      "not-a-decrease",
    ],
    ["a limit below what is drawn", () => given({ drawnMinor: 700_000 }), decide(), "below-drawn"],
    ["no outcome at all", () => given(), decide({ outcome: { action: "none" } }), "invalid"],
  ])("%s", (_name, state, when, refusal) => {
    expect(decideOn(state(), when)).toBe(refusal);
  });

  test("an override that has ended keeps nobody away", () => {
    const state = withDecision("withdrawn", { overrideExpiresOn: "2026-03-01" });
    expect(decideOn(state, decide())).toEqual(["DecisionMade", "ReviewOpened"]);
  });
});

test("a straight-through route approves at once, a review asks a person", () => {
  expect(decideOn(given(), decide({ route: "straight-through" }))).toEqual([
    "DecisionMade",
    "DecisionApproved",
  ]);
  const state = given();
  expect(decideOn(state, decide({ route: "four-eyes" }))).toEqual(["DecisionMade", "ReviewOpened"]);
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
    given(),
    decide({ route: "straight-through" }),
    context({ pack: () => unsure }),
  );
  expect(events).toEqual(["DecisionMade", "ReviewOpened"]);
});

test("without a turn in the budget a decision waits, ranked by expected loss avoided", () => {
  const state = given();
  expect(decideOn(state, decide({ granted: false }))).toEqual(["DecisionMade", "DecisionPaced"]);
  expect(state.decisions.get(decisionId)!.state).toBe("paced");
  expect([...state.timers.values()]).toMatchObject([
    { kind: "pace", priority: 1234, due: "2026-03-03T00:00:00.000Z", state: "waiting" },
  ]);
  expect(decideOn(state, command("Reserve", decisionId, { granted: false }))).toEqual([
    "DecisionPaced",
  ]);
  expect(decideOn(state, command("Reserve", decisionId, { granted: true }))).toEqual([
    "ReviewOpened",
  ]);
  expect(decideOn(state, command("Reserve", decisionId, { granted: true }))).toBe("wrong-state");
});

test("a waiting decision whose line changed is withdrawn when its turn comes", () => {
  const state = given();
  decideOn(state, decide({ granted: false }));
  state.lines.set(lineId, line({ ver: 4 }));
  expect(decideOn(state, command("Reserve", decisionId, { granted: true }))).toEqual([
    "DecisionWithdrawn",
  ]);
});

test("deciding the same again changes nothing", () => {
  const state = given();
  decideOn(state, decide());
  expect(decideOn(state, decide())).toEqual([]);
});

test("withdrawing ends a decision, its review and its waits, and gives its turns back", () => {
  const state = given();
  const turns = [{ ledger: "s/daily", window: "day", cap: 10, amount: 5 }];
  const made = decide();
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
