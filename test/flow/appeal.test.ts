// An appeal is a review case with its own clock before somebody who had no part in the decision: it holds back what was only
// announced, is answered once, and what it overturns is given back and told like anything else that is taken back.

import { beforeEach, describe, expect, test } from "vitest";
import { memoryStore } from "../../src/adapters/memory/store.ts";
import type { Actor, Role } from "../../src/domain/actor.ts";
import { principalReasons, type Decision } from "../../src/domain/decision.ts";
import type { Notice } from "../../src/domain/notice.ts";
import type { Appeal, ReviewCase } from "../../src/domain/review-case.ts";
import { busyRefusal } from "../../src/flow/decide.ts";
import type { State } from "../../src/flow/state.ts";
import type { Context } from "../../src/flow/step.ts";
import {
  actor,
  command,
  decideOn,
  decision,
  decisionId,
  emptyState,
  idOf,
  line,
  lineId,
  openReviewCase,
  reviewId,
} from "../support/given.ts";
import { offerWorld, type OfferWorld } from "../support/offers.ts";

const disagrees = { ground: "disagrees" };
const phone = { channel: "phone", how: "recorded call 4711, asked for date of birth" };
const answered = { answer: "We looked at your new payslips" };
const lead: Actor = person("lea", "approver");

function person(id: string, role: Role): Actor {
  return { id, roles: [role], scope: { kind: "all" } };
}

let given: OfferWorld;

beforeEach(async () => {
  given = await offerWorld(memoryStore(), { consent: {} });
  await given.approve();
});

const limitNow = async () => (await given.world.store.reads.line(given.planted.lineId))!.limitMinor;

const lodge = (by: Actor = given.borrower, body: object = disagrees) =>
  given.send("LodgeAppeal", given.planted.decisionId, by, { ...body });

async function appealCase(): Promise<ReviewCase> {
  const { rows } = await given.world.store.reads.reviews(
    { after: null, limit: 10 },
    { decisionId: given.planted.decisionId, appeals: true },
  );
  expect(rows).toHaveLength(1);
  return rows[0]!;
}

const say = async (kind: "Uphold" | "Overturn", by: Actor = lead) =>
  given.send(kind, (await appealCase()).id, by, answered);

/** Decisions that take the cut back. */
async function takenBack(): Promise<readonly Decision[]> {
  const { rows } = await given.world.store.reads.decisions(
    { after: null, limit: 10 },
    { lineId: given.planted.lineId },
  );
  return rows.filter(({ record }) => record.undoes === given.planted.decisionId);
}

test("an appeal goes to who leads the queue, with its own clock, and never to who had a part", async () => {
  expect(await lodge(given.clerk, { ground: "wrong-data", ...phone })).toEqual(["AppealLodged"]);
  expect(await appealCase()).toMatchObject({
    ...{ state: "open", queue: "approver", dueAt: "2026-03-17T00:00:00.000Z", resolution: null },
    appeal: { ground: "wrong-data", by: "cleo", ...phone, decidedBy: ["rita"] },
    touchedBy: ["rita", "cleo"],
  });
  expect((await given.decision()).state).toBe("noticed");
  for (const id of ["rita", "cleo", "ann"]) {
    expect(await say("Uphold", person(id, "approver"))).toBe("maker-is-checker");
  }
  expect(await say("Overturn", given.reviewer)).toBe("maker-is-checker");
  expect(await say("Overturn", person("rob", "reviewer"))).toBe("needs-other-authority");
});

test("while it waits, what was only announced does not take effect, however late it gets", async () => {
  await lodge();
  await given.passDays(15);
  expect(await limitNow()).toBe(1_000_000);
  expect(await given.send("Apply", given.planted.decisionId, given.clerk)).toBe("wrong-state");
  await given.passDays(30);
  expect(await limitNow()).toBe(1_000_000);
  expect((await appealCase()).escalatedAt).not.toBeNull();
});

/** What the customer was told about the line beside the decision itself. */
async function answers(): Promise<readonly Notice[]> {
  const { lineId: ofLine, decisionId: decided } = given.planted;
  const page = { after: null, limit: 10 };
  const { rows } = await given.world.store.reads.notices(page, { lineId: ofLine });
  return rows.filter((notice) => notice.decisionId !== decided);
}

test("upheld, the decision stands and takes effect at once where its day has come", async () => {
  await lodge();
  await given.passDays(15);
  expect(await say("Uphold")).toEqual([
    ...["ReviewResolved", "DecisionMade", "DecisionApproved", "NoticeIssued"],
  ]);
  expect(await appealCase()).toMatchObject({
    ...{ state: "resolved", resolution: "upheld", resolvedBy: "lea" },
    note: answered.answer,
  });
  await given.passDays(0);
  expect((await given.decision()).state).toBe("executed");
  expect(await limitNow()).toBe(600_000);
  expect(await given.waiting()).toEqual([]);
});

test("upheld, one notice of its own tells the answer, the reasons that stand, what remains and where to go", async () => {
  await lodge();
  await given.passDays(1);
  await say("Uphold");
  await given.passDays(0);
  const [notice, ...more] = await answers();
  expect(more).toEqual([]);
  const { subject, body, reasons, decisionId: by, state } = notice!;
  expect(subject).toEqual({
    en: "Your appeal: our decision about your credit line stands",
    zh: "您的申诉：我们维持关于您授信额度的决定",
  });
  for (const said of [
    "On 2 March 2026 you appealed",
    `Our answer to your appeal\n${answered.answer}\n\n`,
    "Your limit becomes ¥6,000, on 12 March 2026 at the earliest.",
    "Complaint: call us",
  ]) {
    expect(body.en).toContain(said);
  }
  expect(body.zh).toContain("您的额度将调整为 ¥6,000，最早于2026年3月12日生效。");
  expect(reasons).toEqual(
    principalReasons((await given.decision()).record).map(({ code }) => code),
  );
  expect(state).toBe("delivered");
  const answer = (await given.world.store.reads.decision(by))!;
  expect(answer).toMatchObject({
    ...{ state: "executed", outcome: { action: "uphold" }, maker: "bo" },
    record: { upholds: given.planted.decisionId, causeId: (await appealCase()).id },
  });
  expect(principalReasons(answer.record)).toEqual([]);
  expect(await limitNow()).toBe(1_000_000);
  await given.passDays(15);
  expect(await limitNow()).toBe(600_000);
  expect(await answers()).toHaveLength(1);
});

test("upheld after it took effect, the notice says that the limit stays", async () => {
  await given.passDays(15);
  await lodge();
  await say("Uphold");
  await given.passDays(0);
  expect((await answers()).at(0)!.body.en).toContain("Your limit stays ¥6,000.");
  expect(await limitNow()).toBe(600_000);
  expect(await given.waiting()).toEqual([]);
});

test("overturned, the notice of what is taken back says that it is the answer to the appeal", async () => {
  await lodge();
  await say("Overturn");
  const { body } = (await answers()).at(0)!;
  expect(body.en).toContain(
    "Our answer to your appeal\nThis is the answer to your appeal of 2 March 2026: a person who had no part in the decision has looked at it again and has taken it back.\nWe looked at your new payslips\n\n",
  );
  expect(body.zh).toContain("本通知是对您2026年3月2日所提申诉的答复");
});

test("the answer stands in nobody's way: what comes next is decided as if it were not there", async () => {
  const state = stands(decision("executed"));
  const answer = decision("noticed", {
    ...{ id: idOf("answer"), outcome: { action: "uphold", fromMinor: 600_000 } },
  });
  state.decisions.set(answer.id, answer);
  expect(busyRefusal(state, line({}), answer.area, {} as Context)).toBeNull();
});

test.each(["internal policy", "综合\n评分"])(
  "the customer reads the answer, so words that are no reason are refused: %s",
  async (words) => {
    await lodge();
    const answer = `It follows from our ${words}.`;
    const id = (await appealCase()).id;
    for (const kind of ["Uphold", "Overturn"]) {
      expect(await given.send(kind, id, lead, { answer })).toBe("invalid");
    }
  },
);

test("overturned before its day, the change is withdrawn and the customer told that it is not made", async () => {
  await lodge();
  const kinds = await say("Overturn");
  expect(kinds).toEqual(
    expect.arrayContaining(["ReviewResolved", "DecisionWithdrawn", "DecisionMade", "NoticeIssued"]),
  );
  await given.passDays(0);
  expect(await limitNow()).toBe(1_000_000);
  expect(await given.decision()).toMatchObject({
    ...{ state: "withdrawn", endedBecause: `appeal ${(await appealCase()).id}` },
  });
  expect(await takenBack()).toMatchObject([
    { state: "executed", outcome: { action: "keep" }, maker: "bo" },
  ]);
  expect(await given.waiting()).toEqual([]);
});

test("overturned after it took effect, the line is given back by a decision of its own", async () => {
  await given.passDays(15);
  expect(await limitNow()).toBe(600_000);
  await lodge();
  expect(await say("Overturn")).toEqual(expect.arrayContaining(["DecisionMade", "NoticeIssued"]));
  await given.passDays(0);
  expect(await limitNow()).toBe(1_000_000);
  expect((await given.decision()).state).toBe("executed");
  const [restoration] = await takenBack();
  expect(restoration).toMatchObject({ state: "executed", causeId: (await appealCase()).id });
  expect(await given.waiting()).toEqual([]);
});

test("an appeal ends with its decision when that is withdrawn for another reason", async () => {
  await lodge();
  const { decisionId: subject } = given.planted;
  await given.send("Withdraw", subject, lead, { reason: "wrong campaign" });
  expect(await appealCase()).toMatchObject({ state: "resolved", resolution: "withdrawn" });
  expect(await given.waiting()).toEqual([]);
});

describe("an appeal is refused", () => {
  test("the second time, while the first waits and after it was answered", async () => {
    await lodge();
    expect(await lodge()).toBe("already-exists");
    await say("Uphold");
    expect(await lodge()).toBe("already-resolved");
  });

  test("from staff who do not say how the customer's word came in, and from a borrower who does", async () => {
    expect(await lodge(given.clerk)).toBe("invalid");
    expect(await lodge(given.borrower, { ...disagrees, ...phone })).toBe("invalid");
  });

  test("from another customer", async () => {
    const foreign: Actor = {
      ...given.borrower,
      scope: { kind: "own", customerId: idOf("somebody else") },
    };
    expect(await lodge(foreign)).toBe("out-of-scope");
  });

  const clerk = actor("cleo", "operator");
  test.each([
    ["against nothing", () => emptyState(), "not-found"],
    ["before the customer was told", () => stands(decision("approved")), "wrong-state"],
    ["against what was withdrawn", () => stands(decision("withdrawn")), "wrong-state"],
    [
      "against what gives a line back",
      () =>
        stands(
          decision("executed", {
            outcome: { action: "restore", fromMinor: 600_000, toMinor: 1_000_000 },
          }),
        ),
      "wrong-state",
    ],
    [
      "when something else has changed the line since",
      () => stands(decision("executed"), { ver: 5, limitMinor: 500_000 }),
      "stale-approval",
    ],
  ])("%s", (_name, state, refusal) => {
    const when = command("LodgeAppeal", decisionId, { ...disagrees, ...phone }, clerk);
    expect(decideOn(state(), when)).toBe(refusal);
  });
});

describe("an answer is refused, in order of precedence", () => {
  const overturn = () => command("Overturn", reviewId, answered, lead);

  test.each([
    ["an unknown case", () => emptyState(), overturn, "not-found"],
    ["an answered one", () => appealed({ state: "resolved" }), overturn, "already-resolved"],
    ["one that is no appeal", () => appealed({ appeal: null }), overturn, "wrong-state"],
    ["one in other hands", () => appealed({ assignedTo: "eve" }), overturn, "taken-by-another"],
    [
      "while the core system works on it",
      () => appealed({}, { operationId: idOf("operation") }),
      overturn,
      "wrong-state",
    ],
    [
      "by approving an appeal",
      () => appealed(),
      () => command("Approve", reviewId, {}, lead),
      "wrong-state",
    ],
    [
      "by rejecting an appeal",
      () => appealed(),
      () => command("Reject", reviewId, { reason: "no" }, lead),
      "wrong-state",
    ],
  ])("%s", (_name, state, when, refusal) => {
    expect(decideOn(state(), when())).toBe(refusal);
  });
});

test("an overturned closure opens the line again only if it was active before", () => {
  const closed = (statusBefore: "active" | "frozen") => {
    const executed = decision("executed", {
      ...{ outcome: { action: "close", fromMinor: 1_000_000 }, statusBefore, reviewId },
    });
    const state = stands(executed, { status: "closing", ver: 4 });
    state.reviews.set(reviewId, openReviewCase({ queue: "approver", appeal: byPhone }));
    return state;
  };
  const overturn = command("Overturn", reviewId, answered, lead);
  expect(decideOn(closed("active"), overturn)).toEqual(["ReviewResolved"]);
  expect(decideOn(closed("frozen"), overturn)).toBe("wrong-state");
});

const byPhone: Appeal = {
  ...{ ground: "disagrees", by: "cleo", channel: "phone", how: "call", decidedBy: [] },
};

function stands(one: Decision, change: Parameters<typeof line>[0] = {}): State {
  const state = emptyState();
  state.lines.set(lineId, line(change));
  state.decisions.set(decisionId, one);
  return state;
}

function appealed(
  review: Parameters<typeof openReviewCase>[0] = {},
  change: Partial<Decision> = {},
): State {
  const state = stands(decision("noticed", { reviewId, ...change }));
  state.reviews.set(reviewId, openReviewCase({ queue: "approver", appeal: byPhone, ...review }));
  return state;
}
