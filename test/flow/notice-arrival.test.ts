// One notice however a provider behaves: attempts, channels, quiet hours, receipts that repeat themselves or overtake
// each other, a person in the end, and nobody cut without having been told.

import { describe, expect, test } from "vitest";
import type { CompliancePack, DeliveryRules } from "../../src/compliance/pack.ts";
import type { BusinessDate, Instant } from "../../src/domain/calendar.ts";
import type { NoticeChannel } from "../../src/domain/notice.ts";
import type { TimerKind } from "../../src/domain/timer.ts";
import type { Command, Context } from "../../src/flow/step.ts";
import type { State } from "../../src/flow/state.ts";
import { testDelivery } from "../support/compliance-pack.ts";
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
  noticeId,
  now,
  pack,
} from "../support/given.ts";

const clerk = actor("cleo", "compliance");

/** A pack that sends by these channels in this order. */
function packBy(
  channels: readonly NoticeChannel[],
  change: Partial<CompliancePack["notice"]> = {},
  rules: Partial<DeliveryRules> = {},
): CompliancePack {
  const { notice } = pack();
  const terms = <T>(value: T) => ({ value, status: "contract" as const, source: "terms" });
  const delivery = terms({ ...testDelivery, ...rules });
  return pack({ notice: { ...notice, channels: terms(channels), delivery, ...change } });
}

const proof = { proofOfDelivery: { value: true, status: "contract", source: "terms" } } as const;
const letterCounts = {
  substitutes: [
    {
      value: { channels: ["letter"], days: 5, counting: "calendar" },
      status: "contract",
      source: "terms",
    },
  ],
} as const;

/** The context so many hours after the notice was issued. */
function after(hours: number, law: CompliancePack): Context {
  const at = new Date(Date.parse(now) + hours * 3_600_000).toISOString() as Instant;
  return context({ now: at, today: at.slice(0, 10) as BusinessDate, pack: () => law });
}

function issued(law: CompliancePack): State {
  const state = emptyState();
  state.lines.set(lineId, line());
  state.decisions.set(decisionId, decision("approved"));
  expect(decideOn(state, command("IssueNotice", decisionId), after(0, law))).toEqual([
    "NoticeIssued",
  ]);
  return state;
}

type Answer = Readonly<{
  result: "sent" | "delivered" | "bounced";
  because?: string;
  permanent?: boolean;
  reference?: string;
}>;

const fullBox: Answer = { result: "bounced", because: "mailbox full", permanent: false };
const nobody: Answer = { result: "bounced", because: "no such address", permanent: true };

function answer(state: State, attempt: number, given: Answer): Command {
  const delivery = state.notices.get(noticeId)!.deliveries[attempt - 1]!.id;
  return command("RecordDelivery", noticeId, { delivery, ...given });
}

/** The waiting timers of the notice, by kind. */
function waiting(state: State): Partial<Record<TimerKind, string>> {
  const timers = [...state.timers.values()].filter((timer) => timer.state === "waiting");
  return Object.fromEntries(timers.map(({ kind, due }) => [kind, due]));
}

/** A timer of this kind fires now. */
function fire(state: State, kind: TimerKind, sends: string, under: Context): unknown {
  const timer = [...state.timers.values()].find(
    (one) => one.kind === kind && one.state === "waiting",
  );
  if (timer === undefined) throw new Error(`No ${kind} waits`);
  state.timers.set(timer.id, { ...timer, state: "fired" });
  return decideOn(state, { ...command(sends, decisionId), timerId: timer.id }, under);
}

const noticeIn = (state: State) => state.notices.get(noticeId)!;

describe("attempts", () => {
  const law = packBy(["email", "letter"]);

  test("through one channel wait twice as long each time, then the next channel is tried at once", () => {
    const state = issued(law);
    expect(decideOn(state, answer(state, 1, fullBox), after(1, law))).toEqual(["NoticeBounced"]);
    expect(waiting(state)["notice-retry"]).toBe("2026-03-03T03:00:00.000Z");
    expect(fire(state, "notice-retry", "Redeliver", after(25, law))).toEqual(["NoticeReissued"]);
    decideOn(state, answer(state, 2, fullBox), after(26, law));
    expect(waiting(state)["notice-retry"]).toBe("2026-03-05T04:00:00.000Z");
    fire(state, "notice-retry", "Redeliver", after(74, law));
    expect(decideOn(state, answer(state, 3, fullBox), after(75, law))).toEqual([
      "NoticeBounced",
      "NoticeReissued",
    ]);
    expect(noticeIn(state)).toMatchObject({ state: "issued", channel: "letter" });
    const ids = state.outbox.map(({ id }) => id);
    expect(ids).toHaveLength(4);
    expect(new Set(ids).size).toBe(4);
    expect(noticeIn(state).deliveries.map(({ channel }) => channel)).toEqual([
      ...["email", "email", "email", "letter"],
    ]);
  });

  test("that come back for good go to the next channel at once, and in the end to a person", () => {
    const state = issued(law);
    expect(decideOn(state, answer(state, 1, nobody), after(0, law))).toEqual([
      "NoticeBounced",
      "NoticeReissued",
    ]);
    expect(decideOn(state, answer(state, 2, nobody), after(1, law))).toEqual([
      "NoticeBounced",
      "NoticeEscalated",
    ]);
    expect(noticeIn(state).state).toBe("escalated");
    expect(decideOn(state, command("Apply", decisionId), after(24 * 30, law))).toBe("gate-closed");
  });

  test("are said once: a repeated answer changes nothing, and an arrival is the last word", () => {
    const state = issued(law);
    decideOn(state, answer(state, 1, fullBox), after(1, law));
    expect(decideOn(state, answer(state, 1, fullBox), after(1, law))).toEqual([]);
    const delivered = answer(state, 1, { result: "delivered" });
    expect(decideOn(state, delivered, after(2, law))).toEqual(["NoticeDelivered"]);
    expect(waiting(state)).toEqual({ execute: "2026-03-12T00:00:00.000Z" });
    for (const late of [fullBox, nobody, { result: "sent" }, { result: "delivered" }] as const) {
      expect(decideOn(state, answer(state, 1, late), after(3, law))).toEqual([]);
    }
    expect(noticeIn(state)).toMatchObject({
      state: "delivered",
      deliveries: [{ state: "delivered" }],
    });
  });

  test("of somebody else's notice are not found", () => {
    const state = issued(law);
    const strange = command("RecordDelivery", noticeId, { delivery: lineId, result: "delivered" });
    expect(decideOn(state, strange)).toBe("not-found");
  });
});

describe("a short form, where the pack does not take it for the notice", () => {
  const notEnough = {
    shortFormSuffices: { value: false, status: "contract", source: "terms" },
  } as const;
  const law = packBy(["sms", "push", "letter"], { ...proof, ...letterCounts, ...notEnough });
  const smsArrived = { result: "delivered", reference: "sms-1" } as const;

  test.each(["sent", "delivered"] as const)(
    "that was %s is written down, and the letter follows at once",
    (result) => {
      const state = issued(law);
      const kinds = decideOn(state, answer(state, 1, { result }), after(1, law));
      expect(kinds).toEqual(["ShortFormSent", "NoticeReissued"]);
      expect(noticeIn(state)).toMatchObject({
        ...{ state: "issued", channel: "letter", deliveredAt: null },
        deliveries: [
          { channel: "sms", state: result },
          { channel: "letter", state: "waiting" },
        ],
      });
      expect(waiting(state)["notice-escalate"]).toBe("2026-03-07T02:00:00.000Z");
    },
  );

  test("said twice, or after it arrived taken back, changes nothing more", () => {
    const state = issued(law);
    decideOn(state, answer(state, 1, { result: "sent" }), after(1, law));
    expect(decideOn(state, answer(state, 1, { result: "sent" }), after(2, law))).toEqual([]);
    expect(decideOn(state, answer(state, 1, smsArrived), after(2, law))).toEqual(["ShortFormSent"]);
    for (const again of [smsArrived, nobody]) {
      expect(decideOn(state, answer(state, 1, again), after(3, law))).toEqual([]);
    }
    expect(noticeIn(state).deliveries).toMatchObject([
      { state: "delivered", reference: "sms-1", sentAt: "2026-03-02T03:00:00.000Z" },
      { channel: "letter" },
    ]);
  });

  test("opens no gate: the days run from the whole notice", () => {
    const state = issued(law);
    decideOn(state, answer(state, 1, smsArrived), after(24, law));
    expect(decideOn(state, command("Apply", decisionId), after(24 * 40, law))).toBe("gate-closed");
    decideOn(state, answer(state, 2, { result: "sent" }), after(48, law));
    // Sent on the 4th, deemed delivered on the 9th, ten days before the change.
    expect(waiting(state)).toEqual({ execute: "2026-03-19T00:00:00.000Z" });
  });

  test("and where issue is enough, they run from the day on which the whole notice was issued", () => {
    const issueCounts = packBy(["sms", "email"], notEnough);
    const state = issued(issueCounts);
    decideOn(state, answer(state, 1, nobody), after(72, issueCounts));
    decideOn(state, answer(state, 2, { result: "sent" }), after(73, issueCounts));
    expect(waiting(state)).toEqual({ execute: "2026-03-15T00:00:00.000Z" });
  });

  test("goes to a person where no channel is left that carries the whole notice", () => {
    const state = issued(packBy(["letter", "sms"], { ...proof, ...notEnough }));
    const under = packBy(["letter", "sms"], { ...proof, ...notEnough });
    decideOn(state, answer(state, 1, nobody), after(1, under));
    expect(decideOn(state, answer(state, 2, smsArrived), after(2, under))).toEqual([
      "ShortFormSent",
      "NoticeEscalated",
    ]);
    expect(noticeIn(state).state).toBe("escalated");
  });

  test("is enough where the pack says so", () => {
    const enough = packBy(["sms", "letter"], proof);
    const state = issued(enough);
    expect(decideOn(state, answer(state, 1, smsArrived), after(1, enough))).toEqual([
      "NoticeDelivered",
    ]);
  });
});

describe("a message that was only handed over", () => {
  test("is enough where the pack asks for no proof, until it comes back", () => {
    const law = packBy(["letter", "email"]);
    const state = issued(law);
    expect(decideOn(state, answer(state, 1, { result: "sent" }), after(0, law))).toEqual([
      "NoticeSent",
    ]);
    expect(waiting(state)).toEqual({ execute: "2026-03-12T00:00:00.000Z" });
    expect(decideOn(state, answer(state, 1, nobody), after(90, law))).toEqual([
      "NoticeBounced",
      "NoticeReissued",
    ]);
    expect(waiting(state)["notice-escalate"]).toBe("2026-03-10T20:00:00.000Z");
  });

  test("waits for its receipt where proof is asked for, and then goes to the next channel", () => {
    const law = packBy(["email", "letter"], proof);
    const state = issued(law);
    decideOn(state, answer(state, 1, { result: "sent" }), after(0, law));
    expect(waiting(state)["notice-receipt"]).toBe("2026-03-05T02:00:00.000Z");
    expect(decideOn(state, command("Apply", decisionId), after(24 * 30, law))).toBe("gate-closed");
    expect(fire(state, "notice-receipt", "MissReceipt", after(72, law))).toEqual([
      "NoticeBounced",
      "NoticeReissued",
    ]);
    expect(noticeIn(state).deliveries[0]).toMatchObject({
      state: "bounced",
      because: "no-receipt",
    });
    const late = answer(state, 1, { result: "delivered" });
    expect(decideOn(state, late, after(80, law))).toEqual(["NoticeDelivered"]);
    expect(noticeIn(state)).toMatchObject({ state: "delivered", channel: "email" });
  });

  test("counts as delivered after the days of the pack's substitute, from the day it left", () => {
    const law = packBy(["letter"], { ...proof, ...letterCounts });
    const state = issued(law);
    decideOn(state, answer(state, 1, { result: "sent" }), after(48, law));
    // Issued on the 2nd, sent on the 4th, deemed delivered on the 9th, ten days before the change.
    expect(waiting(state)).toEqual({ execute: "2026-03-19T00:00:00.000Z" });
    expect(decideOn(state, command("Apply", decisionId), after(24 * 16, law))).toBe("gate-closed");
    expect(decideOn(state, command("Apply", decisionId), after(24 * 17, law))).toEqual([
      "LimitDecreased",
    ]);
  });

  test("and has not left yet, stands in place of nothing", () => {
    const law = packBy(["letter"], { ...proof, ...letterCounts });
    const state = issued(law);
    expect(decideOn(state, command("Apply", decisionId), after(24 * 60, law))).toBe("gate-closed");
  });
});

describe("time and people", () => {
  const law = packBy(["email", "letter"]);

  test("a notice that reached nobody in time goes to a person, and then the cut is given up", () => {
    const state = issued(law);
    expect(fire(state, "notice-escalate", "EscalateNotice", after(120, law))).toEqual([
      "NoticeEscalated",
    ]);
    expect(waiting(state)["notice-escalate"]).toBe("2026-03-17T02:00:00.000Z");
    expect(fire(state, "notice-escalate", "EscalateNotice", after(360, law))).toEqual([
      "DecisionWithdrawn",
    ]);
    expect(state.decisions.get(decisionId)).toMatchObject({
      state: "withdrawn",
      endedBecause: "notice-undeliverable",
    });
    expect(waiting(state)).toEqual({});
  });

  test("a person sends it again by a channel of the pack, and nothing is tried behind his back", () => {
    const state = issued(law);
    fire(state, "notice-escalate", "EscalateNotice", after(120, law));
    expect(decideOn(state, answer(state, 1, fullBox), after(121, law))).toEqual(["NoticeBounced"]);
    expect(noticeIn(state).state).toBe("escalated");
    expect(waiting(state)["notice-retry"]).toBeUndefined();
    const again = (channel: string) => command("Redeliver", decisionId, { channel }, clerk);
    expect(decideOn(state, again("sms"), after(122, law))).toBe("invalid");
    expect(decideOn(state, again("letter"), after(122, law))).toEqual(["NoticeReissued"]);
    expect(decideOn(state, again("letter"), after(122, law))).toBe("wrong-state");
    expect(waiting(state)["notice-escalate"]).toBe("2026-03-12T04:00:00.000Z");
    decideOn(state, answer(state, 2, { result: "sent" }), after(123, law));
    expect(waiting(state)).toEqual({ execute: "2026-03-12T00:00:00.000Z" });
    expect(decideOn(state, again("letter"), after(124, law))).toBe("wrong-state");
  });

  test("an older attempt that leaves late changes nothing of the one that counts", () => {
    const state = issued(law);
    fire(state, "notice-escalate", "EscalateNotice", after(120, law));
    decideOn(
      state,
      command("Redeliver", decisionId, { channel: "letter" }, clerk),
      after(121, law),
    );
    decideOn(state, answer(state, 2, { result: "sent" }), after(122, law));
    decideOn(state, answer(state, 1, { result: "sent" }), after(123, law));
    decideOn(state, answer(state, 1, fullBox), after(124, law));
    expect(noticeIn(state)).toMatchObject({
      ...{ state: "sent", channel: "letter" },
      deliveries: [{ state: "bounced" }, { state: "sent" }],
    });
  });

  test("a notice that follows a cut leaves the cut, and waits for a person without end", () => {
    const state = issued(law);
    decideOn(state, command("Apply", decisionId), after(24 * 10, law));
    expect(decideOn(state, answer(state, 1, nobody), after(241, law))).toContain("NoticeReissued");
    expect(decideOn(state, answer(state, 2, nobody), after(241, law))).toContain("NoticeEscalated");
    expect(state.decisions.get(decisionId)).toMatchObject({ state: "noticed", endedBecause: null });
    expect(waiting(state)["notice-escalate"]).toBeUndefined();
    expect(decideOn(state, command("Redeliver", decisionId, {}, clerk), after(300, law))).toEqual([
      "NoticeReissued",
    ]);
  });

  test("a timer that comes too late does nothing", () => {
    const state = issued(law);
    decideOn(state, answer(state, 1, fullBox), after(1, law));
    const retry = [...state.timers.values()].find(({ kind }) => kind === "notice-retry")!;
    decideOn(state, answer(state, 1, { result: "delivered" }), after(2, law));
    for (const kind of ["Redeliver", "MissReceipt", "ReleaseNotice", "EscalateNotice"]) {
      const late = { ...command(kind, decisionId), timerId: retry.id };
      expect(decideOn(state, late, after(25, law))).toEqual([]);
    }
  });
});

describe("quiet hours", () => {
  const quietHours = { channels: ["sms"], from: "21:00", to: "08:00" } as const;
  const law = packBy(["sms"], {}, { quietHours });

  test("hold a message back until they are over, and then it leaves once", () => {
    // Notices of these tests are issued at 02:00.
    const state = issued(law);
    expect(state.outbox).toEqual([]);
    expect(waiting(state)["notice-release"]).toBe("2026-03-02T08:00:00.000Z");
    expect(fire(state, "notice-release", "ReleaseNotice", after(6, law))).toEqual([
      "NoticeReleased",
    ]);
    expect(state.outbox.map(({ id }) => id)).toEqual([noticeIn(state).deliveries[0]!.id]);
  });

  test("are those of the customer's region where the pack names its zone", () => {
    const zones = [{ regions: ["AU-WA"], zone: "Australia/Perth" }];
    const zoned = packBy(["sms"], {}, { quietHours: { ...quietHours, zones } });
    const inRegion = (region: string | null) => {
      const state = emptyState();
      state.lines.set(lineId, line());
      state.decisions.set(decisionId, decision("approved"));
      const holds = { blackouts: [], halts: [], placeOf: () => ({ region, industry: null }) };
      decideOn(state, command("IssueNotice", decisionId), { ...after(0, zoned), holds });
      return state;
    };
    // 02:00 of the lender is 10:00 in Perth.
    expect(inRegion("AU-WA").outbox).toHaveLength(1);
    for (const region of ["AU-NSW", null]) {
      expect(waiting(inRegion(region))["notice-release"]).toBe("2026-03-02T08:00:00.000Z");
    }
  });

  test("hold back a retry as well, and no other channel", () => {
    const both = packBy(["sms", "email"], {}, { quietHours, retryHours: 14 });
    const state = issued(both);
    fire(state, "notice-release", "ReleaseNotice", after(6, both));
    decideOn(state, answer(state, 1, fullBox), after(6, both));
    fire(state, "notice-retry", "Redeliver", after(20, both));
    expect(waiting(state)["notice-release"]).toBe("2026-03-03T08:00:00.000Z");
    decideOn(state, answer(state, 2, nobody), after(20, both));
    expect(noticeIn(state).channel).toBe("email");
    expect(state.outbox).toHaveLength(2);
  });
});
