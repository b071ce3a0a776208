// Maker is not checker, nothing is approved twice or too late, and an override is bounded, reasoned and ends.

import { describe, expect, test } from "vitest";
import type { State } from "../../src/flow/state.ts";
import {
  actor,
  command,
  decideOn,
  decision,
  decisionId,
  emptyState,
  line,
  lineId,
  now,
  openReviewCase,
  reviewId,
} from "../support/given.ts";

const bob = actor("bob", "reviewer");
const eve = actor("eve", "reviewer");
const lex = actor("lex", "legal");

function given(
  change: {
    review?: Parameters<typeof openReviewCase>[0];
    line?: Parameters<typeof line>[0];
  } = {},
): State {
  const state = emptyState();
  state.lines.set(lineId, line(change.line));
  state.decisions.set(decisionId, decision("in-review"));
  state.reviews.set(reviewId, openReviewCase(change.review));
  return state;
}

const approve = (by = bob, expectedVer?: number) => ({
  ...command("Approve", reviewId, {}, by),
  ...(expectedVer === undefined ? {} : { expectedVer }),
});

const override = (body: Record<string, unknown>, by = bob) =>
  command("Override", reviewId, { reason: "known customer", expires: "2026-06-01", ...body }, by);

describe("approving is refused, in order of precedence", () => {
  test.each([
    ["an unknown case", () => emptyState(), approve(), "not-found"],
    [
      "a resolved case",
      () => given({ review: { state: "resolved" } }),
      approve(),
      "already-resolved",
    ],
    ["a line that changed", () => given({ line: { ver: 4 } }), approve(), "stale-approval"],
    ["another version than was seen", () => given(), approve(bob, 9), "stale-approval"],
    [
      "money drawn since",
      () => given({ line: { drawnMinor: 700_000 } }),
      approve(),
      "stale-approval",
    ],
    [
      "by the maker of the decision",
      () => given(),
      approve(actor("ann", "reviewer")),
      "maker-is-checker",
    ],
    [
      "twice by one person",
      () =>
        given({
          review: { route: "four-eyes", approvals: [{ by: "bob", legal: false, at: now }] },
        }),
      approve(),
      "maker-is-checker",
    ],
    [
      "by who referred it",
      () => given({ review: { touchedBy: ["bob"] } }),
      approve(),
      "maker-is-checker",
    ],
    [
      "in a queue of another role",
      () => given({ review: { queue: "legal" } }),
      approve(),
      "needs-other-authority",
    ],
    [
      "a closed case on a stale line",
      () => given({ line: { ver: 4 }, review: { state: "resolved" } }),
      approve(),
      "already-resolved",
    ],
  ])("%s", (_name, state, when, refusal) => {
    expect(decideOn(state(), when)).toBe(refusal);
  });
});

test("one approval resolves a review and approves the decision", () => {
  const state = given();
  expect(decideOn(state, approve())).toEqual([
    "ReviewApproved",
    "ReviewResolved",
    "DecisionApproved",
  ]);
  expect(state.decisions.get(decisionId)!.state).toBe("approved");
  expect(state.reviews.get(reviewId)).toMatchObject({ resolution: "approved", resolvedBy: "bob" });
  expect(decideOn(state, approve(eve))).toBe("already-resolved");
});

test("four eyes need two different people", () => {
  const state = given({ review: { route: "four-eyes" } });
  expect(decideOn(state, approve(bob))).toEqual(["ReviewApproved"]);
  expect(state.decisions.get(decisionId)!.state).toBe("in-review");
  expect(decideOn(state, approve(eve))).toContain("DecisionApproved");
});

test("a legal route needs legal among its two", () => {
  const state = given({ review: { route: "legal", queue: "legal" } });
  expect(decideOn(state, approve(lex))).toEqual(["ReviewApproved"]);
  expect(decideOn(state, approve(actor("lea", "legal")))).toContain("DecisionApproved");
});

test("rejecting withdraws the decision and says why", () => {
  const state = given();
  const reject = command("Reject", reviewId, { reason: "wrong facts" }, bob);
  expect(decideOn(state, reject)).toEqual(["ReviewResolved", "DecisionWithdrawn"]);
  expect(state.decisions.get(decisionId)).toMatchObject({
    state: "withdrawn",
    endedBecause: "rejected",
  });
  expect(state.reviews.get(reviewId)).toMatchObject({
    resolution: "rejected",
    note: "wrong facts",
  });
});

describe("an override", () => {
  test.each([
    [
      "in another currency",
      { action: "decrease", limit: { amountMinor: 800_000, currency: "USD" } },
      "currency-mismatch",
    ],
    ["without a limit", { action: "decrease" }, "invalid"],
    [
      "harsher than the strategy",
      { action: "decrease", limit: { amountMinor: 500_000, currency: "CNY" } },
      "override-out-of-bounds",
    ],
    [
      "that raises the limit",
      { action: "decrease", limit: { amountMinor: 2_000_000, currency: "CNY" } },
      "not-a-decrease",
    ],
    ["that ends today", { action: "none", expires: "2026-03-02" }, "invalid"],
    ["that never ends", { action: "none", expires: "2028-01-01" }, "invalid"],
  ])("%s is refused", (_name, body, refusal) => {
    expect(decideOn(given(), override(body))).toBe(refusal);
  });

  test("waits for somebody else and then takes effect with its own outcome", () => {
    const state = given();
    const milder = override({
      action: "decrease",
      limit: { amountMinor: 800_000, currency: "CNY" },
    });
    expect(decideOn(state, milder)).toEqual(["OverrideProposed"]);
    expect(decideOn(state, approve(bob))).toBe("maker-is-checker");
    expect(decideOn(state, approve(eve))).toContain("DecisionApproved");
    expect(state.decisions.get(decisionId)).toMatchObject({
      state: "approved",
      outcome: { action: "decrease", toMinor: 800_000 },
      overrideExpiresOn: "2026-06-01",
    });
    expect(
      [...state.timers.values()].map((timer) => [timer.kind, timer.due.slice(0, 10)]),
    ).toContainEqual(["override-expiry", "2026-06-02"]);
  });

  test("to leave the line alone keeps the strategy away until it ends", () => {
    const state = given();
    decideOn(state, override({ action: "none" }));
    expect(decideOn(state, approve(eve))).toEqual([
      "ReviewApproved",
      "ReviewResolved",
      "OverrideInForce",
      "DecisionWithdrawn",
    ]);
    expect(state.decisions.get(decisionId)).toMatchObject({
      state: "withdrawn",
      overrideExpiresOn: "2026-06-01",
    });
  });

  test("that runs out before execution withdraws its decision", () => {
    const state = given();
    decideOn(
      state,
      override({ action: "decrease", limit: { amountMinor: 800_000, currency: "CNY" } }),
    );
    decideOn(state, approve(eve));
    expect(decideOn(state, command("ExpireOverride", decisionId))).toEqual([
      "OverrideExpired",
      "DecisionWithdrawn",
    ]);
  });
});

test("a referral moves the case to another queue, and who referred it does not approve it", () => {
  const state = given();
  const refer = command("Refer", reviewId, { to: "legal", reason: "contract question" }, bob);
  expect(decideOn(state, refer)).toEqual(["ReviewReferred"]);
  expect(decideOn(state, approve(eve))).toBe("needs-other-authority");
  expect(decideOn(state, approve(lex))).toContain("DecisionApproved");
});

test("whoever ever passed a case on or changed it does not approve it, however often it was passed on since", () => {
  const state = given();
  const refer = (by: typeof bob) => command("Refer", reviewId, { to: "reviewer", reason: "r" }, by);
  decideOn(state, refer(bob));
  decideOn(state, refer(eve));
  expect(decideOn(state, approve(bob))).toBe("maker-is-checker");
  decideOn(state, override({ action: "none" }, actor("fay", "reviewer")));
  decideOn(state, override({ action: "none" }, actor("gus", "reviewer")));
  expect(decideOn(state, approve(actor("fay", "reviewer")))).toBe("maker-is-checker");
  expect(decideOn(state, approve(actor("hal", "reviewer")))).toContain("ReviewResolved");
});

test("an overdue review is passed up and waits again", () => {
  const state = given();
  expect(decideOn(state, command("EscalateReview", decisionId))).toEqual(["ReviewOverdue"]);
  expect(state.reviews.get(reviewId)!.queue).toBe("approver");
  expect([...state.timers.values()].map((timer) => timer.kind)).toEqual(["review-due"]);
});
