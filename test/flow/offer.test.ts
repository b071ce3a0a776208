// A cut that needs the customer's word: offered and not announced, answered once and in time, agreed to with proof, and
// never made without consent where the law asks for it.

import { describe, expect, test } from "vitest";
import { memoryStore } from "../../src/adapters/memory/store.ts";
import { canonicalJson } from "../../src/domain/canonical-json.ts";
import { byLaw, offerWorld, usualOffer, type Asking, type OfferWorld } from "../support/offers.ts";

const cny = (amountMinor: number) => ({ limit: { amountMinor, currency: "CNY" } });
const phone = { channel: "phone", how: "recorded call 4711, asked for date of birth" };

async function offered(asking: Asking = {}): Promise<OfferWorld> {
  const given = await offerWorld(memoryStore(), asking);
  await given.approve();
  return given;
}

const limitOf = async ({ world, planted }: OfferWorld) =>
  (await world.store.reads.line(planted.lineId))!.limitMinor;

describe("an approved cut", () => {
  test("is offered where the product's terms ask for consent, with its clock and its words", async () => {
    const given = await offered();
    const offer = await given.offer();
    expect((await given.decision()).state).toBe("offered");
    expect(offer).toMatchObject({
      state: "open",
      expiresAt: "2026-03-17T00:00:00.000Z",
      terms: {
        ...{ fromMinor: 1_000_000, toMinor: 600_000, answerBy: "2026-03-16" },
        ...{ ifDeclined: "proceed", ifSilent: "proceed" },
        counter: { lowestMinor: 600_000, highestMinor: 900_000, acceptedToMinor: 700_000 },
      },
    });
    expect(offer.termsHash).toBe(given.world.ids.sha256(canonicalJson(offer.terms)));
    expect(await given.waiting()).toEqual(["offer-expiry"]);
    const notice = (await given.world.store.reads.notice(offer.noticeId))!;
    expect(notice).toMatchObject({ state: "delivered", decisionId: given.planted.decisionId });
    expect(notice.subject.en).toBe(
      "Please answer by 16 March 2026: we propose to lower your credit limit to ¥6,000",
    );
    expect(notice.body.en).toContain(
      "from ¥6,000 to ¥9,000: up to ¥7,000 we agree at once, above that a person decides",
    );
    expect(notice.body.zh).toContain("截至2026年3月16日未收到答复的：我们将调低额度");
  });

  test("is announced at once where nothing asks for consent", async () => {
    const given = await offered({ consent: {} });
    expect((await given.decision()).state).toBe("noticed");
    await expect(given.offer()).rejects.toThrow("Found 0 offers");
  });

  test("is refused where consent is asked for and its strategy does not say how to negotiate", async () => {
    const given = await offered({ offer: null });
    expect(await given.decision()).toMatchObject({
      ...{ state: "refused", endedBecause: "no-offer-terms" },
    });
    expect(await given.waiting()).toEqual([]);
  });
});

describe("an offer that the customer accepts", () => {
  test("leaves a proof that names who, when, how, the words and the terms, and takes effect at once", async () => {
    const given = await offered();
    const { id, termsHash, noticeId } = await given.offer();
    expect(await given.send("AcceptOffer", id, given.borrower)).toEqual([
      ...["OfferAccepted", "NoticeIssued"],
    ]);
    const notice = (await given.world.store.reads.notice(noticeId))!;
    expect(await given.offer()).toMatchObject({
      state: "accepted",
      consent: {
        ...{ limitMinor: 600_000, by: "bo", channel: "app", how: null, termsHash, noticeId },
        textHash: given.world.ids.sha256(`${notice.body.zh}\n${notice.body.en}`),
        textsVersion: 0,
      },
    });
    const told = (await given.decision()).noticeId!;
    expect(told).not.toBe(noticeId);
    await given.passDays(0);
    expect((await given.decision()).state).toBe("executed");
    expect(await limitOf(given)).toBe(600_000);
    expect(await given.waiting()).toEqual([]);
  });

  test("is kept in the log as a leaf of its own kind", async () => {
    const given = await offered();
    await given.send("AcceptOffer", (await given.offer()).id, given.borrower);
    const events = await given.world.store.reads.timeline(given.planted.lineId);
    const [accepted] = events.filter(({ kind }) => kind === "OfferAccepted");
    expect(accepted?.body["consent"]).toEqual((await given.offer()).consent);
    expect(events.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(["OfferMade", "OfferAccepted", "NoticeIssued"]),
    );
  });

  test("by telephone is written down by staff with channel and manner, and by nobody without them", async () => {
    const given = await offered();
    const { id } = await given.offer();
    expect(await given.send("AcceptOffer", id, given.clerk)).toBe("invalid");
    expect(await given.send("AcceptOffer", id, given.clerk, { channel: "phone" })).toBe("invalid");
    expect(await given.send("AcceptOffer", id, given.borrower, phone)).toBe("invalid");
    expect(await given.send("AcceptOffer", id, given.clerk, phone)).toContain("OfferAccepted");
    expect((await given.offer()).consent).toMatchObject({ by: "cleo", ...phone });
  });
});

describe("an offer that the customer declines", () => {
  test("is followed by an ordinary notice with its period where the strategy goes on", async () => {
    const given = await offered();
    const { id } = await given.offer();
    expect(await given.send("DeclineOffer", id, given.borrower)).toEqual([
      ...["OfferDeclined", "NoticeIssued"],
    ]);
    expect(await given.decision()).toMatchObject({
      ...{ state: "noticed", agreedAt: null, effectiveOn: "2026-03-12" },
    });
    await given.passDays(0);
    expect(await limitOf(given)).toBe(1_000_000);
    await given.passDays(10);
    expect(await limitOf(given)).toBe(600_000);
    expect(await given.waiting()).toEqual([]);
  });

  test("leaves the line as it is where the strategy says so, and wherever the law asks for consent", async () => {
    for (const asking of [
      { offer: { ...usualOffer, ifDeclined: "withdraw" as const } },
      { consent: byLaw },
    ]) {
      const given = await offered(asking);
      await given.send("DeclineOffer", (await given.offer()).id, given.borrower);
      expect(await given.decision()).toMatchObject({
        ...{ state: "withdrawn", endedBecause: "declined" },
      });
      expect((await given.offer()).state).toBe("declined");
      expect(await given.waiting()).toEqual([]);
    }
  });

  test("comes to a person where the strategy says so, who is not the one who wrote the answer down", async () => {
    const given = await offered({ offer: { ...usualOffer, ifDeclined: "review" } });
    const noted = { ...given.clerk, roles: ["operator", "reviewer"] as const };
    await given.send("DeclineOffer", (await given.offer()).id, noted, phone);
    const { state, reviewId } = await given.decision();
    expect(state).toBe("in-review");
    expect(reviewId).not.toBe(given.planted.reviewId);
    expect(await given.send("Approve", reviewId!, noted)).toBe("maker-is-checker");
    expect(await given.send("Approve", reviewId!, given.reviewer)).toEqual([
      ...["ReviewApproved", "ReviewResolved", "DecisionApproved", "NoticeIssued"],
    ]);
    expect(await given.decision()).toMatchObject({ state: "noticed", agreedAt: null });
  });
});

describe("a limit that the customer proposes", () => {
  test("is agreed to at once within the strategy's bounds, and the proof is of that limit", async () => {
    const given = await offered();
    const { id, terms } = await given.offer();
    expect(await given.send("CounterOffer", id, given.borrower, cny(700_000))).toEqual([
      ...["OfferAccepted", "NoticeIssued"],
    ]);
    const { consent } = await given.offer();
    const agreed = canonicalJson({ ...terms, toMinor: 700_000 });
    expect(consent).toMatchObject({
      ...{ limitMinor: 700_000, termsHash: given.world.ids.sha256(agreed) },
    });
    await given.passDays(0);
    expect(await limitOf(given)).toBe(700_000);
  });

  test("above them comes to a person, and takes effect as proposed when that person agrees", async () => {
    const given = await offered();
    const { id } = await given.offer();
    expect(await given.send("CounterOffer", id, given.borrower, cny(800_000))).toEqual([
      ...["OfferCountered", "ReviewOpened"],
    ]);
    expect(await given.waiting()).toEqual(["review-due"]);
    const { reviewId, outcome } = await given.decision();
    expect(outcome).toMatchObject({ action: "decrease", toMinor: 800_000 });
    expect(await given.send("Approve", reviewId!, given.reviewer)).toContain("NoticeIssued");
    expect((await given.offer()).state).toBe("accepted");
    await given.passDays(0);
    expect(await limitOf(given)).toBe(800_000);
    expect(await given.waiting()).toEqual([]);
  });

  test("that a person rejects leaves the line as it is", async () => {
    const given = await offered();
    await given.send("CounterOffer", (await given.offer()).id, given.borrower, cny(800_000));
    const { reviewId } = await given.decision();
    await given.send("Reject", reviewId!, given.reviewer, { reason: "too little" });
    expect((await given.decision()).state).toBe("withdrawn");
    expect((await given.offer()).state).toBe("declined");
    expect(await given.waiting()).toEqual([]);
  });

  test("that people override is no agreement: the terms go on with a notice, the law does not", async () => {
    const approver = { id: "abe", roles: ["approver"], scope: { kind: "all" } } as const;
    for (const [asking, expected] of [
      [{}, { state: "noticed", agreedAt: null }],
      [{ consent: byLaw }, { state: "withdrawn", endedBecause: "no-consent" }],
    ] as const) {
      const given = await offered(asking);
      await given.send("CounterOffer", (await given.offer()).id, given.borrower, cny(800_000));
      const reviewId = (await given.decision()).reviewId!;
      await given.send("Override", reviewId, given.reviewer, {
        ...{ action: "decrease", ...cny(750_000), reason: "half way", expires: "2026-06-01" },
      });
      await given.send("Approve", reviewId, approver);
      expect(await given.decision()).toMatchObject(expected);
      expect((await given.offer()).state).toBe("declined");
    }
  });

  test("out of bounds is refused, and so is any where the strategy takes none", async () => {
    const given = await offered();
    const { id } = await given.offer();
    for (const amount of [599_999, 900_001]) {
      expect(await given.send("CounterOffer", id, given.borrower, cny(amount))).toBe(
        "counter-out-of-bounds",
      );
    }
    const euros = { limit: { amountMinor: 700_000, currency: "EUR" } };
    expect(await given.send("CounterOffer", id, given.borrower, euros)).toBe("currency-mismatch");
    const firm = await offered({ offer: { ...usualOffer, counter: null } });
    expect(
      await firm.send("CounterOffer", (await firm.offer()).id, firm.borrower, cny(700_000)),
    ).toBe("counter-out-of-bounds");
  });

  test("that takes nothing is no decrease", async () => {
    const given = await offered({
      offer: { ...usualOffer, counter: { minimumBp: 0, acceptBp: 0 } },
    });
    const { id } = await given.offer();
    expect(await given.send("CounterOffer", id, given.borrower, cny(1_000_000))).toBe(
      "not-a-decrease",
    );
  });
});

describe("without an answer", () => {
  test.each([
    ["proceed", "noticed", null],
    ["withdraw", "withdrawn", "no-answer"],
    ["review", "in-review", null],
  ] as const)("the strategy's %s leads to %s", async (ifSilent, state, endedBecause) => {
    const given = await offered({ offer: { ...usualOffer, ifSilent } });
    await given.passDays(14);
    expect((await given.offer()).state).toBe("open");
    await given.passDays(1);
    expect((await given.offer()).state).toBe("expired");
    expect(await given.decision()).toMatchObject({ state, endedBecause, agreedAt: null });
  });

  test("nothing is done where the law asks for consent, whatever the strategy says", async () => {
    const given = await offered({ consent: byLaw });
    await given.passDays(15);
    expect(await given.decision()).toMatchObject({
      ...{ state: "withdrawn", endedBecause: "no-answer" },
    });
    expect(await given.waiting()).toEqual([]);
  });

  test("silence to an offer that reached nobody is no answer: the line stays as it is", async () => {
    const given = await offered({
      handOver: { result: "bounced", because: "no such address", permanent: true },
    });
    const { noticeId } = await given.offer();
    expect((await given.world.store.reads.notice(noticeId))?.state).toBe("escalated");
    expect(await given.waiting()).toEqual(["offer-expiry"]);
    await given.passDays(15);
    expect(await given.decision()).toMatchObject({
      ...{ state: "withdrawn", endedBecause: "offer-undelivered" },
    });
    expect((await given.offer()).state).toBe("withdrawn");
  });
});

describe("an answer is refused, in this order,", () => {
  test("to an offer of somebody else, and to one that does not exist", async () => {
    const given = await offered();
    const { id } = await given.offer();
    const scope = { kind: "own", customerId: given.planted.lineId } as const;
    expect(await given.send("AcceptOffer", id, { ...given.borrower, scope })).toBe("out-of-scope");
    expect(await given.send("AcceptOffer", given.planted.decisionId, given.clerk, phone)).toBe(
      "not-found",
    );
  });

  test("by who may not answer at all", async () => {
    const given = await offered();
    expect(await given.send("AcceptOffer", (await given.offer()).id, given.reviewer)).toBe(
      "forbidden",
    );
  });

  test("twice", async () => {
    const given = await offered({ offer: { ...usualOffer, ifDeclined: "withdraw" } });
    const { id } = await given.offer();
    await given.send("DeclineOffer", id, given.borrower);
    expect(await given.send("AcceptOffer", id, given.borrower)).toBe("already-resolved");
    given.jumpDays(30);
    expect(await given.send("AcceptOffer", id, given.borrower)).toBe("already-resolved");
  });

  test("to an offer whose decision was withdrawn", async () => {
    const given = await offered();
    const { id } = await given.offer();
    const legal = { id: "lea", roles: ["legal"], scope: { kind: "all" } } as const;
    await given.send("Withdraw", given.planted.decisionId, legal, { reason: "new facts" });
    expect((await given.offer()).state).toBe("withdrawn");
    expect(await given.waiting()).toEqual([]);
    expect(await given.send("AcceptOffer", id, given.borrower)).toBe("already-resolved");
  });

  test("after its time, before and after the timer has fired", async () => {
    const given = await offered();
    const { id } = await given.offer();
    given.jumpDays(15);
    expect(await given.send("AcceptOffer", id, given.borrower)).toBe("offer-expired");
    await given.passDays(0);
    expect(await given.send("AcceptOffer", id, given.borrower)).toBe("offer-expired");
  });

  test("to an offer in whose place a proposal stands", async () => {
    const given = await offered();
    const { id } = await given.offer();
    await given.send("CounterOffer", id, given.borrower, cny(800_000));
    expect(await given.send("AcceptOffer", id, given.borrower)).toBe("wrong-state");
    expect(await given.send("CounterOffer", id, given.borrower, cny(700_000))).toBe("wrong-state");
  });

  test("to another version than the one that was seen", async () => {
    const given = await offered();
    const { id, ver } = await given.offer();
    expect(await given.send("AcceptOffer", id, given.borrower, {}, ver + 1)).toBe("stale-approval");
    expect(await given.send("AcceptOffer", id, given.borrower, {}, ver)).toContain("OfferAccepted");
  });

  test("where the line has changed since, and its timer gives the change up", async () => {
    const given = await offered();
    const { id } = await given.offer();
    const { lineId } = given.planted;
    const bucket = (await given.decision()).bucket;
    await given.world.store.transaction(bucket, false, async (transaction) => {
      const state = await transaction.load({
        ...{
          lines: [lineId],
          decisions: [],
          reviews: [],
          notices: [],
          offers: [],
          alerts: [],
          reminders: [],
          remindersOf: [],
          customers: [],
        },
        ...{ signals: [], factsOf: [], decreasedOf: [], panes: [] },
        ...{ today: (await given.offer()).terms.answerBy },
      });
      const line = state.lines.get(lineId)!;
      state.lines.set(lineId, { ...line, drawnMinor: 300_000, ver: line.ver + 1 });
      await transaction.save({ state, events: [], leaves: [], doneOutbox: [], reply: null });
    });
    expect(await given.send("AcceptOffer", id, given.borrower)).toBe("stale-approval");
    expect(await given.send("CounterOffer", id, given.borrower, cny(1))).toBe("stale-approval");
    await given.passDays(15);
    expect(await given.decision()).toMatchObject({
      ...{ state: "withdrawn", endedBecause: "line-changed" },
    });
  });
});
