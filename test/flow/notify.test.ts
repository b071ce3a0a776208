// The customer is told in the decision's own reasons, and nobody is cut who could not be told.

import { describe, expect, test } from "vitest";
import type { AdverseActionRule, Value } from "../../src/compliance/pack.ts";
import type { BusinessDate } from "../../src/domain/calendar.ts";
import type { FactDeclaration } from "../../src/domain/facts.ts";
import { isRefusal } from "../../src/domain/refusal.ts";
import { notify } from "../../src/flow/notify.ts";
import { tellAlways } from "../support/compliance-pack.ts";
import {
  actor,
  command,
  context,
  decideOn,
  decision,
  decisionId,
  emptyState,
  later,
  line,
  lineId,
  noticeId,
  noticed,
  pack,
  today,
} from "../support/given.ts";

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

test("a notice that follows a cut and cannot be delivered leaves the cut, and a person sends it again", () => {
  const state = noticed();
  decideOn(state, command("Apply", decisionId), later);
  const bounce = command("RecordDelivery", noticeId, { delivered: false, because: "moved away" });
  for (const _ of [1, 2]) {
    decideOn(state, bounce);
    decideOn(state, command("Redeliver", decisionId));
  }
  state.timers.clear();
  expect(decideOn(state, bounce)).toEqual(["NoticeBounced"]);
  expect(state.decisions.get(decisionId)).toMatchObject({ state: "noticed", endedBecause: null });
  expect(state.timers.size).toBe(0);
  const applied = { result: "applied", limitMinor: 600_000, drawnMinor: 0, pendingMinor: 0 };
  decideOn(state, command("ConfirmExecution", decisionId, applied), later);
  const clerk = actor("cleo", "compliance");
  expect(decideOn(state, command("Redeliver", decisionId, {}, clerk))).toEqual(["NoticeReissued"]);
  expect(state.notices.get(noticeId)).toMatchObject({ state: "issued", attempts: 4 });
  expect(decideOn(state, command("Redeliver", decisionId, {}, clerk))).toBe("wrong-state");
  expect(decideOn(state, bounce)).toEqual(["NoticeBounced"]);
  expect(state.decisions.get(decisionId)).toMatchObject({ state: "executed" });
});

describe("what is known of a change", () => {
  const overdue: Value<AdverseActionRule> = {
    ...tellAlways,
    value: { ...tellAlways.value, id: "overdue", notice: null, content: [], contentIfBureau: [] },
  };
  const presently = { ...overdue, value: { ...overdue.value, if: { presentlyOverdue: true } } };
  const law = pack({ adverseAction: [presently, tellAlways] });
  const strategy = {
    ...context().strategy(""),
    facts: [{ name: "utilisation", source: "bureau" } as FactDeclaration],
  };

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

test("a delivered notice stays delivered whatever the provider says later", () => {
  const state = noticed();
  expect(decideOn(state, command("RecordDelivery", noticeId, { delivered: true }))).toEqual([
    "NoticeDelivered",
  ]);
  const bounce = command("RecordDelivery", noticeId, { delivered: false, because: "late bounce" });
  expect(decideOn(state, bounce)).toEqual([]);
});
