// The customer is told in the decision's own reasons, and nobody is cut who could not be told.

import { describe, expect, test } from "vitest";
import type { Assessment, Outcome } from "../../src/domain/assessment.ts";
import type { Cause } from "../../src/domain/decision.ts";
import type { FactValues } from "../../src/domain/facts.ts";
import { evaluate } from "../../src/policy/evaluate.ts";
import type { NoticeParameters } from "../../src/flow/ports.ts";
import {
  command,
  context,
  decideOn,
  decision,
  decisionId,
  emptyState,
  line,
  lineId,
  noticeId,
  noticed,
  pack,
} from "../support/given.ts";
import { asOf, changed, compiled, factsWith } from "../support/strategy-document.ts";

test("the notice quotes the decision's own reasons and starts the clock", () => {
  const state = noticed();
  expect(state.decisions.get(decisionId)).toMatchObject({
    state: "noticed",
    effectiveOn: "2026-03-12",
  });
  expect(state.notices.get(noticeId)).toMatchObject({ reasons: ["R10", "R01"], state: "issued" });
  expect(state.outbox.map((entry) => entry.kind)).toEqual(["notice.deliver"]);
  expect([...state.timers.values()]).toMatchObject([
    { kind: "execute", due: "2026-03-12T00:00:00.000Z" },
  ]);
  expect(decideOn(state, command("IssueNotice", decisionId))).toBe("wrong-state");
});

test("a decision without a reason that may be quoted is refused, not noticed", () => {
  const state = emptyState();
  state.lines.set(lineId, line());
  state.decisions.set(decisionId, decision("approved"));
  const silent = pack({
    reasons: {
      ...pack().reasons,
      forbidden: { value: ["R10", "R01"], status: "contract", source: "test" },
    },
  });
  const issue = command("IssueNotice", decisionId);
  expect(decideOn(state, issue, context({ pack: () => silent }))).toEqual(["DecisionRefused"]);
});

test("a bounced notice is sent again, and after the last attempt nobody is cut", () => {
  const state = noticed();
  const bounce = command("RecordDelivery", noticeId, { delivered: false, because: "mailbox full" });
  expect(decideOn(state, bounce)).toEqual(["NoticeBounced"]);
  expect(decideOn(state, command("Redeliver", decisionId))).toEqual(["NoticeReissued"]);
  decideOn(state, bounce);
  decideOn(state, command("Redeliver", decisionId));
  expect(decideOn(state, bounce)).toEqual(["NoticeBounced", "DecisionWithdrawn"]);
  expect(state.outbox.filter((entry) => entry.kind === "notice.deliver")).toHaveLength(3);
  expect(new Set(state.outbox.map((entry) => entry.id)).size).toBe(state.outbox.length);
});

test("a delivered notice stays delivered whatever the provider says later", () => {
  const state = noticed();
  expect(decideOn(state, command("RecordDelivery", noticeId, { delivered: true }))).toEqual([
    "NoticeDelivered",
  ]);
  const bounce = command("RecordDelivery", noticeId, { delivered: false, because: "late bounce" });
  expect(decideOn(state, bounce)).toEqual([]);
});

describe("the notice tells the way back", () => {
  const strategy = compiled(
    changed("/facts/5/actionable", {
      how: { zh: "还清逾期", en: "Pay what is late" },
      ...{ direction: "down", step: "10", cost: 2, days: 30 },
    }),
  );

  /** The ways that a notice is composed from. */
  function told(
    facts: FactValues,
    { overridden, cause = "behaviour" }: Readonly<{ overridden?: Outcome; cause?: Cause }> = {},
  ): NoticeParameters["ways"] {
    const state = emptyState();
    const made = decision("approved");
    const assessment = evaluate(strategy, factsWith(facts), asOf) as Assessment;
    state.lines.set(lineId, line());
    state.decisions.set(decisionId, {
      ...made,
      outcome: overridden ?? assessment.outcome,
      record: { ...made.record, assessment, cause },
    });
    let ways: NoticeParameters["ways"] = [];
    const compose = context().compose;
    const spying = context({
      strategy: () => strategy,
      compose: (parameters) => {
        ({ ways } = parameters);
        return compose(parameters);
      },
    });
    expect(decideOn(state, command("IssueNotice", decisionId), spying)).toEqual(["NoticeIssued"]);
    return ways;
  }

  test("first to the nearest better outcome, then to none, counted from the day of the notice", () => {
    expect(
      told({ late: 75 }).map((way) => [way.outcome.action, way.facts, way.earliestOn]),
    ).toEqual([
      ["decrease", { late: 55 }, "2026-04-01"],
      ["none", { late: 25 }, "2026-04-01"],
    ]);
  });

  test("once where the nearest better outcome is none", () => {
    expect(told({ late: 35 }).map((way) => way.facts)).toEqual([{ late: 25 }]);
  });

  test("not where there is none, and not where people decided otherwise", () => {
    expect(told({ breach: true, late: 75 })).toEqual([]);
    const overridden: Outcome = { action: "decrease", fromMinor: 1_000_000, toMinor: 900_000 };
    expect(told({ late: 75 }, { overridden })).toEqual([]);
  });

  test.each<Cause>(["fraud", "request"])("not where the cause is %s", (cause) => {
    expect(told({ late: 75 }, { cause })).toEqual([]);
  });
});
