// Over HTTP: a borrower appeals against his own decision and reads the answer, and nothing of who gave it; staff say how an
// appeal came in; what was answered is answered.

import { afterAll, beforeAll, expect, test } from "vitest";
import { memoryParts, testApi, type TestApi } from "../support/api.ts";
import { call, problemCode } from "../support/api-client.ts";
import { offerWorld, type OfferWorld } from "../support/offers.ts";

let api: TestApi;
let given: OfferWorld;
let borrower: string;
let url: string;

beforeAll(async () => {
  const parts = memoryParts();
  given = await offerWorld(parts.store, { consent: {} });
  await given.approve();
  api = await testApi(parts);
  const { customerId, decisionId } = given.planted;
  borrower = await api.keyFor(["borrower"], { kind: "own", customerId }, "bo");
  url = `/v1/decisions/${decisionId}/appeal`;
});

afterAll(() => api.app.close());

type Listed = Readonly<{ data: readonly Readonly<Record<string, unknown>>[] }>;

const disagrees = { ground: "disagrees" };

const appeals = async (key: string) =>
  (await call(api.app, { url: "/v1/appeals", key })).json<Listed>().data;

test("nobody appeals for another, without a ground, or as staff without saying how it came in", async () => {
  const post = { method: "POST", url } as const;
  const foreign = await call(api.app, { ...post, key: api.keys.borrower, body: disagrees });
  expect([foreign.statusCode, problemCode(foreign)]).toEqual([404, "not-found"]);
  const silent = await call(api.app, { ...post, key: api.keys.operator, body: disagrees });
  expect([silent.statusCode, problemCode(silent)]).toEqual([422, "invalid"]);
  expect(silent.body).toContain("expected how it reached us from the customer");
  const groundless = await call(api.app, { ...post, key: borrower, body: {} });
  expect([groundless.statusCode, problemCode(groundless)]).toEqual([422, "invalid"]);
  const reviewer = await call(api.app, { ...post, key: api.keys.reviewer, body: disagrees });
  expect([reviewer.statusCode, problemCode(reviewer)]).toEqual([403, "forbidden"]);
});

test("a dry run lodges nothing; the appeal itself is seen by its customer, and waits before an approver", async () => {
  const dry = await call(api.app, {
    ...{ method: "POST" as const, url: `${url}?dryRun=true`, key: borrower, body: disagrees },
  });
  expect(dry.statusCode).toBe(200);
  expect(await appeals(borrower)).toEqual([]);
  const done = await call(api.app, { method: "POST", url, key: borrower, body: disagrees });
  expect(done.json<{ events: { kind: string }[] }>().events.map(({ kind }) => kind)).toEqual([
    "AppealLodged",
  ]);
  const [own] = await appeals(borrower);
  expect(own).toMatchObject({
    ...{ decisionId: given.planted.decisionId, ground: "disagrees" },
    ...{ dueAt: "2026-03-17T00:00:00.000Z", verdict: null, answer: null },
  });
  expect(await appeals(api.keys.borrower)).toEqual([]);
  const queued = await call(api.app, {
    url: "/v1/review-cases?appeals=true&desk=queues",
    key: api.keys.approver,
  });
  expect(queued.json<Listed>().data.map(({ id }) => id)).toEqual([own!["id"]]);
  const others = await call(api.app, {
    url: "/v1/review-cases?appeals=false&state=open",
    key: api.keys.approver,
  });
  expect(others.json<Listed>().data.map(({ id }) => id)).not.toContain(own!["id"]);
});

test("an appeal is neither approved nor answered by a borrower or without words", async () => {
  const [own] = await appeals(borrower);
  const to = (verb: string, key: string, body: object) =>
    call(api.app, {
      method: "POST",
      url: `/v1/review-cases/${String(own!["id"])}/${verb}`,
      key,
      body,
    });
  const approved = await to("approve", api.keys.approver, {});
  expect([approved.statusCode, problemCode(approved)]).toEqual([409, "wrong-state"]);
  const byHimself = await to("overturn", borrower, { answer: "I am right" });
  expect([byHimself.statusCode, problemCode(byHimself)]).toEqual([403, "forbidden"]);
  const wordless = await to("overturn", api.keys.approver, {});
  expect([wordless.statusCode, problemCode(wordless)]).toEqual([422, "invalid"]);
});

test("what colleagues write to each other while it waits is not the answer", async () => {
  const [own] = await appeals(borrower);
  const referred = await call(api.app, {
    ...{ method: "POST" as const, url: `/v1/review-cases/${String(own!["id"])}/refer` },
    key: await api.keyFor(["approver"], { kind: "all" }, "passing-on"),
    body: { to: "approver", reason: "Somebody who knows payslips" },
  });
  expect(referred.statusCode).toBe(200);
  expect(await appeals(borrower)).toMatchObject([{ verdict: null, answer: null }]);
});

test("two people answer at once: one is in time, the customer reads his words and not his name", async () => {
  const [own] = await appeals(borrower);
  const id = String(own!["id"]);
  const second = await api.keyFor(["approver"], { kind: "all" }, "late");
  const answer = "The payslips show that your income did not fall";
  const replies = await Promise.all([
    call(api.app, {
      ...{ method: "POST" as const, url: `/v1/review-cases/${id}/overturn` },
      ...{ key: api.keys.approver, body: { answer } },
    }),
    call(api.app, {
      ...{ method: "POST" as const, url: `/v1/review-cases/${id}/uphold` },
      ...{ key: second, body: { answer: "It stands" } },
    }),
  ]);
  expect(replies.map(({ statusCode }) => String(statusCode)).toSorted()).toEqual(["200", "409"]);
  const late = replies.find(({ statusCode }) => statusCode === 409)!;
  expect(problemCode(late)).toBe("already-resolved");
  const read = await call(api.app, { url: `/v1/appeals/${id}`, key: borrower });
  const told = read.json<Record<string, unknown>>();
  expect(["upheld", "overturned"]).toContain(told["verdict"]);
  expect([answer, "It stands"]).toContain(told["answer"]);
  expect(read.body).not.toContain("approver");
  const notice = await call(api.app, {
    url: `/v1/notices/${String(told["noticeId"])}`,
    key: borrower,
  });
  expect(notice.json()).toMatchObject({ id: told["noticeId"], lineId: given.planted.lineId });
  const foreign = await call(api.app, { url: `/v1/appeals/${id}`, key: api.keys.borrower });
  expect([foreign.statusCode, problemCode(foreign)]).toEqual([404, "not-found"]);
  const review = await call(api.app, {
    url: `/v1/appeals/${given.planted.reviewId}`,
    key: api.keys.auditor,
  });
  expect(review.statusCode).toBe(404);
});

test("the list is a table as well", async () => {
  const table = await call(api.app, {
    url: "/v1/appeals?state=resolved&format=csv",
    key: api.keys.auditor,
  });
  expect(table.body).toContain("disagrees");
});
