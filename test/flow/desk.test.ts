// People share the work on review cases: who may take, hand out, rest, ask and answer; and the service level that runs on
// whatever they do.

import { describe, expect, test } from "vitest";
import type { Actor } from "../../src/domain/actor.ts";
import type { DeskRights } from "../../src/domain/desk-rights.ts";
import type { BusinessDate, Instant } from "../../src/domain/calendar.ts";
import { openReview } from "../../src/flow/review-events.ts";
import type { State } from "../../src/flow/state.ts";
import { compiled } from "../support/strategy-document.ts";
import {
  actor,
  command,
  context,
  decideOn,
  decision,
  decisionId,
  emptyState,
  line,
  lineId,
  openReviewCase,
  reviewId,
} from "../support/given.ts";

const bob = actor("bob", "reviewer");
const eve = actor("eve", "reviewer");
const lead = actor("lead", "approver");
const lex = actor("lex", "legal");

const people = new Map<string, Actor>([bob, eve, lead, lex].map((one) => [one.id, one]));
people.set("far", {
  ...actor("far", "reviewer"),
  scope: { kind: "portfolios", portfolios: ["x"] },
});
people.set("dan", actor("dan", "analyst"));

const under = context({ person: (name) => people.get(name) ?? null });
const dueAt = "2026-03-07T00:00:00.000Z" as Instant;

function given(change: Parameters<typeof openReviewCase>[0] = {}): State {
  const state = emptyState();
  state.lines.set(lineId, line());
  state.decisions.set(decisionId, decision("in-review"));
  state.reviews.set(reviewId, openReviewCase({ dueAt, ...change }));
  return state;
}

const review = (state: State) => state.reviews.get(reviewId)!;
const by = (who: Actor, kind: string, body: Readonly<Record<string, unknown>> = {}) =>
  command(kind, reviewId, body, who);
const withDesk = (desk: DeskRights): Actor => ({ ...bob, desk });
const timers = (state: State): readonly string[] =>
  [...state.timers.values()]
    .filter((timer) => timer.state === "waiting")
    .map((timer) => `${timer.kind} ${timer.due.slice(0, 10)}`)
    .toSorted();

describe("a case that needs more than a role is refused to who lacks it", () => {
  const needs = { skills: ["closures"], impactMinor: 400_000 };

  test.each([
    ["no skill", { skills: [], authority: null }, "needs-other-authority"],
    [
      "authority over less",
      { skills: ["closures"], authority: [{ amountMinor: 399_999, currency: "CNY" }] },
      "needs-other-authority",
    ],
    [
      "authority in another currency",
      { skills: ["closures"], authority: [{ amountMinor: 9_000_000, currency: "USD" }] },
      "needs-other-authority",
    ],
  ] as const)("%s", (_name, desk, refusal) => {
    for (const kind of ["Approve", "TakeReview"]) {
      expect(decideOn(given(needs), by(withDesk(desk), kind), under)).toBe(refusal);
    }
    expect(decideOn(given(needs), by(withDesk(desk), "Reject", { reason: "r" }), under)).toBe(
      refusal,
    );
    // Passing it on needs the role alone.
    const refer = by(withDesk(desk), "Refer", { to: "approver", reason: "too large" });
    expect(decideOn(given(needs), refer, under)).toEqual(["ReviewReferred"]);
  });

  test("exactly enough is enough", () => {
    const desk: DeskRights = {
      skills: ["closures"],
      authority: [{ amountMinor: 400_000, currency: "CNY" }],
    };
    expect(decideOn(given(needs), by(withDesk(desk), "Approve"), under)).toContain(
      "DecisionApproved",
    );
  });
});

describe("a case in somebody's hands", () => {
  test("is refused to everybody else, whatever they want to say", () => {
    const state = given();
    expect(decideOn(state, by(bob, "TakeReview"), under)).toEqual(["ReviewAssigned"]);
    expect(decideOn(state, by(bob, "TakeReview"), under)).toEqual([]);
    const asked: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
      ["TakeReview", {}],
      ["Approve", {}],
      ["Reject", { reason: "r" }],
      ["Override", { action: "none", reason: "r", expires: "2026-06-01" }],
      ["Refer", { to: "legal", reason: "r" }],
      ["SnoozeReview", { until: "2026-03-05", reason: "r" }],
      ["ReleaseReview", {}],
    ];
    for (const [kind, body] of asked) {
      expect([kind, decideOn(state, by(eve, kind, body), under)]).toEqual([
        kind,
        "taken-by-another",
      ]);
    }
    expect(decideOn(state, by(bob, "Approve"), under)).toContain("DecisionApproved");
  });

  test("goes back by who has it or who leads the queue, and not twice", () => {
    const state = given({ assignedTo: "bob" });
    expect(decideOn(state, by(lead, "ReleaseReview"), under)).toEqual(["ReviewReleased"]);
    expect(decideOn(state, by(bob, "ReleaseReview"), under)).toBe("wrong-state");
    expect(review(state).assignedTo).toBeNull();
  });

  test("is free again for the second of four eyes", () => {
    const state = given({ route: "four-eyes", assignedTo: "bob" });
    expect(decideOn(state, by(bob, "Approve"), under)).toEqual(["ReviewApproved"]);
    expect(decideOn(state, by(eve, "Approve"), under)).toContain("DecisionApproved");
  });
});

describe("handing a case out", () => {
  test("is for who leads its queue, also out of other hands", () => {
    const state = given({ assignedTo: "bob" });
    expect(decideOn(state, by(lex, "AssignReview", { to: "eve" }), under)).toBe(
      "needs-other-authority",
    );
    expect(decideOn(state, by(lead, "AssignReview", { to: "eve" }), under)).toEqual([
      "ReviewAssigned",
    ]);
    expect(review(state).assignedTo).toBe("eve");
  });

  test.each([
    ["to nobody we know", "nobody", "invalid"],
    ["to who does not work at the desk", "dan", "invalid"],
    ["to who does not reach the line", "far", "invalid"],
    ["to a role of another queue", "lex", "needs-other-authority"],
  ])("%s is refused", (_name, to, refusal) => {
    expect(decideOn(given(), by(lead, "AssignReview", { to }), under)).toBe(refusal);
  });

  test("needs the skill of the one it goes to, not of the one who hands out", () => {
    const state = given({ skills: ["closures"] });
    expect(decideOn(state, by(lead, "AssignReview", { to: "bob" }), under)).toBe(
      "needs-other-authority",
    );
  });
});

describe("a snooze", () => {
  const snooze = (until: string, more: Readonly<Record<string, unknown>> = {}) =>
    by(bob, "SnoozeReview", { until, reason: "waits for papers", ...more });

  test.each([
    ["that ends today", snooze("2026-03-02"), "invalid"],
    ["past the service level without saying so", snooze("2026-03-08"), "invalid"],
  ])("%s is refused", (_name, when, refusal) => {
    expect(decideOn(given(), when, under)).toBe(refusal);
  });

  test("ends by a timer and leaves the service level alone", () => {
    const state = given();
    expect(decideOn(state, snooze("2026-03-05"), under)).toEqual(["ReviewSnoozed"]);
    expect(timers(state)).toEqual(["review-wake 2026-03-05"]);
    expect(review(state)).toMatchObject({ dueAt, snooze: { until: "2026-03-05", by: "bob" } });
    expect(decideOn(state, command("WakeReview", decisionId), under)).toEqual(["ReviewWoken"]);
    expect(review(state).snooze).toBeNull();
    expect(decideOn(state, command("WakeReview", decisionId), under)).toEqual([]);
  });

  test("that says so puts passing up off as well, and the case still counts as overdue", () => {
    const state = given();
    decideOn(state, snooze("2026-03-10", { pastDue: true }), under);
    expect(timers(state)).toEqual(["review-due 2026-03-10", "review-wake 2026-03-10"]);
    expect(review(state).dueAt).toBe(dueAt);
  });

  test("ends when somebody takes the case or it is passed up", () => {
    for (const end of [by(eve, "TakeReview"), command("EscalateReview", decisionId)]) {
      const state = given();
      decideOn(state, snooze("2026-03-05"), under);
      decideOn(state, end, under);
      expect(review(state).snooze).toBeNull();
      expect(timers(state).filter((one) => one.startsWith("review-wake"))).toEqual([]);
    }
  });

  test("waits for nothing any more once the case is decided", () => {
    for (const end of [by(bob, "Approve"), by(bob, "Reject", { reason: "r" })]) {
      const state = given();
      decideOn(state, snooze("2026-03-05"), under);
      decideOn(state, end, under);
      expect(timers(state).filter((one) => one.startsWith("review"))).toEqual([]);
    }
  });
});

test("an overdue case leaves the hands it was in and goes to who leads the queue, once marked as such", () => {
  const state = given({ assignedTo: "bob" });
  const at = "2026-03-07T00:00:00.000Z" as Instant;
  const later = context({ now: at, today: "2026-03-07" as BusinessDate });
  expect(decideOn(state, command("EscalateReview", decisionId), later)).toEqual(["ReviewOverdue"]);
  expect(review(state)).toMatchObject({ queue: "approver", assignedTo: null, escalatedAt: at });
  const again = context({
    now: "2026-03-12T00:00:00.000Z" as Instant,
    today: "2026-03-12" as BusinessDate,
  });
  decideOn(state, command("EscalateReview", decisionId), again);
  expect(review(state)).toMatchObject({ queue: "approver", escalatedAt: at });
});

describe("a second opinion", () => {
  const ask = (of: string, who = bob) => by(who, "AskOpinion", { of, question: "Enough proof?" });
  const answer = (who: Actor) =>
    by(who, "GiveOpinion", { opinion: "disagree", reason: "too thin" });

  test("is asked of somebody else, given once, and decides nothing", () => {
    const state = given();
    expect(decideOn(state, ask("lex"), under)).toEqual(["OpinionAsked"]);
    expect(decideOn(state, ask("lex"), under)).toBe("already-exists");
    expect(decideOn(state, answer(eve), under)).toBe("needs-other-authority");
    expect(decideOn(state, answer(lex), under)).toEqual(["OpinionGiven"]);
    expect(decideOn(state, answer(lex), under)).toBe("needs-other-authority");
    expect(review(state)).toMatchObject({
      state: "open",
      approvals: [],
      opinions: [{ askedOf: "lex", askedBy: "bob", given: { agrees: false, reason: "too thin" } }],
    });
    expect(decideOn(state, by(bob, "Approve"), under)).toContain("DecisionApproved");
  });

  test.each([
    ["of oneself", ask("bob"), "invalid"],
    ["of nobody we know", ask("nobody"), "invalid"],
    ["of who could not answer", ask("dan"), "invalid"],
    ["by who does not work on the queue", ask("eve", lex), "needs-other-authority"],
  ])("%s is refused", (_name, when, refusal) => {
    expect(decideOn(given(), when, under)).toBe(refusal);
  });
});

describe("a file", () => {
  const pdf = new TextEncoder().encode("%PDF-1.7 proof of income");
  const attach = (name: string, bytes: Uint8Array) =>
    by(bob, "AttachToReview", { name, bytes, sha256: "ab" });

  test("is kept with its hash and named nowhere in the event", () => {
    const state = given();
    const made = attach("王小伟收入.pdf", pdf);
    expect(decideOn(state, made, under)).toEqual(["AttachmentAdded"]);
    expect(review(state).files).toBe(1);
    expect(state.attachments).toMatchObject([
      { name: "王小伟收入.pdf", type: "application/pdf", sizeBytes: pdf.length, addedBy: "bob" },
    ]);
  });

  test.each([
    ["with a path for a name", attach("../x.pdf", pdf), given()],
    ["without contents", attach("x.pdf", new Uint8Array()), given()],
    ["of another kind", attach("x.pdf", new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0])), given()],
    ["too large", attach("x.txt", new Uint8Array(5 * 1024 * 1024 + 1).fill(65)), given()],
    ["beyond the most of a case", attach("x.pdf", pdf), given({ files: 20 })],
  ])("%s is refused", (_name, when, state) => {
    expect(decideOn(state, when, under)).toBe("invalid");
  });
});

test("several refusals at once give the one that stands first", () => {
  const all = given({ assignedTo: "eve", skills: ["closures"], touchedBy: ["bob"] });
  all.lines.set(lineId, line({ ver: 4 }));
  expect(decideOn(all, by(bob, "Approve"), under)).toBe("taken-by-another");
  const free = given({ skills: ["closures"], touchedBy: ["bob"] });
  free.lines.set(lineId, line({ ver: 4 }));
  expect(decideOn(free, by(bob, "Approve"), under)).toBe("stale-approval");
  free.lines.set(lineId, line());
  expect(decideOn(free, by(bob, "Approve"), under)).toBe("maker-is-checker");
  const lacking = given({ skills: ["closures"] });
  expect(decideOn(lacking, by(bob, "Approve"), under)).toBe("needs-other-authority");
  const resolved = given({ state: "resolved", assignedTo: "eve" });
  expect(decideOn(resolved, by(bob, "Approve"), under)).toBe("already-resolved");
});

test("impact alone asks for a second pair of eyes, and the terms of the strategy open the case", () => {
  const known = compiled();
  const desk: NonNullable<typeof known.document.desk> = {
    dueDays: { urgent: 1, high: 2, normal: 7 },
    fourEyesFrom: "4000.00",
    rules: [
      { id: "all", label: { zh: "全部", en: "All" }, when: {}, skills: ["x"], priority: "high" },
    ],
  };
  const strategy = { ...known, document: { ...known.document, desk } };
  const opened = openReview(
    decision("proposed"),
    line(),
    "review",
    context({ strategy: () => strategy }),
  );
  expect(opened.body).toMatchObject({
    ...{ route: "four-eyes", queue: "reviewer", skills: ["x"], priority: "high" },
    ...{ impactMinor: 400_000, currency: "CNY", dueOn: "2026-03-04" },
  });
});
