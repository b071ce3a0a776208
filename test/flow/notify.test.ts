// The customer is told in the decision's own reasons; what becomes of the notice is in notice-arrival.test.ts.

import { describe, expect, test } from "vitest";
import type { Assessment, Outcome } from "../../src/domain/assessment.ts";
import type { Cause } from "../../src/domain/decision.ts";
import type { FactDeclaration, FactValues } from "../../src/domain/facts.ts";
import { evaluate } from "../../src/policy/evaluate.ts";
import type { NoticeParameters } from "../../src/flow/notice-ports.ts";
import type { AdverseActionRule, Value } from "../../src/compliance/pack.ts";
import type { BusinessDate } from "../../src/domain/calendar.ts";
import { isRefusal } from "../../src/domain/refusal.ts";
import { notify } from "../../src/flow/notify.ts";
import { tellAlways } from "../support/compliance-pack.ts";
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
  today,
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
    { kind: "notice-escalate", due: "2026-03-07T02:00:00.000Z" },
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

describe("what is known of a change", () => {
  const overdue: Value<AdverseActionRule> = {
    ...tellAlways,
    value: { ...tellAlways.value, id: "overdue", notice: null, content: [], contentIfBureau: [] },
  };
  const presently = { ...overdue, value: { ...overdue.value, if: { presentlyOverdue: true } } };
  const law = pack({ adverseAction: [presently, tellAlways] });
  const small = context().strategy("");
  const facts = [{ name: "utilisation", source: "bureau" } as FactDeclaration];
  const strategy = { ...small, document: { ...small.document, facts } };

  /** The events of a notice that is issued today about a decision of some date. */
  function issued(asOf: string, daysPastDue: number | null, drawnMinor = 200_000) {
    const { record } = decision("approved");
    const assessment = {
      ...record.assessment,
      ...{ asOf: asOf as BusinessDate, facts: { ...record.assessment.facts, daysPastDue } },
    };
    const state = emptyState();
    state.lines.set(lineId, line({ drawnMinor }));
    state.decisions.set(decisionId, decision("approved", { record: { ...record, assessment } }));
    const under = context({ pack: () => law, strategy: () => strategy });
    const events = notify.decide(state, command("IssueNotice", decisionId), under);
    if (isRefusal(events)) throw new Error(events.detail.en);
    return events[0]!.body;
  }

  test("an account that is overdue today is told from the rule on overdue accounts", () => {
    expect(issued(today, 31)).toMatchObject({
      effectiveOn: today,
      owed: { notice: null, content: [], rule: "/adverseAction/0" },
    });
  });

  test("what is not known today is read strictly, and bureau data among the reasons add duties", () => {
    const strict = {
      effectiveOn: "2026-03-12",
      owed: {
        notice: "adverse-action",
        content: ["action-taken", "principal-reasons", "bureau-name-and-address"],
        rule: "/adverseAction/1",
      },
    };
    expect(issued(today, 0)).toMatchObject(strict);
    expect(issued(today, null)).toMatchObject(strict);
    expect(issued(today, 31, 0)).toMatchObject(strict);
    expect(issued("2026-03-01", 31)).toMatchObject(strict);
  });

  test("a change that nobody need be told of takes effect at once", () => {
    const state = emptyState();
    const { record } = decision("approved");
    const facts = { daysPastDue: 31 };
    const assessment = { ...record.assessment, facts };
    state.lines.set(lineId, line());
    state.decisions.set(decisionId, decision("approved", { record: { ...record, assessment } }));
    const under = context({ pack: () => law });
    decideOn(state, command("IssueNotice", decisionId), under);
    expect(decideOn(state, command("Apply", decisionId), under)).toEqual(["LimitDecreased"]);
    const strict = context({ pack: () => pack() });
    const waiting = noticed();
    expect(decideOn(waiting, command("Apply", decisionId), strict)).toBe("gate-closed");
  });
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
