// The review desk over the API: queues by skill and authority, hands, races, many at once, files and figures.

import { beforeEach, describe, expect, test } from "vitest";
import type { DeskRights } from "../../src/domain/desk-rights.ts";
import { bucketOfId } from "../../src/domain/id.ts";
import { transact } from "../../src/flow/transact.ts";
import { memoryParts, plant, testApi, type Planted, type TestApi } from "../support/api.ts";
import { call, problemCode } from "../support/api-client.ts";

let api: TestApi;

beforeEach(async () => {
  api = await testApi(memoryParts());
});

type Body = Readonly<Record<string, unknown>>;

const post = (path: string, key: string, body: Body = {}, idempotencyKey?: string) =>
  call(api.app, {
    ...{ method: "POST", url: `/v1/review-cases/${path}`, key, body },
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  });

const verdict = (planted: Planted, verb: string, key: string, body: Body = {}) =>
  post(`${planted.reviewId}/${verb}`, key, body);

const listed = async (query: string, key: string): Promise<readonly string[]> => {
  const response = await call(api.app, { url: `/v1/review-cases?${query}`, key });
  return response.json<{ data: { id: string }[] }>().data.map(({ id }) => id);
};

async function reviewerWith(login: string, desk: DeskRights): Promise<string> {
  const key = await api.keyFor(["reviewer"], { kind: "all" }, login);
  await api.dependencies.accounts.setDesk((await api.account(login)).id, desk);
  return key;
}

test("an account sees in its queues what it may decide, and learns by name what it lacks", async () => {
  const authority = [{ amountMinor: 399_999, currency: "CNY" }] as const;
  const small = await reviewerWith("small", { skills: [], authority });
  const large = await reviewerWith("large", {
    skills: [],
    authority: [{ amountMinor: 400_000, currency: "CNY" }],
  });
  expect(await listed("desk=queues", small)).toEqual([]);
  expect(await listed("desk=queues", large)).toHaveLength(2);
  const refused = await verdict(api.first, "approve", small);
  expect([refused.statusCode, problemCode(refused)]).toEqual([403, "needs-other-authority"]);
  expect(refused.json<{ detail: string }>().detail).toContain(
    "needs authority over 4,000.00 CNY: found a limit of 3,999.99 CNY",
  );
  const me = await call(api.app, { url: "/v1/me", key: small });
  expect(me.json()).toMatchObject({ authority: [{ amount: 399_999, currency: "CNY" }] });
});

test("what one takes leaves the queues of the others and stands in his own", async () => {
  expect((await verdict(api.first, "take", api.keys.reviewer)).statusCode).toBe(200);
  expect(await listed("desk=mine", api.keys.reviewer)).toEqual([api.first.reviewId]);
  expect(await listed("desk=queues", api.keys.approver)).toEqual([api.second.reviewId]);
  const refused = await verdict(api.first, "approve", api.keys.approver);
  expect([refused.statusCode, problemCode(refused)]).toEqual([409, "taken-by-another"]);
  const body = { to: "approver", reason: "on leave" };
  expect((await verdict(api.first, "assign", api.keys.approver, body)).statusCode).toBe(200);
  expect(await listed("desk=mine", api.keys.approver)).toEqual([api.first.reviewId]);
});

test("who is asked for an opinion finds the case, and the answer is told with it", async () => {
  const asked = { of: "legal", question: "Does the contract allow it?" };
  expect((await verdict(api.first, "ask-opinion", api.keys.reviewer, asked)).statusCode).toBe(200);
  expect(await listed("desk=asked", api.keys.legal)).toEqual([api.first.reviewId]);
  const work = await call(api.app, { url: "/v1/work", key: api.keys.legal });
  expect(work.json<{ items: unknown[] }>().items).toContainEqual(
    expect.objectContaining({
      ...{ kind: "opinions-to-give", count: 1 },
      link: { page: "review-cases", params: { desk: "asked" } },
    }),
  );
  const answer = { opinion: "agree", reason: "clause 7" };
  expect((await verdict(api.first, "give-opinion", api.keys.legal, answer)).statusCode).toBe(200);
  expect(await listed("desk=asked", api.keys.legal)).toEqual([]);
  const read = await call(api.app, {
    url: `/v1/review-cases/${api.first.reviewId}`,
    key: api.keys.auditor,
  });
  expect(read.json()).toMatchObject({
    opinions: [{ given: { agrees: true, reason: "clause 7" } }],
  });
});

describe("races each have their refusal", () => {
  test("approve what was withdrawn", async () => {
    const withdrawn = await call(api.app, {
      method: "POST",
      url: `/v1/decisions/${api.first.decisionId}/withdraw`,
      key: api.keys.approver,
      body: { reason: "wrong facts" },
    });
    expect(withdrawn.statusCode).toBe(200);
    const refused = await verdict(api.first, "approve", api.keys.reviewer);
    expect([refused.statusCode, problemCode(refused)]).toEqual([409, "already-resolved"]);
    expect(refused.json<{ detail: string }>().detail).toContain("withdrawn");
  });

  test("approve twice", async () => {
    expect((await verdict(api.first, "approve", api.keys.reviewer)).statusCode).toBe(200);
    expect(problemCode(await verdict(api.first, "approve", api.keys.reviewer))).toBe(
      "already-resolved",
    );
  });

  test("approve one's own change", async () => {
    const override = { action: "none", reason: "hardship", expires: "2026-06-01" };
    expect((await verdict(api.first, "override", api.keys.reviewer, override)).statusCode).toBe(
      200,
    );
    const refused = await verdict(api.first, "approve", api.keys.reviewer);
    expect([refused.statusCode, problemCode(refused)]).toEqual([403, "maker-is-checker"]);
  });

  test("two reviewers at once: one is in time, the other is told who was", async () => {
    const other = await reviewerWith("other", { skills: [], authority: null });
    const answers = await Promise.all([
      verdict(api.first, "approve", api.keys.reviewer),
      verdict(api.first, "reject", other, { reason: "not now" }),
    ]);
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200, 409]));
    const late = answers.find(({ statusCode }) => statusCode === 409)!;
    expect(problemCode(late)).toBe("already-resolved");
  });

  test("two reviewers take one case at once", async () => {
    const other = await reviewerWith("other", { skills: [], authority: null });
    const answers = await Promise.all([
      verdict(api.first, "take", api.keys.reviewer),
      verdict(api.first, "take", other),
    ]);
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200, 409]));
  });
});

describe("many at once", () => {
  const cases = () => [{ id: api.first.reviewId }, { id: api.second.reviewId }];

  test("a preview says how many, how much, which, and what would be refused, and changes nothing", async () => {
    await verdict(api.second, "approve", api.keys.reviewer);
    const preview = await post("bulk", api.keys.reviewer, {
      ...{ verb: "approve", cases: cases(), reason: "checked", dryRun: true },
    });
    expect(preview.json()).toMatchObject({
      ...{ dryRun: true, done: 1, impact: [{ amount: 400_000, currency: "CNY" }] },
      examples: [{ id: api.first.reviewId, state: "open" }],
      refused: [{ code: "already-resolved", count: 1 }],
    });
    expect(await listed("state=open", api.keys.reviewer)).toEqual([api.first.reviewId]);
  });

  test("sent twice under one key is done once, and says the same", async () => {
    const body = { verb: "reject", cases: cases(), reason: "the feed was wrong" };
    const first = await post("bulk", api.keys.reviewer, body, "bulk-key-0001");
    const again = await post("bulk", api.keys.reviewer, body, "bulk-key-0001");
    expect(first.json()).toMatchObject({ done: 2, refused: [] });
    expect(again.json<{ items: unknown }>().items).toEqual(first.json<{ items: unknown }>().items);
    const events = await api.world.store.reads.timeline(api.first.lineId);
    expect(events.filter(({ kind }) => kind === "DecisionWithdrawn")).toHaveLength(1);
  });

  test("a line that changed since is refused for itself, and the others go on", async () => {
    const third = await plant(api.world, "C-third", "cards");
    await staleLine(api, third);
    const done = await post("bulk", api.keys.reviewer, {
      ...{ verb: "approve", reason: "checked" },
      cases: [...cases(), { id: third.reviewId }],
    });
    expect(done.json()).toMatchObject({
      done: 2,
      refused: [{ code: "stale-approval", count: 1 }],
      items: [{ refused: null }, { refused: null }, { refused: "stale-approval" }],
    });
  });

  test("a version that was not looked at is refused for itself", async () => {
    const done = await post("bulk", api.keys.reviewer, {
      ...{ verb: "approve", reason: "checked" },
      cases: [
        { id: api.first.reviewId, ver: 9 },
        { id: api.second.reviewId, ver: 1 },
      ],
    });
    expect(done.json()).toMatchObject({ done: 1, refused: [{ code: "stale-approval", count: 1 }] });
  });

  test.each([
    ["without a reason", { reason: " " }],
    ["without cases", { cases: [] }],
    ["to assign to nobody", { verb: "assign" }],
    ["to snooze without an end", { verb: "snooze" }],
  ])("%s is refused as a whole", async (_name, change) => {
    const body = { verb: "approve", cases: cases(), reason: "checked", ...change };
    const refused = await post("bulk", api.keys.approver, body);
    expect([refused.statusCode, problemCode(refused)]).toEqual([422, "invalid"]);
  });

  test("assign and snooze go through the same door", async () => {
    const assign = { verb: "assign", cases: cases(), reason: "holiday", to: "reviewer" };
    expect((await post("bulk", api.keys.approver, assign)).json()).toMatchObject({ done: 2 });
    const snooze = { verb: "snooze", cases: cases(), reason: "papers", until: "2026-03-05" };
    expect((await post("bulk", api.keys.reviewer, snooze)).json()).toMatchObject({ done: 2 });
    expect(await listed("desk=queues", api.keys.reviewer)).toEqual([]);
    expect(await listed("desk=mine", api.keys.reviewer)).toHaveLength(2);
  });
});

/** News of the line after its decision: the core system has another limit by now. */
async function staleLine({ world }: TestApi, { lineId }: Planted): Promise<void> {
  const line = (await world.store.reads.line(lineId))!;
  const id = world.ids.fresh();
  const body = {
    ...{ customerId: line.customerId, customerReference: line.customerReference },
    ...{ lineReference: line.reference, portfolio: line.portfolio, product: line.product },
    ...{ jurisdiction: line.jurisdiction, currency: line.currency, language: "zh" },
    ...{ limitMinor: 900_000, drawnMinor: 200_000, pendingMinor: 0, status: "active" },
    ...{ openedOn: line.openedOn, asOf: "2026-03-02", facts: {}, identity: {} },
  };
  const actor = { id: "service:test", roles: ["service"], scope: { kind: "all" } } as const;
  const command = { id, kind: "RegisterLine", subject: lineId, actor, cause: id, body };
  const [result] = await transact(world, bucketOfId(lineId), [command]);
  if (result === undefined || "refusal" in result) throw new Error("The line did not change");
}

describe("files", () => {
  const content = Buffer.from("%PDF-1.7 proof of income").toString("base64");
  const attachments = () => `${api.first.reviewId}/attachments`;

  test("come back as they were sent, and who opened one is written down", async () => {
    const sent = await post(attachments(), api.keys.reviewer, { name: "收入证明.pdf", content });
    const { attachmentId } = sent.json<{ attachmentId: string }>();
    const url = `/v1/review-cases/${attachments()}`;
    const list = await call(api.app, { url, key: api.keys.approver });
    expect(list.json()).toMatchObject({
      data: [{ id: attachmentId, name: "收入证明.pdf", type: "application/pdf", sizeBytes: 24 }],
    });
    const opened = await call(api.app, { url: `${url}/${attachmentId}`, key: api.keys.approver });
    expect(opened.body).toBe("%PDF-1.7 proof of income");
    expect(opened.headers["content-type"]).toBe("application/pdf");
    expect(opened.headers["content-disposition"]).toMatch(/^attachment; filename\*=UTF-8''%E6/);
    const events = await api.world.store.reads.timeline(api.first.lineId);
    const read = events.find(({ kind }) => kind === "AttachmentOpened")!;
    expect(read).toMatchObject({
      actor: (await api.account("approver")).id,
      body: { attachmentId, reviewId: api.first.reviewId },
    });
    expect(JSON.stringify(events)).not.toContain("收入证明");
  });

  test("are added once per key, and of no other kind", async () => {
    const body = { name: "a.pdf", content };
    await post(attachments(), api.keys.reviewer, body, "attach-key-01");
    const again = await post(attachments(), api.keys.reviewer, body, "attach-key-01");
    expect(again.statusCode).toBe(200);
    const url = `/v1/review-cases/${attachments()}`;
    const list = await call(api.app, { url, key: api.keys.reviewer });
    expect(list.json<{ data: unknown[] }>().data).toHaveLength(1);
    const program = Buffer.from([0x4d, 0x5a, 0x90, 0x00]).toString("base64");
    const refused = await post(attachments(), api.keys.reviewer, {
      name: "a.pdf",
      content: program,
    });
    expect([refused.statusCode, problemCode(refused)]).toEqual([422, "invalid"]);
  });

  test("are not for roles outside the desk, and not under another case", async () => {
    const sent = await post(attachments(), api.keys.reviewer, { name: "a.pdf", content });
    const { attachmentId } = sent.json<{ attachmentId: string }>();
    const url = `/v1/review-cases/${attachments()}`;
    expect((await call(api.app, { url, key: api.keys.analyst })).statusCode).toBe(403);
    const other = `/v1/review-cases/${api.second.reviewId}/attachments/${attachmentId}`;
    expect((await call(api.app, { url: other, key: api.keys.reviewer })).statusCode).toBe(404);
  });
});

test("notes stand beside their own case, oldest first", async () => {
  for (const text of ["called the customer", "papers are here"]) {
    await verdict(api.first, "note", api.keys.reviewer, { text });
  }
  const url = `/v1/review-cases/${api.first.reviewId}/notes`;
  const notes = await call(api.app, { url, key: api.keys.auditor });
  expect(notes.json()).toMatchObject({
    data: [{ text: "called the customer" }, { text: "papers are here" }],
  });
  const other = await call(api.app, {
    url: `/v1/review-cases/${api.second.reviewId}/notes`,
    key: api.keys.auditor,
  });
  expect(other.json()).toEqual({ data: [] });
});

test("figures are for who leads, say how few there are, and name who decided", async () => {
  await verdict(api.first, "approve", api.keys.reviewer);
  await verdict(api.second, "reject", api.keys.approver, { reason: "no" });
  const url = "/v1/review-statistics";
  expect((await call(api.app, { url, key: api.keys.reviewer })).statusCode).toBe(403);
  const figures = await call(api.app, { url, key: api.keys.approver });
  expect(figures.json()).toMatchObject({
    total: { verdicts: 2, approved: 1, rejected: 1, agreementBp: 5_000, few: true },
    byMonth: [{ month: "2026-03" }],
  });
  const reviewers = figures
    .json<{ byReviewer: { reviewer: string }[] }>()
    .byReviewer.map(({ reviewer }) => reviewer);
  const ids = [(await api.account("reviewer")).id, (await api.account("approver")).id];
  expect(reviewers).toEqual(ids.toSorted());
  const earlier = await call(api.app, {
    url: `${url}?from=2025-01-01&to=2025-12-31`,
    key: api.keys.approver,
  });
  expect(earlier.json()).toMatchObject({ total: { verdicts: 0, agreementBp: null } });
});
