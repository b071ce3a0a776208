// Over HTTP: a borrower sees his own offers and answers them; staff see all of them and say how an answer was given.

import { afterAll, beforeAll, expect, test } from "vitest";
import { memoryParts, testApi, type TestApi } from "../support/api.ts";
import { call, problemCode } from "../support/api-client.ts";
import { offerWorld, type OfferWorld } from "../support/offers.ts";

let api: TestApi;
let given: OfferWorld;
let borrower: string;
let id: string;

beforeAll(async () => {
  const parts = memoryParts();
  given = await offerWorld(parts.store);
  await given.approve();
  id = (await given.offer()).id;
  api = await testApi(parts);
  const { customerId } = given.planted;
  borrower = await api.keyFor(["borrower"], { kind: "own", customerId }, "bo");
});

afterAll(() => api.app.close());

type Listed = Readonly<{ data: readonly Readonly<Record<string, unknown>>[] }>;

test("a borrower lists and reads his own offers and nobody else's", async () => {
  const own = (await call(api.app, { url: "/v1/offers", key: borrower })).json<Listed>();
  expect(own.data.map((offer) => offer["id"])).toEqual([id]);
  expect(own.data[0]).toMatchObject({
    ...{ state: "open", answerBy: "2026-03-16", consent: null, ifSilent: "proceed" },
    from: { amount: 1_000_000, currency: "CNY" },
    to: { amount: 600_000, currency: "CNY" },
    counter: { acceptedTo: { amount: 700_000, currency: "CNY" } },
  });
  const other = api.keys.borrower;
  expect((await call(api.app, { url: "/v1/offers", key: other })).json<Listed>().data).toEqual([]);
  const read = await call(api.app, { url: `/v1/offers/${id}`, key: other });
  expect([read.statusCode, problemCode(read)]).toEqual([404, "not-found"]);
});

test("a borrower reads the offer in words, its decision and its line, and no other notice", async () => {
  const { noticeId } = await given.offer();
  const read = async (path: string) =>
    (await call(api.app, { url: path, key: borrower })).json<Record<string, unknown>>();
  expect((await read(`/v1/notices/${noticeId}`))["subject"]).toMatchObject({
    en: "Please answer by 16 March 2026: we propose to lower your credit limit to ¥6,000",
  });
  const decision = await read(`/v1/decisions/${given.planted.decisionId}`);
  expect(decision).toMatchObject({ state: "offered", agreedAt: null });
  expect(decision["assessment"]).toBeUndefined();
});

test("nobody answers the offer of another, and staff not without saying how", async () => {
  const url = `/v1/offers/${id}/accept`;
  const foreign = await call(api.app, { method: "POST", url, key: api.keys.borrower, body: {} });
  expect([foreign.statusCode, problemCode(foreign)]).toEqual([404, "not-found"]);
  const staff = { method: "POST", url, key: api.keys.operator } as const;
  const silent = await call(api.app, { ...staff, body: {} });
  expect([silent.statusCode, problemCode(silent)]).toEqual([422, "invalid"]);
  const own = await call(api.app, { ...staff, body: { channel: "app", how: "clicked" } });
  expect([own.statusCode, problemCode(own)]).toEqual([422, "invalid"]);
});

test("a proposal out of bounds is refused with the bounds, in the reader's language", async () => {
  const refused = await call(api.app, {
    ...{ method: "POST" as const, url: `/v1/offers/${id}/counter`, key: borrower },
    body: { limit: { amount: 950_000, currency: "CNY" } },
  });
  expect([refused.statusCode, problemCode(refused)]).toEqual([422, "counter-out-of-bounds"]);
  expect(refused.body).toContain("expected 6,000.00 CNY to 9,000.00 CNY");
});

test("a dry run answers nothing; the answer itself leaves a proof that names no staff to the borrower", async () => {
  const accept = { method: "POST", url: `/v1/offers/${id}/accept`, body: {} } as const;
  const dry = await call(api.app, { ...accept, url: `${accept.url}?dryRun=true`, key: borrower });
  expect(dry.statusCode).toBe(200);
  expect((await given.offer()).state).toBe("open");
  const done = await call(api.app, { ...accept, key: borrower });
  expect(done.json<{ events: { kind: string }[] }>().events.map(({ kind }) => kind)).toEqual([
    ...["OfferAccepted", "NoticeIssued"],
  ]);
  const seen = async (key: string) =>
    (await call(api.app, { url: `/v1/offers/${id}`, key })).json<{
      consent: Readonly<Record<string, unknown>>;
    }>().consent;
  expect(await seen(borrower)).toMatchObject({ by: null, channel: "app", how: null });
  const { by, limit, termsHash } = await seen(api.keys.auditor);
  expect(by).toBe((await api.account("bo")).id);
  expect(limit).toEqual({ amount: 600_000, currency: "CNY" });
  expect(termsHash).toBe((await given.offer()).termsHash);
  const again = await call(api.app, { ...accept, key: borrower });
  expect([again.statusCode, problemCode(again)]).toEqual([409, "already-resolved"]);
});

test("the list is narrowed by state and written as a table", async () => {
  const url = "/v1/offers?state=accepted&format=csv";
  const table = await call(api.app, { url, key: api.keys.auditor });
  expect(table.body).toContain("L-C-offer");
  const open = await call(api.app, { url: "/v1/offers?state=open", key: api.keys.auditor });
  expect(open.json<Listed>().data).toEqual([]);
});
