// The customer is told in the decision's own reasons, and nobody is cut who could not be told.

import { expect, test } from "vitest";
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
