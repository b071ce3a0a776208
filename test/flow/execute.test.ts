// Nothing is executed before the notice gate opens, on a line that changed, or twice; and what the core
// system refuses is taken back.

import { expect, test } from "vitest";
import type { BusinessDate } from "../../src/domain/calendar.ts";
import type { State } from "../../src/flow/state.ts";
import {
  command,
  context,
  decideOn,
  decision,
  decisionId,
  emptyState,
  idOf,
  line,
  lineId,
  noticeId,
  pack,
} from "../support/given.ts";

const later = context({ today: "2026-03-12" as BusinessDate });

function noticed(change: Parameters<typeof line>[0] = {}): State {
  const state = emptyState();
  state.lines.set(lineId, line(change));
  state.decisions.set(decisionId, decision("approved"));
  decideOn(state, command("IssueNotice", decisionId));
  return state;
}

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
    fromMinor: 1_000_000,
    toMinor: 600_000,
    belowDrawn: false,
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
